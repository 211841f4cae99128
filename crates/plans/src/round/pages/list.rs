//! The lists of rounds: the office's and the unit's.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::acts::{ManageRounds, ViewOwnRounds, ViewRounds};
use crate::plan::{self, Plan};
use crate::round::store::{self, Counts, Side};
use crate::round::{Round, RoundId, Submission};
use crate::when;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    page: String,
}

#[derive(Template)]
#[template(path = "round/list.html")]
struct ListPage {
    shell: Shell,
    rounds: Vec<(Round, Counts)>,
    /// Plans for which rounds can be opened.
    plans: Vec<Plan>,
    paging: Paging,
    lefts: Vec<String>,
    may_manage: bool,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        when::day(*date)
    }

    fn left(&self, index: &usize) -> &str {
        self.lefts.get(*index).map_or("", String::as_str)
    }
}

fn lefts(app: &App, rounds: &[Round], today: Date) -> Vec<String> {
    let calendar = app.calendar();
    let left = |round: &Round| {
        if round.state.code() == "open" {
            when::left(&calendar, today, round.due_on)
        } else {
            String::new()
        }
    };
    rounds.iter().map(left).collect()
}

/// `GET /workspace/rounds`: four queries.
pub(super) async fn office(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRounds>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let side = Side::Office(permit.scope());
    let may_manage = shell.may(&ManageRounds::ROW);
    let (paging, rounds, mut counts, plans) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let rounds = store::list(tx, side, today, rows).await?;
            let counts = store::counts_of(tx, &rounds, today).await?;
            let plans = match shell
                .person
                .as_ref()
                .and_then(|p| p.permit::<ManageRounds>())
            {
                Some(manage) => plan::store::list(tx, manage.scope()).await?,
                None => Vec::new(),
            };
            Ok::<_, StoreError>((paging, rounds, counts, plans))
        })
        .await?;
    page(&ListPage {
        shell,
        lefts: lefts(&app, &rounds, today),
        rounds: rounds
            .into_iter()
            .map(|round| {
                let own = counts.remove(&round.id).unwrap_or_default();
                (round, own)
            })
            .collect(),
        plans,
        paging,
        may_manage,
    })
}

#[derive(Template)]
#[template(path = "round/own.html")]
struct OwnPage {
    shell: Shell,
    /// A line for each unit of the person in each round.
    lines: Vec<(Round, Submission)>,
    lefts: BTreeMap<RoundId, String>,
    paging: Paging,
    today: Date,
}

impl OwnPage {
    fn day(&self, date: &Date) -> String {
        when::day(*date)
    }

    fn left(&self, round: &Round) -> &str {
        self.lefts.get(&round.id).map_or("", String::as_str)
    }

    fn late(&self, round: &Round, of: &Submission) -> String {
        let found = of.punctuality(round.due_on, self.today);
        if found.is_late() {
            found.words()
        } else {
            String::new()
        }
    }
}

/// `GET /workspace/rounds/own`: three queries.
pub(super) async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnRounds>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let side = Side::Unit(permit.scope());
    let (paging, rounds, own) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let rounds = store::list(tx, side, today, rows).await?;
            let ids: Vec<RoundId> = rounds.iter().map(|round| round.id).collect();
            let own = store::own(tx, permit.scope(), &ids).await?;
            Ok::<_, StoreError>((paging, rounds, own))
        })
        .await?;
    let lefts = lefts(&app, &rounds, today);
    let lefts = rounds.iter().map(|round| round.id).zip(lefts).collect();
    let lines = rounds
        .iter()
        .flat_map(|round| {
            let mine = own.iter().filter(|of| of.round == round.id);
            mine.map(|of| (round.clone(), of.clone()))
        })
        .collect();
    page(&OwnPage {
        shell,
        lines,
        lefts,
        paging,
        today,
    })
}

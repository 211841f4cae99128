//! One round: its units and where each stands; what the office does with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{self, App, Form, Paging, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use crate::acts::{ManageRounds, ViewRounds};
use crate::round::remind::{self, Stage};
use crate::round::store::Outside;
use crate::round::store::{self, Counts, Narrow, Side};
use crate::round::{
    Punctuality, Round, RoundId, RoundState, RoundStep, Shown, Submission, SubmissionState, follow,
    open,
};
use crate::when;

const EVENTS_MAX: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    late: String,
    waiting: String,
    text: String,
    page: String,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        Narrow {
            state: Shown::from_code(&self.state),
            late: self.late == "1",
            waiting: self.waiting == "1",
            text: self.text.trim().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "round/show.html")]
struct ShowPage {
    shell: Shell,
    round: Round,
    counts: Counts,
    /// Of the drafts, those with every row filled.
    filled: i64,
    filter: Filter,
    units: Vec<Submission>,
    paging: Paging,
    /// When reminders go out, or why that cannot be told.
    rungs: Vec<(Stage, Result<Date, String>)>,
    events: Vec<Recorded>,
    left: String,
    today: Date,
    may_manage: bool,
    /// What came to units since and is not in the round.
    outside: Vec<Outside>,
}

impl ShowPage {
    fn outside_rows(&self) -> i64 {
        self.outside.iter().map(|unit| unit.rows).sum()
    }

    /// Units that have handed in and would be asked again.
    fn asked_again(&self) -> usize {
        self.outside
            .iter()
            .filter(|unit| !unit.still_owes())
            .count()
    }

    fn state_of(&self, unit: &Outside) -> &'static str {
        unit.state.map_or("还没有任务", SubmissionState::name)
    }

    fn day(&self, date: &Date) -> String {
        when::day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn path(&self) -> String {
        format!("/workspace/rounds/{}", self.round.id)
    }

    fn states(&self) -> Vec<(Shown, i64)> {
        let count = |shown: &Shown| {
            let n = match shown {
                Shown::Filled => self.filled,
                Shown::Draft => self.counts.draft - self.filled,
                Shown::Confirmed | Shown::Submitted | Shown::Accepted | Shown::Returned => {
                    self.counts.of(shown.state())
                }
            };
            (*shown, n)
        };
        Shown::ALL.iter().map(count).collect()
    }

    fn is_narrowed(&self) -> bool {
        self.filter.narrow() != Narrow::default()
    }

    fn punctuality(&self, of: &Submission) -> Punctuality {
        of.punctuality(self.round.due_on, self.today)
    }

    fn is_open(&self) -> bool {
        self.round.state.code() == "open"
    }

    fn can(&self, code: &str) -> bool {
        RoundStep::from_code(code).is_some_and(|step| self.round.state.after(step).is_some())
    }

    /// Is there something to do with the round? Nobody owes anything in one that was withdrawn.
    fn manages(&self) -> bool {
        self.may_manage && self.round.state != RoundState::Cancelled
    }

    /// Can this unit be reminded?
    fn owes(&self, of: &Submission) -> bool {
        of.rows > 0 && of.state.waits_for_unit()
    }

    /// The years whose working days nobody knows.
    fn unknown(&self) -> Option<&str> {
        let mut faults = self.rungs.iter().filter_map(|(_, day)| day.as_ref().err());
        faults.next().map(String::as_str)
    }

    fn address(&self) -> String {
        let filter = &self.filter;
        web::address(
            &self.path(),
            &[
                ("state", &filter.state),
                ("late", &filter.late),
                ("waiting", &filter.waiting),
                ("text", &filter.text),
            ],
        ) + "page="
    }
}

/// May this person manage this very round?
async fn may_manage(tx: &mut Tx, shell: &Shell, id: RoundId) -> Result<bool, StoreError> {
    let manage = shell
        .person
        .as_ref()
        .and_then(|p| p.permit::<ManageRounds>());
    match manage {
        Some(permit) => Ok(store::load(tx, Side::Office(permit.scope()), id)
            .await?
            .is_some()),
        None => Ok(false),
    }
}

/// `GET /workspace/rounds/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRounds>,
    Path(id): Path<RoundId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let narrow = filter.narrow();
    let scope: &Scope = permit.scope();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(round) = store::load(tx, Side::Office(scope), id).await? else {
                return Ok(None);
            };
            let counts = store::counts(tx, &round, today).await?;
            let filled = store::count_filled(tx, id).await?;
            let total = if narrow.is_waiting_alone() {
                store::count_waiting(tx, &round, &counts).await?
            } else {
                store::count_units(tx, &round, &narrow, today).await?
            };
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let units = store::units(tx, &round, &narrow, today, rows).await?;
            let events = audit::about(tx, "round", &id.to_string(), EVENTS_MAX).await?;
            let manages = may_manage(tx, &shell, id).await?;
            let outside = if manages {
                follow::left_out(tx, &round).await?
            } else {
                Vec::new()
            };
            let (counts, events) = ((counts, filled), (events, outside));
            Ok::<_, StoreError>(Some((round, counts, paging, units, events, manages)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (round, (counts, filled), paging, units, (events, outside), may_manage) = loaded;
    let calendar = app.calendar();
    let left = if round.state.code() == "open" {
        when::left(&calendar, today, round.due_on)
    } else {
        String::new()
    };
    page(&ShowPage {
        shell,
        rungs: remind::plan(round.due_on, &calendar),
        round,
        counts,
        filled,
        filter,
        units,
        paging,
        events,
        left,
        today,
        may_manage,
        outside,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    unit: Vec<OrganId>,
    note: String,
    due_on: String,
    step: String,
}

fn back(id: RoundId, sentence: &str) -> Response {
    redirect_with(&format!("/workspace/rounds/{id}"), sentence)
}

/// `POST /workspace/rounds/{id}/remind`
pub(super) async fn remind(
    State(app): State<App>,
    permit: Permit<ManageRounds>,
    Path(id): Path<RoundId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let note = asked.note.trim();
    let nudged = app
        .db
        .write(async |tx: &mut Tx| {
            remind::by_hand(tx, &permit, id, (&asked.unit, note), (today, &calendar)).await
        })
        .await?;
    let known = match nudged.known {
        0 => String::new(),
        n => format!("另有{n}个单位今天已经收到同样的催报，没有重复发出。"),
    };
    Ok(back(id, &format!("已催报{}个单位。{known}", nudged.told)))
}

/// `POST /workspace/rounds/{id}/move`
pub(super) async fn move_day(
    State(app): State<App>,
    permit: Permit<ManageRounds>,
    Path(id): Path<RoundId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let today = app.today();
    let due_on = asked.due_on.trim().parse().ok();
    let note = asked.note.trim();
    app.db
        .write(async |tx: &mut Tx| open::move_day(tx, &permit, id, (due_on, note), today).await)
        .await?;
    Ok(back(id, "截止日期已改，没有报送的单位已收到通知。"))
}

/// `POST /workspace/rounds/{id}/fill`
pub(super) async fn take_up(
    State(app): State<App>,
    permit: Permit<ManageRounds>,
    Path(id): Path<RoundId>,
) -> Result<Response, Problem> {
    let rows = app
        .db
        .write(async |tx: &mut Tx| follow::take_up(tx, &permit, id).await)
        .await?;
    Ok(back(
        id,
        &format!("已列入{rows}项任务，有关单位已收到通知。"),
    ))
}

/// `POST /workspace/rounds/{id}/step`
pub(super) async fn step(
    State(app): State<App>,
    permit: Permit<ManageRounds>,
    Path(id): Path<RoundId>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let step = RoundStep::from_code(&asked.step)
        .ok_or_else(|| Problem::refused(vec!["请选择要办理的一步。".to_owned()]))?;
    let today = app.today();
    let note = asked.note.trim();
    let round = app
        .db
        .write(async |tx: &mut Tx| open::step(tx, &permit, id, (step, note), today).await)
        .await?;
    let sentence = format!(
        "已办理“{}”，这一轮现在是“{}”。",
        step.name(),
        round.state.name()
    );
    Ok(back(id, &sentence))
}

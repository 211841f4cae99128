//! Opening a round: what the plan's papers ask for stands ready, a person looks and confirms.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, Query, Shell, page, redirect_with, refuse,
};
use serde::Deserialize;

use crate::acts::ManageRounds;
use crate::draft;
use crate::plan::{self, Plan};
use crate::round::open::{self, Wanted};
use crate::round::propose::{Proposed, propose};
use crate::round::store;
use crate::round::{Round, RoundState, Source};
use crate::step::{StepError, form_errors};
use crate::when;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    plan: String,
    /// Which proposal is opened, from 1; nothing for one by hand.
    from: String,
    name: String,
    due_on: String,
    from_on: String,
    to_on: String,
    text: String,
    cooperating: String,
    looked_at: String,
}

#[derive(Template)]
#[template(path = "round/new.html")]
struct NewPage {
    shell: Shell,
    plan: Plan,
    /// Each with the round that was opened for its day already.
    proposed: Vec<(Proposed, Option<Round>)>,
    /// The form: by hand, or from the proposal of this number.
    chosen: Option<usize>,
    asked: Asked,
    errors: FormErrors,
}

impl NewPage {
    fn day(&self, date: &Date) -> String {
        when::day(*date)
    }

    fn is_chosen(&self, index: &usize) -> bool {
        self.chosen == Some(*index)
    }

    fn proposal(&self) -> Option<&Proposed> {
        let chosen = self.chosen?.checked_sub(1)?;
        self.proposed.get(chosen).map(|(proposed, _)| proposed)
    }

    fn sure(&self) -> bool {
        self.proposal()
            .is_none_or(|proposal| proposal.doubts.is_empty())
    }
}

/// The plan, what its papers ask for, and its rounds.
async fn load(
    app: &App,
    permit: &Permit<ManageRounds>,
    id: &str,
) -> Result<(Plan, Vec<(Proposed, Option<Round>)>), Problem> {
    let id: PlanId = id.parse().map_err(|_| Problem::not_found())?;
    let (plan, deadlines, tasks, source, rounds) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = plan::store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let deadlines = plan::store::deadlines(tx, id).await?;
            let tasks = store::asking(tx, id).await?;
            let source = match plan.draft {
                Some(draft) => draft::store::source(tx, draft).await?,
                None => None,
            };
            let rounds = store::of_plan(tx, id).await?;
            Ok::<_, StoreError>(Some((plan, deadlines, tasks, source, rounds)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let calendar = app.calendar();
    let found = propose(&plan, &deadlines, &tasks, (source.as_ref(), &calendar));
    let living = |one: &&Round| one.state != RoundState::Cancelled;
    let proposed = found
        .into_iter()
        .map(|one| {
            let same = |round: &&Round| {
                living(round)
                    && (one.due_on == Some(round.due_on)
                        || round.source_text == one.text && round.name == one.name)
            };
            let opened = rounds.iter().find(same).cloned();
            (one, opened)
        })
        .collect();
    Ok((plan, proposed))
}

fn filled(proposed: &Proposed, plan: &Plan, from: &str) -> Asked {
    let text = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    Asked {
        plan: plan.id.to_string(),
        from: from.to_owned(),
        name: proposed.name.clone(),
        due_on: text(proposed.due_on),
        from_on: text(proposed.from_on),
        to_on: text(proposed.to_on),
        text: proposed.text.clone(),
        cooperating: String::new(),
        looked_at: String::new(),
    }
}

/// `GET /workspace/rounds/new?plan=…&from=1`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageRounds>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (plan, proposed) = load(&app, &permit, &asked.plan).await?;
    let chosen = asked.from.parse::<usize>().ok();
    let one = chosen.and_then(|nth| proposed.get(nth.checked_sub(1)?));
    let form = match one {
        Some((one, _)) => filled(one, &plan, &asked.from),
        None => Asked {
            plan: plan.id.to_string(),
            ..Asked::default()
        },
    };
    page(&NewPage {
        shell,
        chosen: one.and(chosen),
        plan,
        proposed,
        asked: form,
        errors: FormErrors::default(),
    })
}

/// `POST /workspace/rounds/new`
pub(super) async fn open(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageRounds>,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let (plan, proposed) = load(&app, &permit, &asked.plan).await?;
    let chosen = asked.from.parse::<usize>().ok();
    let one = chosen.and_then(|nth| proposed.get(nth.checked_sub(1)?));
    let date = |text: &str| text.trim().parse::<Date>().ok();
    let wanted = Wanted {
        name: asked.name.trim().to_owned(),
        due_on: date(&asked.due_on),
        from_on: date(&asked.from_on),
        to_on: date(&asked.to_on),
        source: if one.is_some() {
            Source::Notice
        } else {
            Source::Hand
        },
        // The words of the notice stay as they are printed.
        text: match one {
            Some((one, _)) => one.text.clone(),
            None => asked.text.trim().replace("\r\n", "\n"),
        },
        place: one.map_or_else(String::new, |(one, _)| one.place.clone()),
        cooperating: asked.cooperating == "1",
        looked_at: asked.looked_at == "1",
        sure: one.is_none_or(|(one, _)| one.doubts.is_empty()),
    };
    let (id, today) = (plan.id, app.today());
    let done = app
        .db
        .write(async |tx: &mut Tx| open::open(tx, &permit, id, wanted, today).await)
        .await;
    match done {
        Ok(round) => Ok(redirect_with(
            &format!("/workspace/rounds/{}", round.id),
            "已开始收报，各单位已收到通知。",
        )),
        Err(StepError::Refused(reasons)) => refuse(&NewPage {
            shell,
            chosen: one.and(chosen),
            plan,
            proposed,
            asked,
            errors: form_errors(reasons),
        }),
        Err(error) => Err(error.into()),
    }
}

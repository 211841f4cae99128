//! One task of last year's or the upper plan beside what answers it, and the office's word on it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::diff::{self, Piece};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};
use serde::Deserialize;

use super::list::{excerpt, kind_of, load_rows, may};
use super::{address_of, compared};
use crate::acts::{MatchPlans, ProposeChange, ViewLedger};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::carried::{Carried, store as carried};
use crate::evidence::{self, Evidence};
use crate::ledger::due_text;
use crate::matching::Item;
use crate::pairing::handle::{self, Settle};
use crate::pairing::rows::Row;
use crate::pairing::store::{self, Brief};
use crate::pairing::{PairKind, TaskLink};
use crate::plan::{self, Plan};
use crate::task;

/// Carried matters that the page lists; the plan's own list has all.
const CARRIED_SHOWN: i64 = 50;

/// One answer beside the old task.
struct Answer {
    task: Brief,
    link: TaskLink,
    pieces: Vec<Piece>,
    organs: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "pairing/side.html")]
struct SidePage {
    shell: Shell,
    plan: Plan,
    kind: PairKind,
    row: Row,
    old: Brief,
    old_organs: Vec<(String, Vec<String>)>,
    answers: Vec<Answer>,
    refused: usize,
    evidence: Vec<Evidence>,
    carried: Vec<Carried>,
    /// All of this year's tasks, for choosing another.
    choices: Vec<(TaskId, String)>,
    next: Option<TaskId>,
    /// How many still wait for a look, this one included.
    doubts: usize,
    given: bool,
    /// The plan is the reader's own office's: its tasks open, those looked at from above do not.
    own: bool,
    today: Date,
    may_settle: bool,
    may_adopt: bool,
}

impl SidePage {
    fn due(&self, task: &Brief) -> String {
        let text = due_text(&task.deadlines, task.due_on);
        if text.is_empty() {
            "未规定".to_owned()
        } else {
            text
        }
    }

    fn is_year(&self) -> bool {
        self.kind == PairKind::Year
    }

    fn light(&self) -> Light {
        self.row.light(self.today).unwrap_or(Light::Normal)
    }

    fn class(&self) -> (&'static str, &'static str, &'static str) {
        self.row.class(self.kind)
    }

    fn overdue(&self) -> Option<i32> {
        self.row.overdue_days(self.today)
    }

    /// How an answer stands, for who cannot open it: `■ 已逾期 8 天`.
    fn stands(&self, task: &Brief) -> String {
        task.stands(self.today)
    }

    fn late(&self, matter: &Carried) -> Option<i32> {
        matter.overdue_days(self.today)
    }

    /// A person has said something that can be taken back.
    fn is_settled(&self) -> bool {
        let by = |answer: &Answer| answer.link.settled_by.is_some();
        self.refused > 0 || self.answers.iter().any(by)
    }

    fn list(&self) -> String {
        address_of(self.plan.id, self.kind)
    }
}

/// The old task's organs; where nobody here has a part in it, the units as its plan prints them.
fn old_organs(loaded: &Loaded) -> Vec<(String, Vec<String>)> {
    let found = by_duty(loaded.old_item.as_ref());
    if !found.is_empty() || loaded.old_printed.trim().is_empty() {
        return found;
    }
    let printed = loaded.old_printed.trim().to_owned();
    vec![("原文".to_owned(), vec![printed])]
}

/// Organs by duty, as names.
fn by_duty(item: Option<&Item>) -> Vec<(String, Vec<String>)> {
    let Some(item) = item else { return Vec::new() };
    Duty::ALL
        .into_iter()
        .filter_map(|duty| {
            let names: Vec<String> = item
                .organs
                .iter()
                .filter(|(_, known)| **known == duty)
                .map(|(name, _)| name.clone())
                .collect();
            (!names.is_empty()).then(|| (duty.name().to_owned(), names))
        })
        .collect()
}

struct Loaded {
    plan: Plan,
    row: Row,
    old: Brief,
    old_item: Option<Item>,
    /// The unit cell as the old plan prints it.
    old_printed: String,
    new_items: Vec<(TaskId, Item)>,
    refused: usize,
    evidence: Vec<Evidence>,
    carried: Vec<Carried>,
    choices: Vec<(TaskId, String)>,
    next: Option<TaskId>,
    doubts: usize,
    given: bool,
    own: bool,
}

async fn load(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    (id, kind): (PlanId, PairKind),
    task: TaskId,
) -> Result<Option<Loaded>, StoreError> {
    let Some(plan) = store::readable_plan(tx, permit.scope(), id).await? else {
        return Ok(None);
    };
    let Some((pair, _)) = compared(tx, id, kind).await? else {
        return Ok(None);
    };
    let all = load_rows(tx, &pair).await?;
    let at = all
        .iter()
        .position(|row| row.old.as_ref().is_some_and(|old| old.id == task));
    let Some((at, row)) = at.and_then(|at| all.get(at).map(|row| (at, row.clone()))) else {
        return Ok(None);
    };
    let Some(old) = row.old.clone() else {
        return Ok(None);
    };
    let next = next_of(&all, at, kind);
    let doubts = all.iter().filter(|row| row.is_doubtful()).count();
    let given = match kind {
        PairKind::Year => false,
        PairKind::Level => store::given(tx, pair.old, &[id])
            .await?
            .contains(&(id, task)),
    };
    let links = store::links(tx, pair.id).await?;
    let refused = links
        .iter()
        .filter(|link| link.old == task && !link.state.counts())
        .count();
    let new_ids: Vec<TaskId> = row.new.iter().map(|task| task.id).collect();
    let (evidence, matters) = match kind {
        PairKind::Year => (
            evidence::store::of_task(tx, task).await?,
            carried::of_task(tx, task, CARRIED_SHOWN).await?,
        ),
        // What an upper office has to show for its own measure stays with it.
        PairKind::Level => (Vec::new(), Vec::new()),
    };
    Ok(Some(Loaded {
        old_item: store::items(tx, pair.old, Some(&[task]))
            .await?
            .pop()
            .map(|it| it.1),
        old_printed: task::store::load(tx, task)
            .await?
            .map_or_else(String::new, |task| task.organ_text),
        new_items: store::items(tx, pair.new, Some(&new_ids)).await?,
        own: plan::store::load(tx, permit.scope(), id).await?.is_some(),
        plan,
        row,
        old,
        refused,
        evidence,
        carried: matters,
        choices: choices(tx, pair.new).await?,
        next,
        doubts,
        given,
    }))
}

/// The tasks of a plan by number and beginning, to choose from.
async fn choices(tx: &mut Tx, plan: PlanId) -> Result<Vec<(TaskId, String)>, StoreError> {
    let tasks = store::briefs(tx, plan).await?.into_iter();
    Ok(tasks
        .map(|task| {
            let number = task.number.map_or_else(String::new, |n| format!("{n}．"));
            (task.id, format!("{number}{}", excerpt(&task.text)))
        })
        .collect())
}

/// Where to go on: after a measure that nothing answers the next such one, else the next doubtful one.
fn next_of(all: &[Row], at: usize, kind: PairKind) -> Option<TaskId> {
    let missing = |row: &Row| {
        kind == PairKind::Level && row.old.is_some() && row.new.is_empty() && row.adoption.is_none()
    };
    let (before, rest) = all.split_at_checked(at)?;
    let (here, after) = rest.split_first()?;
    let in_turn = || after.iter().chain(before);
    let alike = missing(here).then(|| in_turn().find(|row| missing(row)));
    let next = alike
        .flatten()
        .or_else(|| in_turn().find(|row| row.is_doubtful()));
    next?.old.as_ref().map(|old| old.id)
}

/// `GET /workspace/plans/{id}/compare/{kind}/{task}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Path((id, kind, task)): Path<(PlanId, String, TaskId)>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let (loaded, (may_settle, may_adopt)) = app
        .db
        .read(async |tx: &mut Tx| {
            let loaded = load(tx, &permit, (id, kind), task).await?;
            Ok::<_, StoreError>((loaded, may(tx, &shell, id).await?))
        })
        .await?;
    let loaded = loaded.ok_or_else(Problem::not_found)?;
    let answers = loaded
        .row
        .new
        .iter()
        .filter_map(|task| {
            let link = loaded.row.links.iter().find(|link| link.new == task.id)?;
            let item = loaded.new_items.iter().find(|(known, _)| *known == task.id);
            Some(Answer {
                pieces: diff::chars(&loaded.old.text, &task.text),
                organs: by_duty(item.map(|(_, item)| item)),
                link: link.clone(),
                task: task.clone(),
            })
        })
        .collect();
    page(&SidePage {
        shell,
        kind,
        old_organs: old_organs(&loaded),
        answers,
        today: app.today(),
        may_settle,
        may_adopt: may_adopt && kind == PairKind::Level,
        plan: loaded.plan,
        row: loaded.row,
        old: loaded.old,
        refused: loaded.refused,
        evidence: loaded.evidence,
        carried: loaded.carried,
        choices: loaded.choices,
        next: loaded.next,
        doubts: loaded.doubts,
        given: loaded.given,
        own: loaded.own,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    act: String,
    other: String,
    /// Where to go on: the next task of its kind, or back to the list.
    next: String,
}

/// `POST /workspace/plans/{id}/compare/{kind}/{task}`
pub(super) async fn settle(
    State(app): State<App>,
    permit: Permit<MatchPlans>,
    Path((id, kind, task)): Path<(PlanId, String, TaskId)>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let (settle, sentence) = match said.act.as_str() {
        "accept" => (Settle::Accept, "已认可对照结果。"),
        "nobody" => (Settle::Nobody, "已认定没有对应任务。"),
        "reopen" => (Settle::Reopen, "已撤回核对，恢复对照时的结果。"),
        "choose" => {
            let other = said.other.parse().map_err(|_| {
                Problem::refused(vec!["请先选择对应的任务，再点“改为所选任务”。".to_owned()])
            })?;
            (Settle::Choose(other), "已改为所选任务。")
        }
        _ => return Err(Problem::refused(vec!["请选择怎样办理。".to_owned()])),
    };
    app.db
        .write(async |tx: &mut Tx| handle::settle(tx, &permit, (id, kind), task, settle).await)
        .await?;
    let back = address_of(id, kind);
    let back = match (said.next.as_str(), said.next.parse::<TaskId>()) {
        ("here", _) => format!("{back}/{task}"),
        (_, Ok(next)) => format!("{back}/{next}"),
        (_, Err(_)) => back,
    };
    Ok(redirect_with(&back, sentence))
}

/// `POST /workspace/plans/{id}/adopt/{task}`
pub(super) async fn adopt(
    State(app): State<App>,
    permit: Permit<ProposeChange>,
    Path((id, task)): Path<(PlanId, TaskId)>,
    Form(said): Form<Said>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::adopt(tx, &permit, id, task).await)
        .await?;
    let list = address_of(id, PairKind::Level);
    let back = match said.next.parse::<TaskId>() {
        Ok(next) => format!("{list}/{next}"),
        Err(_) => list,
    };
    Ok(redirect_with(
        &back,
        "已生成任务草案，等工作机构负责人审批；批准后请分到承办单位。",
    ))
}

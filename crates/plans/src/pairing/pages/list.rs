//! A plan beside last year's or the upper one: where each task went.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{PlanId, TaskId};
use gongkai_office::form::table_csv;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, download, page, redirect_with,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use super::{address_of, compared};
use crate::acts::{ExportLedger, MatchPlans, ProposeChange, ViewLedger};
use crate::assignment::light::Light;
use crate::carried::{CarriedState, store as carried};
use crate::ledger::due_text;
use crate::pairing::rows::{Row, counts, rows};
use crate::pairing::store::{self, Brief};
use crate::pairing::{PairKind, PlanPair, handle};
use crate::plan::{self, Plan, PlanState};
use crate::when;

/// Characters of a task that a line shows.
const EXCERPT_CHARS: usize = 110;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    /// A class's code.
    class: String,
    /// `doubt`: what a person should look at; `unfinished`.
    only: String,
    page: String,
}

impl Filter {
    fn keeps(&self, row: &Row, (kind, given): (PairKind, &BTreeSet<TaskId>)) -> bool {
        let class = self.class.is_empty() || row.class(kind).0 == self.class;
        class
            && match self.only.as_str() {
                "doubt" => row.is_doubtful(),
                "unfinished" => row.is_unfinished(),
                "given" => is_given(row, given),
                "missed" => is_missed(row, given),
                _ => true,
            }
    }
}

/// Does the upper plan give the measure to an organ here?
fn is_given(row: &Row, given: &BTreeSet<TaskId>) -> bool {
    row.old.as_ref().is_some_and(|old| given.contains(&old.id))
}

fn is_missed(row: &Row, given: &BTreeSet<TaskId>) -> bool {
    row.new.is_empty() && is_given(row, given)
}

/// A candidate, and why it is offered first.
struct Candidate {
    plan: Plan,
    named: bool,
}

#[derive(Template)]
#[template(path = "pairing/list.html")]
struct ListPage {
    shell: Shell,
    plan: Plan,
    kind: PairKind,
    pair: Option<(PlanPair, Plan)>,
    /// A plan changed since it was matched.
    stale: bool,
    candidates: Vec<Candidate>,
    filter: Filter,
    classes: Vec<(&'static str, &'static str, &'static str, usize)>,
    doubts: usize,
    unfinished: usize,
    /// The plan is the reader's own office's, not one looked at from above.
    own: bool,
    /// Measures that the upper plan gives to an organ here, and how many of them are missing.
    given: BTreeSet<TaskId>,
    missed: usize,
    rows: Vec<Row>,
    evidence: BTreeMap<TaskId, i64>,
    paging: Paging,
    today: Date,
    may_settle: bool,
    may_adopt: bool,
    carried: Vec<(CarriedState, i64)>,
    /// Parts of last year that wait to be carried over.
    to_carry: i64,
}

impl ListPage {
    fn address(&self) -> String {
        let parts = [
            ("class", self.filter.class.as_str()),
            ("only", &self.filter.only),
        ];
        address(&address_of(self.plan.id, self.kind), &parts) + "page="
    }

    fn file(&self) -> String {
        let parts = [
            ("class", self.filter.class.as_str()),
            ("only", &self.filter.only),
        ];
        address(
            &format!("{}/file", address_of(self.plan.id, self.kind)),
            &parts,
        )
    }

    fn excerpt(&self, text: &str) -> String {
        excerpt(text)
    }

    fn due(&self, task: &Brief) -> String {
        due_text(&task.deadlines, task.due_on)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    /// How a task stands, for who cannot open it.
    fn stands(&self, task: &Brief) -> String {
        task.stands(self.today)
    }

    fn proofs(&self, task: &Brief) -> i64 {
        self.evidence.get(&task.id).copied().unwrap_or(0)
    }

    /// The upper plan is one that the own office keeps: its matrix opens here.
    fn keeps(&self, other: &Plan) -> bool {
        self.own && other.state == PlanState::Upper
    }

    fn is_year(&self) -> bool {
        self.kind == PairKind::Year
    }

    fn class(&self, row: &Row) -> (&'static str, &'static str, &'static str) {
        row.class(self.kind)
    }

    /// A measure that is not for those below may well be missing there.
    fn colour(&self, row: &Row) -> &'static str {
        let aside = !self.is_year() && row.new.is_empty() && !is_given(row, &self.given);
        if aside { "aside" } else { self.class(row).0 }
    }

    fn total(&self) -> usize {
        self.classes.iter().map(|(_, _, _, n)| n).sum()
    }

    fn overdue(&self, row: &Row) -> Option<i32> {
        row.overdue_days(self.today)
    }

    fn light(&self, row: &Row) -> Light {
        row.light(self.today).unwrap_or(Light::Normal)
    }
}

pub(super) fn excerpt(text: &str) -> String {
    crate::quote::beginning(text, EXCERPT_CHARS)
}

pub(super) fn kind_of(code: &str) -> Result<PairKind, Problem> {
    PairKind::from_code(code).ok_or_else(Problem::not_found)
}

/// All rows of a pair.
pub(super) async fn load_rows(tx: &mut Tx, pair: &PlanPair) -> Result<Vec<Row>, StoreError> {
    let old = store::briefs(tx, pair.old).await?;
    let new = store::briefs(tx, pair.new).await?;
    let links = store::links(tx, pair.id).await?;
    let adoptions = store::adoptions(tx, pair.id).await?;
    Ok(rows(old, new, &links, adoptions))
}

struct Loaded {
    plan: Plan,
    pair: Option<(PlanPair, Plan)>,
    stale: bool,
    candidates: Vec<Candidate>,
    rows: Vec<Row>,
    carried: Vec<(CarriedState, i64)>,
    to_carry: i64,
    own: bool,
    given: BTreeSet<TaskId>,
}

async fn load(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    (id, kind): (PlanId, PairKind),
    settles: bool,
) -> Result<Option<Loaded>, StoreError> {
    let Some(plan) = store::readable_plan(tx, permit.scope(), id).await? else {
        return Ok(None);
    };
    let pair = compared(tx, id, kind).await?;
    let mut loaded = Loaded {
        candidates: Vec::new(),
        pair: None,
        stale: false,
        rows: Vec::new(),
        carried: Vec::new(),
        to_carry: 0,
        own: plan::store::load(tx, permit.scope(), id).await?.is_some(),
        given: BTreeSet::new(),
        plan,
    };
    if settles {
        let source = store::source_text(tx, &loaded.plan)
            .await?
            .unwrap_or_default();
        loaded.candidates = store::candidates(tx, &loaded.plan, kind)
            .await?
            .into_iter()
            .map(|plan| Candidate {
                named: handle::names_plan(&source, &plan.title),
                plan,
            })
            .collect();
        // What the document itself names comes first.
        loaded.candidates.sort_by_key(|it| !it.named);
    }
    if let Some((pair, other)) = pair {
        loaded.rows = load_rows(tx, &pair).await?;
        loaded.stale = store::seen(tx, pair.old, pair.new).await? != pair.seen;
        if kind == PairKind::Year {
            loaded.carried = carried::states(tx, carried::Whose::Plan(id)).await?;
            loaded.to_carry = carried::count_unfinished(tx, pair.old, id).await?;
        } else {
            let given = store::given(tx, pair.old, &[id]).await?;
            loaded.given = given.into_iter().map(|(_, task)| task).collect();
        }
        loaded.pair = Some((pair, other));
    }
    Ok(Some(loaded))
}

/// Whether this person's office owns the plan, for settling and for proposing tasks.
pub(super) async fn may(
    tx: &mut Tx,
    shell: &Shell,
    id: PlanId,
) -> Result<(bool, bool), StoreError> {
    let person = shell.person.as_ref();
    let settle = match person.and_then(|person| person.permit::<MatchPlans>()) {
        Some(permit) => plan::store::load(tx, permit.scope(), id).await?.is_some(),
        None => false,
    };
    let adopt = match person.and_then(|person| person.permit::<ProposeChange>()) {
        Some(permit) => plan::store::load(tx, permit.scope(), id).await?.is_some(),
        None => false,
    };
    Ok((settle, adopt))
}

/// One page of the rows that the filter keeps.
fn narrow(
    rows: Vec<Row>,
    filter: &Filter,
    by: (PairKind, &BTreeSet<TaskId>),
) -> (Vec<Row>, Paging) {
    let kept: Vec<Row> = rows
        .into_iter()
        .filter(|row| filter.keeps(row, by))
        .collect();
    Paging::of(filter.page.parse().ok(), kept)
}

/// `GET /workspace/plans/{id}/compare/{kind}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Path((id, kind)): Path<(PlanId, String)>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let today = app.today();
    let (loaded, (may_settle, may_adopt)) = app
        .db
        .read(async |tx: &mut Tx| {
            let may = may(tx, &shell, id).await?;
            Ok::<_, StoreError>((load(tx, &permit, (id, kind), may.0).await?, may))
        })
        .await?;
    let loaded = loaded.ok_or_else(Problem::not_found)?;
    let classes = counts(&loaded.rows, kind);
    let doubts = loaded.rows.iter().filter(|row| row.is_doubtful()).count();
    let unfinished = loaded.rows.iter().filter(|row| row.is_unfinished()).count();
    let given: BTreeSet<TaskId> = loaded
        .rows
        .iter()
        .filter(|row| is_given(row, &loaded.given))
        .filter_map(|row| row.old.as_ref().map(|old| old.id))
        .collect();
    let missed = loaded
        .rows
        .iter()
        .filter(|row| is_missed(row, &given))
        .count();
    let (rows, paging) = narrow(loaded.rows, &filter, (kind, &given));
    // An upper office's evidence stays with it.
    let olds: Vec<TaskId> = rows
        .iter()
        .filter(|_| kind == PairKind::Year)
        .filter_map(|row| row.old.as_ref().map(|old| old.id))
        .collect();
    let evidence = app
        .db
        .read(async |tx: &mut Tx| store::evidence(tx, &olds).await)
        .await?;
    page(&ListPage {
        shell,
        plan: loaded.plan,
        kind,
        pair: loaded.pair,
        stale: loaded.stale,
        candidates: loaded.candidates,
        filter,
        classes,
        doubts,
        unfinished,
        own: loaded.own,
        given,
        missed,
        rows,
        evidence,
        paging,
        today,
        may_settle,
        may_adopt,
        carried: loaded.carried,
        to_carry: loaded.to_carry,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    other: String,
}

/// `POST /workspace/plans/{id}/compare/{kind}`: chooses the other plan, or matches anew.
pub(super) async fn choose(
    State(app): State<App>,
    permit: Permit<MatchPlans>,
    Path((id, kind)): Path<(PlanId, String)>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let other: PlanId = chosen
        .other
        .parse()
        .map_err(|_| Problem::refused(vec![format!("请选择一个{}。", kind.other())]))?;
    app.db
        .write(async |tx: &mut Tx| handle::choose(tx, &permit, (id, kind), other).await)
        .await?;
    Ok(redirect_with(
        &address_of(id, kind),
        "已逐项对照。“待核对”的请看一眼再认可。",
    ))
}

/// `GET /workspace/plans/{id}/compare/{kind}/file`: the rows that the page shows, all pages, as CSV.
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ExportLedger>,
    Path((id, kind)): Path<(PlanId, String)>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let kind = kind_of(&kind)?;
    let today = app.today();
    let view = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ViewLedger>())
        .ok_or_else(Problem::not_found)?;
    let loaded = app
        .db
        .read(async |tx: &mut Tx| load(tx, &view, (id, kind), false).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let lines: Vec<Vec<String>> = loaded
        .rows
        .iter()
        .filter(|row| filter.keeps(row, (kind, &loaded.given)))
        .map(|row| line(row, kind, today))
        .collect();
    let heads = match kind {
        PairKind::Year => [
            "去年序号",
            "去年任务",
            "去年期限",
            "办理情况",
            "去向",
            "核对",
            "今年任务",
            "今年期限",
            "说明",
        ],
        PairKind::Level => [
            "上级序号",
            "上级措施",
            "上级期限",
            "上级办理",
            "承接",
            "核对",
            "本级任务",
            "本级期限",
            "说明",
        ],
    };
    let name = format!("{}{}{today}.csv", loaded.plan.title, kind.name());
    let bytes =
        table_csv(&heads, &lines).map_err(|error| Problem::refused(vec![error.to_string()]))?;
    Ok(download::attachment(&name, download::CSV, bytes))
}

fn line(row: &Row, kind: PairKind, today: Date) -> Vec<String> {
    let old = row.old.as_ref();
    let number = |task: &Brief| task.number.map_or_else(String::new, |n| n.to_string());
    let due = |task: &Brief| due_text(&task.deadlines, task.due_on);
    let stands = row
        .light(today)
        .map_or_else(String::new, |light| match row.overdue_days(today) {
            Some(days) => format!("{} {days} 天", light.name()),
            None => light.name().to_owned(),
        });
    let join = |each: &dyn Fn(&Brief) -> String| {
        let texts: Vec<String> = row.new.iter().map(each).collect();
        texts.join("\n")
    };
    vec![
        old.map_or_else(String::new, number),
        old.map_or_else(String::new, |task| task.text.clone()),
        old.map_or_else(String::new, due),
        // How an upper office stands with its own measure is not the lower one's business.
        if kind == PairKind::Year {
            stands
        } else {
            String::new()
        },
        row.class(kind).2.to_owned(),
        if row.is_doubtful() { "待核对" } else { "" }.to_owned(),
        join(&|task| match task.number {
            Some(number) => format!("{number}．{}", task.text),
            None => task.text.clone(),
        }),
        join(&due),
        row.reasons().join("；"),
    ]
}

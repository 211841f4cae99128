//! A period: the table of units, appeals, the next step. Without approval nothing is ranked.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, FormErrors, PAGE_ROWS, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use super::Sees;
use super::sheet::Typed;
use crate::acts::{ApproveScores, ReadScores};
use crate::assessment::class::{self, Class, Ranked, Total};
use crate::assessment::scheme::{Indicator, Measure};
use crate::assessment::{
    Appeal, Kept, Period, PeriodId, PeriodState, Points, Step, gather, handle, score, store,
};
use crate::bulletin::Approver;
use crate::bulletin::handle::is_principal;
use crate::{approval, when};

const EVENTS_MAX: i64 = 50;
/// Units without a judgement that are named.
const UNJUDGED_NAMED: i64 = 10;
/// Units of no class that are named, and units that are looked through for them.
const UNCLASSED_NAMED: usize = 10;
const UNITS_MAX: i64 = 10_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    page: String,
    /// Which page of the appeals.
    appeals: String,
}

/// One line of the table.
pub(super) struct Row {
    pub(super) organ: OrganId,
    pub(super) name: String,
    pub(super) total: Points,
    pub(super) grade: String,
    /// Empty where the scheme has no classes.
    pub(super) class: String,
    /// Among the units of its class; from approval on.
    pub(super) rank: Option<usize>,
    /// Lines that nobody judged yet.
    pub(super) unjudged: usize,
}

/// What is left to judge on an indicator.
struct Left {
    indicator: Indicator,
    n: i64,
    first: Vec<(OrganId, String)>,
}

#[derive(Template)]
#[template(path = "assessment/show.html")]
pub(super) struct ShowPage {
    shell: Shell,
    period: Period,
    rows: Vec<Row>,
    paging: Paging,
    grades: Vec<(String, usize)>,
    /// The offices that it is about, where it was there before they became one.
    desks: Vec<String>,
    /// How many units are of no class, and the first of them.
    unclassed: (usize, Vec<String>),
    appeals: Vec<Appeal>,
    appeal_paging: Paging,
    waiting: i64,
    /// What a person judges, while that can be done.
    left: Vec<Left>,
    /// What was typed into the form for the units that are left.
    pub(super) rest: Typed,
    events: Vec<Recorded>,
    is_office: bool,
    may_decide: bool,
    approver: &'static str,
    /// Who can approve it, by name, while somebody has to.
    principals: Vec<String>,
    has_pdf: bool,
    ended: bool,
    /// The last day for appeals is over.
    settled: bool,
    pub(super) errors: FormErrors,
    pub(super) note: String,
}

impl ShowPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        when::moment(*milliseconds)
    }

    fn is(&self, code: &str) -> bool {
        self.period.state.code() == code
    }

    fn is_tried(&self) -> bool {
        self.period.state.is_tried()
    }

    /// What is odd about the points of its scheme, as long as anybody reads scores by it.
    fn sum_warning(&self) -> Option<String> {
        let reads = self.period.state != PeriodState::Cancelled;
        self.period.scheme.sum_warning().filter(|_| reads)
    }

    fn classes(&self) -> &[Class] {
        &self.period.scheme.classes
    }

    fn can(&self, code: &str) -> bool {
        Step::from_code(code).is_some_and(|step| self.period.state.after(step).is_some())
    }

    fn all_judged(&self) -> bool {
        self.left.iter().all(|left| left.n == 0)
    }

    fn indicator(&self, code: &str) -> String {
        if code.starts_with(score::VETO) {
            return "一票否决".to_owned();
        }
        let found = self.period.scheme.indicators.iter();
        let mut found = found.filter(|one| one.code == code);
        found
            .next()
            .map_or_else(|| code.to_owned(), |one| one.name.clone())
    }

    fn address(&self) -> String {
        format!("/workspace/scores/{}?page=", self.period.id)
    }

    fn appeal_address(&self) -> String {
        format!("/workspace/scores/{}?appeals=", self.period.id)
    }
}

/// How many units each grade has.
fn in_grades(period: &Period, totals: &[Total]) -> Vec<(String, usize)> {
    let grades = period.scheme.grades.iter().map(|grade| {
        let of = totals.iter().filter(|one| one.grade == grade.name);
        (grade.name.clone(), of.count())
    });
    grades.collect()
}

/// The classes with who of these units belongs to them: today, while scores are tried; else as it was kept.
async fn classes(
    tx: &mut Tx,
    period: &Period,
    organs: &[OrganId],
) -> Result<Vec<Class>, StoreError> {
    let mut classes = period.scheme.classes.clone();
    if period.state.is_tried() && !classes.is_empty() {
        class::unsettle(&mut classes);
        class::settle(&mut classes, &store::sorts(tx, organs).await?);
    }
    Ok(classes)
}

/// How many units are of no class, and the first of them: the office is told before they are ranked apart.
async fn unclassed(
    tx: &mut Tx,
    period: &Period,
    is_office: bool,
    totals: &[Total],
) -> Result<(usize, Vec<String>), StoreError> {
    if !is_office || period.scheme.classes.is_empty() {
        return Ok((0, Vec::new()));
    }
    let organs: Vec<OrganId> = if period.state.is_tried() {
        let units = store::units(tx, period, None, (0, UNITS_MAX)).await?;
        units.into_iter().map(|(organ, _)| organ).collect()
    } else {
        totals.iter().map(|one| one.organ).collect()
    };
    let places = class::places(&classes(tx, period, &organs).await?);
    let mut left = organs;
    left.retain(|organ| !places.contains_key(organ));
    let n = left.len();
    left.truncate(UNCLASSED_NAMED);
    let names = store::organ_names(tx, &left).await?;
    Ok((n, names.into_values().collect()))
}

/// One page of the table: what-if while the period is open, else what is kept.
pub(super) async fn rows(
    tx: &mut Tx,
    period: &Period,
    page: (i64, i64),
    today: Date,
) -> Result<Vec<Row>, StoreError> {
    if period.state.is_tried() {
        tried(tx, period, page, today).await
    } else if period.state == PeriodState::Locked {
        locked(tx, period, page).await
    } else {
        let kept = store::kept(tx, period.id, None, page).await?;
        let places = class::places(&period.scheme.classes);
        let row = |kept: Kept| {
            let class = places.get(&kept.organ).copied();
            kept_row(period, kept, (class, None))
        };
        Ok(kept.into_iter().map(row).collect())
    }
}

async fn tried(
    tx: &mut Tx,
    period: &Period,
    page: (i64, i64),
    today: Date,
) -> Result<Vec<Row>, StoreError> {
    let units = store::units(tx, period, None, page).await?;
    let organs: Vec<OrganId> = units.iter().map(|(organ, _)| *organ).collect();
    let facts = gather::facts(tx, period, &organs, today).await?;
    let all = facts.inputs(period, &organs, today);
    let mut given = store::adjustments(tx, period.id).await?;
    let classes = classes(tx, period, &organs).await?;
    let places = class::places(&classes);
    let rows = units.into_iter().zip(all).map(|((organ, name), inputs)| {
        let given = facts.given_to(organ, &mut given);
        let computed = score::unit(&period.scheme, &inputs, &given);
        Row {
            organ,
            name,
            total: computed.total,
            unjudged: computed.unjudged(),
            grade: computed.grade,
            class: class::name(&classes, places.get(&organ).copied()).to_owned(),
            rank: None,
        }
    });
    Ok(rows.collect())
}

/// Class after class, the best first.
async fn locked(
    tx: &mut Tx,
    period: &Period,
    (offset, count): (i64, i64),
) -> Result<Vec<Row>, StoreError> {
    let totals = store::totals(tx, period.id).await?;
    let shown: Vec<Ranked> = class::ranked(&period.scheme.classes, &totals)
        .into_iter()
        .skip(usize::try_from(offset).unwrap_or(usize::MAX))
        .take(usize::try_from(count).unwrap_or(0))
        .collect();
    let only = Scope::Organs {
        single: shown.iter().map(|one| one.organ).collect(),
        branches: Vec::new(),
    };
    let mut kept: BTreeMap<OrganId, Kept> = store::kept(tx, period.id, Some(&only), (0, count))
        .await?
        .into_iter()
        .map(|kept| (kept.organ, kept))
        .collect();
    let rows = shown.into_iter().filter_map(|one| {
        let kept = kept.remove(&one.organ)?;
        Some(kept_row(period, kept, (one.class, Some(one.rank))))
    });
    Ok(rows.collect())
}

fn kept_row(period: &Period, kept: Kept, (class, rank): (Option<usize>, Option<usize>)) -> Row {
    Row {
        unjudged: kept.recomputed(&period.scheme).unjudged(),
        class: class::name(&period.scheme.classes, class).to_owned(),
        rank,
        organ: kept.organ,
        name: kept.organ_name,
        total: kept.total,
        grade: kept.grade,
    }
}

/// What is left to judge for the office, indicator by indicator.
async fn left(tx: &mut Tx, period: &Period, is_office: bool) -> Result<Vec<Left>, StoreError> {
    let mut found = Vec::new();
    if !is_office || !period.state.is_tried() {
        return Ok(found);
    }
    let judged = period.scheme.indicators.iter();
    for one in judged.filter(|one| one.measure == Measure::Judged) {
        let (n, first) = store::unjudged(tx, period, &one.code, UNJUDGED_NAMED).await?;
        found.push(Left {
            indicator: one.clone(),
            n,
            first,
        });
    }
    Ok(found)
}

/// One page of the appeals, and how many of all wait.
async fn appeals(
    tx: &mut Tx,
    id: PeriodId,
    number: Option<i64>,
) -> Result<(Paging, i64, Vec<Appeal>), StoreError> {
    let (all, waiting) = store::count_appeals(tx, id).await?;
    let paging = Paging::new(number, all);
    let rows = (paging.offset(), paging.rows());
    let appeals = store::appeals(tx, id, rows).await?;
    Ok((paging, waiting, appeals))
}

async fn may_decide(
    tx: &mut Tx,
    shell: &Shell,
    of: (OrganId, Approver),
) -> Result<bool, StoreError> {
    let person = shell.person.as_ref();
    match person.and_then(|person| person.permit::<ApproveScores>()) {
        Some(permit) => is_principal(tx, &permit, of).await,
        None => Ok(false),
    }
}

pub(super) async fn build(
    app: &App,
    shell: Shell,
    id: PeriodId,
    (number, appeal_number): (Option<i64>, Option<i64>),
) -> Result<ShowPage, Problem> {
    let today = app.today();
    let loaded = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((period, sees)) = super::seen(tx, &shell, id).await? else {
                return Ok(None);
            };
            let is_office = match sees {
                Sees::Office => true,
                Sees::Above => false,
                Sees::Unit(_) => return Ok(None),
            };
            let totals = store::totals(tx, id).await?;
            // What was computed stays as it was, whatever became of the units since.
            let units = if period.state.is_tried() {
                store::count_units(tx, &period).await?
            } else {
                i64::try_from(totals.len()).unwrap_or(i64::MAX)
            };
            let paging = Paging::new(number, units);
            let rows = rows(tx, &period, (paging.offset(), PAGE_ROWS), today).await?;
            let (appeal_paging, waiting, appeals) = appeals(tx, id, appeal_number).await?;
            let events = audit::about(tx, "score_period", &id.to_string(), EVENTS_MAX).await?;
            let left = left(tx, &period, is_office).await?;
            let unclassed = unclassed(tx, &period, is_office, &totals).await?;
            let names = store::organ_names(tx, &period.desks).await?;
            let approver = handle::approver_of(tx, period.office).await?;
            let waits = [PeriodState::Computed, PeriodState::Submitted].contains(&period.state);
            let principals = if is_office && waits {
                approval::principals(tx, period.office, approver).await?
            } else {
                Vec::new()
            };
            let may_decide = may_decide(tx, &shell, (period.office, approver)).await?;
            Ok::<_, StoreError>(Some(ShowPage {
                ended: today > period.to_on,
                settled: period.appeal_until.is_some_and(|until| today > until),
                shell: shell.clone(),
                grades: in_grades(&period, &totals),
                desks: names.into_values().collect(),
                period,
                rows,
                paging,
                unclassed,
                appeals,
                appeal_paging,
                waiting,
                left,
                rest: Typed::default(),
                events,
                is_office,
                may_decide,
                approver: approver.name(),
                principals,
                has_pdf: app.printer.is_some(),
                errors: FormErrors::default(),
                note: String::new(),
            }))
        })
        .await?;
    loaded.ok_or_else(Problem::not_found)
}

/// `GET /workspace/scores/{id}`; a unit is sent to its own sheet.
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadScores>,
    Path(id): Path<PeriodId>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let sees = app
        .db
        .read(async |tx: &mut Tx| super::seen(tx, &shell, id).await)
        .await?;
    if let Some((_, Sees::Unit(_))) = sees {
        return Ok(Redirect::to("/workspace/scores/own").into_response());
    }
    let pages = (filter.page.parse().ok(), filter.appeals.parse().ok());
    page(&build(&app, shell, id, pages).await?)
}

//! One review or suit: its limits, how it ended, what is learned from it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, HowCounted, Problem, Shell, day, moment, page, redirect_with,
};
use serde::Deserialize;

use super::PATH;
use crate::acts::{KeepReviews, ViewReviews};
use crate::letter::handle::case_of;
use crate::letter::{LetterKind, RemedyId};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::review::{Ending, Ours, Remedy, RemedyKind, RemedyLimit, RemedyOutcome, handle, store};
use gongkai_platform::fault::{self, NotDone, form_errors};

const EVENTS_MAX: i64 = 100;

/// What the form for the end holds, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    outcome: String,
    decided_on: String,
    decision_on: String,
    reason: String,
    lesson: String,
    lesson_kind: String,
}

#[derive(Template)]
#[template(path = "review/show.html")]
struct ShowPage {
    shell: Shell,
    remedy: Remedy,
    /// The review before a suit.
    before: Option<Remedy>,
    /// What its case says otherwise.
    doubts: Vec<String>,
    events: Vec<Recorded>,
    today: Date,
    calendar: Arc<WorkCalendar>,
    typed: Typed,
    may_keep: bool,
    errors: FormErrors,
}

impl ShowPage {
    fn may_letters(&self) -> bool {
        self.shell.may(&crate::acts::ViewLetters::ROW)
    }

    fn limits(&self) -> Vec<RemedyLimit> {
        self.remedy.limits(self.before.as_ref())
    }

    fn no_filing_limit(&self) -> Option<&'static str> {
        self.remedy.why_no_filing_limit(self.before.as_ref())
    }

    /// 怎么算的, where the limit has days to count.
    fn how(&self, limit: &RemedyLimit) -> String {
        let how = limit
            .run
            .and_then(|run| HowCounted::of(run, &self.calendar));
        how.map_or_else(String::new, |how| how.to_string())
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    /// How a limit stands, in words.
    fn stand(&self, limit: &RemedyLimit) -> String {
        match (limit.done, limit.is_late(self.today), limit.ours) {
            (Some(done), false, _) => format!("✓ {}，在期限内", day(done)),
            (Some(done), true, _) => format!("■ {}，超过期限", day(done)),
            (None, true, Ours::Yes) => "■ 已逾期，请立即提交".to_owned(),
            (None, true, Ours::No) => "期限已过".to_owned(),
            (None, false, _) => "● 期限内".to_owned(),
        }
    }

    /// An answer that was put right is given anew.
    fn wants_redo(&self) -> bool {
        let ending = self.remedy.ending.as_ref();
        let corrected = ending.is_some_and(|one| one.outcome == RemedyOutcome::Corrected);
        corrected && self.may_keep && !self.remedy.case_id.is_empty()
    }

    fn is_review(&self) -> bool {
        self.remedy.words.kind == RemedyKind::Review
    }

    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        [("", "请选择")]
            .into_iter()
            .chain(RemedyOutcome::options())
            .collect()
    }

    fn letters(&self) -> Vec<(&'static str, &'static str)> {
        [("", "不提醒")]
            .into_iter()
            .chain(LetterKind::options())
            .collect()
    }
}

fn typed_of(remedy: &Remedy) -> Typed {
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let ending = remedy.ending.as_ref();
    ending.map_or_else(
        || Typed {
            version: remedy.version,
            ..Typed::default()
        },
        |ending| Typed {
            version: remedy.version,
            outcome: ending.outcome.code().to_owned(),
            decided_on: ending.decided_on.to_string(),
            decision_on: date(ending.decision_on),
            reason: ending.reason.clone(),
            lesson: ending.lesson.clone(),
            lesson_kind: ending
                .lesson_kind
                .map_or_else(String::new, |kind| kind.code().to_owned()),
        },
    )
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewReviews>,
    id: RemedyId,
    typed: Option<(Typed, FormErrors)>,
) -> Result<ShowPage, Problem> {
    let (remedy, before, doubts, events) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let Some(remedy) = store::load(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let before = match remedy.after {
                Some(after) => store::load(tx, &scope, after).await?,
                None => None,
            };
            let case = case_of(tx, &remedy.case_id, remedy.organ).await?;
            let doubts = case.map(|case| remedy.doubts(&case)).unwrap_or_default();
            let events = audit::about(tx, "remedy", &id.to_string(), EVENTS_MAX).await?;
            Ok(Some((remedy, before, doubts, events)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let person = shell.person.as_ref();
    let may_keep = person.is_some_and(|person| person.permit::<KeepReviews>().is_some())
        && remedy.removed_why.is_none();
    let (typed, errors) = typed.unwrap_or_else(|| (typed_of(&remedy), FormErrors::default()));
    Ok(ShowPage {
        shell,
        remedy,
        before,
        doubts,
        events,
        today: app.today(),
        calendar: app.calendar(),
        typed,
        may_keep,
        errors,
    })
}

/// `GET /workspace/requests/reviews/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReviews>,
    Path(id): Path<RemedyId>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, &permit, id, None).await?)
}

/// `POST /workspace/requests/reviews/{id}/end`
pub(super) async fn end(
    State(app): State<App>,
    shell: Shell,
    view: Permit<ViewReviews>,
    permit: Permit<KeepReviews>,
    Path(id): Path<RemedyId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    let outcome = RemedyOutcome::from_code(&typed.outcome);
    if outcome.is_none() {
        errors.add("outcome", "请选择结果。");
    }
    let decided_on: Option<Date> = typed.decided_on.trim().parse().ok();
    if decided_on.is_none() {
        errors.add("decided_on", "请填写审结日期，例：2026-09-18。");
    }
    let decision_on: Option<Date> = typed.decision_on.trim().parse().ok();
    if decision_on.is_none() && !typed.decision_on.trim().is_empty() {
        errors.add("decision_on", "这不是日期，例：2026-09-18。");
    }
    if let (Some(outcome), Some(decided_on), true) = (outcome, decided_on, errors.is_empty()) {
        let ending = Ending {
            outcome,
            decided_on,
            decision_on,
            reason: typed.reason.trim().to_owned(),
            lesson: typed.lesson.trim().to_owned(),
            lesson_kind: LetterKind::from_code(&typed.lesson_kind),
        };
        let today = app.today();
        let of = (id, typed.version);
        let done = app
            .db
            .write(async |tx: &mut Tx| handle::end(tx, &permit, of, ending, today).await)
            .await;
        match done {
            Ok(_) => {
                return Ok(redirect_with(
                    &format!("{PATH}/{id}"),
                    "结果已登记，计入年度报告。",
                ));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(NotDone::Store(StoreError::Stale)) => {
                let errors = form_errors(vec![fault::overtaken()]);
                let mut page = build(&app, shell, &view, id, Some((typed, errors))).await?;
                // Who has read that and saves again means it.
                page.typed.version = page.remedy.version;
                return overtaken(&page);
            }
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&build(&app, shell, &view, id, Some((typed, errors))).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Removal {
    version: i64,
    why: String,
}

/// `POST /workspace/requests/reviews/{id}/remove`
pub(super) async fn remove(
    State(app): State<App>,
    permit: Permit<KeepReviews>,
    Path(id): Path<RemedyId>,
    Form(form): Form<Removal>,
) -> Result<Response, Problem> {
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| {
            let what = (form.why.trim(), today);
            handle::remove(tx, &permit, (id, form.version), what).await
        })
        .await?;
    Ok(redirect_with(PATH, "已删除误录，不再计入年度报告。"))
}

//! By night: what went out urgently and whose late review is not done in its time is a finding of the unit that published
//! it; it closes when the review is done, or when the public reads that text no longer.

use std::collections::BTreeSet;
use std::sync::Arc;

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::store::{self as findings, Narrow, Side};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::organ;
use gongkai_platform::web::{App, day};

use super::{store, urgent};
use crate::column::store::office_of;
use crate::document::Document;
use crate::document::handle::SUBJECT;

const KIND: &str = "document.late-review";
const KEY: &str = "late-review:";
/// Begins the title of each; they are looked for by it.
const TITLE: &str = "紧急发布的补审超期";
/// Days for mending what a check found: usage of offices.
const MEND_DAYS: i64 = 3;
/// Events of one document that are read.
const EVENTS_MAX: i64 = 1_000;
/// Findings that one look goes through.
const FINDINGS_MAX: i64 = 1_000;

fn key(document: &Document) -> String {
    format!("{KEY}{}:{}", document.id, document.edition)
}

/// The last day of its late review, where that is past; a year without its notice has no working days yet.
async fn missed(
    tx: &mut Tx,
    document: &Document,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Option<Date>, StoreError> {
    let events = audit::about(tx, SUBJECT, &document.id.to_string(), EVENTS_MAX).await?;
    let out = urgent::went_out(&events);
    let until = out.and_then(|out| urgent::late_until(calendar, out));
    Ok(until.filter(|until| *until < today))
}

async fn report(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
    (until, today): (Date, Date),
) -> Result<(), StoreError> {
    let stages = store::of(tx, document.edition).await?;
    let left: Vec<&str> = stages
        .iter()
        .filter(|stage| !stage.state.is_done())
        .map(|stage| stage.step.name())
        .collect();
    let government = organ::store::government_of(tx, document.owner).await?;
    let found = Found {
        organ: document.owner,
        office: office_of(tx, government.unwrap_or(document.owner)).await?,
        key: key(document),
        kind: FindingKind::Other,
        severity: Severity::Major,
        source: Source::Check,
        title: format!("{TITLE}：《{}》", document.title),
        detail: format!(
            "补审应在{}前办完，还有{}没有办。公众现在看到的就是这一稿，请尽快办完；发现问题的退回后更正或撤下。",
            day(until),
            left.join("、")
        ),
        url: Some(format!("/workspace/documents/{}", document.id)),
        about: Some((SUBJECT.to_owned(), document.id.to_string())),
        found_on: today,
        fix_due_on: today.checked_add(jiff::Span::new().days(MEND_DAYS)).ok(),
    };
    finding::report(tx, actor, found).await?;
    Ok(())
}

/// What one look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub late: i64,
    pub settled: i64,
}

/// Looks at every late review that is not done, and at every finding about one.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<Outcome, StoreError> {
    let mut outcome = Outcome::default();
    let mut held = BTreeSet::new();
    for document in store::under_late_review(tx).await? {
        if let Some(until) = missed(tx, &document, (calendar, today)).await? {
            outcome.late += 1;
            held.insert(key(&document));
            report(tx, actor, &document, (until, today)).await?;
        }
    }
    let told = Narrow {
        text: TITLE.to_owned(),
        ..Narrow::default()
    };
    let side = Side::Office(&Scope::Everything);
    for known in findings::list(tx, side, &told, (0, FINDINGS_MAX)).await? {
        if known.key.starts_with(KEY) && !held.contains(&known.key) {
            let why = "补审已办完，或者公众不再看到这一稿";
            let of = (known.organ, known.key.as_str());
            let settled = finding::settle_as(tx, actor, of, today, why).await?;
            outcome.settled += i64::from(settled.is_some());
        }
    }
    let Outcome { late, settled } = outcome;
    tx.record(Event::new(
        actor,
        "document.late-reviews-checked",
        (SUBJECT, String::new()),
        format!("检查紧急发布的补审：超期{late}件，销号{settled}件"),
    ));
    Ok(outcome)
}

/// The nightly look.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let (calendar, today) = (app.calendar(), app.today());
            let look = async |tx: &mut Tx| look(tx, &Actor::System, (&calendar, today)).await;
            let Outcome { late, settled } = app.db.write(look).await?;
            Ok(format!("紧急发布的补审超期{late}件，销号{settled}件。"))
        })
    })
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "紧急发布补审检查",
        when: When::Daily {
            hour: 4,
            minute: 30,
        },
    }]
}

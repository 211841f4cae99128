//! The facts that a bulletin can be assembled from, by unit, each with its draft sentence.

use std::collections::BTreeMap;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingState};
use jiff::ToSpan as _;

use super::{BulletinKind, FactKind, FactRef, store};
use crate::practice::{self, PracticeState};
use crate::supervision::{self, Order};
use crate::{round, when};

/// What a sentence says of a finding past its day, and of what had not been answered when it was written.
pub(super) const LATE: &str = "逾期未完成整改";
pub(super) const UNANSWERED: &str = "至今未回复";
pub(super) const NOT_AGAIN: &str = "至今未重报";
/// Facts of one kind that are offered at once.
pub const FACTS_MAX: i64 = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub reference: FactRef,
    pub organ: OrganId,
    pub organ_name: String,
    /// The draft sentence; it may hold personal data.
    pub text: String,
}

/// What stands in the system for this kind of bulletin: confirmed findings that are not closed, overdue tasks,
/// unanswered 督办单 and those of the last year that were answered late, rounds of the last year for which a unit was late; for praise, practices in the pool.
///
/// # Errors
/// When the store fails.
pub async fn gather(
    tx: &mut Tx,
    office: &Scope,
    kind: BulletinKind,
    today: Date,
) -> Result<Vec<Fact>, StoreError> {
    match kind {
        BulletinKind::Praise => praise(tx, office).await,
        BulletinKind::Criticism | BulletinKind::Situation => {
            let mut facts = findings(tx, office, today).await?;
            facts.append(&mut store::overdue(tx, office, today, FACTS_MAX).await?);
            facts.append(&mut orders(tx, office, today).await?);
            facts.append(&mut submissions(tx, office, today).await?);
            Ok(facts)
        }
    }
}

async fn praise(tx: &mut Tx, office: &Scope) -> Result<Vec<Fact>, StoreError> {
    let side = practice::store::Side::Office(office);
    let state = Some(PracticeState::Approved);
    let cases = practice::store::list(tx, side, state, (0, FACTS_MAX)).await?;
    Ok(cases
        .into_iter()
        .map(|case| Fact {
            reference: FactRef::new(FactKind::Practice, case.id),
            organ: case.organ,
            text: format!(
                "{}入选优秀案例：{}",
                case.called(),
                full_stop(&case.effect_text)
            ),
            organ_name: case.organ_name,
        })
        .collect())
}

async fn findings(tx: &mut Tx, office: &Scope, today: Date) -> Result<Vec<Fact>, StoreError> {
    let side = finding::store::Side::Office(office);
    let mut all = Vec::new();
    for state in [
        FindingState::Confirmed,
        FindingState::Mending,
        FindingState::ToRecheck,
    ] {
        let narrow = finding::Narrow {
            state: Some(state),
            ..finding::Narrow::default()
        };
        all.append(&mut finding::store::list(tx, side, &narrow, (0, FACTS_MAX)).await?);
    }
    Ok(all
        .into_iter()
        .filter(|finding| finding.confirmed_on.is_some())
        .map(|finding| {
            let due = finding.fix_due_on.map_or_else(String::new, |due| {
                format!("，整改期限为{}", when::date(due))
            });
            let late = if finding.is_late(today) {
                format!("，{LATE}")
            } else {
                String::new()
            };
            Fact {
                reference: FactRef::new(FactKind::Finding, finding.id),
                organ: finding.organ,
                text: format!(
                    "存在“{}”问题：{}（{}发现{due}{late}）。",
                    finding.kind.name(),
                    finding.title,
                    when::date(finding.found_on)
                ),
                organ_name: finding.organ_name,
            }
        })
        .collect())
}

async fn orders(tx: &mut Tx, office: &Scope, today: Date) -> Result<Vec<Fact>, StoreError> {
    let side = supervision::store::Side::Office(office);
    let narrow = supervision::store::Narrow {
        late_since: Some((year_before(today)?, today)),
        ..supervision::store::Narrow::default()
    };
    let late = supervision::store::list(tx, side, &narrow, (0, FACTS_MAX)).await?;
    Ok(late
        .into_iter()
        .map(|order| Fact {
            reference: FactRef::new(FactKind::Supervision, order.id),
            organ: order.organ,
            text: late_reply(&order, today),
            organ_name: order.organ_name,
        })
        .collect())
}

async fn submissions(tx: &mut Tx, office: &Scope, today: Date) -> Result<Vec<Fact>, StoreError> {
    let year = (year_before(today)?, today);
    let late = round::store::late(tx, office, None, year, (today, FACTS_MAX)).await?;
    Ok(late
        .into_iter()
        .map(|unit| Fact {
            reference: FactRef::new(
                FactKind::Submission,
                format!("{}/units/{}", unit.round, unit.organ),
            ),
            organ: unit.organ,
            text: unit.sentence(today),
            organ_name: unit.organ_name,
        })
        .collect())
}

/// The day from which lateness of the past is offered.
fn year_before(today: Date) -> Result<Date, StoreError> {
    today
        .checked_sub(1.year())
        .map_err(|_| StoreError::Unsupported("there is no such day a year ago"))
}

/// What is owed still before what came late.
fn late_reply(order: &Order, today: Date) -> String {
    let number = order.number.as_deref().unwrap_or_default();
    let due = order.reply_due_on.map_or_else(String::new, when::date);
    if let Some(again) = order.again_due_on.filter(|_| order.owes_again(today)) {
        let again = when::date(again);
        return format!("督办单{number}退回后应于{again}前重报，{NOT_AGAIN}。");
    }
    let on_time = order.replied_on.zip(order.reply_due_on);
    match (order.replied_on, order.missed_on) {
        (None, _) => format!("督办单{number}应于{due}前回复，{UNANSWERED}。"),
        (Some(_), Some(missed)) if on_time.is_none_or(|(on, due)| on <= due) => {
            let missed = when::date(missed);
            format!("督办单{number}退回后应于{missed}前重报，没有按期重报。")
        }
        (Some(on), _) => format!(
            "督办单{number}应于{due}前回复，实际于{}回复。",
            when::date(on)
        ),
    }
}

fn full_stop(text: &str) -> String {
    if text.ends_with(['。', '！', '？']) {
        text.to_owned()
    } else {
        format!("{text}。")
    }
}

/// By unit, in the order of their names.
#[must_use]
pub fn by_unit(facts: Vec<Fact>) -> Vec<(OrganId, String, Vec<Fact>)> {
    let mut units: BTreeMap<(String, OrganId), Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        units
            .entry((fact.organ_name.clone(), fact.organ))
            .or_default()
            .push(fact);
    }
    units
        .into_iter()
        .map(|((name, organ), facts)| (organ, name, facts))
        .collect()
}

//! 审核流程: what a government asks beyond the table of kinds. A kind or a column may demand further steps; what both and the
//! table ask is taken together, so the stricter always wins. Kept as events alone: the chain says who asked for what.
//!
//! Law: 政府信息公开条例 (2019) art. 17: organs set up the review and name its procedure.

use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, refused};
use gongkai_platform::organ;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{StepState, store};
use crate::acts::KeepReviewWays;
use crate::column::store::places;
use crate::document::{Document, State};
use crate::id::ColumnId;
use crate::kind::{Kind, Step};

const SUBJECT: &str = "review_demand";
const ADDED: &str = "review.demanded";
const REMOVED: &str = "review.demand_removed";
/// Events that are read.
const EVENTS_MAX: i64 = 1_000;

/// A kind or a column that demands a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// `kind:code` or `column:id`.
    pub of: String,
    /// What people call it.
    pub name: String,
    /// The code of the step.
    pub step: String,
}

/// How a column is named in [`Demand::of`].
fn in_column(column: ColumnId) -> String {
    format!("column:{column}")
}

impl Demand {
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        Step::from_code(&self.step)
    }

    #[must_use]
    pub fn step_name(&self) -> &'static str {
        self.step().map_or("", Step::name)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.of == other.of && self.step == other.step
    }

    fn is_of(&self, kind: Kind, columns: &[ColumnId]) -> bool {
        match self.of.split_once(':') {
            Some(("kind", code)) => code == kind.code(),
            Some(("column", id)) => columns.iter().any(|one| one.to_string() == id),
            _ => false,
        }
    }
}

#[derive(Deserialize)]
struct Said {
    demand: Demand,
}

/// Whose demands these are: the government's of the unit that works on a document.
///
/// # Errors
/// When the store fails.
pub async fn house(tx: &mut Tx, owner: OrganId) -> Result<OrganId, StoreError> {
    let government = organ::store::government_of(tx, owner).await?;
    Ok(government.unwrap_or(owner))
}

/// What a government demands today, in the order in which it was demanded.
///
/// # Errors
/// When the store fails.
pub async fn kept(tx: &mut Tx, house: OrganId) -> Result<Vec<Demand>, StoreError> {
    let events = audit::about(tx, SUBJECT, &house.to_string(), EVENTS_MAX).await?;
    let mut kept: Vec<Demand> = Vec::new();
    for event in events.into_iter().rev() {
        let Ok(Said { demand }) = serde_json::from_str(&event.data) else {
            continue;
        };
        kept.retain(|one| !one.is_same(&demand));
        if event.kind == ADDED {
            kept.push(demand);
        }
    }
    Ok(kept)
}

/// The steps of the table and those demanded beside it, in the order of the longest way.
#[must_use]
pub fn together(own: &[Step], demanded: &[Step]) -> Vec<Step> {
    let mut whole = Kind::Rule.chain().to_vec();
    whole.retain(|step| own.contains(step) || demanded.contains(step));
    whole
}

/// The way of a document: what its kind and the columns in which it stands demand, whichever is stricter.
///
/// # Errors
/// When the store fails.
pub async fn chain(tx: &mut Tx, document: &Document) -> Result<Vec<Step>, StoreError> {
    let house = house(tx, document.owner).await?;
    let demands = kept(tx, house).await?;
    if demands.is_empty() {
        return Ok(document.kind.chain().to_vec());
    }
    let places = places(tx, document.id).await?;
    let columns: Vec<ColumnId> = places.into_iter().map(|place| place.column).collect();
    let demanded: Vec<Step> = demands
        .iter()
        .filter(|one| one.is_of(document.kind, &columns))
        .filter_map(Demand::step)
        .collect();
    Ok(together(document.kind.chain(), &demanded))
}

/// What keeps a document out of a column: a step that the column demands and that its text did not pass. A draft passes it
/// on its way.
///
/// # Errors
/// When the store fails.
pub async fn why_not_put(
    tx: &mut Tx,
    document: &Document,
    (column, name): (ColumnId, &str),
) -> Result<Vec<Reason>, StoreError> {
    let house = house(tx, document.owner).await?;
    let demands = kept(tx, house).await?;
    let of = in_column(column);
    let mut open: Vec<Step> = demands
        .iter()
        .filter(|one| one.of == of)
        .filter_map(Demand::step)
        .collect();
    let edition = match (document.published, document.state) {
        (Some(edition), _) => edition,
        (None, State::Reviewing | State::Approved) => document.edition,
        (None, State::Draft | State::Discarded | State::Settled) => return Ok(Vec::new()),
    };
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let is_published = document.published.is_some();
    for stage in store::of(tx, edition).await? {
        if stage.state == StepState::Passed || !is_published {
            open.retain(|step| *step != stage.step);
        }
    }
    Ok(open
        .iter()
        .map(|step| {
            (
                "place",
                format!(
                    "“{name}”专栏要求{}，这一稿没有经过，没有归入。先归入草稿再送审的，送审时自动加上这一步；已发布的，请写更正稿送审。",
                    step.name()
                ),
            )
        })
        .collect())
}

fn why_not(demand: &Demand, known: Option<&Demand>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let kind = demand.of.strip_prefix("kind:").and_then(Kind::from_code);
    let Some(step) = demand.step() else {
        return vec![("step", "请选择要加的步骤。".to_owned())];
    };
    let is_there = match kind {
        Some(kind) => kind.chain().contains(&step),
        None => Kind::ALL.iter().all(|kind| kind.chain().contains(&step)),
    };
    if is_there {
        reasons.push((
            "step",
            format!("{}的流程里本来就有{}，不用再加。", demand.name, step.name()),
        ));
    }
    if known.is_some() {
        reasons.push(("step", "这一条已经有了。".to_owned()));
    }
    reasons
}

/// The demand as this government has it already.
async fn known(tx: &mut Tx, house: OrganId, demand: &Demand) -> Result<Option<Demand>, StoreError> {
    let mut kept = kept(tx, house).await?.into_iter();
    Ok(kept.find(|one| one.is_same(demand)))
}

fn say(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    (kind, verb): (&'static str, &str),
    demand: &Demand,
) {
    let sentence = format!("审核流程：{}{verb}{}", demand.name, demand.step_name());
    let subject = (SUBJECT, house.to_string());
    let event = Event::new(permit.actor(), kind, subject, sentence).organ(house);
    tx.record(event.data(json!({ "demand": demand })));
}

/// Demands a step; what is under review already goes its way to the end.
///
/// # Errors
/// Refused with all the reasons.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    demand: &Demand,
) -> Result<(), NotDone> {
    let known = known(tx, house, demand).await?;
    refused(why_not(demand, known.as_ref()))?;
    say(tx, permit, house, (ADDED, "加上"), demand);
    Ok(())
}

/// # Errors
/// Not found when it is not demanded.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepReviewWays>,
    house: OrganId,
    demand: &Demand,
) -> Result<(), NotDone> {
    let known = known(tx, house, demand).await?;
    let known = known.ok_or(NotDone::NotFound)?;
    say(tx, permit, house, (REMOVED, "不再要求"), &known);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Demand, together, why_not};
    use crate::kind::{Kind, Step};

    #[test]
    fn the_stricter_wins_and_the_order_stays() {
        for kind in Kind::ALL {
            let own = kind.chain();
            assert_eq!(together(own, &[]), own, "{kind:?}");
            assert_eq!(
                together(own, &[Step::Legality]),
                Kind::Rule.chain(),
                "{kind:?}"
            );
        }
    }

    fn demand(of: &str, step: Step) -> Demand {
        Demand {
            of: of.to_owned(),
            name: "教育".to_owned(),
            step: step.code().to_owned(),
        }
    }

    #[test]
    fn what_is_there_already_is_not_demanded() {
        let legal = demand("kind:notice", Step::Legality);
        assert!(why_not(&legal, None).is_empty());
        assert_eq!(why_not(&legal, Some(&legal)).len(), 1);
        let there = demand("kind:rule", Step::Legality);
        assert_eq!(why_not(&there, None)[0].0, "step");
        let column = "column:6b0198c0-0000-7000-8000-000000000000";
        assert!(why_not(&demand(column, Step::Legality), None).is_empty());
        assert_eq!(why_not(&demand(column, Step::Secrecy), None).len(), 1);
    }
}

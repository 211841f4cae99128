//! As what people stand before a case, and who stands in where nobody is appointed.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_basis::{Actor, Role};
use gongkai_platform::access::{HeldRole, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;

use crate::id::ConsultationId;
use crate::reach;
use crate::request::case::{Asked, Case};
use crate::request::state::{HANDLERS, Who};
use crate::request::step::Doer;

pub(super) async fn scope_of(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
) -> Result<Scope, StoreError> {
    if matches!(actor, Actor::System) {
        return Ok(Scope::Everything);
    }
    reach::handled(tx, roles).await
}

/// As what a person stands before a case: roles in its organ (or that organ's office) count; those of a helping unit only
/// for its answer.
pub(super) async fn doer(
    tx: &mut Tx,
    (actor, roles): (&Actor, &[HeldRole]),
    case: &Case,
) -> Result<Doer, StoreError> {
    if matches!(actor, Actor::System) {
        return Ok(Doer::program());
    }
    Ok(Doer {
        who: standing(tx, roles, case).await?,
        name: actor.name().to_owned(),
        account: actor.account(),
    })
}

/// The roles that count before this case.
///
/// # Errors
/// When the store fails.
pub async fn standing(
    tx: &mut Tx,
    roles: &[HeldRole],
    case: &Case,
) -> Result<Vec<Who>, StoreError> {
    let mut who = Vec::new();
    for held in roles {
        let own = reach::handled(tx, std::slice::from_ref(held)).await?;
        let Scope::Organs { single, .. } = own else {
            continue;
        };
        let helps = case
            .consultations
            .iter()
            .any(|letter| letter.organ.is_some_and(|organ| single.contains(&organ)));
        if single.contains(&case.request.organ) {
            who.push(Who::Staff(held.role));
            if held.role == Role::UnitHead && has_no_head(tx, case.request.organ).await? {
                who.push(Who::ActingHead);
            }
            if held.role == Role::UnitHead && has_no_reviewer(tx, case.request.organ).await? {
                who.push(Who::ActingReviewer);
            }
        } else if helps {
            who.push(Who::Staff(Role::Liaison));
        }
    }
    Ok(who)
}

/// The open letters inside the house that a person may answer: at the case's desk all of them, a unit that helps its own.
///
/// # Errors
/// When the store fails.
pub async fn answerable(
    tx: &mut Tx,
    roles: &[HeldRole],
    case: &Case,
) -> Result<Vec<ConsultationId>, StoreError> {
    let scope = reach::handled(tx, roles).await?;
    let own = |organ: OrganId| match &scope {
        Scope::Organs { single, .. } => single.contains(&organ),
        Scope::Everything => true,
    };
    let desk = own(case.request.organ);
    let open = case.consultations.iter().filter(|letter| {
        letter.is_open() && letter.asked == Asked::Unit && (desk || letter.organ.is_some_and(own))
    });
    Ok(open.map(|letter| letter.id).collect())
}

/// Who may handle the cases of an organ, by name.
///
/// # Errors
/// When the store fails.
pub async fn desk(tx: &mut Tx, organ: OrganId) -> Result<Vec<(AccountId, String)>, StoreError> {
    inbox::people(tx, organ, HANDLERS).await
}

/// Who may review a reply, besides the head of the organ where none of them is appointed (art. 17).
pub(super) const REVIEW: &[Role] = &[Role::SecrecyReviewer, Role::OfficeHead];

/// Is nobody appointed to review an organ's replies? Then its own head does (art. 17).
///
/// # Errors
/// When the store fails.
pub(crate) async fn has_no_reviewer(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    lacks(tx, organ, REVIEW).await
}

/// Is nobody appointed head of the 工作机构 of an organ? Then its own head approves extensions (art. 33).
///
/// # Errors
/// When the store fails.
pub(crate) async fn has_no_head(tx: &mut Tx, organ: OrganId) -> Result<bool, StoreError> {
    lacks(tx, organ, &[Role::OfficeHead]).await
}

pub(super) async fn lacks(
    tx: &mut Tx,
    organ: OrganId,
    roles: &'static [Role],
) -> Result<bool, StoreError> {
    let without = inbox::unanswered(tx, &[organ], roles, roles).await?;
    Ok(!without.is_empty())
}

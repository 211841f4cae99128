//! Whose cases a person handles and sees. What is addressed to a government is handled by its general office; an office sees
//! all that lies below its government.

use std::collections::BTreeSet;

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, HeldRole, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ::{self, Kind, Organ};
use gongkai_platform::web::Shell;

use crate::id::RequestId;
use crate::letter::store::organs;
use crate::request::case::{Asked, Case};
use crate::request::store as requests;

/// The cases that people of these roles work on: those of their own organ, in a general office also its government's.
///
/// # Errors
/// When the store fails.
pub async fn handled(tx: &mut Tx, roles: &[HeldRole]) -> Result<Scope, StoreError> {
    let mut single = Vec::new();
    for held in roles {
        single.push(held.organ);
        if let Some(government) = government_of_office(tx, held).await? {
            single.push(government.0);
        }
    }
    single.sort_unstable();
    single.dedup();
    Ok(Scope::Organs {
        single,
        branches: Vec::new(),
    })
}

/// Does who looks at a page handle this organ by an act? A form that could only be refused is not shown.
///
/// # Errors
/// When the store fails.
pub async fn handles<A: Act>(
    tx: &mut Tx,
    shell: &Shell,
    organ: OrganId,
) -> Result<bool, StoreError> {
    let permit = shell.person.as_ref().and_then(|one| one.permit::<A>());
    let roles = permit.map_or_else(Vec::new, |permit| permit.roles().to_vec());
    Ok(handled(tx, &roles).await?.contains(organ, ""))
}

/// An organ whose cases they work on.
///
/// # Errors
/// Not found for an organ out of reach.
pub(crate) async fn handled_organ(
    tx: &mut Tx,
    roles: &[HeldRole],
    id: OrganId,
) -> Result<Organ, NotDone> {
    let scope = handled(tx, roles).await?;
    organ::store::load(tx, id)
        .await?
        .filter(|found| scope.contains(found.id, &found.path))
        .ok_or(NotDone::NotFound)
}

/// The organs inside a scope, and the one whose settings are shown: the wanted one, or the first. `None` where there is no
/// such organ.
///
/// # Errors
/// When the store fails.
pub(crate) async fn chosen(
    tx: &mut Tx,
    scope: &Scope,
    wanted: Option<OrganId>,
) -> Result<Option<(Vec<(OrganId, String)>, OrganId)>, StoreError> {
    let organs = organs(tx, scope).await?;
    let organ = match wanted {
        Some(wanted) => organs.iter().find(|(id, _)| *id == wanted),
        None => organs.first(),
    };
    Ok(organ.map(|(id, _)| *id).map(|organ| (organs, organ)))
}

/// The cases that they see.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, roles: &[HeldRole]) -> Result<Scope, StoreError> {
    let Scope::Organs { single, .. } = handled(tx, roles).await? else {
        return Ok(Scope::Everything);
    };
    let mut branches = Vec::new();
    for held in roles {
        match held.role {
            Role::Supervisor | Role::Leader => branches.push(held.organ_path.clone()),
            Role::OfficeClerk | Role::OfficeHead => {
                let government = government_of_office(tx, held).await?;
                branches.extend(government.map(|(_, path)| path));
            }
            _ => {}
        }
    }
    Ok(Scope::Organs { single, branches })
}

/// The cases whose replies they look after: those that they work on, and those of organs that went into one of theirs. What
/// was running there became the heir's own; what was answered stays with the organ that answered.
///
/// # Errors
/// When the store fails.
pub async fn answered(tx: &mut Tx, roles: &[HeldRole]) -> Result<Scope, StoreError> {
    let own = handled(tx, roles).await?;
    let gone = organ::store::gone_into(tx, &own).await?;
    Ok(own.and(&gone))
}

/// The cases that they see, and those of organs that went into one of theirs.
///
/// # Errors
/// When the store fails.
pub async fn seen_answered(tx: &mut Tx, roles: &[HeldRole]) -> Result<Scope, StoreError> {
    let own = handled(tx, roles).await?;
    let gone = organ::store::gone_into(tx, &own).await?;
    Ok(seen(tx, roles).await?.and(&gone))
}

/// A case that they see, or that an organ left to one of theirs, and what they see beside it. Where the organ only helped, it
/// left nothing.
///
/// # Errors
/// When the store fails.
pub(crate) async fn read(
    tx: &mut Tx,
    roles: &[HeldRole],
    id: RequestId,
) -> Result<Option<(Scope, Case)>, StoreError> {
    let scope = seen(tx, roles).await?;
    if let Some(case) = requests::own(tx, &scope, id).await? {
        return Ok(Some((scope, case)));
    }
    let wider = seen_answered(tx, roles).await?;
    if let Some(case) = requests::own(tx, &wider, id).await? {
        return Ok(Some((wider, case)));
    }
    let case = requests::load(tx, &scope, id).await?;
    Ok(case.map(|case| (scope, case)))
}

async fn government_of_office(
    tx: &mut Tx,
    held: &HeldRole,
) -> Result<Option<(OrganId, String)>, StoreError> {
    let organ = organ::store::load(tx, held.organ).await?;
    // The general office of a government, and the section that is a town's general office.
    if !organ.is_some_and(|organ| matches!(organ.kind, Kind::Office | Kind::Section)) {
        return Ok(None);
    }
    let Some(government) = organ::government_of(tx, held.organ).await? else {
        return Ok(None);
    };
    let loaded = organ::store::load(tx, government).await?;
    Ok(loaded
        .filter(|organ| held.organ_path.starts_with(&organ.path))
        .map(|organ| (organ.id, organ.path)))
}

/// Does a person see this case only because a unit of theirs helps with it?
///
/// # Errors
/// When the store fails.
pub(crate) async fn only_helps(
    tx: &mut Tx,
    scope: &Scope,
    case: &Case,
) -> Result<bool, StoreError> {
    let organ = organ::store::load(tx, case.request.organ).await?;
    Ok(!organ.is_some_and(|organ| scope.contains(organ.id, &organ.path)))
}

/// What a unit that only helps sees of a case's papers: those that it was given with its letters, and those that it answered
/// with, as hashes of files and addresses. Any other may name who asks.
///
/// Law: 个人信息保护法 art. 6: no more than the purpose needs.
///
/// # Errors
/// When the store fails.
pub(crate) async fn given(
    tx: &mut Tx,
    scope: &Scope,
    case: &Case,
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    let letters = case.consultations.iter();
    for letter in letters.filter(|letter| letter.asked == Asked::Unit) {
        let Some(organ) = letter.organ else {
            continue;
        };
        let organ = organ::store::load(tx, organ).await?;
        if organ.is_some_and(|organ| scope.contains(organ.id, &organ.path)) {
            let papers = case.papers_of(letter.id).into_iter();
            found.extend(papers.map(str::to_owned));
        }
    }
    Ok(found)
}

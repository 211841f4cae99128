//! Organs as screens show them.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use gongkai_basis::id::OrganId;

use super::super::acts::EditOrgans;
use super::super::change::reach;
use super::super::{Kind, Level, Organ, OrganError, Status, store};
use crate::access::{HeldRole, Permit, Scope};
use crate::db::{StoreError, Tx};
use crate::web::{FormErrors, Problem, Shell, page, refuse};

/// The page of a form: a refusal where something in it is wrong.
pub(super) fn form_answer(
    template: &impl Template,
    errors: &FormErrors,
) -> Result<Response, Problem> {
    if errors.is_empty() {
        page(template)
    } else {
        refuse(template)
    }
}

/// One line of a table of organs.
pub(super) struct OrganLine {
    pub(super) id: String,
    pub(super) name: String,
    /// Full-width blanks that show the depth.
    pub(super) indent: String,
    pub(super) short: String,
    pub(super) level: &'static str,
    pub(super) kind: &'static str,
    pub(super) parent: String,
    pub(super) status: Status,
}

impl OrganLine {
    pub(super) fn of(organ: &Organ, depth: usize, parent: &str) -> Self {
        Self {
            id: organ.id.to_string(),
            name: organ.name.clone(),
            indent: "　".repeat(depth),
            short: organ.short_name.clone().unwrap_or_default(),
            level: organ.level.name(),
            kind: organ.kind.name(),
            parent: parent.to_owned(),
            status: organ.status,
        }
    }
}

/// Codes and names, for a select.
pub(super) fn levels() -> Vec<(&'static str, &'static str)> {
    Level::ALL
        .iter()
        .map(|level| (level.code(), level.name()))
        .collect()
}

pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    Kind::ALL
        .iter()
        .map(|kind| (kind.code(), kind.name()))
        .collect()
}

/// Ids and names of the organs in use inside a scope, indented as a tree, for a select.
pub(super) async fn choices(
    tx: &mut Tx,
    scope: &Scope,
) -> Result<Vec<(String, String)>, StoreError> {
    let organs = store::all(tx).await?;
    Ok(organs
        .iter()
        .filter(|organ| organ.is_active() && scope.contains(organ.id, &organ.path))
        .map(|organ| {
            let indent = "　".repeat(organ.depth());
            (organ.id.to_string(), format!("{indent}{}", organ.name))
        })
        .collect())
}

pub(super) fn names(organs: &[Organ]) -> HashMap<OrganId, &str> {
    organs
        .iter()
        .map(|organ| (organ.id, organ.name.as_str()))
        .collect()
}

/// The branches that the person at the keyboard may edit; nothing for those who only look.
pub(super) async fn editable(tx: &mut Tx, shell: &Shell) -> Result<Scope, StoreError> {
    match shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<EditOrgans>())
    {
        Some(permit) => reach(tx, &permit).await,
        None => Ok(Scope::nothing()),
    }
}

/// The governments whose directories the roles stand in, each once.
pub(super) async fn governments(tx: &mut Tx, roles: &[HeldRole]) -> Result<Vec<Organ>, StoreError> {
    let mut found: Vec<Organ> = Vec::new();
    for held in roles {
        if let Some(root) = store::government_of(tx, held.organ).await?
            && !found.iter().any(|organ| organ.id == root)
        {
            found.extend(store::load(tx, root).await?);
        }
    }
    Ok(found)
}

/// The organ of a page that changes it, if it lies within reach.
pub(super) async fn editable_organ(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    id: OrganId,
) -> Result<(Organ, Scope), OrganError> {
    let organ = store::load(tx, id).await?.ok_or(OrganError::NotFound)?;
    let scope = reach(tx, permit).await?;
    if scope.contains(organ.id, &organ.path) {
        Ok((organ, scope))
    } else {
        Err(OrganError::OutOfReach)
    }
}

/// The id in an address; anything else is a page that is not there.
pub(super) fn organ_id(text: &str) -> Result<OrganId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Lines of a text field, trimmed, empty ones left out.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.split(['\n', '、', '；', ';'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

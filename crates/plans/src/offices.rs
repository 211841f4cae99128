//! In whose name a person acts who holds roles in several offices or units: forms ask only those.

pub(crate) mod directory;
mod store;

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act, Permit};

use crate::step::StepError;

/// The organs in which a person holds a role that grants an act, with their names, each once.
#[must_use]
pub(crate) fn organs<A: Act>(permit: &Permit<A>) -> Vec<(OrganId, String)> {
    organs_as(permit, Role::ALL)
}

/// Those of them in which it is one of these roles.
#[must_use]
pub(crate) fn organs_as<A: Act>(permit: &Permit<A>, roles: &[Role]) -> Vec<(OrganId, String)> {
    let mut found: Vec<(OrganId, String)> = Vec::new();
    for held in permit.roles() {
        if !roles.contains(&held.role) {
            continue;
        }
        if !found.iter().any(|(organ, _)| *organ == held.organ) {
            found.push((held.organ, held.organ_name.clone()));
        }
    }
    found
}

/// The one that a form's field names; without a word the only one.
///
/// # Errors
/// Refused where there are several and none is named; not found for one of somebody else.
pub(crate) fn chosen(
    organs: Vec<(OrganId, String)>,
    (field, asked): (&'static str, &str),
) -> Result<(OrganId, String), StepError> {
    if asked.is_empty() && organs.len() > 1 {
        let names: Vec<&str> = organs.iter().map(|(_, name)| name.as_str()).collect();
        return Err(StepError::Refused(vec![(
            field,
            format!(
                "您在{}都有职务，请选择以哪一个的名义办理。",
                names.join("、")
            ),
        )]));
    }
    let named = |(organ, _): &(OrganId, String)| asked.is_empty() || organ.to_string() == asked;
    organs.into_iter().find(named).ok_or(StepError::NotFound)
}

/// The choices of a field, with nothing chosen before.
#[must_use]
pub(crate) fn options(organs: &[(OrganId, String)]) -> Vec<(String, String)> {
    let named = organs
        .iter()
        .map(|(organ, name)| (organ.to_string(), name.clone()));
    std::iter::once((String::new(), "请选择".to_owned()))
        .chain(named)
        .collect()
}

#[cfg(test)]
mod tests;

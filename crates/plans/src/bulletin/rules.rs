//! What an office sets for its own bulletins: who approves, and how numbers look.

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};

use super::{Approver, PATTERN};
use crate::acts::DraftBulletin;
use crate::step::StepError;
use crate::{office_rule, offices};

/// The name of the rule that says who approves.
const APPROVER_RULE: &str = "bulletin.approver";
/// The name of the rule that holds the pattern of numbers.
const PATTERN_RULE: &str = "bulletin.pattern";

/// What an office sets for its own bulletins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    pub approver: Approver,
    /// How numbers look: `{year}` and `{n}` stand for year and running number.
    pub pattern: String,
}

/// An office's rules, or those of a new office.
///
/// # Errors
/// When the store fails.
pub async fn rules(tx: &mut Tx, office: OrganId) -> Result<Rules, StoreError> {
    let approver = office_rule::store::get(tx, office, APPROVER_RULE).await?;
    let pattern = office_rule::store::get(tx, office, PATTERN_RULE).await?;
    Ok(Rules {
        approver: approver
            .and_then(|code| Approver::from_code(&code))
            .unwrap_or(Approver::Head),
        pattern: pattern.unwrap_or_else(|| PATTERN.to_owned()),
    })
}

/// The offices of which a person is head: whose rules the person sets.
pub(crate) fn headed(permit: &Permit<DraftBulletin>) -> Vec<(OrganId, String)> {
    offices::organs_as(permit, &[Role::OfficeHead])
}

/// Sets who approves an office's bulletins, and how their numbers look.
///
/// # Errors
/// Refused for anybody but the office's head, without an office among several, and when the pattern lacks year or number.
pub async fn set_rules(
    tx: &mut Tx,
    permit: &Permit<DraftBulletin>,
    office: &str,
    rules: &Rules,
) -> Result<(), StepError> {
    let headed = headed(permit);
    if headed.is_empty() {
        return Err(StepError::refuse("审批人和编号格式由工作机构负责人设定。"));
    }
    let (office, name) = offices::chosen(headed, ("office", office))?;
    if let Some(fault) = office_rule::pattern_fault(&rules.pattern, PATTERN) {
        return Err(StepError::refuse(fault));
    }
    let approver = rules.approver;
    office_rule::store::set(tx, office, APPROVER_RULE, approver.code()).await?;
    office_rule::store::set(tx, office, PATTERN_RULE, &rules.pattern).await?;
    tx.record(
        Event::new(
            permit.actor(),
            "bulletin.rules",
            ("organ", office.to_string()),
            format!(
                "{name}的通报由{}审批，编号格式为“{}”",
                approver.name(),
                rules.pattern
            ),
        )
        .organ(office),
    );
    Ok(())
}

//! 纸质签批: a unit in which nobody has been appointed who could confirm hands in what its head signed on paper. Where
//! somebody can, that person confirms.

use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::attachment::{self, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox;

use super::store::Side;
use super::submit::{Said, keep, load};
use super::{RoundId, Submission};
use crate::acts::SubmitRound;
use crate::step::{StepError, text_fault};

const SIGNER_CHARS_MAX: usize = 30;

/// What was signed, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub signer: String,
    /// What is said to the office's reasons.
    pub answer: String,
    pub scans: Vec<New>,
}

/// The people who can confirm what a unit reports, by name: its head, and for a government the head of its office.
///
/// # Errors
/// When the store fails.
pub async fn confirmers(tx: &mut Tx, organ: OrganId) -> Result<Vec<String>, StoreError> {
    inbox::who(tx, organ, &[Role::UnitHead], &[Role::OfficeHead]).await
}

/// Keeps what the head signed on paper as confirmed, with the scan and the name.
///
/// # Errors
/// Not found; refused where somebody can confirm here, without name or scan, for what cannot be a scan, and for the reasons of a confirmation.
pub async fn confirm_on_paper(
    tx: &mut Tx,
    permit: &Permit<SubmitRound>,
    key: (RoundId, OrganId),
    signed: Signed,
) -> Result<Submission, StepError> {
    let (round, of) = load(tx, Side::Unit(permit.scope()), key).await?;
    let can = confirmers(tx, of.organ).await?;
    if !can.is_empty() {
        return Err(StepError::refuse(format!(
            "{}能在系统里确认，请其登录确认，不用纸质签批。",
            can.join("、")
        )));
    }
    let mut reasons: Vec<_> = text_fault("signer", "签批人", &signed.signer, SIGNER_CHARS_MAX)
        .into_iter()
        .collect();
    if signed.scans.is_empty() {
        reasons.push(("file", "请选择负责人签字或盖章后的扫描件。".to_owned()));
    }
    let faults = signed.scans.iter().filter_map(New::no_scan);
    reasons.extend(faults.map(|fault| ("file", fault)));
    let said = Said {
        name: format!("{}（纸质签批）", signed.signer),
        how: format!("按{}的纸质签批", signed.signer),
        answer: &signed.answer,
    };
    let of = keep(tx, permit.actor(), (&round, of), said, reasons).await?;
    let subject = ("round_submission", &*of.subject());
    attachment::attach(tx, permit.actor(), subject, of.organ, signed.scans).await?;
    Ok(of)
}

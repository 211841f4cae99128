//! 本机关办理期限: within how many working days 更正 and 投诉 are handled; and whether proof of identity must come with an
//! application over the net. Each government sets its own, and a unit without one keeps that of the organ above it.
//!
//! Law: the 条例 sets no days for either (art. 41, 47); those of art. 33 are for applications alone.

pub(crate) mod pages;
pub mod store;

use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};

use crate::acts::SetLimits;
use crate::reach;
use crate::request::{Kind, LINE_CHARS_MAX, OwnTerm};

/// Working days where nobody has set any. Ours: whoever corrects or complains waits no longer for an answer than whoever
/// applies.
pub const HANDLING_WORKING_DAYS: u16 = 20;
/// The longest limit that can be set, in working days.
pub const HANDLING_WORKING_DAYS_MAX: u16 = 90;

coded! {
    /// Must proof of identity come with an application over the net?
    ///
    /// Law: 条例 art. 29 wants 身份证明 in an application and names no way for it; what lacks it is asked for once (补正, art.
    /// 30), not turned away, unless the organ has set so.
    pub enum Proof {
        Later = "later", "不要求随申请上传，缺少的告知补正";
        Must = "must", "必须随申请上传";
    }
}

impl Proof {
    /// Why an application cannot be handed in so.
    #[must_use]
    pub fn fault(self, kind: Kind, has_files: bool) -> Option<Reason> {
        let lacks = self == Self::Must && kind == Kind::Information && !has_files;
        lacks.then(|| {
            let said = "受理机关要求网上申请上传身份证明（条例第29条）：自然人上传身份证件，单位上传登记证书。";
            ("file", said.to_owned())
        })
    }
}

/// What an organ has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnLimit {
    /// Working days of a 更正.
    pub correction: u16,
    /// Working days of a 投诉.
    pub complaint: u16,
    /// What it rests on.
    pub basis: String,
    pub proof: Proof,
    /// 0: never set.
    pub version: i64,
}

impl Default for OwnLimit {
    fn default() -> Self {
        Self {
            correction: HANDLING_WORKING_DAYS,
            complaint: HANDLING_WORKING_DAYS,
            basis: String::new(),
            proof: Proof::Later,
            version: 0,
        }
    }
}

impl OwnLimit {
    /// What a case of a kind is given; an application keeps the limit of the law.
    #[must_use]
    pub fn term(&self, kind: Kind) -> OwnTerm {
        let working_days = match kind {
            Kind::Information => return OwnTerm::default(),
            Kind::Correction => self.correction,
            Kind::Complaint => self.complaint,
        };
        OwnTerm {
            working_days,
            basis: self.basis.clone(),
        }
    }

    /// Every reason why it cannot be so.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut faults = Vec::new();
        for (field, days) in [
            ("correction_days", self.correction),
            ("complaint_days", self.complaint),
        ] {
            if days == 0 || days > HANDLING_WORKING_DAYS_MAX {
                let said = format!("本机关办理期限是1至{HANDLING_WORKING_DAYS_MAX}个工作日。");
                faults.push((field, said));
            }
        }
        let basis = ("basis", "依据");
        faults.extend(text_fault(basis, &self.basis, LINE_CHARS_MAX, Wanted::Yes));
        faults
    }
}

/// Sets it for the cases that come in from now on.
///
/// # Errors
/// Not found for an organ out of reach; stale; refused with all the reasons.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<SetLimits>,
    organ: OrganId,
    limit: &OwnLimit,
) -> Result<(), NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), organ).await?;
    refused(limit.why_not())?;
    store::save(tx, organ.id, limit).await?;
    let said = format!(
        "本机关办理期限：更正{}个工作日，投诉举报{}个工作日，依据{}；网上申请的身份证明：{}",
        limit.correction,
        limit.complaint,
        limit.basis,
        limit.proof.name()
    );
    let subject = ("organ", organ.id.to_string());
    tx.record(Event::new(permit.actor(), "request.limit-set", subject, said).organ(organ.id));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{HANDLING_WORKING_DAYS_MAX, OwnLimit, Proof};
    use crate::request::Kind;

    #[test]
    fn only_what_the_law_leaves_open_is_set() {
        let limit = OwnLimit {
            correction: 15,
            complaint: 30,
            basis: "市政府办公室规定".to_owned(),
            proof: Proof::Must,
            version: 1,
        };
        let days = |kind| limit.term(kind).working_days;
        assert_eq!((days(Kind::Correction), days(Kind::Complaint)), (15, 30));
        assert_eq!(days(Kind::Information), 20);
        assert!(limit.why_not().is_empty());
        assert!(limit.proof.fault(Kind::Information, false).is_some());
        assert!(limit.proof.fault(Kind::Information, true).is_none());
        assert!(limit.proof.fault(Kind::Complaint, false).is_none());
        assert!(Proof::Later.fault(Kind::Information, false).is_none());
        let wrong = OwnLimit {
            correction: 0,
            complaint: HANDLING_WORKING_DAYS_MAX + 1,
            ..OwnLimit::default()
        };
        let fields: Vec<&str> = wrong.why_not().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["correction_days", "complaint_days", "basis"]);
    }
}

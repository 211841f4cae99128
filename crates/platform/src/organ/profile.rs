//! 机构信息: what the public reads of an organ. What is empty is left out there.
//!
//! Law: 政府信息公开条例 (2019) art. 20, no. 2: 机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名.

pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::credit_code::is_credit_code;
use gongkai_basis::id::OrganId;
use serde_json::json;

use super::OrganError;
use super::acts::EditOrgans;
use super::change::{event, reachable};
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::fault::{Reason, Wanted, form_errors, phone_fault, text_fault};

/// Characters of a line, and of a longer text.
pub const LINE_CHARS_MAX: usize = 100;
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Characters of a code that the place itself gave.
const HOUSE_CODE_CHARS_MAX: usize = 20;

/// What people write about an organ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// 机关职能, 机构设置
    pub duties: String,
    pub sections: String,
    pub address: String,
    pub hours: String,
    pub phone: String,
    /// 负责人: one a line.
    pub leaders: String,
    /// 统一社会信用代码
    pub credit_code: String,
    /// 机关代码 that the place itself gave, for 索引号 that are made of it.
    pub house_code: String,
}

/// What is kept of an organ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub words: Words,
    /// How 索引号 are made for this organ and those below; empty: as above it.
    pub index_scheme: String,
    /// 0 where nothing was kept yet.
    pub version: i64,
}

impl Words {
    /// All that speaks against keeping these words, but for what other organs have.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let long = |field, text| text_fault(field, text, TEXT_CHARS_MAX, Wanted::No);
        let line = |field, text| text_fault(field, text, LINE_CHARS_MAX, Wanted::No);
        let mut reasons: Vec<Reason> = [
            long(("duties", "机关职能"), &self.duties),
            long(("sections", "机构设置"), &self.sections),
            line(("address", "办公地址"), &self.address),
            line(("hours", "办公时间"), &self.hours),
            line(("phone", "联系电话"), &self.phone),
            long(("leaders", "负责人"), &self.leaders),
        ]
        .into_iter()
        .flatten()
        .collect();
        reasons.extend(phone_fault(("phone", "联系电话"), &self.phone));
        if !self.credit_code.is_empty() && !is_credit_code(&self.credit_code) {
            let sentence = "统一社会信用代码是18位，最后一位校验不对；请对照登记证书逐位核对。";
            reasons.push(("credit_code", sentence.to_owned()));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let code = &self.house_code;
        if code.chars().count() > HOUSE_CODE_CHARS_MAX || !code.chars().all(plain) {
            reasons.push((
                "house_code",
                format!("机关代码只用数字、字母和“-”，最多{HOUSE_CODE_CHARS_MAX}位。"),
            ));
        }
        reasons
    }
}

/// Keeps what the public is to read of an organ.
///
/// # Errors
/// Mistakes of the form, all at once; an organ out of reach; somebody else's change in the meantime; a failing store.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit<EditOrgans>,
    (id, version): (OrganId, i64),
    words: Words,
) -> Result<(), OrganError> {
    let organ = reachable(tx, permit, id).await?;
    let mut reasons = words.why_not();
    for (field, name) in store::taken(tx, id, &words).await? {
        reasons.push((
            field,
            format!("“{name}”已经登记了这个代码，两个机关用同一个代码，索引号会重复。"),
        ));
    }
    if !reasons.is_empty() {
        return Err(OrganError::Form(form_errors(reasons)));
    }
    let mut profile = store::load(tx, id).await?;
    if profile.version != version {
        return Err(StoreError::Stale.into());
    }
    let data = json!({ "before": facts(&profile.words), "after": facts(&words) });
    profile.words = words;
    store::keep(tx, id, &profile).await?;
    let sentence = format!("修改“{}”的机构信息", organ.name);
    tx.record(event(permit.actor(), "organ.profile", &organ, sentence).data(data));
    Ok(())
}

fn facts(words: &Words) -> serde_json::Value {
    json!({
        "duties": words.duties,
        "sections": words.sections,
        "address": words.address,
        "hours": words.hours,
        "phone": words.phone,
        "leaders": words.leaders,
        "credit_code": words.credit_code,
        "house_code": words.house_code,
    })
}

//! The limits that the law fixes, as numbers of days and as terms of a clock. Each number stands here alone.
//!
//! 条例 is 中华人民共和国政府信息公开条例 (国务院令第711号, 2019); 收费办法 is 政府信息公开信息处理费管理办法
//! (国办函〔2020〕109号).

use super::{Limit, Terms};
use crate::calendar::WorkingDays;

/// Working days to reply to a request, and the most that one extension adds; 条例 art. 33.
pub const REPLY_DAYS: u16 = 20;
pub const EXTENSION_DAYS_MAX: u16 = 20;
/// Working days within which the applicant is told what to supplement, once; 条例 art. 30.
pub const SUPPLEMENT_NOTICE_DAYS: u16 = 7;
/// Working days in which a third party or an organ that made the information too gives its opinion; 条例 art. 32, 34.
pub const OPINION_DAYS: u16 = 15;
/// Working days to publish what must be public; 条例 art. 26.
pub const PUBLICATION_DAYS: u16 = 20;
/// Working days to pay the processing fee; 收费办法 art. 6, as a province restates it.
pub const FEE_PAYMENT_DAYS: u16 = 20;

/// Reply to a request: 20 working days from receipt, extended by at most 20; 条例 art. 33.
pub const REPLY: Terms = working_days(REPLY_DAYS, EXTENSION_DAYS_MAX);

/// Telling the applicant what to supplement: 7 working days from receipt, once; 条例 art. 30.
pub const SUPPLEMENT_NOTICE: Terms = working_days(SUPPLEMENT_NOTICE_DAYS, 0);

/// A third party's opinion: 15 working days from receiving the letter; silence is no consent, the
/// organ decides; 条例 art. 32.
pub const THIRD_PARTY_OPINION: Terms = working_days(OPINION_DAYS, 0);

/// The opinion of an organ that made the information too: 15 working days from receiving the
/// letter; silence is consent; 条例 art. 34.
pub const CO_MAKER_OPINION: Terms = working_days(OPINION_DAYS, 0);

/// Publishing what must be public: 20 working days from its making or change, unless another law
/// sets another limit; 条例 art. 26.
pub const PUBLICATION: Terms = working_days(PUBLICATION_DAYS, 0);

/// Paying the processing fee: 20 working days from receiving the notice; 收费办法 art. 6, as a
/// province restates it.
pub const FEE_PAYMENT: Terms = working_days(FEE_PAYMENT_DAYS, 0);

const fn working_days(days: u16, extension_max: u16) -> Terms {
    match WorkingDays::new(days) {
        Ok(days) => Terms {
            limit: Limit::WorkingDays(days),
            extension_max,
        },
        Err(_) => panic!("a limit of law is far below WorkingDays::MAX"),
    }
}

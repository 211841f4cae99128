//! 当场答复: what was told at the counter, to whom, when and by whom, with the page that the applicant signed.
//!
//! Law: 条例 art. 33: what can be answered on the spot is answered on the spot. It is a final reply, so the remedies are
//! told with it (行政复议法 art. 20: who is not told has up to a year); what releases or withholds content needs its review
//! (art. 17) and a written decision.

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_platform::fault::{Reason, Wanted, text_fault};

use super::case::Case;
use super::reply::{Decision, Reply};
use super::{Channel, LINE_CHARS_MAX};

coded! {
    /// Does the applicant want it in writing all the same?
    pub enum Paper {
        NotWanted = "not_wanted", "不要求书面答复";
        Wanted = "wanted", "要求书面答复";
    }
}

coded! {
    /// Were the remedies told?
    pub enum Remedies {
        Told = "told", "已当面告知复议、诉讼的权利、机关和期限";
        NotTold = "not_told", "没有告知";
    }
}

/// The circumstances of the telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// To whom: the applicant, or who came with its authority.
    pub to: String,
    /// The time of the day, as it stands on the signed page: 10:30.
    pub at: String,
    /// Who told it.
    pub by: String,
    pub paper: Paper,
    pub remedies: Remedies,
    /// Scans of the signed page that come with it.
    pub scans: usize,
}

/// What can be told: nothing of it releases content or withholds any.
pub const TELLABLE: [Reply; 5] = [
    Reply::AlreadyPublic,
    Reply::NotOurs,
    Reply::Publication,
    Reply::Petition,
    Reply::SpecialLaw,
];

impl Told {
    /// `HH:MM`, of a day that has 24 hours.
    fn is_time(&self) -> bool {
        self.at.split_once(':').is_some_and(|(hours, minutes)| {
            let below = |text: &str, most: u8| {
                let digits = text.len() == 2 && text.bytes().all(|one| one.is_ascii_digit());
                digits && text.parse().is_ok_and(|number: u8| number < most)
            };
            below(hours, 24) && below(minutes, 60)
        })
    }

    /// Every reason why this is no record of an answer.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let line =
            |field, name, text: &str| text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes);
        let mut faults: Vec<Reason> = [
            line("told_to", "当面告知的对象", &self.to),
            line("told_by", "告知人", &self.by),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !self.is_time() {
            faults.push(("told_at", "请填写告知的时间，例：10:30。".to_owned()));
        }
        if self.paper == Paper::Wanted {
            let said = "申请人要求书面答复的，请走“拟定答复”，出具答复书。";
            faults.push(("paper", said.to_owned()));
        }
        if self.remedies == Remedies::NotTold {
            let said =
                "当场答复也是答复，要同时告知复议、诉讼的权利、机关和期限（行政复议法第20条）。";
            faults.push(("remedies", said.to_owned()));
        }
        if self.scans == 0 {
            let said = "请附申请人签名的当场答复记录扫描件；记录可以在“打印当场答复记录”里打印。";
            faults.push(("file", said.to_owned()));
        }
        faults
    }
}

/// Every reason why this case cannot be answered so today.
pub(super) fn why_not(case: &Case, decision: &Decision, told: &Told, today: Date) -> Vec<Reason> {
    let mut faults = decision.why_not();
    if !TELLABLE.contains(&decision.reply) {
        let said = "当场答复只用于已主动公开、非本机关、公开出版物、信访投诉和行政查询事项；提供内容、不予公开和其他答复要经公开审查，出具书面答复（条例第17条）。";
        faults.push(("reply", said.to_owned()));
    }
    let request = &case.request;
    if !matches!(request.channel, Channel::Counter | Channel::Oral) {
        let said = format!(
            "这件以{}提交，申请人不在场，不能当场答复。",
            request.channel.name()
        );
        faults.push(("act", said));
    }
    if request.received_on.is_some_and(|on| on != today) {
        let said = "当场答复是收到申请当天的答复；已经过了当天，请走“拟定答复”。".to_owned();
        faults.push(("act", said));
    }
    if case.consultations.iter().any(|letter| letter.is_open()) {
        let said = "正在征求意见或请单位协办，不能当场答复。".to_owned();
        faults.push(("act", said));
    }
    faults.extend(told.why_not());
    faults
}

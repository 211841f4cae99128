//! 行政复议 and 行政诉讼 about replies: each with its own limits, its outcome for table 四 of the annual report, and what
//! is to be learned from it for the next letter of the kind.

pub mod handle;
pub(crate) mod pages;
pub(crate) mod seam;
pub mod store;
#[cfg(test)]
mod tests;

use gongkai_basis::Date;
use gongkai_basis::clock::Run;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use gongkai_platform::web::day;
use jiff::ToSpan as _;

use crate::letter::remedy::{RECONSIDERATION_DAYS, Remedy as Way, SUIT_AFTER_DAYS, SUIT_MONTHS};
use crate::letter::{LetterId, LetterKind, RemedyId};
use crate::request::case::Case;
use crate::request::state::Act;

/// The organ's answer to a reconsideration, in days from receiving the copy (行政复议法 2023, ordinary procedure). Like the
/// two below not verified: the default of [`AnswerDays`].
pub const REVIEW_ANSWER_DAYS: u16 = 10;
/// The same in the simplified procedure, which cases about information may use (art. 53(4)).
pub const SIMPLE_ANSWER_DAYS: u16 = 5;
/// The organ's answer to a suit, in days from receiving the copy (行政诉讼法).
pub const SUIT_ANSWER_DAYS: u16 = 15;
/// The longest limit that can be set, in days.
pub const ANSWER_DAYS_MAX: u16 = 90;
/// The longest line and text, in characters.
pub const LINE_CHARS_MAX: usize = 200;
pub const TEXT_CHARS_MAX: usize = 2_000;

coded! {
    /// The three blocks of table 四.
    pub enum RemedyKind {
        Review = "review", "行政复议";
        DirectSuit = "direct", "未经复议直接起诉";
        SuitAfter = "after", "复议后起诉";
    }
}

coded! {
    /// The columns of each block; without one it is 尚未审结.
    pub enum RemedyOutcome {
        Kept = "kept", "结果维持";
        Corrected = "corrected", "结果纠正";
        Other = "other", "其他结果";
    }
}

coded! {
    pub enum Procedure {
        Ordinary = "ordinary", "普通程序";
        Simple = "simple", "简易程序";
    }
}

coded! {
    /// Did the reply tell of the right to a review, of the organ and of the limit?
    pub enum RightTold {
        Yes = "yes", "已告知";
        No = "no", "没有告知，或者没有告知完整";
    }
}

/// What is written down about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyWords {
    pub kind: RemedyKind,
    /// 案号
    pub case_number: String,
    pub applicant: String,
    /// 复议机关 or 法院
    pub body: String,
    /// What is challenged.
    pub matter: String,
    /// When the reply reached the applicant; `None` for silence past the limit.
    pub served_on: Option<Date>,
    /// Of the right to a review.
    pub told: RightTold,
    /// When an applicant who was not told came to know of it; `None` while nobody knows.
    pub learned_on: Option<Date>,
    /// 申请或起诉日期
    pub filed_on: Date,
    /// When the organ received the copy.
    pub copy_on: Option<Date>,
    pub procedure: Procedure,
    pub answered_on: Option<Date>,
}

/// Within how many calendar days from receiving the copy an organ answers: its configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerDays {
    pub review: u16,
    /// 简易程序
    pub simple: u16,
    pub suit: u16,
    /// What the organ rests them on.
    pub basis: String,
    /// 0: never set, the defaults.
    pub version: i64,
}

impl Default for AnswerDays {
    fn default() -> Self {
        Self {
            review: REVIEW_ANSWER_DAYS,
            simple: SIMPLE_ANSWER_DAYS,
            suit: SUIT_ANSWER_DAYS,
            basis: String::new(),
            version: 0,
        }
    }
}

impl AnswerDays {
    #[must_use]
    pub const fn of(&self, kind: RemedyKind, procedure: Procedure) -> u16 {
        match (kind, procedure) {
            (RemedyKind::Review, Procedure::Ordinary) => self.review,
            (RemedyKind::Review, Procedure::Simple) => self.simple,
            (RemedyKind::DirectSuit | RemedyKind::SuitAfter, _) => self.suit,
        }
    }

    /// Every reason why these limits cannot be.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut faults = Vec::new();
        for (field, days) in [
            ("review_days", self.review),
            ("simple_days", self.simple),
            ("suit_days", self.suit),
        ] {
            if days == 0 || days > ANSWER_DAYS_MAX {
                let said = format!("答复期限是1至{ANSWER_DAYS_MAX}日。");
                faults.push((field, said));
            }
        }
        let basis = ("basis", "依据");
        faults.extend(text_fault(basis, &self.basis, LINE_CHARS_MAX, Wanted::Yes));
        faults
    }
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub outcome: RemedyOutcome,
    pub decided_on: Date,
    /// When the decision reached the applicant.
    pub decision_on: Option<Date>,
    pub reason: String,
    /// What must be done otherwise, for letters of a kind; only of what was corrected.
    pub lesson: String,
    pub lesson_kind: Option<LetterKind>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    pub id: RemedyId,
    pub organ: OrganId,
    pub organ_name: String,
    /// The case that it belongs to; empty without one.
    pub case_id: String,
    pub letter: Option<LetterId>,
    /// The review that a suit follows.
    pub after: Option<RemedyId>,
    pub words: RemedyWords,
    /// Of its organ.
    pub answer_days: AnswerDays,
    pub ending: Option<Ending>,
    pub removed_why: Option<String>,
    pub recorded_by: String,
    pub version: i64,
}

/// A limit of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyLimit {
    pub name: &'static str,
    pub basis: &'static str,
    /// The last day, inclusive.
    pub due: Date,
    /// What it was counted from, where it has days to count: months and years have none.
    pub run: Option<Run>,
    /// When it was done.
    pub done: Option<Date>,
    /// Is it the organ's own to keep?
    pub ours: Ours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ours {
    Yes,
    No,
}

impl RemedyLimit {
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.done.unwrap_or(today) > self.due
    }
}

impl RemedyWords {
    /// The last day to file, after the day on which the applicant came to know: 60 days, 6 months, or 15 days after the
    /// decision of the review (行政复议法 art. 20; 行政诉讼法 art. 46, 45). Who was not told of the right to a review has 60 days
    /// from coming to know of it, and a year from the reply at most (行政复议法 art. 20(3)); where nobody knows since when it
    /// was known, the year. Unit: civil date, Beijing time, inclusive.
    #[must_use]
    pub fn filing_limit(&self, review_decision_on: Option<Date>) -> Option<Date> {
        let run = self.filing_run(review_decision_on);
        let counted = run.and_then(Run::unmoved);
        match self.kind {
            RemedyKind::Review if self.told == RightTold::No => {
                let most = self.served_on?.checked_add(1.year()).ok()?;
                Some(counted.map_or(most, |known| known.min(most)))
            }
            RemedyKind::Review | RemedyKind::SuitAfter => counted,
            // The same day of the sixth month; a month without it ends it.
            RemedyKind::DirectSuit => self
                .served_on?
                .checked_add(i64::from(SUIT_MONTHS).months())
                .ok(),
        }
    }

    /// The days within which it had to be filed, from which day; `None` for months, and while that day is not known.
    fn filing_run(&self, review_decision_on: Option<Date>) -> Option<Run> {
        let (from, days) = match self.kind {
            RemedyKind::Review if self.told == RightTold::No => {
                (self.learned_on?, RECONSIDERATION_DAYS)
            }
            RemedyKind::Review => (self.served_on?, RECONSIDERATION_DAYS),
            RemedyKind::DirectSuit => return None,
            RemedyKind::SuitAfter => (review_decision_on?, SUIT_AFTER_DAYS),
        };
        Run::calendar_days(from, days).ok()
    }

    /// The days of the organ's own answer, from receiving the copy.
    fn answer_run(&self, days: &AnswerDays) -> Option<Run> {
        let days = days.of(self.kind, self.procedure);
        Run::calendar_days(self.copy_on?, days).ok()
    }

    /// The last day of the organ's own answer. Unit: civil date, Beijing time, inclusive.
    #[must_use]
    pub fn answer_limit(&self, days: &AnswerDays) -> Option<Date> {
        self.answer_run(days)?.unmoved()
    }
}

impl Remedy {
    /// The last day of the organ's own answer, by its own configuration.
    #[must_use]
    pub fn answer_limit(&self) -> Option<Date> {
        self.words.answer_limit(&self.answer_days)
    }

    /// Every limit that runs or ran, with the review before a suit.
    #[must_use]
    pub fn limits(&self, review: Option<&Self>) -> Vec<RemedyLimit> {
        let before = review.and_then(|review| review.ending.as_ref()?.decision_on);
        let words = &self.words;
        let (name, basis) = match words.kind {
            RemedyKind::Review if words.told == RightTold::No => (
                "申请行政复议期限（没有告知的，知道之日起60日，最长1年）",
                "行政复议法第二十条第三款",
            ),
            RemedyKind::Review => ("申请行政复议期限（60日）", "行政复议法第二十条"),
            RemedyKind::DirectSuit => ("直接起诉期限（6个月）", "行政诉讼法第四十六条"),
            RemedyKind::SuitAfter => ("复议后起诉期限（15日）", "行政诉讼法第四十五条"),
        };
        let mut limits = Vec::new();
        if let Some(due) = words.filing_limit(before) {
            limits.push(RemedyLimit {
                name,
                basis,
                due,
                // A year that ends before the days do has none of them.
                run: words
                    .filing_run(before)
                    .filter(|run| run.unmoved() == Some(due)),
                done: Some(words.filed_on),
                ours: Ours::No,
            });
        }
        if let Some(due) = self.answer_limit() {
            let basis = match words.kind {
                RemedyKind::Review => "行政复议法（被申请人答复）",
                RemedyKind::DirectSuit | RemedyKind::SuitAfter => "行政诉讼法（被告答辩）",
            };
            limits.push(RemedyLimit {
                name: "本机关提交答复、证据期限",
                basis,
                due,
                run: words.answer_run(&self.answer_days),
                done: words.answered_on,
                ours: Ours::Yes,
            });
        }
        let decided = self.ending.as_ref().and_then(|ending| ending.decision_on);
        let to_suit = decided.and_then(|on| Run::calendar_days(on, SUIT_AFTER_DAYS).ok());
        if let (RemedyKind::Review, Some(run)) = (words.kind, to_suit)
            && let Some(due) = run.unmoved()
        {
            limits.push(RemedyLimit {
                name: "申请人对复议决定起诉期限（15日）",
                basis: "行政诉讼法第四十五条",
                due,
                run: Some(run),
                done: None,
                ours: Ours::No,
            });
        }
        limits
    }

    /// Why the last day to file cannot be told; `None` where it can.
    #[must_use]
    pub fn why_no_filing_limit(&self, review: Option<&Self>) -> Option<&'static str> {
        let before = review.and_then(|review| review.ending.as_ref()?.decision_on);
        if self.words.filing_limit(before).is_some() {
            return None;
        }
        Some(match self.words.kind {
            RemedyKind::Review | RemedyKind::DirectSuit => {
                "没有登记答复送达日期，算不出申请（起诉）期限。逾期没有答复的没有这个日期，是否超过期限由复议机关、法院认定；已经答复的，请在“修改登记”里补上。"
            }
            RemedyKind::SuitAfter => {
                "前面的行政复议没有登记决定送达申请人的日期，算不出起诉期限；请在那件行政复议里补上。"
            }
        })
    }

    /// What its case says otherwise: that a review had to come first, and when the reply left and arrived.
    ///
    /// Law: 行政复议法 art. 23(4): who is refused information applies for a review before he sues.
    #[must_use]
    pub fn doubts(&self, case: &Case) -> Vec<String> {
        let mut doubts: Vec<String> = self.first_a_review(case).into_iter().collect();
        let Some(served) = self.words.served_on else {
            return doubts;
        };
        let arrived = case.last(Act::Deliver).map(|entry| entry.on);
        let left = case.request.replied_on.filter(|left| served < *left);
        let said = match (arrived.filter(|arrived| *arrived != served), left) {
            (Some(arrived), _) => format!("案卷登记的送达日期是{}", day(arrived)),
            (None, Some(left)) => format!("案卷里的答复{}才发出", day(left)),
            (None, None) => return doubts,
        };
        doubts.push(format!(
            "这里登记的答复送达日期是{}，{said}，请核对；期限从送达之日起算。",
            day(served)
        ));
        doubts
    }

    fn first_a_review(&self, case: &Case) -> Option<String> {
        let decision = case.request.decision.as_ref()?;
        let what = match decision.reply.letter().template().remedy {
            Way::ReviewFirst => "不予公开的答复",
            Way::Mixed => "答复中不予公开的部分",
            Way::None | Way::Either => return None,
        };
        (self.words.kind == RemedyKind::DirectSuit).then(|| {
            format!(
                "这件申请的答复是“{}”。对{what}不服的，应当先申请行政复议（行政复议法第二十三条第一款第四项）；原告没有经过复议的，请在答辩时向法院提出。",
                decision.reply.name()
            )
        })
    }

    /// 尚未审结, or how it ended.
    #[must_use]
    pub fn state_name(&self) -> &'static str {
        self.ending
            .as_ref()
            .map_or("尚未审结", |ending| ending.outcome.name())
    }
}

//! What happens to a case: each act with its facts, the rules that refuse it, and what it leaves.

mod effect;
mod guard;
pub mod registration;
mod words;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::{ClockEvent, limits};
use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, OrganId};
use serde_json::{Value, json};

use super::Applicant;
use super::case::{Asked, Case, Consultation, Entry, Opinion, StopReason};
use super::reply::Decision;
use super::scrutiny::Scrutiny;
use super::spot::Told;
use super::state::{Act, Next, State, Who};
use crate::fee::Bill;
use crate::id::ConsultationId;
use gongkai_platform::fault::Reason;

/// Working days within which 补正 is asked for, once (art. 30).
pub const SUPPLEMENT_NOTICE_WORKING_DAYS: u16 = limits::SUPPLEMENT_NOTICE_DAYS;
/// Working days that 补正 is given by default: art. 30 says 合理期限 only.
pub const SUPPLEMENT_WORKING_DAYS: u16 = 15;
/// Working days below which a limit for 补正 is looked at once more: the law has no number (art. 30).
pub const SUPPLEMENT_SHORT_WORKING_DAYS: u16 = 5;
/// Working days in which third parties and co-making organs answer (art. 32, 34).
pub const OPINION_WORKING_DAYS: u16 = limits::OPINION_DAYS;
/// Working days added by extensions at most (art. 33).
pub const EXTENSION_WORKING_DAYS_MAX: u16 = limits::EXTENSION_DAYS_MAX;

coded! {
    /// How a reply leaves (送达解释, 国办公开办函〔2016〕235号).
    pub enum Service {
        /// By the postal enterprise only; the posting date counts.
        Post = "post", "邮寄（中国邮政）";
        /// The signature date counts.
        Direct = "direct", "直接送达";
        /// Through another organ; the signature date counts.
        Entrusted = "entrusted", "委托送达";
        Email = "email", "电子邮件";
        Web = "web", "网上送达";
    }
}

/// In an entry's data: done by the organ's head, where nobody is appointed for it.
pub const ACTING: &str = "acting";

/// In an entry's data: the letter that it sends or answers, and the papers that came with it.
pub(super) const LETTER: &str = "of";
/// In an entry's data: why a letter is waited for no more, and in which words.
pub(super) const REASON: &str = "reason";
pub(super) const WORDS: &str = "words";
/// In an entry's data: the last day for what it asks for.
pub(super) const UNTIL: &str = "until";
pub(super) const FILES: &str = "files";

/// An act with its facts.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Confirm {
        on: Date,
    },
    AskSupplement {
        items: String,
        until: Date,
    },
    Supplement {
        text: String,
        on: Date,
    },
    NotSupplemented,
    Accept {
        handler: (AccountId, String),
    },
    Reassign {
        handler: (AccountId, String),
        why: String,
    },
    Consult {
        asked: Asked,
        name: String,
        organ: Option<OrganId>,
        question: String,
        got_on: Option<Date>,
    },
    /// The letter reached its reader.
    Reached {
        of: ConsultationId,
        on: Date,
    },
    Opinion {
        of: ConsultationId,
        opinion: Opinion,
        words: String,
        /// The day on which it arrived.
        on: Date,
    },
    OpinionExpired {
        of: ConsultationId,
    },
    /// A letter to the outside is waited for no more.
    StopAsking {
        of: ConsultationId,
        reason: StopReason,
        words: String,
        /// When its opinion was had by other ways; of [`StopReason::Elsewhere`] alone.
        had_on: Option<Date>,
    },
    AskUnit {
        name: String,
        organ: OrganId,
        question: String,
        until: Date,
        /// What the unit is given with it: hashes of files, addresses.
        files: Vec<String>,
    },
    UnitAnswer {
        of: ConsultationId,
        words: String,
        /// What it gives: hashes of files, addresses.
        files: Vec<String>,
    },
    ProposeExtension {
        days: u16,
        why: String,
    },
    ApproveExtension,
    /// The notice of an approved extension left: from here the days count (art. 33).
    TellExtension {
        days: u16,
    },
    RefuseExtension {
        why: String,
    },
    AskReasons {
        facts: String,
        until: Date,
    },
    GiveReasons {
        text: String,
    },
    Defer {
        until: Date,
        why: String,
    },
    Charge {
        bill: Bill,
        notice: String,
        until: Date,
        /// Why the position in the month is another one than counted.
        why: String,
    },
    /// The notice of the fee reached the applicant.
    ChargeReached {
        on: Date,
    },
    Pay {
        on: Date,
        proof: String,
    },
    NotPaid,
    /// A fee that was asked for by mistake.
    CancelCharge {
        why: String,
    },
    Search {
        places: String,
        method: String,
        result: String,
    },
    Answer {
        decision: Decision,
        told: Told,
    },
    Decide(Decision),
    Pass {
        /// The reviewer's opinion.
        words: String,
        /// What stood beside the reply then: hashes of files, addresses.
        files: Vec<String>,
        /// The review's own fields, and what was answered to the findings of the check.
        scrutiny: Box<Scrutiny>,
    },
    Return {
        why: String,
    },
    Sign,
    Dispatch {
        service: Service,
        on: Date,
        proof: String,
    },
    Deliver {
        on: Date,
        proof: String,
    },
    Archive {
        number: String,
    },
    Withdraw {
        why: String,
    },
    /// What was registered wrongly is mended.
    Amend {
        applicant: Box<Applicant>,
        /// As it should have been; what it was changes nothing.
        received_on: Option<Date>,
        why: String,
    },
    Transfer {
        organ: OrganId,
        name: String,
        why: String,
    },
    Merge {
        into: String,
        why: String,
    },
    Split {
        number: String,
        subject: String,
    },
    Redo {
        why: String,
        /// When the decision that orders it arrived, or was made by the organ itself.
        on: Date,
        /// The last day that the decision sets for the reply.
        until: Option<Date>,
    },
    Note {
        words: String,
    },
}

impl Step {
    #[must_use]
    pub const fn act(&self) -> Act {
        match self {
            Self::Confirm { .. } => Act::Confirm,
            Self::AskSupplement { .. } => Act::AskSupplement,
            Self::Supplement { .. } => Act::Supplement,
            Self::NotSupplemented => Act::NotSupplemented,
            Self::Accept { .. } => Act::Accept,
            Self::Reassign { .. } => Act::Reassign,
            Self::Consult { .. } => Act::Consult,
            Self::Reached { .. } => Act::Reached,
            Self::Opinion { .. } => Act::Opinion,
            Self::OpinionExpired { .. } => Act::OpinionExpired,
            Self::StopAsking { .. } => Act::StopAsking,
            Self::AskUnit { .. } => Act::AskUnit,
            Self::UnitAnswer { .. } => Act::UnitAnswer,
            Self::ProposeExtension { .. } => Act::ProposeExtension,
            Self::ApproveExtension => Act::ApproveExtension,
            Self::TellExtension { .. } => Act::TellExtension,
            Self::RefuseExtension { .. } => Act::RefuseExtension,
            Self::AskReasons { .. } => Act::AskReasons,
            Self::GiveReasons { .. } => Act::GiveReasons,
            Self::Defer { .. } => Act::Defer,
            Self::Charge { .. } => Act::Charge,
            Self::ChargeReached { .. } => Act::ChargeReached,
            Self::Pay { .. } => Act::Pay,
            Self::NotPaid => Act::NotPaid,
            Self::CancelCharge { .. } => Act::CancelCharge,
            Self::Search { .. } => Act::Search,
            Self::Answer { .. } => Act::Answer,
            Self::Decide(_) => Act::Decide,
            Self::Pass { .. } => Act::Pass,
            Self::Return { .. } => Act::Return,
            Self::Sign => Act::Sign,
            Self::Dispatch { .. } => Act::Dispatch,
            Self::Deliver { .. } => Act::Deliver,
            Self::Archive { .. } => Act::Archive,
            Self::Withdraw { .. } => Act::Withdraw,
            Self::Amend { .. } => Act::Amend,
            Self::Transfer { .. } => Act::Transfer,
            Self::Merge { .. } => Act::Merge,
            Self::Split { .. } => Act::Split,
            Self::Redo { .. } => Act::Redo,
            Self::Note { .. } => Act::Note,
        }
    }
}

/// Who does it, as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doer {
    pub who: Vec<Who>,
    pub name: String,
    pub account: Option<AccountId>,
}

/// So begins who did what an applicant did; the name follows.
pub(crate) const APPLICANT: &str = "申请人（";

impl Doer {
    #[must_use]
    pub fn applicant(name: &str) -> Self {
        Self {
            who: vec![Who::Applicant],
            name: format!("{APPLICANT}{name}）"),
            account: None,
        }
    }

    /// Does the applicant do it, with the code of the case?
    pub(super) fn is_applicant(&self) -> bool {
        self.who.contains(&Who::Applicant)
    }

    #[must_use]
    pub fn program() -> Self {
        Self {
            who: vec![Who::Program],
            name: "系统".to_owned(),
            account: None,
        }
    }
}

/// When it happens, by which calendar; `fresh` names a letter that the act sends.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'c> {
    pub today: Date,
    /// Milliseconds since 1970.
    pub at: i64,
    pub fresh: ConsultationId,
    pub calendar: &'c WorkCalendar,
}

/// Why somebody cannot do it, and who can; applicants read no words of the house.
fn may_not(from: State, act: Act, who: &[Who]) -> String {
    if who.contains(&Who::Applicant) {
        let what = match act {
            Act::Supplement => "补正",
            Act::GiveReasons => "说明理由",
            Act::Opinion => "答复征求意见",
            _ => "撤回",
        };
        let now = from.public_name();
        let further = match act {
            Act::Supplement | Act::GiveReasons => {
                "这次填写的和选的文件没有保存，还要交的，请联系受理机关，写明申请编号。"
            }
            _ => "",
        };
        return format!("申请现在的情况是“{now}”，不能再{what}。{further}");
    }
    if (from, act) == (State::Consulting, Act::TellExtension) {
        return "征求意见期间答复期限暂停计算，没有可以告知的到期日，延期答复告知书没有发出。请在恢复计算以后、期限届满以前发出；批准的延期照样有效。".to_owned();
    }
    let (now, what) = (from.name(), act.name());
    let others = act.doers(from);
    if others.is_empty() {
        format!("现在的状态是“{now}”，不能办理“{what}”。")
    } else {
        format!("现在的状态是“{now}”，不能由您办理“{what}”；可以办理的是本机关的{others}。")
    }
}

/// What becomes of a fee that was paid and should not have been asked for.
const PAID: &str = "费用已经缴纳，不能撤销收费。收错的，由收费单位按非税收入退付的规定办理退费，并把经过写入“会商记录”；能在原来的期限内答复的，请在原来的期限内答复。";

impl Case {
    /// Why nobody who stands here as these can do it in this state, whatever its facts; `None` where somebody can.
    #[must_use]
    pub fn why_closed(&self, act: Act, who: &[Who]) -> Option<String> {
        let from = self.request.state;
        let open = who.iter().any(|one| act.next(from, *one).is_some());
        let open = open && (act != Act::Supplement || self.takes_supplement());
        if !open && act == Act::CancelCharge && self.is_paid() {
            return Some(PAID.to_owned());
        }
        (!open).then(|| may_not(from, act, who))
    }

    /// It is waited for; or the case was ended for the lack of it, and is done again.
    fn takes_supplement(&self) -> bool {
        self.request.state == State::AwaitingSupplement || self.lacks_supplement()
    }

    /// Has exactly this been done already: the same act with the same facts, and none of its kind since?
    #[must_use]
    pub fn has_done(&self, step: &Step) -> bool {
        let last = self.last(step.act());
        last.is_some_and(|entry| entry.data == effect::data(step))
    }

    /// Every reason why the step cannot happen now.
    #[must_use]
    pub fn why_not(&self, step: &Step, doer: &Doer, moment: &Moment<'_>) -> Vec<Reason> {
        if let Some(sentence) = self.why_closed(step.act(), &doer.who) {
            return vec![("act", sentence)];
        }
        let mut reasons = guard::reasons(self, step, doer, moment);
        if reasons.is_empty() {
            let events = effect::clock_events(self, step, moment);
            // Done again, or received on another day, the case has a new clock.
            let mut clock = match events.first() {
                Some(ClockEvent::Started { .. }) => None,
                _ => self.clock(moment.calendar),
            };
            for event in events {
                let after = match clock.take() {
                    None => gongkai_basis::clock::Clock::replay([&event], moment.calendar)
                        .map_err(|error| error.error),
                    Some(clock) => clock.apply(&event, moment.calendar),
                };
                match after {
                    Ok(after) => clock = Some(after),
                    Err(error) => {
                        reasons.push(("clock", error.sentence()));
                        break;
                    }
                }
            }
        }
        reasons
    }

    /// The step happens: state, facts, consultations and history follow. Gives the new line of the history.
    ///
    /// # Errors
    /// Every reason why it cannot happen now; then nothing has changed.
    pub fn apply(
        &mut self,
        step: &Step,
        doer: &Doer,
        moment: &Moment<'_>,
    ) -> Result<Entry, Vec<Reason>> {
        let reasons = self.why_not(step, doer, moment);
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let (act, from) = (step.act(), self.request.state);
        let next = doer.who.iter().find_map(|who| act.next(from, *who));
        Ok(self.happens(step, doer, moment, next))
    }

    /// As [`Case::apply`], for what happened in an older system: its guards were that system's.
    pub(super) fn taken_over(&mut self, step: &Step, doer: &Doer, moment: &Moment<'_>) -> Entry {
        self.happens(step, doer, moment, step.act().leads())
    }

    fn happens(
        &mut self,
        step: &Step,
        doer: &Doer,
        moment: &Moment<'_>,
        next: Option<Next>,
    ) -> Entry {
        let acting = self.acts_for(step.act(), doer);
        let (mut sentence, data) = (words::sentence(self, step), effect::data(step));
        let mut data = registration::data(self, step).unwrap_or(data);
        if let (Step::AskUnit { .. }, Some(facts)) = (step, data.as_object_mut()) {
            facts.insert(LETTER.to_owned(), moment.fresh.to_string().into());
        }
        if let (Step::ChargeReached { on }, Some(facts)) = (step, data.as_object_mut())
            && let Ok(by) = effect::pay_by(*on, moment)
        {
            facts.insert(UNTIL.to_owned(), by.to_string().into());
        }
        if acting {
            sentence.push_str("（由单位负责人办理）");
            match &mut data {
                Value::Object(facts) => drop(facts.insert(ACTING.to_owned(), Value::Bool(true))),
                none => *none = json!({ ACTING: true }),
            }
        }
        let entry = Entry {
            act: Some(step.act()),
            on: effect::day(step, moment),
            at: moment.at,
            by: doer.name.clone(),
            account: doer.account,
            sentence,
            public: words::public(self, step, doer),
            data,
            clock: effect::clock_events(self, step, moment),
        };
        effect::facts(self, step, moment);
        self.entries.push(entry.clone());
        self.request.state = match next {
            Some(Next::To(state)) => state,
            Some(Next::Same) | None => self.request.state,
            Some(Next::ByLetters) if self.letters_out().next().is_some() => State::Consulting,
            Some(Next::ByLetters) => State::Handling,
        };
        self.request.due_on = self.due_on(moment.calendar);
        entry
    }

    /// Does the organ's head do it, because nobody is appointed for it?
    fn acts_for(&self, act: Act, doer: &Doer) -> bool {
        let from = self.request.state;
        let may = |who: &Who| act.next(from, *who).is_some();
        let acting = |who: &&Who| matches!(who, Who::ActingHead | Who::ActingReviewer);
        doer.who
            .iter()
            .find(|who| may(who))
            .filter(acting)
            .is_some()
    }

    /// The letter that a step answers.
    #[must_use]
    pub fn letter(&self, of: ConsultationId) -> Option<&Consultation> {
        self.consultations.iter().find(|one| one.id == of)
    }
}

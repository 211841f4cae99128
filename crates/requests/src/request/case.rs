//! A case with its whole history: what is known of it is read from there.

mod taken_back;

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_basis::clock::{ClockEvent, Run, limits};
use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, OrganId};
use serde_json::{Value, json};

use super::Request;
use super::state::{Act, State};
use super::step::{FILES, LETTER, UNTIL};
use crate::id::ConsultationId;
pub use taken_back::{StopReason, Stopped};

/// One line of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `None`: the beginning.
    pub act: Option<Act>,
    /// The civil day on which it took effect.
    pub on: Date,
    /// Milliseconds since 1970: when it was recorded.
    pub at: i64,
    pub by: String,
    pub account: Option<AccountId>,
    /// For staff.
    pub sentence: String,
    /// For the applicant; empty for what stays inside.
    pub public: String,
    /// What the act was done with.
    pub data: Value,
    pub clock: Vec<ClockEvent>,
}

/// Under this name the data of an entry hold the number of the case in which it happened, where that is another one.
pub(crate) const CARRIED: &str = "carried";
/// So ends the first line of a case that was split off; those of before their data said so are told by it.
const SPLIT_OFF: &str = "拆出，收到日期和期限不变";
/// Under this name the data of the first line hold the number of the case from which this one was split off.
const PART_OF: &str = "part_of";
/// … and under this one whether a third party was asked before anything was written down here.
const ASKED_BEFORE: &str = "asked_before";
/// What was asked of the applicant about the whole, and answered, counts for its parts: each may be asked once (art. 30, 35).
const ASKED_OF_THE_WHOLE: [Act; 4] = [
    Act::AskSupplement,
    Act::Supplement,
    Act::AskReasons,
    Act::GiveReasons,
];

impl Entry {
    /// What it is, for people. What the program noted, or an applicant handed in later, is no 会商: only a person's has words.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.act {
            None => "收到申请",
            Some(Act::Note) if self.data.get("words").is_none() => "办理情况",
            Some(act) => act.name(),
        }
    }

    /// Did it happen before the case was split off from another? Its papers lie there.
    #[must_use]
    pub fn is_carried(&self) -> bool {
        self.data.get(CARRIED).is_some()
    }

    /// The entry as a part has it; the clock of the whole goes on in the part's first line.
    fn carried(&self, number: &str) -> Self {
        let mut entry = self.clone();
        entry.clock = Vec::new();
        if !entry.is_carried() {
            match entry.data.as_object_mut() {
                Some(data) => drop(data.insert(CARRIED.to_owned(), number.into())),
                None => entry.data = json!({ CARRIED: number }),
            }
        }
        entry
    }
}

/// A history in the order of the days: what happened to the whole comes before the line with which a part begins.
pub fn in_order(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let of = |carried: bool| entries.iter().filter(move |it| it.is_carried() == carried);
    of(true).chain(of(false))
}

coded! {
    /// Whom the organ asks.
    pub enum Asked {
        /// Art. 32: silence is no consent, the organ decides.
        ThirdParty = "third_party", "第三方";
        /// Art. 34: silence is consent.
        CoMaker = "co_maker", "共同制作机关";
        /// Inside: no limit of law, and no pause.
        Unit = "unit", "协办单位";
    }
}

coded! {
    pub enum Opinion {
        Agree = "agree", "同意公开";
        Object = "object", "不同意公开";
        /// A part may be given, and the rest is objected to.
        Partly = "partly", "部分同意公开";
        /// A unit inside: materials and advice.
        Advice = "advice", "协办意见";
        /// The limit ran out.
        Silence = "silence", "逾期未答复";
    }
}

impl Opinion {
    /// Does it want something kept back? Who agrees to a part objects to the rest (art. 32).
    #[must_use]
    pub const fn objects(self) -> bool {
        matches!(self, Self::Object | Self::Partly)
    }
}

/// A letter that asks somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    pub id: ConsultationId,
    pub asked: Asked,
    pub name: String,
    pub organ: Option<OrganId>,
    pub question: String,
    pub sent_on: Date,
    /// When the letter reached them; the 15 working days count from here.
    pub got_on: Option<Date>,
    pub due_on: Option<Date>,
    pub answered_on: Option<Date>,
    pub opinion: Option<Opinion>,
    pub words: String,
}

impl Consultation {
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.answered_on.is_none()
    }

    /// What its limit was counted from, once the letter is known to have arrived; a unit that helps has no limit of law.
    #[must_use]
    pub fn run(&self) -> Option<Run> {
        let terms = match self.asked {
            Asked::ThirdParty => limits::THIRD_PARTY_OPINION,
            Asked::CoMaker => limits::CO_MAKER_OPINION,
            Asked::Unit => return None,
        };
        Some(Run::of(self.got_on?, terms))
    }

    /// What the answer, or the lack of one, means (art. 32, 34).
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match (self.asked, self.opinion) {
            (_, None) if self.answered_on.is_some() => "申请已办结，不再等待答复",
            (_, None) => "尚未答复",
            (_, Some(Opinion::Agree)) => "同意公开",
            (Asked::ThirdParty, Some(Opinion::Object)) => {
                "第三方不同意公开且有合理理由的，不予公开；不公开可能对公共利益造成重大影响的，可以公开并书面告知第三方（第32条）"
            }
            (Asked::CoMaker | Asked::Unit, Some(Opinion::Object)) => "不同意公开",
            (Asked::ThirdParty, Some(Opinion::Partly)) => {
                "第三方同意公开的部分可以公开；不同意公开的部分有合理理由的，不予公开，不公开可能对公共利益造成重大影响的，可以公开并书面告知第三方（第32条）"
            }
            (Asked::CoMaker | Asked::Unit, Some(Opinion::Partly)) => "部分同意公开",
            (Asked::ThirdParty, Some(Opinion::Silence)) => {
                "逾期未提出意见，不视为同意，由本机关依照条例决定是否公开（第32条）"
            }
            (Asked::CoMaker, Some(Opinion::Silence)) => "逾期未提出意见，视为同意公开（第34条）",
            (Asked::Unit, Some(Opinion::Silence)) => "逾期未答复",
            (_, Some(Opinion::Advice)) => "已提供协办意见",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub request: Request,
    /// In the order of recording.
    pub entries: Vec<Entry>,
    pub consultations: Vec<Consultation>,
}

impl Case {
    /// Everything that happened to the clock that runs now, in order: a case that is done again, or whose day of receipt was
    /// mended, has a new one.
    pub fn clock_events(&self) -> impl Iterator<Item = &ClockEvent> {
        let starts =
            |entry: &Entry| matches!(entry.clock.first(), Some(ClockEvent::Started { .. }));
        let begin = self.entries.iter().rposition(starts).unwrap_or(0);
        self.entries
            .iter()
            .skip(begin)
            .flat_map(|entry| &entry.clock)
    }

    /// The first line of a case's history; a receipt date that is known starts the clock.
    #[must_use]
    pub fn begin(request: Request, (by, account): (String, Option<AccountId>), on: Date) -> Self {
        let clock = request.received_on.map(|on| ClockEvent::Started {
            on,
            terms: request.terms(),
        });
        let entry = Entry {
            act: None,
            on,
            at: request.submitted_at,
            by,
            account,
            sentence: format!("{}，{}", request.kind.name(), request.channel.name()),
            public: if request.is_typed_in() {
                format!("登记了以{}方式收到的申请", request.channel.name())
            } else {
                format!("以{}方式提交申请", request.channel.name())
            },
            data: Value::Null,
            clock: clock.into_iter().collect(),
        };
        Self {
            request,
            entries: vec![entry],
            consultations: Vec::new(),
        }
    }

    /// A part becomes a case of its own, with the clock as it stands (补正 and 延期 hold for all parts) and with what others
    /// have answered (art. 32, 34). The letters have their ids still from the whole.
    #[must_use]
    pub fn split(&self, request: Request, by: (String, Option<AccountId>), on: Date) -> Self {
        let number = &self.request.number;
        let mut part = Self::begin(request, by, on);
        if let Some(first) = part.entries.first_mut() {
            first.clock = self.clock_events().cloned().collect();
            first.sentence = format!("从{number}{SPLIT_OFF}");
            first.public.clone_from(&first.sentence);
            let asked = self.asked_before() || self.asked_in_vain();
            first.data = json!({ PART_OF: number, ASKED_BEFORE: asked });
        }
        let answered = |one: &&Consultation| one.asked != Asked::Unit && one.opinion.is_some();
        let answered = self.consultations.iter().filter(answered);
        part.consultations = answered.cloned().collect();
        let asked = |entry: &&Entry| {
            entry
                .act
                .is_some_and(|act| ASKED_OF_THE_WHOLE.contains(&act))
        };
        let asked = self.entries.iter().filter(asked);
        part.entries
            .extend(asked.map(|entry| entry.carried(number)));
        part
    }

    /// Was it split off from another one? Then its applicant has no receipt of it.
    #[must_use]
    pub fn is_part(&self) -> bool {
        let first = self.entries.first().filter(|first| first.act.is_none());
        first.is_some_and(|first| {
            first.data.get(PART_OF).is_some() || first.sentence.ends_with(SPLIT_OFF)
        })
    }

    /// Its history for people, see [`in_order`].
    pub fn history(&self) -> impl Iterator<Item = &Entry> {
        in_order(&self.entries)
    }

    /// The numbers of the cases that were split off from it.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let splits = self
            .entries
            .iter()
            .filter(|entry| entry.act == Some(Act::Split));
        splits.filter_map(|entry| entry.data.get("number")?.as_str())
    }

    /// The newest entry of an act.
    #[must_use]
    pub fn last(&self, act: Act) -> Option<&Entry> {
        self.entries
            .iter()
            .rev()
            .find(|entry| entry.act == Some(act))
    }

    /// Has the act happened since the case was last sent back to be done again, or ever?
    #[must_use]
    pub fn since_redo(&self, act: Act) -> Option<&Entry> {
        let place = |act: Act| {
            self.entries
                .iter()
                .rposition(|entry| entry.act == Some(act))
        };
        let found = place(act)?;
        match place(Act::Redo) {
            Some(redo) if redo > found => None,
            _ => self.entries.get(found),
        }
    }

    /// Has somebody the case in hand? What is registered only is still to be given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.request.state != State::Registered && self.request.handler.is_some()
    }

    /// Was it ended because its applicant did not supplement it (art. 30), and is it done again without a supplement? Then
    /// that may still come.
    #[must_use]
    pub fn lacks_supplement(&self) -> bool {
        let place = |act: Act| self.entries.iter().rposition(|it| it.act == Some(act));
        let ended = place(Act::NotSupplemented);
        ended.is_some() && ended < place(Act::Redo) && place(Act::Supplement) < ended
    }

    /// Does a supplement that arrives on a day begin the count anew (art. 30)? Where the case is done again it counts from the
    /// decision that orders it, and what arrived before, or while that decision's own day stands, moves nothing.
    #[must_use]
    pub fn restarts(&self, on: Date) -> bool {
        let redone = self.last(Act::Redo).filter(|_| self.lacks_supplement());
        redone.is_none_or(|redo| on > redo.on && self.set_day().is_none())
    }

    /// The day that was set instead of the limit (延迟答复, or by the decision that orders the reply), while it holds.
    #[must_use]
    pub fn set_day(&self) -> Option<Date> {
        self.clock_events().fold(None, |day, event| match *event {
            ClockEvent::Moved { to, .. } => Some(to),
            ClockEvent::Started { .. } | ClockEvent::Restarted { .. } => None,
            _ => day,
        })
    }

    /// Days asked for, when a proposed extension waits for its approval; what an earlier round asked for is over with it.
    #[must_use]
    pub fn extension_asked(&self) -> Option<u16> {
        let redone = |entry: &&Entry| entry.act != Some(Act::Redo);
        let mut round = self.entries.iter().rev().take_while(redone);
        let entry = round.find(|entry| {
            matches!(
                entry.act,
                Some(Act::ProposeExtension | Act::ApproveExtension | Act::RefuseExtension)
            )
        })?;
        if entry.act != Some(Act::ProposeExtension) {
            return None;
        }
        let days = entry.data.get("days")?.as_u64()?;
        u16::try_from(days).ok()
    }

    /// Days of an extension that was approved and of which no notice has left; what was recorded before the notice counted
    /// moved its clock with the approval, and needs none.
    #[must_use]
    pub fn extension_untold(&self) -> Option<u16> {
        let approved = self.since_redo(Act::ApproveExtension)?;
        let told = self.since_redo(Act::TellExtension).is_some();
        if told || !approved.clock.is_empty() {
            return None;
        }
        let asked = self.last(Act::ProposeExtension)?;
        u16::try_from(asked.data.get("days")?.as_u64()?).ok()
    }

    /// The papers that a unit was given with its letter, and those that it answered with: hashes of files, addresses. What was
    /// recorded before they were noted has none.
    #[must_use]
    pub fn papers_of(&self, letter: ConsultationId) -> BTreeSet<&str> {
        let letter = letter.to_string();
        let own = self.entries.iter().filter(|entry| {
            let asks = matches!(entry.act, Some(Act::AskUnit | Act::UnitAnswer));
            asks && entry.data.get(LETTER).and_then(Value::as_str) == Some(letter.as_str())
        });
        let files = own.filter_map(|entry| entry.data.get(FILES)?.as_array());
        files.flatten().filter_map(Value::as_str).collect()
    }

    /// A date that the newest entry of an act was done with.
    #[must_use]
    pub fn date_of(&self, act: Act, name: &str) -> Option<Date> {
        self.last(act)?.data.get(name)?.as_str()?.parse().ok()
    }

    /// When the applicant received the newest notice of a fee, as somebody has noted it.
    #[must_use]
    pub fn charge_reached(&self) -> Option<&Entry> {
        let since = self.entries.iter().rev();
        let mut since = since.take_while(|entry| entry.act != Some(Act::Charge));
        since.find(|entry| entry.act == Some(Act::ChargeReached))
    }

    /// The last day for payment: as the notice has it for who received it on the day it left, later for who received it later.
    ///
    /// Law: 收费办法 art. 6.
    #[must_use]
    pub fn pay_by(&self) -> Option<Date> {
        let printed = self.date_of(Act::Charge, UNTIL);
        let counted = self.charge_reached().and_then(|entry| {
            let until = entry.data.get(UNTIL)?.as_str()?;
            until.parse().ok()
        });
        printed.max(counted)
    }

    /// Letters to the outside that nobody answered yet: they stop the clock.
    pub fn letters_out(&self) -> impl Iterator<Item = &Consultation> {
        self.consultations
            .iter()
            .filter(|one| one.is_open() && one.asked != Asked::Unit)
    }

    /// Does a third party object?
    #[must_use]
    pub fn objected(&self) -> bool {
        !self.objectors().is_empty()
    }

    /// The third parties that object, to all or to a part, each once.
    #[must_use]
    pub fn objectors(&self) -> Vec<&str> {
        let mut now = self.third_parties();
        now.retain(|one| one.opinion.is_some_and(Opinion::objects));
        now.into_iter().map(|one| one.name.trim()).collect()
    }

    /// What each third party says by now, each once: the newest of its answers, and silence only where it never spoke.
    ///
    /// Law: art. 32: 第三方逾期未提出意见的，由行政机关依照本条例的规定决定是否公开: silence is no consent, and takes nothing back.
    #[must_use]
    pub fn third_parties(&self) -> Vec<&Consultation> {
        let mut newest: Vec<&Consultation> = Vec::new();
        let heard = |one: &&Consultation| one.asked == Asked::ThirdParty && one.opinion.is_some();
        for one in self.consultations.iter().filter(heard) {
            let same = |it: &&mut &Consultation| it.name.trim() == one.name.trim();
            match newest.iter_mut().find(same) {
                Some(before) if self.order(before) < self.order(one) => *before = one,
                Some(_) => {}
                None => newest.push(one),
            }
        }
        newest
    }

    /// What orders answers of one name: silence comes first, then the day on which each came, its place in the history (a part
    /// has none for what the whole was told), and where neither tells, an objection comes last.
    fn order(&self, of: &Consultation) -> (bool, Option<Date>, Option<usize>, bool) {
        let id = of.id.to_string();
        let answers = |entry: &Entry| {
            let to = entry.data.get("of").and_then(Value::as_str);
            entry.act == Some(Act::Opinion) && to == Some(id.as_str())
        };
        let (spoke, objects) = (
            of.opinion != Some(Opinion::Silence),
            of.opinion.is_some_and(Opinion::objects),
        );
        let place = self.entries.iter().rposition(answers);
        (spoke, of.answered_on, place, objects)
    }

    /// Has a third party answered, let its days pass, or could its letter not be delivered?
    ///
    /// Law: art. 32: 公开会损害第三方合法权益的，应当书面征求第三方的意见: it was asked in writing, and cannot be asked otherwise.
    #[must_use]
    pub fn third_party_heard(&self) -> bool {
        let heard = |one: &Consultation| one.asked == Asked::ThirdParty && one.opinion.is_some();
        self.consultations.iter().any(heard) || self.asked_before() || self.asked_in_vain()
    }

    /// What an older system had asked, or the case from which this one was split off before its parts took the answers with
    /// them, the clock alone tells.
    fn asked_before(&self) -> bool {
        let Some(begin) = self.entries.first() else {
            return false;
        };
        let resumed = |event: &ClockEvent| matches!(event, ClockEvent::Resumed { .. });
        match begin.data.get(ASKED_BEFORE) {
            Some(said) => said.as_bool() == Some(true),
            None => begin.clock.iter().any(resumed),
        }
    }
}

//! What was done and holds no more: a letter that is waited for no more, a fee that was cancelled.

use gongkai_basis::Date;
use gongkai_basis::clock::ClockEvent;
use gongkai_basis::coded;
use serde_json::Value;

use super::{Asked, Case, Consultation, Entry};
use crate::id::ConsultationId;
use crate::request::state::Act;
use crate::request::step::{LETTER, REASON, WORDS};

coded! {
    /// Why a letter to the outside is waited for no more.
    pub enum StopReason {
        /// It was rightly sent, and reaches nobody.
        Undeliverable = "undeliverable", "送达不到";
        /// Nobody had to be asked, or somebody else.
        Mistaken = "mistaken", "误发";
        Elsewhere = "elsewhere", "已从其他途径取得意见";
        Other = "other", "其他";
    }
}

impl StopReason {
    /// Did asking have its ground until then? What had none is not 征求意见所需时间 (art. 33 ¶3), and of another reason nobody
    /// knows: the reading that is stricter for the organ.
    #[must_use]
    pub const fn has_ground(self) -> bool {
        match self {
            Self::Undeliverable | Self::Elsewhere => true,
            Self::Mistaken | Self::Other => false,
        }
    }
}

/// How a letter to the outside came to be waited for no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped<'c> {
    pub on: Date,
    pub reason: StopReason,
    pub words: &'c str,
}

impl Case {
    /// The newest notice of a fee of this round, unless it was cancelled.
    #[must_use]
    pub fn charge(&self) -> Option<&Entry> {
        let of_fee = |entry: &&Entry| matches!(entry.act, Some(Act::Charge | Act::CancelCharge));
        let newest = self.entries.iter().rev().find(of_fee)?;
        self.since_redo(Act::Charge)
            .filter(|_| newest.act == Some(Act::Charge))
    }

    /// Was the newest fee paid?
    #[must_use]
    pub fn is_paid(&self) -> bool {
        let mut newest = self.entries.iter().rev();
        let of_fee = |entry: &&Entry| matches!(entry.act, Some(Act::Charge | Act::Pay));
        newest
            .find(of_fee)
            .is_some_and(|entry| entry.act == Some(Act::Pay))
    }

    /// Was what an entry did taken back: a fee that was cancelled, a letter that is waited for no more?
    #[must_use]
    pub fn is_taken_back(&self, place: usize) -> bool {
        let Some(entry) = self.entries.get(place) else {
            return false;
        };
        match entry.act {
            Some(Act::Charge) => {
                let mut after = self.entries.iter().skip(place + 1);
                let of_fee =
                    |entry: &&Entry| matches!(entry.act, Some(Act::Charge | Act::CancelCharge));
                let next = after.find(of_fee);
                next.is_some_and(|entry| entry.act == Some(Act::CancelCharge))
            }
            Some(Act::Consult) => self.consultations.iter().any(|one| {
                let sends = |event: &ClockEvent| matches!(event, ClockEvent::Paused { pause, .. } if *pause == one.id.uuid());
                // Of one that was taken over from an older system the pause stands at the beginning.
                let is_its = if entry.clock.is_empty() {
                    one.sent_on == entry.on && entry.sentence.contains(&one.name)
                } else {
                    entry.clock.iter().any(sends)
                };
                is_its && self.stopped(one.id).is_some()
            }),
            _ => false,
        }
    }

    /// How a letter to the outside came to be waited for no more; `None` for one that is, or was answered.
    #[must_use]
    pub fn stopped(&self, of: ConsultationId) -> Option<Stopped<'_>> {
        let id = of.to_string();
        let stops = |entry: &&Entry| {
            let letter = entry.data.get(LETTER).and_then(Value::as_str);
            entry.act == Some(Act::StopAsking) && letter == Some(id.as_str())
        };
        let entry = self.entries.iter().rev().find(stops)?;
        let text = |name: &str| entry.data.get(name).and_then(Value::as_str);
        Some(Stopped {
            on: entry.on,
            reason: text(REASON).and_then(StopReason::from_code)?,
            words: text(WORDS).unwrap_or_default(),
        })
    }

    /// The third parties to which a letter was rightly sent and could not be delivered.
    pub fn unreached_third_parties(&self) -> impl Iterator<Item = (&Consultation, Stopped<'_>)> {
        let third = self.consultations.iter();
        let third = third.filter(|one| one.asked == Asked::ThirdParty);
        third.filter_map(|one| {
            let stopped = self.stopped(one.id)?;
            (stopped.reason == StopReason::Undeliverable).then_some((one, stopped))
        })
    }

    /// Was a third party asked that no letter reaches?
    pub(super) fn asked_in_vain(&self) -> bool {
        self.unreached_third_parties().next().is_some()
    }
}

//! 协商确认: the organs that a text concerns are asked before it goes out whether what it says is right. It waits until all
//! agree, or the principal of its unit lets it out with a reason.
//!
//! Law: 政府信息公开条例 (2019) art. 11: what concerns other organs is settled and confirmed with them before it is published,
//! so that it is right and the same everywhere. It sets no term: the day is the asker's, and silence is no agreement. What must
//! be approved by law or rule is not published before (报请批准): of that nobody decides otherwise.

pub mod answer;
pub mod directory;
pub mod handle;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::Reason;
use gongkai_platform::web::day;

use crate::id::{ConcernedId, DocumentId, EditionId};

/// Organs that are asked about one text at most.
pub const ASKED_MAX: usize = 30;
/// 工作日 that an organ has where nobody sets another day: ours.
pub const USUAL_DAYS: u16 = 5;

coded! {
    /// What an organ is asked for.
    pub enum Matter {
        Confirm = "confirm", "协商确认";
        /// A law or rule wants its approval.
        Approval = "approval", "报请批准";
    }
}

coded! {
    /// What an organ says of the part of a text that concerns it.
    pub enum Stand {
        Asked = "asked", "等待答复";
        Agreed = "agreed", "一致";
        Differs = "differs", "不一致";
        /// Asked by mistake.
        TakenBack = "taken_back", "不再征求";
        /// The text changed before it answered.
        Lapsed = "lapsed", "文稿已改";
    }
}

/// One organ that was asked about one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    pub id: ConcernedId,
    pub document: DocumentId,
    pub edition: EditionId,
    /// Which of the document's texts that is, from 1.
    pub edition_number: i64,
    /// Among all that were asked about the document, from 1.
    pub position: i64,
    pub organ: OrganId,
    pub organ_name: String,
    pub matter: Matter,
    /// What of the text concerns it; of an approval by which rule it is needed.
    pub about: String,
    pub due_on: Date,
    pub asked_by: String,
    /// Milliseconds since 1970.
    pub asked_at: i64,
    pub stand: Stand,
    /// What it says, or why the question was taken back.
    pub words: String,
    pub answered_by: String,
    /// Milliseconds since 1970.
    pub answered_at: Option<i64>,
    pub decided: Option<Decided>,
    pub version: i64,
}

/// What the principal decided although an organ did not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub why: String,
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

impl Concerned {
    /// It counts for the text that it was asked about.
    fn is_live(&self) -> bool {
        match self.stand {
            Stand::Asked | Stand::Agreed | Stand::Differs => true,
            Stand::TakenBack | Stand::Lapsed => false,
        }
    }

    /// It keeps nothing from the public any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.stand == Stand::Agreed || self.decided.is_some()
    }

    /// The principal may still decide it; of an approval only that it came on paper, never that it is not needed.
    #[must_use]
    pub fn may_be_decided(&self) -> bool {
        match self.matter {
            Matter::Confirm => self.is_live() && !self.is_settled(),
            Matter::Approval => self.waits(),
        }
    }

    /// What it says, in the words of what it was asked for.
    #[must_use]
    pub const fn said(&self) -> &'static str {
        said(self.matter, self.stand)
    }

    /// What the principal did.
    #[must_use]
    pub const fn decision(&self) -> &'static str {
        match self.matter {
            Matter::Confirm => "主要负责人决定按现稿发布",
            Matter::Approval => "主要负责人登记书面批准",
        }
    }

    /// Its organ has said nothing of this text, not of the files either that lay beside it before: it may have been asked by
    /// mistake.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.waits() && self.answered_at.is_none()
    }

    /// It waits for its organ.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.stand == Stand::Asked && self.decided.is_none()
    }

    /// The sign before its answer.
    #[must_use]
    pub const fn mark(&self) -> &'static str {
        match self.stand {
            Stand::Asked => "○",
            Stand::Agreed => "✓",
            Stand::Differs => "■",
            Stand::TakenBack | Stand::Lapsed => "—",
        }
    }

    /// It waits beyond its day.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.waits() && self.due_on < today
    }
}

/// An answer in the words of what was asked for.
#[must_use]
pub const fn said(matter: Matter, stand: Stand) -> &'static str {
    match (matter, stand) {
        (Matter::Approval, Stand::Agreed) => "批准",
        (Matter::Approval, Stand::Differs) => "不批准",
        (_, stand) => stand.name(),
    }
}

/// Why an organ keeps a text from the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It has not answered.
    Waits,
    Differs,
    /// It was asked about an earlier text.
    Anew,
}

/// The organs that keep this text from the public, each with its newest question.
#[must_use]
pub fn holding(all: &[Concerned], edition: EditionId) -> Vec<(&Concerned, Hold)> {
    let mut holding = Vec::new();
    let mut seen: Vec<(OrganId, Matter)> = Vec::new();
    for of in all.iter().map(|one| (one.organ, one.matter)) {
        if seen.contains(&of) {
            continue;
        }
        seen.push(of);
        let own = || all.iter().filter(move |one| (one.organ, one.matter) == of);
        let mut live = own()
            .filter(|one| one.edition == edition && one.is_live())
            .peekable();
        if live.peek().is_some() {
            let open = live.filter(|one| !one.is_settled());
            holding.extend(open.map(|one| {
                let hold = if one.stand == Stand::Differs {
                    Hold::Differs
                } else {
                    Hold::Waits
                };
                (one, hold)
            }));
            continue;
        }
        let newest = own().max_by_key(|one| one.position);
        holding.extend(
            newest
                .filter(|one| one.stand != Stand::TakenBack)
                .map(|one| (one, Hold::Anew)),
        );
    }
    holding
}

/// Did its organ, in its last answer about an earlier text, not agree? Then nobody asked it by mistake.
#[must_use]
pub fn was_refused(all: &[Concerned], one: &Concerned) -> bool {
    let answers = all.iter().filter(|earlier| {
        (earlier.organ, earlier.matter) == (one.organ, one.matter)
            && earlier.position < one.position
            && matches!(earlier.stand, Stand::Agreed | Stand::Differs)
    });
    let last = answers.max_by_key(|earlier| earlier.position);
    last.is_some_and(|last| last.stand == Stand::Differs)
}

/// What keeps this text from the public, in words.
#[must_use]
pub fn why_not_out(all: &[Concerned], edition: EditionId) -> Vec<Reason> {
    let said = holding(all, edition).into_iter().map(|(one, hold)| {
        let (name, what) = (&one.organ_name, one.matter.name());
        match (hold, one.matter) {
            (Hold::Waits, Matter::Confirm) => format!(
                "{name}还没有答复{what}（期限{}），不能发布。请等它答复，或由主要负责人写明理由决定（《条例》第十一条）。",
                day(one.due_on)
            ),
            (Hold::Waits, Matter::Approval) => format!(
                "{name}还没有批准（{what}期限{}），不能发布。已有书面批准的，由主要负责人登记批准文件（《条例》第十一条）。",
                day(one.due_on)
            ),
            (Hold::Differs, Matter::Confirm) => format!(
                "{name}答复内容不一致，不能发布。请改稿后重新送审，或由主要负责人写明理由决定（《条例》第十一条）。"
            ),
            (Hold::Differs, Matter::Approval) => {
                format!("{name}不批准发布，不能发布。请改稿后重新送审（《条例》第十一条）。")
            }
            (Hold::Anew, _) => format!(
                "向{name}提出{what}的是第{}稿，这一稿还没有提出，不能发布。请重新送审或再次提出（《条例》第十一条）。",
                one.edition_number
            ),
        }
    });
    said.map(|said| ("state", said)).collect()
}

/// The day by which an organ answers where nobody sets another one. A year without its notice has no working days yet: then
/// so many days of any kind.
#[must_use]
pub fn usual_due(calendar: &WorkCalendar, today: Date) -> Date {
    let run = Run::working_days(today, USUAL_DAYS).ok();
    let due = run.and_then(|run| run.due(calendar).ok());
    due.or_else(|| {
        let days = jiff::Span::new().days(i64::from(USUAL_DAYS));
        today.checked_add(days).ok()
    })
    .unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    use super::{Concerned, Decided, Hold, Matter, Stand, holding, was_refused, why_not_out};
    use crate::id::{ConcernedId, DocumentId, EditionId};

    fn one(position: i64, organ: u128, edition: u128, stand: Stand) -> Concerned {
        Concerned {
            id: ConcernedId::new(Uuid::from_u128(u128::try_from(position).unwrap())),
            document: DocumentId::new(Uuid::from_u128(1)),
            edition: EditionId::new(Uuid::from_u128(edition)),
            edition_number: i64::try_from(edition).unwrap(),
            position,
            organ: OrganId::new(Uuid::from_u128(organ)),
            organ_name: format!("机关{organ}"),
            matter: Matter::Confirm,
            about: "第三条".to_owned(),
            due_on: Date::new(2026, 12, 8).unwrap(),
            asked_by: "撰稿".to_owned(),
            asked_at: 0,
            stand,
            words: String::new(),
            answered_by: String::new(),
            answered_at: None,
            decided: None,
            version: 1,
        }
    }

    fn decided(mut one: Concerned) -> Concerned {
        one.decided = Some(Decided {
            why: "以省里的口径为准".to_owned(),
            by: "主任".to_owned(),
            at: 0,
        });
        one
    }

    fn check(all: &[Concerned], want: &[(i64, Hold)]) {
        let edition = EditionId::new(Uuid::from_u128(2));
        let found: Vec<(i64, Hold)> = holding(all, edition)
            .into_iter()
            .map(|(one, hold)| (one.position, hold))
            .collect();
        assert_eq!(found, want);
        assert_eq!(why_not_out(all, edition).len(), want.len());
    }

    #[test]
    fn a_text_waits_for_every_organ_that_it_concerns() {
        check(&[], &[]);
        check(&[one(1, 7, 2, Stand::Agreed)], &[]);
        check(
            &[one(1, 7, 2, Stand::Agreed), one(2, 8, 2, Stand::Asked)],
            &[(2, Hold::Waits)],
        );
        check(&[one(1, 7, 2, Stand::Differs)], &[(1, Hold::Differs)]);
        check(&[decided(one(1, 7, 2, Stand::Differs))], &[]);
        check(&[decided(one(1, 7, 2, Stand::Asked))], &[]);
        check(&[one(1, 7, 2, Stand::TakenBack)], &[]);
        check(
            &[one(1, 7, 2, Stand::TakenBack), one(2, 7, 2, Stand::Asked)],
            &[(2, Hold::Waits)],
        );
    }

    #[test]
    fn an_approval_is_its_own_and_nobody_decides_against_it() {
        let approval = |position, edition, stand| Concerned {
            matter: Matter::Approval,
            ..one(position, 7, edition, stand)
        };
        check(
            &[one(1, 7, 2, Stand::Agreed), approval(2, 2, Stand::Asked)],
            &[(2, Hold::Waits)],
        );
        // What it confirmed of this text does not stand for what it approved of an earlier one.
        check(
            &[approval(1, 1, Stand::Agreed), one(2, 7, 2, Stand::Agreed)],
            &[(1, Hold::Anew)],
        );
        let refused = approval(1, 2, Stand::Differs);
        assert_eq!(
            (refused.said(), refused.may_be_decided()),
            ("不批准", false)
        );
        check(&[refused], &[(1, Hold::Differs)]);
        let waits = approval(1, 2, Stand::Asked);
        assert!(waits.may_be_decided(), "its approval may come on paper");
        check(&[decided(waits)], &[]);
        let differs = one(1, 7, 2, Stand::Differs);
        assert_eq!((differs.said(), differs.may_be_decided()), ("不一致", true));
    }

    #[test]
    fn who_did_not_agree_to_an_earlier_text_was_not_asked_by_mistake() {
        let anew = one(3, 7, 3, Stand::Asked);
        let check = |before: [(u128, Stand); 2], want: bool| {
            let [(first, said), (second, then)] = before;
            let all = [
                one(1, first, 1, said),
                one(2, second, 2, then),
                anew.clone(),
            ];
            assert_eq!(was_refused(&all, &anew), want, "{before:?}");
        };
        check([(7, Stand::Differs), (7, Stand::Lapsed)], true);
        check([(7, Stand::Differs), (7, Stand::Agreed)], false);
        check([(7, Stand::Agreed), (7, Stand::Differs)], true);
        check([(8, Stand::Differs), (7, Stand::TakenBack)], false);
    }

    #[test]
    fn what_was_said_of_an_earlier_text_is_asked_anew() {
        check(&[one(1, 7, 1, Stand::Agreed)], &[(1, Hold::Anew)]);
        check(&[decided(one(1, 7, 1, Stand::Differs))], &[(1, Hold::Anew)]);
        check(
            &[one(1, 7, 1, Stand::Lapsed), one(2, 7, 2, Stand::Agreed)],
            &[],
        );
        // Taken back for the newest text: it is not concerned any more.
        check(
            &[one(1, 7, 1, Stand::Agreed), one(2, 7, 2, Stand::TakenBack)],
            &[],
        );
        // Both questions of an organ that another went into count.
        check(
            &[one(1, 7, 2, Stand::Agreed), one(2, 7, 2, Stand::Differs)],
            &[(2, Hold::Differs)],
        );
    }
}

//! role × state × act: one checked table, and what is asked of it.

use gongkai_basis::Role;

use super::{Act, Next, State, Who};

pub(super) struct Row {
    pub(super) act: Act,
    pub(super) from: &'static [State],
    next: Next,
    pub(super) by: &'static [Who],
}

const OFFICER: Who = Who::Staff(Role::RequestOfficer);
const CLERK: Who = Who::Staff(Role::OfficeClerk);
const HEAD: Who = Who::Staff(Role::OfficeHead);
const UNIT_HEAD: Who = Who::Staff(Role::UnitHead);
const REVIEWER: Who = Who::Staff(Role::SecrecyReviewer);

/// [`HANDLERS`](super::HANDLERS), as the table has them.
pub(super) const DESK: &[Who] = &[OFFICER, CLERK, HEAD];
const DESK_OR_APPLICANT: &[Who] = &[OFFICER, CLERK, HEAD, Who::Applicant];
const DESK_OR_PROGRAM: &[Who] = &[OFFICER, CLERK, HEAD, Who::Program];
/// 工作机构负责人 (art. 33); where none is appointed, the head of the organ, above whom nobody stands there.
const HEADS: &[Who] = &[HEAD, Who::ActingHead];
const SIGNERS: &[Who] = &[HEAD, UNIT_HEAD];
/// Who issues letters.
const ISSUERS: &[Who] = &[OFFICER, CLERK, HEAD, UNIT_HEAD];
/// Law: art. 17: a review with a named responsible person; where none is appointed, the head of the organ answers for it.
const REVIEWERS: &[Who] = &[REVIEWER, HEAD, Who::ActingReviewer];

/// While the organ owes something.
pub(super) const RUNNING: &[State] = &[
    State::Submitted,
    State::Registered,
    State::AwaitingSupplement,
    State::Handling,
    State::Consulting,
    State::AwaitingReasons,
    State::AwaitingPayment,
    State::Reviewing,
    State::Signing,
    State::Signed,
];
/// Somebody has it in hand.
const IN_HAND: &[State] = &[
    State::AwaitingSupplement,
    State::Handling,
    State::Consulting,
    State::AwaitingReasons,
    State::AwaitingPayment,
    State::Reviewing,
    State::Signing,
    State::Signed,
    State::Replied,
];
const AT_WORK: &[State] = &[State::Handling, State::Consulting];

const fn row(act: Act, from: &'static [State], next: Next, by: &'static [Who]) -> Row {
    Row {
        act,
        from,
        next,
        by,
    }
}

/// role × state × act. What is not here cannot happen.
pub(super) const TABLE: &[Row] = &[
    row(
        Act::Confirm,
        &[State::Submitted],
        Next::To(State::Registered),
        DESK,
    ),
    row(
        Act::AskSupplement,
        &[State::Registered, State::Handling],
        Next::To(State::AwaitingSupplement),
        DESK,
    ),
    row(
        // In hand only where the case was ended for the lack of it, and is done again.
        Act::Supplement,
        &[State::AwaitingSupplement, State::Handling],
        Next::To(State::Registered),
        DESK_OR_APPLICANT,
    ),
    row(
        Act::NotSupplemented,
        &[State::AwaitingSupplement],
        Next::To(State::Closed),
        DESK_OR_PROGRAM,
    ),
    row(
        Act::Accept,
        &[State::Registered, State::Handling, State::Consulting],
        Next::ByLetters,
        DESK,
    ),
    row(Act::Reassign, IN_HAND, Next::Same, DESK),
    row(Act::Consult, AT_WORK, Next::To(State::Consulting), DESK),
    row(Act::Reached, &[State::Consulting], Next::Same, DESK),
    row(
        Act::Opinion,
        &[State::Consulting],
        Next::ByLetters,
        DESK_OR_APPLICANT,
    ),
    row(
        Act::OpinionExpired,
        &[State::Consulting],
        Next::ByLetters,
        DESK_OR_PROGRAM,
    ),
    row(Act::StopAsking, &[State::Consulting], Next::ByLetters, DESK),
    row(Act::AskUnit, AT_WORK, Next::Same, DESK),
    row(
        Act::UnitAnswer,
        RUNNING,
        Next::Same,
        &[OFFICER, CLERK, HEAD, UNIT_HEAD, Who::Staff(Role::Liaison)],
    ),
    row(Act::ProposeExtension, AT_WORK, Next::Same, DESK),
    row(Act::ApproveExtension, AT_WORK, Next::Same, HEADS),
    row(
        // Not while others are asked: the limit stands still, and there is no day to tell.
        Act::TellExtension,
        &[
            State::Handling,
            State::AwaitingReasons,
            State::Reviewing,
            State::Signing,
            State::Signed,
        ],
        Next::Same,
        ISSUERS,
    ),
    row(Act::RefuseExtension, AT_WORK, Next::Same, HEADS),
    row(
        Act::AskReasons,
        &[State::Handling],
        Next::To(State::AwaitingReasons),
        DESK,
    ),
    row(
        Act::GiveReasons,
        &[State::AwaitingReasons],
        Next::To(State::Handling),
        DESK_OR_APPLICANT,
    ),
    row(
        Act::Defer,
        &[State::Handling],
        Next::To(State::Handling),
        DESK,
    ),
    row(
        Act::Charge,
        &[State::Handling],
        Next::To(State::AwaitingPayment),
        DESK,
    ),
    row(
        Act::ChargeReached,
        &[State::AwaitingPayment],
        Next::Same,
        DESK,
    ),
    row(
        Act::Pay,
        &[State::AwaitingPayment],
        Next::To(State::Handling),
        DESK,
    ),
    row(
        Act::NotPaid,
        &[State::AwaitingPayment],
        Next::To(State::Closed),
        DESK_OR_PROGRAM,
    ),
    row(
        Act::CancelCharge,
        &[State::AwaitingPayment],
        Next::To(State::Handling),
        DESK,
    ),
    row(Act::Search, AT_WORK, Next::Same, DESK),
    row(
        // Signed for at the counter, it is served.
        Act::Answer,
        &[State::Registered, State::Handling],
        Next::To(State::Delivered),
        DESK,
    ),
    row(
        Act::Decide,
        &[State::Handling, State::AwaitingReasons],
        Next::To(State::Reviewing),
        DESK,
    ),
    row(
        Act::Pass,
        &[State::Reviewing],
        Next::To(State::Signing),
        REVIEWERS,
    ),
    row(
        Act::Return,
        &[State::Reviewing, State::Signing, State::Signed],
        Next::To(State::Handling),
        &[REVIEWER, HEAD, UNIT_HEAD],
    ),
    row(
        Act::Sign,
        &[State::Signing],
        Next::To(State::Signed),
        SIGNERS,
    ),
    row(
        Act::Dispatch,
        &[State::Signed],
        Next::To(State::Replied),
        DESK,
    ),
    row(
        Act::Deliver,
        &[State::Replied],
        Next::To(State::Delivered),
        DESK,
    ),
    row(
        Act::Archive,
        &[State::Delivered, State::Closed],
        Next::To(State::Archived),
        DESK,
    ),
    row(
        Act::Withdraw,
        RUNNING,
        Next::To(State::Closed),
        DESK_OR_APPLICANT,
    ),
    row(Act::Amend, RUNNING, Next::Same, DESK),
    row(
        Act::Transfer,
        &[State::Submitted, State::Registered, State::Handling],
        Next::Same,
        DESK,
    ),
    row(
        Act::Merge,
        &[State::Submitted, State::Registered, State::Handling],
        Next::To(State::Closed),
        DESK,
    ),
    row(
        Act::Split,
        &[State::Registered, State::Handling],
        Next::Same,
        DESK,
    ),
    row(
        Act::Redo,
        // What ended without an answer (逾期不补正、逾期不缴费、撤回) can be challenged, too.
        &[
            State::Replied,
            State::Delivered,
            State::Closed,
            State::Archived,
        ],
        Next::To(State::Handling),
        SIGNERS,
    ),
    row(
        Act::Note,
        RUNNING,
        Next::Same,
        &[OFFICER, CLERK, HEAD, UNIT_HEAD, REVIEWER],
    ),
];

impl Act {
    /// Where the act leads from this state on this part; `None` when it cannot happen so.
    #[must_use]
    pub fn next(self, from: State, who: Who) -> Option<Next> {
        TABLE
            .iter()
            .find(|row| row.act == self && row.from.contains(&from) && row.by.contains(&who))
            .map(|row| row.next)
    }

    /// Where the act leads from wherever it can happen.
    #[must_use]
    pub fn leads(self) -> Option<Next> {
        TABLE.iter().find(|row| row.act == self).map(|row| row.next)
    }

    /// Who of the staff may do it in this state, in words; empty where nobody may.
    #[must_use]
    pub fn doers(self, from: State) -> String {
        let row = TABLE
            .iter()
            .find(|row| row.act == self && row.from.contains(&from));
        let names = row
            .map_or(&[][..], |row| row.by)
            .iter()
            .filter_map(|who| match who {
                Who::Staff(role) => Some(role.name()),
                Who::ActingHead => Some("单位负责人（没有任命工作机构负责人的）"),
                Who::ActingReviewer => Some("单位负责人（没有任命审查人和工作机构负责人的）"),
                Who::Applicant | Who::Program => None,
            });
        names.collect::<Vec<_>>().join("、")
    }

    /// What people of these roles may do in this state, for buttons.
    #[must_use]
    pub fn open_to(from: State, who: &[Who]) -> Vec<Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|act| who.iter().any(|who| act.next(from, *who).is_some()))
            .collect()
    }
}

//! 登记 → 审核 → 办理 → 答复 → 归档 (条例 art. 45): the states of a case, and who may do what in which: one table.

use gongkai_basis::Role;
use gongkai_basis::coded;

coded! {
    pub enum State {
        /// Handed in over the net or by plain letter; both sides have not confirmed yet (art. 31).
        Submitted = "submitted", "待确认收到";
        Registered = "registered", "已登记";
        AwaitingSupplement = "awaiting_supplement", "待补正";
        Handling = "handling", "办理中";
        Consulting = "consulting", "征求意见中";
        AwaitingReasons = "awaiting_reasons", "待说明理由";
        AwaitingPayment = "awaiting_payment", "待缴费";
        Reviewing = "reviewing", "公开审查中";
        Signing = "signing", "待审签";
        Signed = "signed", "待发出";
        Replied = "replied", "已答复";
        Delivered = "delivered", "已送达";
        /// Withdrawn, given up, transferred, merged: nothing more is owed.
        Closed = "closed", "已办结";
        Archived = "archived", "已归档";
    }
}

coded! {
    /// One thing that happens to a case.
    pub enum Act {
        Confirm = "confirm", "确认收到";
        AskSupplement = "ask_supplement", "告知补正";
        Supplement = "supplement", "收到补正";
        NotSupplemented = "not_supplemented", "逾期不补正";
        Accept = "accept", "审核分派";
        Consult = "consult", "征求意见";
        Opinion = "opinion", "收到意见";
        OpinionExpired = "opinion_expired", "征求意见期满";
        AskUnit = "ask_unit", "请单位协办";
        UnitAnswer = "unit_answer", "单位协办答复";
        ProposeExtension = "propose_extension", "报请延期";
        ApproveExtension = "approve_extension", "批准延期";
        RefuseExtension = "refuse_extension", "不批准延期";
        AskReasons = "ask_reasons", "要求说明理由";
        GiveReasons = "give_reasons", "收到说明理由";
        Defer = "defer", "确定延迟答复期限";
        Charge = "charge", "发出收费通知";
        Pay = "pay", "收到缴费";
        NotPaid = "not_paid", "逾期不缴费";
        Search = "search", "登记检索";
        Answer = "answer", "当场答复";
        Decide = "decide", "拟定答复";
        Pass = "pass", "公开审查通过";
        Return = "return", "退回重拟";
        Sign = "sign", "审签";
        Dispatch = "dispatch", "发出答复";
        Deliver = "deliver", "登记送达";
        Archive = "archive", "归档";
        Withdraw = "withdraw", "申请人撤回";
        Transfer = "transfer", "转办";
        Merge = "merge", "并案";
        Split = "split", "拆分";
        Redo = "redo", "重新办理";
        Note = "note", "会商记录";
    }
}

impl State {
    /// What comes next as a rule; `None` where nothing more is owed.
    #[must_use]
    pub const fn usual_next(self) -> Option<Act> {
        Some(match self {
            Self::Submitted => Act::Confirm,
            Self::Registered => Act::Accept,
            Self::AwaitingSupplement => Act::Supplement,
            Self::Handling => Act::Decide,
            Self::Consulting => Act::Opinion,
            Self::AwaitingReasons => Act::GiveReasons,
            Self::AwaitingPayment => Act::Pay,
            Self::Reviewing => Act::Pass,
            Self::Signing => Act::Sign,
            Self::Signed => Act::Dispatch,
            Self::Replied => Act::Deliver,
            Self::Delivered => Act::Archive,
            Self::Closed | Self::Archived => return None,
        })
    }
}

/// What an act is about: long lists of acts are kept apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// 登记、审核
    Intake,
    /// 征求意见、协办
    Opinion,
    /// 延期、说明理由、延迟答复、收费
    Term,
    /// 答复
    Reply,
}

/// On whose part something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Staff(Role),
    /// The organ's head, while nobody is appointed head of its 工作机构.
    ActingHead,
    /// The holder of the query code.
    Applicant,
    /// The night's work, imports.
    Program,
}

/// Where an act leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    To(State),
    Same,
    /// 征求意见中 while a letter is out, else 办理中.
    ByLetters,
}

struct Row {
    act: Act,
    from: &'static [State],
    next: Next,
    by: &'static [Who],
}

const OFFICER: Who = Who::Staff(Role::RequestOfficer);
const CLERK: Who = Who::Staff(Role::OfficeClerk);
const HEAD: Who = Who::Staff(Role::OfficeHead);
const UNIT_HEAD: Who = Who::Staff(Role::UnitHead);
const REVIEWER: Who = Who::Staff(Role::SecrecyReviewer);

/// Who handles cases.
const DESK: &[Who] = &[OFFICER, CLERK, HEAD];
const DESK_OR_APPLICANT: &[Who] = &[OFFICER, CLERK, HEAD, Who::Applicant];
const DESK_OR_PROGRAM: &[Who] = &[OFFICER, CLERK, HEAD, Who::Program];
/// 工作机构负责人 (art. 33); where none is appointed, the head of the organ, above whom nobody stands there.
const HEADS: &[Who] = &[HEAD, Who::ActingHead];
const SIGNERS: &[Who] = &[HEAD, UNIT_HEAD];
const REVIEWERS: &[Who] = &[REVIEWER, HEAD];

/// While the organ owes something.
const RUNNING: &[State] = &[
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
const TABLE: &[Row] = &[
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
        Act::Supplement,
        &[State::AwaitingSupplement],
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
    row(Act::Consult, AT_WORK, Next::To(State::Consulting), DESK),
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
    row(Act::AskUnit, AT_WORK, Next::Same, DESK),
    row(
        Act::UnitAnswer,
        RUNNING,
        Next::Same,
        &[OFFICER, CLERK, HEAD, UNIT_HEAD, Who::Staff(Role::Liaison)],
    ),
    row(Act::ProposeExtension, AT_WORK, Next::Same, DESK),
    row(Act::ApproveExtension, AT_WORK, Next::Same, HEADS),
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
        &[State::Handling, State::AwaitingReasons],
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
        &[State::Replied, State::Delivered, State::Archived],
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
    /// What it is about.
    #[must_use]
    pub const fn noun(self) -> Noun {
        match self {
            Self::Confirm
            | Self::AskSupplement
            | Self::Supplement
            | Self::NotSupplemented
            | Self::Accept
            | Self::Withdraw
            | Self::Transfer
            | Self::Merge
            | Self::Split => Noun::Intake,
            Self::Consult
            | Self::Opinion
            | Self::OpinionExpired
            | Self::AskUnit
            | Self::UnitAnswer => Noun::Opinion,
            Self::ProposeExtension
            | Self::ApproveExtension
            | Self::RefuseExtension
            | Self::AskReasons
            | Self::GiveReasons
            | Self::Defer
            | Self::Charge
            | Self::Pay
            | Self::NotPaid => Noun::Term,
            Self::Search
            | Self::Answer
            | Self::Decide
            | Self::Pass
            | Self::Return
            | Self::Sign
            | Self::Dispatch
            | Self::Deliver
            | Self::Archive
            | Self::Redo
            | Self::Note => Noun::Reply,
        }
    }

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

impl State {
    /// Does the organ still owe something?
    #[must_use]
    pub fn is_running(self) -> bool {
        RUNNING.contains(&self)
    }

    /// In which the days of the reply are counted, unless a unit's consultation or a deferral stops them.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(
            self,
            Self::Registered | Self::Handling | Self::Reviewing | Self::Signing | Self::Signed
        )
    }

    /// The states that wait for a reply, for lists.
    #[must_use]
    pub const fn running() -> &'static [Self] {
        RUNNING
    }

    /// Which of the five stages of art. 45 a case stands in.
    #[must_use]
    pub const fn stage(self) -> &'static str {
        match self {
            Self::Submitted | Self::Registered | Self::AwaitingSupplement => "登记审核",
            Self::Handling | Self::Consulting | Self::AwaitingReasons | Self::AwaitingPayment => {
                "办理"
            }
            Self::Reviewing | Self::Signing | Self::Signed => "审查审签",
            Self::Replied | Self::Delivered | Self::Closed => "答复办结",
            Self::Archived => "归档",
        }
    }

    /// What the applicant reads.
    #[must_use]
    pub const fn public_name(self) -> &'static str {
        match self {
            Self::Submitted => "已提交，等待工作机构与您确认收到",
            Self::Registered => "已登记，正在审核",
            Self::AwaitingSupplement => "请您补正",
            Self::Handling => "正在办理",
            Self::Consulting => "正在征求意见（期间不计入答复期限）",
            Self::AwaitingReasons => "请您说明理由",
            Self::AwaitingPayment => "请您缴费",
            Self::Reviewing | Self::Signing | Self::Signed => "答复正在审查审签",
            Self::Replied | Self::Delivered => "已答复",
            Self::Closed => "已办结",
            Self::Archived => "已办结归档",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gongkai_basis::Role;

    use super::{Act, Next, State, TABLE, Who};

    fn everybody() -> Vec<Who> {
        Role::ALL
            .iter()
            .map(|role| Who::Staff(*role))
            .chain([Who::ActingHead, Who::Applicant, Who::Program])
            .collect()
    }

    #[test]
    fn the_table_is_whole_and_without_doubles() {
        let acts: BTreeSet<Act> = TABLE.iter().map(|row| row.act).collect();
        assert_eq!(acts.len(), Act::ALL.len(), "every act stands in it");
        assert_eq!(TABLE.len(), acts.len(), "once");
        for row in TABLE {
            let states: BTreeSet<State> = row.from.iter().copied().collect();
            assert_eq!(states.len(), row.from.len(), "{:?}", row.act);
            assert!(!row.by.is_empty() && !row.from.is_empty());
        }
    }

    #[test]
    fn every_state_is_reached_and_left_except_the_last() {
        let mut reached: BTreeSet<State> = [State::Submitted].into();
        for _ in State::ALL {
            for (from, act, who) in everything() {
                match act.next(from, who).filter(|_| reached.contains(&from)) {
                    Some(Next::To(to)) => drop(reached.insert(to)),
                    Some(Next::ByLetters) => reached.extend([State::Handling, State::Consulting]),
                    Some(Next::Same) | None => {}
                }
            }
        }
        assert_eq!(reached.len(), State::ALL.len(), "{reached:?}");
        for state in State::ALL {
            let leaves = everything().any(|(from, act, who)| {
                from == *state && matches!(act.next(from, who), Some(Next::To(to)) if to != from)
            });
            assert!(
                leaves || *state == State::Consulting,
                "{state:?} has no way out"
            );
        }
    }

    #[test]
    fn what_comes_next_is_open_to_somebody() {
        for state in State::ALL {
            let open = |act: Act| {
                everybody()
                    .iter()
                    .any(|who| act.next(*state, *who).is_some())
            };
            assert!(state.usual_next().is_none_or(open), "{state:?}");
        }
    }

    fn everything() -> impl Iterator<Item = (State, Act, Who)> {
        State::ALL.iter().flat_map(|state| {
            Act::ALL
                .iter()
                .flat_map(move |act| everybody().into_iter().map(move |who| (*state, *act, who)))
        })
    }

    #[test]
    fn who_may_do_what_is_as_the_law_has_it() {
        for (from, act, who) in everything() {
            let may = act.next(from, who).is_some();
            let staff = match who {
                Who::Staff(role) => Some(role),
                Who::ActingHead | Who::Applicant | Who::Program => None,
            };
            if may && act == Act::ApproveExtension {
                let head = staff == Some(Role::OfficeHead) || who == Who::ActingHead;
                assert!(head, "art. 33: 工作机构负责人");
            }
            if may && who == Who::ActingHead {
                assert!(matches!(act, Act::ApproveExtension | Act::RefuseExtension));
            }
            if may && matches!(act, Act::Dispatch | Act::Deliver) {
                assert!(
                    matches!(from, State::Signed | State::Replied),
                    "signed first"
                );
            }
            if may && who == Who::Applicant {
                let own = [
                    Act::Supplement,
                    Act::Opinion,
                    Act::GiveReasons,
                    Act::Withdraw,
                ];
                assert!(own.contains(&act), "{act:?}");
            }
            if may && who == Who::Program {
                let own = [Act::NotSupplemented, Act::OpinionExpired, Act::NotPaid];
                assert!(own.contains(&act), "{act:?}");
            }
            if may && act == Act::Withdraw {
                assert!(from.is_running());
            }
            let reads_only = [
                Role::Supervisor,
                Role::Leader,
                Role::Author,
                Role::Proofreader,
                Role::FirstReviewer,
                Role::SecondReviewer,
                Role::ThirdReviewer,
                Role::LegalityReviewer,
                Role::SystemAdmin,
                Role::SecurityAdmin,
                Role::AuditAdmin,
            ];
            if staff.is_some_and(|role| reads_only.contains(&role)) {
                assert!(!may, "{staff:?} {act:?}");
            }
        }
        // The number of ways is part of the table: a change must be meant.
        let ways = everything().filter(|(from, act, who)| act.next(*from, *who).is_some());
        assert_eq!(ways.count(), WAYS);
    }

    const WAYS: usize = 296;
}

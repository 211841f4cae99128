//! 登记 → 审核 → 办理 → 答复 → 归档 (条例 art. 45): the states of a case, and who may do what in which: one table.

mod table;
#[cfg(test)]
mod tests;

use gongkai_basis::Role;
use gongkai_basis::coded;

use table::RUNNING;

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
        Reassign = "reassign", "转交经办人";
        Consult = "consult", "征求意见";
        /// The 15 working days of art. 32 and 34 count from here.
        Reached = "reached", "登记对方收到";
        Opinion = "opinion", "收到意见";
        OpinionExpired = "opinion_expired", "征求意见期满";
        /// A letter that is waited for no more: it does not arrive, or should not have left.
        StopAsking = "stop_asking", "不再征求";
        AskUnit = "ask_unit", "请单位协办";
        UnitAnswer = "unit_answer", "单位协办答复";
        ProposeExtension = "propose_extension", "报请延期";
        ApproveExtension = "approve_extension", "批准延期";
        /// With the notice to the applicant; approval alone moves nothing.
        TellExtension = "tell_extension", "发出延期告知";
        RefuseExtension = "refuse_extension", "不批准延期";
        AskReasons = "ask_reasons", "要求说明理由";
        GiveReasons = "give_reasons", "收到说明理由";
        Defer = "defer", "确定延迟答复期限";
        Charge = "charge", "发出收费通知";
        /// The 20 working days of 收费办法 art. 6 count from here.
        ChargeReached = "charge_reached", "登记收到通知";
        Pay = "pay", "收到缴费";
        NotPaid = "not_paid", "逾期不缴费";
        /// A fee that was asked for by mistake, before it is paid.
        CancelCharge = "cancel_charge", "撤销收费";
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
        Amend = "amend", "更正登记";
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

/// Who handles cases: takes them in, writes and checks their letters, lets them go.
pub(crate) const HANDLERS: &[Role] = &[Role::RequestOfficer, Role::OfficeClerk, Role::OfficeHead];

/// On whose part something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Staff(Role),
    /// The organ's head, while nobody is appointed head of its 工作机构.
    ActingHead,
    /// The organ's head, while nobody is appointed to review: neither a reviewer nor a head of its 工作机构.
    ActingReviewer,
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
            | Self::Reassign
            | Self::Withdraw
            | Self::Amend
            | Self::Transfer
            | Self::Merge
            | Self::Split => Noun::Intake,
            Self::Consult
            | Self::Reached
            | Self::Opinion
            | Self::OpinionExpired
            | Self::StopAsking
            | Self::AskUnit
            | Self::UnitAnswer => Noun::Opinion,
            Self::ProposeExtension
            | Self::ApproveExtension
            | Self::TellExtension
            | Self::RefuseExtension
            | Self::AskReasons
            | Self::GiveReasons
            | Self::Defer
            | Self::Charge
            | Self::ChargeReached
            | Self::Pay
            | Self::NotPaid
            | Self::CancelCharge => Noun::Term,
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

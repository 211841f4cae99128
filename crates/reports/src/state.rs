//! The way of a report to the public: 编写 → 单位负责人确认 → 主管部门预审 → 公布, and back with a reason. What was published
//! elsewhere comes in as published, and can be taken down again.

use gongkai_basis::coded;

coded! {
    /// Where a report stands.
    pub enum State {
        Draft = "draft", "编写中";
        Confirmed = "confirmed", "已确认，待预审";
        Checked = "checked", "预审通过，待公布";
        Published = "published", "已公布";
    }
}

coded! {
    /// What moves it on.
    pub enum Step {
        Confirm = "confirm", "确认报告";
        Return = "return", "退回修改";
        Pass = "pass", "预审通过";
        Publish = "publish", "公布报告";
        Reopen = "reopen", "更正报告";
        Withdraw = "withdraw", "撤下报告";
    }
}

impl State {
    /// Where a step leads; `None` where it cannot be taken.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Draft, Step::Confirm) => Some(Self::Confirmed),
            (Self::Confirmed, Step::Pass) => Some(Self::Checked),
            (Self::Confirmed | Self::Checked, Step::Return)
            | (Self::Published, Step::Reopen)
            | (Self::Draft | Self::Confirmed | Self::Checked | Self::Published, Step::Withdraw) => {
                Some(Self::Draft)
            }
            (Self::Checked, Step::Publish) => Some(Self::Published),
            (Self::Draft, Step::Return | Step::Pass | Step::Publish | Step::Reopen)
            | (Self::Confirmed, Step::Confirm | Step::Publish | Step::Reopen)
            | (Self::Checked, Step::Confirm | Step::Pass | Step::Reopen)
            | (Self::Published, Step::Confirm | Step::Return | Step::Pass | Step::Publish) => None,
        }
    }
}

impl Step {
    /// Those who get the report back must know why.
    #[must_use]
    pub const fn wants_reason(self) -> bool {
        match self {
            Self::Return | Self::Reopen | Self::Withdraw => true,
            Self::Confirm | Self::Pass | Self::Publish => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{State, Step};

    #[test]
    fn every_state_and_step() {
        let mut ways = Vec::new();
        for state in State::ALL {
            for step in Step::ALL {
                if let Some(after) = state.after(*step) {
                    ways.push(format!("{} {} {}", state.code(), step.code(), after.code()));
                }
            }
        }
        assert_eq!(
            ways,
            [
                "draft confirm confirmed",
                "draft withdraw draft",
                "confirmed return draft",
                "confirmed pass checked",
                "confirmed withdraw draft",
                "checked return draft",
                "checked publish published",
                "checked withdraw draft",
                "published reopen draft",
                "published withdraw draft",
            ]
        );
    }
}

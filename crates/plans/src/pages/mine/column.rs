//! The columns of 我的任务 that a person may hide or show; the task stands first, and what may be done with it last.

use gongkai_platform::columns::ListColumn;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Duty,
    Due,
    Light,
    Latest,
    Evidence,
}

impl ListColumn for Column {
    const OFFERED: &'static [Self] = &[
        Self::Duty,
        Self::Due,
        Self::Light,
        Self::Latest,
        Self::Evidence,
    ];
    const AT_FIRST: &'static [Self] = Self::OFFERED;

    fn key(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Due => "due",
            Self::Light => "state",
            Self::Latest => "latest",
            Self::Evidence => "evidence",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Duty => "分工",
            Self::Due => "期限",
            Self::Light => "状态",
            Self::Latest => "最近填报",
            Self::Evidence => "佐证",
        }
    }
}

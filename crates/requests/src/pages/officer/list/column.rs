//! The columns of the list of cases that a person may hide or show; the number always stands first.

use gongkai_platform::columns::ListColumn;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Subject,
    Kind,
    Channel,
    Applicant,
    Organ,
    State,
    Received,
    Due,
    Reply,
}

impl ListColumn for Column {
    const OFFERED: &'static [Self] = &[
        Self::Subject,
        Self::Kind,
        Self::Channel,
        Self::Applicant,
        Self::Organ,
        Self::State,
        Self::Received,
        Self::Due,
        Self::Reply,
    ];
    const AT_FIRST: &'static [Self] = &[
        Self::Subject,
        Self::Applicant,
        Self::Organ,
        Self::State,
        Self::Received,
        Self::Due,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Kind => "kind",
            Self::Channel => "channel",
            Self::Applicant => "applicant",
            Self::Organ => "organ",
            Self::State => "state",
            Self::Received => "received",
            Self::Due => "due",
            Self::Reply => "reply",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Subject => "申请内容",
            Self::Kind => "类别",
            Self::Channel => "渠道",
            Self::Applicant => "申请人",
            Self::Organ => "机关",
            Self::State => "状态",
            Self::Received => "收到",
            Self::Due => "到期",
            Self::Reply => "答复",
        }
    }
}

impl Column {
    /// It unfolds on a narrow screen.
    pub(super) const fn folds(self) -> bool {
        match self {
            Self::Kind
            | Self::Channel
            | Self::Applicant
            | Self::Organ
            | Self::Received
            | Self::Reply => true,
            Self::Subject | Self::State | Self::Due => false,
        }
    }
}

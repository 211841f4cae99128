//! The columns of the list of documents that a person may hide or show; the title always stands first.

use gongkai_platform::columns::ListColumn;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Kind,
    Organ,
    Owner,
    Number,
    Theme,
    Issued,
    State,
    Visibility,
}

impl ListColumn for Column {
    const OFFERED: &'static [Self] = &[
        Self::Kind,
        Self::Organ,
        Self::Owner,
        Self::Number,
        Self::Theme,
        Self::Issued,
        Self::State,
        Self::Visibility,
    ];
    const AT_FIRST: &'static [Self] = &[
        Self::Kind,
        Self::Organ,
        Self::Number,
        Self::State,
        Self::Visibility,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Organ => "organ",
            Self::Owner => "owner",
            Self::Number => "number",
            Self::Theme => "theme",
            Self::Issued => "issued",
            Self::State => "state",
            Self::Visibility => "visibility",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Kind => "种类",
            Self::Organ => "发布机构",
            Self::Owner => "承办单位",
            Self::Number => "文号",
            Self::Theme => "主题分类",
            Self::Issued => "成文日期",
            Self::State => "稿件",
            Self::Visibility => "公开",
        }
    }
}

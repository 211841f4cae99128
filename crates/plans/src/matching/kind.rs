//! What became of a task, in one word, for the two uses.

/// Whether a person should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    Sure,
    Check,
}

impl Certainty {
    pub const ALL: [Self; 2] = [Self::Sure, Self::Check];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Check => "check",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sure => "确定",
            Self::Check => "待核对",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Where a task of last year went (回头看).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    Same,
    Reworded,
    Narrowed,
    Widened,
    /// Nothing of this year's answers it.
    Dropped,
    /// Of this year: nothing of last year's was like it.
    New,
}

impl Turn {
    pub const ALL: [Self; 6] = [
        Self::Same,
        Self::Reworded,
        Self::Narrowed,
        Self::Widened,
        Self::Dropped,
        Self::New,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Reworded => "reworded",
            Self::Narrowed => "narrowed",
            Self::Widened => "widened",
            Self::Dropped => "dropped",
            Self::New => "new",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "延续",
            Self::Reworded => "改写",
            Self::Narrowed => "收窄",
            Self::Widened => "扩展",
            Self::Dropped => "未延续",
            Self::New => "新增",
        }
    }

    /// Stands beside the name, so that colour is never alone.
    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Same => "＝",
            Self::Reworded => "≈",
            Self::Narrowed => "▷",
            Self::Widened => "◁",
            Self::Dropped => "×",
            Self::New => "＋",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// How a lower plan answers a measure of the upper one (上下级贯通).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    TakenOver,
    /// An earlier date, a shorter limit, a higher count.
    Tightened,
    /// A later date, a longer limit, a lower count, or half of the measure gone.
    Loosened,
    Missing,
    /// Of the lower plan: nothing of the upper one asks for it.
    AddedHere,
}

impl Cover {
    pub const ALL: [Self; 5] = [
        Self::TakenOver,
        Self::Tightened,
        Self::Loosened,
        Self::Missing,
        Self::AddedHere,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TakenOver => "taken-over",
            Self::Tightened => "tightened",
            Self::Loosened => "loosened",
            Self::Missing => "missing",
            Self::AddedHere => "added-here",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TakenOver => "已承接",
            Self::Tightened => "加严",
            Self::Loosened => "放宽",
            Self::Missing => "缺项",
            Self::AddedHere => "自增",
        }
    }

    #[must_use]
    pub const fn shape(self) -> &'static str {
        match self {
            Self::TakenOver => "●",
            Self::Tightened => "▲",
            Self::Loosened => "▼",
            Self::Missing => "○",
            Self::AddedHere => "＋",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

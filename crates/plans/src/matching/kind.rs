//! What became of a task, in one word, for the two uses.

use gongkai_basis::coded;

coded! {
    /// Whether a person should look.
    pub enum Certainty {
        Sure = "sure", "确定";
        Check = "check", "待核对";
    }
}

coded! {
    /// Where a task of last year went (回头看).
    pub enum Turn {
        Same = "same", "延续";
        Reworded = "reworded", "改写";
        Narrowed = "narrowed", "收窄";
        Widened = "widened", "扩展";
        /// Nothing of this year's answers it.
        Dropped = "dropped", "未延续";
        /// Of this year: nothing of last year's was like it.
        New = "new", "新增";
    }
}

impl Turn {
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
}

coded! {
    /// How a lower plan answers a measure of the upper one (上下级贯通).
    pub enum Cover {
        TakenOver = "taken-over", "已承接";
        /// An earlier date, a shorter limit, a higher count.
        Tightened = "tightened", "加严";
        /// A later date, a longer limit, a lower count, or half of the measure gone.
        Loosened = "loosened", "放宽";
        Missing = "missing", "缺项";
        /// Of the lower plan: nothing of the upper one asks for it.
        AddedHere = "added-here", "自增";
    }
}

impl Cover {
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
}

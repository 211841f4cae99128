//! 网址核验: the pages elsewhere that periods were filled with are looked at again. A page that is gone or says something else makes
//! its period 待核; what could not be seen says nothing and is 未核验.
//!
//! Ours: the law asks that information is public, not how an office watches over it. Navigation and neighbours of a page change
//! every day: one that names the material as before, and has not lost half of its words, still is the material.

pub mod handle;
mod look;
pub mod run;
pub mod store;

use gongkai_basis::{Date, coded};
use gongkai_platform::files::hash_of;
use gongkai_platform::web::{civil_day, day};
use jiff::Timestamp;

use crate::id::FillingId;

pub use look::Seen;

/// Characters that the name of a material must have to be found again on its page.
const NAME_CHARS_MIN: usize = 4;

coded! {
    pub enum PageState {
        Holds = "holds", "网页还在";
        Changed = "changed", "网页内容有变化";
        Gone = "gone", "网页打不开";
        Unseen = "unseen", "未核验";
    }
}

impl PageState {
    /// Does somebody have to look?
    #[must_use]
    pub const fn is_doubtful(self) -> bool {
        matches!(self, Self::Changed | Self::Gone)
    }
}

/// What a page says, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Of its words, folded.
    pub seal: String,
    /// Characters of them.
    pub chars: i64,
    /// It names the material.
    pub named: bool,
}

impl Words {
    /// The words of a page that is to show a material of this name.
    #[must_use]
    pub fn of(text: &str, name: &str) -> Self {
        let (folded, name) = (fold(text), fold(name));
        Self {
            seal: hash_of(folded.as_bytes()),
            chars: i64::try_from(folded.chars().count()).unwrap_or(i64::MAX),
            named: name.chars().count() >= NAME_CHARS_MIN && folded.contains(&name),
        }
    }

    /// Is this the material that those words were?
    fn still_is(&self, before: &Self) -> bool {
        let keeps_its_name =
            before.named && self.named && self.chars.saturating_mul(2) >= before.chars;
        self.seal == before.seal || keeps_its_name
    }
}

/// Letters, figures and characters alone, small: layout and marks make no difference.
fn fold(text: &str) -> String {
    let words = text.chars().filter(|c| c.is_alphanumeric());
    words.flat_map(char::to_lowercase).collect()
}

/// What is known of the page of one filling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub filling: FillingId,
    pub state: PageState,
    pub sentence: String,
    /// What counts as the material; `None` until it was seen once.
    pub material: Option<Words>,
    /// What was seen last.
    pub seen: Option<Words>,
    /// When it last told something, in milliseconds since 1970.
    pub seen_at: Option<i64>,
    pub tried_at: i64,
    /// 0 before it is stored.
    pub version: i64,
}

impl Page {
    /// Nobody has looked yet.
    #[must_use]
    pub fn unseen(filling: FillingId) -> Self {
        Self {
            filling,
            state: PageState::Unseen,
            sentence: "还没有核验过。".to_owned(),
            material: None,
            seen: None,
            seen_at: None,
            tried_at: 0,
            version: 0,
        }
    }

    /// What is known after one more look at this instant. A look that saw nothing leaves what is known.
    #[must_use]
    pub fn after(mut self, seen: &Seen, at: i64) -> Self {
        self.tried_at = at;
        let (state, sentence) = self.judged(seen);
        if state == PageState::Unseen {
            if self.seen_at.is_none() {
                self.sentence = sentence;
            }
            return self;
        }
        (self.state, self.sentence, self.seen_at) = (state, sentence, Some(at));
        if let Seen::Words(words) = seen {
            self.seen = Some(words.clone());
            self.material.get_or_insert_with(|| words.clone());
        }
        self
    }

    fn judged(&self, seen: &Seen) -> (PageState, String) {
        match seen {
            Seen::Nothing(why) => (PageState::Unseen, why.clone()),
            Seen::Status(status @ (404 | 410)) => (
                PageState::Gone,
                format!("网页已经不存在（网站回答 {status}）。"),
            ),
            Seen::Status(status) => (
                PageState::Unseen,
                format!("网站没有给出网页（回答 {status}），请人工查看。"),
            ),
            Seen::Words(words) if words.chars == 0 => (
                PageState::Unseen,
                "页面没有可读的文字，可能是图片或由脚本生成，请人工查看。".to_owned(),
            ),
            Seen::Words(words) => match &self.material {
                Some(before) if !words.still_is(before) => (
                    PageState::Changed,
                    "网页的文字与登记后第一次看到的不同。".to_owned(),
                ),
                Some(_) | None => (PageState::Holds, "网页还在。".to_owned()),
            },
        }
    }

    /// Somebody looked and says that what is there now is the material.
    #[must_use]
    pub fn accepted(mut self, why: &str) -> Self {
        self.state = PageState::Holds;
        self.sentence = format!("核对无误：{why}");
        self.material = self.seen.clone();
        self
    }

    /// The day of the last look that told something.
    #[must_use]
    pub fn seen_on(&self) -> Option<Date> {
        let at = Timestamp::from_millisecond(self.seen_at?).ok()?;
        Some(civil_day(at))
    }

    /// As staff read it.
    #[must_use]
    pub fn said(&self) -> String {
        let on = self.seen_on().map(day).unwrap_or_default();
        match self.state {
            PageState::Holds => format!("{on}核验：{}", self.sentence),
            PageState::Changed | PageState::Gone => format!("{on}核验，待核：{}", self.sentence),
            PageState::Unseen => format!("未核验：{}", self.sentence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "一季度预算执行情况";

    fn words(text: &str) -> Seen {
        Seen::Words(Words::of(text, NAME))
    }

    fn looks(all: &[Seen]) -> Vec<PageState> {
        let mut page = Page::unseen(FillingId::new(uuid::Uuid::nil()));
        let mut states = Vec::new();
        for (at, seen) in (1..).zip(all) {
            page = page.after(seen, at);
            states.push(page.state);
        }
        states
    }

    #[test]
    fn a_page_holds_while_it_names_its_material_or_says_the_same() {
        use PageState::{Changed, Gone, Holds, Unseen};
        let text = "首页 一季度预算执行情况：收入12亿元，支出11亿元。";
        let beside = "首页 放假通知 一季度预算执行情况： 收入12亿元，支出11亿元。";
        let other = "首页 您访问的栏目已调整，请从首页查找。请从首页查找。";
        let bare = "一季度预算执行情况";
        assert_eq!(
            looks(&[words(text), words(beside), words(other), words(text)]),
            [Holds, Holds, Changed, Holds]
        );
        // The name alone, in a list, is not the material.
        assert_eq!(looks(&[words(text), words(bare)]), [Holds, Changed]);
        // A page that never named it is the same only while it says the same.
        let nameless = "收入12亿元，支出11亿元。";
        assert_eq!(
            looks(&[
                words(nameless),
                words("收入 12亿元；支出11亿元"),
                words("收入13亿元")
            ]),
            [Holds, Holds, Changed]
        );
        let nothing = || Seen::Nothing("暂时连不上网站，稍后会再试。".to_owned());
        assert_eq!(
            looks(&[
                nothing(),
                words(text),
                nothing(),
                Seen::Status(503),
                Seen::Status(404)
            ]),
            [Unseen, Holds, Holds, Holds, Gone]
        );
        // What was gone stays so until something is seen.
        assert_eq!(
            looks(&[Seen::Status(410), nothing(), words(text)]),
            [Gone, Gone, Holds]
        );
        assert_eq!(looks(&[words("　")]), [Unseen]);
    }

    #[test]
    fn what_somebody_accepts_is_the_material_from_then_on() {
        let page = Page::unseen(FillingId::new(uuid::Uuid::nil()));
        let page = page
            .after(&words("收入12亿元"), 1)
            .after(&words("收入13亿元"), 2);
        assert_eq!(page.state, PageState::Changed);
        let page = page.accepted("数字按决算更正");
        assert_eq!(page.state, PageState::Holds);
        assert_eq!(page.after(&words("收入13亿元"), 3).state, PageState::Holds);
    }
}

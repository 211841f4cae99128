//! What a finished document must have: no blank left open, its date, 审图号 with a map.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Finding, Found, Kind};
use crate::rules::Rules;
use crate::text::Text;

static LEFT_OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[(\[【](?:待补充|待补|待定稿|此处补充|此处插入[^)\]】\n]{0,10}|待完善|补充内容|请补充[^)\]】\n]{0,10}|插入图片|插入表格)[)\]】]",
    )
});
/// A caption that names a map.
static MAP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^\s*(?:附?图\s?\d{0,2}(?:-\d{1,2})?|附件\s?\d{0,2}|附图)\s*[:.、]?\s*[^\n。;,]{0,30}(?:行政区划图|地图|区位图|政区图|区划图|卫星影像图|交通图|水系图)\s*$",
    )
});
/// A line of its own that is nothing but a map's name, or words that point at one beside them.
static LIKELY_MAP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^\s*[\p{Han}\d]{2,20}(?:行政区划图|政区图|区划图|卫星影像图|水系图|区位图|学区划分图|[省市县区镇乡村国]地图)\s*$|(?:[下上左右附]图|如图)\s?\d{0,2}[^\n。;,]{0,14}?(?:行政区划图|政区图|区划图|卫星影像图|水系图|区位图|地图)",
    )
});
/// What a picture that is a map is called.
static MAP_NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:行政区划图|地图|区位图|政区图|区划图|学区划分图|卫星影像图|交通图|水系图)[^\p{Han}]*$",
    )
});
static MAP_PERMIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"审\s?图\s?号|GS\s?\p{Han}?\s?[(〔\[]?\s?(?:20)?\d{2,4}|\p{Han}{1,2}[A-Z]?S\s?[(〔\[]\s?20\d{2}",
    )
});
/// Digits of an 审图号: those of the year, and one at least of the number.
const PERMIT_DIGITS_MIN: usize = 5;
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?:19|20)\d{2}|[一二][〇○零九]{1}[\p{Han}〇○零]{2})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日",
    )
});
static OFFICIAL_TITLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^\s*[^\n。]{0,40}关于[^\n。]{2,60}的(?:通知|通告|公告|决定|意见|办法|批复|函|报告)\s*$",
    )
});

/// A picture whose name is a map's, where `beside`, the text around it, has no 审图号. Its number may be printed in the picture,
/// which no machine here reads.
///
/// Law: 地图管理条例 (2015) art. 15, 40: what is shown to the public bears the number of its permit.
#[must_use]
pub fn unlicensed_map(name: &str, beside: &str) -> Option<Finding> {
    let name = name.trim();
    let is_bare = MAP_NAME.is_match(name) && !MAP_PERMIT.is_match(name);
    (is_bare && !MAP_PERMIT.is_match(beside)).then(|| Finding {
        start: 0,
        end: 0,
        kind: Kind::Map,
        confidence: Confidence::Low,
        text: format!("图片“{name}”"),
        advice: "这张图像是地图。公开地图须有审图号：图上已经印有的，请核对；没有的，请补注审图号和地图来源，或不用此图。"
            .to_owned(),
    })
}

/// Does somebody who was asked about a map say its 审图号, or that it is none?
#[must_use]
pub fn answers_map(said: &str) -> bool {
    names_map_permit(said) || said.contains("不是地图")
}

/// Is there an 审图号 in it, however it is written: 粤S（2026）012号, GS（2024）1234号, GS京（2022）1061号? The words 审图号 alone are none.
/// Writers and reviewers are held to the same.
#[must_use]
pub fn names_map_permit(said: &str) -> bool {
    let said = Text::new(said).norm;
    let digits = said.chars().filter(char::is_ascii_digit).count();
    digits >= PERMIT_DIGITS_MIN && MAP_PERMIT.is_match(&said)
}

pub(crate) fn find(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    for hit in LEFT_OPEN.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        found.push(Found::new(Kind::Missing, start, end, Confidence::High));
    }
    if !MAP_PERMIT.is_match(&text.norm) {
        let named = MAP.find_iter(&text.norm).map(|hit| (hit, Confidence::High));
        let likely = LIKELY_MAP.find_iter(&text.norm);
        for (hit, confidence) in named.chain(likely.map(|hit| (hit, Confidence::Low))) {
            let (start, end) = text.trimmed(text.char_at(hit.start()), text.char_at(hit.end()));
            found.push(Found::new(Kind::Map, start, end, confidence));
        }
    }
    if rules.whole_document
        && let Some(title) = OFFICIAL_TITLE.find(&text.norm)
        && !DATED.is_match(&text.norm)
    {
        let (start, end) = text.trimmed(text.char_at(title.start()), text.char_at(title.end()));
        found.push(
            Found::new(Kind::Missing, start, end, Confidence::Low)
                .saying("正文没有成文日期，请补齐后再发布。"),
        );
    }
}

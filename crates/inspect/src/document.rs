//! What a finished document must have: no blank left open, its date, 审图号 with a map.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
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
static MAP_PERMIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"审\s?图\s?号|GS\s?[(〔\[]?\s?(?:20)?\d{2,4}|[\p{Han}]{1,2}S\s?[(〔\[]\s?20\d{2}")
});
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

pub(crate) fn find(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    for hit in LEFT_OPEN.find_iter(&text.norm) {
        let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
        found.push(Found::new(Kind::Missing, start, end, Confidence::High));
    }
    if !MAP_PERMIT.is_match(&text.norm) {
        for hit in MAP.find_iter(&text.norm) {
            let (start, end) = text.trimmed(text.char_at(hit.start()), text.char_at(hit.end()));
            found.push(Found::new(Kind::Map, start, end, Confidence::High));
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

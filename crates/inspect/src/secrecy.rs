//! 密级标志 and other marks that keep a paper inside the house.
//!
//! Law: 保守国家秘密法 (2024) art. 14, 20, 22; 实施条例 (2024) art. 21: a mark names grade and period, such as 机密★20年.
//! A mark is told from prose by its star, by its label, or because it stands alone.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::text::Text;

/// 机密★20年, 秘 密 ☆ 长期, 绝密*.
static STARRED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:核心商密|普通商密|商\s?密|商业秘密|工作秘密|绝\s{0,4}密|机\s{0,4}密|秘\s{0,4}密|内\s{0,4}部|普\s?密)\s*(?:级)?\s*(?:[★☆✩✭✮⭐🌟✰⋆]|\*(?:[^*]|$))\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|个\s?月)|长\s?期|启封|解密[^\n,。]{0,12})?",
    )
});
static STAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?m)^\s*[★☆]\s*(?:绝\s?密|机\s?密|秘\s?密)\s*(?:\d{1,2}\s*年)?\s*$")
});
/// 密级：机密.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:密\s{0,3}级|秘密等级|涉密等级|保密等级|定密|文件密级|信息密级)\s{0,3}(?:和保密期限|及保密期限|标志)?\s*[:为]\s*[\[〔(【]?\s*((?:绝\s?密|机\s?密|秘\s?密)(?:\s?级)?(?:\s*[-·,、]?\s*\d{1,2}\s*年)?|内部(?:资料|文件)?|工作秘密)",
    )
});
/// 机密 20年, 秘密·十年: a grade with its period and no star, as a line or in brackets.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:№|No\.?)?\s*\d{0,7}\s*)(?:(?:特急|加急|平急|急件|特提|急)\s*)?[\[〔(【《<「]?\s*(?:绝\s{0,6}密|机\s{0,6}密|秘\s{0,6}密)(?:\s?级|\s?件|\s?文件)?\s*[\]〕)】》>」]?\s*[-·▲△●*、]?\s*[(]?(?:保密期限:?)?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|个月)|长期)?[)]?\s*(?:特急|加急|平急|急件|特提|急)?$",
    )
});
static BRACKETED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\[〔(【]\s*(?:绝\s?密|机\s?密|秘\s?密)(?:级|件)?\s*(?:[-·,、]?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*年)?\s*[\]〕)】]|(?:绝密|机密|秘密)(?:级)?\s?[·▲△●]?\s?\d{1,2}\s?年(?:\s|$|[)】\]])",
    )
});
/// 内部资料 注意保存 and the like, which need no line of their own.
static INSIDE_PAIR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:内\s?部\s?(?:资\s?料|文\s?件|材\s?料|参\s?考|使\s?用|刊\s?物|发\s?行|传\s?阅|明\s?电|掌\s?握|情\s?况|讨\s?论\s?稿|征求意见稿|稿))\s*[,、;.。·!★-]{0,3}\s*(?:请)?\s*(?:(?:注\s?意|妥\s?善)\s?(?:保\s?存|保\s?密|保\s?管)|(?:不\s?得|严\s?禁|请\s?勿|禁\s?止|切\s?勿|不\s?准|勿)\s?(?:外\s?传|外\s?泄|转\s?发|扩\s?散|复\s?印|翻\s?印|公\s?开|上\s?网|传\s?播|对外)|不\s?(?:宜|予|对外)\s?公\s?开)",
    )
});
static INSIDE_PHRASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[(\[【]\s*(?:内部资料|内部文件|内部材料|内部使用|内部参考|内部掌握|内部传阅|工作秘密|内部)\s*[)\]】]|[(\[【]?此\s?件\s?(?:不\s?(?:予\s?|宜\s?|得\s?)?(?:对外)?\s?公\s?开|不得公开|发至[^\n,。()]{1,12}级|传达(?:到|至)[^\n,。()]{1,12}级|阅后(?:收回|退回|清退))(?:[^\n)\]】]{0,10})[)\]】]?|(?:公开(?:方式|属性|类别|形式))\s*:\s*(?:不予公开|不公开)|仅\s?供\s?(?:内部|领导|本单位|机关内部|局内|工作)\s?(?:参考|参阅|使用|掌握|传阅)|(?:仅|只)?限\s?(?:[\p{Han}]{0,10})(?:内部(?:使用|阅读|传达|传阅)|范围内传达|领导传阅|级以上(?:干部|领导干部)?(?:阅读|传达))|阅后即焚|阅后收回|[(\[【][^()\[\]【】\n]{0,12}(?:会|用)\s?后\s?(?:请\s?)?(?:收|退|交)\s?回[)\]】]|(?:对内|内部)掌握[,、 ]{0,2}不(?:得|予|宜)?对外(?:公布|公开|宣传)|注意保存[,、 ]{0,2}(?:不得|严禁|请勿)外传",
    )
});
/// A whole line that is one of these marks.
static INSIDE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\[【(]?\s*(?:内\s{0,4}部\s{0,4}(?:资\s{0,4}料|文\s{0,4}件|材\s{0,4}料|参\s{0,4}考|使\s{0,4}用|明\s{0,4}电|传\s{0,4}阅)|密\s{0,4}码\s{0,4}电\s{0,4}报|工\s{0,4}作\s{0,4}秘\s{0,4}密|不\s?得\s?外\s?传|严\s?禁\s?外\s?传|请\s?勿\s?外\s?传|注\s?意\s?保\s?存|注\s?意\s?保\s?密|传\s?真\s?电\s?报\s*[(]?密[)]?|机\s?要\s?文\s?件|不予公开|不(?:对外|宜)公开|密\s{0,4}件|(?:(?:会议|讨论|汇报|参阅)?材\s?料)?[,、 ]{0,3}(?:会|用|阅)\s?后\s?(?:请\s?)?(?:收|退|交)\s?回|内部传阅\s*不得外传)\s*[\]】)]?[!。]?(?:\s*\d{0,7})?$",
    )
});

/// 限县级传达, 知悉范围：局领导: whom a paper may reach.
static REACH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"限[\p{Han}]{1,8}级(?:以上)?[\p{Han}]{0,6}(?:传达|阅读|传阅|知悉|掌握)|[(\[【](?:此件)?发至[\p{Han}]{1,10}级[)\]】]|知悉范围\s*[:为]\s*[\p{Han}]{2,20}",
    )
});

/// The sentence tells about marks: laws, training, how one is to write.
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"字样|标志|标识|标注|标明|印有|标有|盖有|注明|格式|例如|示例|写法|书写|分为|三级|密级的|密级标|所谓|规定的|应当作出|保密法|不得(?:上网|发布)|等级的|等(?:文件|资料|信息|内容|标)|形式为|如下|培训|检查|排查|清理|自查|专项|是否|文件的|管理",
    )
});

pub(crate) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut marks = Vec::new();
    for shape in [&*STARRED, &*STAR_FIRST] {
        for hit in shape.find_iter(&text.norm) {
            mark(text, hit.range(), Confidence::High, &mut marks);
        }
    }
    for hit in REACH.find_iter(&text.norm) {
        mark(text, hit.range(), Confidence::Low, &mut marks);
    }
    for hit in LABELLED.captures_iter(&text.norm) {
        let (Some(all), Some(grade)) = (hit.get(0), hit.get(1)) else {
            continue;
        };
        let behind = text.right(text.char_at(all.end()), 8);
        // A form that offers the grades to choose from, or a sentence about them.
        if behind
            .trim_start()
            .starts_with(['、', '/', '|', '□', '☐', '或', '和', '级'])
            || is_told(text, text.char_at(all.start()), text.char_at(all.end()))
        {
            continue;
        }
        mark(text, grade.range(), Confidence::High, &mut marks);
    }
    for shape in [&*BRACKETED, &*INSIDE_PAIR, &*INSIDE_PHRASE] {
        for hit in shape.find_iter(&text.norm) {
            let (start, end) = (text.char_at(hit.start()), text.char_at(hit.end()));
            let about_pair = is_told(text, start, end);
            if !about_pair && !is_quoted(text, start, end) {
                mark(text, hit.range(), Confidence::High, &mut marks);
            }
        }
    }
    lines(text, &mut marks);
    marks.retain(|one: &Found| !is_quoted(text, one.start, one.end));
    found.extend(marks);
}

fn mark(
    text: &Text,
    range: std::ops::Range<usize>,
    confidence: Confidence,
    marks: &mut Vec<Found>,
) {
    let (start, end) = text.trimmed(text.char_at(range.start), text.char_at(range.end));
    // The star pattern takes one character more to see that no second star follows.
    let slice = text.slice(start, end);
    let end = match slice.rfind('*') {
        Some(star)
            if slice.get(star + 1..).is_some_and(|rest| {
                !rest.is_empty() && !rest.contains(['年', '月', '期', '封', '密'])
            }) =>
        {
            start + slice.get(..=star).unwrap_or_default().chars().count()
        }
        _ => end,
    };
    if let Some(limit) = over_limit(slice) {
        marks.push(Found::new(Kind::Secrecy, start, end, confidence).saying(format!(
            "文中有密级标志，不得上网；所标期限超过该密级的最长期限（{limit}年），标志本身也有误。请停止发布，交保密审查人员处理。"
        )));
    } else if !is_told(text, start, end) || !is_quoted(text, start, end) && alone(text, start, end)
    {
        marks.push(Found::new(Kind::Secrecy, start, end, confidence));
    }
}

fn alone(text: &Text, start: usize, end: usize) -> bool {
    let (from, to) = text.line_span(text.line_of(start));
    to - from <= end - start + 10
}

/// The longest period of a grade, when the mark names a longer one (保守国家秘密法 art. 20: 30, 20, 10 years).
fn over_limit(mark: &str) -> Option<u32> {
    let compact: String = mark.chars().filter(|c| !c.is_whitespace()).collect();
    let limit = match compact.chars().find(|c| matches!(c, '绝' | '机' | '秘'))? {
        '绝' => 30,
        '机' => 20,
        _ => 10,
    };
    let years: String = compact
        .split('年')
        .next()?
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    (compact.contains('年') && years.parse::<u32>().ok()? > limit).then_some(limit)
}

/// Whether the sentence speaks about marks instead of bearing one.
fn is_told(text: &Text, start: usize, end: usize) -> bool {
    let (left, right) = (text.left(start, 40), text.right(end, 30));
    let left = left.rsplit(['。', '!', '\t']).next().unwrap_or(left);
    let right = right.split(['。', '!', '\t']).next().unwrap_or(right);
    ABOUT.is_match(left) || ABOUT.is_match(right)
}

/// Between quotation marks, as one who tells about it would write.
fn is_quoted(text: &Text, start: usize, end: usize) -> bool {
    let opens = text
        .left(start, 12)
        .trim_end()
        .ends_with(['“', '"', '‘', '「', '\'', '”']);
    let closes = text
        .right(end, 12)
        .trim_start()
        .starts_with(['”', '"', '’', '」', '\'', '“']);
    opens && (closes || is_told(text, start, end)) || closes && is_told(text, start, end)
}

/// Lines that are nothing but a mark. Where a list names several grades one after the other, it tells about them.
fn lines(text: &Text, marks: &mut Vec<Found>) {
    let mut grades: Vec<Found> = Vec::new();
    for (start, end) in text.lines() {
        let (start, end) = text.trimmed(*start, *end);
        if start == end || end - start > 40 {
            continue;
        }
        let line = text.slice(start, end);
        if ALONE.is_match(line) {
            grades.push(Found::new(Kind::Secrecy, start, end, Confidence::High));
        } else if INSIDE_LINE.is_match(line) {
            marks.push(Found::new(Kind::Secrecy, start, end, Confidence::High));
        } else if line.contains('\t') {
            cells(text, start, end, &mut grades);
        }
    }
    let kinds: std::collections::HashSet<char> = grades
        .iter()
        .filter_map(|one| {
            text.slice(one.start, one.end)
                .chars()
                .find(|c| matches!(c, '绝' | '机' | '秘'))
        })
        .collect();
    if kinds.len() <= 1 {
        marks.extend(grades);
    }
}

/// A cell of a first row that is a mark alone: red heads of papers are often tables.
fn cells(text: &Text, start: usize, end: usize, grades: &mut Vec<Found>) {
    let mut from = start;
    while from < end {
        let to = (from..end)
            .find(|index| text.get(*index) == Some('\t'))
            .unwrap_or(end);
        let (first, last) = text.trimmed(from, to);
        if first < last && ALONE.is_match(text.slice(first, last)) {
            grades.push(Found::new(Kind::Secrecy, first, last, Confidence::Low));
        }
        from = to + 1;
    }
}

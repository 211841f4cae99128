//! Citations: of documents that are not public, and 《…》（文号） that do not hold together.
//!
//! Law: 党政机关公文处理工作条例 art. 9 (五); GB/T 9704-2012 7.2.5: year in full in 〔〕, serial without 第 and zeros.

use std::sync::LazyLock;

use regex::Regex;

use crate::digits::pattern;
use crate::finding::{Confidence, Found, Kind};
use crate::rules::Rules;
use crate::text::Text;

/// 〔2021〕17号 with any brackets, and what stands before as the issuing code.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"([\p{Han}]{2,20})\s?([〔\[(【<「{])\s?((?:19|20)?\d{2})\s?([〕\])】>」}])\s?(第?)\s?(\d{1,5})\s?号",
    )
});
/// 中府办函2022127号: the brackets are lost.
static DAMAGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"([\p{Han}]{1,12}(?:函|发|办|字|规|通|复|告|电))((?:19|20)\d{2})\s?(\d{1,4})号")
});
static BLANK_SERIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{Han}]{2,20}〔(?:(?:19|20)\d{2}|20[Xx×_ ]{2}|\s*)〕\s{0,6}(?:[Xx×_]{1,4}|\s|\s{2,})\s{0,4}号",
    )
});
static TITLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"《([^《》\n]{2,80})》"));
static NO_CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"》\s?\(\s?〔(?:19|20)\d{2}〕\s?\d{1,5}号\s?\)|《\s*》|》\s?\(\s?\)|》\(〔\s*〕\s*号\)",
    )
});
/// Brackets in brackets of a number: 〔2021]17号.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"《[^《》\n]{2,60}(?:\((?:内部|秘密|机密|绝密|密|内部资料|内部文件|内部稿|不公开|未公开)\))》|《[^《》\n]{2,60}》\s?\((?:内部文件|内部资料|内部|秘密|机密|绝密|密件|不予公开|未公开|不公开)[^)\n]{0,12}\)|《(?:内部参考|内参|内部情况通报|机要通报|内部情况)[^《》\n]{0,20}》",
    )
});

pub(crate) fn find(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    for hit in NUMBER.captures_iter(&text.norm) {
        number(text, &hit, found);
    }
    for hit in INSIDE.find_iter(&text.norm) {
        push(text, Kind::Citation, hit.range(), Confidence::High, found);
    }
    for hit in DAMAGED.captures_iter(&text.norm) {
        let (Some(all), Some(code)) = (hit.get(0), hit.get(1)) else {
            continue;
        };
        if !code.as_str().ends_with(['电'])
            && text
                .left(text.char_at(all.start()), 10)
                .chars()
                .next_back()
                .is_some_and(|c| matches!(c, '(' | '》' | ' ' | ':'))
        {
            push(text, Kind::Reference, all.range(), Confidence::High, found);
        }
    }
    for shape in [&*BLANK_SERIAL, &*NO_CODE] {
        for hit in shape.find_iter(&text.norm) {
            push(text, Kind::Reference, hit.range(), Confidence::High, found);
        }
    }
    titles(text, found);
    known(text, rules, found);
}

fn push(
    text: &Text,
    kind: Kind,
    range: std::ops::Range<usize>,
    confidence: Confidence,
    found: &mut Vec<Found>,
) {
    let (start, end) = (text.char_at(range.start), text.char_at(range.end));
    found.push(Found::new(kind, start, end, confidence));
}

fn number(text: &Text, hit: &regex::Captures<'_>, found: &mut Vec<Found>) {
    let part = |index: usize| hit.get(index).map(|part| part.as_str()).unwrap_or_default();
    let (run, open, year, close) = (part(1), part(2), part(3), part(4));
    let (Some(all), Some(code_match)) = (hit.get(0), hit.get(1)) else {
        return;
    };
    let code = code_of(run);
    let skipped = run.chars().count() - code.chars().count();
    let start = text.char_at(code_match.start()) + skipped;
    let end = text.char_at(all.end());
    // Registrations, courts and standards use other shapes by right.
    const OTHER: [&str; 17] = [
        "字第",
        "刑",
        "民初",
        "行初",
        "民终",
        "行终",
        "执",
        "审图",
        "证字",
        "许可",
        "备案",
        "公告",
        "编号",
        "注册",
        "网械",
        "预售",
        "不动产权",
    ];
    if code.chars().count() < 2 || OTHER.iter().any(|other| code.contains(other)) {
        return;
    }
    if let Some(confidence) = non_public_code(code) {
        found.push(Found::new(Kind::Citation, start, end, confidence));
        return;
    }
    let strict = open == "〔"
        && close == "〕"
        && year.len() == 4
        && part(5).is_empty()
        && !part(6).starts_with('0');
    if !strict {
        let confidence =
            if matches!((open, close), ("(", ")")) && !is_code(code) || !part(5).is_empty() {
                Confidence::Low
            } else {
                Confidence::High
            };
        found.push(Found::new(Kind::Reference, start, end, confidence));
    }
}

/// The issuing code at the end of what stands before the year: without the words of the sentence.
fn code_of(run: &str) -> &str {
    const WORDS: [&str; 24] = [
        "根据", "依据", "按照", "印发", "文号", "文件", "通知", "参照", "执行", "落实", "贯彻",
        "转发", "以及", "废止", "参见", "详见", "遵照", "关于", "经", "见", "以", "按", "和", "及",
    ];
    let mut code = run;
    for word in WORDS {
        if let Some(at) = code.rfind(word)
            && at + word.len() < code.len()
        {
            code = code.get(at + word.len()..).unwrap_or(code);
        }
    }
    code.trim_start_matches(['为', '的', '是', '了', '在', '由'])
}

fn is_code(code: &str) -> bool {
    code.chars().count() <= 10
        && code.ends_with([
            '发', '函', '办', '字', '令', '通', '复', '规', '告', '任', '纪', '电', '号', '文',
            '审', '批',
        ])
}

/// 明电 and 密 in the code: telegrams go to organs alone, and 密 says what it is. Holiday notices are public telegrams;
/// 密云 and 高密 are places.
fn non_public_code(code: &str) -> Option<Confidence> {
    const PLACES: [&str; 7] = ["密政", "密云", "高密", "新密", "密山", "密府", "密办"];
    let secret = code.contains('密') && !PLACES.iter().any(|place| code.contains(place));
    if secret
        || code.contains("机要")
        || code.contains("内明电")
        || code.contains("内部")
        || code.ends_with("机发")
        || code.contains("绝") && code.ends_with("密")
    {
        return Some(Confidence::High);
    }
    let public_telegram = code.contains("国办发明电") || code.contains("国发明电");
    (code.contains("明电") && !public_telegram).then_some(Confidence::Low)
}

/// A title that opens and does not close in its line, or closes unopened.
fn titles(text: &Text, found: &mut Vec<Found>) {
    for (start, end) in text.lines() {
        let mut open: Vec<usize> = Vec::new();
        for index in *start..*end {
            match text.get(index) {
                Some('《') => open.push(index),
                Some('》') if open.pop().is_none() && index > *start => {
                    found.push(Found::new(
                        Kind::Reference,
                        index,
                        index + 1,
                        Confidence::Low,
                    ));
                }
                _ => {}
            }
        }
        // A title may run on in the next line of a PDF.
        let line = text.line_of(*start);
        let (next, next_end) = text.line_span(line + 1);
        let runs_on = text.slice(next, next_end).contains('》');
        if let (Some(first), false) = (open.first(), runs_on)
            && *end > first + 2
        {
            found.push(Found::new(
                Kind::Reference,
                *first,
                (*first + 12).min(*end),
                Confidence::Low,
            ));
        }
    }
}

/// Titles and numbers that the place knows not to be public.
fn known(text: &Text, rules: &Rules, found: &mut Vec<Found>) {
    if rules.non_public.is_empty() {
        return;
    }
    for hit in TITLE.captures_iter(&text.norm) {
        let (Some(all), Some(title)) = (hit.get(0), hit.get(1)) else {
            continue;
        };
        if rules
            .non_public
            .iter()
            .any(|known| same(&known.title, title.as_str()))
        {
            push(text, Kind::Citation, all.range(), Confidence::High, found);
        }
    }
    for hit in NUMBER.captures_iter(&text.norm) {
        let Some(all) = hit.get(0) else { continue };
        let written = plain(all.as_str());
        let Some(known) = rules
            .non_public
            .iter()
            .find(|known| !known.number.is_empty() && written.ends_with(&plain(&known.number)))
        else {
            continue;
        };
        let end = text.char_at(all.end());
        let start = end.saturating_sub(known.number.chars().count());
        found.push(Found::new(
            Kind::Citation,
            start.max(text.char_at(all.start())),
            end,
            Confidence::High,
        ));
    }
}

fn same(known: &str, title: &str) -> bool {
    !known.is_empty() && plain(known) == plain(title)
}

/// Without brackets, marks and blanks.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

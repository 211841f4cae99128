//! Cleans one piece of text of what is no text: tags, image marks, pinyin, invisible characters, marks of Markdown.
//!
//! What is taken out is returned, so that the reader lists it and counts it.

use super::cells::organ_share;
use super::organ_name::is_star;
use super::text::{Mark, Run, is_empty, is_han, weight};

/// What was taken out of a piece, and where.
#[derive(Debug, Clone)]
pub(crate) struct Repair {
    pub(crate) kind: Noise,
    pub(crate) cut: Run,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Noise {
    Image,
    Tag,
    Pinyin,
    Markdown,
    Stray,
}

impl Noise {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Image => "image-mark-removed",
            Self::Tag => "tag-removed",
            Self::Pinyin => "pinyin-removed",
            Self::Markdown => "markdown-removed",
            Self::Stray => "stray-character-removed",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "图片标记",
            Self::Tag => "网页标签",
            Self::Pinyin => "汉字后的拼音",
            Self::Markdown => "排版符号",
            Self::Stray => "多余或无法显示的字符",
        }
    }
}

/// Longest image mark or tag, in characters; a longer one is left as text.
const MARK_MAX: usize = 300;
/// Longest syllable of pinyin.
const SYLLABLE_MAX: usize = 7;

pub(crate) fn clean(raw: &[Mark]) -> (Run, Vec<Repair>) {
    let mut out: Run = Vec::with_capacity(raw.len());
    let mut repairs = Vec::new();
    let mut i = 0;
    while let Some(&mark) = raw.get(i) {
        let rest = raw.get(i..).unwrap_or_default();
        let found = match mark.ch {
            '[' | '【' => image(rest)
                .map(|len| (Noise::Image, len, None))
                .or_else(|| begins_link(rest).then_some((Noise::Markdown, 1, None))),
            ']' => address(rest).map(|len| (Noise::Markdown, len, None)),
            '>' if is_empty(&out) => quote(rest).map(|len| (Noise::Markdown, len, None)),
            '\\' if escapes(rest) => {
                // the sign that follows is text, and parts no cells
                out.extend(rest.get(1).map(|m| Mark { fold: '/', ..*m }));
                repairs.push(Repair {
                    kind: Noise::Markdown,
                    cut: vec![mark],
                });
                i += 2;
                continue;
            }
            '!' => markdown_image(rest).map(|len| (Noise::Image, len, None)),
            '<' => tag(rest).map(|(len, breaks)| (Noise::Tag, len, breaks.then_some('\n'))),
            '&' => entity(rest).map(|(len, c)| (Noise::Tag, len, Some(c))),
            '(' | '（' => pinyin(rest, out.last()).map(|len| (Noise::Pinyin, len, None)),
            '*' | '#' => markdown(rest, out.is_empty()).map(|len| (Noise::Markdown, len, None)),
            '●' | '■' | '◆' | '▲' | '★' | '※' | '➢' | '▶' | '•'
                if is_empty(&out) && !marks_a_unit(rest) =>
            {
                (rest.len() > 1).then_some((Noise::Markdown, 1, None))
            }
            '—' if is_empty(&out) => dashes(rest).map(|len| (Noise::Markdown, len, None)),
            ',' | '，' => doubled(rest).then_some((Noise::Stray, 1, None)),
            '@' => repeated(rest).map(|len| (Noise::Stray, len, None)),
            '?' => lost_blanks(rest, is_empty(&out)).map(|len| (Noise::Stray, len, None)),
            c if stray(c) => Some((Noise::Stray, 1, None)),
            _ => None,
        };
        match found {
            Some((kind, len, instead)) => {
                if let Some(c) = instead {
                    out.push(Mark::new(c, mark.at));
                }
                let cut: Run = rest.iter().take(len).copied().collect();
                if kind != Noise::Stray || !invisible(mark.ch) {
                    repairs.push(Repair { kind, cut });
                }
                i += len;
            }
            None => {
                out.push(Mark::new(super::fold::unified(mark.ch), mark.at));
                i += 1;
            }
        }
    }
    (out, repairs)
}

/// ——组织培训: dashes that mark a measure as a dot does.
fn dashes(rest: &[Mark]) -> Option<usize> {
    let len = rest.iter().take_while(|m| m.fold == '—').count();
    let word = rest.get(len).is_some_and(|m| super::text::is_han(m.ch));
    (len == 2 && word).then_some(len)
}

/// ★市财政局、市税务局: the sign tells which of the units leads.
fn marks_a_unit(rest: &[Mark]) -> bool {
    rest.first().is_some_and(|m| is_star(m.ch)) && {
        let names = rest.get(1..).unwrap_or_default();
        organ_share(names, weight(names)) > NAMES_SHARE
    }
}

/// Share of organs behind a sign that makes it a mark of the leading one.
const NAMES_SHARE: f32 = 0.95;

/// Characters that nobody sees and nobody counts.
pub(crate) fn invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || (c.is_control() && !matches!(c, '\t' | '\n'))
}

fn stray(c: char) -> bool {
    invisible(c) || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{FFFC}')
}

/// `[image: …]`, `[图片…]`
fn image(rest: &[Mark]) -> Option<usize> {
    let close = rest
        .iter()
        .take(MARK_MAX)
        .position(|m| matches!(m.ch, ']' | '】'))?;
    let inner: String = rest
        .iter()
        .take(close)
        .skip(1)
        .take(8)
        .map(|m| m.ch.to_ascii_lowercase())
        .collect();
    let inner = inner.trim_start();
    (inner.starts_with("image")
        || inner.starts_with("img")
        || inner.starts_with("图片")
        || inner.starts_with("picture"))
    .then_some(close + 1)
}

/// `![说明](地址)`
fn markdown_image(rest: &[Mark]) -> Option<usize> {
    let text: String = rest.iter().take(MARK_MAX).map(|m| m.ch).collect();
    let after = text.strip_prefix("![")?;
    let (alt, after) = after.split_once("](")?;
    let (target, _) = after.split_once(')')?;
    Some(2 + alt.chars().count() + 2 + target.chars().count() + 1)
}

const TAGS: &[&str] = &[
    "p", "br", "div", "span", "strong", "b", "i", "u", "em", "font", "td", "tr", "th", "table",
    "tbody", "thead", "a", "img", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "sup",
    "sub", "center", "section", "o:p", "st1", "style", "hr",
];

/// A tag of the web by name; tells whether it parts paragraphs.
fn tag(rest: &[Mark]) -> Option<(usize, bool)> {
    let close = rest.iter().take(MARK_MAX).position(|m| m.ch == '>')?;
    let inner: String = rest
        .iter()
        .take(close)
        .skip(1)
        .map(|m| m.ch.to_ascii_lowercase())
        .collect();
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .collect();
    TAGS.contains(&name.as_str()).then(|| {
        (
            close + 1,
            matches!(
                name.as_str(),
                "p" | "br" | "div" | "li" | "tr" | "td" | "th"
            ),
        )
    })
}

const ENTITIES: &[(&str, char)] = &[
    ("&nbsp;", ' '),
    ("&ensp;", ' '),
    ("&emsp;", ' '),
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&ldquo;", '“'),
    ("&rdquo;", '”'),
    ("&lsquo;", '‘'),
    ("&rsquo;", '’'),
    ("&mdash;", '—'),
    ("&hellip;", '…'),
    ("&middot;", '·'),
];

fn entity(rest: &[Mark]) -> Option<(usize, char)> {
    let text: String = rest.iter().take(8).map(|m| m.ch).collect();
    ENTITIES
        .iter()
        .find(|(name, _)| text.starts_with(name))
        .map(|(name, c)| (name.chars().count(), *c))
}

/// `開(kāi)`: a syllable in brackets straight after a Chinese character. Toned letters make it sure; a syllable
/// without tone counts only where it is the reading of a particle, for `(app)` is a word.
fn pinyin(rest: &[Mark], before: Option<&Mark>) -> Option<usize> {
    if !is_han(before?.ch) {
        return None;
    }
    let len = rest
        .iter()
        .skip(1)
        .take(SYLLABLE_MAX)
        .take_while(|m| letter(m.ch))
        .count();
    let close = rest.get(1 + len)?.ch;
    if len == 0 || !matches!(close, ')' | '）') {
        return None;
    }
    let syllable: String = rest.iter().skip(1).take(len).map(|m| m.ch).collect();
    let toned = !syllable.is_ascii();
    let particle = matches!(
        syllable.as_str(),
        "de" | "le" | "zhe" | "men" | "ma" | "ne" | "zi" | "ge" | "guo" | "me"
    );
    (toned || particle).then_some(len + 2)
}

fn letter(c: char) -> bool {
    c.is_ascii_lowercase()
        || matches!(c, 'à'..='ÿ' | 'ā' | 'ē' | 'ě' | 'ī' | 'ń' | 'ň' | 'ō' | 'ū' | 'ǎ'..='ǜ' | 'ɡ' | 'ḿ' | 'ǹ')
}

/// `@@` between words: the trace of a page that guards its text against copying.
fn repeated(rest: &[Mark]) -> Option<usize> {
    let len = rest.iter().take_while(|m| m.ch == '@').count();
    (len > 1).then_some(len)
}

/// `，、`, `，，`, `，。`: a comma that a copy put before another sign. `,,` parts cells, of which one is blank.
fn doubled(rest: &[Mark]) -> bool {
    let [comma, next, ..] = rest else {
        return false;
    };
    let blank_cell = comma.ch == ',' && next.ch == ',';
    matches!(next.fold, ',' | '、' | '。' | ';') && next.ch != '.' && !blank_cell
}

/// `? ?二、…`, `??1.…`, `7月15日???`: blanks that another encoding lost, before a text, behind it, or three in a row.
fn lost_blanks(rest: &[Mark], at_start: bool) -> Option<usize> {
    let len = rest
        .iter()
        .take_while(|m| m.ch == '?' || m.is_blank())
        .count();
    let signs = rest.iter().take(len).filter(|m| m.ch == '?').count();
    let lost = match rest.get(len).map(|m| m.ch) {
        Some(next) if at_start => is_han(next) || next == '（' || next == '(' || signs > 1,
        Some(_) => signs > 2,
        None => at_start || signs > 1,
    };
    lost.then_some(len)
}

/// Longest text of a link, in characters.
const LINK_MAX: usize = 80;

/// `[文字](地址)`: the bracket of a link's text.
fn begins_link(rest: &[Mark]) -> bool {
    let near = rest.get(..rest.len().min(LINK_MAX)).unwrap_or_default();
    let close = near.iter().position(|m| m.ch == ']');
    close.is_some_and(|at| {
        rest.get(at..)
            .is_some_and(|behind| address(behind).is_some())
    })
}

/// `](http://…)`: its length.
fn address(rest: &[Mark]) -> Option<usize> {
    let near: String = rest.iter().take(MARK_MAX).map(|m| m.ch).collect();
    let inner = near.strip_prefix("](")?;
    let (target, _) = inner.split_once(')')?;
    let web = [
        "http://", "https://", "/", "./", "../", "#", "mailto:", "www.",
    ];
    let plain = !target.contains(|c: char| c.is_whitespace() || is_han(c));
    (plain && web.iter().any(|w| target.starts_with(w))).then(|| 3 + target.chars().count())
}

/// `> 引文`: its sign, and the blanks behind it.
fn quote(rest: &[Mark]) -> Option<usize> {
    let signs = rest
        .iter()
        .take_while(|m| m.ch == '>' || m.is_blank())
        .count();
    let parted = rest.get(1).is_some_and(|m| m.is_blank() || m.ch == '>');
    (parted && rest.get(signs).is_some_and(|m| is_han(m.ch))).then_some(signs)
}

/// `\|`: a sign that is meant as text.
fn escapes(rest: &[Mark]) -> bool {
    rest.get(1).is_some_and(|m| m.ch == '|')
}

/// `**bold**`, `## heading`
fn markdown(rest: &[Mark], at_start: bool) -> Option<usize> {
    let sign = rest.first()?.ch;
    let len = rest.iter().take(8).take_while(|m| m.ch == sign).count();
    match sign {
        '*' => (len == 2).then_some(2),
        _ => {
            (at_start && len <= 6 && rest.get(len).is_some_and(|m| m.ch == ' ')).then_some(len + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::{printed, run};
    use super::*;

    fn check(raw: &str, want: &str, kinds: &[Noise]) {
        let (text, repairs) = clean(&run(raw));
        assert_eq!(printed(&text), want, "{raw}");
        assert_eq!(
            repairs.iter().map(|r| r.kind).collect::<Vec<_>>(),
            kinds,
            "{raw}"
        );
    }

    #[test]
    fn noise_goes_and_is_listed() {
        check(
            "政務公開(kāi)工作(zuò)要點",
            "政務公開工作要點",
            &[Noise::Pinyin, Noise::Pinyin],
        );
        check("关（guān）于", "关于", &[Noise::Pinyin]);
        check("12345[image: 微信截图_1]热线", "12345热线", &[Noise::Image]);
        check("<p>8. 加大</p>", "\n8. 加大\n", &[Noise::Tag, Noise::Tag]);
        check(
            "**一、总体要求**",
            "一、总体要求",
            &[Noise::Markdown, Noise::Markdown],
        );
        check("甲&nbsp;乙", "甲 乙", &[Noise::Tag]);
        check("工作\u{200B}任务", "工作任务", &[]);
        check(
            "政务@@公开@@@@要点",
            "政务公开要点",
            &[Noise::Stray, Noise::Stray],
        );
        check("甲局，、乙局", "甲局、乙局", &[Noise::Stray]);
        check("● 公开预算。", " 公开预算。", &[Noise::Markdown]);
        check("? ?二、平台建设", "二、平台建设", &[Noise::Stray]);
        check("2026年7月15日??? ??", "2026年7月15日", &[Noise::Stray]);
        check("??", "", &[Noise::Stray]);
        check(
            "办好[问答](http://example.cn/wd)平台",
            "办好问答平台",
            &[Noise::Markdown, Noise::Markdown],
        );
        check("公开\\|解读", "公开|解读", &[Noise::Markdown]);
        check(
            "> 安政办发〔2024〕9号",
            "安政办发〔2024〕9号",
            &[Noise::Markdown],
        );
    }

    #[test]
    fn words_in_brackets_stay() {
        for text in [
            "移动端（app）建设",
            "平台（OA）报送",
            "a < b 且 c > d",
            "〔2022〕",
            "[2022]3号",
            "[附件](见后)",
            ">90%",
            "(kāi)头",
            "3*4",
            "zwgk@example.cn",
            "办了吗?",
        ] {
            check(text, text, &[]);
        }
    }
}

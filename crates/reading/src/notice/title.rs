//! Titles: of the plan, and of the notice that covers it.

use super::super::columns::head_word;
use super::super::number::{digits, number};
use super::super::organ_name::is_organ;
use super::super::stops::{is_frame, is_stop};
use super::super::text::{
    Mark, Run, from, part, plain, starts_any, tidy, trim, trim_end_by, weight,
};
use super::metadata::is_label_line;
use super::{Line, is_date_line, issue_number};

mod broken;
mod marks;
mod quoted;
mod words;

use broken::goes_on_above;
use marks::annex_mark;
pub(super) use quoted::quoted_with_line_above;
use words::{bare, is_bare_heading, is_span_of_years};
pub(crate) use words::{is_other_paper, is_plan_title, puts_rules_in_force};

/// A title over one or more lines.
pub(super) struct Title {
    pub(super) text: String,
    pub(super) runs: Vec<Run>,
    /// First node of the title, and first node behind it.
    pub(super) first: usize,
    pub(super) body: usize,
}

/// Most lines that a title takes.
const LINES_MAX: usize = 5;
/// Longest title, in characters.
const TITLE_MAX: usize = 90;

fn short(line: &Line) -> bool {
    weight(line.run) <= TITLE_MAX
        && !is_label_line(line.run)
        && !line.text.contains(['。', ';', '?', '!', '|'])
        && !line.text.contains(',')
}

pub(super) fn plain_line(line: &Line) -> bool {
    short(line)
        && !is_frame(line.run)
        && number(line.run).is_none()
        && !is_date_line(line.run)
        && issue_number(line.run).is_none()
        && !line.text.ends_with(':')
}

/// …关于印发…的通知, over as many lines as it takes.
pub(super) fn notice_title(lines: &[Line]) -> Option<Title> {
    title_about(lines, &["通知", "通知书"])
}

/// Lines at the top in which such a title may stand.
const OPINION_LINES: usize = 40;

/// …关于…的意见: a paper that orders work under its own title, without a notice.
fn opinion_title(lines: &[Line]) -> Option<Title> {
    let first = lines.iter().position(|l| number(l.run).is_some());
    let top = first.unwrap_or(lines.len()).min(OPINION_LINES);
    title_about(lines.get(..top)?, &["意见"])
}

/// A title …关于… with one of these ends, over as many lines as it takes.
fn title_about(lines: &[Line], ends: &[&str]) -> Option<Title> {
    for (i, line) in lines.iter().enumerate() {
        let text = bare(&line.text);
        if !ends.iter().any(|end| text.ends_with(end))
            || !short(line)
            || line.text.starts_with(['《', '('])
            || is_link(&line.text)
        {
            continue;
        }
        let mut start = i;
        while start > 0 && i - start < LINES_MAX && !names_subject(&joined(lines, start, i)) {
            if !lines.get(start - 1).is_some_and(plain_line) {
                break;
            }
            start -= 1;
        }
        let text = joined(lines, start, i);
        if !names_subject(&text) {
            continue;
        }
        let goes_above = ["印发", "转发", "批转"].iter().any(|w| text.starts_with(w));
        let above = start.checked_sub(1).and_then(|at| lines.get(at));
        if goes_above && above.is_some_and(|l| plain_line(l) && l.text.ends_with("关于")) {
            start -= 1;
        }
        if text.starts_with("关于")
            && start > 0
            && lines
                .get(start - 1)
                .is_some_and(|l| plain_line(l) && is_organ(&l.text) && !l.text.starts_with('各'))
        {
            start -= 1;
        }
        return build(lines, start, i);
    }
    None
}

/// 上一篇：…: the title of another page.
fn is_link(text: &str) -> bool {
    const LINKS: &[&str] = &[
        "上一篇",
        "下一篇",
        "上一条",
        "下一条",
        "上篇",
        "下篇",
        "前一篇",
        "后一篇",
        "相关链接",
        "相关阅读",
        "延伸阅读",
        "相关文章",
        "相关信息",
    ];
    LINKS.iter().any(|word| text.starts_with(word))
}

pub(super) fn names_subject(text: &str) -> bool {
    text.contains("关于")
        || text.contains("關于")
        || text.contains("關於")
        || text.contains("印发《")
        || puts_in_force(text).is_some()
        || forwards(text)
}

/// 安澜市人民政府印发2026年…要点的通知: what an organ puts in force, without 关于 and without 《》.
fn puts_in_force(text: &str) -> Option<&str> {
    let (organ, name) = text.split_once("印发")?;
    let name = name.strip_suffix("的通知")?;
    is_organ(organ).then_some(name)
}

/// 云岭县人民政府办公室转发安澜市2023年…要点的通知: a notice of another one.
pub(super) fn forwards(text: &str) -> bool {
    (text.contains("转发") || text.contains("批转")) && text.ends_with("通知")
}

fn joined(lines: &[Line], start: usize, end: usize) -> String {
    lines
        .get(start..=end)
        .unwrap_or_default()
        .iter()
        .map(|l| l.text.as_str())
        .collect()
}

fn build(lines: &[Line], start: usize, end: usize) -> Option<Title> {
    let part = lines.get(start..=end)?;
    let mut run: Run = Run::new();
    for line in part {
        let skip = issue_number(line.run).map_or_else(|| day_in_list(line.run), |(end, _)| end);
        run.extend_from_slice(trim(from(line.run, skip)));
    }
    let run = from(&run, annex_mark(&run));
    Some(Title {
        text: squeeze(run),
        runs: part.iter().map(|l| l.run.to_vec()).collect(),
        first: part.first()?.node,
        body: part.last()?.node + 1,
    })
}

/// 05.24 安澜市…: the day that a list of pages prints before the title; its length.
fn day_in_list(run: &[Mark]) -> usize {
    let figures = |run: &[Mark]| digits(run).filter(|(_, len)| *len == 2).map(|(_, len)| len);
    let day = |run: &[Mark]| {
        let month = figures(run)?;
        let sign = run.get(month).filter(|m| matches!(m.fold, '.' | '-'))?;
        let len = month + 1 + figures(from(run, month + 1))?;
        (sign.fold != ' ' && run.get(len).is_some_and(|m| m.is_blank())).then_some(len)
    };
    day(trim(run)).unwrap_or(0)
}

/// Titles lose all blanks but those between Latin words; 《》 around the whole go.
pub(super) fn squeeze(run: &[Mark]) -> String {
    let text = tidy(run);
    let chars: Vec<char> = text.chars().collect();
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    let mut out: String = chars
        .iter()
        .enumerate()
        .filter(|(i, c)| {
            **c != ' '
                || (latin(i.checked_sub(1).and_then(|j| chars.get(j))) && latin(chars.get(i + 1)))
        })
        .map(|(_, c)| *c)
        .collect();
    if out.starts_with('《') && out.ends_with('》') && out.matches('《').count() == 1 {
        out = out.trim_matches(['《', '》']).to_owned();
    }
    out
}

/// Where the plan's own title is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// First line.
    pub(super) after: usize,
    /// First line behind the title of the covering notice.
    pub(super) behind_notice: usize,
    pub(super) above_table: bool,
}

/// The plan's own title. With a table it is the last one above it, but for the title of an annex; in running text the first.
pub(super) fn plan_title(lines: &[Line], search: Search) -> Option<Title> {
    let Search {
        after, above_table, ..
    } = search;
    let mut found: Vec<usize> = (after..lines.len())
        .filter(|i| ends_plan_title(lines, *i, search))
        .collect();
    if !above_table {
        // a title stands before the first numbered heading of the text
        let first =
            (after..lines.len()).find(|&i| lines.get(i).is_some_and(|l| number(l.run).is_some()));
        let before: Vec<usize> = found
            .iter()
            .copied()
            .filter(|i| first.is_none_or(|f| *i < f))
            .collect();
        if !before.is_empty() {
            found = before;
        }
    }
    let said = |i: &&usize| {
        lines.get(**i).is_some_and(|l| {
            speaks_for_itself(&joined(lines, up(lines, **i, after), **i))
                && !l.text.starts_with("附件")
        })
    };
    let annexed = found
        .iter()
        .filter(|i| above_table && **i >= search.behind_notice)
        .find(|i| said(i) && is_followed_by_text(lines, **i, &found));
    let end = if above_table {
        annexed.or_else(|| found.iter().rfind(said))
    } else {
        found.iter().find(said)
    }
    .or(if above_table {
        found.last()
    } else {
        found.first()
    });
    let end = *end?;
    let start = up(lines, end, after);
    let end = last_line(lines, start, end);
    let mut title = build(lines, start, end)?;
    if lines.get(end).is_some_and(|l| own_name(&l.text) != l.text) {
        title.text = title.text.trim_end_matches("的通知").to_owned();
    }
    Some(title)
}

/// …创建信用示范县 / 实施方案: the line above reads like a place, but the notice names the whole.
pub(super) fn with_line_above(lines: &[Line], found: Title, named: &str) -> Title {
    let named: String = named.chars().map(super::super::fold::fold).collect();
    let first = lines.partition_point(|l| l.node < found.first);
    let end = lines.partition_point(|l| l.node < found.body);
    let whole = (first.checked_sub(1).zip(end.checked_sub(1)))
        .filter(|(first, end)| named.ends_with(&joined(lines, *first, *end)))
        .filter(|_| !speaks_for_itself(&found.text))
        .and_then(|(first, end)| build(lines, first, end));
    whole.unwrap_or(found)
}

/// A line in which the title of a plan may end.
fn ends_plan_title(lines: &[Line], i: usize, search: Search) -> bool {
    let Some(line) = lines.get(i).filter(|l| plain_line(l)) else {
        return false;
    };
    // the notice's own title may be printed again, over several lines
    let whole = || joined(lines, up(lines, i, search.after), i);
    let before = i.checked_sub(1).and_then(|j| lines.get(j));
    let begun = || {
        before.is_some_and(|l| plain_line(l) && names_subject(&l.text) && !l.text.contains("通知"))
    };
    let own = own_name(&line.text);
    let cut =
        own != line.text && i >= search.behind_notice && !begun() && own_name(&whole()) != whole();
    let name = if cut { own } else { &line.text };
    let names_another = name.contains("印发《") && name.ends_with('》');
    is_plan_title(name)
        && !is_bare_heading(name)
        && !is_stop(line.run)
        && weight(line.run) >= 3
        && !name.contains("通知")
        && !names_another
}

/// …工作要点 / 分工表: the title goes on; …任务分解 / 表: its last letter was carried over.
fn last_line(lines: &[Line], start: usize, end: usize) -> usize {
    let mut end = end;
    while let Some(next) = lines.get(end + 1) {
        let whole = lines
            .get(end)
            .map(|line| format!("{}{}", line.text, next.text));
        let carried = next.text.chars().count() == 1 && whole.is_some_and(|t| is_plan_title(&t));
        if is_span_of_years(&next.text) && end + 1 - start < LINES_MAX {
            return end + 1;
        }
        let goes_on = plain_line(next)
            && head_word(next.run).is_none()
            && next.text.chars().count() <= 14
            && (carried || is_plan_title(&next.text))
            && !speaks_for_itself(&next.text)
            && end + 1 - start < LINES_MAX;
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

/// Fewest numbered paragraphs between a plan's title and its annex.
const OWN_TEXT_MIN: usize = 2;

/// Whether a title has numbered paragraphs of its own below it, and the title of an annex below those.
fn is_followed_by_text(lines: &[Line], title: usize, found: &[usize]) -> bool {
    let annex = found.iter().rev().find(|i| **i > title);
    let below = lines
        .get(title + 1..annex.copied().unwrap_or(title + 1))
        .unwrap_or_default();
    let numbered = |l: &&Line| number(l.run).is_some();
    let signed = below.iter().any(|l| is_date_line(l.run));
    below.iter().filter(numbered).count() >= OWN_TEXT_MIN && !signed
}

/// …政务公开工作要点的通知 that names no 关于 and no 印发: the notice's end was left on the plan's own title.
fn own_name(text: &str) -> &str {
    match text.strip_suffix("的通知") {
        Some(name) if !["关于", "印发", "转发"].iter().any(|w| name.contains(w)) => name,
        _ => text,
    }
}

/// A title that stands on no line of its own.
pub(super) fn other_title(
    lines: &[Line],
    without_notice: bool,
    above_table: bool,
) -> Option<Title> {
    run_in_title(lines).or_else(|| {
        let other = attachment_title(lines, above_table).or_else(|| opinion_title(lines));
        other.filter(|_| without_notice)
    })
}

/// Words with which the first sentence of a plan begins.
pub(super) const OPENINGS: &[&str] = &[
    "为贯彻",
    "为深入",
    "为进一步",
    "为认真",
    "为全面",
    "为落实",
    "为切实",
    "为做好",
    "为推进",
    "为加强",
    "根据",
    "按照",
];

/// A title that runs into its first sentence: …工作要点实施方案为深入贯彻…. The line stays part of the body.
fn run_in_title(lines: &[Line]) -> Option<Title> {
    for line in lines.iter().take(6) {
        let skip = number(line.run).map_or(0, |n| n.len);
        let body = from(line.run, skip);
        let Some(at) =
            (6..body.len().min(TITLE_MAX)).find(|&i| starts_any(from(body, i), OPENINGS).is_some())
        else {
            continue;
        };
        // 关于支持创业的十条意见。为落实…: the stop behind a title is no part of it
        let title = trim_end_by(part(body, 0, at), |m| m.is_blank() || m.fold == '。');
        let text = plain(title);
        let own = is_plan_title(&text) && speaks_for_itself(&text);
        if (own || is_opinion(&text)) && !text.contains(['。', ',']) {
            return Some(Title {
                text: squeeze(title),
                runs: vec![title.to_vec()],
                first: line.node,
                body: line.node,
            });
        }
    }
    None
}

/// 关于支持创业的十条意见, 关于促进消费的若干措施: told by its first word and its last one.
fn is_opinion(text: &str) -> bool {
    let ends = ["意见", "措施", "举措"]
        .iter()
        .any(|end| text.ends_with(end));
    text.starts_with("关于") && ends && !is_other_paper(text)
}

/// Lines at the top in which a text may say its own name.
const OWN_NAME_LINES: usize = 12;

/// …特制定中都街道政务公开工作实施方案: what a text without title calls itself, and where.
pub(crate) fn title_in_text(nodes: &[super::Node]) -> Option<(String, Run)> {
    let lines = nodes.iter().filter_map(|node| match node {
        super::Node::Line(run) => Some(run),
        super::Node::Grid(_) => None,
    });
    lines.take(OWN_NAME_LINES).find_map(|line| {
        (0..line.len()).find_map(|i| {
            let made = starts_any(from(line, i), &["制定", "制订"])?;
            let rest = from(line, i + made);
            let end = rest
                .iter()
                .take(TITLE_MAX)
                .position(|m| matches!(m.fold, '。' | ',' | ';' | ':'))?;
            let name = part(rest, 0, end);
            let text = plain(name);
            let named = is_plan_title(&text)
                && speaks_for_itself(&text)
                && !text.starts_with(['本', '了', '如', '以', '下', '出', '印']);
            named.then(|| (squeeze(name), name.to_vec()))
        })
    })
}

/// 附件：…分工表 where no other title is printed; straight above a table it need name neither place nor year.
fn attachment_title(lines: &[Line], above_table: bool) -> Option<Title> {
    let last = lines.last().map(|line| line.node).filter(|_| above_table);
    lines.iter().find_map(|line| {
        let label = Some(annex_mark(line.run)).filter(|len| *len > 0)?;
        let rest = from(line.run, label);
        let sign = |run: &[Mark]| {
            let signs = run.iter();
            signs
                .take_while(|m| m.is_blank() || matches!(m.fold, ':' | '.' | '、'))
                .count()
        };
        // 附件：2.…; four figures are the year of the title
        let figures = digits(rest).map_or(0, |(_, len)| if len <= 2 { len } else { 0 });
        let rest = from(rest, figures);
        let name = trim(from(rest, sign(rest)));
        let text = plain(name);
        let told = speaks_for_itself(&text) || last == Some(line.node);
        let titled = is_plan_title(&text) && told && weight(name) <= TITLE_MAX;
        titled.then(|| Title {
            text: squeeze(name),
            runs: vec![line.run.to_vec()],
            first: line.node,
            body: line.node + 1,
        })
    })
}

/// Names a year, a place or an organ: can stand as a title alone.
pub(super) fn speaks_for_itself(text: &str) -> bool {
    let year = text.contains("20") && text.contains('年');
    let place = [
        "市", "县", "区", "省", "镇", "乡", "街道", "局", "委", "办", "中心", "全国",
    ]
    .iter()
    .any(|w| text.contains(w));
    text.chars().count() >= 10 && (year || place)
}

/// Goes up over lines that belong to the same title.
fn up(lines: &[Line], end: usize, floor: usize) -> usize {
    let mut start = end;
    while start > floor && end - start < LINES_MAX {
        let Some(above) = lines.get(start - 1) else {
            break;
        };
        let text = joined(lines, start, end);
        let open = !speaks_for_itself(&text)
            || goes_on_above(lines, start, floor, &text)
            || opens_subject(above)
            || text.matches('》').count() > text.matches('《').count()
            || text.starts_with(['工', '分', '任', '实', '重', '的', '和', '主', '责', '清'])
                && !year_first(lines.get(start));
        let joins = plain_line(above)
            && !is_organ_line(above)
            && !is_plan_alone(above)
            && !above.text.ends_with("通知")
            && !above.text.starts_with("附件")
            && weight(above.run) >= 2
            && !is_stop(above.run);
        if !(open && joins) {
            break;
        }
        start -= 1;
    }
    start
}

/// 安澜市人民政府关于加快甲 / 更好服务市场主体的实施意见: the subject that the line above begins is not told yet.
fn opens_subject(above: &Line) -> bool {
    let (organ, subject) = above.text.split_once("关于").unwrap_or_default();
    is_organ(organ)
        && !subject.is_empty()
        && !["印发", "转发", "批转", "通知"]
            .iter()
            .any(|w| subject.contains(w))
        && !is_plan_title(&above.text)
}

fn year_first(line: Option<&Line>) -> bool {
    line.is_some_and(|l| digits(l.run).is_some())
}

fn is_organ_line(line: &Line) -> bool {
    is_organ(&line.text) && !line.text.contains("20")
}

fn is_plan_alone(line: &Line) -> bool {
    is_plan_title(&line.text) && speaks_for_itself(&line.text)
}

/// 关于印发《甲方案》的通知: 甲方案.
pub(super) fn named_in_notice(notice: &str) -> Option<String> {
    for (open, close) in [('《', '》'), ('〈', '〉'), ('<', '>')] {
        if let (Some(a), Some(b)) = (notice.find(open), notice.rfind(close))
            && let Some(inner) = notice.get(a + open.len_utf8()..b)
            && is_plan_title(inner)
        {
            return Some(inner.to_owned());
        }
    }
    let (_, rest) = notice
        .split_once("关于印发")
        .or_else(|| notice.split_once("關於印發"))
        .or_else(|| notice.split_once("關于印發"))
        .or_else(|| puts_in_force(notice).map(|name| ("", name)))?;
    let name = rest.trim_end_matches("的通知").trim_end_matches("通知");
    is_plan_title(name).then(|| name.to_owned())
}

/// 关于印发《2026年目标责任书》的通知: what a notice puts in force, whatever its last word.
pub(crate) fn issued_by_notice(notice: &str) -> Option<String> {
    let quoted = notice
        .split_once("印发《")
        .and_then(|(_, rest)| rest.rsplit_once('》'));
    let (name, end) = quoted.or_else(|| {
        let (_, rest) = notice.split_once("关于印发")?;
        let name = rest.strip_suffix("的通知")?;
        Some((name, "的通知"))
    })?;
    let whole = end.ends_with("通知") && (NAME_MIN..=TITLE_MAX).contains(&name.chars().count());
    (whole && !name.contains(['《', '。', ',']) && !is_other_paper(name)).then(|| name.to_owned())
}

/// Shortest name of what a notice puts in force, in characters.
const NAME_MIN: usize = 6;

/// 2026年安澜市…: the year in front is no part of a name.
fn without_year(title: &str) -> &str {
    title
        .split_once('年')
        .filter(|(year, _)| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
        .map_or(title, |(_, rest)| rest.trim_start_matches('度'))
}

/// The organ before 关于, before the year, or before the subject of a title.
pub(super) fn organ_before_subject(title: &str) -> Option<String> {
    let chars: Vec<char> = without_year(title).chars().collect();
    let folded: Vec<char> = chars.iter().map(|c| super::super::fold::fold(*c)).collect();
    let starts = |i: usize, word: &str| {
        word.chars()
            .enumerate()
            .all(|(n, c)| folded.get(i + n) == Some(&c))
    };
    (3..chars.len().min(40)).find_map(|i| {
        let subject = [
            "关于",
            "20",
            "政务公开",
            "政府信息公开",
            "贯彻",
            "落实",
            "信息公开",
            "印发",
            "转发",
            "批转",
        ]
        .iter()
        .any(|w| starts(i, w));
        let name: String = chars.get(..i)?.iter().collect();
        let folded_name: String = folded.get(..i)?.iter().collect();
        let organ = is_organ(&folded_name)
            && !folded_name.ends_with(['市', '县', '区', '省'])
            && !folded_name.starts_with("全");
        (subject && organ).then_some(name)
    })
}

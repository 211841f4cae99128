//! The head of a paper that was captured in one line: title, number, addressees, the notice's text, signature and the
//! plan's own title come apart again, each a line of its own.

use super::super::layout::Node;
use super::super::number::{Level, digits, number};
use super::super::organ_name::is_organ_run;
use super::super::stops::is_stop;
use super::super::text::{
    Mark, Run, from, is_empty, is_han, part, plain, starts_any, trim, weight,
};
use super::metadata::is_label_line;
use super::title::{
    OPENINGS, is_plan_title, names_subject, organ_before_subject, speaks_for_itself,
};
use super::{day, issue_number};

/// Lines at the top among which heads are looked for.
const LINES_MAX: usize = 12;
/// Shortest line that may hold several parts of a head, in characters.
const LINE_MIN: usize = 18;

/// Parts the lines above the first number that hold several parts of a head.
pub(crate) fn part_heads(nodes: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::with_capacity(nodes.len());
    let mut lines = 0;
    for node in nodes {
        match node {
            Node::Line(run) if lines < LINES_MAX && !is_empty(&run) => {
                let (run, foot) = without_foot(run);
                let numbered = number(&run).is_some_and(|n| n.level <= Level::Item);
                lines = if numbered { LINES_MAX } else { lines + 1 };
                out.extend(pieces(run).into_iter().map(Node::Line));
                out.extend(foot.map(Node::Line));
            }
            Node::Grid(grid) => {
                lines = LINES_MAX;
                out.push(Node::Grid(grid));
            }
            line @ Node::Line(_) => out.push(line),
        }
    }
    out
}

/// Shortest line that may be a whole page, and longest foot of one, in characters.
const PAGE_MIN: usize = 400;
const FOOT_MAX: usize = 60;

/// …引进人才。 来源：… 附件下载: the foot of a page that stands in one line with its text.
fn without_foot(mut run: Run) -> (Run, Option<Run>) {
    if run.len() < PAGE_MIN {
        return (run, None);
    }
    let near = run.len().saturating_sub(FOOT_MAX);
    let ends = |pair: &[Mark]| matches!(pair, [a, b] if a.fold == '。' && b.is_blank());
    let ended = from(&run, near).windows(2).rposition(ends);
    let foot = ended.map(|at| run.split_off(near + at + 1));
    match foot.filter(|foot| !is_empty(foot)) {
        Some(foot) if is_stop(&foot) => (run, Some(trim(&foot).to_vec())),
        Some(foot) => {
            run.extend(foot);
            (run, None)
        }
        None => (run, None),
    }
}

fn pieces(run: Run) -> Vec<Run> {
    let celled = run.iter().any(|m| matches!(m.fold, '\t' | '|'));
    if celled || weight(&run) < LINE_MIN || number(&run).is_some() {
        return vec![run];
    }
    let mut out = Vec::new();
    let mut rest = trim(&run);
    // a number before its title in one line is read as it stands; before a whole page it is a part as any other
    let titled = issue_number(rest).is_some() && sentence(rest) == rest.len();
    let (mut signed, mut begun) = (false, false);
    while !begun
        && let Some(len) = piece(rest)
            .or_else(|| titled_below(rest).filter(|_| signed))
            .filter(|len| !titled && !is_empty(from(rest, *len)))
    {
        let found = part(rest, 0, len);
        // below who signed, and when, the plan's title is the last part of the head
        begun = signed && is_plan_title(&plain(found)) && sentence(found) == found.len();
        signed |= dated(rest) == Some(len);
        out.push(found.to_vec());
        rest = trim(from(rest, len));
    }
    if out.is_empty() {
        return vec![run];
    }
    out.push(rest.to_vec());
    out
}

/// Length of the part of a head at the start of a line.
fn piece(run: &[Mark]) -> Option<usize> {
    if number(run).is_some() {
        return None;
    }
    dated(run)
        .or_else(|| frame(run))
        .or_else(|| issue_number(run).map(|(len, _)| len))
        .or_else(|| remark(run))
        .or_else(|| signer(run))
        .or_else(|| notice(run))
        .or_else(|| addressees(run))
        .or_else(|| annex(run))
        .or_else(|| title(run))
        .or_else(|| notice_text(run))
}

/// Longest run of links and marks before a title or the addressees, in characters.
const FRAME_MAX: usize = 160;

/// 当前位置：首页 政务公开 before the notice's title; 来源：… 时间：… 打印 before its addressees.
fn frame(run: &[Mark]) -> Option<usize> {
    let path = starts_any(run, &["当前位置", "您的位置", "您当前的位置", "你的位置"]).is_some();
    if !path && !is_label(run) {
        return None;
    }
    let gaps = part(run, 0, FRAME_MAX).iter().enumerate();
    let begins = |at: usize| match path {
        true => notice(from(run, at)).is_some(),
        false => addressees(from(run, at)).is_some(),
    };
    let starts = gaps.filter(|(_, m)| m.is_blank()).map(|(i, _)| i + 1);
    let found: Vec<usize> = starts.filter(|at| begins(*at)).collect();
    // 首页 政务公开 安澜市财政局关于…: the title begins with who issued it
    let organ = |at: &&usize| {
        let near = plain(part(run, **at, **at + TITLE_MAX));
        organ_before_subject(&near).is_some()
    };
    let issued = found.iter().find(organ).filter(|_| path);
    issued.or(found.first()).copied()
}

/// The plan's own title below who signed the notice, with a blank between it and its text.
fn titled_below(run: &[Mark]) -> Option<usize> {
    let reach = sentence(run).min(TITLE_MAX);
    let gaps = part(run, 0, reach).iter().enumerate().rev();
    let mut ends = gaps.filter(|(_, m)| m.is_blank()).map(|(i, _)| i);
    ends.find(|&end| {
        let text = plain(part(run, 0, end));
        is_plan_title(&text) && speaks_for_itself(&text) && !text.contains([',', ';', ':'])
    })
}

/// A date that is no part of a sentence (2026年3月5日印发的, 2026年3月5日前).
fn dated(run: &[Mark]) -> Option<usize> {
    let len = day::leading(run)?;
    let rest = trim(from(run, len));
    let goes_on = |m: &Mark| match digits(rest) {
        // the year of the title that follows; a time of day has fewer figures
        Some((_, figures)) => figures != 4,
        None => "前起止至内印召在以为的星,、;。:-—".contains(m.fold),
    };
    (!rest.first().is_some_and(goes_on)).then_some(len)
}

/// Longest remark in brackets between the parts, in characters.
const REMARK_MAX: usize = 60;

/// （此件公开发布）, （2026年3月5日印发）, （安府办〔2026〕8号）
fn remark(run: &[Mark]) -> Option<usize> {
    if run.first()?.fold != '(' {
        return None;
    }
    let mut depth = 0;
    let end = run.iter().take(REMARK_MAX).position(|m| {
        depth += match m.fold {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    })?;
    let text = plain(part(run, 1, end));
    let tells = text.contains("公开")
        || text.contains("印发")
        || text.contains('号')
        || text.ends_with('日');
    tells.then_some(end + 1)
}

/// Longest name of an organ before its date, in characters.
const SIGNER_MAX: usize = 30;

/// 安澜市人民政府办公室2026年3月5日: the name of the organ.
fn signer(run: &[Mark]) -> Option<usize> {
    let at = (4..run.len().min(SIGNER_MAX)).find(|&i| dated(from(run, i)).is_some())?;
    let names = part(run, 0, at);
    let organs = names
        .split(|m| m.is_blank())
        .filter(|name| !name.is_empty())
        .all(|name| is_organ_run(name) && !is_plan_title(&plain(name)));
    organs.then_some(at)
}

/// Longest title, in characters.
const TITLE_MAX: usize = 100;

/// …关于印发…的通知, with its number, its addressees or its text behind it.
fn notice(run: &[Mark]) -> Option<usize> {
    let reach = sentence(run).min(TITLE_MAX);
    let ends = |i: &usize| plain(part(run, i.saturating_sub(2), *i)) == "通知";
    (6..=reach)
        .rev()
        .filter(ends)
        .find(|&end| is_notice(run, end))
}

fn is_notice(run: &[Mark], end: usize) -> bool {
    let rest = trim(from(run, end));
    // …的通知政策法规司2006-08-24: who put it on the page, and when
    let signed = (0..SIGNER_MAX).any(|i| dated(from(rest, i)).is_some() || is_label(from(rest, i)));
    let follows = issue_number(rest).is_some()
        || signed
        || remark(rest).is_some_and(|len| !is_empty(from(rest, len)))
        || addressees(rest).is_some();
    let text = plain(part(run, 0, end));
    let opens = |i| starts_any(from(run, i), OPENINGS).is_some();
    let whole = text.matches('《').count() == text.matches('》').count() && !(0..end).any(opens);
    names_subject(&text) && whole && follows
}

/// Longest list of addressees, in characters.
const ADDRESSEES_MAX: usize = 120;

/// 各县（市、区）人民政府，市直各单位：
fn addressees(run: &[Mark]) -> Option<usize> {
    let colon = run
        .iter()
        .take(ADDRESSEES_MAX)
        .position(|m| matches!(m.fold, ':' | '。'))?;
    let text = plain(part(run, 0, colon));
    let all = text.starts_with('各') || text.contains(",各") || text.contains("各单位");
    let ends = [
        "单位", "部门", "机构", "政府", "局", "委", "办", "处", "会", ")", "企业", "国企", "院",
        "室",
    ];
    let named = all && ends.iter().any(|end| text.ends_with(end));
    (run.get(colon)?.fold == ':' && named).then_some(colon + 1)
}

/// 附件, straight before a title.
fn annex(run: &[Mark]) -> Option<usize> {
    let word = starts_any(run, &["附件"])?;
    let signs = from(run, word)
        .iter()
        .take_while(|m| m.is_blank() || m.fold == ':')
        .count();
    title(from(run, word + signs)).map(|_| word + signs)
}

/// The plan's own title, with its first sentence, its first number, or organ and date behind it.
fn title(run: &[Mark]) -> Option<usize> {
    let reach = sentence(run).min(TITLE_MAX);
    let first = |i: &usize| {
        let one = run.get(*i).is_some_and(|m| matches!(m.fold, '一' | '第'));
        let found = one.then(|| number(from(run, *i))).flatten();
        found.is_some_and(|n| n.level == Level::Section && n.value == 1)
    };
    let reach = (8..reach).find(first).map_or(reach, |at| at + 1);
    (8..reach).rev().find(|&end| {
        let rest = from(run, end);
        let begins = rest
            .first()
            .is_some_and(|m| is_han(m.ch) || m.fold == '(' || m.fold.is_ascii_digit());
        let before = part(run, 0, end);
        begins
            && before
                .last()
                .is_some_and(|m| ENDS.contains(m.fold) || m.is_blank())
            && follows_title(rest)
            && is_plan_title(&plain(before))
            && speaks_for_itself(&plain(before))
            && !before.iter().any(|m| matches!(m.fold, ',' | ';' | ':'))
    })
}

/// Last letters of titles of plans, and of the signs around them.
const ENDS: &str = "点案表解工单划务作排览账见施书况项)》";

fn follows_title(rest: &[Mark]) -> bool {
    starts_any(rest, OPENINGS).is_some()
        || number(rest).is_some_and(|n| n.value == 1 && n.level <= Level::Item)
        || remark(rest).is_some_and(|len| day::date_of(part(rest, 0, len)).is_some())
        || is_label(rest)
        || dated(rest).is_some()
        || signer(rest).is_some()
}

/// Most sentences of a notice's text.
const SENTENCES_MAX: usize = 20;

/// 现印发给你们，请认真贯彻执行。 before the organ that signs it, or before the plan's title.
fn notice_text(run: &[Mark]) -> Option<usize> {
    let ends = run.iter().enumerate().filter(|(_, m)| m.fold == '。');
    ends.take(SENTENCES_MAX).map(|(i, _)| i + 1).find(|&end| {
        let rest = trim(from(run, end));
        signer(rest).is_some()
            || remark(rest).is_some()
            || annex(rest).is_some()
            || title(rest).is_some()
    })
}

/// Longest label with its sign, in characters.
const LABEL_MAX: usize = 12;

/// 发布时间：…
fn is_label(rest: &[Mark]) -> bool {
    let label = part(rest, 0, LABEL_MAX);
    label.iter().any(|m| m.fold == ':') && is_label_line(label)
}

/// Where the first sentence ends.
fn sentence(run: &[Mark]) -> usize {
    run.iter()
        .position(|m| matches!(m.fold, '。' | ';'))
        .unwrap_or(run.len())
}

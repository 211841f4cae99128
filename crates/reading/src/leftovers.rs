//! What is in no field: told in problems, so that nothing goes unseen. And the notice's own deadlines.

use std::ops::Range;

use super::dates::{Deadline, DeadlineKind, Ground, Known, deadlines};
use super::layout::{Node, shorten};
use super::notice::Heads;
use super::number::number;
use super::problem::Account;
use super::stops::{is_frame, is_request, is_stop};
use super::task::Task;
use super::text::{Mark, Run, is_empty, plain, split_by, tidy};

/// Dates by which the notice wants reports, or the plan itself above its measures. Sentences that ask for none are passed
/// over.
pub(crate) fn document_deadlines(
    nodes: &[Node],
    notice: &Range<usize>,
    preamble: &Range<usize>,
    known: Known,
    tasks: &[Task],
    account: &mut Account,
) -> Vec<Deadline> {
    const REPORTING: &[&str] = &[
        "报送",
        "上报",
        "报区",
        "报市",
        "报县",
        "报省",
        "报镇",
        "填写",
        "填报",
        "反馈",
        "报至",
        "报我",
        "提交",
        "报告",
        "报办公室",
        "报政务",
        "送至",
        "发送",
        "报备",
    ];
    let mut out: Vec<Deadline> = Vec::new();
    // A row that was written with marks between its cells is a measure, or none of the notice's sentences.
    let is_row = |run: &Run| run.iter().any(|m| matches!(m.fold, '|' | '\t'));
    let asked = |run: &Run| !is_row(run) && is_report(run) && !is_of_a_task(run, tasks);
    for run in paragraphs(nodes, notice, preamble, asked) {
        for sentence in split_by(&run, |m| matches!(m.fold, '。' | ';')) {
            let text = plain(sentence);
            let asks = REPORTING.iter().any(|w| text.contains(w))
                || text.contains("将") && text.contains('报');
            if !asks {
                continue;
            }
            for found in deadlines(sentence, known, Ground::Text)
                .into_iter()
                .filter(|f| f.deadline.kind == DeadlineKind::By)
            {
                account.field(&found.run);
                if out.contains(&found.deadline) {
                    continue;
                }
                if let Some(doubt) = found.doubt {
                    let message = doubt.message("报送要求", &found.deadline.text);
                    account.problem(doubt.code(), message, &found.run);
                }
                out.push(found.deadline);
            }
        }
    }
    out
}

/// 各牵头单位将落实情况分别于9月10日、11月25日前报送办公室: asks for reports by a day, in words of its own.
fn is_report(run: &[Mark]) -> bool {
    const REPORTS: &[&str] = &["落实情况", "进展情况", "完成情况", "推进情况", "工作总结"];
    const SENT: &[&str] = &["报送", "上报", "报至", "送至", "反馈至"];
    split_by(run, |m| matches!(m.fold, '。' | ';'))
        .iter()
        .any(|sentence| {
            let text = plain(sentence);
            let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
            has(REPORTS) && has(SENT) && text.contains('前') && text.contains(['月', '日'])
        })
}

/// How much of a paragraph tells that a measure holds it, in characters.
const TOLD_BY: usize = 16;

fn is_of_a_task(run: &[Mark], tasks: &[Task]) -> bool {
    let text: String = plain(run).chars().rev().skip(1).take(TOLD_BY).collect();
    let text: String = text.chars().rev().collect();
    let folded = |t: &Task| -> String {
        let marks = t.text.chars().filter(|c| !c.is_whitespace());
        marks.map(super::fold::fold).collect()
    };
    tasks.iter().any(|t| folded(t).contains(&text))
}

/// Shortest line that was broken at the page's width, in characters.
const BROKEN_MIN: usize = 20;

/// The notice's paragraphs and those above the measures, put together where they were broken at the page's width, and
/// requests behind the plan.
fn paragraphs(
    nodes: &[Node],
    notice: &Range<usize>,
    preamble: &Range<usize>,
    asked: impl Fn(&Run) -> bool,
) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open = false;
    for (i, node) in nodes.iter().enumerate() {
        let Node::Line(run) = node else { continue };
        let request = || number(run).is_none() && (is_request(run) || asked(run));
        let within = notice.contains(&i) || preamble.contains(&i);
        // a notice that this one forwards stands before the plan, and asks others
        if !(within || i >= notice.end.max(preamble.start) && request()) {
            continue;
        }
        match out.last_mut() {
            Some(last) if open && within && number(run).is_none() => last.extend_from_slice(run),
            _ => out.push(run.clone()),
        }
        let ended = run
            .last()
            .is_none_or(|m| matches!(m.fold, '。' | ';' | ':'));
        open = within && !ended && run.len() >= BROKEN_MIN;
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Frame,
    Notice,
    After,
    Rest,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Frame => "page-frame",
            Self::Notice => "notice-text",
            Self::After => "after-plan",
            Self::Rest => "left-out",
        }
    }

    fn sentence(self, sample: &str) -> String {
        match self {
            Self::Frame => format!("网页上的导航或说明没有列入：“{sample}”"),
            Self::Notice => format!("通知正文不是任务，没有列入：“{sample}”"),
            Self::After => format!("任务之后的附件、抄送等没有列入：“{sample}”"),
            Self::Rest => format!("这部分没有列入任务：“{sample}”"),
        }
    }
}

/// One problem for each stretch of one kind that is in no field and no problem yet.
pub(crate) fn tell(nodes: &[Node], heads: &Heads, is_plan: bool, account: &mut Account) {
    let mut stretch: Option<(Kind, Run)> = None;
    let mut ended = false;
    for (i, node) in nodes.iter().enumerate() {
        let runs: Vec<&Run> = match node {
            Node::Line(run) => vec![run],
            Node::Grid(grid) => grid.rows.iter().flatten().map(|c| &c.run).collect(),
        };
        for run in runs.into_iter().filter(|r| !is_empty(r)) {
            let unused = account.unused(run);
            if unused.is_empty() {
                continue;
            }
            // rules of a table, brackets and stops around fields
            if unused.len() < run.len() / 2 + 2 && unused.iter().all(|m| !m.ch.is_alphanumeric())
                || unused
                    .iter()
                    .all(|m| matches!(m.fold, '|' | '-' | '—' | '=' | '_' | '*' | '·' | ':'))
            {
                account.field(run);
                continue;
            }
            ended |= i >= heads.body && i > 0 && (is_stop(run) || is_request(run));
            let kind = kind(i, run, heads, is_plan, ended);
            match &mut stretch {
                Some((same, all)) if *same == kind => all.extend_from_slice(&unused),
                _ => {
                    flush(stretch.take(), account);
                    stretch = Some((kind, unused));
                }
            }
        }
    }
    flush(stretch, account);
}

fn kind(i: usize, run: &[Mark], heads: &Heads, is_plan: bool, ended: bool) -> Kind {
    if !is_plan {
        return Kind::Rest;
    }
    if is_frame(run) && (i < heads.notice.start || ended) {
        return Kind::Frame;
    }
    if heads.notice.contains(&i) || i < heads.body {
        return Kind::Notice;
    }
    if ended { Kind::After } else { Kind::Rest }
}

fn flush(stretch: Option<(Kind, Run)>, account: &mut Account) {
    let Some((kind, run)) = stretch else { return };
    let words: Run = run.iter().copied().filter(|m| m.fold != '|').collect();
    let sample = shorten(&tidy(&words));
    account.problem(kind.code(), kind.sentence(&sample), &run);
}

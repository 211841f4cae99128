//! Days counted from when a paper is issued, or received.

use jiff::civil::Date;

use super::super::glance::Glance;
use super::super::number::{digits, numeral};
use super::super::text::{Mark, from, part, starts, starts_any};
use super::{Deadline, DeadlineKind, Doubt, Found, Ground, Known};

/// Which paper 印发 without its name means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BareIssue {
    /// 于印发30日内: this one, most likely.
    OfThis,
    /// ，印发后20日内: this one, or what the task itself orders.
    OfSome,
}

/// Characters of the clause before 印发 that are looked at.
const CLAUSE_CHARS_MAX: usize = 16;

impl BareIssue {
    /// By the words before it in the clause; 政策文件印发后3日内 and 文件应于印发后3日内 mean those papers.
    fn after(before: &[Mark]) -> Option<Self> {
        let word = before.iter().rev().take(CLAUSE_CHARS_MAX);
        let word: Vec<char> = word
            .map(|m| m.fold)
            .take_while(|c| !",。;:、".contains(*c))
            .collect();
        match word.as_slice() {
            [] => Some(Self::OfSome),
            ['于' | '在'] | ['于' | '在', '请' | '并' | '须' | '应'] | ['于', '请', '并'] => {
                Some(Self::OfThis)
            }
            ['于' | '在', whom @ ..] if word.len() < CLAUSE_CHARS_MAX && is_everybody(whom) => {
                Some(Self::OfThis)
            }
            _ => None,
        }
    }
}

/// 请各单位, 各镇（街道）应: those to whom a notice speaks, backwards.
fn is_everybody(whom: &[char]) -> bool {
    let whom: String = whom.iter().rev().collect();
    let whom = whom.trim_start_matches('请');
    let whom = whom.trim_end_matches(['应', '须', '要', '请']);
    let all = ["各", "有关", "相关"].iter().any(|w| whom.starts_with(w));
    let papers = ["文件", "政策", "方案", "办法", "公报", "规划"];
    all && !papers.iter().any(|paper| whom.contains(paper))
}

/// The paper that is issued.
const SUBJECTS: &[&str] = &[
    "本文件",
    "本文",
    "本通知",
    "本方案",
    "本要点",
    "本清单",
    "本意见",
    "自本文",
    "自本通知",
    "自本方案",
    "在通知",
    "于通知",
    "自",
];
const SUBJECT_HEADS: Glance = Glance::heads(SUBJECTS);
/// The same without 本, where a clause begins with them.
const PAPERS: &[&str] = &[
    "方案",
    "工作方案",
    "实施方案",
    "分工方案",
    "工作要点",
    "要点",
    "通知",
];
const PAPER_HEADS: Glance = Glance::heads(PAPERS);
/// What stands before such a word where it begins a clause.
const BEFORE_PAPER: &str = ",。;:、自于在请并须应";
/// 收到本通知后: counted from a day that each unit has for itself.
const RECEIVED: &[&str] = &[
    "收到本通知",
    "接到本通知",
    "收到通知",
    "接到通知",
    "收到本方案",
    "接到本方案",
    "收到方案",
    "接到方案",
    "收到本文件",
    "接到本文件",
];
const RECEIVED_HEADS: Glance = Glance::heads(RECEIVED);
const ISSUED: &[&str] = &["印发", "下发", "发布", "公布"];
const ISSUED_HEADS: Glance = Glance::heads(ISSUED);
/// What such a count begins with.
pub(super) const HEADS: Glance = SUBJECT_HEADS
    .or(PAPER_HEADS)
    .or(RECEIVED_HEADS)
    .or(ISSUED_HEADS);

/// 本文印发30日内, 自印发之日起20日内, 收到本通知后30日内
pub(super) fn after_issue(
    marks: &[Mark],
    i: usize,
    known: Known,
    ground: Ground,
) -> Option<(usize, Option<Found>)> {
    let rest = from(marks, i);
    let (counted, doubt) = match RECEIVED_HEADS.starts(rest, RECEIVED) {
        Some(received) => (received, Some(Doubt::Received)),
        None => {
            let (issued, bare) = issued(marks, i, ground)?;
            if bare == Some(BareIssue::OfSome) {
                let len = issued + counting(from(rest, issued))?.len;
                return Some((len, Some(found(rest, len, None, Some(Doubt::WhichIssue)))));
            }
            (issued, bare.map(|_| Doubt::WhichIssue))
        }
    };
    let Span { len, span, working } = counting(from(rest, counted))?;
    let len = counted + len;
    let (date, doubt) = match (working, known.issued) {
        (true, _) => (None, Some(Doubt::WorkingDays)),
        (false, None) => (None, Some(Doubt::IssueDateUnknown)),
        (false, Some(day)) => (day.checked_add(span).ok(), doubt),
    };
    Some((len, Some(found(rest, len, date, doubt))))
}

fn found(rest: &[Mark], len: usize, date: Option<Date>, doubt: Option<Doubt>) -> Found {
    Found {
        deadline: Deadline {
            text: String::new(),
            date,
            kind: DeadlineKind::By,
        },
        doubt,
        run: part(rest, 0, len).to_vec(),
    }
}

/// 本文印发, 方案印发, 印发: the length, and where no paper is named by 本, which one is meant.
fn issued(marks: &[Mark], i: usize, ground: Ground) -> Option<(usize, Option<BareIssue>)> {
    let rest = from(marks, i);
    let issued = |subject: usize| Some(subject + ISSUED_HEADS.starts(from(rest, subject), ISSUED)?);
    if let Some(subject) = SUBJECT_HEADS.starts(rest, SUBJECTS) {
        return Some((issued(subject)?, None));
    }
    if let Some(paper) = PAPER_HEADS.starts(rest, PAPERS) {
        let before = i.checked_sub(1).and_then(|at| marks.get(at));
        let begins = before.is_none_or(|m| BEFORE_PAPER.contains(m.fold));
        return Some((issued(paper).filter(|_| begins)?, Some(BareIssue::OfThis)));
    }
    let bare = match ground {
        Ground::Column => None,
        _ => Some(BareIssue::after(part(marks, 0, i))),
    };
    Some((issued(0)?, bare.map_or(Some(None), |bare| bare.map(Some))?))
}

/// 之日起30日内, 后十个工作日内
fn counting(rest: &[Mark]) -> Option<Span> {
    let begun = starts_any(rest, &["之日起", "之日", "之后", "起", "后"]).unwrap_or(0);
    let span = within(from(rest, begun))?;
    Some(Span {
        len: begun + span.len,
        ..span
    })
}

/// 30日内, 十个工作日内, 1个月内
struct Span {
    len: usize,
    span: jiff::Span,
    working: bool,
}

fn within(rest: &[Mark]) -> Option<Span> {
    const UNITS: &[&str] = &[
        "个工作日内",
        "工作日内",
        "个自然日内",
        "日内",
        "天内",
        "个月内",
        "月内",
    ];
    let (value, figures) = digits(rest).or_else(|| numeral(rest))?;
    let (unit, len) = UNITS
        .iter()
        .find_map(|unit| starts(from(rest, figures), unit).map(|len| (*unit, len)))?;
    let span = if unit.contains('月') {
        jiff::Span::new().try_months(i64::from(value))
    } else {
        jiff::Span::new().try_days(i64::from(value))
    };
    Some(Span {
        len: figures + len,
        span: span.ok()?,
        working: unit.contains("工作"),
    })
}

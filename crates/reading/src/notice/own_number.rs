//! Which 发文字号 of those in a head is the paper's own.

use super::super::organ_name::is_organ_run;
use super::super::text::{Mark, Run, from, is_empty, plain, tidy, trim, trim_by};
use super::metadata::{self, Field, is_label_line};
use super::{Heads, Line, is_date_line, is_plan_title, issue_number};

impl Heads {
    /// 安府办〔2022〕3: its sign comes back.
    fn set_number(&mut self, run: &[Mark]) {
        let mut number = tidy(run);
        self.number_repaired = !number.ends_with(['号', '號']);
        if self.number_repaired {
            number.push('号');
        }
        self.document_number = Some(number);
    }
}

/// The number that the page's fields, the title, a bracket or a line of the head give the paper.
pub(super) fn take_number(
    before: &[Line],
    meta: &[metadata::Found],
    body: usize,
    heads: &mut Heads,
) {
    if let Some(found) = meta.iter().find(|m| m.field == Field::Number) {
        match issue_number(&found.value) {
            Some((_, run)) => heads.set_number(&run),
            None => {
                heads.document_number =
                    Some(tidy(&found.value)).filter(|v| v.contains('号') && v.chars().count() < 30);
            }
        }
    }
    number_in_title(before, heads);
    if heads.document_number.is_none()
        && let Some(run) = before.iter().take(60).find_map(number_in_bracket)
    {
        heads.set_number(&run);
    }
    if heads.document_number.is_none()
        && let Some(run) = before.iter().take(60).find_map(number_among_fields)
    {
        heads.used.push(run.clone());
        heads.set_number(&run);
    }
    for line in before.iter().take(60) {
        if let Some(run) = issue_number::behind_signer(line.run).filter(|_| line.node < body.max(1))
        {
            heads.used.push(line.run.to_vec());
            if heads.document_number.is_none() {
                heads.set_number(&run);
            }
            return;
        }
        let Some((end, run)) = issue_number(line.run) else {
            continue;
        };
        let rest = plain(line.run.get(end..).unwrap_or_default());
        // （国发〔2026〕1号）精神, broken from its sentence: the number of the paper that is carried out
        let sense = rest.trim_start_matches(')');
        if ["精神", "要求", "文件"]
            .iter()
            .any(|w| sense.starts_with(w))
        {
            continue;
        }
        let issued = is_issuer_and_day(line.run.get(end..).unwrap_or_default());
        if line.node >= body.max(1) && !rest.is_empty() && body > 0 && !issued {
            return;
        }
        if issued {
            heads.used.push(line.run.to_vec());
        }
        if rest.is_empty()
            || issued
            || rest.starts_with("签发人")
            || rest.starts_with('《')
            || rest.contains("关于") && !rest.contains('。')
        {
            heads.used.push(run.clone());
            if heads.document_number.is_none() {
                heads.set_number(&run);
            }
            return;
        }
    }
}

/// 安府办〔2022〕3号  发布时间：2022-04-18  浏览次数：…: a number without a label among the fields of a page's head.
fn number_among_fields(line: &Line) -> Option<Run> {
    let run = line.run;
    let sign = |m: Mark| m.is_blank() || m.fold == '|';
    let led = is_label_line(run);
    (0..run.len())
        .filter(|&at| match at.checked_sub(1) {
            None => true,
            Some(before) => led && run.get(before).is_some_and(|m| sign(*m)),
        })
        .find_map(|at| {
            let rest = from(run, at);
            let (end, number) = issue_number(rest)?;
            let rest = trim_by(from(rest, end), sign);
            let is_own = is_label_line(rest) || led && rest.is_empty();
            is_own.then_some(number)
        })
}

/// …的通知（安府办〔2022〕3号）
fn number_in_title(before: &[Line], heads: &mut Heads) {
    let quoted = heads.notice_title.as_deref().and_then(|t| {
        t.rfind(['(', '（'])
            .and_then(|i| t.get(i..))
            .map(str::to_owned)
    });
    if let Some(quoted) = quoted
        && let Some(line) = before.iter().find(|l| l.text.contains("通知"))
        && let Some(at) = (0..line.run.len())
            .rev()
            .find(|&i| line.run.get(i).is_some_and(|m| m.fold == '('))
        && let Some((_, run)) = issue_number(line.run.get(at + 1..).unwrap_or_default())
        && quoted.contains('号')
        && heads.document_number.is_none()
    {
        heads.set_number(&run);
    }
}

/// 安政办发〔2024〕9号 安澜市人民政府办公室 2024年4月18日: a line that says of the paper who issued it, and when.
pub(crate) fn is_issue_line(run: &[Mark]) -> bool {
    issue_number(run).is_some_and(|(end, _)| is_issuer_and_day(run.get(end..).unwrap_or_default()))
}

/// 安澜市人民政府办公室 2024年4月18日, behind the number on its line.
fn is_issuer_and_day(rest: &[Mark]) -> bool {
    let rest = trim(rest);
    let day = (0..rest.len()).find(|&i| {
        let begins = rest
            .get(i)
            .is_some_and(|m| m.fold.is_ascii_digit() || m.fold == '二');
        begins && is_date_line(rest.get(i..).unwrap_or_default())
    });
    day.is_some_and(|day| {
        let organ = trim(rest.get(..day).unwrap_or_default());
        organ.is_empty() || is_organ_run(organ)
    })
}

/// Longest day of issue beside the number in its bracket, in characters.
const ISSUED_MAX: usize = 14;

/// （安府办〔2022〕3号）, on a line of its own or behind the title of a plan.
fn number_in_bracket(line: &Line) -> Option<Run> {
    let open = line.run.iter().rposition(|m| m.fold == '(')?;
    let inner = line.run.get(open + 1..)?;
    let (end, run) = issue_number(inner)?;
    // (安府办〔2026〕12号 2026年5月10日印发)
    let rest = plain(inner.get(end..)?);
    let closed = rest.strip_suffix(')').is_some_and(|day| {
        day.is_empty() || day.ends_with("印发") && day.chars().count() <= ISSUED_MAX
    });
    let own = is_empty(line.run.get(..open)?) || is_plan_title(&line.text);
    (closed && own && !line.text.contains('。')).then_some(run)
}

//! Who signed a paper, and when: below its text, above it in a bracket, or in its imprint.

use jiff::civil::Date;

use super::super::organ_name::{is_organ, is_organ_run};
use super::super::text::{Mark, Run, plain, tidy, trim, weight};
use super::headline::HEADLINE_LINES;
use super::{Line, behind_organ, date_of, day};

/// Who signed the notice, and when.
pub(super) struct Signature {
    pub(super) organ: Option<(String, Run)>,
    pub(super) date: Option<Date>,
    pub(super) repaired: bool,
    /// Place of the date among the lines.
    pub(super) date_line: usize,
    pub(super) run: Run,
}

/// Which dates count as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signed<'a> {
    /// By the organ that the notice's title names: a page may print another organ with a date above the notice.
    By(&'a str),
    ByAnyOrgan,
    ByNobody,
}

/// The first date on a line of its own with an organ above it. Without an organ a date counts only in the notice.
pub(super) fn signature(before: &[Line], all: &[Line], named: Option<&str>) -> Option<Signature> {
    named
        .and_then(|name| first_signed(before, Signed::By(name)))
        .or_else(|| first_signed(before, Signed::ByAnyOrgan))
        .or_else(|| first_signed(all, Signed::ByAnyOrgan).filter(|s| s.date_line > 0))
        .or_else(|| first_signed(before, Signed::ByNobody))
}

fn first_signed(lines: &[Line], want: Signed<'_>) -> Option<Signature> {
    lines.iter().enumerate().find_map(|(i, line)| {
        let beside = behind_organ(line.run);
        let found = match beside {
            Some((_, found)) => found,
            None => day::whole_line(line.run)?,
        };
        // above the text a day stands in a bracket, or it is the page's
        if i == 0 && day::in_bracket(line.run).is_none() {
            return None;
        }
        // （市司法局代章） may stand between the organ and its day
        let sealed = i >= 2 && lines.get(i - 1)?.text.ends_with("代章)");
        let above = || {
            let above = i.checked_sub(if sealed { 2 } else { 1 })?;
            signing_organs(lines, above)
        };
        let organ = match beside {
            Some((organ, _)) => Some((tidy(organ), organ.to_vec())),
            None => above(),
        };
        let fits = match (want, &organ) {
            (Signed::By(name), Some((organ, _))) => organ.replace('、', "") == name,
            (Signed::ByAnyOrgan, organ) => organ.is_some(),
            (Signed::ByNobody, _) => true,
            (Signed::By(_), None) => false,
        };
        fits.then(|| Signature {
            organ,
            date: found.date,
            repaired: found.repaired,
            date_line: i,
            run: line.run.to_vec(),
        })
    })
}

/// 安澜市人民政府办公室 2023年4月18日印发: the imprint at the paper's end.
pub(super) fn imprint(all: &[Line]) -> Option<Signature> {
    let below = all.iter().enumerate().rev().take(30);
    let above = all.iter().enumerate().take(HEADLINE_LINES);
    let above = above.filter(|(_, line)| day::in_bracket(line.run).is_some());
    below.chain(above).find_map(|(i, line)| {
        let run = day::in_bracket(line.run).unwrap_or(line.run);
        if !plain(run).ends_with("印发") || weight(run) > 60 {
            return None;
        }
        let date = date_of(run)?;
        let figure = run.iter().position(|m| m.fold.is_ascii_digit())?;
        // （2026年3月5日安澜市人民政府办公室印发）
        let behind = day::leading(run).and_then(|len| run.get(len..run.len().checked_sub(2)?));
        let name = trim(behind.unwrap_or(run.get(..figure)?));
        let organ = is_organ_run(name).then(|| (tidy(name), name.to_vec()));
        Some(Signature {
            organ,
            date: Some(date),
            repaired: false,
            date_line: i,
            run: line.run.to_vec(),
        })
    })
}

/// Most organs that sign one paper, each in a line of its own.
const SIGNERS_MAX: usize = 20;

/// The organ in line `last`, and those straight above it that sign with it, below the notice's last sentence.
fn signing_organs(lines: &[Line], last: usize) -> Option<(String, Run)> {
    let (mut name, mut run) = signing_organ(lines.get(last)?)?;
    let mut names = vec![name.clone()];
    for (i, line) in lines.iter().enumerate().take(last).rev().take(SIGNERS_MAX) {
        let Some((organ, more)) = signing_organ(line) else {
            let text_above = line.text.ends_with(['。', ')']) || line.text.contains("附件");
            if text_above && names.len() > 1 {
                names.reverse();
                name = names.join("、");
            }
            break;
        };
        // the site's name above the paper's own organ, or the same organ once more
        let same = |n: &String| n.contains(&organ) || organ.contains(n.as_str());
        if i == 0 || names.iter().any(same) {
            break;
        }
        names.push(organ);
        run.extend(more);
    }
    Some((name, run))
}

/// Shortest name of an organ that signs beside another one in one line, in characters.
const SIGNER_MIN: usize = 5;

/// 安澜市财政局 安澜市税务局, parted by blanks.
fn side_by_side(run: &[Mark]) -> Option<String> {
    let parts: Vec<String> = run
        .split(|m| m.is_blank())
        .filter(|part| !part.is_empty())
        .map(plain)
        .collect();
    let whole = |part: &String| part.chars().count() >= SIGNER_MIN && is_organ(part);
    (parts.len() > 1 && parts.iter().all(whole)).then(|| parts.join("、"))
}

/// 省委人才办省委网信办: lines of one signature that a print ran together, each name with the same first letter.
fn run_together(text: &str) -> Option<String> {
    let first = text.chars().next().filter(|c| "省市县区".contains(*c))?;
    let mut names = vec![String::new()];
    for c in text.chars() {
        let name = names.last_mut()?;
        if c == first && name.chars().count() >= SIGNED_TOGETHER_MIN && is_organ(name) {
            names.push(c.to_string());
        } else {
            name.push(c);
        }
    }
    let whole = |name: &String| name.chars().count() >= SIGNED_TOGETHER_MIN && is_organ(name);
    (names.len() > 1 && names.iter().all(whole)).then(|| names.join("、"))
}

/// Shortest name in a line of names that were run together, in characters.
const SIGNED_TOGETHER_MIN: usize = 4;

fn signing_organ(line: &Line) -> Option<(String, Run)> {
    let weight = weight(line.run);
    if let Some(names) = side_by_side(line.run).or_else(|| run_together(&line.text)) {
        return Some((names, line.run.to_vec()));
    }
    let name = is_organ(&line.text)
        && (4..=40).contains(&weight)
        && !line.text.contains([':', '、', ','])
        && !line.text.starts_with('各');
    name.then(|| (tidy(line.run), line.run.to_vec()))
}

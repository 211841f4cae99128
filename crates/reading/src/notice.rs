//! The head of a document: titles, number, issuer, dates; the covering notice with its own deadlines.

use jiff::civil::Date;

use super::layout::Node;
use super::organ_name::{is_organ, is_organ_run};
use super::text::{Mark, Run, is_empty, plain, tidy, trim, trim_by, weight};

mod beside;
mod day;
mod header;
mod issue_number;
mod lone;
mod metadata;
mod seams;
mod title;

pub(crate) use day::{behind_organ, date_of, is_date_line};
pub(crate) use header::from_headers;
pub(crate) use issue_number::issue_number;
pub(crate) use lone::{own_title_of, preamble};
use metadata::{Field, fields};
pub(crate) use seams::part_heads;
pub(crate) use title::{is_other_paper, is_plan_title, puts_rules_in_force};

/// What the head says. Runs are kept for the account.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    pub(crate) title: Option<String>,
    /// The title was taken from the covering notice's own title.
    pub(crate) title_from_notice: bool,
    pub(crate) notice_title: Option<String>,
    /// First line that reads like a title of anything.
    pub(crate) headline: Option<String>,
    pub(crate) document_number: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) issued_on: Option<Date>,
    pub(crate) published_on: Option<Date>,
    /// The document number had lost its 号.
    pub(crate) number_repaired: bool,
    /// The issue date had lost its signs (2022728).
    pub(crate) issue_date_repaired: bool,
    /// First node behind the plan's title, or behind the notice.
    pub(crate) body: usize,
    /// Nodes of the covering notice's text.
    pub(crate) notice: std::ops::Range<usize>,
    /// The notice is signed before the first numbered paragraph: what follows is the plan itself.
    pub(crate) signed_above: bool,
    pub(crate) used: Vec<Run>,
}

/// A line with its place among the nodes.
pub(crate) struct Line<'a> {
    pub(crate) node: usize,
    pub(crate) run: &'a [Mark],
    pub(crate) text: String,
}

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

/// The lines that say something.
fn lines_of(nodes: &[Node]) -> Vec<Line<'_>> {
    nodes
        .iter()
        .enumerate()
        .filter_map(|(node, n)| match n {
            Node::Line(run) if !is_empty(run) => {
                // a title may stand in a table row of one cell, the others of which are blank
                let comma = run.last().is_some_and(|m| m.ch == ',');
                let blank = |m: Mark| m.is_blank() || m.fold == '|' || comma && is_comma(m);
                let alone = trim_by(run, blank);
                let run = if alone.iter().any(|m| m.fold == '|') {
                    trim(run)
                } else {
                    alone
                };
                Some(Line {
                    node,
                    run,
                    text: plain(run),
                })
            }
            _ => None,
        })
        .collect()
}

/// What stands around the one cell of a row between commas that is filled.
fn is_comma(m: Mark) -> bool {
    matches!(m.ch, ',' | '"')
}

/// Reads the head; `table` is the first node of the plan's table, if it has one.
pub(crate) fn heads(nodes: &[Node], table: Option<usize>) -> Heads {
    let all = lines_of(nodes);
    let cut = table.map_or(all.len(), |t| all.partition_point(|l| l.node < t));
    let (before, _) = all.split_at(cut);
    let mut heads = Heads {
        headline: headline(if table.is_some() { before } else { &all }),
        ..Heads::default()
    };
    let meta = fields(before);
    let imprint = imprint(&all);
    let notice = title::notice_title(before);
    let below = notice
        .as_ref()
        .map_or(0, |n| before.partition_point(|l| l.node < n.body));
    let named = notice
        .as_ref()
        .and_then(|n| title::organ_before_subject(&n.text));
    let signature = signature(before, &all, named.as_deref());
    if let Some(found) = &notice {
        heads.notice_title = Some(found.text.clone());
        heads.used.extend(found.runs.iter().cloned());
    }
    take_name(&meta, &mut heads);
    let after = signature.as_ref().map_or(0, |s| s.date_line + 1);
    let search = title::Search {
        after,
        behind_notice: below,
        above_table: table.is_some(),
    };
    let plan = own_title(before, search, notice.as_ref());
    if let (Some(n), Some(p)) = (&notice, &plan)
        && beside::is_other_link(n, p, before)
    {
        heads.notice_title = None;
        heads.used.clear();
    }
    let first_number = before
        .iter()
        .position(|l| super::number::number(l.run).is_some())
        .unwrap_or(usize::MAX);
    heads.signed_above = signature
        .as_ref()
        .is_some_and(|s| s.date_line > 0 && s.date_line < first_number);
    if let Some(found) = &plan {
        heads.title = Some(found.text.clone());
        heads.used.extend(found.runs.iter().cloned());
        heads.body = found.body;
    } else if let Some(s) = &signature
        && table.is_none()
        && all
            .iter()
            .skip(s.date_line + 1)
            .any(|l| super::number::number(l.run).is_some())
    {
        heads.body = all.get(s.date_line).map_or(0, |l| l.node + 1);
    }
    let first = notice.as_ref().map_or(0, |n| n.body);
    let lines = before.get(below..).unwrap_or_default();
    let until = plan.as_ref().map(|p| p.first).or(table);
    let until = until.unwrap_or_else(|| notice_end(lines, first, heads.body, notice.is_some()));
    let until = forwarded(lines, notice.as_ref()).map_or(until, |other| until.min(other));
    heads.notice = first.min(until)..until;
    number(before, &meta, heads.body, &mut heads);
    let signed = signature.as_ref().or(imprint.as_ref());
    dates(&meta, signed, &mut heads);
    issuer(&meta, signed, &mut heads);
    title_of_notice(&mut heads);
    heads.used.extend(meta.into_iter().map(|m| m.run));
    heads
}

/// The name that a page's fields give the paper.
fn take_name(meta: &[metadata::Found], heads: &mut Heads) {
    let Some(name) = meta.iter().find(|m| m.field == Field::Name) else {
        return;
    };
    let name = tidy(&name.value);
    heads.headline.get_or_insert_with(|| name.clone());
    if heads.notice_title.is_none() && name.ends_with("通知") {
        heads.notice_title = Some(name);
    } else if heads.title.is_none() && is_plan_title(&name) {
        heads.title = Some(name);
    }
}

/// The plan's title as its notice has it, where nothing else does.
fn title_of_notice(heads: &mut Heads) {
    let Some(notice) = heads
        .notice_title
        .as_deref()
        .filter(|_| heads.title.is_none())
    else {
        return;
    };
    if let Some(named) = title::named_in_notice(notice) {
        heads.title = Some(named);
        heads.title_from_notice = true;
    } else if !notice.contains("印发") && !notice.contains("印發") {
        // a notice that sets the tasks itself has no other title
        heads.title = Some(notice.to_owned());
    }
}

/// Where the notice begins that another one forwards: what it asks of its own addressees, nobody here is asked.
fn forwarded(lines: &[Line], notice: Option<&title::Title>) -> Option<usize> {
    notice.filter(|n| title::forwards(&n.text))?;
    title::notice_title(lines).map(|other| other.first)
}

/// A notice that sets the tasks itself goes on up to the first of them; any other one ends where the body begins.
fn notice_end(lines: &[Line], first: usize, body: usize, noticed: bool) -> usize {
    if body > first || !noticed {
        return body;
    }
    let numbered = |l: &&Line| super::number::number(l.run).is_some();
    lines.iter().find(numbered).map_or(0, |l| l.node)
}

/// The plan's own title: below the signature, else anywhere, else one that stands on no line of its own.
fn own_title(
    before: &[Line],
    search: title::Search,
    notice: Option<&title::Title>,
) -> Option<title::Title> {
    let anywhere = title::Search { after: 0, ..search };
    let found = title::plan_title(before, search).or_else(|| {
        let again = search.after > 0;
        again.then(|| title::plan_title(before, anywhere)).flatten()
    });
    let named = notice.and_then(|n| title::named_in_notice(&n.text));
    let found = found.map(|found| match &named {
        Some(name) => title::with_line_above(before, found, name),
        None => found,
    });
    let found = found.map(|found| title::quoted_with_line_above(before, found));
    found.or_else(|| title::other_title(before, notice.is_none(), search.above_table))
}

/// Most lines over which a headline goes.
const HEADLINE_LINES: usize = 4;

/// The first line that reads like a title; with the lines below it where only the whole names another kind of paper
/// (关于同意建立… / 联席会议制度的批复).
fn headline(all: &[Line]) -> Option<String> {
    let first = first_headline(all)?;
    let line = |i: usize| all.get(i).map(|l| tidy(l.run));
    let mut text = line(first)?;
    if !is_other_paper(&text) && text.contains("关于") && !text.ends_with("通知") {
        let mut whole = text.clone();
        for next in (first + 1..first + HEADLINE_LINES).map_while(|i| all.get(i)) {
            if !title::plain_line(next) {
                break;
            }
            whole.push_str(&tidy(next.run));
            if is_other_paper(&whole) {
                text = whole;
                break;
            }
        }
    }
    Some(text)
}

fn first_headline(all: &[Line]) -> Option<usize> {
    all.iter().take(30).enumerate().position(|(i, l)| {
        let weight = weight(l.run);
        (6..=70).contains(&weight)
            && !is_menu(all, i)
            && !l.text.contains(['。', '>', '|'])
            && (!l.text.contains(':') || l.text.contains("解读:《") || l.text.ends_with("解读"))
            && !super::stops::is_frame(l.run)
            && !l.text.contains("星期")
            && !(l.text.starts_with('(') && l.text.ends_with(')'))
            && issue_number(l.run).is_none()
            && !is_date_line(l.run)
            && !is_organ(&l.text)
    })
}

/// Heaviest entry of a menu.
const ENTRY_MAX: usize = 12;
/// Fewest entries of a menu that stand in one line, parted by blanks.
const ENTRIES_MIN: usize = 4;

/// 领导之窗 / 政策解读 / 在线访谈, one under the other or in one line: the channels of a site, and no title of this page.
fn is_menu(all: &[Line], i: usize) -> bool {
    let sign = |c: char| c.is_ascii_digit() || matches!(c, ':' | '。' | ',' | '、' | '(');
    let entry =
        |text: &str| (2..=ENTRY_MAX).contains(&text.chars().count()) && !text.contains(sign);
    let short = |i: usize| {
        let line = all.get(i);
        line.is_some_and(|l| {
            entry(&l.text) && !is_date_line(l.run) && issue_number(l.run).is_none()
        })
    };
    let above = i.checked_sub(1).is_some_and(short);
    let around = [
        above,
        short(i + 1),
        short(i + 2) && short(i + 1),
        i > 1 && above && short(i - 2),
    ];
    let stacked = short(i) && around.iter().filter(|near| **near).count() > 1;
    let run = all.get(i).map(|l| l.run).unwrap_or_default();
    let words = run.split(|m| m.is_blank()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(plain).collect();
    stacked || words.len() >= ENTRIES_MIN && words.iter().all(|word| entry(word))
}

/// Who signed the notice, and when.
struct Signature {
    organ: Option<(String, Run)>,
    date: Option<Date>,
    repaired: bool,
    /// Place of the date among the lines.
    date_line: usize,
    run: Run,
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
fn signature(before: &[Line], all: &[Line], named: Option<&str>) -> Option<Signature> {
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
fn imprint(all: &[Line]) -> Option<Signature> {
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

fn number(before: &[Line], meta: &[metadata::Found], body: usize, heads: &mut Heads) {
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

fn dates(meta: &[metadata::Found], signature: Option<&Signature>, heads: &mut Heads) {
    let meta_date = |field| {
        meta.iter()
            .filter(|m| m.field == field)
            .find_map(|m| date_of(&m.value))
    };
    heads.published_on = meta_date(Field::Published);
    heads.issued_on = signature
        .and_then(|s| s.date)
        .or_else(|| meta_date(Field::Issued));
    if let Some(s) = signature {
        heads.issue_date_repaired = s.repaired && s.date.is_some();
        heads.used.push(s.run.clone());
    }
}

fn issuer(meta: &[metadata::Found], signature: Option<&Signature>, heads: &mut Heads) {
    if let Some((name, run)) = signature.and_then(|s| s.organ.clone()) {
        heads.used.push(run);
        heads.issuer = Some(name);
        return;
    }
    let named = meta
        .iter()
        .find(|m| m.field == Field::Issuer)
        .map(|m| tidy(&m.value))
        .filter(|v| is_organ(v));
    let from_notice = heads
        .notice_title
        .as_deref()
        .and_then(title::organ_before_subject);
    let from_title = heads.title.as_deref().and_then(title::organ_before_subject);
    heads.issuer = from_notice.or(named).or(from_title);
}

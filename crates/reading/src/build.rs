//! Builds tasks from assigned items: cleans texts, parses organs and dates, lists doubts.

use gongkai_office::Place;

use super::assign::Assigned;
use super::columns::head_word;
use super::dates::{self, Deadline, DeadlineKind, Ground, Known, deadlines};
use super::event::{Doubt, Given};
use super::layout::shorten;
use super::number::digits;
use super::organs::{OrganRef, let_first_lead, organ_text, parse};
use super::problem::Account;
use super::prose::{opening_units, sentence_units, subject_units};
use super::quantities::quantities;
use super::task::{Confidence, OrganOrigin, Task};
use super::text::{Mark, Run, is_empty, part, plain, tidy, trim, trim_by};
use super::way::Way;

mod units;

/// A problem not yet in the account.
pub(crate) struct Note {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) run: Run,
}

pub(crate) struct Built {
    pub(crate) tasks: Vec<Task>,
    pub(crate) notes: Vec<Note>,
    /// Everything that went into fields.
    pub(crate) used: Vec<Run>,
    /// The first character of each task's text, by which a note finds its place.
    firsts: Vec<Run>,
}

/// `first_leads`: the document says that the first organ of each list leads.
pub(crate) fn build(
    items: Vec<Assigned>,
    known: Known,
    mut first_leads: bool,
    account: &Account,
    way: &mut Way<'_>,
) -> Built {
    let any_units = items.iter().any(|a| !a.units.is_empty());
    let mut built = Built {
        tasks: Vec::new(),
        notes: Vec::new(),
        used: Vec::new(),
        firsts: Vec::new(),
    };
    let (mut for_all, mut unclear_above) = (Vec::new(), false);
    let all = items.len();
    for (before, assigned) in items.into_iter().enumerate() {
        way.tasks_read(before, all);
        let mut one = One {
            assigned,
            notes: Vec::new(),
            doubts: Vec::new(),
            check: false,
            first_leads,
            for_all: for_all.clone(),
            unclear_above,
        };
        first_leads |= one.says_first_leads_below();
        if let Some(mut task) = one.task(known, any_units, account) {
            for_all = std::mem::take(&mut one.for_all);
            unclear_above = one.unclear_above;
            task.order = u32::try_from(built.tasks.len() + 1).unwrap_or(u32::MAX);
            one.use_all(&mut built.used);
            built.notes.append(&mut one.notes);
            let text = trim_by(&one.assigned.item.text, |m| m.is_blank());
            built.firsts.push(part(text, 0, 1).to_vec());
            built.tasks.push(task);
        }
    }
    numbering(&mut built);
    built
}

/// The organs of a task are no more than the subject of its sentence.
pub(crate) const AS_SUBJECT: &str = "organs-as-subject";

/// Signs that no plan prints, which stand where a page was read in another encoding or half cleaned: ㄒ ┚ ǎ.
fn is_garbled(c: char) -> bool {
    matches!(c, 'ㄅ'..='ㄩ' | '┄'..='╬' | 'à'..='ÿ' | 'ā' | 'ē' | 'ě' | 'ī' | 'ň' | 'ō' | 'ū' | 'ǎ'..='ǜ' | '\u{FFFD}')
}

/// 11.121人才项目: a number and its text, or one figure. 2022.6 is a date.
fn begins_with_decimal(text: &[Mark]) -> bool {
    let body = trim(text);
    let Some((_, len)) = digits(body).filter(|(_, len)| *len <= 3) else {
        return false;
    };
    let stop = body.get(len).is_some_and(|m| m.fold == '.');
    stop && body.get(len + 1).is_some_and(|m| m.fold.is_ascii_digit())
}

struct One {
    assigned: Assigned,
    notes: Vec<Note>,
    doubts: Vec<&'static str>,
    check: bool,
    first_leads: bool,
    /// Those who answer for all tasks from here on, for a task before said so.
    for_all: Vec<OrganRef>,
    /// A task before said so, and not clearly of whom.
    unclear_above: bool,
}

impl One {
    fn note(&mut self, code: &'static str, message: impl Into<String>, run: Run) {
        self.doubts.push(code);
        self.notes.push(Note {
            code,
            message: message.into(),
            run,
        });
    }

    fn doubt(&mut self, code: &'static str, message: impl Into<String>, run: Run) {
        self.check = true;
        self.note(code, message, run);
    }

    fn task(&mut self, known: Known, any_units: bool, account: &Account) -> Option<Task> {
        let mut text_run: Run = trim_by(&self.assigned.item.text, |m| m.is_blank()).to_vec();
        // 公开补贴发放情况 with units of its own is a measure, though a head may read like that
        let head = || head_word(&text_run).is_some_and(|w| !w.is_content());
        if is_empty(&text_run) || (self.assigned.units.is_empty() && head()) {
            return None;
        }
        let label = self.name(&tidy(&text_run));
        if self.assigned.units.is_empty()
            && let Some((units, cut)) = sentence_units(&text_run)
            && text_run.get(cut..).is_some_and(|rest| !is_empty(rest))
        {
            self.assigned.units = vec![units];
            self.assigned.origin = OrganOrigin::Sentence;
            text_run.drain(..cut);
            let message = format!("{label}没有单独写明单位，按句中写明的单位取出，请核对");
            self.doubt("organs-in-sentence", message, Run::new());
        }
        self.take_subject(&text_run, &label);
        self.add_opening_units(&text_run, &label);
        self.origin(&label, any_units);
        self.item_doubts(&label);
        let mut organs = parse(&self.assigned.units);
        if (organs.first_leads || self.first_leads) && organs.list.len() > 1 {
            let_first_lead(&mut organs.list);
        }
        self.organ_doubts(&label, &organs);
        self.add_for_all(&label, &mut organs);
        if text_run.iter().any(|m| is_garbled(m.ch)) {
            let message = format!("{label}里有别的编码留下的乱码，请对照原件改正");
            self.doubt("text-garbled", message, Run::new());
        }
        let place = account.place(&text_run);
        let deadlines = self.deadlines(&text_run, &organs.deadlines, known, &label);
        Some(Task {
            no: self.assigned.item.no,
            order: 0,
            section: self.assigned.section.as_ref().map(|r| tidy(r)),
            group: self.assigned.group.as_ref().map(|r| tidy(r)),
            text: tidy(&text_run),
            organ_text: organ_text(&self.assigned.units),
            organs: organs.list,
            deadlines,
            quantities: quantities(&text_run),
            confidence: if self.check {
                Confidence::Check
            } else {
                Confidence::Sure
            },
            place,
            organ_place: self
                .assigned
                .units
                .first()
                .map(|u| account.place(&u.text))
                .filter(|p| *p != Place::default()),
            origin: self.assigned.origin,
            doubts: std::mem::take(&mut self.doubts),
        })
    }

    /// 县教育局要…: where nothing else says who answers.
    fn take_subject(&mut self, text: &Run, label: &str) {
        if self.assigned.units.is_empty()
            && let Some(units) = subject_units(text)
        {
            self.assigned.units = vec![units];
            self.assigned.origin = OrganOrigin::Sentence;
            let message = format!("{label}没有单独写明单位，按句首的单位取出，请核对");
            self.doubt(AS_SUBJECT, message, Run::new());
        }
    }

    /// 由市财政局负责…, above units that stand behind several measures: both answer.
    fn add_opening_units(&mut self, text: &Run, label: &str) {
        let later = matches!(self.assigned.item.units, Given::Later);
        let Some(own) = opening_units(text).filter(|_| later && !self.assigned.units.is_empty())
        else {
            return;
        };
        let given = parse(&self.assigned.units).list;
        let known = |name: &str| given.iter().any(|g| g.name == name);
        if parse(std::slice::from_ref(&own))
            .list
            .iter()
            .all(|o| known(&o.name))
        {
            return;
        }
        self.assigned.units.insert(0, own);
        let message = format!("{label}句中写明了单位，后面又有合写的单位，两处都列入，请核对");
        self.doubt("organs-in-sentence", message, Run::new());
    }

    fn name(&self, text: &str) -> String {
        match self.assigned.item.no {
            Some(no) => format!("第 {no} 项"),
            None => format!(
                "“{}”一项",
                shorten(text).chars().take(14).collect::<String>()
            ),
        }
    }

    fn unit_run(&self) -> Run {
        self.assigned
            .units
            .first()
            .map(|u| u.text.clone())
            .unwrap_or_default()
    }

    fn origin(&mut self, label: &str, any_units: bool) {
        let run = self.assigned.item.text.clone();
        match self.assigned.origin {
            OrganOrigin::Inherited if self.assigned.across_group => {
                self.doubt(
                    "organs-inherited-across-group",
                    format!("{label}的单位栏为空，上一行属于另一组，按上一行单位处理，请核对"),
                    run,
                );
            }
            OrganOrigin::Inherited if self.assigned.item.doubts.contains(&Doubt::UnitsAbove) => {}
            OrganOrigin::Inherited if matches!(self.assigned.item.units, Given::Merged) => {}
            OrganOrigin::Inherited => self.note(
                "organs-inherited",
                format!("{label}的单位栏为空，按上一行单位处理"),
                run,
            ),
            OrganOrigin::Shared if self.assigned.item.doubts.contains(&Doubt::UnitsBelow) => {}
            OrganOrigin::Shared => self.note(
                "organs-shared",
                format!("{label}与后面的任务共用一段单位"),
                run,
            ),
            OrganOrigin::Heading => self.note(
                "organs-from-heading",
                format!("{label}按标题处写明的单位处理"),
                run,
            ),
            OrganOrigin::Missing if any_units => self.doubt(
                "organs-missing",
                format!("{label}没有找到单位，请补充"),
                run,
            ),
            // a plan that assigns no unit at all is told once, not for each task
            OrganOrigin::Missing => self.check = true,
            OrganOrigin::Own | OrganOrigin::Sentence => {}
        }
    }

    fn item_doubts(&mut self, label: &str) {
        for doubt in self.assigned.item.doubts.clone() {
            let (code, words) = doubt.says();
            let message = format!("{label}{words}");
            let run = match doubt.is_of_units() {
                true => self.unit_run(),
                false => Run::new(),
            };
            match doubt {
                Doubt::TimeAbove => self.note(code, message, run),
                // told once, for the line that says so
                Doubt::UnitsForAll => {
                    self.check = true;
                    self.doubts.push(code);
                }
                _ => self.doubt(code, message, run),
            }
        }
        if self.assigned.item.no.is_none() && begins_with_decimal(&self.assigned.item.text) {
            let message = format!("{label}开头的数字可能是编号，也可能是内容，请核对");
            self.doubt("number-unclear", message, Run::new());
        }
        if self.assigned.item.odd_number {
            let number = tidy(&self.assigned.item.number);
            self.note(
                "number-repaired",
                format!("{label}的编号印作“{number}”，已按数字处理"),
                self.assigned.item.number.clone(),
            );
        }
    }

    fn deadlines(
        &mut self,
        text: &[Mark],
        labelled: &[Run],
        known: Known,
        label: &str,
    ) -> Vec<Deadline> {
        let mut found: Vec<dates::Found> = Vec::new();
        for run in self.assigned.item.deadlines.iter().chain(labelled) {
            found.extend(deadlines(run, known, Ground::Column));
        }
        found.extend(deadlines(text, known, Ground::Text));
        let mut out: Vec<Deadline> = Vec::new();
        for f in found {
            if let Some(doubt) = f.doubt {
                let message = doubt.message(label, &shorten(&f.deadline.text));
                self.doubt(doubt.code(), message, f.run.clone());
            }
            self.past(&f, known, label);
            self.of_guessed_year(&f, known);
            if !out
                .iter()
                .any(|d| (d.date, d.kind) == (f.deadline.date, f.deadline.kind))
                || (f.deadline.date.is_none() && f.deadline.kind == DeadlineKind::By)
            {
                out.push(f.deadline);
            }
        }
        out
    }

    /// A date before the plan's year is kept, and shown.
    fn past(&mut self, found: &dates::Found, known: Known, label: &str) {
        let Some((date, year)) = found.deadline.date.zip(known.year) else {
            return;
        };
        if date.year() < year {
            let text = shorten(&found.deadline.text);
            self.doubt(
                "deadline-past",
                format!("{label}的“{text}”早于计划所属的 {year} 年，请核对"),
                found.run.clone(),
            );
        }
    }

    /// 6月底前, in a plan whose year was taken from elsewhere: the document's problem tells so once, and each row is to be
    /// checked.
    fn of_guessed_year(&mut self, found: &dates::Found, known: Known) {
        let printed = found.deadline.text.matches(|c: char| c.is_ascii_digit());
        let year = printed.count() >= 4 && found.deadline.text.contains(['年', '.', '-', '/']);
        if known.guessed && found.deadline.date.is_some() && !year {
            self.check = true;
            self.doubts.push("year-guessed");
        }
    }

    fn use_all(&self, used: &mut Vec<Run>) {
        let a = &self.assigned;
        used.push(a.item.text.clone());
        used.push(a.item.source.clone());
        used.push(a.item.number.clone());
        used.extend(a.item.deadlines.iter().cloned());
        used.extend(a.units.iter().map(|u| u.text.clone()));
        used.extend([&a.section, &a.group].into_iter().flatten().cloned());
    }
}

/// Gaps and doubles in the printed numbers. A number that begins again at 1 begins a new list.
fn numbering(built: &mut Built) {
    let mut last: Option<u32> = None;
    let mut heading = (None, None);
    let mut notes = Vec::new();
    for (task, first) in built.tasks.iter_mut().zip(&built.firsts) {
        let Some(no) = task.no else { continue };
        let own = (task.section.clone(), task.group.clone());
        // one measure below each heading: 1, 1, 1
        let begins_again = no == 1 && own != heading;
        heading = own;
        if let Some(before) = last.filter(|_| !begins_again) {
            let message = if no == before {
                Some(("number-double", format!("编号 {no} 出现两次")))
            } else if no > before + 1 {
                Some((
                    "number-gap",
                    if no == before + 2 {
                        format!("编号从 {before} 跳到 {no}，缺第 {} 项", before + 1)
                    } else {
                        format!(
                            "编号从 {before} 跳到 {no}，缺第 {}—{} 项",
                            before + 1,
                            no - 1
                        )
                    },
                ))
            } else if no < before && no != 1 {
                Some(("number-back", format!("编号从 {before} 退回到 {no}")))
            } else {
                None
            };
            if let Some((code, message)) = message {
                task.doubts.push(code);
                task.confidence = Confidence::Check;
                notes.push(Note {
                    code,
                    message,
                    run: first.clone(),
                });
            }
        }
        last = Some(no);
    }
    built.notes.append(&mut notes);
}

/// 2023年8月15日前, 2023.9 in the cells of deadlines: the one year that they name, where most of them name it. One of them
/// alone (2027年3月底 beside 6月底前) may be the one that lies outside.
pub(crate) fn year_in_deadlines(items: &[Assigned]) -> Option<i16> {
    let cells = || items.iter().flat_map(|a| &a.item.deadlines);
    let years: Vec<i16> = cells()
        .filter_map(|run| {
            let (year, _) = digits(trim_by(run, |m| m.is_blank())).filter(|(_, len)| *len == 4)?;
            i16::try_from(year)
                .ok()
                .filter(|y| (2000..=2099).contains(y))
        })
        .collect();
    let first = *years.first()?;
    let most = years.len() * 2 > cells().count();
    (most && years.iter().all(|year| *year == first)).then_some(first)
}

/// The year in the text where no title tells it: 纳入2022年政府信息公开工作年度报告, or the year that most dates name.
pub(crate) fn year_in_text(items: &[Assigned]) -> Option<i16> {
    let mut votes: Vec<(i16, usize)> = Vec::new();
    for text in items.iter().map(|a| plain(&a.item.text)) {
        for (i, _) in text.match_indices('年') {
            let head = text.get(..i).unwrap_or_default();
            let start = head.len().saturating_sub(4);
            let Some(year) = head
                .get(start..)
                .and_then(|y| y.parse::<i16>().ok())
                .filter(|y| (2000..=2099).contains(y))
            else {
                continue;
            };
            let tail = text.get(i + '年'.len_utf8()..).unwrap_or_default();
            let strong = tail.starts_with("政府信息公开工作年度报告")
                || tail.starts_with("政务公开")
                || tail.starts_with("度政")
                || tail.starts_with('底')
                || tail.starts_with("年底")
                || tail.chars().nth(1) == Some('月')
                || tail.chars().nth(2) == Some('月');
            if strong {
                match votes.iter_mut().find(|(y, _)| *y == year) {
                    Some((_, n)) => *n += 1,
                    None => votes.push((year, 1)),
                }
            }
        }
    }
    votes.into_iter().max_by_key(|(_, n)| *n).map(|(y, _)| y)
}

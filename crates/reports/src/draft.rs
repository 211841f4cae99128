//! What stands in the editor: each cell with where its value came from, and the prose of the six parts.

use std::collections::BTreeMap;

use gongkai_basis::coded;
use gongkai_basis::reference::{Figure, Ref};
use serde_json::{Value as Json, json};

use crate::amount::{Amount, Value};
use crate::bound;
use crate::check;
use crate::form::{Cell, SECTIONS};
use crate::ledger::Told;
use crate::model::{Report, Schema};

/// The longest prose of one part, in characters.
pub const TEXT_CHARS_MAX: usize = 50_000;
/// The longest reason or source of a value, in characters.
pub const WHY_CHARS_MAX: usize = 500;
/// The longest text that a cell keeps, in characters.
const VALUE_CHARS_MAX: usize = 40;

coded! {
    /// Where a cell's value came from.
    pub enum Source {
        Figure = "figure", "系统统计";
        Hand = "hand", "手工填写";
        Adjusted = "adjusted", "人工调整";
        Imported = "imported", "导入";
        Units = "units", "本级加各单位";
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub value: Value,
    pub source: Source,
    /// What the system counts now, and records behind it.
    pub live: Option<Figure>,
    /// What it counted when a person adjusted the cell.
    pub then: Option<i64>,
    /// Reason of an adjustment, or the source of what was filled in by hand.
    pub why: String,
    /// The government's own part, where its units' reports are added to it.
    pub own: Option<Amount>,
}

impl Entry {
    /// Did a person set the whole, so that units are not added to it?
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        matches!(self.source, Source::Adjusted | Source::Imported)
    }

    /// What the system counted when a person adjusted the cell, and what it counts since.
    #[must_use]
    pub fn moved(&self) -> Option<(i64, i64)> {
        let both = self.then.zip(self.live.as_ref().map(|live| live.value));
        both.filter(|(then, now)| self.source == Source::Adjusted && then != now)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Without the totals, which are added up, unless they were imported.
    pub cells: BTreeMap<Cell, Entry>,
    pub texts: [String; 6],
    /// What the sentences that the system writes into the last part were made of.
    pub told: Told,
    /// Figures of the prose that differ from the tables and are right in spite of it: each [matter](crate::check::Finding::matter)
    /// with the reason that a person gave.
    pub settled: BTreeMap<String, String>,
}

/// The part in which the system writes sentences: 其他需要报告的事项.
const OTHER_MATTERS: usize = 5;

impl Draft {
    /// The report as the checks see it.
    #[must_use]
    pub fn report(&self, organ: &str, year: i16) -> Report {
        let mut report = Report::blank(organ, year);
        // Table 二 of the trial form counted other things under the same names.
        let trial = report.schema == Schema::Trial2019;
        for cell in Cell::all().filter(|cell| !(trial && matches!(cell, Cell::Two(_)))) {
            report.cells.insert(cell, self.value(cell));
        }
        for (section, text) in report.sections.iter_mut().zip(self.said()) {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            section.paragraphs = lines.map(str::to_owned).collect();
        }
        report
    }

    /// The first part, where nothing stands in it yet.
    pub fn outline(&mut self, text: String) {
        let [general, ..] = &mut self.texts;
        if general.trim().is_empty() {
            *general = text;
        }
    }

    /// The texts as they are read: with the numbers of the tables where a text names them.
    #[must_use]
    pub fn said(&self) -> [String; 6] {
        self.texts
            .each_ref()
            .map(|text| bound::told(text, |cell| self.value(cell), self.told))
    }

    /// Binds figures of the texts to the tables: all that agree, or the one of a clause; gives how many.
    pub fn bind(&mut self, year: i16, clause: Option<&str>) -> usize {
        let mut all = 0;
        let mut texts = self.texts.clone();
        for (part, text) in texts.iter_mut().enumerate() {
            let numbers = (|cell| self.value(cell), self.told);
            let (next, n) = bound::bind((text.as_str(), part), (year, clause), numbers);
            *text = next;
            all += n;
        }
        self.texts = texts;
        all
    }

    /// A cell's value; totals are added up.
    #[must_use]
    pub fn value(&self, cell: Cell) -> Value {
        if let Some(entry) = self.cells.get(&cell) {
            return entry.value.clone();
        }
        if !cell.is_total() {
            return Value::Blank;
        }
        let parts = cell.parts();
        let values: Vec<Value> = parts.into_iter().map(|part| self.value(part)).collect();
        if values.iter().all(|value| *value == Value::Blank) {
            return Value::Blank;
        }
        let sum: Option<Amount> = values.iter().map(Value::amount).sum();
        sum.map_or(Value::Blank, Value::Number)
    }

    /// Takes what the system counts: cells without a person's value follow it, the others only show it.
    pub fn pour(&mut self, figures: BTreeMap<Cell, Figure>) {
        for (cell, figure) in figures {
            match self.cells.get_mut(&cell) {
                Some(entry) if entry.source != Source::Figure => {
                    // Adjusted before this was kept: the figure of the last time stands for it.
                    let last = entry.live.replace(figure).map(|last| last.value);
                    if entry.source == Source::Adjusted {
                        entry.then = entry.then.or(last);
                    }
                }
                Some(_) | None => {
                    let entry = Entry {
                        value: Value::whole(figure.value),
                        source: Source::Figure,
                        live: Some(figure),
                        then: None,
                        why: String::new(),
                        own: None,
                    };
                    self.cells.insert(cell, entry);
                }
            }
        }
    }

    /// Takes what the last part tells of fees and of the year's tasks: a sentence that stands as the system wrote it follows,
    /// one that a person changed or took away stays so.
    pub fn retell(&mut self, year: i16, now: Told) {
        let before = std::mem::replace(&mut self.told, now).sentences(year);
        let Some(text) = self.texts.get_mut(OTHER_MATTERS) else {
            return;
        };
        for ((_, was), (matter, is)) in before.into_iter().zip(now.sentences(year)) {
            let Some(is) = is else { continue };
            match was {
                Some(was) => *text = text.replace(&was, &is),
                None if text.contains(matter) => {}
                None if text.is_empty() => *text = is,
                None => *text = format!("{text}\n{is}"),
            }
        }
    }

    /// Takes values as typed, with one reason for all that changed.
    ///
    /// # Errors
    /// All the reasons against it, each with its field; then nothing is changed.
    pub fn fill(
        &mut self,
        typed: &BTreeMap<Cell, String>,
        why: &str,
    ) -> Result<Vec<Cell>, Vec<(&'static str, String)>> {
        let mut next = self.clone();
        let mut changed = Vec::new();
        let mut wrong = Vec::new();
        for (cell, text) in typed {
            let value = Value::read(text);
            let own = self.cells.contains_key(cell);
            if value == self.value(*cell) || (cell.is_total() && !own) {
                continue;
            }
            if text.chars().count() > VALUE_CHARS_MAX {
                wrong.push(("cells", format!("{cell}：最多{VALUE_CHARS_MAX}字。")));
                continue;
            }
            if let Some(odd) = check::odd(*cell, &value) {
                wrong.push(("cells", odd.message));
                changed.push(*cell);
                continue;
            }
            let live = self.cells.get(cell).and_then(|entry| entry.live.clone());
            let same = live
                .as_ref()
                .is_some_and(|live| Value::whole(live.value) == value);
            // A sum of units that a person changes is the whole; added up again, it must not count twice.
            let was_sum = self.cells.get(cell).and_then(|entry| entry.own).is_some();
            let source = match (&live, same) {
                (Some(_), true) => Source::Figure,
                (Some(_), false) => Source::Adjusted,
                (None, _) if was_sum => Source::Adjusted,
                (None, _) => Source::Hand,
            };
            if source != Source::Figure {
                changed.push(*cell);
            }
            if value == Value::Blank && live.is_none() {
                next.cells.remove(cell);
                continue;
            }
            let why = if source == Source::Figure { "" } else { why };
            let adjusted = live.as_ref().filter(|_| source == Source::Adjusted);
            let entry = Entry {
                value,
                source,
                then: adjusted.map(|live| live.value),
                live,
                why: why.to_owned(),
                own: None,
            };
            next.cells.insert(*cell, entry);
        }
        wrong.extend(why_fault(&changed, why));
        if wrong.is_empty() {
            *self = next;
            Ok(changed)
        } else {
            Err(wrong)
        }
    }

    /// A report made elsewhere, with its totals as they stand in the file.
    #[must_use]
    pub fn imported(report: &Report, file: &str) -> Self {
        let cells = report.cells.iter().map(|(cell, value)| {
            let entry = Entry {
                value: value.clone(),
                source: Source::Imported,
                live: None,
                then: None,
                why: file.to_owned(),
                own: None,
            };
            (*cell, entry)
        });
        let mut texts: [String; 6] = Default::default();
        for section in &report.sections {
            if let Some(text) = texts.get_mut(section.part) {
                if !text.is_empty() && !section.paragraphs.is_empty() {
                    text.push('\n');
                }
                text.push_str(&section.paragraphs.join("\n"));
            }
        }
        Self {
            cells: cells.collect(),
            texts,
            told: Told::default(),
            settled: BTreeMap::new(),
        }
    }

    /// The government's own part of a cell: what the system counts for it alone, else what was typed for it.
    #[must_use]
    pub fn own_part(&self, cell: Cell, counted: &BTreeMap<Cell, Amount>) -> Amount {
        let entry = self.cells.get(&cell);
        let typed = || match entry {
            Some(entry) if entry.is_whole() => None,
            Some(entry) => entry.own.or_else(|| entry.value.amount()),
            None => None,
        };
        let own = counted.get(&cell).copied().or_else(typed);
        own.unwrap_or_default()
    }

    /// Takes the government's own figures and the sums of its units' reports into the cells; totals follow by themselves, and
    /// what a person set as the whole stays.
    pub fn take_units(
        &mut self,
        sums: &BTreeMap<Cell, Amount>,
        counted: &BTreeMap<Cell, Amount>,
        why: &str,
    ) {
        self.cells
            .retain(|cell, entry| !cell.is_total() || entry.is_whole());
        for (cell, sum) in sums.iter().filter(|(cell, _)| !cell.is_total()) {
            let own = self.own_part(*cell, counted);
            let before = self.cells.get(cell);
            if before.is_some_and(Entry::is_whole) {
                continue;
            }
            let entry = Entry {
                value: Value::Number(own.plus(*sum)),
                source: Source::Units,
                live: before.and_then(|entry| entry.live.clone()),
                then: None,
                why: why.to_owned(),
                own: Some(own),
            };
            self.cells.insert(*cell, entry);
        }
    }

    #[must_use]
    pub fn to_json(&self) -> String {
        let cells: serde_json::Map<String, Json> = self
            .cells
            .iter()
            .map(|(cell, entry)| (cell.code(), entry_json(entry)))
            .collect();
        let (texts, told) = (&self.texts, self.told.to_json());
        json!({ "cells": cells, "texts": texts, "told": told, "settled": self.settled }).to_string()
    }

    /// `None` for what is no such JSON.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(text).ok()?;
        let mut draft = Self::default();
        for (code, entry) in json.get("cells")?.as_object()? {
            draft.cells.insert(Cell::from_code(code)?, entry_of(entry)?);
        }
        let texts = json.get("texts")?.as_array()?;
        for (slot, text) in draft.texts.iter_mut().zip(texts) {
            text.as_str()?.clone_into(slot);
        }
        draft.told = Told::of_json(json.get("told"));
        if let Some(settled) = json.get("settled") {
            draft.settled = serde_json::from_value(settled.clone()).ok()?;
        }
        Some(draft)
    }

    /// The cells in which nothing stands, not even a nought: nobody has written there and the system counts nothing. A total
    /// follows the others, unless it came with a file.
    #[must_use]
    pub fn unfilled(&self) -> Vec<Cell> {
        let asked = |cell: &Cell| !cell.is_total() || self.cells.contains_key(cell);
        Cell::all()
            .filter(asked)
            .filter(|cell| self.value(*cell) == Value::Blank)
            .collect()
    }

    /// Which parts say nothing yet, although the form wants prose there.
    #[must_use]
    pub fn silent_parts(&self) -> Vec<&'static str> {
        [0, 4, 5]
            .into_iter()
            .filter(|part| {
                self.texts
                    .get(*part)
                    .is_none_or(|text| text.trim().is_empty())
            })
            .filter_map(|part| SECTIONS.get(part).copied())
            .collect()
    }
}

/// What is wrong with the one reason for all that a person changed.
fn why_fault(changed: &[Cell], why: &str) -> Option<(&'static str, String)> {
    if !changed.is_empty() && why.is_empty() {
        let named: Vec<String> = changed.iter().take(5).map(ToString::to_string).collect();
        let (named, n) = (named.join("、"), changed.len());
        return Some((
            "why",
            format!("改动了{named}等{n}格，请填写原因或数据来源。"),
        ));
    }
    let long = why.chars().count() > WHY_CHARS_MAX;
    long.then(|| ("why", format!("原因最多{WHY_CHARS_MAX}字。")))
}

fn entry_json(entry: &Entry) -> Json {
    let mut json = json!({ "value": entry.value.to_string(), "source": entry.source.code() });
    if let Some(map) = json.as_object_mut() {
        if !entry.why.is_empty() {
            map.insert("why".to_owned(), entry.why.clone().into());
        }
        if let Some(own) = entry.own {
            map.insert("own".to_owned(), own.to_string().into());
        }
        if let Some(live) = &entry.live {
            map.insert("live".to_owned(), live.value.into());
            map.insert("refs".to_owned(), json!(live.refs));
        }
        if let Some(then) = entry.then {
            map.insert("then".to_owned(), then.into());
        }
    }
    json
}

fn entry_of(json: &Json) -> Option<Entry> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let refs: Vec<Ref> = match json.get("refs") {
        Some(refs) => serde_json::from_value(refs.clone()).ok()?,
        None => Vec::new(),
    };
    let live = json.get("live").and_then(Json::as_i64);
    Some(Entry {
        value: Value::read(text("value")?),
        source: Source::from_code(text("source")?)?,
        live: live.map(|value| Figure { value, refs }),
        then: json.get("then").and_then(Json::as_i64),
        why: text("why").unwrap_or("").to_owned(),
        own: text("own").and_then(|own| Value::read(own).amount()),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gongkai_basis::reference::{Figure, Ref};

    use super::{Draft, Source, Told};
    use crate::amount::{Amount, Value};
    use crate::check::{Beside, check, counted};
    use crate::form::{Cell, NEW, SUM, TOTAL};
    use crate::ledger::{Fees, Tasks};
    use crate::sample::city;

    fn figure(value: i64) -> Figure {
        let of = Ref {
            kind: "request".into(),
            id: "1".into(),
        };
        Figure {
            value,
            refs: vec![of],
        }
    }

    #[test]
    fn totals_are_added_up_and_adjusting_needs_a_reason() {
        let mut draft = Draft::default();
        let (new, open) = (Cell::Three(0, 0), Cell::Three(2, 0));
        draft.pour(BTreeMap::from([(new, figure(5)), (open, figure(4))]));
        assert_eq!(draft.value(Cell::Three(0, TOTAL)), Value::whole(5));
        assert_eq!(draft.value(Cell::Three(SUM, TOTAL)), Value::whole(4));
        assert_eq!(draft.value(Cell::Four(0, 4)), Value::Blank);
        // Without a reason, nothing changes.
        let typed = BTreeMap::from([(open, "5".to_owned()), (Cell::Four(0, 0), "2".to_owned())]);
        let refused = draft.fill(&typed, "").unwrap_err();
        assert!(refused[0].1.contains("三.（一）.自然人"), "{refused:?}");
        assert_eq!(draft.value(open), Value::whole(4));
        // What is no count is told together with the reason that is missing.
        let odd = [(Cell::Two(6), "-1"), (Cell::Two(7), "1.5"), (open, "abc")];
        let odd = odd.map(|(cell, text)| (cell, text.to_owned()));
        let refused = draft.fill(&BTreeMap::from(odd), "").unwrap_err();
        let fields: Vec<&str> = refused.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["cells", "cells", "cells", "why"], "{refused:?}");
        assert!(refused[1].1.contains("1.5不是整数"), "{refused:?}");
        assert_eq!(draft.value(open), Value::whole(4));
        let changed = draft.fill(&typed, "台账核对").unwrap();
        assert_eq!(changed, [open, Cell::Four(0, 0)]);
        assert_eq!(draft.cells[&open].source, Source::Adjusted);
        assert_eq!(draft.cells[&Cell::Four(0, 0)].source, Source::Hand);
        assert_eq!(draft.value(Cell::Four(0, 4)), Value::whole(2));
        assert_eq!(counted(&draft, 2026), [], "it was adjusted just now");
        // What a person set stays when the system counts anew, and is told; going back to the figure needs no reason.
        draft.pour(BTreeMap::from([(new, figure(5)), (open, figure(5))]));
        draft.pour(BTreeMap::from([(new, figure(6)), (open, figure(6))]));
        assert_eq!(draft.value(new), Value::whole(6));
        assert_eq!(draft.value(open), Value::whole(5));
        assert_eq!(draft.cells[&open].moved(), Some((4, 6)));
        let told = &counted(&draft, 2026)[0];
        assert_eq!(told.cells, [open]);
        assert!(
            told.message.contains("调整后系统统计已由4变为6"),
            "{told:?}"
        );
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft.clone()));
        draft
            .fill(&BTreeMap::from([(open, "6".to_owned())]), "")
            .unwrap();
        assert_eq!(draft.cells[&open].source, Source::Figure);
        assert_eq!(counted(&draft, 2026), []);
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft));
    }

    #[test]
    fn a_sentence_that_the_system_wrote_follows_its_figures_and_a_persons_stays() {
        let told = |fees: (i64, i64), tasks: (i64, i64)| Told {
            fees: Some(Fees {
                cases: fees.0,
                yuan: fees.1,
            }),
            tasks: Some(Tasks {
                all: tasks.0,
                done: tasks.1,
            }),
        };
        let mut draft = Draft::default();
        draft.retell(2026, told((0, 0), (0, 0)));
        assert_eq!(draft.texts[5], "2026年没有收取政府信息公开信息处理费。");
        draft.texts[5].push_str("\n无其他事项。");
        // The plan came later.
        draft.retell(2026, told((1, 300), (3, 1)));
        let fees = "2026年收取政府信息公开信息处理费300元，涉及申请1件。";
        let tasks = "2026年政务公开工作要点涉及任务3项，已完成1项，其余2项正在推进。";
        assert_eq!(draft.texts[5], format!("{fees}\n无其他事项。\n{tasks}"));
        let kept = Draft::from_json(&draft.to_json()).unwrap();
        assert_eq!(kept, draft);
        draft.texts[5] = "全市收取信息处理费500元。".to_owned();
        draft.retell(2026, told((2, 600), (3, 3)));
        assert_eq!(draft.texts[5], "全市收取信息处理费500元。");
        let found = &counted(&draft, 2026)[0];
        assert_eq!((&*found.expected, &*found.found), ("600", "500"));
    }

    #[test]
    fn units_are_added_to_what_the_government_has_itself() {
        let (licences, open, new) = (Cell::Two(6), Cell::Three(2, 0), Cell::Three(NEW, 0));
        let mut draft = Draft::default();
        draft.pour(BTreeMap::from([(new, figure(25)), (open, figure(9))]));
        let typed = BTreeMap::from([(licences, "40".to_owned()), (open, "8".to_owned())]);
        draft.fill(&typed, "审批局提供").unwrap();
        let sums: BTreeMap<Cell, Amount> = [(licences, 60), (open, 5), (new, 14)]
            .map(|(cell, sum)| (cell, Amount::whole(sum)))
            .into();
        let counted = BTreeMap::from([(new, Amount::whole(4))]);
        for _ in 0..2 {
            draft.take_units(&sums, &counted, "汇总");
            assert_eq!(draft.value(licences), Value::whole(100), "typed for itself");
            assert_eq!(draft.value(new), Value::whole(18), "counted for itself");
            assert_eq!(
                draft.value(open),
                Value::whole(8),
                "set as the whole: stays"
            );
        }
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft.clone()));
        // Changed by a person afterwards, the sum is the whole.
        draft
            .fill(&BTreeMap::from([(licences, "101".to_owned())]), "核对")
            .unwrap();
        draft.take_units(&sums, &counted, "汇总");
        assert_eq!(draft.value(licences), Value::whole(101));
    }

    #[test]
    fn an_imported_report_keeps_its_totals_and_its_faults() {
        let mut report = city();
        report.cells.insert(Cell::Three(SUM, 0), Value::whole(1));
        let draft = Draft::imported(&report, "年报.docx");
        let again = draft.report("安澜市", 2025);
        assert_eq!(again.cells, report.cells);
        assert_eq!(again.sections[0].paragraphs, report.sections[0].paragraphs);
        assert_eq!(check(&again, Beside::default()).len(), 3);
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft));
    }
}

//! The tables as the official form looks, for screens: each place with what it shows.

use crate::amount::Value;
use crate::annual::Annual;
use crate::check::{self, Finding};
use crate::draft::{Draft, Source};
use crate::export::EMPTY;
use crate::form::Cell;
use crate::layout::{self, Holds};

/// A place of a table on a screen.
pub(super) struct Shown {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// A label, or else a value.
    pub(super) label: Option<&'static str>,
    pub(super) code: String,
    /// The cell's path.
    pub(super) path: String,
    pub(super) text: String,
    /// Added up by the form; nobody types it.
    pub(super) added: bool,
    /// A finding names the cell, or what was typed there is no count.
    pub(super) wrong: bool,
    /// What a mark tells: 调, 变, 填, 汇; empty for what the system counted.
    pub(super) mark: &'static str,
}

/// The part with table 二.
const TABLE_TWO: usize = 1;

pub(super) struct ShownTable {
    pub(super) name: &'static str,
    pub(super) heading: &'static str,
    pub(super) part: usize,
    pub(super) rows: Vec<Vec<Shown>>,
}

impl ShownTable {
    /// What is not nought, as paths and values: for narrow screens and for ears.
    pub(super) fn filled(&self) -> Vec<(&str, &str)> {
        let spots = self
            .rows
            .iter()
            .flatten()
            .filter(|spot| spot.label.is_none());
        spots
            .filter(|spot| spot.text != "0" && !spot.text.is_empty())
            .map(|spot| (spot.path.as_str(), spot.text.as_str()))
            .collect()
    }
}

/// The values to show: what was typed where a form is shown again, else the draft's. Table 二 of the trial form is another.
pub(super) fn tables(
    annual: &Annual,
    typed: Option<&std::collections::BTreeMap<Cell, String>>,
    findings: &[Finding],
) -> Vec<ShownTable> {
    let draft = &annual.draft;
    let shown = |holds: &Holds, rows, columns| match holds {
        Holds::Label(label) => Shown {
            rows,
            columns,
            label: Some(label),
            code: String::new(),
            path: String::new(),
            text: String::new(),
            added: false,
            wrong: false,
            mark: "",
        },
        Holds::Value(cell) => {
            let own = typed.and_then(|typed| typed.get(cell)).cloned();
            let odd = own.as_deref().map(Value::read);
            let odd = odd.is_some_and(|value| check::odd(*cell, &value).is_some());
            Shown {
                rows,
                columns,
                label: None,
                code: cell.code(),
                path: cell.to_string(),
                text: own.unwrap_or_else(|| draft.value(*cell).to_string()),
                added: cell.is_total() && !draft.cells.contains_key(cell),
                wrong: odd || findings.iter().any(|finding| names(finding, *cell)),
                mark: mark(draft, *cell),
            }
        }
    };
    layout::all()
        .into_iter()
        .filter(|grid| !(annual.is_trial() && grid.part == TABLE_TWO))
        .map(|grid| ShownTable {
            name: grid.name,
            heading: grid.heading(),
            part: grid.part,
            rows: grid
                .rows
                .iter()
                .map(|row| {
                    let spots = row.iter();
                    spots
                        .map(|spot| shown(&spot.holds, spot.rows, spot.columns))
                        .collect()
                })
                .collect(),
        })
        .collect()
}

/// The cell that a finding blames; of a sum without a culprit, its total.
fn names(finding: &Finding, cell: Cell) -> bool {
    match &finding.suspect {
        Some((suspect, _)) => *suspect == cell,
        None => finding.cells.first() == Some(&cell),
    }
}

fn mark(draft: &Draft, cell: Cell) -> &'static str {
    match draft.cells.get(&cell) {
        Some(entry) => match entry.source {
            Source::Adjusted if entry.moved().is_some() => "变",
            Source::Adjusted => "调",
            Source::Hand if entry.value != Value::Blank => "填",
            Source::Units => "汇",
            Source::Figure | Source::Hand | Source::Imported => "",
        },
        None => "",
    }
}

/// The published form for the public: no marks, a stroke where nobody has written anything. Those of the trial form stand in the report's own file.
pub(super) fn public(annual: &Annual) -> Vec<ShownTable> {
    if annual.is_trial() {
        return Vec::new();
    }
    let mut tables = tables(annual, None, &[]);
    for shown in tables
        .iter_mut()
        .flat_map(|table| &mut table.rows)
        .flatten()
    {
        shown.mark = "";
        if shown.label.is_none() && shown.text.is_empty() {
            EMPTY.clone_into(&mut shown.text);
        }
    }
    tables
}

//! Figures of the prose that are bound to the tables: `{本年新收总计}` in a text stands for the number that the table says, on
//! screens, in files and before the public. The table changes, and the sentence with it.

use crate::amount::{Amount, Value};
use crate::check::prose::{Quoted, quoted, year_in};
use crate::form::{CARRY_IN, CARRY_OUT, Cell, FEES, NEW, SUM, TOTAL};

/// One name, and the cells whose sum it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    cells: Vec<Cell>,
}

/// A cell has its path for a name; these are words for totals and for sums of several cells.
fn words() -> Vec<(&'static str, Vec<Cell>)> {
    let total = |row| vec![Cell::Three(row, TOTAL)];
    let block = |rows: std::ops::Range<usize>| rows.map(|row| Cell::Three(row, TOTAL)).collect();
    vec![
        ("本年新收总计", total(NEW)),
        ("上年结转总计", total(CARRY_IN)),
        ("办理结果总计", total(SUM)),
        ("予以公开总计", total(2)),
        ("部分公开总计", total(3)),
        ("不予公开总计", block(4..12)),
        ("无法提供总计", block(12..15)),
        ("不予处理总计", block(15..20)),
        ("其他处理总计", block(20..23)),
        ("结转下年度总计", total(CARRY_OUT)),
        ("新收自然人", vec![Cell::Three(NEW, 0)]),
        (
            "新收法人或其他组织",
            (1..TOTAL).map(|at| Cell::Three(NEW, at)).collect(),
        ),
        ("行政复议总计", vec![Cell::Four(0, 4)]),
        ("行政诉讼总计", vec![Cell::Four(1, 4), Cell::Four(2, 4)]),
        ("规章制发", vec![Cell::Two(0)]),
        ("规章现行有效", vec![Cell::Two(2)]),
        ("行政规范性文件制发", vec![Cell::Two(3)]),
        ("行政规范性文件废止", vec![Cell::Two(4)]),
        ("行政规范性文件现行有效", vec![Cell::Two(5)]),
        ("行政许可", vec![Cell::Two(6)]),
        ("行政处罚", vec![Cell::Two(7)]),
        ("行政强制", vec![Cell::Two(8)]),
        ("行政事业性收费", vec![Cell::Two(FEES)]),
    ]
}

impl Named {
    /// The names that the editor offers.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let named = |(name, cells): (&str, Vec<Cell>)| Self {
            name: name.to_owned(),
            cells,
        };
        words().into_iter().map(named).collect()
    }

    /// By one of the words, or by a cell's path, such as 三.（三）3.自然人.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.trim();
        if let Some(known) = Self::all().into_iter().find(|known| known.name == name) {
            return Some(known);
        }
        let cell = Cell::all().find(|cell| cell.to_string() == name)?;
        Some(Self {
            name: name.to_owned(),
            cells: vec![cell],
        })
    }

    /// The name of a sum of cells; `None` for several cells without a word.
    fn of_cells(cells: &[Cell]) -> Option<Self> {
        if let Some(known) = Self::all().into_iter().find(|known| known.cells == cells) {
            return Some(known);
        }
        match cells {
            [cell] => Some(Self {
                name: cell.to_string(),
                cells: vec![*cell],
            }),
            _ => None,
        }
    }

    /// What the tables say; `None` where a cell holds no number.
    #[must_use]
    pub fn amount(&self, value: impl Fn(Cell) -> Value) -> Option<Amount> {
        self.cells.iter().map(|cell| value(*cell).amount()).sum()
    }

    /// As it stands in a text.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{{{}}}", self.name)
    }
}

/// A piece of a text: as written, or the name between two braces.
enum Piece<'t> {
    Written(&'t str),
    Bound(&'t str),
}

const OPENS: [char; 2] = ['{', '｛'];
const CLOSES: [char; 2] = ['}', '｝'];

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(OPENS) {
        let Some((name, after)) = behind.split_once(CLOSES) else {
            break;
        };
        pieces.push(Piece::Written(before));
        pieces.push(Piece::Bound(name));
        rest = after;
    }
    pieces.push(Piece::Written(rest));
    pieces
}

/// A text with the numbers that the tables say. A name that nobody knows, and one whose cell holds no number, stay as written.
#[must_use]
pub fn told(text: &str, value: impl Fn(Cell) -> Value) -> String {
    let mut said = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Written(text) => said.push_str(text),
            Piece::Bound(name) => match Named::of(name).and_then(|named| named.amount(&value)) {
                Some(amount) => said.push_str(&amount.to_string()),
                None => {
                    said.push('{');
                    said.push_str(name);
                    said.push('}');
                }
            },
        }
    }
    said
}

/// The names of a text that stand for nothing.
#[must_use]
pub fn unknown(text: &str) -> Vec<&str> {
    let names = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Bound(name) => Some(name),
        Piece::Written(_) => None,
    });
    names.filter(|name| Named::of(name).is_none()).collect()
}

/// Binds figures of a part's text to the tables: all that agree with them, or the one of a clause that does not. Gives the text
/// and how many were bound. A clause that is not written in plain half-width signs is left alone.
#[must_use]
pub fn bind(
    (text, part): (&str, usize),
    (year, wanted): (i16, Option<&str>),
    value: impl Fn(Cell) -> Value,
) -> (String, usize) {
    let mut bound = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut line = line.to_owned();
        for quote in quoted(&told(&line, &value), part) {
            if let Some(next) = one(&line, &quote, (year, wanted), &value) {
                line = next;
                bound += 1;
            }
        }
        lines.push(line);
    }
    (lines.join("\n"), bound)
}

fn one(
    line: &str,
    quote: &Quoted,
    (year, wanted): (i16, Option<&str>),
    value: impl Fn(Cell) -> Value,
) -> Option<String> {
    if year_in(&quote.clause).is_some_and(|named| named != i64::from(year)) {
        return None;
    }
    let named = |cells: &Vec<Cell>| Named::of_cells(cells);
    let mut names = quote.names.either.iter().filter_map(named);
    let named = match wanted {
        Some(clause) if clause == quote.clause.trim() => names.next()?,
        Some(_) => return None,
        None => names.find(|named| named.amount(&value) == Some(quote.value))?,
    };
    let at = quote.at.clone()?;
    let from = line.find(&quote.clause)?;
    let (before, behind) = (from + at.start, from + at.end);
    Some(format!(
        "{}{}{}",
        line.get(..before)?,
        named.mark(),
        line.get(behind..)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::city;

    #[test]
    fn every_word_is_one_of_its_own_and_every_cell_has_its_path() {
        let mut names: Vec<String> = Named::all().into_iter().map(|it| it.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        for cell in Cell::all() {
            assert_eq!(Named::of(&cell.to_string()).unwrap().cells, [cell]);
        }
    }

    #[test]
    fn a_text_says_what_the_tables_say() {
        let report = city();
        let value = |cell: Cell| report.cells.get(&cell).cloned().unwrap_or(Value::Blank);
        for (text, said) in [
            ("新收{本年新收总计}件。", "新收14069件。"),
            ("不予公开｛不予公开总计｝件", "不予公开730件"),
            ("国家秘密{三.（三）1.自然人}件", "国家秘密13件"),
            ("诉讼{ 行政诉讼总计 }件", "诉讼212件"),
            ("没有{别的}，也没有{完", "没有{别的}，也没有{完"),
        ] {
            assert_eq!(told(text, value), said, "{text}");
        }
        assert_eq!(unknown("{本年新收总计}{别的}"), ["别的"]);
    }

    #[test]
    fn figures_that_agree_are_bound_and_one_that_does_not_on_demand() {
        let report = city();
        let value = |cell: Cell| report.cells.get(&cell).cloned().unwrap_or(Value::Blank);
        let text = "全年新收政府信息公开申请14,069件，上年结转560件。\n其中予以公开5547件。2024年收到政府信息公开申请14069件。";
        let (all, bound) = bind((text, 2), (2025, None), value);
        assert_eq!(
            all,
            "全年新收政府信息公开申请{本年新收总计}件，上年结转{上年结转总计}件。\n其中予以公开5547件。2024年收到政府信息公开申请14069件。"
        );
        assert_eq!(bound, 2);
        assert_eq!(bind((&all, 2), (2025, None), value), (all.clone(), 0));
        let (one, bound) = bind((&all, 2), (2025, Some("其中予以公开5547件")), value);
        assert!(one.contains("其中予以公开{予以公开总计}件。"), "{one}");
        assert_eq!(bound, 1);
        assert!(told(&one, value).contains("其中予以公开5548件"));
    }
}

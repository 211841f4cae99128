//! Figures of the prose that are bound: `{本年新收总计}` in a text stands for the number that the table says, `{信息处理费}` for what
//! the system counts beside the tables; on screens, in files and before the public. The number changes, and the sentence with it.

use crate::amount::{Amount, Value};
use crate::check::prose::{Quoted, quoted, year_in};
use crate::form::{CARRY_IN, CARRY_OUT, Cell, FEES, NEW, SUM, TOTAL};
use crate::ledger::Told;

/// One name, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    of: Of,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Of {
    /// Their sum.
    Cells(Vec<Cell>),
    /// What no table has.
    Beside(Beside),
}

/// Figures that 其他需要报告的事项 tells of, from what cases and the ledger count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    FeeYuan,
    FeeCases,
    Tasks,
    TasksDone,
}

impl Beside {
    const ALL: [(&'static str, Self); 4] = [
        ("信息处理费", Self::FeeYuan),
        ("收费申请", Self::FeeCases),
        ("要点任务", Self::Tasks),
        ("要点任务已完成", Self::TasksDone),
    ];

    /// `None` where nobody counts it.
    fn amount(self, told: Told) -> Option<Amount> {
        let n = match self {
            Self::FeeYuan => told.fees?.yuan,
            Self::FeeCases => told.fees?.cases,
            Self::Tasks => told.tasks?.all,
            Self::TasksDone => told.tasks?.done,
        };
        Some(Amount::whole(n))
    }
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
            of: Of::Cells(cells),
        };
        let beside = Beside::ALL.map(|(name, beside)| Self {
            name: name.to_owned(),
            of: Of::Beside(beside),
        });
        words().into_iter().map(named).chain(beside).collect()
    }

    /// By one of the words, or by a cell's path, such as 三.（三）3.自然人.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.trim();
        if let Some(known) = Self::all().into_iter().find(|known| known.name == name) {
            return Some(known);
        }
        let cell = Cell::all().find(|cell| cell.to_string() == name)?;
        Some(Self::of_cell(cell))
    }

    fn of_cell(cell: Cell) -> Self {
        Self {
            name: cell.to_string(),
            of: Of::Cells(vec![cell]),
        }
    }

    /// The cells whose sum it is; none for what no table has.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        match &self.of {
            Of::Cells(cells) => cells,
            Of::Beside(_) => &[],
        }
    }

    /// The name of a sum of cells; `None` for several cells without a word.
    fn of_cells(cells: &[Cell]) -> Option<Self> {
        let is_it = |known: &Self| !cells.is_empty() && known.cells() == cells;
        if let Some(known) = Self::all().into_iter().find(is_it) {
            return Some(known);
        }
        match cells {
            [cell] => Some(Self::of_cell(*cell)),
            _ => None,
        }
    }

    /// What the tables say, or what was counted beside them; `None` where a cell holds no number, where all are empty, and where
    /// nobody counts.
    #[must_use]
    pub fn amount(&self, value: impl Fn(Cell) -> Value, beside: Told) -> Option<Amount> {
        match &self.of {
            Of::Cells(cells) => {
                let values: Vec<Value> = cells.iter().map(|cell| value(*cell)).collect();
                // What nobody has filled in is no nought.
                if values.iter().all(|value| *value == Value::Blank) {
                    return None;
                }
                values.iter().map(Value::amount).sum()
            }
            Of::Beside(of) => of.amount(beside),
        }
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

/// A piece of a text as people read it, and where its number comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    /// What it was bound to; `None` for what was written.
    pub named: Option<Named>,
}

/// A text with the numbers that the tables say, in pieces. A name that nobody knows, and one that has no number, stay as
/// written.
#[must_use]
pub fn in_pieces(text: &str, value: impl Fn(Cell) -> Value, beside: Told) -> Vec<Said> {
    let said = |piece| match piece {
        Piece::Written(text) => Said {
            text: text.to_owned(),
            named: None,
        },
        Piece::Bound(name) => {
            let named = Named::of(name);
            let amount = named.as_ref().and_then(|one| one.amount(&value, beside));
            match amount {
                Some(amount) => Said {
                    text: amount.to_string(),
                    named,
                },
                None => Said {
                    text: format!("{{{name}}}"),
                    named: None,
                },
            }
        }
    };
    pieces(text).into_iter().map(said).collect()
}

/// The same as one text.
#[must_use]
pub fn told(text: &str, value: impl Fn(Cell) -> Value, beside: Told) -> String {
    let said = in_pieces(text, value, beside).into_iter();
    said.map(|piece| piece.text).collect()
}

/// The names of a text that are known and have no number to stand for.
#[must_use]
pub fn empty(text: &str, value: impl Fn(Cell) -> Value, beside: Told) -> Vec<String> {
    let names = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Bound(name) => Named::of(name),
        Piece::Written(_) => None,
    });
    let bare = names.filter(|named| named.amount(&value, beside).is_none());
    bare.map(|named| named.name).collect()
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
    (value, beside): (impl Fn(Cell) -> Value, Told),
) -> (String, usize) {
    let mut bound = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut line = line.to_owned();
        for quote in quoted(&told(&line, &value, beside), part) {
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
        // Only sums of cells have been quoted: nothing beside the tables is asked for.
        None => names.find(|named| named.amount(&value, Told::default()) == Some(quote.value))?,
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
    use crate::ledger::Fees;
    use crate::sample::city;

    #[test]
    fn every_word_is_one_of_its_own_and_every_cell_has_its_path() {
        let mut names: Vec<String> = Named::all().into_iter().map(|it| it.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        for cell in Cell::all() {
            assert_eq!(Named::of(&cell.to_string()).unwrap().cells(), [cell]);
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
            assert_eq!(told(text, value, Told::default()), said, "{text}");
        }
        assert_eq!(unknown("{本年新收总计}{别的}"), ["别的"]);
    }

    #[test]
    fn what_is_counted_beside_the_tables_is_bound_too() {
        let nothing = |_: Cell| Value::Blank;
        let counted = Told {
            fees: Some(Fees {
                cases: 2,
                yuan: 600,
            }),
            tasks: None,
        };
        let text = "收取信息处理费{信息处理费}元，涉及申请{收费申请}件；要点任务{要点任务}项。";
        assert_eq!(
            told(text, nothing, counted),
            "收取信息处理费600元，涉及申请2件；要点任务{要点任务}项。"
        );
        assert_eq!(unknown(text), [""; 0]);
        assert_eq!(empty(text, nothing, counted), ["要点任务"]);
        let said = in_pieces("新收{本年新收总计}件", |_| Value::whole(0), counted);
        assert_eq!(said[1].text, "0");
        let named = said[1].named.as_ref().unwrap();
        assert_eq!(named.cells(), [Cell::Three(NEW, TOTAL)]);
        // An empty cell is no nought.
        let text = "处罚{二.行政处罚.本年处理决定数量}件";
        assert_eq!(told(text, nothing, counted), text);
        assert_eq!(
            empty(text, nothing, counted),
            ["二.行政处罚.本年处理决定数量"]
        );
    }

    #[test]
    fn figures_that_agree_are_bound_and_one_that_does_not_on_demand() {
        let report = city();
        let value = |cell: Cell| report.cells.get(&cell).cloned().unwrap_or(Value::Blank);
        let text = "全年新收政府信息公开申请14,069件，上年结转560件。\n其中予以公开5547件。2024年收到政府信息公开申请14069件。";
        let (all, bound) = bind((text, 2), (2025, None), (value, Told::default()));
        assert_eq!(
            all,
            "全年新收政府信息公开申请{本年新收总计}件，上年结转{上年结转总计}件。\n其中予以公开5547件。2024年收到政府信息公开申请14069件。"
        );
        assert_eq!(bound, 2);
        let again = bind((&all, 2), (2025, None), (value, Told::default()));
        assert_eq!(again, (all.clone(), 0));
        let clause = Some("其中予以公开5547件");
        let (one, bound) = bind((&all, 2), (2025, clause), (value, Told::default()));
        assert!(one.contains("其中予以公开{予以公开总计}件。"), "{one}");
        assert_eq!(bound, 1);
        assert!(told(&one, value, Told::default()).contains("其中予以公开5548件"));
    }
}

//! A table copied column by column, as some pages of a PDF are: each head stands alone above all the cells of its column.
//! 工作任务 / 1.… / 2.… / 责任单位 / 甲 / 乙 / 完成时限 / 6月底前 / 年底前. Where the columns have as many cells, the n-th ones belong
//! together; which is a guess, so that each row is to be checked.

use super::cells::{is_deadline, looks};
use super::columns::{HeadWord, head_word};
use super::labels::label;
use super::layout::{Grid, GridCell, Node};
use super::notice::is_date_line;
use super::number::{Level, number, only_number};
use super::problem::Account;
use super::prose::take_units;
use super::stops::{is_stop, may_head};
use super::text::{Mark, Run, is_empty, plain, trim, weight};

/// Fewest cells of a column.
const CELLS_MIN: usize = 2;
/// Fewest measures that tell such a table where they have no numbers.
const MEASURES_MIN: usize = 3;
/// Most columns.
const COLUMNS_MAX: usize = 8;
/// Most lines of one column.
const LINES_MAX: usize = 1_000;
/// Longest head, in characters.
const HEAD_MAX: usize = 12;

/// Such tables become grids; all else stays as it is.
pub(crate) fn join(nodes: Vec<Node>, account: &mut Account) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut i = 0;
    let mut headed = false;
    while i < nodes.len() {
        let found = match headed {
            true => None,
            false => columns(&nodes, i),
        };
        if let Some((columns, end)) = found
            && let Some(grid) = grid(&columns, account)
        {
            out.push(Node::Grid(grid));
            i = end;
            continue;
        }
        let Some(node) = nodes.get_mut(i).and_then(Option::take) else {
            break;
        };
        if let Node::Line(run) = &node
            && !is_empty(run)
        {
            // heads one below the other are those of a table whose rows follow
            headed = head_of(run).is_some();
        }
        out.push(node);
        i += 1;
    }
    out
}

/// One column: its head and the lines below it.
struct Apart {
    word: HeadWord,
    head: Run,
    lines: Vec<Run>,
    /// Its lines as cells, headings among them.
    cells: Vec<Cell>,
}

struct Cell {
    run: Run,
    /// 一、…, in the column of the measures.
    heading: bool,
}

/// What a line says that is nothing but a head; 做好信息公开工作 and 县直各部门 may stand in a cell as well.
fn head_of(run: &[Mark]) -> Option<HeadWord> {
    const CONTENTS: &[&str] = &[
        "任务", "措施", "举措", "内容", "事项", "要点", "要求", "项目",
    ];
    const DUTIES: &[&str] = &[
        "责任", "牵头", "配合", "落实", "承办", "主办", "协办", "负责", "实施", "承担", "主责",
        "参与",
    ];
    const UNITS: &[&str] = &["单位", "部门", "科室", "分工"];
    let run = trim(run);
    if run.is_empty() || run.len() > HEAD_MAX {
        return None;
    }
    let word = head_word(run)?;
    let text = plain(run);
    let named = match word {
        HeadWord::Units(_) => {
            DUTIES.iter().any(|w| text.starts_with(w)) || UNITS.contains(&text.as_str())
        }
        w if w.is_content() => {
            text.chars().count() <= 6 && CONTENTS.iter().any(|w| text.ends_with(w))
        }
        _ => true,
    };
    (named && word != HeadWord::Catalogue).then_some(word)
}

/// The columns that begin at `start`, and the first node behind them.
fn columns(nodes: &[Option<Node>], start: usize) -> Option<(Vec<Apart>, usize)> {
    let line = |i: usize| match nodes.get(i) {
        Some(Some(Node::Line(run))) => Some(run),
        _ => None,
    };
    head_of(line(start)?)?;
    let mut out: Vec<Apart> = Vec::new();
    let mut i = start;
    let mut end = start;
    while let Some(run) = line(i) {
        if is_empty(run) {
            i += 1;
            continue;
        }
        if let Some(word) = head_of(run) {
            let again = out.iter().any(|c| plain(&c.head) == plain(run));
            let thin = out.last().is_some_and(|c| c.lines.len() < CELLS_MIN);
            if again || thin || out.len() == COLUMNS_MAX {
                return None;
            }
            out.push(Apart {
                word,
                head: run.clone(),
                lines: Vec::new(),
                cells: Vec::new(),
            });
        } else {
            let below = (i + 1..i + 4).filter_map(line).find(|r| !is_empty(r));
            let signs = below.is_some_and(|r| is_date_line(r)) && looks(run).organs > UNITS_SHARE;
            let column = out.last_mut()?;
            let ended = is_stop(run) && !may_head(run) || signs || is_date_line(run);
            if ended || !column.takes(run) {
                break;
            }
            if label(trim(run)).is_some() {
                return None;
            }
            column.lines.push(trim(run).to_vec());
            if column.lines.len() > LINES_MAX {
                return None;
            }
        }
        i += 1;
        end = i;
    }
    let measures = out.iter().filter(|c| c.is_measure()).count();
    let paired = out.iter().any(Apart::is_paired);
    let thin = out.iter().any(|c| c.lines.len() < CELLS_MIN);
    (measures == 1 && paired && !thin).then_some((out, end))
}

/// Share of organs in a cell of units.
const UNITS_SHARE: f32 = 0.5;
/// Longest cell of a date, in characters.
const DATE_MAX: usize = 24;

impl Apart {
    fn is_measure(&self) -> bool {
        self.word.is_content() || self.word == HeadWord::Aim
    }

    fn is_paired(&self) -> bool {
        matches!(self.word, HeadWord::Units(_) | HeadWord::Deadline)
    }

    /// Whether a line may stand in this column.
    fn takes(&self, run: &[Mark]) -> bool {
        match self.word {
            HeadWord::Number => only_number(trim(run)).is_some(),
            HeadWord::Units(_) | HeadWord::Deadline => {
                let looks = looks(run);
                let long = self.word == HeadWord::Deadline && looks.weight > DATE_MAX;
                !long && !looks.only_number && looks.level.is_none() && !looks.sentence
            }
            _ => true,
        }
    }

    /// Whether most of its cells hold what its head says.
    fn is_sound(&self) -> bool {
        let says = |cell: &&Cell| match self.word {
            HeadWord::Units(_) => looks(&cell.run).organs > UNITS_SHARE,
            HeadWord::Deadline => is_deadline(&cell.run, weight(&cell.run)),
            _ => true,
        };
        let sound = self.cells.iter().filter(says).count();
        sound * 3 >= self.cells.len() * 2
    }

    fn rows(&self) -> usize {
        self.cells.iter().filter(|c| !c.heading).count()
    }
}

/// The table, its columns paired row by row. `None` where it is none.
fn grid(columns: &[Apart], account: &mut Account) -> Option<Grid> {
    let mut columns: Vec<Apart> = columns.iter().map(Apart::in_cells).collect();
    let numbers = columns
        .iter()
        .find(|c| c.word == HeadWord::Number)
        .map(Apart::rows);
    let measures = columns.iter_mut().find(|c| c.is_measure())?;
    if let Some(rows) = numbers.filter(|n| *n != measures.rows()) {
        measures.join_sentences(rows);
    }
    let own = measures.cells.iter().any(|c| take_units(&c.run).found());
    let rows = measures.rows();
    let printed = measures
        .cells
        .iter()
        .all(|c| c.heading || number(&c.run).is_some());
    let told = numbers == Some(rows) || printed || rows >= MEASURES_MIN;
    let sound = columns
        .iter()
        .filter(|c| c.is_paired() && c.is_sound())
        .count();
    if rows < CELLS_MIN || !told || sound == 0 || own {
        return None;
    }
    tell(&columns, rows, account);
    Some(paired(columns, rows))
}

impl Apart {
    fn in_cells(&self) -> Self {
        let level = |run: &Run| number(run).map(|n| n.level);
        let heads = |run: &Run| matches!(level(run), Some(Level::Section | Level::Group));
        let item = |run: &Run| level(run) == Some(Level::Item);
        let measure = self.is_measure();
        let first = self.lines.iter().find(|run| !heads(run));
        let numbered = measure && first.is_some_and(item);
        let mut cells: Vec<Cell> = Vec::new();
        for run in &self.lines {
            let heading = measure && heads(run);
            let goes_on = match cells.last() {
                None => false,
                Some(last) if heading || last.heading => false,
                Some(_) if numbered => !item(run),
                Some(last) => {
                    let open = last.run.last();
                    self.word != HeadWord::Number
                        && open.is_some_and(|m| matches!(m.fold, ',' | '、'))
                }
            };
            match cells.last_mut().filter(|_| goes_on) {
                Some(last) => last.run.extend_from_slice(run),
                None => cells.push(Cell {
                    run: run.clone(),
                    heading,
                }),
            }
        }
        Self {
            word: self.word,
            head: self.head.clone(),
            lines: Vec::new(),
            cells,
        }
    }

    /// Lines of one sentence each become one cell, where there are as many sentences as rows.
    fn join_sentences(&mut self, rows: usize) {
        let ended = |cell: &Cell| {
            cell.run
                .last()
                .is_some_and(|m| matches!(m.fold, '。' | ';'))
        };
        let sentences = self.cells.iter().filter(|c| !c.heading && ended(c)).count();
        if sentences != rows || self.rows() < rows {
            return;
        }
        let mut out: Vec<Cell> = Vec::new();
        for cell in std::mem::take(&mut self.cells) {
            match out.last_mut() {
                Some(last) if !(last.heading || cell.heading || ended(last)) => {
                    last.run.extend(cell.run);
                }
                _ => out.push(cell),
            }
        }
        self.cells = out;
    }
}

/// Which columns were paired, and which ones have another count of cells.
fn tell(columns: &[Apart], rows: usize, account: &mut Account) {
    let (paired, apart): (Vec<&Apart>, Vec<&Apart>) = columns
        .iter()
        .filter(|c| !c.is_measure() && c.word != HeadWord::Number)
        .partition(|c| c.rows() == rows);
    if let Some(first) = paired.first() {
        let message = "表格是逐栏抄下来的，各栏条数相同，已按先后一一对应，请对照原件";
        account.problem_at("columns-apart", message, account.place(&first.head));
    }
    for column in apart {
        let message = format!(
            "表格是逐栏抄下来的，任务有 {rows} 项，“{}”一栏有 {} 条，无法对应，没有列入任务，请对照原件补上",
            plain(&column.head),
            column.rows()
        );
        let run: Run = column.cells.iter().flat_map(|c| &c.run).copied().collect();
        account.problem("columns-uneven", message, &run);
    }
}

fn paired(columns: Vec<Apart>, rows: usize) -> Grid {
    let width = columns.len();
    let cell = |run: Run, column: usize, column_span: usize, doubtful: bool| GridCell {
        run,
        column,
        row_span: 1,
        column_span,
        doubtful,
    };
    let head = columns.iter().enumerate();
    let mut out = vec![
        head.map(|(i, c)| cell(c.head.clone(), i, 1, false))
            .collect(),
    ];
    // the cells of each column, those of columns with another count left out
    let mut cells: Vec<std::vec::IntoIter<Cell>> = Vec::with_capacity(width);
    let mut measure = 0;
    for (i, column) in columns.into_iter().enumerate() {
        if column.is_measure() {
            measure = i;
        }
        let kept = column.rows() == rows;
        let own = if kept { column.cells } else { Vec::new() };
        cells.push(own.into_iter());
    }
    while let Some(own) = cells.get_mut(measure).and_then(Iterator::next) {
        if own.heading {
            out.push(vec![cell(own.run, 0, width, false)]);
            continue;
        }
        let mut row = Vec::with_capacity(width);
        for (i, column) in cells.iter_mut().enumerate() {
            let run = match i == measure {
                true => own.run.clone(),
                false => column.next().map(|c| c.run).unwrap_or_default(),
            };
            row.push(cell(run, i, 1, true));
        }
        out.push(row);
    }
    Grid { rows: out, width }
}

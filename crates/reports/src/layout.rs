//! The three tables as the official form lays them out: heads with their spans, and places for values.

use crate::form::{
    APPLICANTS, CARRY_OUT, Cell, DISCLOSED, OUTCOMES, REMEDIES, ROWS, SECTIONS, SUM, TABLE3_CORNER,
};

/// What stands in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// A head or label.
    Label(&'static str),
    Value(Cell),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub holds: Holds,
    pub rows: usize,
    pub columns: usize,
}

impl Spot {
    /// The label, where it is one.
    #[must_use]
    pub fn label(&self) -> Option<&'static str> {
        match self.holds {
            Holds::Label(text) => Some(text),
            Holds::Value(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// 表二, 表三, 表四
    pub name: &'static str,
    /// Its part: a place in [`SECTIONS`].
    pub part: usize,
    /// Widths in parts of the whole.
    pub widths: Vec<u32>,
    /// Rows of heads at the top.
    pub heads: usize,
    pub rows: Vec<Vec<Spot>>,
}

impl Grid {
    /// 二、主动公开政府信息情况
    #[must_use]
    pub fn heading(&self) -> &'static str {
        SECTIONS.get(self.part).copied().unwrap_or("")
    }
}

fn label(text: &'static str, rows: usize, columns: usize) -> Spot {
    Spot {
        holds: Holds::Label(text),
        rows,
        columns,
    }
}

fn value(cell: Cell, columns: usize) -> Spot {
    Spot {
        holds: Holds::Value(cell),
        rows: 1,
        columns,
    }
}

/// The tables of parts 二, 三 and 四.
#[must_use]
pub fn all() -> [Grid; 3] {
    [two(), three(), four()]
}

fn two() -> Grid {
    let mut rows: Vec<Vec<Spot>> = Vec::new();
    let mut article = "";
    for (at, it) in DISCLOSED.iter().enumerate() {
        let three = it.article == DISCLOSED.first().map_or("", |first| first.article);
        if it.article != article {
            article = it.article;
            rows.push(vec![label(article, 1, 4)]);
            let mut heads = vec![label("信息内容", 1, 1)];
            if three {
                heads.extend(DISCLOSED.iter().take(3).map(|it| label(it.column, 1, 1)));
            } else {
                heads.push(label(it.column, 1, 3));
            }
            rows.push(heads);
        }
        match (three, at % 3) {
            (true, 0) => {
                let mut row = vec![label(it.row, 1, 1)];
                row.extend((at..at + 3).map(|at| value(Cell::Two(at), 1)));
                rows.push(row);
            }
            (true, _) => {}
            (false, _) => rows.push(vec![label(it.row, 1, 1), value(Cell::Two(at), 3)]),
        }
    }
    Grid {
        name: "表二",
        part: 1,
        widths: vec![39, 39, 39, 39],
        heads: 0,
        rows,
    }
}

fn three() -> Grid {
    let mut rows = vec![
        vec![label(TABLE3_CORNER, 3, 3), label("申请人情况", 1, 7)],
        vec![
            label("自然人", 2, 1),
            label("法人或其他组织", 1, 5),
            label("总计", 2, 1),
        ],
        APPLICANTS
            .iter()
            .skip(1)
            .take(5)
            .map(|(_, name)| label(name, 1, 1))
            .collect(),
    ];
    let mut block = "";
    for (at, it) in ROWS.iter().enumerate() {
        let mut row = Vec::new();
        if at == 2 {
            row.push(label("三、本年度办理结果", SUM - 1, 1));
        }
        if at < 2 || at == CARRY_OUT {
            row.push(label(it.label, 1, 3));
        } else if it.block.is_empty() {
            row.push(label(it.label, 1, 2));
        } else {
            if it.block != block {
                let size = ROWS.iter().filter(|other| other.block == it.block).count();
                row.push(label(it.block, size, 1));
            }
            row.push(label(it.label, 1, 1));
        }
        block = it.block;
        row.extend((0..APPLICANTS.len()).map(|column| value(Cell::Three(at, column), 1)));
        rows.push(row);
    }
    Grid {
        name: "表三",
        part: 2,
        widths: vec![11, 15, 46, 12, 12, 12, 12, 12, 12, 12],
        heads: 3,
        rows,
    }
}

fn four() -> Grid {
    let heads = || OUTCOMES.iter().map(|(_, name)| label(name, 1, 1));
    let [review, direct, after] = REMEDIES.map(|it| it.1);
    Grid {
        name: "表四",
        part: 3,
        widths: vec![10; 15],
        heads: 3,
        rows: vec![
            vec![label(review, 2, 5), label("行政诉讼", 1, 10)],
            vec![label(direct, 1, 5), label(after, 1, 5)],
            heads().chain(heads()).chain(heads()).collect(),
            (0..15)
                .map(|n| value(Cell::Four(n / 5, n % 5), 1))
                .collect(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::{Holds, all};
    use crate::form::Cell;

    #[test]
    fn every_cell_has_its_place_and_every_row_its_width() {
        let mut cells = Vec::new();
        for grid in all() {
            let (wide, high) = (grid.widths.len(), grid.rows.len());
            let mut taken = vec![vec![false; wide]; high];
            for (top, row) in grid.rows.iter().enumerate() {
                for spot in row {
                    let left = taken[top].iter().position(|taken| !taken).unwrap();
                    for line in &mut taken[top..top + spot.rows] {
                        for place in &mut line[left..left + spot.columns] {
                            assert!(!*place, "{}: {spot:?} lies over another", grid.name);
                            *place = true;
                        }
                    }
                    if let Holds::Value(cell) = spot.holds {
                        cells.push(cell);
                    }
                }
            }
            assert!(
                taken.iter().flatten().all(|taken| *taken),
                "{} has a hole",
                grid.name
            );
        }
        let all: Vec<Cell> = Cell::all().collect();
        assert_eq!(cells, all);
    }
}

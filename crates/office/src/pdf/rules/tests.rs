use super::*;

fn rule(at: f64, from: f64, to: f64) -> Rule {
    Rule { at, from, to }
}

fn cells(horizontal: &[Rule], vertical: &[Rule]) -> Vec<Vec<(usize, usize, usize, usize)>> {
    let (grids, too_many) = grids(horizontal.to_vec(), vertical.to_vec(), 10_000);
    assert!(!too_many);
    let one = |grid: &Grid| {
        grid.cells
            .iter()
            .map(|c| (c.row, c.column, c.rows, c.columns))
            .collect()
    };
    grids.iter().map(one).collect()
}

#[test]
fn merged_cells_lack_the_lines_between() {
    let horizontal = [
        rule(0.0, 0.0, 300.0),
        rule(50.0, 0.0, 300.0),
        rule(100.0, 100.0, 300.0),
        rule(150.0, 0.0, 300.0),
    ];
    let vertical = [
        rule(0.0, 0.0, 150.0),
        rule(100.0, 50.0, 150.0),
        rule(200.0, 50.0, 150.0),
        rule(300.0, 0.0, 150.0),
    ];
    let want = [
        (0, 0, 1, 3),
        (1, 0, 2, 1),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
        (2, 1, 1, 1),
        (2, 2, 1, 1),
    ];
    assert_eq!(cells(&horizontal, &vertical), [want]);
}

#[test]
fn borders_drawn_cell_by_cell_are_one_line() {
    let mut horizontal = Vec::new();
    let mut vertical = Vec::new();
    for column in 0..3 {
        for row in 0..2 {
            let (x, y) = (f64::from(column) * 100.0, f64::from(row) * 30.0);
            horizontal.extend([
                rule(y + 0.3, x + 1.0, x + 99.0),
                rule(y + 29.7, x + 1.0, x + 99.0),
            ]);
            vertical.extend([
                rule(x + 0.3, y + 1.0, y + 29.0),
                rule(x + 99.7, y + 1.0, y + 29.0),
            ]);
        }
    }
    assert_eq!(
        cells(&horizontal, &vertical)
            .iter()
            .map(Vec::len)
            .collect::<Vec<_>>(),
        [6]
    );
}

#[test]
fn open_sides_are_closed_where_the_lines_reach() {
    let horizontal = [
        rule(0.0, 0.0, 300.0),
        rule(50.0, 0.0, 300.0),
        rule(100.0, 0.0, 300.0),
    ];
    let vertical = [rule(100.0, 0.0, 100.0), rule(200.0, 0.0, 100.0)];
    assert_eq!(
        cells(&horizontal, &vertical)
            .iter()
            .map(Vec::len)
            .collect::<Vec<_>>(),
        [6]
    );
}

#[test]
fn boxes_underlines_and_drawings_are_no_tables() {
    let frame = [rule(0.0, 0.0, 300.0), rule(100.0, 0.0, 300.0)];
    assert!(cells(&frame, &[rule(0.0, 0.0, 100.0), rule(300.0, 0.0, 100.0)]).is_empty());
    assert!(cells(&frame, &[]).is_empty());
    let many: Vec<Rule> = (0..3_000)
        .map(|n| rule(f64::from(n) * 5.0, 0.0, 20_000.0))
        .collect();
    assert!(grids(many.clone(), many, 1_000).1);
}

#[test]
fn a_region_that_is_no_rectangle_is_cut_and_doubted() {
    let horizontal = [
        rule(0.0, 0.0, 200.0),
        rule(50.0, 100.0, 200.0),
        rule(100.0, 0.0, 200.0),
    ];
    let vertical = [
        rule(0.0, 0.0, 100.0),
        rule(100.0, 0.0, 50.0),
        rule(200.0, 0.0, 100.0),
    ];
    let (grids, _) = grids(horizontal.to_vec(), vertical.to_vec(), 100);
    let got: Vec<_> = grids[0]
        .cells
        .iter()
        .map(|c| (c.row, c.column, c.rows, c.columns, c.doubtful))
        .collect();
    assert_eq!(
        got,
        [(0, 0, 1, 1, true), (0, 1, 1, 1, false), (1, 0, 1, 2, true)]
    );
    assert_eq!(
        (grids[0].at(150.0, 75.0), grids[0].at(-1.0, 0.0)),
        (Some(2), None)
    );
}

use super::super::ink::Layer;
use super::*;

const HEIGHT: f64 = 800.0;

/// Characters of ten points, one em wide.
fn set(text: &str, left: f64, y: f64) -> Vec<Glyph> {
    let glyph = |(x, c): (f64, char)| Glyph {
        c,
        left: x,
        right: x + 10.0,
        y,
        size: 10.0,
        layer: Layer::Body,
        seen: true,
    };
    let places = (0..).map(|i| left + 10.0 * f64::from(i));
    places.zip(text.chars()).map(glyph).collect()
}

/// A page from pieces `text@left,y`.
fn page(pieces: &[(&str, f64, f64)]) -> Vec<Glyph> {
    let glyphs = pieces.iter().flat_map(|(text, x, y)| set(text, *x, *y));
    glyphs.collect()
}

/// The texts of the cells, row by row.
fn texts(grid: &Grid, glyphs: &[Glyph]) -> Vec<String> {
    let mut rows = vec![vec![String::new(); grid.xs.len() - 1]; grid.ys.len() - 1];
    for glyph in glyphs {
        let (x, y) = glyph.middle();
        let cell = grid.at(x, y).and_then(|i| grid.cells.get(i));
        let slot = cell.and_then(|c| rows.get_mut(c.row)?.get_mut(c.column));
        if let Some(text) = slot {
            text.push(glyph.c);
        }
    }
    rows.iter().map(|row| row.join("|")).collect()
}

#[track_caller]
fn check(glyphs: &[Glyph], want: &[&str]) {
    let grids = grids(glyphs, HEIGHT, &mut Carried::default());
    let got: Vec<String> = grids.iter().flat_map(|grid| texts(grid, glyphs)).collect();
    assert_eq!(got, want);
    assert!(grids.iter().flat_map(|g| &g.cells).all(|c| c.doubtful));
}

const HEAD: [(&str, f64, f64); 4] = [
    ("序号", 95.0, 100.0),
    ("工作任务", 160.0, 100.0),
    ("责任单位", 272.0, 100.0),
    ("完成时限", 360.0, 100.0),
];

#[test]
fn rows_begin_at_their_numbers() {
    let mut pieces = vec![(
        "安澜市任务分解表的长长的一行标题在这里写满一整行",
        60.0,
        80.0,
    )];
    pieces.extend(HEAD);
    pieces.extend([
        ("1", 100.0, 115.0),
        ("公布规划纲要实施情", 130.0, 115.0),
        ("市发改委、市", 240.0, 115.0),
        ("年底前", 350.0, 115.0),
        ("况", 130.0, 130.0),
        ("财政局", 240.0, 130.0),
        ("2", 100.0, 145.0),
        ("公开预决算", 130.0, 145.0),
        ("市财政局", 240.0, 145.0),
        ("二、结果公开里的一个较长的标题", 90.0, 160.0),
        ("3", 100.0, 175.0),
        ("公开民生实事", 130.0, 175.0),
        ("市民政局", 240.0, 175.0),
        ("长期", 350.0, 175.0),
        (
            "以上各项任务请各单位认真抓好落实并按时报送进展",
            60.0,
            205.0,
        ),
    ]);
    check(
        &page(&pieces),
        &[
            "序号|工作任务|责任单位|完成时限",
            "1|公布规划纲要实施情况|市发改委、市财政局|年底前",
            "2|公开预决算|市财政局|",
            "二、结果公开里的一个较长的标题|||",
            "3|公开民生实事|市民政局|长期",
        ],
    );
}

#[test]
fn rows_lie_around_numbers_in_the_middle() {
    let mut pieces = HEAD.to_vec();
    pieces.extend([
        ("公布规划纲要实施情", 130.0, 115.0),
        ("1", 100.0, 122.5),
        ("市发改委", 240.0, 122.5),
        ("年底前", 350.0, 122.5),
        ("况", 130.0, 130.0),
        ("公开预决算和三公经", 130.0, 145.0),
        ("2", 100.0, 160.0),
        ("费以及项目资金分配", 130.0, 160.0),
        ("市财政局", 240.0, 160.0),
        ("长期", 350.0, 160.0),
        ("使用的情况", 130.0, 175.0),
    ]);
    check(
        &page(&pieces),
        &[
            "序号|工作任务|责任单位|完成时限",
            "1|公布规划纲要实施情况|市发改委|年底前",
            "2|公开预决算和三公经费以及项目资金分配使用的情况|市财政局|长期",
        ],
    );
}

#[test]
fn rows_without_numbers_begin_where_the_text_before_ended() {
    check(
        &page(&[
            ("工作任务", 130.0, 100.0),
            ("责任单位", 250.0, 100.0),
            ("完成时限", 340.0, 100.0),
            ("公布规划纲要实施情", 100.0, 115.0),
            ("市发改委", 240.0, 115.0),
            ("年底前", 340.0, 115.0),
            ("况", 100.0, 130.0),
            ("公开预决算", 100.0, 145.0),
            ("市财政局", 240.0, 145.0),
            ("长期", 340.0, 145.0),
        ]),
        &[
            "工作任务|责任单位|完成时限",
            "公布规划纲要实施情况|市发改委|年底前",
            "公开预决算|市财政局|长期",
        ],
    );
}

#[test]
fn a_table_goes_on_at_the_head_of_the_next_page() {
    let mut pieces = HEAD.to_vec();
    for (i, number) in ["1", "2", "3"].into_iter().enumerate() {
        let y = 115.0 + 15.0 * i as f64;
        pieces.extend([
            (number, 100.0, y),
            ("公布规划纲要", 130.0, y),
            ("市发改委", 240.0, y),
            ("年底前", 350.0, y),
        ]);
    }
    let first = page(&pieces);
    let second = page(&[
        ("实施情况", 130.0, 90.0),
        ("4", 100.0, 105.0),
        ("公开预决算", 130.0, 105.0),
        ("市财政局", 240.0, 105.0),
        ("2", 300.0, 780.0),
    ]);
    let mut carried = Carried::default();
    let before = grids(&first, HEIGHT, &mut carried);
    let after = grids(&second, HEIGHT, &mut carried);
    let rest: Vec<String> = after.iter().flat_map(|g| texts(g, &second)).collect();
    assert_eq!(rest, ["|实施情况||", "4|公开预决算|市财政局|"]);
    let sides = |grids: &[Grid]| grids.iter().map(|g| g.xs.clone()).next();
    assert_eq!(sides(&before), sides(&after));
}

#[test]
fn running_text_and_two_columns_of_text_are_no_tables() {
    check(
        &page(&[
            ("为做好政务公开工作", 100.0, 100.0),
            ("制定本方案", 100.0, 115.0),
            ("左栏的文字", 100.0, 130.0),
            ("右栏的文字", 300.0, 130.0),
            ("左栏的文字", 100.0, 145.0),
            ("右栏的文字", 300.0, 145.0),
            ("左栏的文字", 100.0, 160.0),
            ("右栏的文字", 300.0, 160.0),
            ("甲", 100.0, 200.0),
            ("乙", 200.0, 200.0),
            ("丙", 300.0, 200.0),
            ("一行接着写满整个版面宽度的文字一行接着写", 100.0, 215.0),
        ]),
        &[],
    );
}

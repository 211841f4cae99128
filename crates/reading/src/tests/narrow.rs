//! Tables taken from a PDF without its layout: a cell or a part of one on each line.

use super::*;

const TITLE: &str = "安澜县2024年政务公开工作要点分工";

/// The tasks of the lines below these heads.
fn tasks(heads: &[&str], lines: &str) -> Vec<String> {
    let text = format!("{TITLE}\n{}\n{lines}", heads.join("\n"));
    let plan = read(&document(&text));
    assert_eq!(plan.coverage.dropped, 0);
    brief(&plan)
}

const HEADS: [&str; 4] = ["序号", "工作任务", "责任单位", "完成时限"];
const ROWS: &str = "1\n加强政务公开标准化规\n范化建设。\n县政府办\n年底前\n2\n公开年度预算、决算，\n及时更新目录\n县财政局、县教育\n局\n6月底前\n3\n做好政策解读工作。\n县司法局\n全年\n";

#[test]
fn cells_that_narrow_columns_broke_are_whole_again() {
    let want = [
        "1|-|-|加强政务公开标准化规范化建设。|责县政府办|2024-12-31",
        "2|-|-|公开年度预算、决算，及时更新目录|责县财政局 责县教育局|2024-06-30",
        "3|-|-|做好政策解读工作。|责县司法局|全年",
    ];
    assert_eq!(tasks(&HEADS, ROWS), want);
    assert_eq!(
        tasks(&HEADS, &ROWS.replace('\n', "\n\n")),
        want,
        "blank lines"
    );
    assert_eq!(
        tasks(&["序号 工作任务 责任单位 完成时限"], ROWS),
        want,
        "its head on a line"
    );
}

#[test]
fn rows_without_numbers_end_with_their_times_and_are_to_be_checked() {
    let rows = "加强政务公开标准化规\n范化建设。\n县政府办\n年底前\n公开年度预算、决算，\n及时更新目录\n县财政局、县教育\n局\n2024年\n6月底前\n做好政策解读工作。\n县司法局\n全年\n";
    assert_eq!(
        tasks(&HEADS[1..], rows),
        [
            "-|-|-|加强政务公开标准化规范化建设。|责县政府办|2024-12-31?",
            "-|-|-|公开年度预算、决算，及时更新目录|责县财政局 责县教育局|2024-06-30?",
            "-|-|-|做好政策解读工作。|责县司法局|全年",
        ]
    );
}

#[test]
fn two_lists_of_units_on_more_lines_than_two_are_to_be_checked() {
    let heads = ["序号", "工作任务", "牵头单位", "配合单位", "完成时限"];
    let rows = "1\n加强政务公开标准化规\n范化建设。\n县政府办\n县司法局、各乡\n镇\n年底前\n2\n公开年度预算、决算，\n及时更新目录\n县财政局\n县教育局\n6月底前\n";
    assert_eq!(
        tasks(&heads, rows),
        [
            "1|-|-|加强政务公开标准化规范化建设。|牵县政府办 配县司法局 配各乡镇|2024-12-31?",
            "2|-|-|公开年度预算、决算，及时更新目录|牵县财政局 配县教育局|2024-06-30",
        ]
    );
}

#[test]
fn units_behind_all_measures_go_to_them_in_turn_and_are_to_be_checked() {
    let texts = "1\n加强政务公开标准化规\n范化建设。\n2\n公开年度预算、决算，\n及时更新目录\n3\n做好政策解读工作。\n";
    let units = "县政府办\n县财政局、县教育\n局\n县司法局\n";
    assert_eq!(
        tasks(&HEADS[..3], &format!("{texts}{units}")),
        [
            "1|-|-|加强政务公开标准化规范化建设。|责县政府办|?",
            "2|-|-|公开年度预算、决算，及时更新目录|责县财政局 责县教育局|?",
            "3|-|-|做好政策解读工作。|责县司法局|?",
        ]
    );
    assert_eq!(
        tasks(&HEADS, &format!("{texts}{units}年底前\n6月底前\n全年\n"))[1],
        "2|-|-|公开年度预算、决算，及时更新目录|责县财政局 责县教育局|2024-06-30?"
    );
    // fewer lists than measures: nobody knows whose they are
    let short = tasks(&HEADS[..3], &format!("{texts}县政府办\n县司法局\n"));
    assert_eq!(
        short,
        [
            "1|-|-|加强政务公开标准化规范化建设。||?",
            "2|-|-|公开年度预算、决算，及时更新目录||?",
            "3|-|-|做好政策解读工作。|责县政府办 责县司法局|?",
        ]
    );
}

#[test]
fn numbers_of_pages_are_no_numbers_of_rows() {
    let pages = [
        "安澜县2024年政务公开工作要点分工\n序号\n工作任务\n责任单位\n完成时限\n1\n加强政务公开。\n县政府办\n年底前\n1",
        "2\n公开年度预算。\n县财政局\n6月底前\n2",
        "3\n做好政策解读工作。\n县司法局\n全年\n3",
    ];
    let blocks = pages.iter().zip(1..).flat_map(|(text, page)| {
        text.lines().map(move |line| {
            Block::Paragraph(Paragraph {
                text: line.to_owned(),
                heading: None,
                place: Place {
                    page: Some(page),
                    ..Place::default()
                },
            })
        })
    });
    let plan = read(&of_blocks(blocks.collect()));
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|加强政务公开。|责县政府办|2024-12-31",
            "2|-|-|公开年度预算。|责县财政局|2024-06-30",
            "3|-|-|做好政策解读工作。|责县司法局|全年",
        ]
    );
    let told = plan
        .problems
        .iter()
        .find(|p| p.code == "page-number-dropped");
    assert!(
        told.is_some_and(|p| p.message.contains("等 3 处")),
        "{:?}",
        plan.problems
    );
    assert!(plan.problems.iter().all(|p| p.code != "left-out"));
}

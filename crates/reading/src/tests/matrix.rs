//! Tables whose columns are the units, and papers copied with the numbers of their pages.

use super::*;

#[test]
fn ticks_below_the_names_of_units() {
    let plan = check(
        "安澜市2026年政务公开任务分工表\n序号\t工作任务\t市府办\t市财政局\t市教育局\t完成时限\n1\t公布规划纲要实施情况\t√\t\t\t6月底前\n2\t公开预决算\t\t√\t√\t9月底前\n3\t公开招生入学信息\t\t\t√\t8月底前\n",
        &[
            "1|-|-|公布规划纲要实施情况|责市府办|2026-06-30",
            "2|-|-|公开预决算|责市财政局 责市教育局|2026-09-30",
            "3|-|-|公开招生入学信息|责市教育局|2026-08-31",
        ],
    );
    assert!(codes(&plan).contains(&"matrix-table"));
}

#[test]
fn roles_below_the_names_of_units() {
    check(
        "安澜市2026年政务公开任务分工表\n| 序号 | 工作任务 | 市府办 | 市财政局 | 各县（市、区）政府 |\n| --- | --- | --- | --- | --- |\n| 1 | 公布规划纲要 | 牵头 | 配合 | |\n| 2 | 公开预决算 | | 牵头 | 配合 |\n| 3 | 公开机构职能 | 牵头 | | |\n",
        &[
            "1|-|-|公布规划纲要|牵市府办 配市财政局|",
            "2|-|-|公开预决算|牵市财政局 配各县（市、区）政府|",
            "3|-|-|公开机构职能|牵市府办|",
        ],
    );
}

#[test]
fn several_units_by_one_name_have_a_column_too_and_totals_are_no_measure() {
    check(
        "安澜市2026年政务公开任务分工表\n说明：▲为牵头单位，√为责任单位\n序号\t工作任务\t市财政局\t市行政执法部门\t市直各单位\n1\t公布行政处罚结果\t▲\t√\t\n2\t公开预决算\t▲\t\t√\n合计\t\t2\t1\t1\n",
        &[
            "1|-|-|公布行政处罚结果|牵市财政局 责市行政执法部门|",
            "2|-|-|公开预决算|牵市财政局 责市直各单位|",
        ],
    );
}

fn of_units(legend: &str) -> Document {
    of_blocks(vec![table(&[
        &[
            (0, 2, 1, "序号"),
            (1, 2, 1, "重点任务"),
            (2, 1, 3, legend),
            (5, 2, 1, "完成时限"),
        ],
        &[
            (2, 1, 1, "市府办"),
            (3, 1, 1, "市财政局"),
            (4, 1, 1, "市教育局"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "公布规划纲要"),
            (2, 1, 1, "▲"),
            (3, 1, 1, "●"),
            (4, 1, 1, ""),
            (5, 1, 1, "2026年6月底前"),
        ],
        &[(0, 1, 6, "二、结果公开")],
        &[
            (0, 1, 1, "2"),
            (1, 1, 1, "公开预决算"),
            (2, 1, 1, ""),
            (3, 1, 1, "▲"),
            (4, 1, 1, "●"),
            (5, 1, 1, "2026年9月底前"),
        ],
        &[
            (0, 1, 1, "3"),
            (1, 1, 1, "公开民生实事"),
            (2, 1, 1, ""),
            (3, 1, 1, ""),
            (4, 1, 1, ""),
            (5, 1, 1, "长期坚持"),
        ],
    ])])
}

#[test]
fn signs_whose_meaning_the_head_tells() {
    let plan = read(&of_units("责任单位（▲牵头，●配合）"));
    let tasks = brief(&plan);
    assert_eq!(
        tasks.get(..2),
        Some(
            &[
                "1|-|-|公布规划纲要|牵市府办 配市财政局|2026-06-30".to_owned(),
                "2|二、结果公开|-|公开预决算|牵市财政局 配市教育局|2026-09-30".to_owned(),
            ][..]
        ),
        "{:#?}",
        plan.problems
    );
    // a row without a tick is not quietly given the units of the row above
    assert!(tasks.last().is_some_and(|t| t.ends_with('?')), "{tasks:?}");
    assert_eq!(plan.coverage.dropped, 0);
}

#[test]
fn signs_that_nobody_explains_are_to_be_checked() {
    let plan = read(&of_units("责任单位"));
    assert!(plan.tasks.iter().all(|t| t.confidence == Confidence::Check));
    let told = plan.problems.iter().find(|p| p.code == "matrix-table");
    assert!(told.is_some_and(|p| p.message.contains("没有都写明含义")));
}

#[test]
fn numbers_of_pages_between_the_lines_are_no_text() {
    let plan = check(
        "安澜市2026年政务公开工作要点\n一、公开规划\n1.公布规划纲要，每年公布一次实施情况。（市发改委负责）\n— 1 —\n2.公开预决算，接受群众\n第 2 页 共 3 页\n监督。（市财政局负责）\n- 3 -\n3.公开招生信息。（市教育局负责）\n",
        &[
            "1|一、公开规划|-|公布规划纲要，每年公布一次实施情况。|责市发改委|2026-12-31",
            "2|一、公开规划|-|公开预决算，接受群众监督。|责市财政局|",
            "3|一、公开规划|-|公开招生信息。|责市教育局|",
        ],
    );
    assert!(codes(&plan).contains(&"page-number-dropped"));
}

#[test]
fn columns_parted_by_wide_gaps() {
    check(
        "安澜市2026年政务公开任务分解表\n序号  类别      工作任务              责任单位            完成时限\n1    决策公开  公开常务会议议定事项    市府办              长期坚持\n2    决策公开  征集重大决策意见        市司法局、市发改委  2026年6月底前\n3    结果公开  公开民生实事完成情况    市民政局            2026年12月底前\n",
        &[
            "1|-|决策公开|公开常务会议议定事项|责市府办|长期坚持",
            "2|-|决策公开|征集重大决策意见|责市司法局 责市发改委|2026-06-30",
            "3|-|结果公开|公开民生实事完成情况|责市民政局|2026-12-31",
        ],
    );
}

#[test]
fn a_heading_joined_with_the_measure_in_the_head_stands_behind_the_number() {
    check(
        "安澜市2026年政务公开任务分解表\n序号\t类别及工作任务\t责任单位\n1\t决策公开\t公开常务会议议定事项\t市府办\n2\t决策公开\t征集重大决策意见\t市司法局\n3\t结果公开\t公开民生实事完成情况\t市民政局\n",
        &[
            "1|-|决策公开|公开常务会议议定事项|责市府办|",
            "2|-|决策公开|征集重大决策意见|责市司法局|",
            "3|-|结果公开|公开民生实事完成情况|责市民政局|",
        ],
    );
}

#[test]
fn a_row_that_breaks_off_is_not_sure_of_its_units() {
    check(
        "工作任务 | 具体要求 | 责任部门 |\n一、做好解读。 | 1.编制解读方案。 | 办公室 |\n2.综合运用多种形式解读。 | 各科室 | |\n3.提前做好政策发布前的解读，助力政策\n",
        &[
            "1|一、做好解读。|-|编制解读方案。|责办公室|",
            "2|一、做好解读。|-|综合运用多种形式解读。|责各科室|",
            "3|一、做好解读。|-|提前做好政策发布前的解读，助力政策|责各科室|?",
        ],
    );
}

#[test]
fn a_heading_above_the_measures_is_not_the_title() {
    let plan = read(&document(
        "名 称：安河街道2026年政务公开工作方案\n发布机构：安河街道办事处\n发布日期：2026-06-19\n为做好政务公开，制定本方案。\n主要任务\n1.公布目录。（党政办负责）\n2.公布指南。（党政办负责）\n",
    ));
    assert_eq!(
        plan.title.as_deref(),
        Some("安河街道2026年政务公开工作方案")
    );
}

#[test]
fn blanks_that_recognition_left_inside_numbers_and_names() {
    check(
        "安澜市2026年政务公开工作要点\n一 、公开规划\n1.公布规划纲要。（市政府 有关部门、各镇 人民政府负责）\n四 、夯实基础\n2.公布目录。（各县 (市、区)人民政府负责）\n",
        &[
            "1|一、公开规划|-|公布规划纲要。|责市政府有关部门 责各镇人民政府|",
            "2|四、夯实基础|-|公布目录。|责各县(市、区)人民政府|",
        ],
    );
}

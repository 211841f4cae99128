//! Forms in which towns, streets and bureaus write their plans, and in which pages and PDFs tear them.

use super::*;

fn problem<'a>(plan: &'a Plan, code: &str) -> Option<&'a Problem> {
    plan.problems.iter().find(|p| p.code == code)
}

#[test]
fn a_category_that_is_also_the_foot_of_a_page_does_not_end_the_plan() {
    for category in ["政策解读", "相关解读", "图解", "附件", "打印", "关闭"] {
        let plan = check(
            &format!(
                "2026年安澜县政务公开任务分解表\n主动公开\n1.公开行政许可事项。（责任单位：县政府办）\n{category}\n2.同步解读政策文件。（责任单位：县司法局）\n平台建设\n3.规范网站栏目。（责任单位：县融媒体中心）\n"
            ),
            &[
                "1|-|主动公开|公开行政许可事项。|责县政府办|",
                &format!("2|-|{category}|同步解读政策文件。|责县司法局|"),
                "3|-|平台建设|规范网站栏目。|责县融媒体中心|",
            ],
        );
        assert!(problem(&plan, "after-plan").is_none());
    }
}

#[test]
fn a_category_alone_in_its_cell_does_not_end_the_table() {
    check(
        "安澜县2026年政务公开工作任务分解一览表\n\n序号\n\n一级  指标\n\n二级   指标\n\n三级指标\n\n责任单位\n\n完成时限\n\n1\n\n主动公开\n\n财政信息\n\n公开2026年财政预算、2025年财政决算。\n\n县财政局牵头，各镇、各部门配合\n\n2026年10月底\n\n2\n\n政策解读\n\n解读机制\n\n政策文件与解读材料同步公开，关联发布。\n\n各起草部门\n\n全年\n\n政策解读\n\n联系我们\n\n主办单位：安澜县人民政府\n",
        &[
            "1|主动公开|财政信息|公开2026年财政预算、2025年财政决算。|牵县财政局 配各镇 配各部门|2026-10-31",
            "2|政策解读|解读机制|政策文件与解读材料同步公开，关联发布。|责各起草部门|全年",
        ],
    );
}

#[test]
fn units_alone_behind_the_foot_of_a_page_are_to_be_checked() {
    check(
        "2026年安澜县政务公开任务分解表\n1.公开行政许可事项。（责任单位：县政府办）\n2.公开权责清单。（责任单位：县委编办）\n政策解读\n5.同步解读政策文件。（责任单位：县司法局）\n",
        &[
            "1|-|-|公开行政许可事项。|责县政府办|",
            "2|-|-|公开权责清单。|责县委编办|",
            "5|-|政策解读|同步解读政策文件。|责县司法局|?",
        ],
    );
}

#[test]
fn the_foot_of_a_page_still_ends_the_plan() {
    let plan = check(
        "2026年安澜县政务公开任务分解表\n1.公开行政许可事项。（责任单位：县政府办）\n2.公开权责清单。（责任单位：县委编办）\n相关文件\n1.安澜县2025年政务公开工作要点\n2.一图读懂：安澜县2026年政务公开任务\n政策解读\n打印\n关闭\n主办单位：安澜县人民政府\n网站标识码：3600000001\n",
        &[
            "1|-|-|公开行政许可事项。|责县政府办|",
            "2|-|-|公开权责清单。|责县委编办|",
        ],
    );
    assert!(problem(&plan, "after-plan").is_some());
}

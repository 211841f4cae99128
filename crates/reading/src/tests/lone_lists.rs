//! Measures numbered （1） or ① where no 1. stands anywhere, and several brackets in a measure numbered 一、.

use super::*;

#[test]
fn numbers_in_brackets_straight_below_one_section_number_its_measures() {
    check(
        "2023年安澜县政务公开分工方案\n一、总体要求\n认真贯彻上级要求。\n二、重点任务\n（1）公开年度预算。（县财政局）\n（2）公开审计结果。（县审计局）\n三、保障措施\n加强领导。\n",
        &[
            "1|二、重点任务|-|公开年度预算。|责县财政局|",
            "2|二、重点任务|-|公开审计结果。|责县审计局|",
        ],
    );
    let signs = [
        ("（1）", "（2）"),
        ("1）", "2）"),
        ("①", "②"),
        ("【1】", "【2】"),
        ("第1项：", "第2项："),
    ];
    for (first, second) in signs {
        check(
            &format!(
                "2023年安澜县政务公开分工方案\n{first}公开年度预算。（县财政局）\n{second}公开审计结果。（县审计局）\n"
            ),
            &[
                "1|-|-|公开年度预算。|责县财政局|",
                "2|-|-|公开审计结果。|责县审计局|",
            ],
        );
    }
}

#[test]
fn numbers_in_brackets_below_sections_with_units_are_their_parts() {
    check(
        "2023年安澜县政务公开分工方案\n一、公开财政信息。（县财政局）\n（1）公开年度预算。\n（2）公开年度决算。\n二、公开审计结果。（县审计局）\n",
        &[
            "-|-|-|公开财政信息。|责县财政局|",
            "-|-|-|公开审计结果。|责县审计局|",
        ],
    );
}

#[test]
fn all_labelled_brackets_of_a_measure_count_and_are_to_be_checked() {
    check(
        "2023年安澜县政务公开分工方案\n一、公开年度预算（责任单位：县财政局），公开审计结果（责任单位：县审计局）。\n二、公开普法清单（责任单位：县司法局）。\n",
        &[
            "-|-|-|公开年度预算，公开审计结果|责县财政局 责县审计局|?",
            "-|-|-|公开普法清单|责县司法局|",
        ],
    );
}

#[test]
fn parts_of_a_measure_with_units_each_are_to_be_checked() {
    check(
        "2023年安澜县政务公开分工方案\n一、公开年度预算（责任单位：县财政局）；公开审计结果（责任单位：县审计局）。\n二、公开普法清单（责任单位：县司法局）。\n",
        &[
            "-|-|-|公开年度预算|责县财政局|?",
            "-|-|-|公开审计结果|责县审计局|?",
            "-|-|-|公开普法清单|责县司法局|",
        ],
    );
}

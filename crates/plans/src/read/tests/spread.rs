//! Shapes of plans from all over the country: worded numbers, notes, broken cells, people among the columns.

use super::*;

#[test]
fn tasks_and_articles_are_numbered_in_words() {
    check(
        "安澜县推进政务公开2026年行动方案\n任务1：建立文件库。6月底前上线。\n责任单位：县司法局\n任务2：规范答复。\n责任单位：县直各部门\n",
        &[
            "1|-|-|建立文件库。6月底前上线。|责县司法局|2026-06-30",
            "2|-|-|规范答复。|责县直各部门|",
        ],
    );
    check(
        "安澜县2026年政务公开任务分工\n第一条 公开预算。（责任单位：县财政局）\n第二条 公开规划，第三条规定的除外。（责任单位：县发改局）\n",
        &[
            "1|-|-|公开预算。|责县财政局|",
            "2|-|-|公开规划，第三条规定的除外。|责县发改局|",
        ],
    );
}

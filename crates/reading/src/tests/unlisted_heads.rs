//! Heads of tables in text with a word that no list knows.

use super::*;

#[test]
fn a_word_that_is_not_known_at_the_end_of_a_head_has_its_column() {
    for (sign, word) in [(" | ", "是否完成"), ("\t", "风险等级"), (" | ", "打分")] {
        let row = |cells: [&str; 5]| cells.join(sign);
        let plan = check(
            &format!(
                "2023年云岭镇政务公开工作台账\n{}\n{}\n{}\n",
                row(["序号", "工作任务", "责任单位", "完成时限", word]),
                row(["1", "公开年度预算决算报告", "党政办", "3月底前", "是"]),
                row(["2", "公示低保对象名单", "民政办、各村委会", "6月底前", "否"]),
            ),
            &[
                "1|-|-|公开年度预算决算报告|责党政办|2023-03-31",
                "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30",
            ],
        );
        assert_eq!(codes(&plan), ["column-unused"], "{word}");
    }
}

#[test]
fn a_short_table_between_pipes_is_no_running_text() {
    for head in ["责任股室", "主管部门", "实施主体", "部门"] {
        check(
            &format!(
                "2023年云岭镇政务公开工作推进表\n序号 | 工作任务 | {head}\n1 | 公开年度预算决算报告 | 财政股\n2 | 公示低保对象名单 | 民政股、各村委会\n"
            ),
            &[
                "1|-|-|公开年度预算决算报告|责财政股|",
                "2|-|-|公示低保对象名单|责民政股 责各村委会|",
            ],
        );
    }
}

#[test]
fn the_rows_tell_a_head_of_which_each_cell_is_a_line() {
    let table = |heads: &[&str], rows: [&[&str]; 2]| {
        let lines: Vec<&str> = heads
            .iter()
            .chain(rows[0])
            .chain(rows[1])
            .copied()
            .collect();
        format!("2023年云岭镇政务公开工作台账\n{}\n", lines.join("\n"))
    };
    let want = [
        "1|-|-|公开年度预算决算报告|责党政办|2023-03-31",
        "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30",
    ];
    // at the end, in the middle, and one that reads like an organ
    for word in ["是否完成", "附件", "督办"] {
        check(
            &table(
                &["序号", "工作任务", "责任单位", "完成时限", word],
                [
                    &["1", "公开年度预算决算报告", "党政办", "3月底前", "合格"],
                    &[
                        "2",
                        "公示低保对象名单",
                        "民政办、各村委会",
                        "6月底前",
                        "达标",
                    ],
                ],
            ),
            &want,
        );
        check(
            &table(
                &["序号", "工作任务", "责任单位", word, "完成时限"],
                [
                    &["1", "公开年度预算决算报告", "党政办", "合格", "3月底前"],
                    &[
                        "2",
                        "公示低保对象名单",
                        "民政办、各村委会",
                        "达标",
                        "6月底前",
                    ],
                ],
            ),
            &want,
        );
    }
    check(
        &table(
            &["工作任务", "责任单位", "验收标准"],
            [
                &["公开年度预算决算报告", "党政办", "形成长效机制，按季度更新"],
                &["公示低保对象名单", "民政办、各村委会", "达标"],
            ],
        ),
        &[
            "-|-|-|公开年度预算决算报告|责党政办|",
            "-|-|-|公示低保对象名单|责民政办 责各村委会|",
        ],
    );
}

#[test]
fn rows_that_lack_a_cell_below_such_a_head_are_to_be_checked() {
    check(
        "2023年云岭镇政务公开工作台账\n序号\n工作任务\n责任单位\n完成时限\n是否完成\n1\n公开年度预算决算报告\n党政办\n3月底前\n是\n2\n公示低保对象名单\n民政办、各村委会\n6月底前\n否\n3\n公开村级事务清单\n党政办\n9月底前\n",
        &[
            "1|-|-|公开年度预算决算报告|责党政办|2023-03-31",
            "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30",
            "3|-|-|公开村级事务清单|责党政办|2023-09-30",
        ],
    );
    check(
        "2023年云岭镇政务公开工作台账\n序号\n工作任务\n责任单位\n完成时限\n是否完成\n1\n公开年度预算决算报告\n党政办\n3月底前\n2\n公示低保对象名单\n民政办、各村委会\n6月底前\n否\n3\n公开村级事务清单\n党政办\n9月底前\n是\n4\n公开办事指南\n便民服务中心\n9月底前\n是\n",
        &[
            "1|-|-|公开年度预算决算报告|责党政办|2023-03-31?",
            "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30?",
            "3|-|-|公开村级事务清单|责党政办|2023-09-30?",
            "4|-|-|公开办事指南|责便民服务中心|2023-09-30?",
        ],
    );
}

#[test]
fn a_broken_measure_below_such_a_head_is_to_be_checked() {
    check(
        "2023年云岭镇政务公开工作台账\n序号\n工作任务\n责任单位\n完成时限\n是否完成\n1\n公开年度预算决算报告，做到应公开尽公开，\n按规定时限更新\n党政办\n3月底前\n是\n2\n公示低保对象名单\n民政办\n6月底前\n否\n",
        &[
            "1|-|-|公开年度预算决算报告，做到应公开尽公开，按规定时限更新|责党政办|2023-03-31?",
            "2|-|-|公示低保对象名单|责民政办|2023-06-30?",
        ],
    );
}

#[test]
fn lines_that_head_rows_are_no_column() {
    check(
        "2023年云岭镇政务公开工作台账\n序号\n工作任务\n责任单位\n完成时限\n主动公开\n1\n公开年度预算决算报告\n党政办\n3月底前\n依申请公开\n2\n公示低保对象名单\n民政办\n6月底前\n平台建设\n3\n公开村级事务清单\n党政办\n9月底前\n",
        &[
            "1|-|主动公开|公开年度预算决算报告|责党政办|2023-03-31",
            "2|-|依申请公开|公示低保对象名单|责民政办|2023-06-30",
            "3|-|平台建设|公开村级事务清单|责党政办|2023-09-30",
        ],
    );
}

#[test]
fn a_line_that_heads_the_first_row_is_no_head_of_a_column() {
    check(
        "2023年云岭镇政务公开工作台账\n序号\n工作任务\n责任单位\n完成时限\n主动公开\n1\n公开年度预算决算报告\n党政办\n3月底前\n2\n公示低保对象名单\n民政办、各村委会\n6月底前\n",
        &[
            "1|-|主动公开|公开年度预算决算报告|责党政办|2023-03-31",
            "2|-|主动公开|公示低保对象名单|责民政办 责各村委会|2023-06-30",
        ],
    );
}

#[test]
fn two_words_that_are_not_known_stand_behind_the_units() {
    check(
        "2023年云岭镇政务公开工作台账\n序号 | 工作任务 | 责任单位 | 是否完成 | 亮灯\n1 | 公开年度预算决算报告 | 党政办 | 是 | 绿灯\n2 | 公示低保对象名单 | 民政办 | 否 | 黄灯\n",
        &[
            "1|-|-|公开年度预算决算报告|责党政办|",
            "2|-|-|公示低保对象名单|责民政办|",
        ],
    );
}

#[test]
fn the_rows_tell_which_column_holds_the_units() {
    let want = [
        "1|-|-|公开年度预算决算报告|责财政股|?",
        "2|-|-|公示低保对象名单|责民政股 责各村委会|?",
    ];
    for sign in [" | ", "\t"] {
        let row = |cells: [&str; 3]| cells.join(sign);
        check(
            &format!(
                "2023年云岭镇政务公开工作推进表\n{}\n{}\n{}\n",
                row(["序号", "工作任务", "谁来抓"]),
                row(["1", "公开年度预算决算报告", "财政股"]),
                row(["2", "公示低保对象名单", "民政股、各村委会"]),
            ),
            &want,
        );
    }
    let title = Block::Paragraph(Paragraph {
        text: "2023年云岭镇政务公开工作推进表".to_owned(),
        heading: None,
        place: Place::default(),
    });
    let rows: &[&[_]] = &[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "工作任务"),
            (2, 1, 1, "谁来抓"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "公开年度预算决算报告"),
            (2, 1, 1, "财政股"),
        ],
        &[
            (0, 1, 1, "2"),
            (1, 1, 1, "公示低保对象名单"),
            (2, 1, 1, "民政股、各村委会"),
        ],
    ];
    assert_eq!(brief(&read(&of_blocks(vec![title, table(rows)]))), want);
}

#[test]
fn rows_between_pipes_of_a_paper_that_is_no_plan_are_no_running_text() {
    let plan = read(&document(
        "2023年度政务公开考核结果\n序号 | 责任单位 | 得分 | 等次\n1 | 县教育局 | 96.5 | 优秀\n2 | 县财政局 | 95.0 | 优秀\n3 | 县林业局 | 80.2 | 良好\n",
    ));
    assert!(!plan.is_plan);
    assert_eq!(plan.coverage.dropped, 0);
    // a row of a plan's table that is read as text is never sure
    let plan = read(&document(
        "2023年安澜县政务公开分工方案\n公开规划 | 总结 | 公开。（县发改局）\n公开预算 | 决算 | 公开。（县财政局）\n",
    ));
    assert!(plan.tasks.iter().all(|t| t.confidence == Confidence::Check));
}

#[test]
fn a_cell_between_pipes_on_each_line() {
    for word in ["备注", "亮灯"] {
        check(
            &format!(
                "2023年云岭镇政务公开工作台账\n|序号|\n|工作任务|\n|责任单位|\n|{word}|\n|完成时限|\n|1|\n|公开年度预算决算报告|\n|党政办|\n|绿灯|\n|3月底前|\n|2|\n|公示低保对象名单|\n|民政办、各村委会|\n|黄灯|\n|6月底前|\n"
            ),
            &[
                "1|-|-|公开年度预算决算报告|责党政办|2023-03-31",
                "2|-|-|公示低保对象名单|责民政办 责各村委会|2023-06-30",
            ],
        );
    }
}

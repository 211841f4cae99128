//! Heads of which only the units are known, tables that go on over pages, and cells that look like times.

use super::*;

fn pipes(title: &str, rows: &[&[&str]]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
    format!("{title}\n{}\n", rows.join("\n"))
}

fn grid(title: &str, rows: &[&[&str]]) -> Vec<Block> {
    let cells: Vec<Vec<(u32, u32, u32, &str)>> = rows
        .iter()
        .map(|row| {
            (0..)
                .zip(row.iter())
                .map(|(c, text)| (c, 1, 1, *text))
                .collect()
        })
        .collect();
    let rows: Vec<&[(u32, u32, u32, &str)]> = cells.iter().map(Vec::as_slice).collect();
    let title = Block::Paragraph(Paragraph {
        text: title.to_owned(),
        heading: None,
        place: Place::default(),
    });
    vec![title, table(&rows)]
}

const TITLE: &str = "2026年云岭镇任务清单";

#[test]
fn the_units_show_a_head_whatever_its_other_words_are() {
    for word in [
        "制度",
        "细则名称",
        "文件",
        "条款",
        "场景",
        "行动",
        "活动名称",
        "章节",
    ] {
        let rows: &[&[&str]] = &[
            &["序号", word, "牵头部门", "配合部门", "完成时限"],
            &["1", "授权方案", "财政办", "党政办", "8月底前"],
            &["2", "归集方案", "民政办", "农业办", "9月底前"],
        ];
        let want = [
            "1|-|-|授权方案|牵财政办 配党政办|2026-08-31",
            "2|-|-|归集方案|牵民政办 配农业办|2026-09-30",
        ];
        check(&pipes(TITLE, rows), &want);
        assert_eq!(brief(&read(&of_blocks(grid(TITLE, rows)))), want, "{word}");
    }
}

#[test]
fn a_column_that_is_not_known_before_the_measures_heads_them() {
    for word in [
        "章节", "条款", "维度", "环节", "专项", "工程", "出处", "原文",
    ] {
        let rows: &[&[&str]] = &[
            &["序号", word, "细则名称", "细则内容", "牵头部门", "配合部门"],
            &[
                "1",
                "推动共享",
                "授权方案",
                "明确授权范围",
                "财政办",
                "党政办",
            ],
            &[
                "2",
                "推动共享",
                "归集方案",
                "明确归集范围",
                "民政办",
                "农业办",
            ],
        ];
        let want = [
            "1|推动共享|授权方案|明确授权范围|牵财政办 配党政办|",
            "2|推动共享|归集方案|明确归集范围|牵民政办 配农业办|",
        ];
        check(&pipes(TITLE, rows), &want);
        assert_eq!(brief(&read(&of_blocks(grid(TITLE, rows)))), want, "{word}");
    }
    // behind the kind of a measure stands the measure
    check(
        &pipes(
            TITLE,
            &[
                &["序号", "领域", "环节", "责任单位"],
                &["1", "财政", "公开预算报表", "财政办"],
                &["2", "民政", "公开低保名单", "民政办"],
            ],
        ),
        &[
            "1|-|财政|公开预算报表|责财政办|",
            "2|-|民政|公开低保名单|责民政办|",
        ],
    );
}

#[test]
fn which_of_two_unknown_columns_holds_the_measures_is_a_guess() {
    let plan = check(
        &pipes(
            TITLE,
            &[
                &["序号", "篇目", "法门", "牵头部门", "配合部门"],
                &["1", "共享篇", "授权方案", "财政办", "党政办"],
                &["2", "归集篇", "归集方案", "民政办", "农业办"],
            ],
        ),
        &[
            "1|-|共享篇|授权方案|牵财政办 配党政办|?",
            "2|-|归集篇|归集方案|牵民政办 配农业办|?",
        ],
    );
    assert!(codes(&plan).contains(&"heads-unknown"));
}

#[test]
fn a_list_of_persons_is_no_plan_for_its_units() {
    for head in ["责任单位", "单位"] {
        let plan = read(&document(&pipes(
            "云岭镇河长名单",
            &[
                &["序号", "姓名", head, "联系电话"],
                &["1", "张三", "水利站", "12345"],
                &["2", "李四", "农业办", "12346"],
            ],
        )));
        assert!(!plan.is_plan, "{head}: {:?}", brief(&plan));
    }
}

#[test]
fn a_cell_a_line_below_a_head_with_a_word_that_is_not_known() {
    check(
        "2026年云岭镇任务清单\n序号\n条款\n牵头部门\n配合部门\n1\n公开年度预算决算报告\n财政办\n党政办\n2\n公示低保对象名单\n民政办\n农业办\n",
        &[
            "1|-|-|公开年度预算决算报告|牵财政办 配党政办|",
            "2|-|-|公示低保对象名单|牵民政办 配农业办|",
        ],
    );
}

#[test]
fn a_title_above_a_head_of_which_each_cell_is_a_line_is_none_of_its_words() {
    let plan = check(
        "云岭县2023年任务清单\n类别\n序号\n任务\n责任单位\n公开类\n1\n公开年度预算。\n县财政局\n2\n公示低保名单。\n县民政局\n",
        &[
            "1|-|公开类|公开年度预算。|责县财政局|",
            "2|-|公开类|公示低保名单。|责县民政局|",
        ],
    );
    assert_eq!(plan.title.as_deref(), Some("云岭县2023年任务清单"));
}

#[test]
fn the_words_that_a_table_goes_on_head_nothing() {
    let head = "序号 | 工作任务 | 责任单位";
    for mark in [
        "续表",
        "续表1",
        "续表一",
        "（续表）",
        "续上表",
        "（续上表）",
        "接上表",
        "表1（续）",
        "表1续",
        "云岭镇2023年任务分解表（续）",
        "附表2（续表）",
        "（续表2）",
    ] {
        for sign in [" | ", "\t"] {
            let text = format!(
                "云岭镇2023年任务分解表\n{head}\n1 | 公开年度预算 | 财政办\n{mark}\n{head}\n2 | 公示低保名单 | 民政办\n"
            );
            check(
                &text.replace(" | ", sign),
                &[
                    "1|-|-|公开年度预算|责财政办|",
                    "2|-|-|公示低保名单|责民政办|",
                ],
            );
        }
        // each cell a line
        let flat = format!(
            "云岭镇2023年任务分解表\n序号\n工作任务\n责任单位\n1\n公开年度预算\n财政办\n{mark}\n序号\n工作任务\n责任单位\n2\n公示低保名单\n民政办\n"
        );
        check(
            &flat,
            &[
                "1|-|-|公开年度预算|责财政办|",
                "2|-|-|公示低保名单|责民政办|",
            ],
        );
    }
}

#[test]
fn a_heading_that_begins_like_a_time_heads_its_rows() {
    for word in [
        "有序推进平台建设。",
        "有序推进网点布局。",
        "全面推进帮办代办",
        "常态化开展自查",
        "常态化推进便民服务",
        "每季度组织学习培训。",
        "长期坚持抓好宣传",
    ] {
        let text = format!(
            "云岭镇2023年任务清单\n类别\n举措\n序号\n任务\n牵头单位\n配合单位\n时限\n公开类\n带头公开。\n1\n公开预算。\n县财政局\n县审计局\n持续推进\n2\n公开目录。\n县教育局\n县司法局\n2023年6月\n{word}\n3\n公开供水信息。\n县水利局\n县林业局\n常态化推进\n4\n公开救助信息。\n县民政局\n县残联\n2023年9月\n"
        );
        let plan = read(&document(&text));
        let groups: Vec<_> = plan
            .tasks
            .iter()
            .map(|t| t.group.clone().unwrap_or_default())
            .collect();
        let name = word.trim_end_matches('。');
        let bare: Vec<_> = groups.iter().map(|g| g.trim_end_matches('。')).collect();
        assert_eq!(
            bare,
            ["带头公开", "带头公开", name, name],
            "{:?}",
            brief(&plan)
        );
    }
}

#[test]
fn a_note_at_the_foot_of_a_table_is_no_measure() {
    for note in [
        "备注 | “长期坚持”的任务每半年报送一次进展 | |",
        "说明 | 牵头单位为排在首位的单位 | |",
        "合计 | 2项 | |",
        "注： | 6月底前报送一次进展 | |",
    ] {
        let plan = check(
            &format!(
                "云岭镇2022年任务分解表\n序号 | 任务 | 责任单位 | 时限\n1 | 公开年度预算 | 财政办 | 6月底前\n2 | 公示低保名单 | 民政办 | 9月底前\n{note}\n"
            ),
            &[
                "1|-|-|公开年度预算|责财政办|2022-06-30",
                "2|-|-|公示低保名单|责民政办|2022-09-30",
            ],
        );
        assert!(
            codes(&plan).contains(&"table-note"),
            "{note} {:?}",
            plan.problems
        );
    }
}

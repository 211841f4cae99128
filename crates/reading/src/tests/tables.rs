//! Tables with known cells: Word, spreadsheets, web pages.

use super::*;

fn titled(rows: &[&[(u32, u32, u32, &str)]]) -> Vec<Block> {
    let title = Paragraph {
        text: "安澜市2026年政务公开任务分解表".to_owned(),
        heading: None,
        place: Place {
            line: Some(1),
            ..Place::default()
        },
    };
    vec![Block::Paragraph(title), table(rows)]
}

#[track_caller]
fn check_blocks(blocks: Vec<Block>, want: &[&str]) -> Plan {
    let plan = read(&of_blocks(blocks));
    assert_eq!(brief(&plan), want, "{:#?}", plan.problems);
    assert_eq!(plan.coverage.dropped, 0, "{:#?}", plan.problems);
    plan
}

#[test]
fn cells_merged_down_hold_for_all_their_rows() {
    let plan = check_blocks(
        titled(&[
            &[
                (0, 1, 1, "工作任务"),
                (1, 1, 1, "具体要求"),
                (2, 1, 1, "责任单位"),
            ],
            &[(0, 1, 3, "一、夯实基础")],
            &[
                (0, 2, 1, "（一）清理栏目"),
                (1, 1, 1, "1.清理空白栏目。"),
                (2, 2, 1, "市政府办公室"),
            ],
            &[(1, 1, 1, "2.更新公开指南。")],
            &[
                (0, 1, 1, "（二）培训"),
                (1, 1, 1, "3.开展培训。"),
                (2, 1, 1, "市司法局"),
            ],
        ]),
        &[
            "1|一、夯实基础|（一）清理栏目|清理空白栏目。|责市政府办公室|",
            "2|一、夯实基础|（一）清理栏目|更新公开指南。|责市政府办公室|",
            "3|一、夯实基础|（二）培训|开展培训。|责市司法局|",
        ],
    );
    assert_eq!(plan.tasks[1].origin, OrganOrigin::Inherited);
    assert_eq!(plan.tasks[1].place.row, Some(4));
    assert_eq!(
        plan.columns,
        [Column::Heading, Column::Text, Column::Units(None)]
    );
}

#[test]
fn two_number_columns_a_two_row_head_and_a_deadline_column() {
    check_blocks(
        titled(&[
            &[
                (0, 2, 1, "序号"),
                (1, 2, 1, "重点任务"),
                (2, 2, 1, "序号"),
                (3, 2, 1, "具体举措"),
                (4, 1, 2, "责任单位"),
                (6, 2, 1, "完成时限"),
                (7, 2, 1, "备注"),
            ],
            &[(4, 1, 1, "牵头单位"), (5, 1, 1, "配合单位")],
            &[
                (0, 2, 1, "1"),
                (1, 2, 1, "决策公开"),
                (2, 1, 1, "1"),
                (3, 1, 1, "公布决策目录。"),
                (4, 1, 1, "市司法局"),
                (5, 1, 1, "各部门"),
                (6, 1, 1, "6月底前"),
                (7, 1, 1, ""),
            ],
            &[
                (2, 1, 1, "2"),
                (3, 1, 1, "邀请代表列席。"),
                (4, 1, 1, "市政府办公室"),
                (5, 1, 1, "—"),
                (6, 1, 1, "持续推进"),
                (7, 1, 1, "重点"),
            ],
        ]),
        &[
            "1|-|决策公开|公布决策目录。|牵市司法局 配各部门|2026-06-30",
            "2|-|决策公开|邀请代表列席。|牵市政府办公室|持续推进",
        ],
    );
}

#[test]
fn a_table_goes_on_over_the_page_with_and_without_its_head() {
    let mut blocks = titled(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "工作任务"),
            (2, 1, 1, "责任单位"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "公布目录。"),
            (2, 1, 1, "市司法局"),
        ],
    ]);
    blocks.push(table(&[&[
        (0, 1, 1, "2"),
        (1, 1, 1, "清理栏目。"),
        (2, 1, 1, "各部门"),
    ]]));
    blocks.push(table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "工作任务"),
            (2, 1, 1, "责任单位"),
        ],
        &[(0, 1, 1, "3"), (1, 1, 1, "开展培训。"), (2, 1, 1, "")],
    ]));
    check_blocks(
        blocks,
        &[
            "1|-|-|公布目录。|责市司法局|",
            "2|-|-|清理栏目。|责各部门|",
            "3|-|-|开展培训。|责各部门|",
        ],
    );
}

#[test]
fn cells_missing_without_a_span_are_placed_by_their_looks() {
    check_blocks(
        titled(&[
            &[
                (0, 1, 1, "工作任务"),
                (1, 1, 1, "具体要求"),
                (2, 1, 1, "责任单位"),
            ],
            &[
                (0, 1, 1, "一、财政公开"),
                (1, 1, 1, "1.公开预算和决算。"),
                (2, 1, 1, "市财政局"),
            ],
            &[(0, 1, 1, "2.公开政府采购信息。"), (1, 1, 1, "各部门")],
        ]),
        &[
            "1|一、财政公开|-|公开预算和决算。|责市财政局|",
            "2|一、财政公开|-|公开政府采购信息。|责各部门|",
        ],
    );
}

#[test]
fn a_doubtful_cell_marks_its_rows_and_no_other() {
    let Block::Table(mut unclear) = table(&[
        &[(0, 1, 1, "工作任务"), (1, 1, 1, "责任单位")],
        &[(0, 1, 1, "1.公布目录。"), (1, 2, 1, "市司法局")],
        &[(0, 1, 1, "2.公布指南。")],
        &[(0, 1, 1, "3.公布年报。"), (1, 1, 1, "市教育局")],
    ]) else {
        unreachable!()
    };
    unclear.rows[1].cells[1].doubtful = true;
    let plan = check_blocks(
        vec![Block::Table(unclear)],
        &[
            "1|-|-|公布目录。|责市司法局|?",
            "2|-|-|公布指南。|责市司法局|?",
            "3|-|-|公布年报。|责市教育局|",
        ],
    );
    let unclear = codes(&plan).into_iter().filter(|c| *c == "cell-unclear");
    assert_eq!(unclear.count(), 2);
}

#[test]
fn a_layout_table_around_text_is_read_as_text() {
    check_blocks(
        vec![table(&[&[(
            0,
            1,
            1,
            "安澜市2026年政务公开工作要点\n1.公布目录。（市司法局负责）\n2.清理栏目。（各部门负责）",
        )]])],
        &["1|-|-|公布目录。|责市司法局|", "2|-|-|清理栏目。|责各部门|"],
    );
}

#[test]
fn a_title_and_a_note_inside_the_table() {
    let plan = check_blocks(
        vec![table(&[
            &[(0, 1, 3, "安澜市2026年政务公开工作要点分工表")],
            &[
                (0, 1, 1, "工作任务"),
                (1, 1, 1, "具体要求"),
                (2, 1, 1, "责任单位"),
            ],
            &[
                (0, 1, 1, "决策公开"),
                (1, 1, 1, "1.公布决策目录。"),
                (2, 1, 1, "市司法局"),
            ],
        ])],
        &["1|-|决策公开|公布决策目录。|责市司法局|"],
    );
    assert_eq!(
        plan.title.as_deref(),
        Some("安澜市2026年政务公开工作要点分工表")
    );
}

#[test]
fn a_leading_unit_merged_down_stays_beside_the_rows_own_units() {
    check_blocks(
        titled(&[
            &[
                (0, 1, 1, "序号"),
                (1, 1, 1, "工作任务"),
                (2, 1, 1, "牵头单位"),
                (3, 1, 1, "配合单位"),
            ],
            &[
                (0, 1, 1, "1"),
                (1, 1, 1, "公示处罚决定"),
                (2, 2, 1, "市司法局"),
                (3, 1, 1, "各执法单位"),
            ],
            &[
                (0, 1, 1, "2"),
                (1, 1, 1, "更新权责清单"),
                (3, 1, 1, "市委编办"),
            ],
        ]),
        &[
            "1|-|-|公示处罚决定|牵市司法局 配各执法单位|",
            "2|-|-|更新权责清单|牵市司法局 配市委编办|",
        ],
    );
}

#[test]
fn targets_of_the_quarters_are_no_measures() {
    let plan = check_blocks(
        titled(&[
            &[
                (0, 1, 1, "序号"),
                (1, 1, 1, "重点工作"),
                (2, 1, 1, "一季度目标"),
                (3, 1, 1, "二季度目标"),
                (4, 1, 1, "牵头单位"),
            ],
            &[
                (0, 1, 1, "1"),
                (1, 1, 1, "建设查阅点"),
                (2, 1, 1, "选址"),
                (3, 1, 1, "启用"),
                (4, 1, 1, "市档案馆"),
            ],
        ]),
        &["1|-|-|建设查阅点|牵市档案馆|"],
    );
    assert!(codes(&plan).contains(&"column-unused"));
}

#[test]
fn a_row_struck_through_is_to_be_checked() {
    let mut document = of_blocks(vec![table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "工作任务"),
            (2, 1, 1, "责任单位"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "公布河长名单。"),
            (2, 1, 1, "市水利局"),
        ],
        &[
            (0, 1, 1, "2"),
            (1, 1, 1, "公布巡查情况。"),
            (2, 1, 1, "市水利局"),
        ],
    ])]);
    document.problems.push(gongkai_office::Problem {
        code: gongkai_office::STRUCK_ROW.to_owned(),
        message: "有一行划了删除线。".to_owned(),
        place: Place {
            table: Some(1),
            row: Some(3),
            ..Place::default()
        },
        dropped_chars: 0,
    });
    let plan = read(&document);
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|公布河长名单。|责市水利局|",
            "2|-|-|公布巡查情况。|责市水利局|?"
        ]
    );
    assert!(codes(&plan).contains(&"row-struck"));
}

#[test]
fn a_paragraph_of_a_unit_cell_that_ends_with_a_comma_goes_on_in_the_next() {
    check_blocks(
        titled(&[
            &[
                (0, 1, 1, "工作任务"),
                (1, 1, 1, "主要内容"),
                (2, 1, 1, "责任部门"),
            ],
            &[
                (0, 1, 1, "做好重点领域信息公开"),
                (
                    1,
                    1,
                    1,
                    "1.公开镇级预决算。\n2.公开补贴发放结果，11月底前完成。\n3.公开民生信息。",
                ),
                (2, 1, 1, "财政所牵头，民政办、\n卫健办、各村（社区）配合"),
            ],
            &[
                (0, 1, 1, "规范专区建设"),
                (1, 1, 1, "4.设置政务公开专区。"),
                (2, 1, 1, "便民服务中心"),
            ],
        ]),
        &[
            "1|-|做好重点领域信息公开|公开镇级预决算。|牵财政所 配民政办 配卫健办 配各村（社区）|",
            "2|-|做好重点领域信息公开|公开补贴发放结果，11月底前完成。|牵财政所 配民政办 配卫健办 配各村（社区）|2026-11-30",
            "3|-|做好重点领域信息公开|公开民生信息。|牵财政所 配民政办 配卫健办 配各村（社区）|",
            "4|-|规范专区建设|设置政务公开专区。|责便民服务中心|",
        ],
    );
}

#[test]
fn a_measure_that_shares_number_and_unit_with_the_one_above_is_a_measure() {
    let head: &[(u32, u32, u32, &str)] = &[
        (0, 1, 1, "序号"),
        (1, 1, 1, "工作任务"),
        (2, 1, 1, "责任单位"),
    ];
    check_blocks(
        titled(&[
            head,
            &[(0, 2, 1, "1"), (1, 1, 1, "公开预算"), (2, 2, 1, "市财政局")],
            &[(1, 1, 1, "公开决算信息并解读到位")],
            &[(0, 1, 1, "2"), (1, 1, 1, "公开采购"), (2, 1, 1, "市住建局")],
            &[(0, 1, 1, ""), (1, 1, 1, "公开绩效信息"), (2, 1, 1, "")],
        ]),
        &[
            "1|-|-|公开预算|责市财政局|",
            "-|-|-|公开决算信息并解读到位|责市财政局|",
            "2|-|-|公开采购|责市住建局|",
            "-|-|-|公开绩效信息|责市住建局|",
        ],
    );
    let plan = check_blocks(
        titled(&[
            head,
            &[(0, 1, 1, "1"), (1, 1, 1, "公开预算"), (2, 1, 1, "市财政局")],
            &[(0, 1, 1, ""), (1, 1, 1, "公开政策和解读"), (2, 1, 1, "")],
            &[(0, 1, 1, "2"), (1, 1, 1, "公开采购"), (2, 1, 1, "市财政局")],
            &[(0, 1, 1, ""), (1, 1, 1, "合计2项"), (2, 1, 1, "")],
            &[
                (0, 1, 1, ""),
                (1, 1, 1, "附加说明：以上均按月报送"),
                (2, 1, 1, ""),
            ],
        ]),
        &[
            "1|-|-|公开预算|责市财政局|",
            "2|-|公开政策和解读|公开采购|责市财政局|",
        ],
    );
    let told = codes(&plan);
    for code in ["heading-or-measure", "sum-row", "table-note"] {
        assert!(told.contains(&code), "{told:?}");
    }
}

#[test]
fn a_list_inside_a_measure_leaves_the_number_of_its_row() {
    check_blocks(
        titled(&[
            &[
                (0, 1, 1, "序号"),
                (1, 1, 1, "工作任务"),
                (2, 1, 1, "责任单位"),
            ],
            &[(0, 1, 1, "1"), (1, 1, 1, "公开预算"), (2, 1, 1, "市财政局")],
            &[
                (0, 1, 1, "2"),
                (1, 1, 1, "1.同步解读政策。\n2.开吹风会。"),
                (2, 1, 1, "市司法局"),
            ],
        ]),
        &[
            "1|-|-|公开预算|责市财政局|",
            "2|-|-|1.同步解读政策。 2.开吹风会。|责市司法局|",
        ],
    );
}

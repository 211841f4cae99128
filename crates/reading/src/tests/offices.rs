//! Forms that offices give their plans: text beside tables, columns of several levels, lines of leaders, numbers that
//! lost their stop.

use super::*;

#[test]
fn measures_below_a_table_are_read_where_each_has_its_units() {
    let plan = check(
        "安澜县2026年政务公开任务分解\n一、公开重点\n序号\t任务\t责任单位\n1\t公布水价调整文件。\t县水务局\n2\t公布公交线路。\t县交通局\n二、公开基础\n3.整理历年文件。（责任单位：县档案馆）\n4.组织窗口培训。（责任单位：县政府办公室）\n",
        &[
            "1|一、公开重点|-|公布水价调整文件。|责县水务局|",
            "2|一、公开重点|-|公布公交线路。|责县交通局|",
            "3|二、公开基础|-|整理历年文件。|责县档案馆|",
            "4|二、公开基础|-|组织窗口培训。|责县政府办公室|",
        ],
    );
    assert!(codes(&plan).contains(&"text-and-table"));
    let plan = check(
        "安澜县2026年政务公开任务分解\n序号\t任务\t责任单位\n1\t公布水价调整文件。\t县水务局\n2\t公布公交线路。\t县交通局\n二、工作要求\n（一）各单位要明确专人。\n（二）按季报送情况。（县政府办公室负责汇总）\n",
        &[
            "1|-|-|公布水价调整文件。|责县水务局|",
            "2|-|-|公布公交线路。|责县交通局|",
        ],
    );
    assert!(codes(&plan).contains(&"left-out"));
}

#[test]
fn numbers_that_lost_their_stop_are_numbers_in_their_turn() {
    let plan = check(
        "安澜市2026年政务公开工作要点\n一、围绕发展\n1聚力公开营商政策。责任单位：市发改委\n2组织政策宣讲。责任单位：市司法局\n二、围绕民生\n3大力公开招生信息。责任单位：市教育局\n3个试点单位名单另发。\n",
        &[
            "1|一、围绕发展|-|聚力公开营商政策。|责市发改委|",
            "2|一、围绕发展|-|组织政策宣讲。|责市司法局|",
            "3|二、围绕民生|-|大力公开招生信息。|责市教育局|",
        ],
    );
    assert!(codes(&plan).contains(&"number-stop-lost"));
    check(
        "安澜市2026年政务公开工作要点\n8.公开水价。（市水务局）\n9.9.30前公开气价。（市城管局）\n10.7至9月组织走访。（市信访局）\n11.公开票价。（市文旅局）\n",
        &[
            "8|-|-|公开水价。|责市水务局|",
            "9|-|-|9.30前公开气价。|责市城管局|2026-09-30",
            "10|-|-|7至9月组织走访。|责市信访局|2026-09-30",
            "11|-|-|公开票价。|责市文旅局|",
        ],
    );
    check(
        "安澜市2026年政务公开工作要点\n⒈公开水价。（市水务局）\n⒉公开气价。（市城管局）\n——公开票价。（市文旅局）\n",
        &[
            "1|-|-|公开水价。|责市水务局|",
            "2|-|-|公开气价。|责市城管局|",
            "-|-|-|公开票价。|责市文旅局|",
        ],
    );
}

#[test]
fn figures_at_the_front_of_a_paragraph_are_no_lost_numbers() {
    check(
        "安澜市2026年政务公开工作要点\n1.公开水价。\n2026年继续公开。（市水务局）\n2.公开项目。\n3.5亿元以上的项目单列。（市发改委）\n3.公开票价。（市文旅局）\n",
        &[
            "1|-|-|公开水价。 2026年继续公开。|责市水务局|",
            "2|-|-|公开项目。 3.5亿元以上的项目单列。|责市发改委|",
            "3|-|-|公开票价。|责市文旅局|",
        ],
    );
}

#[test]
fn lines_of_leaders_and_of_those_who_supervise_are_set_aside() {
    let plan = check(
        "安澜区2026年重点工作任务分解\n1.公开学区划分。\n牵头领导：周明\n牵头单位：区教育局\n责任单位：各街道\n2.公开医保目录。\n包保领导：吴强\n责任单位：区医保局\n联系人：郑芳\n完成时限：9月底\n3.开展政务开放日。\n分管副区长领导：王丽\n责任单位：区政府办\n督办单位：区督查室\n完成时限：年底\n",
        &[
            "1|-|-|公开学区划分。|牵区教育局 责各街道|",
            "2|-|-|公开医保目录。|责区医保局|2026-09-30",
            "3|-|-|开展政务开放日。|责区政府办|2026-12-31",
        ],
    );
    assert!(codes(&plan).contains(&"person-line"));
}

#[test]
fn a_number_without_units_heads_those_below_it_that_have_them() {
    check(
        "安澜市2026年政务公开工作要点\n一、民生\n（一）教育医疗\n1.做好招生公开\n（1）公布学区。（市教育局）\n（2）公布学籍办法。（市教育局牵头，各县配合）\n2.公布门诊安排。（市卫健委）\n（二）交通\n3.公布公交线路。（市交通局）\n",
        &[
            "-|一、民生|1.做好招生公开|公布学区。|责市教育局|",
            "-|一、民生|1.做好招生公开|公布学籍办法。|牵市教育局 配各县|",
            "2|一、民生|（一）教育医疗|公布门诊安排。|责市卫健委|",
            "3|一、民生|（二）交通|公布公交线路。|责市交通局|",
        ],
    );
}

#[test]
fn a_paragraph_before_its_units_belongs_to_the_measure_above() {
    check(
        "安澜市2026年政务公开工作要点\n1.公布预算。\n各县（市、区）参照执行，10月底前完成。（责任单位：市财政局，各县（市、区）政府）\n2.公布决算。\n（责任单位：市审计局）\n",
        &[
            "1|-|-|公布预算。各县（市、区）参照执行，10月底前完成。|责市财政局 责各县（市、区）政府|2026-10-31",
            "2|-|-|公布决算。|责市审计局|",
        ],
    );
}

#[test]
fn the_title_of_a_group_with_several_paragraphs_is_no_part_of_the_first_one() {
    check(
        "安澜市2026年政务公开工作要点\n一、重点\n（一）聚焦农业农村公开。及时公开种粮补贴。（市农业农村局牵头落实）\n及时公开农机补贴。（市财政局牵头落实）\n（二）聚焦住房公开。9月底前公开公租房房源。（市住建局牵头落实）\n",
        &[
            "-|一、重点|（一）聚焦农业农村公开。|及时公开种粮补贴。|牵市农业农村局|",
            "-|一、重点|（一）聚焦农业农村公开。|及时公开农机补贴。|牵市财政局|",
            "-|一、重点|（二）聚焦住房公开。|9月底前公开公租房房源。|牵市住建局|2026-09-30",
        ],
    );
}

#[test]
fn demands_below_the_measures_are_told_by_their_heading() {
    for numbered in ["（一）", "1."] {
        let plan = check(
            &format!(
                "安澜市2026年政务公开工作要点\n一、重点\n{numbered}公布预算。（责任单位：市财政局）\n{}公布决算。（责任单位：市审计局）\n二、组织保障\n（一）加强领导。各单位要明确专人。\n（二）加强督查。市政府办公室适时通报。\n（三）加强总结。12月10日前报送总结。\n",
                if numbered == "1." { "2." } else { "（二）" }
            ),
            &[
                &format!(
                    "{}|一、重点|-|公布预算。|责市财政局|",
                    if numbered == "1." { "1" } else { "-" }
                ),
                &format!(
                    "{}|一、重点|-|公布决算。|责市审计局|",
                    if numbered == "1." { "2" } else { "-" }
                ),
                "-|二、组织保障|-|加强总结。12月10日前报送总结。||2026-12-10?",
            ],
        );
        assert!(codes(&plan).contains(&"requirements"));
    }
}

#[test]
fn brackets_of_units_in_front_of_a_measure_and_between_its_words() {
    check(
        "安澜市2026年政务公开工作要点\n一、重点\n1.【市财政局牵头，各县（市、区）政府配合】公布预算，8月底前完成。\n2.归集规划（责任单位：市档案馆），6月底前完成。\n3.公布监测数据。（市生态环境局按职责负责）2026年7月底前完成。\n4.公布招考信息。{责任单位：市人社局}\n5.公布文旅活动。责任单位为市文旅局、各县（市、区）政府。\n6.公布价格。（责任单位：市发改委\n",
        &[
            "1|一、重点|-|公布预算，8月底前完成。|牵市财政局 配各县（市、区）政府|2026-08-31",
            "2|一、重点|-|归集规划，6月底前完成。|责市档案馆|2026-06-30",
            "3|一、重点|-|公布监测数据。|责市生态环境局|2026-07-31",
            "4|一、重点|-|公布招考信息。|责市人社局|",
            "5|一、重点|-|公布文旅活动。|责市文旅局 责各县（市、区）政府|",
            "6|一、重点|-|公布价格。|责市发改委|?",
        ],
    );
}

#[test]
fn units_behind_each_part_of_a_measure_all_answer_for_it() {
    check(
        "安澜市2026年政务公开工作要点\n1.做好规划公开：①公布规划（市发改委）；②归集规划（市档案馆）。\n2.公布预算。（市财政局）\n3.公布先进集体（市委宣传部（市政府新闻办））；公布先进个人。（市人社局）\n",
        &[
            "1|-|-|做好规划公开：①公布规划；②归集规划。|责市发改委 责市档案馆|?",
            "2|-|-|公布预算。|责市财政局|",
            "3|-|-|公布先进集体；公布先进个人。|责市委宣传部（市政府新闻办） 责市人社局|?",
        ],
    );
}

#[test]
fn units_that_hold_for_the_measures_above() {
    check(
        "安澜市2026年政务公开工作要点\n一、重点\n1.公布规划。\n2.公布项目。\n以上任务由市发改委牵头，市财政局配合落实。\n二、基础\n3.组织培训。\n4.整理文件。\n以上任务责任单位：市政府办公室\n5.公布执法信息。（此项工作由市应急局牵头负责）\n",
        &[
            "1|一、重点|-|公布规划。|牵市发改委 配市财政局|",
            "2|一、重点|-|公布项目。|牵市发改委 配市财政局|",
            "3|二、基础|-|组织培训。|责市政府办公室|",
            "4|二、基础|-|整理文件。|责市政府办公室|",
            "5|二、基础|-|公布执法信息。|牵市应急局|",
        ],
    );
}

#[test]
fn a_plan_in_the_order_of_its_organs_has_collectives_among_them() {
    check(
        "安澜市2026年政务公开任务分工\n一、市政府办公室\n1.组织培训。\n二、各县（市、区）人民政府\n1.建设公开专区。\n2.公布村务。\n",
        &[
            "1|一、市政府办公室|-|组织培训。|责市政府办公室|",
            "1|二、各县（市、区）人民政府|-|建设公开专区。|责各县（市、区）人民政府|",
            "2|二、各县（市、区）人民政府|-|公布村务。|责各县（市、区）人民政府|",
        ],
    );
}

/// A table of one-column cells below the title of a plan.
fn rows(rows: &[&[&str]]) -> Plan {
    let rows: Vec<Vec<(u32, u32, u32, &str)>> = rows
        .iter()
        .map(|row| (0..).zip(*row).map(|(i, text)| (i, 1, 1, *text)).collect())
        .collect();
    let rows: Vec<&[(u32, u32, u32, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let title = Paragraph {
        text: "安澜市2026年政务公开工作任务分解表".to_owned(),
        heading: None,
        place: Place::default(),
    };
    let plan = read(&of_blocks(vec![Block::Paragraph(title), table(&rows)]));
    assert!(plan.is_plan, "{:#?}", plan.problems);
    assert_eq!(plan.coverage.dropped, 0);
    plan
}

#[test]
fn a_table_whose_head_is_not_known_is_read_by_what_stands_in_it() {
    let want = [
        "1|-|规划|公布规划全文，做好归集。|责市发改委|2026-06-30?",
        "2|-|预算|公布各部门预算和决算。|责市财政局|2026-09-30?",
        "3|-|培训|组织业务培训和交流。|责市政府办公室|2026-11-30?",
    ];
    let body: [&[&str]; 3] = [
        &[
            "1",
            "规划",
            "公布规划全文，做好归集。",
            "市发改委",
            "6月底前",
        ],
        &["2", "预算", "公布各部门预算和决算。", "市财政局", "9月底前"],
        &[
            "3",
            "培训",
            "组织业务培训和交流。",
            "市政府办公室",
            "11月底前",
        ],
    ];
    assert_eq!(brief(&rows(&body)), want);
    let plan = rows(&[
        &["序", "名堂", "怎么干", "谁来干", "何时干成"],
        body[0],
        body[1],
        body[2],
    ]);
    assert_eq!(brief(&plan), want);
    assert!(codes(&plan).contains(&"heads-unknown"));
}

#[test]
fn a_list_of_people_is_no_table_of_measures() {
    let rows: &[&[(u32, u32, u32, &str)]] = &[
        &[(0, 1, 1, "单位"), (1, 1, 1, "姓名"), (2, 1, 1, "办公地点")],
        &[
            (0, 1, 1, "市司法局"),
            (1, 1, 1, "周明"),
            (2, 1, 1, "人民路18号3楼"),
        ],
        &[
            (0, 1, 1, "市财政局"),
            (1, 1, 1, "吴强"),
            (2, 1, 1, "解放路6号2楼"),
        ],
        &[
            (0, 1, 1, "市教育局"),
            (1, 1, 1, "郑芳"),
            (2, 1, 1, "学府路9号5楼"),
        ],
    ];
    let title = Paragraph {
        text: "安澜市2026年政务公开工作任务分工方案".to_owned(),
        heading: None,
        place: Place::default(),
    };
    let plan = read(&of_blocks(vec![Block::Paragraph(title), table(rows)]));
    assert!(plan.tasks.is_empty());
}

#[test]
fn columns_of_the_province_are_what_the_city_answers_to() {
    let plan = rows(&[
        &[
            "改革任务",
            "我省工作措施",
            "省牵头单位",
            "我市工作措施",
            "市牵头单位",
            "配合单位",
        ],
        &[
            "一、健全制度",
            "省司法厅建库。",
            "省司法厅",
            "9月底前建成文件库。",
            "市司法局",
            "市政府办公室",
        ],
    ]);
    assert_eq!(
        brief(&plan),
        ["-|一、健全制度|省司法厅建库。|9月底前建成文件库。|牵市司法局 配市政府办公室|2026-09-30"]
    );
    assert!(codes(&plan).contains(&"column-unused"));
    let plan = rows(&[
        &["任务", "省级责任单位", "市级责任单位"],
        &["公布预算。", "省财政厅", "市财政局"],
    ]);
    assert_eq!(brief(&plan), ["-|-|-|公布预算。|责省财政厅 责市财政局|?"]);
    assert!(codes(&plan).contains(&"organs-of-levels"));
}

#[test]
fn signs_for_nothing_and_the_foot_of_a_form() {
    let plan = rows(&[
        &["序号", "任务", "责任单位", "完成时限"],
        &["1", "公布预算。", "市财政局", "6月底前"],
        &["2", "公布决算。", "市审计局", "无"],
        &["3", "公布规划。", "/", "—"],
        &["4", "公布项目。", "", "9月底前"],
        &["", "填表人：周某", "联系电话：88880000", ""],
    ]);
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|公布预算。|责市财政局|2026-06-30",
            "2|-|-|公布决算。|责市审计局|",
            "3|-|-|公布规划。||?",
            "4|-|-|公布项目。||2026-09-30?",
        ]
    );
    assert!(codes(&plan).contains(&"table-foot"));
}

#[test]
fn a_measure_over_the_column_of_headings_stands_below_none() {
    let rows: &[&[(u32, u32, u32, &str)]] = &[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "任务"),
            (2, 1, 1, "具体措施"),
            (3, 1, 1, "责任单位"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "（一）规划公开"),
            (2, 1, 1, "公布规划。"),
            (3, 1, 1, "市发改委"),
        ],
        &[
            (0, 1, 1, "2"),
            (1, 1, 2, "公布预算。"),
            (3, 1, 1, "市财政局"),
        ],
    ];
    let title = Paragraph {
        text: "安澜市2026年政务公开工作任务分解表".to_owned(),
        heading: None,
        place: Place::default(),
    };
    let plan = read(&of_blocks(vec![Block::Paragraph(title), table(rows)]));
    assert_eq!(
        brief(&plan),
        [
            "1|-|（一）规划公开|公布规划。|责市发改委|",
            "2|-|-|公布预算。|责市财政局|?",
        ]
    );
}

#[test]
fn a_year_that_no_title_tells_is_no_sure_year() {
    let table = |last: &str| {
        brief(&read(&document(&format!(
            "安澜市政务公开工作任务分解表\n序号\t任务\t责任单位\t完成时限\n1\t公布预算。\t市财政局\t6月底前\n2\t公布规划。\t市发改委\t{last}\n"
        ))))
    };
    assert_eq!(
        table("2027年3月底"),
        [
            "1|-|-|公布预算。|责市财政局|6月底前?",
            "2|-|-|公布规划。|责市发改委|2027-03-31",
        ]
    );
    let plan = read(&document(
        "安澜市政务公开工作任务分解表\n序号\t任务\t责任单位\t完成时限\n1\t完成2026年度政务公开自查。\t市财政局\t6月底前\n2\t公布规划。\t市发改委\t2027年3月底\n",
    ));
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|完成2026年度政务公开自查。|责市财政局|2026-06-30?",
            "2|-|-|公布规划。|责市发改委|2027-03-31",
        ]
    );
    assert!(codes(&plan).contains(&"year-from-text"));
}

#[test]
fn titles_of_opinions_and_numbers_beside_their_day() {
    let plan = read(&document(
        "安澜市人民政府办公室印发《关于2026年政务公开工作的安排意见》的通知\n各区县：\n现印发给你们，请贯彻落实。\n关于2026年政务公开工作的安排意见\n一、重点\n1.公布预算。（市财政局）\n2.公布规划。（市发改委）\n",
    ));
    assert_eq!(
        plan.title.as_deref(),
        Some("关于2026年政务公开工作的安排意见")
    );
    let plan = read(&document(
        "安澜市2026年政务公开工作要点\n(安府办〔2026〕12号 2026年5月10日印发)\n一、重点\n1.公布预算。（市财政局）\n2.公布规划。（市发改委）\n",
    ));
    assert_eq!(plan.document_number.as_deref(), Some("安府办〔2026〕12号"));
}

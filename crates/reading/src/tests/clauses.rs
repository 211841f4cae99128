//! Units and what they do, with little or nothing between them, and the people beside them.

use super::*;

/// The organs of a table's one task, whose unit cell holds this text; a `?` where it is to be checked.
fn of_cell(units: &str) -> String {
    let title = Block::Paragraph(Paragraph {
        text: "2021年安澜县政务公开分工方案".to_owned(),
        heading: None,
        place: Place::default(),
    });
    let head: &[_] = &[
        (0, 1, 1, "序号"),
        (1, 1, 1, "工作任务"),
        (2, 1, 1, "责任单位"),
    ];
    let own: &[_] = &[(0, 1, 1, "1"), (1, 1, 1, "公开年度预算"), (2, 1, 1, units)];
    let plan = read(&of_blocks(vec![title, table(&[head, own])]));
    assert_eq!(plan.coverage.dropped, 0);
    let tasks = brief(&plan);
    let [task] = tasks.as_slice() else {
        panic!("{units}: {tasks:?}")
    };
    let fields: Vec<&str> = task.split('|').collect();
    format!("{}{}", fields[4], fields[5])
}

#[test]
fn a_role_ends_its_clause_at_a_line_end_a_blank_or_a_bracket() {
    for (units, want) in [
        ("县发改局牵头\n各镇配合", "牵县发改局 配各镇"),
        ("县发改局牵头 县直各单位配合", "牵县发改局 配县直各单位"),
        ("县财政局负责\n各镇配合", "责县财政局 配各镇"),
        (
            "县教育局牵头\n各镇、县人社局",
            "牵县教育局 责各镇 责县人社局",
        ),
        (
            "党政办牵头\n综治中心配合\n农业农村办落实",
            "牵党政办 配综治中心 责农业农村办",
        ),
        (
            "县财政局牵头负责\n县审计局具体落实\n各镇",
            "牵县财政局 责县审计局 责各镇",
        ),
        ("县财政局\n（各预算单位配合）", "责县财政局 配各预算单位"),
        (
            "县财政局牵头（县审计局、各镇配合）",
            "牵县财政局 配县审计局 配各镇",
        ),
        // another verb, no further name
        (
            "县财政局、县审计局负责\n按职责分工落实",
            "责县财政局 责县审计局",
        ),
        ("县财政局 牵头 县审计局 配合", "牵县财政局 配县审计局"),
        (
            "县财政局（牵头）\n县审计局（配合）",
            "牵县财政局 配县审计局",
        ),
    ] {
        assert_eq!(of_cell(units), want, "{units}");
    }
}

#[test]
fn a_role_with_nothing_behind_it_or_below_other_names_is_to_be_checked() {
    for (units, want) in [
        ("县财政局牵头县审计局配合", "牵县财政局 配县审计局?"),
        ("县发改局\n各镇配合", "责县发改局 配各镇?"),
        ("县发改局\n县教育局牵头", "牵县发改局 牵县教育局?"),
        ("财政所牵头党政办配合", "配财政所牵头党政办?"),
        ("网信牵头 各镇配合", "配网信牵头各镇?"),
    ] {
        assert_eq!(of_cell(units), want, "{units}");
    }
    // a line end inside a list or inside a name
    for (units, want) in [
        (
            "县发改局、县教育局、\n县财政局配合",
            "配县发改局 配县教育局 配县财政局",
        ),
        ("县发改局、县教育\n局配合", "配县发改局 配县教育局"),
        ("各镇\n人民政府落实", "责各镇人民政府"),
        ("各牵头单位\n各责任单位", "责各牵头单位 责各责任单位"),
    ] {
        assert_eq!(of_cell(units), want, "{units}");
    }
}

#[test]
fn people_and_their_telephones_are_no_part_of_a_name() {
    for (units, want) in [
        ("县自然资源局（王磊，0752-7781234）", "责县自然资源局"),
        ("县生态环境局 刘洋 13800000000", "责县生态环境局"),
        ("县司法局\n王磊\n13800000000", "责县司法局"),
        // a bare name may be another word
        (
            "县应急局(陈静)、县消防救援大队(何勇)",
            "责县应急局 责县消防救援大队?",
        ),
        (
            "县应急局（陈静）牵头，县财政局（李红）配合",
            "牵县应急局 配县财政局?",
        ),
        ("县委宣传部（县文明办）", "责县委宣传部（县文明办）"),
        ("县财政局 金融办", "责县财政局 责金融办"),
    ] {
        assert_eq!(of_cell(units), want, "{units}");
    }
    check(
        "2023年安澜县政务公开分工方案\n1.公开规划。（责任单位：县发改局（王磊））\n2.公开财政。（责任单位：县财政局，联系人：李红，电话：5551234）\n3.公开教育。（县教育局 张三）\n",
        &[
            "1|-|-|公开规划。|责县发改局|?",
            "2|-|-|公开财政。|责县财政局|",
            "3|-|-|公开教育。|责县教育局|?",
        ],
    );
}

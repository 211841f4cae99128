//! Measures as records with labels, below headings of units, and what clerks write around them.

use super::{check, codes};

#[test]
fn problems_with_what_mends_them() {
    check(
        "云岭县2023年评估反馈问题整改任务清单\n问题一：解读材料没有与文件关联\n整改目标：2023年8月底前全部关联。\n整改措施：逐件自查，建立问题台账。\n整改时限：2023年8月31日\n牵头单位：县政府办公室\n问题二：账号更新不及时\n整改目标：每周更新。\n整改措施：全面摸底，关停不用的账号。\n整改时限：2023年7月底前\n责任单位：县委网信办\n",
        &[
            "-|-|解读材料没有与文件关联|逐件自查，建立问题台账。|牵县政府办公室|2023-08-31",
            "-|-|账号更新不及时|全面摸底，关停不用的账号。|责县委网信办|2023-07-31",
        ],
    );
}

#[test]
fn who_only_helps_stands_beside_the_units_of_the_heading() {
    check(
        "云岭县2022年工作任务分工\n（按责任单位排列）\n【县司法局】\n1.完成合法性审查全覆盖。\n2.组织执法人员培训。（配合单位：县人社局）\n【县政府办公室】\n3.编制年度决策事项目录。完成时间：4月底前。\n【各乡镇政府】\n4.建立法律顾问制度。\n",
        &[
            "1|-|-|完成合法性审查全覆盖。|责县司法局|?",
            "2|-|-|组织执法人员培训。|责县司法局 配县人社局|?",
            "3|-|-|编制年度决策事项目录。|责县政府办公室|2022-04-30?",
            "4|-|-|建立法律顾问制度。|责各乡镇政府|?",
        ],
    );
}

#[test]
fn blanks_that_became_question_marks_before_numbers() {
    check(
        "云岭县2021年行动方案\n??一、提升服务\n??1.推广电子签章。（责任单位：县政务服务局）\n??2.推进专属网页建设。（责任单位：县大数据局）\n",
        &[
            "1|一、提升服务|-|推广电子签章。|责县政务服务局|",
            "2|一、提升服务|-|推进专属网页建设。|责县大数据局|",
        ],
    );
}

#[test]
fn content_with_its_aims_in_one_column_a_cell_a_line() {
    check(
        "青禾镇2023年实事项目责任分解表\n序号\n项目名称\n建设内容及目标\n责任领导\n责任科室\n责任人\n完成时限\n1\n道路硬化\n硬化通组路3.6公里，安装路灯120盏。\n张某\n村镇建设办公室\n吴某\n8月底\n2\n饮水安全\n改造供水管网8公里，惠及1500户。\n张某\n农业农村办公室、供水站\n林某\n6月30日前\n3\n养老服务\n新建养老服务站2个。\n何某\n社会事务办公室\n郑某\n年底前\n",
        &[
            "1|-|道路硬化|硬化通组路3.6公里，安装路灯120盏。|责村镇建设办公室|2023-08-31",
            "2|-|饮水安全|改造供水管网8公里，惠及1500户。|责农业农村办公室 责供水站|2023-06-30",
            "3|-|养老服务|新建养老服务站2个。|责社会事务办公室|2023-12-31",
        ],
    );
}

#[test]
fn a_form_of_labels_for_each_measure() {
    let form = |no: u32, name: &str, text: &str, lead: &str, with: &str| {
        format!(
            "任务序号：{no}\n任务名称：{name}\n工作内容：{text}\n牵头科室：{lead}\n配合科室：{with}\n完成时限：2025年8月底前\n责任人：刘某\n联系电话：0000-6612088\n"
        )
    };
    let forms = [
        form(
            1,
            "行政权力公开",
            "调整权责清单并及时公布。",
            "行政审批科",
            "政策法规科",
        ),
        form(
            2,
            "民生实事公开",
            "公布改造计划和资金来源。",
            "城市更新科",
            "房产管理科",
        ),
        form(
            3,
            "民生实事公开",
            "公布租金标准和退出情况。",
            "住房保障科",
            "财务科",
        ),
    ];
    check(
        &format!(
            "云岭县住房和城乡建设局2025年政务公开任务分解表\n{}",
            forms.concat()
        ),
        &[
            "1|-|行政权力公开|调整权责清单并及时公布。|牵行政审批科 配政策法规科|2025-08-31",
            "2|-|民生实事公开|公布改造计划和资金来源。|牵城市更新科 配房产管理科|2025-08-31",
            "3|-|民生实事公开|公布租金标准和退出情况。|牵住房保障科 配财务科|2025-08-31",
        ],
    );
}

#[test]
fn duties_at_the_beginning_of_lines_of_one_cell() {
    check(
        "安澜市2022年政务公开任务分解表\n序号\t任务\t责任单位\n1\t公布办事指南。\t市司法局\n2\t公布检查结果。\t市财政局\n",
        &[
            "1|-|-|公布办事指南。|责市司法局|",
            "2|-|-|公布检查结果。|责市财政局|",
        ],
    );
    let units = super::super::organs::parse(&[super::super::organs::Units {
        role: None,
        text: super::super::text::run("牵头：市市场监管局\n责任：各县（市、区）"),
    }]);
    let list: Vec<String> = units
        .list
        .iter()
        .map(|organ| format!("{}{}", organ.role.as_str(), organ.name))
        .collect();
    assert_eq!(list, ["lead市市场监管局", "responsible各县（市、区）"]);
}

#[test]
fn days_from_the_issue_that_a_notice_sets_for_everybody() {
    for asked in ["请各单位于印发之日起30日内", "请各单位在通知印发30日内"] {
        let plan = super::read(&super::document(&format!(
            "安澜市人民政府办公室关于印发2026年政务公开工作要点任务分工的通知\n各县区：\n现印发给你们。{asked}反馈分工落实计划。\n安澜市人民政府办公室\n2026年3月2日\n2026年政务公开工作要点任务分工\n一、主要任务\n1.公布目录。（责任单位：市司法局）\n2.公布指南。（责任单位：市财政局）\n"
        )));
        let days: Vec<Option<String>> = plan
            .document_deadlines
            .iter()
            .map(|deadline| deadline.date.map(|date| date.to_string()))
            .collect();
        assert_eq!(days, [Some("2026-04-01".to_owned())], "{asked}");
    }
}

#[test]
fn a_row_that_shows_how_to_fill_in_is_no_measure() {
    let plan = check(
        "安澜市2026年政务公开工作台账\n序号\t任务\t责任单位\t完成时限\n示例\t例：公布办事指南并附链接。\t市某局\t6月底前\n1\t公布目录。\t市司法局\t6月底前\n2\t公布指南。\t市财政局\t9月底前\n",
        &[
            "1|-|-|公布目录。|责市司法局|2026-06-30",
            "2|-|-|公布指南。|责市财政局|2026-09-30",
        ],
    );
    assert!(codes(&plan).contains(&"table-example"));
}

#[test]
fn a_blank_cell_between_two_commas_stays_one() {
    check(
        "云岭县2024年政务公开任务分解表,,,,\n序号,任务,牵头科室,配合科室,完成时限\n1,公布权责清单。,行政审批科,,2024年6月30日前\n2,公布检查结果。,执法科,法规科,2024年9月30日前\n3,公布审批结果。,行政审批科,,2024年6月30日前\n",
        &[
            "1|-|-|公布权责清单。|牵行政审批科|2024-06-30",
            "2|-|-|公布检查结果。|牵执法科 配法规科|2024-09-30",
            "3|-|-|公布审批结果。|牵行政审批科|2024-06-30",
        ],
    );
}

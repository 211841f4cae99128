//! Shapes of papers that the reader had not seen, each as a made-up paper.

use super::super::years::year_of;
use super::verdicts::no_plan;
use super::*;

#[test]
fn a_title_parted_inside_its_quotation_and_a_plan_of_several_years() {
    let plan = check(
        "安澜市人民政府办公室\n2022年7月8日\n安澜市贯彻《云江省政务公开\n五年行动计划（2021—2025年）》实施方案\n为推进政务公开，制定本方案。\n一、主要任务\n（一）夯实基础。健全目录，年底前公布。（市府办〔市大数据局〕牵头，各县〔区〕政府配合）\n（二）公开规划。（市发改委负责，各县〔区〕政府配合）\n",
        &[
            "-|一、主要任务|-|夯实基础。健全目录，年底前公布。|牵市府办〔市大数据局〕 配各县〔区〕政府|2022-12-31?",
            "-|一、主要任务|-|公开规划。|责市发改委 配各县〔区〕政府|",
        ],
    );
    assert_eq!(
        plan.title.as_deref(),
        Some("安澜市贯彻《云江省政务公开五年行动计划（2021—2025年）》实施方案")
    );
    assert_eq!(plan.year, Some(2022));
}

#[test]
fn a_range_of_years_without_a_day_of_issue_begins_with_its_first() {
    for (title, year) in [
        ("安澜市政务公开三年行动方案（2023—2025年）", 2023),
        ("安澜市2024年度政务公开工作要点", 2024),
    ] {
        assert_eq!(
            year_of(title, None),
            Some(year),
            "{title} without a day of issue"
        );
    }
    assert_eq!(year_of("三年方案（2023—2025年）", Some(2026)), Some(2023));
    assert_eq!(year_of("三年方案（2023至2025年）", Some(2024)), Some(2024));
}

#[test]
fn a_report_below_the_day_of_the_page() {
    no_plan(
        "云江省安澜市人民政府 2024年12月3日星期二\n安澜市2023年度法治政府建设情况报告\n2023年，全市扎实推进法治政府建设。\n一、依法履行职能\n坚持高位推动。\n（一）规范审批。市行政审批局牵头，各县区配合，取消事项18项。\n",
        "other-paper",
    );
}

#[test]
fn measures_of_a_second_annex_stand_below_its_own_title() {
    let plan = check(
        "现将两个方案印发给你们。\n安澜市人民政府办公室\n2024年5月22日\n附件1\n2024年政府工作报告重点工作责任分解\n一、李明副市长主抓工作\n1.支持企业发展。\n责任单位：市经信局、市财政局（列第一位者为牵头单位，下同）\n2.开展项目攻坚。\n责任单位：市发改委、市经信局\n附件2\n十方面民生实事责任分解\n1.新增托育机构20家以上。\n责任单位：市卫生健康委、市教育局\n",
        &[
            "1|一、李明副市长主抓工作|-|支持企业发展。|牵市经信局 责市财政局|",
            "2|一、李明副市长主抓工作|-|开展项目攻坚。|牵市发改委 责市经信局|",
            "1|十方面民生实事责任分解|-|新增托育机构20家以上。|牵市卫生健康委 责市教育局|",
        ],
    );
    assert!(!codes(&plan).contains(&"organ-unknown"));
}

#[test]
fn a_notice_that_points_to_its_annex_misses_it() {
    no_plan(
        "关于做好2024年为民办实事的通知\n各乡镇人民政府：\n现将各项工作任务分解（详见附件），有关事宜通知如下：\n一、落实责任\n各责任单位要制定计划，狠抓落实。\n二、密切配合\n各相关单位要全力支持。\n三、加强督查\n县政府办公室将定期督查。\n附件：1.2024年政府工作报告任务分解表\n2.2024年民生实事任务分解表\n安澜县人民政府办公室\n2024年8月16日\n",
        "table-missing",
    );
    let plan = read(&document(
        "各乡镇人民政府：\n现将各项目标任务分解下达，请抓好落实。\n附件：2024年县政府重点工作任务分解表\n",
    ));
    assert_eq!(
        (plan.title.as_deref(), plan.year),
        (Some("2024年县政府重点工作任务分解表"), Some(2024))
    );
    let plan = read(&document(
        "各单位：\n请抓好落实。\n附件：1.2024年民生实事项目责任分解表\n",
    ));
    assert_eq!(plan.title.as_deref(), Some("2024年民生实事项目责任分解表"));
}

#[test]
fn numbers_in_brackets_and_days_without_their_sign() {
    let plan = read(&document(
        "安澜市人民政府办公厅关于印发民生工程任务分工的通知\n（安府办〔2019〕84号）\n各区人民政府：\n现印发给你们。\n安澜市人民政府办公厅\n民生工程任务分工\n一、教育\n1.新建学校，年底前完成。（市教育局负责）\n2.改造食堂。（市教育局负责）\n",
    ));
    assert_eq!(
        (plan.document_number.as_deref(), plan.year),
        (Some("安府办〔2019〕84号"), Some(2019))
    );
    let plan = read(&document(
        "2024年县政府重点工作任务（安政发〔2024〕2号）\n各乡镇：\n一、教育\n1.新建学校。（县教育局负责）\n2.改造食堂。（县教育局负责）\n",
    ));
    assert_eq!(plan.document_number.as_deref(), Some("安政发〔2024〕2号"));
    let plan = read(&document(
        "安澜县人民政府办公室关于印发2020年政务公开工作要点的通知\n各乡镇：\n现印发给你们。\n安澜县人民政府办公室\n2020年9月17\n（此件公开发布\n安澜县2020年政务公开工作要点\n一、公开\n1.公开预算。（县财政局负责）\n2.公开规划。（县发改局负责）\n",
    ));
    assert_eq!(
        plan.issued_on.map(|d| d.to_string()).as_deref(),
        Some("2020-09-17")
    );
    assert!(codes(&plan).contains(&"issue-date-repaired"));
}

#[test]
fn a_paragraph_with_units_above_numbers_is_a_measure_too() {
    check(
        "安澜市2024年优化营商环境任务分工方案\n一、审批\n（一）规范审批。定期清理审批事项，公布清单。（责任单位：市行政审批局）\n1.清理事项。（责任单位：市司法局）\n2.公布清单。（责任单位：市委编办）\n（二）强化监管。统一执法标准，减少检查频次。（责任单位：市市场监管局）\n1.制定标准。\n2.减少检查。\n",
        &[
            "-|一、审批|（一）规范审批。|定期清理审批事项，公布清单。|责市行政审批局|",
            "1|一、审批|（一）规范审批。|清理事项。|责市司法局|",
            "2|一、审批|（一）规范审批。|公布清单。|责市委编办|",
            "1|一、审批|（二）强化监管。|制定标准。|责市市场监管局|",
            "2|一、审批|（二）强化监管。|减少检查。|责市市场监管局|",
        ],
    );
}

#[test]
fn two_names_without_a_sign_are_shown() {
    let plan = check(
        "安澜镇2024年政务公开任务分工\n一、公开\n1.公开惠民资金。（派出所工商质监所、财政所负责）\n2.公开预算。（党政办、财政所负责）\n",
        &[
            "1|一、公开|-|公开惠民资金。|责派出所工商质监所 责财政所|?",
            "2|一、公开|-|公开预算。|责党政办 责财政所|",
        ],
    );
    assert_eq!(plan.tasks[0].confidence, Confidence::Check);
    assert_eq!(plan.tasks[1].confidence, Confidence::Sure);
}

#[test]
fn a_sentence_about_contents_names_no_organ() {
    let plan = read(&document(
        "关于进一步做好信息公开工作的通知\n各单位：\n现将有关事项通知如下：\n1.请各责任单位对照目录，对所负责的内容查漏补缺。\n2.各责任单位要及时更新栏目。\n3.不再另行通知。\n",
    ));
    let names: Vec<&str> = plan
        .tasks
        .iter()
        .flat_map(|t| &t.organs)
        .map(|o| o.name.as_str())
        .collect();
    assert!(!names.contains(&"对所"), "{names:?}");
}

#[test]
fn a_blank_leading_cell_beside_other_units_is_as_above() {
    let plan = check(
        "安澜区2024年优化营商环境任务分解表\n重点任务\t序号\t工作措施\t牵头单位\t配合单位\t完成时限\n一、优化审批\t1\t压减审批时限。\t区行政审批局\t区发改局\t2024年6月底\n\t2\t推行告知承诺制。\t\t区司法局\t2024年8月底\n\t3\t开展帮办代办。\t\t各街道办事处\t持续推进\n二、强化监管\t4\t推行联合抽查。\t区市场监管局\t区应急局\t2024年10月底\n",
        &[
            "1|一、优化审批|-|压减审批时限。|牵区行政审批局 配区发改局|2024-06-30",
            "2|一、优化审批|-|推行告知承诺制。|牵区行政审批局 配区司法局|2024-08-31?",
            "3|一、优化审批|-|开展帮办代办。|牵区行政审批局 配各街道办事处|持续推进?",
            "4|二、强化监管|-|推行联合抽查。|牵区市场监管局 配区应急局|2024-10-31",
        ],
    );
    assert!(codes(&plan).contains(&"lead-inherited"));
}

#[test]
fn a_blank_leading_cell_in_a_first_row_says_that_nobody_leads() {
    check(
        "安澜区2024年优化营商环境任务分解表\n序号\t工作措施\t牵头单位\t责任单位\n1\t公开审批时限。\t\t区行政审批局\n2\t公开监管结果。\t区市场监管局\t区应急局\n3\t公开预算。\t\t区财政局\n",
        &[
            "1|-|-|公开审批时限。|责区行政审批局|",
            "2|-|-|公开监管结果。|牵区市场监管局 责区应急局|",
            "3|-|-|公开预算。|责区财政局|",
        ],
    );
}

#[test]
fn what_is_built_is_no_unit_in_a_table_of_which_each_cell_is_a_line() {
    check(
        "2016年民生实事目标任务分解表\n\n序号\n\n民生实事\n\n责任单位\n\n完成时限\n\n1\n\n启动县图书馆新馆建设。\n\n县文广局\n\n县代建中心\n\n12月底前\n\n2\n\n建成县残疾人综合服务中心。\n\n县残联\n\n5月底前动工\n\n3\n\n开工建设县养护楼。\n\n县民政局\n\n5月底前动工\n\n4\n\n迁建县政务服务中心。\n\n县政务服务中心\n\n县代建中心\n\n12月底前\n\n5\n\n新建人行天桥2座。\n\n县住建局\n\n9月投入使用\n",
        &[
            "1|-|-|启动县图书馆新馆建设。|责县文广局 责县代建中心|2016-12-31",
            "2|-|-|建成县残疾人综合服务中心。|责县残联|2016-05-31",
            "3|-|-|开工建设县养护楼。|责县民政局|2016-05-31",
            "4|-|-|迁建县政务服务中心。|责县政务服务中心 责县代建中心|2016-12-31",
            "5|-|-|新建人行天桥2座。|责县住建局|2016-09-30",
        ],
    );
}

#[test]
fn units_for_all_that_follows_are_listed_once() {
    check(
        "安澜市2022年纾困解难政策措施任务分工\n一、财税支持\n1.争取专项资金。（责任单位：市工信局等有关部门，各县区政府、园区管委会。以下政策措施均需各县区政府、园区管委会落实，不再单独列出）\n2.落实减税。（责任单位：市税务局）\n",
        &[
            "1|一、财税支持|-|争取专项资金。|责市工信局 责各县区政府 责园区管委会|?",
            "2|一、财税支持|-|落实减税。|责市税务局 责各县区政府 责园区管委会|",
        ],
    );
}

#[test]
fn blanks_inside_names_and_headings_part_nothing() {
    check(
        "安澜市2024年政务公开工作要点\n一、围绕扩大投资、推 动重大战略落地落实加强信息公开\n1.公开项目。（各县 （市、区）政府、市发改委负责）\n2.公开规划。（各镇政府、街道办 事处负责）\n二、总体安排 2024年要健全机制，细化分工。\n3.公开预算。（市政府办 公室、市财政局负责）\n",
        &[
            "1|一、围绕扩大投资、推动重大战略落地落实加强信息公开|-|公开项目。|责各县（市、区）政府 责市发改委|",
            "2|一、围绕扩大投资、推动重大战略落地落实加强信息公开|-|公开规划。|责各镇政府 责街道办事处|",
            "3|二、总体安排|-|公开预算。|责市政府办公室 责市财政局|",
        ],
    );
}

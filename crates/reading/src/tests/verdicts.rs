//! Documents that are no plan.

use super::*;

#[track_caller]
pub(super) fn no_plan(text: &str, code: &str) {
    let plan = read(&document(text));
    assert!(!plan.is_plan && plan.tasks.is_empty(), "{:?}", brief(&plan));
    assert!(codes(&plan).contains(&code), "{:?}", codes(&plan));
    assert_eq!(plan.coverage.dropped, 0);
}

#[test]
fn a_notice_whose_table_is_missing() {
    no_plan(
        "安澜市人民政府办公室关于印发2026年政务公开工作要点分工方案的通知\n安府办〔2026〕3号\n各部门：\n现将方案印发给你们，请认真执行。\n附件：2026年政务公开工作要点分工方案\n安澜市人民政府办公室\n2026年3月1日\n",
        "table-missing",
    );
}

#[test]
fn a_table_of_which_only_the_head_was_captured() {
    no_plan(
        "安澜区2026年政务公开任务分解表\n工作任务 |\n工作要求 |\n牵头单位 |\n责任单位 |\n一、深化公开 |\n|||\n|\n|\n二、强化基层 |\n|||\n",
        "table-empty",
    );
}

#[test]
fn a_disclosure_catalogue() {
    no_plan(
        "安澜镇政务公开事项标准目录\n序号\t公开事项\t公开内容\t公开主体\t公开时限\t公开渠道\n1\t机构职能\t机构设置信息\t镇党政办\t长期\t网站\n2\t财政预算\t预算决算\t镇财政所\t20个工作日内\t网站\n",
        "catalogue",
    );
}

#[test]
fn a_catalogue_whose_head_names_classes_of_information() {
    no_plan(
        "第二部分 主动公开基本目录\n序号 | 政府信息公开类别及事项 | 公开内容 | 责任单位 |\n一级 | 二级 |\n1 | 机构介绍 | 机构设置 | 部门职能、办公地址等。 | 党政办 |\n2 | 领导分工 | 领导简介等。 | 党政办 |\n",
        "catalogue",
    );
}

#[test]
fn an_explanation_whose_title_was_not_captured() {
    no_plan(
        "一、起草背景\n根据上级部署，制定了《安澜县2026年政务公开工作要点》。\n二、主要任务\n（一）加强主动公开。公开规划。\n（二）加强政策解读。解读文件。\n",
        "no-assignment",
    );
}

#[test]
fn summaries_reports_interpretations_and_news() {
    no_plan(
        "安澜镇2025年度政务公开工作总结\n现将工作情况总结如下：\n一、主动公开情况\n（一）公开信息474条。\n（二）公开基层政务信息402条。\n",
        "other-paper",
    );
    no_plan(
        "安澜市2025年政府信息公开工作年度报告\n一、总体情况\n（一）主动公开。公开规章13件。\n（二）依申请公开。办结46件。\n",
        "other-paper",
    );
    no_plan(
        "《安澜市2026年政务公开工作要点》政策解读\n一、背景依据\n1.国务院要求。\n2.省里要求。\n二、主要任务\n（一）编制目录。\n",
        "other-paper",
    );
    no_plan(
        "安澜区举办政务公开培训会\n5月22日上午，安澜区举办政务公开培训会。各部门30余人参会。\n",
        "other-paper",
    );
    no_plan(
        "安澜县2026年政务公开工作要点落实情况表\n序号\t工作任务\t责任单位\t落实情况\n1\t公开规划。\t县发改局\t已公开12项。\n2\t政策解读。\t县政府办\t发布36篇。\n",
        "other-paper",
    );
    no_plan(
        "政务公开工作领导小组及职责分工\n组长：赵某\n一、办公室：负责日常工作。\n二、业务科：负责业务公开。\n",
        "other-paper",
    );
    no_plan(
        "安澜市财政局政务公开工作规定\n一、组织保障\n设立领导小组。\n二、主要职责\n领导小组负责协调政务公开工作。\n",
        "other-paper",
    );
}

#[test]
fn a_notice_of_one_occasion() {
    no_plan(
        "安澜区政务公开办关于开展政务公开工作检查的通知\n各部门：\n为做好政务公开工作，决定开展检查。\n一、检查内容\n（一）主动公开。检查栏目。\n（二）依申请公开。检查答复。\n（三）解读。检查解读。\n二、检查方式\n（四）自查。各单位自查。\n（五）抽查。随机抽查。\n（六）整改。限期整改。\n",
        "no-assignment",
    );
}

#[test]
fn an_empty_or_foreign_text() {
    no_plan("", "no-tasks");
    no_plan("今天天气晴，适合郊游。\n", "no-tasks");
}

#[test]
fn the_record_of_a_meeting_that_orders_work() {
    no_plan(
        "安澜市人民政府常务会议纪要\n〔2026〕8号\n2026年4月8日，召开市政府第20次常务会议，纪要如下：\n一、审议《安澜市2026年政务公开工作要点》\n会议原则同意，由市政府办公室按程序印发。\n二、审议《安澜市防汛应急预案》\n会议要求，市水利局、市应急局负责落实，6月底前完成。\n",
        "other-paper",
    );
}

#[test]
fn rules_put_in_force_and_classes_of_a_catalogue() {
    no_plan(
        "安澜县人民政府关于印发《安澜县人民政府工作规则》的通知\n各乡镇人民政府：\n现予印发，请遵照执行。\n安澜县人民政府\n2026年1月17日\n安澜县人民政府工作规则\n第一章 总则\n一、根据有关法律，制定本规则。\n二、县政府实行县长负责制。\n三、县政府依法行政，公开政务。\n",
        "other-paper",
    );
    no_plan(
        "分类\n|\n内容要求\n|\n责任单位\n|\n一级\n|\n二级\n|\n三级\n|\n政策法规\n|\n部门文件\n|\n|\n本部门印发的可以公开的文件。\n|\n相关科室\n|\n规划计划\n|\n|\n|\n中长期规划、年度计划和总结。\n|\n相关科室\n|\n",
        "catalogue",
    );
}

#[test]
fn a_system_of_indicators() {
    no_plan(
        "附件1\n安澜学院信息公开事项测评指标体系（2.0）版\n序号 | 类别 | 公开事项 | 评分指标 | 分值 | 责任部门 |\n1 | 基本信息 | 办学规模 | 总体情况介绍 | 0.8 | 党政办 |\n2 | 基本信息 | 学校章程 | 章程全文 | 0.8 | 党政办 |\n3 | 招生信息 | 招生章程 | 章程与计划 | 1.0 | 招生办 |\n",
        "other-paper",
    );
}

#[test]
fn a_notice_that_orders_the_work_and_wants_a_summary() {
    let plan = read(&document(
        "安澜市政务公开办公室关于做好2026年政务公开重点工作的通知\n市直各单位：\n现将有关事项通知如下：\n一、做好主动公开\n1.全面清理栏目，5月底前完成。\n2.及时公开涉企政策。\n3.按季度公开预算执行情况。\n二、做好依申请公开\n4.规范答复文书。\n5.每季度通报办理情况。\n请各单位于12月15日前将工作总结报市政务公开办公室。\n安澜市政务公开办公室\n2026年3月20日\n",
    ));
    assert!(plan.is_plan && plan.tasks.len() == 5, "{:?}", codes(&plan));
}

#[test]
fn a_table_of_marks() {
    no_plan(
        "指标 | 分值 | 责任单位 |\n主动公开 | 30 | 各单位 |\n依申请公开 | 20 | 县政府办公室 |\n平台建设 | 50 | 县数据局 |\n",
        "scoring",
    );
}

#[test]
fn how_work_is_judged() {
    no_plan(
        "关于印发《安澜区2024年政务公开考评方案》的通知\n各街道：\n现将方案印发给你们。\n安澜区政务公开办公室\n2024年5月7日\n安澜区2024年政务公开考评方案\n一、考评对象\n各街道、区直各部门。\n二、考评方式\n每季度考评一次。\n三、工作要求\n（一）加强落实。各单位要高度重视。\n",
        "other-paper",
    );
}

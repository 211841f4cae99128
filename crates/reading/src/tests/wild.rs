//! Shapes of papers met on pages of governments, each as a made-up paper.

use super::verdicts::no_plan;
use super::*;

#[test]
fn a_manner_before_the_duty_of_a_label() {
    check(
        "安澜县2021年工作任务分解\n1.创建卫生县城。\n牵头责任单位：县卫健委\n主要协作单位：各乡镇人民政府、县财政局\n2.建设养老中心。\n牵头责任单位：县民政局\n主要协作单位：县财政局\n",
        &[
            "1|-|-|创建卫生县城。|牵县卫健委 配各乡镇人民政府 配县财政局|",
            "2|-|-|建设养老中心。|牵县民政局 配县财政局|",
        ],
    );
}

#[test]
fn units_behind_a_label_that_is_not_known_are_shown() {
    let plan = check(
        "安澜县2021年工作任务分解\n1.创建卫生县城。\n责任单位：县卫健委\n联动单位：县城管局、县财政局\n2.建设养老中心。\n责任单位：县民政局\n",
        &[
            "1|-|-|创建卫生县城。|责县卫健委|?",
            "2|-|-|建设养老中心。|责县民政局|",
        ],
    );
    assert!(codes(&plan).contains(&"organs-other-label"));
}

#[test]
fn what_is_done_about_a_problem_stands_behind_its_units() {
    check(
        "安澜区2022年反馈问题整改方案\n一、整改内容\n1.共性问题\n（1）台账登记不全，更新不及时。（牵头单位：民政办；责任单位：各村）\n整改措施：每月核对一次台账，补齐缺项。\n（2）房屋建设方面。\n①有的房屋超过标准。（牵头单位：规划所；责任单位：各村）\n整改措施：一是逐户丈量。二是分类处理。\n",
        &[
            "-|一、整改内容|1.共性问题|台账登记不全，更新不及时。整改措施：每月核对一次台账，补齐缺项。|牵民政办 责各村|每月",
            "-|一、整改内容|（2）房屋建设方面。|有的房屋超过标准。整改措施：一是逐户丈量。二是分类处理。|牵规划所 责各村|",
        ],
    );
}

#[test]
fn the_year_of_a_text_without_title_stands_in_its_opening() {
    let plan = read(&document(
        "各县区人民政府：\n根据《云江省2013年工作要点》要求，现就落实2014年全市公开工作任务通知如下：\n一、任务分工\n1.公开审批事项。（牵头单位：市编办）\n2.公开处罚结果，6月底前完成。（牵头单位：市司法局）\n",
    ));
    assert_eq!(plan.year, Some(2014));
    assert!(codes(&plan).contains(&"year-from-text"));
    let two = read(&document(
        "现将2013年任务和有关要求通知如下。现就2014年任务通知如下：\n1.公开审批事项。（牵头单位：市编办）\n2.公开处罚结果。（牵头单位：市司法局）\n",
    ));
    assert_eq!(two.year, None);
}

#[test]
fn a_title_with_a_stop_before_the_first_sentence() {
    let plan = read(&document(
        "关于支持返乡创业的八条意见。为落实市委部署，结合实际，提出以下意见。1.给予一次性补助。责任单位：市人社局、市财政局。2.减免场地租金。责任单位：市住建局。\n",
    ));
    assert_eq!(plan.title.as_deref(), Some("关于支持返乡创业的八条意见"));
    assert_eq!(plan.tasks.len(), 2);
}

#[test]
fn projects_of_the_year_without_title_and_units_are_a_plan() {
    let plan = read(&document(
        "各县区人民政府：\n为確保票選確定的民生實事完成，現將有關事項通知如下：\n一、納入民生實事項目管理的內容\n（一）新建公廁20座。\n（二）改造農村公路30公里。\n（三）新增停車位500個。\n（四）建設文化禮堂8個。\n（五）培訓教師200名。\n",
    ));
    assert!(plan.is_plan);
    assert_eq!(plan.tasks.len(), 5);
    assert!(plan.tasks.iter().all(|t| t.confidence == Confidence::Check));
}

#[test]
fn progress_shown_to_the_public_is_no_plan() {
    no_plan(
        "今年民生实事项目共有6项，各责任单位高度重视。现将实事项目1—6月份进展情况予以公示，接受监督。\n1.新建公厕20座。责任单位：市城管局\n2.改造公路30公里。责任单位：市交通局\n",
        "other-paper",
    );
}

#[test]
fn labels_of_people_and_progress_end_a_list_of_units() {
    check(
        "安澜市2022年民生实事任务分解\n1.新建公厕20座。 牵头领导:王海 责任单位:市城管局 项目责任人:李江 实际完成情况:已建成8座。 2.改造公路30公里。 牵头领导:王海 责任单位:市交通局 项目责任人:周山 配合单位:市财政局、市公安局 实际完成情况:勘察、设计已经结束。\n",
        &[
            "1|-|-|新建公厕20座。|责市城管局|",
            "2|-|-|改造公路30公里。|责市交通局 配市财政局 配市公安局|",
        ],
    );
}

#[test]
fn one_card_with_labels_on_lines_of_their_own() {
    check(
        "具体任务\n建成县医院门诊楼，改造社区卫生站；办好全县运动会。\n责任单位\n卫健局、文旅局\n配合单位\n各乡镇\n完成时限\n2022年12月底前\n",
        &[
            "-|-|-|建成县医院门诊楼，改造社区卫生站；办好全县运动会。|责卫健局 责文旅局 配各乡镇|2022-12-31",
        ],
    );
}

#[test]
fn stages_are_the_measures_of_a_table_without_units() {
    check(
        "2022年安澜市政务服务工作任务进度表\n序号\t工作任务\t阶段目标\n1\t统一平台\t第一季度：完成立项。第二季度：完成招标。\n2\t梳理事项\t第一季度：形成清单。第二季度：公布清单。\n",
        &[
            "1|-|统一平台|第一季度：完成立项。第二季度：完成招标。||?",
            "2|-|梳理事项|第一季度：形成清单。第二季度：公布清单。||?",
        ],
    );
}

#[test]
fn a_line_about_the_projects_above_tells_their_units() {
    check(
        "安澜区2022年实事项目任务分解\n一、公共设施。新建停车场、改建菜市场；新建健身点。\n新建停车场3处。实施进度为：第一季度制定方案；第四季度完工。\n改建菜市场2家。实施进度为：第一季度落实责任单位、责任人；第四季度完工。\n上述项目由区商务局牵头负责。\n新建健身点5个。实施进度为：第三季度开工。\n上述项目由区体育局牵头负责。\n",
        &[
            "-|一、公共设施。|-|新建停车场3处。实施进度为：第一季度制定方案；第四季度完工。|牵区商务局|?",
            "-|一、公共设施。|-|改建菜市场2家。实施进度为：第一季度落实责任单位、责任人；第四季度完工。|牵区商务局|?",
            "-|一、公共设施。|-|新建健身点5个。实施进度为：第三季度开工。|牵区体育局|?",
        ],
    );
}

#[test]
fn measures_around_a_table_of_figures_are_shown() {
    let plan = read(&document(
        "安澜市2022年目标任务分解\n一、目标\n1.地区生产总值 466 112 45 92 以各区为准。（市发改委、市统计局）\n2.消费品零售总额 207.3 68.5 14 以各区为准。（市商务局、市统计局）\n3.考核项目全市。（市统计局）\n",
    ));
    assert!(plan.tasks.len() > 1);
    assert!(
        plan.tasks.iter().all(|t| t.confidence == Confidence::Check),
        "{:?}",
        brief(&plan)
    );
}

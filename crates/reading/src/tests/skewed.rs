//! Tables and lists whose cells and lines do not stand where they should.

use super::*;

#[test]
fn cells_on_other_lines_of_the_grid_stand_in_their_order() {
    // drawn by hand: the sides of the middle cells differ from row to row
    let grid = table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 2, "工作任务"),
            (3, 1, 1, "牵头单位"),
            (4, 1, 2, "配合单位"),
        ],
        &[(0, 1, 6, "一、公开重点")],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "公开预算。"),
            (2, 1, 3, "市财政局"),
            (5, 1, 1, "各部门"),
        ],
        &[
            (0, 1, 1, "2"),
            (1, 1, 2, "公开规划。"),
            (3, 1, 2, "市发改委"),
            (5, 1, 1, "各区"),
        ],
        &[
            (0, 1, 1, "3"),
            (1, 1, 1, "公开年报。"),
            (2, 1, 3, "市政府办公室"),
            (5, 1, 1, "各部门"),
        ],
    ]);
    let plan = read(&of_blocks(vec![grid]));
    assert_eq!(
        brief(&plan),
        [
            "1|一、公开重点|-|公开预算。|牵市财政局 配各部门|",
            "2|一、公开重点|-|公开规划。|牵市发改委 配各区|",
            "3|一、公开重点|-|公开年报。|牵市政府办公室 配各部门|",
        ]
    );
    // a head over two columns that the rows really have stays one
    let grid = table(&[
        &[
            (0, 1, 2, "工作任务"),
            (2, 1, 1, "具体要求"),
            (3, 1, 1, "责任单位"),
        ],
        &[
            (0, 2, 1, "一、重点"),
            (1, 1, 1, "预算"),
            (2, 1, 1, "1.公开预算。"),
            (3, 1, 1, "市财政局"),
        ],
        &[
            (1, 1, 1, "规划"),
            (2, 1, 1, "2.公开规划。"),
            (3, 1, 1, "市发改委"),
        ],
    ]);
    let plan = read(&of_blocks(vec![grid]));
    let units: Vec<&str> = plan.tasks.iter().map(|t| t.organ_text.as_str()).collect();
    assert_eq!(units, ["市财政局", "市发改委"]);
}

#[test]
fn heads_and_labels_of_two_duties() {
    let table = "序号\t重点工作任务\t主要责任单位\t协同配合单位\n1\t公开预算。\t市财政局\t各部门\n2\t公开规划。\t市发改委\t各区\n";
    check(
        &format!("安澜市2026年政务公开任务分解表\n{table}"),
        &[
            "1|-|-|公开预算。|责市财政局 配各部门|",
            "2|-|-|公开规划。|责市发改委 配各区|",
        ],
    );
    let card = |no: u32, text: &str, lead: &str, other: &str| {
        format!(
            "序　　号：{no}\n重点工作任务：{text}\n牵头责任单位：{lead}\n协同配合单位：{other}\n------------------\n"
        )
    };
    let cards = [
        card(1, "公开预算。", "市财政局", "各部门"),
        card(2, "公开规划。", "市发改委", "各区"),
        card(3, "公开年报。", "市政府办公室", "各部门"),
    ];
    check(
        &format!("安澜市2026年政务公开任务分解表\n{}", cards.concat()),
        &[
            "1|-|-|公开预算。|牵市财政局 配各部门|",
            "2|-|-|公开规划。|牵市发改委 配各区|",
            "3|-|-|公开年报。|牵市政府办公室 配各部门|",
        ],
    );
}

#[test]
fn labels_without_a_sign_before_their_values() {
    check(
        "安澜市2026年政务公开任务分工\n1.公开预算。\n责任单位市财政局、市审计局\n完成时限6月底前\n2.公开规划。\n责任单位市发改委\n完成时限年底前\n",
        &[
            "1|-|-|公开预算。|责市财政局 责市审计局|2026-06-30",
            "2|-|-|公开规划。|责市发改委|2026-12-31",
        ],
    );
}

#[test]
fn a_wrapped_line_that_begins_like_the_foot_of_a_page() {
    let items = [
        "1.加强稳就业保就业信息公开，针对高校毕业生、退役军人等重点群体加强",
        "政策解读和推送，及时传达就业帮扶信息，扩大政策知晓面并做好常态的回",
        "应工作。（责任单位：市人社局）",
        "2.加强教育信息公开，推动普惠性学前教育和优质学位供给方面的政策落实",
        "图解等形式不少于三种，并在网站集中展示，方便群众查阅有关的信息内容",
        "以及办事流程。（责任单位：市教育局）",
        "3.公开预算，细化公开内容，扩大公开范围，做好预算公开与决算公开衔接",
        "全文公开有关报表。（责任单位：市财政局）",
    ];
    let text = format!(
        "安澜市2026年政务公开工作要点分工方案\n{}\n",
        items.join("\n")
    );
    let plan = read(&document(&text));
    let units: Vec<&str> = plan.tasks.iter().map(|t| t.organ_text.as_str()).collect();
    assert_eq!(units, ["市人社局", "市教育局", "市财政局"]);
}

#[test]
fn a_row_by_tabs_whose_measure_goes_on_in_the_next_line() {
    check(
        "安澜市2026年政务公开任务分解表\n工作事项\t具体任务\t责任单位\n一、公开重点\t1.公开预算。\n细化公开内容。\t市财政局\n\t2.公开规划。\t市发改委\n\t3.公开年报。\n接受监督。\t市政府办公室\n",
        &[
            "1|一、公开重点|-|公开预算。细化公开内容。|责市财政局|",
            "2|一、公开重点|-|公开规划。|责市发改委|",
            "3|一、公开重点|-|公开年报。接受监督。|责市政府办公室|",
        ],
    );
}

#[test]
fn a_row_by_tabs_that_goes_on_behind_a_soft_line_end() {
    let lines = [
        "安澜市2026年政务公开任务分解表",
        "序号\t工作任务\t责任单位\t完成时限",
        "1\t公开预算，细化\t市财政局\t6月底前\n\t公开内容。",
        "2\t公开规划。\t市发改委、市\t年底前\n\t\t资源局",
    ];
    let paragraph = |text: &&str| {
        Block::Paragraph(Paragraph {
            text: (*text).to_owned(),
            heading: None,
            place: Place::default(),
        })
    };
    let plan = read(&of_blocks(lines.iter().map(paragraph).collect()));
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|公开预算，细化公开内容。|责市财政局|2026-06-30",
            "2|-|-|公开规划。|责市发改委 责市资源局|2026-12-31",
        ]
    );
}

#[test]
fn lists_of_people_and_of_figures_are_no_plan() {
    let people = table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "责任单位"),
            (2, 1, 1, "联络员"),
            (3, 1, 1, "工作内容"),
            (4, 1, 1, "联系电话"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "市财政局"),
            (2, 1, 1, "李某"),
            (3, 1, 1, "信息发布"),
            (4, 1, 1, "2690001"),
        ],
        &[
            (0, 1, 1, "2"),
            (1, 1, 1, "市审计局"),
            (2, 1, 1, "王某"),
            (3, 1, 1, "平台维护"),
            (4, 1, 1, "2690002"),
        ],
    ]);
    let heading = |text: &str| {
        Block::Paragraph(Paragraph {
            text: text.to_owned(),
            heading: None,
            place: Place::default(),
        })
    };
    let plan = read(&of_blocks(vec![
        heading("政务公开工作联络员登记表"),
        people,
    ]));
    assert!(!plan.is_plan && plan.tasks.is_empty());
    let measures = table(&[
        &[
            (0, 1, 1, "工作任务"),
            (1, 1, 1, "具体要求"),
            (2, 1, 1, "责任单位"),
        ],
        &[
            (0, 1, 1, "预算"),
            (1, 1, 1, "1.公开预算。"),
            (2, 1, 1, "市财政局"),
        ],
        &[
            (0, 1, 1, "规划"),
            (1, 1, 1, "2.公开规划。"),
            (2, 1, 1, "市发改委"),
        ],
        &[
            (0, 1, 1, "年报"),
            (1, 1, 1, "3.公开年报。"),
            (2, 1, 1, "市政府办公室"),
        ],
    ]);
    let figures = table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "指标名称"),
            (2, 1, 1, "单位"),
            (3, 1, 1, "2025年完成值"),
            (4, 1, 1, "2026年预期值"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "主动公开信息数"),
            (2, 1, 1, "条"),
            (3, 1, 1, "12560"),
            (4, 1, 1, "13000"),
        ],
    ]);
    let contacts = table(&[
        &[
            (0, 1, 1, "序号"),
            (1, 1, 1, "单位"),
            (2, 1, 1, "姓名"),
            (3, 1, 1, "职务"),
            (4, 1, 1, "联系电话"),
        ],
        &[
            (0, 1, 1, "1"),
            (1, 1, 1, "市财政局"),
            (2, 1, 1, "李某"),
            (3, 1, 1, "科长"),
            (4, 1, 1, "2690001"),
        ],
    ]);
    let plan = read(&of_blocks(vec![
        heading("安澜市2026年政务公开工作要点分工方案"),
        measures,
        heading("附件2"),
        heading("主要指标表"),
        figures,
        heading("附件3"),
        heading("联络员名单"),
        contacts,
    ]));
    let numbers: Vec<Option<u32>> = plan.tasks.iter().map(|t| t.no).collect();
    assert_eq!(numbers, [Some(1), Some(2), Some(3)]);
}

#[test]
fn pieces_of_two_cells_in_one_line_are_never_sure() {
    let plan = read(&document(
        "安澜市2026年政务公开任务分解表\n具体任务\n责任单位\n1 公开疫情防控的最新信息，让公众实时了解动 各县（区）人民政府（管委\n态和处置工作的进展，严格按照要求办理涉及 会），市卫生健康局\n公共卫生事件的申请。\n2 运用新闻发布会全方位解读重大决策部署和 各县（区）人民政府（管委\n重要工作举措，为防控工作提供支撑。 会），市卫生健康局\n3 关注舆情动态，针对热点问题作出快速反应， 各县（区）人民政府（管委\n以权威信息引导舆论。 会），市卫生健康局\n",
    ));
    assert!(plan.tasks.iter().all(|t| t.confidence == Confidence::Check));
}

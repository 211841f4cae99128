//! Papers that a capture ran together: the whole in one line, heads whose parts stand in one line.

use super::*;

/// Each measure with `units` behind it, two sections in one line.
fn in_one_line(units: fn(&str) -> String, blank: &str) -> String {
    let mut text = String::new();
    for piece in [
        "安澜市人民政府办公室关于印发2026年政务公开工作要点任务分工方案的通知",
        "安府办发〔2026〕12号",
        "各县（市、区）人民政府，市直各部门：",
        "《2026年政务公开工作要点任务分工方案》已经市政府同意，现印发给你们，请认真贯彻执行。",
        "安澜市人民政府办公室",
        "2026年4月8日",
        "2026年政务公开工作要点任务分工方案",
        "为贯彻落实上级关于政务公开工作的部署，制定本方案。",
        "一、深化重点领域信息公开",
        "（一）推进决策公开。",
        "1.公布重大行政决策事项目录，年底前完成。",
        &units("市司法局、市审计局"),
        "2.邀请利益相关方列席政府有关会议。",
        &units("各县（市、区）政府"),
        "（二）推进结果公开。",
        "3.公开审计查出问题整改情况。",
        &units("市审计局"),
        "二、加强解读回应",
        "（一）及时回应关切。",
        "4.24小时内回应重大舆情。",
        &units("市政府办公室"),
        "5.运用图表解读政策。",
        &units("市大数据局"),
    ] {
        text.push_str(piece);
        text.push_str(blank);
    }
    text
}

const TASKS: [&str; 5] = [
    "1|一、深化重点领域信息公开|（一）推进决策公开。|公布重大行政决策事项目录，年底前完成。|责市司法局 责市审计局|2026-12-31",
    "2|一、深化重点领域信息公开|（一）推进决策公开。|邀请利益相关方列席政府有关会议。|责各县（市、区）政府|",
    "3|一、深化重点领域信息公开|（二）推进结果公开。|公开审计查出问题整改情况。|责市审计局|",
    "4|二、加强解读回应|（一）及时回应关切。|24小时内回应重大舆情。|责市政府办公室|",
    "5|二、加强解读回应|（一）及时回应关切。|运用图表解读政策。|责市大数据局|",
];

#[test]
fn a_whole_paper_in_one_line_keeps_its_head_and_its_sections() {
    let labelled = |names: &str| format!("（责任单位：{names}）");
    let bracketed = |names: &str| format!("（{names}）");
    let open = |names: &str| format!("责任单位：{names}");
    let bare = |names: &str| names.to_owned();
    for (units, blank) in [
        (labelled as fn(&str) -> String, ""),
        (bracketed, ""),
        (open, " "),
        (open, ""),
        (bare, ""),
        (bare, " "),
    ] {
        let text = in_one_line(units, blank);
        let plan = check(&text, &TASKS);
        assert_eq!(
            plan.title.as_deref(),
            Some("2026年政务公开工作要点任务分工方案"),
            "{text}"
        );
        assert_eq!(
            plan.notice_title.as_deref(),
            Some("安澜市人民政府办公室关于印发2026年政务公开工作要点任务分工方案的通知")
        );
        assert_eq!(
            plan.document_number.as_deref(),
            Some("安府办发〔2026〕12号")
        );
        assert_eq!(plan.issuer.as_deref(), Some("安澜市人民政府办公室"));
        assert_eq!(
            plan.issued_on.map(|d| d.to_string()).as_deref(),
            Some("2026-04-08")
        );
    }
}

#[test]
fn a_number_left_out_of_a_line_is_told_and_parts_it_all_the_same() {
    let plan = check(
        "安澜市2026年政务公开工作要点一、公开1.公开规划。（市发改委负责）2.公开预算。（市财政局负责）4.公开审计结果。（市审计局负责）\n",
        &[
            "1|一、公开|-|公开规划。|责市发改委|",
            "2|一、公开|-|公开预算。|责市财政局|",
            "4|一、公开|-|公开审计结果。|责市审计局|?",
        ],
    );
    assert!(codes(&plan).contains(&"number-gap"));
}

#[test]
fn a_bracket_that_is_never_closed_does_not_swallow_the_rest_of_the_line() {
    let plan = read(&document(&format!(
        "安澜市2026年政务公开工作要点一、公开1.公开规划。（责任单位：市发改委2.公开预算，{}。（责任单位：市财政局）3.公开审计结果。（责任单位：市审计局）4.公开项目。（责任单位：市住建局）\n",
        "细化到支出功能分类的项级科目".repeat(14)
    )));
    let last: Vec<_> = plan.tasks.iter().filter_map(|t| t.no).collect();
    assert_eq!(last, [1, 3, 4]);
}

#[test]
fn a_head_whose_parts_run_together_comes_apart() {
    let body =
        "一、重点公开\n1.公布目录。（责任单位：市司法局）\n2.清理栏目。（责任单位：各部门）\n";
    let title = "安澜市2026年政务公开工作要点任务分工方案";
    let (organ, day) = (Some("安澜市人民政府办公室"), Some("2026-03-05"));
    for (head, issuer, issued, published) in [
        (
            format!("安澜市人民政府办公室2026年3月5日{title}"),
            organ,
            day,
            None,
        ),
        (
            format!("{title} 安澜市人民政府办公室 2026年3月5日"),
            organ,
            day,
            None,
        ),
        (
            format!("{title}（2026年3月5日安澜市人民政府办公室印发）"),
            organ,
            day,
            None,
        ),
        (
            format!("{title}发布时间：2026-03-05 来源：市政府办公室"),
            None,
            None,
            day,
        ),
        (format!("2026-03-05{title}"), None, None, None),
        (
            format!(
                "各县（市、区）人民政府，市直各单位：\n现印发给你们，请认真贯彻落实。安澜市人民政府办公室2026年3月5日\n{title}"
            ),
            organ,
            day,
            None,
        ),
    ] {
        let plan = read(&document(&format!("{head}\n{body}")));
        let date = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string());
        assert_eq!(plan.title.as_deref(), Some(title), "{head}");
        assert_eq!(plan.issuer.as_deref(), issuer, "{head}");
        assert_eq!(date(plan.issued_on).as_deref(), issued, "{head}");
        assert_eq!(date(plan.published_on).as_deref(), published, "{head}");
        assert_eq!(plan.tasks.len(), 2, "{head}");
        assert_eq!(plan.coverage.dropped, 0, "{head}");
    }
}

#[test]
fn a_day_in_a_sentence_parts_no_head() {
    let clock = read(&document(
        "安澜市人民政府 2026年12月3日星期四\n安澜市2026年政务公开工作要点\n1.公布目录。（市司法局负责）\n2.清理栏目。（各部门负责）\n",
    ));
    assert_eq!(clock.issued_on, None);
    let page = read(&document(
        "发布日期\n2026年06月07日 17:35:09\n安澜市政府办公室关于印发2026年政务公开工作要点的通知\n各单位：\n现印发给你们。\n2026年5月30日\n2026年政务公开工作要点\n1.公布目录。（市司法局负责）\n2.清理栏目。（各部门负责）\n",
    ));
    assert_eq!(
        page.issued_on.map(|d| d.to_string()).as_deref(),
        Some("2026-05-30")
    );
    let plan = read(&document(
        "为落实安澜市人民政府办公室2026年3月5日印发的方案，制定本要点。\n安澜市2026年政务公开工作要点\n1.公布目录。（市司法局负责）\n2.清理栏目。（各部门负责）\n",
    ));
    assert_eq!(plan.issued_on, None);
    assert_eq!(plan.title.as_deref(), Some("安澜市2026年政务公开工作要点"));
}

#[test]
fn a_flattened_table_captured_at_the_pages_width_is_put_together() {
    check(
        "安澜镇2026年政务公开工作要点分工方案\n工作要求\n一级要点\n责任单位\n一、优化政务公开工作基础\n（一）集中公开规范性文件。\n1.依托政府信息公开平台，高质量发布现行有效规范性文件正\n式版本，巩固镇内规范性文件集中公开工作成果，及时做好动\n态更新。\n司法所\n2.规范行政法规使用，统一参考中国政府法制信息网行政法规\n库，确保使用的文本为最新版本。\n各有关单位\n（二）推进标准化规范化\n3.各有关单位要继续落实基层政务公开标准化规范化要求，做\n好政府网站相关专栏的更新维护，将政务公开触角延伸到村。\n党政综合办牵头，各村（社区）配合\n4.规范使用全省政府信息依申请公开系统，实现登记审核办理\n答复归档等全流程电子化管理，提升各单位依申请公开工作实\n效。\n司法所\n",
        &[
            "1|一、优化政务公开工作基础|（一）集中公开规范性文件。|依托政府信息公开平台，高质量发布现行有效规范性文件正式版本，巩固镇内规范性文件集中公开工作成果，及时做好动态更新。|责司法所|",
            "2|一、优化政务公开工作基础|（一）集中公开规范性文件。|规范行政法规使用，统一参考中国政府法制信息网行政法规库，确保使用的文本为最新版本。|责各有关单位|",
            "3|一、优化政务公开工作基础|（二）推进标准化规范化|各有关单位要继续落实基层政务公开标准化规范化要求，做好政府网站相关专栏的更新维护，将政务公开触角延伸到村。|牵党政综合办 配各村（社区）|",
            "4|一、优化政务公开工作基础|（二）推进标准化规范化|规范使用全省政府信息依申请公开系统，实现登记审核办理答复归档等全流程电子化管理，提升各单位依申请公开工作实效。|责司法所|",
        ],
    );
}

#[test]
fn a_head_of_one_word_printed_again_is_no_measure_and_no_heading() {
    check(
        "安澜市2026年政务公开分工表\n\n\t工作任务\n\t具体要求\n\t责任单位\n\n\t一、夯实基础\n\t1.清理空白栏目，补齐内容。\n\t市政府办公室\n\t责任单位\n\n\t2.更新公开指南。\n\t市司法局\n\t责任单位\n\n\t3.开展培训。\n\t各部门\n",
        &[
            "1|一、夯实基础|-|清理空白栏目，补齐内容。|责市政府办公室|",
            "2|一、夯实基础|-|更新公开指南。|责市司法局|",
            "3|一、夯实基础|-|开展培训。|责各部门|",
        ],
    );
}

#[test]
fn several_numbers_in_a_cell_with_blanks_between_them() {
    check(
        "2026年政务公开任务分解表\n工作任务\n具体要求\n责任单位\n深化公开\n1.公开清单。 2.公开举措。\n市发改局、市市场监管局\n强化监管\n3.公开抽查结果。\n市市场监管局\n",
        &[
            "1|-|深化公开|公开清单。|责市发改局 责市市场监管局|",
            "2|-|深化公开|公开举措。|责市发改局 责市市场监管局|",
            "3|-|强化监管|公开抽查结果。|责市市场监管局|",
        ],
    );
}

#[test]
fn a_measure_that_runs_on_in_the_paragraph_of_the_one_before_loses_its_number() {
    check(
        "安澜市2026年政务公开工作要点\n一、公开\n（一）推进决策公开。公布目录。（市司法局负责）\n（二）推进财政公开。公开预算。（市财政局负责）（三）推进服务公开。公开招生信息。（市教育局负责）\n",
        &[
            "-|一、公开|-|推进决策公开。公布目录。|责市司法局|",
            "-|一、公开|-|推进财政公开。公开预算。|责市财政局|",
            "-|一、公开|-|推进服务公开。公开招生信息。|责市教育局|",
        ],
    );
}

#[test]
fn the_next_group_behind_the_units_of_a_measure_is_a_group() {
    for end in ["（市司法局负责）", "（市司法局负责）。"] {
        let text = format!(
            "安澜市2026年优化营商环境分工方案\n一、放出活力\n（一）简化审批\n1.公布目录。（市财政局牵头）\n2.梳理事项。{end}（二）清理规范各类措施\n1.编制清单，明确权限。（市教育局负责）\n2.推行承诺制。（市民政局负责）二、管出公平\n（三）完善监管（参见（四）的规定）\n1.公开结果。（市审计局负责）\n"
        );
        check(
            &text,
            &[
                "1|一、放出活力|（一）简化审批|公布目录。|牵市财政局|",
                "2|一、放出活力|（一）简化审批|梳理事项。|责市司法局|",
                "1|一、放出活力|（二）清理规范各类措施|编制清单，明确权限。|责市教育局|",
                "2|一、放出活力|（二）清理规范各类措施|推行承诺制。|责市民政局|",
                "1|二、管出公平|（三）完善监管（参见（四）的规定）|公开结果。|责市审计局|",
            ],
        );
    }
}

#[test]
fn a_statement_keeps_its_first_sentence_and_is_whole_over_a_page_end() {
    let long = "提高监管执法规范性和透明度，完善信用监管、跨部门协同监管等有效做法，减少人为干预，压缩自由裁量空间，优化检查方式和频次，使监管";
    check(
        &format!(
            "安澜市2026年优化营商环境分工方案\n一、管出公平\n（一）{long}\n既“无事不扰”又“无处不在”，降低企业合规成本。（市司法局负责）\n具体措施：\n1.公布目录。（市财政局牵头）\n2.梳理事项。（市民政局牵头）\n3.规范检查。（市司法局牵头）\n（二）支持基层探索创新，鼓励基层从当地实际出发，先行先试推进改革发展。通过授权等方式，形成更多经验。（市政府办公室牵头）\n具体措施：设立首批试点，推出一批举措。（市发展改革委牵头）\n"
        ),
        &[
            &format!(
                "-|一、管出公平|（一）{long}既“无事不扰”又“无处不在”，降低企业合规成本。|{long}既“无事不扰”又“无处不在”，降低企业合规成本。|责市司法局|"
            ),
            &format!(
                "1|一、管出公平|（一）{long}既“无事不扰”又“无处不在”，降低企业合规成本。|公布目录。|牵市财政局|"
            ),
            &format!(
                "2|一、管出公平|（一）{long}既“无事不扰”又“无处不在”，降低企业合规成本。|梳理事项。|牵市民政局|"
            ),
            &format!(
                "3|一、管出公平|（一）{long}既“无事不扰”又“无处不在”，降低企业合规成本。|规范检查。|牵市司法局|"
            ),
            "-|一、管出公平|-|支持基层探索创新，鼓励基层从当地实际出发，先行先试推进改革发展。通过授权等方式，形成更多经验。|牵市政府办公室|",
            "-|一、管出公平|-|具体措施：设立首批试点，推出一批举措。|牵市发展改革委|",
        ],
    );
}

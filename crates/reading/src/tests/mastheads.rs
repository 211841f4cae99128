//! Titles, numbers and notices as they stand at the head of papers.

use super::*;

const MEASURES: &str =
    "为做好有关工作，制定本计划。\n一、重点\n1.公开年度预算。（责任单位：县财政局）\n";

fn title_of(lines: &str) -> Option<String> {
    read(&document(&format!("{lines}\n{MEASURES}"))).title
}

#[test]
fn a_title_whose_last_line_reads_like_one_keeps_the_lines_above() {
    for lines in [
        [
            "云岭省加快推动“新能源+新材料”融合",
            "创新发展行动计划（2025—2027年）",
        ],
        [
            "云岭省加快新场景建设应用 推动科技和产业",
            "高质量发展行动方案（2026-2027年）",
        ],
        ["云岭省“新材料+应急管理”", "三年行动方案（2026-2028年）"],
        [
            "安澜市推进政务公开标准化",
            "提质增效工作方案（2024—2026年）",
        ],
    ] {
        let want = lines.concat().replace(' ', "");
        assert_eq!(title_of(&lines.join("\n")).as_deref(), Some(want.as_str()));
        // below the number of the paper
        let below = format!("云政办〔2025〕1号\n{}", lines.join("\n"));
        assert_eq!(title_of(&below).as_deref(), Some(want.as_str()));
    }
}

#[test]
fn lines_above_a_whole_title_are_no_part_of_it() {
    for (above, title) in [
        (
            "云岭省人民政府门户网",
            "公开能力提升行动计划（2025—2027年）",
        ),
        ("云岭省人民政府文件", "公开能力提升行动计划（2025—2027年）"),
        (
            "安澜市人民政府办公室",
            "公开能力提升行动计划（2025—2027年）",
        ),
        (
            "安澜市重点工作专栏",
            "安澜市公开能力提升行动计划（2025—2027年）",
        ),
        ("安澜市政府工作", "2025年重点工作任务清单"),
    ] {
        assert_eq!(
            title_of(&format!("{above}\n{title}")).as_deref(),
            Some(title),
            "{above}"
        );
    }
}

#[test]
fn the_number_stands_beside_who_signed() {
    for line in [
        "安财办〔2022〕17号    签发人：张三",
        "签发人：张三    安财办〔2022〕17号",
        "签发人：张  三　　安财办〔2022〕17号",
        "安财办〔2022〕17号\t签发人：张三、李四",
    ] {
        let plan = read(&document(&format!(
            "安澜市财政局文件\n{line}\n安澜市财政局关于印发2022年政务公开任务分工的通知\n各科室：\n现印发给你们。\n安澜市财政局\n2022年3月1日\n2022年政务公开任务分工\n1.公开年度预算。（预算科）\n"
        )));
        assert_eq!(
            plan.document_number.as_deref(),
            Some("安财办〔2022〕17号"),
            "{line}"
        );
        assert_eq!(brief(&plan), ["1|-|-|公开年度预算。|责预算科|"]);
    }
}

#[test]
fn a_notice_that_forwards_another_one_is_the_papers_own() {
    for verb in ["转发", "关于转发", "批转"] {
        let plan = read(&document(&format!(
            "云岭县人民政府办公室{verb}安澜市2023年政务公开工作要点分工方案的通知\n云政办发〔2023〕21号\n各乡镇人民政府：\n现转发给你们，请于2023年12月10日前报送工作总结。\n云岭县人民政府办公室\n2023年6月9日\n安澜市人民政府办公室关于印发安澜市2023年政务公开工作要点分工方案的通知\n安政办函〔2023〕45号\n各县人民政府：\n现印发给你们，请于2023年11月30日前报送工作总结。\n安澜市人民政府办公室\n2023年5月20日\n云岭县2023年政务公开工作要点分工方案\n1.公开年度预算。（县财政局）\n"
        )));
        let notice =
            format!("云岭县人民政府办公室{verb}安澜市2023年政务公开工作要点分工方案的通知");
        assert_eq!(plan.notice_title.as_deref(), Some(notice.as_str()));
        assert_eq!(
            plan.title.as_deref(),
            Some("云岭县2023年政务公开工作要点分工方案")
        );
        assert_eq!(
            plan.issuer.as_deref(),
            Some("云岭县人民政府办公室"),
            "{verb}"
        );
        assert_eq!(
            plan.document_number.as_deref(),
            Some("云政办发〔2023〕21号")
        );
        assert_eq!(
            plan.issued_on.map(|d| d.to_string()).as_deref(),
            Some("2023-06-09")
        );
        let ends: Vec<_> = plan
            .document_deadlines
            .iter()
            .filter_map(|d| d.date)
            .collect();
        assert_eq!(
            ends.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["2023-12-10"]
        );
        assert_eq!(plan.coverage.dropped, 0);
    }
}

#[test]
fn the_mark_of_an_annex_is_no_part_of_a_title() {
    let rows = "序号 | 任务 | 责任单位\n1 | 公开年度预算 | 县财政局\n";
    for (line, want) in [
        ("附2场景建设任务分解表", "场景建设任务分解表"),
        ("附2　场景建设任务分解表", "场景建设任务分解表"),
        ("附：配套细则清单", "配套细则清单"),
        ("附配套细则清单", "配套细则清单"),
        ("（附件1）云岭县2023年任务分解表", "云岭县2023年任务分解表"),
        ("表1云岭县2023年任务分解表", "云岭县2023年任务分解表"),
        ("附件2云岭县2023年任务分解表", "云岭县2023年任务分解表"),
        ("重点领域工作指标表", "重点领域工作指标表"),
    ] {
        let plan = read(&document(&format!("{line}\n{rows}")));
        assert_eq!(plan.title.as_deref(), Some(want), "{line}");
        assert_eq!(plan.tasks.len(), 1, "{line}");
    }
}

#[test]
fn a_title_in_a_row_between_commas() {
    for line in ["云岭县2023年任务分解表,,", "\"云岭县2023年任务分解表\",,"] {
        let plan = read(&document(&format!(
            "{line}\n序号,任务,责任单位\n1,公开年度预算,县财政局\n2,公示低保名单,县民政局\n"
        )));
        assert_eq!(plan.title.as_deref(), Some("云岭县2023年任务分解表"));
        assert_eq!(plan.tasks.len(), 2);
        assert_eq!(plan.coverage.dropped, 0);
    }
}

#[test]
fn a_letter_in_the_year_of_a_title_is_told() {
    for year in ["2O22", "2o22", "2〇22", "20Z2"] {
        let plan = read(&document(&format!(
            "云岭县{year}年政务公开工作要点\n1.公开年度预算，6月底前完成。（县财政局）\n"
        )));
        assert_eq!(plan.year, Some(2022), "{year}");
        assert!(codes(&plan).contains(&"year-repaired"));
        assert!(plan.tasks.iter().all(|t| t.confidence == Confidence::Check));
    }
    let plan = read(&document(
        "云岭县2022年政务公开工作要点\n1.公开年度预算。（县财政局）\n",
    ));
    assert!(!codes(&plan).contains(&"year-repaired"));
}

#[test]
fn a_yearly_report_without_a_title_of_its_own_is_no_plan() {
    let report = "一、重视组织建设\n信息公开工作由办公室负责牵头协调，各股室给予配合。\n二、建设制度\n由局办公室负责答复，各股室负责综合。\n";
    let plan = read(&document(&format!(
        "云岭区招商局2016年政府信息公开工作年度报告是根据条例编制的。\n{report}"
    )));
    assert!(!plan.is_plan);
    assert!(plan.tasks.is_empty());
    // one that asks for such a report is a plan
    let plan = read(&document(
        "云岭区2016年政务公开工作要点\n为做好年度报告编制等工作，制定本要点。\n1.编制年度报告。（区政府办公室）\n2.公开年度预算。（区财政局）\n",
    ));
    assert!(plan.is_plan);
}

#[test]
fn aims_of_development_are_no_measure() {
    for (section, aim) in [
        (
            "一、总体要求",
            "（一）发展目标。到2025年，全县公开目录基本健全，渠道基本畅通，群众满意。",
        ),
        (
            "一、总体要求",
            "（一）主要发展目标。到2025年，全县公开目录基本健全，渠道基本畅通，群众满意。",
        ),
    ] {
        check(
            &format!(
                "云岭县2023年政务公开工作方案\n{section}\n{aim}\n二、重点任务\n（一）公开预算。公开年度预算和决算。（县财政局）\n（二）公开名单。公示低保对象名单。（县民政局）\n"
            ),
            &[
                "-|二、重点任务|-|公开预算。公开年度预算和决算。|责县财政局|",
                "-|二、重点任务|-|公开名单。公示低保对象名单。|责县民政局|",
            ],
        );
    }
}

#[test]
fn bases_and_leagues_are_names() {
    check(
        "云岭省2023年重点工作分工\n1.公开年度目录。（省数据局、省社科联、各中试基地）\n",
        &["1|-|-|公开年度目录。|责省数据局 责省社科联 责各中试基地|"],
    );
}

#[test]
fn notes_of_tracked_changes_are_told() {
    let plan = read(&document(
        "云岭省2023年重点工作分工\n1.公开专题删除[张三]:沙龙目录。（责任单位：省数据局）\n2.公开年度预算。（责任单位：省财政厅）\n",
    ));
    let sure: Vec<_> = plan
        .tasks
        .iter()
        .map(|t| t.confidence == Confidence::Sure)
        .collect();
    assert_eq!(sure, [false, true]);
    assert!(codes(&plan).contains(&"revision-marks"));
}

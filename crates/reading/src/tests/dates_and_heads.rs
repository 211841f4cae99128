//! The head of the document and what depends on it.

use super::*;

const NOTICE: &str = "安府办发〔2026〕12号\n\n安澜市人民政府办公室关于印发\n安澜市2026年政务公开工作要点\n分工方案的通知\n各县（市、区）人民政府：\n现将方案印发给你们。请分别于6月30日和12月20日前将落实情况报送市政府办公室。\n安澜市人民政府办公室\n2026年3月16日\n安澜市2026年政务公开工作要点\n分工方案\n一、重点\n1.建立台账，于本文印发30日内反馈。（责任单位：各部门）\n2.每季度通报进展。（责任单位：市政府办公室）\n3.2月30日前完成自查。（责任单位：各部门）\n4.8月前完成整改。（责任单位：各部门）\n";

#[test]
fn the_head_is_read_and_the_notice_kept_apart() {
    let plan = check(
        NOTICE,
        &[
            "1|一、重点|-|建立台账，于本文印发30日内反馈。|责各部门|2026-04-15",
            "2|一、重点|-|每季度通报进展。|责市政府办公室|每季度",
            "3|一、重点|-|2月30日前完成自查。|责各部门|2月30日前?",
            "4|一、重点|-|8月前完成整改。|责各部门|2026-07-31?",
        ],
    );
    assert_eq!(
        plan.title.as_deref(),
        Some("安澜市2026年政务公开工作要点分工方案")
    );
    assert_eq!(
        plan.notice_title.as_deref(),
        Some("安澜市人民政府办公室关于印发安澜市2026年政务公开工作要点分工方案的通知")
    );
    assert_eq!(
        plan.document_number.as_deref(),
        Some("安府办发〔2026〕12号")
    );
    assert_eq!(plan.issuer.as_deref(), Some("安澜市人民政府办公室"));
    assert_eq!(
        plan.issued_on.map(|d| d.to_string()).as_deref(),
        Some("2026-03-16")
    );
    assert_eq!(plan.year, Some(2026));
    let reports: Vec<String> = plan
        .document_deadlines
        .iter()
        .map(|d| format!("{} {}", d.text, d.date.unwrap()))
        .collect();
    assert_eq!(reports, ["6月30日 2026-06-30", "12月20日前 2026-12-20"]);
    for code in [
        "notice-text",
        "deadline-impossible",
        "deadline-before-month",
    ] {
        assert!(codes(&plan).contains(&code), "{code}");
    }
}

#[test]
fn a_catalogue_head_of_a_web_page() {
    let plan = read(&document(
        "索引号: | AL001/2026-00012 | 组配分类: | 政策文件 |\n发布机构: | 安澜市人民政府办公室 | 文号: | 安政办秘〔2026〕8号 |\n名称: | 安澜市人民政府办公室关于印发2026年政务公开工作方案的通知 |\n生成日期: | 2026-02-16 | 发布日期: | 2026-02-18 |\n序号 |\n工作任务 |\n责任单位 |\n时限要求 |\n1 |\n公布目录。 |\n市司法局 |\n年底 |\n2 |\n清理栏目。 |\n各部门 |\n10月底 |\n",
    ));
    assert_eq!(
        brief(&plan),
        [
            "1|-|-|公布目录。|责市司法局|2026-12-31",
            "2|-|-|清理栏目。|责各部门|2026-10-31"
        ]
    );
    assert_eq!(plan.document_number.as_deref(), Some("安政办秘〔2026〕8号"));
    assert_eq!(plan.issuer.as_deref(), Some("安澜市人民政府办公室"));
    assert_eq!(
        (
            plan.issued_on.map(|d| d.to_string()).as_deref(),
            plan.published_on.map(|d| d.to_string()).as_deref()
        ),
        (Some("2026-02-16"), Some("2026-02-18"))
    );
    assert_eq!(plan.title.as_deref(), Some("2026年政务公开工作方案"));
    assert_eq!(plan.coverage.dropped, 0);
}

#[test]
fn the_year_comes_from_the_text_or_stays_open() {
    let told = read(&document(
        "安澜市应急局政务公开工作要点\n1.年底前公布目录。（办公室）\n2.将情况纳入2026年政府信息公开工作年度报告。（各科室）\n",
    ));
    assert_eq!(
        (
            told.year,
            told.tasks[0].deadlines[0]
                .date
                .map(|d| d.to_string())
                .as_deref()
        ),
        (Some(2026), Some("2026-12-31"))
    );
    assert_eq!(told.issuer.as_deref(), Some("安澜市应急局"));
    let open = read(&document(
        "安澜市应急局政务公开工作要点\n1.年底前公布目录。（办公室）\n2.清理栏目。（各科室）\n",
    ));
    assert_eq!(
        (
            open.year,
            open.tasks[0].deadlines[0].date,
            open.tasks[0].confidence
        ),
        (None, None, Confidence::Check)
    );
    assert!(
        codes(&open).contains(&"year-unknown") && codes(&open).contains(&"deadline-year-unknown")
    );
}

#[test]
fn a_quoted_number_of_a_superior_paper_is_not_taken() {
    let plan = read(&document(
        "关于印发安澜镇2026年政务公开工作要点的通知\n各村：\n根据《通知》（安府办函〔2026〕7号）要求，现印发给你们。\n安澜镇党政综合办公室\n202638\n安澜镇2026年政务公开工作要点\n1.公布目录。（党政办）\n2.清理栏目。（各村）\n",
    ));
    assert_eq!(plan.document_number, None);
    assert_eq!(
        plan.issued_on.map(|d| d.to_string()).as_deref(),
        Some("2026-03-08")
    );
    assert!(codes(&plan).contains(&"issue-date-repaired"));
}

#[test]
fn json_has_the_contract_s_fields_and_csv_a_row_for_each_task() {
    let plan = read(&document(NOTICE));
    let json = to_json(&plan);
    let keys: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "is_plan",
            "title",
            "notice_title",
            "document_number",
            "issuer",
            "issued_on",
            "published_on",
            "year",
            "document_deadlines",
            "tasks",
            "problems",
            "coverage"
        ]
    );
    let keys: Vec<&str> = json["tasks"][0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "no",
            "order",
            "section",
            "group",
            "text",
            "organ_text",
            "organs",
            "deadlines",
            "quantities",
            "confidence"
        ]
    );
    assert_eq!(json["tasks"][1]["deadlines"][0]["kind"], "recurring");
    assert_eq!(to_csv(&plan).unwrap().lines().count(), plan.tasks.len() + 1);
}

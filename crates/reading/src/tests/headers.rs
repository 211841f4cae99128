//! Titles and numbers that stand only in the headers of the pages.

use super::*;

const BODY: &str = "为做好有关工作，现将任务分解如下。\n一、重点\n1.公开年度预算。（责任单位：市财政局）\n2.公开重大项目。（责任单位：市发展改革委）\n";

fn with_headers(body: &str, headers: &[&str]) -> Plan {
    let line = |text: &&str| Paragraph {
        text: (*text).to_owned(),
        heading: None,
        place: Place::default(),
    };
    read(&Document {
        headers: headers.iter().map(line).collect(),
        ..document(body)
    })
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|p| p.code.as_str()).collect()
}

#[test]
fn a_body_without_title_and_number_takes_those_of_the_headers_and_says_so() {
    let headers = [
        "安府办发〔2026〕3号",
        "安澜市2026年政务公开",
        "工作要点分工方案",
    ];
    let plan = with_headers(BODY, &headers);
    assert_eq!(
        plan.title.as_deref(),
        Some("安澜市2026年政务公开工作要点分工方案")
    );
    assert_eq!(plan.document_number.as_deref(), Some("安府办发〔2026〕3号"));
    assert_eq!((plan.year, plan.tasks.len()), (Some(2026), 2));
    let told = codes(&plan);
    assert!(told.contains(&"title-from-header"), "{told:?}");
    assert!(told.contains(&"document-number-from-header"), "{told:?}");
    assert_eq!(plan.coverage.dropped, 0);
}

#[test]
fn what_the_body_says_itself_counts() {
    let body = format!("安府办发〔2026〕5号\n安澜市2026年重点工作分工方案\n{BODY}");
    let headers = [
        "安府办发〔2025〕3号",
        "安澜市2025年政务公开工作要点分工方案",
    ];
    let plan = with_headers(&body, &headers);
    assert_eq!(plan.title.as_deref(), Some("安澜市2026年重点工作分工方案"));
    assert_eq!(plan.document_number.as_deref(), Some("安府办发〔2026〕5号"));
    assert!(
        !codes(&plan)
            .iter()
            .any(|code| code.ends_with("from-header"))
    );
}

#[test]
fn names_of_organs_and_columns_in_headers_are_no_titles() {
    let headers = ["安澜市人民政府办公室文件", "政府信息公开", "— 1 —"];
    let plan = with_headers(BODY, &headers);
    assert_eq!((plan.title, plan.document_number), (None, None));
}

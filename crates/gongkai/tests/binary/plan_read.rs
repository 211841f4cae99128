use serde_json::Value;

use crate::{gongkai, text};

const PLAN: &str = "安澜市2026年政务公开工作要点分工方案\n\n\
    工作任务\t具体要求\t责任单位\n\
    做好规划公开\t1. 主动公开国土空间规划。\t市自然资源局牵头，各县（市、区）政府配合\n\
    \t2. 2026年6月底前归集历史规划。\t市发展改革局\n";

fn read(name: &str, bytes: &[u8]) -> (Option<i32>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).unwrap();
    let output = gongkai(&["plan", "read", file.to_str().unwrap(), "--format", "json"]);
    let plan = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), plan)
}

#[test]
fn gives_tasks_with_organs_and_dates_as_json() {
    let (_, plan) = read("plan.txt", PLAN.as_bytes());
    assert_eq!(plan["is_plan"], true);
    assert_eq!(plan["year"], 2026);
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 2);
    assert_eq!(plan["tasks"][0]["organs"][0]["role"], "lead");
    assert_eq!(plan["tasks"][1]["deadlines"][0]["date"], "2026-06-30");
}

#[test]
fn the_name_of_a_file_is_not_believed() {
    let (_, plan) = read("plan.pdf", PLAN.as_bytes());
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn a_document_that_is_no_plan_says_so_and_ends_with_one() {
    let (status, plan) = read(
        "news.txt",
        "安澜市召开政务公开工作推进会\n\n10月12日，会议在市政府召开，总结了今年工作。\n".as_bytes(),
    );
    assert_eq!(status, Some(1));
    assert_eq!(plan["is_plan"], false);
    assert_eq!(plan["tasks"].as_array().unwrap().len(), 0);
}

#[test]
fn a_file_that_is_not_there_ends_with_two_and_a_sentence() {
    let output = gongkai(&["plan", "read", "nowhere.docx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nowhere.docx"));
}

use serde_json::{Value, json};

use crate::{gongkai, gongkai_with_input, text};

fn due(arguments: &[&str]) -> Value {
    let output = gongkai(&[&["calendar", "due", "--format", "json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn says_the_due_day_with_every_counted_and_skipped_day() {
    let answer = due(&[
        "--from",
        "2022-09-20",
        "--working-days",
        "20",
        "--pause",
        "2022-09-26..2022-10-14",
    ]);
    assert_eq!(answer["due"], "2022-11-07");
    assert_eq!(answer["counted"].as_array().unwrap().len(), 20);
    assert!(
        answer["skipped"]
            .as_array()
            .unwrap()
            .iter()
            .any(|day| day["date"] == "2022-10-03")
    );
}

#[test]
fn a_year_without_a_notice_is_an_error_and_no_guess() {
    let output = gongkai(&[
        "calendar",
        "due",
        "--from",
        "2026-12-25",
        "--working-days",
        "20",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).is_empty());
    assert!(
        text(&output.stderr).contains("2027"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_batch_answers_line_by_line_and_says_by_its_status_that_some_failed() {
    let input = "{\"from\":\"2025-09-26\",\"working_days\":20,\"pauses\":[]}\n\
                 {\"from\":\"2025-02-30\",\"working_days\":20}\n\
                 {\"from\":\"2025-09-26\",\"working_days\":20,\"pauses\":[[\"2025-09-29\",\"2025-10-23\"]]}\n\
                 nonsense\n";
    let output = gongkai_with_input(&["calendar", "due", "--batch"], input);
    assert_eq!(output.status.code(), Some(1));
    let answers: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0], json!({"due": "2025-10-30"}));
    assert!(answers[1]["error"].is_string());
    assert_eq!(answers[2], json!({"due": "2025-11-18"}));
    assert!(answers[3]["error"].is_string());
}

#[test]
fn a_line_without_end_costs_no_memory() {
    let input = format!(
        "{}\n{{\"from\":\"2025-09-26\",\"working_days\":7}}\n",
        "9".repeat(3_000_000)
    );
    let output = gongkai_with_input(&["calendar", "due", "--batch"], &input);
    let answers: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 2);
    assert!(answers[0]["error"].is_string());
    assert_eq!(answers[1]["due"], "2025-10-13");
}

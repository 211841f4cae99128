use super::*;

fn check(line: &str, expected: &str) {
    assert_eq!(
        batch_line(&WorkCalendar::builtin(), line).0,
        expected,
        "{line}"
    );
}

#[test]
fn answers_batch_lines() {
    check(
        r#"{"from":"2022-09-20","working_days":20,"pauses":[["2022-09-26","2022-10-14"],["2022-10-12","2022-10-18"]]}"#,
        r#"{"due":"2022-11-09"}"#,
    );
    check(
        r#"{"from":"2022-09-26","working_days":20,"pauses":[]}"#,
        r#"{"due":"2022-10-27"}"#,
    );
    check(
        r#" {"working_days":20,"from":"2022-09-26"} "#,
        r#"{"due":"2022-10-27"}"#,
    );
    check(
        "\u{feff}{\"from\":\"2022-09-26\",\"working_days\":0}\r",
        r#"{"due":"2022-09-26"}"#,
    );
}

#[test]
fn refuses_bad_lines_with_a_sentence_each() {
    let lines = [
        "",
        "   ",
        "20",
        "[]",
        "{",
        "{}",
        r#"{"from":"2022-09-26"}"#,
        r#"{"from":"2022-02-30","working_days":1}"#,
        r#"{"from":"20220926","working_days":1}"#,
        r#"{"from":"2022-09-26T00:00","working_days":1}"#,
        r#"{"from":"２０２２-09-26","working_days":1}"#,
        r#"{"from":20220926,"working_days":1}"#,
        r#"{"from":"2022-09-26","working_days":-1}"#,
        r#"{"from":"2022-09-26","working_days":1.5}"#,
        r#"{"from":"2022-09-26","working_days":"20"}"#,
        r#"{"from":"2022-09-26","working_days":10000}"#,
        r#"{"from":"2022-09-26","working_days":1000000000}"#,
        r#"{"from":"2022-09-26","working_days":1e30}"#,
        r#"{"from":"2022-09-26","working_days":9999}"#,
        r#"{"from":"2022-09-26","working_days":20,"pause":[]}"#,
        r#"{"from":"2022-09-26","working_days":20,"pauses":"x"}"#,
        r#"{"from":"2022-09-26","working_days":20,"pauses":[["2022-09-26"]]}"#,
        r#"{"from":"2022-09-26","working_days":20,"pauses":[["2022-09-27","2022-09-26"]]}"#,
        r#"{"from":"2026-12-20","working_days":20}"#,
        r#"{"from":"9999-12-31","working_days":20}"#,
        r#"{"from":"0001-01-01","working_days":20}"#,
    ];
    let calendar = WorkCalendar::builtin();
    let answers: Vec<String> = lines
        .iter()
        .map(|line| {
            let (answer, done) = batch_line(&calendar, line);
            assert!(!done, "{line}");
            format!("{line}\n  {answer}")
        })
        .collect();
    insta::assert_snapshot!(answers.join("\n"));
}

#[test]
fn limits_what_a_line_may_hold() {
    let pauses = |n: usize| vec![r#"["2022-09-26","2022-09-27"]"#; n].join(",");
    let line = |n| {
        format!(
            r#"{{"from":"2022-09-26","working_days":20,"pauses":[{}]}}"#,
            pauses(n)
        )
    };
    check(&line(PAUSES_MAX), r#"{"due":"2022-10-28"}"#);
    assert_eq!(
        DueRequest::from_json_line(&line(PAUSES_MAX + 1)),
        Err(DueError::TooManyPauses)
    );
    let padded = format!("{}{}", line(0), " ".repeat(LINE_BYTES_MAX - line(0).len()));
    assert!(DueRequest::from_json_line(&padded).is_ok());
    assert_eq!(
        DueRequest::from_json_line(&(padded + " ")),
        Err(DueError::LineTooLong)
    );
    let deep = "[".repeat(LINE_BYTES_MAX);
    assert_eq!(
        DueRequest::from_json_line(&deep),
        Err(DueError::NotAnObject)
    );
    let none: [&str; 0] = [];
    assert!(DueRequest::from_arguments("2022-09-26", "9999", &none).is_ok());
    assert!(DueRequest::from_arguments("2022-09-26", "10000", &none).is_err());
}

#[test]
fn reads_arguments() {
    let request =
        DueRequest::from_arguments("2022-09-20", "1", &["2022-09-20..2022-09-21"]).unwrap();
    let answer = request.answer(&WorkCalendar::builtin()).unwrap();
    assert_eq!(
        serde_json::to_string(&answer).unwrap(),
        r#"{"due":"2022-09-22","counted":["2022-09-22"],"skipped":[{"date":"2022-09-21","why":"暂停计时"}]}"#
    );
    let bad = |from, days, pause| {
        DueRequest::from_arguments(from, days, &[pause])
            .unwrap_err()
            .sentence()
    };
    let sentences = [
        bad("2022-9-20", "1", "2022-09-20..2022-09-21"),
        bad("2022-09-20", "-1", "2022-09-20..2022-09-21"),
        bad("2022-09-20", "1", "2022-09-20"),
        bad("2022-09-20", "1", "2022-09-20..2022-09-19"),
        bad("2022-09-20", "1", "2022-09-20...2022-09-21"),
    ];
    insta::assert_snapshot!(sentences.join("\n"));
}

#[test]
fn carries_the_note_of_an_unverified_year() {
    check(
        r#"{"from":"2018-12-28","working_days":1}"#,
        r#"{"due":"2018-12-29","notes":["2018年放假安排未与原通知核对，日期仅供参考，请核对后使用。"]}"#,
    );
}

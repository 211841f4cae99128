use serde_json::{Value, json};

use crate::{gongkai, text};

#[test]
fn gives_the_sum_and_its_bands() {
    let output = gongkai(&["fee", "--pages", "68", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        answer,
        json!({ "yuan": 380, "bands": [
            { "from": 1, "to": 30, "count": 30, "price": 0, "yuan": 0 },
            { "from": 31, "to": 68, "count": 38, "price": 10, "yuan": 380 },
        ]})
    );
    let table = gongkai(&["fee", "--requests", "41"]);
    assert!(text(&table.stdout).contains("按件计收 41件：4300 元"));
    let nothing = gongkai(&["fee", "--requests", "0", "--format", "json"]);
    assert_eq!(text(&nothing.stdout).trim(), r#"{"yuan":0,"bands":[]}"#);
}

#[test]
fn what_is_no_count_could_not_be_done() {
    for arguments in [
        &["fee"][..],
        &["fee", "--pages", "-1"],
        &["fee", "--pages", "1.5"],
        &["fee", "--requests", "99999999999999999999"],
        &["fee", "--requests", "1", "--pages", "1"],
    ] {
        let output = gongkai(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

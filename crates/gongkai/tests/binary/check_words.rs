//! `gongkai check … --words`: the house's own list beside the built-in rules.

use serde_json::Value;

use crate::{gongkai, gongkai_with_input, text};

const WORDS: &str = r#"[{"what":"slip","wrong":"安兰市","right":"安澜市"}]"#;

fn kinds(stdout: &[u8]) -> Vec<String> {
    let answer: Value = serde_json::from_slice(stdout).unwrap();
    let findings = answer["findings"].as_array().unwrap();
    let kind = |one: &Value| one["kind"].as_str().unwrap().to_owned();
    findings.iter().map(kind).collect()
}

#[test]
fn the_list_of_the_house_holds_for_texts_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.json");
    std::fs::write(&words, WORDS).unwrap();
    let words = words.to_str().unwrap();
    let said = "安兰市人民政府决定。\n";
    let plain = ["check", "text", "--format", "json"];
    let without = gongkai_with_input(&plain, said);
    assert_eq!(without.status.code(), Some(0), "{}", text(&without.stderr));
    let with = gongkai_with_input(&[&plain[..], &["--words", words]].concat(), said);
    assert_eq!(with.status.code(), Some(1), "{}", text(&with.stderr));
    assert_eq!(kinds(&with.stdout), ["wording"]);

    let draft = folder.path().join("draft.txt");
    std::fs::write(&draft, said).unwrap();
    let draft = draft.to_str().unwrap();
    let file = ["check", "file", draft, "--format", "json"];
    assert_eq!(gongkai(&file).status.code(), Some(0));
    let with = gongkai(&[&file[..], &["--words", words]].concat());
    assert_eq!(kinds(&with.stdout), ["wording"]);
}

#[test]
fn a_list_that_cannot_be_read_checks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, "{").unwrap();
    let gone = folder.path().join("gone.json");
    for (list, says) in [(&bad, "第1行看不懂"), (&gone, "打不开")] {
        let arguments = ["check", "text", "--words", list.to_str().unwrap()];
        let output = gongkai_with_input(&arguments, "正文");
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty() && text(&output.stderr).contains(says));
    }
    let config = folder.path().join("gongkai.toml");
    let arguments = [
        "--config",
        config.to_str().unwrap(),
        "check",
        "text",
        "--house",
    ];
    let output = gongkai_with_input(&arguments, "正文");
    assert_eq!(output.status.code(), Some(2), "without a store it says so");
    assert!(text(&output.stderr).contains("找不到配置文件"));
}

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
fn a_text_is_covered_by_the_rule_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (json, toml, bad, out) = (at("r.json"), at("r.toml"), at("bad.json"), at("out.txt"));
    std::fs::write(&json, r#"{"id_card": [6, 4], "mobile": [0, 4]}"#).unwrap();
    std::fs::write(&toml, "mobile = [0, 4]\n").unwrap();
    std::fs::write(&bad, r#"{"id_cards": [6, 4]}"#).unwrap();
    let said = "申请人的身份证号：440203199003070016，手机13800138000。\n";
    let covered = |rule: &[&str]| {
        let arguments = [&["check", "text", "--masked", &out][..], rule].concat();
        let output = gongkai_with_input(&arguments, said);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        // A second time nothing is overwritten.
        let again = gongkai_with_input(&arguments, said);
        assert_eq!(again.status.code(), Some(2));
        assert!(text(&again.stderr).contains("没有覆盖") && !again.stdout.is_empty());
        let covered = std::fs::read_to_string(&out).unwrap();
        std::fs::remove_file(&out).unwrap();
        covered
    };
    let own = covered(&["--masking", &json]);
    assert!(own.contains("440203********0016，手机*******8000"), "{own}");
    let own = covered(&["--masking", &toml]);
    assert!(own.contains("440*************16，手机*******8000"), "{own}");
    assert!(covered(&[]).contains("手机138****8000"));

    let wrong = ["check", "text", "--masked", &out, "--masking", &bad];
    let output = gongkai_with_input(&wrong, said);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("看不懂") && !std::path::Path::new(&out).exists());
}

#[test]
fn what_was_found_is_told_where_no_clean_copy_can_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (file, clean) = (at("a.rtf"), at("b.rtf"));
    std::fs::write(&file, r"{\rtf1\ansi tel 13800138000\par}").unwrap();
    let arguments = ["check", "file", &file, "--clean", &clean];
    let output = gongkai(&arguments);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("手机号码") && said.contains("共 "), "{said}");
    let why = text(&output.stderr);
    assert!(
        why.contains("干净副本") && !std::path::Path::new(&clean).exists(),
        "{why}"
    );
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

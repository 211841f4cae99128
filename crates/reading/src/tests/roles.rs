//! Roles and remarks in brackets beside the names of units, and the units that are named for all tasks at once.

use super::*;

const TITLE: &str = "安澜县2024年政务公开工作要点分工\n一、公开重点\n";

/// The organs of a plan's one task, whose units stand in this bracket.
fn of_bracket(units: &str) -> String {
    let text = format!("{TITLE}1.公开规划目录。（{units}）\n2.公开年报。（责任单位：县史志办）\n");
    let plan = read(&document(&text));
    assert_eq!(plan.coverage.dropped, 0);
    let tasks = brief(&plan);
    let fields: Vec<&str> = tasks[0].split('|').collect();
    assert_eq!(fields[3], "公开规划目录。", "{units}");
    format!("{}{}", fields[4], fields[5])
}

#[test]
fn a_role_in_any_bracket_is_that_of_the_name_before_it() {
    for (units, want) in [
        (
            "责任单位：县财政局〔牵头〕、县审计局〔配合〕",
            "牵县财政局 配县审计局",
        ),
        (
            "责任单位：县财政局[牵头]、县审计局[配合]",
            "牵县财政局 配县审计局",
        ),
        (
            "责任单位：县财政局【牵头】、县审计局",
            "牵县财政局 责县审计局",
        ),
        (
            "责任单位：县财政局〔牵头单位〕、县审计局、各乡镇",
            "牵县财政局 责县审计局 责各乡镇",
        ),
        ("县财政局〔牵头〕、县审计局", "牵县财政局 责县审计局"),
        (
            "责任单位：〔牵头〕县财政局、〔配合〕县审计局",
            "牵县财政局 配县审计局",
        ),
        (
            "【牵头单位】县财政局【配合单位】县审计局",
            "牵县财政局 配县审计局",
        ),
        (
            "责任单位：县财政局〔按职责分工负责〕、县审计局",
            "责县财政局 责县审计局",
        ),
        (
            "责任单位：县财政局、县审计局〔按职责分工负责〕",
            "责县财政局 责县审计局",
        ),
        (
            "县财政局、县审计局〔排名不分先后〕负责",
            "责县财政局 责县审计局",
        ),
        ("县财政局等单位〔牵头〕、各乡镇", "牵县财政局 责各乡镇"),
        ("责任单位：县财政局[1]、县审计局", "责县财政局 责县审计局"),
        // words that are not read
        (
            "责任单位：县财政局、县审计局〔共同牵头〕、各乡镇",
            "责县财政局 责县审计局〔共同牵头〕 责各乡镇?",
        ),
        // whether the second one leads as well is not said
        (
            "责任单位：〔牵头〕县财政局、县审计局",
            "牵县财政局 责县审计局?",
        ),
    ] {
        assert_eq!(of_bracket(units), want, "{units}");
    }
}

#[test]
fn a_rule_in_any_bracket_takes_no_units_away() {
    let rule = "列第一位的为牵头单位";
    for (units, want) in [
        (
            format!("责任单位：县财政局、县审计局〔{rule}〕"),
            "牵县财政局 责县审计局",
        ),
        (
            format!("县财政局、县审计局〔{rule}，下同〕"),
            "牵县财政局 责县审计局",
        ),
        (
            format!("责任单位：县财政局、县审计局【{rule}】"),
            "牵县财政局 责县审计局",
        ),
    ] {
        assert_eq!(of_bracket(&units), want, "{units}");
    }
}

#[test]
fn the_end_of_a_list_begins_the_next_one() {
    for (units, want) in [
        (
            "县财政局、县审计局等和各乡镇负责",
            "责县财政局 责县审计局 责各乡镇",
        ),
        (
            "县财政局、县审计局等以及各乡镇负责",
            "责县财政局 责县审计局 责各乡镇",
        ),
        (
            "县财政局、县总工会等与各乡镇负责",
            "责县财政局 责县总工会 责各乡镇",
        ),
        (
            "责任单位：县财政局、县供销社等及各乡镇",
            "责县财政局 责县供销社 责各乡镇",
        ),
        (
            "县财政局牵头，县总工会等和各乡镇配合",
            "牵县财政局 配县总工会 配各乡镇",
        ),
        (
            "县财政局、县审计局等3个部门和各乡镇负责",
            "责县财政局 责县审计局 责各乡镇",
        ),
        (
            "县教育局、县高等和中等学校招生办公室负责",
            "责县教育局 责县高等和中等学校招生办公室",
        ),
    ] {
        assert_eq!(of_bracket(units), want, "{units}");
    }
}

#[test]
fn the_manner_of_a_duty_is_no_name_and_nobody_is_none() {
    for (units, want) in [
        (
            "县财政局按职责分工负责，各乡镇结合实际落实",
            "责县财政局 责各乡镇",
        ),
        ("县财政局牵头，各乡镇结合实际落实", "牵县财政局 责各乡镇"),
        ("县财政局负责，各乡镇按规定落实", "责县财政局 责各乡镇"),
        ("县财政局、各乡镇分级负责", "责县财政局 责各乡镇"),
        (
            "县委依法治县办负责，各乡镇依法依规落实",
            "责县委依法治县办 责各乡镇",
        ),
        ("牵头单位：县财政局；配合单位：无", "牵县财政局"),
        ("牵头单位：县财政局；配合单位：—", "牵县财政局"),
        ("牵头单位：县财政局，配合单位：/", "牵县财政局"),
        (
            "责任单位：各镇人民政府.街道办事处",
            "责各镇人民政府 责街道办事处",
        ),
        ("责任单位：县财政局丶县审计局", "责县财政局 责县审计局"),
    ] {
        assert_eq!(of_bracket(units), want, "{units}");
    }
    let plan = read(&document(&format!(
        "{TITLE}1.公开目录。\n责任单位：无\n2.公开年报。\n责任单位：县史志办\n"
    )));
    assert_eq!(plan.tasks[0].confidence, Confidence::Check);
}

#[test]
fn units_named_for_all_tasks_stand_at_each() {
    let plan = check(
        &format!(
            "{TITLE}1.公开规划。（责任单位：县财政局〔列第一位的为牵头单位，下同〕，以下各项均需各乡镇推进，不再单独列出）\n2.公开年报。（责任单位：县民政局、县教育局）\n3.公开名录。（责任单位：各乡镇）\n"
        ),
        &[
            "1|一、公开重点|-|公开规划。|牵县财政局 责各乡镇|?",
            "2|一、公开重点|-|公开年报。|牵县民政局 责县教育局 责各乡镇|",
            "3|一、公开重点|-|公开名录。|责各乡镇|",
        ],
    );
    assert!(codes(&plan).contains(&"organs-for-all"));
    for said in [
        "以下任务均由各乡镇落实不再重复列出",
        "以下各项各乡镇均为责任单位",
        "以下工作均涉及各乡镇",
    ] {
        let text = format!(
            "{TITLE}1.公开规划。（责任单位：县财政局，{said}）\n2.公开年报。（责任单位：县民政局）\n"
        );
        let plan = read(&document(&text));
        assert_eq!(plan.tasks[1].organs.len(), 2, "{said}: {:?}", brief(&plan));
    }
}

#[test]
fn a_line_on_the_units_of_all_tasks_makes_each_one_doubtful() {
    let plan = check(
        "安澜县2024年政务公开任务表\n（各乡镇均为各项任务的责任单位，不再逐一列出）\n序号|任务|责任单位\n1|公开规划|县财政局\n2|公开年报|县民政局\n",
        &["1|-|-|公开规划|责县财政局|?", "2|-|-|公开年报|责县民政局|?"],
    );
    assert!(codes(&plan).contains(&"organs-for-all"));
}

#[test]
fn a_name_that_lacks_half_a_bracket_is_doubted() {
    let plan = check(
        "安澜县2024年政务公开任务表\n序号|任务|责任单位\n1|公开规划|县财政局）、县审计局\n2|公开年报|县民政局\n",
        &[
            "1|-|-|公开规划|责县财政局） 责县审计局|?",
            "2|-|-|公开年报|责县民政局|",
        ],
    );
    assert!(codes(&plan).contains(&"organ-unusual"));
}

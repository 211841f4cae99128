use gongkai_basis::id::OrganId;
use gongkai_office::Place;
use gongkai_platform::organ::{Directory, Entry, Kind, Level};
use uuid::Uuid;

use super::{effects, why_not_confirm};
use crate::assignment::Duty;
use crate::draft::content::{Content, Decision, Doubt, DraftTask, Meta, NamedOrgan};
use crate::draft::settle::{Standing, names, settle_by_best};

fn id(n: u128) -> OrganId {
    OrganId::new(Uuid::from_u128(n))
}

fn directory() -> Directory {
    let entry = |n: u128, parent: Option<u128>, name: &str, level, kind| Entry {
        id: id(n),
        parent: parent.map(id),
        path: match parent {
            Some(parent) => format!("/{}/{}/", id(parent), id(n)),
            None => format!("/{}/", id(n)),
        },
        name: name.into(),
        short: None,
        aliases: Vec::new(),
        former: Vec::new(),
        level,
        kind,
    };
    let city = Level::City;
    Directory::new(
        &[
            entry(1, None, "安澜市人民政府", city, Kind::Government),
            entry(2, Some(1), "安澜市司法局", city, Kind::Department),
            entry(3, Some(1), "安澜市教育局", city, Kind::Department),
            entry(4, Some(1), "安澜市财政局", city, Kind::Department),
            entry(
                5,
                Some(1),
                "云岭县人民政府",
                Level::County,
                Kind::Government,
            ),
        ],
        &[],
    )
}

fn content(tasks: &[&[(&str, Duty)]]) -> Content {
    let tasks: Vec<DraftTask> = (1..)
        .zip(tasks)
        .map(|(key, organs)| DraftTask {
            key,
            number: None,
            section: None,
            group: None,
            text: "做好公开。".into(),
            organ_text: String::new(),
            organs: organs
                .iter()
                .map(|(name, duty)| NamedOrgan {
                    name: (*name).into(),
                    duty: *duty,
                })
                .collect(),
            deadlines: Vec::new(),
            quantities: Vec::new(),
            place: Place::default(),
            doubts: Vec::new(),
        })
        .collect();
    Content {
        is_plan: true,
        meta: Meta {
            title: "安澜市2026年政务公开工作要点分工方案".into(),
            year: Some(2026),
            ..Meta::default()
        },
        tasks,
        ..Content::default()
    }
}

#[test]
fn others_are_those_that_the_task_does_not_name() {
    let content = content(&[&[("市司法局", Duty::Lead), ("市直其他单位", Duty::Cooperate)]]);
    let found = effects(&content, &directory());
    let planned: Vec<(OrganId, Duty, &str)> = found.tasks[0]
        .iter()
        .map(|planned| (planned.organ, planned.duty, planned.named_as.as_str()))
        .collect();
    assert_eq!(planned[0], (id(2), Duty::Lead, "市司法局"));
    assert!(planned[1..].contains(&(id(3), Duty::Cooperate, "市直其他单位")));
    assert!(planned[1..].iter().all(|(organ, ..)| *organ != id(2)));
    assert_eq!(found.from_collectives, planned.len() - 1);
    assert_eq!(found.by_organ[0], (id(2), [1, 0, 0]));
}

#[test]
fn a_misprinted_name_becomes_that_of_its_organ() {
    let mut content = content(&[&[("市财证局", Duty::Lead)]]);
    content
        .decisions
        .insert("市财证局".into(), Decision::Organ(id(4)));
    let found = effects(&content, &directory());
    let planned = &found.tasks[0][0];
    assert_eq!(
        (planned.organ, planned.named_as.as_str()),
        (id(4), "安澜市财政局")
    );
}

#[test]
fn the_strongest_of_several_duties_is_kept_and_said() {
    let content = content(&[&[
        ("市教育局", Duty::Cooperate),
        ("安澜市教育局", Duty::Lead),
        ("市直各单位", Duty::Responsible),
    ]]);
    let found = effects(&content, &directory());
    let lead: Vec<_> = found.tasks[0]
        .iter()
        .filter(|planned| planned.organ == id(3))
        .collect();
    assert_eq!(lead.len(), 1, "an organ has a task once");
    assert_eq!(lead[0].duty, Duty::Lead);
    assert_eq!(
        found.strongest,
        ["第 1 条：安澜市教育局有多种分工，按“牵头”计。"]
    );
}

#[test]
fn units_concerned_are_nobody_until_the_office_picks_them() {
    let mut content = content(&[&[("市直有关单位", Duty::Responsible)]]);
    let directory = directory();
    assert_eq!(names(&content, &directory)[0].standing, Standing::Open);
    assert_eq!(why_not_confirm(&content, &directory).len(), 1);

    let picked = vec![id(3), id(4)];
    let decision = Decision::Organs(picked.clone());
    content.decisions.insert("市直有关单位".into(), decision);
    let found = effects(&content, &directory);
    let organs: Vec<OrganId> = found.tasks[0].iter().map(|planned| planned.organ).collect();
    assert_eq!(organs, picked);
    assert_eq!(found.tasks[0][0].named_as, "市直有关单位");
    assert_eq!(why_not_confirm(&content, &directory), Vec::<String>::new());

    let decision = Decision::Organs(vec![id(3), id(99)]);
    content.decisions.insert("市直有关单位".into(), decision);
    assert_eq!(names(&content, &directory)[0].standing, Standing::Open);
}

#[test]
fn every_reason_against_confirming_comes_at_once() {
    let mut content = content(&[&[("市幻想局", Duty::Lead)], &[]]);
    content.meta = Meta::default();
    content.tasks[0].doubts.push(Doubt {
        message: "单位格为空。".into(),
        settled: false,
    });
    content.tasks[1].text = " ".into();
    let reasons = why_not_confirm(&content, &directory());
    insta::assert_snapshot!(reasons.join("\n"), @r"
    还没有方案标题。请在“识别结果”一步填写。
    没有识别出年度。请在“识别结果”一步填写。
    第 2 条没有任务内容。请填写或删除。
    第 2 条没有落实单位。请在“核对任务”一步补上。
    第 1 条还有疑点没有核对。请对照原文核对后标为“已核对”。
    有 1 个单位名称还没有对应到机关：市幻想局。请在“对应单位”一步逐个确定。
    ");
}

#[test]
fn a_sound_draft_has_no_reason_against_it() {
    let content = content(&[&[("市司法局", Duty::Lead)]]);
    assert_eq!(
        why_not_confirm(&content, &directory()),
        Vec::<String>::new()
    );
}

#[test]
fn a_decision_wins_and_is_open_again_when_its_organ_is_gone() {
    let mut content = content(&[&[("市司法局", Duty::Lead)]]);
    content
        .decisions
        .insert("市司法局".into(), Decision::Organ(id(3)));
    let directory = directory();
    assert_eq!(effects(&content, &directory).tasks[0][0].organ, id(3));
    content
        .decisions
        .insert("市司法局".into(), Decision::Organ(id(99)));
    assert_eq!(names(&content, &directory)[0].standing, Standing::Open);
    content
        .decisions
        .insert("市司法局".into(), Decision::KeptOut("不属本市".into()));
    let found = effects(&content, &directory);
    assert!(found.tasks[0].is_empty());
    assert_eq!(
        found.kept_out,
        [("市司法局".to_owned(), "不属本市".to_owned(), 1)]
    );
}

#[test]
fn settling_by_the_best_leaves_nothing_open() {
    let mut content = content(&[&[("市财证局", Duty::Lead), ("市幻想局", Duty::Cooperate)]]);
    let directory = directory();
    settle_by_best(&mut content, &directory);
    assert!(
        names(&content, &directory)
            .iter()
            .all(|name| name.standing != Standing::Open)
    );
    assert!(matches!(
        content.decisions["市幻想局"],
        Decision::KeptOut(_)
    ));
}

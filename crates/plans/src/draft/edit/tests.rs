use gongkai_office::Place;
use proptest::prelude::*;

use super::{Card, Edit, EditError, Step, UNDO_STEPS_MAX, apply, position_before};
use crate::assignment::Duty;
use crate::draft::content::{Content, Decision, Doubt, DraftTask, Meta, NamedOrgan};
use crate::plan::{Deadline, DeadlineKind};

fn task(key: u32, text: &str) -> DraftTask {
    DraftTask {
        key,
        number: Some(i64::from(key)),
        section: Some("一、基础".into()),
        group: None,
        text: text.into(),
        organ_text: "市司法局".into(),
        organs: vec![NamedOrgan {
            name: "市司法局".into(),
            duty: Duty::Lead,
        }],
        deadlines: vec![Deadline {
            text: "年底前".into(),
            date: "2026-12-31".parse().ok(),
            kind: DeadlineKind::By,
        }],
        quantities: Vec::new(),
        place: Place::default(),
        doubts: vec![Doubt {
            message: "单位格为空，沿用上一行。".into(),
            settled: false,
        }],
    }
}

fn content(texts: &[&str]) -> Content {
    let tasks: Vec<DraftTask> = (1..)
        .zip(texts)
        .map(|(key, text)| task(key, text))
        .collect();
    Content {
        is_plan: true,
        next_key: u32::try_from(tasks.len()).unwrap() + 1,
        tasks,
        ..Content::default()
    }
}

fn texts(content: &Content) -> Vec<&str> {
    content
        .tasks
        .iter()
        .map(|task| task.text.as_str())
        .collect()
}

#[test]
fn a_task_is_split_where_the_second_begins() {
    let mut content = content(&["梳理目录。年底前发布清单。"]);
    let at = position_before("梳理目录。年底前发布清单。", "年底前").unwrap();
    let touched = apply(&mut content, Edit::Split { key: 1, at }).unwrap();
    assert_eq!(texts(&content), ["梳理目录。", "年底前发布清单。"]);
    assert_eq!(
        (touched.removed, touched.at, touched.inserted),
        (vec![1], 0, 2)
    );
    // The date goes with the part that prints it; organs stay with both; a key is never used twice.
    assert!(content.tasks[0].deadlines.is_empty());
    assert_eq!(content.tasks[1].deadlines.len(), 1);
    assert_eq!(content.tasks[1].organs, content.tasks[0].organs);
    assert_eq!((content.tasks[0].key, content.tasks[1].key), (1, 2));
    assert_eq!(
        (content.tasks[0].number, content.tasks[1].number),
        (Some(1), None)
    );
}

/// What a person saved who typed one date as words.
fn dated(words: &str) -> DraftTask {
    let mut content = content(&["梳理目录。"]);
    content.meta.year = Some(2026);
    content.meta.issued_on = "2026-03-16".parse().ok();
    let task = content.tasks[0].clone();
    let card = Card {
        number: task.number,
        section: task.section,
        group: task.group,
        text: task.text,
        organs: task.organs,
        deadlines: vec![Deadline {
            text: words.into(),
            date: None,
            kind: DeadlineKind::By,
        }],
    };
    apply(&mut content, Edit::Save { key: 1, card }).unwrap();
    content.tasks.remove(0)
}

#[test]
fn a_date_typed_as_words_is_read_and_a_doubtful_one_is_marked() {
    let cases = [
        ("10月底前", Some("2026-10-31"), 1),
        ("印发之日起30日内", Some("2026-04-15"), 1),
        ("8月前", Some("2026-07-31"), 2),
        ("2月30日前", None, 2),
        ("尽快", None, 1),
        ("9月30日和12月27日前", None, 1),
    ];
    for (words, date, doubts) in cases {
        let task = dated(words);
        assert_eq!(
            task.deadlines[0].date,
            date.map(|date| date.parse().unwrap()),
            "{words}"
        );
        assert_eq!(task.deadlines[0].text, words);
        assert_eq!(task.doubts.len(), doubts, "{words}: {:?}", task.doubts);
    }
}

#[test]
fn a_split_needs_words_on_both_sides() {
    let mut content = content(&["梳理目录。"]);
    for at in [0, 5, 500] {
        let outcome = apply(&mut content, Edit::Split { key: 1, at });
        assert_eq!(outcome, Err(EditError::SplitPoint), "{at}");
    }
    assert!(content.undo.is_empty());
    assert_eq!(
        position_before("梳理目录", "梳理"),
        None,
        "the very beginning splits nothing"
    );
}

#[test]
fn merging_keeps_organs_and_dates_of_both_once() {
    let mut content = content(&["甲。", "乙。"]);
    content.tasks[1].organs.push(NamedOrgan {
        name: "市教育局".into(),
        duty: Duty::Cooperate,
    });
    apply(&mut content, Edit::Merge { key: 2 }).unwrap();
    assert_eq!(texts(&content), ["甲。乙。"]);
    assert_eq!(content.tasks[0].organs.len(), 2);
    assert_eq!(content.tasks[0].deadlines.len(), 1);
    let outcome = apply(&mut content, Edit::Merge { key: 1 });
    assert_eq!(outcome, Err(EditError::NothingAbove));
}

#[test]
fn tasks_move_and_come_back() {
    let mut content = content(&["甲", "乙", "丙"]);
    apply(&mut content, Edit::Up { key: 3 }).unwrap();
    apply(&mut content, Edit::Down { key: 1 }).unwrap();
    assert_eq!(texts(&content), ["丙", "甲", "乙"]);
    let outcome = apply(&mut content, Edit::Up { key: 3 });
    assert_eq!(outcome, Err(EditError::AtEnd));
    apply(&mut content, Edit::Undo).unwrap();
    apply(&mut content, Edit::Undo).unwrap();
    assert_eq!(texts(&content), ["甲", "乙", "丙"]);
    assert_eq!(
        apply(&mut content, Edit::Undo),
        Err(EditError::NothingToUndo)
    );
}

#[test]
fn settled_doubts_no_longer_count() {
    let mut content = content(&["甲", "乙"]);
    assert_eq!(content.doubtful(), 2);
    apply(&mut content, Edit::SettleDoubts { key: 1 }).unwrap();
    assert_eq!(content.doubtful(), 1);
}

#[test]
fn the_undo_stack_forgets_its_oldest_steps() {
    let mut content = content(&["甲", "乙"]);
    for _ in 0..UNDO_STEPS_MAX + 5 {
        let key = content.tasks[0].key;
        apply(&mut content, Edit::Down { key }).unwrap();
    }
    assert_eq!(content.undo.len(), UNDO_STEPS_MAX);
}

#[test]
fn saving_what_is_there_is_no_step() {
    let mut content = content(&["甲"]);
    let same = content.tasks[0].clone();
    let card = Card {
        number: same.number,
        section: same.section,
        group: same.group,
        text: same.text,
        organs: same.organs,
        deadlines: same.deadlines,
    };
    apply(&mut content, Edit::Save { key: 1, card }).unwrap();
    assert!(content.undo.is_empty());
}

#[test]
fn names_are_counted_once_for_each_task() {
    let mut content = content(&["甲", "乙"]);
    content.tasks[0].organs.push(NamedOrgan {
        name: "市司法局".into(),
        duty: Duty::Cooperate,
    });
    content.tasks[1].organs.push(NamedOrgan {
        name: "各县（区）政府".into(),
        duty: Duty::Responsible,
    });
    assert_eq!(content.names(), [("市司法局", 2), ("各县（区）政府", 1)]);
}

fn edits() -> impl Strategy<Value = Edit> {
    let key = 1_u32..12;
    let card =
        ("[甲乙丙丁。]{0,8}", proptest::option::of(1_i64..90)).prop_map(|(text, number)| Card {
            number,
            section: None,
            group: Some("（一）".into()),
            text,
            organs: vec![NamedOrgan {
                name: "市财政局".into(),
                duty: Duty::Responsible,
            }],
            deadlines: Vec::new(),
        });
    prop_oneof![
        (key.clone(), card).prop_map(|(key, card)| Edit::Save { key, card }),
        (key.clone(), 0_usize..9).prop_map(|(key, at)| Edit::Split { key, at }),
        key.clone().prop_map(|key| Edit::Merge { key }),
        key.clone().prop_map(|key| Edit::Up { key }),
        key.clone().prop_map(|key| Edit::Down { key }),
        key.clone().prop_map(|key| Edit::Delete { key }),
        proptest::option::of(key.clone()).prop_map(|after| Edit::Add { after }),
        key.prop_map(|key| Edit::SettleDoubts { key }),
        "[甲乙]{1,3}".prop_map(|title| Edit::Meta(Box::new(Meta {
            title,
            ..Meta::default()
        }))),
        ("[甲乙]", proptest::option::of("[丙丁]{1,2}")).prop_map(|(name, why)| Edit::Decide {
            name,
            decision: why.map(Decision::KeptOut),
        }),
    ]
}

proptest! {
    #[test]
    fn undoing_everything_restores_the_draft(edits in proptest::collection::vec(edits(), 0..60)) {
        let original = content(&["甲乙丙", "丁甲", "乙丙丁甲", "丙"]);
        let mut edited = original.clone();
        let mut made = 0;
        for edit in edits {
            let before = edited.clone();
            match apply(&mut edited, edit) {
                Ok(touched) => {
                    made += 1;
                    prop_assert!(touched.at + touched.inserted <= edited.tasks.len());
                }
                Err(_) => {
                    // A refused edit changes nothing but, at most, the counter of keys.
                    prop_assert_eq!(&before.tasks, &edited.tasks);
                    prop_assert_eq!(&before.undo, &edited.undo);
                }
            }
            let mut keys: Vec<u32> = edited.tasks.iter().map(|task| task.key).collect();
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(keys.len(), edited.tasks.len());
            prop_assert!(edited.tasks.iter().all(|task| task.key < edited.next_key));
        }
        prop_assert!(edited.undo.len() <= made);
        while !edited.undo.is_empty() {
            apply(&mut edited, Edit::Undo).unwrap();
        }
        prop_assert_eq!(&edited.tasks, &original.tasks);
        prop_assert_eq!(&edited.meta, &original.meta);
        prop_assert_eq!(&edited.decisions, &original.decisions);
    }

    #[test]
    fn a_step_survives_storage(at in 0_usize..9, inserted in 0_usize..3) {
        let step = Step::Tasks { at, removed: vec![task(7, "甲")], inserted };
        let text = serde_json::to_string(&step).unwrap();
        prop_assert_eq!(serde_json::from_str::<Step>(&text).unwrap(), step);
    }
}

use gongkai_basis::id::{AssignmentId, OrganId, PlanId, TaskId};
use gongkai_office::Place;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Bags, Change, Known, bare, compare, likeness};
use crate::assignment::{Assignment, AssignmentState, Duty};
use crate::draft::content::{Content, DraftTask};
use crate::draft::effects::{Effects, Planned};
use crate::plan::{Deadline, DeadlineKind};
use crate::task::{Task, TaskState};

fn organ(n: u128) -> OrganId {
    OrganId::new(Uuid::from_u128(n))
}

fn by(text: &str, date: &str) -> Deadline {
    Deadline {
        text: text.into(),
        date: date.parse().ok(),
        kind: DeadlineKind::By,
    }
}

fn known(n: u128, text: &str, organs: &[(u128, Duty)]) -> Known {
    let task = TaskId::new(Uuid::from_u128(n));
    let plan = PlanId::new(Uuid::from_u128(1));
    Known {
        task: Task {
            id: task,
            plan,
            position: 1,
            number: None,
            section: None,
            group: None,
            text: text.into(),
            organ_text: String::new(),
            deadlines: vec![by("9月底前", "2026-09-30")],
            quantities: Vec::new(),
            place: Place::default(),
            state: TaskState::Open,
            version: 1,
        },
        assignments: organs
            .iter()
            .map(|(id, duty)| Assignment {
                id: AssignmentId::new(Uuid::from_u128(n * 100 + id)),
                plan,
                task,
                organ: organ(*id),
                duty: *duty,
                named_as: String::new(),
                state: AssignmentState::Open,
                due_on: None,
                next_due_on: None,
                report: None,
                version: 1,
            })
            .collect(),
    }
}

/// Text, date, organs.
type Row<'r> = (&'r str, &'r str, &'r [(u128, Duty)]);

fn draft(tasks: &[Row<'_>]) -> (Content, Effects) {
    let mut content = Content::default();
    let mut effects = Effects::default();
    for (key, (text, date, organs)) in (1..).zip(tasks) {
        content.tasks.push(DraftTask {
            key,
            number: None,
            section: None,
            group: None,
            text: (*text).into(),
            organ_text: String::new(),
            organs: Vec::new(),
            deadlines: vec![by("9月底前", date)],
            quantities: Vec::new(),
            place: Place::default(),
            doubts: Vec::new(),
        });
        let planned = organs.iter().map(|(id, duty)| Planned {
            organ: organ(*id),
            duty: *duty,
            named_as: "名".into(),
        });
        effects.tasks.push(planned.collect());
    }
    (content, effects)
}

#[test]
fn a_correction_shows_new_changed_gone_and_same() {
    use Duty::{Cooperate, Lead};
    let known = [
        known(1, "公布现行有效规章清单。", &[(1, Lead)]),
        known(
            2,
            "修订主动公开基本目录，年底前完成。",
            &[(1, Lead), (2, Cooperate)],
        ),
        known(3, "举办政府开放日活动。", &[(3, Lead)]),
    ];
    let (content, effects) = draft(&[
        (
            "修订主动公开基本目录，11月底前完成。",
            "2026-11-30",
            &[(2, Lead), (3, Cooperate)],
        ),
        ("公布现行有效规章清单。", "2026-09-30", &[(1, Lead)]),
        ("建立政策问答知识库。", "2026-09-30", &[(1, Lead)]),
    ]);
    let changes = compare(&content, &effects, &known);
    let Change::Changed {
        draft: 0,
        known: 1,
        difference,
    } = &changes[0]
    else {
        panic!("{changes:?}")
    };
    let text: String = difference
        .text
        .as_ref()
        .unwrap()
        .iter()
        .filter(|p| p.is_inserted())
        .map(|p| p.text.as_str())
        .collect();
    assert_eq!(text, "11月");
    assert_eq!(
        difference.dates.as_ref().unwrap().1,
        "9月底前（2026年11月30日）"
    );
    assert_eq!(difference.added.len(), 1);
    assert_eq!(difference.removed, [(organ(1), Lead)]);
    assert_eq!(difference.duties, [(organ(2), Cooperate, Lead)]);
    assert_eq!(changes[1], Change::Same { draft: 1, known: 0 });
    assert_eq!(changes[2], Change::New { draft: 2 });
    assert_eq!(changes[3], Change::Gone { known: 2 });
}

#[test]
fn typesetting_alone_changes_no_pairing() {
    assert_eq!(bare("12.公布 清单。"), bare("12、公布清单"));
    assert!(likeness("公布清单", "举办活动") < 0.1);
    assert!(likeness("", "") < f64::EPSILON);
}

proptest! {
    #[test]
    fn every_task_of_both_sides_is_told_exactly_once(
        old in proptest::collection::vec("[甲乙丙丁]{1,6}", 0..8),
        new in proptest::collection::vec("[甲乙丙丁]{1,6}", 0..8),
    ) {
        let known: Vec<Known> = (1..).zip(&old).map(|(n, text)| known(n, text, &[])).collect();
        let tasks: Vec<Row<'_>> = new.iter().map(|text| (text.as_str(), "2026-09-30", &[][..])).collect();
        let (content, effects) = draft(&tasks);
        let (mut drafts, mut seen) = (Vec::new(), Vec::new());
        for change in compare(&content, &effects, &known) {
            match change {
                Change::New { draft } => drafts.push(draft),
                Change::Gone { known } => seen.push(known),
                Change::Same { draft, known } | Change::Changed { draft, known, .. } => {
                    drafts.push(draft);
                    seen.push(known);
                }
            }
        }
        drafts.sort_unstable();
        seen.sort_unstable();
        prop_assert_eq!(drafts, (0..new.len()).collect::<Vec<_>>());
        prop_assert_eq!(seen, (0..old.len()).collect::<Vec<_>>());
    }

    #[test]
    fn counted_once_texts_are_as_like_as_one_by_one(
        texts in proptest::collection::vec("[甲乙丙丁。]{0,12}", 0..8),
        other in "[甲乙丙丁。]{0,12}",
    ) {
        let bags = Bags::of(texts.iter().map(String::as_str));
        let one_by_one: Vec<(usize, f64)> = texts
            .iter()
            .map(|text| likeness(&other, text))
            .enumerate()
            .filter(|(_, like)| *like > 0.0)
            .collect();
        prop_assert_eq!(bags.like(&other), one_by_one);
    }

    #[test]
    fn a_text_is_wholly_like_itself(text in "[甲乙丙丁]{2,20}") {
        prop_assert!((likeness(&text, &text) - 1.0).abs() < f64::EPSILON);
    }
}

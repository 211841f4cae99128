//! What a confirmed plan stores at once is what settling would find.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, TaskId};
use gongkai_office::Place;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{backends, uuid};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::{Task, TaskState, store};
use crate::assignment::{Assignment, AssignmentState, Duty};
use crate::plan::{self, Deadline, DeadlineKind, Quantity};
use crate::testing::World;

/// Plans of a hundred tasks, each with up to three parts.
const TASKS: usize = 100;

/// A task's deadlines and counts, and the duties of its units with their own days.
type Wish = (
    Vec<(usize, Option<i8>)>,
    Option<i64>,
    Vec<(Duty, Option<i8>)>,
);

fn wish() -> impl Strategy<Value = Wish> {
    let day = || proptest::option::of(1_i8..=12);
    let deadlines = proptest::collection::vec((0..SAID.len(), day()), 0..3);
    let parts =
        proptest::collection::vec((proptest::sample::select(Duty::ALL.to_vec()), day()), 0..4);
    (deadlines, proptest::option::of(1_i64..5), parts)
}

/// How deadlines are printed.
const SAID: [(&str, DeadlineKind); 5] = [
    ("月底前", DeadlineKind::By),
    ("每季度", DeadlineKind::Recurring),
    ("每月", DeadlineKind::Recurring),
    ("每半年", DeadlineKind::Recurring),
    ("每年至少2次", DeadlineKind::MinimumCount),
];

fn last_of(month: i8) -> Date {
    Date::constant(2026, month, 28)
}

fn stored(world: &World, position: i64, wish: &Wish) -> (Task, Vec<Assignment>) {
    let (deadlines, count, parts) = wish;
    let said: Vec<Deadline> = deadlines
        .iter()
        .map(|(nth, month)| Deadline {
            text: SAID[*nth].0.to_owned(),
            date: month.map(last_of),
            kind: SAID[*nth].1,
        })
        .collect();
    let counted = count.map(|n| format!("开展培训不少于{n}次"));
    let words: Vec<&str> = said.iter().map(|one| one.text.as_str()).collect();
    let task = Task {
        id: TaskId::new(uuid()),
        plan: world.plan,
        position,
        number: Some(position),
        section: None,
        group: None,
        text: format!(
            "{}{}。",
            words.join("，"),
            counted.as_deref().unwrap_or("公开")
        ),
        organ_text: String::new(),
        quantities: count
            .map(|value| Quantity {
                text: format!("不少于{value}次"),
                value,
                max: None,
                unit: "次".to_owned(),
            })
            .into_iter()
            .collect(),
        deadlines: said,
        place: Place::default(),
        state: TaskState::Open,
        version: 1,
    };
    let parts = parts.iter().zip(&world.units);
    let parts = parts.map(|((duty, own), organ)| Assignment {
        id: AssignmentId::new(uuid()),
        plan: world.plan,
        task: task.id,
        organ: *organ,
        duty: *duty,
        named_as: String::new(),
        state: AssignmentState::Open,
        due_on: own.map(last_of).or(task.due_on()),
        next_due_on: None,
        report: None,
        version: 1,
    });
    let parts = parts.collect();
    (task, parts)
}

/// What is kept beside tasks and parts.
async fn kept(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let tasks = "SELECT id, COALESCE(next_due_on, '-') || ' ' || CAST(finished AS TEXT) || CAST(reopened AS TEXT) || CAST(silent AS TEXT) \
                 || ' ' || CAST(organs AS TEXT) AS facts FROM task ORDER BY id";
    let parts = "SELECT id, COALESCE(next_due_on, '-') AS facts FROM assignment ORDER BY id";
    let mut all = tx.all(sql(tasks)).await?;
    all.extend(tx.all(sql(parts)).await?);
    let line = |row: &gongkai_platform::db::Row| {
        let (id, facts): (String, String) = (row.get("id")?, row.get("facts")?);
        Ok(format!("{id} {facts}"))
    };
    all.iter().map(line).collect()
}

#[tokio::test]
async fn settling_a_plan_that_was_just_stored_changes_nothing() {
    let wishes = proptest::collection::vec(wish(), TASKS);
    let wishes = wishes.new_tree(&mut TestRunner::default()).unwrap();
    let wishes = wishes.current();
    for backend in backends() {
        let world = World::on(&backend).await;
        let (mut tasks, mut parts) = (Vec::new(), Vec::new());
        for (position, wish) in (1_i64..).zip(&wishes) {
            let (task, own) = stored(&world, position, wish);
            tasks.push(task);
            parts.extend(own);
        }
        let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
        let at_once = world
            .write("test.plan", async |tx: &mut Tx| {
                let plan = plan::store::find(tx, world.plan).await?.unwrap();
                store::insert_with_parts(tx, &plan, &tasks, &parts).await?;
                kept(tx).await
            })
            .await;
        let settled = world
            .write("test.settled", async |tx: &mut Tx| {
                store::settle_all(tx, &ids).await?;
                kept(tx).await
            })
            .await;
        assert_eq!(at_once.len(), tasks.len() + parts.len());
        assert_eq!(at_once, settled, "{wishes:?}");
    }
}

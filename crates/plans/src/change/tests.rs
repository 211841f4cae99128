use gongkai_basis::id::{AssignmentId, TaskId};
use gongkai_platform::audit::{self, Verdict};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::{backends, uuid};

use super::decide::{approve, reject, undo};
use super::describe::describe;
use super::effects::Effects;
use super::propose::{Proposal, propose};
use super::{
    Change, ChangeError, ChangeId, ChangeKind, ChangeState, NewPart, Operation, Wording, store,
};
use crate::acts::{DecideChange, ProposeChange, ReportProgress};
use crate::assignment::{AssignmentState, Duty};
use crate::plan;
use crate::report::submit::submit;
use crate::report::{Content, Outcome};
use crate::task::{self, TaskState};
use crate::testing::{World, by, day, page};

fn proposal(world: &World, kind: ChangeKind, operations: Vec<Operation>) -> Proposal {
    Proposal {
        plan: world.plan,
        kind,
        operations,
        reason: "职能调整".to_owned(),
    }
}

async fn by_clerk(world: &World, proposal: Proposal) -> Result<Change, ChangeError> {
    let permit = world.permit::<ProposeChange>(world.clerk).await;
    world
        .db
        .write(async |tx: &mut Tx| propose(tx, &permit, None, proposal).await)
        .await
}

async fn approved(world: &World, id: ChangeId) -> Result<Change, ChangeError> {
    let permit = world.permit::<DecideChange>(world.head).await;
    world
        .db
        .write(async |tx: &mut Tx| approve(tx, &permit, id).await)
        .await
}

async fn undone(world: &World, id: ChangeId) -> Result<Change, ChangeError> {
    let permit = world.permit::<DecideChange>(world.head).await;
    world
        .db
        .write(async |tx: &mut Tx| undo(tx, &permit, id, "弄错了").await)
        .await
}

async fn task(world: &World, id: TaskId) -> task::Task {
    world
        .db
        .read(async |tx: &mut Tx| task::store::load(tx, id).await)
        .await
        .unwrap()
        .unwrap()
}

fn part(world: &World, unit: usize, duty: Duty) -> NewPart {
    NewPart {
        assignment: AssignmentId::new(uuid()),
        organ: world.units[unit],
        duty,
    }
}

fn reasons(error: ChangeError) -> String {
    match error {
        ChangeError::Refused(reasons) => reasons.join("|"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_amendment_waits_for_the_head_and_can_be_undone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let wording = Wording {
            section: Some("一、主动公开".to_owned()),
            group: None,
            text: "公开规章和规范性文件".to_owned(),
            deadlines: vec![by("2026-11-30")],
            quantities: None,
        };
        let operation = Operation::AmendTask {
            task: id,
            seen: 1,
            wording,
        };
        let change = by_clerk(
            &world,
            proposal(&world, ChangeKind::Amend, vec![operation.clone()]),
        )
        .await
        .unwrap();
        assert_eq!(change.state, ChangeState::Proposed);
        assert_eq!(task(&world, id).await.text, "公开规章");
        let mut head = world.browser(world.head).await;
        let told = head.get("/workspace/inbox").await.page();
        assert!(told.contains("等您审批"), "{told}");
        let lines = world
            .db
            .read(async |tx: &mut Tx| describe(tx, &change.operations, &change.previous).await)
            .await
            .unwrap();
        let fields: Vec<(&str, &str, &str)> = lines[0]
            .fields
            .iter()
            .map(|f| (f.name.as_str(), f.old.as_str(), f.new.as_str()))
            .collect();
        assert_eq!(
            fields,
            [
                ("任务内容", "公开规章", "公开规章和规范性文件"),
                (
                    "期限",
                    "2026-09-30前（2026年9月30日）",
                    "2026-11-30前（2026年11月30日）"
                )
            ]
        );
        approved(&world, change.id).await.unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let told = clerk.get("/workspace/inbox").await.page();
        assert!(told.contains("已批准"), "{told}");
        assert_eq!(task(&world, id).await.text, "公开规章和规范性文件");
        // The unit had no date of its own, so it follows.
        assert_eq!(
            world.assignment(id, 0).await.due_on,
            Some(day("2026-11-30"))
        );
        assert!(reasons(approved(&world, change.id).await.unwrap_err()).contains("已生效"));
        // What was proposed on an older text must be looked at again.
        let again = by_clerk(&world, proposal(&world, ChangeKind::Amend, vec![operation])).await;
        assert!(reasons(again.unwrap_err()).contains("又被改动过"));
        undone(&world, change.id).await.unwrap();
        assert_eq!(task(&world, id).await.text, "公开规章");
        assert_eq!(
            world.assignment(id, 0).await.due_on,
            Some(day("2026-09-30"))
        );
        let verdict = world.db.read(audit::verify).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }));
    }
}

#[tokio::test]
async fn a_report_after_a_change_keeps_it_from_being_undone() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let old = world.assignment(id, 0).await;
        let transfer = Operation::Transfer {
            assignment: old.id,
            to: part(&world, 1, Duty::Lead),
        };
        let change = by_clerk(
            &world,
            proposal(&world, ChangeKind::Transfer, vec![transfer]),
        )
        .await
        .unwrap();
        approved(&world, change.id).await.unwrap();
        assert_eq!(
            world.assignment(id, 0).await.state,
            AssignmentState::Transferred
        );
        let new = world.assignment(id, 1).await;
        assert_eq!(
            (new.state, new.named_as.as_str()),
            (AssignmentState::Open, "市财政局")
        );
        let permit = world.permit::<ReportProgress>(world.liaisons[1]).await;
        let content = Content {
            outcome: Outcome::InProgress,
            done_text: "已接手".to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: String::new(),
        };
        world
            .db
            .write(async |tx: &mut Tx| submit(tx, &permit, new.id, None, content).await)
            .await
            .unwrap();
        assert_eq!(
            reasons(undone(&world, change.id).await.unwrap_err()),
            "“市财政局”在这次变更之后又有改动或填报。"
        );
        // And back to the first unit: its old row opens again.
        let back = Operation::Transfer {
            assignment: new.id,
            to: part(&world, 0, Duty::Lead),
        };
        let change = by_clerk(&world, proposal(&world, ChangeKind::Transfer, vec![back]))
            .await
            .unwrap();
        approved(&world, change.id).await.unwrap();
        let again = world.assignment(id, 0).await;
        assert_eq!((again.id, again.state), (old.id, AssignmentState::Open));
        undone(&world, change.id).await.unwrap();
        assert_eq!(
            world.assignment(id, 0).await.state,
            AssignmentState::Transferred
        );
    }
}

#[tokio::test]
async fn a_bulk_change_is_one_change_and_one_undo() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut tasks = Vec::new();
        for n in 1..=3 {
            tasks.push(
                world
                    .task(n, "任务", Some("2026-09-01"), &[(0, Duty::Lead)])
                    .await,
            );
        }
        let permit = world.permit::<ProposeChange>(world.head).await;
        let decide = world.permit::<DecideChange>(world.head).await;
        let operations: Vec<Operation> = tasks
            .iter()
            .map(|task| Operation::TaskDue {
                task: *task,
                seen: 1,
                due_on: day("2026-12-01"),
            })
            .collect();
        let asked = proposal(&world, ChangeKind::Due, operations);
        let change = world
            .db
            .write(async |tx: &mut Tx| propose(tx, &permit, Some(&decide), asked).await)
            .await
            .unwrap();
        // The head's own proposal takes effect at once.
        assert_eq!(change.state, ChangeState::Approved);
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::about(tx, "change", &change.id.to_string(), 10).await)
            .await
            .unwrap();
        assert_eq!(events.len(), 1);
        for id in &tasks {
            assert_eq!(task(&world, *id).await.due_on(), Some(day("2026-12-01")));
            let of_task = world
                .db
                .read(async |tx: &mut Tx| store::of_task(tx, *id).await)
                .await
                .unwrap();
            assert_eq!(of_task.len(), 1);
        }
        undone(&world, change.id).await.unwrap();
        for id in &tasks {
            assert_eq!(task(&world, *id).await.due_on(), Some(day("2026-09-01")));
        }
    }
}

#[tokio::test]
async fn adding_cancelling_and_removing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world
            .task(
                1,
                "公开规章",
                Some("2026-09-30"),
                &[(0, Duty::Lead), (1, Duty::Cooperate)],
            )
            .await;
        let other = world
            .task(2, "预算", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let added = TaskId::new(uuid());
        let wording = Wording {
            section: Some("一、主动公开".to_owned()),
            group: None,
            text: "新增".to_owned(),
            deadlines: Vec::new(),
            quantities: None,
        };
        let operations = vec![
            Operation::AddTask {
                task: added,
                wording,
                parts: vec![part(&world, 2, Duty::Lead)],
            },
            Operation::RemovePart {
                assignment: world.assignment(id, 1).await.id,
            },
            Operation::CancelTask {
                task: other,
                seen: 1,
            },
        ];
        let change = by_clerk(&world, proposal(&world, ChangeKind::Add, operations))
            .await
            .unwrap();
        approved(&world, change.id).await.unwrap();
        assert_eq!(task(&world, other).await.state, TaskState::Cancelled);
        assert_eq!(
            world.assignment(other, 0).await.state,
            AssignmentState::Cancelled
        );
        assert_eq!(
            world.assignment(id, 1).await.state,
            AssignmentState::Cancelled
        );
        // It stands after the last task of its section.
        assert_eq!(task(&world, added).await.position, 2);
        assert_eq!(task(&world, added).await.organ_text, "市教育局");
        undone(&world, change.id).await.unwrap();
        assert_eq!(task(&world, added).await.state, TaskState::Cancelled);
        assert_eq!(task(&world, other).await.state, TaskState::Open);
        assert_eq!(world.assignment(id, 1).await.state, AssignmentState::Open);
    }
}

#[tokio::test]
async fn refusals_are_sentences_and_all_at_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let id = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let twice = vec![
            Operation::AddPart {
                task: id,
                part: part(&world, 0, Duty::Lead),
            },
            Operation::AddPart {
                task: id,
                part: part(&world, 1, Duty::Lead),
            },
            Operation::AddPart {
                task: id,
                part: part(&world, 1, Duty::Cooperate),
            },
            Operation::CancelTask {
                task: TaskId::new(uuid()),
                seen: 1,
            },
        ];
        let error = by_clerk(&world, proposal(&world, ChangeKind::AddOrgan, twice))
            .await
            .unwrap_err();
        assert_eq!(
            reasons(error),
            "“市司法局”已经承担第1项任务，不必再增加，也不能再转交给它；只要去掉原来的单位，请用“减少单位”。|\
             “市财政局”已经承担第1项任务，不必再增加，也不能再转交给它；只要去掉原来的单位，请用“减少单位”。|有任务不在这个方案里。"
        );
        let silent = Proposal {
            reason: String::new(),
            ..proposal(&world, ChangeKind::Cancel, Vec::new())
        };
        assert_eq!(
            reasons(by_clerk(&world, silent).await.unwrap_err()),
            "请填写变更原因，如“机构职能调整”“上级文件改期”。|请至少选择一项。"
        );
        let cancel = Operation::CancelTask { task: id, seen: 1 };
        let change = by_clerk(&world, proposal(&world, ChangeKind::Cancel, vec![cancel]))
            .await
            .unwrap();
        let permit = world.permit::<DecideChange>(world.head).await;
        let sent_back = world
            .db
            .write(async |tx: &mut Tx| reject(tx, &permit, change.id, "任务不能取消").await)
            .await;
        assert!(sent_back.is_ok());
        let found = world
            .db
            .read(async |tx: &mut Tx| {
                Ok::<_, StoreError>((
                    store::list(tx, permit.scope(), Some(ChangeState::Rejected), (0, 10)).await?,
                    store::count(tx, permit.scope(), Some(ChangeState::Proposed)).await?,
                ))
            })
            .await
            .unwrap();
        assert_eq!((found.0.len(), found.1), (1, 0));
        assert_eq!(found.0[0].decision_note.as_deref(), Some("任务不能取消"));
    }
}

#[tokio::test]
async fn a_unit_that_comes_back_reports_anew() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let parts = [(0, Duty::Lead), (1, Duty::Responsible)];
        let id = world.task(1, "公开规章", Some("2026-12-31"), &parts).await;
        let proof = page("https://www.anlan.example/a", "");
        world.done(id, 1, vec![proof]).await;
        let old = world.assignment(id, 1).await;
        let removed = Operation::RemovePart { assignment: old.id };
        let change = by_clerk(
            &world,
            proposal(&world, ChangeKind::RemoveOrgan, vec![removed]),
        );
        let change = change.await.unwrap();
        approved(&world, change.id).await.unwrap();
        let again = Operation::AddPart {
            task: id,
            part: part(&world, 1, Duty::Responsible),
        };
        let change = by_clerk(&world, proposal(&world, ChangeKind::AddOrgan, vec![again]));
        let change = change.await.unwrap();
        approved(&world, change.id).await.unwrap();
        let back = world.assignment(id, 1).await;
        assert_eq!(
            (back.id, back.state, back.report),
            (old.id, AssignmentState::Open, None)
        );
        // Nothing was done since, so that the change can be undone.
        undone(&world, change.id).await.unwrap();
    }
}

async fn counts(world: &World, id: TaskId) -> Vec<(i64, String)> {
    let quantities = task(world, id).await.quantities.into_iter();
    quantities.map(|one| (one.value, one.unit)).collect()
}

#[tokio::test]
async fn what_a_task_counts_follows_its_words_and_comes_back_with_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let counted = crate::plan::Quantity {
            text: "不少于3次".to_owned(),
            value: 3,
            max: None,
            unit: "次".to_owned(),
        };
        let yearly = crate::plan::Deadline {
            text: "每年至少1次".to_owned(),
            date: Some(day("2026-12-31")),
            kind: crate::plan::DeadlineKind::MinimumCount,
        };
        let id = world
            .counted_task(
                "开展政务公开培训不少于3次。",
                &[by("2026-10-31"), yearly.clone()],
                &[counted],
                &[(0, Duty::Lead)],
            )
            .await;
        // A new date leaves what is counted by the year.
        let moved = Operation::TaskDue {
            task: id,
            seen: 1,
            due_on: day("2026-11-30"),
        };
        let change = by_clerk(&world, proposal(&world, ChangeKind::Due, vec![moved]));
        let change = change.await.unwrap();
        approved(&world, change.id).await.unwrap();
        let now = task(&world, id).await;
        assert!(now.deadlines.contains(&yearly), "{:?}", now.deadlines);
        assert_eq!(now.due_on(), Some(day("2026-11-30")));
        assert_eq!(counts(&world, id).await, [(3, "次".to_owned())]);
        // New words count what they say; undone, the old count is there again.
        let amended = Operation::AmendTask {
            task: id,
            seen: now.version,
            wording: Wording {
                text: "开展政务公开培训不少于5次。".to_owned(),
                quantities: None,
                ..Wording::of(&now)
            },
        };
        let change = by_clerk(&world, proposal(&world, ChangeKind::Amend, vec![amended]));
        let change = change.await.unwrap();
        approved(&world, change.id).await.unwrap();
        assert_eq!(counts(&world, id).await, [(5, "次".to_owned())]);
        undone(&world, change.id).await.unwrap();
        assert_eq!(counts(&world, id).await, [(3, "次".to_owned())]);
        // A new task counts what its words say.
        let added = TaskId::new(uuid());
        let operation = Operation::AddTask {
            task: added,
            wording: Wording {
                section: None,
                group: None,
                text: "组织政府开放日活动不少于2场。".to_owned(),
                deadlines: Vec::new(),
                quantities: None,
            },
            parts: vec![part(&world, 2, Duty::Lead)],
        };
        let change = by_clerk(&world, proposal(&world, ChangeKind::Add, vec![operation]));
        let change = change.await.unwrap();
        approved(&world, change.id).await.unwrap();
        assert_eq!(counts(&world, added).await, [(2, "场".to_owned())]);
    }
}

#[tokio::test]
async fn what_stands_in_the_way_of_many_rows_is_said_once_and_the_rest_can_be_changed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut operations = Vec::new();
        for (n, units) in [(3, &[0, 1][..]), (1, &[0, 1][..]), (2, &[0][..])] {
            let units: Vec<(usize, Duty)> = units.iter().map(|unit| (*unit, Duty::Lead)).collect();
            let id = world.task(n, "公开规章", None, &units).await;
            operations.push(Operation::Transfer {
                assignment: world.assignment(id, 0).await.id,
                to: part(&world, 1, Duty::Lead),
            });
        }
        let asked = proposal(&world, ChangeKind::Transfer, operations.clone());
        let error = by_clerk(&world, asked).await.unwrap_err();
        assert_eq!(
            reasons(error),
            "“市财政局”已经承担第1、3项任务，不必再增加，也不能再转交给它；只要去掉原来的单位，请用“减少单位”。"
        );
        let rest = world
            .db
            .read(async |tx: &mut Tx| {
                let found = plan::store::find(tx, world.plan).await?;
                let plan = found.expect("the world's plan");
                let effects = Effects::of(tx, &plan, &operations).await?;
                Ok::<_, StoreError>(effects.rest(&operations))
            })
            .await
            .unwrap();
        let rest = rest.expect("one row can be transferred");
        assert_eq!(rest, operations[2..]);
        let asked = proposal(&world, ChangeKind::Transfer, rest);
        assert!(by_clerk(&world, asked).await.is_ok());
        // Where something else is wrong, too, or nothing would be left, leaving rows out does not help.
        let slip = Operation::PartDue {
            assignment: AssignmentId::new(uuid()),
            due_on: day("2020-01-01"),
        };
        let none = world
            .db
            .read(async |tx: &mut Tx| {
                let found = plan::store::find(tx, world.plan).await?;
                let plan = found.expect("the world's plan");
                let mixed = [operations[0].clone(), operations[2].clone(), slip];
                let mixed = Effects::of(tx, &plan, &mixed).await?.rest(&mixed);
                let all = &operations[..2];
                let all = Effects::of(tx, &plan, all).await?.rest(all);
                Ok::<_, StoreError>((mixed, all))
            })
            .await
            .unwrap();
        assert_eq!(none, (None, None));
    }
}

#[tokio::test]
async fn the_same_change_is_not_proposed_again_while_it_waits() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let one = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let two = world.task(2, "公开预算", None, &[(0, Duty::Lead)]).await;
        let adds = |organ: usize, tasks: &[TaskId]| -> Vec<Operation> {
            let add = |task: &TaskId| Operation::AddPart {
                task: *task,
                part: part(&world, organ, Duty::Cooperate),
            };
            tasks.iter().map(add).collect()
        };
        let first = proposal(&world, ChangeKind::AddOrgan, adds(1, &[one, two]));
        let first = by_clerk(&world, first).await.unwrap();
        // The same rows in another order, with another reason; the parts have fresh ids.
        let again = Proposal {
            reason: "机构改革".to_owned(),
            ..proposal(&world, ChangeKind::AddOrgan, adds(1, &[two, one]))
        };
        let known = by_clerk(&world, again.clone()).await;
        assert!(
            matches!(known, Err(ChangeError::Waiting(same)) if same == first.id),
            "{known:?}"
        );
        // Other rows and another unit are another change.
        for other in [adds(1, &[one]), adds(2, &[one, two])] {
            let other = proposal(&world, ChangeKind::AddOrgan, other);
            assert!(by_clerk(&world, other).await.is_ok());
        }
        // The head decides what waits and does not pass it by.
        let permit = world.permit::<ProposeChange>(world.head).await;
        let decide = world.permit::<DecideChange>(world.head).await;
        let asked = again.clone();
        let by_head = world
            .db
            .write(async |tx: &mut Tx| propose(tx, &permit, Some(&decide), asked).await)
            .await;
        assert!(matches!(by_head, Err(ChangeError::Waiting(_))));
        // Sent back, it may be proposed anew.
        world
            .db
            .write(async |tx: &mut Tx| reject(tx, &decide, first.id, "原因不明").await)
            .await
            .unwrap();
        assert!(by_clerk(&world, again).await.is_ok());
    }
}

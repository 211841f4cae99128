//! What changes of the directory do to assignments: a merger moves the open ones; a collective's new members are shown
//! beside the tasks that name it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::{AssignmentId, OrganId};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::organ::{self, MemberChange, Moved, OpenWork, Target, Touches};
use serde_json::json;

use super::{Assignment, AssignmentState, Duty, store};
use crate::notify::{Notice, To, notify, short};
use crate::round::follow::follow_all;
use crate::{carried, report, task};

/// Assignments that are open and not done.
pub struct OpenAssignments;

#[async_trait]
impl OpenWork for OpenAssignments {
    fn title(&self) -> &'static str {
        "未完成的分工"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        Ok(i64::try_from(store::unfinished(tx, organ).await?.len()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let (mut count, mut again) = (0, 0);
        let mut plans = BTreeSet::new();
        let from = organ::store::load(tx, moved.from).await?;
        for part in store::unfinished(tx, moved.from).await? {
            plans.insert(part.plan);
            // A part that came from a collective is named like all others of it.
            let from = from
                .as_ref()
                .map_or(&part.named_as, |organ| &organ.name)
                .clone();
            let redo = move_one(tx, actor, part, (&from, moved)).await?;
            again += i64::from(redo);
            count += 1;
        }
        if count > 0 {
            tell_heir(tx, moved, (count, again)).await?;
        }
        follow_all(tx, actor, plans).await?;
        Ok(count)
    }
}

/// The heir hears at once of the work that it has now.
async fn tell_heir(
    tx: &mut Tx,
    moved: Moved<'_>,
    (count, again): (i64, i64),
) -> Result<(), StoreError> {
    let anew = match again {
        0 => String::new(),
        n => format!("，其中{n}项原来报过已完成，要重新填报"),
    };
    let notice = Notice {
        to: To::Unit,
        organ: moved.to.id,
        topic: Topic::Change,
        key: format!(
            "moved:{}:{}:{}",
            moved.from,
            moved.to.id,
            tx.now().as_millisecond()
        ),
        title: format!("机构调整，{count}项任务移交本单位{anew}"),
        body: short(moved.reason),
        path: "/workspace/tasks".to_owned(),
        about: None,
    };
    notify(tx, notice).await
}

/// Closes a part, with what was reported on it, and gives the task to the heir in the same duty or a stronger one that
/// it has already; gives whether the heir has to report anew. What was carried over from the part into a later year is owed
/// by the heir's part from now on, and releases that one once it is closed.
async fn move_one(
    tx: &mut Tx,
    actor: &Actor,
    mut old: Assignment,
    (from, moved): (&str, Moved<'_>),
) -> Result<bool, StoreError> {
    let (heir, reason) = (moved.to, moved.reason);
    let mut again = false;
    let released = carried::store::released(tx, &[old.task]).await?;
    old.state = AssignmentState::Transferred;
    store::update(tx, &mut old).await?;
    let part = match store::of_organ(tx, old.task, heir.id).await? {
        None => {
            let new = Assignment {
                id: AssignmentId::new(crate::fresh(tx.now())),
                organ: heir.id,
                named_as: heir.name.clone(),
                state: AssignmentState::Open,
                report: None,
                version: 1,
                ..old.clone()
            };
            store::insert(tx, &new).await?;
            Some(new.id)
        }
        // Nothing is asked of it any more, and it asks nothing more of what the heir has itself.
        Some(_) if released.contains(&old.id) => None,
        Some(known) => {
            let id = known.id;
            again = join(tx, &old, known).await?;
            Some(id)
        }
    };
    if let Some(part) = part {
        carried::store::follow(tx, old.task, (old.id, part)).await?;
    }
    task::store::settle(tx, old.task).await?;
    let to = &heir.name;
    let mut sentence = format!("随机构调整由“{from}”移交“{to}”，原因：{reason}");
    if again {
        sentence.push_str(&format!(
            "。“{to}”原来报的“已完成”不包括移交的工作，不再有效，请重新填报"
        ));
    }
    let subject = ("assignment", old.id.to_string());
    tx.record(
        Event::new(actor, "assignment.moved", subject, sentence)
            .organ(heir.id)
            .data(json!({ "task": old.task, "from": old.organ, "to": heir.id, "report_again": again })),
    );
    Ok(again)
}

/// Joins unfinished work to the part that the heir has already: the stronger duty, the earlier date. Gives whether what the
/// heir had reported as done went out of force: it did not speak of this work. A lead's own report is not undone by what
/// another was only to cooperate in.
async fn join(tx: &mut Tx, old: &Assignment, mut known: Assignment) -> Result<bool, StoreError> {
    let before = known.clone();
    let open = known.state == AssignmentState::Open;
    let alike = old.duty != Duty::Cooperate || known.duty == Duty::Cooperate;
    if open {
        known.duty = known.duty.min(old.duty);
        known.due_on = [known.due_on, old.due_on].into_iter().flatten().min();
    } else {
        known.state = AssignmentState::Open;
        known.duty = old.duty;
        known.due_on = old.due_on;
    }
    if known != before {
        store::update(tx, &mut known).await?;
    }
    Ok((!open || alike) && report::store::take_back_done(tx, &mut known).await?)
}

/// The tasks that name a collective.
pub struct CollectiveTasks;

#[async_trait]
impl Touches for CollectiveTasks {
    async fn touched_by(
        &self,
        tx: &mut Tx,
        change: MemberChange<'_>,
    ) -> Result<Vec<String>, StoreError> {
        let directory = organ::directory(tx, change.root).await?;
        let mut lines = Vec::new();
        for named in store::named_in(tx, change.root).await? {
            let is_it = directory.find(&named.named_as).iter().any(|found| {
                    matches!(&found.target, Target::Collective(key) if key == change.collective)
                });
            if is_it {
                lines.push(format!(
                    "{}年第{}项“{}”：{}，现有{}个单位",
                    named.year,
                    named.number,
                    crate::change::effects::short(&named.text),
                    named.named_as,
                    named.organs
                ));
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use gongkai_platform::db::Tx;
    use gongkai_platform::organ::OpenWork as _;
    use gongkai_platform::testing::{self, backends};

    use super::OpenAssignments;
    use crate::assignment::{AssignmentState, Duty, store};
    use crate::testing::{World, day, page};

    #[tokio::test]
    async fn a_merger_moves_what_is_open_and_keeps_the_stronger_duty() {
        for backend in backends() {
            let world = World::on(&backend).await;
            let alone = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
            let both = world
                .task(
                    2,
                    "公开预算",
                    None,
                    &[(0, Duty::Lead), (1, Duty::Cooperate)],
                )
                .await;
            let (from, to) = (world.units[0], world.units[1]);
            let (before, count, after) = world
                .db
                .write(async |tx: &mut Tx| {
                    let before = OpenAssignments.count(tx, from).await?;
                    let count = testing::inherit(tx, &OpenAssignments, (from, to)).await?;
                    Ok::<_, gongkai_platform::db::StoreError>((
                        before,
                        count,
                        OpenAssignments.count(tx, from).await?,
                    ))
                })
                .await
                .unwrap();
            assert_eq!((before, count, after), (2, 2, 0));
            assert_eq!(
                world.assignment(alone, 0).await.state,
                AssignmentState::Transferred
            );
            assert_eq!(world.assignment(alone, 1).await.named_as, "市财政局");
            assert_eq!(world.assignment(both, 1).await.duty, Duty::Lead);
            let mut heir = world.browser(world.liaisons[1]).await;
            let page = heir.get("/workspace/inbox?unread=1").await.page();
            assert!(page.contains("机构调整，2项任务移交本单位"), "{page}");
        }
    }

    async fn merges(world: &World, from: usize, to: usize) {
        let units = (world.units[from], world.units[to]);
        let merge = async |tx: &mut Tx| testing::inherit(tx, &OpenAssignments, units).await;
        world.db.write(merge).await.unwrap();
    }

    #[tokio::test]
    async fn what_the_heir_reported_as_done_does_not_finish_the_work_that_comes_to_it() {
        for backend in backends() {
            let world = World::on(&backend).await;
            let both = [(0, Duty::Lead), (1, Duty::Cooperate)];
            let led = world.task(1, "公开规章", Some("2026-06-30"), &both).await;
            let helped = [(1, Duty::Lead), (0, Duty::Cooperate)];
            let own = world.task(2, "公开预算", Some("2026-12-31"), &helped).await;
            for task in [led, own] {
                let proof = page("https://www.anlan.example/a", "");
                world.done(task, 1, vec![proof]).await;
            }
            merges(&world, 0, 1).await;
            let part = world.assignment(led, 1).await;
            assert_eq!((part.duty, part.report), (Duty::Lead, None));
            // To cooperate in what the heir leads and has done opens nothing again.
            assert!(world.assignment(own, 1).await.report.is_some());
            let mut heir = world.browser(world.liaisons[1]).await;
            let told = heir.get("/workspace/inbox?unread=1").await.page();
            let words = "机构调整，2项任务移交本单位，其中1项原来报过已完成，要重新填报";
            assert!(told.contains(words), "{told}");
            let mut clerk = world.browser(world.clerk).await;
            let shown = clerk.get(&format!("/workspace/tasks/{led}")).await.page();
            assert!(
                shown.contains("■ 已逾期") && shown.contains("不再有效，请重新填报"),
                "{shown}"
            );
            // The version stays to be read, and the unit reports anew.
            let part = format!("/workspace/assignments/{}", part.id);
            assert!(heir.get(&part).await.page().contains("已完成。"));
            world.done(led, 1, Vec::new()).await;
            assert!(world.assignment(led, 1).await.report.is_some());
        }
    }

    #[tokio::test]
    async fn the_earlier_date_goes_to_the_heir_and_a_closed_part_comes_back_unreported() {
        for backend in backends() {
            let world = World::on(&backend).await;
            let both = [(0, Duty::Lead), (1, Duty::Responsible)];
            let task = world.task(1, "公开规章", Some("2026-12-31"), &both).await;
            let gone = world.task(2, "公开预算", Some("2026-12-31"), &both).await;
            let proof = page("https://www.anlan.example/a", "");
            world.done(gone, 1, vec![proof]).await;
            let mut early = world.assignment(task, 0).await;
            early.due_on = Some(day("2026-10-15"));
            let mut closed = world.assignment(gone, 1).await;
            closed.state = AssignmentState::Cancelled;
            closed.due_on = Some(day("2026-03-01"));
            world
                .write("test.parts", async |tx: &mut Tx| {
                    store::update(tx, &mut early).await?;
                    store::update(tx, &mut closed).await
                })
                .await;
            merges(&world, 0, 1).await;
            let part = world.assignment(task, 1).await;
            assert_eq!(part.due_on, Some(day("2026-10-15")));
            let back = world.assignment(gone, 1).await;
            assert_eq!(
                (back.state, back.duty, back.due_on, back.report),
                (
                    AssignmentState::Open,
                    Duty::Lead,
                    Some(day("2026-12-31")),
                    None
                )
            );
        }
    }
}

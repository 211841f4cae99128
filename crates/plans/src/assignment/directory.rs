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

use super::{Assignment, AssignmentState, store};
use crate::notify::{Notice, To, notify, short};
use crate::round::follow::follow_all;
use crate::task;

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
        let Some(heir) = organ::store::load(tx, moved.to).await? else {
            return Err(StoreError::Stale);
        };
        let mut count = 0;
        let mut plans = BTreeSet::new();
        for part in store::unfinished(tx, moved.from).await? {
            plans.insert(part.plan);
            move_one(tx, actor, part, &heir, moved.reason).await?;
            count += 1;
        }
        if count > 0 {
            tell_heir(tx, moved, count).await?;
        }
        follow_all(tx, actor, plans).await?;
        Ok(count)
    }
}

/// The heir hears at once of the work that it has now.
async fn tell_heir(tx: &mut Tx, moved: Moved<'_>, count: i64) -> Result<(), StoreError> {
    let notice = Notice {
        to: To::Unit,
        organ: moved.to,
        topic: Topic::Change,
        key: format!(
            "moved:{}:{}:{}",
            moved.from,
            moved.to,
            tx.now().as_millisecond()
        ),
        title: format!("机构调整，{count}项任务移交本单位"),
        body: short(moved.reason),
        path: "/workspace/tasks".to_owned(),
        about: None,
    };
    notify(tx, notice).await
}

/// Closes a part, with what was reported on it, and gives the task to the heir in the same duty or a stronger one that
/// it has already.
async fn move_one(
    tx: &mut Tx,
    actor: &Actor,
    mut old: Assignment,
    heir: &organ::Organ,
    reason: &str,
) -> Result<(), StoreError> {
    old.state = AssignmentState::Transferred;
    store::update(tx, &mut old).await?;
    match store::of_organ(tx, old.task, heir.id).await? {
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
        }
        Some(mut known) => {
            let open = known.state == AssignmentState::Open;
            let duty = if open {
                known.duty.min(old.duty)
            } else {
                old.duty
            };
            if !open || duty != known.duty {
                known.state = AssignmentState::Open;
                known.duty = duty;
                store::update(tx, &mut known).await?;
            }
            task::store::settle(tx, old.task).await?;
        }
    }
    tx.record(
        Event::new(
            actor,
            "assignment.moved",
            ("assignment", old.id.to_string()),
            format!(
                "随机构调整由“{}”移交“{}”，原因：{reason}",
                old.named_as, heir.name
            ),
        )
        .organ(heir.id)
        .data(json!({ "task": old.task, "from": old.organ, "to": heir.id })),
    );
    Ok(())
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
    use gongkai_basis::Actor;
    use gongkai_platform::db::Tx;
    use gongkai_platform::organ::{Moved, OpenWork as _};
    use gongkai_platform::testing::backends;

    use super::OpenAssignments;
    use crate::assignment::{AssignmentState, Duty};
    use crate::testing::World;

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
            let moved = Moved {
                from: world.units[0],
                to: world.units[1],
                reason: "机构改革",
            };
            let (before, count, after) = world
                .db
                .write(async |tx: &mut Tx| {
                    let before = OpenAssignments.count(tx, moved.from).await?;
                    let count = OpenAssignments.move_all(tx, &Actor::System, moved).await?;
                    Ok::<_, gongkai_platform::db::StoreError>((
                        before,
                        count,
                        OpenAssignments.count(tx, moved.from).await?,
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
}

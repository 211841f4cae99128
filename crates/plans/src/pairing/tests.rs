//! 对照 as people meet it: on both databases, over HTTP.

mod above;
mod levels;

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, AssignmentId, OrganId, PlanId, TaskId};
use gongkai_office::Place;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::testing::{self, backends, uuid};

use super::rollup::{Government, Tally, rollup, total};
use super::rows::{Row, Tasks, propose};
use super::store::{self, PlanLights};
use super::{LinkState, LinkStep, PairKind, TaskLink};
use crate::assignment::light::Light;
use crate::assignment::{self, Assignment, AssignmentState, Duty};
use crate::matching::{Certainty, Cover, Item, Turn};
use crate::plan::{self, Plan, PlanState};
use crate::task::{self, Task, TaskState};
use crate::testing::{TODAY, World, by, day};

pub(crate) async fn plan(
    world: &World,
    (office, government): (OrganId, OrganId),
    year: i64,
    title: &str,
) -> PlanId {
    let plan = Plan {
        id: PlanId::new(uuid()),
        organ: office,
        government,
        title: title.to_owned(),
        notice_title: None,
        document_number: None,
        issuer: None,
        issued_on: None,
        published_on: None,
        year,
        state: PlanState::Active,
        source_file: None,
        draft: None,
        version: 1,
    };
    let id = plan.id;
    world
        .write("test.plan", async |tx: &mut Tx| {
            plan::store::insert(tx, &plan, &[]).await
        })
        .await;
    id
}

pub(crate) async fn task(
    world: &World,
    plan: PlanId,
    (position, text): (i64, &str),
    due: Option<&str>,
    organs: &[(OrganId, &str, Duty)],
) -> TaskId {
    let task = Task {
        id: TaskId::new(uuid()),
        plan,
        position,
        number: Some(position),
        section: None,
        group: None,
        text: text.to_owned(),
        organ_text: String::new(),
        deadlines: due.map(by).into_iter().collect(),
        quantities: Vec::new(),
        place: Place::default(),
        state: TaskState::Open,
        version: 1,
    };
    let parts: Vec<Assignment> = organs
        .iter()
        .map(|(organ, name, duty)| Assignment {
            id: AssignmentId::new(uuid()),
            plan,
            task: task.id,
            organ: *organ,
            duty: *duty,
            named_as: (*name).to_owned(),
            state: AssignmentState::Open,
            due_on: task.due_on(),
            next_due_on: None,
            report: None,
            version: 1,
        })
        .collect();
    world
        .write("test.task", async |tx: &mut Tx| {
            task::store::insert(tx, &task).await?;
            assignment::store::insert_all(tx, &parts).await
        })
        .await;
    task.id
}

/// Last year's plan of the city with three tasks, this year's with three.
pub(crate) struct Years {
    pub(crate) last: PlanId,
    pub(crate) old: [TaskId; 3],
    pub(crate) new: [TaskId; 3],
}

pub(crate) async fn years(world: &World) -> Years {
    let last = plan(
        world,
        (world.office, world.city),
        2025,
        "安澜市2025年政务公开工作要点分工方案",
    )
    .await;
    let law = [(world.units[0], "市司法局", Duty::Lead)];
    let all = [
        (world.units[1], "市财政局", Duty::Lead),
        (world.units[2], "市教育局", Duty::Cooperate),
    ];
    let old = [
        task(
            world,
            last,
            (1, "完成现行有效政府规章的集中公开，统一文本格式。"),
            Some("2025-06-30"),
            &law,
        )
        .await,
        task(
            world,
            last,
            (2, "公开市级部门预算、决算及三公经费情况。"),
            Some("2025-12-31"),
            &all,
        )
        .await,
        task(
            world,
            last,
            (3, "政府网站全部完成互联网协议第6版改造。"),
            None,
            &all,
        )
        .await,
    ];
    let new = [
        task(
            world,
            world.plan,
            (1, "公开市级部门预算、决算及三公经费情况。"),
            Some("2026-10-31"),
            &all,
        )
        .await,
        task(
            world,
            world.plan,
            (2, "完成现行有效政府规章的集中公开，统一文本格式。"),
            Some("2026-06-30"),
            &law,
        )
        .await,
        task(
            world,
            world.plan,
            (3, "举办政务开放日活动，邀请市民代表参观。"),
            None,
            &law,
        )
        .await,
    ];
    Years { last, old, new }
}

#[test]
fn a_link_takes_each_step_from_where_it_can() {
    use LinkState::{Accepted, Proposed, Refused};
    use LinkStep::{Accept, Refuse, Reopen};
    let table = [
        (Proposed, Accept, Some(Accepted)),
        (Proposed, Refuse, Some(Refused)),
        (Proposed, Reopen, None),
        (Accepted, Accept, None),
        (Accepted, Refuse, Some(Refused)),
        (Accepted, Reopen, Some(Proposed)),
        (Refused, Accept, Some(Accepted)),
        (Refused, Refuse, None),
        (Refused, Reopen, Some(Proposed)),
    ];
    assert_eq!(table.len(), LinkState::ALL.len() * LinkStep::ALL.len());
    for (state, step, after) in table {
        assert_eq!(state.after(step), after, "{state:?} {step:?}");
        assert_eq!(LinkState::from_code(state.code()), Some(state));
    }
    for kind in PairKind::ALL {
        assert_eq!(PairKind::from_code(kind.code()), Some(kind));
    }
}

fn item(text: &str) -> (TaskId, Item) {
    let item = Item {
        text: text.to_owned(),
        ..Item::default()
    };
    (TaskId::new(uuid()), item)
}

#[test]
fn matching_again_keeps_what_people_settled() {
    let old = [item("公布规章清单"), item("公布预算决算")];
    let new = [
        item("公布规章清单"),
        item("公布预算决算"),
        item("公布三公经费"),
    ];
    let tasks = |items| Tasks { year: 2026, items };
    let first = propose(tasks(&old), tasks(&new), &[]).unwrap();
    let pairs = |links: &[TaskLink]| -> Vec<(TaskId, TaskId)> {
        links.iter().map(|link| (link.old, link.new)).collect()
    };
    assert!(pairs(&first).contains(&(old[0].0, new[0].0)));
    let settled = |new: TaskId, state| TaskLink {
        old: old[0].0,
        new,
        turn: Turn::Reworded,
        cover: Cover::TakenOver,
        reasons: Vec::new(),
        certainty: Certainty::Check,
        likeness: 0,
        state,
        settled_by: Some("文书".to_owned()),
    };
    let refused = propose(
        tasks(&old),
        tasks(&new),
        &[settled(new[0].0, LinkState::Refused)],
    )
    .unwrap();
    assert!(
        !pairs(&refused).contains(&(old[0].0, new[0].0)),
        "what was refused does not come back"
    );
    let accepted = propose(
        tasks(&old),
        tasks(&new),
        &[settled(new[2].0, LinkState::Accepted)],
    )
    .unwrap();
    assert!(
        pairs(&accepted).iter().all(|(task, _)| *task != old[0].0),
        "it has its answer"
    );
}

#[test]
fn a_measure_that_was_split_is_judged_by_all_its_parts() {
    let old = [item(
        "落实信息发布主体责任，严格执行保密审查制度。各级网站严格执行三审三校、先审后发机制，严把政治关文字关。",
    )];
    let new = [
        item("落实信息发布主体责任，严格执行保密审查制度。"),
        item("各级网站严格执行三审三校、先审后发机制，严把政治关文字关。"),
    ];
    let links = propose(
        Tasks {
            year: 2026,
            items: &old,
        },
        Tasks {
            year: 2026,
            items: &new,
        },
        &[],
    )
    .unwrap();
    assert_eq!(links.len(), 2);
    for link in links {
        assert_ne!(link.turn, Turn::Narrowed);
        assert_eq!(link.cover, Cover::TakenOver, "{:?}", link.reasons);
        assert_eq!(link.reasons[0], "一项拆为2项");
    }
}

async fn rows_of(world: &World, plan: PlanId, kind: PairKind) -> Vec<Row> {
    world
        .db
        .read(async |tx: &mut Tx| {
            let pair = store::of_plan(tx, plan, kind).await?.unwrap();
            let old = store::briefs(tx, pair.old).await?;
            let new = store::briefs(tx, pair.new).await?;
            let links = store::links(tx, pair.id).await?;
            let adoptions = store::adoptions(tx, pair.id).await?;
            Ok::<_, StoreError>(super::rows::rows(old, new, &links, adoptions))
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn last_years_tasks_are_found_again_and_doubts_are_settled() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let list = format!("/workspace/plans/{}/compare/year", world.plan);
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("还没有选定上年度方案") && page.contains("安澜市2025年"),
            "{page}"
        );
        let chosen = [("other", years.last.to_string())];
        let chosen: Vec<(&str, &str)> = chosen.iter().map(|(a, b)| (*a, b.as_str())).collect();
        clerk.post(&list, &chosen).await.redirected();
        let rows = rows_of(&world, world.plan, PairKind::Year).await;
        let turns: Vec<Turn> = rows.iter().map(|row| row.turn).collect();
        assert_eq!(turns, [Turn::Same, Turn::Same, Turn::Dropped, Turn::New]);
        assert_eq!(rows[1].reasons(), ["期限提前：2025-12-31前 → 2026-10-31前"]);
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("已逾期 448 天"),
            "days since 30 June 2025: {page}"
        );
        assert!(
            page.contains("期限提前") && page.contains("× 未延续") && page.contains("＋ 新增"),
            "{page}"
        );
        let only = clerk.get(&format!("{list}?class=dropped")).await.page();
        assert!(
            only.contains("互联网协议") && !only.contains("举办政务开放日"),
            "{only}"
        );
        let csv = clerk
            .get(&format!("{list}/file?class=dropped"))
            .await
            .text();
        assert!(csv.contains("未延续") && csv.lines().count() == 2, "{csv}");

        // The office finds that the dropped one goes on in the new one.
        let side = format!("{list}/{}", years.old[2]);
        let page = clerk.get(&side).await.page();
        assert!(page.contains("今年的方案里没有找到对应任务"), "{page}");
        let other = years.new[2].to_string();
        let said = [
            ("act", "choose"),
            ("other", other.as_str()),
            ("next", "here"),
        ];
        assert_eq!(clerk.post(&side, &said).await.redirected(), side);
        let rows = rows_of(&world, world.plan, PairKind::Year).await;
        assert_eq!(rows.len(), 3, "the new one is answered");
        assert_eq!(rows[2].links[0].state, LinkState::Accepted);
        assert_eq!(rows[2].links[0].settled_by.as_deref(), Some("文书"));
        assert!(clerk.get(&side).await.page().contains("文书已核对"));
        // Somebody worked on the plan: its import stays.
        let settled = world
            .db
            .read(async |tx: &mut Tx| crate::draft::undo::why_not_undo(tx, years.last).await)
            .await
            .unwrap();
        assert!(
            settled
                .iter()
                .any(|why| why.contains("1 处人工核定的任务对照")),
            "{settled:?}"
        );
        // Matching again keeps it; saying nobody undoes it; reopening leaves it to matching.
        clerk.post(&list, &chosen).await.redirected();
        assert_eq!(
            rows_of(&world, world.plan, PairKind::Year).await[2]
                .links
                .len(),
            1
        );
        clerk.post(&side, &[("act", "nobody")]).await.redirected();
        assert_eq!(
            rows_of(&world, world.plan, PairKind::Year).await[2].turn,
            Turn::Dropped
        );
        clerk.post(&list, &chosen).await.redirected();
        assert_eq!(
            rows_of(&world, world.plan, PairKind::Year).await[2].turn,
            Turn::Dropped
        );
        assert_eq!(
            clerk
                .post(&side, &[("act", "accept")])
                .await
                .status
                .as_u16(),
            422
        );
        clerk.post(&side, &[("act", "reopen")]).await.redirected();
        let events = clerk
            .get(&format!("/workspace/tasks/{}", years.old[2]))
            .await
            .page();
        for words in ["改选对应任务", "认定没有对应任务", "撤回核对"] {
            assert!(events.contains(words), "{words} leaves its event: {events}");
        }
    }
}

#[tokio::test]
async fn a_plan_that_changed_since_says_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let list = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        clerk
            .post(&list, &[("other", other.as_str())])
            .await
            .redirected();
        assert!(!clerk.get(&list).await.page().contains("请重新对照"));
        world
            .task(9, "公布机构职能目录。", None, &[(0, Duty::Lead)])
            .await;
        assert!(clerk.get(&list).await.page().contains("请重新对照"));
    }
}

#[tokio::test]
async fn only_the_office_settles_and_strangers_find_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let list = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        let mut liaison = world.browser(world.liaisons[0]).await;
        assert_eq!(liaison.get(&list).await.status.as_u16(), 403);
        assert_eq!(
            liaison
                .post(&list, &[("other", other.as_str())])
                .await
                .status
                .as_u16(),
            403
        );
        let elsewhere = testing::organ(&world.db, "另一市政府办公室", None).await;
        let stranger = testing::person(&world.db, "外人", &[(Role::OfficeClerk, elsewhere)]).await;
        let mut stranger = world.browser(stranger).await;
        assert_eq!(stranger.get(&list).await.status.as_u16(), 404);
        assert_eq!(
            stranger
                .post(&list, &[("other", other.as_str())])
                .await
                .status
                .as_u16(),
            404
        );
        let mut clerk = world.browser(world.clerk).await;
        let own = world.plan.to_string();
        let wrong = clerk.post(&list, &[("other", own.as_str())]).await;
        assert_eq!(
            wrong.status.as_u16(),
            422,
            "a plan is not compared with itself"
        );
        let nonsense = clerk.get("/workspace/plans/nonsense/compare/year").await;
        assert!(nonsense.status.is_client_error());
        assert_eq!(
            clerk
                .get(&list.replace("/year", "/month"))
                .await
                .status
                .as_u16(),
            404
        );
    }
}

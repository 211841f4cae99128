//! Reminders: the ladder day by day, through the daily job itself.

use gongkai_basis::id::{AccountId, JobId};
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::inbox::Topic;
use gongkai_platform::job;
use gongkai_platform::testing::{backends, uuid};

use super::{at, by_hand, inbox, reports, unit_head, unit_path, with_round};
use crate::assignment::Duty;
use crate::notify::{Notice, To, notify};
use crate::testing::World;

/// Queues the daily job and works it off.
async fn morning(world: &World, instant: &str) -> String {
    at(world, instant);
    let id = JobId::new(uuid());
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            job::queue(
                tx,
                id,
                "plans.round-reminders",
                "报送提醒",
                &serde_json::Value::Null,
                None,
            )
            .await
        })
        .await
        .unwrap();
    let workers = crate::workers(&world.app);
    while job::run_next(&world.db, &workers).await.unwrap() {}
    let done = world
        .db
        .read(async |tx: &mut Tx| job::load(tx, id).await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(done.state, job::JobState::Done, "{done:?}");
    done.message.unwrap()
}

async fn told(world: &World, reader: AccountId) -> i64 {
    world
        .db
        .read(async |tx: &mut Tx| {
            tx.one(
                sql("SELECT COUNT(*) AS n FROM inbox_message WHERE account_id = $1 AND key LIKE '%:t%'")
                    .bind(reader),
            )
            .await?
            .get("n")
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn reminders_climb_the_ladder_on_working_days_and_come_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let boss = unit_head(&world, 1).await;
        let (liaison, clerk) = (world.liaisons[1], world.clerk);
        // 21 September: seven working days before were on the 20th, a make-up Sunday.
        assert!(
            morning(&world, "2026-09-21T09:30:00+08:00")
                .await
                .contains("发出提醒2条")
        );
        assert!(
            morning(&world, "2026-09-21T09:31:00+08:00")
                .await
                .contains("发出提醒0条"),
            "once"
        );
        assert_eq!(
            (told(&world, liaison).await, told(&world, boss).await),
            (1, 0)
        );
        assert!(
            morning(&world, "2026-09-24T07:00:00+08:00")
                .await
                .contains("发出提醒2条")
        );
        assert!(
            morning(&world, "2026-09-26T07:00:00+08:00")
                .await
                .contains("发出提醒0条"),
            "a holiday"
        );
        // The first unit has submitted by now.
        reports(&world, 0, "已做").await;
        let mut first = world.browser(unit_head(&world, 0).await).await;
        for step in ["confirm", "submit"] {
            let path = unit_path(&world, &round, 0);
            first
                .post(&format!("{path}/{step}"), &[])
                .await
                .redirected();
        }
        morning(&world, "2026-09-29T07:00:00+08:00").await;
        assert_eq!(
            (told(&world, liaison).await, told(&world, boss).await),
            (3, 1)
        );
        assert_eq!(
            (
                told(&world, world.liaisons[0]).await,
                told(&world, clerk).await
            ),
            (2, 0)
        );
        morning(&world, "2026-09-30T07:00:00+08:00").await;
        assert_eq!(
            (told(&world, boss).await, told(&world, clerk).await),
            (2, 1)
        );
        let mut office = world.browser(clerk).await;
        assert!(inbox(&mut office).await.contains("还有1个单位没有报送"));
        assert!(
            morning(&world, "2026-10-03T07:00:00+08:00")
                .await
                .contains("发出提醒0条")
        );
        assert!(
            morning(&world, "2026-10-08T07:00:00+08:00")
                .await
                .contains("发出提醒")
        );
        let mut late = world.browser(liaison).await;
        let page = inbox(&mut late).await;
        assert!(page.contains("已逾期 8 天，本单位待填报"), "{page}");
        assert!(
            morning(&world, "2026-10-09T07:00:00+08:00")
                .await
                .contains("发出提醒0条")
        );
        let mut office = world.browser(clerk).await;
        let page = office.get(&round).await.page();
        assert_eq!(
            page.matches("自动提醒“第三季度报送”").count(),
            5,
            "one event for each rung: {page}"
        );
    }
}

#[tokio::test]
async fn a_year_without_a_notice_is_told_to_the_office() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let mut clerk = world.browser(world.clerk).await;
        let round = clerk
            .post(
                "/workspace/rounds/new",
                &by_hand(&world, "来年报送", "2027-01-05"),
            )
            .await
            .redirected();
        let page = clerk.get(&round).await.page();
        assert!(
            page.contains("自动提醒发不全") && page.contains("2027年的放假安排"),
            "{page}"
        );
        let said = morning(&world, "2026-12-25T07:00:00+08:00").await;
        assert!(said.contains("推算不出提醒日期"), "{said}");
        morning(&world, "2026-12-28T07:00:00+08:00").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = inbox(&mut clerk).await;
        assert!(
            page.contains("“来年报送”的报送提醒发不出去") && page.contains("共 1 条"),
            "{page}"
        );
        assert_eq!(
            told(&world, world.liaisons[0]).await,
            0,
            "nothing is guessed"
        );
    }
}

/// A round that was open before reminders knew that days are moved: what was sent then is not sent once more.
#[tokio::test]
async fn what_an_older_program_reminded_of_is_not_reminded_of_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let id = round.rsplit('/').next().unwrap();
        let organ = world.units[1];
        let sent = Notice {
            to: To::Unit,
            organ,
            topic: Topic::Round,
            key: format!("round:{id}:{organ}:t-1"),
            title: "“第三季度报送”还剩 1 个工作日，本单位待填报".to_owned(),
            body: String::new(),
            path: format!("{round}/units/{organ}"),
            about: None,
        };
        let send = async |tx: &mut Tx| notify(tx, sent).await;
        world.db.upkeep(send).await.unwrap();
        assert_eq!(told(&world, world.liaisons[1]).await, 1);
        morning(&world, "2026-09-29T07:00:00+08:00").await;
        assert_eq!(told(&world, world.liaisons[1]).await, 1);
        morning(&world, "2026-09-30T07:00:00+08:00").await;
        assert_eq!(told(&world, world.liaisons[1]).await, 2, "the next rung");
    }
}

/// A unit that has filled every row waits for its own head.
#[tokio::test]
async fn who_has_filled_all_is_reminded_to_confirm() {
    for backend in backends() {
        let world = World::on(&backend).await;
        with_round(&world).await;
        reports(&world, 0, "已做").await;
        morning(&world, "2026-09-29T07:00:00+08:00").await;
        for (unit, state) in [(0, "本单位待确认"), (1, "本单位待填报")] {
            let mut liaison = world.browser(world.liaisons[unit]).await;
            let page = inbox(&mut liaison).await;
            assert!(page.contains(state), "{page}");
        }
    }
}

#[tokio::test]
async fn a_round_whose_day_was_moved_is_reminded_of_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        let boss = unit_head(&world, 1).await;
        morning(&world, "2026-09-29T07:00:00+08:00").await;
        morning(&world, "2026-09-30T07:00:00+08:00").await;
        let before = (
            told(&world, world.liaisons[1]).await,
            told(&world, boss).await,
            told(&world, world.clerk).await,
        );
        let mut clerk = world.browser(world.clerk).await;
        let moved = [("due_on", "2026-10-15"), ("note", "系统停机")];
        clerk
            .post(&format!("{round}/move"), &moved)
            .await
            .redirected();
        morning(&world, "2026-10-14T07:00:00+08:00").await;
        morning(&world, "2026-10-15T07:00:00+08:00").await;
        let after = (
            told(&world, world.liaisons[1]).await,
            told(&world, boss).await,
            told(&world, world.clerk).await,
        );
        assert_eq!(
            after,
            (before.0 + 2, before.1 + 2, before.2 + 1),
            "the same rungs for the new day: {before:?}"
        );
        // Later, and back again: the day comes a second time, and so does what is told of it.
        let mut clerk = world.browser(world.clerk).await;
        for due_on in ["2026-10-20", "2026-10-15"] {
            let moved = [("due_on", due_on), ("note", "系统恢复")];
            clerk
                .post(&format!("{round}/move"), &moved)
                .await
                .redirected();
        }
        let mut unit = world.browser(world.liaisons[1]).await;
        let page = inbox(&mut unit).await;
        let times = |day: &str| {
            let told_of = format!("报送截止日期已改：“第三季度报送”，2026年10月{day}日截止");
            page.matches(&told_of).count()
        };
        assert!(times("20") > 0, "{page}");
        assert_eq!(times("15"), 2 * times("20"), "{page}");
        morning(&world, "2026-10-15T08:00:00+08:00").await;
        assert_eq!(told(&world, world.liaisons[1]).await, after.0 + 1);
    }
}

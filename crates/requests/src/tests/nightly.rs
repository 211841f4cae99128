//! What the night does to cases.

use gongkai_basis::calendar::WorkCalendar;

use super::*;

#[tokio::test]
async fn the_night_ends_pauses_and_warns_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let receipt = world
            .applied(&testing::uuid().to_string(), "老旧小区改造清单")
            .await;
        let (_, _, id) = world.known(&receipt).await;
        let path = format!("/workspace/requests/{id}");
        let mut officer = world.browser(world.officer).await;
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let ask = [
            ("asked", "co_maker"),
            ("name", "市财政局"),
            ("question", "可否公开"),
            ("got_on", "2026-03-02"),
        ];
        act(&mut officer, &path, "consult", &ask).await.redirected();
        assert_eq!(night::run(&world.app).await.unwrap().expired, 0);
        // The 15th working day after 2 March is the 23rd.
        world.days(21);
        assert_eq!(night::run(&world.app).await.unwrap().expired, 0);
        world.days(1);
        assert_eq!(night::run(&world.app).await.unwrap().expired, 1);
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(&path).await.page();
        assert!(
            page.contains("视为同意公开") && page.contains("2026年4月21日"),
            "{page}"
        );
        world.days(23);
        let told = night::run(&world.app).await.unwrap().told;
        assert!(told > 0, "T−5 is told");
        assert_eq!(night::run(&world.app).await.unwrap().told, 0, "once");
        world.days(8);
        assert!(
            night::run(&world.app).await.unwrap().told >= 3,
            "those above hear of the overdue"
        );
        let mut officer = world.browser(world.officer).await;
        let list = officer.get("/workspace/requests?view=overdue").await.page();
        assert!(list.contains("已逾期"), "{list}");
    }
}

#[tokio::test]
async fn a_day_that_was_moved_is_warned_of_anew_up_to_the_clerk_and_those_above() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let clerk = [(Role::OfficeClerk, world.bureau)];
        let clerk = testing::person(&world.db, "办公室", &clerk).await;
        let mut officer = world.browser(world.officer).await;
        let path = letters::counter_case(&world, &mut officer, "E1").await;
        // Due on 30 March: five working days are left.
        world.days(21);
        assert_eq!(night::run(&world.app).await.unwrap().told, 2);
        let mut officer = world.browser(world.officer).await;
        let mut head = world.browser(world.head).await;
        let ask = [("days", "10"), ("why", "需要逐卷核对")];
        act(&mut officer, &path, "propose_extension", &ask)
            .await
            .redirected();
        act(&mut head, &path, "approve_extension", &[])
            .await
            .redirected();
        let notice = letters::written(&mut officer, &path, "extension", &[]).await;
        letters::post(&mut officer, &notice, "submit", &[])
            .await
            .redirected();
        letters::post(&mut head, &notice, "decide", &[("step", "pass")])
            .await
            .redirected();
        letters::post(&mut officer, &notice, "issue", &[])
            .await
            .redirected();
        assert_eq!(night::run(&world.app).await.unwrap().told, 0, "14 April");
        // Five working days before 14 April, after 清明节.
        world.days(15);
        assert_eq!(night::run(&world.app).await.unwrap().told, 2, "told anew");
        assert_eq!(night::run(&world.app).await.unwrap().told, 0, "once");
        for who in [world.officer, clerk] {
            assert_eq!(world.told(who, "答复期限将到").await, 2);
        }
        world.days(8);
        assert_eq!(night::run(&world.app).await.unwrap().told, 4);
        for who in [world.officer, clerk, world.head, world.supervisor] {
            assert_eq!(world.told(who, "已经逾期未答复").await, 1);
        }
    }
}

#[tokio::test]
async fn whoever_heard_of_a_case_hears_of_its_new_day_too() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        letters::counter_case(&world, &mut officer, "E1").await;
        let before = world.told(world.officer, "按新的工作日历").await;
        assert_eq!(before, 0);
        let known = WorkCalendar::builtin();
        let earlier = known.notices().filter(|one| one.year() < 2026);
        let without = WorkCalendar::of(earlier.cloned().collect::<Vec<_>>());
        world.app.replace_calendar(without);
        assert_eq!(night::run(&world.app).await.unwrap().recomputed, 1);
        let said = "由2026年3月30日改为未定";
        assert_eq!(world.told(world.officer, said).await, 1);
        // The next change is told as well, though nothing happened to the case between.
        world.app.replace_calendar(known);
        assert_eq!(night::run(&world.app).await.unwrap().recomputed, 1);
        let said = "由未定改为2026年3月30日";
        assert_eq!(world.told(world.officer, said).await, 1);
        assert_eq!(night::run(&world.app).await.unwrap().recomputed, 0);
    }
}

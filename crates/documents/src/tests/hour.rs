//! 定时发布 of corrections and amendments: what they say is set with the hour, and said when it comes.

use super::*;

impl World {
    /// Lets so many minutes pass and the clockwork look; the public page then.
    async fn after_minutes(&self, minutes: i64, path: &str) -> (u16, String) {
        self.clock.advance(jiff::SignedDuration::from_mins(minutes));
        job::schedule::queue_due(&self.db, &crate::schedules())
            .await
            .unwrap();
        while job::run_next(&self.db, &crate::workers(&self.app))
            .await
            .unwrap()
        {}
        let shown = self.public().get(&path.replace("/workspace", "")).await;
        (shown.status.as_u16(), shown.text())
    }
}

#[tokio::test]
async fn a_correction_goes_out_at_its_hour_with_what_it_says() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world.writes_anew(&path, "<p>第一条 更正后的话。</p>").await;
        let at = async |more: &[(&str, &str)]| {
            let fields = [&[("at", "2026-10-12T10:00")][..], more].concat();
            world.act(world.clerk, &path, "schedule", &fields).await
        };
        assert_eq!(at(&[]).await, 422, "the public must be told why");
        let said = ("later_explanation", "更正第一条的错字。");
        let amends = [said, ("later_word", "amends")];
        assert_eq!(at(&amends).await, 422, "an amendment has its day");
        assert_eq!(at(&[said]).await, 303);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("自动发布。更正说明：更正第一条的错字。"),
            "{page}"
        );
        let (_, before) = world.after_minutes(30, &path).await;
        assert!(!before.contains("更正后的话"), "{before}");
        let (status, after) = world.after_minutes(40, &path).await;
        assert_eq!(status, 200);
        assert!(
            after.contains("更正后的话") && after.contains("更正第一条的错字。"),
            "{after}"
        );
    }
}

#[tokio::test]
async fn an_amendment_goes_out_at_its_hour_and_keeps_the_text_before_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world.writes_anew(&path, "<p>第一条 修改后的话。</p>").await;
        let amends = [
            ("at", "2026-10-12T10:00"),
            ("later_word", "amends"),
            ("later_from", "2026-10-12"),
            (
                "later_explanation",
                "《关于修改甲办法的决定》（安府规〔2026〕9号）",
            ),
        ];
        let set = world.act(world.clerk, &path, "schedule", &amends).await;
        assert_eq!(set, 303);
        let (_, page) = world.after_minutes(70, &path).await;
        assert!(page.contains("修改后的话"), "{page}");
        let public = path.replace("/workspace", "");
        let history = world.public().get(&format!("{public}/history")).await;
        assert!(history.page().contains("关于修改甲办法的决定"));
    }
}

#[tokio::test]
async fn what_was_withdrawn_meanwhile_does_not_come_back_by_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world.writes_anew(&path, "<p>第一条 更正后的话。</p>").await;
        let set = [
            ("at", "2026-10-12T10:00"),
            ("later_explanation", "更正第一条的错字。"),
        ];
        let done = world.act(world.clerk, &path, "schedule", &set).await;
        assert_eq!(done, 303);
        let why = [("why", "内容需要核实。")];
        let done = world.act(world.clerk, &path, "withdraw", &why).await;
        assert_eq!(done, 303);
        let (status, page) = world.after_minutes(70, &path).await;
        assert_eq!(status, 410, "{page}");
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(page.contains("没有按时发布：文件已经撤下"), "{page}");
    }
}

#[tokio::test]
async fn what_may_not_amend_at_the_hour_is_refused_when_the_hour_is_set() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        let repealed = world.turns(&path, "repealed", "2026-10-12", "").await;
        assert_eq!(repealed, 303);
        world.writes_anew(&path, "<p>第一条 修改后的话。</p>").await;
        let said = ("later_explanation", "更正第一条的错字。");
        let corrects = [("at", "2026-10-12T10:00"), said];
        let day = ("later_from", "2026-11-20");
        let amends = [corrects[0], said, ("later_word", "amends"), day];
        let set = world.act(world.clerk, &path, "schedule", &amends).await;
        assert_eq!(set, 422);
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("later_explanation") && !page.contains("name=\"later_word\""),
            "{page}"
        );
        // What is wrong in it is still corrected.
        let set = world.act(world.clerk, &path, "schedule", &corrects).await;
        assert_eq!(set, 303);
    }
}

#[tokio::test]
async fn what_was_written_for_an_hour_stays_when_it_did_not_go_out() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        world.writes_anew(&path, "<p>第一条 修改后的话。</p>").await;
        let amends = [
            ("at", "2026-10-12T10:00"),
            ("later_word", "amends"),
            ("later_from", "2026-11-20"),
            ("later_explanation", "修改甲办法的决定"),
        ];
        let set = world.act(world.clerk, &path, "schedule", &amends).await;
        assert_eq!(set, 303);
        // It ends before its hour.
        let repealed = world.turns(&path, "repealed", "2026-10-12", "").await;
        assert_eq!(repealed, 303);
        world.after_minutes(70, &path).await;
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("没有按时发布：") && page.contains("修改甲办法的决定</textarea>"),
            "{page}"
        );
    }
}

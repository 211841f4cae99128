//! What the night does to cases.

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

//! What the public reads of where the periods of a unit stand is for its government's office to decide.

use gongkai_platform::audit;

use super::*;

const DESK: &str = "/workspace/catalogue/publicity";

#[tokio::test]
async fn a_government_decides_whether_the_public_reads_of_lateness() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.added(world.city, "", "预算执行情况").await;
        let unit = world.unit.to_string();
        let filled = [
            ("organ", unit.as_str()),
            ("period", "2026-Q1"),
            ("kind", "address"),
            ("title", "一季度执行情况"),
            ("address", "https://www.example.gov.cn/q1.html"),
        ];
        let mut liaison = world.browser(world.liaison).await;
        liaison
            .post(&format!("{path}/fill"), &filled)
            .await
            .redirected();
        let nobody = web::wrap(web::router(crate::routes()), world.app.clone());
        let mut public = Browser::new(nobody);
        let page = format!("/catalogue/organs/{unit}");
        // Until the office decides: what is met and what is not due, never who is late.
        let read = public.get(&page).await.page();
        for said in [
            "统计截至2026年10月12日",
            "第1季度 已公开（2026年10月12日）",
            "第3季度 未到期",
        ] {
            assert!(read.contains(said), "{said} not in\n{read}");
        }
        assert!(!read.contains("超期"), "{read}");
        let list = format!("/catalogue?organ={unit}");
        assert!(public.get(&list).await.page().contains(&page));
        // The office opens it.
        let city = world.city.to_string();
        let choose = |version: &'static str, publicity: &'static str| {
            [
                ("organ", city.clone()),
                ("version", version.to_owned()),
                ("publicity", publicity.to_owned()),
            ]
        };
        let mut clerk = world.browser(world.clerk).await;
        assert!(clerk.get(DESK).await.page().contains("还没有设置"));
        for (version, publicity, status) in [
            ("0", "", 422),
            ("0", "all", 303),
            ("1", "all", 422),
            ("0", "nothing", 409),
        ] {
            let fields = choose(version, publicity);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let answer = clerk.post(DESK, &fields).await;
            assert_eq!(answer.status.as_u16(), status, "{version} {publicity}");
        }
        world.clock.advance(jiff::SignedDuration::from_secs(5));
        let read = public.get(&page).await.page();
        assert!(read.contains("第2季度 超期未公开（应于"), "{read}");
        // And closes it.
        let fields = choose("1", "nothing");
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        assert_eq!(liaison.post(DESK, &fields).await.status, 403);
        clerk.post(DESK, &fields).await.redirected();
        world.clock.advance(jiff::SignedDuration::from_secs(5));
        let read = public.get(&page).await.page();
        assert!(read.contains("没有公布各期公开情况") && !read.contains("已公开（"));
        assert!(!public.get(&list).await.page().contains(&page));
        let events = world
            .db
            .read(async |tx: &mut Tx| audit::page(tx, 0, 1_000).await)
            .await
            .unwrap();
        let set = events
            .iter()
            .filter(|event| event.kind == "catalogue.publicity-set");
        assert_eq!(set.count(), 2);
    }
}

//! The leading group.

use super::*;

#[tokio::test]
async fn the_leading_group_changes_by_date() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let base = world.city.to_string();
        for (duty, name, from) in [("head", "甲", "2026-01-01"), ("member", "乙", "2026-01-01")] {
            let fields = [
                ("base", base.as_str()),
                ("duty", duty),
                ("name", name),
                ("post", "副市长"),
                ("from_on", from),
                ("from_why", "安政办函〔2026〕1号"),
            ];
            clerk
                .post("/workspace/organisation/group", &fields)
                .await
                .redirected();
        }
        let page = clerk.get("/workspace/organisation/group").await.page();
        assert!(page.contains("共 2 人"), "{page}");
        let leave = page
            .split("action=\"")
            .find(|part| part.contains("/leave\""))
            .unwrap();
        let leave = leave.split('"').next().unwrap().to_owned();
        refused(
            &clerk
                .post(
                    &leave,
                    &[("version", "1"), ("on", "2025-01-01"), ("why", "调动")],
                )
                .await,
            422,
            "离任日期不能早于任职日期",
        );
        clerk
            .post(
                &leave,
                &[("version", "1"), ("on", "2026-06-01"), ("why", "调动")],
            )
            .await
            .redirected();
        let today = clerk.get("/workspace/organisation/group").await.page();
        assert!(
            today.contains("共 1 人") && today.contains("离任"),
            "{today}"
        );
        let before = clerk
            .get(&format!(
                "/workspace/organisation/group?base={base}&on=2026-05-31"
            ))
            .await
            .page();
        assert!(before.contains("共 2 人"), "{before}");
        let restore = leave.replace("/leave", "/restore");
        clerk.post(&restore, &[("version", "2")]).await.redirected();
        let again = clerk.get("/workspace/organisation/group").await.page();
        assert!(again.contains("共 2 人"), "{again}");
        let twice = [
            ("base", base.as_str()),
            ("duty", "member"),
            ("name", "乙"),
            ("post", "局长"),
            ("from_on", "2026-03-01"),
            ("from_why", "会议"),
        ];
        refused(
            &clerk.post("/workspace/organisation/group", &twice).await,
            422,
            "已经在领导小组中",
        );
        let unit = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace/organisation/group")
            .await
            .page();
        assert!(
            unit.contains("共 2 人") && !unit.contains("登记离任"),
            "{unit}"
        );
        let by_unit = world
            .browser(world.liaisons[0])
            .await
            .post("/workspace/organisation/group", &twice)
            .await;
        assert_eq!(by_unit.status, 403);
    }
}

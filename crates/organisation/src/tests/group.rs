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
        says(
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
        says(
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

/// Who left, and came back with another duty, does not stand on the roster twice.
#[tokio::test]
async fn a_departure_is_not_undone_for_one_who_came_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let base = world.city.to_string();
        let path = "/workspace/organisation/group";
        let fields = |duty, from| {
            [
                ("base", base.as_str()),
                ("duty", duty),
                ("name", "乙"),
                ("post", "市司法局局长"),
                ("from_on", from),
                ("from_why", "安政办函〔2026〕1号"),
            ]
        };
        let joins = fields("member", "2026-01-01");
        clerk.post(path, &joins).await.redirected();
        let page = clerk.get(path).await.page();
        let leave = page
            .split("action=\"")
            .find(|part| part.contains("/leave\""))
            .unwrap();
        let leave = leave.split('"').next().unwrap().to_owned();
        let leaves = [("version", "1"), ("on", "2026-06-01"), ("why", "分工调整")];
        clerk.post(&leave, &leaves).await.redirected();
        let again = fields("deputy", "2026-06-01");
        clerk.post(path, &again).await.redirected();
        let restore = leave.replace("/leave", "/restore");
        says(
            &clerk.post(&restore, &[("version", "2")]).await,
            422,
            "同一个人会列两次",
        );
        assert!(clerk.get(path).await.page().contains("共 1 人"));
        // Once the second row was taken off as an error, the first is put back.
        let page = clerk.get(path).await.page();
        let remove = page
            .split("action=\"")
            .find(|part| part.contains("/remove\"") && !part.contains(&*restore))
            .unwrap();
        let remove = remove.split('"').next().unwrap().to_owned();
        let removes = [("version", "1"), ("why", "误录")];
        clerk.post(&remove, &removes).await.redirected();
        clerk.post(&restore, &[("version", "2")]).await.redirected();
        assert!(clerk.get(path).await.page().contains("共 1 人"));
    }
}

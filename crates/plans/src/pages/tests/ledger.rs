//! The ledger's page: filters as chips, two views, saved views, files of what is shown.

use gongkai_platform::testing::backends;

use super::refused;
use crate::assignment::Duty;
use crate::testing::World;

#[tokio::test]
async fn the_address_holds_the_whole_state() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(
                1,
                "公开规章",
                Some("2026-09-01"),
                &[(0, Duty::Lead), (1, Duty::Cooperate)],
            )
            .await;
        world
            .task(2, "公开预算", Some("2026-12-31"), &[(1, Duty::Lead)])
            .await;
        world.task(3, "答复<申请>", None, &[(2, Duty::Lead)]).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/ledger").await.page();
        assert!(
            page.contains("第 1–3 条，共 3 条") && page.contains("答复&#60;申请&#62;"),
            "{page}"
        );
        assert_eq!(page.matches("class=\"section-row\"").count(), 2);
        let page = clerk.get("/workspace/ledger?light=overdue").await.page();
        assert!(
            page.contains("第 1–1 条，共 1 条") && page.contains("状态：■ 已逾期"),
            "{page}"
        );
        let organ = format!(
            "/workspace/ledger?view=assignments&organ={}&sort=light",
            world.units[1]
        );
        let page = clerk.get(&organ).await.page();
        assert!(
            page.contains("单位：市财政局") && page.contains("第 1–2 条，共 2 条"),
            "{page}"
        );
        let page = clerk
            .get("/workspace/ledger?text=%E4%B8%8D%E5%AD%98%E5%9C%A8&page=9")
            .await
            .page();
        assert!(page.contains("没有符合筛选条件的任务"), "{page}");

        let saved = clerk
            .post("/workspace/views?light=overdue&page=3", &[("name", "逾期")])
            .await;
        assert!(
            saved.redirected().ends_with("?light=overdue"),
            "{}",
            saved.redirected()
        );
        let page = clerk.get("/workspace/ledger").await.page();
        assert!(page.contains(">逾期</a>"), "{page}");
        assert!(
            page.contains("selected>安澜市2026年政务公开工作要点分工方案</option>"),
            "the year once: {page}"
        );
        // The same name again is said to have changed the view.
        clerk
            .post("/workspace/views?light=soon", &[("name", "逾期")])
            .await
            .redirected();
        let page = clerk.get("/workspace/ledger").await.page();
        assert!(
            page.contains("视图“逾期”原来就有，已改为现在的筛选"),
            "{page}"
        );
        refused(
            &clerk.post("/workspace/views", &[("name", "")]).await,
            422,
            "请给视图起一个",
        );
        let delete = super::link(&page, "/workspace/views/");
        // Another person's view is not found.
        let mut head = world.browser(world.head).await;
        assert_eq!(head.post(&delete, &[]).await.status.as_u16(), 404);
        clerk.post(&delete, &[]).await.redirected();
        assert!(
            !clerk
                .get("/workspace/ledger")
                .await
                .page()
                .contains(">逾期</a>")
        );
    }
}

#[tokio::test]
async fn a_task_that_no_organ_has_is_late_by_its_own_date_and_found() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-12-31"), &[(0, Duty::Lead)])
            .await;
        let task = world.task(2, "公开预算", Some("2026-09-01"), &[]).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/ledger").await.page();
        assert!(page.contains("◌ 未落实单位"), "{page}");
        for filter in ["light=overdue", "organ=none"] {
            let page = clerk
                .get(&format!("/workspace/ledger?{filter}"))
                .await
                .page();
            assert!(
                page.contains("第 1–1 条，共 1 条") && page.contains("公开预算"),
                "{filter}: {page}"
            );
        }
        let page = clerk.get(&format!("/workspace/tasks/{task}")).await.page();
        assert!(page.contains("■ 已逾期"), "{page}");
    }
}

#[tokio::test]
async fn only_the_chosen_columns_are_shown_and_leave_as_a_file() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-12-31"), &[(0, Duty::Lead)])
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let address = "/workspace/ledger?col=light&col=section&sort=due";
        let page = clerk.get(address).await.page();
        assert!(
            page.contains("data-label=\"部分\"") && page.contains("data-label=\"状态\""),
            "{page}"
        );
        assert!(!page.contains("data-label=\"单位\""), "{page}");
        // The chosen columns stay when the order changes.
        assert!(
            page.contains("sort=light&#38;col=section&#38;col=light"),
            "{page}"
        );
        let file = clerk
            .get("/workspace/ledger/file?format=csv&col=light")
            .await
            .text();
        let head = file
            .trim_start_matches('\u{FEFF}')
            .lines()
            .next()
            .unwrap_or_default();
        assert_eq!(head, "部分,序号,任务,状态");
    }
}

#[tokio::test]
async fn a_file_holds_exactly_what_is_shown() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for n in 1..=55 {
            world
                .task(
                    n,
                    if n == 7 { "=1+1" } else { "公开规章" },
                    None,
                    &[(0, Duty::Lead)],
                )
                .await;
        }
        let mut clerk = world.browser(world.clerk).await;
        assert!(
            clerk
                .get("/workspace/ledger?page=2")
                .await
                .page()
                .contains("第 51–55 条，共 55 条")
        );
        let file = clerk.get("/workspace/ledger/file?format=csv").await;
        let mut reader =
            csv::Reader::from_reader(file.bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
        let lines: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(lines.len(), 55);
        assert_eq!((&lines[6][2], &lines[6][3]), ("'=1+1", "牵头 市司法局"));
        let file = clerk
            .get("/workspace/ledger/file?format=xlsx&text=1%2B1")
            .await;
        assert!(file.bytes.starts_with(b"PK"));
    }
}

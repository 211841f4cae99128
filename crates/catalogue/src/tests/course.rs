//! What cuts an entry changes over time: what was due before stays due, and what was registered stays in sight.

use gongkai_platform::finding::FindingState;
use gongkai_platform::testing::backends;

use super::*;
use crate::gap;
use crate::id::EntryId;

impl World {
    /// The clerk adds an entry; the address of its page, and its id.
    pub(super) async fn adds(
        &self,
        organ: OrganId,
        otherwise: &[(&str, &str)],
    ) -> (String, EntryId) {
        let organ = organ.to_string();
        let mut clerk = self.browser(self.clerk).await;
        let path = clerk
            .post(
                "/workspace/catalogue/new",
                &entry_fields(Some(&organ), otherwise),
            )
            .await
            .redirected();
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        (path, id)
    }

    /// What the matrix of the unit says of a year.
    pub(super) async fn matrix(&self, year: i16) -> String {
        let unit = self.unit;
        let address = format!("/workspace/catalogue/matrix?organ={unit}&year={year}");
        self.browser(self.liaison).await.get(&address).await.page()
    }

    /// The unit registers an address for a period, or by the day it was formed; the status and what came back.
    async fn registers(&self, path: &str, field: &str, period: &str) -> (u16, String) {
        let unit = self.unit.to_string();
        let material = [
            ("organ", unit.as_str()),
            (field, period),
            ("kind", "address"),
            ("title", "执行情况"),
            ("address", "https://www.example.gov.cn/1.html"),
        ];
        let mut liaison = self.browser(self.liaison).await;
        let answer = liaison.post(&format!("{path}/fill"), &material).await;
        (answer.status.as_u16(), answer.text())
    }

    /// The unit says that there was nothing.
    async fn says_nothing(&self, path: &str, period: &str) -> (u16, String) {
        let unit = self.unit.to_string();
        let nothing = [
            ("organ", unit.as_str()),
            ("period", period),
            ("kind", "nothing"),
            ("statement", "没有发生。"),
        ];
        let mut liaison = self.browser(self.liaison).await;
        let answer = liaison.post(&format!("{path}/fill"), &nothing).await;
        (answer.status.as_u16(), answer.text())
    }

    async fn takes_back(&self, path: &str, period: &str) -> u16 {
        let unit = self.unit.to_string();
        let why = [
            ("organ", unit.as_str()),
            ("period", period),
            ("why", "网址有误"),
        ];
        let mut liaison = self.browser(self.liaison).await;
        let answer = liaison.post(&format!("{path}/take-back"), &why).await;
        answer.status.as_u16()
    }

    pub(super) async fn night(&self) -> gap::Outcome {
        gap::run(&self.app, &Actor::System, self.city)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn an_override_leaves_what_was_due_before_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (above, id) = world
            .adds(world.city, &[("sub_item", "全市执行情况")])
            .await;
        assert_eq!(world.registers(&above, "period", "2026-Q1").await.0, 303);
        world.night().await;
        let open = [(gap::key(id, "2026-Q2"), FindingState::ToVerify)];
        assert_eq!(world.findings().await, open);

        let over = id.to_string();
        let own = [
            ("over", over.as_str()),
            ("sub_item", "本局执行情况"),
            ("limit_text", "每月公开"),
            ("formed_on", "2026-10-12"),
        ];
        let (own, _) = world.adds(world.unit, &own).await;
        let page = world.matrix(2026).await;
        for said in [
            "全市执行情况",
            "第1季度 已公开",
            "第2季度 超期",
            "第3季度 未到期",
            "本局执行情况",
            "10月 未到期",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(
            !page.contains("第4季度") && !page.contains(">9月 "),
            "{page}"
        );
        // The gap stands, and is filled where it arose.
        assert_eq!(world.night().await.settled, 0);
        assert_eq!(world.findings().await, open);
        assert_eq!(world.registers(&above, "period", "2026-Q4").await.0, 404);
        assert_eq!(world.registers(&own, "period", "2026-09").await.0, 404);
        assert_eq!(world.says_nothing(&above, "2026-Q2").await.0, 303);
        assert_eq!(world.takes_back(&above, "2026-Q1").await, 303);
        assert!(world.matrix(2026).await.contains("第1季度 超期"));
        let next = world.matrix(2027).await;
        assert!(!next.contains("全市执行情况"), "{next}");
    }
}

#[tokio::test]
async fn a_changed_limit_leaves_what_was_due_and_registered_before_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (path, id) = world.adds(world.city, &[]).await;
        assert_eq!(world.registers(&path, "period", "2026-Q1").await.0, 303);
        world.night().await;
        let city = world.city.to_string();
        let otherwise = [
            ("version", "1"),
            ("why", "提高频次"),
            ("legal_basis", "会议纪要"),
            ("in_force_on", "2026-01-05"),
            ("limit_text", "每月公开"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let change = format!("{path}/change");
        let next = clerk
            .post(&change, &entry_fields(Some(&city), &otherwise))
            .await;
        let page = clerk.get(&next.redirected()).await.page();
        let said = "公开时限从2026年10月12日起是每月，以前各期仍按每季度登记。";
        assert!(page.contains(said), "{page}");

        let page = world.matrix(2026).await;
        for said in [
            "第1季度 已公开",
            "第2季度 超期",
            "第3季度 未到期",
            "10月 未到期",
            "12月 未到期",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(
            !page.contains(">9月 ") && !page.contains("第4季度"),
            "{page}"
        );
        let looked = world.night().await;
        assert_eq!(looked.settled, 0);
        let open = [(gap::key(id, "2026-Q2"), FindingState::ToVerify)];
        assert_eq!(world.findings().await, open);
        assert_eq!(world.takes_back(&path, "2026-Q1").await, 303);
        assert!(world.matrix(2026).await.contains("第1季度 超期"));
    }
}

#[tokio::test]
async fn nothing_is_due_before_an_entry_is_in_force() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let days = [("formed_on", "2026-03-01"), ("in_force_on", "2026-10-01")];
        let (path, _) = world.adds(world.city, &days).await;
        let page = world.matrix(2026).await;
        assert!(page.contains("第4季度 未到期"), "{page}");
        assert!(
            !page.contains("超期</a>") && !page.contains("第3季度"),
            "{page}"
        );
        assert_eq!(world.night().await.gaps, 0);
        assert_eq!(world.registers(&path, "period", "2026-Q3").await.0, 404);
    }
}

#[tokio::test]
async fn materials_are_registered_each_by_its_day_and_an_empty_year_is_asked_about() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let otherwise = [
            ("limit_text", "信息形成之日起20个工作日内"),
            ("formed_on", "2025-06-02"),
        ];
        let (path, id) = world.adds(world.unit, &otherwise).await;
        assert!(world.matrix(2025).await.contains("全年 超期"));
        assert!(world.matrix(2026).await.contains("全年 未到期"));
        assert_eq!(world.night().await.gaps, 1);
        let year = gap::key(id, "2025-Y");
        let open = [(year.clone(), FindingState::ToVerify)];
        assert_eq!(world.findings().await, open);

        for (field, day, status, said) in [
            (
                "formed_on",
                "2025-06-01",
                422,
                "2025年6月1日这个事项还不用登记",
            ),
            ("formed_on", "2026-10-13", 422, "形成日期不能晚于今天"),
            ("formed_on", "", 422, "请填写材料的形成日期"),
            ("period", "2025-Y", 422, "请填写材料的形成日期"),
            ("formed_on", "2025-09-03", 303, ""),
            ("formed_on", "2025-09-03", 303, ""),
            ("formed_on", "2026-10-12", 303, ""),
        ] {
            let (answered, text) = world.registers(&path, field, day).await;
            assert_eq!(answered, status, "{day}: {text}");
            assert!(text.contains(said), "{day}: {text}");
        }
        let closed = [(year, FindingState::Closed)];
        assert_eq!(world.findings().await, closed);
        let page = world.matrix(2025).await;
        assert!(
            page.contains("已公开 2件") && !page.contains("全年 "),
            "{page}"
        );
        assert!(world.matrix(2026).await.contains("已公开 1件"));
        let public = path.replace("/workspace/catalogue/entries", "/catalogue");
        let mut liaison = world.browser(world.liaison).await;
        let page = liaison.get(&public).await.page();
        assert!(page.contains("2025年9月3日第2件"), "{page}");
        let unit = world.unit;
        let address = format!("{path}?organ={unit}&year=2025");
        let page = liaison.get(&address).await.page();
        for said in [
            "9月3日形成（第2件）",
            "name=\"formed_on\"",
            "登记时已过最迟公开日期",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }

        // A year with materials had something; one without asks again, and its statement bars others.
        assert_eq!(world.says_nothing(&path, "2025-Y").await.0, 422);
        assert_eq!(world.takes_back(&path, "2025-09-03").await, 303);
        assert_eq!(world.takes_back(&path, "2025-09-03-2").await, 303);
        assert!(world.matrix(2025).await.contains("全年 超期"));
        assert_eq!(world.says_nothing(&path, "2025-Y").await.0, 303);
        assert!(world.matrix(2025).await.contains("全年 本期无"));
        let (status, text) = world.registers(&path, "formed_on", "2025-09-03").await;
        assert_eq!(status, 422);
        assert!(text.contains("这一年已经声明本期无"), "{text}");
        // The number of a day is never given twice.
        assert_eq!(world.takes_back(&path, "2025-Y").await, 303);
        assert_eq!(
            world.registers(&path, "formed_on", "2025-09-03").await.0,
            303
        );
        assert_eq!(world.takes_back(&path, "2025-09-03-3").await, 303);
    }
}

#[tokio::test]
async fn years_of_many_materials_hide_no_other_year_and_fill_no_endless_page() {
    const MANY: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001) \
        INSERT INTO catalogue_filling (id, entry_id, organ_id, period, kind, title, address, confirmed_by, confirmed_on, version) \
        SELECT '00000000-0000-7000-8000-' || CAST(100000000000 + n.i AS TEXT), f.entry_id, f.organ_id, \
        '2026-10-12-' || CAST(n.i AS TEXT), f.kind, f.title, f.address, f.confirmed_by, f.confirmed_on, 1 \
        FROM n CROSS JOIN catalogue_filling f";
    for backend in backends() {
        let world = World::on(&backend).await;
        let otherwise = [
            ("limit_text", "信息形成之日起20个工作日内"),
            ("formed_on", "2025-06-02"),
        ];
        let (path, _) = world.adds(world.unit, &otherwise).await;
        let first = world.registers(&path, "formed_on", "2025-09-03").await.0;
        assert_eq!(first, 303);
        world
            .db
            .upkeep(async |tx: &mut Tx| tx.run(sql(MANY)).await)
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        let unit = world.unit;
        let mut liaison = world.browser(world.liaison).await;
        let page = liaison
            .get(&format!("{path}?organ={unit}&year=2026"))
            .await
            .page();
        assert!(page.contains("第 1–50 条，共 5001 条"), "{page}");
        assert_eq!(page.matches("<button>撤销登记</button>").count(), 50);
        let page = liaison
            .get(&format!("{path}?organ={unit}&year=2026&page=101"))
            .await
            .page();
        assert!(page.contains("第 5001–5001 条"), "{page}");
        // What the year before has counts as ever.
        let page = liaison
            .get(&format!("{path}?organ={unit}&year=2025"))
            .await
            .page();
        assert!(page.contains("9月3日形成"), "{page}");
        assert_eq!(world.says_nothing(&path, "2025-Y").await.0, 422);
        assert_eq!(world.takes_back(&path, "2025-09-03").await, 303);
    }
}

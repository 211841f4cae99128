//! 索引号规则: looked at, kept, and never changing a number that was given.

use super::*;

const PAGE: &str = "/workspace/documents/index-numbers";

impl World {
    async fn index_of(&self, path: &str) -> String {
        let id = path.rsplit('/').next().unwrap().to_owned();
        self.db
            .read(async |tx: &mut Tx| {
                tx.one(sql("SELECT index_number FROM document WHERE id = $1").bind(&id))
                    .await
            })
            .await
            .unwrap()
            .get("index_number")
            .unwrap()
    }
}

#[tokio::test]
async fn a_rule_holds_from_the_next_document_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let first = world.draft("notice", "甲通知", "<p>正文。</p>").await;
        world.goes_out(&first, Kind::Notice).await;
        let before = world.index_of(&first).await;
        assert!(before.ends_with("/2026-00001"), "{before}");

        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(PAGE).await.page();
        for said in [
            "安澜市人民政府及其部门",
            "通行规则",
            "/2026-00002",
            "还没有登记",
        ] {
            assert!(page.contains(said), "{said} in {page}");
        }
        // All are counted, and listed page by page.
        for n in 0..205 {
            testing::organ(&world.db, &format!("第{n}局"), Some(world.city)).await;
        }
        let page = clerk.get(PAGE).await.page();
        assert!(
            page.contains("有 208 个机关还没有登记") && page.contains("共 208 条"),
            "{page}"
        );
        let last = clerk.get(&format!("{PAGE}?page=5")).await.page();
        assert!(last.contains("第204局"), "{last}");
        // Looking keeps nothing.
        let rule = "AL-%7B%E6%9C%BA%E5%85%B3%E4%BB%A3%E7%A0%81%7D-%7B%E5%B9%B4%E6%9C%88%7D-%7B%E6%B5%81%E6%B0%B4%E5%8F%B74%7D";
        let trial = clerk.get(&format!("{PAGE}?scheme={rule}")).await.page();
        assert!(
            trial.contains("-202610-0002") && trial.contains("还没有保存"),
            "{trial}"
        );
        let page = clerk.get(PAGE).await.page();
        assert!(page.contains("/2026-00002"), "{page}");

        let city = world.city.to_string();
        let keeps = |scheme: &'static str, version: &'static str| {
            [
                ("organ", city.clone()),
                ("scheme", scheme.to_owned()),
                ("version", version.to_owned()),
            ]
        };
        for (scheme, version, status) in [
            ("{年}-{流水号5}", "0", 422),
            ("AL-{机关代码}-{年月}-{流水号4}", "7", 409),
            ("AL-{机关代码}-{年月}-{流水号4}", "0", 303),
        ] {
            let fields = keeps(scheme, version);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let answer = clerk.post(PAGE, &fields).await;
            assert_eq!(answer.status.as_u16(), status, "{scheme} {version}");
        }
        let second = world.draft("notice", "乙通知", "<p>正文。</p>").await;
        world.goes_out(&second, Kind::Notice).await;
        let after = world.index_of(&second).await;
        assert!(
            after.starts_with("AL-") && after.ends_with("-202610-0002"),
            "{after}"
        );
        assert_eq!(world.index_of(&first).await, before);

        // Another government's clerk sets another government's rule; here the bureau's clerk has none but the city's.
        let fields = keeps("", "1");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(clerk.post(PAGE, &fields).await.status, 303);
        let page = clerk.get(PAGE).await.page();
        assert!(
            page.contains("通行规则") && page.contains("/2026-00003"),
            "{page}"
        );
    }
}

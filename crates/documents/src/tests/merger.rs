//! An organ goes into another: its heir works on its documents, columns and gazette, with what the checks found in them.

use gongkai_platform::finding;

use super::*;

impl World {
    /// As a merger in the directory does.
    pub(super) async fn merges(&self, from: OrganId, to: OrganId) {
        let mut works = crate::organ_hooks().open_work;
        works.extend(finding::organ_hooks().open_work);
        self.db
            .write(async |tx: &mut Tx| testing::merge(tx, &works, (from, to)).await)
            .await
            .unwrap();
    }

    async fn open_work(&self, organ: OrganId) -> Vec<(&'static str, i64)> {
        let hooks = crate::organ_hooks();
        self.db
            .read(async |tx: &mut Tx| hooks.open_work_of(tx, organ).await)
            .await
            .unwrap()
    }

    /// 承办单位 and 发布机构 of a document.
    async fn owner_and_publisher(&self, path: &str) -> (OrganId, OrganId) {
        let id = path.rsplit('/').next().unwrap().to_owned();
        let row = self
            .db
            .read(async |tx: &mut Tx| {
                let found = sql("SELECT owner_id, organ_id FROM document WHERE id = $1");
                tx.one(found.bind(&id)).await
            })
            .await
            .unwrap();
        (row.get("owner_id").unwrap(), row.get("organ_id").unwrap())
    }
}

#[tokio::test]
async fn an_heir_goes_on_with_documents_and_what_is_public_keeps_its_publisher() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = world.office;
        let heir = testing::organ(&world.db, "市政务公开局", Some(world.city)).await;
        let clerk = testing::person(&world.db, "新文书", &[(Role::OfficeClerk, heir)]).await;
        let draft = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        let out = world.draft("notice", "关于乙的通知", "<p>正文。</p>").await;
        world.goes_out(&out, Kind::Notice).await;
        // In the office's own name.
        world
            .tampers("UPDATE document SET organ_id = owner_id", &[])
            .await;
        world.begin_issue("3").await;
        assert_eq!(
            world.open_work(office).await,
            [("承办的文件", 1), ("编制的政府公报", 1)]
        );
        let mut browser = world.browser(clerk).await;
        assert_eq!(browser.get(&draft).await.status, 404);
        world.merges(office, heir).await;
        assert!(world.open_work(office).await.is_empty());
        assert_eq!(world.owner_and_publisher(&draft).await, (heir, heir));
        assert_eq!(world.owner_and_publisher(&out).await, (heir, office));
        let page = browser.get(&draft).await.page();
        assert!(
            page.contains("随机构调整由“安澜市人民政府办公室”移交“市政务公开局”，原因：机构改革"),
            "{page}"
        );
        assert_eq!(browser.get(&out).await.status, 200);
        let page = world
            .public()
            .get(&out.replace("/workspace", ""))
            .await
            .page();
        assert!(page.contains("安澜市人民政府办公室"), "{page}");
        let made = "SELECT COUNT(*) AS n FROM gazette_issue g JOIN organ o ON o.id = g.owner_id \
                    WHERE o.name = '市政务公开局'";
        assert_eq!(world.count(made).await, 1);
    }
}

#[tokio::test]
async fn what_a_government_has_not_published_goes_out_in_its_heirs_name() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let heir = testing::organ(&world.db, "新安澜市人民政府", None).await;
        // Its drafts lie at its office, and go out in its name.
        let draft = world.draft("notice", "关于甲的通知", "<p>正文。</p>").await;
        let out = world.draft("notice", "关于乙的通知", "<p>正文。</p>").await;
        world.goes_out(&out, Kind::Notice).await;
        world.merges(world.city, heir).await;
        let office = world.office;
        assert_eq!(world.owner_and_publisher(&draft).await, (office, heir));
        assert_eq!(world.owner_and_publisher(&out).await, (office, world.city));
    }
}

#[tokio::test]
async fn what_a_check_found_is_found_and_closed_with_the_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let column = world.column("yiwu-jiaoyu", "news").await;
        world.night().await;
        let heir = testing::organ(&world.db, "市政务公开局", Some(world.city)).await;
        world.merges(world.office, heir).await;
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        world.night().await;
        let blank = "“义务教育”专栏没有内容".to_owned();
        let of_heir = "SELECT COUNT(*) AS n FROM finding f JOIN organ o ON o.id = f.organ_id \
                       WHERE o.name = '市政务公开局' AND f.times = 2";
        assert_eq!(
            world.findings("column:%").await,
            [("to_verify".to_owned(), blank.clone())],
            "one finding, not one for each keeper"
        );
        assert_eq!(world.count(of_heir).await, 1);
        let closed = "UPDATE site_column SET closed_why = '已并入“教育”专栏'";
        world.tampers(closed, &[]).await;
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        world.night().await;
        assert_eq!(
            world.findings("column:%").await,
            [("closed".to_owned(), blank)],
            "{column}"
        );
    }
}

//! 继续有效, 修改, 废止, 宣布失效: each walked to the public page, and the worksheet that is handed around.

use super::*;
use crate::kind::Kind;

impl World {
    async fn law(&self, title: &str) -> String {
        let path = self
            .draft("normative", title, "<p>第一条 公开是常态。</p>")
            .await;
        self.approve(&path, Kind::Normative).await;
        assert_eq!(self.act(self.clerk, &path, "publish", &[]).await, 303);
        path
    }

    async fn turns(&self, path: &str, change: &str, on: &str, until: &str) -> u16 {
        let fields = [
            ("change", change),
            ("on", on),
            ("until", until),
            ("basis", "市政府第12次常务会议"),
        ];
        self.act(self.clerk, path, "validity", &fields).await
    }

    async fn worksheet(&self) -> String {
        let mut clerk = self.browser(self.clerk).await;
        clerk.get("/workspace/documents/cleanup").await.page()
    }
}

#[tokio::test]
async fn each_change_of_validity_reaches_the_public_and_leaves_the_worksheet() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Their last day is 31 January 2027, within half a year.
        for (title, change, until, says) in [
            ("甲办法", "kept", "2029-01-31", "2029年1月31日"),
            ("乙办法", "amended", "", "已修改"),
            ("丙办法", "repealed", "", "【已废止】"),
            ("丁办法", "lapsed", "", "【已失效】"),
        ] {
            let path = world.law(title).await;
            assert!(world.worksheet().await.contains(title));
            assert_eq!(world.turns(&path, change, "2026-10-12", until).await, 303);
            let public = path.replace("/workspace", "");
            let page = world.public().get(&public).await.page();
            assert!(
                page.contains(says) && page.contains("市政府第12次常务会议"),
                "{change}: {page}"
            );
            // What is only amended still lapses on its day.
            let listed = world.worksheet().await.contains(title);
            assert_eq!(listed, change == "amended", "{change}");
        }
    }
}

#[tokio::test]
async fn what_ended_does_not_go_on() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.law("甲办法").await;
        for (change, on, until) in [
            ("kept", "2026-10-12", ""),
            ("kept", "2026-10-12", "2026-10-11"),
            ("kept", "2027-02-01", "2029-01-31"),
            ("repealed", "1026-10-12", ""),
        ] {
            assert_eq!(world.turns(&path, change, on, until).await, 422, "{on}");
        }
        assert_eq!(world.turns(&path, "repealed", "2026-10-12", "").await, 303);
        for change in ["kept", "amended", "repealed", "lapsed"] {
            let again = world.turns(&path, change, "2026-10-12", "2028-01-01").await;
            assert_eq!(again, 422, "{change}");
        }
    }
}

#[tokio::test]
async fn the_worksheet_leaves_as_a_file_with_room_for_an_opinion() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world.law("甲办法").await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get("/workspace/documents/cleanup").await.page();
        assert!(page.contains("/workspace/documents/cleanup.xlsx"), "{page}");
        let file = clerk.get("/workspace/documents/cleanup.xlsx").await;
        assert_eq!(file.status, 200);
        let read = gongkai_office::read(&file.bytes, &gongkai_office::Limits::default()).unwrap();
        let words = gongkai_office::hidden::text_of(&read);
        for said in ["到期清理表", "甲办法", "2027-01-31", "111", "清理意见"] {
            assert!(words.contains(said), "{said} in {words}");
        }
        // Another government's clerk has another sheet.
        let mut stranger = world.browser(world.stranger).await;
        let file = stranger.get("/workspace/documents/cleanup.xlsx").await;
        let read = gongkai_office::read(&file.bytes, &gongkai_office::Limits::default()).unwrap();
        assert!(!gongkai_office::hidden::text_of(&read).contains("甲办法"));
    }
}

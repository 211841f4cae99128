//! A draft is put aside with a reason, taken back, and loses its files in the end; what was reviewed or published is not.

use super::*;
use crate::document::discard;

fn later(days: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(24 * days)
}

impl World {
    pub(super) async fn aside(&self, path: &str, why: &str) -> u16 {
        let fields = [("why_discarded", why)];
        self.act(self.clerk, path, "discard", &fields).await
    }

    pub(super) async fn back(&self, path: &str, why: &str) -> u16 {
        let fields = [("why_back", why)];
        self.act(self.clerk, path, "discard/undo", &fields).await
    }

    async fn list(&self, narrowed: &str) -> String {
        let mut clerk = self.browser(self.clerk).await;
        let address = format!("/workspace/documents{narrowed}");
        clerk.get(&address).await.page()
    }

    /// Rows of stored files, attachments and pictures alike.
    async fn files(&self) -> i64 {
        self.db
            .read(async |tx: &mut Tx| {
                tx.one(sql("SELECT COUNT(*) AS n FROM file"))
                    .await?
                    .get("n")
            })
            .await
            .unwrap()
    }

    async fn releases(&self) -> usize {
        self.db
            .write(async |tx: &mut Tx| discard::release(tx, &Actor::System).await)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_draft_is_put_aside_and_taken_back() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "重复起草的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.aside(&path, " ").await, 422, "without a reason");
        let stranger = world
            .act(world.stranger, &path, "discard", &[("why_discarded", "无")])
            .await;
        assert_eq!(stranger, 404);
        assert_eq!(world.aside(&path, "内容并入另一份通知").await, 303);
        // No list and no count has it; whoever looks for it among what was discarded finds it.
        let list = world.list("").await;
        assert!(!list.contains("重复起草的通知"), "{list}");
        assert!(
            list.contains("<b>0</b> 起草") && list.contains("已作废的草稿（1份）"),
            "{list}"
        );
        let found = world.list("?state=discarded").await;
        assert!(
            found.contains("重复起草的通知") && found.contains("共 1 条"),
            "{found}"
        );
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        for words in ["内容并入另一份通知", "取回草稿", "已作废"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains(&format!("{path}/write")), "{page}");
        // Nothing goes on with it.
        assert_eq!(world.aside(&path, "再来一次").await, 422);
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "改名"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "改写"),
        ];
        let answer = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 422);
        assert_eq!(world.back(&path, "").await, 422, "without a reason");
        assert_eq!(world.back(&path, "会议决定恢复").await, 303);
        assert!(world.list("").await.contains("重复起草的通知"));
        world.goes_out(&path, Kind::Notice).await;
    }
}

#[tokio::test]
async fn what_was_reviewed_or_published_is_not_put_aside() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.aside(&path, "不用了").await, 422, "under review");
        // What came back from review may be given up; the record of the review stays.
        let first = Kind::Notice.chain()[0];
        let who = world.who(first.role());
        assert_eq!(world.review(who, &path, "claim", &[], "").await, 303);
        assert_eq!(world.review(who, &path, "return", &[], "重写").await, 303);
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(world.aside(&path, "不再发布").await, 303);
        let record = clerk.get(&format!("{path}/record")).await.page();
        assert!(record.contains("重写"), "{record}");
        assert_eq!(world.back(&path, "重写").await, 303);
        // Once approved, the text that was approved is kept.
        let fields_version = world.version(&path).await;
        let fields = [
            ("version", fields_version.as_str()),
            ("title", "关于开放日的通知"),
            ("theme", "综合政务"),
            ("issued_on", "2026-09-01"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "改写的正文。"),
        ];
        let answer = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 303);
        world.approve(&path, Kind::Notice).await;
        assert_eq!(world.aside(&path, "不用了").await, 422, "approved");
        let version = world.version(&path).await;
        let mut again = fields.to_vec();
        again[0].1 = version.as_str();
        again[6].1 = "审核通过以后又改。";
        let answer = clerk
            .upload(&format!("{path}/write"), &again, ("file", "", b""))
            .await;
        assert_eq!(answer.status, 303);
        assert_eq!(world.aside(&path, "不用了").await, 422, "approved before");
        world.goes_out(&path, Kind::Notice).await;
        assert_eq!(world.aside(&path, "不用了").await, 422, "published");
        let withdrawn = [("why", "内容有误")];
        assert_eq!(
            world.act(world.clerk, &path, "withdraw", &withdrawn).await,
            303
        );
        assert_eq!(world.aside(&path, "不用了").await, 422, "withdrawn");
    }
}

#[tokio::test]
async fn the_files_of_what_was_put_aside_go_after_some_weeks() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let never_sent = world.with_picture().await;
        let sent = world
            .with_file("关于评审结果的通知", ("名单.txt", "甲、乙".as_bytes()))
            .await;
        assert_eq!(world.files().await, 3, "a text, its picture, a list");
        assert_eq!(world.act(world.clerk, &sent, "send", &[]).await, 303);
        let first = Kind::Notice.chain()[0];
        let who = world.who(first.role());
        assert_eq!(world.review(who, &sent, "claim", &[], "").await, 303);
        assert_eq!(world.review(who, &sent, "return", &[], "重写").await, 303);
        for path in [&never_sent, &sent] {
            assert_eq!(world.aside(path, "不再发布").await, 303);
        }
        world.clock.advance(later(discard::KEPT_DAYS - 1));
        assert_eq!(world.releases().await, 0);
        assert_eq!(world.files().await, 3);
        world.clock.advance(later(2));
        assert_eq!(world.releases().await, 2);
        assert_eq!(world.files().await, 1, "what review sealed stays");
        assert_eq!(world.releases().await, 0, "once");
        assert_eq!(world.back(&never_sent, "要用了").await, 422);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&never_sent).await.page();
        assert!(
            page.contains("不能再取回") && page.contains("清除附件和图片2个"),
            "{page}"
        );
    }
}

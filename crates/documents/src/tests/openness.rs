//! What is not open comes up on its day, and is kept closed or opened with a reason.

use super::*;
use crate::document::days;
use gongkai_platform::access::Session;
use gongkai_platform::account::session;

const LIST: &str = "/workspace/documents/openness";

impl World {
    async fn closed(&self, title: &str, review_on: &str) -> String {
        let city = self.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", title),
            ("theme", "综合政务"),
            ("openness", "closed"),
            ("ground", "n5"),
            ("why_closed", "只涉及内部分工。"),
            ("review_on", review_on),
            ("markup", "text"),
            ("body", "内部事务。"),
        ];
        let mut clerk = self.browser(self.clerk).await;
        clerk
            .upload(
                "/workspace/documents/new?kind=notice",
                &fields,
                ("file", "附表.txt", "甲".as_bytes()),
            )
            .await
            .redirected()
    }

    async fn decides(&self, path: &str, fields: &[(&str, &str)]) -> u16 {
        self.act(self.clerk, path, "openness", fields).await
    }

    async fn see(&self, path: &str) -> String {
        let mut clerk = self.browser(self.clerk).await;
        clerk.get(path).await.page()
    }

    async fn due(&self) -> i64 {
        self.duty(LIST).await
    }

    /// How much the start page says waits behind this address.
    async fn duty(&self, path: &str) -> i64 {
        let today = self.app.today();
        let seams = &self.app.seams;
        let duties = self
            .db
            .read(async |tx: &mut Tx| {
                let person = Session {
                    account: self.clerk,
                    name: "文书".to_owned(),
                    roles: session::held_roles(tx, self.clerk, today).await?,
                    second_factor: false,
                    unread: 0,
                    id_hash: String::new(),
                };
                let mut duties = Vec::new();
                for waiting in &seams.waiting {
                    duties.extend(waiting.waiting(tx, &person, today).await?);
                }
                Ok::<_, StoreError>(duties)
            })
            .await
            .unwrap();
        let mut own = duties.iter().filter(|one| one.path == path);
        own.next().unwrap().n
    }

    async fn told(&self) -> i64 {
        let today = self.app.today();
        self.db
            .write(async |tx: &mut Tx| {
                days::look(tx, &Actor::System, today).await?;
                tx.one(sql(
                    "SELECT COUNT(*) AS n FROM inbox_message WHERE title LIKE '复核公开属性%'",
                ))
                .await?
                .get("n")
            })
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn what_is_closed_comes_up_on_its_day() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.closed("关于内部分工的通知", "2026-10-20").await;
        world.closed("没有写日期的通知", "").await;
        world.draft("notice", "公开的通知", "<p>正文。</p>").await;
        assert!(world.see(LIST).await.contains("没有到复核日期的文件"));
        assert_eq!((world.due().await, world.told().await), (0, 0));
        let all = world.see(&format!("{LIST}?which=all")).await;
        for words in [
            "关于内部分工的通知",
            "2026年10月20日",
            "没有写日期的通知",
            "2027年10月12日",
            "内部事务信息",
        ] {
            assert!(all.contains(words), "{words}: {all}");
        }
        assert!(!all.contains("公开的通知"), "{all}");
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 8));
        let due = world.see(LIST).await;
        assert!(
            due.contains("关于内部分工的通知") && !due.contains("没有写日期"),
            "{due}"
        );
        assert_eq!((world.due().await, world.told().await), (1, 1));
        assert_eq!(world.told().await, 1, "told once");
        // Those elsewhere have nothing to do with it.
        let mut stranger = world.browser(world.stranger).await;
        assert!(
            !stranger
                .get(LIST)
                .await
                .page()
                .contains("关于内部分工的通知")
        );
        // It stays closed with a reason and a day to come.
        for wrong in [
            [
                ("outcome", "kept"),
                ("next_on", "2027-10-20"),
                ("why_reviewed", ""),
            ],
            [
                ("outcome", "kept"),
                ("next_on", "2026-10-20"),
                ("why_reviewed", "情况没有变化"),
            ],
            [
                ("outcome", "kept"),
                ("next_on", ""),
                ("why_reviewed", "情况没有变化"),
            ],
            [
                ("outcome", "closed"),
                ("next_on", "2027-10-20"),
                ("why_reviewed", "情况没有变化"),
            ],
            [
                ("outcome", "on_request"),
                ("next_on", "2027-10-20"),
                ("why_reviewed", "没有写理由"),
            ],
            [
                ("outcome", "x"),
                ("next_on", ""),
                ("why_reviewed", "情况没有变化"),
            ],
        ] {
            assert_eq!(world.decides(&path, &wrong).await, 422, "{wrong:?}");
        }
        let kept = [
            ("outcome", "kept"),
            ("next_on", "2027-10-20"),
            ("why_reviewed", "分工仍在调整"),
        ];
        assert_eq!(world.decides(&path, &kept).await, 303);
        assert_eq!(world.due().await, 0);
        let page = world.see(&path).await;
        for words in ["2027年10月20日", "维持“不予公开”", "分工仍在调整"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // Whoever writes on it does not bring the old day back.
        let form = world.see(&format!("{path}/write")).await;
        assert!(form.contains("value=\"2027-10-20\""), "{form}");
        world.clock.advance(jiff::SignedDuration::from_hours(24));
        let over = "公开属性复核日期已经过去";
        let page = world.see(&path).await;
        assert!(!page.contains(over), "a later look was set: {page}");
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 366));
        assert!(world.see(&path).await.contains(over));
    }
}

#[tokio::test]
async fn what_is_closed_and_passed_its_review_waits_for_nobody() {
    const WAITING: &str = "/workspace/documents?state=approved";
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.closed("关于内部分工的通知", "2026-10-20").await;
        world.approve(&path, Kind::Notice).await;
        assert_eq!(world.duty(WAITING).await, 0);
        assert!(!world.see(WAITING).await.contains("关于内部分工的通知"));
        let page = world.see(&path).await;
        assert!(
            page.contains("已定稿") && page.contains("审核通过后留存，不发布"),
            "{page}"
        );
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        let open = world.draft("notice", "公开的通知", "<p>正文。</p>").await;
        world.approve(&open, Kind::Notice).await;
        assert_eq!(world.duty(WAITING).await, 1);
    }
}

#[tokio::test]
async fn what_may_be_opened_becomes_the_next_edition() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.closed("关于评标委员会的通知", "2026-10-01").await;
        world.approve(&path, Kind::Notice).await;
        assert_eq!(world.due().await, 1);
        let to_request = [
            ("outcome", "on_request"),
            ("ground_reviewed", "n4"),
            ("next_on", "2027-01-01"),
            ("why_reviewed", "涉及投标人，有人申请时征求意见"),
        ];
        assert_eq!(world.decides(&path, &to_request).await, 303);
        let page = world.see(&path).await;
        assert!(
            page.contains("依申请公开（商业秘密") && page.contains("第2稿"),
            "{page}"
        );
        let open = [("outcome", "open"), ("why_reviewed", "招标已经结束")];
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.decides(&path, &open).await, 422, "under review");
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 303);
        assert_eq!(world.decides(&path, &open).await, 303);
        let page = world.see(&path).await;
        assert!(
            page.contains("由“依申请公开”改为“主动公开”：招标已经结束"),
            "{page}"
        );
        assert!(page.contains("附表.txt"), "its files go along: {page}");
        assert!(!page.contains("id=\"openness\""), "{page}");
        assert!(
            !world
                .see(&format!("{LIST}?which=all"))
                .await
                .contains("评标委员会")
        );
        assert_eq!(world.decides(&path, &open).await, 422, "open already");
        world.goes_out(&path, Kind::Notice).await;
    }
}

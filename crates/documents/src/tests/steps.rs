//! 三审三校 step by step, and what each kind asks for: on both databases.

use super::*;

#[tokio::test]
async fn a_normative_document_goes_out_only_after_eight_steps() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("normative", "安澜市政策解读工作办法", HOSTILE)
            .await;
        let public = path.replace("/workspace", "");
        // Neither the public nor a stranger finds the draft; nobody publishes it.
        assert_eq!(world.public().get(&public).await.status, 404);
        assert_eq!(
            world.browser(world.stranger).await.get(&path).await.status,
            404
        );
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 422);
        world.approve(&path, Kind::Normative).await;
        assert_eq!(
            world.public().get(&public).await.status,
            404,
            "approved is not published"
        );
        assert_eq!(world.act(world.stranger, &path, "publish", &[]).await, 404);
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);

        let page = world.public().get(&public).await.page();
        for words in [
            "安府规〔2026〕3号",
            "现行有效",
            "第一条 公开是常态。",
            "/2026-00001",
            "2026年9月1日",
            "<td colspan=\"2\">",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert!(
            !page.contains("onclick") && !page.contains("alert(1)"),
            "{page}"
        );
        let list = world
            .public()
            .get("/documents?kind=normative&year=2026&text=解读")
            .await
            .page();
        assert!(
            list.contains("安澜市政策解读工作办法") && list.contains("现行有效"),
            "{list}"
        );
        let feed = world.public().get("/documents/feed.xml").await.text();
        assert!(
            feed.contains("<entry><title>安澜市政策解读工作办法"),
            "{feed}"
        );

        // Half a year before its last day it stands on the worksheet; the day after, it is void everywhere.
        let sheet = world
            .browser(world.clerk)
            .await
            .get("/workspace/documents/cleanup")
            .await
            .page();
        assert!(
            sheet.contains("安澜市政策解读工作办法") && sheet.contains("111"),
            "{sheet}"
        );
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 112));
        let page = world.public().get(&public).await.page();
        assert!(page.contains("【已失效】"), "{page}");
    }
}

#[tokio::test]
async fn steps_are_taken_by_different_people_and_a_return_needs_a_word() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于征集意见的通知", "<p>正文。</p>")
            .await;
        // Who saved over a text that is newer now gets back all that was typed, over the newest one.
        let typed = [
            ("version", "7"),
            ("title", "关于征集意见的通知（改）"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "我写的一段。"),
        ];
        let late = world
            .browser(world.clerk)
            .await
            .upload(&format!("{path}/write"), &typed, ("file", "", b""))
            .await;
        assert_eq!(late.status, 409);
        let form = late.text();
        for words in [
            "我写的一段。",
            "（改）",
            "文书已保存第1稿",
            "name=\"version\" value=\"1\"",
        ] {
            assert!(form.contains(words), "{words} in {form}");
        }
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        // Not while it is under review; not by whose turn it is not; not before it is claimed; not without the gate.
        let fields = [
            ("version", "2"),
            ("title", "改"),
            ("openness", "open"),
            ("body", "改"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(
            clerk
                .upload(&format!("{path}/write"), &fields, ("file", "", b""))
                .await
                .status,
            422
        );
        let (proof, first) = (world.who(Role::Proofreader), world.who(Role::FirstReviewer));
        assert_eq!(world.review(first, &path, "claim", &[], "").await, 422);
        let proofs = world.fine(&path, Step::FirstProof).await;
        assert_eq!(world.review(proof, &path, "pass", &proofs, "").await, 422);
        assert_eq!(world.review(proof, &path, "claim", &[], "").await, 303);
        assert_eq!(world.review(proof, &path, "pass", &[], "").await, 422);
        assert_eq!(world.review(proof, &path, "pass", &proofs, "").await, 303);
        assert_eq!(world.review(first, &path, "claim", &[], "").await, 303);
        assert_eq!(world.review(first, &path, "return", &[], "").await, 422);
        assert_eq!(
            world
                .review(first, &path, "return", &[], "日期写错了")
                .await,
            303
        );
        let page = world.browser(world.clerk).await.get(&path).await.page();
        assert!(
            page.contains("日期写错了") && page.contains("退回"),
            "{page}"
        );
        let page = world
            .browser(world.clerk)
            .await
            .get("/workspace/documents?state=draft")
            .await
            .page();
        assert!(page.contains("关于征集意见的通知"), "{page}");

        // One person, two roles: whoever read the proofs may not review the same text. The database says so, too.
        let two = testing::person(
            &world.db,
            "两职",
            &[
                (Role::Proofreader, world.office),
                (Role::FirstReviewer, world.office),
            ],
        )
        .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.review(two, &path, "claim", &[], "").await, 303);
        assert_eq!(world.review(two, &path, "pass", &proofs, "").await, 303);
        assert_eq!(world.review(two, &path, "claim", &[], "").await, 422);
        let second = world
            .db
            .write(async |tx: &mut Tx| {
                tx.record(Event::new(&Actor::System, "test", ("document", String::new()), "试"));
                tx.run(sql("INSERT INTO review_person (edition_id, account_id, duty) SELECT edition_id, account_id, 'review_1' FROM review_person WHERE duty = 'proof'"))
                    .await
            })
            .await;
        assert!(second.is_err(), "a second duty on one text");
        // Called back, it is a draft again.
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 303);
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 422);
    }
}

#[tokio::test]
async fn who_was_told_once_is_told_again_when_it_is_sent_again() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于征集意见的通知", "<p>正文。</p>")
            .await;
        let told = async || {
            let statement = sql("SELECT COUNT(*) AS n FROM inbox_message WHERE account_id = $1 AND title LIKE '%征集意见%'")
                .bind(world.who(Role::Proofreader));
            let row = world
                .db
                .read(async |tx: &mut Tx| tx.one(statement.clone()).await);
            row.await.unwrap().get::<i64>("n").unwrap()
        };
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(told().await, 1);
        assert_eq!(world.act(world.clerk, &path, "recall", &[]).await, 303);
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(told().await, 2, "the same edition, another round");
    }
}

#[tokio::test]
async fn who_wrote_an_earlier_edition_of_the_draft_reviews_none_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let both = [
            (Role::OfficeClerk, world.office),
            (Role::Proofreader, world.office),
        ];
        let writer = testing::person(&world.db, "两职", &both).await;
        let path = world
            .draft("notice", "关于征集意见的通知", "<p>正文。</p>")
            .await;
        let saves = async |who: AccountId, body: &str| {
            let version = world.version(&path).await;
            let fields = [
                ("version", version.as_str()),
                ("title", "关于征集意见的通知"),
                ("theme", "综合政务"),
                ("issued_on", "2026-09-01"),
                ("openness", "open"),
                ("markup", "text"),
                ("body", body),
            ];
            let mut browser = world.browser(who).await;
            let write = format!("{path}/write");
            let saved = browser.upload(&write, &fields, ("file", "", b"")).await;
            assert_eq!(saved.status, 303, "{}", saved.text());
        };
        saves(writer, "请于月底前提出意见").await;
        saves(world.clerk, "请于月底前提出意见。").await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.review(writer, &path, "claim", &[], "").await, 422);
        let page = world.browser(writer).await.get(&path).await.page();
        assert!(page.contains("须由另一个人办理"), "{page}");
        for step in Kind::Notice.chain() {
            world.pass(&path, *step).await;
        }
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        // What was reviewed by others and went out is nobody's draft any more.
        saves(world.clerk, "请于月底前提出意见，邮寄或者当面提交。").await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(world.review(writer, &path, "claim", &[], "").await, 303);
    }
}

#[tokio::test]
async fn a_file_becomes_the_text_and_a_kind_asks_for_its_fields() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "安澜市档案管理办法"),
            ("openness", "closed"),
            ("as_body", "yes"),
            ("markup", "text"),
            ("body", ""),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let path = clerk
            .upload(
                "/workspace/documents/new?kind=rule",
                &fields,
                ("file", "办法.txt", "第一条".as_bytes()),
            )
            .await
            .redirected();
        let page = clerk.get(&path).await.page();
        assert!(
            page.contains("第一条 为规范管理，制定本办法。") && page.contains("办法.txt"),
            "{page}"
        );
        for words in [
            "规章必须填写“文号”",
            "规章必须填写“施行日期”",
            "请写明法定理由",
            "选择“不予公开”，请用几句话写明为什么这份文件不主动公开",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let events = world
            .db
            .read(async |tx: &mut Tx| {
                gongkai_platform::audit::about(tx, "document", path.rsplit('/').next().unwrap(), 10)
                    .await
            })
            .await
            .unwrap();
        assert_eq!(events.len(), 1, "what was refused leaves no event");
    }
}

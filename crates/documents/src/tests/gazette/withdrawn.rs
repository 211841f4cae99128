//! A document that stands in an issued gazette is withdrawn: the gazette gives its text out no longer, either.

use super::*;

#[tokio::test]
async fn a_withdrawn_text_leaves_the_gazette_with_its_page() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let (path, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let issue = world.comes_out(head, "3", &id).await;
        let whole = async || world.whole(&issue).await;
        let sealed = whole().await.seal();
        assert!(
            whole()
                .await
                .typeset_data()
                .to_string()
                .contains("10月开放")
        );
        // Whoever withdraws it reads where else it stands.
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&path).await.page();
        assert!(page.contains("登载在政府公报2026年第3期"), "{page}");

        let why = [("why", "附表含有个人信息。")];
        assert_eq!(world.act(world.clerk, &path, "withdraw", &why).await, 303);
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(!text.contains("10月开放"), "{text}");
        assert!(!text.contains("在本期出版后有变化"), "{text}");
        for said in [
            "关于开放日的通知",
            "公报不再提供原文",
            "撤下说明：附表含有个人信息。",
            "<meta name=\"robots\" content=\"noindex\">",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let contents = world.public().get("/gazette/2026/3").await.page();
        assert!(contents.contains("【已撤下】"), "{contents}");
        let data = whole().await.typeset_data().to_string();
        assert!(!data.contains("10月开放"), "{data}");
        assert!(data.contains("撤下说明：附表含有个人信息。"), "{data}");
        // What was issued keeps its seal.
        assert_eq!(whole().await.seal(), sealed);

        let back = [("why", "核实后没有个人信息。")];
        assert_eq!(world.act(world.clerk, &path, "restore", &back).await, 303);
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains("10月开放。"), "{text}");
    }
}

#[tokio::test]
async fn an_erratum_quotes_a_withdrawn_text_no_longer() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let (path, id) = world.notice("关于开放日的通知", "<p>10月开放。</p>").await;
        let (_, other) = world.notice("另一份通知", "<p>正文。</p>").await;
        let issue = world.comes_out(head, "3", &id).await;
        let errata = format!("{issue}/items/{}/errata", world.item_ids().await[0]);
        let erratum = [
            ("wrong", "10月"),
            ("correct", "11月"),
            ("dated_on", "2026-10-12"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(clerk.post(&errata, &erratum).await.status, 303);
        let next = world.comes_out(head, "4", &other).await;
        let whole = async || world.whole(&next).await;
        let is_quoted = async || {
            let page = world.public().get("/gazette/2026/4").await.page();
            let data = whole().await.typeset_data().to_string();
            let words = "中“10月”应为“11月”";
            (page.contains(words), data.contains(words))
        };
        let sealed = whole().await.seal();
        assert_eq!(is_quoted().await, (true, true));
        let why = [("why", "附表含有个人信息。")];
        assert_eq!(world.act(world.clerk, &path, "withdraw", &why).await, 303);
        assert_eq!(is_quoted().await, (false, false));
        // What was issued keeps its seal.
        assert_eq!(whole().await.seal(), sealed);
        let back = [("why", "核实后没有个人信息。")];
        assert_eq!(world.act(world.clerk, &path, "restore", &back).await, 303);
        assert_eq!(is_quoted().await, (true, true));
    }
}

/// The document stands; what the gazette printed is its text before an amendment.
#[tokio::test]
async fn an_earlier_text_that_was_taken_back_leaves_the_gazette() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let path = world.law("甲办法").await;
        let id = path.rsplit('/').next().unwrap();
        world.comes_out(head, "3", id).await;
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains("公开是常态"), "{text}");
        world.hides_text(&path, "第一条载有个人联系电话。").await;
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(!text.contains("公开是常态"), "{text}");
        for said in ["本篇刊登的是修改前的文本", "说明：第一条载有个人联系电话。"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        let contents = world.public().get("/gazette/2026/3").await.page();
        assert!(contents.contains("【不再提供】"), "{contents}");
    }
}

/// What the gazette printed was corrected before it was amended: it has no place of its own in 历次文本.
#[tokio::test]
async fn a_corrected_text_leaves_the_gazette_with_the_one_that_corrected_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = world.head().await;
        let path = world.law("甲办法").await;
        let id = path.rsplit('/').next().unwrap();
        world.comes_out(head, "3", id).await;
        world.writes_anew(&path, "<p>第一条 公开为原则。</p>").await;
        let corrects = [("explanation", "更正错字。")];
        let corrected = world.act(world.clerk, &path, "publish", &corrects).await;
        assert_eq!(corrected, 303);
        world
            .amends(&path, "<p>第一条 乙。</p>", "2026-10-13")
            .await;
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains("公开是常态"), "{text}");
        let why = "第一条载有个人联系电话。";
        let earlier = world.hides_text(&path, why).await;
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(!text.contains("公开是常态"), "{text}");
        assert!(text.contains(why), "{text}");
        world.shows_text(&path, &earlier).await;
        let text = world.public().get("/gazette/2026/3/1").await.page();
        assert!(text.contains("公开是常态"), "{text}");
    }
}

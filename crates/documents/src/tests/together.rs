//! 检查汇总: what several documents have is seen together, by those who may see them.

use gongkai_platform::access::Scope;

use super::*;
use crate::document::store;

const PAGE: &str = "/workspace/documents/findings";

#[tokio::test]
async fn the_same_number_in_several_documents_is_one_line() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(PAGE).await.page();
        assert!(page.contains("没有检查发现"), "{page}");
        let body = "<p>联系人张伟，手机13800138000。</p>";
        let first = world.draft("notice", "甲通知", body).await;
        let second = world.draft("notice", "乙通知", body).await;
        let page = clerk.get(&format!("{PAGE}?kind=mobile")).await.page();
        let lines = page.matches("13800138000").count();
        assert_eq!(lines, 1, "{page}");
        assert!(
            page.contains("■ 几份都有") && page.contains(&first) && page.contains(&second),
            "{page}"
        );
        let mut stranger = world.browser(world.stranger).await;
        let page = stranger.get(PAGE).await.page();
        assert!(!page.contains("甲通知"), "{page}");
    }
}

#[tokio::test]
async fn what_the_public_reads_already_stands_beside_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let draft = |n: u8| format!("<p>联系人张伟，手机1380013800{n}。</p>");
        world.draft("notice", "甲通知", &draft(0)).await;
        // A name in bold is one word to a reader.
        let words = "<p>慰问<strong>张</strong>伟一家。</p>";
        let out = world.draft("notice", "乙通报", words).await;
        world.goes_out(&out, Kind::Notice).await;
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        let other = world.draft("notice", "丙通报", "<p>正文。</p>").await;
        world.goes_out(&other, Kind::Notice).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("{PAGE}?kind=name")).await.page();
        let beside = format!("data-label=\"已经公开的文件\"><a href=\"{out}\">乙通报</a>");
        assert!(
            page.contains(&beside) && page.contains("已经公开的2份文件的正文里查找"),
            "{page}"
        );
        assert!(!page.contains("丙通报"), "{page}");

        // Page after page, the newest first, and each once.
        let (mut read, mut before) = (Vec::new(), None);
        loop {
            let everything = Scope::Everything;
            let next = async |tx: &mut Tx| {
                store::public_texts(tx, (&everything, None), (before, None), 1).await
            };
            let Some((_, ((id, title), _))) = world.db.read(next).await.unwrap().pop() else {
                break;
            };
            before = Some(id);
            read.push(title);
        }
        assert_eq!(read, ["丙通报", "乙通报"]);
    }
}

/// What was looked at before is not read again, and what changed since is.
#[tokio::test]
async fn a_second_look_reads_only_what_is_new() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let body = "<p>联系人张伟，手机13800138000。</p>";
        world.draft("notice", "甲通知", body).await;
        let out = world
            .draft("notice", "乙通报", "<p>慰问张伟一家。</p>")
            .await;
        world.goes_out(&out, Kind::Notice).await;
        let mut clerk = world.browser(world.clerk).await;
        let address = format!("{PAGE}?kind=name");
        let first = clerk.get(&address).await.page();
        let count = async |table: &'static str| world.count(table).await;
        let seen = "SELECT COUNT(*) AS n FROM piece_edition";
        assert_eq!(count(seen).await, 1);
        let looks = "SELECT COALESCE(MAX(n), 0) AS n FROM piece_look";
        assert_eq!(count(looks).await, 1);
        let second = clerk.get(&address).await.page();
        assert!(second.contains("乙通报"), "{second}");
        assert_eq!(
            first.matches("乙通报").count(),
            second.matches("乙通报").count()
        );
        assert_eq!(count(looks).await, 1, "nothing new, nothing kept");
        // Another text goes out; the one before is kept, and found without being read.
        let other = world.draft("notice", "丙通报", "<p>感谢张伟。</p>").await;
        world.goes_out(&other, Kind::Notice).await;
        let third = clerk.get(&address).await.page();
        assert!(
            third.contains("乙通报") && third.contains("丙通报"),
            "{third}"
        );
        assert_eq!(count(seen).await, 2);
        // What is taken down stands beside nothing any more.
        let why = [("why", "登记有误")];
        assert_eq!(world.act(world.clerk, &out, "withdraw", &why).await, 303);
        let fourth = clerk.get(&address).await.page();
        assert!(
            !fourth.contains("乙通报") && fourth.contains("丙通报"),
            "{fourth}"
        );
    }
}

/// A draft's attachments stand beside those that review sealed, told apart by state, and only for those who see the draft.
#[tokio::test]
async fn what_attachments_of_drafts_say_is_gathered_too() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        world.reads_by(Reader::words());
        let list = "姓名：张伟，身份证号码：11010519491231002X".as_bytes();
        let draft = world
            .with_file("关于补充名单的通知", ("名单.txt", list))
            .await;
        let sealed = world
            .with_file("关于公布名单的通知", ("名单.txt", list))
            .await;
        assert_eq!(world.act(world.clerk, &sealed, "send", &[]).await, 303);
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&format!("{PAGE}?kind=id_card")).await.page();
        assert_eq!(page.matches("11010519491231002X").count(), 1, "{page}");
        for words in [
            "■ 几份都有".to_owned(),
            format!("<a href=\"{draft}\">关于补充名单的通知</a>（起草）"),
            format!("<a href=\"{sealed}\">关于公布名单的通知</a>（审核中）"),
            "起草（未封存） 1份".to_owned(),
            "审核中（已封存） 1份".to_owned(),
            "待发布（已封存） 0份".to_owned(),
        ] {
            assert!(page.contains(&words), "{words} in {page}");
        }
        for (state, shown) in [("draft", true), ("reviewing", true), ("approved", false)] {
            let page = clerk
                .get(&format!("{PAGE}?kind=id_card&state={state}"))
                .await
                .page();
            assert_eq!(page.contains("11010519491231002X"), shown, "{state} {page}");
        }
        let page = clerk.get(&format!("{PAGE}?state=approved")).await.page();
        assert!(page.contains("点“全部”看其他状态的文件"), "{page}");
        let mut stranger = world.browser(world.stranger).await;
        let page = stranger.get(PAGE).await.page();
        assert!(
            page.contains("起草（未封存） 0份") && !page.contains("补充名单"),
            "{page}"
        );
        // One that nobody has read yet does not look clean.
        world.tampers("DELETE FROM file_reading", &[]).await;
        let page = clerk
            .get(&format!("{PAGE}?kind=unread&state=draft"))
            .await
            .page();
        assert!(page.contains("附件“名单.txt”：还没有检查完"), "{page}");
    }
}

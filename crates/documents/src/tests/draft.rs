//! An order to publish begins a draft: its unit finds it, without a text, and a government's lies at its office.

use super::*;
use gongkai_platform::seam::ToDraft;

#[tokio::test]
async fn an_order_begins_a_draft_without_a_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let drafts = world.app.seams.drafts.clone().unwrap();
        let wanted = ToDraft {
            owner: world.office,
            title: "公交线路调整评估报告".to_owned(),
            source: "依申请公开决定转为主动公开".to_owned(),
        };
        let begin = async |tx: &mut Tx| drafts.begin(tx, &Actor::System, &wanted).await;
        let draft = world.db.write(begin).await.unwrap().unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&draft.path).await.page();
        for words in [
            "公交线路调整评估报告",
            "依申请公开决定转为主动公开",
            "安澜市人民政府",
            "起草",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // Nobody of the public sees it, nor does another unit.
        let refs = [draft.of.clone()];
        let entries = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.entries(tx, &refs).await)
            .await
            .unwrap();
        assert_eq!(entries, [None]);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&draft.path).await.status, 404);
        // Where the unit is no more, there is no draft.
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let gone = sql("UPDATE organ SET status = 'dissolved' WHERE id = $1");
                tx.run(gone.bind(world.office)).await?;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert_eq!(world.db.read(begin).await.unwrap(), None);
    }
}

/// Finds a virus in one file, and looks at no other.
struct Unwell;

impl gongkai_platform::files::Scanner for Unwell {
    fn scan(&self, bytes: &[u8]) -> Result<(), gongkai_platform::files::NotKept> {
        if bytes == b"ill" {
            Err(gongkai_platform::files::NotKept::Infected(
                "Eicar".to_owned(),
            ))
        } else {
            Err(gongkai_platform::files::NotKept::NotScanned)
        }
    }
}

#[tokio::test]
async fn a_file_that_the_scanner_refuses_loses_nothing_that_was_typed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
        parts.seams = crate::seams();
        parts.files = parts.files.clone().scanned_by(Arc::new(Unwell));
        let router = web::wrap(web::router(crate::routes()), App::new(parts));
        let mut clerk = Browser::new(router);
        clerk.sign_in(&world.db, world.clerk).await;
        let city = world.city.to_string();
        let fields = [
            ("organ", city.as_str()),
            ("title", "关于开放日的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "写了很久的正文。"),
        ];
        for (bytes, says) in [("ill", "发现病毒（Eicar）"), ("well", "没有完成杀毒检查")]
        {
            let file = ("file", "名单.txt", bytes.as_bytes());
            let to = "/workspace/documents/new?kind=notice";
            let answer = clerk.upload(to, &fields, file).await;
            assert_eq!(answer.status, 422);
            let page = answer.text();
            for said in [says, "关于开放日的通知", "写了很久的正文。"] {
                assert!(page.contains(said), "{said}: {page}");
            }
        }
    }
}

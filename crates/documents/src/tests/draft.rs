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

#[tokio::test]
async fn each_step_says_what_comes_next() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于步骤的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        let chain = Kind::Notice.chain();
        for (n, step) in chain.iter().enumerate() {
            let mut person = world.browser(world.who(step.role())).await;
            let checks = world.fine(&path, *step).await;
            let mut said = Vec::new();
            for act in ["claim", "pass"] {
                let version = world.step_version(&path).await;
                let mut fields = vec![("version", version.as_str()), ("act", act)];
                fields.extend(checks.iter().map(|check| ("check", check.as_str())));
                let done = person.post(&format!("{path}/review"), &fields).await;
                assert_eq!(done.status, 303, "{step:?}");
                said.push(person.get(&path).await.page());
            }
            let next = chain.get(n + 1).map_or_else(
                || "审核全部办完，现在可以发布".to_owned(),
                |next| format!("下一步是{}", next.name()),
            );
            assert!(said[1].contains(&next), "{next} in {}", said[1]);
        }
        // A text that is written anew loses its hour, and the author is told.
        let at = [("at", "2026-10-12T10:00")];
        assert_eq!(world.act(world.clerk, &path, "schedule", &at).await, 303);
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于步骤的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "改过的正文。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        let saved = clerk
            .upload(&format!("{path}/write"), &fields, ("file", "", b""))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let page = clerk.get(&path).await.page();
        assert!(page.contains("原来定的发布时间已取消"), "{page}");
    }
}

//! What the public reads, and what became of it later.

use super::*;

#[tokio::test]
async fn a_correction_says_why_and_what_cites_it_learns_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world
            .draft("notice", "关于开放日的通知", "<p>10月开放。</p>")
            .await;
        let public = path.replace("/workspace", "");
        world.approve(&path, crate::kind::Kind::Notice).await;
        assert_eq!(world.act(world.clerk, &path, "publish", &[]).await, 303);
        let of = Ref {
            kind: "document".to_owned(),
            id: path.rsplit('/').next().unwrap().to_owned(),
        };
        let seams = crate::seams();
        let found = world
            .db
            .read(async |tx: &mut Tx| seams.describe(tx, &of).await)
            .await
            .unwrap()
            .unwrap();
        let claims = [Claim {
            of: of.clone(),
            seal: Some(found.seal.clone()),
        }];
        let verdict = async || {
            world
                .db
                .read(async |tx: &mut Tx| seams.verify(tx, &claims).await)
                .await
                .unwrap()
                .remove(0)
        };
        assert_eq!(verdict().await, Verdict::Holds);
        let key = FigureKey {
            name: "documents.published".to_owned(),
            organ: world.city,
            year: 2026,
        };
        let figure = world
            .db
            .read(async |tx: &mut Tx| seams.figures(tx, std::slice::from_ref(&key)).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(figure.map(|figure| figure.value), Some(1));

        // The old text stands until the new one went the whole way.
        let version = world.version(&path).await;
        let fields = [
            ("version", version.as_str()),
            ("title", "关于开放日的通知"),
            ("theme", "综合政务"),
            ("openness", "open"),
            ("markup", "text"),
            ("body", "11月开放。"),
        ];
        let mut clerk = world.browser(world.clerk).await;
        assert_eq!(
            clerk
                .upload(&format!("{path}/write"), &fields, ("file", "", b""))
                .await
                .status,
            303
        );
        assert!(
            world
                .public()
                .get(&public)
                .await
                .page()
                .contains("10月开放")
        );
        world.approve(&path, crate::kind::Kind::Notice).await;
        assert_eq!(
            world.act(world.clerk, &path, "publish", &[]).await,
            422,
            "a correction needs its explanation"
        );
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "publish",
                    &[("explanation", "时间有误，更正为11月。")]
                )
                .await,
            303
        );
        let page = world.public().get(&public).await.page();
        assert!(
            page.contains("11月开放") && page.contains("时间有误，更正为11月。"),
            "{page}"
        );
        assert!(matches!(verdict().await, Verdict::Changed(_)));
        let page = clerk.get(&path).await.page();
        let compare = page
            .split("href=\"")
            .find(|rest| rest.contains("/compare?"))
            .unwrap();
        let compare = compare.split('"').next().unwrap().replace("&amp;", "&");
        let page = clerk.get(&compare).await.page();
        assert!(
            page.contains("<del>－ 10月开放。</del>") && page.contains("<ins>＋ 11月开放。</ins>"),
            "{page}"
        );

        // Withdrawn: the page says why and keeps nothing of the text; the index drops it.
        assert_eq!(world.act(world.clerk, &path, "withdraw", &[]).await, 422);
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "withdraw",
                    &[("explanation", "内容重复。")]
                )
                .await,
            303
        );
        let gone = world.public().get(&public).await;
        assert_eq!(gone.status, 410);
        let text = gone.text();
        assert!(
            text.contains("内容重复。") && !text.contains("11月开放"),
            "{text}"
        );
        assert!(matches!(verdict().await, Verdict::Gone(_)));
        let source = seams.searchable.first().unwrap();
        let refs = [of.clone()];
        let entry = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(entry, None);
        assert_eq!(
            world.act(world.clerk, &path, "restore", &[]).await,
            422,
            "without a reason"
        );
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "restore",
                    &[("explanation", "核实无误。")]
                )
                .await,
            303
        );
        let entry = world
            .db
            .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(entry.unwrap().body, "11月开放。");
    }
}

#[tokio::test]
async fn an_hour_that_was_set_publishes_by_itself() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "定时的通知", "<p>正文。</p>").await;
        world.approve(&path, crate::kind::Kind::Notice).await;
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "schedule",
                    &[("at", "2026-10-12T08:00")]
                )
                .await,
            422
        );
        assert_eq!(
            world
                .act(
                    world.clerk,
                    &path,
                    "schedule",
                    &[("at", "2026-10-12T10:00")]
                )
                .await,
            303
        );
        let look = async || {
            job::schedule::queue_due(&world.db, &crate::schedules())
                .await
                .unwrap();
            while job::run_next(&world.db, &crate::workers(&world.app))
                .await
                .unwrap()
            {}
            world
                .public()
                .get(&path.replace("/workspace", ""))
                .await
                .status
                .as_u16()
        };
        assert_eq!(look().await, 404);
        world.clock.advance(jiff::SignedDuration::from_mins(61));
        assert_eq!(look().await, 200);
    }
}

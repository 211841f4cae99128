//! The portal shows what was published, and only that.

use gongkai_basis::reference::Ref;
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::seam::Entry;
use gongkai_platform::testing::backends;

use crate::assignment::Duty;
use crate::testing::World;

#[tokio::test]
async fn only_snapshots_are_public() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await.id;
        let mut visitor = world.visitor();
        let path = format!("/plans/{}", world.plan);
        assert!(visitor.get("/plans").await.page().contains("还没有公布"));
        assert_eq!(visitor.get(&path).await.status.as_u16(), 404);
        assert_eq!(
            visitor.get(&format!("{path}.json")).await.status.as_u16(),
            404
        );
        assert_eq!(visitor.get("/plans/abc").await.status.as_u16(), 404);

        let progress = format!("/workspace/plans/{}/progress", world.plan);
        assert_eq!(
            world
                .browser(world.clerk)
                .await
                .get(&progress)
                .await
                .status
                .as_u16(),
            403
        );
        let mut head = world.browser(world.head).await;
        assert!(
            head.get(&progress)
                .await
                .page()
                .contains("门户上还没有这个方案")
        );
        head.post(&progress, &[("words", "include")])
            .await
            .redirected();
        assert!(
            visitor
                .get("/plans")
                .await
                .page()
                .contains("安澜市2026年政务公开工作要点分工方案")
        );
        let open = async |address: &str| -> serde_json::Value {
            let answer = world.visitor().get(address).await;
            assert_eq!(answer.headers["access-control-allow-origin"], "*");
            serde_json::from_str(&answer.page()).unwrap()
        };
        let list = open("/api/plans.json?year=2026").await;
        assert_eq!(list["total"], 1);
        let plan = &list["plans"][0];
        assert_eq!(plan["title"], "安澜市2026年政务公开工作要点分工方案");
        assert_eq!(plan["published_on"], "2026-09-21");
        let data = plan["json_url"].as_str().unwrap();
        assert!(data.ends_with(&format!("{path}.json")), "{data}");
        assert_eq!(open("/api/plans.json?year=2025").await["total"], 0);
        let page = visitor.get(&path).await.page();
        for words in [
            "<meta name=\"ArticleTitle\" content=\"安澜市2026年政务公开工作要点分工方案\">",
            "<meta name=\"PubDate\" content=\"2026-",
            "<meta name=\"ContentSource\" content=\"",
            "公开规章",
            "市司法局",
            "2026-09-30前",
            "▲ 将到期",
            "安政办发〔2026〕12号",
            "2026年9月21日",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        let form = format!("/workspace/assignments/{part}/report");
        let done = [
            ("outcome", "done"),
            ("done_text", "秘密进展"),
            ("no_evidence_why", "口头"),
        ];
        liaison
            .upload(&form, &done, ("file-1", "", b""))
            .await
            .redirected();
        let page = visitor.get(&path).await.page();
        assert!(
            !page.contains("秘密进展") && page.contains("▲ 将到期"),
            "{page}"
        );
        world.clock.advance(jiff::SignedDuration::from_mins(1));
        head.post(&progress, &[("words", "dates")])
            .await
            .redirected();
        let page = visitor.get(&path).await.page();
        assert!(
            !page.contains("秘密进展") && page.contains("✓ 已完成"),
            "{page}"
        );
        let json: serde_json::Value =
            serde_json::from_slice(&visitor.get(&format!("{path}.json")).await.bytes).unwrap();
        assert_eq!(json["tasks"][0]["state"], "done");
        assert_eq!(json["tasks"][0]["updated_on"], "2026-09-21");
        assert!(!page.contains("有过调整"), "{page}");
        // A change of the plan itself makes the page older than the plan, and it says so.
        world.clock.advance(jiff::SignedDuration::from_mins(1));
        world
            .write("test.change", async |tx: &mut Tx| {
                let at = tx.now().as_millisecond();
                tx.run(
                    gongkai_platform::db::sql(
                        "INSERT INTO task_change (id, plan_id, kind, payload, previous, reason, state, proposer_name, proposed_at, decided_at) \
                         VALUES ('c', $1, 'due', '{}', '{}', '因故', 'approved', '甲', $2, $2)",
                    )
                    .bind(world.plan)
                    .bind(at),
                )
                .await?;
                Ok(())
            })
            .await;
        let page = visitor.get(&path).await.page();
        assert!(
            page.contains("方案在这次公布以后有过调整，最近一次是 2026年9月21日"),
            "{page}"
        );
        let entry = found(&world).await.unwrap();
        assert!(entry.body.contains("公开规章") && !entry.body.contains("秘密进展"));
        assert_eq!(
            (entry.path.as_str(), entry.document_number.as_str()),
            (path.as_str(), "安政办发〔2026〕12号")
        );
        assert_eq!(listed(&world).await, std::slice::from_ref(&path));
        head.post(&format!("{progress}/withdraw"), &[])
            .await
            .redirected();
        assert_eq!(found(&world).await, None);
        assert_eq!(listed(&world).await, Vec::<String>::new());
        assert_eq!(visitor.get(&path).await.status.as_u16(), 404);
        let again = head.post(&format!("{progress}/withdraw"), &[]).await;
        assert_eq!(again.status.as_u16(), 422);
    }
}

/// What the search may say of the plan.
async fn found(world: &World) -> Option<Entry> {
    let of = Ref {
        kind: "plan".into(),
        id: world.plan.to_string(),
    };
    let seams = crate::seams();
    let source = &seams.searchable[0];
    let refs = [of];
    let mut entries = world
        .db
        .read(async |tx: &mut Tx| source.entries(tx, &refs).await)
        .await
        .unwrap();
    entries.remove(0)
}

/// The site map's addresses of plans.
async fn listed(world: &World) -> Vec<String> {
    let seams = crate::seams();
    let source = &seams.pages[0];
    let pages = world
        .db
        .read(async |tx: &mut Tx| source.urls(tx, &Scope::Everything, None, 10).await)
        .await
        .unwrap();
    pages.into_iter().map(|page| page.path).collect()
}

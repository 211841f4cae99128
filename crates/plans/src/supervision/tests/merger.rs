//! A unit goes into another in the middle of the year: what it was asked to do is asked of the heir.

use gongkai_platform::finding::FindingKind;
use gongkai_platform::organ::Hooks;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::{self, App};
use gongkai_platform::{db, finding, inbox, organ};

use crate::assignment::Duty;
use crate::testing::World;

/// The house with its directory and its findings, as the binary puts them together.
async fn house(world: &World) -> App {
    world
        .write("test.kinds", async |tx: &mut db::Tx| {
            for (id, kind) in [(world.city, "government"), (world.office, "office")] {
                let kept = db::sql("UPDATE organ SET kind = $1 WHERE id = $2");
                tx.run(kept.bind(kind).bind(id)).await?;
            }
            Ok(())
        })
        .await;
    let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
    parts.organ_hooks = Hooks::of_all([crate::organ_hooks(), finding::organ_hooks()]);
    App::new(parts)
}

async fn enters(world: &World, app: &App, account: gongkai_basis::id::AccountId) -> Browser {
    let mut routes = crate::routes();
    routes.extend(organ::routes());
    routes.extend(finding::routes());
    routes.extend(inbox::routes());
    let mut browser = Browser::new(web::wrap(web::router(routes), app.clone()));
    browser.sign_in(&world.db, account).await;
    browser
}

/// A 督办单 to the first unit, approved by the head.
async fn issued_order(world: &World, clerk: &mut Browser, head: &mut Browser) -> String {
    let task = world
        .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
        .await;
    let part = world.assignment(task, 0).await.id.to_string();
    let fields = [
        ("assignment", part.as_str()),
        ("title", "督办规章公开"),
        ("requirement", "限期公开"),
        ("reply_days", "5"),
    ];
    let order = clerk
        .post("/workspace/supervision/draft", &fields)
        .await
        .redirected();
    let submit = [("step", "submit")];
    clerk
        .post(&format!("{order}/step"), &submit)
        .await
        .redirected();
    let approve = [("step", "approve")];
    head.post(&format!("{order}/decide"), &approve)
        .await
        .redirected();
    order
}

/// The addresses on a page that begin so.
fn links(page: &str, start: &str) -> Vec<String> {
    let all = page.split('"').filter(|part| part.starts_with(start));
    let found: std::collections::BTreeSet<String> = all.map(str::to_owned).collect();
    found.into_iter().collect()
}

/// A bulletin about findings of both units, approved by the head.
async fn issued_bulletin(clerk: &mut Browser, head: &mut Browser) -> String {
    let new = "/workspace/bulletins/new";
    let page = clerk.get(new).await.page();
    let boxes = page.split("name=\"fact\" value=\"").skip(1);
    let facts: Vec<&str> = boxes.filter_map(|rest| rest.split('"').next()).collect();
    let findings = facts.iter().filter(|fact| fact.starts_with("finding:"));
    let fields: Vec<(&str, &str)> = findings.map(|fact| ("fact", *fact)).collect();
    assert_eq!(fields.len(), 2, "{page}");
    let bulletin = clerk.post(new, &fields).await.redirected();
    clerk
        .post(&format!("{bulletin}/step"), &[("step", "submit")])
        .await
        .redirected();
    head.post(&format!("{bulletin}/decide"), &[("step", "approve")])
        .await
        .redirected();
    bulletin
}

#[tokio::test]
async fn what_a_merged_unit_was_asked_to_do_is_seen_and_answered_by_its_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let app = house(&world).await;
        let mut clerk = enters(&world, &app, world.clerk).await;
        let mut head = enters(&world, &app, world.head).await;
        for unit in [0, 1] {
            let title = format!("栏目{unit}未更新");
            let wrong = world.wrong(unit, FindingKind::NotUpdated, &title);
            world.finds(wrong).await;
        }
        let bulletin = issued_bulletin(&mut clerk, &mut head).await;
        let order = issued_order(&world, &mut clerk, &mut head).await;
        let office = clerk
            .get("/workspace/findings?state=confirmed")
            .await
            .page();
        let findings = links(&office, "/workspace/findings/0");
        assert_eq!(findings.len(), 2, "{office}");
        let mut heir = enters(&world, &app, world.liaisons[1]).await;
        assert_eq!(heir.get(&order).await.status, 404);

        let unit = format!("/workspace/organs/{}", world.units[0]);
        let page = clerk.get(&format!("{unit}/dissolve")).await.page();
        for words in [
            "还有未办结的督办单 1 项",
            "还有未销号的通报整改 1 项",
            "还有未销号的问题 1 项",
        ] {
            assert!(page.contains(words), "{words} not in {page}");
        }
        let into = world.units[1].to_string();
        let fields = [
            ("into", into.as_str()),
            ("reason", "机构改革"),
            ("version", "1"),
        ];
        clerk
            .post(&format!("{unit}/merge"), &fields)
            .await
            .redirected();

        let inbox = heir.get("/workspace/inbox?unread=1").await.page();
        for words in [
            "机构调整，督办单督〔2026〕1号移交本单位",
            "机构调整，通报〔2026〕1号的整改移交本单位",
            "机构调整，1个问题移交本单位整改",
        ] {
            assert!(inbox.contains(words), "{words} not in {inbox}");
        }
        heir.post(&format!("{order}/receive"), &[])
            .await
            .redirected();
        let text = [("text", "已公开规章")];
        heir.upload(&format!("{order}/reply"), &text, ("file", "", b""))
            .await
            .redirected();
        for path in &findings {
            let mend = [("step", "claim"), ("note", "已更新")];
            heir.upload(&format!("{path}/mend"), &mend, ("file", "", b""))
                .await
                .redirected();
        }
        // What is said of both stands in one part, answered once.
        let page = heir.get(&bulletin).await.page();
        assert!(
            page.contains("栏目0未更新") && page.contains("栏目1未更新"),
            "{page}"
        );
        let text = [("unit", into.as_str()), ("text", "两项都已整改")];
        heir.upload(&format!("{bulletin}/reply"), &text, ("file", "", b""))
            .await
            .redirected();
        let page = clerk.get(&bulletin).await.page();
        assert!(
            page.contains("两项都已整改") && !page.contains("<h2>市司法局"),
            "{page}"
        );
        let page = clerk.get(&order).await.page();
        assert!(
            page.contains("随机构调整由“市司法局”移交“市财政局”，原因：机构改革"),
            "{page}"
        );
        // How its item stands is what the heir's part says.
        assert!(
            page.contains("■ 已逾期") && page.contains("督办事项中有 1 项还没有完成"),
            "{page}"
        );
        let mut gone = enters(&world, &app, world.liaisons[0]).await;
        for path in [&order, &bulletin] {
            assert_eq!(gone.get(path).await.status, 404, "{path}");
        }
    }
}

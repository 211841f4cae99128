//! What the pages of evidence say, word for word: held, changed, gone, withdrawn.

use gongkai_platform::testing::backends;

use crate::assignment::Duty;
use crate::testing::{World, page};

/// The words of a page's middle, one line for each piece of text.
fn words(page: &str) -> String {
    let (_, main) = page.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    let pieces = main.split('<').filter_map(|piece| {
        let (_, text) = piece.split_once('>')?;
        let text = text.trim();
        (!text.is_empty()).then_some(text)
    });
    pieces.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn evidence_says_what_became_of_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        let address = |name: &str| format!("https://www.anlan.example/{name}.html");
        let said = "<p>现行有效规章12件。</p>";
        for name in ["held", "changed"] {
            world.site.says(&address(name), said);
        }
        let proof = |name: &str| page(&address(name), "现行有效规章12件。");
        let mut kept = world
            .done(task, 0, vec![proof("held"), proof("changed")])
            .await;
        let other = world
            .task(2, "公开预算", Some("2026-09-30"), &[(0, Duty::Lead)])
            .await;
        kept.extend(world.done(other, 0, vec![proof("gone")]).await);
        world.site.says(&address("changed"), "<p>栏目已调整</p>");
        let mut clerk = world.browser(world.clerk).await;
        let mut runs = Vec::new();
        for id in [task, other] {
            let path = format!("/workspace/tasks/{id}/evidence/check");
            runs.push(clerk.post(&path, &[]).await.redirected());
            world.works_off_jobs().await;
        }
        insta::assert_snapshot!("run", words(&clerk.get(&runs[0]).await.page()));
        for (name, item) in ["held", "changed", "gone"].into_iter().zip(&kept) {
            let path = format!("/workspace/evidence/{}", item.id);
            insta::assert_snapshot!(name, words(&clerk.get(&path).await.page()));
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        let lost = format!("/workspace/evidence/{}", kept[1].id);
        liaison
            .post(
                &format!("{lost}/withdraw"),
                &[("why", "网页下线，另行补充。")],
            )
            .await
            .redirected();
        insta::assert_snapshot!("withdrawn", words(&liaison.get(&lost).await.page()));
    }
}

//! Who applied more than once: for those who handle the cases, and nobody whose data were erased.

use sha2::{Digest as _, Sha256};

use super::*;
use crate::id::RequestId;
use crate::request::{rekey, store};

const LIST: &str = "/workspace/requests/applicants";

async fn applies(world: &World, (name, number): (&str, &str), subject: &str) -> String {
    let (organ, token) = (world.bureau.to_string(), testing::uuid().to_string());
    let mut fields = application(&token, &organ, subject);
    fields.retain(|(field, _)| !["name", "paper", "paper_number"].contains(field));
    fields.extend([("name", name), ("paper", "护照"), ("paper_number", number)]);
    let mut visitor = world.visitor();
    visitor.post("/requests/submit", &fields).await.redirected()
}

#[tokio::test]
async fn who_applied_more_than_once_is_listed_until_the_data_are_erased() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut receipts = Vec::new();
        for subject in ["老旧小区清单Ａ", "老旧小区清单a", "财政决算"] {
            receipts.push(applies(&world, ("王某某", "E1"), subject).await);
        }
        // The same name with another paper is somebody else, and once is not more than once.
        applies(&world, ("王某某", "E2"), "公交线路").await;
        applies(&world, ("李某某", "E3"), "公交线路").await;
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(LIST).await.page();
        assert_eq!(page.matches("王某某").count(), 1, "{page}");
        assert!(!page.contains("李某某"), "{page}");
        for words in [
            "data-label=\"近12个月\">3件",
            "data-label=\"本月\">3件",
            "data-label=\"内容相同\">1件",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let mut newest = 0;
        for receipt in &receipts {
            let (number, _, _) = world.known(receipt).await;
            newest += page.matches(&format!(">{number}</a>")).count();
        }
        assert_eq!(newest, 1, "one of them leads on: {page}");
        // Other desks see their own, those above no names.
        let mut stranger = world.browser(world.stranger).await;
        says(&stranger.get(LIST).await, 200, "没有人提出过两件以上申请");
        let mut above = world.browser(world.supervisor).await;
        assert_eq!(above.get(LIST).await.status, 403);
        for (days, listed) in [(360, true), (10, false)] {
            world.days(days);
            let mut officer = world.browser(world.officer).await;
            let page = officer.get(LIST).await.page();
            assert_eq!(page.contains("王某某"), listed, "{days}: {page}");
        }
        for subject in ["财政决算", "财政预算"] {
            applies(&world, ("赵某某", "E4"), subject).await;
        }
        let mut officer = world.browser(world.officer).await;
        says(&officer.get(LIST).await, 200, "赵某某");
        let erase = async |tx: &mut Tx| {
            tx.run(sql(
                "UPDATE request SET identity_erased_on = '2027-03-09' WHERE applicant_name = '赵某某'",
            ))
            .await
        };
        world.db.upkeep(erase).await.unwrap();
        let page = officer.get(LIST).await.page();
        assert!(!page.contains("赵某某"), "{page}");
    }
}

/// The words of an older system for a number that it did not have; cases that were imported before these were known to be none
/// have the key of the words.
const NONE: &str = "原系统未载";

#[tokio::test]
async fn cases_imported_without_a_number_are_those_of_the_same_name() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut cases = Vec::new();
        for (name, paper, subject) in [
            ("王某某", "E5", "公交线路"),
            ("王某某", "E6", "财政决算"),
            ("李某某", "E7", "学区划分"),
        ] {
            let receipt = applies(&world, (name, paper), subject).await;
            let (number, _, id) = world.known(&receipt).await;
            cases.push((number, id));
        }
        let key = hex::encode(Sha256::digest(NONE.as_bytes()));
        let imported = async |tx: &mut Tx| {
            let imported = sql(
                "UPDATE request SET paper_number = $1, applicant_key = $2, submitted_on = '2026-03-02'",
            );
            tx.run(imported.bind(NONE).bind(key)).await
        };
        world.db.upkeep(imported).await.unwrap();
        let mut officer = world.browser(world.officer).await;
        let page = format!("/workspace/requests/{}", cases[0].1);
        let page = officer.get(&page).await.page();
        let (_, same) = page.split_once("同一申请人的申请").unwrap();
        let (same, _) = same.split_once("</ul>").unwrap();
        assert!(same.contains(&cases[1].0), "{same}");
        assert!(!same.contains(&cases[2].0), "{same}");
        let second: RequestId = cases[1].1.parse().unwrap();
        let place = async |tx: &mut Tx| {
            let case = store::load(tx, &Scope::Everything, second).await?;
            store::list::place_in_month(tx, &case.unwrap().request).await
        };
        let place: Result<_, StoreError> = world.db.read(place).await;
        let numbers = place.unwrap().unwrap().numbers;
        assert_eq!(numbers, [cases[0].0.clone(), cases[1].0.clone()]);
    }
}

#[tokio::test]
async fn cases_imported_before_and_after_are_one_group() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (name, paper, subject) in [
            ("王某某", "E5", "公交线路"),
            ("王某某", "E6", "财政决算"),
            ("王某某", "E7", "财政预算"),
            ("李某某", "E8", "学区划分"),
            ("李某某", "E9", "学区地图"),
        ] {
            applies(&world, (name, paper), subject).await;
        }
        let hashed = |text: &str| hex::encode(Sha256::digest(text.as_bytes()));
        // One of the five was imported after the words for an unknown number were known to be none.
        let (old, new) = (hashed(NONE), hashed("王某某"));
        let imported = async |tx: &mut Tx| {
            let all = sql("UPDATE request SET paper_number = $1, applicant_key = $2");
            tx.run(all.bind(NONE).bind(&old)).await?;
            let later = sql("UPDATE request SET applicant_key = $1 WHERE subject = '财政预算'");
            tx.run(later.bind(&new)).await?;
            let erased = "UPDATE request SET erased_on = '2026-03-02' WHERE subject = '学区地图'";
            tx.run(sql(erased)).await
        };
        world.db.upkeep(imported).await.unwrap();
        assert_eq!(rekey::run(&world.app).await.unwrap(), 3);
        assert_eq!(rekey::run(&world.app).await.unwrap(), 0, "and once");
        let mut officer = world.browser(world.officer).await;
        let page = officer.get(LIST).await.page();
        assert_eq!(page.matches("王某某").count(), 1, "{page}");
        assert!(page.contains("data-label=\"近12个月\">3件"), "{page}");
        assert!(
            !page.contains("李某某"),
            "once is not more than once: {page}"
        );
    }
}

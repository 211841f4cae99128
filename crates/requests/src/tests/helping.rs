//! What a unit that only helps with a case learns of it: what is asked, and what it was given; never who asks.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::Access;

use super::letters::counter_case;
use super::{World, act, says};

/// Of the application over the counter.
const NAMING: [&str; 2] = ["申请人甲", "0000-0000000"];

/// A case with whose answer another unit helps.
async fn helped(world: &World, officer: &mut Browser, paper: &str) -> String {
    let path = counter_case(world, officer, paper).await;
    let organ = world.other.to_string();
    let ask = [
        ("organ", organ.as_str()),
        ("question", "提供资金数"),
        ("until", "2026-03-20"),
    ];
    act(officer, &path, "ask_unit", &ask).await.redirected();
    path
}

/// A letter names its applicant and is held against the case: who only helps begins none, by whatever way it is sent.
#[tokio::test]
async fn a_unit_that_helps_writes_no_letter_and_decides_nothing() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = helped(&world, &mut officer, "E61").await;
        let case = path.rsplit('/').next().unwrap();
        let mut stranger = world.browser(world.stranger).await;
        says(&stranger.get(&path).await, 200, "只有受理机关可见");
        let organ = world.other.to_string();
        let draft = [
            ("kind", "refuse"),
            ("organ", organ.as_str()),
            ("case", case),
            ("applicant", "某人"),
        ];
        let new = "/workspace/requests/letters/new";
        let sent = stranger.post(new, &draft).await;
        assert_eq!(sent.status, 404, "{}", sent.text());
        for what in ["publication", "package", "package/verify"] {
            let sent = stranger.post(&format!("{path}/{what}"), &[]).await;
            assert_eq!(sent.status, 404, "{what}: {}", sent.text());
        }
    }
}

/// Every page × role of a unit that helps.
#[tokio::test]
async fn no_page_tells_a_unit_that_helps_who_asks() {
    for backend in backends().into_iter().take(1) {
        let world = World::on(&backend).await;
        let mut officer = world.browser(world.officer).await;
        let path = helped(&world, &mut officer, "E62").await;
        let case = path.rsplit('/').next().unwrap();
        let routes = crate::routes();
        let pages: Vec<&str> = routes
            .iter()
            .filter(|route| matches!(route.access, Access::Act(_)))
            .filter(|route| route.method == axum::http::Method::GET)
            .map(|route| route.path)
            .collect();
        let about = |page: &str| {
            let page = page.replace("{id}", case).replace("{act}", "decide");
            format!("{page}?case={case}&kind=refuse")
        };
        let mut wrong = Vec::new();
        for (n, role) in Role::ALL.iter().enumerate() {
            let name = format!("协办{n}");
            let person = testing::person(&world.db, &name, &[(*role, world.other)]).await;
            let mut browser = world.browser(person).await;
            for page in &pages {
                let address = about(page);
                let text = browser.get(&address).await.text();
                if NAMING.iter().any(|words| text.contains(words)) {
                    wrong.push(format!("{role:?} {address}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        // The sweep itself can see: the desk of the case reads the name.
        for page in ["", "/act/amend"] {
            says(&officer.get(&format!("{path}{page}")).await, 200, NAMING[0]);
        }
        let review = about("/workspace/requests/reviews/new");
        says(&officer.get(&review).await, 200, NAMING[0]);
    }
}

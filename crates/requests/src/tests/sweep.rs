//! Every route × role × organ: nobody reaches a case or letter of an organ that is not theirs.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, Browser, backends};
use gongkai_platform::web::Access;

use super::{World, act, says};

const SECRET: &str = "只有本机关能看到的申请内容";

/// The path of a route with the ids of this case and letter.
fn filled(path: &str, case: &str, letter: &str) -> String {
    let id = if path.contains("/letters/{id}") {
        letter
    } else {
        case
    };
    path.replace("{id}", id)
        .replace("{act}", "confirm")
        .replace("{subject}", "request")
        .replace("{file}", "00000000-0000-7000-8000-000000000001")
        .replace("{kind}", "refuse")
}

/// Is it a page or form about one case or letter?
fn is_about_one(path: &str) -> bool {
    path.contains("{id}") && !path.contains("/reviews/")
}

async fn tried(browser: &mut Browser, route: (&str, bool), path: &str) -> (u16, String) {
    let (_, reads) = route;
    if reads {
        let answer = browser.get(path).await;
        return (answer.status.as_u16(), answer.text());
    }
    let fields = [
        ("version", "1"),
        ("step", "return"),
        ("note", "越权"),
        ("why", "越权"),
        ("choice", "yes"),
        ("on", "2026-03-02"),
        ("online", "no"),
    ];
    let plain = browser.post(path, &fields).await;
    if plain.status.is_success() || plain.status.is_redirection() {
        return (plain.status.as_u16(), plain.text());
    }
    let answer = browser.upload(path, &fields, ("file", "", b"")).await;
    (answer.status.as_u16(), answer.text())
}

#[tokio::test]
async fn no_role_elsewhere_reaches_a_case_or_letter() {
    for backend in backends().into_iter().take(1) {
        let world = World::on(&backend).await;
        let receipt = world.applied(&testing::uuid().to_string(), SECRET).await;
        let (_, _, case) = world.known(&receipt).await;
        let mut officer = world.browser(world.officer).await;
        let path = format!("/workspace/requests/{case}");
        act(&mut officer, &path, "confirm", &[("on", "2026-03-02")])
            .await
            .redirected();
        act(&mut officer, &path, "accept", &[]).await.redirected();
        let decide = [("reply", "R2"), ("text", "提供清单一份")];
        act(&mut officer, &path, "decide", &decide)
            .await
            .redirected();
        let page = officer.get(&path).await.page();
        let letter = super::letters::link(&page, 0);
        let letter = letter.rsplit('/').next().unwrap();
        let below = testing::organ(&world.db, "安澜市司法局下属科", Some(world.bureau)).await;
        let routes: Vec<(&str, bool)> = crate::routes()
            .iter()
            .filter(|route| matches!(route.access, Access::Act(_)))
            .map(|route| (route.path, route.method == axum::http::Method::GET))
            .collect();
        let about = routes.iter().filter(|(path, _)| is_about_one(path)).count();
        assert!(about >= 15, "{about} routes about one case or letter");
        let (mut tries, mut wrong) = (0, Vec::new());
        for (n, role) in Role::ALL.iter().enumerate() {
            for (place, organ) in [("other", world.other), ("below", below)] {
                let name = format!("{place}{n}");
                let person = testing::person(&world.db, &name, &[(*role, organ)]).await;
                let mut browser = world.browser(person).await;
                for route in &routes {
                    let path = filled(route.0, &case, letter);
                    let (status, text) = tried(&mut browser, *route, &path).await;
                    tries += 1;
                    let allowed = is_about_one(route.0) && (200..400).contains(&status);
                    if allowed || text.contains(SECRET) {
                        wrong.push(format!("{role:?} {place} {path} {status}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "of {tries}: {wrong:#?}");
        // The sweep itself can see: the desk of the case gets its pages.
        says(&officer.get(&path).await, 200, SECRET);
        let mut above = world.browser(world.supervisor).await;
        says(&above.get(&path).await, 200, SECRET);
        for route in routes
            .iter()
            .filter(|(path, reads)| !reads && is_about_one(path))
        {
            let path = filled(route.0, &case, letter);
            let (status, _) = tried(&mut above, *route, &path).await;
            assert!(status >= 400, "{path} {status}");
        }
    }
}

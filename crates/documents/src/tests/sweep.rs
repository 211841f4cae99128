//! Every route × role × unit: nobody reaches a document, a column or an issue of a unit that is not theirs.

use gongkai_platform::web::Access;

use super::*;

const SECRET: &str = "只有本单位能看到的草稿";

/// The routes that name one record, with the ids of this document.
fn filled(path: &str, id: &str) -> Option<String> {
    let about = path.contains("{id}") && path.starts_with("/workspace/documents/");
    about.then(|| {
        path.replace("{id}", id)
            .replace("{file}", "00000000-0000-7000-8000-000000000001")
            .replace("{name}", "x.png")
    })
}

#[tokio::test]
async fn no_role_elsewhere_reaches_a_document() {
    let backend = &backends()[0];
    let world = World::on(backend).await;
    let path = world
        .draft("notice", SECRET, &format!("<p>{SECRET}</p>"))
        .await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let county = testing::organ(&world.db, "云岭县人民政府办公室", None).await;
    let below = testing::organ(&world.db, "办公室下属中心", Some(world.office)).await;
    let sibling = testing::organ(&world.db, "市教育局", Some(world.city)).await;
    let routes: Vec<(String, bool, bool)> = crate::routes()
        .iter()
        .filter(|route| matches!(route.access, Access::Act(_)))
        .map(|route| {
            let reads = route.method == axum::http::Method::GET;
            match filled(route.path, &id) {
                Some(path) => (path, reads, true),
                None => (route.path.to_owned(), reads, false),
            }
        })
        .collect();
    let about = routes.iter().filter(|(.., about)| *about).count();
    assert!(about >= 12, "{about} routes about one document");
    let version = world.version(&path).await;
    let fields = [
        ("version", version.as_str()),
        ("act", "claim"),
        ("explanation", "越权"),
        ("why", "越权"),
        ("place", "00000000-0000-7000-8000-000000000001"),
        ("title", "越权"),
        ("openness", "open"),
        ("markup", "text"),
        ("body", "越权"),
    ];
    let (mut tries, mut wrong) = (0, Vec::new());
    for (n, role) in Role::ALL.iter().enumerate() {
        for (place, organ) in [("county", county), ("below", below), ("sibling", sibling)] {
            let name = format!("{place}{n}");
            let person = testing::person(&world.db, &name, &[(*role, organ)]).await;
            let mut browser = world.browser(person).await;
            for (path, reads, about) in &routes {
                let answer = if *reads {
                    browser.get(path).await
                } else {
                    let plain = browser.post(path, &fields).await;
                    if plain.status.as_u16() < 400 {
                        plain
                    } else {
                        browser.upload(path, &fields, ("file", "", b"")).await
                    }
                };
                tries += 1;
                let status = answer.status.as_u16();
                if *about && status < 400 || answer.text().contains(SECRET) {
                    wrong.push(format!("{role:?} {place} {path} {status}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "of {tries}: {wrong:#?}");
    // The sweep itself can see.
    let seen = world.browser(world.clerk).await.get(&path).await;
    assert!(seen.status == 200 && seen.text().contains(SECRET));
    assert_eq!(
        world.version(&path).await,
        version,
        "and nothing was changed"
    );
}

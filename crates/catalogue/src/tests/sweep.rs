//! Every route × role × unit: nobody elsewhere writes another unit's catalogue, fills its periods, or reads the draft of its guide.
//!
//! The entries themselves are public (条例 art. 12), so what may not leak is what stands before publication, and what may not
//! happen is a change.

use axum::http::Method;
use gongkai_basis::Role;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{self, backends};
use gongkai_platform::web::{Access, Route};

use super::World;

const SECRET: &str = "只有本单位能看到的指南草稿";

/// A route's path with the entry and the organ that it may name; whether it names one.
fn filled(route: &Route, entry: &str, organ: &str) -> (String, bool) {
    let about = route.path.contains("{id}") || route.path.contains("{organ}");
    let path = route.path.replace("{id}", entry).replace("{organ}", organ);
    let organ = format!("?organ={organ}&year=2026");
    let asks = route.method == Method::GET;
    (if asks { path + &organ } else { path }, about)
}

/// Everything of this capability that is stored, as text.
async fn stored(world: &World) -> String {
    world
        .db
        .read(async |tx: &mut Tx| {
            let mut all = String::new();
            for statement in [
                "SELECT id, version FROM catalogue_entry ORDER BY id",
                "SELECT entry_id AS id, COUNT(*) AS version FROM catalogue_filling GROUP BY entry_id ORDER BY entry_id",
                "SELECT organ_id AS id, version FROM guide ORDER BY organ_id",
                "SELECT id, version FROM catalogue_proposal ORDER BY id",
                "SELECT organ_id AS id, version FROM catalogue_publicity ORDER BY organ_id",
            ] {
                for row in tx.all(sql(statement)).await? {
                    let (id, version): (String, i64) = (row.get("id")?, row.get("version")?);
                    all.push_str(&format!("{id} {version}\n"));
                }
            }
            Ok::<_, StoreError>(all)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn no_role_elsewhere_changes_a_catalogue_or_reads_a_draft() {
    let backend = &backends()[0];
    let world = World::on(backend).await;
    let entry = world.added(world.unit, "", "本局预算执行情况").await;
    let entry = entry.rsplit('/').next().unwrap().to_owned();
    let unit = world.unit.to_string();
    let draft = [("version", "0"), ("ways", SECRET)];
    let mut liaison = world.browser(world.liaison).await;
    liaison
        .post(&format!("/workspace/guides/{unit}/edit"), &draft)
        .await
        .redirected();
    let county = testing::organ(&world.db, "云岭县财政局", None).await;
    let below = testing::organ(&world.db, "市财政局下属中心", Some(world.unit)).await;
    let routes = crate::routes();
    let staff: Vec<&Route> = routes
        .iter()
        .filter(|route| matches!(route.access, Access::Act(_)))
        .collect();
    let fields = [
        ("organ", unit.as_str()),
        ("period", "2026-Q1"),
        ("kind", "nothing"),
        ("statement", "越权"),
        ("version", "1"),
        ("why", "越权"),
        ("ways", "越权"),
        ("index_number", "YQ-01"),
        ("class", "7"),
        ("item", "越权"),
        ("sub_item", "越权"),
        ("content", "越权"),
        ("basis", "越权"),
        ("limit_text", "每季度公开"),
        ("publisher", "各部门"),
        ("method", "主动"),
        ("levels", "市级"),
        ("formed_on", "2026-01-05"),
        ("from", "2026-10-01"),
    ];
    let before = stored(&world).await;
    assert!(
        before.contains(&entry) && before.contains(&unit),
        "{before}"
    );
    let (mut tries, mut wrong) = (0, Vec::new());
    for (n, role) in Role::ALL.iter().enumerate() {
        for (place, organ) in [
            ("county", county),
            ("below", below),
            ("sibling", world.other),
        ] {
            let person =
                testing::person(&world.db, &format!("{place}{n}"), &[(*role, organ)]).await;
            let mut browser = world.browser(person).await;
            for route in &staff {
                let (path, about) = filled(route, &entry, &unit);
                let reads = route.method == Method::GET;
                let answer = if reads {
                    browser.get(&path).await
                } else {
                    browser.post(&path, &fields).await
                };
                tries += 1;
                let status = answer.status.as_u16();
                if about && !reads && status < 400 || answer.text().contains(SECRET) {
                    wrong.push(format!("{role:?} {place} {} {path} {status}", route.method));
                }
            }
        }
    }
    assert!(tries > 1_000, "{tries}");
    assert!(wrong.is_empty(), "of {tries}: {wrong:#?}");
    assert_eq!(stored(&world).await, before, "and nothing was changed");
    // The sweep itself can see.
    let seen = liaison
        .get(&format!("/workspace/guides/{unit}"))
        .await
        .text();
    assert!(seen.contains(SECRET));
}

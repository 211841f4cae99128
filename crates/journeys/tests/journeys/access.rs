//! Who may do what: the whole matrix, and proof that every route keeps to it.

use std::fmt::Write as _;

use gongkai::compose::{acts, routes};
use gongkai_basis::Role;
use gongkai_journeys::World;
use gongkai_platform::testing::{self, Backend};
use gongkai_platform::web::Access;

const SOME_ID: &str = "01900000-0000-7000-8000-000000000000";

#[test]
fn the_matrix_of_acts_and_roles() {
    let mut matrix = String::new();
    let mut acts = acts();
    acts.sort_by_key(|act| act.code);
    for act in acts {
        let grants: Vec<String> = Role::ALL
            .iter()
            .filter_map(|role| {
                act.reach(*role)
                    .map(|reach| format!("{}: {}", role.code(), reach.name()))
            })
            .collect();
        writeln!(
            matrix,
            "{} · {} · {}",
            act.code,
            act.name,
            grants.join(", ")
        )
        .unwrap();
    }
    insta::assert_snapshot!(matrix);
}

#[test]
fn every_route_and_who_may_call_it() {
    let mut table: Vec<String> = routes()
        .iter()
        .map(|route| {
            let access = match route.access {
                Access::Public => "everybody",
                Access::SignedIn => "signed in",
                Access::Act(act) => act.code,
            };
            format!("{} {} · {access}", route.method, route.path)
        })
        .collect();
    table.sort();
    insta::assert_snapshot!(table.join("\n"));
}

/// Calls every route as everybody: nothing opens that the matrix keeps shut, and nothing shuts that it opens.
#[tokio::test]
async fn no_route_opens_to_the_wrong_role() {
    let world = World::on(&Backend::Sqlite, "2026-10-12T09:00:00+08:00").await;
    let organ = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
    let mut people = Vec::new();
    for role in Role::ALL {
        let account = world.person(role.code(), &[(*role, organ)]).await;
        people.push((*role, account, world.http(account).await));
    }
    let mut cells = 0;
    for route in routes() {
        let path = fill(route.path);
        let anonymous = call(&mut world.public(), &route.method, &path).await;
        match route.access {
            Access::Public => assert!(
                anonymous != 401 && anonymous != 403,
                "{} {path}: {anonymous}",
                route.method
            ),
            _ => assert!(
                anonymous == 401 || anonymous == 303,
                "{} {path} answers nobody with {anonymous}",
                route.method
            ),
        }
        let Access::Act(act) = route.access else {
            continue;
        };
        for (role, account, browser) in &mut people {
            let mut status = call(browser, &route.method, &path).await;
            // A call before this one may have ended the session.
            if matches!(status, 303 | 401) {
                *browser = world.http(*account).await;
                status = call(browser, &route.method, &path).await;
            }
            assert!(
                !matches!(status, 303 | 401),
                "{} {path} as {}",
                route.method,
                role.code()
            );
            let allowed = act.reach(*role).is_some();
            assert_eq!(
                status != 403,
                allowed,
                "{} {path} as {}: {status}",
                route.method,
                role.code()
            );
            assert_ne!(status, 500, "{} {path} as {}", route.method, role.code());
            cells += 1;
        }
    }
    assert!(cells > 500, "only {cells} cells were tried");
}

/// Whatever stands where an id or a name belongs, the public reads the house's own page of what is not there.
#[tokio::test]
async fn a_public_address_that_names_nothing_is_not_found() {
    let world = World::on(&Backend::Sqlite, "2026-10-12T09:00:00+08:00").await;
    // A mode that nobody knows is the usual one.
    let open = ["/mode/{mode}"];
    let named = routes().into_iter().filter(|route| {
        let public = matches!(route.access, Access::Public);
        public && route.method == axum::http::Method::GET && route.path.contains('{')
    });
    let mut wrong = Vec::new();
    for route in named.filter(|route| !open.contains(&route.path)) {
        for part in [
            SOME_ID,
            "zzz",
            "-1",
            "99999999999999999999",
            "%00",
            "%FF",
            "%E5%AE%89",
        ] {
            let path = fill_with(route.path, part);
            let answer = world.public().get(&path).await;
            let text = answer.text();
            // Programs are told as programs are.
            let said = if path.starts_with("/api/") {
                text.contains("\"advice\":")
            } else {
                text.contains("<dt>现在怎么办</dt>")
            };
            // A link that worked once says that it is used up.
            if ![404, 410].contains(&answer.status.as_u16()) || !said {
                wrong.push(format!("{path} {} {said}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn fill(path: &str) -> String {
    fill_with(path, SOME_ID)
}

fn fill_with(path: &str, part: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str(part);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled + rest
}

async fn call(browser: &mut testing::Browser, method: &axum::http::Method, path: &str) -> u16 {
    let answer = if *method == axum::http::Method::GET {
        browser.get(path).await
    } else {
        browser.post(path, &[]).await
    };
    // A redirect to the sign-in page is what a reader meets instead of 401.
    if answer.status == 303 && !answer.location().unwrap_or("").starts_with("/login") {
        return 200;
    }
    answer.status.as_u16()
}

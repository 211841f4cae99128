//! Several sites from one store: what belongs to one organ never shows on the site of another.

use std::collections::BTreeSet;
use std::path::Path;

use gongkai::compose::routes;
use gongkai::export;
use gongkai_basis::{Actor, Date};
use gongkai_documents::document::Head;
use gongkai_documents::kind::Kind;
use gongkai_documents::old::{self, Old};
use gongkai_journeys::World;
use gongkai_platform::access::Scope;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::fault::NotDone;
use gongkai_platform::testing::{Backend, Browser};
use gongkai_platform::web::Access;

use crate::filled::NOW;

/// Words of no other document: the first is the town's, the second the county's, the third the city bureau's.
const WORDS: [(&str, &str); 3] = [
    ("琥珀灯塔", "云岭县青禾镇人民政府"),
    ("翡翠风车", "云岭县人民政府"),
    ("珊瑚渡槽", "安澜市教育局"),
];
/// Hosts, and which of the words they show.
const SITES: [(&str, &[usize]); 4] = [
    ("gongkai.test", &[0, 1, 2]),
    ("xian.localhost", &[0, 1]),
    ("zhen.localhost", &[0]),
    ("jiaoyu.localhost", &[2]),
];

/// Publishes a document; gives its path.
async fn plants(world: &World, (word, organ): (&str, &str)) -> String {
    let organ = gongkai::demo::organ(&world.db, organ).await.unwrap();
    let old = Old {
        source: format!("{word}.html"),
        address: String::new(),
        kind: Kind::Notice,
        organ,
        head: Head {
            title: format!("关于{word}的通知"),
            keywords: word.to_owned(),
            ..Head::default()
        },
        html: format!("<p>为了办好，通知如下。</p><p>第一条 {word}的安排。</p>"),
        published_on: Date::new(2026, 9, 1).unwrap(),
        index_number: String::new(),
        turn: None,
        pictures: Vec::new(),
        files: Vec::new(),
        doubtful: false,
    };
    let id: String = world
        .db
        .write(async |tx: &mut Tx| {
            old::take(tx, &Actor::System, old.clone()).await?;
            let row = tx
                .one(sql("SELECT id FROM document WHERE title = $1").bind(&old.head.title))
                .await?;
            Ok::<_, NotDone>(row.get("id")?)
        })
        .await
        .unwrap();
    format!("/documents/{id}")
}

/// Every public list: the routes without a place to fill in, and what machines and searches ask.
fn lists() -> Vec<String> {
    let public = routes().into_iter().filter(|route| {
        matches!(route.access, Access::Public) && route.method == "GET" && !route.path.contains('{')
    });
    let mut lists: Vec<String> = public.map(|route| route.path.to_owned()).collect();
    for part in [
        "fixed", "0-0", "1-0", "2-0", "3-0", "4-0", "5-0", "6-0", "7-0", "8-0",
    ] {
        lists.push(format!("/sitemap/{part}.xml"));
    }
    for (word, _) in WORDS {
        let word: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
        // Whole, half, with a slip, while typing, and on every list that takes words.
        for ask in [
            "/search?q=",
            "/search/typed?q=",
            "/documents?text=",
            "/catalogue?text=",
            "/guide?text=",
        ] {
            lists.push(format!("{ask}{word}"));
        }
    }
    lists.push("/search?sort=newest".to_owned());
    lists.push("/search?q=hupodengta".to_owned());
    lists.push("/search/typed?q=hupodengta".to_owned());
    lists
}

fn text_of(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(text_of(&path));
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            all.push((path.display().to_string(), text));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_shows_on_the_sites_of_its_organ_and_on_no_other() {
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let mut paths = Vec::new();
    for planted in WORDS {
        paths.push(plants(&world, planted).await);
    }
    world.is_indexed().await;
    let port = world.url().rsplit(':').next().unwrap().to_owned();
    let canonical = [
        format!("http://zhen.localhost:{port}"),
        format!("http://xian.localhost:{port}"),
        format!("http://jiaoyu.localhost:{port}"),
    ];
    for (host, shown) in SITES {
        let mut browser = world.public().at(host);
        for list in lists() {
            let answer = browser.get(&list).await;
            assert!(answer.status.as_u16() < 500, "{host}{list}");
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            if text.contains("class=\"portal-top\"") {
                let boxes = text.matches("action=\"/search\"").count();
                assert_eq!(boxes, 1, "search boxes of {host}{list}");
                assert!(text.contains(">查询我的申请</a>"), "{host}{list}");
            }
            for (n, (word, _)) in WORDS.iter().enumerate() {
                // What was asked for stands in the field again; only links and titles tell.
                let told = text.contains(&format!("关于{word}")) || text.contains(&paths[n]);
                assert!(shown.contains(&n) || !told, "{host}{list} tells of {word}");
            }
        }
        for list in [
            "/",
            "/documents",
            "/feed.xml",
            "/documents/feed.xml",
            "/search?sort=newest",
        ] {
            let answer = browser.get(list).await;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            for n in shown {
                assert!(
                    text.contains(&paths[*n]),
                    "{host}{list} lacks {}",
                    WORDS[*n].0
                );
            }
        }
        // What stands in a text is found at its article, and the page has it there.
        for n in shown {
            let asked = gongkai_platform::web::address("/search", &[("q", WORDS[*n].0)]);
            let found = browser.get(&asked).await.text();
            let link = format!("{}#%E7%AC%AC%E4%B8%80%E6%9D%A1\">第一条</a>", paths[*n]);
            assert!(found.contains(&link), "{host}: {found}");
            let page = browser.get(&paths[*n]).await.text();
            assert!(page.contains(" id=\"第一条\""), "{host}: {page}");
        }
        for (n, path) in paths.iter().enumerate() {
            let answer = browser.get(path).await;
            let whole = format!("{}{path}", canonical[n]);
            if shown.contains(&n) {
                let link = format!("<link rel=\"canonical\" href=\"{whole}\">");
                assert_eq!(answer.text().matches("rel=\"canonical\"").count(), 1);
                assert!(answer.text().contains(&link), "{host}{path}");
            } else {
                assert_eq!(
                    (answer.status.as_u16(), answer.location()),
                    (307, Some(whole.as_str()))
                );
                assert!(!answer.text().contains(WORDS[n].0));
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for (n, (host, shown)) in SITES.iter().enumerate() {
        let site = (n > 0).then_some(*host);
        let face = export::face(&world.app, site).await.unwrap();
        let to = folder.path().join(host);
        let texts = export::Texts {
            word: true,
            pdf: false,
        };
        let done = export::site(&world.app, world.router.clone(), (&face, texts), &to)
            .await
            .unwrap();
        assert!(done.broken.is_empty(), "{host}: {:?}", done.broken);
        for n in *shown {
            let word = format!("{}/text.docx", paths[*n].trim_start_matches('/'));
            assert!(to.join(&word).is_file(), "{host}: {word}");
        }
        let files = text_of(&to);
        // No form asks a file: it would answer the same whatever was asked.
        for (file, text) in &files {
            for rest in text.split(" action=\"").skip(1) {
                let address = rest.split('"').next().unwrap();
                assert!(address.starts_with(&face.url), "{file}: {address}");
            }
        }
        for (n, (word, _)) in WORDS.iter().enumerate() {
            let told = files.iter().find(|(_, text)| text.contains(word));
            assert_eq!(
                told.is_some(),
                shown.contains(&n),
                "{host}: {word} in {:?}",
                told.map(|it| &it.0)
            );
        }
        let home = std::fs::read_to_string(to.join("index.html")).unwrap();
        assert!(home.contains(&face.logo) && home.contains(&format!("{}/search", face.url)));
    }
    assert!(export::face(&world.app, Some("没有的县")).await.is_err());
}

/// Of the whole demo, by addresses: every page that is public belongs to a site, and only that site's lists name it.
#[tokio::test(flavor = "multi_thread")]
async fn no_record_of_the_demo_strays_to_another_site() {
    let world = crate::filled::world().await;
    world.is_indexed().await;
    let folder = tempfile::tempdir().unwrap();
    for host in ["xian.localhost", "zhen.localhost", "jiaoyu.localhost"] {
        let face = export::face(&world.app, Some(host)).await.unwrap();
        let own = addresses(&world, &face.scope).await;
        let all = addresses(&world, &Scope::Everything).await;
        assert!(own.is_subset(&all) && own.len() < all.len());
        assert!(
            own.iter().any(|path| path.starts_with("/documents/")),
            "{host}"
        );
        let to = folder.path().join(host);
        let done = export::site(
            &world.app,
            world.router.clone(),
            (&face, export::Texts::default()),
            &to,
        )
        .await
        .unwrap();
        // PDF needs a printer, which this world has not.
        let mut broken = done.broken.iter().filter(|path| !path.ends_with("pdf"));
        assert_eq!(broken.next(), None, "{host}");
        let files = text_of(&to);
        let foreign: Vec<&String> = all.difference(&own).collect();
        let mut browser = world.public().at(host);
        for (file, text) in &files {
            let links: BTreeSet<&str> = text
                .split(['"', '<', '>', ' '])
                .filter(|word| word.starts_with('/'))
                .collect();
            let stray = foreign.iter().find(|path| links.contains(path.as_str()));
            assert_eq!(stray, None, "{file} links to it as if it were here");
        }
        for path in foreign.iter().step_by(7) {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, 307, "{host}{path}");
            assert!(!answer.location().unwrap().contains(host), "{host}{path}");
        }
        for path in own.iter().step_by(5) {
            assert_eq!(browser.get(path).await.status, 200, "{host}{path}");
        }
    }
}

async fn addresses(world: &World, scope: &Scope) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for source in &world.app.seams.pages {
        let pages = world
            .db
            .read(async |tx: &mut Tx| source.urls(tx, scope, None, 100_000).await)
            .await
            .unwrap();
        found.extend(pages.into_iter().map(|page| page.path));
    }
    found
}

/// A page without what changes from run to run.
async fn still(browser: &mut Browser, port: &str) -> String {
    let text = browser.get("/").await.page().replace(port, "PORT");
    let mut parts = text.split("/assets/");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str("/assets/VERSION/");
        out.push_str(part.split_once('/').map_or(part, |(_, rest)| rest));
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_pages_of_a_county_and_of_a_town() {
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let port = world.url().rsplit(':').next().unwrap().to_owned();
    for (name, host) in [("county", "xian.localhost"), ("town", "zhen.localhost")] {
        let page = still(&mut world.public().at(host), &port).await;
        insta::assert_snapshot!(name, page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_an_application_names_the_organ_of_its_site() {
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let county = gongkai::demo::organ(&world.db, "云岭县人民政府")
        .await
        .unwrap();
    let chosen = format!("value=\"{county}\" selected");
    let at = async |host: &str, path: &str| world.public().at(host).get(path).await.page();
    assert!(
        at("xian.localhost", "/requests/new")
            .await
            .contains(&chosen)
    );
    assert!(
        !at("gongkai.test", "/requests/new")
            .await
            .contains("\" selected>云岭县")
    );
    let bureau = gongkai::demo::organ(&world.db, "安澜市教育局")
        .await
        .unwrap();
    let asked = at("xian.localhost", &format!("/requests/new?organ={bureau}")).await;
    assert!(
        asked.contains(&format!("value=\"{bureau}\" selected")),
        "who names an organ gets it"
    );
}

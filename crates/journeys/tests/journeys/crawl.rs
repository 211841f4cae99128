//! Everybody follows every link: no page is dead, none fails, and no foreign text is taken for markup.

mod missed;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;

use axum::http::Method;
use gongkai::compose::routes;
use gongkai_basis::Role;
use gongkai_basis::id::AssignmentId;
use gongkai_journeys::World;
use gongkai_plans::draft;
use gongkai_plans::report::submit::submit;
use gongkai_plans::report::{Content, Outcome};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{Tx, sql};
use gongkai_platform::testing::{self, Backend, Browser};
use tokio::sync::OnceCell;

use crate::filled::NOW;
use crate::ownership::Shown;

/// Who walks for the desks that the others never come to: texts on their way out, and applications.
const OTHERS: [&str; 6] = [
    "author", "review1", "review2", "secrecy", "legality", "officer",
];
const PEOPLE: [&str; 12] = [
    "clerk",
    "head",
    "liaison",
    "unithead",
    "liaison2",
    "leader",
    "supervisor",
    "county",
    "town",
    "sysadmin",
    "secadmin",
    "auditadmin",
];
/// What a hostile document writes wherever a person may write something.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";
/// The least number of pages that differ in their route or their forms; a walk that comes upon fewer was cut short.
const PAGES_MIN: usize = 200;

/// The links of a page that stay on this site and change nothing.
fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1);
    let paths = hrefs.filter_map(|rest| rest.split('"').next());
    paths
        .map(|path| path.replace("&amp;", "&").replace("&#38;", "&"))
        .map(|path| path.split('#').next().unwrap_or_default().to_owned())
        .filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .collect()
}

/// A path with its ids left out, and with the names of its questions.
pub(crate) fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = path.split('/').map(|part| {
        let id = part.len() > 20 || part.chars().all(|c| c.is_ascii_digit());
        if id && !part.is_empty() { "*" } else { part }
    });
    let asked = query.split('&').filter_map(|pair| pair.split('=').next());
    format!(
        "{}?{}",
        parts.collect::<Vec<_>>().join("/"),
        asked.collect::<Vec<_>>().join("&")
    )
}

/// How far somebody follows links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Pages of one kind (`/workspace/tasks/…`) that are opened.
    pub(crate) of_a_kind: usize,
    /// Are links from the public pages followed, too? They are the same for everybody who is signed in.
    pub(crate) through_portal: bool,
}

impl Reach {
    /// Others mostly see what the clerk and the liaison see, too. Nobody is the empty login.
    fn of(login: &str) -> Self {
        Self {
            of_a_kind: if ["", "clerk", "liaison"].contains(&login) {
                2
            } else {
                1
            },
            through_portal: ["", "clerk"].contains(&login),
        }
    }
}

/// Follows links breadth first; gives each page's path with the page that led there, its status and text.
pub(crate) async fn crawl(
    browser: &mut Browser,
    start: &[&str],
    reach: Reach,
    mut look: impl FnMut((&str, &str), u16, &str),
) -> usize {
    let mut waiting: VecDeque<(String, String)> = start
        .iter()
        .map(|path| ((*path).to_owned(), String::new()))
        .collect();
    let mut seen: BTreeSet<String> = waiting.iter().map(|(path, _)| path.clone()).collect();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut opened = 0;
    while let Some((path, from)) = waiting.pop_front() {
        let count = kinds.entry(kind(&path)).or_default();
        *count += 1;
        if *count > reach.of_a_kind || path.starts_with("/mode/") || path.starts_with("/assets/") {
            continue;
        }
        let answer = browser.get(&path).await;
        opened += 1;
        let status = answer.status.as_u16();
        let text = answer.text().to_owned();
        let file = answer.headers.contains_key("content-disposition");
        look((&path, &from), status, if file { "" } else { &text });
        // What somebody uploaded comes as a file; its links are not ours.
        if file || !reach.through_portal && !path.starts_with("/workspace") {
            continue;
        }
        for link in links(&text) {
            if seen.insert(link.clone()) {
                waiting.push_back((link, path.clone()));
            }
        }
    }
    opened
}

/// What everybody came upon who followed every link.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    faults: Vec<String>,
    /// The routes that answered, pages and files.
    opened: BTreeSet<&'static str>,
    /// By its sort, see [`sort_of`]: who saw the first such page, and where. Nobody is the empty login.
    pub(crate) pages: BTreeMap<String, (&'static str, String)>,
    /// By who saw them: the records, files and forms of each.
    pub(crate) shown: BTreeMap<&'static str, Shown>,
}

impl Walk {
    fn note(&mut self, who: &'static str, (path, from): (&str, &str), status: u16, text: &str) {
        // A signed-in person at the sign-in page is sent on; PDF needs a printer, which this world has not.
        if !matches!(status, 200 | 303 | 501 | 503) {
            let fault = format!("{who}: {path} on {from} answers {status}");
            self.faults.push(fault);
        }
        if status != 200 {
            return;
        }
        self.opened.extend(route_of(path));
        // A file is somebody's as a page is.
        self.shown.entry(who).or_default().add(path, text);
        if text.trim_start().starts_with("<!")
            && let Some(sort) = sort_of(path, text)
        {
            let seen = (who, path.to_owned());
            self.pages.entry(sort).or_insert(seen);
        }
    }
}

/// Which pages look like this one: the pattern of its route, and the forms on it. None where no route has the path.
pub(crate) fn sort_of(path: &str, text: &str) -> Option<String> {
    route_of(path).map(|route| format!("{route} {:?}", forms(text)))
}

/// What the forms of a page do, whatever the record.
pub(crate) fn forms(page: &str) -> BTreeSet<String> {
    let actions = page.split(" action=\"").skip(1);
    let paths = actions.filter_map(|rest| rest.split('"').next());
    paths.map(kind).collect()
}

/// The patterns of all pages; the rows themselves are made anew each time somebody asks for them.
static PAGES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let routes = routes();
    let pages = routes.iter().filter(|route| route.method == Method::GET);
    pages.map(|route| route.path).collect()
});

/// The pattern of the page that answers at a path; of several, the one with the most words of its own.
pub(crate) fn route_of(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &&'static str| {
        let wanted: Vec<&str> = pattern.split('/').collect();
        let mut pairs = wanted.iter().zip(&parts);
        wanted.len() == parts.len()
            && pairs.all(|(want, part)| want.starts_with('{') || want == part)
    };
    PAGES
        .iter()
        .copied()
        .filter(fits)
        .min_by_key(|pattern| pattern.matches('{').count())
}

static WALK: OnceCell<Walk> = OnceCell::const_new();

/// Everybody's walk through the filled city, done once; its paths hold in every copy of it.
pub(crate) async fn walk() -> &'static Walk {
    WALK.get_or_init(async || {
        let world = crate::filled::world().await;
        let mut walk = Walk::default();
        let public = crawl(
            &mut world.public(),
            &["/"],
            Reach::of(""),
            |path, status, text| {
                walk.note("", path, status, text);
            },
        )
        .await;
        assert!(public >= 5, "{public}");
        for login in PEOPLE.into_iter().chain(OTHERS) {
            let mut browser = world.http(world.account(login).await).await;
            let opened = crawl(
                &mut browser,
                &["/workspace"],
                Reach::of(login),
                |path, status, text| walk.note(login, path, status, text),
            )
            .await;
            assert!(opened > 10, "{login}: {opened}");
        }
        walk
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_of_anybody_leads_nowhere() {
    let faults = &walk().await.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A new page to which no link leads is found here, and one whose link was lost.
#[tokio::test(flavor = "multi_thread")]
async fn links_lead_to_every_page_but_those_that_are_named() {
    let walked = walk().await;
    let pages: BTreeSet<&str> = PAGES.iter().copied().collect();
    let named: BTreeSet<&str> = missed::SOMETIMES.into_iter().collect();
    let gone: Vec<&&str> = named.difference(&pages).collect();
    assert!(gone.is_empty(), "named, and no page any more: {gone:#?}");
    let left = pages.difference(&walked.opened);
    let wrong: Vec<&&str> = left.filter(|path| !named.contains(*path)).collect();
    assert!(wrong.is_empty(), "no link led to {wrong:#?}");
    let found = walked.pages.len();
    assert!(found > PAGES_MIN, "only {found} pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_text_is_never_markup() {
    let world = World::on(&Backend::Sqlite, NOW).await;
    world.moves_in().await;
    let plan = format!(
        "安澜市2026年政务公开工作要点分工方案\n\n一、基础{HOSTILE}\n\n1.公布清单{HOSTILE}，2026年9月底前完成。（责任单位：市司法局）\n\n2.{}{HOSTILE}。（责任单位：市司法局、市教育局）\n",
        "很长的内容，".repeat(300),
    );
    let office = gongkai::demo::organ(&world.db, "安澜市人民政府办公室")
        .await
        .unwrap();
    draft::import_whole(
        &world.app,
        &Permit::system(),
        office,
        &format!("方案{HOSTILE}.txt"),
        plan.into_bytes(),
    )
    .await
    .unwrap();
    let assignments = world
        .db
        .read(async |tx: &mut Tx| tx.all(sql("SELECT id FROM assignment")).await)
        .await
        .unwrap();
    assert!(assignments.len() >= 3);
    let assignment: AssignmentId = assignments[0].get("id").unwrap();
    let report = Content {
        outcome: Outcome::InProgress,
        done_text: HOSTILE.repeat(2),
        pending_text: HOSTILE.repeat(3),
        planned_on: None,
        no_evidence_why: String::new(),
    };
    world
        .db
        .write(async |tx: &mut Tx| submit(tx, &Permit::system(), assignment, None, report).await)
        .await
        .unwrap();

    let city = gongkai::demo::organ(&world.db, "安澜市人民政府")
        .await
        .unwrap();
    let unit = testing::organ(&world.db, &format!("市局{HOSTILE}"), Some(city)).await;
    world.person(HOSTILE, &[(Role::Liaison, unit)]).await;

    // Everybody looks at everything.
    let mut faults = Vec::new();
    for login in PEOPLE {
        let mut browser = world.http(world.account(login).await).await;
        crawl(
            &mut browser,
            &["/workspace", "/plans"],
            Reach::of(login),
            |(path, _), status, text| {
                let page = text.trim_start().starts_with("<!");
                if page && (text.contains("<script>alert") || text.contains("<img src=x")) {
                    faults.push(format!("{login}: {path} takes foreign text for markup"));
                }
                if page && text.contains("&amp;amp;lt;") {
                    faults.push(format!("{login}: {path} escapes twice"));
                }
                if status >= 500 && status != 501 && status != 503 {
                    faults.push(format!("{login}: {path} answers {status}"));
                }
            },
        )
        .await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

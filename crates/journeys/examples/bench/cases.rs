//! 依申请公开 at size: sixty-four people who apply at once, 200,000 cases, the officer's list, the annual report's tables.

use std::collections::BTreeMap;
use std::time::Instant;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_journeys::World;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend, Browser};
use gongkai_requests::request::Kind;
use gongkai_requests::request::import::judge::judge;
use gongkai_requests::request::import::take::take_over;
use gongkai_requests::request::import::{self, Row};
use gongkai_requests::request::store::list;

use super::{page_time, print, print_ratio};

const TODAY: &str = "2026-10-12T09:00:00+08:00";
/// Takes everything in; the officer of its office reads the lists.
const OFFICE: &str = "安澜市人民政府";
const SUBMITTERS: usize = 64;
const SUBMISSIONS_EACH: usize = 20;
/// The page of a search that finds one case.
const RARE: &str = "/workspace/requests?view=all&text=第77777号";
const COMMITS: usize = 300;
const CASES: usize = 200_000;
/// Of them, what a desk still works on; the rest was answered and put away over the years.
const RUNNING: usize = 2_000;

pub(crate) async fn run(backend: &Backend, name: &str) {
    let world = World::on(backend, TODAY).await;
    world.moves_in().await;
    let alone = commits_a_second(&world).await;
    let together = submissions_a_second(&world).await;
    print(&format!("one durable commit alone, {name}"), 1e3 / alone);
    print_ratio(
        &format!("applications of {SUBMITTERS} at once against single commits, {name}"),
        together / alone,
    );
    takes_over(&world).await;
    lists(&world, name).await;
    report(&world, name).await;
}

async fn lists(world: &World, name: &str) {
    let mut officer = world.http(world.account("officer").await).await;
    for (page, path) in [
        ("list of cases", "/workspace/requests"),
        ("list of cases, page 40", "/workspace/requests?page=40"),
        ("list of cases, overdue", "/workspace/requests?view=overdue"),
        ("list of cases, all", "/workspace/requests?view=all"),
        (
            "list of cases, all, page 400",
            "/workspace/requests?view=all&page=400",
        ),
        (
            "list of cases, by a text that many have",
            "/workspace/requests?view=all&text=清单",
        ),
        ("list of cases, by a text that one has", RARE),
    ] {
        let took = page_time(&mut officer, path, super::ROUNDS).await;
        print(&format!("{page}, {CASES} cases, {name}"), took);
    }
    let cases = officer.get("/workspace/requests").await.page();
    assert!(cases.contains("地块征收补偿清单"), "{cases}");
    let walk = walks(world).await;
    let page = page_time(&mut officer, RARE, super::ROUNDS).await;
    print_ratio(
        &format!("search of {CASES} cases against a walk through them, {name}"),
        walk / page,
    );
}

/// What a search for a rare text costs without an index: the whole of the cases, once. Milliseconds.
async fn walks(world: &World) -> f64 {
    let mut times = Vec::new();
    for _ in 0..super::ROUNDS {
        let started = Instant::now();
        let walk = async |tx: &mut Tx| {
            let statement = sql(
                "SELECT COUNT(*) AS n FROM request r WHERE r.number LIKE $1 \
                 OR r.applicant_name LIKE $1 OR r.subject LIKE $1 OR r.other_number LIKE $1",
            )
            .bind("%第77777号%");
            tx.one(statement).await?.get::<i64>("n")
        };
        assert_eq!(world.db.read(walk).await.unwrap(), 1);
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    super::median(times)
}

async fn report(world: &World, name: &str) {
    let mut clerk = world.http(world.account("clerk").await).await;
    let organ = addressee(world).await;
    let begun = clerk
        .post(
            "/workspace/reports/new",
            &[("organ", &organ), ("year", "2026")],
        )
        .await
        .redirected();
    let counted = begun.replace("/edit", "/refresh");
    let mut times = Vec::new();
    for _ in 0..super::ROUNDS {
        let page = clerk.get(&begun).await.page();
        let (_, version) = page.split_once("name=\"version\" value=\"").unwrap();
        let (version, _) = version.split_once('"').unwrap();
        let started = Instant::now();
        clerk
            .post(&counted, &[("version", version)])
            .await
            .redirected();
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    print(
        &format!("tables of the annual report, {CASES} cases, {name}"),
        super::median(times),
    );
}

/// What this machine's disk gives one writer who waits for each commit: a row and its event.
async fn commits_a_second(world: &World) -> f64 {
    let started = Instant::now();
    for number in 0..COMMITS {
        world
            .db
            .write(async |tx: &mut Tx| {
                let subject = ("bench", number.to_string());
                tx.record(Event::new(
                    &gongkai_basis::Actor::System,
                    "bench.noted",
                    subject,
                    "一次提交",
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
    per_second(COMMITS, started)
}

/// Through the public form, each with its own connection, each answered with a receipt.
async fn submissions_a_second(world: &World) -> f64 {
    let organ = addressee(world).await;
    let mut people = Vec::new();
    for _ in 0..SUBMITTERS {
        let mut browser = world.public();
        browser.get("/requests/new").await.page();
        people.push(browser);
    }
    let started = Instant::now();
    let applying = people
        .into_iter()
        .map(|browser| tokio::spawn(applies(browser, organ.clone())));
    for person in applying.collect::<Vec<_>>() {
        person.await.unwrap();
    }
    per_second(SUBMITTERS * SUBMISSIONS_EACH, started)
}

async fn applies(mut browser: Browser, organ: String) {
    for _ in 0..SUBMISSIONS_EACH {
        let token = testing::uuid().to_string();
        let fields = [
            ("token", token.as_str()),
            ("organ", &organ),
            ("kind", "information"),
            ("channel", "web"),
            ("applicant_kind", "natural"),
            ("name", "申请人甲"),
            ("paper", "护照"),
            ("paper_number", "E00000001"),
            ("phone", "0000-0000000"),
            ("subject", "2025年老旧小区改造项目清单"),
            ("form", "electronic"),
            ("way", "web"),
        ];
        let receipt = browser.post("/requests/submit", &fields).await.redirected();
        assert!(receipt.contains("/receipt/"), "{receipt}");
    }
}

/// The clerk's own organ.
async fn addressee(world: &World) -> String {
    let addressees = addressees(world).await;
    addressees.get(OFFICE).unwrap().to_string()
}

async fn addressees(world: &World) -> BTreeMap<String, OrganId> {
    let addressees = world
        .db
        .read(async |tx: &mut Tx| list::addressees(tx, Kind::Information).await)
        .await
        .unwrap();
    addressees
        .into_iter()
        .map(|(id, name)| (name, id))
        .collect()
}

/// Takes the cases over from tables of an older system, as an office that moves would.
async fn takes_over(world: &World) {
    let today: Date = "2026-10-12".parse().unwrap();
    let organs = addressees(world).await;
    let calendar = world.app.calendar();
    let started = Instant::now();
    for first in (0..CASES).step_by(import::ROWS_MAX) {
        let taken = (first..first + import::ROWS_MAX).map(|number| {
            let row = row(number);
            judge(&row, &organs, (today, &calendar)).unwrap()
        });
        let taken = taken.collect();
        let permit = Permit::system();
        world
            .db
            .write(async |tx: &mut Tx| take_over(tx, &permit, taken, (today, &calendar)).await)
            .await
            .unwrap();
    }
    print(
        "one case taken over from a table",
        started.elapsed().as_secs_f64() * 1e3 / CASES as f64,
    );
    are_put_away(world).await;
    world
        .db
        .refresh_statistics(CASES, &["request", "request_entry", "request_unworded"])
        .await;
}

/// All but the last ones were answered, sent and archived.
async fn are_put_away(world: &World) {
    world
        .db
        .upkeep(async |tx: &mut Tx| {
            tx.run(
                sql("UPDATE request SET state = 'archived', reply = 'open', result_row = 'open', replied_on = '2026-09-25', \
                     closed_on = '2026-09-26', archived_on = '2026-09-28' \
                     WHERE other_number LIKE '旧%' AND other_number < $1")
                .bind(old_number(CASES - RUNNING)),
            )
            .await
        })
        .await
        .unwrap();
}

fn old_number(number: usize) -> String {
    format!("旧{number:06}")
}

fn row(number: usize) -> Row {
    let month = 1 + number % 9;
    let day = 1 + number % 27;
    Row {
        line: number,
        cells: std::array::from_fn(|column| match column {
            0 => old_number(number),
            1 => OFFICE.to_owned(),
            2 => format!("申请人{number}"),
            3 => format!("第{number}号地块征收补偿清单"),
            4 => "当面".to_owned(),
            5 => format!("2026-{month:02}-{day:02}"),
            6 => "自然人".to_owned(),
            _ => String::new(),
        }),
    }
}

fn per_second(count: usize, started: Instant) -> f64 {
    count as f64 / started.elapsed().as_secs_f64()
}

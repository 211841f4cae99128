//! A library of a hundred thousand public documents: its pages, the search over it, how soon a change is found, the whole
//! portal as static files, and what the process holds.

use std::fmt::Write as _;
use std::ops::Range;
use std::time::Instant;

use gongkai::export;
use gongkai_documents as documents;
use gongkai_journeys::World;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend, Browser};

use super::{page_time, print};

const TODAY: &str = "2026-10-12T09:00:00+08:00";
const DOCUMENTS: usize = 100_000;
/// What is measured first: ten times the documents may not cost ten times the wait.
const TENTH: usize = DOCUMENTS / 10;
/// Pages whose wait is compared with that over a tenth of the documents.
const COMPARED: [(&str, &str); 7] = [
    ("library", "/documents"),
    ("library, one kind", "/documents?kind=normative"),
    ("library, in force", "/documents?validity=in_force"),
    ("library, by words", "/documents?text=养老"),
    ("search page, one word", "/search?q=养老服务"),
    ("search page, number", "/search?q=安政发〔2023〕5012号"),
    ("search page, initials", "/search?q=ylfw"),
];
/// Added to each text: most documents are longer than the demo's.
const MORE_SENTENCES: usize = 12;
const TOPICS: [&str; 8] = [
    "老旧小区改造",
    "义务教育招生",
    "医疗保障",
    "食品安全抽检",
    "征地补偿",
    "财政预决算",
    "安全生产",
    "养老服务",
];

/// Id, edition and title of a document that is copied.
type Model = (String, String, String);

pub(crate) async fn run() {
    let world = World::on(&Backend::Sqlite, TODAY).await;
    world.moves_in().await;
    world.is_filled().await;
    let models = models(&world).await;
    grows(&world, &models, 0..TENTH).await;
    world.is_indexed().await;
    let tenth = compared(&world, "tenth").await;
    grows(&world, &models, TENTH..DOCUMENTS).await;
    let started = Instant::now();
    world.is_indexed_anew().await;
    let indexed = started.elapsed();
    print(
        &format!("one of {DOCUMENTS} documents indexed"),
        indexed.as_secs_f64() * 1e3 / DOCUMENTS as f64,
    );
    pages(&world).await;
    let whole = compared(&world, "whole").await;
    for ((name, _), (one, ten)) in COMPARED.iter().zip(tenth.iter().zip(&whole)) {
        println!(
            "{}",
            serde_json::json!({
                "what": format!("{name}: {DOCUMENTS} documents against {TENTH}"),
                "tenfold": ten / one,
            })
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let face = export::face(&world.app, None).await.unwrap();
    let started = Instant::now();
    let summary = export::site(
        &world.app,
        world.router.clone(),
        (&face, export::Texts::default()),
        folder.path(),
    )
    .await
    .unwrap();
    assert!(summary.files > DOCUMENTS, "{summary:?}");
    // Nothing is printed here.
    let mut broken = summary.broken.iter().filter(|path| !path.ends_with("/pdf"));
    assert_eq!(broken.next(), None);
    print(
        &format!("static export of {DOCUMENTS} documents"),
        started.elapsed().as_secs_f64() * 1e3,
    );
    println!(
        "{}",
        serde_json::json!({
            "what": format!("memory after all this with {DOCUMENTS} documents"),
            "megabytes": megabytes("VmRSS:"),
        })
    );
    println!(
        "{}",
        serde_json::json!({
            "what": "of it the program's own, without files that are mapped",
            "megabytes": megabytes("RssAnon:"),
        })
    );
}

async fn pages(world: &World) {
    let mut public = world.public();
    let list = public.get("/documents").await.page();
    let (_, rest) = list.split_once("href=\"/documents/0").unwrap();
    let one = format!("/documents/0{}", rest.split('"').next().unwrap());
    for (page, path) in [
        ("home page", "/"),
        ("library", "/documents"),
        ("library, page 900", "/documents?page=900"),
        ("library, one kind", "/documents?kind=normative"),
        ("library, in force", "/documents?validity=in_force"),
        ("library, by words", "/documents?text=养老"),
        ("library, one year", "/documents/years/2024"),
        ("document", one.as_str()),
        ("search page, one word", "/search?q=养老服务"),
        ("search page, number", "/search?q=安政发〔2024〕50123号"),
        ("search page, initials", "/search?q=ylfw"),
    ] {
        let took = fresh(&mut public, path, "round").await;
        print(&format!("{page} of {DOCUMENTS} documents"), took);
    }
}

/// The median wait for each of the compared pages, in milliseconds. Every comparison has a word of its own, so that none is
/// answered with the pages of the one before.
async fn compared(world: &World, word: &str) -> Vec<f64> {
    let mut public = world.public();
    let mut took = Vec::new();
    for (_, path) in COMPARED {
        // What is asked first pays for what is read once.
        fresh(&mut public, path, &format!("{word}-first")).await;
        took.push(fresh(&mut public, path, word).await);
    }
    took
}

/// The median wait for a page that is made each time: each round asks for another address, so that none is answered with a
/// page made before.
async fn fresh(public: &mut Browser, path: &str, word: &str) -> f64 {
    let mut times = Vec::new();
    for round in 0..super::ROUNDS {
        let mark = if path.contains('?') { '&' } else { '?' };
        times.push(page_time(public, &format!("{path}{mark}{word}={round}"), 1).await);
    }
    super::median(times)
}

/// The demo's public documents: id, edition, title.
async fn models(world: &World) -> Vec<Model> {
    let models = world
        .db
        .read(async |tx: &mut Tx| {
            let rows = tx
                .all(sql(
                    "SELECT id, published_id, title FROM document WHERE visibility = 'public' ORDER BY id",
                ))
                .await?;
            rows.iter()
                .map(|row| Ok((row.get("id")?, row.get("published_id")?, row.get("title")?)))
                .collect::<Result<Vec<Model>, StoreError>>()
        })
        .await
        .unwrap();
    assert!(models.len() > 50, "{}", models.len());
    models
}

/// Copies them, each copy with a title, numbers and words of its own.
async fn grows(world: &World, models: &[Model], numbers: Range<usize>) {
    for first in numbers.step_by(1_000) {
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                for number in first..first + 1_000 {
                    let model = &models[number % models.len()];
                    copy(tx, number, model).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
    }
    // They come past the rules, as from a backup.
    documents::document::words::run(&world.app, None)
        .await
        .unwrap();
    documents::document::standing::run(&world.app, None)
        .await
        .unwrap();
}

async fn copy(
    tx: &mut Tx,
    number: usize,
    (document, edition, title): &Model,
) -> Result<(), StoreError> {
    // In front of the demo's own in every order by id.
    let id = format!("0{}", &testing::uuid().to_string()[1..]);
    let edition_id = testing::uuid().to_string();
    let topic = TOPICS[number % TOPICS.len()];
    let new_title = format!("关于第{number}批{topic}工作的通知");
    let mut text = String::new();
    for sentence in 0..MORE_SENTENCES {
        let other = TOPICS[(number + sentence * 3) % TOPICS.len()];
        let _ = write!(
            text,
            "第{sentence}项：{other}项目{}按程序办理，编号{}。",
            number / 7,
            number * 31 + sentence
        );
    }
    let year = 2016 + i64::try_from(number % 11).unwrap();
    tx.run(
        sql("INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, \
             published_id, published_at, publish_at, explanation, title, number, theme, issued_on, effective_on, \
             expires_on, shown_until, interprets, year, version, created_at) \
             SELECT $1, owner_id, organ_id, kind, state, visibility, $2, $3, $3, published_at + $4, publish_at, \
             explanation, $5, $6, theme, issued_on, effective_on, expires_on, shown_until, NULL, $7, version, created_at \
             FROM document WHERE id = $8")
            .bind(id.as_str())
            .bind(format!("AL000/{year}-{number:06}"))
            .bind(edition_id.as_str())
            .bind(i64::try_from(number % 1_000).unwrap())
            .bind(new_title.as_str())
            .bind(format!("安政发〔{year}〕{number}号"))
            .bind(year)
            .bind(document.as_str()),
    )
    .await?;
    tx.run(
        sql("INSERT INTO edition (id, document_id, number, head, html, text, hash, author_id, author_name, created_at) \
             SELECT $1, $2, number, REPLACE(head, $3, $4), html || '<p>' || $5 || '</p>', text || $5, $1, author_id, \
             author_name, created_at FROM edition WHERE id = $6")
            .bind(edition_id.as_str())
            .bind(id.as_str())
            .bind(title.as_str())
            .bind(new_title.as_str())
            .bind(text.as_str())
            .bind(edition.as_str()),
    )
    .await?;
    Ok(())
}

/// What the kernel counts under this name as held by this process; the generator's own small things included.
fn megabytes(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1024.0
}

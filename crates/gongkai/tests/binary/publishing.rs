//! SIGKILL at random moments under writers who publish, withdraw, restore and schedule: what was acknowledged stays so, and
//! after the restart the page, the feed and the index say what the store says; nothing is half visible.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Role};
use gongkai_documents::document::{Head, sealed, store as documents};
use gongkai_documents::kind::Kind;
use gongkai_documents::old::{self, Old};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::fault::NotDone;
use gongkai_platform::testing::{self, Backend, uuid};
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::Client;
use reqwest::header::COOKIE;

use crate::city::{City, client, session};
use crate::server::Site;
use crate::trials::{Answered, Seeded, trials};
use crate::{gongkai, text};

const TRIALS: u32 = 20;
const WRITERS: usize = 6;
/// Approved documents that each writer has in each trial.
const DOCUMENTS: usize = 4;
/// The kill comes this long after the writers began, at the latest. Unoptimised, the check of a text before it goes out
/// takes a good part of it.
const KILL_AFTER_MILLISECONDS_MAX: u64 = 2_000;
/// The index follows the store by itself; so long it may take after the last start.
const INDEX_WAIT_MAX: Duration = Duration::from_secs(90);

/// What a writer does to one document, in this order; the last one only to every second.
const STEPS: [&str; 3] = ["publish", "withdraw", "restore"];

/// How far one document got: so many steps were acknowledged, and one more may have been stored.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    acknowledged: usize,
    /// Set to go out by itself instead.
    scheduled: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_leave_no_document_half_visible() {
    let mut random = Seeded::new();
    for (backend, trials) in trials("GONGKAI_FAULT_TRIALS", TRIALS) {
        eprintln!("{}", random.run(&backend, trials));
        kill_often(&backend, trials, &mut random).await;
    }
}

async fn kill_often(backend: &Backend, trials: u32, random: &mut Seeded) {
    let site = Arc::new(Site::on(backend).await);
    let db = site.store().await;
    City::founded(&db, 1).await;
    let office = testing::organ(&db, "安澜市信息公开办公室", None).await;
    let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
    let secret = session(&db, clerk).await;
    let mut work = Vec::new();
    for trial in 0..trials {
        for writer in 0..WRITERS {
            let mark = format!("t{trial}w{writer}");
            work.push(approved(&db, office, &mark).await);
        }
    }
    // A store that somebody else holds open would not have to recover.
    db.close().await;
    let mut known = Vec::new();
    let mut server = site.start().await;
    for (trial, parts) in work.chunks(WRITERS).enumerate() {
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Answered::default());
        let mut writers = tokio::task::JoinSet::new();
        for (writer, ids) in parts.iter().cloned().enumerate() {
            let (site, secret) = (site.clone(), secret.clone());
            let ends = (stop.clone(), answered.clone());
            writers.spawn(keep_publishing(site, secret, (ids, writer == 0), ends));
        }
        let of = (trial, &answered);
        random.kill_moment(of, KILL_AFTER_MILLISECONDS_MAX).await;
        server.kill();
        stop.store(true, Ordering::SeqCst);
        while let Some(writer) = writers.join_next().await {
            known.extend(writer.unwrap());
        }
        server = site.start().await;
    }
    let steps: usize = known.iter().map(|one| one.acknowledged).sum();
    eprintln!("{steps} steps acknowledged");
    assert!(steps > 0, "the kills came too early to prove anything");
    let db = site.store().await;
    let stored = stored(&db).await;
    check_store(&stored, &known);
    check_public(&site, &stored).await;
    db.close().await;
    server.kill();
    assert!(site.verify().contains("审计链完整"));
}

/// Documents with this mark in their titles that went through review and wait for publication.
async fn approved(db: &Db, organ: OrganId, mark: &str) -> Vec<String> {
    db.write(async |tx: &mut Tx| {
        for n in 0..DOCUMENTS {
            let old = Old {
                source: format!("{mark}n{n}"),
                address: String::new(),
                kind: Kind::Notice,
                organ,
                head: Head {
                    title: format!("通知{mark}n{n}"),
                    ..Head::default()
                },
                html: format!("<p>正文{mark}n{n}</p>"),
                published_on: "2026-01-05".parse().unwrap(),
                index_number: String::new(),
                turn: None,
                files: Vec::new(),
                pictures: Vec::new(),
                doubtful: true,
            };
            old::take(tx, &Actor::System, old).await?;
        }
        let like = format!("通知{mark}n%");
        let rows = tx
            .all(sql("SELECT id, edition_id FROM document WHERE title LIKE $1 ORDER BY title").bind(&like))
            .await?;
        let mut ids = Vec::new();
        for row in rows {
            let (id, edition): (String, String) = (row.get("id")?, row.get("edition_id")?);
            tx.run(
                sql("INSERT INTO review_step (id, edition_id, position, step, state, gates, remark, done_at, version) \
                     VALUES ($1, $2, 1, 'proof_1', 'passed', '', '', 1, 1)")
                    .bind(uuid().to_string())
                    .bind(&edition),
            )
            .await?;
            let document = documents::load(tx, &Scope::Everything, id.parse().unwrap())
                .await?
                .unwrap();
            let edition = documents::edition(tx, document.edition).await?.unwrap();
            sealed::close(tx, &document, &edition).await?;
            ids.push(id);
        }
        tx.run(sql("UPDATE document SET state = 'approved' WHERE title LIKE $1").bind(&like))
            .await?;
        tx.record(Event::new(
            &Actor::System,
            "test.stored",
            ("test", String::new()),
            "测试数据",
        ));
        Ok::<_, NotDone>(ids)
    })
    .await
    .unwrap()
}

/// Takes its documents step by step until the server is gone.
async fn keep_publishing(
    site: Arc<Site>,
    secret: String,
    (ids, schedules): (Vec<String>, bool),
    (stop, answered): (Arc<AtomicBool>, Answered),
) -> Vec<Known> {
    let client = client();
    let mut known: Vec<Known> = ids
        .into_iter()
        .map(|id| Known {
            id,
            acknowledged: 0,
            scheduled: schedules,
        })
        .collect();
    let wanted: &[&str] = if schedules { &["schedule"] } else { &STEPS };
    for (n, one) in known.iter_mut().enumerate() {
        let steps = if n % 2 == 0 {
            wanted.len()
        } else {
            wanted.len().min(2)
        };
        for step in wanted.iter().take(steps) {
            if stop.load(Ordering::SeqCst) || !act(&client, &site, &secret, one, step).await {
                return known;
            }
            one.acknowledged += 1;
            answered.note();
        }
    }
    known
}

/// One step of one document; `true` when it was acknowledged.
async fn act(client: &Client, site: &Site, secret: &str, one: &Known, step: &str) -> bool {
    let version = (one.acknowledged + 1).to_string();
    let fields = [
        ("version", version.as_str()),
        ("explanation", if step == "publish" { "" } else { "试验。" }),
        ("why", "试验。"),
        ("at", "2099-01-01T09:00"),
    ];
    let answer = client
        .post(site.url(&format!("/workspace/documents/{}/{step}", one.id)))
        .header(COOKIE, format!("{SESSION_COOKIE}={secret}"))
        .header("sec-fetch-site", "same-origin")
        .form(&fields)
        .send()
        .await;
    let Ok(answer) = answer else { return false };
    assert_eq!(answer.status(), 303, "{step} of {}", one.id);
    true
}

/// A document as the store has it.
struct Row {
    title: String,
    visibility: String,
    version: i64,
    index_number: String,
    publish_at: Option<i64>,
    published: bool,
    /// Events of publication, of withdrawal, of restoring.
    events: (i64, i64, i64),
}

async fn stored(db: &Db) -> BTreeMap<String, Row> {
    const SELECT: &str = "SELECT d.*, \
        (SELECT COUNT(*) FROM event e WHERE e.subject_id = d.id AND e.kind = 'document.published') AS out, \
        (SELECT COUNT(*) FROM event e WHERE e.subject_id = d.id AND e.kind = 'document.withdrawn') AS back, \
        (SELECT COUNT(*) FROM event e WHERE e.subject_id = d.id AND e.kind = 'document.restored') AS again FROM document d";
    db.read(async |tx: &mut Tx| {
        let rows = tx.all(sql(SELECT)).await?;
        rows.iter()
            .map(|row| {
                let published: Option<String> = row.get("published_id")?;
                Ok::<_, StoreError>((
                    row.get("id")?,
                    Row {
                        title: row.get("title")?,
                        visibility: row.get("visibility")?,
                        version: row.get("version")?,
                        index_number: row.get("index_number")?,
                        publish_at: row.get("publish_at")?,
                        published: published.is_some(),
                        events: (row.get("out")?, row.get("back")?, row.get("again")?),
                    },
                ))
            })
            .collect()
    })
    .await
    .unwrap()
}

/// Each document stands at the last acknowledged step or at the one that was on its way, whole, with the events of just
/// these steps.
fn check_store(stored: &BTreeMap<String, Row>, known: &[Known]) {
    for one in known {
        let row = stored.get(&one.id).unwrap();
        let done = usize::try_from(row.version - 1).unwrap();
        assert!(
            done == one.acknowledged || done == one.acknowledged + 1,
            "{}: {} acknowledged, {done} stored",
            row.title,
            one.acknowledged
        );
        if one.scheduled {
            assert_eq!(row.publish_at.is_some(), done == 1, "{}", row.title);
            assert_eq!((row.visibility.as_str(), row.published), ("never", false));
            continue;
        }
        let wanted = ["never", "public", "withdrawn", "public"];
        assert_eq!(row.visibility, wanted[done], "{}", row.title);
        assert_eq!(row.published, done > 0, "{}", row.title);
        assert_eq!(row.index_number.is_empty(), done == 0, "{}", row.title);
        let reached = |step: usize| i64::from(done >= step);
        assert_eq!(
            row.events,
            (reached(1), reached(2), reached(3)),
            "{}",
            row.title
        );
    }
    let mut numbers: Vec<&str> = stored
        .values()
        .map(|row| row.index_number.as_str())
        .filter(|number| !number.is_empty())
        .collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "no 索引号 twice");
}

/// Page, feed and index of the running server against the store.
async fn check_public(site: &Site, stored: &BTreeMap<String, Row>) {
    let client = client();
    let ask = async |path: &str| {
        let answer = client.get(site.url(path)).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.text().await.unwrap())
    };
    for (id, row) in stored {
        let (status, page) = ask(&format!("/documents/{id}")).await;
        let wanted = match row.visibility.as_str() {
            "public" => 200,
            "withdrawn" => 410,
            _ => 404,
        };
        assert_eq!(status, wanted, "{}", row.title);
        let text = row.title.replace("通知", "正文");
        assert_eq!(page.contains(&text), status == 200, "{}", row.title);
    }
    let public = stored.values().filter(|row| row.visibility == "public");
    let public = public.count();
    let (_, feed) = ask("/documents/feed.xml").await;
    let in_feed = |row: &Row| feed.contains(&format!("<title>{}</title>", row.title));
    assert_eq!(
        stored.values().filter(|row| in_feed(row)).count(),
        public.min(50)
    );
    assert!(
        stored
            .values()
            .all(|row| !in_feed(row) || row.visibility == "public")
    );
    // The index follows by itself; a title is found exactly while its page is public.
    let begun = std::time::Instant::now();
    for (id, row) in stored {
        loop {
            let (_, found) = ask(&format!("/search?q=%22{}%22", row.title)).await;
            // Its page's address stands in the answer; the words that were asked for stand there anyhow.
            if found.contains(&format!("/documents/{id}")) == (row.visibility == "public") {
                break;
            }
            assert!(
                begun.elapsed() < INDEX_WAIT_MAX,
                "the index says otherwise of {}",
                row.title
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// What everybody reads of a document, by its title: pages, lists, feeds, search, site map, and what the home page tells.
async fn places(site: &Site, id: &str, title: &str) -> BTreeMap<String, bool> {
    let client = client();
    let ask = async |path: &str| client.get(site.url(path)).send().await.unwrap();
    let path = format!("/documents/{id}");
    let mut places = BTreeMap::new();
    let page = ask(&path).await;
    places.insert("page".to_owned(), page.status() == 200);
    let map = ask("/sitemap.xml").await.text().await.unwrap();
    let parts = map
        .split("<loc>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next());
    let mut maps = String::new();
    for part in parts {
        let part = client.get(part).send().await.unwrap();
        maps.push_str(&part.text().await.unwrap());
    }
    places.insert("sitemap".to_owned(), maps.contains(&path));
    let search = format!("/search?q=%22{title}%22");
    for list in [
        "/",
        "/documents",
        "/documents/feed.xml",
        "/feed.xml",
        &search,
    ] {
        let text = ask(list).await.text().await.unwrap();
        places.insert(list.to_owned(), text.contains(&path));
    }
    places
}

/// Polls until each place says this of the document, and tells how long it took.
async fn until(site: &Site, (id, title): (&str, &str), shown: bool) {
    let begun = std::time::Instant::now();
    loop {
        let places = places(site, id, title).await;
        if places.values().all(|there| *there == shown) {
            eprintln!("shown = {shown} everywhere after {:?}", begun.elapsed());
            return;
        }
        assert!(
            begun.elapsed() < INDEX_WAIT_MAX,
            "shown = {shown}: {places:?}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_everywhere_and_what_is_withdrawn_nowhere() {
    for backend in testing::backends() {
        let site = Site::on(&backend).await;
        let db = site.store().await;
        City::founded(&db, 1).await;
        let office = testing::organ(&db, "安澜市信息公开办公室", None).await;
        let clerk = testing::person(&db, "文书", &[(Role::OfficeClerk, office)]).await;
        let secret = session(&db, clerk).await;
        let id = approved(&db, office, "w").await.remove(0);
        db.close().await;
        let server = site.start().await;
        let (client, title) = (client(), "通知wn0");
        let mut one = Known {
            id: id.clone(),
            acknowledged: 0,
            scheduled: false,
        };
        until(&site, (&id, title), false).await;
        for (step, shown) in STEPS.into_iter().zip([true, false, true]) {
            assert!(act(&client, &site, &secret, &one, step).await);
            one.acknowledged += 1;
            until(&site, (&id, title), shown).await;
            // As files, while the server runs.
            let folder = site.path("export");
            let config = site.config();
            let words = [
                "--config",
                config.to_str().unwrap(),
                "export",
                "site",
                folder.to_str().unwrap(),
            ];
            let done = gongkai(&words);
            assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
            let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
            // What was withdrawn says so where it stood, as the server does.
            let page = read(&format!("documents/{id}/index.html"));
            assert_eq!(page.contains("正文wn0"), shown, "{page}");
            assert_eq!(page.contains("撤下说明：试验。"), !shown, "{page}");
            let noindex = "<meta name=\"robots\" content=\"noindex\">";
            assert_eq!(page.contains(noindex), !shown, "{page}");
            let line = format!("/documents/{id}/ /documents/{id}/index.html;");
            let map = read("withdrawn.map");
            assert_eq!(map.lines().any(|one| one == line), !shown, "{map}");
            assert!(read("SHA256SUMS").contains(&id));
            let told = text(&done.stdout).contains("1 份已撤下的文件各留一页说明");
            assert_eq!(told, !shown, "{}", text(&done.stdout));
            for list in [
                "index.html",
                "feed.xml",
                "documents/feed.xml",
                "documents/index.html",
            ] {
                // A list of nothing may be missing as a whole.
                let told = std::fs::read_to_string(folder.join(list)).unwrap_or_default();
                assert_eq!(told.contains(&id), shown, "{list}");
            }
        }
        server.kill();
    }
}

//! SIGKILL at random moments under eight writers, who report with files and make accounts: nothing acknowledged is lost
//! or doubled, nothing is half there, the chain stays whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gongkai_basis::id::AssignmentId;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::Backend;
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::header::COOKIE;
use sha2::{Digest as _, Sha256};

use crate::city::{City, client, report};
use crate::server::Site;
use crate::trials::{Answered, Seeded, number_in, trials};

const TRIALS: u32 = 20;
/// Of the eight writers, these report; the others make accounts.
const REPORTERS: usize = 6;
const REGISTRARS: usize = 2;
/// The kill comes this long after the writers began, or after the first answer, at the latest.
const KILL_AFTER_MILLISECONDS_MAX: u64 = 1_000;

/// What a writer has the server's word for.
#[derive(Debug, Clone)]
enum Kept {
    Report(AssignmentId, String),
    Account(String),
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_loses_and_doubles_nothing() {
    let mut random = Seeded::new();
    for (backend, trials) in trials("GONGKAI_FAULT_TRIALS", TRIALS) {
        let run = random.run(&backend, trials);
        eprintln!("{run}");
        kill_often(&backend, trials, &mut random, &run).await;
    }
}

async fn kill_often(backend: &Backend, trials: u32, random: &mut Seeded, run: &str) {
    let site = Arc::new(Site::on(backend).await);
    let db = site.store().await;
    let city = City::founded(&db, REPORTERS).await;
    let tasks = city.tasks(&db, trials).await;
    // A store that somebody else holds open would not have to recover.
    db.close().await;
    let (mut kept, mut slowest) = (Vec::new(), Duration::ZERO);
    let mut server = site.start().await;
    for (trial, parts) in tasks.into_iter().enumerate() {
        let stop = Arc::new(AtomicBool::new(false));
        let answered = Answered::default();
        let mut writers = tokio::task::JoinSet::new();
        for (writer, part) in parts.into_iter().enumerate() {
            let mark = format!("t{trial}w{writer}");
            let ends = (stop.clone(), answered.clone());
            writers.spawn(keep_reporting(site.clone(), part, mark, ends));
        }
        for writer in 0..REGISTRARS {
            let mark = format!("t{trial}a{writer}");
            let session = city.admin.clone();
            writers.spawn(keep_registering(site.clone(), session, mark, stop.clone()));
        }
        let of = (trial, &answered);
        random.kill_moment(of, KILL_AFTER_MILLISECONDS_MAX).await;
        server.kill();
        stop.store(true, Ordering::SeqCst);
        while let Some(writer) = writers.join_next().await {
            kept.extend(writer.unwrap());
        }
        let restarted = Instant::now();
        server = site.start().await;
        slowest = slowest.max(restarted.elapsed());
    }
    server.kill();
    let reports = kept.iter().filter(|kept| matches!(kept, Kept::Report(..)));
    let reports = reports.count();
    eprintln!(
        "{run}: {reports} reports and {} accounts acknowledged; the slowest restart took {slowest:?}",
        kept.len() - reports
    );
    if let Some(most) = number_in("GONGKAI_FAULT_RESTART_SECONDS_MAX") {
        assert!(slowest <= Duration::from_secs(most), "{run}");
    }
    assert!(
        reports > 0,
        "no report was acknowledged: the kills came too early to prove anything ({run})"
    );
    let db = site.store().await;
    check_reports(&site, &db, &kept, run).await;
    check_accounts(&db, &kept, run).await;
    db.close().await;
    assert!(site.verify().contains("审计链完整"), "{run}");
}

/// Reports on one part, version after version, until the server is gone.
async fn keep_reporting(
    site: Arc<Site>,
    part: (AssignmentId, String),
    mark: String,
    (stop, answered): (Arc<AtomicBool>, Answered),
) -> Vec<Kept> {
    let client = client();
    let mut kept = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let mark = format!("{mark}n{number}");
        let Ok(answer) = report(&client, &site, &part, &mark, Some(proof(&mark))).await else {
            break;
        };
        assert_eq!(answer.status(), 303, "{mark}");
        kept.push(Kept::Report(part.0, mark));
        answered.note();
    }
    kept
}

/// The file that belongs to a mark.
fn proof(mark: &str) -> Vec<u8> {
    format!("佐证 {mark}\n").repeat(500).into_bytes()
}

/// Makes accounts until the server is gone.
async fn keep_registering(
    site: Arc<Site>,
    session: String,
    mark: String,
    stop: Arc<AtomicBool>,
) -> Vec<Kept> {
    let client = client();
    let mut kept = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let login = format!("{mark}n{number}");
        let answer = client
            .post(site.url("/workspace/admin/accounts/new"))
            .header(COOKIE, format!("{SESSION_COOKIE}={session}"))
            .header("sec-fetch-site", "same-origin")
            .form(&[("login", login.as_str()), ("name", "演示人员")])
            .send()
            .await;
        let Ok(answer) = answer else { break };
        assert_eq!(answer.status(), 200, "{login}");
        // Acknowledged only when the whole answer arrived: it holds the invitation.
        let Ok(page) = answer.text().await else { break };
        assert!(page.contains("/invite/"), "{login}");
        kept.push(Kept::Account(login));
    }
    kept
}

/// Each acknowledged report is there once with its event and its file; each file that a row names is whole.
async fn check_reports(site: &Site, db: &Db, kept: &[Kept], run: &str) {
    let (reports, proofs) = db
        .read(async |tx: &mut Tx| {
            let reports = tx
                .all(sql("SELECT assignment_id, done_text, (SELECT COUNT(*) FROM event e WHERE e.kind = 'report.submitted' AND e.data LIKE '%' || report.id || '%') AS events FROM report"))
                .await?;
            let reports = reports
                .iter()
                .map(|row| Ok((row.get("done_text")?, (row.get("assignment_id")?, row.get("events")?))));
            let proofs = tx
                .all(sql("SELECT e.title, f.sha256 FROM evidence e JOIN file f ON f.id = e.file_id"))
                .await?;
            let proofs = proofs.iter().map(|row| Ok((row.get("title")?, row.get("sha256")?)));
            Ok::<_, StoreError>((
                reports.collect::<Result<Vec<(String, (AssignmentId, i64))>, StoreError>>()?,
                proofs.collect::<Result<Vec<(String, String)>, StoreError>>()?,
            ))
        })
        .await
        .unwrap();
    let by_mark: BTreeMap<_, _> = reports.iter().cloned().collect();
    assert_eq!(by_mark.len(), reports.len(), "no report twice ({run})");
    let proof_of: BTreeMap<_, _> = proofs.iter().cloned().collect();
    assert_eq!(proof_of.len(), proofs.len(), "no proof twice ({run})");
    for (mark, (_, events)) in &reports {
        assert_eq!(*events, 1, "events of {mark} ({run})");
        assert!(proof_of.contains_key(mark), "the proof of {mark} ({run})");
    }
    for kept in kept {
        if let Kept::Report(part, mark) = kept {
            let stored = by_mark.get(mark).map(|(part, _)| *part);
            assert_eq!(stored, Some(*part), "{mark} was acknowledged ({run})");
        }
    }
    for (mark, sha256) in &proofs {
        assert_eq!(*sha256, hex::encode(Sha256::digest(proof(mark))), "{run}");
        assert_eq!(site.files().get(sha256).unwrap(), proof(mark), "{run}");
    }
}

/// Each acknowledged account is there once, and every account has exactly one event of its making.
async fn check_accounts(db: &Db, kept: &[Kept], run: &str) {
    let stored: BTreeMap<String, i64> = db
        .read(async |tx: &mut Tx| {
            let rows = tx
                .all(sql(
                    "SELECT a.login, (SELECT COUNT(*) FROM event e WHERE e.subject_kind = 'account' AND e.subject_id = a.id AND e.kind = 'account.created') AS n \
                     FROM account a WHERE a.login LIKE 't%a%n%'",
                ))
                .await?;
            rows.iter().map(|row| Ok::<_, StoreError>((row.get("login")?, row.get("n")?))).collect()
        })
        .await
        .unwrap();
    for kept in kept {
        if let Kept::Account(login) = kept {
            assert!(
                stored.contains_key(login),
                "{login} was acknowledged ({run})"
            );
        }
    }
    assert!(stored.values().all(|events| *events == 1), "{run}");
}

//! SIGKILL at random moments under eight writers: nothing acknowledged is lost or doubled, the chain stays whole.
//!
//! 20 trials belong to the tests; `cargo xtask faults --full` runs 200 (`GONGKAI_FAULT_TRIALS`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gongkai_basis::Role;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Browser};
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::header::COOKIE;

use crate::server::Site;

const TRIALS: u32 = 20;
const WRITERS: u32 = 8;
/// The kill comes this long after the writers began, at the latest.
const KILL_AFTER_MILLISECONDS_MAX: u64 = 400;

/// A small generator, so that a failing run can be repeated from its printed seed.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_loses_and_doubles_nothing() {
    let trials = std::env::var("GONGKAI_FAULT_TRIALS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(TRIALS);
    let seed = std::env::var("GONGKAI_FAULT_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(u64::from(std::process::id()) * 2_654_435_761);
    eprintln!("seed {seed}, {trials} trials");
    let mut random = Seeded(seed | 1);
    let site = Arc::new(Site::new());
    let token = prepare(&site).await;
    let (mut acknowledged, mut slowest) = (Vec::new(), Duration::ZERO);
    for trial in 0..trials {
        let server = site.start().await;
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                tokio::spawn(write(
                    site.clone(),
                    token.clone(),
                    trial,
                    writer,
                    stop.clone(),
                ))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(
            random.next() % KILL_AFTER_MILLISECONDS_MAX,
        ))
        .await;
        server.kill();
        stop.store(true, Ordering::SeqCst);
        for writer in writers {
            acknowledged.extend(writer.await.unwrap());
        }
        let restarted = Instant::now();
        let server = site.start().await;
        slowest = slowest.max(restarted.elapsed());
        server.kill();
    }
    assert!(
        !acknowledged.is_empty(),
        "no write was acknowledged: the kills came too early to prove anything"
    );
    eprintln!(
        "{} writes acknowledged; the slowest restart took {slowest:?}",
        acknowledged.len()
    );
    let stored = stored_accounts(&site.store().await).await;
    for login in &acknowledged {
        assert_eq!(
            stored.get(login),
            Some(&1),
            "{login} was acknowledged (seed {seed})"
        );
    }
    assert!(
        stored.values().all(|events| *events == 1),
        "each account has exactly one event of its making (seed {seed})"
    );
    assert!(site.verify().contains("审计链完整"));
}

/// A store with a security administrator who is signed in; gives the session's secret.
async fn prepare(site: &Site) -> String {
    let db = site.store().await;
    db.migrate().await.unwrap();
    let office = testing::organ(&db, "安澜市人民政府办公室", None).await;
    let admin = testing::person(&db, "安全管理员", &[(Role::SecurityAdmin, office)]).await;
    let mut browser = Browser::new(axum::Router::new());
    browser.sign_in(&db, admin).await;
    db.close().await;
    browser.cookies.get(SESSION_COOKIE).unwrap().clone()
}

/// Makes accounts until the server is gone; gives the logins that were acknowledged.
async fn write(
    site: Arc<Site>,
    token: String,
    trial: u32,
    writer: u32,
    stop: Arc<AtomicBool>,
) -> Vec<String> {
    let client = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let login = format!("t{trial}w{writer}n{number}");
        let answer = client
            .post(site.url("/workspace/admin/accounts/new"))
            .header(COOKIE, format!("{SESSION_COOKIE}={token}"))
            .header("sec-fetch-site", "same-origin")
            .form(&[("login", login.as_str()), ("name", "演示人员")])
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().is_success() => {
                // Acknowledged only when the whole answer arrived.
                if answer
                    .text()
                    .await
                    .is_ok_and(|page| page.contains("/invite/"))
                {
                    acknowledged.push(login);
                }
            }
            Ok(answer) => panic!("{} for {login}", answer.status()),
            Err(_) => break,
        }
    }
    acknowledged
}

/// Login → how many events tell of its making, for the accounts that the writers made.
async fn stored_accounts(db: &Db) -> BTreeMap<String, i64> {
    db.read(async |tx: &mut Tx| {
        let rows = tx
            .all(sql(
                "SELECT a.login, (SELECT COUNT(*) FROM event e WHERE e.subject_kind = 'account' AND e.subject_id = a.id AND e.kind = 'account.created') AS n \
                 FROM account a WHERE a.login LIKE 't%w%n%'",
            ))
            .await?;
        rows.iter().map(|row| Ok::<_, StoreError>((row.get("login")?, row.get("n")?))).collect()
    })
    .await
    .unwrap()
}

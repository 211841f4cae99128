//! SIGKILL at random moments under eight applicants: an application whose receipt was shown is stored, once, under a number of
//! its own; one that got no answer is handed in again with the same form and is one case, too.
//!
//! 20 trials belong to the tests; `cargo xtask faults --full` runs more (`GONGKAI_FAULT_TRIALS`). Where both databases can be
//! had, they share the trials 7 : 3.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend};

use crate::city::{City, client};
use crate::server::Site;

const TRIALS: u32 = 20;
const APPLICANTS: usize = 8;
/// The kill comes this long after the applicants began, at the latest.
const KILL_AFTER_MILLISECONDS_MAX: u64 = 800;

/// What an applicant knows when the server has gone.
#[derive(Default)]
struct Known {
    /// Forms whose receipt was promised: token and subject.
    acknowledged: Vec<(String, String)>,
    /// The form that got no answer.
    open: Option<(String, String)>,
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_lose_no_acknowledged_application() {
    let trials = number_in("GONGKAI_FAULT_TRIALS")
        .and_then(|trials| u32::try_from(trials).ok())
        .unwrap_or(TRIALS);
    let mut seed = number_in("GONGKAI_FAULT_SEED").unwrap_or(u64::from(std::process::id())) | 1;
    let backends = testing::backends();
    for (backend, of_ten) in backends.iter().zip([7, 3]) {
        let share = if backends.len() == 1 { 10 } else { of_ten };
        let trials = (trials * share / 10).max(1);
        eprintln!("{trials} trials, GONGKAI_FAULT_SEED={seed}");
        kill_often(backend, trials, &mut seed).await;
    }
}

async fn kill_often(backend: &Backend, trials: u32, seed: &mut u64) {
    let site = Arc::new(Site::on(backend).await);
    let db = site.store().await;
    City::founded(&db, 1).await;
    let organ = testing::organ(&db, "安澜市公开局", None).await;
    db.close().await;
    let mut acknowledged = Vec::new();
    let mut open: Vec<(String, String)> = Vec::new();
    let mut server = site.start().await;
    for trial in 0..trials {
        let stop = Arc::new(AtomicBool::new(false));
        let mut applicants = tokio::task::JoinSet::new();
        let again = std::mem::take(&mut open);
        for applicant in 0..APPLICANTS {
            let mark = format!("t{trial}w{applicant}");
            let first = again.get(applicant).cloned();
            applicants.spawn(keep_applying(
                site.clone(),
                organ,
                (mark, first),
                stop.clone(),
            ));
        }
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        let wait = Duration::from_millis(*seed % KILL_AFTER_MILLISECONDS_MAX);
        tokio::time::sleep(wait).await;
        server.kill();
        stop.store(true, Ordering::SeqCst);
        while let Some(known) = applicants.join_next().await {
            let known = known.unwrap();
            acknowledged.extend(known.acknowledged);
            open.extend(known.open);
        }
        server = site.start().await;
    }
    // What stayed without an answer is handed in once more.
    for form in &open {
        assert!(apply(&client(), &site, organ, form).await, "{form:?}");
    }
    acknowledged.extend(open);
    server.kill();
    let db = site.store().await;
    check(&db, &acknowledged).await;
    db.close().await;
    assert!(site.verify().contains("审计链完整"));
    eprintln!("{} applications acknowledged", acknowledged.len());
    assert!(
        !acknowledged.is_empty(),
        "the kills came too early to prove anything"
    );
}

/// Applies, form after form, until the server is gone; the first may be one that got no answer before.
async fn keep_applying(
    site: Arc<Site>,
    organ: OrganId,
    (mark, first): (String, Option<(String, String)>),
    stop: Arc<AtomicBool>,
) -> Known {
    let client = client();
    let mut known = Known::default();
    let mut next = first;
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            known.open = next;
            break;
        }
        let form = next
            .take()
            .unwrap_or_else(|| (testing::uuid().to_string(), format!("{mark}n{number}")));
        if apply(&client, &site, organ, &form).await {
            known.acknowledged.push(form);
        } else {
            known.open = Some(form);
            break;
        }
    }
    known
}

/// Hands a form in; `true` when the receipt was promised.
async fn apply(
    client: &reqwest::Client,
    site: &Site,
    organ: OrganId,
    (token, subject): &(String, String),
) -> bool {
    let organ = organ.to_string();
    let fields = [
        ("token", token.as_str()),
        ("organ", organ.as_str()),
        ("kind", "information"),
        ("applicant_kind", "natural"),
        ("name", "演示申请人"),
        ("paper", "护照"),
        ("paper_number", "E00000001"),
        ("phone", "000-0000000"),
        ("subject", subject.as_str()),
        ("form", "electronic"),
        ("way", "web"),
    ];
    let answer = client
        .post(site.url("/requests/submit"))
        .header("sec-fetch-site", "same-origin")
        .form(&fields)
        .send()
        .await;
    let Ok(answer) = answer else {
        return false;
    };
    assert_eq!(answer.status(), 303, "{subject}");
    true
}

/// Each acknowledged form is one case with one first line and one event, under a number of its own.
async fn check(db: &Db, acknowledged: &[(String, String)]) {
    let rows = db
        .read(async |tx: &mut Tx| {
            tx.all(sql("SELECT r.form_token, r.subject, r.number, \
                        (SELECT COUNT(*) FROM request_entry e WHERE e.request_id = r.id) AS lines, \
                        (SELECT COUNT(*) FROM event v WHERE v.kind = 'request.begun' AND v.subject_id = r.id) AS events FROM request r"))
                .await?
                .iter()
                .map(|row| {
                    let counted: (i64, i64) = (row.get("lines")?, row.get("events")?);
                    let facts: (String, String) = (row.get("subject")?, row.get("number")?);
                    Ok((row.get::<String>("form_token")?, (facts, counted)))
                })
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await
        .unwrap();
    let mut numbers: Vec<&str> = rows
        .iter()
        .map(|(_, ((_, number), _))| number.as_str())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), rows.len(), "no number twice");
    let stored: BTreeMap<&str, _> = rows
        .iter()
        .map(|(token, facts)| (token.as_str(), facts))
        .collect();
    assert_eq!(stored.len(), rows.len(), "no form twice");
    for (token, subject) in acknowledged {
        let found = stored.get(token.as_str()).map(|((subject, _), _)| subject);
        assert_eq!(found, Some(subject), "{subject} was acknowledged");
    }
    assert!(
        rows.iter().all(|(_, (_, counted))| *counted == (1, 1)),
        "nothing half there"
    );
}

//! SIGKILL at random moments under eight applicants, and disks that become full: an application whose receipt was promised is
//! stored, once, under a number of its own; one that got no answer, or a page that says that the disk is full, is handed in
//! again with the same form and is one case, too.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend};
use reqwest::{Client, multipart};

use crate::city::{City, client};
use crate::server::Site;
use crate::trials::{Seeded, trials};
use crate::wall::{Wall, assert_says_full, half_files};

const TRIALS: u32 = 20;
const FULL_DISK_TRIALS: u32 = 5;
const APPLICANTS: usize = 8;
/// The kill comes this long after the applicants began, at the latest.
const KILL_AFTER_MILLISECONDS_MAX: u64 = 800;
/// The disk is full this long after the applicants began, at the latest.
const FULL_AFTER_MILLISECONDS_MAX: u64 = 1_000;
/// What an applicant hands in at the most: the store may find room in its log for long.
const FORMS_MAX: usize = 150;
const ATTACHMENT_BYTES: usize = 20_000;
const ADVICE: &str = "稍后再提交";

/// What an applicant fills in; the same token again is the same application.
#[derive(Debug, Clone)]
struct Form {
    token: String,
    subject: String,
    attachment: bool,
}

impl Form {
    fn new(subject: String, attachment: bool) -> Self {
        let token = testing::uuid().to_string();
        Self {
            token,
            subject,
            attachment,
        }
    }
}

/// What an applicant knows when the server has gone, or has no room.
#[derive(Default)]
struct Known {
    /// Forms whose receipt was promised.
    acknowledged: Vec<Form>,
    /// The form that got no answer.
    open: Option<Form>,
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Receipt,
    /// Nothing was stored, as the page says.
    Full,
    /// The server has gone.
    None,
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_lose_no_acknowledged_application() {
    let mut random = Seeded::new();
    for (backend, trials) in trials("GONGKAI_FAULT_APPLICATION_TRIALS", TRIALS) {
        eprintln!("{}", random.run(&backend, trials));
        kill_often(&backend, trials, &mut random).await;
    }
}

async fn kill_often(backend: &Backend, trials: u32, random: &mut Seeded) {
    let site = Arc::new(Site::on(backend).await);
    let db = site.store().await;
    City::founded(&db, 1).await;
    let organ = testing::organ(&db, "安澜市公开局", None).await;
    db.close().await;
    let mut acknowledged = Vec::new();
    let mut open: Vec<Form> = Vec::new();
    let mut server = site.start().await;
    for trial in 0..trials {
        let stop = Arc::new(AtomicBool::new(false));
        let mut applicants = tokio::task::JoinSet::new();
        let again = std::mem::take(&mut open);
        for applicant in 0..APPLICANTS {
            let mark = format!("t{trial}w{applicant}");
            let first = again.get(applicant).cloned();
            let (site, stop) = (site.clone(), stop.clone());
            applicants.spawn(async move {
                let next = |number| {
                    let again = first.clone().filter(|_| number == 0);
                    again.unwrap_or_else(|| Form::new(format!("{mark}n{number}"), false))
                };
                keep_applying(&site, organ, next, &stop).await
            });
        }
        random.moment(KILL_AFTER_MILLISECONDS_MAX).await;
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
        assert_eq!(apply(&client(), &site, organ, form).await, Answer::Receipt);
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

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_full_disk_lose_no_application() {
    let mut random = Seeded::new();
    for (backend, trials) in trials("GONGKAI_FAULT_FULL_DISK_TRIALS", FULL_DISK_TRIALS) {
        eprintln!("full disks: {}", random.run(&backend, trials));
        for _ in 0..trials {
            fill_the_disk(&backend, &mut random).await;
        }
    }
}

/// Every second applicant adds a file, so that the folder of files and the database both meet the wall.
async fn fill_the_disk(backend: &Backend, random: &mut Seeded) {
    let site = Arc::new(Site::on(backend).await);
    let wall = Wall::around(&site.path("data"));
    let db = site.store().await;
    City::founded(&db, 1).await;
    let organ = testing::organ(&db, "安澜市公开局", None).await;
    db.close().await;
    let server = wall.start(&site).await;
    let before = Form::new("before".to_owned(), true);
    assert_eq!(
        apply(&client(), &site, organ, &before).await,
        Answer::Receipt
    );
    let stop = Arc::new(AtomicBool::new(false));
    let mut applicants = tokio::task::JoinSet::new();
    for applicant in 0..APPLICANTS {
        let (site, stop) = (site.clone(), stop.clone());
        applicants.spawn(async move {
            let next = |number| {
                Form::new(
                    format!("w{applicant}n{number}"),
                    applicant.is_multiple_of(2),
                )
            };
            keep_applying(&site, organ, next, &stop).await
        });
    }
    random.moment(FULL_AFTER_MILLISECONDS_MAX).await;
    wall.close_in(&server);
    let (mut acknowledged, mut open) = (vec![before], Vec::new());
    while let Some(known) = applicants.join_next().await {
        let known = known.unwrap();
        acknowledged.extend(known.acknowledged);
        open.extend(known.open);
    }
    assert!(!open.is_empty(), "nobody met the wall");
    wall.open_up(&server);
    eprintln!(
        "{} applications acknowledged, {} refused",
        acknowledged.len(),
        open.len()
    );
    for form in &open {
        assert_eq!(apply(&client(), &site, organ, form).await, Answer::Receipt);
    }
    acknowledged.extend(open);
    assert_eq!(server.stop(), Some(0));
    let db = site.store().await;
    check(&db, &acknowledged).await;
    db.close().await;
    assert!(site.verify().contains("审计链完整"));
    assert_eq!(half_files(&site.path("data/files")), Vec::<PathBuf>::new());
}

/// Applies, form after form, until one gets no receipt; that form stays open.
async fn keep_applying(
    site: &Site,
    organ: OrganId,
    next: impl Fn(usize) -> Form,
    stop: &AtomicBool,
) -> Known {
    let client = client();
    let mut known = Known::default();
    for number in 0..FORMS_MAX {
        let form = next(number);
        if !stop.load(Ordering::SeqCst)
            && apply(&client, site, organ, &form).await == Answer::Receipt
        {
            known.acknowledged.push(form);
        } else {
            known.open = Some(form);
            break;
        }
    }
    known
}

/// Hands a form in: its attachment comes with the page before, which keeps it for this form.
async fn apply(client: &Client, site: &Site, organ: OrganId, form: &Form) -> Answer {
    let organ = organ.to_string();
    let mut fields = vec![
        ("token", form.token.as_str()),
        ("organ", organ.as_str()),
        ("kind", "information"),
        ("applicant_kind", "natural"),
        ("name", "演示申请人"),
        ("paper", "护照"),
        ("paper_number", "E00000001"),
        ("phone", "000-0000000"),
        ("subject", form.subject.as_str()),
        ("form", "electronic"),
        ("way", "web"),
    ];
    let held = if form.attachment {
        match held(client, site, &fields).await {
            Ok(held) => held,
            Err(answer) => return answer,
        }
    } else {
        String::new()
    };
    if form.attachment {
        fields.push(("held", &held));
    }
    let sent = client
        .post(site.url("/requests/submit"))
        .header("sec-fetch-site", "same-origin")
        .form(&fields)
        .send();
    let Ok(answer) = sent.await else {
        return Answer::None;
    };
    match answer.status().as_u16() {
        303 => Answer::Receipt,
        507 => {
            assert_says_full(answer, ADVICE).await;
            Answer::Full
        }
        other => panic!("{other} for {form:?}"),
    }
}

/// Sends the form with a file to the page that shows everything once more; what the page keeps of the file.
async fn held(
    client: &Client,
    site: &Site,
    fields: &[(&'static str, &str)],
) -> Result<String, Answer> {
    let mut parts = multipart::Form::new();
    for (name, value) in fields {
        parts = parts.text(*name, (*value).to_owned());
    }
    // Offers of what is public already would come in between.
    parts = parts.text("offered", "1");
    // Files of the same content would be one.
    let content = testing::uuid().to_string().repeat(ATTACHMENT_BYTES / 36);
    let file = multipart::Part::bytes(content.into_bytes()).file_name("附件.txt");
    let sent = client
        .post(site.url("/requests/check"))
        .header("sec-fetch-site", "same-origin")
        .multipart(parts.part("file", file))
        .send();
    let answer = sent.await.map_err(|_| Answer::None)?;
    match answer.status().as_u16() {
        200 => {
            let page = answer.text().await.map_err(|_| Answer::None)?;
            let (_, rest) = page.split_once("name=\"held\" value=\"").unwrap();
            Ok(rest.split('"').next().unwrap().to_owned())
        }
        507 => {
            assert_says_full(answer, ADVICE).await;
            Err(Answer::Full)
        }
        other => panic!("{other}"),
    }
}

/// Each acknowledged form is one case with one first line and one event, under a number of its own.
async fn check(db: &Db, acknowledged: &[Form]) {
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
    for form in acknowledged {
        let found = stored.get(form.token.as_str());
        let subject = found.map(|((subject, _), _)| subject);
        assert_eq!(subject, Some(&form.subject), "{form:?} was acknowledged");
    }
    assert!(
        rows.iter().all(|(_, (_, counted))| *counted == (1, 1)),
        "nothing half there"
    );
}

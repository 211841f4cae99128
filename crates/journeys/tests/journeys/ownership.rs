//! Whose it is: people who hold the same roles elsewhere open no record of this government, and change none. They call what
//! its own people were shown, every page and every form with an id in its path, filled in as the form was.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_basis::Role;
use gongkai_basis::id::{AccountId, OrganId};
use gongkai_journeys::World;
use gongkai_platform::db::{StoreError, Tx, sql};
use gongkai_platform::testing::{self, Browser};
use scraper::{ElementRef, Html, Selector};

use crate::crawl::{Reach, crawl, kind, walk};

/// Between them they see every kind of record.
const OWNERS: [&str; 9] = [
    "clerk", "head", "liaison", "unithead", "officer", "author", "review1", "secrecy", "county",
];
/// What a form wants and its page left blank.
const WORDS: &str = "说明";

/// A form as its page shows it, with something in every field.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    action: String,
    uploads: bool,
    fields: Vec<(String, String)>,
}

/// What somebody was shown: one path and one form of each kind.
#[derive(Debug, Default, Clone)]
pub(crate) struct Shown {
    pages: BTreeMap<String, String>,
    forms: BTreeMap<String, Form>,
}

impl Shown {
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        if names_a_record(path) {
            self.pages.entry(kind(path)).or_insert(path.to_owned());
        }
        // Most pages have the forms of those before them.
        let kinds = crate::crawl::forms(text);
        let mut of_records = kinds.iter().filter(|kind| kind.contains('*'));
        if of_records.all(|kind| self.forms.contains_key(kind)) {
            return;
        }
        for form in forms(text) {
            if names_a_record(&form.action) {
                self.forms.entry(kind(&form.action)).or_insert(form);
            }
        }
    }
}

/// An id of ours stands in the path; those in a question only filter.
fn names_a_record(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let id = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
    path.starts_with("/workspace/") && path.split('/').any(id)
}

fn forms(page: &str) -> Vec<Form> {
    let every = |selector: &str| Selector::parse(selector).unwrap();
    let (form, field) = (
        every("form[method=post][action]"),
        every("input[name], select[name], textarea[name], button[name]"),
    );
    let html = Html::parse_document(page);
    html.select(&form)
        .map(|form| {
            let (mut fields, mut chosen) = (Vec::new(), BTreeSet::new());
            for field in form.select(&field) {
                // One of several buttons or choices goes with a form.
                let one = field.value().name() == "button" || field.attr("type") == Some("radio");
                if !one || chosen.insert(field.attr("name")) {
                    fields.extend(filled(field));
                }
            }
            Form {
                action: form.attr("action").unwrap_or_default().to_owned(),
                uploads: form.attr("enctype").is_some(),
                fields,
            }
        })
        .collect()
}

/// A field with what it holds, or with its first choice, or with some words.
fn filled(field: ElementRef<'_>) -> Option<(String, String)> {
    let name = field.attr("name")?.to_owned();
    let option = Selector::parse("option[value]:not([value=''])").unwrap();
    let held = match field.value().name() {
        "select" => field.select(&option).next()?.attr("value")?.to_owned(),
        "textarea" => field.text().collect(),
        _ => field.attr("value").unwrap_or_default().to_owned(),
    };
    let value = match field.attr("type") {
        Some("file") => return None,
        Some("date") if held.is_empty() => "2026-10-12".to_owned(),
        Some("url") if held.is_empty() => "https://example.org/".to_owned(),
        Some("number") if held.is_empty() => "1".to_owned(),
        _ if held.is_empty() => WORDS.to_owned(),
        _ => held,
    };
    Some((name, value))
}

/// What the walk showed to these, the first of a kind.
async fn shown_to(logins: &[&str]) -> Shown {
    let walked = &walk().await.shown;
    let mut shown = Shown::default();
    for one in logins.iter().map(|login| &walked[login]) {
        for (kind, path) in &one.pages {
            shown.pages.entry(kind.clone()).or_insert(path.clone());
        }
        for (kind, form) in &one.forms {
            shown.forms.entry(kind.clone()).or_insert(form.clone());
        }
    }
    shown
}

/// Adds what those are shown who do not walk.
async fn add_shown(world: &World, logins: &[&str], shown: &mut Shown) {
    let reach = Reach {
        of_a_kind: 1,
        through_portal: false,
    };
    for login in logins {
        let mut browser = world.http(world.account(login).await).await;
        crawl(
            &mut browser,
            &["/workspace"],
            reach,
            |(path, _), status, text| {
                if status == 200 {
                    shown.add(path, text);
                }
            },
        )
        .await;
    }
}

/// Sends every form that is theirs; gives the answers that do not say whose the record is.
async fn send_all(browser: &mut Browser, forms: &BTreeMap<String, Form>) -> Vec<String> {
    let mut faults = Vec::new();
    for (_, form) in theirs(forms) {
        let status = send(browser, form).await;
        if !matches!(status, 403 | 404) {
            faults.push(format!("{form:?} answers {status}"));
        }
    }
    faults
}

async fn send(browser: &mut Browser, form: &Form) -> u16 {
    let fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = if form.uploads {
        let file = ("file", "说明.txt", WORDS.as_bytes());
        browser.upload(&form.action, &fields, file).await
    } else {
        browser.post(&form.action, &fields).await
    };
    answer.status.as_u16()
}

/// What the audit chain says that this person did.
async fn deeds(world: &World, account: AccountId) -> Vec<String> {
    world
        .db
        .read(async |tx: &mut Tx| {
            tx.all(sql("SELECT kind, sentence FROM event WHERE actor_id = $1").bind(account))
                .await?
                .iter()
                .map(|row| {
                    Ok::<_, StoreError>(format!(
                        "{}: {}",
                        row.get::<String>("kind")?,
                        row.get::<String>("sentence")?
                    ))
                })
                .collect()
        })
        .await
        .unwrap()
}

/// All roles but those of the three administrators, whose reach is the whole store.
fn every_role(organs: &[OrganId]) -> Vec<(Role, OrganId)> {
    let powers = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    let roles = Role::ALL.iter().filter(|role| !powers.contains(role));
    roles
        .flat_map(|role| organs.iter().map(|organ| (*role, *organ)))
        .collect()
}

/// What is meant for every office of the store: the directory, the catalogue, which is public, papers of those above, and
/// cases to follow.
const FOR_EVERYBODY: [&str; 5] = [
    "/workspace/organs/*?",
    "/workspace/catalogue/entries/*?",
    "/workspace/documents/upper/*?",
    "/workspace/practices/*?",
    "/workspace/practices/*/borrow?",
];

#[tokio::test(flavor = "multi_thread")]
async fn another_city_opens_and_changes_nothing_here() {
    let world = crate::filled::world().await;
    let shown = shown_to(&OWNERS).await;
    assert!(
        shown.pages.len() > 50 && shown.forms.len() > 50,
        "{} pages, {} forms",
        shown.pages.len(),
        shown.forms.len()
    );
    let files = shown.pages.keys().filter(|kind| kind.contains("/file"));
    let files = files.count();
    assert!(files > 3, "{files} files");
    let city = testing::organ(&world.db, "远州市人民政府", None).await;
    let office = testing::organ(&world.db, "远州市人民政府办公室", Some(city)).await;
    let foreigner = world
        .person("远州市来人", &every_role(&[city, office]))
        .await;
    let mut browser = world.http(foreigner).await;
    let mut faults = Vec::new();
    for (_, path) in theirs(&shown.pages) {
        let status = browser.get(path).await.status.as_u16();
        if !matches!(status, 403 | 404) {
            faults.push(format!("{path} answers {status}"));
        }
    }
    faults.extend(send_all(&mut browser, &shown.forms).await);
    faults.extend(deeds(&world, foreigner).await);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_bureau_changes_nothing_of_its_neighbour() {
    let world = crate::filled::world().await;
    let mut shown = shown_to(&["liaison", "unithead"]).await;
    add_shown(&world, &["officer2", "reviewer"], &mut shown).await;
    assert!(shown.forms.len() > 20, "{} forms", shown.forms.len());
    let bureau = gongkai::demo::organ(&world.db, "安澜市教育局").await;
    let neighbour = world
        .person("教育局来人", &every_role(&[bureau.unwrap()]))
        .await;
    let mut browser = world.http(neighbour).await;
    let mut forms = shown.forms;
    // A bulletin names several units, and each answers it for itself.
    forms.remove("/workspace/bulletins/*/reply?");
    let mut faults = send_all(&mut browser, &forms).await;
    faults.extend(deeds(&world, neighbour).await);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Without what is meant for everybody.
fn theirs<V>(shown: &BTreeMap<String, V>) -> impl Iterator<Item = (&String, &V)> {
    shown
        .iter()
        .filter(|(kind, _)| !FOR_EVERYBODY.contains(&kind.as_str()))
}

//! By night: what was issued is compared again with what the website shows. A difference is a finding of the office that
//! makes the gazette; it closes when the texts agree again, or when an erratum brought the gazette into line.

use std::sync::Arc;

use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::web::App;
use serde_json::json;

use super::handle::SUBJECT;
use super::{Agreement, Issue, Item, Whole, store};
use crate::column::store::office_of;

const KIND: &str = "gazette.check";
/// Days for mending what a check found: usage of offices.
const MEND_DAYS: i64 = 7;

/// What is told of a text that does not agree; `None` where it does, or where an erratum covers the website's text.
#[must_use]
pub fn told(whole: &Whole, item: &Item) -> Option<String> {
    let web = item.web_seal();
    let covered = whole
        .errata
        .iter()
        .any(|erratum| erratum.item == item.id && !web.is_empty() && erratum.covers == web);
    match item.agreement() {
        Agreement::Same => None,
        Agreement::Differs if covered => None,
        Agreement::Differs => Some(
            "网站上的文本在公报出版以后改过，两处不一致。请核对：公报有误的登记勘误，网站有误的改回。"
                .to_owned(),
        ),
        Agreement::Withdrawn => Some(
            "公报登载的文件已从网站撤下，公报的网页和PDF里这一篇也只留标题和撤下说明。请核对撤下理由，需要时在公报登记勘误或者更正。".to_owned(),
        ),
        Agreement::Broken => Some(
            "库内保存的公报文本与出版时的封存值不符。请系统管理员运行“gongkai verify”。".to_owned(),
        ),
    }
}

/// What one look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub items: i64,
    pub differing: i64,
    pub settled: i64,
}

/// Compares one issued issue.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    issue: Issue,
    today: Date,
) -> Result<Outcome, StoreError> {
    let office = office_of(tx, issue.organ).await?;
    let whole = store::whole(tx, issue).await?;
    let issue = &whole.issue;
    let mut outcome = Outcome::default();
    for item in &whole.items {
        outcome.items += 1;
        let key = format!("gazette:{}", item.id);
        let Some(detail) = told(&whole, item) else {
            let settled = finding::settle(tx, actor, (issue.owner, &key), today).await?;
            outcome.settled += i64::from(settled.is_some());
            continue;
        };
        outcome.differing += 1;
        let found = Found {
            organ: issue.owner,
            office,
            key,
            kind: FindingKind::Other,
            severity: Severity::Major,
            source: Source::Check,
            title: format!(
                "公报{}《{}》与网站不一致",
                issue.words.name(),
                item.head.title
            ),
            detail,
            url: Some(format!("/workspace/gazette/{}/items/{}", issue.id, item.id)),
            about: Some((SUBJECT.to_owned(), issue.id.to_string())),
            found_on: today,
            fix_due_on: today.checked_add(jiff::Span::new().days(MEND_DAYS)).ok(),
        };
        finding::report(tx, actor, found).await?;
    }
    let sentence = format!(
        "{}与网站比对：{}篇，不一致{}篇，销号{}篇",
        issue.words.name(),
        outcome.items,
        outcome.differing,
        outcome.settled
    );
    tx.record(
        Event::new(
            actor,
            "gazette.compared",
            (SUBJECT, issue.id.to_string()),
            sentence,
        )
        .organ(issue.owner)
        .data(json!({ "differing": outcome.differing })),
    );
    Ok(outcome)
}

/// Compares every issued issue, each in a transaction of its own.
///
/// # Errors
/// When the store fails.
pub async fn run(app: &App, actor: &Actor, today: Date) -> Result<Outcome, StoreError> {
    let issues = app
        .db
        .read(async |tx: &mut Tx| store::issued(tx, &Scope::Everything, None).await)
        .await?;
    let mut all = Outcome::default();
    for issue in issues {
        let one = app
            .db
            .write(async |tx: &mut Tx| look(tx, actor, issue.clone(), today).await)
            .await?;
        all.items += one.items;
        all.differing += one.differing;
        all.settled += one.settled;
    }
    Ok(all)
}

/// The nightly comparison.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let all = run(app, &Actor::System, app.today()).await?;
            Ok(format!(
                "比对了公报{}篇，不一致{}篇，销号{}篇。",
                all.items, all.differing, all.settled
            ))
        })
    })
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "公报与网站比对",
        when: When::Daily {
            hour: 4,
            minute: 50,
        },
    }]
}

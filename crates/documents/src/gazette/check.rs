//! By night: what was issued is compared again with what the website shows. A difference is a finding of the office that
//! makes the gazette; it closes when the texts agree again, or when errata brought the gazette into line.

use std::collections::BTreeSet;
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
use super::{Agreement, Erratum, Issue, Item, Whole, store};
use crate::column::store::office_of;
use crate::document::Head;

const KIND: &str = "gazette.check";
/// Days for mending what a check found: usage of offices.
const MEND_DAYS: i64 = 7;

/// What is told of a text that does not agree; `None` where it does, or where the errata bring it into line.
#[must_use]
pub fn told(whole: &Whole, item: &Item) -> Option<String> {
    let errata: Vec<&Erratum> = whole
        .errata
        .iter()
        .filter(|erratum| erratum.item == item.id)
        .collect();
    match item.agreement() {
        Agreement::Same => None,
        Agreement::Differs if errata.is_empty() => Some(
            "网站上的文本在公报出版以后改过，两处不一致。请核对：公报有误的登记勘误，网站有误的改回。"
                .to_owned(),
        ),
        Agreement::Differs if is_corrected(item, &errata) => None,
        Agreement::Differs => Some(
            "网站上的文本在公报出版以后改过，已经登记的勘误没有说全，两处仍不一致。请核对：公报还有误的继续登记勘误，网站有误的改回。"
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

/// Is the gazette's text, as it is printed, what the website shows once all errata are read into it?
fn is_corrected(item: &Item, errata: &[&Erratum]) -> bool {
    let Some(web) = &item.web else {
        return false;
    };
    let (own, web) = (
        printed(&item.head, &item.text),
        printed(&web.head, &web.text),
    );
    let said: Vec<(&str, &str)> = errata
        .iter()
        .map(|one| (one.wrong.as_str(), one.correct.as_str()))
        .collect();
    leads_to(&own, &web, &said)
}

/// What an erratum may quote.
pub(super) fn printed(head: &Head, text: &str) -> String {
    format!("{}\n{}\n{text}", head.title, head.number)
}

/// Does one text become the other by putting what is right for what is wrong at some of its places?
///
/// An erratum does not say which of several places it means, so both ways are followed at each; those that do not lead on end
/// within a few characters.
fn leads_to(own: &str, web: &str, errata: &[(&str, &str)]) -> bool {
    let mut places: Vec<(usize, &str, &str)> = errata
        .iter()
        .filter(|(wrong, _)| !wrong.is_empty())
        .flat_map(|(wrong, correct)| {
            let found = own.match_indices(*wrong);
            found.map(move |(at, _)| (at, *wrong, *correct))
        })
        .collect();
    places.sort_unstable();
    // How far one is in both texts, in bytes; the least first.
    let mut ways = BTreeSet::from([(0, 0)]);
    while let Some((at, there)) = ways.pop_first() {
        let (Some(rest), Some(beyond)) = (own.get(at..), web.get(there..)) else {
            continue;
        };
        let next = places.partition_point(|(place, _, _)| *place < at);
        let Some((place, _, _)) = places.get(next) else {
            if rest == beyond {
                return true;
            }
            continue;
        };
        // To the next place; at one, by a character or by what is right.
        let step = match place - at {
            0 => rest.chars().next().map_or(0, char::len_utf8),
            step => step,
        };
        if rest
            .get(..step)
            .is_some_and(|same| beyond.starts_with(same))
        {
            ways.insert((at + step, there + step));
        }
        let here = places.get(next..).unwrap_or_default().iter();
        for (_, wrong, correct) in here.take_while(|(place, _, _)| *place == at) {
            if beyond.starts_with(correct) {
                ways.insert((at + wrong.len(), there + correct.len()));
            }
        }
    }
    false
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

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn errata_bring_a_text_into_line_only_together() {
        let own = "10月开放，10时开门，10元一张。";
        let web = "11月开放，10时开门，12元一张。";
        let month = ("10月", "11月");
        assert!(!leads_to(own, web, &[]));
        assert!(!leads_to(own, web, &[month]), "the price is still wrong");
        assert!(leads_to(own, web, &[month, ("10元", "12元")]));
        assert!(!leads_to(own, web, &[month, ("10元", "13元")]));
        // It does not say which of the places it means.
        let tens = [("10", "11"), ("10", "12")];
        assert!(leads_to(own, web, &tens));
        assert!(leads_to(own, own, &tens));
        // Longer, shorter, one within the other, at the end.
        assert!(leads_to("年底前", "年底以前", &[("年底前", "年底以前")]));
        assert!(leads_to("甲乙丙", "甲丙", &[("乙丙", "丙")]));
        assert!(leads_to("甲乙丙", "甲丁", &[("乙", "戊"), ("乙丙", "丁")]));
        assert!(!leads_to("甲乙丙", "甲乙", &[("甲", "乙")]));
    }
}

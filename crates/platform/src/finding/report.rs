//! A check, or a person, found something.

use gongkai_basis::Actor;
use gongkai_basis::Date;
use gongkai_basis::id::{FindingId, OrganId};
use serde_json::json;

use super::{Finding, FindingKind, FindingState, Severity, Source, Step, store, tell};
use crate::audit::Event;
use crate::db::{StoreError, Tx};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The organ that has to mend it.
    pub organ: OrganId,
    /// The office that watches over it.
    pub office: OrganId,
    /// What makes it the same finding when it is found again, within the organ: `evidence:{id}`.
    pub key: String,
    pub kind: FindingKind,
    pub severity: Severity,
    pub source: Source,
    pub title: String,
    pub detail: String,
    pub url: Option<String>,
    /// The noun and id of what it is about, such as `("task", id)`.
    pub about: Option<(String, String)>,
    pub found_on: Date,
    pub fix_due_on: Option<Date>,
}

/// Notes a finding. The same key of the same organ is one finding: found again, it stays as it is, or opens again when
/// it was closed or claimed to be mended.
///
/// # Errors
/// When the store fails.
pub async fn report(tx: &mut Tx, actor: &Actor, found: Found) -> Result<Finding, StoreError> {
    if let Some(mut finding) = store::by_key(tx, found.organ, &found.key).await? {
        return again(tx, actor, &mut finding, found)
            .await
            .map(|()| finding);
    }
    let confirmed = match found.source {
        Source::Check => None,
        Source::Person | Source::Bulletin => Some(found.found_on),
    };
    let finding = Finding {
        id: FindingId::new(tx.fresh()),
        organ: found.organ,
        organ_name: String::new(),
        office: found.office,
        key: found.key,
        kind: found.kind,
        severity: found.severity,
        source: found.source,
        title: found.title,
        detail: found.detail,
        url: found.url,
        about: found.about,
        state: match confirmed {
            Some(_) => FindingState::Confirmed,
            None => FindingState::ToVerify,
        },
        found_by: actor.name().to_owned(),
        found_on: found.found_on,
        last_found_on: found.found_on,
        times: 1,
        fix_due_on: found.fix_due_on,
        confirmed_on: confirmed,
        claim: None,
        claimed_by: None,
        claimed_on: None,
        verdict: None,
        closed_on: None,
        reason: None,
        until_on: None,
        version: 1,
    };
    store::insert(tx, &finding).await?;
    let sentence = format!("发现问题（{}）：{}", finding.kind.name(), finding.title);
    record(tx, actor, &finding, "finding.found", sentence);
    if finding.state == FindingState::Confirmed {
        tell::unit(tx, &finding, "有一个问题需要整改").await?;
    }
    Ok(finding)
}

async fn again(
    tx: &mut Tx,
    actor: &Actor,
    finding: &mut Finding,
    found: Found,
) -> Result<(), StoreError> {
    let before = finding.state;
    // Found once more on the same day in the same state says nothing new.
    let next = before.after(Step::FoundAgain).unwrap_or(before);
    if next == before && finding.last_found_on == found.found_on {
        return Ok(());
    }
    finding.times += 1;
    finding.last_found_on = found.found_on;
    finding.detail = found.detail;
    finding.state = next;
    if next != before {
        finding.closed_on = None;
        finding.verdict = Some("再次检查时问题仍在。".to_owned());
        finding.fix_due_on = found.fix_due_on.or(finding.fix_due_on);
        finding.confirmed_on = finding.confirmed_on.or(Some(found.found_on));
    }
    store::update(tx, finding).await?;
    let sentence = if next == before {
        format!("再次发现（第{}次），{}", finding.times, before.name())
    } else {
        format!(
            "再次发现（第{}次），由{}改为{}",
            finding.times,
            before.name(),
            next.name()
        )
    };
    record(tx, actor, finding, "finding.found-again", sentence);
    if next != before && finding.confirmed_on.is_some() {
        tell::unit(tx, finding, "问题再次出现，需要整改").await?;
    }
    Ok(())
}

/// A check looked again and found nothing any more: that is the re-check which closes.
///
/// # Errors
/// When the store fails.
pub async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    of: (OrganId, &str),
    today: Date,
) -> Result<Option<Finding>, StoreError> {
    settle_as(tx, actor, of, today, "再次检查，问题已不存在").await
}

/// [`settle`] in other words: why there is nothing to mend any more.
///
/// # Errors
/// When the store fails.
pub async fn settle_as(
    tx: &mut Tx,
    actor: &Actor,
    (organ, key): (OrganId, &str),
    today: Date,
    why: &str,
) -> Result<Option<Finding>, StoreError> {
    let Some(mut finding) = store::by_key(tx, organ, key).await? else {
        return Ok(None);
    };
    let Some(next) = finding.state.after(Step::Pass) else {
        return Ok(None);
    };
    finding.state = next;
    finding.closed_on = Some(today);
    finding.verdict = Some(format!("{why}。"));
    store::update(tx, &mut finding).await?;
    record(
        tx,
        actor,
        &finding,
        "finding.closed",
        format!("复核通过，已销号：{why}"),
    );
    Ok(Some(finding))
}

pub(super) fn record(
    tx: &mut Tx,
    actor: &Actor,
    finding: &Finding,
    kind: &'static str,
    sentence: String,
) {
    tx.record(
        Event::new(actor, kind, ("finding", finding.id.to_string()), sentence)
            .organ(finding.organ)
            .data(json!({ "kind": finding.kind.code(), "state": finding.state.code(), "about": finding.about })),
    );
}

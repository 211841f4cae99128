//! An answer that is late, and a review that was lost, become findings: a person of the office verifies them, then they count
//! in scores.

use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::store::Side;
use gongkai_platform::finding::{
    self, Finding, FindingKind, FindingState, Found, Severity, Source,
};

use super::store;
use crate::id::RequestId;
use crate::publication::office_over;
use crate::request::Request;
use crate::request::submit::desk_of;
use crate::review::{Remedy, RemedyOutcome};

const REQUEST: &str = "request";
const REMEDY: &str = "remedy";
/// Findings that nobody has verified, of those that one night looks through.
const NOTED_MAX: i64 = 2_000;

async fn there(
    tx: &mut Tx,
    of: (&str, &str),
    kind: FindingKind,
) -> Result<Option<Finding>, StoreError> {
    let all = finding::store::about(tx, Side::Office(&Scope::Everything), of).await?;
    Ok(all.into_iter().find(|finding| finding.kind == kind))
}

/// An application whose day is past: noted once. Law: 条例 art. 33, 47. What is over its 本机关办理期限 breaks no article.
///
/// # Errors
/// When the store fails.
pub(crate) async fn late(tx: &mut Tx, request: &Request, today: Date) -> Result<bool, StoreError> {
    let id = request.id.to_string();
    if !request.kind.is_timed_by_law() {
        return mistaken(tx, &id, today).await;
    }
    let Some(due) = request.due_on.filter(|due| *due < today) else {
        return Ok(false);
    };
    if there(tx, (REQUEST, &id), FindingKind::LateReply)
        .await?
        .is_some_and(|finding| finding.state != FindingState::Closed)
    {
        return Ok(false);
    }
    let organ = desk_of(tx, request.organ).await?;
    let found = Found {
        organ,
        office: office_over(tx, organ).await?,
        key: format!("request-late:{id}"),
        kind: FindingKind::LateReply,
        severity: Severity::Major,
        source: Source::Check,
        title: format!("申请{}逾期未答复", request.number),
        detail: format!(
            "{}受理的申请{}，答复期限到{due}，到{today}没有答复（条例第33条）。",
            request.organ_name, request.number
        ),
        url: None,
        about: Some((REQUEST.to_owned(), id)),
        found_on: today,
        fix_due_on: None,
    };
    finding::report(tx, &Actor::System, found).await?;
    Ok(true)
}

/// What was noted of a 更正 or a 投诉 before these had a limit of their own goes, while nobody has verified it.
async fn mistaken(tx: &mut Tx, id: &str, today: Date) -> Result<bool, StoreError> {
    let known = there(tx, (REQUEST, id), FindingKind::LateReply).await?;
    if let Some(finding) = known.filter(|it| it.state == FindingState::ToVerify) {
        let of = (finding.organ, finding.key.as_str());
        let why = "更正和投诉按本机关办理期限办理，不适用条例第33条的期限";
        finding::settle_as(tx, &Actor::System, of, today, why).await?;
    }
    Ok(false)
}

/// The same for cases that do not run any more, of which no night hears otherwise.
///
/// # Errors
/// When the store fails.
pub(crate) async fn sweep(tx: &mut Tx, today: Date) -> Result<(), StoreError> {
    let narrow = finding::Narrow {
        state: Some(FindingState::ToVerify),
        kind: Some(FindingKind::LateReply),
        ..finding::Narrow::default()
    };
    let side = Side::Office(&Scope::Everything);
    let noted = finding::store::list(tx, side, &narrow, (0, NOTED_MAX)).await?;
    let about = noted.into_iter().filter_map(|one| one.about);
    let cases: Vec<RequestId> = about
        .filter(|(kind, _)| kind == REQUEST)
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    for id in store::by_own_term(tx, &cases).await? {
        mistaken(tx, &id.to_string(), today).await?;
    }
    Ok(())
}

/// The answer left: what was verified as late is mended, and goes on counting; what nobody verified stays for the office, except
/// where the answer was in time after all.
///
/// # Errors
/// When the store fails.
pub(crate) async fn answered(
    tx: &mut Tx,
    request: &Request,
    today: Date,
) -> Result<(), StoreError> {
    let id = request.id.to_string();
    if !request.kind.is_timed_by_law() {
        mistaken(tx, &id, today).await?;
        return Ok(());
    }
    let (Some(on), Some(due)) = (request.replied_on, request.due_on) else {
        return Ok(());
    };
    let Some(finding) = there(tx, (REQUEST, &id), FindingKind::LateReply).await? else {
        return Ok(());
    };
    let verified = finding.state != FindingState::ToVerify;
    if !finding.state.is_open() || verified == (on <= due) {
        return Ok(());
    }
    let why = if verified {
        format!("已于{on}答复，超期的事实照计")
    } else {
        format!("答复于{on}发出，没有超过{due}")
    };
    let of = (finding.organ, finding.key.as_str());
    finding::settle_as(tx, &Actor::System, of, today, &why).await?;
    Ok(())
}

/// A review or suit in which the organ was corrected; what was noted by mistake goes while nobody has verified it.
///
/// # Errors
/// When the store fails.
pub(crate) async fn lost(
    tx: &mut Tx,
    actor: &Actor,
    remedy: &Remedy,
    today: Date,
) -> Result<(), StoreError> {
    let id = remedy.id.to_string();
    let ending = remedy.ending.as_ref();
    let corrected = ending.filter(|ending| {
        ending.outcome == RemedyOutcome::Corrected && remedy.removed_why.is_none()
    });
    let known = there(tx, (REMEDY, &id), FindingKind::LostReview).await?;
    let Some(ending) = corrected else {
        if let Some(finding) = known.filter(|it| it.state == FindingState::ToVerify) {
            let of = (finding.organ, finding.key.as_str());
            finding::settle_as(tx, actor, of, today, "结果的登记已经更正").await?;
        }
        return Ok(());
    };
    if known.is_some_and(|finding| finding.state != FindingState::Closed) {
        return Ok(());
    }
    let organ = desk_of(tx, remedy.organ).await?;
    let words = &remedy.words;
    let found = Found {
        organ,
        office: office_over(tx, organ).await?,
        key: format!("remedy-lost:{id}"),
        kind: FindingKind::LostReview,
        severity: Severity::Major,
        source: Source::Check,
        title: format!("{}{}被纠正", words.kind.name(), words.case_number),
        detail: format!(
            "{}于{}审结，结果纠正。以后应当：{}",
            words.body, ending.decided_on, ending.lesson
        ),
        url: None,
        about: Some((REMEDY.to_owned(), id)),
        found_on: ending.decided_on,
        fix_due_on: None,
    };
    finding::report(tx, actor, found).await?;
    Ok(())
}

//! What was approved goes out: exactly the sealed edition, as a correction or as an amendment of what the public read.

use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{Act, Permit};
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::handle::event;
use super::validity::{Change, Turn};
use super::{
    Document, Edition, LINE_CHARS_MAX, Openness, SUMMARY_CHARS_MAX, State, Visibility, cited,
    files, index_number, number, seal, sealed, store, turn,
};
use crate::acts::PublishDocuments;
use crate::id::DocumentId;
use crate::review::{self, answer, concerned, urgent};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};

pub(crate) async fn existing<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    (id, version): (DocumentId, i64),
) -> Result<Document, NotDone> {
    let document = store::load(tx, permit.scope(), id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if document.version != version {
        return Err(StoreError::Stale.into());
    }
    Ok(document)
}

/// Publishes the approved edition now. `explanation` is said to the public where something was published before.
///
/// # Errors
/// Not found; stale; refused when it was not approved, is not open, or is not the text that was approved.
pub async fn publish(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    explanation: &str,
) -> Result<Document, NotDone> {
    let document = existing(tx, permit, of).await?;
    not_late_reviewer(tx, permit, &document).await?;
    go_out(tx, permit.actor(), document, Word::Corrects(explanation)).await
}

/// Publishes the approved edition as the text that an amendment made: the one before stays readable as the text until `from`.
///
/// # Errors
/// As [`publish`]; refused where nothing is published that could be amended, or the kind has no validity.
pub async fn amend(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    (from, basis): (Date, &str),
) -> Result<Document, NotDone> {
    let document = existing(tx, permit, of).await?;
    not_late_reviewer(tx, permit, &document).await?;
    go_out(tx, permit.actor(), document, Word::Amends(from, basis)).await
}

/// What the next text is to the one that the public reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word<'a> {
    /// The old one was wrong, and nobody shows it any more; why, for the public.
    Corrects(&'a str),
    /// The old one was law until the day before; what changed it.
    Amends(Date, &'a str),
}

/// Who lets an urgent text out takes no step of its late review: the database keeps one duty for one person.
async fn not_late_reviewer(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    document: &Document,
) -> Result<(), StoreError> {
    let Some(account) = permit.actor().account() else {
        return Ok(());
    };
    let account = account.to_string();
    let stages = review::store::of(tx, document.edition).await?;
    let late = document.state == State::Reviewing && urgent::may_go_out(&stages);
    if late
        && review::store::duty(tx, document.edition, &account)
            .await?
            .is_none()
    {
        review::store::take_duty(tx, document.edition, &account, "publish").await?;
    }
    Ok(())
}

pub(super) async fn go_out(
    tx: &mut Tx,
    actor: &Actor,
    mut document: Document,
    word: Word<'_>,
) -> Result<Document, NotDone> {
    let edition = store::edition(tx, document.edition)
        .await?
        .ok_or(NotDone::NotFound)?;
    let mut reasons = why_not(tx, &document, &edition).await?;
    reasons.extend(why_not_said(&document, word));
    if let Word::Amends(from, _) = word {
        reasons.extend(turn::why_not_amended(tx, &document, from).await?);
    }
    refused(reasons)?;
    let stages = review::store::of(tx, edition.id).await?;
    let late = !review::is_through(&stages);
    let now = tx.now();
    let kept_on = kept_day(&document, &edition);
    if document.index_number.is_empty() {
        let day = kept_on.unwrap_or_else(|| gongkai_platform::web::civil_day(now));
        document.index_number = index_number::handle::next(tx, document.organ, day).await?;
    }
    let published_before = document.visibility != Visibility::Never;
    let verb = match (word, document.visibility) {
        (Word::Amends(_, _), _) => "修改后发布",
        (Word::Corrects(_), Visibility::Never) => "发布",
        (Word::Corrects(_), Visibility::Public | Visibility::Withdrawn) => "更正发布",
    };
    if !late {
        document.state = State::Settled;
    }
    document.visibility = Visibility::Public;
    document.published = Some(edition.id);
    document.published_at = document
        .published_at
        .filter(|_| published_before || kept_on.is_some())
        .or(Some(now.as_millisecond()));
    document.publish_at = None;
    match word {
        Word::Corrects(explanation) => document.explain(explanation, now),
        Word::Amends(_, _) => document.explain("", now),
    }
    store::update(tx, &document, Some(&edition.head)).await?;
    let from = amended(tx, actor, document.id, word).await?;
    let haste = if late {
        "（紧急发布，其余审核步骤发布后补办）"
    } else {
        ""
    };
    let sentence = format!(
        "{verb}{}《{}》{haste}",
        document.kind.name(),
        edition.head.title
    );
    let with = store::sealed(tx, edition.id).await?;
    tx.record(
        event(actor, &document, "document.published", sentence).data(json!({
            "edition": edition.hash, "seal": with.map(|(seal, _)| seal), "amends_from": from,
        })),
    );
    if published_before {
        cited::changed(tx, &document, verb).await?;
    }
    document.version += 1;
    Ok(document)
}

/// The day on which an older site had published it, where that can be true: nothing is published before it is signed.
pub(crate) fn kept_day(document: &Document, edition: &Edition) -> Option<Date> {
    let day = document.published_before_on()?;
    let signed = edition.head.issued_on;
    signed.is_none_or(|signed| signed <= day).then_some(day)
}

/// Keeps an amendment as an event of validity; the day from which its text counts.
async fn amended(
    tx: &mut Tx,
    actor: &Actor,
    document: DocumentId,
    word: Word<'_>,
) -> Result<Option<String>, StoreError> {
    let Word::Amends(from, basis) = word else {
        return Ok(None);
    };
    let turn = Turn {
        change: Change::Amended,
        on: from,
        basis: basis.to_owned(),
        until: None,
        successor: None,
        by: actor.name().to_owned(),
    };
    store::insert_turn(tx, document, &turn).await?;
    Ok(Some(from.to_string()))
}

/// What is missing in what is said about the text that the public read until now.
pub(super) fn why_not_said(document: &Document, word: Word<'_>) -> Vec<Reason> {
    let published = document.visibility != Visibility::Never;
    match word {
        Word::Corrects(explanation) => {
            let wanted = if published { Wanted::Yes } else { Wanted::No };
            text_fault(
                ("explanation", "更正说明"),
                explanation,
                SUMMARY_CHARS_MAX,
                wanted,
            )
            .into_iter()
            .collect()
        }
        Word::Amends(from, basis) => {
            let mut reasons: Vec<Reason> = text_fault(
                ("explanation", "修改的依据"),
                basis,
                LINE_CHARS_MAX,
                Wanted::Yes,
            )
            .into_iter()
            .collect();
            if !published || !document.kind.has_validity() {
                reasons.push((
                    "word",
                    "还没有发布过，或者这类文件没有有效性，不能作为修改发布；没有发布过的直接发布，其他的选“更正差错”。".to_owned(),
                ));
            }
            if document.effective_on.is_some_and(|first| from < first) {
                reasons.push((
                    "from",
                    "修改后的施行日期不能早于文件的施行日期。".to_owned(),
                ));
            }
            reasons
        }
    }
}

/// What keeps the edition from the public, whatever is said about it.
async fn why_not(
    tx: &mut Tx,
    document: &Document,
    edition: &Edition,
) -> Result<Vec<Reason>, StoreError> {
    let mut reasons = Vec::new();
    let stages = review::store::of(tx, edition.id).await?;
    let urgent = document.state == State::Reviewing
        && document.published != Some(edition.id)
        && urgent::may_go_out(&stages);
    if document.state != State::Approved && !urgent {
        reasons.push(("state", "只有审核通过的文件才能发布。".to_owned()));
    }
    if !review::is_through(&stages) && !urgent {
        reasons.push((
            "state",
            "没有完整的审核记录，不能发布（《条例》第十七条）。请在“修改”里保存后重新送审。"
                .to_owned(),
        ));
    }
    if seal(&edition.head, &edition.html) != edition.hash {
        reasons.push((
            "state",
            "正文与审核时的封存值不一致，不能发布。请联系系统管理员运行“gongkai verify”。"
                .to_owned(),
        ));
    }
    let broken = sealed::why_broken(tx, document, edition).await?;
    reasons.extend(broken.into_iter().map(|why| {
        (
            "state",
            format!("{why}，不是审核通过的样子，不能发布。请在“修改”里核对附件后重新送审。"),
        )
    }));
    reasons.extend(files::why_down(tx, document, edition.id).await?);
    reasons.extend(number::why_not(tx, document, &edition.head).await?);
    reasons.extend(answer::why_not_out(tx, document, edition, &stages).await?);
    let asked = concerned::store::of(tx, document.id).await?;
    reasons.extend(concerned::why_not_out(&asked, edition.id));
    let today = gongkai_platform::web::civil_day(tx.now());
    reasons.extend(edition.head.why_over(today));
    if edition.head.openness() != Openness::Open {
        reasons.push((
            "openness",
            format!(
                "公开属性为“{}”，不能发布。要公开的，请在“修改”里改为主动公开，重新送审。",
                edition.head.openness().name()
            ),
        ));
    }
    Ok(reasons)
}

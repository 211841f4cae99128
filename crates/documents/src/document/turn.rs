//! 有效性 changes by acts of people: recorded once, and undone where it was recorded by mistake.

use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::web::day;

use super::handle::event;
use super::publish::existing;
use super::validity::{self, Change, Turn};
use super::{Document, LINE_CHARS_MAX, Visibility, cited, history, store, successor};
use crate::acts::PublishDocuments;
use crate::id::{DocumentId, TurnId};

/// What ended does not go on: neither after 废止 or 宣布失效, nor after the last day, when it lapsed by itself.
fn why_not_turn(
    document: &Document,
    before: &[Turn],
    (change, on): (Change, Date),
) -> Option<Reason> {
    if document.issued_on.is_some_and(|issued| on < issued) {
        return Some(("on", "日期不能早于成文日期。".to_owned()));
    }
    if let Some(end) = before.iter().find(|turn| turn.change.is_end()) {
        let sentence = format!(
            "已在{}记入“{}”，此后有效性不再改变。",
            day(end.on),
            end.change.name()
        );
        return Some(("change", sentence));
    }
    let (last, days) = validity::left(on, document.expires_on, before)?;
    (change == Change::Kept && days < 0).then(|| {
        let sentence = format!(
            "有效期到{}为止，此后已自动失效，不能再记“继续有效”；仍要执行的，请重新制定。决定在此之前作出的，日期请填作出决定的那天。",
            day(last)
        );
        ("on", sentence)
    })
}

/// What keeps a text from going out as the one that an amendment made and that counts from a day: what keeps the amendment
/// from being recorded, and a text of an earlier amendment that counts from that day or a later one.
pub(super) async fn why_not_amended(
    tx: &mut Tx,
    document: &Document,
    from: Date,
) -> Result<Vec<Reason>, StoreError> {
    let before = store::turns(tx, &[document.id]).await?;
    let before: Vec<Turn> = before.into_iter().map(|(_, turn)| turn).collect();
    let reason = why_not_turn(document, &before, (Change::Amended, from));
    let mut reasons: Vec<Reason> = reason
        .map(|(field, said)| (if field == "on" { "from" } else { "word" }, said))
        .into_iter()
        .collect();
    let mut days = history::amending_days(tx, document).await?;
    // What was undone amended nothing.
    days.retain(|day| {
        let mut turns = before.iter();
        turns.any(|turn| turn.change == Change::Amended && turn.on == *day)
    });
    if let Some(last) = days.last().filter(|last| from <= **last) {
        reasons.push((
            "from",
            format!(
                "上一次修改后的文本自{}起施行，这一次的施行日期应当在它以后。",
                day(*last)
            ),
        ));
    }
    Ok(reasons)
}

/// 继续有效 names the last day that it has now, which lies not before the day of the decision.
fn why_not_until(on: Date, until: Option<Date>) -> Option<Reason> {
    let said = match until {
        None => "继续有效要写明新的有效期至。".to_owned(),
        Some(until) if until < on => format!(
            "新的有效期至{}早于处理日期{}，请核对这两个日期。",
            day(until),
            day(on)
        ),
        Some(_) => return None,
    };
    Some(("until", said))
}

/// What keeps a change of validity from being recorded.
///
/// # Errors
/// When the store fails.
pub(super) async fn why_not(
    tx: &mut Tx,
    document: &Document,
    (change, on, until): (Change, Date, Option<Date>),
    basis: &str,
) -> Result<Vec<Reason>, StoreError> {
    let mut reasons: Vec<Reason> =
        text_fault(("basis", "依据"), basis, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect();
    if document.visibility != Visibility::Public || !document.kind.has_validity() {
        reasons.push((
            "change",
            "只有已发布的规章、文件、规划、预案有有效性。".to_owned(),
        ));
    }
    if change == Change::Kept {
        reasons.extend(why_not_until(on, until));
    }
    let before = store::turns(tx, &[document.id]).await?;
    let before: Vec<Turn> = before.into_iter().map(|(_, turn)| turn).collect();
    reasons.extend(why_not_turn(document, &before, (change, on)));
    Ok(reasons)
}

/// Says what became of a published document's validity; `successor` names what takes its place, or is empty.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn turn(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    (change, on, until): (Change, Date, Option<Date>),
    (basis, successor): (&str, &str),
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    let mut reasons = why_not(tx, &document, (change, on, until), basis).await?;
    let successor = successor::named(tx, document.id, (change, successor)).await?;
    let successor = successor.unwrap_or_else(|reason| {
        reasons.push(reason);
        None
    });
    refused(reasons)?;
    let turn = Turn {
        change,
        on,
        basis: basis.to_owned(),
        until: until.filter(|_| change == Change::Kept),
        successor,
        by: permit.actor().name().to_owned(),
    };
    store::insert_turn(tx, document.id, &turn).await?;
    // The version moves, so that two people do not repeal it twice.
    store::update(tx, &document, None).await?;
    let next = turn.successor.as_ref();
    let next = next.map_or_else(String::new, |next| format!("，由{}替代", next.written));
    let sentence = format!(
        "《{}》{}（{on}，{basis}）{next}",
        document.title,
        change.name()
    );
    tx.record(event(
        permit.actor(),
        &document,
        "document.validity",
        sentence,
    ));
    cited::changed(tx, &document, change.name()).await?;
    Ok(())
}

/// Takes back an event of validity that was recorded by mistake. It stays, struck out, with the reason that the public reads.
///
/// Where it came with an amended text, that text becomes a correction of the one before (`history`): nothing was amended.
///
/// # Errors
/// Not found; stale; refused without a reason, or when it was undone before.
pub async fn undo(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (DocumentId, i64),
    (turn, why): (TurnId, &str),
) -> Result<(), NotDone> {
    let document = existing(tx, permit, of).await?;
    let recorded = store::recorded(tx, document.id).await?;
    let one = recorded
        .into_iter()
        .find(|one| one.id == turn)
        .ok_or(NotDone::NotFound)?;
    let mut reasons: Vec<Reason> = text_fault(
        ("why_undone", "撤销的理由"),
        why,
        LINE_CHARS_MAX,
        Wanted::Yes,
    )
    .into_iter()
    .collect();
    if one.undone.is_some() {
        reasons.push(("turn", "这条登记已经撤销。".to_owned()));
    }
    refused(reasons)?;
    let actor = permit.actor();
    store::undo_turn(tx, turn, (actor.name(), why)).await?;
    // The version moves: pages kept by others are asked for anew.
    store::update(tx, &document, None).await?;
    let (change, on, basis) = (one.turn.change.name(), one.turn.on, &one.turn.basis);
    let sentence = format!(
        "撤销《{}》的有效性登记“{change}”（{on}，{basis}）：{why}",
        document.title
    );
    tx.record(event(
        actor,
        &document,
        "document.validity-undone",
        sentence,
    ));
    cited::changed(tx, &document, "撤销有效性登记").await?;
    Ok(())
}

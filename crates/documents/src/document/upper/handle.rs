//! 上级文件 are entered, corrected, and it is recorded what became of them; whoever rests on one is told.

use gongkai_basis::{Actor, Date};
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::web::{civil_day, day};

use super::{Look, STANDINGS, Standing, Upper, Words, seal, seal_of_amendment};
use crate::acts::{PublishDocuments, WriteDocuments};
use crate::document::validity::Validity;
use crate::document::{LINE_CHARS_MAX, cited, store};
use crate::id::UpperId;

/// The noun in events.
pub const SUBJECT: &str = "upper_document";
/// Documents whose people are told of one change.
const TOLD_MAX: i64 = 200;

pub(super) fn event(actor: &Actor, upper: &Upper, kind: &'static str, sentence: String) -> Event {
    Event::new(actor, kind, (SUBJECT, upper.id.to_string()), sentence).organ(upper.owner)
}

async fn tell(tx: &mut Tx, upper: &Upper, verb: &str) -> Result<(), StoreError> {
    let citing = store::citing_upper(tx, upper.id, store::Citing::All, TOLD_MAX).await?;
    let key = format!("upper:{}:{}", upper.id, upper.version);
    cited::tell(tx, &citing, (&key, &upper.words.title), verb).await
}

/// Another entry of the same 文号, or without one of the same title.
async fn twin(
    tx: &mut Tx,
    words: &Words,
    own: Option<UpperId>,
) -> Result<Option<Reason>, StoreError> {
    let known = store::upper_known(tx, words).await?;
    let known = known.filter(|known| Some(known.id) != own);
    Ok(known.map(|known| {
        let field = if words.number.is_empty() {
            "title"
        } else {
            "number"
        };
        let sentence = format!(
            "{}已由{}登记，不用再登记一条；内容有变化的，在那一条里登记。",
            known.words.written(),
            known.owner_name
        );
        (field, sentence)
    }))
}

/// Enters one. `cited_by` are the editions whose lines name it, as [`store::citing_words`] finds them.
///
/// # Errors
/// Not found without a unit to keep it; refused with all the reasons.
pub async fn add(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    (words, today): (Words, Date),
    cited_by: &[String],
) -> Result<UpperId, NotDone> {
    let owner = permit.roles().first().map(|held| held.organ);
    let owner = owner.ok_or(NotDone::NotFound)?;
    let mut reasons = words.why_not();
    reasons.extend(twin(tx, &words, None).await?);
    refused(reasons)?;
    let upper = Upper {
        id: UpperId::new(tx.fresh()),
        owner,
        owner_name: String::new(),
        seal: seal(&words.text),
        words,
        taken_on: today,
        standing: None,
        look: Look::default(),
        version: 1,
    };
    store::insert_upper(tx, &upper, permit.actor().name()).await?;
    store::bind_upper(tx, upper.id, cited_by).await?;
    let sentence = format!(
        "登记上级文件{}，文本取自{}",
        upper.words.written(),
        day(today)
    );
    tx.record(event(permit.actor(), &upper, "upper.add", sentence));
    Ok(upper.id)
}

async fn existing(
    tx: &mut Tx,
    scope: &Scope,
    (id, version): (UpperId, i64),
) -> Result<Upper, NotDone> {
    let upper = store::upper_within(tx, scope, id).await?;
    let upper = upper.ok_or(NotDone::NotFound)?;
    if upper.version == version {
        Ok(upper)
    } else {
        Err(StoreError::Stale.into())
    }
}

/// Puts the entry right, or takes another text: lines that were bound to the one before are told. `cited_by` as in [`add`].
///
/// # Errors
/// Not found outside one's own units; stale; refused with all the reasons.
pub async fn correct(
    tx: &mut Tx,
    permit: &Permit<WriteDocuments>,
    of: (UpperId, i64),
    (words, today): (Words, Date),
    cited_by: &[String],
) -> Result<(), NotDone> {
    let mut upper = existing(tx, permit.scope(), of).await?;
    let mut reasons = words.why_not();
    reasons.extend(twin(tx, &words, Some(upper.id)).await?);
    refused(reasons)?;
    let is_other = seal(&words.text) != seal(&upper.words.text);
    if is_other {
        upper.seal = seal(&words.text);
        upper.taken_on = today;
        upper.look = Look::default();
    }
    upper.words = words;
    store::update_upper(tx, &upper).await?;
    store::bind_upper(tx, upper.id, cited_by).await?;
    let written = upper.words.written();
    let sentence = if is_other {
        format!("上级文件{written}换为{}取得的文本", day(today))
    } else {
        format!("修改上级文件{written}的登记")
    };
    tx.record(event(permit.actor(), &upper, "upper.correct", sentence));
    if is_other {
        tell(tx, &upper, "的文本有变化").await?;
    }
    Ok(())
}

/// Records how it stands, as the public reads it from now on. What was recorded by mistake is put right by recording once more.
///
/// # Errors
/// Not found outside one's own units; stale; refused with all the reasons.
pub async fn record(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (UpperId, i64),
    (validity, on, basis): (Validity, Date, &str),
) -> Result<(), NotDone> {
    let mut upper = existing(tx, permit.scope(), of).await?;
    let mut reasons: Vec<Reason> =
        text_fault(("basis", "依据"), basis, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect();
    if !STANDINGS.contains(&validity) {
        reasons.push((
            "standing",
            "请选择现行有效、已修改、已废止或者已失效。".to_owned(),
        ));
    }
    let today = civil_day(tx.now());
    if on > today {
        let said = "日期不能晚于今天；以后才生效的变化，到那一天再登记。";
        reasons.push(("on", said.to_owned()));
    }
    refused(reasons)?;
    let standing = Standing {
        validity,
        on,
        basis: basis.to_owned(),
        by: permit.actor().name().to_owned(),
    };
    if validity == Validity::Amended {
        upper.seal = seal_of_amendment(&upper.seal, &standing);
    }
    // Where nothing waits, what a person settled before stays settled.
    if upper.is_flagged() {
        upper.look.settled = std::mem::take(&mut upper.look.flagged);
    }
    upper.standing = Some(standing);
    store::update_upper(tx, &upper).await?;
    let sentence = format!(
        "上级文件{}登记为“{}”（{on}，{basis}）",
        upper.words.written(),
        validity.name()
    );
    tx.record(event(permit.actor(), &upper, "upper.standing", sentence));
    tell(tx, &upper, validity.name()).await?;
    Ok(())
}

/// A person looked at the other text of its page: nothing changed that matters.
///
/// # Errors
/// Not found outside one's own units; stale; refused where nothing waits, or without a reason.
pub async fn settle(
    tx: &mut Tx,
    permit: &Permit<PublishDocuments>,
    of: (UpperId, i64),
    why: &str,
) -> Result<(), NotDone> {
    let mut upper = existing(tx, permit.scope(), of).await?;
    let mut reasons: Vec<Reason> =
        text_fault(("why", "核对结果"), why, LINE_CHARS_MAX, Wanted::Yes)
            .into_iter()
            .collect();
    if !upper.is_flagged() {
        reasons.push(("why", "没有等着核对的变化。".to_owned()));
    }
    refused(reasons)?;
    upper.look.settled = std::mem::take(&mut upper.look.flagged);
    store::update_upper(tx, &upper).await?;
    let sentence = format!("核对上级文件{}的网页：{why}", upper.words.written());
    tx.record(event(permit.actor(), &upper, "upper.settle", sentence));
    Ok(())
}

/// Its page has another text than was taken: the authors are told once of each such text.
///
/// # Errors
/// When the store fails.
pub(super) async fn flag(
    tx: &mut Tx,
    actor: &Actor,
    mut upper: Upper,
    found: String,
) -> Result<(), StoreError> {
    upper.look = Look {
        at: Some(tx.now().as_millisecond()),
        failed: String::new(),
        flagged: found,
        settled: upper.look.settled,
    };
    store::update_upper(tx, &upper).await?;
    let sentence = format!(
        "上级文件{}的网页与登记的文本不一致，等人核对",
        upper.words.written()
    );
    tx.record(event(actor, &upper, "upper.flag", sentence));
    tell(tx, &upper, "在来源网站上的文字与登记的不一致，可能已经修改").await
}

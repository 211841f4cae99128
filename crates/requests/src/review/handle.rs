//! Reviews and suits are noted, mended, ended, and taken off when they were entered by mistake.

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use serde_json::json;

use super::{
    AnswerDays, Ending, LINE_CHARS_MAX, Remedy, RemedyKind, RemedyOutcome, RemedyWords, RightTold,
    TEXT_CHARS_MAX, store,
};
use crate::acts::{KeepReviews, SetReviews};
use crate::letter::handle::case_of;
use crate::letter::{LetterId, RemedyId};
use crate::oversight::finding;
use crate::reach;
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};

/// What it hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    pub organ: OrganId,
    /// Empty without one.
    pub case_id: String,
    pub letter: Option<LetterId>,
    /// The review that a suit follows.
    pub after: Option<RemedyId>,
}

fn record(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    remedy: &Remedy,
    kind: &'static str,
    sentence: String,
) {
    let data = json!({
        "case": remedy.case_id,
        "kind": remedy.words.kind.code(),
        "outcome": remedy.ending.as_ref().map(|ending| ending.outcome.code()),
    });
    tx.record(
        Event::new(
            permit.actor(),
            kind,
            ("remedy", remedy.id.to_string()),
            sentence,
        )
        .organ(remedy.organ)
        .data(data),
    );
}

fn named(remedy: &Remedy) -> String {
    let words = &remedy.words;
    if words.case_number.is_empty() {
        // The chain of events keeps for ever what is said here: no name of a person.
        words.kind.name().to_owned()
    } else {
        format!("{}{}", words.kind.name(), words.case_number)
    }
}

fn faults(words: &RemedyWords, after: Option<&Remedy>, today: Date) -> Vec<Reason> {
    let line = |field: &'static str, name: &str, text: &str, wanted| {
        text_fault((field, name), text, LINE_CHARS_MAX, wanted)
    };
    let mut faults: Vec<Reason> = [
        line("case_number", "案号", &words.case_number, Wanted::No),
        line("applicant", "申请人（原告）", &words.applicant, Wanted::Yes),
        line("body", "复议机关（法院）", &words.body, Wanted::Yes),
        text_fault(
            ("matter", "请求事项"),
            &words.matter,
            TEXT_CHARS_MAX,
            Wanted::Yes,
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    let past = [
        ("served_on", "答复送达日期", words.served_on),
        ("learned_on", "知道复议权利的日期", words.learned_on),
        ("filed_on", "申请（起诉）日期", Some(words.filed_on)),
        ("copy_on", "收到副本日期", words.copy_on),
        ("answered_on", "提交答复日期", words.answered_on),
    ];
    for (field, name, date) in past {
        if date.is_some_and(|date| date > today) {
            faults.push((field, format!("“{name}”还没有到，请核对。")));
        }
    }
    if words
        .served_on
        .is_some_and(|served| served > words.filed_on)
    {
        faults.push((
            "filed_on",
            "申请（起诉）日期不能早于答复送达日期。".to_owned(),
        ));
    }
    if let Some(learned) = words.learned_on {
        faults.extend(learned_fault(words, learned).map(|said| ("learned_on", said.to_owned())));
    }
    if words.copy_on.is_some_and(|copy| copy < words.filed_on) {
        faults.push((
            "copy_on",
            "收到副本日期不能早于申请（起诉）日期。".to_owned(),
        ));
    }
    if let Some(answered) = words.answered_on
        && words.copy_on.is_none_or(|copy| answered < copy)
    {
        faults.push((
            "answered_on",
            "提交答复日期不能早于收到副本日期。".to_owned(),
        ));
    }
    match (words.kind, after) {
        (RemedyKind::SuitAfter, None) => {
            faults.push(("after", "复议后起诉须选择前面的行政复议。".to_owned()));
        }
        (RemedyKind::SuitAfter, Some(review)) if review.ending.is_none() => {
            faults.push(("after", "所选行政复议还没有审结，请先登记结果。".to_owned()));
        }
        (RemedyKind::Review | RemedyKind::DirectSuit, Some(_)) => {
            faults.push(("after", "只有复议后起诉才对应前面的行政复议。".to_owned()));
        }
        (RemedyKind::SuitAfter, Some(_)) | (_, None) => {}
    }
    faults
}

/// Why nobody can have come to know of the right on this day.
fn learned_fault(words: &RemedyWords, learned: Date) -> Option<&'static str> {
    if words.told == RightTold::Yes {
        Some("答复已经告知复议权利的，不用填写知道的日期。")
    } else if words.served_on.is_some_and(|served| learned < served) {
        Some("知道复议权利的日期不能早于答复送达日期。")
    } else if learned > words.filed_on {
        Some("知道复议权利的日期不能晚于申请（起诉）日期。")
    } else {
        None
    }
}

async fn before(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    after: Option<RemedyId>,
) -> Result<Option<Remedy>, NotDone> {
    let Some(id) = after else {
        return Ok(None);
    };
    let scope = reach::handled(tx, permit.roles()).await?;
    let found = store::load(tx, &scope, id).await?;
    let review =
        found.filter(|one| one.words.kind == RemedyKind::Review && one.removed_why.is_none());
    review.map(Some).ok_or_else(|| {
        NotDone::Refused(vec![(
            "after",
            "没有找到所选的行政复议，请返回“复议诉讼”重新登记。".to_owned(),
        )])
    })
}

/// Notes one.
///
/// # Errors
/// Not found for an organ out of reach; refused with all the reasons.
pub async fn note(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    ties: Ties,
    words: RemedyWords,
    today: Date,
) -> Result<Remedy, NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), ties.organ).await?;
    if !ties.case_id.is_empty() && case_of(tx, &ties.case_id, organ.id).await?.is_none() {
        return Err(NotDone::NotFound);
    }
    let review = before(tx, permit, ties.after).await?;
    refused(faults(&words, review.as_ref(), today))?;
    let remedy = Remedy {
        id: RemedyId::new(tx.fresh()),
        organ: organ.id,
        organ_name: organ.name,
        case_id: ties.case_id,
        letter: ties.letter,
        after: ties.after,
        words,
        answer_days: store::answer_days(tx, organ.id).await?,
        ending: None,
        removed_why: None,
        recorded_by: permit.actor().name().to_owned(),
        version: 1,
    };
    store::insert(tx, &remedy).await?;
    let sentence = format!("登记{}：{}", named(&remedy), remedy.words.matter);
    record(tx, permit, &remedy, "remedy.noted", sentence);
    Ok(remedy)
}

/// Sets within how many days an organ answers.
///
/// # Errors
/// Not found for an organ out of reach; stale; refused with all the reasons.
pub async fn set_answer_days(
    tx: &mut Tx,
    permit: &Permit<SetReviews>,
    organ: OrganId,
    days: &AnswerDays,
) -> Result<(), NotDone> {
    let organ = reach::handled_organ(tx, permit.roles(), organ).await?;
    refused(days.why_not())?;
    store::save_answer_days(tx, organ.id, days).await?;
    let said = format!(
        "复议答复期限{}日，简易程序{}日，诉讼答辩期限{}日，依据{}",
        days.review, days.simple, days.suit, days.basis
    );
    let subject = ("organ", organ.id.to_string());
    tx.record(Event::new(permit.actor(), "remedy.term-set", subject, said).organ(organ.id));
    Ok(())
}

async fn existing(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    (id, version): (RemedyId, i64),
) -> Result<Remedy, NotDone> {
    let scope = reach::handled(tx, permit.roles()).await?;
    let remedy = store::load(tx, &scope, id)
        .await?
        .filter(|one| one.removed_why.is_none())
        .ok_or(NotDone::NotFound)?;
    if remedy.version == version {
        Ok(remedy)
    } else {
        Err(StoreError::Stale.into())
    }
}

/// Mends what was noted; the kind stays.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn amend(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    of: (RemedyId, i64),
    words: RemedyWords,
    today: Date,
) -> Result<Remedy, NotDone> {
    let mut remedy = existing(tx, permit, of).await?;
    let review = before(tx, permit, remedy.after).await?;
    let words = RemedyWords {
        kind: remedy.words.kind,
        ..words
    };
    refused(faults(&words, review.as_ref(), today))?;
    remedy.words = words;
    store::update(tx, &remedy).await?;
    let sentence = format!("修改{}", named(&remedy));
    record(tx, permit, &remedy, "remedy.amended", sentence);
    Ok(remedy)
}

/// Notes how it ended, or mends that.
///
/// # Errors
/// Not found; stale; refused with all the reasons.
pub async fn end(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    of: (RemedyId, i64),
    ending: Ending,
    today: Date,
) -> Result<Remedy, NotDone> {
    let mut remedy = existing(tx, permit, of).await?;
    let corrected = ending.outcome == RemedyOutcome::Corrected;
    let wanted = |yes: bool| if yes { Wanted::Yes } else { Wanted::No };
    let mut faults: Vec<Reason> = [
        text_fault(
            ("reason", "结果和理由"),
            &ending.reason,
            TEXT_CHARS_MAX,
            Wanted::Yes,
        ),
        text_fault(
            ("lesson", "以后应当怎样做"),
            &ending.lesson,
            LINE_CHARS_MAX,
            wanted(corrected),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if corrected && ending.lesson_kind.is_none() {
        faults.push(("lesson_kind", "请选择提醒出现在哪种文书。".to_owned()));
    }
    if ending.decided_on < remedy.words.filed_on {
        faults.push((
            "decided_on",
            "审结日期不能早于申请（起诉）日期。".to_owned(),
        ));
    }
    if ending.decided_on > today {
        faults.push(("decided_on", "“审结日期”还没有到，请核对。".to_owned()));
    }
    if ending
        .decision_on
        .is_some_and(|on| on < ending.decided_on || on > today)
    {
        faults.push((
            "decision_on",
            "决定（裁判）送达日期应在审结日期到今天之间。".to_owned(),
        ));
    }
    refused(faults)?;
    let sentence = format!("{}审结：{}", named(&remedy), ending.outcome.name());
    remedy.ending = Some(ending);
    store::update(tx, &remedy).await?;
    record(tx, permit, &remedy, "remedy.ended", sentence);
    finding::lost(tx, permit.actor(), &remedy, today).await?;
    Ok(remedy)
}

/// Takes off what was entered by mistake.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn remove(
    tx: &mut Tx,
    permit: &Permit<KeepReviews>,
    of: (RemedyId, i64),
    (why, today): (&str, Date),
) -> Result<Remedy, NotDone> {
    let mut remedy = existing(tx, permit, of).await?;
    let fault = text_fault(("why", "删除原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    remedy.removed_why = Some(why.to_owned());
    store::update(tx, &remedy).await?;
    let sentence = format!("删除误录的{}：{why}", named(&remedy));
    record(tx, permit, &remedy, "remedy.removed", sentence);
    finding::lost(tx, permit.actor(), &remedy, today).await?;
    Ok(remedy)
}

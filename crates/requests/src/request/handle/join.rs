//! Steps that touch another case: splitting one off, joining one to another.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::{Actor, Date};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use serde_json::json;

use crate::fee::FeeScheme;
use crate::request::case::{Case, Entry};
use crate::request::state::Act;
use crate::request::step::Step;
use crate::request::store;
use crate::request::submit::{self, record};

/// A step that touches other cases: what is split off becomes one, what is merged needs its target, a fee by request counts
/// the applicant's month.
pub(super) async fn settled(
    tx: &mut Tx,
    case: &Case,
    step: Step,
    (actor, today, calendar): (&Actor, Date, &WorkCalendar),
) -> Result<Step, NotDone> {
    match step {
        Step::Split { subject, .. } => {
            let number = submit::split_off(tx, actor, case, &subject, (today, calendar)).await?;
            Ok(Step::Split { number, subject })
        }
        Step::Merge { into, why } => {
            let into = into.trim().to_owned();
            let target = store::by_number(tx, &into).await?;
            match apart(case, target.as_ref(), &into) {
                Some(sentence) if !into.is_empty() => {
                    Err(NotDone::Refused(vec![("into", sentence)]))
                }
                _ => Ok(Step::Merge { into, why }),
            }
        }
        Step::Charge { bill, ref why, .. }
            if bill.scheme == FeeScheme::ByRequest && why.trim().is_empty() =>
        {
            match store::list::place_in_month(tx, &case.request).await? {
                Some(place) if place.nth() != bill.count => {
                    Err(NotDone::Refused(vec![("count", place.refusal(bill.count))]))
                }
                _ => Ok(step),
            }
        }
        other => Ok(other),
    }
}

/// Why a case cannot go into another: everybody who applied gets an answer, and no due day moves back.
fn apart(case: &Case, target: Option<&Case>, into: &str) -> Option<String> {
    let (own, other) = (&case.request, target.map(|target| &target.request));
    let Some(other) = other.filter(|it| it.organ == own.organ && it.state.is_running()) else {
        return Some(format!("本机关没有编号{into}的在办申请。"));
    };
    if other.id == own.id {
        return None;
    }
    if store::applicant_key(&other.applicant) != store::applicant_key(&own.applicant) {
        return Some(format!(
            "{into}是另一位申请人的，各人的申请要分别答复，不能并案；内容相同的，可以用同样的内容分别答复。"
        ));
    }
    if other.kind != own.kind {
        return Some(format!(
            "{into}是{}，类别不同，不能并案，请分别答复。",
            other.kind.name()
        ));
    }
    let later = match (own.received_on, other.received_on) {
        (Some(own), Some(other)) => other > own,
        (Some(_), None) => true,
        (None, _) => false,
    };
    later.then(|| format!("{into}收到得更晚，并入会推迟答复期限；请把后收到的并入先收到的。"))
}

/// The case that another went into says so in its history.
pub(super) async fn joined(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    (into, today): (&str, Date),
) -> Result<(), NotDone> {
    let Some(mut target) = store::by_number(tx, into).await? else {
        return Ok(());
    };
    let (number, subject) = (&case.request.number, case.request.wish.short());
    let sentence = format!("{number}并入本件一并办理：{subject}");
    let entry = Entry {
        act: Some(Act::Note),
        on: today,
        at: tx.now().as_millisecond(),
        by: actor.name().to_owned(),
        account: actor.account(),
        sentence: sentence.clone(),
        public: sentence,
        data: json!({ "from": number }),
        clock: Vec::new(),
    };
    target.entries.push(entry.clone());
    store::save(tx, &target, &entry).await?;
    let said = format!("{}：{number}并入", target.request.number);
    record(tx, actor, &target, "request.joined", said);
    Ok(())
}

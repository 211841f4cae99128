//! 到期复核: what a reply withheld is looked at again on its day, and stays so, or may be open, with a reason.
//!
//! Law: 政府信息公开条例 (2019) art. 18: 对不予公开的政府信息进行定期评估审查，因情势变化可以公开的应当公开. It fixes no interval.

pub mod store;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, Role, coded};
use gongkai_platform::access::{Permit, Reach};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::web::day;
use jiff::ToSpan as _;

use crate::acts::TakeRequests;
use crate::id::RequestId;
use crate::publication;
use crate::reach;
use crate::request::case::Case;
use crate::request::submit::{desk_of, record};
use crate::request::{Request, TEXT_CHARS_MAX, store as requests};

/// Months until the next look, where nobody names another day: ours.
pub const MONTHS: i32 = 12;
/// Cases of one statement.
const AT_ONCE: i64 = 200;

coded! {
    /// What came of a look.
    pub enum Outcome {
        Kept = "kept", "仍不公开";
        Open = "open", "可以公开";
    }
}

/// One look at what was withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub on: Date,
    pub by: String,
    pub outcome: Outcome,
    pub why: String,
    pub next_on: Option<Date>,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub outcome: Option<Outcome>,
    pub why: String,
    /// Of what stays closed; `None` where its ground does not lapse.
    pub next_on: Option<Date>,
}

/// The day of the next look, where nobody names another.
#[must_use]
pub fn in_a_year(today: Date) -> Option<Date> {
    today.checked_add(MONTHS.months()).ok()
}

/// Did a reply that withheld something leave?
#[must_use]
pub fn is_withheld(request: &Request) -> bool {
    let withholds = request
        .decision
        .as_ref()
        .is_some_and(|decision| decision.reply.withholds());
    withholds && request.replied_on.is_some()
}

fn why_not(request: &Request, decided: &Decided, today: Date) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if !is_withheld(request) {
        let said = "这件申请没有不予公开的内容，或者答复还没有发出，不用复核。";
        reasons.push(("outcome", said.to_owned()));
    } else if decided.outcome.is_none() {
        reasons.push(("outcome", "请选择复核的结果。".to_owned()));
    }
    let why = ("why", "复核的理由");
    reasons.extend(text_fault(why, &decided.why, TEXT_CHARS_MAX, Wanted::Yes));
    if decided.outcome == Some(Outcome::Kept) && decided.next_on.is_some_and(|on| on <= today) {
        let said = "下次复核的日期应当在今天以后；不再复核的空着。";
        reasons.push(("next_on", said.to_owned()));
    }
    reasons
}

const TO_BE_PUBLIC: &str = "已经决定转为主动公开，请先在“是否主动公开”改为不转，再登记仍不公开。";

/// Did a look find that it may be open, and does the decision stand that all get it?
async fn is_to_be_public(tx: &mut Tx, request: &Request) -> Result<bool, StoreError> {
    if request.kept.opened_on.is_none() {
        return Ok(false);
    }
    let decided = publication::store::load(tx, request.id).await?;
    Ok(decided.is_some_and(|one| one.choice == publication::Choice::Yes))
}

/// Keeps what came of a look. What may be open is asked about as any release: whether all may have it.
///
/// # Errors
/// Not found outside of reach; stale; refused with all the reasons, and while somebody is to make public what would stay closed.
pub async fn decide(
    tx: &mut Tx,
    permit: &Permit<TakeRequests>,
    (id, version): (RequestId, i64),
    decided: Decided,
    today: Date,
) -> Result<Outcome, NotDone> {
    let scope = reach::answered(tx, permit.roles()).await?;
    let case = requests::own(tx, &scope, id)
        .await?
        .ok_or(NotDone::NotFound)?;
    if case.request.version != version {
        return Err(StoreError::Stale.into());
    }
    refused(why_not(&case.request, &decided, today))?;
    if decided.outcome == Some(Outcome::Kept) && is_to_be_public(tx, &case.request).await? {
        return Err(NotDone::Refused(vec![("outcome", TO_BE_PUBLIC.to_owned())]));
    }
    let outcome = decided.outcome.unwrap_or(Outcome::Kept);
    let look = Look {
        on: today,
        by: permit.actor().name().to_owned(),
        outcome,
        why: decided.why,
        next_on: decided.next_on.filter(|_| outcome == Outcome::Kept),
    };
    store::keep(tx, &case.request, &look).await?;
    if outcome == Outcome::Open {
        publication::ask_again(tx, &case.request).await?;
    }
    noted(tx, permit, &case, &look);
    Ok(outcome)
}

/// The event. The reason stays out of it: it may tell of people, and a chain forgets nothing.
fn noted(tx: &mut Tx, permit: &Permit<TakeRequests>, case: &Case, look: &Look) {
    let next = look
        .next_on
        .map_or_else(String::new, |on| format!("，下次复核{}", day(on)));
    let sentence = format!(
        "{}：复核不予公开的内容，{}{next}",
        case.request.number,
        look.outcome.name()
    );
    let kind = "request.withheld-reviewed";
    record(tx, permit.actor(), case, kind, sentence);
}

/// Tells each desk that the day of a look has come, once for each day.
///
/// # Errors
/// When the store fails.
pub(crate) async fn tell(tx: &mut Tx, today: Date) -> Result<u64, StoreError> {
    let (mut told, mut after) = (0, None);
    loop {
        let due = store::falling_due(tx, today, after, AT_ONCE).await?;
        let Some(last) = due.last() else {
            return Ok(told);
        };
        after = Some(last.id);
        let mut messages = Vec::with_capacity(due.len());
        for request in &due {
            let desk = desk_of(tx, request.organ).await?;
            messages.extend(request.kept.look_on.map(|on| message(request, desk, on)));
        }
        told += inbox::send(tx, messages).await?;
    }
}

fn message(request: &Request, organ: OrganId, on: Date) -> Outgoing {
    Outgoing {
        organ,
        roles: &[Role::RequestOfficer, Role::OfficeClerk],
        reach: Reach::Own,
        topic: Topic::Request,
        key: format!("request:{}:withheld:{on}", request.id),
        title: format!("不予公开的内容到期复核：{}", request.number),
        body: format!(
            "{}　{}。请评估情况有没有变化：仍不公开的写明理由，可以公开的接着决定是否主动公开（条例第18条）。",
            request.organ_name,
            request.wish.short()
        ),
        path: format!("/workspace/requests/{}/withheld", request.id),
        about: Some(on),
    }
}

#[cfg(test)]
mod tests {
    use gongkai_basis::Date;

    use super::{Decided, Outcome, in_a_year, why_not};
    use crate::request::Request;
    use crate::request::reply::{Decision, Reply};
    use crate::request::tests::sample;

    #[test]
    fn a_look_has_a_reason_and_a_day_that_is_to_come() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let today = day("2026-03-02");
        let mut request = sample();
        request.decision = Some(Decision::of(Reply::Refused));
        request.replied_on = Some(today);
        let faults = |request: &Request, outcome, why: &str, next_on: Option<&str>| {
            let decided = Decided {
                outcome,
                why: why.to_owned(),
                next_on: next_on.map(day),
            };
            let faults = why_not(request, &decided, today);
            faults
                .into_iter()
                .map(|(field, _)| field)
                .collect::<Vec<_>>()
        };
        let kept = Some(Outcome::Kept);
        assert_eq!(faults(&request, None, "", None), ["outcome", "why"]);
        assert_eq!(faults(&request, kept, "仍是过程性信息", None), [""; 0]);
        let past = faults(&request, kept, "理由", Some("2026-03-02"));
        assert_eq!(past, ["next_on"]);
        let open = Some(Outcome::Open);
        assert_eq!(faults(&request, open, "规划已经批准", None), [""; 0]);
        request.decision = Some(Decision::of(Reply::Open));
        assert_eq!(faults(&request, open, "理由", None), ["outcome"]);
        assert_eq!(in_a_year(today), Some(day("2027-03-02")));
    }
}

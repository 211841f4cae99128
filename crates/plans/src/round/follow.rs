//! Tasks that come, or move to a unit, while a round is open: who has not handed in yet gets them as rows at once; who has
//! is asked again only by the office.

use gongkai_basis::id::{OrganId, PlanId};
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::inbox::Topic;
use gongkai_platform::web::civil_day;

use super::store::{self, Outside};
use super::submit::event;
use super::{Round, RoundId, RoundState, Step, open};
use crate::acts::ManageRounds;
use crate::notify::{Notice, To, notify_all};
use crate::step::StepError;
use crate::when;

/// After a change of the plan's parts: the open rounds take up what came, for units that have not handed in. A round
/// whose day is past takes nothing up by itself: the unit would be late with work that it did not have.
///
/// # Errors
/// When the store fails.
pub(crate) async fn follow(tx: &mut Tx, actor: &Actor, plan: PlanId) -> Result<(), StoreError> {
    let today = civil_day(tx.now());
    for round in store::of_plan(tx, plan).await? {
        if takes_up_by_itself(&round, today) {
            let came: Vec<Outside> = store::outside(tx, &round)
                .await?
                .into_iter()
                .filter(Outside::still_owes)
                .collect();
            take(tx, actor, &round, &came).await?;
        }
    }
    Ok(())
}

fn takes_up_by_itself(round: &Round, today: Date) -> bool {
    match round.state {
        RoundState::Open => today <= round.due_on,
        RoundState::Closed | RoundState::Cancelled => false,
    }
}

/// The same for each of several plans.
///
/// # Errors
/// When the store fails.
pub(crate) async fn follow_all(
    tx: &mut Tx,
    actor: &Actor,
    plans: impl IntoIterator<Item = PlanId>,
) -> Result<(), StoreError> {
    for plan in plans {
        follow(tx, actor, plan).await?;
    }
    Ok(())
}

/// Writes the rows, and tells each unit.
async fn take(
    tx: &mut Tx,
    actor: &Actor,
    round: &Round,
    came: &[Outside],
) -> Result<u64, StoreError> {
    if came.is_empty() {
        return Ok(0);
    }
    let units: Vec<OrganId> = came.iter().map(|unit| unit.organ).collect();
    let rows = store::fill(tx, round, Some(&units)).await?;
    let sentence = format!("“{}”列入{rows}项新增或转入的任务", round.name);
    tx.record(open::event(actor, round, "round.filled", sentence));
    let at = tx.now().as_millisecond();
    let notices = came.iter().map(|unit| Notice {
        to: To::Unit,
        organ: unit.organ,
        topic: Topic::Round,
        key: format!("round:{}:{}:filled:{at}", round.id, unit.organ),
        title: format!(
            "“{}”列入新转入的{}项任务，{}截止",
            round.name,
            unit.rows,
            when::date(round.due_on)
        ),
        body: round.plan_title.clone(),
        path: format!("/workspace/rounds/{}/units/{}", round.id, unit.organ),
        about: Some(round.due_on),
    });
    notify_all(tx, notices.collect()).await?;
    Ok(rows)
}

/// The office takes up everything that is not in the round yet; units that have handed in are asked for the rest, and
/// their first day goes on counting.
///
/// # Errors
/// Not found; refused when there is nothing new, or the round has ended.
pub async fn take_up(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    id: RoundId,
) -> Result<u64, StepError> {
    let round = open::load(tx, permit, id).await?;
    if round.state != RoundState::Open {
        return Err(StepError::refuse(format!(
            "这一轮{}，不能列入任务。",
            round.state.name()
        )));
    }
    let came = store::outside(tx, &round).await?;
    if came.is_empty() {
        return Err(StepError::refuse("没有新增或转入的任务要列入。"));
    }
    let rows = take(tx, permit.actor(), &round, &came).await?;
    for unit in came.iter().filter(|unit| !unit.still_owes()) {
        ask(tx, permit, &round, unit).await?;
    }
    Ok(rows)
}

/// A unit that has handed in begins anew with the new rows.
async fn ask(
    tx: &mut Tx,
    permit: &Permit<ManageRounds>,
    round: &Round,
    unit: &Outside,
) -> Result<(), StepError> {
    let everywhere = gongkai_platform::access::Scope::Everything;
    let mut of = store::unit(tx, round.id, &everywhere, unit.organ)
        .await?
        .ok_or(StepError::NotFound)?;
    let state = of.state;
    of.state = state.after(Step::Ask).ok_or_else(|| {
        StepError::refuse(format!(
            "{}现在是“{}”，不能要求补报。",
            of.organ_name,
            state.name()
        ))
    })?;
    of.begin_anew();
    of.decided_by = Some(permit.actor().name().to_owned());
    of.decided_at = Some(tx.now().as_millisecond());
    let reason = format!(
        "列入新增或转入的{}项任务，请填好后重新报送；原来的报送时间不变。",
        unit.rows
    );
    of.reason = Some(reason.clone());
    store::step(tx, &of).await?;
    let sentence = format!("{}“{}”：{reason}", Step::Ask.name(), round.name);
    let asked = event(permit.actor(), (round, &of), "round.asked", sentence);
    tx.record(asked);
    Ok(())
}

/// What the office sees of a round: everything that is not in it, while that can still be changed.
///
/// # Errors
/// When the store fails.
pub async fn left_out(tx: &mut Tx, round: &Round) -> Result<Vec<Outside>, StoreError> {
    match round.state {
        RoundState::Open => store::outside(tx, round).await,
        RoundState::Closed | RoundState::Cancelled => Ok(Vec::new()),
    }
}

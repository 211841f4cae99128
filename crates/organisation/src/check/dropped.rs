//! What the night no longer looks at: a government without a plan or without people, a unit that is no more. No check comes
//! there upon what is missing, nor sees that it is there by now; so findings about registers and rosters are settled.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Scope;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::store::{self as findings, Side};
use gongkai_platform::finding::{self, FindingState, Narrow};
use gongkai_platform::web::App;
use jiff::ToSpan as _;

use super::Item;
use crate::staff::StaffKind;

/// Days for which no check came upon a finding; an office without people for some nights is not given up.
const UNSEEN_DAYS: i32 = 30;
/// Findings read at once, and settled in one transaction.
const ROWS_AT_ONCE: i64 = 500;
const SETTLED_AT_ONCE: usize = 100;

/// Settles what no check came upon for so long; to be called when all that is looked at was looked at. Gives how many.
///
/// # Errors
/// When the store fails.
pub(super) async fn settle(app: &App, actor: &Actor, today: Date) -> Result<i64, StoreError> {
    let before = today
        .checked_sub(UNSEEN_DAYS.days())
        .map_err(|_| StoreError::Unsupported("there is no such day a month ago"))?;
    let stale = app
        .db
        .read(async |tx: &mut Tx| unseen(tx, before).await)
        .await?;
    let mut settled = 0;
    for some in stale.chunks(SETTLED_AT_ONCE) {
        settled += app
            .db
            .write(async |tx: &mut Tx| settle_some(tx, actor, some, today).await)
            .await?;
    }
    Ok(settled)
}

/// The findings about registers and rosters that are open and were last found before a day.
async fn unseen(tx: &mut Tx, before: Date) -> Result<Vec<(OrganId, String)>, StoreError> {
    let staff = StaffKind::ALL.iter().map(|kind| Item::Staff(*kind));
    let mut stale = Vec::new();
    for item in staff.chain([Item::Roster]) {
        for state in FindingState::ALL.iter().filter(|state| state.is_open()) {
            let narrow = Narrow {
                state: Some(*state),
                title: Some(item.title()),
                ..Narrow::default()
            };
            let mut offset = 0;
            loop {
                let side = Side::Office(&Scope::Everything);
                let page = findings::list(tx, side, &narrow, (offset, ROWS_AT_ONCE)).await?;
                let own =
                    |it: &&finding::Finding| it.key == item.key() && it.last_found_on < before;
                stale.extend(page.iter().filter(own).map(|it| (it.organ, it.key.clone())));
                if page.is_empty() {
                    break;
                }
                offset += ROWS_AT_ONCE;
            }
        }
    }
    Ok(stale)
}

async fn settle_some(
    tx: &mut Tx,
    actor: &Actor,
    some: &[(OrganId, String)],
    today: Date,
) -> Result<i64, StoreError> {
    let why =
        format!("{UNSEEN_DAYS}天没有再检查：本级没有在办的要点方案或没有人办理，或者单位已经调整");
    let mut settled = 0;
    for (organ, key) in some {
        let one = finding::settle_as(tx, actor, (*organ, key), today, &why).await?;
        settled += i64::from(one.is_some());
    }
    tx.record(Event::new(
        actor,
        "organisation.dropped",
        ("organisation", String::new()),
        format!("组织保障不再检查的问题销号{settled}项"),
    ));
    Ok(settled)
}

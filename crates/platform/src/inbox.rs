//! 收件箱: what people are told, in the transaction of whoever tells it, so that nobody hears of what did not happen.
//!
//! A sender names an organ and roles; everybody who holds one of them gets the message once. Telling is no change of
//! state and leaves no event of its own: the event that it tells of does.

pub mod digest;
mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use gongkai_basis::coded;
use gongkai_basis::id::{AccountId, MessageId, OrganId};
use gongkai_basis::{Date, Role};

use crate::access::Reach;
use crate::account::HandledWork;
use crate::db::{StoreError, Tx};
use crate::web::{self};

pub use pages::routes;
pub(crate) use store::{UNREAD, purge};

/// The longest title and body, in characters; what is longer is cut, for the whole stands behind the link.
pub const TITLE_CHARS_MAX: usize = 200;
pub const BODY_CHARS_MAX: usize = 300;
/// Beyond this the top bar says only that there are more.
pub const UNREAD_SHOWN_MAX: i64 = 99;
/// People that [`who`] names.
pub const NAMED_MAX: usize = 5;
/// How long a read message stays: 180 days.
const READ_KEPT_MILLISECONDS: i64 = 180 * 24 * 60 * 60 * 1000;

coded! {
    /// What a message is about, for the filter.
    pub enum Topic {
        Round = "round", "报送";
        Reminder = "reminder", "催办";
        Supervision = "supervision", "督办";
        Finding = "finding", "问题整改";
        Bulletin = "bulletin", "通报";
        Practice = "practice", "优秀案例";
        Score = "score", "考核";
        Change = "change", "任务变更";
        Review = "review", "回头看";
        Request = "request", "依申请公开";
        House = "house", "系统";
    }
}

/// One thing to tell, and whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub organ: OrganId,
    /// Everybody who holds one of these roles…
    pub roles: &'static [Role],
    /// …in the organ itself, or, for a role that reaches below, also in one above it; for one that reaches its government,
    /// also in the office of the organ.
    pub reach: Reach,
    pub topic: Topic,
    /// What is told to a person under the same key is told once.
    pub key: String,
    pub title: String,
    pub body: String,
    /// A path of this site.
    pub path: String,
    pub about: Option<Date>,
}

/// A message as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    /// As whose business it was told.
    pub organ_name: String,
    pub topic: Topic,
    pub title: String,
    pub body: String,
    pub path: String,
    pub about: Option<Date>,
    /// Milliseconds since 1970.
    pub at: i64,
    pub read_at: Option<i64>,
}

/// Tells people; gives how many messages were new. Two queries for the recipients however much is told, and one
/// statement for each batch of messages.
///
/// # Errors
/// When the store fails.
pub async fn send(tx: &mut Tx, outgoing: Vec<Outgoing>) -> Result<u64, StoreError> {
    let rows = addressed(tx, outgoing).await?;
    store::insert(tx, &rows).await
}

/// Tells one person, whatever its roles say.
///
/// # Errors
/// When the store fails.
pub async fn send_to(tx: &mut Tx, person: AccountId, one: Outgoing) -> Result<u64, StoreError> {
    store::insert(tx, &[(person, fitted(one))]).await
}

fn fitted(one: Outgoing) -> Outgoing {
    Outgoing {
        title: cut(&one.title, TITLE_CHARS_MAX),
        body: cut(&one.body, BODY_CHARS_MAX),
        path: web::local_path(&one.path, "/workspace").to_owned(),
        ..one
    }
}

/// Each message to each of its readers.
async fn addressed(
    tx: &mut Tx,
    outgoing: Vec<Outgoing>,
) -> Result<Vec<(AccountId, Outgoing)>, StoreError> {
    if outgoing.is_empty() {
        return Ok(Vec::new());
    }
    let today = web::civil_day(tx.now());
    let organs: Vec<OrganId> = outgoing.iter().map(|one| one.organ).collect();
    let above = if outgoing.iter().any(|one| one.reach == Reach::Below) {
        store::above(tx, &organs).await?
    } else {
        Vec::new()
    };
    let offices = if outgoing.iter().any(|one| one.reach == Reach::Government) {
        store::offices(tx, &organs).await?
    } else {
        Vec::new()
    };
    let mut asked: Vec<OrganId> = organs;
    asked.extend(above.iter().chain(&offices).map(|(_, other)| *other));
    asked.sort_unstable();
    asked.dedup();
    let mut roles: Vec<Role> = outgoing.iter().flat_map(|one| one.roles).copied().collect();
    roles.sort_unstable();
    roles.dedup();
    let holders = store::holders(tx, &asked, &roles, today).await?;
    let mut rows = Vec::new();
    for one in outgoing {
        let within = |organ: OrganId| {
            organ == one.organ
                || match one.reach {
                    Reach::Below => above.contains(&(one.organ, organ)),
                    Reach::Government => offices.contains(&(one.organ, organ)),
                    Reach::Own | Reach::Everything => false,
                }
        };
        let mut people: Vec<AccountId> = holders
            .iter()
            .filter(|holder| one.roles.contains(&holder.role) && within(holder.organ))
            .map(|holder| holder.account)
            .collect();
        people.sort_unstable();
        people.dedup();
        let one = fitted(one);
        rows.extend(people.into_iter().map(|person| (person, one.clone())));
    }
    Ok(rows)
}

/// Those of the organs in which nobody holds one of the roles, nor one of the other roles in its office, or,
/// where it is an office, in itself: what is told to them reaches nobody. Two queries.
///
/// # Errors
/// When the store fails.
pub async fn unanswered(
    tx: &mut Tx,
    organs: &[OrganId],
    roles: &'static [Role],
    office_roles: &'static [Role],
) -> Result<Vec<OrganId>, StoreError> {
    let today = web::civil_day(tx.now());
    let offices = store::offices(tx, organs).await?;
    let mut asked = organs.to_vec();
    asked.extend(offices.iter().map(|(_, office)| *office));
    let all: Vec<Role> = roles.iter().chain(office_roles).copied().collect();
    let holders = store::holders(tx, &asked, &all, today).await?;
    let answered: BTreeSet<OrganId> = holders
        .iter()
        .filter(|holder| roles.contains(&holder.role))
        .map(|holder| holder.organ)
        .collect();
    let desks: BTreeSet<OrganId> = holders
        .iter()
        .filter(|holder| office_roles.contains(&holder.role))
        .map(|holder| holder.organ)
        .collect();
    let by_office: BTreeSet<OrganId> = offices
        .iter()
        .filter(|(_, office)| desks.contains(office))
        .map(|(government, _)| *government)
        .collect();
    let nobody = |organ: &&OrganId| {
        !answered.contains(organ) && !desks.contains(organ) && !by_office.contains(organ)
    };
    Ok(organs.iter().filter(nobody).copied().collect())
}

/// Who is told what these roles are told in an organ, or these other roles in its office, by name: at most
/// [`NAMED_MAX`], each once. Where nobody is, nobody can do it.
///
/// # Errors
/// When the store fails.
pub async fn who(
    tx: &mut Tx,
    organ: OrganId,
    roles: &[Role],
    office_roles: &[Role],
) -> Result<Vec<String>, StoreError> {
    let today = web::civil_day(tx.now());
    let offices = store::offices(tx, &[organ]).await?;
    let mut asked = vec![organ];
    asked.extend(offices.iter().map(|(_, office)| *office));
    let all: Vec<Role> = roles.iter().chain(office_roles).copied().collect();
    let people: BTreeSet<AccountId> = store::holders(tx, &asked, &all, today)
        .await?
        .into_iter()
        .filter(|holder| {
            office_roles.contains(&holder.role)
                || (roles.contains(&holder.role) && holder.organ == organ)
        })
        .map(|holder| holder.account)
        .take(NAMED_MAX)
        .collect();
    store::names(tx, &people).await
}

/// Everybody who holds one of these roles in an organ or in its office, each once, by name.
///
/// # Errors
/// When the store fails.
pub async fn people(
    tx: &mut Tx,
    organ: OrganId,
    roles: &[Role],
) -> Result<Vec<(AccountId, String)>, StoreError> {
    let today = web::civil_day(tx.now());
    let offices = store::offices(tx, &[organ]).await?;
    let mut asked = vec![organ];
    asked.extend(offices.iter().map(|(_, office)| *office));
    let holders = store::holders(tx, &asked, roles, today).await?;
    let people: BTreeSet<AccountId> = holders.iter().map(|holder| holder.account).collect();
    store::named(tx, &people).await
}

/// Who holds one of these roles in an organ or in one above it, by name: at most [`NAMED_MAX`], each once.
///
/// # Errors
/// When the store fails.
pub async fn who_above(
    tx: &mut Tx,
    organ: OrganId,
    roles: &[Role],
) -> Result<Vec<String>, StoreError> {
    let today = web::civil_day(tx.now());
    let above = store::above(tx, &[organ]).await?;
    let mut asked = vec![organ];
    asked.extend(above.iter().map(|(_, above)| *above));
    let holders = store::holders(tx, &asked, roles, today).await?;
    let people: BTreeSet<AccountId> = holders.iter().map(|holder| holder.account).collect();
    store::names(tx, &people.into_iter().take(NAMED_MAX).collect()).await
}

/// Everybody has read what was there at an instant, as people would have by then; gives how many messages that were.
///
/// # Errors
/// When the store fails.
pub async fn read_until(tx: &mut Tx, until: jiff::Timestamp) -> Result<u64, StoreError> {
    store::read_until(tx, until.as_millisecond()).await
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// What of the inbox moves when a person leaves: what was not read.
#[must_use]
pub fn handled_work() -> Vec<Arc<dyn HandledWork>> {
    vec![Arc::new(Unread)]
}

struct Unread;

#[async_trait]
impl HandledWork for Unread {
    fn name(&self) -> &'static str {
        "未读消息"
    }

    async fn count(&self, tx: &mut Tx, account: AccountId) -> Result<i64, StoreError> {
        store::unread(tx, account).await
    }

    /// What the successor was told, too, is not told twice.
    async fn transfer(
        &self,
        tx: &mut Tx,
        from: AccountId,
        to: AccountId,
    ) -> Result<i64, StoreError> {
        store::give(tx, from, to).await
    }
}

//! 日历订阅: the secret address by which a person's calendar program reads what is due, as RFC 5545 says it.

use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::{Permit, Session};
use gongkai_platform::account;
use gongkai_platform::audit::Event as Recorded;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::Seams;
use gongkai_platform::web::hash_token;
use icalendar::{Calendar, Component as _, Event, Property};
use jiff::Timestamp;

use super::{Entry, Left, entries, store};
use crate::acts::ViewCalendar;

/// Days before today and after it that an address gives.
const BEFORE_DAYS: i32 = 366;
const AFTER_DAYS: i32 = 400;
/// How often a reading is noted, in milliseconds: calendar programs come every few minutes.
const TOUCH_MILLISECONDS: i64 = 3_600_000;

/// The longest line of a calendar, in bytes.
const LINE_BYTES_MAX: usize = 75;

/// An address in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub last_read_at: Option<i64>,
}

/// Gives a person a new secret address, shown once; an earlier one ends.
///
/// # Errors
/// When the store fails, or the system has no randomness.
pub async fn subscribe(tx: &mut Tx, permit: &Permit<ViewCalendar>) -> Result<String, StoreError> {
    let Some(account) = permit.actor().account() else {
        return Err(StoreError::Stale);
    };
    let token = account::fresh_token()?;
    store::revoke_feeds(tx, account).await?;
    store::insert_feed(tx, account, &hash_token(&token)).await?;
    tx.record(Recorded::new(
        permit.actor(),
        "calendar.subscribed",
        ("account", account.to_string()),
        "生成日历订阅地址，以前的地址作废",
    ));
    Ok(token)
}

/// Ends a person's address.
///
/// # Errors
/// When the store fails.
pub async fn unsubscribe(tx: &mut Tx, permit: &Permit<ViewCalendar>) -> Result<(), StoreError> {
    let Some(account) = permit.actor().account() else {
        return Err(StoreError::Stale);
    };
    store::revoke_feeds(tx, account).await?;
    tx.record(Recorded::new(
        permit.actor(),
        "calendar.unsubscribed",
        ("account", account.to_string()),
        "作废日历订阅地址",
    ));
    Ok(())
}

/// What stands behind an address.
pub struct Read {
    pub entries: Vec<Entry>,
    /// The reading should be noted with [`note`].
    pub stale: bool,
}

/// What the owner of an address may see today; `None` where the address is none, is revoked, or its owner cannot sign in.
///
/// # Errors
/// When the store fails.
pub async fn read(
    tx: &mut Tx,
    seams: &Seams,
    token: &str,
    today: Date,
) -> Result<Option<Read>, StoreError> {
    let Some((id, last_read_at)) = store::reader(tx, &hash_token(token)).await? else {
        return Ok(None);
    };
    let owner = account::store::load(tx, id).await?;
    let Some(owner) = owner.filter(|owner| owner.disabled_at.is_none()) else {
        return Ok(None);
    };
    let person = Session {
        account: id,
        name: owner.name,
        roles: account::session::held_roles(tx, id, today).await?,
        second_factor: false,
        unread: 0,
        id_hash: String::new(),
    };
    let range = DateRange {
        from: after(today, -BEFORE_DAYS),
        to: after(today, AFTER_DAYS),
    };
    let now = tx.now().as_millisecond();
    Ok(Some(Read {
        entries: entries(tx, seams, &person, range).await?,
        stale: last_read_at.is_none_or(|last| now - last > TOUCH_MILLISECONDS),
    }))
}

fn after(today: Date, days: i32) -> Date {
    let span = jiff::Span::new().days(days);
    today.checked_add(span).unwrap_or(today)
}

/// Notes a reading.
///
/// # Errors
/// When the store fails.
pub async fn note(tx: &mut Tx, token: &str) -> Result<(), StoreError> {
    store::touch(tx, &hash_token(token)).await
}

/// The entries as a calendar of whole days, with the days off and the weekend days worked as far back as the entries go.
/// `host` makes the identifiers this site's own, `url` the addresses whole.
#[must_use]
pub fn icalendar(
    (site, url): (&str, &str),
    (entries, known): (&[Entry], &WorkCalendar),
    (today, now): (Date, Timestamp),
) -> String {
    let mut calendar = Calendar::new();
    calendar
        .name(&format!("{site}政务公开到期事项"))
        .timezone("Asia/Shanghai");
    calendar
        .properties
        .retain(|property| property.key() != "PRODID");
    calendar.append_property(Property::new("PRODID", "-//Gongkai//Gongkai//ZH"));
    let due = entries.iter().map(|entry| {
        let mark = match entry.left {
            Left::Nothing => "✓ ",
            Left::Owed if entry.on < today => "■ 已逾期 ",
            Left::Owed | Left::Date => "",
        };
        Whole {
            key: entry.key.clone(),
            category: entry.kind,
            summary: format!("{mark}{}：{}", entry.kind, entry.title),
            days: (entry.on, entry.on),
            path: entry.path.clone(),
        }
    });
    let first = after(today, -BEFORE_DAYS);
    let off = days_off(known).filter(|whole| whole.days.1 >= first);
    for whole in due.chain(off) {
        calendar.push(whole.event(url, now));
    }
    folded(&calendar.to_string())
}

/// What fills whole days.
struct Whole {
    /// Stays the same for the same thing.
    key: String,
    category: &'static str,
    summary: String,
    /// The first and the last.
    days: (Date, Date),
    path: String,
}

impl Whole {
    fn event(&self, url: &str, now: Timestamp) -> Event {
        let host = url.split("://").last().unwrap_or(url);
        let (first, last) = self.days;
        let mut event = Event::new();
        event
            .uid(&format!("{}@{host}", self.key))
            .summary(&self.summary)
            .url(&format!("{url}{}", self.path))
            .add_property("DTSTAMP", now.strftime("%Y%m%dT%H%M%SZ").to_string())
            .add_property("TRANSP", "TRANSPARENT")
            .add_property("CATEGORIES", self.category);
        let day = |name: &str, day: Date| {
            Property::new(name, day.strftime("%Y%m%d").to_string())
                .add_parameter("VALUE", "DATE")
                .done()
        };
        event.append_property(day("DTSTART", first));
        // The end is the first day that is no more in it; one day needs none.
        if let Some(end) = last.tomorrow().ok().filter(|_| first < last) {
            event.append_property(day("DTEND", end));
        }
        event.done()
    }
}

/// 放假 and 调休上班: each block of days off and each worked weekend day, named by its first day.
fn days_off(known: &WorkCalendar) -> impl Iterator<Item = Whole> {
    let path = |day: Date| format!("/workspace/calendar?year={}", day.year());
    let off = known.blocks().into_iter().map(move |block| Whole {
        key: format!("holiday-{}", block.first),
        category: "放假",
        summary: format!("休：{}放假", block.name),
        days: (block.first, block.last),
        path: path(block.first),
    });
    let worked = known.make_up_days().map(move |(day, name)| Whole {
        key: format!("workday-{day}"),
        category: "调休上班",
        summary: format!("班：{name}调休上班"),
        days: (day, day),
        path: path(day),
    });
    off.chain(worked)
}

/// Lines of 75 bytes at most, the blank that continues one among them, as the standard counts.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n ", "").split_inclusive("\r\n") {
        let mut bytes = 0;
        for c in line.chars() {
            if !c.is_control() && bytes + c.len_utf8() > LINE_BYTES_MAX {
                out.push_str("\r\n ");
                bytes = 1;
            }
            out.push(c);
            bytes += c.len_utf8();
        }
    }
    out
}

//! 日历: the days of a year on which something is due, for a unit across all capabilities, for an office by its plans and
//! rounds.

pub mod feed;
pub mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use gongkai_basis::Date;
use gongkai_basis::calendar::{Day, WorkCalendar};
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DUE_MAX, Seams};

use crate::acts::{ViewLedger, ViewOwnTasks};

/// What is left to do about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Somebody owes it.
    Owed,
    Nothing,
    /// A mere date, as the covering notice prints it: it comes and is past, and nobody is late with it.
    Date,
}

/// Something that happens on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub on: Date,
    /// Stays the same for the same thing, for calendar programs.
    pub key: String,
    /// 要点任务, 督办单, 方案任务, 方案节点, …
    pub kind: &'static str,
    pub title: String,
    pub left: Left,
    pub path: String,
}

/// Entries that each source of the office's own gives at most for one stretch of days.
const DATES_MAX: usize = 2_000;

/// What a person sees on the days of a range: as a unit what is open and due, as an office the dates of its plans and its
/// rounds. Earliest first. Where that is more than a source gives at once, month by month; a month with still more says so.
///
/// # Errors
/// When the store fails.
pub async fn entries(
    tx: &mut Tx,
    seams: &Seams,
    person: &Session,
    range: DateRange,
) -> Result<Vec<Entry>, StoreError> {
    at_most(tx, (seams, person), range, DATES_MAX).await
}

async fn at_most(
    tx: &mut Tx,
    (seams, person): (&Seams, &Session),
    range: DateRange,
    most: usize,
) -> Result<Vec<Entry>, StoreError> {
    let whole = stretch(tx, (seams, person), range, most).await?;
    if !whole.cut {
        return Ok(whole.entries);
    }
    let mut found = Vec::new();
    let mut from = range.from;
    while from <= range.to {
        let to = from.last_of_month().min(range.to);
        let mut month = stretch(tx, (seams, person), DateRange { from, to }, most).await?;
        if month.cut {
            found.push(too_many(from));
        }
        found.append(&mut month.entries);
        let Ok(next) = to.tomorrow() else { break };
        from = next;
    }
    Ok(found)
}

/// Stands in a month that has more than is listed.
fn too_many(from: Date) -> Entry {
    Entry {
        on: from,
        key: format!("cut-{}-{}", from.year(), from.month()),
        kind: "提示",
        title: format!(
            "{}月的事项太多，这里只列出其中最早的一部分，全部请看“台账”和“待办”",
            from.month()
        ),
        left: Left::Date,
        path: "/workspace/due".to_owned(),
    }
}

/// The entries of some days.
struct Stretch {
    entries: Vec<Entry>,
    /// There are more.
    cut: bool,
}

async fn stretch(
    tx: &mut Tx,
    (seams, person): (&Seams, &Session),
    range: DateRange,
    most: usize,
) -> Result<Stretch, StoreError> {
    let mut found = Vec::new();
    let mut cut = false;
    if let Some(permit) = person.permit::<ViewLedger>() {
        // One more than is shown tells that there are more.
        let rows = i64::try_from(most + 1).unwrap_or(i64::MAX);
        for mut some in [
            store::tasks(tx, permit.scope(), range, rows).await?,
            store::milestones(tx, permit.scope(), range, rows).await?,
            store::rounds(tx, permit.scope(), range, rows).await?,
        ] {
            cut |= some.len() > most;
            some.truncate(most);
            found.append(&mut some);
        }
    }
    if let Some(permit) = person.permit::<ViewOwnTasks>() {
        // An office that has a part in its own plan's task sees that day once.
        let of_plans: BTreeSet<String> = found.iter().map(|entry| entry.key.clone()).collect();
        let due = seams.due(tx, permit.scope(), range).await?;
        let full = |kind: &str| due.iter().filter(|item| item.of.kind == kind).count();
        let full = |kind: &str| i64::try_from(full(kind)).unwrap_or(i64::MAX) >= DUE_MAX;
        cut |= seams.due_kinds().iter().any(|(kind, _)| full(kind));
        for item in due {
            if of_plans.contains(&format!("plan-{}-{}", item.of.kind, item.of.id)) {
                continue;
            }
            found.push(Entry {
                on: item.due_on,
                key: format!("{}-{}-{}", item.of.kind, item.of.id, item.organ),
                kind: seams.due_kind(&item.of.kind),
                title: item.title,
                left: Left::Owed,
                path: item.path,
            });
        }
    }
    found.sort_by(|a, b| (a.on, a.kind, &a.key).cmp(&(b.on, b.kind, &b.key)));
    Ok(Stretch {
        entries: found,
        cut,
    })
}

/// One square of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    pub day: Date,
    /// `班` or `休` where the notice departs from the week, with its reason.
    pub mark: Option<(&'static str, String)>,
    /// `None`: no notice of the year is out.
    pub working: Option<bool>,
    pub entries: usize,
}

/// A month as weeks from Monday to Sunday; days of the neighbours are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    pub number: i8,
    pub weeks: Vec<[Option<Square>; 7]>,
    /// The entries of the month, earliest first.
    pub entries: Vec<Entry>,
}

/// The twelve months of a year, with the entries (earliest first) in their days.
#[must_use]
pub fn months(calendar: &WorkCalendar, year: i16, entries: &[Entry]) -> Vec<Month> {
    (1..=12)
        .filter_map(|number| {
            let first = Date::new(year, number, 1).ok()?;
            Some(month(calendar, first, entries))
        })
        .collect()
}

fn month(calendar: &WorkCalendar, first: Date, entries: &[Entry]) -> Month {
    let last = first.last_of_month();
    let own: Vec<Entry> = entries
        .iter()
        .filter(|entry| first <= entry.on && entry.on <= last)
        .cloned()
        .collect();
    let mut weeks: Vec<[Option<Square>; 7]> = Vec::new();
    for day in first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= last)
    {
        let column = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
        if column == 0 || weeks.is_empty() {
            weeks.push([const { None }; 7]);
        }
        if let Some(place) = weeks.last_mut().and_then(|week| week.get_mut(column)) {
            *place = Some(square(calendar, day, &own));
        }
    }
    Month {
        number: first.month(),
        weeks,
        entries: own,
    }
}

fn square(calendar: &WorkCalendar, day: Date, entries: &[Entry]) -> Square {
    let known = calendar.day(day).ok();
    let mark = match known {
        Some(Day::MakeUp(_)) => Some("班"),
        Some(Day::Holiday(_)) => Some("休"),
        Some(Day::Workday | Day::Weekend) | None => None,
    };
    Square {
        day,
        mark: mark.zip(known.map(Day::reason)),
        working: known.map(Day::is_working),
        entries: entries.iter().filter(|entry| entry.on == day).count(),
    }
}

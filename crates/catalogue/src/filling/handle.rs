//! A period is filled, or what filled it is taken back.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{self, Permit};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding;
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::seam::Seams;
use gongkai_platform::web::day;
use serde_json::json;

use super::{Filling, Means, store};
use crate::acts::FillCatalogue;
use crate::entry::{Entry, LINE_CHARS_MAX, TEXT_CHARS_MAX, store as entries};
use crate::id::{EntryId, FillingId};
use crate::period::spoken;
use crate::{due, gap};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::organ::Organ;
use gongkai_platform::organ::reach::{self, Reach};

/// How a person says that a period is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Record(Ref),
    /// What it is called, and where it stands.
    Address(String, String),
    Nothing(String),
}

/// Fills one period of one entry in one organ.
///
/// # Errors
/// Not found for an organ out of reach, or an entry that does not hold there; refused with all the reasons.
pub async fn fill(
    tx: &mut Tx,
    permit: &Permit<FillCatalogue>,
    (entry, organ, period): (EntryId, OrganId, &str),
    said: Said,
    (seams, calendar, today): (&Seams, &WorkCalendar, Date),
) -> Result<Filling, NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = reach::store::unit(tx, &within, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let entry = entries::load(tx, &Reach::everything(), entry)
        .await?
        .ok_or(NotDone::NotFound)?;
    let share = due::share(tx, &entry, organ).await?;
    if share == due::Share::None {
        return Err(NotDone::NotFound);
    }
    let (first, last) = days_of(&entry, period, calendar).ok_or(NotDone::NotFound)?;
    refused(why_too_early(&said, (first, last), today))?;
    let there = due::filled(tx, (entry.id, organ), &share).await?;
    if there.iter().any(|one| one.period == period) {
        return Err(NotDone::Refused(vec![(
            "period",
            "这一期已经登记过，要改请先撤销原来的登记。".to_owned(),
        )]));
    }
    let (title, means) = means_of(tx, seams, said).await?;
    let filling = Filling {
        id: FillingId::new(tx.fresh()),
        entry: entry.id,
        organ,
        period: period.to_owned(),
        title,
        means,
        confirmed_by: permit.actor().name().to_owned(),
        confirmed_on: today,
        version: 1,
    };
    store::insert(tx, &filling).await?;
    let sentence = format!(
        "{organ_name}登记“{}”{}的公开情况",
        entry.words.name(),
        spoken(period)
    );
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.filled",
            ("catalogue", entry.id.to_string()),
            sentence,
        )
        .organ(organ)
        .data(json!({ "period": period, "kind": filling.means.code() })),
    );
    // What was missing is there: that is the re-check which closes.
    let why = "这一期已经登记公开情况";
    let key = gap::key(entry.id, period);
    finding::settle_as(tx, permit.actor(), (organ, &key), today, why).await?;
    Ok(filling)
}

/// First and last day of an entry's period with this code.
fn days_of(entry: &Entry, period: &str, calendar: &WorkCalendar) -> Option<(Date, Date)> {
    let year = period.get(..4).and_then(|year| year.parse().ok())?;
    let periods = entry.rhythm.periods(year, entry.formed_on, calendar);
    let found = periods.into_iter().find(|one| one.code == period)?;
    Some((found.first, found.last))
}

/// Nobody knows before its last day that nothing arose in a period, nor before its first what it will hold.
fn why_too_early(said: &Said, (first, last): (Date, Date), today: Date) -> Vec<Reason> {
    let sentence = match said {
        _ if today < first => format!(
            "这一期从{}开始，现在还不能登记；已有登记没有变化。请到那一天以后再登记。",
            day(first)
        ),
        Said::Nothing(_) if today < last => format!(
            "这一期到{}才结束，现在还不能声明本期无；已有登记没有变化。请到那一天再声明，有材料的可以先登记材料。",
            day(last)
        ),
        Said::Nothing(_) | Said::Record(_) | Said::Address(..) => return Vec::new(),
    };
    vec![("period", sentence)]
}

async fn means_of(tx: &mut Tx, seams: &Seams, said: Said) -> Result<(String, Means), NotDone> {
    match said {
        Said::Record(of) => {
            let found = seams.describe(tx, &of).await?;
            let found = found.ok_or_else(|| {
                NotDone::Refused(vec![(
                    "record",
                    "没有找到这份材料，请重新查找。".to_owned(),
                )])
            })?;
            Ok((
                found.title,
                Means::Record {
                    of,
                    seal: found.seal,
                },
            ))
        }
        Said::Address(title, address) => {
            let mut faults: Vec<(&'static str, String)> =
                text_fault(("title", "材料名称"), &title, LINE_CHARS_MAX, Wanted::Yes)
                    .into_iter()
                    .collect();
            let is_page = url::Url::parse(&address)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !is_page {
                faults.push(("address", "网址要以 http:// 或 https:// 开头。".to_owned()));
            }
            refused(faults)?;
            Ok((title, Means::Address(address)))
        }
        Said::Nothing(statement) => {
            let fault = text_fault(
                ("statement", "本期无的说明"),
                &statement,
                TEXT_CHARS_MAX,
                Wanted::Yes,
            );
            refused(fault.into_iter().collect())?;
            Ok(("本期无".to_owned(), Means::Nothing(statement)))
        }
    }
}

/// What filled a period is public no longer: the period is open again, the unit hears of it, and the row stays in the store.
///
/// # Errors
/// Stale; when the store fails.
pub async fn lose(
    tx: &mut Tx,
    actor: &Actor,
    unit: &Organ,
    (entry, filling, why): (&Entry, &Filling, &str),
) -> Result<(), StoreError> {
    store::lose(tx, filling, why).await?;
    let period = format!("“{}”{}", entry.words.name(), spoken(&filling.period));
    let sentence = format!(
        "{}{period}登记的材料不再公开，登记随之撤销：{why}",
        unit.name
    );
    tx.record(
        Event::new(
            actor,
            "catalogue.taken-back",
            ("catalogue", filling.entry.to_string()),
            sentence,
        )
        .organ(unit.id),
    );
    let title = format!("{period}登记的材料不再公开，请重新登记");
    let body =
        format!("{why}。原来的登记已撤销，这一期要重新登记材料；确实没有发生的，声明“本期无”。");
    tell(tx, unit, (filling, "lost"), (title, body)).await
}

/// What filled a period is public again: it is filled as it was, and the unit hears of it.
///
/// # Errors
/// Stale; when the store fails.
pub async fn regain(
    tx: &mut Tx,
    actor: &Actor,
    unit: &Organ,
    (entry, filling): (&Entry, &Filling),
) -> Result<(), StoreError> {
    store::regain(tx, filling).await?;
    let period = format!("“{}”{}", entry.words.name(), spoken(&filling.period));
    let sentence = format!("{}{period}登记的材料重新公开，登记随之恢复", unit.name);
    tx.record(
        Event::new(
            actor,
            "catalogue.regained",
            ("catalogue", filling.entry.to_string()),
            sentence,
        )
        .organ(unit.id),
    );
    let title = format!("{period}登记的材料重新公开，登记已恢复");
    let body = format!("{}。这一期不用再登记。", filling.title);
    tell(tx, unit, (filling, "regained"), (title, body)).await
}

/// Tells a unit what became of a filling; once for each time that it does.
async fn tell(
    tx: &mut Tx,
    unit: &Organ,
    (filling, what): (&Filling, &str),
    (title, body): (String, String),
) -> Result<(), StoreError> {
    let told = Outgoing {
        organ: unit.id,
        roles: &[Role::Liaison, Role::UnitHead],
        reach: access::Reach::Own,
        topic: Topic::Finding,
        key: format!("catalogue:{what}:{}:{}", filling.id, filling.version),
        title,
        body,
        path: gap::path(filling.entry, unit.id, &filling.period),
        about: None,
    };
    // A government has no desk but that of its office.
    let office = Outgoing {
        roles: &[Role::OfficeClerk],
        reach: access::Reach::Government,
        ..told.clone()
    };
    inbox::send(tx, vec![told, office]).await?;
    Ok(())
}

/// Takes back what filled a period, with the reason; the row stays in the store. Where the period of a merged unit is past
/// its day, its heir is told of the gap at once; where it is not, by the night that finds it past.
///
/// # Errors
/// Not found; stale; refused without a reason.
pub async fn take_back(
    tx: &mut Tx,
    permit: &Permit<FillCatalogue>,
    (entry, organ, period): (EntryId, OrganId, &str),
    why: &str,
    (calendar, today): (&WorkCalendar, Date),
) -> Result<(), NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let organ_name = reach::store::unit(tx, &within, organ)
        .await?
        .ok_or(NotDone::NotFound)?;
    let whole = entries::load(tx, &Reach::everything(), entry)
        .await?
        .ok_or(NotDone::NotFound)?;
    let share = due::share(tx, &whole, organ).await?;
    let there = due::filled(tx, (entry, organ), &share).await?;
    let filling = there
        .into_iter()
        .find(|one| one.period == period)
        .ok_or(NotDone::NotFound)?;
    let fault = text_fault(("why", "撤销原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    store::remove(tx, &filling, why).await?;
    let sentence = format!("{organ_name}撤销{}的公开情况：{why}", spoken(period));
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.taken-back",
            ("catalogue", entry.to_string()),
            sentence,
        )
        .organ(organ),
    );
    if let due::Share::Inherits(_) = share {
        let of = (&whole, organ, period);
        gap::inherited(tx, permit.actor(), of, (calendar, today)).await?;
    }
    Ok(())
}

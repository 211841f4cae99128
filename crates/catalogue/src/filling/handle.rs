//! A period is filled, or what filled it is taken back.

use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date, Role};
use gongkai_platform::access::{self, Permit};
use gongkai_platform::audit::{self, Event};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding;
use gongkai_platform::inbox::{self, Outgoing, Topic};
use gongkai_platform::seam::Seams;
use gongkai_platform::web::day;
use serde_json::json;

use super::{Filling, Means, page, store};
use crate::acts::FillCatalogue;
use crate::course::Course;
use crate::entry::{Entry, LINE_CHARS_MAX, TEXT_CHARS_MAX, store as entries};
use crate::id::{EntryId, FillingId};
use crate::period::{Period, PeriodKind, code_of_year, day_of, spoken, year_of_code};
use crate::{due, gap};
use gongkai_platform::fault::{NotDone, Reason, Wanted, refused, text_fault};
use gongkai_platform::organ::Organ;
use gongkai_platform::organ::reach::{self, Reach};

const FILLED: &str = "catalogue.filled";
/// Where the pages of staff begin.
const STAFF: &str = "/workspace";
/// Registrations of one entry among which one is looked for, the newest first.
const FILLED_MAX: i64 = 200;

/// How a person says that a period is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Record(Ref),
    /// What it is called, and where it stands.
    Address(String, String),
    Nothing(String),
}

/// Fills one period of one entry in one organ. Where materials have days of their own, `period` is the day on which one was
/// formed, and there may be any number of them.
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
    let course = share.course().ok_or(NotDone::NotFound)?;
    let period = period_of(course, period, calendar)?;
    refused(why_too_early(&said, &period, today))?;
    let year = year_of_code(&period.code).ok_or(NotDone::NotFound)?;
    let there = due::filled(tx, (entry.id, organ), &share, year).await?;
    refused(why_not_beside(&said, &period, &there).into_iter().collect())?;
    let code = match day_of(&period.code) {
        Some((day, _)) => code_on(tx, (&share, organ), (entry.id, day)).await?,
        None => period.code,
    };
    let (title, means) = means_of(tx, seams, said).await?;
    let filling = Filling {
        id: FillingId::new(tx.fresh()),
        entry: entry.id,
        organ,
        period: code,
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
        spoken(&filling.period)
    );
    tx.record(
        Event::new(
            permit.actor(),
            FILLED,
            ("catalogue", entry.id.to_string()),
            sentence,
        )
        .organ(organ)
        .data(json!({ "period": filling.period, "kind": filling.means.code() })),
    );
    // What was missing is there: that is the re-check which closes.
    let why = "这一期已经登记公开情况";
    for key in gap::keys(entry.id, &filling.period) {
        finding::settle_as(tx, permit.actor(), (organ, &key), today, why).await?;
    }
    Ok(filling)
}

/// Where the registration of a filling stands in the audit chain; `None` where no event tells.
///
/// # Errors
/// When the store fails.
pub async fn registered_seq(tx: &mut Tx, filling: &Filling) -> Result<Option<i64>, StoreError> {
    let entry = filling.entry.to_string();
    let events = audit::about_only(tx, ("catalogue", &entry), &[FILLED], FILLED_MAX).await?;
    let organ = filling.organ.to_string();
    let of_this = |event: &&audit::Recorded| {
        let data = serde_json::from_str::<serde_json::Value>(&event.data).ok();
        let period = data.as_ref().and_then(|data| data.get("period")?.as_str());
        event.organ_id.as_deref() == Some(organ.as_str()) && period == Some(filling.period.as_str())
    };
    Ok(events.iter().find(of_this).map(|event| event.seq))
}

/// Fills several periods of one entry at once, each with a public record: all of them or none.
///
/// # Errors
/// As [`fill`], each reason with the number of its line; refused where nothing is ticked.
pub async fn fill_all(
    tx: &mut Tx,
    permit: &Permit<FillCatalogue>,
    (entry, organ): (EntryId, OrganId),
    records: &[(Ref, String)],
    now: (&Seams, &WorkCalendar, Date),
) -> Result<(), NotDone> {
    let nothing = || ("record", "请勾选要登记的材料；还没有登记。".to_owned());
    refused(records.is_empty().then(nothing).into_iter().collect())?;
    for (nth, (of, period)) in (1..).zip(records) {
        let said = Said::Record(of.clone());
        match fill(tx, permit, (entry, organ, period.as_str()), said, now).await {
            Ok(_) => {}
            Err(NotDone::Refused(reasons)) => {
                let named = |(_, sentence): Reason| {
                    let sentence = format!("勾选的第{nth}份：{sentence}都还没有登记。");
                    ("record", sentence)
                };
                return Err(NotDone::Refused(reasons.into_iter().map(named).collect()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The period that a code or a day means.
fn period_of(course: &Course, code: &str, calendar: &WorkCalendar) -> Result<Period, NotDone> {
    if let Some(period) = course.period(code, calendar) {
        return Ok(period);
    }
    let sentence = if code.is_empty() {
        "请填写材料的形成日期。".to_owned()
    } else if let Some((on, _)) = day_of(code) {
        format!(
            "{}这个事项还不用登记，或者是按期登记的；请核对形成日期和公开时限。",
            day(on)
        )
    } else {
        return Err(NotDone::NotFound);
    };
    Err(NotDone::Refused(vec![("formed_on", sentence)]))
}

/// Nobody knows before its last day that nothing arose in a period, nor before its first what it will hold.
fn why_too_early(said: &Said, period: &Period, today: Date) -> Vec<Reason> {
    let (first, last) = (period.first, period.last);
    let reason = match said {
        _ if today < first && period.kind == PeriodKind::Kept => (
            "formed_on",
            format!("{}还没有到，形成日期不能晚于今天。", day(first)),
        ),
        _ if today < first => (
            "period",
            format!(
                "这一期从{}开始，现在还不能登记；已有登记没有变化。请到那一天以后再登记。",
                day(first)
            ),
        ),
        Said::Nothing(_) if today < last => (
            "period",
            format!(
                "这一期到{}才结束，现在还不能声明本期无；已有登记没有变化。请到那一天再声明，有材料的可以先登记材料。",
                day(last)
            ),
        ),
        Said::Nothing(_) | Said::Record(_) | Said::Address(..) => return Vec::new(),
    };
    vec![reason]
}

/// A period is met once. Of a year whose materials have days of their own either materials are registered, each by its day,
/// or it is said that there was nothing.
fn why_not_beside(said: &Said, period: &Period, there: &[Filling]) -> Option<Reason> {
    let is_nothing = matches!(said, Said::Nothing(_));
    let is_there = |code: &str| there.iter().any(|one| one.period == code);
    let within = |one: &Filling| {
        let day = day_of(&one.period).map(|(day, _)| day);
        day.is_some_and(|day| period.first <= day && day <= period.last)
    };
    match period.kind {
        PeriodKind::Kept if is_nothing => {
            let sentence = "这个事项的本期无按全年声明，请在“声明本期没有可公开的”里选择年度。";
            Some(("period", sentence.to_owned()))
        }
        PeriodKind::Kept if is_there(&code_of_year(period.first.year())) => {
            let sentence = "这一年已经声明本期无。要登记这一年的材料，请先撤销声明。";
            Some(("formed_on", sentence.to_owned()))
        }
        PeriodKind::Kept => None,
        PeriodKind::Year if !is_nothing => {
            let sentence = "这个事项的材料按形成日期登记，请填写材料的形成日期。";
            Some(("formed_on", sentence.to_owned()))
        }
        PeriodKind::Year if there.iter().any(within) => {
            let sentence = "这一年已经登记了材料，不用再声明本期无。";
            Some(("period", sentence.to_owned()))
        }
        PeriodKind::Year | PeriodKind::Cut => is_there(&period.code).then(|| {
            let sentence = "这一期已经登记过，要改请先撤销原来的登记。";
            ("period", sentence.to_owned())
        }),
    }
}

/// The code of one more material that was formed on a day.
async fn code_on(
    tx: &mut Tx,
    (share, organ): (&due::Share, OrganId),
    (entry, day): (EntryId, Date),
) -> Result<String, StoreError> {
    let mut organs = vec![organ];
    if let due::Share::Inherits(from, _) = share {
        organs.extend(from);
    }
    let before = store::of_day(tx, &organs, (entry, day)).await?;
    Ok(if before == 0 {
        day.to_string()
    } else {
        format!("{day}-{}", before + 1)
    })
}

/// What the public cannot open fills no period.
fn why_not_page(address: &str) -> Option<&'static str> {
    let page = url::Url::parse(address).ok();
    let page = page.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(page) = page else {
        return Some("网址要以 http:// 或 https:// 开头。");
    };
    // Of this program, wherever it runs.
    let is_of_staff = page.path() == STAFF || page.path().starts_with(&format!("{STAFF}/"));
    is_of_staff.then_some(
        "这是工作人员的页面，公众打不开，没有登记。请填公众能打开的网址；材料是本站公开的文件的，选这份文件登记。",
    )
}

async fn means_of(tx: &mut Tx, seams: &Seams, said: Said) -> Result<(String, Means), NotDone> {
    match said {
        Said::Record(of) => {
            // The list begins with none: what is public under an entry is chosen by a person.
            if of.id.is_empty() {
                refused(vec![(
                    "record",
                    "请选择一份已发布的文件；还没有登记。".to_owned(),
                )])?;
            }
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
            faults.extend(why_not_page(&address).map(|said| ("address", said.to_owned())));
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
    let year = year_of_code(period).ok_or(NotDone::NotFound)?;
    let there = due::filled(tx, (entry, organ), &share, year).await?;
    let filling = there
        .into_iter()
        .find(|one| one.period == period)
        .ok_or(NotDone::NotFound)?;
    let fault = text_fault(("why", "撤销原因"), why, LINE_CHARS_MAX, Wanted::Yes);
    refused(fault.into_iter().collect())?;
    store::remove(tx, &filling, why).await?;
    page::handle::forget(tx, permit.actor(), &filling, today).await?;
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
    if let due::Share::Inherits(_, course) = &share {
        let left = due::filled(tx, (entry, organ), &share, year).await?;
        let of = (&whole, organ, period);
        gap::inherited(tx, permit.actor(), of, (course, &left), (calendar, today)).await?;
    }
    Ok(())
}

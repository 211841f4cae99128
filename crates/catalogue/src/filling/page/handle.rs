//! What a look makes of a period: 待核 and a finding of its unit, closed by a later look, by a person, or with the registration.

use gongkai_basis::calendar::{WorkCalendar, WorkingDays};
use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Permit;
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Wanted, refused, text_fault};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::organ;
use gongkai_platform::organ::reach::{self, Reach};

use super::{Page, PageState, Seen, store};
use crate::acts::FillCatalogue;
use crate::due;
use crate::entry::{LINE_CHARS_MAX, store as entries};
use crate::filling::store::Shown;
use crate::filling::{Filling, Means};
use crate::gap;
use crate::id::{EntryId, FillingId};
use crate::period::{spoken, year_of_code};

fn key(filling: FillingId) -> String {
    format!("catalogue-page:{filling}")
}

/// Keeps what one look saw. What became doubtful is a finding; what holds again closes it.
///
/// # Errors
/// Stale when another look was faster; when the store fails.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    (shown, seen): (&Shown, &Seen),
    (calendar, today): (&WorkCalendar, Date),
) -> Result<PageState, StoreError> {
    let filling = &shown.filling;
    let before = store::of(tx, &[filling.id]).await?.remove(&filling.id);
    let before = before.unwrap_or_else(|| Page::unseen(filling.id));
    let was_doubtful = before.state.is_doubtful();
    let at = tx.now().as_millisecond();
    let page = before.after(seen, at);
    store::save(tx, &page).await?;
    let unit = organ::store::heir_of(tx, filling.organ).await?;
    if page.state.is_doubtful() {
        let office = gap::office_over(tx, unit).await?;
        let found = found((shown, &page), (unit, office), (calendar, today));
        finding::report(tx, actor, found).await?;
    } else if was_doubtful {
        let why = "再次核验，网页还在";
        finding::settle_as(tx, actor, (unit, &key(filling.id)), today, why).await?;
    }
    Ok(page.state)
}

fn found(
    (shown, page): (&Shown, &Page),
    (organ, office): (OrganId, OrganId),
    (calendar, today): (&WorkCalendar, Date),
) -> Found {
    let filling = &shown.filling;
    let address = match &filling.means {
        Means::Address(address) => address.as_str(),
        Means::Record { .. } | Means::Nothing(_) => "",
    };
    let what = if page.state == PageState::Gone {
        "请撤销登记，再登记材料现在的网址。"
    } else {
        "还是这份材料的，在登记页“核对无误”；不是的，撤销登记后重新登记。"
    };
    let fix = WorkingDays::new(gap::FIX_DAYS).ok();
    Found {
        organ,
        office,
        key: key(filling.id),
        kind: FindingKind::DeadLink,
        severity: Severity::Minor,
        source: Source::Check,
        title: format!(
            "“{}”{}登记的{}",
            shown.item,
            spoken(&filling.period),
            page.state.name()
        ),
        detail: format!("{}：{address}。{}{what}", filling.title, page.sentence),
        url: Some(gap::path(filling.entry, organ, &filling.period)),
        about: Some(("catalogue".to_owned(), filling.entry.to_string())),
        found_on: today,
        fix_due_on: fix.and_then(|days| calendar.after(today, days).ok()),
    }
}

/// A registration counts no longer: nothing of its page is to be mended.
///
/// # Errors
/// When the store fails.
pub async fn forget(
    tx: &mut Tx,
    actor: &Actor,
    filling: &Filling,
    today: Date,
) -> Result<(), StoreError> {
    let unit = organ::store::heir_of(tx, filling.organ).await?;
    let why = "这条登记已经撤销";
    finding::settle_as(tx, actor, (unit, &key(filling.id)), today, why).await?;
    Ok(())
}

/// Somebody of the unit looked at a page that changed: what is there now is the material.
///
/// # Errors
/// Not found out of reach, or where nothing is doubtful; refused without a reason, and for a page that is gone.
pub async fn accept(
    tx: &mut Tx,
    permit: &Permit<FillCatalogue>,
    (entry, organ, period): (EntryId, OrganId, &str),
    why: &str,
    today: Date,
) -> Result<(), NotDone> {
    let within = Reach::of_permit(tx, permit).await?;
    let name = reach::store::unit(tx, &within, organ).await?;
    let name = name.ok_or(NotDone::NotFound)?;
    let whole = entries::load(tx, &Reach::everything(), entry).await?;
    let whole = whole.ok_or(NotDone::NotFound)?;
    let share = due::share(tx, &whole, organ).await?;
    let year = year_of_code(period).ok_or(NotDone::NotFound)?;
    let there = due::filled(tx, (entry, organ), &share, year).await?;
    let filling = there.into_iter().find(|one| one.period == period);
    let filling = filling.ok_or(NotDone::NotFound)?;
    let page = store::of(tx, &[filling.id]).await?.remove(&filling.id);
    let page = page.filter(|page| page.state.is_doubtful());
    let page = page.ok_or(NotDone::NotFound)?;
    let mut reasons = Vec::new();
    if page.state == PageState::Gone {
        let sentence =
            "网页打不开，没有可以核对的内容；登记没有变化。请撤销登记，再登记材料现在的网址。";
        reasons.push(("accepted_why", sentence.to_owned()));
    }
    let fault = ("accepted_why", "核对情况");
    reasons.extend(text_fault(fault, why, LINE_CHARS_MAX, Wanted::Yes));
    refused(reasons)?;
    store::save(tx, &page.accepted(why)).await?;
    let unit = organ::store::heir_of(tx, filling.organ).await?;
    let settled = format!("核对无误：{why}");
    finding::settle_as(
        tx,
        permit.actor(),
        (unit, &key(filling.id)),
        today,
        &settled,
    )
    .await?;
    let sentence = format!(
        "{name}核对“{}”{}登记的网址，仍是这份材料：{why}",
        whole.words.name(),
        spoken(period)
    );
    tx.record(
        Event::new(
            permit.actor(),
            "catalogue.page-accepted",
            ("catalogue", entry.to_string()),
            sentence,
        )
        .organ(organ),
    );
    Ok(())
}

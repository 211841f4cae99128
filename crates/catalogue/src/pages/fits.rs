//! 推荐的材料: documents that may fill periods of an entry, to be ticked.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Fit, Theme};
use gongkai_platform::web::{App, Form, Problem, address, redirect_with};
use serde::Deserialize;

use crate::acts::FillCatalogue;
use crate::entry::Entry;
use crate::filling::handle;
use crate::filling::{Cell, Means};
use crate::id::EntryId;
use crate::period::{Period, PeriodKind, suited};

/// Documents that one page proposes.
const FITS_MAX: usize = 20;

/// A document that may be the material, with the period that it is proposed for.
pub(super) struct Offered {
    pub(super) fit: Fit,
    /// The code of a period, or the day on which it was formed.
    pub(super) when: String,
}

/// What an entry asks of a unit in a year, as others know it.
fn theme(entry: &Entry, organ: OrganId, (year, today): (i16, Date)) -> Option<Theme> {
    let words = &entry.words;
    let names = [&words.sub_item, &words.item].into_iter();
    // What a year asks for is published until the next spring.
    let last = Date::new(year.checked_add(1)?, 3, 31).ok()?;
    Some(Theme {
        organ,
        class: words.class,
        domain: words.domain.clone(),
        names: names.filter(|name| !name.is_empty()).cloned().collect(),
        within: DateRange {
            from: Date::new(year, 1, 1).ok()?,
            to: last.min(today),
        },
    })
}

/// The documents that are proposed for an entry's open periods in a unit; those that fill one already are left out.
pub(super) async fn of(
    tx: &mut Tx,
    app: &App,
    (entry, organ, year): (&Entry, OrganId, i16),
    (cells, by_day): (&[Cell], bool),
) -> Result<Vec<Offered>, StoreError> {
    let today = app.today();
    let source = app.seams.fitting.as_ref();
    let Some((source, theme)) = source.zip(theme(entry, organ, (year, today))) else {
        return Ok(Vec::new());
    };
    let is_open = |cell: &&Cell| {
        let period = &cell.period;
        cell.filling.is_none() && period.kind == PeriodKind::Cut && period.first <= today
    };
    let open: Vec<&Period> = cells
        .iter()
        .filter(is_open)
        .map(|cell| &cell.period)
        .collect();
    if !by_day && open.is_empty() {
        return Ok(Vec::new());
    }
    let is_used = |of: &Ref| {
        cells.iter().any(|cell| {
            let means = cell.filling.as_ref().map(|filling| &filling.means);
            matches!(means, Some(Means::Record { of: used, .. }) if used == of)
        })
    };
    let mut offered = Vec::new();
    for fit in source.fitting(tx, &theme, FITS_MAX).await? {
        if is_used(&fit.found.of) {
            continue;
        }
        let on = fit.formed_on.or(fit.found.dated_on).unwrap_or(today);
        let when = if by_day {
            on.to_string()
        } else {
            suited(&open, fit.found.dated_on.unwrap_or(on))
                .map_or_else(String::new, |period| period.code.clone())
        };
        offered.push(Offered { fit, when });
    }
    Ok(offered)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ticked {
    organ: String,
    year: String,
    /// The documents of all lines, and the period or day of each.
    of: Vec<String>,
    when: Vec<String>,
    /// Those that are ticked.
    record: Vec<String>,
}

/// `POST /workspace/catalogue/entries/{id}/fill-many`
pub(super) async fn fill(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Ticked>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let lines = form.of.iter().zip(&form.when);
    let ticked: Vec<(Ref, String)> = lines
        .filter(|(of, _)| form.record.contains(of))
        .map(|(of, when)| {
            let of = Ref {
                kind: "document".to_owned(),
                id: of.clone(),
            };
            (of, when.trim().to_owned())
        })
        .collect();
    let (calendar, today) = (app.calendar(), app.today());
    let n = ticked.len();
    app.db
        .write(async |tx: &mut Tx| {
            let now = (&app.seams, &*calendar, today);
            handle::fill_all(tx, &permit, (id, organ), &ticked, now).await
        })
        .await?;
    let path = format!("/workspace/catalogue/entries/{id}");
    let organ = organ.to_string();
    let back = address(&path, &[("organ", &organ), ("year", &form.year)]);
    Ok(redirect_with(
        back.trim_end_matches('&'),
        &format!("已登记{n}份材料。"),
    ))
}

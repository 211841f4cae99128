//! Periods that fall due, and those that wait for a person because they are past their day.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::calendar::load_calendar;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach;
use gongkai_platform::seam::{DUE_MAX, DueItem, Duty, Obligation, Waiting};
use gongkai_platform::web::civil_day;

use crate::acts::FillCatalogue;
use crate::due::{self, UnitYear};
use crate::filling::Cell;
use crate::gap;

/// Units that one answer looks at.
const UNITS_MAX: i64 = 1_000;

/// Units whose years are held whole at once.
const UNITS_AT_ONCE: usize = 100;

/// Periods of entries that nobody filled yet, by their day.
pub(crate) struct CellsDue;

/// What the units of a scope owe in this year and owed in the last: December is due in January.
async fn years(tx: &mut Tx, scope: &Scope, today: Date) -> Result<Vec<UnitYear>, StoreError> {
    let within = due::store::of_scope(scope);
    let units = due::store::units(tx, &within, (0, UNITS_MAX)).await?;
    let calendar = load_calendar(tx).await?;
    let now = (&calendar, today);
    let mut years = Vec::with_capacity(2 * units.len());
    for some in units.chunks(UNITS_AT_ONCE) {
        for year in [today.year() - 1, today.year()] {
            let mut found = due::years(tx, some.to_vec(), year, now).await?;
            // Only what is open or late is asked for.
            for owed in found.iter_mut().flat_map(|year| &mut year.owed) {
                owed.cells.retain(|cell| cell.filling.is_none());
            }
            for year in &mut found {
                year.owed.retain(|owed| !owed.cells.is_empty());
            }
            years.append(&mut found);
        }
    }
    Ok(years)
}

fn title(name: &str, cell: &Cell) -> String {
    let period = &cell.period.name;
    if cell.asks_for_year() {
        format!("登记“{name}”的材料，或者声明本期无（{period}）")
    } else {
        format!("公开“{name}”（{period}）")
    }
}

fn items(years: &[UnitYear], range: DateRange) -> Vec<DueItem> {
    let mut items = Vec::new();
    for year in years {
        for owed in &year.owed {
            for cell in &owed.cells {
                let within = |due: &Date| range.from <= *due && *due <= range.to;
                let Some(due_on) = cell.period.due_on.filter(within) else {
                    continue;
                };
                let (entry, organ, code) = (owed.entry.id, year.unit.id, &cell.period.code);
                items.push(DueItem {
                    of: Ref {
                        kind: "catalogue".to_owned(),
                        id: format!("{entry}:{organ}:{code}"),
                    },
                    organ,
                    title: title(owed.entry.words.name(), cell),
                    due_on,
                    path: gap::path(entry, organ, code),
                });
            }
        }
    }
    items.sort_by_key(|item| item.due_on);
    items.truncate(usize::try_from(DUE_MAX).unwrap_or(usize::MAX));
    items
}

#[async_trait]
impl Obligation for CellsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("catalogue", "主动公开目录")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let today = civil_day(tx.now());
        Ok(items(&years(tx, scope, today).await?, range))
    }
}

/// What waits for a person: periods of the own unit that are past their day.
pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let Some(permit) = person.permit::<FillCatalogue>() else {
            return Ok(Vec::new());
        };
        let own = reach::own(tx, &permit).await?;
        let years = years(tx, &own, today).await?;
        let late = years
            .iter()
            .map(|year| gap::overdue(year).count())
            .sum::<usize>();
        // The list of the first unit that has any; a person mostly has one.
        let first = years
            .iter()
            .find(|year| gap::overdue(year).next().is_some());
        let path = first.map_or_else(
            || "/workspace/catalogue/matrix".to_owned(),
            |year| {
                let organ = year.unit.id;
                format!("/workspace/catalogue/matrix?organ={organ}&only=overdue")
            },
        );
        Ok(vec![Duty {
            n: i64::try_from(late).unwrap_or(i64::MAX),
            name: "期目录事项超期没有登记公开",
            path: path.into(),
        }])
    }
}

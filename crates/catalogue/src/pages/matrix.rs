//! 公开情况: what one unit owes in a year, and all units of a government beside each other.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ;
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, page, redirect_with,
};
use serde::Deserialize;

use crate::acts::{FillCatalogue, KeepCatalogue, ViewCatalogue};
use crate::due::{self, Owed, UnitYear};
use crate::filling::Standing;
use crate::filling::page::run;
use crate::gap;
use crate::standard::{class_name, place};

const MATRIX: &str = "/workspace/catalogue/matrix";
const UNITS: &str = "/workspace/catalogue/units";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    year: String,
    page: String,
    /// A domain, or the label of a class.
    group: String,
    /// `overdue` for the gaps alone, `doubtful` for pages that somebody has to look at.
    only: String,
    /// `class`, else by domain.
    by: String,
}

pub(super) fn year_of(asked: &str, today: Date) -> i16 {
    asked
        .parse()
        .ok()
        .filter(|year| (2000..=2100).contains(year))
        .unwrap_or(today.year())
}

/// How many cells stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    done: usize,
    doubtful: usize,
    nothing: usize,
    overdue: usize,
    open: usize,
}

impl Counts {
    fn of<'o>(owed: impl Iterator<Item = &'o Owed>) -> Self {
        let mut counts = Self::default();
        for cell in owed.flat_map(|owed| &owed.cells) {
            match cell.standing {
                Standing::Filled => counts.done += 1,
                Standing::Doubtful => counts.doubtful += 1,
                Standing::Nothing => counts.nothing += 1,
                Standing::Overdue => counts.overdue += 1,
                Standing::Open => counts.open += 1,
            }
        }
        counts
    }

    fn met(&self) -> usize {
        self.done + self.nothing
    }

    /// Those that are met or should be.
    fn wanted(&self) -> usize {
        self.met() + self.doubtful + self.overdue
    }

    fn rows(&self) -> [(&'static str, usize); 5] {
        [
            (Standing::Filled.name(), self.done),
            (Standing::Doubtful.name(), self.doubtful),
            (Standing::Nothing.name(), self.nothing),
            (Standing::Overdue.name(), self.overdue),
            (Standing::Open.name(), self.open),
        ]
    }
}

/// The column that an entry stands in.
fn group(owed: &Owed, by_class: bool) -> &str {
    let words = &owed.entry.words;
    if by_class || words.domain.is_empty() {
        class_name(words.class)
    } else {
        &words.domain
    }
}

#[derive(Template)]
#[template(path = "catalogue/matrix.html")]
struct MatrixPage {
    shell: Shell,
    organ: OrganId,
    year: i16,
    asked: Asked,
    units: Vec<(OrganId, String)>,
    counts: Counts,
    rows: Vec<Owed>,
    paging: Paging,
    may_fill: bool,
}

impl MatrixPage {
    fn is_unit(&self, id: &OrganId) -> bool {
        self.organ == *id
    }

    fn turn(&self) -> String {
        let (organ, year) = (self.organ.to_string(), self.year.to_string());
        let parts = [
            ("organ", organ.as_str()),
            ("year", &year),
            ("group", &self.asked.group),
            ("only", &self.asked.only),
        ];
        address(MATRIX, &parts) + "page="
    }
}

/// `GET /workspace/catalogue/matrix?organ=…&year=2026&group=财政预决算&only=overdue`
pub(super) async fn unit(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let year = year_of(&asked.year, today);
    let (units, organ, owed) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let units = reach::store::units(tx, &within).await?;
            let wanted = asked.organ.parse().ok();
            let chosen = wanted.map_or_else(
                || units.first(),
                |id: OrganId| units.iter().find(|(unit, _)| *unit == id),
            );
            let Some(organ) = chosen.map(|(id, _)| *id) else {
                return Ok(None);
            };
            let of = organ::store::load_all(tx, &[organ]).await?;
            let years = due::years(tx, of, year, (&calendar, today)).await?;
            let mut years = due::verified(tx, &app.seams, years, today).await?;
            let owed = years.pop().map(|year| year.owed).unwrap_or_default();
            Ok::<_, StoreError>(Some((units, organ, owed)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let is_wanted = |owed: &Owed| {
        let group_is = asked.group.is_empty()
            || group(owed, false) == asked.group
            || group(owed, true) == asked.group;
        let only = match asked.only.as_str() {
            "overdue" => Some(Standing::Overdue),
            "doubtful" => Some(Standing::Doubtful),
            _ => None,
        };
        let is_one = |only: Standing| owed.cells.iter().any(|cell| cell.standing == only);
        group_is && only.is_none_or(is_one)
    };
    let owed: Vec<Owed> = owed.into_iter().filter(is_wanted).collect();
    let counts = Counts::of(owed.iter());
    let total = i64::try_from(owed.len()).unwrap_or(i64::MAX);
    let paging = Paging::new(asked.page.parse().ok(), total);
    let at = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let rows = owed
        .into_iter()
        .skip(at(paging.offset()))
        .take(at(paging.rows()))
        .collect();
    page(&MatrixPage {
        may_fill: shell.may(&FillCatalogue::ROW),
        shell,
        organ,
        year,
        asked,
        units,
        counts,
        rows,
        paging,
    })
}

/// A unit's row: for each column, its counts.
struct Row {
    organ: OrganId,
    name: String,
    all: Counts,
    cells: Vec<Option<Counts>>,
}

#[derive(Template)]
#[template(path = "catalogue/units.html")]
struct UnitsPage {
    shell: Shell,
    year: i16,
    by_class: bool,
    groups: Vec<String>,
    rows: Vec<Row>,
    paging: Paging,
    may_check: bool,
}

impl UnitsPage {
    fn turn(&self) -> String {
        let year = self.year.to_string();
        let by = if self.by_class { "class" } else { "" };
        address(UNITS, &[("year", &year), ("by", by)]) + "page="
    }

    fn gap(&self, row: &Row, group: &str) -> String {
        let (organ, year) = (row.organ.to_string(), self.year.to_string());
        let parts = [("organ", organ.as_str()), ("year", &year), ("group", group)];
        let address = address(MATRIX, &parts);
        address.trim_end_matches('&').to_owned()
    }

    fn cells<'r>(&'r self, row: &'r Row) -> Vec<(&'r str, Option<Counts>)> {
        self.groups
            .iter()
            .map(String::as_str)
            .zip(row.cells.iter().copied())
            .collect()
    }
}

/// `GET /workspace/catalogue/units?year=2026&by=class`
pub(super) async fn units(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let year = year_of(&asked.year, today);
    let by_class = asked.by == "class";
    let (years, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let total = due::store::count(tx, &within).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let units = due::store::units(tx, &within, part).await?;
            let years = due::years(tx, units, year, (&calendar, today)).await?;
            let years = due::verified(tx, &app.seams, years, today).await?;
            Ok::<_, StoreError>((years, paging))
        })
        .await?;
    let groups = columns(&years, by_class);
    let rows = years.iter().map(|year| row(year, &groups, by_class));
    page(&UnitsPage {
        may_check: shell.may(&KeepCatalogue::ROW),
        shell,
        year,
        by_class,
        rows: rows.collect(),
        groups,
        paging,
    })
}

/// The columns that the units of a page have, in the order of the standard lists.
fn columns(years: &[UnitYear], by_class: bool) -> Vec<String> {
    let there: BTreeSet<&str> = years
        .iter()
        .flat_map(|year| year.owed.iter().map(|owed| group(owed, by_class)))
        .collect();
    let mut groups: Vec<String> = there.into_iter().map(str::to_owned).collect();
    groups.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
    groups
}

fn row(year: &UnitYear, groups: &[String], by_class: bool) -> Row {
    let cell = |name: &String| {
        let own = || {
            year.owed
                .iter()
                .filter(|owed| group(owed, by_class) == name.as_str())
        };
        own().next().map(|_| Counts::of(own()))
    };
    Row {
        organ: year.unit.id,
        name: year.unit.name.clone(),
        all: Counts::of(year.owed.iter()),
        cells: groups.iter().map(cell).collect(),
    }
}

/// `POST /workspace/catalogue/check`: looks at once at what the night would look at.
pub(super) async fn check(
    State(app): State<App>,
    permit: Permit<KeepCatalogue>,
) -> Result<Response, Problem> {
    let within = app
        .db
        .read(async |tx: &mut Tx| Reach::of_permit(tx, &permit).await)
        .await?;
    let mut all = gap::Outcome::default();
    for base in &within.bases {
        let one = gap::run(&app, permit.actor(), *base).await?;
        all.gaps += one.gaps;
        all.settled += one.settled;
    }
    Ok(redirect_with(
        "/workspace/findings?kind=not_published",
        &format!(
            "检查完成：缺{}期，已列入问题；补上的{}期已销号。",
            all.gaps, all.settled
        ),
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Looking {
    organ: String,
    year: String,
}

/// `POST /workspace/catalogue/pages`: looks at the pages elsewhere that a unit registered, as the night does.
pub(super) async fn look(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Form(form): Form<Looking>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    app.db
        .write(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let name = reach::store::unit(tx, &within, organ).await?;
            let name = name.ok_or(NotDone::NotFound)?;
            run::ask(tx, &permit, (organ, &name)).await?;
            Ok::<_, NotDone>(())
        })
        .await?;
    let year = year_of(&form.year, app.today());
    Ok(redirect_with(
        &format!("{MATRIX}?organ={organ}&year={year}"),
        "已开始核验登记的网址，几分钟后刷新本页看结果；打不开或者内容有变化的显示“待核”，并列为问题。",
    ))
}

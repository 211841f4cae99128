//! 公开情况: the matrix of an organ's year, and one entry with its periods.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum_extra::extract::Form;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::seam::{Found, Wanted};
use gongkai_platform::web::{App, Problem, Shell, address, day, page, redirect_with};
use serde::Deserialize;

use crate::acts::{FillCatalogue, KeepCatalogue, ViewCatalogue};
use crate::entry::{Entry, store};
use crate::filling::handle::{self, Said};
use crate::filling::{Cell, Means, Standing, store as fillings, year_of};
use crate::id::EntryId;
use crate::standard::class_name;
use gongkai_platform::organ::reach::{self, Reach};

const MATRIX: &str = "/workspace/catalogue/matrix";
/// Entries of one page of the matrix.
const ROWS: i64 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    year: String,
    page: String,
    words: String,
}

impl Asked {
    fn year(&self, today: Date) -> i16 {
        self.year
            .parse()
            .ok()
            .filter(|year| (2000..=2100).contains(year))
            .unwrap_or(today.year())
    }
}

#[derive(Template)]
#[template(path = "catalogue/matrix.html")]
struct MatrixPage {
    shell: Shell,
    organ: OrganId,
    year: i16,
    units: Vec<(OrganId, String)>,
    rows: Vec<(Entry, Vec<Cell>)>,
    page: i64,
    more: bool,
}

impl MatrixPage {
    fn is_unit(&self, id: &OrganId) -> bool {
        self.organ == *id
    }

    fn count(&self, standing: Standing) -> usize {
        let cells = self.rows.iter().flat_map(|(_, cells)| cells);
        cells.filter(|cell| cell.standing == standing).count()
    }

    fn counts(&self) -> Vec<(&'static str, usize)> {
        let all = [
            Standing::Filled,
            Standing::Nothing,
            Standing::Overdue,
            Standing::Open,
        ];
        all.into_iter()
            .map(|one| (one.name(), self.count(one)))
            .collect()
    }

    fn turn(&self, page: i64) -> String {
        let (organ, year) = (self.organ.to_string(), self.year.to_string());
        address(MATRIX, &[("organ", &organ), ("year", &year)]) + &format!("page={page}")
    }
}

/// `GET /workspace/catalogue/matrix?organ=…&year=2026`
pub(super) async fn matrix(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let year = asked.year(today);
    let at = asked
        .page
        .parse::<i64>()
        .ok()
        .filter(|page| (1..1_000).contains(page))
        .unwrap_or(1);
    let (units, organ, mut entries, filled) = app
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
            let path = organ::store::load(tx, organ)
                .await?
                .map_or_else(String::new, |organ| organ.path);
            let entries = store::effective(tx, &path, ((at - 1) * ROWS, ROWS + 1)).await?;
            let ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
            let filled = fillings::of_organ(tx, organ, &ids).await?;
            Ok::<_, StoreError>(Some((units, organ, entries, filled)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let rows_max = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let more = entries.len() > rows_max;
    entries.truncate(rows_max);
    let rows = entries
        .into_iter()
        .map(|entry| {
            let cells = year_of(&entry, year, &filled, &calendar, today);
            (entry, cells)
        })
        .collect();
    page(&MatrixPage {
        shell,
        organ,
        year,
        units,
        rows,
        page: at,
        more,
    })
}

#[derive(Template)]
#[template(path = "catalogue/entry.html")]
struct EntryPage {
    shell: Shell,
    entry: Entry,
    organ: OrganId,
    organ_name: String,
    year: i16,
    cells: Vec<Cell>,
    records: Vec<Found>,
    words: String,
    may_fill: bool,
    may_keep: bool,
}

impl EntryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn class(&self) -> &'static str {
        class_name(self.entry.words.class)
    }

    fn is_inherited(&self) -> bool {
        self.entry.organ != self.organ
    }

    fn open(&self) -> Vec<(&str, &str)> {
        let open = self.cells.iter().filter(|cell| cell.filling.is_none());
        open.map(|cell| (cell.period.code.as_str(), cell.period.name.as_str()))
            .collect()
    }
}

/// `GET /workspace/catalogue/entries/{id}?organ=…&year=2026&words=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Path(id): Path<EntryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let year = asked.year(today);
    let wanted = Wanted {
        kind: "document".to_owned(),
        words: asked.words.trim().to_owned(),
        within: None,
    };
    let (entry, organ, organ_name, filled, records) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let Some(entry) = store::load(tx, &Reach::everything(), id).await? else {
                return Ok(None);
            };
            let organ = asked.organ.parse().unwrap_or(entry.organ);
            let Some(organ_name) = reach::store::unit(tx, &within, organ).await? else {
                return Ok(None);
            };
            let filled = fillings::of_organ(tx, organ, &[id]).await?;
            let records = app.seams.find(tx, permit.scope(), &wanted).await?;
            Ok::<_, StoreError>(Some((entry, organ, organ_name, filled, records)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let cells = year_of(&entry, year, &filled, &calendar, today);
    page(&EntryPage {
        may_fill: entry.removed_why.is_none() && shell.may(&FillCatalogue::ROW),
        may_keep: entry.removed_why.is_none() && shell.may(&KeepCatalogue::ROW),
        shell,
        entry,
        organ,
        organ_name,
        year,
        cells,
        records,
        words: wanted.words,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saying {
    organ: String,
    period: String,
    /// `record`, `address` or `nothing`.
    kind: String,
    record: String,
    title: String,
    address: String,
    statement: String,
    why: String,
}

fn back(id: EntryId, form: &Saying) -> String {
    let year = form.period.get(..4).unwrap_or_default();
    format!(
        "/workspace/catalogue/entries/{id}?organ={}&year={year}",
        form.organ
    )
}

/// `POST /workspace/catalogue/entries/{id}/fill`
pub(super) async fn fill(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let text = |text: &str| text.trim().to_owned();
    let said = match form.kind.as_str() {
        "record" => Said::Record(Ref {
            kind: "document".to_owned(),
            id: text(&form.record),
        }),
        "nothing" => Said::Nothing(text(&form.statement)),
        _ => Said::Address(text(&form.title), text(&form.address)),
    };
    let (calendar, today) = (app.calendar(), app.today());
    app.db
        .write(async |tx: &mut Tx| {
            handle::fill(
                tx,
                &permit,
                (id, organ, &form.period),
                said,
                (&app.seams, &calendar, today),
            )
            .await
        })
        .await?;
    Ok(redirect_with(&back(id, &form), "已登记公开情况。"))
}

/// `POST /workspace/catalogue/entries/{id}/take-back`
pub(super) async fn take_back(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    app.db
        .write(async |tx: &mut Tx| {
            handle::take_back(tx, &permit, (id, organ, &form.period), form.why.trim()).await
        })
        .await?;
    Ok(redirect_with(&back(id, &form), "已撤销登记。"))
}

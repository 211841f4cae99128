//! What the public reads of where periods stand: the office's choice, and the public page of a unit.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::organ::{self, Organ};
use gongkai_platform::portal::Place;
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use crate::acts::KeepCatalogue;
use crate::due::{self, Owed};
use crate::filling::Standing;
use crate::owner::publishes;
use crate::publicity::store::{self, Decided};
use crate::publicity::{Publicity, handle};

const DESK: &str = "/workspace/catalogue/publicity";
/// Years before this one that the public page shows.
const YEARS_BACK: i16 = 3;

/// A government and what its office decided.
struct Line {
    organ: OrganId,
    name: String,
    decided: Option<Decided>,
}

#[derive(Template)]
#[template(path = "catalogue/publicity.html")]
struct DeskPage {
    shell: Shell,
    lines: Vec<Line>,
}

impl DeskPage {
    fn choices(&self) -> Vec<(&'static str, &'static str)> {
        Publicity::options()
    }

    fn is(&self, line: &Line, code: &str) -> bool {
        let decided = line.decided.as_ref().map(|decided| decided.publicity);
        decided.unwrap_or(Publicity::UNDECIDED).code() == code
    }

    fn version(&self, line: &Line) -> i64 {
        line.decided.as_ref().map_or(0, |decided| decided.version)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

/// `GET /workspace/catalogue/publicity`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
) -> Result<Response, Problem> {
    let lines = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let mut lines = Vec::new();
            for government in organ::store::load_all(tx, &within.bases).await? {
                lines.push(Line {
                    organ: government.id,
                    decided: store::load(tx, government.id).await?,
                    name: government.name,
                });
            }
            Ok::<_, StoreError>(lines)
        })
        .await?;
    page(&DeskPage { shell, lines })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    organ: String,
    version: i64,
    publicity: String,
}

/// `POST /workspace/catalogue/publicity`
pub(super) async fn set(
    State(app): State<App>,
    permit: Permit<KeepCatalogue>,
    Form(form): Form<Chosen>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let (today, of) = (app.today(), (organ, form.version));
    let publicity = Publicity::from_code(&form.publicity);
    app.db
        .write(async |tx: &mut Tx| handle::set(tx, &permit, of, publicity, today).await)
        .await?;
    Ok(redirect_with(
        DESK,
        "已保存，公众现在按这个范围看到各期公开情况。",
    ))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    year: String,
    page: String,
}

/// One entry as the public reads it.
struct Row {
    index_number: String,
    name: String,
    /// Where its materials stand.
    link: String,
    limit: String,
    /// Materials by their days, and when the last one was registered.
    materials: usize,
    last: Option<Date>,
    /// Periods, and what is said of each.
    periods: Vec<(String, String, &'static str)>,
}

#[derive(Template)]
#[template(path = "catalogue/portal_standing.html")]
struct StandingPage {
    shell: Shell,
    organ: OrganId,
    name: String,
    year: i16,
    today: Date,
    is_shown: bool,
    counts: Vec<(&'static str, usize)>,
    rows: Vec<Row>,
    paging: Paging,
}

impl StandingPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn years(&self) -> Vec<i16> {
        let this = self.today.year();
        (this - YEARS_BACK..=this).rev().collect()
    }

    fn is_year(&self, year: &i16) -> bool {
        self.year == *year
    }

    fn turn(&self) -> String {
        let year = self.year.to_string();
        let path = format!("/catalogue/organs/{}", self.organ);
        address(&path, &[("year", &year)]) + "page="
    }
}

fn row(owed: &Owed, link: String, publicity: Publicity) -> Row {
    let words = &owed.entry.words;
    let periods = owed.periods().into_iter().filter_map(|cell| {
        let said = publicity.said(cell)?;
        Some((cell.period.name.clone(), said, cell.standing.badge()))
    });
    let materials = owed.cells.iter().filter(|cell| cell.is_material());
    let days = materials.filter_map(|cell| Some(cell.filling.as_ref()?.confirmed_on));
    Row {
        index_number: words.index_number.clone(),
        name: words.name().to_owned(),
        link,
        limit: owed.entry.rhythm.name(),
        materials: owed.materials(),
        last: days.max(),
        periods: periods.collect(),
    }
}

/// How many periods stand how, of what the public reads.
fn counts(owed: &[Owed], publicity: Publicity) -> Vec<(&'static str, usize)> {
    let of = |wanted: &[Standing]| {
        let cells = owed.iter().flat_map(|owed| &owed.cells);
        cells.filter(|cell| wanted.contains(&cell.standing)).count()
    };
    let mut counts = vec![
        ("已公开", of(&[Standing::Filled, Standing::Doubtful])),
        ("本期无", of(&[Standing::Nothing])),
        ("未到期", of(&[Standing::Open])),
    ];
    if publicity == Publicity::All {
        counts.push(("超期未公开", of(&[Standing::Overdue])));
    }
    counts
}

/// `GET /catalogue/organs/{organ}?year=2026`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    Path(id): Path<OrganId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let years = today.year() - YEARS_BACK..=today.year();
    let year = asked.year.parse().ok().filter(|year| years.contains(year));
    let year = year.unwrap_or_else(|| today.year());
    let path = format!("/catalogue/organs/{id}");
    shell.canonical = match shell.face.place(&app, id, &path).await? {
        Place::Here { canonical } => Some(canonical),
        Place::Elsewhere(answer) => return Ok(answer),
    };
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let unit = organ::store::load(tx, id).await?;
            let Some(unit) = unit.filter(publishes) else {
                return Ok(None);
            };
            let publicity = store::of_path(tx, &unit.path).await?;
            let owed = if publicity.is_shown() {
                let years = due::years(tx, vec![unit.clone()], year, (&calendar, today)).await?;
                let mut years = due::verified(tx, &app.seams, years, today).await?;
                years.pop().map(|year| year.owed).unwrap_or_default()
            } else {
                Vec::new()
            };
            let counts = counts(&owed, publicity);
            let (owed, paging) = Paging::of(asked.page.parse().ok(), owed);
            let entry = |owed: &Owed| (owed.entry.organ, format!("/catalogue/{}", owed.entry.id));
            let records: Vec<(OrganId, String)> = owed.iter().map(entry).collect();
            let links = shell.face.links(tx, &records).await?;
            let rows = owed.iter().zip(links);
            let rows = rows.map(|(owed, link)| row(owed, link, publicity));
            let rows: Vec<Row> = rows.collect();
            Ok::<_, StoreError>(Some((unit, publicity, counts, rows, paging)))
        })
        .await?;
    let (unit, publicity, counts, rows, paging): (Organ, _, _, _, _) =
        found.ok_or_else(Problem::not_found)?;
    page(&StandingPage {
        shell,
        organ: id,
        name: unit.name,
        year,
        today,
        is_shown: publicity.is_shown(),
        counts,
        rows,
        paging,
    })
}

//! `/workspace/requests/units`: one dense page of all units below, and the cases behind each figure.

mod behind;
mod export;

use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::FigureKey;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::acts::ViewFindings;
use gongkai_platform::finding::store::Side;
use gongkai_platform::finding::{self, FindingKind, FindingState};
use gongkai_platform::web::{App, Paging, Problem, Query, Route, Shell, address, page};
use serde::Deserialize;

use super::store::units;
use super::{COMMON_UNITS, Column, Common, Days, Unit, common, order};
use crate::acts::{OverseeRequests, ViewLetters};
use crate::reach;
use crate::request::clock::Light;

pub(super) const PATH: &str = "/workspace/requests/units";
/// Years that can be chosen, this one included.
const YEARS: i16 = 5;
/// Units that a common problem names.
const NAMED_MAX: usize = 5;
/// What assessments took off for requests, in hundredths of a point.
const TAKEN_OFF: &str = "scores.requests";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::act::<OverseeRequests, _, _>(Method::GET, PATH, show),
        Route::act::<OverseeRequests, _, _>(
            Method::GET,
            "/workspace/requests/units/cases",
            behind::list,
        ),
    ]
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Filter {
    year: String,
    area: String,
    sort: String,
    page: Option<i64>,
    format: String,
}

/// What assessments took off a unit, in points as people read them.
fn points(hundredths: i64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

#[derive(Template)]
#[template(path = "oversight/show.html")]
struct UnitsPage {
    shell: Shell,
    year: i16,
    this_year: i16,
    area: Option<OrganId>,
    sort: Option<Column>,
    areas: Vec<(OrganId, String)>,
    /// Of the page, with the points taken off; `None` where no assessment is told of.
    units: Vec<(Unit, Option<i64>)>,
    sum: Unit,
    quiet: usize,
    common: Vec<Common>,
    /// Findings about late answers and lost reviews that nobody verified, where the reader may see findings.
    to_verify: Option<[(FindingKind, i64); 2]>,
    /// May the reader look at letters?
    reads_letters: bool,
    paging: Paging,
}

impl UnitsPage {
    fn years(&self) -> Vec<i16> {
        (0..YEARS).map(|ago| self.this_year - ago).collect()
    }

    fn columns(&self) -> &'static [Column] {
        Column::ALL
    }

    fn with(&self, sort: Option<Column>) -> String {
        let year = self.year.to_string();
        let area = self.area.map(|id| id.to_string()).unwrap_or_default();
        let parts = [
            ("year", year.as_str()),
            ("area", &area),
            ("sort", sort.map_or("", Column::code)),
        ];
        address(PATH, &parts)
    }

    fn sorted(&self, column: &Column) -> String {
        self.with(Some(*column))
    }

    fn address(&self) -> String {
        self.with(self.sort) + "page="
    }

    fn file(&self, format: &str) -> String {
        format!("{}format={format}", self.with(self.sort))
    }

    fn is_sorted(&self, column: &Column) -> bool {
        self.sort == Some(*column)
    }

    fn is_area(&self, id: &OrganId) -> bool {
        self.area == Some(*id)
    }

    /// Does a figure of this column lead anywhere for the reader?
    fn leads(&self, column: &Column, n: &i64) -> bool {
        *n > 0 && (self.reads_letters || *column != Column::Held)
    }

    /// Where the records behind a figure of a unit, or of all, are listed.
    fn behind(&self, column: &Column, unit: Option<&OrganId>) -> String {
        let organ = unit.map(ToString::to_string).unwrap_or_default();
        let year = self.year.to_string();
        let organ = ("organ", organ.as_str());
        match column {
            Column::Running | Column::Over | Column::Unopened | Column::Unconfirmed => {
                address("/workspace/requests", &[("view", column.code()), organ])
            }
            Column::Held => address("/workspace/requests/letters", &[("held", &year), organ]),
            Column::Lost => {
                let parts = [("outcome", "corrected"), ("year", &year), organ];
                address("/workspace/requests/reviews", &parts)
            }
            _ => {
                let parts = [("what", column.code()), ("year", &year), organ];
                address("/workspace/requests/units/cases", &parts)
            }
        }
    }

    /// The findings from which a unit's deduction comes.
    fn findings(&self, unit: &Unit) -> String {
        let desk = unit.desk.to_string();
        let parts = [
            ("organ", desk.as_str()),
            ("kind", "late_reply"),
            ("each", "1"),
        ];
        address("/workspace/findings", &parts)
    }

    fn verify(&self, kind: &FindingKind) -> String {
        let parts = [
            ("state", FindingState::ToVerify.code()),
            ("kind", kind.code()),
        ];
        address("/workspace/findings", &parts)
    }

    fn points(&self, hundredths: &i64) -> String {
        points(*hundredths)
    }

    /// The light that a figure above nothing shows: its class and its shape.
    fn light(&self, column: &Column) -> (&'static str, &'static str) {
        let light = match column {
            Column::Over => Light::Overdue,
            Column::Today | Column::Two | Column::Five => Light::Soon,
            _ => return ("", ""),
        };
        (light.code(), light.shape())
    }

    /// The facts of a card on a narrow screen; the rest unfolds.
    fn is_main(&self, column: &Column) -> bool {
        matches!(column, Column::Running | Column::Over)
    }

    fn named<'c>(&self, common: &'c Common) -> &'c [(OrganId, String, i64)] {
        common.units.get(..NAMED_MAX).unwrap_or(&common.units)
    }

    fn most<'c>(&self, common: &'c Common) -> &'c [(String, i64)] {
        common.places.get(..NAMED_MAX).unwrap_or(&common.places)
    }

    fn common_units(&self) -> usize {
        COMMON_UNITS
    }
}

/// The governments that units belong to, in the order of the directory.
fn areas(units: &[Unit]) -> Vec<(OrganId, String)> {
    let mut areas: Vec<(OrganId, String)> = Vec::new();
    for area in units.iter().filter_map(|unit| unit.area.as_ref()) {
        if !areas.iter().any(|(id, _)| *id == area.0) {
            areas.push(area.clone());
        }
    }
    areas
}

fn sum(units: &[Unit]) -> Unit {
    let mut all = Unit::new(OrganId::new(uuid::Uuid::nil()), "合计".to_owned());
    for unit in units {
        for column in Column::ALL {
            all.add(*column, unit.figure(*column));
        }
    }
    all
}

/// What assessments took off these units, in one go.
async fn taken_off(
    tx: &mut Tx,
    app: &App,
    units: &[Unit],
    year: i16,
) -> Result<Vec<Option<i64>>, StoreError> {
    let key = |unit: &Unit| FigureKey {
        name: TAKEN_OFF.to_owned(),
        organ: unit.desk,
        year,
    };
    let keys: Vec<FigureKey> = units.iter().map(key).collect();
    let figures = app.seams.figures(tx, &keys).await?;
    Ok(figures
        .into_iter()
        .map(|figure| figure.map(|figure| figure.value))
        .collect())
}

async fn to_verify(
    tx: &mut Tx,
    permit: Option<&Permit<ViewFindings>>,
) -> Result<Option<[(FindingKind, i64); 2]>, StoreError> {
    let Some(permit) = permit else {
        return Ok(None);
    };
    let mut counts = [(FindingKind::LateReply, 0), (FindingKind::LostReview, 0)];
    for (kind, n) in &mut counts {
        let narrow = finding::Narrow {
            kind: Some(*kind),
            state: Some(FindingState::ToVerify),
            ..finding::Narrow::default()
        };
        *n = finding::store::count(tx, Side::Office(permit.scope()), &narrow).await?;
    }
    Ok(Some(counts))
}

/// `GET /workspace/requests/units?sort=overdue`
async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<OverseeRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let this_year = today.year();
    let asked = filter.year.parse().unwrap_or(this_year);
    let year = asked.clamp(this_year - YEARS + 1, this_year);
    let days = Days::of(year, today, &calendar);
    let area: Option<OrganId> = filter.area.parse().ok();
    let sort = Column::from_code(&filter.sort);
    let findings = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<ViewFindings>());
    let export = !filter.format.is_empty();
    let made = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let mut all = units(tx, &scope, &days, &calendar).await?;
            let areas = areas(&all);
            all.retain(|unit| {
                area.is_none_or(|area| unit.area.as_ref().is_some_and(|it| it.0 == area))
            });
            let known = all.len();
            all.retain(|unit| !unit.is_quiet());
            let (quiet, common, sum) = (known - all.len(), common(&all), sum(&all));
            order(&mut all, sort.unwrap_or(Column::Over));
            let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let paging = Paging::new(filter.page, total);
            // A page beyond the last is the last.
            let last = (total - 1).max(0) / paging.rows() + 1;
            let paging = Paging::new(Some(paging.page.min(last)), total);
            if !export {
                let from = usize::try_from(paging.offset()).unwrap_or(0);
                let most = usize::try_from(paging.rows()).unwrap_or(0);
                all = all.into_iter().skip(from).take(most).collect();
            }
            let off = taken_off(tx, &app, &all, year).await?;
            let to_verify = to_verify(tx, findings.as_ref()).await?;
            let units = all.into_iter().zip(off).collect::<Vec<_>>();
            Ok::<_, StoreError>((units, (areas, quiet, common, sum), to_verify, paging))
        })
        .await?;
    let (units, (areas, quiet, common, sum), to_verify, paging) = made;
    if export {
        return export::file(units, (year, today), &filter.format).await;
    }
    page(&UnitsPage {
        reads_letters: shell.may(&ViewLetters::ROW),
        shell,
        year,
        this_year,
        area,
        sort,
        areas,
        units,
        sum,
        quiet,
        common,
        to_verify,
        paging,
    })
}

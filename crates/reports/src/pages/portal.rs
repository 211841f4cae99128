//! What everybody may read: published editions of the reports, nothing else.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::{App, Problem, Query, Shell, moment, page, stamp};
use serde::Deserialize;

use super::files;
use super::tables::{self, ShownTable};
use crate::annual::Annual;
use crate::annual::store::public::{self, Listed};
use crate::form::SECTIONS;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
    organ: String,
}

#[derive(Template)]
#[template(path = "reports/portal_list.html")]
struct ListPage {
    shell: Shell,
    years: Vec<i64>,
    year: Option<i64>,
    /// Newest year first.
    groups: Vec<(i64, Vec<Listed>)>,
    organ_name: Option<String>,
}

/// `GET /reports?year=2025&organ=…`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let organ: Option<OrganId> = filter.organ.parse().ok();
    let asked: Option<i64> = filter.year.parse().ok();
    let (years, year, listed) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = &shell.face.scope;
            let years = public::years(tx, within).await?;
            let newest = || organ.is_none().then(|| years.first().copied()).flatten();
            let year = asked.or_else(newest);
            let listed = public::list(tx, within, year, organ).await?;
            Ok::<_, StoreError>((years, year, listed))
        })
        .await?;
    let organ_name = organ.and_then(|_| listed.first().map(|one| one.organ_name.clone()));
    let mut groups: Vec<(i64, Vec<Listed>)> = Vec::new();
    for one in listed {
        match groups.last_mut().filter(|(year, _)| *year == one.year) {
            Some((_, group)) => group.push(one),
            None => groups.push((one.year, vec![one])),
        }
    }
    page(&ListPage {
        shell,
        years,
        year,
        groups,
        organ_name,
    })
}

#[derive(Template)]
#[template(path = "reports/portal_show.html")]
struct ShowPage {
    shell: Shell,
    annual: Annual,
    tables: Vec<ShownTable>,
    /// With the numbers of the tables.
    texts: [String; 6],
}

impl ShowPage {
    fn stamp(&self) -> String {
        self.annual.published_at.map_or_else(String::new, stamp)
    }

    fn part(&self, at: &usize) -> &'static str {
        SECTIONS.get(*at).copied().unwrap_or("")
    }

    fn lines(&self, at: &usize) -> Vec<&str> {
        let text = self.texts.get(*at).map_or("", String::as_str);
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect()
    }

    fn table(&self, part: &usize) -> Option<&ShownTable> {
        self.tables.iter().find(|table| table.part == *part)
    }

    fn at(&self) -> String {
        self.annual.published_at.map_or_else(String::new, moment)
    }

    fn base(&self) -> String {
        format!("/reports/{}/{}", self.annual.unit.id, self.annual.year)
    }
}

async fn edition(app: &App, organ: &str, year: &str) -> Result<Annual, Problem> {
    let organ: OrganId = organ.parse().map_err(|_| Problem::not_found())?;
    let year: i16 = year.parse().map_err(|_| Problem::not_found())?;
    app.db
        .read(async |tx: &mut Tx| public::load(tx, organ, year).await)
        .await?
        .ok_or_else(Problem::not_found)
}

/// `GET /reports/{organ}/{year}`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    Path((organ, year)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let annual = edition(&app, &organ, &year).await?;
    let path = format!("/reports/{}/{}", annual.unit.id, annual.year);
    let canonical = match shell.face.place(&app, annual.unit.id, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    page(&ShowPage {
        shell,
        tables: tables::public(&annual),
        texts: annual.draft.said(),
        annual,
    })
}

/// `GET /reports/{organ}/{year}/docx`
pub(super) async fn file(
    State(app): State<App>,
    face: Face,
    Path((organ, year, format)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    let annual = edition(&app, &organ, &year).await?;
    let path = format!("/reports/{}/{}/{format}", annual.unit.id, annual.year);
    if let Place::Elsewhere(answer) = face.place(&app, annual.unit.id, &path).await? {
        return Ok(answer);
    }
    // Only where the tables stand nowhere else: the others are made here, from what is shown.
    if format == files::ORIGINAL && !annual.is_trial() {
        return Err(Problem::not_found());
    }
    files::made(&app, annual, &format).await
}

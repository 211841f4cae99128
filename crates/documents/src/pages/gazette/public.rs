//! The gazette as everybody reads it: years and issues, contents with pages, each text with its errata, the print.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::{Face, Place};
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{App, Problem, ProblemRow, Shell, day, page, stamp};
use serde::Deserialize;

use crate::document::Visibility;
use crate::document::body::with_clauses;
use crate::document::store::by_ids;
use crate::gazette::{Erratum, Issue, Item, State as At, Whole, check, feed_list, printed, store};
use crate::id::DocumentId;
use crate::pages::feed::{self, Entry};
use crate::pages::portal;
use crate::picture;

pub(in crate::pages) const NO_PRINTER: ProblemRow = ProblemRow {
    code: "gazette-no-printer",
    status: 501,
    title: "这个版本不带PDF",
    safe: "公报没有受影响。",
    advice: "请在网页上阅读各篇全文；或请系统管理员换用带PDF的版本。",
};

/// Issues in the feed of one government.
const ENTRIES_MAX: usize = 50;

/// The gazette of one government.
struct Series {
    organ: OrganId,
    name: String,
    /// Newest year first.
    years: Vec<(i64, Vec<Issue>)>,
}

/// Each government's issues, in the order of the directory; years stay in the order of the issues, newest first.
fn series(issues: Vec<Issue>) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for issue in issues {
        let (organ, year) = (issue.organ, issue.words.year);
        match all.last_mut().filter(|one| one.organ == organ) {
            Some(one) => match one.years.last_mut().filter(|(of, _)| *of == year) {
                Some((_, same)) => same.push(issue),
                None => one.years.push((year, vec![issue])),
            },
            None => all.push(Series {
                organ,
                name: issue.organ_name.clone(),
                years: vec![(year, vec![issue])],
            }),
        }
    }
    all
}

#[derive(Template)]
#[template(path = "gazette/public_years.html")]
struct YearsPage {
    shell: Shell,
    series: Vec<Series>,
}

impl Series {
    fn feed(&self) -> String {
        format!("{}/feed.xml", feed_list(self.organ))
    }
}

impl YearsPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn is_one(&self) -> bool {
        self.series.len() < 2
    }
}

/// `GET /gazette`
pub(super) async fn years(
    State(app): State<App>,
    shell: Shell,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let issues = app
        .db
        .read(async |tx: &mut Tx| store::issued(tx, &shell.face.scope, None).await)
        .await?;
    let signed_in = shell.person.is_some();
    let made = page(&YearsPage {
        shell,
        series: series(issues),
    })?;
    portal::tagged(&headers, signed_in, made).await
}

/// `GET /gazette/of/{organ}/feed.xml`: the issues of one government.
pub(super) async fn feed(
    State(app): State<App>,
    face: Face,
    Path(organ): Path<OrganId>,
) -> Result<Response, Problem> {
    let mut issues = app
        .db
        .read(async |tx: &mut Tx| store::issued(tx, &face.scope, None).await)
        .await?;
    issues.retain(|issue| issue.organ == organ);
    issues.truncate(ENTRIES_MAX);
    let name = &issues.first().ok_or_else(Problem::not_found)?.organ_name;
    let title = format!("{name}公报");
    let entries: Vec<Entry> = issues
        .iter()
        .map(|issue| Entry {
            title: format!("{title}{}", issue.words.name()),
            path: issue.path(),
            at: issue.issued_at,
            by: issue.organ_name.clone(),
            class: "政府公报",
        })
        .collect();
    let list = (title.as_str(), "/gazette", feed_list(organ));
    Ok(feed::of_entries(&face.url, list, &entries))
}

/// Which issue an address names, and which text of it.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Not written for the government at the top.
    organ: Option<OrganId>,
    year: i64,
    number: i64,
    place: Option<usize>,
}

impl Asked {
    fn address(&self) -> String {
        let Self { year, number, .. } = self;
        match self.organ {
            Some(organ) => format!("of/{organ}/{year}/{number}"),
            None => format!("{year}/{number}"),
        }
    }
}

/// The documents of an issue that are void by now, with the word for it.
type Void = BTreeMap<DocumentId, &'static str>;

async fn void(tx: &mut Tx, whole: &Whole, today: Date) -> Result<Void, StoreError> {
    let ids: Vec<String> = whole
        .items
        .iter()
        .map(|item| item.document.to_string())
        .collect();
    let mut documents = by_ids(tx, &ids).await?;
    documents.retain(|document| document.visibility == Visibility::Public);
    let documents = portal::with_validity(tx, documents, today).await?;
    let void = documents
        .into_iter()
        .filter(|(_, validity)| validity.is_void());
    Ok(void
        .map(|(document, validity)| (document.id, validity.name()))
        .collect())
}

/// The issue of an address, once it is out.
async fn issued(tx: &mut Tx, address: &str) -> Result<Option<Whole>, StoreError> {
    let issue = store::addressed(tx, address).await?;
    match issue.filter(|issue| issue.state == At::Issued) {
        Some(issue) => Ok(Some(store::whole(tx, issue).await?)),
        None => Ok(None),
    }
}

async fn read(app: &App, asked: &Asked) -> Result<(Whole, Void), Problem> {
    let (address, today) = (asked.address(), app.today());
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(whole) = issued(tx, &address).await? else {
                return Ok(None);
            };
            let void = void(tx, &whole, today).await?;
            Ok::<_, StoreError>(Some((whole, void)))
        })
        .await?;
    found.ok_or_else(Problem::not_found)
}

#[derive(Template)]
#[template(path = "gazette/public_contents.html")]
struct ContentsPage {
    shell: Shell,
    whole: Whole,
    void: Void,
    has_pdf: bool,
}

impl ContentsPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn link(&self, item: &Item) -> String {
        format!("{}/{}", self.whole.issue.path(), place(&self.whole, item))
    }

    fn has_erratum(&self, item: &Item) -> bool {
        self.whole.errata.iter().any(|one| one.item == item.id)
    }
}

/// From 1, in the order of print.
fn place(whole: &Whole, item: &Item) -> usize {
    let mut items = whole.items.iter();
    items.position(|one| one.id == item.id).map_or(0, |n| n + 1)
}

/// `GET /gazette/{year}/{number}` and `/gazette/of/{organ}/{year}/{number}`
pub(super) async fn contents(
    State(app): State<App>,
    mut shell: Shell,
    headers: HeaderMap,
    Path(asked): Path<Asked>,
) -> Result<Response, Problem> {
    let (whole, void) = read(&app, &asked).await?;
    let path = whole.issue.path();
    let canonical = match shell.face.place(&app, whole.issue.organ, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    let signed_in = shell.person.is_some();
    let made = page(&ContentsPage {
        shell,
        whole,
        void,
        has_pdf: app.printer.is_some(),
    })?;
    portal::tagged(&headers, signed_in, made).await
}

#[derive(Template)]
#[template(path = "gazette/public_text.html")]
struct TextPage {
    shell: Shell,
    issue: Issue,
    item: Item,
    errata: Vec<Erratum>,
    /// 已废止, 已失效: how the document stands by now.
    void: Option<&'static str>,
    /// The website shows another text now, and no erratum says why.
    differs: bool,
    previous: Option<usize>,
    next: Option<usize>,
    address: String,
}

impl TextPage {
    /// `YYYY-MM-DD HH:MM`, as the page's meta tag wants it.
    fn stamp(&self) -> String {
        let dated = format!("{} 00:00", self.issue.words.dated_on);
        self.issue.issued_at.map_or(dated, stamp)
    }

    fn body(&self) -> String {
        let base = format!("/documents/{}", self.item.document);
        with_clauses(&picture::shown_at(&self.item.html, &base))
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn short_hash(&self) -> String {
        self.item.hash.chars().take(16).collect()
    }
}

/// `GET …/{place}`
pub(super) async fn text(
    State(app): State<App>,
    mut shell: Shell,
    headers: HeaderMap,
    Path(asked): Path<Asked>,
) -> Result<Response, Problem> {
    let (whole, void) = read(&app, &asked).await?;
    let place = asked.place.unwrap_or(0);
    let path = format!("{}/{place}", whole.issue.path());
    let canonical = match shell.face.place(&app, whole.issue.organ, &path).await? {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical.clone());
    let item = place
        .checked_sub(1)
        .and_then(|n| whole.items.get(n))
        .cloned()
        .ok_or_else(Problem::not_found)?;
    let differs = item.withdrawn().is_none() && check::told(&whole, &item).is_some();
    let errata = whole
        .errata
        .iter()
        .filter(|one| one.item == item.id)
        .cloned()
        .collect();
    let signed_in = shell.person.is_some();
    let made = page(&TextPage {
        shell,
        address: canonical,
        previous: (place > 1).then(|| place - 1),
        next: (place < whole.items.len()).then_some(place + 1),
        void: void.get(&item.document).copied(),
        issue: whole.issue,
        item,
        errata,
        differs,
    })?;
    portal::tagged(&headers, signed_in, made).await
}

/// `GET …/issue.pdf`
pub(super) async fn pdf(
    State(app): State<App>,
    face: Face,
    Path(asked): Path<Asked>,
) -> Result<Response, Problem> {
    let address = asked.address();
    let whole = app
        .db
        .read(async |tx: &mut Tx| issued(tx, &address).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("{}/issue.pdf", whole.issue.path());
    if let Place::Elsewhere(answer) = face.place(&app, whole.issue.organ, &path).await? {
        return Ok(answer);
    }
    print(&app, &whole).await
}

/// The issue as PDF.
pub(super) async fn print(app: &App, whole: &Whole) -> Result<Response, Problem> {
    let Some(printer) = app.printer.clone() else {
        return Err(Problem::new(NO_PRINTER));
    };
    let (data, dated) = (whole.typeset_data(), whole.issue.words.dated_on);
    let pictures = printed::pictures(app, whole).await?;
    let bytes =
        off_thread(move || printer.illustrated("gazette", &data, &pictures.bytes(), dated)).await?;
    let bytes = bytes.map_err(|error| Problem::refused(vec![error.0]))?;
    let name = format!(
        "{}公报{}.pdf",
        whole.issue.organ_name,
        whole.issue.words.name()
    );
    Ok(download::attachment(&name, download::PDF, bytes))
}

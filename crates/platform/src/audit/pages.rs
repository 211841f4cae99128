//! 审计记录: the audit administrator's desk. Reading, checking and exporting; nothing here can change an event.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use gongkai_basis::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use super::export::{self, Format};
use super::{Event, Filter, Recorded, Verdict, noun};
use crate::access::{Act as _, Permit};
use crate::account::acts::{ExportAudit, ReadAudit};
use crate::db::{StoreError, Tx};
use crate::web::{
    App, Form, NavItem, Paging, Problem, Query, Route, Shell, moment, page, start_of,
};

const DESK: &str = "/workspace/admin/audit";
/// Characters of a hash that a list shows; the export has it whole.
const HASH_CHARS: usize = 8;

/// The routes of the audit pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::act::<ReadAudit, _, _>(Method::GET, "/workspace/admin/audit", list),
        Route::act::<ReadAudit, _, _>(Method::POST, "/workspace/admin/audit/verify", verify),
        Route::act::<ExportAudit, _, _>(Method::POST, "/workspace/admin/audit/export", export),
    ]
}

/// The menu entry.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "审计记录",
        path: DESK,
        act: ReadAudit::ROW,
    }]
}

/// What is looked for, as it stands in the address. Dates that are none do not filter; the page shows them empty.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    actor: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        let date = |text: &str| text.parse::<Date>().ok();
        Filter {
            actor: self.actor.trim().to_owned(),
            kind: self.kind().to_owned(),
            text: self.text.trim().to_owned(),
            from: date(&self.from).and_then(start_of),
            // The last day counts whole.
            before: date(&self.to)
                .and_then(|day| day.tomorrow().ok())
                .and_then(start_of),
        }
    }

    /// What codes shall begin with: a noun, or one code of it, as links of the desk have it. What is none does not filter.
    fn kind(&self) -> &str {
        let kind = self.kind.trim();
        noun::known(kind).map_or("", |_| kind)
    }

    /// The noun, where all of it is chosen.
    fn noun(&self) -> &str {
        self.kind().strip_suffix('.').unwrap_or_default()
    }

    /// The word of the noun, where only one of its codes is chosen.
    fn one_of(&self) -> Option<&'static str> {
        let (_, name) = noun::known(self.kind())?;
        self.noun().is_empty().then_some(name)
    }

    fn address(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        format!(
            "{DESK}?actor={}&kind={}&text={}&from={}&to={}&page=",
            encode(&self.actor),
            encode(self.kind()),
            encode(&self.text),
            encode(&self.from),
            encode(&self.to)
        )
    }
}

#[derive(Deserialize)]
pub(super) struct ListQuery {
    #[serde(flatten)]
    asked: Asked,
    page: Option<String>,
}

struct Line {
    seq: i64,
    at: String,
    who: String,
    matter: &'static str,
    sentence: String,
    data: String,
    hash: String,
}

impl From<Recorded> for Line {
    fn from(event: Recorded) -> Self {
        Self {
            seq: event.seq,
            at: moment(event.at),
            who: event.actor_name,
            matter: noun::name(&event.kind),
            sentence: event.sentence,
            data: if event.data == "null" {
                String::new()
            } else {
                event.data
            },
            hash: event.hash.chars().take(HASH_CHARS).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    nouns: &'static [(&'static str, &'static str)],
    lines: Vec<Line>,
    paging: Paging,
    address: String,
    verdict: Option<Verdict>,
    may_export: bool,
}

async fn list_page(
    app: &App,
    shell: Shell,
    asked: Asked,
    number: Option<i64>,
    verdict: Option<Verdict>,
) -> Result<Response, Problem> {
    let filter = asked.filter();
    let mut paging = Paging::wanted(number);
    let events = app
        .db
        .read(async |tx: &mut Tx| {
            loop {
                let (from, rows) = (paging.offset(), paging.rows());
                let (events, total) = super::search(tx, &filter, from, rows).await?;
                if paging.holds(total) {
                    return Ok::<_, StoreError>(events);
                }
            }
        })
        .await?;
    let may_export = shell.may(&ExportAudit::ROW);
    page(&ListPage {
        shell,
        address: asked.address(),
        asked,
        nouns: noun::all(),
        lines: events.into_iter().map(Line::from).collect(),
        paging,
        verdict,
        may_export,
    })
}

/// `GET /workspace/admin/audit`: newest first; two queries.
async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ReadAudit>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let number = query.page.and_then(|page| page.parse().ok());
    list_page(&app, shell, query.asked, number, None).await
}

/// `POST …/verify`: recomputes the whole chain and records that it was done and what came out.
async fn verify(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ReadAudit>,
) -> Result<Response, Problem> {
    let verdict = app
        .db
        .read(async |tx: &mut Tx| super::verify(tx).await)
        .await?;
    let (sentence, data) = match &verdict {
        Verdict::Whole { events, head } => (
            format!("校验审计链：{events} 条完好"),
            json!({ "events": events, "head": head }),
        ),
        Verdict::Broken { seq, why } => (
            format!("校验审计链：第 {seq} 条不符，{why}"),
            json!({ "broken": seq, "why": why }),
        ),
    };
    app.db
        .write(async |tx: &mut Tx| {
            let subject = ("audit", "chain".to_owned());
            tx.record(Event::new(permit.actor(), "audit.verified", subject, sentence).data(data));
            Ok::<_, StoreError>(())
        })
        .await?;
    list_page(&app, shell, Asked::default(), None, Some(verdict)).await
}

#[derive(Deserialize)]
pub(super) struct ExportForm {
    format: String,
    #[serde(flatten)]
    asked: Asked,
}

/// `POST …/export`: everything that the page shows, all pages of it. The export is an event itself, and stands in it.
async fn export(
    State(app): State<App>,
    permit: Permit<ExportAudit>,
    Form(form): Form<ExportForm>,
) -> Result<Response, Problem> {
    let (format, media_type, ending) = match form.format.as_str() {
        "csv" => (Format::Csv, "text/csv; charset=utf-8", "csv"),
        "json" => (Format::Json, "application/json", "json"),
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let filter = form.asked.filter();
    app.db
        .write(async |tx: &mut Tx| {
            let subject = ("audit", "chain".to_owned());
            let data = json!({
                "format": ending, "actor": filter.actor, "kind": filter.kind, "text": filter.text,
                "from": form.asked.from, "to": form.asked.to,
            });
            let sentence = format!("导出审计记录（{}）", ending.to_uppercase());
            tx.record(Event::new(permit.actor(), "audit.exported", subject, sentence).data(data));
            Ok::<_, StoreError>(())
        })
        .await?;
    let last = app
        .db
        .read(async |tx: &mut Tx| super::head(tx).await)
        .await?;
    let name = format!("审计记录-{}.{ending}", app.today());
    let disposition = format!(
        "attachment; filename=\"audit.{ending}\"; filename*=UTF-8''{}",
        utf8_percent_encode(&name, NON_ALPHANUMERIC)
    );
    let disposition =
        HeaderValue::from_str(&disposition).map_err(|_| Problem::new(Problem::INTERNAL))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let body = export::body(app.db.clone(), filter, format, last);
    Ok((headers, body).into_response())
}

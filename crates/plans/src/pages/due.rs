//! What is due, as a list across all capabilities: what the counts of the start page lead to.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::seam::DueItem;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use super::download::{self, attachment, off_thread};
use crate::acts::ViewOwnTasks;
use crate::due::{DueWork, Nearness};
use crate::when;

const PATH: &str = "/workspace/due";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    when: String,
    kind: String,
    format: String,
    page: String,
}

/// One line, as the list and the start page show it.
pub(super) struct Line {
    pub(super) title: String,
    pub(super) kind: &'static str,
    pub(super) nearness: Nearness,
    pub(super) due: String,
    pub(super) left: String,
    pub(super) path: String,
}

impl Line {
    pub(super) fn of(app: &App, item: &DueItem, today: Date) -> Self {
        Self {
            title: item.title.clone(),
            kind: app.seams.due_kind(&item.of.kind),
            nearness: Nearness::of(item.due_on, today),
            due: when::date(item.due_on),
            left: when::left(&app.calendar(), today, item.due_on),
            path: item.path.clone(),
        }
    }

    fn cells(self) -> Vec<String> {
        vec![
            self.title,
            self.kind.to_owned(),
            self.nearness.name().to_owned(),
            self.due,
            self.left,
        ]
    }
}

#[derive(Template)]
#[template(path = "due.html")]
struct DuePage {
    shell: Shell,
    filter: Filter,
    counts: Vec<(Nearness, usize)>,
    more: bool,
    kinds: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    paging: Paging,
}

impl DuePage {
    fn address(&self) -> String {
        let parts = [
            ("when", self.filter.when.as_str()),
            ("kind", &self.filter.kind),
        ];
        address(PATH, &parts) + "page="
    }

    fn file(&self, format: &str) -> String {
        let parts = [
            ("when", self.filter.when.as_str()),
            ("kind", &self.filter.kind),
            ("format", format),
        ];
        address(PATH, &parts)
    }

    fn is(&self, nearness: &Nearness) -> bool {
        self.filter.when == nearness.code()
    }
}

/// `GET /workspace/due?when=overdue&kind=task&format=xlsx`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnTasks>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let calendar = app.calendar();
    let work = app
        .db
        .read(async |tx: &mut Tx| {
            DueWork::gather(tx, &app.seams, permit.scope(), (&calendar, today)).await
        })
        .await?;
    let counts = work.counts(today);
    let wanted = Nearness::from_code(&filter.when);
    let chosen: Vec<&DueItem> = work
        .items
        .iter()
        .filter(|item| wanted.is_none_or(|wanted| Nearness::of(item.due_on, today) == wanted))
        .filter(|item| filter.kind.is_empty() || item.of.kind == filter.kind)
        .collect();
    if matches!(filter.format.as_str(), "csv" | "xlsx") {
        let rows = chosen
            .into_iter()
            .map(|item| Line::of(&app, item, today).cells());
        return file(rows.collect(), &filter.format, today).await;
    }
    let total = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    let paging = Paging::new(filter.page.parse().ok(), total);
    let start = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let rows = usize::try_from(paging.rows()).unwrap_or(usize::MAX);
    let lines = chosen.into_iter().skip(start).take(rows);
    page(&DuePage {
        lines: lines.map(|item| Line::of(&app, item, today)).collect(),
        kinds: app.seams.due_kinds(),
        more: work.more,
        shell,
        filter,
        counts,
        paging,
    })
}

async fn file(rows: Vec<Vec<String>>, format: &str, today: Date) -> Result<Response, Problem> {
    const HEADS: [&str; 5] = ["事项", "类别", "状态", "期限", "剩余时间"];
    let csv = format == "csv";
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        if csv {
            table_csv(&HEADS, &rows)
        } else {
            table_xlsx("到期事项", &HEADS, &rows)
        }
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    let (ending, media) = if csv {
        ("csv", download::CSV)
    } else {
        ("xlsx", download::XLSX)
    };
    Ok(attachment(
        &format!("到期事项{today}.{ending}"),
        media,
        bytes,
    ))
}

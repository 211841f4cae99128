//! `/workspace/requests/offers`: how often applicants saw what is public already, followed it, and needed nothing more.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use crate::acts::ViewRequests;
use crate::offer::store::{self, Line};
use crate::offer::tally::{self, Counts};
use crate::reach;

const PATH: &str = "/workspace/requests/offers";
/// Rows that one export takes.
const EXPORT_ROWS_MAX: i64 = 20_000;
/// Years that can be chosen, this one included.
const YEARS: i16 = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
    page: Option<i64>,
    format: String,
}

#[derive(Template)]
#[template(path = "requests/offers_desk.html")]
struct DeskPage {
    shell: Shell,
    year: i16,
    this_year: i16,
    sum: Counts,
    months: Vec<(String, Counts)>,
    records: Vec<Line>,
    paging: Paging,
}

impl DeskPage {
    fn years(&self) -> Vec<i16> {
        (0..YEARS).map(|ago| self.this_year - ago).collect()
    }

    fn address(&self) -> String {
        format!("{PATH}?year={}&page=", self.year)
    }

    fn share(&self, counts: &Counts) -> String {
        let share = counts.clicked_hundredths();
        share.map_or_else(|| "—".to_owned(), |share| format!("{share}%"))
    }
}

/// The first and the last day of a year.
fn days(year: i16) -> (Date, Date) {
    let first = Date::new(year, 1, 1).unwrap_or(Date::MIN);
    (first, Date::new(year, 12, 31).unwrap_or(Date::MAX))
}

/// `GET /workspace/requests/offers`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    // What this process counted in the last minute belongs to what the office reads.
    tally::write_down(&app).await?;
    let this_year = app.today().year();
    let asked = filter.year.parse().unwrap_or(this_year);
    let year = asked.clamp(this_year - YEARS + 1, this_year);
    let within = days(year);
    if !filter.format.is_empty() {
        let lines = app
            .db
            .read(async |tx: &mut Tx| {
                let scope = reach::seen(tx, permit.roles()).await?;
                store::lines(tx, &scope, within, EXPORT_ROWS_MAX).await
            })
            .await?;
        return exported(&lines, year, &filter.format).await;
    }
    let (months, records, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let months = store::months(tx, &scope, within).await?;
            let total = store::count(tx, &scope, within).await?;
            let paging = Paging::new(filter.page, total);
            let rows = (paging.offset(), paging.rows());
            let records = store::records(tx, &scope, within, rows).await?;
            Ok::<_, StoreError>((months, records, paging))
        })
        .await?;
    let mut sum = Counts::default();
    for (_, counts) in &months {
        sum += *counts;
    }
    page(&DeskPage {
        shell,
        year,
        this_year,
        sum,
        months,
        records,
        paging,
    })
}

async fn exported(lines: &[Line], year: i16, format: &str) -> Result<Response, Problem> {
    const HEAD: [&str; 7] = [
        "月份",
        "信息",
        "公开单位",
        "网址",
        "提示次数",
        "点开次数",
        "不再申请次数",
    ];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                line.month.clone(),
                line.title.clone(),
                line.organ_name.clone(),
                line.path.clone(),
                line.counts.shown.to_string(),
                line.counts.clicked.to_string(),
                line.counts.avoided.to_string(),
            ]
        })
        .collect();
    let failed = |error: FormError| {
        tracing::error!(%error, "the table could not be written");
        Problem::new(Problem::INTERNAL)
    };
    let name = format!("申请前提示{year}年");
    if format == "csv" {
        let bytes = table_csv(&HEAD, &rows).map_err(failed)?;
        return Ok(download::attachment(
            &format!("{name}.csv"),
            download::CSV,
            bytes,
        ));
    }
    let bytes = off_thread(move || table_xlsx("申请前提示", &HEAD, &rows))
        .await?
        .map_err(failed)?;
    Ok(download::attachment(
        &format!("{name}.xlsx"),
        download::XLSX,
        bytes,
    ))
}

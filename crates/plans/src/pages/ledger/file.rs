//! The ledger's rows as a file.

use axum::extract::State;
use axum::response::Response;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query as Address};

use super::choose;
use super::line::{Line, rows};
use crate::acts::ExportLedger;
use crate::ledger::query::Raw;
use crate::ledger::{Column, EXPORT_ROWS_MAX, Query};
use crate::pages::download::{self, attachment, off_thread};

/// The heads of a file, each with the column of the page that it belongs to; none for what always stands there.
const HEADS: [(&str, Option<Column>); 11] = [
    ("部分", None),
    ("序号", None),
    ("任务", None),
    ("单位", Some(Column::Units)),
    ("期限", Some(Column::Due)),
    ("状态", Some(Column::Light)),
    ("进展", Some(Column::Progress)),
    ("最近填报", Some(Column::Progress)),
    ("佐证", Some(Column::Evidence)),
    ("其中失效", Some(Column::Evidence)),
    ("次数要求", Some(Column::Evidence)),
];

/// The table of a file: the columns that the page shows. Its heads that stand between rows become a column.
fn table(columns: &[Column], lines: Vec<Line>) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let kept: Vec<bool> = HEADS
        .iter()
        .map(|(_, column)| column.is_none_or(|column| columns.contains(&column)))
        .collect();
    let heads = HEADS.iter().map(|(head, _)| *head);
    let rows = lines.into_iter().map(|line| {
        let cells = [
            line.section,
            line.number,
            line.text,
            line.units.join("、"),
            line.due.whole(),
            line.light.name().to_owned(),
            line.progress,
            line.excerpt,
            line.evidence.to_string(),
            line.decayed.to_string(),
            line.counted.join("；"),
        ];
        keep(&kept, cells)
    });
    (keep(&kept, heads), rows.collect())
}

fn keep<T>(kept: &[bool], items: impl IntoIterator<Item = T>) -> Vec<T> {
    let paired = items.into_iter().zip(kept);
    paired
        .filter(|(_, kept)| **kept)
        .map(|(item, _)| item)
        .collect()
}

/// `GET /workspace/ledger/file`: the rows that the page shows, all pages, as CSV or XLSX.
pub(in crate::pages) async fn file(
    State(app): State<App>,
    permit: Permit<ExportLedger>,
    Address(raw): Address<Raw>,
) -> Result<Response, Problem> {
    let query = Query::read(&raw);
    let (plan, lines) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(plan) = choose(tx, permit.scope(), &query).await?.1 else {
                return Ok(None);
            };
            let (_, lines) = rows(tx, &app, &plan, &query, (0, EXPORT_ROWS_MAX)).await?;
            Ok::<_, StoreError>(Some((plan, lines)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let csv = raw.format == "csv";
    let title = format!("{}台账", plan.title);
    let name = format!(
        "{title}{}.{}",
        app.today(),
        if csv { "csv" } else { "xlsx" }
    );
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        let (heads, rows) = table(&query.columns, lines);
        if csv {
            table_csv(&heads, &rows)
        } else {
            table_xlsx(&title, &heads, &rows)
        }
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    Ok(attachment(
        &name,
        if csv { download::CSV } else { download::XLSX },
        bytes,
    ))
}

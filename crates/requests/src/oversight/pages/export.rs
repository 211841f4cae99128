//! The table of units as CSV and XLSX.

use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::web::Problem;
use gongkai_platform::web::download::{self, off_thread};

use super::{Column, Unit, points};

pub(super) async fn file(
    units: Vec<(Unit, Option<i64>)>,
    (year, today): (i16, Date),
    format: &str,
) -> Result<Response, Problem> {
    let head: Vec<String> = ["单位", "所属"]
        .into_iter()
        .map(str::to_owned)
        .chain(Column::ALL.iter().map(|column| {
            let when = if column.is_of_year() {
                format!("{year}年")
            } else {
                format!("{today}")
            };
            format!("{}（{when}）", column.name())
        }))
        .chain([format!("考核扣分（{year}年）")])
        .collect();
    let rows: Vec<Vec<String>> = units
        .iter()
        .map(|(unit, off)| {
            let area = unit.area.as_ref().map(|(_, name)| name.clone());
            let figures = Column::ALL
                .iter()
                .map(|column| unit.figure(*column).to_string());
            [unit.name.clone(), area.unwrap_or_default()]
                .into_iter()
                .chain(figures)
                .chain([off.map(points).unwrap_or_default()])
                .collect()
        })
        .collect();
    let failed = |error: FormError| {
        tracing::error!(%error, "the table could not be written");
        Problem::new(Problem::INTERNAL)
    };
    let name = format!("各单位依申请办理情况{year}年");
    let made = off_thread(move || {
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let csv = table_csv(&head, &rows);
        let xlsx = table_xlsx("各单位依申请办理情况", &head, &rows);
        (csv, xlsx)
    })
    .await?;
    let (bytes, kind, ending) = if format == "csv" {
        (made.0.map_err(failed)?, download::CSV, "csv")
    } else {
        (made.1.map_err(failed)?, download::XLSX, "xlsx")
    };
    Ok(download::attachment(
        &format!("{name}.{ending}"),
        kind,
        bytes,
    ))
}

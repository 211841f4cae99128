//! Every sample that is made here, by name.

use std::path::Path;

use gongkai_basis::Date;
use gongkai_office::form::{self, LedgerForm, LedgerRow};
use serde_json::json;

use crate::source::{Plan, read};
use crate::{docx, html, plain, xlsx};

type Failed = Box<dyn std::error::Error>;

pub(crate) fn all(sources: &Path) -> Result<Vec<(&'static str, Vec<u8>)>, Failed> {
    let plan = |name: &str| read(&sources.join(name));
    Ok(vec![
        ("city-2026.docx", docx::plan(&plan("city-2026.json")?)?),
        ("county-2026.html", html::plan(&plan("county-2026.json")?)?),
        ("county-2025.html", html::plan(&plan("county-2025.json")?)?),
        (
            "district-2026.txt",
            plain::plan(&plan("district-2026.json")?),
        ),
        ("town-2026.txt", plain::plan(&plan("town-2026.json")?)),
        ("town-2025.txt", plain::plan(&plan("town-2025.json")?)),
        ("bureau-2026.xlsx", xlsx::plan(&plan("bureau-2026.json")?)?),
        (
            "ledger-2025.xlsx",
            form::xlsx(&ledger(&plan("city-2025.json")?)?)?,
        ),
    ])
}

/// What last year's units reported, in the official form, one group of rows for each lead.
fn ledger(plan: &Plan) -> Result<LedgerForm, Failed> {
    let mut rows: Vec<LedgerRow> = plan
        .items()
        .map(|(_, _, item)| {
            let units = item.units.as_deref().unwrap_or_default();
            LedgerRow {
                unit: units.split("牵头").next().unwrap_or_default().to_owned(),
                item: format!("{}.{}", item.no, item.text),
                done: item.done.clone(),
                pending: item.pending.clone(),
                due_text: item.due.clone(),
                review: None,
                rectification: None,
            }
        })
        .collect();
    let order: Vec<String> = rows.iter().map(|row| row.unit.clone()).collect();
    rows.sort_by_key(|row| order.iter().position(|unit| *unit == row.unit));
    Ok(LedgerForm {
        title: format!("{}落实及“回头看”工作台账（演示）", plan.title),
        unit: plan.notice.issuer.clone(),
        filled_on: Some(Date::new(2025, 12, 26)?),
        filled_by: "林知远".to_owned(),
        contact: "0700-0000000".to_owned(),
        rows,
    })
}

/// The plan as data of the PDF template for lists.
pub(crate) fn print_data(plan: &Plan) -> serde_json::Value {
    let notice = &plan.notice;
    let styled = |text: &str, style: &str| json!({"text": text, "style": style});
    let mut above = vec![
        styled(&plan.mark, "center"),
        styled(&notice.number, "center"),
        styled(&notice.title, "title"),
        styled(&notice.to, "flush"),
    ];
    above.extend(notice.paragraphs.iter().map(|text| styled(text, "body")));
    above.push(styled(&notice.issuer, "right"));
    above.push(styled(&notice.date, "right"));
    let rows: Vec<[String; 3]> = plan
        .items()
        .map(|(section, _, item)| {
            let units = item.units.clone().unwrap_or_default();
            [
                section.name.clone(),
                format!("{}.{}", item.no, item.text),
                units,
            ]
        })
        .collect();
    let widths = [2, 6, 4];
    let headers: Vec<_> = plan
        .columns
        .iter()
        .zip(widths)
        .map(|(text, width)| json!({"text": text, "width": width}))
        .collect();
    json!({
        "above": above,
        "title": plan.title,
        "headers": headers,
        "rows": rows,
        "merge_down": [0],
        "foot": plan.closing,
    })
}

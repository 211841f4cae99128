//! The plan as JSON (the contract of `gongkai plan read`) and as CSV.

use gongkai_office::Place;
use serde_json::{Map, Value, json};

use super::dates::Deadline;
use super::quantities::Quantity;
use super::task::{Plan, Task};

pub fn to_json(plan: &Plan) -> Value {
    json!({
        "is_plan": plan.is_plan,
        "title": plan.title,
        "notice_title": plan.notice_title,
        "document_number": plan.document_number,
        "issuer": plan.issuer,
        "issued_on": plan.issued_on.map(|d| d.to_string()),
        "published_on": plan.published_on.map(|d| d.to_string()),
        "year": plan.year,
        "document_deadlines": plan.document_deadlines.iter().map(deadline).collect::<Vec<_>>(),
        "tasks": plan.tasks.iter().map(task).collect::<Vec<_>>(),
        "problems": plan.problems.iter().map(|p| json!({ "code": p.code, "message": p.message, "place": place(&p.place) })).collect::<Vec<_>>(),
        "coverage": {
            "source_chars": plan.coverage.source_chars,
            "in_fields": plan.coverage.in_fields,
            "in_problems": plan.coverage.in_problems,
            "dropped": plan.coverage.dropped,
        },
    })
}

fn task(task: &Task) -> Value {
    json!({
        "no": task.no,
        "order": task.order,
        "section": task.section,
        "group": task.group,
        "text": task.text,
        "organ_text": task.organ_text,
        "organs": task.organs.iter().map(|o| json!({ "name": o.name, "role": o.role.as_str() })).collect::<Vec<_>>(),
        "deadlines": task.deadlines.iter().map(deadline).collect::<Vec<_>>(),
        "quantities": task.quantities.iter().map(quantity).collect::<Vec<_>>(),
        "confidence": task.confidence.as_str(),
    })
}

fn deadline(deadline: &Deadline) -> Value {
    json!({ "text": deadline.text, "date": deadline.date.map(|d| d.to_string()), "kind": deadline.kind.as_str() })
}

fn quantity(quantity: &Quantity) -> Value {
    json!({ "text": quantity.text, "value": figure(quantity.value), "max": quantity.max.map(figure), "unit": quantity.unit })
}

/// Whole numbers are written without a point.
#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and small"
)]
fn figure(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn place(place: &Place) -> Value {
    let parts = [
        ("line", place.line),
        ("page", place.page),
        ("table", place.table),
        ("row", place.row),
        ("column", place.column),
    ];
    let map: Map<String, Value> = parts
        .into_iter()
        .filter(|(name, n)| *name != "page" || n.is_some())
        .map(|(name, n)| (name.to_owned(), json!(n)))
        .collect();
    Value::Object(map)
}

/// Heads of the CSV columns.
const HEADS: [&str; 11] = [
    "序号",
    "编号",
    "章节",
    "小组",
    "任务",
    "单位原文",
    "牵头单位",
    "责任单位",
    "配合单位",
    "时限",
    "核对",
];

/// One row for each task, comma separated, UTF-8 without byte order mark.
pub fn to_csv(plan: &Plan) -> Result<String, csv::Error> {
    use super::organs::Role;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADS)?;
    for task in &plan.tasks {
        let names = |role: Role| {
            task.organs
                .iter()
                .filter(|o| o.role == role)
                .map(|o| guard(&o.name))
                .collect::<Vec<_>>()
                .join("、")
        };
        let ends = task
            .deadlines
            .iter()
            .map(|d| {
                d.date
                    .map_or_else(|| d.text.clone(), |date| format!("{}（{date}）", d.text))
            })
            .collect::<Vec<_>>()
            .join("；");
        let check = match task.confidence {
            super::task::Confidence::Sure => "",
            super::task::Confidence::Check => "请核对",
        };
        writer.write_record([
            task.order.to_string(),
            task.no.map(|n| n.to_string()).unwrap_or_default(),
            guard(task.section.as_deref().unwrap_or_default()),
            guard(task.group.as_deref().unwrap_or_default()),
            guard(&task.text),
            guard(&task.organ_text),
            names(Role::Lead),
            names(Role::Responsible),
            names(Role::Cooperate),
            guard(&ends),
            check.to_owned(),
        ])?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|e| csv::Error::from(e.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that a spreadsheet would take for a formula gets a leading apostrophe.
fn guard(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

//! 总览: unit by unit, what the year has seen and what is missing.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page, redirect_with};
use serde::Deserialize;

use super::{file, is_file};
use crate::activity::ActivityKind;
use crate::activity::store::{self as activities, Narrow};
use crate::acts::{KeepGroup, KeepOrganisation, ViewOrganisation};
use crate::check;
use crate::overview::UnitYear;
use crate::overview::store::{self, Units};
use crate::staff::StaffKind;
use gongkai_platform::organ::reach::Reach;

const PATH: &str = "/workspace/organisation";
/// Rows that one file takes.
const FILE_ROWS_MAX: i64 = 10_000;
const HEADS: [&str; 10] = [
    "单位",
    "听取汇报",
    "培训",
    "领导小组会议",
    "投稿",
    "试点",
    "分管领导",
    "承办机构",
    "责任人",
    "结论",
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
    unmet: String,
    format: String,
    page: String,
}

#[derive(Template)]
#[template(path = "organisation/overview.html")]
struct OverviewPage {
    shell: Shell,
    year: i16,
    unmet: bool,
    total_units: i64,
    total_unmet: i64,
    meetings: i64,
    units: Vec<UnitYear>,
    paging: Paging,
    may_check: bool,
    may_keep: bool,
}

impl OverviewPage {
    fn address(&self) -> String {
        let year = self.year.to_string();
        let unmet = if self.unmet { "1" } else { "" };
        address(PATH, &[("year", year.as_str()), ("unmet", unmet)]) + "page="
    }

    fn file(&self, format: &str) -> String {
        let year = self.year.to_string();
        let unmet = if self.unmet { "1" } else { "" };
        let parts = [
            ("year", year.as_str()),
            ("unmet", unmet),
            ("format", format),
        ];
        address(PATH, &parts)
    }

    fn count(&self, unit: &UnitYear, code: &str) -> i64 {
        ActivityKind::from_code(code).map_or(0, |kind| unit.count(kind))
    }

    fn missing(&self, unit: &UnitYear) -> String {
        names(&unit.missing())
    }
}

fn names(kinds: &[StaffKind]) -> String {
    kinds
        .iter()
        .map(|kind| kind.name())
        .collect::<Vec<_>>()
        .join("、")
}

fn line(unit: UnitYear) -> Vec<String> {
    let verdict = if unit.is_met() {
        "已达标"
    } else {
        "未达标"
    };
    let mut cells = vec![unit.name.clone()];
    cells.extend(
        [
            ActivityKind::Hearing,
            ActivityKind::Training,
            ActivityKind::Meeting,
            ActivityKind::Submission,
            ActivityKind::Pilot,
        ]
        .map(|kind| unit.count(kind).to_string()),
    );
    cells.extend(StaffKind::ALL.iter().map(|kind| {
        let there = unit.staff.contains(kind);
        if there { "已登记" } else { "未登记" }.to_owned()
    }));
    cells.push(verdict.to_owned());
    cells
}

/// The days of the year that is asked for; this year's where none is.
fn year_of(asked: &str, today: Date) -> (Date, Date) {
    let year = asked
        .parse()
        .ok()
        .filter(|year| (1990..=2200).contains(year));
    let in_year = today
        .with()
        .year(year.unwrap_or_else(|| today.year()))
        .day(1);
    check::year_of(in_year.build().unwrap_or(today))
}

/// `GET /workspace/organisation?year=2026&unmet=1&format=xlsx`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let year = year_of(&filter.year, today);
    let unmet = filter.unmet == "1";
    let which = if unmet { Units::Unmet } else { Units::All };
    let wanted: Option<i64> = filter.page.parse().ok();
    let as_file = is_file(&filter.format);
    let (units, paging, total_units, total_unmet, meetings) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let total_units = store::count(tx, &within, Units::All, year).await?;
            let total_unmet = store::count(tx, &within, Units::Unmet, year).await?;
            let paging = Paging::new(wanted, if unmet { total_unmet } else { total_units });
            let rows = if as_file {
                (0, FILE_ROWS_MAX)
            } else {
                (paging.offset(), paging.rows())
            };
            let units = store::page(tx, &within, (which, year), rows).await?;
            // An office reads how often its own leading group met; those above, what lies below them.
            let meetings = if within.bases.is_empty() {
                let narrow = Narrow {
                    kind: Some(ActivityKind::Meeting),
                    within: Some(year),
                    ..Narrow::default()
                };
                activities::count(tx, &within, &narrow).await?
            } else {
                check::meetings(tx, &within.bases, year).await?
            };
            Ok::<_, StoreError>((units, paging, total_units, total_unmet, meetings))
        })
        .await?;
    if as_file {
        let rows = units.into_iter().map(line).collect();
        return file("组织保障总览", &filter.format, &HEADS, rows, today).await;
    }
    page(&OverviewPage {
        may_check: shell.may(&KeepGroup::ROW),
        may_keep: shell.may(&KeepOrganisation::ROW),
        shell,
        year: year.0.year(),
        unmet,
        total_units,
        total_unmet,
        meetings,
        units,
        paging,
    })
}

/// `POST /workspace/organisation/check`: looks at once at what the night would look at.
pub(super) async fn check(
    State(app): State<App>,
    permit: Permit<KeepGroup>,
) -> Result<Response, Problem> {
    let within = app
        .db
        .read(async |tx: &mut Tx| Reach::of(tx, permit.roles()).await)
        .await?;
    let mut missing = 0;
    for base in &within.bases {
        let outcome = check::run(&app, permit.actor(), *base, app.today()).await?;
        missing += outcome.missing;
    }
    Ok(redirect_with(
        "/workspace/findings?state=to_verify",
        &format!("检查完成，共缺 {missing} 项，已列入待核实问题。"),
    ))
}

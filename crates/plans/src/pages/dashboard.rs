//! 看板: how a plan stands. The tables are the truth; where scripts run they are drawn, too.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::PlanId;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, has_asset, page};
use serde::Deserialize;

use super::download::{self, attachment, off_thread};
use crate::acts::ViewLedger;
use crate::assignment::light::Light;
use crate::dashboard::{ByUnit, Dashboard, Tally, Week, store};
use crate::plan::{self, Plan};
use crate::when;

/// What draws the tables; comes from npm and may be absent.
const CHARTS: &str = "echarts.min.js";
/// Units that the late list names.
const LATE_SHOWN: usize = 10;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    plan: String,
    /// Which table leaves as a file: `sections`, `units`.
    table: String,
    format: String,
    page: String,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
    shell: Shell,
    today: String,
    plans: Vec<Plan>,
    plan: Option<Plan>,
    board: Dashboard,
    late: Vec<ByUnit>,
    units: Vec<ByUnit>,
    paging: Paging,
    charts: bool,
}

impl DashboardPage {
    fn lights(&self) -> Vec<(Light, i64)> {
        lights(&self.board.tasks)
    }

    fn section<'a>(&self, section: &'a Option<String>) -> &'a str {
        section.as_deref().unwrap_or("（未分章节）")
    }

    /// `/workspace/ledger?plan=…&`: the list behind the numbers.
    fn ledger(&self) -> String {
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        format!("/workspace/ledger?plan={}", plan.unwrap_or_default())
    }

    fn section_ledger(&self, section: &Option<String>) -> String {
        let section = section.as_deref().unwrap_or_default();
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        let parts = [
            ("plan", plan.as_deref().unwrap_or_default()),
            ("section", section),
        ];
        gongkai_platform::web::address("/workspace/ledger", &parts)
    }

    fn file(&self, table: &str, format: &str) -> String {
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        let parts = [
            ("plan", plan.as_deref().unwrap_or_default()),
            ("table", table),
            ("format", format),
        ];
        gongkai_platform::web::address("/workspace/dashboard", &parts)
    }

    fn address(&self) -> String {
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        format!("?plan={}&page=", plan.unwrap_or_default())
    }
}

fn lights(tally: &Tally) -> Vec<(Light, i64)> {
    [
        Light::Overdue,
        Light::Decayed,
        Light::Soon,
        Light::Normal,
        Light::Done,
    ]
    .map(|light| (light, tally.of(light)))
    .to_vec()
}

/// The plans of a scope, and the one that is asked for; the newest where none is. `None` for one outside.
async fn chosen(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    wanted: &str,
) -> Result<Option<(Vec<Plan>, Option<Plan>)>, StoreError> {
    let plans = plan::store::list(tx, permit.scope()).await?;
    let plan = if wanted.is_empty() {
        plans.first().cloned()
    } else {
        let id: Option<PlanId> = wanted.parse().ok();
        let found = plans.iter().find(|plan| Some(plan.id) == id).cloned();
        if found.is_none() {
            return Ok(None);
        }
        found
    };
    Ok(Some((plans, plan)))
}

/// `GET /workspace/dashboard?plan=…&table=units&format=csv`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (plans, plan, board) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((plans, plan)) = chosen(tx, &permit, &filter.plan).await? else {
                return Ok(None);
            };
            let board = match &plan {
                Some(plan) => store::dashboard(tx, plan.id, today).await?,
                None => Dashboard::default(),
            };
            Ok::<_, StoreError>(Some((plans, plan, board)))
        })
        .await?
        .ok_or_else(|| Problem::not_found().detail("没有这个方案，或它不在您的权限范围内。"))?;
    if let (Some(plan), "csv" | "xlsx") = (&plan, filter.format.as_str()) {
        return file(plan, &board, &filter, today).await;
    }
    let paging = Paging::new(
        filter.page.parse().ok(),
        i64::try_from(board.units.len()).unwrap_or(i64::MAX),
    );
    let start = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
    let rows = usize::try_from(paging.rows()).unwrap_or(usize::MAX);
    let late = board.units.iter().filter(|unit| unit.parts.overdue > 0);
    page(&DashboardPage {
        late: late.take(LATE_SHOWN).cloned().collect(),
        units: board.units.iter().skip(start).take(rows).cloned().collect(),
        charts: has_asset(CHARTS),
        today: when::day(today),
        shell,
        plans,
        plan,
        board,
        paging,
    })
}

/// Heads and rows of one of the tables, whole.
fn table(board: &Dashboard, wanted: &str) -> (&'static str, Vec<&'static str>, Vec<Vec<String>>) {
    let counts = |tally: &Tally| {
        let mut cells: Vec<String> = lights(tally).iter().map(|(_, n)| n.to_string()).collect();
        cells.extend([tally.all().to_string(), tally.done_text()]);
        cells
    };
    match wanted {
        "units" => (
            "按单位",
            vec![
                "单位",
                "已逾期",
                "佐证失效",
                "将到期",
                "正常",
                "已完成",
                "合计",
                "完成率",
                "从未填报",
            ],
            board
                .units
                .iter()
                .map(|unit| {
                    let mut row = vec![unit.name.clone()];
                    row.extend(counts(&unit.parts));
                    row.push(unit.silent.to_string());
                    row
                })
                .collect(),
        ),
        _ => (
            "按章节",
            vec![
                "章节",
                "已逾期",
                "佐证失效",
                "将到期",
                "正常",
                "已完成",
                "合计",
                "完成率",
            ],
            board
                .sections
                .iter()
                .map(|section| {
                    let mut row = vec![section.section.clone().unwrap_or_default()];
                    row.extend(counts(&section.tasks));
                    row
                })
                .collect(),
        ),
    }
}

async fn file(
    plan: &Plan,
    board: &Dashboard,
    filter: &Filter,
    today: gongkai_basis::Date,
) -> Result<Response, Problem> {
    let (name, heads, rows) = table(board, &filter.table);
    leave(
        format!("{}{name}", plan.title),
        heads,
        rows,
        &filter.format,
        today,
    )
    .await
}

/// A table as a file.
async fn leave(
    title: String,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    format: &str,
    today: gongkai_basis::Date,
) -> Result<Response, Problem> {
    let csv = format == "csv";
    let (ending, media) = if csv {
        ("csv", download::CSV)
    } else {
        ("xlsx", download::XLSX)
    };
    let file_name = format!("{title}{today}.{ending}");
    let made: Result<Vec<u8>, FormError> = off_thread(move || {
        if csv {
            table_csv(&heads, &rows)
        } else {
            table_xlsx(&title, &heads, &rows)
        }
    })
    .await?;
    let bytes = made.map_err(|error| Problem::refused(vec![error.to_string()]))?;
    Ok(attachment(&file_name, media, bytes))
}

/// A week's Sunday; of the week that runs the day up to which it is known.
fn until(week: &Week, today: Date) -> String {
    if week.ends_on > today {
        format!("本周，截至{}", when::date(today))
    } else {
        when::date(week.ends_on)
    }
}

#[derive(Template)]
#[template(path = "trend.html")]
struct TrendPage {
    shell: Shell,
    plans: Vec<Plan>,
    plan: Option<Plan>,
    weeks: Vec<Week>,
    charts: bool,
    today: Date,
}

impl TrendPage {
    fn day(&self, week: &Week) -> String {
        until(week, self.today)
    }

    fn file(&self, format: &str) -> String {
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        let parts = [
            ("plan", plan.as_deref().unwrap_or_default()),
            ("format", format),
        ];
        gongkai_platform::web::address("/workspace/dashboard/trend", &parts)
    }
}

/// `GET /workspace/dashboard/trend?plan=…&format=csv`: every report of the plan is read, so it has a page of its own.
pub(super) async fn trend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (plans, plan, weeks) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some((plans, plan)) = chosen(tx, &permit, &filter.plan).await? else {
                return Ok(None);
            };
            let weeks = match &plan {
                Some(plan) => store::trend(tx, plan.id, today).await?,
                None => Vec::new(),
            };
            Ok::<_, StoreError>(Some((plans, plan, weeks)))
        })
        .await?
        .ok_or_else(|| Problem::not_found().detail("没有这个方案，或它不在您的权限范围内。"))?;
    if let (Some(plan), "csv" | "xlsx") = (&plan, filter.format.as_str()) {
        let heads = vec!["截至（周日）", "已报完成的分工", "当周填报次数"];
        let line = |week: &Week| {
            vec![
                until(week, today),
                week.done.to_string(),
                week.reports.to_string(),
            ]
        };
        let rows = weeks.iter().map(line).collect();
        let title = format!("{}按周趋势", plan.title);
        return leave(title, heads, rows, &filter.format, today).await;
    }
    page(&TrendPage {
        charts: has_asset(CHARTS),
        shell,
        plans,
        plan,
        weeks,
        today,
    })
}

#[cfg(test)]
mod tests {
    use super::{Week, until};
    use crate::testing::day;

    #[test]
    fn a_week_that_runs_is_known_up_to_today() {
        let week = Week {
            ends_on: day("2026-12-06"),
            done: 1,
            reports: 1,
        };
        for (today, says) in [
            ("2026-12-01", "本周，截至2026年12月1日"),
            ("2026-12-06", "2026年12月6日"),
            ("2026-12-07", "2026年12月6日"),
        ] {
            assert_eq!(until(&week, day(today)), says);
        }
    }
}

//! 进度图: a plan's tasks on the line of its year. The table says everything; the bars show it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, page};
use serde::Deserialize;

use super::Readable;
use crate::acts::ViewCalendar;
use crate::assignment::light::Light;
use crate::calendar::store::{self, Bar};
use crate::ledger::store::Own;
use crate::ledger::{self, Due, Narrow};
use crate::plan::{self, Plan};
use crate::when;

/// Width of the drawing, in its own units.
const WIDTH: i64 = 720;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    plan: String,
    page: String,
}

/// One line of the chart.
struct Line {
    title: String,
    path: String,
    organs: String,
    due: Due,
    light: Light,
    /// Where the bar begins and how wide it is; no bar without a day.
    bar: Option<(i64, i64)>,
    /// From which day to which it goes, in words for screens that have no room for the months.
    days: String,
}

#[derive(Template)]
#[template(path = "gantt.html")]
struct GanttPage {
    shell: Shell,
    plans: Vec<Plan>,
    plan: Option<Plan>,
    /// A unit sees its own parts alone.
    own: bool,
    start: String,
    lines: Vec<Line>,
    paging: Paging,
    /// Where each month begins, with its number.
    months: Vec<(i64, i8)>,
    now: Option<i64>,
}

impl GanttPage {
    fn address(&self) -> String {
        let plan = self.plan.as_ref().map(|plan| plan.id.to_string());
        format!("?plan={}&page=", plan.unwrap_or_default())
    }

    /// A place of the drawing in hundredths of its width: names of months are not stretched with it.
    fn percent(&self, place: &i64) -> String {
        let hundredths = place * 10_000 / WIDTH;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// The days that the drawing shows: from the first of the plan's year to its last, longer where a task needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: Date,
    to: Date,
}

impl Span {
    fn of(year: i64, latest: Option<Date>) -> Self {
        let year = i16::try_from(year).unwrap_or(2000).clamp(1, 9998);
        let to = Date::new(year, 12, 31).unwrap_or(Date::MAX);
        Self {
            from: Date::new(year, 1, 1).unwrap_or(Date::MIN),
            to: latest.map_or(to, |latest| latest.max(to)),
        }
    }

    /// Where a day stands, from 0 to [`WIDTH`].
    fn place(&self, day: Date) -> i64 {
        let all = i64::from((self.to - self.from).get_days()) + 1;
        let gone = i64::from((day - self.from).get_days());
        (gone * WIDTH / all.max(1)).clamp(0, WIDTH)
    }

    fn bar(&self, start: Date, due: Date) -> (i64, i64) {
        let from = self.place(start.min(due));
        let to = self.place(due.tomorrow().unwrap_or(due));
        (from, (to - from).max(2))
    }

    fn months(&self) -> Vec<(i64, i8)> {
        self.from
            .series(jiff::Span::new().months(1))
            .take_while(|day| *day <= self.to)
            .map(|day| (self.place(day), day.month()))
            .collect()
    }
}

/// `GET /workspace/gantt?plan=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewCalendar>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let readable = Readable::of(&shell);
    let (plans, plan, own, paging, bars) = app
        .db
        .read(async |tx: &mut Tx| {
            let mut plans = plan::store::list(tx, &readable.plans).await?;
            let office = plans.len();
            for plan in plan::store::with_part_of(tx, &readable.parts).await? {
                if plans.iter().all(|other| other.id != plan.id) {
                    plans.push(plan);
                }
            }
            let place = if filter.plan.is_empty() {
                (!plans.is_empty()).then_some(0)
            } else {
                plans
                    .iter()
                    .position(|plan| plan.id.to_string() == filter.plan)
            };
            let Some((place, plan)) =
                place.and_then(|place| Some((place, plans.get(place)?.clone())))
            else {
                return Ok((plans, None, false, Paging::new(None, 0), Vec::new()));
            };
            let own = place >= office;
            let (paging, bars) = rows(tx, &plan, own.then_some(&readable), &filter, today).await?;
            Ok::<_, StoreError>((plans, Some(plan), own, paging, bars))
        })
        .await?;
    if plan.is_none() && !filter.plan.is_empty() {
        return Err(Problem::not_found().detail("没有这个方案，或它不在您的权限范围内。"));
    }
    let span = Span::of(
        plan.as_ref()
            .map_or(i64::from(today.year()), |plan| plan.year),
        bars.iter().filter_map(|bar| bar.ends_on).max(),
    );
    let begun = plan
        .as_ref()
        .and_then(|plan| plan.issued_on.or(plan.published_on));
    let start = begun.unwrap_or(span.from);
    page(&GanttPage {
        lines: bars.into_iter().map(|bar| line(bar, span, start)).collect(),
        months: span.months(),
        now: (span.from <= today && today <= span.to).then(|| span.place(today)),
        start: when::date(start),
        shell,
        plans,
        plan,
        own,
        paging,
    })
}

/// One page of a plan's tasks, or of a unit's own parts of it.
async fn rows(
    tx: &mut Tx,
    plan: &Plan,
    own: Option<&Readable>,
    filter: &Filter,
    today: Date,
) -> Result<(Paging, Vec<Bar>), StoreError> {
    let wanted = filter.page.parse().ok();
    let Some(readable) = own else {
        let all = ledger::store::count_tasks(tx, plan.id, &Narrow::default(), today).await?;
        let paging = Paging::new(wanted, all.n);
        let bars = store::bars(tx, plan.id, today, (paging.offset(), paging.rows())).await?;
        return Ok((paging, bars));
    };
    let narrow = Own {
        plan: Some(plan.id),
        ..Own::default()
    };
    let all = ledger::store::count_own(tx, &readable.parts, &narrow, today).await?;
    let paging = Paging::new(wanted, all.n);
    let page = (paging.offset(), paging.rows());
    let rows = ledger::store::own_page(tx, &readable.parts, &narrow, today, page).await?;
    let bars = rows.into_iter().map(|row| {
        let next = row.next_due_on.filter(|_| row.light != Light::Done);
        Bar {
            task: row.task,
            number: row.number,
            text: row.text,
            organ_text: format!("{}（{}）", row.organ_name, row.duty.name()),
            due: Bar::due(&row.deadlines, row.due_on, next),
            ends_on: next.or(row.due_on),
            light: row.light,
        }
    });
    Ok((paging, bars.collect()))
}

fn line(bar: Bar, span: Span, start: Date) -> Line {
    Line {
        title: bar.number.map_or_else(
            || bar.text.clone(),
            |number| format!("{number}　{}", bar.text),
        ),
        path: format!("/workspace/tasks/{}", bar.task),
        organs: bar.organ_text,
        due: bar.due,
        light: bar.light,
        bar: bar.ends_on.map(|due| span.bar(start, due)),
        days: bar.ends_on.map_or_else(String::new, |due| days(start, due)),
    }
}

/// `2026年3月16日至2026年3月31日`; the due day alone where it lies before the beginning.
fn days(start: Date, due: Date) -> String {
    if start < due {
        format!("{}至{}", when::date(start), when::date(due))
    } else {
        when::date(due)
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, WIDTH, days};
    use crate::testing::day;

    #[test]
    fn bars_stand_on_the_line_of_the_year() {
        let span = Span::of(2026, None);
        assert_eq!(span.place(day("2026-01-01")), 0);
        assert_eq!(span.place(day("2025-06-01")), 0);
        assert_eq!(span.bar(day("2026-01-01"), day("2026-12-31")), (0, WIDTH));
        // A day that lies before the start is still to be seen.
        let (from, wide) = span.bar(day("2026-06-01"), day("2026-03-01"));
        assert!(wide >= 2 && from == span.place(day("2026-03-01")));
        assert_eq!(
            days(day("2026-03-16"), day("2026-03-31")),
            "2026年3月16日至2026年3月31日"
        );
        assert_eq!(days(day("2026-06-01"), day("2026-03-01")), "2026年3月1日");
        assert_eq!(span.months().len(), 12);
        assert_eq!(Span::of(2026, Some(day("2027-03-31"))).months().len(), 15);
    }
}

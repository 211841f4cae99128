//! The units with the state of their reports.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use super::LIST;
use crate::acts::{PrecheckReport, ViewReports, WriteReport};
use crate::annual::due as owing;
use crate::annual::store::{self, Line, Narrow, Wanted};
use crate::annual::{Annual, handle};
use crate::check::Weight;
use crate::due::{self, Terms};
use crate::model::Report;
use crate::seam::reported_year;
use crate::state;
use gongkai_platform::organ::reach::{self, Reach};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
    state: String,
    text: String,
    page: String,
}

impl Filter {
    fn narrow(&self, today: Date) -> Narrow {
        let state = match self.state.as_str() {
            "nothing" => Some(Wanted::Nothing),
            code => state::State::from_code(code).map(Wanted::State),
        };
        Narrow {
            year: self.year.parse().unwrap_or_else(|_| reported_year(today)),
            state,
            text: self.text.trim().to_owned(),
        }
    }
}

/// A unit on the screen.
struct Row {
    line: Line,
    /// Wrong and doubtful findings.
    findings: (usize, usize),
    due_on: Option<Date>,
    /// May this person begin the report?
    own: bool,
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    year: i16,
    years: Vec<i16>,
    counts: Vec<(&'static str, &'static str, i64)>,
    /// The year before the running one, and how many of its reports are not public, where another year is shown.
    open: Option<(i16, i64)>,
    rows: Vec<Row>,
    paging: Paging,
    today: Date,
    may_write: bool,
    may_set_due: bool,
}

impl ListPage {
    fn with_state(&self, code: &str) -> String {
        address(
            LIST,
            &[
                ("year", &self.year.to_string()),
                ("state", code),
                ("text", &self.filter.text),
            ],
        )
    }

    fn address(&self) -> String {
        self.with_state(&self.filter.state) + "page="
    }

    fn due(&self, row: &Row) -> String {
        row.due_on.map_or_else(String::new, day)
    }

    /// Not published, and the day is over.
    fn is_late(&self, row: &Row) -> bool {
        let out = row
            .line
            .annual
            .as_ref()
            .is_some_and(|it| it.published_at.is_some());
        !out && row.due_on.is_some_and(|due| due < self.today)
    }

    fn is_year(&self, year: &i16) -> bool {
        self.year == *year
    }

    fn is_narrowed(&self) -> bool {
        !(self.filter.state.is_empty() && self.filter.text.is_empty())
    }
}

/// `GET /workspace/reports?year=2026&state=draft`
pub(super) async fn list(
    axum::extract::State(app): axum::extract::State<App>,
    shell: Shell,
    permit: Permit<ViewReports>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let narrow = filter.narrow(today);
    let write = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<WriteReport>());
    let (lines, (counts, open), (own, terms)) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let counts = store::counts(tx, &within, &narrow).await?;
            let total = total_of(&counts, narrow.state);
            let paging = Paging::new(filter.page.parse().ok(), total);
            let lines = store::list(tx, &within, &narrow, (paging.offset(), paging.rows())).await?;
            let begun = lines.iter().filter(|line| line.annual.is_some());
            let begun: Vec<OrganId> = begun.map(|line| line.unit.id).collect();
            let before = store::of_organs(tx, &begun, narrow.year - 1).await?;
            let own = match &write {
                Some(write) => Some(reach::own(tx, write).await?),
                None => None,
            };
            let terms = due::store::terms(tx).await?;
            let counts = (counts, open(tx, &within, narrow.year, today).await?);
            Ok::<_, StoreError>(((lines, before, paging), counts, (own, terms)))
        })
        .await?;
    let (lines, before, paging) = lines;
    let last_of = |line: &Line| {
        let mut before = before.iter();
        let last = before.find(|annual| annual.unit.id == line.unit.id);
        last.map(Annual::report)
    };
    let rows = lines
        .into_iter()
        .map(|line| {
            let last = last_of(&line);
            row(line, last.as_ref(), (narrow.year, &terms), own.as_ref())
        })
        .collect();
    let n = |wanted: Option<state::State>| {
        let found = counts.iter().find(|(state, _)| *state == wanted);
        found.map_or(0, |(_, n)| *n)
    };
    let mut shown = vec![("nothing", "未编写", n(None))];
    shown.extend(
        state::State::ALL
            .iter()
            .map(|one| (one.code(), one.name(), n(Some(*one)))),
    );
    page(&ListPage {
        may_write: shell.may(&WriteReport::ROW),
        may_set_due: shell.may(&PrecheckReport::ROW),
        shell,
        filter,
        year: narrow.year,
        years: (today.year() - 6..=today.year()).rev().collect(),
        counts: shown,
        open,
        rows,
        paging,
        today,
    })
}

/// Last year's reports are owed until they are public, whatever year is shown; units that came later owe none.
async fn open(
    tx: &mut Tx,
    within: &Reach,
    shown: i16,
    today: Date,
) -> Result<Option<(i16, i64)>, StoreError> {
    let last = today.year() - 1;
    if shown == last {
        return Ok(None);
    }
    let of_last = Narrow {
        year: last,
        state: None,
        text: String::new(),
    };
    let counts = store::counts(tx, within, &of_last).await?;
    let open = counts
        .iter()
        .filter(|(state, _)| *state != Some(state::State::Published));
    let n: i64 = open.map(|(_, n)| n).sum();
    let n = n - owing::latecomers(tx, within, last).await?;
    Ok((n > 0).then_some((last, n)))
}

fn total_of(counts: &[(Option<state::State>, i64)], wanted: Option<Wanted>) -> i64 {
    let fits = |state: Option<state::State>| match wanted {
        None => true,
        Some(Wanted::Nothing) => state.is_none(),
        Some(Wanted::State(wanted)) => state == Some(wanted),
    };
    counts
        .iter()
        .filter(|(state, _)| fits(*state))
        .map(|(_, n)| n)
        .sum()
}

fn row(
    line: Line,
    last: Option<&Report>,
    (year, terms): (i16, &Terms),
    own: Option<&gongkai_platform::access::Scope>,
) -> Row {
    let findings = line.annual.as_ref().map_or((0, 0), |annual| {
        let all = annual.findings(last);
        let wrong = all.iter().filter(|it| it.weight == Weight::Wrong).count();
        (wrong, all.len() - wrong)
    });
    let own = own.is_some_and(|scope| scope.contains(line.unit.id, ""));
    Row {
        due_on: terms.due_on(&line.unit, year),
        line,
        findings,
        own,
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Begin {
    organ: OrganId,
    year: i16,
}

/// `POST /workspace/reports/new`
pub(super) async fn begin(
    State(app): State<App>,
    permit: Permit<WriteReport>,
    Form(typed): Form<Begin>,
) -> Result<Response, Problem> {
    let today = app.today();
    let annual = app
        .db
        .write(async |tx: &mut Tx| {
            handle::begin(tx, &permit, &app.seams, (typed.organ, typed.year), today).await
        })
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{}/edit", annual.id),
        "已建立报告，能统计的数已经填好，其余请填写。",
    ))
}

//! `GET /workspace/requests`: the cases, by their days.

mod column;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::id::OrganId;
use gongkai_office::form::{FormError, table_csv, table_xlsx};
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::columns::{self, Chooser, ListColumn as _};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::download::{self, off_thread};
use gongkai_platform::web::{
    App, Form, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use self::column::Column;
use crate::acts::{TakeRequests, ViewRequests};
use crate::reach;
use crate::request::clock::{Light, SOON_WORKING_DAYS, near_until};
use crate::request::confirm;
use crate::request::state::State as CaseState;
use crate::request::store::left::{self, Left};
use crate::request::store::list::{self, Counts, Due, Narrow};
use crate::request::{Channel, Kind, Request};

/// Rows that one export takes.
const EXPORT_ROWS_MAX: i64 = 20_000;
const LIST: &str = "/workspace/requests";
/// Takes the form that keeps the columns.
const KEEP: &str = "/workspace/requests/columns";
/// The view of cases that went to another organ.
const LEFT: &str = "left";
const VIEWS: usize = 7;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Filter {
    view: String,
    kind: String,
    state: String,
    channel: String,
    organ: String,
    text: String,
    page: Option<i64>,
    format: String,
    /// The keys of the shown columns; none for those that the person keeps, or the usual ones.
    col: Vec<String>,
    /// `yes`: the form that keeps the columns.
    keep: String,
}

/// The views that a desk starts from.
fn views(counts: Counts, left: i64) -> [(&'static str, &'static str, i64); VIEWS] {
    [
        ("running", "在办", counts.running),
        ("overdue", "已逾期", counts.over),
        ("soon", "5个工作日内到期", counts.soon),
        ("unopened", "未打开", counts.unopened),
        ("unconfirmed", "待确认", counts.unconfirmed),
        ("all", "全部", counts.all),
        (LEFT, "已转出", left),
    ]
}

impl Filter {
    fn view(&self) -> &str {
        if self.view.is_empty() {
            "running"
        } else {
            &self.view
        }
    }

    /// What it says beside the page and the columns.
    fn parts(&self) -> Vec<(&str, &str)> {
        vec![
            ("view", self.view()),
            ("kind", &self.kind),
            ("state", &self.state),
            ("channel", &self.channel),
            ("organ", &self.organ),
            ("text", &self.text),
        ]
    }

    fn exports(&self) -> bool {
        !self.format.is_empty() && self.view() != LEFT
    }

    fn narrow(&self, today: Date, calendar: &WorkCalendar) -> Narrow {
        Narrow {
            kind: Kind::from_code(&self.kind),
            state: CaseState::from_code(&self.state),
            channel: Channel::from_code(&self.channel),
            organ: self.organ.parse().ok(),
            due: due(self.view(), today, calendar),
            text: self.text.trim().to_owned(),
        }
    }
}

/// The last day that is soon.
fn soon(today: Date, calendar: &WorkCalendar) -> Date {
    near_until(today, SOON_WORKING_DAYS, calendar)
}

fn due(view: &str, today: Date, calendar: &WorkCalendar) -> Option<Due> {
    match view {
        "all" => None,
        "overdue" => Some(Due::Over(today)),
        "soon" => Some(Due::Between(today, soon(today, calendar))),
        "unopened" => Some(Due::Unopened),
        "unconfirmed" => Some(Due::Unconfirmed),
        _ => Some(Due::Running),
    }
}

#[derive(Template)]
#[template(path = "requests/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    requests: Vec<(Request, Light, String)>,
    /// Of the view of those that left.
    gone: Vec<Left>,
    views: [(&'static str, &'static str, i64); VIEWS],
    organs: Vec<(OrganId, String)>,
    paging: Paging,
    may_take: bool,
    columns: Vec<Column>,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn address(&self) -> String {
        let columns = self.filter.col.iter().map(|key| ("col", key.as_str()));
        let parts: Vec<(&str, &str)> = self.filter.parts().into_iter().chain(columns).collect();
        format!("{}page=", address(LIST, &parts))
    }

    fn file(&self, format: &str) -> String {
        format!("{}format={format}", address(LIST, &self.filter.parts()))
    }

    fn chooser(&self) -> Chooser {
        columns::chooser(&self.columns, KEEP)
    }

    /// On a narrow screen these columns of a row unfold.
    fn folded(&self) -> String {
        let folded = self.columns.iter().filter(|column| column.folds());
        let names: Vec<&str> = folded.map(|column| column.title()).collect();
        names.join("、")
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        Kind::options()
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        CaseState::options()
    }

    fn channels(&self) -> Vec<(&'static str, &'static str)> {
        Channel::options()
    }

    fn is_left(&self) -> bool {
        self.filter.view() == LEFT
    }

    fn is_organ(&self, id: &OrganId) -> bool {
        self.filter.organ == id.to_string()
    }

    /// Are there more hits than are listed?
    fn is_cut(&self) -> bool {
        !self.filter.text.is_empty() && self.paging.total >= list::HITS_MAX
    }

    fn hits_max(&self) -> i64 {
        list::HITS_MAX
    }

    fn is_narrowed(&self) -> bool {
        let filter = &self.filter;
        [
            &filter.kind,
            &filter.state,
            &filter.channel,
            &filter.organ,
            &filter.text,
        ]
        .iter()
        .any(|part| !part.is_empty())
    }
}

/// A row's light and days, from the due day as it was last computed.
pub(crate) fn light(request: &Request, today: Date, calendar: &WorkCalendar) -> (Light, String) {
    if !request.state.is_running() {
        return (Light::Done, String::new());
    }
    if let Some(waits) = confirm::light(request, today, calendar) {
        return waits;
    }
    let Some(due) = request.due_on else {
        // A running count without a day goes on into a year without its notice.
        return if request.state.counts() {
            (Light::Untold, "缺下一年放假安排".to_owned())
        } else {
            (Light::Still, String::new())
        };
    };
    if today > due {
        let over = calendar.between(due, today).unwrap_or(0);
        return (Light::Overdue, format!("超{over}个工作日"));
    }
    match calendar.between(today, due) {
        Ok(0) => (Light::Soon, "今天到期".to_owned()),
        Ok(left) if left <= SOON_WORKING_DAYS => (Light::Soon, format!("还剩{left}个工作日")),
        Ok(left) => (Light::Normal, format!("还剩{left}个工作日")),
        Err(_) => (Light::Normal, String::new()),
    }
}

/// What the store gives for the list.
struct Listed {
    requests: Vec<Request>,
    gone: Vec<Left>,
    paging: Paging,
    counts: Counts,
    left: i64,
    organs: Vec<(OrganId, String)>,
    columns: Vec<Column>,
}

async fn listed(
    tx: &mut Tx,
    permit: &Permit<ViewRequests>,
    (filter, today, calendar): (&Filter, Date, &WorkCalendar),
) -> Result<Listed, StoreError> {
    let narrow = filter.narrow(today, calendar);
    let scope = reach::seen(tx, permit.roles()).await?;
    let counts = list::counts(tx, &scope, (today, soon(today, calendar))).await?;
    let left = left::count(tx, &scope, "").await?;
    let organs = list::organs(tx, &scope).await?;
    let columns = columns::of(tx, permit.actor().account(), LIST, &filter.col).await?;
    if filter.view() == LEFT {
        let total = match narrow.text.as_str() {
            "" => left,
            text => left::count(tx, &scope, text).await?,
        };
        let paging = Paging::new(filter.page, total);
        let rows = (paging.offset(), paging.rows());
        return Ok(Listed {
            requests: Vec::new(),
            gone: left::list(tx, &scope, &narrow.text, rows).await?,
            paging,
            counts,
            left,
            organs,
            columns,
        });
    }
    let wanted = (&narrow, counts.of(&narrow));
    let mut paging = Paging::wanted(filter.page);
    let requests = loop {
        let rows = if filter.exports() {
            (0, EXPORT_ROWS_MAX)
        } else {
            (paging.offset(), paging.rows())
        };
        let (requests, total) = list::page_of(tx, &scope, wanted, rows).await?;
        if paging.holds(total) || filter.exports() {
            break requests;
        }
    };
    Ok(Listed {
        requests,
        gone: Vec::new(),
        paging,
        counts,
        left,
        organs,
        columns,
    })
}

/// `GET /workspace/requests`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewRequests>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let listed = app
        .db
        .read(async |tx: &mut Tx| listed(tx, &permit, (&filter, today, &calendar)).await)
        .await?;
    if filter.exports() {
        return exported(listed.requests, &filter.format, today, &calendar).await;
    }
    let requests = listed
        .requests
        .into_iter()
        .map(|request| {
            let (light, words) = light(&request, today, &calendar);
            (request, light, words)
        })
        .collect();
    page(&ListPage {
        may_take: shell.may(&TakeRequests::ROW),
        shell,
        filter,
        requests,
        gone: listed.gone,
        views: views(listed.counts, listed.left),
        organs: listed.organs,
        paging: listed.paging,
        columns: listed.columns,
    })
}

/// `POST /workspace/requests/columns`
pub(in crate::pages) async fn keep_columns(
    State(app): State<App>,
    permit: Permit<ViewRequests>,
    Form(filter): Form<Filter>,
) -> Result<Response, Problem> {
    if filter.keep != "yes" {
        return Err(Problem::new(Problem::BAD_REQUEST));
    }
    columns::keep::<Column>(&app, permit.actor(), LIST, &filter.col).await?;
    let there = address(LIST, &filter.parts());
    Ok(redirect_with(
        &there,
        "已记住显示的列，下次打开这个清单还是这样。",
    ))
}

async fn exported(
    requests: Vec<Request>,
    format: &str,
    today: Date,
    calendar: &WorkCalendar,
) -> Result<Response, Problem> {
    const HEAD: [&str; 11] = [
        "编号",
        "受理机关",
        "类别",
        "渠道",
        "申请人类型",
        "申请内容",
        "收到日期",
        "到期日",
        "状态",
        "答复类型",
        "答复日期",
    ];
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let rows: Vec<Vec<String>> = requests
        .iter()
        .map(|request| {
            let (state, words) = light(request, today, calendar);
            let reply = request
                .decision
                .as_ref()
                .map_or("", |decision| decision.reply.name());
            vec![
                request.number.clone(),
                request.organ_name.clone(),
                request.kind.name().to_owned(),
                request.channel.name().to_owned(),
                request.applicant.kind.name().to_owned(),
                request.wish.short(),
                day(request.received_on),
                day(request.due_on),
                format!("{} {} {words}", request.state.name(), state.name()),
                reply.to_owned(),
                day(request.replied_on),
            ]
        })
        .collect();
    let failed = |error: FormError| {
        tracing::error!(%error, "the list could not be written");
        Problem::new(Problem::INTERNAL)
    };
    if format == "csv" {
        let bytes = table_csv(&HEAD, &rows).map_err(failed)?;
        return Ok(download::attachment("依申请公开.csv", download::CSV, bytes));
    }
    let bytes = off_thread(move || table_xlsx("依申请公开", &HEAD, &rows))
        .await?
        .map_err(failed)?;
    Ok(download::attachment(
        "依申请公开.xlsx",
        download::XLSX,
        bytes,
    ))
}

//! 日历、进度图、日历订阅.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use gongkai_basis::Date;
use gongkai_basis::reference::DateRange;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Query, Shell, moment, page, redirect_with};
use serde::Deserialize;

use crate::acts::ViewCalendar;
use crate::calendar::feed::{self, Feed};
use crate::calendar::{self, Entry, Left, Month, Square, store};
use crate::when;

const PATH: &str = "/workspace/calendar";
/// Years before and after this one that the page turns to.
const YEARS_AROUND: i16 = 20;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    year: String,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    shell: Shell,
    year: i16,
    today: Date,
    months: Vec<Month>,
    total: usize,
    /// No notice of this year is out: working days are not known.
    unknown: bool,
    feed: Option<Feed>,
    /// A fresh address, shown this once.
    address: Option<String>,
}

impl CalendarPage {
    fn day(&self, entry: &Entry) -> String {
        when::day(entry.on)
    }

    fn moment(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn is_today(&self, square: &Square) -> bool {
        square.day == self.today
    }

    fn mark(&self, entry: &Entry) -> (&'static str, &'static str) {
        match entry.left {
            Left::Nothing => ("done", "✓ 已完成"),
            Left::Owed if entry.on < self.today => ("overdue", "■ 已逾期"),
            Left::Date if entry.on < self.today => ("normal", "● 已过"),
            Left::Owed | Left::Date => ("normal", "○ 未到期限"),
        }
    }

    /// The first entry of a day, which the day's square leads to.
    fn is_first(&self, entries: &[Entry], index: &usize) -> bool {
        let before = index.checked_sub(1).and_then(|index| entries.get(index));
        before.map(|entry| entry.on) != entries.get(*index).map(|entry| entry.on)
    }
}

/// `GET /workspace/calendar?year=2026`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCalendar>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, &permit, &filter, None).await?)
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewCalendar>,
    filter: &Filter,
    address: Option<String>,
) -> Result<CalendarPage, Problem> {
    let today = app.today();
    let around = today.year() - YEARS_AROUND..=today.year() + YEARS_AROUND;
    let year = filter
        .year
        .parse()
        .ok()
        .filter(|year| around.contains(year));
    let year: i16 = year.unwrap_or_else(|| today.year());
    let range = DateRange {
        from: Date::constant(1, 1, 1)
            .with()
            .year(year)
            .build()
            .unwrap_or(today),
        to: Date::constant(1, 12, 31)
            .with()
            .year(year)
            .build()
            .unwrap_or(today),
    };
    let person = shell
        .person
        .clone()
        .ok_or_else(|| Problem::new(Problem::SIGN_IN))?;
    let (entries, feed) = app
        .db
        .read(async |tx: &mut Tx| {
            let entries = calendar::entries(tx, &app.seams, &person, range).await?;
            let feed = match permit.actor().account() {
                Some(account) => store::feed_of(tx, account).await?,
                None => None,
            };
            Ok::<_, StoreError>((entries, feed))
        })
        .await?;
    let known = app.calendar();
    Ok(CalendarPage {
        shell,
        year,
        today,
        months: calendar::months(&known, year, &entries),
        total: entries.len(),
        unknown: known.day(range.from).is_err(),
        feed,
        address,
    })
}

/// `POST /workspace/calendar/feed`: the answer shows the new address, once.
pub(super) async fn subscribe(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCalendar>,
) -> Result<Response, Problem> {
    let token = app
        .db
        .write(async |tx: &mut Tx| feed::subscribe(tx, &permit).await)
        .await?;
    let address = format!("{}/calendar/{token}", app.site.url);
    page(&build(&app, shell, &permit, &Filter::default(), Some(address)).await?)
}

/// `POST /workspace/calendar/feed/revoke`
pub(super) async fn unsubscribe(
    State(app): State<App>,
    permit: Permit<ViewCalendar>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| feed::unsubscribe(tx, &permit).await)
        .await?;
    Ok(redirect_with(
        PATH,
        "订阅地址已作废，日历软件不会再收到更新。",
    ))
}

/// `GET /calendar/{token}`: for calendar programs, without a session; the secret in the address is the key.
pub(super) async fn icalendar(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let today = app.today();
    let token = token.strip_suffix(".ics").unwrap_or(&token).to_owned();
    let read = app
        .db
        .read(async |tx: &mut Tx| feed::read(tx, &app.seams, &token, today).await)
        .await?
        .ok_or_else(|| {
            Problem::not_found()
                .detail("这个日历订阅地址不存在或已作废，请登录后在“日历”页重新生成。")
        })?;
    if read.stale {
        app.db
            .upkeep(async |tx: &mut Tx| feed::note(tx, &token).await)
            .await?;
    }
    let body = feed::icalendar(
        (&app.site.name, &app.site.url),
        (&read.entries, &app.calendar()),
        (today, app.db.now()),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, max-age=600"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"gongkai.ics\"",
        ),
    ];
    Ok((headers, body).into_response())
}

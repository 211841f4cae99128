//! The system administrator's calendar: the years loaded, and the import of a new notice in two steps: look, then confirm.

mod preview;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_basis::calendar::import::{self, NOTICE_BYTES_MAX};
use gongkai_basis::calendar::{Holiday, YearNotice};
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use serde_json::json;

use self::preview::preview_page;
use super::store;
use crate::access::{Act as _, Permit};
use crate::account::acts::ManageCalendar;
use crate::audit::Event;
use crate::db::{StoreError, Tx};
use crate::web::{
    App, Form, FormErrors, NavItem, Problem, Route, Shell, day, moment, page, redirect_with, refuse,
};

const DESK: &str = "/workspace/admin/calendar";
/// A notice and the form around it.
const UPLOAD_BYTES_MAX: usize = NOTICE_BYTES_MAX + 64 * 1024;

/// The routes of the calendar's pages.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route::act::<ManageCalendar, _, _>(Method::GET, "/workspace/admin/calendar", list),
        Route::act::<ManageCalendar, _, _>(
            Method::GET,
            "/workspace/admin/calendar/{year}",
            year_page,
        ),
        Route::act::<ManageCalendar, _, _>(
            Method::POST,
            "/workspace/admin/calendar/preview",
            preview,
        )
        .body_bytes_max(UPLOAD_BYTES_MAX),
        Route::act::<ManageCalendar, _, _>(
            Method::POST,
            "/workspace/admin/calendar/confirm",
            confirm,
        ),
    ]
}

/// The menu entry.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        group: "管理",
        title: "工作日历",
        path: DESK,
        act: ManageCalendar::ROW,
    }]
}

struct YearLine {
    year: i16,
    verified: bool,
    source: String,
    /// When it was imported; empty for what came with the program.
    imported: String,
    holidays: usize,
    make_up: usize,
}

struct HolidayLine {
    name: String,
    span: String,
    days: usize,
    make_up: String,
}

impl From<&Holiday> for HolidayLine {
    fn from(holiday: &Holiday) -> Self {
        Self {
            name: holiday.name().to_owned(),
            span: if holiday.first() == holiday.last() {
                with_weekday(holiday.first())
            } else {
                format!(
                    "{} 至 {}",
                    with_weekday(holiday.first()),
                    with_weekday(holiday.last())
                )
            },
            days: holiday.days().count(),
            make_up: holiday
                .make_up()
                .iter()
                .map(|date| with_weekday(*date))
                .collect::<Vec<_>>()
                .join("、"),
        }
    }
}

fn with_weekday(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    };
    format!("{}（周{weekday}）", day(date))
}

#[derive(Template)]
#[template(path = "calendar/list.html")]
struct ListPage {
    shell: Shell,
    errors: FormErrors,
    text: String,
    years: Vec<YearLine>,
    /// The coming year, when its notice is not there.
    missing: Option<i16>,
    stamp: String,
}

async fn list_page(
    app: &App,
    shell: Shell,
    text: String,
    errors: FormErrors,
) -> Result<ListPage, Problem> {
    let imported = app
        .db
        .read(async |tx: &mut Tx| store::imported(tx).await)
        .await?;
    let calendar = app.calendar();
    let mut years: Vec<YearLine> = calendar
        .notices()
        .map(|notice| YearLine {
            year: notice.year(),
            verified: notice.is_verified(),
            source: source(notice),
            imported: imported
                .iter()
                .find(|(own, _)| own.year() == notice.year())
                .map(|(_, at)| moment(*at))
                .unwrap_or_default(),
            holidays: notice.holidays().len(),
            make_up: notice
                .holidays()
                .iter()
                .map(|holiday| holiday.make_up().len())
                .sum(),
        })
        .collect();
    years.reverse();
    let next = app.today().year().saturating_add(1);
    Ok(ListPage {
        shell,
        errors,
        text,
        missing: (!years.iter().any(|line| line.year == next)).then_some(next),
        years,
        stamp: calendar.stamp().to_string(),
    })
}

fn source(notice: &YearNotice) -> String {
    notice
        .notices()
        .iter()
        .map(|notice| notice.title.as_str())
        .collect::<Vec<_>>()
        .join("；")
}

/// `GET /workspace/admin/calendar`
async fn list(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ManageCalendar>,
) -> Result<Response, Problem> {
    page(&list_page(&app, shell, String::new(), FormErrors::default()).await?)
}

#[derive(Template)]
#[template(path = "calendar/year.html")]
struct YearPage {
    shell: Shell,
    year: i16,
    verified: bool,
    sources: Vec<(String, Option<String>)>,
    holidays: Vec<HolidayLine>,
}

/// `GET /workspace/admin/calendar/{year}`
async fn year_page(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ManageCalendar>,
    Path(year): Path<i16>,
) -> Result<Response, Problem> {
    let calendar = app.calendar();
    let notice = calendar
        .notices()
        .find(|notice| notice.year() == year)
        .ok_or_else(Problem::not_found)?;
    page(&YearPage {
        shell,
        year,
        verified: notice.is_verified(),
        sources: notice
            .notices()
            .iter()
            .map(|notice| (notice.title.clone(), notice.address.clone()))
            .collect(),
        holidays: notice.holidays().iter().map(HolidayLine::from).collect(),
    })
}

/// `POST …/preview`: a file, or text pasted into the field. Nothing is stored.
async fn preview(
    State(app): State<App>,
    shell: Shell,
    _permit: Permit<ManageCalendar>,
    form: Multipart,
) -> Result<Response, Problem> {
    let text = read_form(form).await?;
    match import::read_notice(&text) {
        Ok((notice, problems)) => page(&preview_page(
            &app,
            shell,
            (text, None),
            (&notice, problems),
            FormErrors::default(),
        )),
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("text", error.sentence());
            refuse(&list_page(&app, shell, text, errors).await?)
        }
    }
}

/// The pasted text, or else the file's: UTF-8, or GB 18030 where it is none.
async fn read_form(mut form: Multipart) -> Result<String, Problem> {
    let (mut pasted, mut file) = (String::new(), String::new());
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or("").to_owned();
        let bytes = field.bytes().await?;
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
        };
        match name.as_str() {
            "text" => pasted = text,
            "file" => file = text,
            _ => return Err(Problem::new(Problem::BAD_REQUEST)),
        }
    }
    Ok(if pasted.trim().is_empty() {
        file
    } else {
        pasted
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfirmForm {
    text: String,
    /// `replace` the year whole, or `amend` the holidays that the notice names.
    how: String,
    /// The administrator compared it with the notice.
    #[serde(default)]
    compared: String,
}

/// `POST …/confirm`: reads the same text again and stores the year; the running program counts with it at once.
async fn confirm(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ManageCalendar>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Problem> {
    let (notice, problems) = import::read_notice(&form.text)
        .map_err(|error| Problem::refused(vec![error.sentence()]))?;
    if form.compared != "yes" {
        let mut errors = FormErrors::default();
        errors.add("compared", "请与通知原文逐日核对后，勾选“已核对”。");
        let typed = (form.text, Some(form.how.as_str()));
        let again = preview_page(&app, shell, typed, (&notice, problems), errors);
        return refuse(&again);
    }
    let year = notice.year();
    let notice = notice.verified();
    let amend = form.how == "amend";
    let stored = app
        .db
        .write(async |tx: &mut Tx| {
            let known = store::load_calendar(tx)
                .await?
                .notices()
                .find(|known| known.year() == year)
                .cloned();
            let notice = match known {
                Some(known) if amend => known
                    .amended_by(notice)
                    .map_err(|error| ImportError::Refused(error.sentence()))?,
                _ => notice,
            };
            store::save(tx, &notice).await?;
            let sentence = format!(
                "{}{year}年放假安排：{}",
                if amend { "调整" } else { "导入" },
                source(&notice)
            );
            let data = json!({ "year": year, "notice": notice.to_json() });
            let subject = ("calendar", year.to_string());
            tx.record(
                Event::new(permit.actor(), "calendar.imported", subject, sentence).data(data),
            );
            Ok(store::load_calendar(tx).await?)
        })
        .await;
    match stored {
        Ok(calendar) => {
            app.replace_calendar(calendar);
            Ok(redirect_with(DESK, &format!("{year}年放假安排已启用。")))
        }
        Err(ImportError::Refused(reason)) => Err(Problem::refused(vec![reason])),
        Err(ImportError::Store(error)) => Err(error.into()),
    }
}

enum ImportError {
    Refused(String),
    Store(StoreError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

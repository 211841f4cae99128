//! A notice that was read, before it counts: what it says, and which days would change by it.

use askama::Template;
use gongkai_basis::calendar::import::{self, ProblemKind};
use gongkai_basis::calendar::{WorkCalendar, YearNotice};
use jiff::civil::Date;

use super::{HolidayLine, source, with_weekday};
use crate::web::{App, FormErrors, Shell};

/// The month before a year in which the block of 1 January may begin.
const DECEMBER: i8 = 12;

#[derive(Template)]
#[template(path = "calendar/preview.html")]
pub(super) struct PreviewPage {
    shell: Shell,
    errors: FormErrors,
    text: String,
    year: i16,
    source: String,
    holidays: Vec<HolidayLine>,
    problems: Vec<(String, String)>,
    /// The year is loaded already.
    known: Option<Known>,
}

/// What may be done with a year that is loaded already.
struct Known {
    /// The choice that is ticked: to amend.
    amends: bool,
    /// Holidays of the loaded year that the notice does not name.
    left: String,
    /// The year whole, as it stands after the amendment; none where nothing would be left of the loaded one, or both together
    /// make no year.
    amended: Option<Outcome>,
    replaced: Outcome,
}

/// A year as it would count.
struct Outcome {
    holidays: Vec<HolidayLine>,
    days: Vec<DayLine>,
    /// Doubts about the year that the notice alone does not have.
    problems: Vec<(String, String)>,
}

/// A day that is worked now and would not be any more, or the other way round.
struct DayLine {
    date: String,
    now: String,
    then: String,
}

/// `how` is the choice that was made already: `amend` or `replace`.
pub(super) fn preview_page(
    app: &App,
    shell: Shell,
    (text, how): (String, Option<&str>),
    (notice, mut problems): (&YearNotice, Vec<import::Problem>),
    errors: FormErrors,
) -> PreviewPage {
    let calendar = app.calendar();
    let loaded = calendar
        .notices()
        .find(|known| known.year() == notice.year());
    let left = loaded.map_or_else(Vec::new, |loaded| loaded.untouched_by(notice));
    if !left.is_empty() {
        // An amendment need not name the whole year; the year that results is looked at instead.
        problems.retain(|problem| !is_about_the_year(problem.kind));
    }
    let problems = lines(problems);
    let outcome = |year: &YearNotice| Outcome {
        holidays: year.holidays().iter().map(HolidayLine::from).collect(),
        days: changed(&calendar, year),
        problems: lines(import::check(year))
            .into_iter()
            .filter(|line| !problems.contains(line))
            .collect(),
    };
    let known = loaded.map(|loaded| Known {
        amends: how.map_or(!left.is_empty(), |how| how == "amend"),
        amended: (!left.is_empty())
            .then(|| loaded.clone().amended_by(notice.clone()).ok())
            .flatten()
            .map(|amended| outcome(&amended)),
        replaced: outcome(notice),
        left: left
            .iter()
            .map(|holiday| holiday.name())
            .collect::<Vec<_>>()
            .join("、"),
    });
    PreviewPage {
        shell,
        errors,
        text,
        year: notice.year(),
        source: source(notice),
        holidays: notice.holidays().iter().map(HolidayLine::from).collect(),
        problems,
        known,
    }
}

/// Doubts that only a whole year can raise.
const fn is_about_the_year(kind: ProblemKind) -> bool {
    match kind {
        ProblemKind::MissingHoliday
        | ProblemKind::StatutoryDayWorked
        | ProblemKind::DaysOffBalance => true,
        ProblemKind::BadDate
        | ProblemKind::WeekdayMismatch
        | ProblemKind::DayCountMismatch
        | ProblemKind::Unread
        | ProblemKind::OnlyEncouraged
        | ProblemKind::MakeUpOnWeekday
        | ProblemKind::MakeUpConflict
        | ProblemKind::BlocksOverlap => false,
    }
}

fn lines(problems: Vec<import::Problem>) -> Vec<(String, String)> {
    problems
        .into_iter()
        .map(|problem| (problem.message, problem.quote))
        .collect()
}

/// The days on which the office would work otherwise than it does by what is loaded now.
fn changed(now: &WorkCalendar, year: &YearNotice) -> Vec<DayLine> {
    let then = now.with(year.clone());
    let first = Date::new(year.year().saturating_sub(1), DECEMBER, 1).ok();
    std::iter::successors(first, |date| date.tomorrow().ok())
        .take_while(|date| date.year() <= year.year())
        .filter_map(|date| {
            let (now, then) = (now.day(date).ok()?, then.day(date).ok()?);
            (now.is_working() != then.is_working()).then(|| DayLine {
                date: with_weekday(date),
                now: now.reason(),
                then: then.reason(),
            })
        })
        .collect()
}

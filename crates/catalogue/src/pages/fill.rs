//! One entry in one unit, with its periods; filling them and taking it back.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::calendar::WorkCalendar;
use gongkai_basis::clock::Run;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Found, Wanted};
use gongkai_platform::web::{
    App, Form, HowCounted, Paging, Problem, Query, Shell, address, day, page, redirect_with,
};
use serde::Deserialize;

use super::fits::{self, Offered};
use crate::acts::{FillCatalogue, KeepCatalogue, ViewCatalogue};
use crate::course::{Course, Stretch};
use crate::due::{self, Share, UnitYear};
use crate::entry::{Entry, store};
use crate::filling::handle::{self, Said};
use crate::filling::page::{self as pages, Page, PageState};
use crate::filling::{Cell, Means, store as fillings, verify, year_of};
use crate::gap;
use crate::id::EntryId;
use crate::period::{Period, PeriodKind};
use crate::proposal::{Proposal, store as proposals};
use crate::standard::class_name;
use gongkai_platform::organ::{
    self,
    reach::{self, Reach},
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organ: String,
    year: String,
    page: String,
    words: String,
}

impl Asked {
    fn year(&self, today: Date) -> i16 {
        self.year
            .parse()
            .ok()
            .filter(|year| (2000..=2100).contains(year))
            .unwrap_or(today.year())
    }
}

#[derive(Template)]
#[template(path = "catalogue/entry.html")]
struct EntryPage {
    shell: Shell,
    entry: Entry,
    organ: OrganId,
    organ_name: String,
    year: i16,
    today: Date,
    calendar: Arc<WorkCalendar>,
    /// Empty where the unit does not owe the entry.
    cells: Vec<Cell>,
    /// Those of one page.
    shown: Vec<Cell>,
    paging: Paging,
    owes: bool,
    /// What cuts it in this unit.
    course: Course,
    /// Its materials of this year are registered by the day they were formed.
    by_day: bool,
    /// Who else owes it, with the year of each.
    others: Vec<UnitYear>,
    records: Vec<Found>,
    /// Documents that are proposed as its material.
    offered: Vec<Offered>,
    /// What the entry comes from, where it was proposed.
    proposal: Option<Proposal>,
    words: String,
    may_fill: bool,
    may_keep: bool,
}

impl EntryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn turn(&self) -> String {
        let (organ, year) = (self.organ.to_string(), self.year.to_string());
        let path = format!("/workspace/catalogue/entries/{}", self.entry.id);
        address(&path, &[("organ", &organ), ("year", &year)]) + "page="
    }

    fn class(&self) -> &'static str {
        class_name(self.entry.words.class)
    }

    fn is_inherited(&self) -> bool {
        self.entry.organ != self.organ
    }

    /// Periods that have begun and wait for their material.
    fn open(&self) -> Vec<(&str, &str)> {
        let year = PeriodKind::Year;
        self.waiting(|period| period.kind != year && period.first <= self.today)
    }

    /// Periods of which it can be said that nothing arose: they are over.
    fn over(&self) -> Vec<(&str, &str)> {
        self.waiting(|period| period.last <= self.today)
    }

    fn is_fillable(&self) -> bool {
        self.by_day || !self.open().is_empty() || !self.over().is_empty()
    }

    /// Was something registered after its day?
    fn is_late(&self, cell: &Cell) -> bool {
        let confirmed = cell.filling.as_ref().map(|filling| filling.confirmed_on);
        let days = confirmed.zip(cell.period.due_on);
        cell.is_material() && days.is_some_and(|(on, due)| on > due)
    }

    /// What is known of the page that fills a period, for those who read it here; empty for other material.
    fn looked(&self, cell: &Cell) -> String {
        let filling = cell.filling.as_ref();
        match filling.map(|one| (&one.means, one.id)) {
            Some((Means::Address(_), id)) => match &cell.page {
                Some(page) => page.said(),
                None => Page::unseen(id).said(),
            },
            Some((Means::Record { .. } | Means::Nothing(_), _)) | None => String::new(),
        }
    }

    /// A page that says something else, which somebody of the unit may look at.
    fn may_accept(&self, cell: &Cell) -> bool {
        let page = cell.page.as_ref();
        self.may_fill && page.is_some_and(|page| page.state == PageState::Changed)
    }

    /// 怎么算的 of the day on which a period that waits is due, from its last day on.
    fn how(&self, cell: &Cell) -> String {
        let period = &cell.period;
        let waits = cell.filling.is_none();
        let same = |run: &Run| waits && run.due(&self.calendar).ok() == period.due_on;
        let run = period.rhythm.run(period.last).filter(same);
        let how = run.and_then(|run| HowCounted::of(run, &self.calendar));
        how.map_or_else(String::new, |how| how.to_string())
    }

    /// Which limit cuts which days, where it is not one for all.
    fn limits(&self) -> Vec<String> {
        let stretches = self.course.stretches();
        if stretches.len() < 2 && !(self.course.is_over() && stretches.len() == 1) {
            return Vec::new();
        }
        let one = |stretch: &Stretch| {
            let first = day(stretch.first);
            let name = stretch.rhythm.name();
            match stretch.last {
                Some(last) => format!("{first}至{}：{name}", day(last)),
                None => format!("{first}起：{name}"),
            }
        };
        stretches.iter().map(one).collect()
    }

    /// What a line of the proposals holds: as it came back, or as it is proposed.
    fn when<'a>(&'a self, one: &'a Offered, n: &usize) -> &'a str {
        match self.shell.again.nth("when", n) {
            "" => &one.when,
            typed => typed,
        }
    }

    fn is_same(&self, code: &str, when: &str) -> bool {
        code == when
    }

    /// What is wrong with the file to be cited; the lines of the proposals have a field of the same name.
    fn record_fault(&self) -> Option<&str> {
        let again = &self.shell.again;
        again
            .has("kind", "record")
            .then(|| again.errors.on("record"))
            .flatten()
    }

    fn is_ticked(&self, one: &Offered) -> bool {
        self.shell.again.has("record", &one.fit.found.of.id)
    }

    fn waiting(&self, is: impl Fn(&Period) -> bool) -> Vec<(&str, &str)> {
        let open = self.cells.iter().filter(|cell| cell.filling.is_none());
        open.filter(|cell| is(&cell.period))
            .map(|cell| (cell.period.code.as_str(), cell.period.name.as_str()))
            .collect()
    }
}

/// The unit that a link asks for. One that names none means the entry's own unit, and for those whom that is out of
/// reach their own.
async fn unit_of(
    tx: &mut Tx,
    (permit, within): (&Permit<ViewCatalogue>, &Reach),
    entry: &Entry,
    asked: &Asked,
) -> Result<Option<(OrganId, String)>, StoreError> {
    let own = permit.roles().first().map(|held| held.organ);
    let units: Vec<OrganId> = match asked.organ.parse() {
        // Links to what a merged unit left unfilled name that unit.
        Ok(organ) => vec![organ::store::heir_of(tx, organ).await?],
        Err(_) => [Some(entry.organ), own].into_iter().flatten().collect(),
    };
    for organ in units {
        if let Some(name) = reach::store::unit(tx, within, organ).await? {
            return Ok(Some((organ, name)));
        }
    }
    Ok(None)
}

/// What a unit has to do with an entry in a year.
struct OfUnit {
    owes: bool,
    cells: Vec<Cell>,
    course: Course,
    by_day: bool,
}

/// Whether a unit answers for an entry, and its periods of a year with what fills them. Of what it inherited only those
/// that were filled, left open, or whose registration was taken back: nobody owes the rest. What it registered stands
/// although it does not owe the entry any more.
async fn of_unit(
    tx: &mut Tx,
    app: &App,
    (entry, organ, year): (&Entry, OrganId, i16),
) -> Result<OfUnit, StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    let share = due::share(tx, entry, organ).await?;
    let course = share.course().cloned().unwrap_or_default();
    let filled = due::filled(tx, (entry.id, organ), &share, year).await?;
    let mut cells = year_of((entry.id, &course), year, &filled, &calendar, today);
    let mut by_day = course.is_by_day_in(year);
    if let Share::Inherits(from, _) = &share {
        let mut left: BTreeSet<String> = gap::open(tx, organ).await?;
        let organs: Vec<OrganId> = from.iter().copied().chain([organ]).collect();
        let taken_back = fillings::taken_back(tx, &organs, entry.id).await?;
        left.extend(taken_back.iter().flat_map(|one| gap::keys(entry.id, one)));
        cells.retain(|cell| {
            let key = gap::key(entry.id, &cell.period.code);
            cell.filling.is_some() || left.contains(&key)
        });
        by_day &= cells.iter().any(Cell::asks_for_year);
    }
    let all = cells.iter_mut().collect();
    verify::mark(tx, &app.seams, all, today).await?;
    Ok(OfUnit {
        owes: share != Share::None || !cells.is_empty(),
        cells,
        course,
        by_day,
    })
}

/// The documents that are proposed as its material.
async fn proposed(
    tx: &mut Tx,
    app: &App,
    of: (&Entry, OrganId, i16),
    own: &OfUnit,
) -> Result<Vec<Offered>, StoreError> {
    if !own.owes {
        return Ok(Vec::new());
    }
    fits::of(tx, app, of, (own.cells.as_slice(), own.by_day)).await
}

/// `GET /workspace/catalogue/entries/{id}?organ=…&year=2026&page=2&words=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewCatalogue>,
    Path(id): Path<EntryId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let year = asked.year(today);
    let wanted = Wanted {
        kind: "document".to_owned(),
        words: asked.words.trim().to_owned(),
        within: None,
    };
    let (entry, organ, organ_name, own, records, offered, others, proposal) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, &permit).await?;
            let Some(entry) = store::load(tx, &Reach::everything(), id).await? else {
                return Ok(None);
            };
            let unit = unit_of(tx, (&permit, &within), &entry, &asked).await?;
            let Some((organ, organ_name)) = unit else {
                return Ok(None);
            };
            let own = of_unit(tx, &app, (&entry, organ, year)).await?;
            let found = app.seams.find(tx, permit.scope(), &wanted).await?;
            let offered = proposed(tx, &app, (&entry, organ, year), &own).await?;
            let owing = due::owing(tx, &within, &entry).await?;
            let mut others = due::years(tx, owing, year, (&calendar, today)).await?;
            for one in &mut others {
                one.owed.retain(|owed| owed.entry.id == id);
            }
            others.retain(|one| one.unit.id != organ && !one.owed.is_empty());
            let others = due::verified(tx, &app.seams, others, today).await?;
            let proposal = proposals::of_entry(tx, id).await?;
            let found = (
                entry, organ, organ_name, own, found, offered, others, proposal,
            );
            Ok::<_, StoreError>(Some(found))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let (shown, paging) = Paging::of(asked.page.parse().ok(), own.cells.clone());
    page(&EntryPage {
        may_fill: own.owes && shell.may(&FillCatalogue::ROW),
        may_keep: entry.removed_why.is_none() && shell.may(&KeepCatalogue::ROW),
        shell,
        entry,
        organ,
        organ_name,
        year,
        today,
        calendar,
        cells: own.cells,
        shown,
        paging,
        owes: own.owes,
        course: own.course,
        by_day: own.by_day,
        others,
        records,
        offered,
        proposal,
        words: wanted.words,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saying {
    organ: String,
    period: String,
    /// The day on which a material was formed, where none of the periods is chosen.
    formed_on: String,
    /// `record`, `address` or `nothing`.
    kind: String,
    record: String,
    title: String,
    address: String,
    statement: String,
    why: String,
    accepted_why: String,
}

impl Saying {
    /// The code of the period, or the day of the material.
    fn of(&self) -> &str {
        let period = self.period.trim();
        if period.is_empty() {
            self.formed_on.trim()
        } else {
            period
        }
    }
}

fn back(id: EntryId, form: &Saying) -> String {
    let year = form.of().get(..4).unwrap_or_default();
    format!(
        "/workspace/catalogue/entries/{id}?organ={}&year={year}",
        form.organ
    )
}

/// `POST /workspace/catalogue/entries/{id}/fill`
pub(super) async fn fill(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let text = |text: &str| text.trim().to_owned();
    let said = match form.kind.as_str() {
        "record" => Said::Record(Ref {
            kind: "document".to_owned(),
            id: text(&form.record),
        }),
        "nothing" => Said::Nothing(text(&form.statement)),
        _ => Said::Address(text(&form.title), text(&form.address)),
    };
    let (calendar, today) = (app.calendar(), app.today());
    app.db
        .write(async |tx: &mut Tx| {
            handle::fill(
                tx,
                &permit,
                (id, organ, form.of()),
                said,
                (&app.seams, &calendar, today),
            )
            .await
        })
        .await?;
    Ok(redirect_with(&back(id, &form), "已登记公开情况。"))
}

/// `POST /workspace/catalogue/entries/{id}/take-back`
pub(super) async fn take_back(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let (calendar, today) = (app.calendar(), app.today());
    app.db
        .write(async |tx: &mut Tx| {
            handle::take_back(
                tx,
                &permit,
                (id, organ, &form.period),
                form.why.trim(),
                (&calendar, today),
            )
            .await
        })
        .await?;
    Ok(redirect_with(&back(id, &form), "已撤销登记。"))
}

/// `POST /workspace/catalogue/entries/{id}/accept-page`: what stands at the address now is the material.
pub(super) async fn accept_page(
    State(app): State<App>,
    permit: Permit<FillCatalogue>,
    Path(id): Path<EntryId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let organ: OrganId = form.organ.parse().map_err(|_| Problem::not_found())?;
    let (of, today) = ((id, organ, form.period.as_str()), app.today());
    let why = form.accepted_why.trim();
    app.db
        .write(async |tx: &mut Tx| pages::handle::accept(tx, &permit, of, why, today).await)
        .await?;
    Ok(redirect_with(
        &back(id, &form),
        "已登记核对无误，这一期不再是待核；以后按现在的网页内容核验。",
    ))
}

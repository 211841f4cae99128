//! One entry in one unit, with its periods; filling them and taking it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Found, Wanted};
use gongkai_platform::web::{App, Form, Problem, Query, Shell, day, page, redirect_with};
use serde::Deserialize;

use crate::acts::{FillCatalogue, KeepCatalogue, ViewCatalogue};
use crate::due::{self, Share, UnitYear};
use crate::entry::{Entry, store};
use crate::filling::handle::{self, Said};
use crate::filling::{Cell, Means, store as fillings, verify, year_of};
use crate::gap;
use crate::id::EntryId;
use crate::period::Period;
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
    /// Empty where the unit does not owe the entry.
    cells: Vec<Cell>,
    owes: bool,
    /// Who else owes it, with the year of each.
    others: Vec<UnitYear>,
    records: Vec<Found>,
    words: String,
    may_fill: bool,
    may_keep: bool,
}

impl EntryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn class(&self) -> &'static str {
        class_name(self.entry.words.class)
    }

    fn is_inherited(&self) -> bool {
        self.entry.organ != self.organ
    }

    /// Periods that have begun and wait for their material.
    fn open(&self) -> Vec<(&str, &str)> {
        self.waiting(|period| period.first <= self.today)
    }

    /// Periods of which it can be said that nothing arose: they are over.
    fn over(&self) -> Vec<(&str, &str)> {
        self.waiting(|period| period.last <= self.today)
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

/// Whether a unit answers for an entry, and its periods of a year with what fills them. Of what it inherited only those
/// that were filled, left open, or whose registration was taken back: nobody owes the rest.
async fn cells_of(
    tx: &mut Tx,
    app: &App,
    (entry, organ, year): (&Entry, OrganId, i16),
) -> Result<(bool, Vec<Cell>), StoreError> {
    let (today, calendar) = (app.today(), app.calendar());
    let share = due::share(tx, entry, organ).await?;
    if share == Share::None {
        return Ok((false, Vec::new()));
    }
    let filled = due::filled(tx, (entry.id, organ), &share).await?;
    let mut cells = year_of(entry, year, &filled, &calendar, today);
    if let Share::Inherits(from) = &share {
        let left = gap::open(tx, organ).await?;
        let organs: Vec<OrganId> = from.iter().copied().chain([organ]).collect();
        let taken_back = fillings::taken_back(tx, &organs, entry.id).await?;
        let is_left = |cell: &Cell| {
            let period = &cell.period.code;
            taken_back.contains(period) || left.contains(&gap::key(entry.id, period))
        };
        cells.retain(|cell| cell.filling.is_some() || is_left(cell));
    }
    let all = cells.iter_mut().collect();
    verify::mark(tx, &app.seams, all, today).await?;
    Ok((true, cells))
}

/// `GET /workspace/catalogue/entries/{id}?organ=…&year=2026&words=…`
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
    let (entry, organ, organ_name, cells, records, owes, others) = app
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
            let records = app.seams.find(tx, permit.scope(), &wanted).await?;
            let (owes, cells) = cells_of(tx, &app, (&entry, organ, year)).await?;
            let owing = due::owing(tx, &within, &entry).await?;
            let mut others = due::years(tx, owing, year, (&calendar, today)).await?;
            for one in &mut others {
                one.owed.retain(|owed| owed.entry.id == id);
            }
            others.retain(|one| one.unit.id != organ && !one.owed.is_empty());
            let others = due::verified(tx, &app.seams, others, today).await?;
            let found = (entry, organ, organ_name, cells, records, owes, others);
            Ok::<_, StoreError>(Some(found))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&EntryPage {
        may_fill: owes && shell.may(&FillCatalogue::ROW),
        may_keep: entry.removed_why.is_none() && shell.may(&KeepCatalogue::ROW),
        shell,
        entry,
        organ,
        organ_name,
        year,
        today,
        cells,
        owes,
        others,
        records,
        words: wanted.words,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saying {
    organ: String,
    period: String,
    /// `record`, `address` or `nothing`.
    kind: String,
    record: String,
    title: String,
    address: String,
    statement: String,
    why: String,
}

fn back(id: EntryId, form: &Saying) -> String {
    let year = form.period.get(..4).unwrap_or_default();
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
                (id, organ, &form.period),
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

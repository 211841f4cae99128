//! A government's report beside the sum of its units'.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, Problem, Shell, page, redirect_with};

use super::LIST;
use super::edit::Versioned;
use crate::acts::{ViewReports, WriteReport};
use crate::annual::{Annual, handle, store};
use crate::consolidated::{Line, reconcile};
use crate::id::AnnualId;
use crate::state;
use gongkai_platform::organ::reach::{self, Reach};

#[derive(Template)]
#[template(path = "reports/units.html")]
struct UnitsPage {
    shell: Shell,
    annual: Annual,
    units: Vec<Annual>,
    /// Units that have not begun theirs.
    missing: i64,
    lines: Vec<Line>,
    may_take: bool,
}

impl UnitsPage {
    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }

    fn differences(&self) -> Vec<&Line> {
        self.lines.iter().filter(|line| line.differs()).collect()
    }

    /// Cells that a person set as the whole: nothing is added to them.
    fn set_by_hand(&self) -> usize {
        let cells = self.annual.draft.cells.values();
        cells.filter(|entry| entry.is_whole()).count()
    }

    fn made_of(&self, line: &Line) -> String {
        let parts: Vec<String> = line
            .units
            .iter()
            .map(|(name, amount)| format!("{name} {amount}"))
            .collect();
        parts.join("；")
    }
}

/// `GET /workspace/reports/{id}/units`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReports>,
    Path(id): Path<AnnualId>,
) -> Result<Response, Problem> {
    let write = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<WriteReport>());
    let (annual, units, missing, own, counted) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let Some(annual) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let units = store::of_units(tx, annual.unit.id, annual.year).await?;
            let missing = store::without_report(tx, annual.unit.id, annual.year).await?;
            let own = match &write {
                Some(write) => reach::own(tx, write).await?.contains(annual.unit.id, ""),
                None => false,
            };
            let counted = handle::live_alone(tx, &app.seams, (annual.unit.id, annual.year)).await?;
            Ok::<_, StoreError>(Some((annual, units, missing, own, counted)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&UnitsPage {
        shell,
        lines: reconcile(&annual, &units, &counted),
        may_take: own && annual.state == state::State::Draft && !units.is_empty(),
        annual,
        units,
        missing,
    })
}

/// `POST /workspace/reports/{id}/take-units`
pub(super) async fn take(
    State(app): State<App>,
    permit: Permit<WriteReport>,
    Path(id): Path<AnnualId>,
    Form(of): Form<Versioned>,
) -> Result<Response, Problem> {
    let annual = app
        .db
        .write(async |tx: &mut Tx| {
            handle::take_units(tx, &permit, &app.seams, (id, of.version)).await
        })
        .await?;
    let place = format!("{LIST}/{}/units", annual.id);
    Ok(redirect_with(
        &place,
        "已把本级的数加各单位报告之和填入表格。",
    ))
}

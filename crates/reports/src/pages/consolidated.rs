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
use crate::consolidated::{Difference, reconcile};
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
    differences: Vec<Difference>,
    may_take: bool,
}

impl UnitsPage {
    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }

    fn made_of(&self, difference: &Difference) -> String {
        let parts: Vec<String> = difference
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
    let (annual, units, missing, own) = app
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
            Ok::<_, StoreError>(Some((annual, units, missing, own)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&UnitsPage {
        shell,
        differences: reconcile(&annual, &units),
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
        .write(async |tx: &mut Tx| handle::take_units(tx, &permit, (id, of.version)).await)
        .await?;
    let place = format!("{LIST}/{}/units", annual.id);
    Ok(redirect_with(&place, "已把各单位报告之和填入表格。"))
}

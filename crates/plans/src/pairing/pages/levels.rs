//! 下级进展: the governments below, each with all that stands below it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::{OrganId, PlanId};
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use crate::acts::ViewLedger;
use crate::assignment::light::{Light, SOON_DAYS};
use crate::pairing::rollup::{Government, Row, Tally, rollup, total};
use crate::pairing::store::{self, Late};
use crate::{plan, when};

/// Years before this one that can be looked at.
const YEARS_BACK: i64 = 2;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    government: String,
    year: String,
    page: String,
}

#[derive(Template)]
#[template(path = "pairing/levels.html")]
struct LevelsPage {
    shell: Shell,
    /// Those that this person's roles reach.
    governments: Vec<(OrganId, String)>,
    government: OrganId,
    name: String,
    year: i64,
    years: Vec<i64>,
    rows: Vec<Row>,
    total: Tally,
    own: Vec<(Light, i64)>,
    own_plans: Vec<PlanId>,
    late: Vec<Late>,
    paging: Paging,
    today: Date,
}

impl LevelsPage {
    fn address(&self) -> String {
        let (government, year) = (self.government.to_string(), self.year.to_string());
        let parts = [("government", government.as_str()), ("year", &year)];
        address("/workspace/levels", &parts) + "page="
    }

    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    /// `县教育局、县财政局`, `县教育局、县财政局、县司法局等8个单位`; the ledger's words where nobody has it.
    fn units(&self, late: &Late) -> String {
        if late.units_in_all == 0 {
            return "◌ 未落实单位".to_owned();
        }
        let named = late.units.join("、");
        if late.units_in_all > late.units.len() {
            format!("{named}等{}个单位", late.units_in_all)
        } else {
            named
        }
    }

    fn days(&self, late: &Late) -> i32 {
        (self.today - late.due_on).get_days()
    }
}

/// The governments in whose offices a person holds a role for this act.
async fn reached(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
) -> Result<Vec<(OrganId, String)>, StoreError> {
    let mut found: Vec<(OrganId, String)> = Vec::new();
    for held in permit.roles() {
        let Some(id) = organ::government_of(tx, held.organ).await? else {
            continue;
        };
        if found.iter().any(|(known, _)| *known == id) {
            continue;
        }
        if let Some(organ) = organ::store::load(tx, id).await? {
            found.push((id, organ.name));
        }
    }
    Ok(found)
}

struct Loaded {
    year: i64,
    governments: Vec<(OrganId, String)>,
    government: OrganId,
    name: String,
    rows: Vec<Row>,
    own: Tally,
    own_plans: Vec<PlanId>,
    late: Vec<Late>,
    paging: Paging,
}

async fn load(
    tx: &mut Tx,
    permit: &Permit<ViewLedger>,
    filter: &Filter,
    (year, today): (Option<i64>, Date),
) -> Result<Option<Loaded>, StoreError> {
    let governments = reached(tx, permit).await?;
    let wanted: Option<OrganId> = filter.government.parse().ok();
    let chosen = match wanted {
        Some(wanted) => governments.iter().find(|(id, _)| *id == wanted),
        None => governments.first(),
    };
    let Some((government, name)) = chosen.cloned() else {
        return Ok(None);
    };
    let below: Vec<Government> = organ::all_below(tx, government)
        .await?
        .into_iter()
        .filter(|organ| organ.kind.governs() && organ.is_active() || organ.id == government)
        .map(|organ| Government {
            id: organ.id,
            path: organ.path,
            name: organ.name,
        })
        .collect();
    let Some(top) = below.iter().find(|it| it.id == government).cloned() else {
        return Ok(None);
    };
    // Early in a year its plans are not there yet: then last year's stand.
    let this = i64::from(today.year());
    let year = match year {
        Some(year) => year,
        None => store::newest_year_below(tx, government, this)
            .await?
            .filter(|newest| *newest >= this - YEARS_BACK)
            .unwrap_or(this),
    };
    let soon_until = today
        .checked_add(jiff::Span::new().days(SOON_DAYS))
        .unwrap_or(Date::MAX);
    let plans = store::lights_below(tx, government, year, (today, soon_until)).await?;
    // A bureau's own plan counts for its government, but only its office may open it.
    let reached = plan::store::list(tx, permit.scope()).await?;
    let own_plans = plans
        .iter()
        .filter(|plan| plan.government == government)
        .filter(|own| reached.iter().any(|plan| plan.id == own.plan))
        .map(|plan| plan.plan)
        .collect();
    let (rows, own) = rollup(&top, &below, &plans);
    let (_, n) = store::late_below(tx, government, year, today, (0, 0)).await?;
    let paging = Paging::new(filter.page.parse().ok(), n);
    let wanted = (paging.offset(), paging.rows());
    let (mut late, _) = store::late_below(tx, government, year, today, wanted).await?;
    store::name_units(tx, &mut late, today).await?;
    store::find_ways(tx, permit.scope(), &mut late).await?;
    Ok(Some(Loaded {
        year,
        governments,
        government,
        name,
        rows,
        own,
        own_plans,
        late,
        paging,
    }))
}

/// `GET /workspace/levels`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLedger>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let this = i64::from(today.year());
    let years: Vec<i64> = (0..=YEARS_BACK).map(|back| this - back).collect();
    let year = filter.year.parse().ok().filter(|year| years.contains(year));
    let loaded = app
        .db
        .read(async |tx: &mut Tx| load(tx, &permit, &filter, (year, today)).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&LevelsPage {
        shell,
        governments: loaded.governments,
        government: loaded.government,
        name: loaded.name,
        year: loaded.year,
        years,
        total: total(&loaded.rows),
        rows: loaded.rows,
        own: loaded.own.lights().to_vec(),
        own_plans: loaded.own_plans,
        late: loaded.late,
        paging: loaded.paging,
        today,
    })
}

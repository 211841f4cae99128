//! The lists of 督办单.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use crate::acts::{ApproveSupervision, ViewOwnSupervision, ViewSupervision};
use crate::supervision::handle::PATTERN_RULE;
use crate::supervision::store::{self, Narrow, Side};
use crate::supervision::{Order, OrderState, PATTERN};
use crate::{office_rule, offices, when};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    late: String,
    page: String,
}

impl Filter {
    fn narrow(&self, today: Date) -> Narrow {
        Narrow {
            state: OrderState::from_code(&self.state),
            late_on: (self.late == "1").then_some(today),
            ..Narrow::default()
        }
    }
}

#[derive(Template)]
#[template(path = "supervision/list.html")]
struct ListPage {
    shell: Shell,
    office: bool,
    path: &'static str,
    filter: Filter,
    states: Vec<(OrderState, i64)>,
    late: i64,
    orders: Vec<Order>,
    paging: Paging,
    today: Date,
    /// The pattern of numbers of each office in which the reader may change it.
    patterns: Vec<(OrganId, String, String)>,
}

impl ListPage {
    fn is_narrowed(&self) -> bool {
        self.filter.narrow(self.today) != Narrow::default()
    }

    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    fn late_words(&self, order: &Order) -> Option<&'static str> {
        order.late_words(self.today)
    }

    fn address(&self) -> String {
        let parts = [
            ("state", self.filter.state.as_str()),
            ("late", &self.filter.late),
        ];
        address(self.path, &parts) + "page="
    }
}

/// `GET /workspace/supervision`
pub(super) async fn office(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewSupervision>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let mut view = build(&app, shell, Side::Office(permit.scope()), filter).await?;
    let head = view.shell.person.as_ref();
    let head = head.and_then(|person| person.permit::<ApproveSupervision>());
    for (office, name) in head.as_ref().map(offices::organs).unwrap_or_default() {
        let rule = app
            .db
            .read(async |tx: &mut Tx| office_rule::store::get(tx, office, PATTERN_RULE).await)
            .await?;
        let pattern = rule.unwrap_or_else(|| PATTERN.to_owned());
        view.patterns.push((office, name, pattern));
    }
    page(&view)
}

/// `GET /workspace/supervision/own`
pub(super) async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnSupervision>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, Side::Unit(permit.scope()), filter).await?)
}

async fn build(
    app: &App,
    shell: Shell,
    side: Side<'_>,
    filter: Filter,
) -> Result<ListPage, Problem> {
    let today = app.today();
    let narrow = filter.narrow(today);
    let late_only = Narrow {
        late_on: Some(today),
        ..Narrow::default()
    };
    let (states, late, paging, orders) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side, &narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let orders = store::list(tx, side, &narrow, rows).await?;
            let states = store::states(tx, side).await?;
            let late = store::count(tx, side, &late_only).await?;
            Ok::<_, StoreError>((states, late, paging, orders))
        })
        .await?;
    let office = matches!(side, Side::Office(_));
    Ok(ListPage {
        shell,
        office,
        path: if office {
            "/workspace/supervision"
        } else {
            "/workspace/supervision/own"
        },
        filter,
        states,
        late,
        orders,
        paging,
        today,
        patterns: Vec::new(),
    })
}

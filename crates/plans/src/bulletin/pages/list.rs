//! The lists of bulletins.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, page};
use serde::Deserialize;

use crate::acts::{DraftBulletin, ViewBulletins, ViewOwnBulletins};
use crate::bulletin::handle::reach_of;
use crate::bulletin::rules::{Rules, headed, rules};
use crate::bulletin::store::{self, Side};
use crate::bulletin::{Approver, Bulletin, BulletinId, BulletinState};
use crate::when;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    state: String,
    page: String,
}

#[derive(Template)]
#[template(path = "bulletin/list.html")]
struct ListPage {
    shell: Shell,
    office: bool,
    path: &'static str,
    filter: Filter,
    bulletins: Vec<Bulletin>,
    /// To a unit, the day by which it has to report anew, where a re-check failed.
    again: BTreeMap<BulletinId, Date>,
    paging: Paging,
    may_draft: bool,
    /// Who approves and how numbers look in each office of which the reader is head.
    rules: Vec<(OrganId, String, Rules)>,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        when::date(*date)
    }

    /// The day by which it has to be answered now.
    fn due(&self, bulletin: &Bulletin) -> Option<String> {
        let again = self.again.get(&bulletin.id).copied();
        again.or(bulletin.reply_due_on).map(when::date)
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        // A unit sees what was issued, and no draft.
        let mut states = BulletinState::options();
        states.retain(|(code, _)| {
            self.path == "/workspace/bulletins"
                || [BulletinState::Issued, BulletinState::Withdrawn]
                    .iter()
                    .any(|state| state.code() == *code)
        });
        states
    }

    fn approvers(&self) -> Vec<(&'static str, &'static str)> {
        Approver::options()
    }

    fn address(&self) -> String {
        address(self.path, &[("state", self.filter.state.as_str())]) + "page="
    }
}

/// `GET /workspace/bulletins`
pub(super) async fn office(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ViewBulletins>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let reach = reach_of(shell.person.as_ref());
    let mut view = build(&app, shell, Side::Reach(&reach), filter).await?;
    let person = view.shell.person.as_ref();
    let drafting = person.and_then(|person| person.permit::<DraftBulletin>());
    for (office, name) in drafting.as_ref().map(headed).unwrap_or_default() {
        let rules = app
            .db
            .read(async |tx: &mut Tx| rules(tx, office).await)
            .await?;
        view.rules.push((office, name, rules));
    }
    page(&view)
}

/// `GET /workspace/bulletins/own`
pub(super) async fn own(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOwnBulletins>,
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
    let state = BulletinState::from_code(&filter.state);
    let (paging, bulletins, again) = app
        .db
        .read(async |tx: &mut Tx| {
            let total = store::count(tx, side, state).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let bulletins = store::list(tx, side, state, rows).await?;
            let again = match side {
                Side::Unit(units) => {
                    let ids: Vec<BulletinId> = bulletins.iter().map(|one| one.id).collect();
                    store::again_due(tx, &ids, units).await?
                }
                Side::Reach(_) => BTreeMap::new(),
            };
            Ok::<_, StoreError>((paging, bulletins, again))
        })
        .await?;
    let office = matches!(side, Side::Reach(_));
    Ok(ListPage {
        may_draft: office && shell.may(&DraftBulletin::ROW),
        shell,
        office,
        path: if office {
            "/workspace/bulletins"
        } else {
            "/workspace/bulletins/own"
        },
        filter,
        bulletins,
        again,
        paging,
        rules: Vec::new(),
    })
}

//! The directory as a tree, or as a list when it is searched.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::super::acts::{EditOrgans, ViewOrgans};
use super::super::{Filter, Kind, Level, Organ, Status, store};
use super::view::{OrganLine, kinds, levels, names};
use crate::access::{Act as _, Permit, Scope};
use crate::db::{StoreError, Tx};
use crate::web::{App, PAGE_ROWS, Paging, Problem, Query, Shell, address, page};

const PATH: &str = "/workspace/organs";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    text: String,
    level: String,
    kind: String,
    /// A status, or `all`; those in use when empty.
    status: String,
    under: String,
    page: Option<i64>,
}

impl ListQuery {
    /// Is it the plain tree, which shows depth and keeps the tree's order?
    fn is_tree(&self) -> bool {
        self.text.trim().is_empty()
            && [&self.level, &self.kind, &self.status]
                .iter()
                .all(|part| part.is_empty())
    }

    fn filter(&self) -> Filter {
        Filter {
            text: self.text.trim().to_owned(),
            level: Level::from_code(&self.level),
            kind: Kind::from_code(&self.kind),
            status: match self.status.as_str() {
                "all" => None,
                code => Some(Status::from_code(code).unwrap_or(Status::Active)),
            },
            under: self.under.parse().ok(),
        }
    }
}

#[derive(Template)]
#[template(path = "organ/list.html")]
struct ListPage {
    shell: Shell,
    query: ListQuery,
    tree: bool,
    lines: Vec<OrganLine>,
    counts: Vec<(Level, i64)>,
    under: String,
    levels: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    may_edit: bool,
    paging: Paging,
    address: String,
}

/// `GET /workspace/organs`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrgans>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let filter = query.filter();
    let tree = query.is_tree();
    let (lines, paging, counts, under) = app
        .db
        .read(async |tx: &mut Tx| {
            let counts = store::counts(tx, permit.scope()).await?;
            let under = match filter.under {
                Some(id) => store::load(tx, id).await?,
                None => None,
            };
            let (lines, paging) = if tree {
                branch(tx, under.as_ref(), query.page).await?
            } else {
                found(tx, permit.scope(), &filter, query.page).await?
            };
            Ok::<_, StoreError>((lines, paging, counts, under))
        })
        .await?;
    page(&ListPage {
        tree,
        lines,
        counts,
        under: under.map(|organ| organ.name).unwrap_or_default(),
        levels: levels(),
        kinds: kinds(),
        may_edit: shell.may(&EditOrgans::ROW),
        paging,
        address: address(
            PATH,
            &[
                ("text", &query.text),
                ("level", &query.level),
                ("kind", &query.kind),
                ("status", &query.status),
                ("under", &query.under),
            ],
        ) + "page=",
        query,
        shell,
    })
}

/// One page of the organs in use, in tree order.
async fn branch(
    tx: &mut Tx,
    under: Option<&Organ>,
    number: Option<i64>,
) -> Result<(Vec<OrganLine>, Paging), StoreError> {
    let organs = match under {
        Some(root) => store::all_below(tx, root.id).await?,
        None => store::all(tx).await?,
    };
    let names = names(&organs);
    let base = under.map_or(0, Organ::depth);
    let active = || organs.iter().filter(|organ| organ.is_active());
    let total = i64::try_from(active().count()).unwrap_or(i64::MAX);
    let paging = Paging::new(number, total);
    let lines = active()
        .skip(usize::try_from(paging.offset()).unwrap_or(0))
        .take(usize::try_from(PAGE_ROWS).unwrap_or(0))
        .map(|organ| {
            let parent = organ.parent.and_then(|id| names.get(&id)).copied();
            OrganLine::of(organ, organ.depth() - base, parent.unwrap_or(""))
        })
        .collect();
    Ok((lines, paging))
}

async fn found(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    number: Option<i64>,
) -> Result<(Vec<OrganLine>, Paging), StoreError> {
    let mut paging = Paging::wanted(number);
    let organs = loop {
        let (from, rows) = (paging.offset(), paging.rows());
        let (organs, total) = store::search(tx, scope, filter, from, rows).await?;
        if paging.holds(total) {
            break organs;
        }
    };
    let parents: Vec<_> = organs.iter().filter_map(|organ| organ.parent).collect();
    let parents = store::load_all(tx, &parents).await?;
    let names = names(&parents);
    let lines = organs
        .iter()
        .map(|organ| {
            let parent = organ.parent.and_then(|id| names.get(&id)).copied();
            OrganLine::of(organ, 0, parent.unwrap_or(""))
        })
        .collect();
    Ok((lines, paging))
}

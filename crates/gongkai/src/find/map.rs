//! 站点地图 for people: the columns, the parts of each that have pages of their own, and what else the portal has.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Branch, PortalEntry};
use gongkai_platform::web::{App, Problem, Shell, page};

#[derive(Template)]
#[template(path = "find/map.html")]
struct MapPage {
    shell: Shell,
    columns: Vec<(PortalEntry, Vec<Branch>)>,
}

/// `GET /sitemap`
pub(super) async fn show(State(app): State<App>, shell: Shell) -> Result<Response, Problem> {
    let branches = app
        .db
        .read(async |tx: &mut Tx| {
            let mut branches: Vec<Branch> = Vec::new();
            for source in &app.seams.pages {
                branches.append(&mut source.branches(tx, &shell.face.scope).await?);
            }
            Ok::<_, StoreError>(branches)
        })
        .await?;
    let below = |entry: &PortalEntry| {
        let own = branches.iter().filter(|branch| branch.below == entry.path);
        own.cloned().collect()
    };
    let entries = app.seams.portal.iter();
    page(&MapPage {
        columns: entries.map(|entry| (*entry, below(entry))).collect(),
        shell,
    })
}

//! `/workspace/admin/sites`

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::acts::ManagePortals;
use super::super::{Known, Portal, PortalKind, store};
use crate::access::Permit;
use crate::db::{StoreError, Tx};
use crate::web::{App, Problem, Shell, page};

/// Organs without a site that are named.
const NAMED: i64 = 5;

#[derive(Template)]
#[template(path = "portal/list.html")]
struct ListPage {
    shell: Shell,
    portals: Vec<Portal>,
    main_name: String,
    main_url: String,
    has_main: bool,
    /// Active organs that no site shows, and some of their names.
    unshown: (i64, Vec<String>),
}

impl ListPage {
    fn is_main(&self, portal: &Portal) -> bool {
        portal.words.kind == PortalKind::Main
    }

    fn unshown_names(&self) -> String {
        self.unshown.1.join("、")
    }
}

pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ManagePortals>,
) -> Result<Response, Problem> {
    let (portals, unshown) = app
        .db
        .read(async |tx: &mut Tx| {
            let portals = store::list(tx).await?;
            let known = Known::read(tx, &app.site).await?;
            let scopes: Vec<_> = std::iter::once(&known.main)
                .chain(&known.beside)
                .map(|look| &look.scope)
                .collect();
            let unshown = store::unshown(tx, &scopes, NAMED).await?;
            Ok::<_, StoreError>((portals, unshown))
        })
        .await?;
    page(&ListPage {
        shell,
        has_main: portals
            .iter()
            .any(|portal| portal.words.kind == PortalKind::Main),
        portals,
        main_name: app.site.name.clone(),
        main_url: app.site.url.clone(),
        unshown,
    })
}

//! 公开指南 as the public reads it, without scripts.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Place;
use gongkai_platform::web::{
    App, Paging, Problem, Query, Shell, address, day, page, stamp, start_of,
};
use serde::Deserialize;

use crate::guide::store::{self, Shown};
use crate::guide::{FIELDS, Field, Shape};

/// Characters that the list looks for.
const TEXT_CHARS_MAX: usize = 100;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    text: String,
    page: String,
}

#[derive(Template)]
#[template(path = "catalogue/guide_portal.html")]
struct GuidePage {
    shell: Shell,
    guide: Option<Shown>,
    /// The organs that have one; empty on the page of one organ.
    others: Vec<Shown>,
    paging: Option<Paging>,
    text: String,
}

impl GuidePage {
    fn stamp(&self, one: &Shown) -> String {
        start_of(one.edition.published_on).map_or_else(String::new, stamp)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn fields(&self) -> [Field; 13] {
        FIELDS
    }

    fn turn(&self) -> String {
        address("/guide", &[("text", &self.text)]) + "page="
    }
}

/// `GET /guide?text=财政`: the guide of the highest government, and whose there are besides.
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let text: String = asked.text.trim().chars().take(TEXT_CHARS_MAX).collect();
    let (guide, others, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = &shell.face.scope;
            let first = store::public_list(tx, within, "", (0, 1)).await?.pop();
            let total = store::public_count(tx, within, &text).await?;
            let paging = Paging::new(asked.page.parse().ok(), total);
            let part = (paging.offset(), paging.rows());
            let others = store::public_list(tx, within, &text, part).await?;
            Ok::<_, StoreError>((first, others, paging))
        })
        .await?;
    // Who looks for an organ or turns the pages reads the list, not the first guide again.
    let guide = guide.filter(|_| text.is_empty() && paging.offset() == 0);
    page(&GuidePage {
        shell,
        guide,
        others,
        paging: Some(paging),
        text,
    })
}

/// `GET /guide/{organ}`
pub(super) async fn show(
    State(app): State<App>,
    mut shell: Shell,
    Path(organ): Path<OrganId>,
) -> Result<Response, Problem> {
    let guide = app
        .db
        .read(async |tx: &mut Tx| store::public(tx, &[organ.to_string()]).await)
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    let canonical = match shell
        .face
        .place(&app, organ, &format!("/guide/{organ}"))
        .await?
    {
        Place::Here { canonical } => canonical,
        Place::Elsewhere(answer) => return Ok(answer),
    };
    shell.canonical = Some(canonical);
    page(&GuidePage {
        shell,
        guide: Some(guide),
        others: Vec::new(),
        paging: None,
        text: String::new(),
    })
}

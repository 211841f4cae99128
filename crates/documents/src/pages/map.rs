//! 图片是不是地图: what the writer of a draft says of its pictures.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, redirect_with};
use serde::Deserialize;

use super::DESK;
use crate::acts::WriteDocuments;
use crate::document::map::{self, Typed};
use crate::id::DocumentId;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saying {
    version: i64,
    /// Pictures by the hash of their bytes, and what is said of each, in rows.
    picture: Vec<String>,
    shows: Vec<String>,
    permit: Vec<String>,
    source: Vec<String>,
    /// `none`: all others of which nothing is said are no maps.
    rest: String,
}

impl Saying {
    fn typed(&self) -> Vec<Typed> {
        let nth = |texts: &[String], n: usize| texts.get(n).cloned().unwrap_or_default();
        let typed = self.picture.iter().enumerate().map(|(n, sha256)| Typed {
            sha256: sha256.clone(),
            shows: nth(&self.shows, n),
            permit: nth(&self.permit, n),
            source: nth(&self.source, n),
        });
        typed.collect()
    }
}

/// `POST /workspace/documents/{id}/pictures`
pub(super) async fn say(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Saying>,
) -> Result<Response, Problem> {
    let typed = form.typed();
    let said = (typed.as_slice(), form.rest == "none");
    app.db
        .write(async |tx: &mut Tx| map::say(tx, &permit, (id, form.version), said).await)
        .await?;
    Ok(redirect_with(
        &format!("{DESK}/{id}"),
        "图片说明已保存，审核的人会看到；地图的审图号和来源随文件一起公开。",
    ))
}

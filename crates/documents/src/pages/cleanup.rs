//! The filled worksheet of 到期清理 comes back: first what would be recorded, row by row, then all of it in one step.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::{App, Form, Problem, Shell, day, page, put_aside, redirect_with};
use serde::Deserialize;

use crate::acts::PublishDocuments;
use crate::document::Document;
use crate::document::cleanup::{self, FILE_BYTES_MAX, Judged, Opinion, Row};

const LIST: &str = "/workspace/documents/cleanup";

#[derive(Template)]
#[template(path = "documents/cleanup_opinions.html")]
struct PreviewPage {
    shell: Shell,
    good: Vec<(Row, Document, Opinion)>,
    bad: Vec<(Row, Vec<String>)>,
    /// Rows without an opinion.
    blank: usize,
    /// What would be recorded, to be sent again.
    rows: String,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl PreviewPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

async fn receive(mut parts: Multipart) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(part) = parts.next_field().await? {
        if part.name() == Some("file") {
            bytes = part.bytes().await?.to_vec();
        }
    }
    let refuse = |said: &str| Problem::refused(vec![said.to_owned()]);
    if bytes.is_empty() {
        return Err(refuse("请选择填好的清理表。"));
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(refuse("文件太大，清理表最大10MB，没有登记任何一件。"));
    }
    Ok(bytes)
}

/// `POST /workspace/documents/cleanup/opinions`: what the sheet would have recorded; nothing is yet.
pub(super) async fn preview(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<PublishDocuments>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let kept = put_aside(receive(parts).await?).await?;
    let read = match app.sandbox.sheets(kept.path().to_owned()).await {
        Ok(sheets) => cleanup::read(&sheets),
        Err(refused) => Err(refused.0),
    };
    let (rows, blank) = read.map_err(|said| Problem::refused(vec![said]))?;
    let today = app.today();
    let look = async |tx: &mut Tx| cleanup::look(tx, &permit, (rows.as_slice(), today)).await;
    let judged = app.db.read(look).await?;
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for Judged { row, outcome } in judged {
        match outcome {
            Ok((document, opinion)) => good.push((row, document, opinion)),
            Err(wrong) => bad.push((row, wrong)),
        }
    }
    let again: Vec<&Row> = good.iter().map(|(row, _, _)| row).collect();
    page(&PreviewPage {
        rows: serde_json::to_string(&again).unwrap_or_default(),
        shell,
        good,
        bad,
        blank,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Confirmed {
    rows: String,
}

/// `POST /workspace/documents/cleanup/opinions/record`
pub(super) async fn record(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Problem> {
    let rows: Vec<Row> =
        serde_json::from_str(&form.rows).map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let today = app.today();
    let done = app
        .db
        .write(async |tx: &mut Tx| cleanup::apply(tx, &permit, (rows.as_slice(), today)).await)
        .await;
    let n = done.map_err(|error| match error {
        // The page that was sent cannot be opened again: the reasons stand alone.
        NotDone::Refused(reasons) => {
            Problem::refused(reasons.into_iter().map(|(_, said)| said).collect())
        }
        other => other.into(),
    })?;
    Ok(redirect_with(
        LIST,
        &format!("已登记{n}件，公开页面随之更新。登记有误的，在那一件的页面上撤销。"),
    ))
}

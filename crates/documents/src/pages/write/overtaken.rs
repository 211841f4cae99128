//! Two people wrote at once: the later one is shown what the other saved.

use axum::http::StatusCode;
use axum::response::Response;
use gongkai_platform::access::Scope;
use gongkai_platform::attachment::Kept;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page};

use super::interprets::choices;
use super::unit::Units;
use super::{FormPage, Sent, existing};
use crate::document::body;
use crate::id::DocumentId;
use crate::pages::compare::{Line, diff, head_lines};

/// Somebody else saved meanwhile: what was typed is shown again, over the newest version, with a link to that one.
pub(super) async fn again(
    app: &App,
    shell: Shell,
    scope: &Scope,
    id: DocumentId,
    (sent, kept): (Sent, Vec<Kept>),
) -> Result<Response, Problem> {
    let (document, edition, attached) = existing(app, scope, id).await?;
    let (_, interpretable) = app
        .db
        .read(async |tx: &mut Tx| choices(tx, document.owner, &sent.typed.interprets).await)
        .await?;
    let mut differing = diff(
        &(head_lines(&edition.head) + &edition.text + "\n"),
        &(head_lines(&sent.head) + &body::text_of(&sent.html) + "\n"),
    );
    differing.retain(Line::is_change);
    let mut response = page(&FormPage {
        shell,
        kind: document.kind,
        of: Some((id, document.version)),
        units: Units::default(),
        publishers: Vec::new(),
        interpretable,
        house: sent.house,
        typed: sent.typed,
        attached,
        kept,
        overtaken: Some(format!(
            "{}已保存第{}稿",
            edition.author_name, edition.number
        )),
        differing,
        errors: FormErrors::default(),
    })?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

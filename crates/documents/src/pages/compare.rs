//! Two editions side by side, as a diff of their lines.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::diff::{self, Mark};
use gongkai_platform::web::{App, Problem, Shell, page};
use serde::Deserialize;

use crate::acts::ViewDocuments;
use crate::document::{Document, Edition, store};
use crate::id::{DocumentId, EditionId};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pair {
    from: EditionId,
    to: EditionId,
}

#[derive(Template)]
#[template(path = "documents/compare.html")]
struct ComparePage {
    shell: Shell,
    document: Document,
    from: Edition,
    to: Edition,
    /// `del`, `ins` or nothing; the line.
    lines: Vec<(&'static str, String)>,
}

impl ComparePage {
    fn is_same(&self) -> bool {
        self.lines.iter().all(|(tag, _)| tag.is_empty())
    }
}

/// `GET /workspace/documents/{id}/compare?from=…&to=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<DocumentId>,
    Query(pair): Query<Pair>,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let (from, to) = (
                store::edition(tx, pair.from).await?,
                store::edition(tx, pair.to).await?,
            );
            let own = |edition: Option<Edition>| edition.filter(|edition| edition.document == id);
            Ok::<_, StoreError>(
                own(from)
                    .zip(own(to))
                    .map(|(from, to)| (document, from, to)),
            )
        })
        .await?;
    let (document, from, to) = found.ok_or_else(Problem::not_found)?;
    let lines = diff(&lines_of(&from), &lines_of(&to));
    page(&ComparePage {
        shell,
        document,
        from,
        to,
        lines,
    })
}

/// Title, number and text as lines.
fn lines_of(edition: &Edition) -> String {
    format!(
        "{}\n{}\n{}\n",
        edition.head.title, edition.head.number, edition.text
    )
}

/// Two texts as lines, each with `del`, `ins` or nothing.
pub(super) fn diff(old: &str, new: &str) -> Vec<(&'static str, String)> {
    diff::lines(old, new)
        .into_iter()
        .map(|(mark, line)| {
            let tag = match mark {
                Mark::Deleted => "del",
                Mark::Inserted => "ins",
                Mark::Same => "",
            };
            (tag, line)
        })
        .collect()
}

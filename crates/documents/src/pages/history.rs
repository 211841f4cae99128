//! 历次文本, for the public: which text counted on which day, and what each amendment changed.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::attachment::Attachment;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::portal::Place;
use gongkai_platform::web::{App, Problem, Query, Shell, day, moment, page};
use serde::Deserialize;

use super::compare::{Line, diff, head_lines};
use super::portal::gone;
use crate::document::history::{self, Version};
use crate::document::validity::{self, Recorded, Turn, Validity};
use crate::document::{Document, store, successor};
use crate::id::{DocumentId, EditionId};
use crate::picture;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    on: String,
}

/// A text with what changed from the one before.
struct Step {
    version: Version,
    changes: Vec<Line>,
    /// The text before it is not given out any more, so that nothing is compared.
    after_hidden: bool,
}

#[derive(Template)]
#[template(path = "documents/history.html")]
struct HistoryPage {
    shell: Shell,
    document: Document,
    /// The newest first.
    steps: Vec<Step>,
    recorded: Vec<Recorded>,
    /// The attachments of each text that the public may read.
    attached: BTreeMap<EditionId, Vec<Attachment>>,
    asked: String,
    /// The day that was asked for, the text of that day, and how valid it was.
    found: Option<(Date, Option<Version>, Validity)>,
    wrong: bool,
    today: Date,
}

impl HistoryPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn standing(&self, version: &Version) -> &'static str {
        if version.from.is_some_and(|from| from > self.today) {
            Validity::NotYet.name()
        } else if version.until.is_none_or(|until| until >= self.today) {
            "现在的文本"
        } else {
            ""
        }
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn base(&self) -> String {
        format!("/documents/{}", self.document.id)
    }

    fn body(&self, version: &Version) -> String {
        picture::shown_at(&version.edition.html, &self.base())
    }

    fn attached(&self, version: &Version) -> &[Attachment] {
        let files = self.attached.get(&version.edition.id);
        files.map_or(&[], Vec::as_slice)
    }

    /// Where a text's attachments are given out: those of the present one by the document's own page.
    fn files(&self, version: &Version) -> String {
        let edition = version.edition.id;
        if self.document.published == Some(edition) {
            format!("{}/files", self.base())
        } else {
            format!("{}/history/{edition}/files", self.base())
        }
    }
}

async fn attached(
    tx: &mut Tx,
    document: &Document,
    versions: &[Version],
) -> Result<BTreeMap<EditionId, Vec<Attachment>>, StoreError> {
    let mut found = BTreeMap::new();
    for version in versions {
        let files = history::attached(tx, document, version).await?;
        found.insert(version.edition.id, files);
    }
    Ok(found)
}

fn steps(versions: &[Version]) -> Vec<Step> {
    let mut before: Option<&Version> = None;
    let mut steps = Vec::new();
    for version in versions {
        let after_hidden = before.is_some_and(|before| before.hidden.is_some());
        // A comparison quotes both.
        let open = before.filter(|before| before.hidden.is_none() && version.hidden.is_none());
        let changes = open.map_or_else(Vec::new, |before| {
            diff(
                &(head_lines(&before.edition.head) + &before.edition.text + "\n"),
                &(head_lines(&version.edition.head) + &version.edition.text + "\n"),
            )
        });
        steps.push(Step {
            version: version.clone(),
            changes,
            after_hidden,
        });
        before = Some(version);
    }
    steps.reverse();
    steps
}

/// `GET /documents/{id}/history?on=2025-03-01`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id: DocumentId = id.parse().map_err(|_| Problem::not_found())?;
    let (document, versions, recorded, attached) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::public(tx, id).await? else {
                return Ok(None);
            };
            let versions = history::versions(tx, &document).await?;
            let mut recorded = store::recorded(tx, id).await?;
            let turns = recorded.iter_mut().map(|one| &mut one.turn);
            successor::unlink_gone(tx, turns).await?;
            let attached = attached(tx, &document, &versions).await?;
            Ok::<_, StoreError>(Some((document, versions, recorded, attached)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let path = format!("/documents/{id}/history");
    if let Place::Elsewhere(answer) = shell.face.place(&app, document.organ, &path).await? {
        return Ok(answer);
    }
    if !document.is_readable(app.today()) {
        return gone(shell, document);
    }
    if versions.is_empty() {
        return Err(Problem::not_found());
    }
    let turns: Vec<Turn> = validity::counting(&recorded);
    let on = asked.on.trim().parse::<Date>().ok();
    let found = on.map(|on| {
        let version = history::as_of(&versions, on).cloned();
        let (from, to) = (document.effective_on, document.expires_on);
        (on, version, validity::on(on, from, to, &turns))
    });
    page(&HistoryPage {
        today: app.today(),
        shell,
        document,
        steps: steps(&versions),
        recorded,
        attached,
        wrong: on.is_none() && !asked.on.trim().is_empty(),
        asked: asked.on.chars().take(20).collect(),
        found,
    })
}

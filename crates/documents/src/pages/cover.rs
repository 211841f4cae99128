//! A draft with its personal data covered by the rule of its government: seen against the draft first, then saved as its next
//! edition.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_inspect::Masking;
use gongkai_platform::access::{Permit, Scope};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::{App, Form, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::DESK;
use super::compare::{Line, diff, head_lines};
use crate::acts::WriteDocuments;
use crate::document::{Document, Edition, State as At, files, handle, seal, store};
use crate::id::DocumentId;
use crate::masking::{self, Covered, Which};
use crate::rules;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `yes` where what is merely likely is covered, too.
    all: String,
}

fn which(all: &str) -> Which {
    if all == "yes" {
        Which::All
    } else {
        Which::Sure
    }
}

/// A draft, and what it would be.
struct Proposed {
    document: Document,
    edition: Edition,
    masking: Masking,
    /// `None` where something cannot be covered where it stands.
    covered: Option<Covered>,
}

/// What the form was shown for: other words or another rule since then are seen anew.
fn sealed(covered: &Covered) -> String {
    seal(&covered.head, &covered.html)
}

async fn proposed(
    tx: &mut Tx,
    scope: &Scope,
    id: DocumentId,
    which: Which,
) -> Result<Option<Proposed>, StoreError> {
    let Some(document) = store::load(tx, scope, id).await? else {
        return Ok(None);
    };
    let Some(edition) = store::edition(tx, document.edition).await? else {
        return Ok(None);
    };
    let masking = masking::of_unit(tx, document.owner).await?;
    let rules = rules::rules(tx, document.owner).await?;
    let mut covered = masking::cover(&edition, (&rules, &masking), which);
    if let Some(covered) = &mut covered {
        // What was decided since at a later look.
        covered.head.review_on = document.review_on.or(covered.head.review_on);
    }
    Ok(Some(Proposed {
        document,
        edition,
        masking,
        covered,
    }))
}

#[derive(Template)]
#[template(path = "documents/mask.html")]
struct MaskPage {
    shell: Shell,
    document: Document,
    /// The number of the draft.
    number: i64,
    masking: Masking,
    all: bool,
    is_draft: bool,
    /// Passages, the seal of what would be saved, and what changes; `None` where it cannot be covered.
    change: Option<(usize, String, Vec<Line>)>,
}

/// `GET /workspace/documents/{id}/mask?all=yes`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let which = which(&asked.all);
    let found = app
        .db
        .read(async |tx: &mut Tx| proposed(tx, permit.scope(), id, which).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let edition = &found.edition;
    let change = found.covered.map(|covered| {
        let lines = diff(
            &(head_lines(&edition.head) + &edition.text + "\n"),
            &(head_lines(&covered.head) + &covered.text + "\n"),
        );
        (covered.places, sealed(&covered), lines)
    });
    page(&MaskPage {
        shell,
        number: edition.number,
        is_draft: found.document.state == At::Draft,
        document: found.document,
        masking: found.masking,
        all: which == Which::All,
        change,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    version: i64,
    all: String,
    seal: String,
}

fn refusal(sentence: &str) -> NotDone {
    NotDone::Refused(vec![("seal", sentence.to_owned())])
}

/// `POST /workspace/documents/{id}/mask`
pub(super) async fn save(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let which = which(&wanted.all);
    let places = app
        .db
        .write(async |tx: &mut Tx| {
            let found = proposed(tx, permit.scope(), id, which)
                .await?
                .ok_or(NotDone::NotFound)?;
            if found.document.version != wanted.version {
                return Err(NotDone::Store(StoreError::Stale));
            }
            if found.document.state != At::Draft {
                return Err(refusal(
                    "只有草稿可以遮盖后另存一稿；正在审核的，请先撤回送审。",
                ));
            }
            let covered = found.covered.filter(|one| sealed(one) == wanted.seal);
            let Some(covered) = covered.filter(|one| one.places > 0) else {
                return Err(refusal(
                    "遮盖规则或者检查词库刚有变化，没有保存，稿件没有变。请看过新的对照再保存。",
                ));
            };
            let before = found.document.edition;
            let how = format!("遮盖个人信息{}处，", covered.places);
            let of = (id, wanted.version);
            let text = (covered.head, covered.html);
            let written = handle::save(tx, &permit, of, text, &how).await?;
            let carried = (&written, Some(before));
            files::settle(tx, permit.actor(), carried, files::Change::default()).await?;
            Ok::<_, NotDone>(covered.places)
        })
        .await?;
    Ok(redirect_with(
        &format!("{DESK}/{id}"),
        &format!(
            "已遮盖{places}处，保存为新的一稿；以前的稿件还在“历次稿件”里，不会公开。附件没有改，请逐个检查。"
        ),
    ))
}

//! 审核记录: who answered for what before a text went out, edition by edition, to read and to print.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, day, moment, page};

use super::DESK;
use crate::acts::ViewDocuments;
use crate::document::{Document, Edition, store};
use crate::id::DocumentId;
use crate::review::answer::{self, Answer};
use crate::review::checklist::{self, Checked, Question};
use crate::review::concerned::{self, Concerned};
use crate::review::passage::{self, Passage};
use crate::review::{self, Stage, urgent};

/// An edition that was sent to review or that organs were asked about, with its steps and its seal over text and attachments.
struct Round {
    edition: Edition,
    stages: Vec<Stage>,
    /// 协商确认 of this text.
    concerned: Vec<Concerned>,
    seal: Option<String>,
}

impl Round {
    fn is_urgent(&self) -> bool {
        urgent::is_urgent(&self.stages)
    }
}

#[derive(Template)]
#[template(path = "documents/record.html")]
struct RecordPage {
    shell: Shell,
    document: Document,
    /// The newest first.
    rounds: Vec<Round>,
    today: Date,
}

#[expect(clippy::unused_self, reason = "the template asks the page")]
impl RecordPage {
    fn base(&self) -> String {
        format!("{DESK}/{}", self.document.id)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// The remark of a step without its passages and answers.
    fn remark(&self, stage: &Stage) -> String {
        passage::read(&answer::read(&stage.remark).0).0
    }

    fn passages(&self, stage: &Stage) -> Vec<Passage> {
        passage::read(&answer::read(&stage.remark).0).1
    }

    fn answers(&self, stage: &Stage) -> Vec<Answer> {
        answer::read(&stage.remark).1
    }

    fn checks(&self, stage: &Stage) -> Vec<(&'static Question, Checked)> {
        checklist::said(&stage.checks)
    }
}

async fn rounds(tx: &mut Tx, id: DocumentId) -> Result<Vec<Round>, StoreError> {
    let mut rounds = Vec::new();
    let asked = concerned::store::of(tx, id).await?;
    for (edition, ..) in store::editions(tx, id).await? {
        let stages = review::store::of(tx, edition).await?;
        let of_this = asked.iter().filter(|one| one.edition == edition);
        let concerned: Vec<Concerned> = of_this.cloned().collect();
        if stages.is_empty() && concerned.is_empty() {
            continue;
        }
        if let Some(edition) = store::edition(tx, edition).await? {
            let seal = store::sealed(tx, edition.id).await?;
            rounds.push(Round {
                seal: seal.map(|(seal, _)| seal).filter(|seal| !seal.is_empty()),
                edition,
                stages,
                concerned,
            });
        }
    }
    Ok(rounds)
}

/// `GET /workspace/documents/{id}/record`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let (document, rounds) = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            Ok::<_, StoreError>(Some((document, rounds(tx, id).await?)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&RecordPage {
        today: app.today(),
        shell,
        document,
        rounds,
    })
}

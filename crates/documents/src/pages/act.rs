//! What people do to a draft on its way through review, each by one button.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_inspect::{Finding, Kind};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, Form, Problem, redirect_with};
use serde::Deserialize;

use super::DESK;
use crate::acts::{ReleaseSteps, ReviewDocuments, WriteDocuments};
use crate::document::files::Looked;
use crate::document::{self, Document, discard as aside, files, reading, store};
use crate::id::DocumentId;
use crate::inspection::Inspection;
use crate::kind::Step;
use crate::review::answer::Answer;
use crate::review::checklist::Checked;
use crate::review::handle::{self, Said, Way};
use crate::review::passage::Passage;
use crate::review::{self, Do, concerned, release as releasing, urgent};
use crate::rules;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Versioned {
    pub(super) version: i64,
    pub(super) why: String,
}

pub(super) fn wrong(field: &'static str, sentence: &str) -> Problem {
    Problem::of_form(vec![(field, sentence.to_owned())])
}

pub(super) fn back(id: DocumentId, message: &str) -> Response {
    redirect_with(&format!("{DESK}/{id}"), message)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sending {
    version: i64,
    urgent: String,
    reason: String,
}

/// `POST /workspace/documents/{id}/send`
pub(super) async fn send(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Sending>,
) -> Result<Response, Problem> {
    let (calendar, today) = (app.calendar(), app.today());
    let way = if form.urgent == "yes" {
        Way::Urgent(form.reason.trim().to_owned())
    } else {
        Way::Usual
    };
    let of = (id, form.version);
    let looked = looked_through(&app, &permit, of, &way).await?;
    app.db
        .write(async |tx: &mut Tx| {
            let sent = handle::send(tx, &permit, of, &way, (&calendar, today)).await?;
            files::keep_found(tx, &sent, &looked).await?;
            Ok::<_, NotDone>(())
        })
        .await?;
    let message = match way {
        Way::Usual => "已送审。每一步轮到谁，谁会在收件箱里收到通知。",
        Way::Urgent(_) => {
            "已按紧急发布送审：先办保密审查等步骤，三审通过就可以发布，其余步骤发布后补办。"
        }
    };
    Ok(back(id, &(message.to_owned() + &to_answer(&looked))))
}

/// What reviewers will have to answer for in the attachments.
fn to_answer(looked: &[Looked]) -> String {
    let all = looked.iter().flat_map(|(_, found)| found);
    let (unread, found): (Vec<&Finding>, Vec<&Finding>) =
        all.partition(|one| one.kind == Kind::Unread);
    let mut said = String::new();
    if !found.is_empty() {
        said.push_str(&format!(
            "附件里有{}处个人信息、涉密标志或者原样保留的隐藏内容等，保密审查和三审时要逐处说明。",
            found.len()
        ));
    }
    if !unread.is_empty() {
        said.push_str(&format!(
            "有{}个附件系统没有检查全（扫描件、图片、带图片的或者打不开的），保密审查和三审时要打开看过，写明“已人工核对”。",
            unread.len()
        ));
    }
    said
}

/// What the check finds in each attachment of the newest edition, where it may be sent at all. The files were read when they
/// came; what was not read yet is queued, and the person is told.
async fn looked_through(
    app: &App,
    permit: &Permit<WriteDocuments>,
    of: (DocumentId, i64),
    way: &Way,
) -> Result<Vec<Looked>, Problem> {
    let today = app.today();
    let (rules, attached) = app
        .db
        .read(async |tx: &mut Tx| {
            let (document, edition) = handle::sendable(tx, permit, of, way, today).await?;
            let mut attached = Vec::new();
            for file in files::of(tx, &document, edition.id).await? {
                // What was taken down goes nowhere, and is not read again.
                if let Some(sha256) = file.sha256.clone().filter(|_| file.withheld.is_none()) {
                    let read = store::reading(tx, &sha256).await?;
                    attached.push((file, sha256, read));
                }
            }
            let rules = rules::rules(tx, document.owner).await?;
            Ok::<_, NotDone>((rules, attached))
        })
        .await?;
    let missing: Vec<_> = attached.iter().filter(|one| one.2.is_none()).collect();
    if !missing.is_empty() {
        let hashes: Vec<String> = missing.iter().map(|one| one.1.clone()).collect();
        reading::queue(app, &hashes).await?;
        let titles: Vec<String> = missing
            .iter()
            .map(|one| format!("“{}”", one.0.title))
            .collect();
        let said = format!(
            "附件{}还没有检查完，没有送审；稿件和附件都没有变化。已经排队检查，一般一分钟内做完，请稍后再点“送审这一稿”。",
            titles.join("、")
        );
        return Err(wrong("state", &said));
    }
    off_thread(move || {
        attached
            .into_iter()
            .filter_map(|(file, _, read)| {
                let found = Inspection::asked(read?, &rules);
                Some((file.id, found))
            })
            .collect()
    })
    .await
}

/// `POST /workspace/documents/{id}/recall`
pub(super) async fn recall(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Versioned>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::recall(tx, &permit, (id, form.version)).await)
        .await?;
    Ok(back(id, "已撤回，可以修改后重新送审。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Aside {
    version: i64,
    why_discarded: String,
    why_back: String,
}

/// `POST /workspace/documents/{id}/discard`
pub(super) async fn discard(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Aside>,
) -> Result<Response, Problem> {
    let why = form.why_discarded.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| aside::discard(tx, &permit, (id, form.version), &why).await)
        .await?;
    let message = format!(
        "草稿已作废，不再列入文件清单；{}天以内可以在这里取回。",
        aside::KEPT_DAYS
    );
    Ok(back(id, &message))
}

/// `POST /workspace/documents/{id}/discard/undo`
pub(super) async fn take_back(
    State(app): State<App>,
    permit: Permit<WriteDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Aside>,
) -> Result<Response, Problem> {
    let why = form.why_back.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| aside::take_back(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(back(id, "草稿已取回，可以接着写。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Review {
    version: i64,
    act: String,
    remark: String,
    /// `code=verdict` of each question of the checklist; empty where nothing was chosen.
    check: Vec<String>,
    /// Passages and what is said about each, in pairs; empty pairs are left out.
    quote: Vec<String>,
    note: Vec<String>,
    /// Findings of the check and what is said to each, in pairs; what is not answered is empty.
    asked: Vec<String>,
    answer: Vec<String>,
}

impl Review {
    fn passages(&self) -> Vec<Passage> {
        let pairs = self.quote.iter().zip(&self.note);
        pairs
            .map(|(quote, note)| Passage {
                quote: quote.trim().to_owned(),
                note: note.trim().to_owned(),
            })
            .filter(|one| !one.quote.is_empty() || !one.note.is_empty())
            .collect()
    }

    fn answers(&self) -> Vec<Answer> {
        let pairs = self.asked.iter().zip(&self.answer);
        pairs
            .filter_map(|(asked, answer)| Answer::of(asked, answer))
            .filter(|one| !one.note.is_empty())
            .collect()
    }
}

/// `POST /workspace/documents/{id}/review`
pub(super) async fn review(
    State(app): State<App>,
    permit: Permit<ReviewDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Review>,
) -> Result<Response, Problem> {
    let act = match form.act.as_str() {
        "claim" => Do::Claim,
        "release" => Do::Release,
        "pass" => Do::Pass,
        "return" => Do::Return,
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let said = Said {
        checks: form
            .check
            .iter()
            .filter_map(|text| Checked::of(text))
            .collect(),
        remark: form.remark.trim().to_owned(),
        passages: form.passages(),
        answers: form.answers(),
    };
    let (calendar, today) = (app.calendar(), app.today());
    let (document, next, may_go_out, held) = app
        .db
        .write(async |tx: &mut Tx| {
            let (document, next) = handle::act(
                tx,
                &permit,
                (id, form.version),
                (act, said.clone()),
                (&calendar, today),
            )
            .await?;
            let stages = review::store::of(tx, document.edition).await?;
            let asked = concerned::store::of(tx, document.id).await?;
            let held = concerned::why_not_out(&asked, document.edition);
            Ok::<_, NotDone>((document, next, urgent::may_go_out(&stages), held))
        })
        .await?;
    let is_out = document.published == Some(document.edition);
    let held = held.into_iter().next().filter(|_| !is_out);
    let said = match (act, next, held) {
        (Do::Pass, Some(step), None) if may_go_out && !is_out => format!(
            "已通过，现在可以紧急发布；发布后还要补办的，下一步是{}。",
            step.name()
        ),
        (Do::Pass, Some(_), Some((_, why))) if may_go_out => {
            format!("已通过，紧急发布以前的步骤办完了。{why}")
        }
        (Do::Pass, None, Some((_, why))) if document.state == document::State::Approved => {
            format!("已通过，审核全部办完。{why}")
        }
        (act, next, _) => reviewed(act, &document, next),
    };
    Ok(back(id, &said))
}

/// What a step did, and what comes now.
fn reviewed(act: Do, document: &Document, next: Option<Step>) -> String {
    let is_late = document.published == Some(document.edition);
    let said = match (act, next) {
        (Do::Claim, _) => "已领取，请看完全文后办理。",
        (Do::Release, _) => "已退还，别人可以领取。",
        (Do::Pass, Some(step)) => {
            return format!("已通过，下一步是{}，已通知能办理的人。", step.name());
        }
        (Do::Pass, None) if is_late => "已通过，补审全部办完。",
        (Do::Pass, None) if document.state == document::State::Settled => {
            "已通过，审核全部办完。公开属性不是主动公开，文本留存，不发布。"
        }
        (Do::Pass, None) => "已通过，审核全部办完，现在可以发布。",
        (Do::Return, _) if is_late => "补审已退回，已通知能更正和撤下的人；公众看到的还是这一稿。",
        (Do::Return, _) => "已退回给撰稿人，您的意见写在审核表里。",
    };
    said.to_owned()
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Released {
    /// Of the step.
    version: i64,
    why_released: String,
}

/// `POST /workspace/documents/{id}/release`
pub(super) async fn release(
    State(app): State<App>,
    permit: Permit<ReleaseSteps>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Released>,
) -> Result<Response, Problem> {
    let why = form.why_released.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| releasing::release(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(back(id, "已退回待办，已通知能办理的人重新领取。"))
}

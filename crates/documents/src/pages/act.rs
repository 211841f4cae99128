//! What people do to a document, each by one button.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_inspect::{Finding, Kind};
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, Form, Problem, moment, redirect_with};
use jiff::civil::DateTime;
use serde::Deserialize;

use super::DESK;
use crate::acts::{PublishDocuments, ReleaseSteps, ReviewDocuments, WriteDocuments};
use crate::document::files::Looked;
use crate::document::validity::Change;
use crate::document::{
    self, Document, discard as aside, files, publish, reading, schedule, store, turn, withdraw,
};
use crate::id::{DocumentId, TurnId};
use crate::inspection::Inspection;
use crate::kind::Step;
use crate::review::answer::Answer;
use crate::review::checklist::Checked;
use crate::review::handle::{self, Said, Way};
use crate::review::passage::Passage;
use crate::review::{self, Do, release as releasing, urgent};
use crate::rules;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Versioned {
    version: i64,
    why: String,
}

fn wrong(field: &'static str, sentence: &str) -> Problem {
    Problem::of_form(vec![(field, sentence.to_owned())])
}

fn back(id: DocumentId, message: &str) -> Response {
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
            "附件{}还没有检查完，没有送审；稿件和附件都没有变化。已经排队检查，一般一分钟内做完，请稍后再点“送审”。",
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
    let (document, next, may_go_out) = app
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
            Ok::<_, NotDone>((document, next, urgent::may_go_out(&stages)))
        })
        .await?;
    let may_go_out = may_go_out && document.published != Some(document.edition);
    if let (Do::Pass, Some(step), true) = (act, next, may_go_out) {
        let step = step.name();
        let said = format!("已通过，现在可以紧急发布；发布后还要补办的，下一步是{step}。");
        return Ok(back(id, &said));
    }
    Ok(back(id, &reviewed(act, &document, next)))
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

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Publish {
    version: i64,
    /// `amends`, or a correction.
    word: String,
    from: String,
    explanation: String,
}

/// `POST /workspace/documents/{id}/publish`
pub(super) async fn publish(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Publish>,
) -> Result<Response, Problem> {
    let explanation = form.explanation.trim().to_owned();
    let amends = if form.word == "amends" {
        let from = form.from.parse::<Date>().map_err(|_| {
            wrong(
                "from",
                "作为修改发布，请填写修改后的施行日期，例：2026-12-01。",
            )
        })?;
        Some(from)
    } else {
        None
    };
    let of = (id, form.version);
    let published = app
        .db
        .write(async |tx: &mut Tx| match amends {
            Some(from) => publish::amend(tx, &permit, of, (from, &explanation)).await,
            None => publish::publish(tx, &permit, of, &explanation).await,
        })
        .await?;
    let message = match published.state {
        document::State::Reviewing => "已紧急发布，公众现在就能看到。其余审核步骤请尽快补办。",
        document::State::Draft
        | document::State::Approved
        | document::State::Discarded
        | document::State::Settled => match amends {
            Some(_) => "修改后的文本已发布，以前的文本留在“历次文本”里。",
            None if !published.explanation.is_empty() => {
                "更正稿已发布，公众看到的是新文本和更正说明。"
            }
            None if published.limited => {
                "已发布，知道网址的人现在就能看到；不列入目录、检索和订阅，公示期满自动撤下。"
            }
            None => "已发布，公众现在就能看到。",
        },
    };
    Ok(back(id, message))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Schedule {
    version: i64,
    at: String,
    /// `amends`, or a correction; where something was published before.
    later_word: String,
    later_from: String,
    later_explanation: String,
}

impl Schedule {
    /// What it will say at its hour.
    fn later(&self) -> Result<schedule::Later, Problem> {
        let amends_from = if self.later_word == "amends" && !self.at.is_empty() {
            let day = self.later_from.parse::<Date>().map_err(|_| {
                wrong(
                    "later_from",
                    "作为修改发布，请填写修改后的施行日期，例：2026-12-01。",
                )
            })?;
            Some(day)
        } else {
            None
        };
        Ok(schedule::Later {
            explanation: self.later_explanation.trim().to_owned(),
            amends_from,
        })
    }
}

/// `POST /workspace/documents/{id}/schedule`
pub(super) async fn schedule(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Schedule>,
) -> Result<Response, Problem> {
    let at = if form.at.is_empty() {
        None
    } else {
        Some(instant(&form.at).ok_or_else(|| {
            wrong(
                "at",
                "时间无法识别。请填写年月日和时分，例：2026年12月1日9时写作2026-12-01T09:00。",
            )
        })?)
    };
    let later = form.later()?;
    app.db
        .write(async |tx: &mut Tx| {
            schedule::schedule(tx, &permit, (id, form.version), (at, &later)).await
        })
        .await?;
    Ok(back(
        id,
        &at.map_or_else(
            || "已取消定时发布，文件仍然待发布。".to_owned(),
            |at| format!("已定于{}自动发布；在那以前随时可以改期或取消。", moment(at)),
        ),
    ))
}

/// What a field of date and time holds, as Beijing time, in milliseconds.
fn instant(text: &str) -> Option<i64> {
    let time: DateTime = text.parse().ok()?;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Some(time.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

/// `POST /workspace/documents/{id}/withdraw`
pub(super) async fn withdraw(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Versioned>,
) -> Result<Response, Problem> {
    let why = form.why.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| withdraw::withdraw(tx, &permit, (id, form.version), &why).await)
        .await?;
    Ok(back(
        id,
        "已撤下；公开页面只留标题和撤下说明。撤错了可以在这里恢复。",
    ))
}

/// `POST /workspace/documents/{id}/restore`
pub(super) async fn restore(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Versioned>,
) -> Result<Response, Problem> {
    let reason = form.why.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| {
            withdraw::restore(tx, &permit, (id, form.version), &reason).await
        })
        .await?;
    Ok(back(id, "已恢复发布。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turned {
    version: i64,
    change: String,
    on: String,
    until: String,
    basis: String,
    /// What takes the place of what ended.
    successor: String,
}

/// `POST /workspace/documents/{id}/validity`
pub(super) async fn validity(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Turned>,
) -> Result<Response, Problem> {
    let change =
        Change::from_code(&form.change).ok_or_else(|| wrong("change", "请选择有效性怎样变化。"))?;
    let day = |text: &str| text.parse::<Date>().ok();
    let on = day(&form.on).ok_or_else(|| wrong("on", "请填写日期，例：2026-09-18。"))?;
    let until = day(&form.until);
    let (basis, next) = (form.basis.trim().to_owned(), form.successor.trim());
    app.db
        .write(async |tx: &mut Tx| {
            let because = (basis.as_str(), next);
            turn::turn(
                tx,
                &permit,
                (id, form.version),
                (change, on, until),
                because,
            )
            .await
        })
        .await?;
    Ok(back(id, "已记入有效性，公开页面随之更新。"))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Undoing {
    version: i64,
    turn: String,
    why_undone: String,
}

/// `POST /workspace/documents/{id}/validity/undo`
pub(super) async fn undo(
    State(app): State<App>,
    permit: Permit<PublishDocuments>,
    Path(id): Path<DocumentId>,
    Form(form): Form<Undoing>,
) -> Result<Response, Problem> {
    let turn: TurnId = form
        .turn
        .parse()
        .map_err(|_| wrong("turn", "请选择登记有误的一条。"))?;
    let why = form.why_undone.trim().to_owned();
    app.db
        .write(async |tx: &mut Tx| turn::undo(tx, &permit, (id, form.version), (turn, &why)).await)
        .await?;
    Ok(back(
        id,
        "已撤销登记，有效性按其余登记重新得出；公开页面写着撤销的理由。",
    ))
}

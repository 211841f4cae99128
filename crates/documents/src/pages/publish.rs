//! An approved text goes out, now or at its hour, is withdrawn, and comes back.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, moment};
use jiff::civil::DateTime;
use serde::Deserialize;

use super::act::{Versioned, back, wrong};
use crate::acts::PublishDocuments;
use crate::document::{self, publish, schedule, withdraw};
use crate::id::DocumentId;

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

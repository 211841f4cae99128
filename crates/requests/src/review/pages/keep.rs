//! The form for a review or a suit.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{HeldRole, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, FormErrors, Problem, Query, Shell, page, redirect_with};
use serde::Deserialize;

use super::PATH;
use crate::acts::KeepReviews;
use crate::id::RequestId;
use crate::letter::store::{self as letters, organs};
use crate::letter::{AT_ONCE_MAX, Letter, LetterState, RemedyId, tie};
use crate::pages::{overtaken, refuse};
use crate::reach;
use crate::request::state::Act;
use crate::request::store as requests;
use crate::review::handle::{self, Ties};
use crate::review::store::{self, Narrow};
use crate::review::{Procedure, Remedy, RemedyKind, RemedyWords, RightTold};
use gongkai_platform::fault::{self, NotDone, form_errors};

/// What the form holds, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    organ: String,
    /// Of the application whose answer is attacked; empty for one that is not kept here.
    number: String,
    letter: String,
    after: String,
    kind: String,
    case_number: String,
    applicant: String,
    body: String,
    matter: String,
    served_on: String,
    told: String,
    learned_on: String,
    filed_on: String,
    copy_on: String,
    procedure: String,
    answered_on: String,
}

impl Typed {
    fn of(remedy: &Remedy) -> Self {
        let words = &remedy.words;
        let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        Self {
            version: remedy.version,
            organ: remedy.organ.to_string(),
            number: String::new(),
            letter: String::new(),
            after: remedy.after.map_or_else(String::new, |id| id.to_string()),
            kind: words.kind.code().to_owned(),
            case_number: words.case_number.clone(),
            applicant: words.applicant.clone(),
            body: words.body.clone(),
            matter: words.matter.clone(),
            served_on: date(words.served_on),
            told: words.told.code().to_owned(),
            learned_on: date(words.learned_on),
            filed_on: words.filed_on.to_string(),
            copy_on: date(words.copy_on),
            procedure: words.procedure.code().to_owned(),
            answered_on: date(words.answered_on),
        }
    }

    /// What was meant, or what cannot be read.
    fn words(&self) -> Result<RemedyWords, FormErrors> {
        let mut errors = FormErrors::default();
        let mut date = |field: &'static str, text: &str| -> Option<Date> {
            let text = text.trim();
            let found = text.parse().ok();
            if found.is_none() && !text.is_empty() {
                errors.add(field, "这不是日期，例：2026-09-18。");
            }
            found
        };
        let served_on = date("served_on", &self.served_on);
        let learned_on = date("learned_on", &self.learned_on);
        let filed_on = date("filed_on", &self.filed_on);
        let copy_on = date("copy_on", &self.copy_on);
        let answered_on = date("answered_on", &self.answered_on);
        if self.filed_on.trim().is_empty() {
            errors.add("filed_on", "请填写申请（起诉）日期。");
        }
        let kind = RemedyKind::from_code(&self.kind);
        if kind.is_none() {
            errors.add("kind", "请选择类别。");
        }
        // Where nothing can be judged yet, what is empty is said as well.
        let unread = !errors.is_empty();
        for (field, label, text) in [
            ("applicant", "申请人（原告）", &self.applicant),
            ("body", "复议机关（法院）", &self.body),
            ("matter", "请求事项", &self.matter),
        ] {
            if unread && text.trim().is_empty() {
                errors.add(field, format!("请填写“{label}”。"));
            }
        }
        match (kind, filed_on) {
            (Some(kind), Some(filed_on)) if errors.is_empty() => Ok(RemedyWords {
                kind,
                case_number: self.case_number.trim().to_owned(),
                applicant: self.applicant.trim().to_owned(),
                body: self.body.trim().to_owned(),
                matter: self.matter.trim().to_owned(),
                served_on,
                told: RightTold::from_code(&self.told).unwrap_or(RightTold::Yes),
                learned_on,
                filed_on,
                copy_on,
                procedure: Procedure::from_code(&self.procedure).unwrap_or(Procedure::Ordinary),
                answered_on,
            }),
            _ => Err(errors),
        }
    }
}

#[derive(Template)]
#[template(path = "review/keep.html")]
struct KeepPage {
    shell: Shell,
    organs: Vec<(OrganId, String)>,
    /// Reviews that a suit may follow.
    reviews: Vec<Remedy>,
    typed: Typed,
    amended: Option<RemedyId>,
    errors: FormErrors,
}

impl KeepPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        [("", "请选择")]
            .into_iter()
            .chain(RemedyKind::options())
            .collect()
    }

    fn tellings(&self) -> Vec<(&'static str, &'static str)> {
        RightTold::options()
    }

    fn procedures(&self) -> Vec<(&'static str, &'static str)> {
        Procedure::options()
    }

    fn organ_options(&self) -> Vec<(String, String)> {
        let options = self.organs.iter();
        options
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect()
    }

    fn review_options(&self) -> Vec<(String, String)> {
        let options = self.reviews.iter().map(|one| {
            let words = &one.words;
            (
                one.id.to_string(),
                format!("{}{}：{}", words.case_number, words.applicant, words.matter),
            )
        });
        [(String::new(), "（不是复议后起诉）".to_owned())]
            .into_iter()
            .chain(options)
            .collect()
    }
}

async fn build(
    app: &App,
    shell: Shell,
    roles: &[HeldRole],
    (typed, errors): (Typed, FormErrors),
    amended: Option<RemedyId>,
) -> Result<KeepPage, Problem> {
    let narrow = Narrow {
        kind: Some(RemedyKind::Review),
        ..Narrow::default()
    };
    let (organs, reviews) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, roles).await?;
            let organs = organs(tx, &scope).await?;
            let reviews = store::list(tx, &scope, &narrow, (0, AT_ONCE_MAX)).await?;
            Ok::<_, StoreError>((organs, reviews))
        })
        .await?;
    Ok(KeepPage {
        shell,
        organs,
        reviews,
        typed,
        amended,
        errors,
    })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    case: String,
    letter: String,
    after: String,
}

/// What a case says of the review of its answer; nothing for one that the person does not handle.
async fn known(tx: &mut Tx, roles: &[HeldRole], case: &str) -> Result<Typed, StoreError> {
    let Ok(id) = case.parse::<RequestId>() else {
        return Ok(Typed::default());
    };
    let scope = reach::handled(tx, roles).await?;
    let Some(case) = requests::own(tx, &scope, id).await? else {
        return Ok(Typed::default());
    };
    let letters = tie::handle::of(tx, &case).await?;
    let answers =
        |letter: &&Letter| letter.state == LetterState::Issued && tie::is_reply(letter.kind);
    let reply = letters.iter().rev().find(answers);
    let profile = letters::profile(tx, case.request.organ).await?;
    let served = case.last(Act::Deliver).map(|entry| entry.on);
    let number = reply.and_then(|letter| letter.number.as_deref());
    Ok(Typed {
        organ: case.request.organ.to_string(),
        number: case.request.number.clone(),
        letter: reply.map_or_else(String::new, |letter| letter.id.to_string()),
        applicant: case.request.applicant.name.clone(),
        body: profile.review_body,
        matter: number.map_or_else(String::new, |number| {
            format!("撤销{number}答复，责令重新答复。")
        }),
        served_on: served
            .or(case.request.replied_on)
            .map_or_else(String::new, |on| on.to_string()),
        ..Typed::default()
    })
}

/// The id of the case with a number, empty without a number; `None` where the organ has no such case.
async fn case_id(app: &App, (organ, number): (OrganId, &str)) -> Result<Option<String>, Problem> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(Some(String::new()));
    }
    let found = app
        .db
        .read(async |tx: &mut Tx| requests::by_number(tx, number).await)
        .await?;
    let own = found.filter(|case| case.request.organ == organ);
    Ok(own.map(|case| case.request.id.to_string()))
}

/// `GET /workspace/requests/reviews/new?case=…&letter=…&after=…`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepReviews>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = if asked.after.is_empty() {
        ""
    } else {
        RemedyKind::SuitAfter.code()
    };
    let known = app
        .db
        .read(async |tx: &mut Tx| known(tx, permit.roles(), &asked.case).await)
        .await?;
    let typed = Typed {
        letter: if asked.letter.is_empty() {
            known.letter.clone()
        } else {
            asked.letter
        },
        after: asked.after,
        kind: kind.to_owned(),
        ..known
    };
    let empty = (typed, FormErrors::default());
    page(&build(&app, shell, permit.roles(), empty, None).await?)
}

/// `POST /workspace/requests/reviews/new`
pub(super) async fn note(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepReviews>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let organ: OrganId = typed
        .organ
        .parse()
        .map_err(|_| Problem::new(Problem::BAD_REQUEST))?;
    let case_id = case_id(&app, (organ, &typed.number)).await?;
    let errors = match (typed.words(), case_id) {
        (words, None) => {
            let mut errors = words.err().unwrap_or_default();
            errors.add(
                "number",
                "被申请人没有这个编号的申请，请核对；不在本系统的空着。",
            );
            errors
        }
        (Err(errors), Some(_)) => errors,
        (Ok(words), Some(case_id)) => {
            let ties = Ties {
                organ,
                case_id,
                letter: typed.letter.parse().ok(),
                after: typed.after.parse().ok(),
            };
            let today = app.today();
            let done = app
                .db
                .write(async |tx: &mut Tx| handle::note(tx, &permit, ties, words, today).await)
                .await;
            match done {
                Ok(remedy) => {
                    return Ok(redirect_with(
                        &format!("{PATH}/{}", remedy.id),
                        "已登记，期限见下。",
                    ));
                }
                Err(NotDone::Refused(reasons)) => form_errors(reasons),
                Err(error) => return Err(error.into()),
            }
        }
    };
    refuse(&build(&app, shell, permit.roles(), (typed, errors), None).await?)
}

/// `GET /workspace/requests/reviews/{id}/amend`
pub(super) async fn ask_amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepReviews>,
    Path(id): Path<RemedyId>,
) -> Result<Response, Problem> {
    let remedy = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, permit.roles()).await?;
            store::load(tx, &scope, id).await
        })
        .await?
        .filter(|one| one.removed_why.is_none())
        .ok_or_else(Problem::not_found)?;
    let typed = (Typed::of(&remedy), FormErrors::default());
    page(&build(&app, shell, permit.roles(), typed, Some(id)).await?)
}

/// `POST /workspace/requests/reviews/{id}/amend`
pub(super) async fn amend(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepReviews>,
    Path(id): Path<RemedyId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let errors = match typed.words() {
        Err(errors) => errors,
        Ok(words) => {
            let today = app.today();
            let of = (id, typed.version);
            let done = app
                .db
                .write(async |tx: &mut Tx| handle::amend(tx, &permit, of, words, today).await)
                .await;
            match done {
                Ok(_) => return Ok(redirect_with(&format!("{PATH}/{id}"), "已保存修改。")),
                Err(NotDone::Refused(reasons)) => form_errors(reasons),
                Err(NotDone::Store(StoreError::Stale)) => {
                    return late(&app, shell, permit.roles(), (id, typed)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    refuse(&build(&app, shell, permit.roles(), (typed, errors), Some(id)).await?)
}

/// Somebody else was faster: everything typed once more, over the newest version.
async fn late(
    app: &App,
    shell: Shell,
    roles: &[HeldRole],
    (id, mut typed): (RemedyId, Typed),
) -> Result<Response, Problem> {
    let newest = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::handled(tx, roles).await?;
            store::load(tx, &scope, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    typed.version = newest.version;
    let errors = form_errors(vec![fault::overtaken()]);
    overtaken(&build(app, shell, roles, (typed, errors), Some(id)).await?)
}

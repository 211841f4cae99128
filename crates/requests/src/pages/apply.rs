//! 申请: the form, long or guided, check-your-answers, handing in. No account, no scripts.

pub(super) mod receipt;
mod step;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_basis::id::OrganId;
use gongkai_platform::attachment::Filled;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, ClientAddress, Form, FormErrors, Problem, Query, Shell, page};
use serde::Deserialize;
use uuid::Uuid;

use self::step::{Step, Turn};
use super::typed::{Asks, Held, Typed};
use super::{offer, refuse};
use crate::key::{self, Keys};
use crate::request::store::list::Governments;
use crate::request::submit::{self, Form as Handed};
use crate::request::{ApplicantKind, Form as Carrier, Kind, Way, store};
use gongkai_platform::fault::{NotDone, Reason, form_errors};

#[derive(Template)]
#[template(path = "requests/home.html")]
struct HomePage {
    shell: Shell,
}

/// `GET /requests`
pub(super) async fn home(shell: Shell) -> Result<Response, Problem> {
    page(&HomePage { shell })
}

#[derive(Template)]
#[template(path = "requests/apply.html")]
struct ApplyPage {
    shell: Shell,
    kind: Kind,
    governments: Governments,
    typed: Typed,
    held: Vec<(String, String)>,
    errors: FormErrors,
}

impl ApplyPage {
    fn step(&self) -> Option<Step> {
        Step::of(&self.typed)
    }

    /// Does the page show this field? The long form shows all.
    fn shows(&self, field: &str) -> bool {
        self.step()
            .is_none_or(|step| step.fields().contains(&field))
    }

    /// What was typed on the other pages of the guided form, and what no page shows.
    fn carried(&self) -> Vec<(&str, &str)> {
        let mut carried = self.typed.hidden();
        let long = self.step().is_none();
        carried.retain(|(name, _)| {
            if long {
                ["token", "kind", "offered"].contains(name)
            } else {
                !self.shows(name)
            }
        });
        if long && !self.is_information() {
            carried.extend(["form", "way"].map(|name| (name, self.typed.get(name))));
        }
        carried
    }

    fn is_organ(&self, id: &OrganId) -> bool {
        self.typed.get("organ") == id.to_string()
    }

    /// What the pages before have settled, the guided form knows.
    fn asks(&self) -> Asks {
        Asks::of(&self.typed, self.step().is_some())
    }

    fn applicants(&self) -> Vec<(&'static str, &'static str)> {
        ApplicantKind::options()
    }

    fn carriers(&self) -> Vec<(&'static str, &'static str)> {
        Carrier::options()
    }

    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        Way::options()
    }

    fn is_information(&self) -> bool {
        self.kind == Kind::Information
    }

    /// Label and hint of the organ.
    fn organ(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Information => (
                "向哪个机关申请",
                "由制作或者保存该信息的机关负责公开（条例第10条）。",
            ),
            Kind::Correction => (
                "向哪个机关申请",
                "由记录该信息的机关更正；不属于它职能范围的，转送或者告知您向有权的机关提出（条例第41条）。",
            ),
            Kind::Complaint => (
                "向哪级政府投诉",
                "由被投诉机关的本级或者上一级政府信息公开工作主管部门（政府办公室）处理（条例第47条）。",
            ),
        }
    }

    /// The head of what is asked for.
    fn about(&self) -> &'static str {
        match self.kind {
            Kind::Information => "您要什么",
            Kind::Correction => "更正什么",
            Kind::Complaint => "投诉什么",
        }
    }

    /// Label and hint of what is asked for.
    fn subject(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Information => (
                "所需信息的名称、文号",
                "知道文件名称或文号的请写明，不知道的在下一项描述，两项至少写一项。一份申请写一项信息，便于尽快答复。例：安澜市2025年老旧小区改造项目清单。",
            ),
            Kind::Correction => ("要求更正的信息名称", "与您自身有关、记录不准确的政府信息。"),
            Kind::Complaint => ("被投诉的机关和事项", "例：某机关逾期没有答复申请。"),
        }
    }

    /// Label and hint of what describes it.
    fn description(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Information => (
                "其他特征性描述",
                "不知道名称、文号的，写明时间、地点、事项等便于查询的特征。",
            ),
            Kind::Correction => (
                "不准确之处和证据",
                "写明哪里不准确、应当是什么，证据请作为附件上传（条例第41条）。",
            ),
            Kind::Complaint => ("事实和理由", "写明时间、经过和要求（条例第47条、第51条）。"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    kind: String,
    organ: String,
    subject: String,
    guided: String,
}

pub(super) async fn keys(app: &App) -> Result<Keys, Problem> {
    Ok(key::held(app).await?)
}

async fn organs(app: &App, kind: Kind) -> Result<Vec<(OrganId, String)>, Problem> {
    Ok(app
        .db
        .read(async |tx: &mut Tx| store::list::addressees(tx, kind).await)
        .await?)
}

async fn form_page(
    app: &App,
    shell: Shell,
    typed: Typed,
    errors: FormErrors,
) -> Result<ApplyPage, Problem> {
    let keys = keys(app).await?;
    let held = typed
        .held
        .iter()
        .map(|held| (held.sealed(&keys), held.name.clone()));
    let kind = Kind::from_code(typed.get("kind")).unwrap_or(Kind::Information);
    let offered = async |tx: &mut Tx| store::list::addressees_by_government(tx, kind).await;
    Ok(ApplyPage {
        shell,
        kind,
        governments: app.db.read(offered).await?,
        held: held.collect(),
        typed,
        errors,
    })
}

/// A page of the form, which its own browser may keep: going back finds it as it was, with what was typed, and asks nobody
/// to send it again. Each page is the answer to the one before, for nothing of it is kept here and no address may hold it;
/// nobody between may keep it, and [`handed_in`] lets the browser forget it. It is never fresh, so that whoever begins anew gets
/// a new form; `no-cache` would say that too, but over HTTPS some browsers show no such page again when going back.
fn kept(mut answer: Response) -> Response {
    let private = HeaderValue::from_static("private, max-age=0");
    answer.headers_mut().insert(header::CACHE_CONTROL, private);
    answer
}

/// To the receipt. What the browser kept of the form is done with: it may be a computer that many use.
///
/// Law: 个人信息保护法 art. 6, 51.
fn handed_in(app: &App, token: &str) -> Response {
    let mut answer = Redirect::to(&format!("/requests/receipt/{token}")).into_response();
    // Browsers listen to this on encrypted ways alone, and complain of it on others.
    if app.site.secure {
        let cache = HeaderValue::from_static("\"cache\"");
        answer.headers_mut().insert("clear-site-data", cache);
    }
    answer
}

/// `GET /requests/new`: a form with its own hidden number.
pub(super) async fn blank(
    State(app): State<App>,
    shell: Shell,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut typed = Typed::default();
    let kind = Kind::from_code(&wanted.kind).unwrap_or(Kind::Information);
    // A site's own organ is chosen already; the applicant may choose another one.
    let of_site = shell.face.organ.filter(|_| wanted.organ.is_empty());
    let organ = of_site.map_or(wanted.organ, |organ| organ.to_string());
    for (name, value) in [
        ("token", Uuid::new_v4().to_string()),
        ("kind", kind.code().to_owned()),
        ("channel", "web".to_owned()),
        ("applicant_kind", "natural".to_owned()),
        ("paper", "居民身份证".to_owned()),
        ("form", "electronic".to_owned()),
        ("way", "web".to_owned()),
        ("organ", organ),
        ("subject", wanted.subject),
        (
            "step",
            if wanted.guided.is_empty() { "" } else { "1" }.to_owned(),
        ),
    ] {
        typed.set(name, value);
    }
    page(&form_page(&app, shell, typed, FormErrors::default()).await?).map(kept)
}

/// `POST /requests/new`: back from the check to the form, with everything typed.
pub(super) async fn mend(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let keys = keys(&app).await?;
    let mut typed = Typed::of_pairs(pairs, &keys);
    // Whoever comes back sees everything at once.
    typed.set("step", "");
    page(&form_page(&app, shell, typed, FormErrors::default()).await?).map(kept)
}

#[derive(Template)]
#[template(path = "requests/check.html")]
struct CheckPage {
    shell: Shell,
    form: Handed,
    organ_name: String,
    typed: Typed,
    held: Vec<(String, String)>,
}

/// Only what an applicant may say over the net.
fn as_applicant(typed: &mut Typed, app: &App) {
    typed.set("channel", "web");
    typed.set("submitted_on", app.today().to_string());
    for name in [
        "signed_on",
        "arrived_on",
        "confirmed_on",
        "set_on",
        "set_why",
        "late_why",
        "other_number",
    ] {
        typed.set(name, "");
    }
}

/// `POST /requests/check`: everything on one page before it is handed in; before that, once, what is public already.
pub(super) async fn check(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let mut filled = Filled::read(multipart).await?;
    let keys = keys(&app).await?;
    let mut errors = FormErrors::default();
    let mut typed = Typed::of_filled(&filled);
    typed.hold(filled.all("held"), &keys);
    let new = filled.attachments(&app, None, &mut errors).await?;
    typed.held.extend(Held::of_new(&new));
    as_applicant(&mut typed, &app);
    if let Some(turned) = turned(&mut typed, (filled.text("go"), &errors), &app) {
        let page_ = form_page(&app, shell, typed, turned).await?;
        let answer = if page_.errors.is_empty() {
            page(&page_)
        } else {
            refuse(&page_)
        };
        return answer.map(kept);
    }
    let form = typed.form(&mut errors);
    if let (Some(form), true) = (form, errors.is_empty()) {
        let mut reasons = form.why_not(app.today());
        reasons.extend(proof_fault(&app, &form, &typed).await?);
        let organ_name = organs(&app, form.kind)
            .await?
            .into_iter()
            .find(|(id, _)| *id == form.organ)
            .map(|(_, name)| name);
        if let (true, Some(organ_name)) = (reasons.is_empty(), organ_name) {
            let held: Vec<(String, String)> = typed
                .held
                .iter()
                .map(|held| (held.sealed(&keys), held.name.clone()))
                .collect();
            if let Some(step) = offer::step(&app, (&shell, client), &typed, &held).await? {
                return Ok(kept(step));
            }
            return page(&CheckPage {
                shell,
                form,
                organ_name,
                held,
                typed,
            })
            .map(kept);
        }
        errors = form_errors(reasons);
    }
    if let Some(step) = Step::of(&typed) {
        typed.set("step", step.with_fault(&errors).to_string());
    }
    refuse(&form_page(&app, shell, typed, errors).await?).map(kept)
}

/// What the organ wants to come with an application over the net, and is not there.
async fn proof_fault(
    app: &App,
    form: &Handed,
    typed: &Typed,
) -> Result<Option<Reason>, StoreError> {
    let (organ, kind) = (form.organ, form.kind);
    let asked = async |tx: &mut Tx| store::list::addressee_with(tx, organ, kind).await;
    let found = app.db.read(asked).await?;
    Ok(found.and_then(|(_, proof)| proof.fault(kind, !typed.held.is_empty())))
}

/// Before the last page of the guided form, or where another page is asked for: that page, with the faults of this one;
/// `None` when everything is to be checked.
fn turned(typed: &mut Typed, (go, files): (&str, &FormErrors), app: &App) -> Option<FormErrors> {
    let turn = Turn::of(go);
    let step = Step::of(typed);
    match (turn, step) {
        (Turn::Long, _) => {
            typed.set("step", "");
            return Some(FormErrors::default());
        }
        (Turn::Guided, None) => {
            typed.set("step", "1");
            return Some(FormErrors::default());
        }
        (Turn::Back, Some(step)) => {
            typed.set("step", step.before().to_string());
            return Some(FormErrors::default());
        }
        (Turn::On | Turn::Back | Turn::Guided, _) => {}
    }
    let step = step.filter(|step| !step.is_last())?;
    let mut errors = FormErrors::default();
    if let Some(form) = typed.form(&mut errors) {
        errors = form_errors(form.why_not(app.today()));
    }
    let mut own = step.own(&errors);
    for (field, message) in files.iter() {
        own.add(field, message);
    }
    if own.is_empty() {
        if step.fields().contains(&"applicant_kind") {
            typed.fit_paper();
        }
        typed.set("step", (step.number() + 1).to_string());
    }
    Some(own)
}

/// `POST /requests/submit`: acknowledged when it is stored durably; twice is once.
pub(super) async fn submit(
    State(app): State<App>,
    shell: Shell,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let keys = keys(&app).await?;
    let mut typed = Typed::of_pairs(pairs, &keys);
    as_applicant(&mut typed, &app);
    let mut errors = FormErrors::default();
    let Some(form) = typed.form(&mut errors) else {
        return refuse(&form_page(&app, shell, typed, errors).await?).map(kept);
    };
    let (files, token) = (typed.files(&app).await?, form.token.to_string());
    let (today, calendar) = (app.today(), app.calendar());
    let done = app
        .db
        .write(async |tx: &mut Tx| {
            let handed = submit::submit(tx, form, files, (today, &calendar)).await;
            match handed.map_err(Twice::Error)? {
                // A write without an event is none: it ends here.
                (_, true) => Err(Twice::There),
                (case, false) => Ok(case),
            }
        })
        .await;
    match done {
        Ok(_) | Err(Twice::There) => Ok(handed_in(&app, &token)),
        // Two at the same moment: the other one was stored.
        Err(Twice::Store(error)) if error.is_duplicate() => Ok(handed_in(&app, &token)),
        Err(Twice::Error(NotDone::Store(error))) if error.is_duplicate() => {
            Ok(handed_in(&app, &token))
        }
        Err(Twice::Error(NotDone::Refused(reasons))) => {
            refuse(&form_page(&app, shell, typed, form_errors(reasons)).await?).map(kept)
        }
        Err(Twice::Error(error)) => Err(error.into()),
        Err(Twice::Store(error)) => Err(error.into()),
    }
}

/// A submission that ends without a new case.
#[derive(Debug)]
enum Twice {
    There,
    Error(NotDone),
    Store(StoreError),
}

impl From<StoreError> for Twice {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

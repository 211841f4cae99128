//! 进度: number and code open a case; supplement, reasons, payment proof and withdrawal are handed in here.

mod guess;
pub(super) mod opinion;
pub(super) mod paper;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Filled, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, ClientAddress, CountedDays, Form, FormErrors, Problem, Query, Shell, day, download, page,
};
use serde::Deserialize;

use super::apply::keys;
use super::refuse;
use crate::id::RequestId;
use crate::letter::Letter;
use crate::request::Kind;
use crate::request::case::Case;
use crate::request::clock::Shown;
use crate::request::handle;
use crate::request::handle::hand_in::{self, Comes, PROOF_IS_IN};
use crate::request::reply::Reply;
use crate::request::state::{Act, Who};
use crate::request::step::Step;
use crate::request::store;
use crate::request::submit::{REPLY, SUBJECT};
use gongkai_platform::fault::{NotDone, form_errors};
use guess::Guesser;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    number: String,
    code: String,
    /// The attachment or paper to fetch.
    file: String,
    format: String,
}

#[derive(Template)]
#[template(path = "requests/ask.html")]
struct AskPage {
    shell: Shell,
    number: String,
    errors: FormErrors,
    /// A third party answers here.
    opinion: bool,
}

/// `GET /requests/progress`
pub(super) async fn ask(shell: Shell, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    page(&AskPage {
        shell,
        number: asked.number,
        errors: FormErrors::default(),
        opinion: false,
    })
}

/// The case, when the code is right. Whether the number is wrong or the code, the answer is the same, and so is the work.
async fn opened(
    app: &App,
    client: ClientAddress,
    number: &str,
    code: &str,
) -> Result<Option<Case>, Problem> {
    let keys = keys(app).await?;
    let guesser = Guesser::of(client, "progress", number);
    let case = guesser.case(app, number).await?;
    let nobody = RequestId::new(uuid::Uuid::nil());
    let id = case.as_ref().map_or(nobody, |case| case.request.id);
    let right = keys.is_code(id, code) && case.is_some();
    if !right {
        guesser.missed(app).await?;
    }
    Ok(case.filter(|_| right))
}

fn wrong(shell: Shell, number: String, opinion: bool) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    errors.add(
        "number",
        "编号或查询码不对，请对照回执核对；查询码不分大小写。",
    );
    refuse(&AskPage {
        shell,
        number,
        errors,
        opinion,
    })
}

#[derive(Template)]
#[template(path = "requests/progress.html")]
struct ProgressPage {
    shell: Shell,
    case: Case,
    code: String,
    shown: Shown,
    /// The days of the clock for the eye; the list below has each with its reason.
    drawn: CountedDays,
    acts: Vec<Act>,
    files: Vec<Attachment>,
    replies: Vec<Attachment>,
    papers: Vec<Letter>,
    /// Number and code of each part that was split off: it is the same applicant's.
    parts: Vec<(String, String)>,
    /// Would a supplement of today begin the count anew?
    restarts: bool,
    has_pdf: bool,
    /// What was typed into a form that was refused: its act and its text.
    typed: (String, String),
    errors: FormErrors,
    done: Option<&'static str>,
}

impl ProgressPage {
    fn day(&self, date: &gongkai_basis::Date) -> String {
        day(*date)
    }

    fn may(&self, code: &str) -> bool {
        self.acts.iter().any(|act| act.code() == code)
    }

    fn asked(&self, act: &str, name: &str) -> String {
        let entry = Act::from_code(act).and_then(|act| self.case.last(act));
        entry
            .and_then(|entry| entry.data.get(name)?.as_str())
            .unwrap_or_default()
            .to_owned()
    }

    /// The last day that an act has set.
    fn until(&self, act: &str) -> String {
        let set = self.asked(act, "until").parse();
        set.map_or_else(|_| String::new(), day)
    }

    /// A complaint that was answered before its answer was a paper: the page says it.
    fn has_no_paper(&self, reply: &Reply) -> bool {
        let paper = reply.letter();
        self.case.request.kind == Kind::Complaint
            && self.papers.iter().all(|letter| letter.kind != paper)
    }

    /// The last day for payment, as far as it is known when the notice arrived.
    fn pay_by(&self) -> String {
        self.case.pay_by().map_or_else(String::new, day)
    }

    /// Has the applicant sent in a proof of payment since the fee was asked for?
    fn proof_is_in(&self) -> bool {
        let entries = self.case.entries.iter().rev();
        entries
            .take_while(|entry| entry.act != Some(Act::Charge))
            .any(|entry| entry.public == PROOF_IS_IN)
    }

    /// What was typed for this act, when the form comes back.
    fn text(&self, act: &str) -> &str {
        if self.typed.0 == act {
            &self.typed.1
        } else {
            ""
        }
    }

    /// What was typed into a form that was refused and that the page has no longer: the case went on meanwhile.
    fn unsent(&self) -> Option<&str> {
        let (act, text) = &self.typed;
        let is_gone = !text.trim().is_empty() && !self.may(act);
        is_gone.then_some(text.as_str())
    }

    fn after_supplement(&self) -> &'static str {
        if self.restarts && !self.case.request.kind.is_timed_by_law() {
            "提交后从收到补正之日起重新计算本机关办理期限。"
        } else if self.restarts {
            "提交后从收到补正之日起重新计算20个工作日（条例第30条）。"
        } else {
            "提交后，重新办理的答复期限不变。"
        }
    }

    /// What is to be paid, in yuan.
    fn yuan(&self) -> Option<u64> {
        self.case.last(Act::Charge)?.data.get("yuan")?.as_u64()
    }

    fn is_answered(&self) -> bool {
        self.case.request.replied_on.is_some()
    }
}

async fn progress_page(
    app: &App,
    shell: Shell,
    (case, code): (Case, String),
    (errors, done): (FormErrors, Option<&'static str>),
) -> Result<ProgressPage, Problem> {
    let keys = keys(app).await?;
    let subject = case.request.id.to_string();
    let (files, replies, papers, parts) = app
        .db
        .read(async |tx: &mut Tx| {
            let files = attachment::of(tx, (SUBJECT, &subject)).await?;
            let replies = attachment::of(tx, (REPLY, &subject)).await?;
            let papers = paper::of(tx, &case).await?;
            let parts = store::ids_of(tx, case.parts()).await?;
            Ok::<_, StoreError>((files, replies, papers, parts))
        })
        .await?;
    let answered = case.request.replied_on.is_some();
    let (today, calendar) = (app.today(), app.calendar());
    let shown = case.shown(today, &calendar);
    let zero = shown.base.unwrap_or(today);
    Ok(ProgressPage {
        shell,
        code,
        drawn: CountedDays::of(&calendar, zero, &shown.days, shown.due_on),
        shown,
        acts: Act::open_to(case.request.state, &[Who::Applicant])
            .into_iter()
            .filter(|act| case.why_closed(*act, &[Who::Applicant]).is_none())
            .collect(),
        restarts: case.restarts(app.today()),
        // A reply's papers are the applicant's from the day it is sent.
        replies: if answered { replies } else { Vec::new() },
        files,
        papers,
        parts: parts
            .into_iter()
            .map(|(number, id)| (number, keys.code(id)))
            .collect(),
        has_pdf: app.printer.is_some(),
        typed: (String::new(), String::new()),
        case,
        errors,
        done,
    })
}

/// `POST /requests/progress`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    match opened(&app, client, &asked.number, &asked.code).await? {
        None => wrong(shell, asked.number, false),
        Some(case) => {
            let nothing = (FormErrors::default(), None);
            page(&progress_page(&app, shell, (case, asked.code), nothing).await?)
        }
    }
}

/// `POST /requests/progress/act`
pub(super) async fn act(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    multipart: Multipart,
) -> Result<Response, Problem> {
    let mut filled = Filled::read(multipart).await?;
    let (number, code) = (
        filled.text("number").to_owned(),
        filled.text("code").to_owned(),
    );
    let Some(case) = opened(&app, client, &number, &code).await? else {
        return wrong(shell, number, false);
    };
    let text = filled.text("text").to_owned();
    let typed = (filled.text("act").to_owned(), text.clone());
    let today = app.today();
    let (step, done) = match filled.text("act") {
        "supplement" => {
            let said = after_supplement_said(&case, today);
            (Step::Supplement { text, on: today }, said)
        }
        "give_reasons" => (Step::GiveReasons { text }, "您说明的理由已收到。"),
        "withdraw" => (Step::Withdraw { why: text }, "申请已撤回。"),
        "pay_proof" => return paid(&app, shell, (case, code), &mut filled).await,
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let mut errors = FormErrors::default();
    let files = filled.attachments(&app, None, &mut errors).await?;
    if errors.is_empty() {
        let calendar = app.calendar();
        let kept = app
            .db
            .write(async |tx: &mut Tx| {
                let what = (step.clone(), files.clone());
                handle::applicant(tx, case.clone(), what, (today, &calendar)).await
            })
            .await;
        // Pressed twice, or sent once more by a reload: it is there already, but for another file.
        let missed = matches!(
            kept,
            Err(NotDone::Refused(_) | NotDone::Store(StoreError::Stale))
        );
        let kept = if missed && has_done(&app, client, (&number, &code), &step).await? {
            let more = (Comes::After(step.act().name()), files);
            let kept = further(&app, &number, more).await;
            kept.map(|(case, new)| (case, if new { FURTHER } else { done }))
        } else {
            kept.map(|case| (case, done))
        };
        match kept {
            Ok((case, done)) => {
                let said = (FormErrors::default(), Some(done));
                return page(&progress_page(&app, shell, (case, code), said).await?);
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(NotDone::Store(StoreError::Stale)) => errors.add("text", OVERTAKEN),
            Err(error) => return Err(error.into()),
        }
    }
    // As it stands now: what refuses it may have happened since the form was opened.
    let now = opened(&app, client, &number, &code).await?;
    let of = (now.unwrap_or(case), code);
    let mut shown = progress_page(&app, shell, of, (errors, None)).await?;
    shown.typed = typed;
    refuse(&shown)
}

/// What an applicant reads who has handed in the 补正 on a day.
fn after_supplement_said(case: &Case, on: Date) -> &'static str {
    match (case.restarts(on), case.request.kind.is_timed_by_law()) {
        (true, true) => "补正已收到，答复期限从今天起重新计算。",
        (true, false) => "补正已收到，本机关办理期限从今天起重新计算。",
        (false, true) => "补正已收到，重新办理的答复期限不变。",
        (false, false) => "补正已收到，重新办理的本机关办理期限不变。",
    }
}

const OVERTAKEN: &str =
    "刚才有人正在办理这件申请，没有提交；您填写的都在下面，请看过现在的情况再提交一次。";

const FURTHER: &str = "您以前提交的已收到，没有重复登记；这次选的文件已另行保存，工作机构会看到。";

async fn has_done(
    app: &App,
    client: ClientAddress,
    (number, code): (&str, &str),
    step: &Step,
) -> Result<bool, Problem> {
    let now = opened(app, client, number, code).await?;
    Ok(now.is_some_and(|now| now.has_done(step)))
}

/// Keeps those of the files that are not there yet; `false`: all of them were. Who calls has proved a code.
async fn further(
    app: &App,
    number: &str,
    (comes, files): (Comes, Vec<New>),
) -> Result<(Case, bool), NotDone> {
    let today = app.today();
    let mut tries = 0;
    loop {
        let (case, fresh) = app
            .db
            .read(async |tx: &mut Tx| {
                let case = store::by_number(tx, number).await?;
                let case = case.ok_or(NotDone::NotFound)?;
                let fresh = hand_in::fresh(tx, &case, (&comes, &files)).await?;
                Ok::<_, NotDone>((case, fresh))
            })
            .await?;
        if fresh.is_empty() {
            return Ok((case, false));
        }
        let kept = app
            .db
            .write(async |tx: &mut Tx| hand_in::take(tx, case, (&comes, fresh), today).await)
            .await;
        match kept {
            // Somebody did something with the case meanwhile, perhaps this very thing.
            Err(NotDone::Store(StoreError::Stale)) if tries == 0 => tries += 1,
            kept => return kept.map(|case| (case, true)),
        }
    }
}

/// A proof of payment: the desk confirms the payment itself.
async fn paid(
    app: &App,
    shell: Shell,
    (case, code): (Case, String),
    filled: &mut Filled,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    let files = filled.attachments(app, None, &mut errors).await?;
    if files.is_empty() && errors.is_empty() {
        errors.add("file", "请选择缴费凭证文件。");
    }
    if !errors.is_empty() {
        return refuse(&progress_page(app, shell, (case, code), (errors, None)).await?);
    }
    match further(app, &case.request.number, (Comes::Proof, files)).await {
        Ok((case, new)) => {
            let said = if new {
                "缴费凭证已收到，工作机构核对后继续办理。"
            } else {
                "这份凭证以前已经收到，没有重复保存；工作机构核对后继续办理。"
            };
            let said = (FormErrors::default(), Some(said));
            page(&progress_page(app, shell, (case, code), said).await?)
        }
        Err(NotDone::Refused(reasons)) => {
            let said = (form_errors(reasons), None);
            refuse(&progress_page(app, shell, (case, code), said).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /requests/progress/file`: one's own files, and those of the reply once it is sent.
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let Some(case) = opened(&app, client, &asked.number, &asked.code).await? else {
        return wrong(shell, asked.number, false);
    };
    let id: AttachmentId = asked.file.parse().map_err(|_| Problem::not_found())?;
    let subject = case.request.id.to_string();
    let answered = case.request.replied_on.is_some();
    let stored = app
        .db
        .read(async |tx: &mut Tx| {
            let own = attachment::file(tx, (SUBJECT, &subject), id).await?;
            match own {
                Some(own) => Ok(Some(own)),
                None if answered => attachment::file(tx, (REPLY, &subject), id).await,
                None => Ok(None),
            }
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    download::stored(&app, stored).await
}

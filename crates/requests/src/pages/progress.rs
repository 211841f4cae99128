//! 进度: number and code open a case; supplement, reasons, payment proof and withdrawal are handed in here, and third parties
//! answer. Wrong codes are counted by address.

pub(super) mod paper;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_platform::attachment::{self, Attachment, AttachmentId, Filled};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, ClientAddress, Form, FormErrors, Problem, Query, Shell, day, download, hash_token, page,
};
use serde::Deserialize;

use super::apply::keys;
use super::refuse;
use crate::id::RequestId;
use crate::key::store as guesses;
use crate::letter::Letter;
use crate::request::case::{Case, Consultation, Opinion};
use crate::request::clock::Shown;
use crate::request::handle::{self, PROOF_IS_IN};
use crate::request::state::{Act, Who};
use crate::request::step::Step;
use crate::request::store;
use crate::request::submit::{REPLY, SUBJECT};
use gongkai_platform::fault::{NotDone, form_errors};

/// Wrong codes that one address may try for one number in [`GUESS_WINDOW_MILLISECONDS`].
const GUESSES_MAX: i64 = 10;
/// Wrong codes that one address may try for all numbers: a hall or an office stands behind one.
const GUESSES_OF_ADDRESS_MAX: i64 = 100;
/// 15 minutes.
const GUESS_WINDOW_MILLISECONDS: i64 = 15 * 60 * 1000;

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

/// Who tries codes of one number. Wrong ones count for the number and the address together, so that nobody is kept from
/// their own case by others behind the same address; a larger number of them counts for the address alone.
struct Guesser {
    here: String,
    address: String,
}

impl Guesser {
    fn of(client: ClientAddress, what: &str, number: &str) -> Self {
        let address = client.0.to_string();
        Self {
            here: hash_token(&format!("{address}|{what}|{}", number.trim())),
            address: hash_token(&address),
        }
    }

    /// The case of the number.
    ///
    /// # Errors
    /// Too many wrong codes of late.
    async fn case(&self, app: &App, number: &str) -> Result<Option<Case>, Problem> {
        let now = app.db.now().as_millisecond();
        let since = now - GUESS_WINDOW_MILLISECONDS;
        let (case, here, address) = app
            .db
            .read(async |tx: &mut Tx| {
                let here = guesses::full_since(tx, &self.here, (since, GUESSES_MAX)).await?;
                let most = (since, GUESSES_OF_ADDRESS_MAX);
                let address = guesses::full_since(tx, &self.address, most).await?;
                let case = store::by_number(tx, number.trim()).await?;
                Ok::<_, StoreError>((case, here, address))
            })
            .await?;
        let Some(full) = here.max(address) else {
            return Ok(case);
        };
        let wait = full + GUESS_WINDOW_MILLISECONDS - now;
        let minutes = (wait.max(1) + 59_999) / 60_000;
        Err(Problem::new(Problem::TOO_MANY).detail(if address.is_some() {
            format!("这个网络地址输错查询码的次数过多，所有编号请{minutes}分钟后再试；别的网络不受影响。")
        } else {
            format!("这个编号在这个网络地址输错查询码的次数过多，请{minutes}分钟后再试；别的编号、别的网络不受影响。")
        }))
    }

    async fn missed(&self, app: &App) -> Result<(), Problem> {
        let since = app.db.now().as_millisecond() - GUESS_WINDOW_MILLISECONDS;
        Ok(app
            .db
            .upkeep(async |tx: &mut Tx| {
                guesses::note_guess(tx, [&self.here, &self.address], since).await
            })
            .await?)
    }
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
    acts: Vec<Act>,
    files: Vec<Attachment>,
    replies: Vec<Attachment>,
    papers: Vec<Letter>,
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
    let subject = case.request.id.to_string();
    let (files, replies, papers) = app
        .db
        .read(async |tx: &mut Tx| {
            let files = attachment::of(tx, (SUBJECT, &subject)).await?;
            let replies = attachment::of(tx, (REPLY, &subject)).await?;
            let papers = paper::of(tx, &case).await?;
            Ok::<_, StoreError>((files, replies, papers))
        })
        .await?;
    let answered = case.request.replied_on.is_some();
    Ok(ProgressPage {
        shell,
        code,
        shown: case.shown(app.today(), &app.calendar()),
        acts: Act::open_to(case.request.state, &[Who::Applicant]),
        // A reply's papers are the applicant's from the day it is sent.
        replies: if answered { replies } else { Vec::new() },
        files,
        papers,
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
        "supplement" => (
            Step::Supplement { text, on: today },
            "补正已收到，答复期限从今天起重新计算。",
        ),
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
                let what = (step.clone(), files);
                handle::applicant(tx, case.clone(), what, (today, &calendar)).await
            })
            .await;
        // Pressed twice, or sent once more by a reload: it is there already.
        let kept = match kept {
            Err(NotDone::Refused(_) | NotDone::Store(StoreError::Stale)) => {
                let now = opened(&app, client, &number, &code).await?;
                now.filter(|now| now.has_done(&step)).map_or(kept, Ok)
            }
            kept => kept,
        };
        match kept {
            Ok(case) => {
                let said = (FormErrors::default(), Some(done));
                return page(&progress_page(&app, shell, (case, code), said).await?);
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    let mut shown = progress_page(&app, shell, (case, code), (errors, None)).await?;
    shown.typed = typed;
    refuse(&shown)
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
    let today = app.today();
    let kept = app
        .db
        .write(async |tx: &mut Tx| handle::payment_proof(tx, case.clone(), files, today).await)
        .await;
    match kept {
        Ok(case) => {
            let said = "缴费凭证已收到，工作机构核对后继续办理。";
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

/// `GET /requests/opinion`
pub(super) async fn opinion_ask(
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&AskPage {
        shell,
        number: asked.number,
        errors: FormErrors::default(),
        opinion: true,
    })
}

#[derive(Template)]
#[template(path = "requests/opinion.html")]
struct OpinionPage {
    shell: Shell,
    number: String,
    organ_name: String,
    code: String,
    letter: Consultation,
    /// What was answered, also when it comes back refused.
    opinion: Option<Opinion>,
    words: String,
    errors: FormErrors,
    done: bool,
}

impl OpinionPage {
    fn day(&self, date: &gongkai_basis::Date) -> String {
        day(*date)
    }

    fn is(&self, code: &str) -> bool {
        self.opinion.is_some_and(|opinion| opinion.code() == code)
    }

    /// Sent once more by a reload: it is there already.
    fn is_given(&self) -> bool {
        let same = self.letter.opinion == self.opinion && self.letter.words == self.words;
        self.opinion.is_some() && !self.letter.is_open() && same
    }
}

const NO_CHOICE: &str = "请选择“同意公开”或者“不同意公开”。";

/// `POST /requests/opinion`: a third party reads its letter, and answers it with the second button.
pub(super) async fn opinion(
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
    let Some((case, letter)) = letter_of(&app, client, &number, &code).await? else {
        return wrong(shell, number, true);
    };
    let mut shown = OpinionPage {
        shell,
        number,
        organ_name: case.request.organ_name.clone(),
        code,
        letter,
        opinion: Opinion::from_code(filled.text("opinion")),
        words: filled.text("words").to_owned(),
        errors: FormErrors::default(),
        done: false,
    };
    if shown.is_given() {
        shown.done = true;
        return page(&shown);
    }
    let Some(opinion) = shown.opinion else {
        // Opened to be read; with the form's mark it was sent without a choice.
        if filled.text("answers").is_empty() {
            return page(&shown);
        }
        shown.errors.add("opinion", NO_CHOICE);
        return refuse(&shown);
    };
    let files = filled.attachments(&app, None, &mut shown.errors).await?;
    let step = Step::Opinion {
        of: shown.letter.id,
        opinion,
        words: shown.words.clone(),
        on: app.today(),
    };
    if shown.errors.is_empty() {
        let (today, calendar) = (app.today(), app.calendar());
        let kept = app
            .db
            .write(async |tx: &mut Tx| {
                handle::third_party(
                    tx,
                    case,
                    &shown.letter.name,
                    (step, files),
                    (today, &calendar),
                )
                .await
            })
            .await;
        match kept {
            Ok(_) => {
                shown.done = true;
                return page(&shown);
            }
            Err(NotDone::Refused(reasons)) => shown.errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&shown)
}

/// The letter that a code belongs to; tried codes are counted like an applicant's.
async fn letter_of(
    app: &App,
    client: ClientAddress,
    number: &str,
    code: &str,
) -> Result<Option<(Case, Consultation)>, Problem> {
    let keys = keys(app).await?;
    let guesser = Guesser::of(client, "opinion", number);
    let case = guesser.case(app, number).await?;
    let found = case.and_then(|case| {
        let letter = case
            .consultations
            .iter()
            .find(|letter| keys.is_opinion_code(letter.id, code))?
            .clone();
        Some((case, letter))
    });
    if found.is_none() {
        guesser.missed(app).await?;
    }
    Ok(found)
}

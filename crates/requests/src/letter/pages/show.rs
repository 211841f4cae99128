//! One letter: how it reads, what is wrong with it, the next step, its files.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::{Act as _, HeldRole, Permit};
use gongkai_platform::audit::{self, Recorded};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Form, Problem, Query, Shell, day, moment, page, redirect_with};
use serde::Deserialize;

use super::{Preview, fetch};
use crate::acts::{IssueLetters, SetLetters, TakeRequests, ViewLetters, WriteLetters};
use crate::key::{self, Keys};
use crate::letter::compose::{self, Head};
use crate::letter::door::{self, Door};
use crate::letter::lint::{self, Fault, Weight};
use crate::letter::profile::Profile;
use crate::letter::{Letter, LetterId, LetterState, LetterStep, handle, store, tie};
use crate::publication;
use crate::reach;
use crate::request::state::Act;
use gongkai_platform::fault::NotDone;

const EVENTS_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "letter/show.html")]
struct ShowPage {
    shell: Shell,
    letter: Letter,
    preview: Preview,
    faults: Vec<Fault>,
    events: Vec<Recorded>,
    is_drafter: bool,
    may_write: bool,
    may_issue: bool,
    has_pdf: bool,
    /// A reply under review: its case's acts move it.
    with_case: bool,
    /// It gave its applicant something: may all have it? Nobody has decided yet.
    asks_publication: bool,
    /// Who checks it, in words.
    waits_for: String,
    /// Why the form that somebody asked for is not there.
    closed: &'static str,
}

impl ShowPage {
    /// What leaves with this letter.
    fn act(&self) -> Option<&'static str> {
        let act = tie::act(self.letter.kind).filter(|_| !self.letter.case_id.is_empty());
        act.map(Act::name)
    }

    fn can(&self, code: &str) -> bool {
        LetterStep::from_code(code).is_some_and(|step| self.letter.state.after(step).is_some())
    }

    fn is_open(&self) -> bool {
        !matches!(self.letter.state, LetterState::Issued | LetterState::Void)
    }

    fn stops(&self) -> Vec<&Fault> {
        let stops = |fault: &&Fault| fault.weight == Weight::Stop;
        self.faults.iter().filter(stops).collect()
    }

    fn looks(&self) -> Vec<&Fault> {
        let looks = |fault: &&Fault| fault.weight == Weight::Look;
        self.faults.iter().filter(looks).collect()
    }

    fn may_leave(&self) -> bool {
        lint::may_leave(&self.faults)
    }

    fn at(&self, milliseconds: &i64) -> String {
        moment(*milliseconds)
    }

    fn issued(&self) -> String {
        self.letter.issued_on.map_or_else(String::new, day)
    }

    /// Where this person mends a fault: a blank of the form, or the organ's data.
    fn place(&self, fault: &Fault) -> Option<String> {
        if self.letter.kind.template().blank(&fault.place).is_some() {
            let there = format!(
                "/workspace/requests/letters/{}/amend#{}",
                self.letter.id, fault.place
            );
            return Some(there).filter(|_| self.may_write && self.can("amend"));
        }
        let settings = format!(
            "/workspace/requests/letters/settings?organ={}",
            self.letter.organ
        );
        Some(settings).filter(|_| fault.place == "remedy" && self.shell.may(&SetLetters::ROW))
    }
}

/// The roles by which a person issues letters: those who write are among them.
fn writer(shell: &Shell) -> Vec<HeldRole> {
    let person = shell.person.as_ref();
    let permit = person.and_then(|person| person.permit::<IssueLetters>());
    permit.map_or_else(Vec::new, |permit| permit.roles().to_vec())
}

/// The way over the net that a letter prints, for those who hand it on: whoever holds its code answers for its reader.
async fn opened(
    tx: &mut Tx,
    writer: &[HeldRole],
    letter: &Letter,
    door: (&str, &Keys),
) -> Result<Option<Door>, StoreError> {
    let own = reach::handled(tx, writer).await?;
    match store::load(tx, &own, letter.id).await? {
        Some(_) => door::of(tx, letter, door).await,
        None => Ok(None),
    }
}

pub(super) fn paper(letter: &Letter, (profile, door): (&Profile, Option<&Door>)) -> Preview {
    let head = Head {
        organ: &letter.organ_name,
        profile,
        number: letter.number.as_deref().unwrap_or_default(),
        dated: letter.issued_on,
        served: letter.served,
        door,
    };
    Preview {
        letter: compose::letter(letter.kind, &letter.facts, &head),
    }
}

/// `GET /workspace/requests/letters/{id}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLetters>,
    Path(id): Path<LetterId>,
) -> Result<Response, Problem> {
    read_only(&app, shell, &permit, (id, "")).await
}

/// A letter to read, with why it cannot be amended where somebody wanted to.
pub(super) async fn read_only(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewLetters>,
    (id, closed): (LetterId, &'static str),
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let writer = writer(&shell);
    let keys = key::held(app).await?;
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen_answered(tx, permit.roles()).await?;
            let Some(letter) = store::load(tx, &scope, id).await? else {
                return Ok::<_, NotDone>(None);
            };
            let (profile, faults) = handle::faults(tx, &letter, (today, &calendar)).await?;
            let with_case = tie::handle::goes_with_case(tx, &letter).await?;
            let events = audit::about(tx, "letter", &id.to_string(), EVENTS_MAX).await?;
            let own = reach::handled(tx, &writer).await?;
            let is_own = store::load(tx, &own, id).await?.is_some();
            let asks = is_own && asks_publication(tx, &letter).await?;
            let waits_for = handle::waits_for(tx, &letter).await?;
            let door = opened(tx, &writer, &letter, (&app.site.url, &keys)).await?;
            let state = (is_own, with_case, asks, waits_for, door);
            Ok(Some((letter, profile, faults, events, state)))
        })
        .await?;
    let (letter, profile, faults, events, state) = found.ok_or_else(Problem::not_found)?;
    let (is_own, with_case, asks, waits_for, door) = state;
    let person = shell.person.as_ref();
    let may_write =
        is_own && person.is_some_and(|person| person.permit::<WriteLetters>().is_some());
    let may_issue =
        is_own && person.is_some_and(|person| person.permit::<IssueLetters>().is_some());
    let is_drafter = letter.drafter.is_some() && letter.drafter == permit.actor().account();
    page(&ShowPage {
        asks_publication: asks && shell.may(&TakeRequests::ROW),
        preview: paper(&letter, (&profile, door.as_ref())),
        shell,
        letter,
        faults,
        events,
        is_drafter,
        may_write,
        may_issue,
        has_pdf: app.printer.is_some(),
        with_case,
        waits_for,
        closed,
    })
}

pub(super) async fn with_case(tx: &mut Tx, letter: &Letter) -> Result<WithCase, NotDone> {
    let goes = tie::handle::goes_with_case(tx, letter).await?;
    Ok(if goes { WithCase::Yes } else { WithCase::No })
}

/// Why a letter cannot be amended now; `None` for a draft.
pub(super) fn why_closed(letter: &Letter, goes: WithCase) -> Option<&'static str> {
    Some(match (letter.state, goes) {
        (LetterState::Draft, _) => return None,
        (LetterState::Checking, WithCase::Yes) => {
            "文书正在随案件审查审签，不能修改，内容没有变动。要改的，请审查、审签的人在案卷里“退回重拟”，退回以后再修改。"
        }
        (LetterState::Checking, WithCase::No) => {
            "文书正在等同事复核，不能修改，内容没有变动。要改的，先在下面“退回修改”，退回以后再修改。"
        }
        (LetterState::Checked, WithCase::Yes) => {
            "文书已经审签，不能修改，内容没有变动。要改的，请审签的人在案卷里“退回重拟”，退回以后再修改。"
        }
        (LetterState::Checked, WithCase::No) => {
            "文书已经复核通过，不能修改，内容没有变动。要改的，先在下面“退回修改”，退回以后再修改。"
        }
        (LetterState::Issued, _) => {
            "文书已经发出，不能修改，内容没有变动。写错的，另发一份文书更正。"
        }
        (LetterState::Void, _) => "文书已经作废，不能修改。要发的，请重新拟写。",
    })
}

/// Does a letter move with the acts of its case?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithCase {
    Yes,
    No,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    format: String,
}

/// `GET /workspace/requests/letters/{id}/file?format=docx`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewLetters>,
    Path(id): Path<LetterId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let writer = writer(&shell);
    let keys = key::held(&app).await?;
    let (letter, profile, door) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen_answered(tx, permit.roles()).await?;
            let Some(letter) = store::load(tx, &scope, id).await? else {
                return Ok::<_, StoreError>(None);
            };
            let profile = store::profile(tx, letter.organ).await?;
            let door = opened(tx, &writer, &letter, (&app.site.url, &keys)).await?;
            Ok(Some((letter, profile, door)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    fetch(&app, &letter, (&profile, door.as_ref()), &wanted.format).await
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Step {
    version: i64,
    step: String,
    note: String,
}

/// Did the letter leave with content whose publication nobody has decided about?
async fn asks_publication(tx: &mut Tx, letter: &Letter) -> Result<bool, StoreError> {
    if letter.state != LetterState::Issued || !tie::is_reply(letter.kind) {
        return Ok(false);
    }
    match handle::case_of(tx, &letter.case_id, letter.organ).await? {
        Some(case) => publication::is_asked(tx, &case).await,
        None => Ok(false),
    }
}

fn back(letter: &Letter, sentence: &str) -> Response {
    redirect_with(
        &format!("/workspace/requests/letters/{}", letter.id),
        sentence,
    )
}

/// `POST /workspace/requests/letters/{id}/submit`
pub(super) async fn submit(
    State(app): State<App>,
    permit: Permit<WriteLetters>,
    Path(id): Path<LetterId>,
    Form(form): Form<Step>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let letter = app
        .db
        .write(async |tx: &mut Tx| {
            let of = (id, form.version);
            handle::submit(tx, &permit, of, (today, &calendar)).await
        })
        .await?;
    let sentence = if tie::is_reply(letter.kind) && !letter.case_id.is_empty() {
        "已送审，案件同时记入拟定答复。"
    } else {
        "已送复核，请同事复核。"
    };
    Ok(back(&letter, sentence))
}

/// `POST /workspace/requests/letters/{id}/decide`
pub(super) async fn decide(
    State(app): State<App>,
    permit: Permit<WriteLetters>,
    Path(id): Path<LetterId>,
    Form(form): Form<Step>,
) -> Result<Response, Problem> {
    let step = LetterStep::from_code(&form.step)
        .filter(|step| matches!(step, LetterStep::Pass | LetterStep::Return))
        .ok_or_else(|| Problem::new(Problem::BAD_REQUEST))?;
    let letter = app
        .db
        .write(async |tx: &mut Tx| {
            handle::decide(tx, &permit, (id, form.version), (step, form.note.trim())).await
        })
        .await?;
    let sentence = if step == LetterStep::Pass {
        "复核通过，可以编号发出。"
    } else {
        "已退回拟稿人修改。"
    };
    Ok(back(&letter, sentence))
}

/// `POST /workspace/requests/letters/{id}/issue`
pub(super) async fn issue(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<IssueLetters>,
    Path(id): Path<LetterId>,
    Form(form): Form<Step>,
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let (letter, asks) = app
        .db
        .write(async |tx: &mut Tx| {
            let of = (id, form.version);
            let letter = handle::issue(tx, &permit, of, (today, &calendar)).await?;
            let asks = asks_publication(tx, &letter).await?;
            Ok::<_, NotDone>((letter, asks))
        })
        .await?;
    let sentence = letter.number.as_ref().map_or_else(
        || "已办结这份表单。".to_owned(),
        |number| format!("已编号{number}，请下载打印、用印、送达。"),
    );
    if asks && shell.may(&TakeRequests::ROW) {
        // A release leads on to the question whether all may have it.
        let ask = format!("/workspace/requests/{}/publication", letter.case_id);
        return Ok(redirect_with(&ask, &sentence));
    }
    Ok(back(&letter, &sentence))
}

/// `POST /workspace/requests/letters/{id}/discard`
pub(super) async fn discard(
    State(app): State<App>,
    permit: Permit<WriteLetters>,
    Path(id): Path<LetterId>,
    Form(form): Form<Step>,
) -> Result<Response, Problem> {
    let letter = app
        .db
        .write(async |tx: &mut Tx| {
            handle::discard(tx, &permit, (id, form.version), form.note.trim()).await
        })
        .await?;
    Ok(back(&letter, "已作废，内容和原因都留有记录。"))
}

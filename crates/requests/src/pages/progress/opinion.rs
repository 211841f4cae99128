//! A third party or a co-making organ reads its letter here and answers it.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_platform::attachment::{Filled, New};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::web::{App, ClientAddress, FormErrors, Problem, Query, Shell, day, page};

use super::guess::Guesser;
use super::{AskPage, Asked, further, wrong};
use crate::pages::apply::keys;
use crate::pages::refuse;
use crate::request::case::{Case, Consultation, Opinion};
use crate::request::handle;
use crate::request::handle::hand_in::Comes;
use crate::request::step::Step;

/// `GET /requests/opinion`
pub(in crate::pages) async fn ask(
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
    /// Files that came after the answer were kept.
    further: bool,
    /// Since when it is waited for no more: then its code opens nothing, for it may have gone to somebody whom it is not for.
    stopped: Option<Date>,
}

impl OpinionPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// What was typed into a form that is there no longer.
    fn unsent(&self) -> Option<&str> {
        let words = self.words.trim();
        (self.stopped.is_some() && !words.is_empty()).then_some(words)
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

const NO_CHOICE: &str = "请选择“同意公开”“部分同意公开”或者“不同意公开”。";

/// `POST /requests/opinion`: a third party reads its letter, and answers it with the second button.
pub(in crate::pages) async fn answer(
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
        stopped: case.stopped(letter.id).map(|stopped| stopped.on),
        number,
        organ_name: case.request.organ_name.clone(),
        code,
        letter,
        opinion: Opinion::from_code(filled.text("opinion")),
        words: filled.text("words").to_owned(),
        errors: FormErrors::default(),
        done: false,
        further: false,
    };
    if shown.stopped.is_some() {
        return no_more(&shown, filled.text("answers"));
    }
    if shown.is_given() {
        let files = filled.attachments(&app, None, &mut shown.errors).await?;
        return given(&app, shown, files).await;
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
    if !shown.errors.is_empty() {
        return refuse(&shown);
    }
    sent((&app, client), shown, (case, step, files)).await
}

/// The answer is kept, unless it is there already.
async fn sent(
    (app, client): (&App, ClientAddress),
    mut shown: OpinionPage,
    (case, step, files): (Case, Step, Vec<New>),
) -> Result<Response, Problem> {
    let (today, calendar) = (app.today(), app.calendar());
    let name = shown.letter.name.clone();
    let kept = app
        .db
        .write(async |tx: &mut Tx| {
            let what = (step, files.clone());
            handle::third_party(tx, case, &name, what, (today, &calendar)).await
        })
        .await;
    match kept {
        Ok(_) => {
            shown.done = true;
            return page(&shown);
        }
        Err(NotDone::Refused(reasons)) => shown.errors = form_errors(reasons),
        Err(NotDone::Store(StoreError::Stale)) => shown.errors.add("words", OVERTAKEN),
        Err(error) => return Err(error.into()),
    }
    // Pressed twice at once: the other one was kept.
    if let Some((case, now)) = letter_of(app, client, &shown.number, &shown.code).await? {
        shown.stopped = case.stopped(now.id).map(|stopped| stopped.on);
        shown.letter = now;
    }
    if shown.stopped.is_some() {
        return no_more(&shown, "yes");
    }
    if shown.is_given() {
        shown.errors = FormErrors::default();
        return given(app, shown, files).await;
    }
    refuse(&shown)
}

/// A letter that is waited for no more says so, and takes nothing.
fn no_more(shown: &OpinionPage, answers: &str) -> Result<Response, Problem> {
    if answers.is_empty() {
        page(shown)
    } else {
        refuse(shown)
    }
}

const OVERTAKEN: &str =
    "刚才有人正在办理这件申请，没有提交；您填写的都在下面，请再点一次“提交答复”。";

/// The same answer once more: it is there already, but for another file.
async fn given(app: &App, mut shown: OpinionPage, files: Vec<New>) -> Result<Response, Problem> {
    if shown.errors.is_empty() {
        let comes = Comes::AfterAnswer(shown.letter.name.clone());
        match further(app, &shown.number, (comes, files)).await {
            Ok((_, new)) => {
                shown.done = true;
                shown.further = new;
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

//! The papers that left for the applicant: listed with the progress, and fetched with the same number and code.

use axum::extract::State;
use axum::response::Response;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, ClientAddress, Form, Problem, Shell};

use super::{Asked, opened, wrong};
use crate::key;
use crate::letter::pages as letters;
use crate::letter::template::Audience;
use crate::letter::{Letter, LetterState, door, store, tie};
use crate::request::case::Case;

/// Is it the applicant's to read? What stays in the file, or went to others, is not.
fn is_theirs(letter: &Letter) -> bool {
    letter.state == LetterState::Issued && letter.kind.template().to == Audience::Applicant
}

/// Every paper of the case that left for its applicant, oldest first.
pub(super) async fn of(tx: &mut Tx, case: &Case) -> Result<Vec<Letter>, StoreError> {
    let mut papers = tie::handle::of(tx, case).await?;
    papers.retain(is_theirs);
    Ok(papers)
}

/// `POST /requests/progress/letter`: one of them, as `docx` or `pdf`.
pub(in crate::pages) async fn fetch(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let Some(case) = opened(&app, client, &asked.number, &asked.code).await? else {
        return wrong(shell, asked.number, false);
    };
    let keys = key::held(&app).await?;
    let (letter, profile, door) = app
        .db
        .read(async |tx: &mut Tx| {
            let papers = of(tx, &case).await?;
            let wanted = papers
                .into_iter()
                .find(|one| one.id.to_string() == asked.file);
            let Some(letter) = wanted else {
                return Ok::<_, StoreError>(None);
            };
            let profile = store::profile(tx, letter.organ).await?;
            // With number and code of the case its applicant reads its own.
            let door = door::of(tx, &letter, (&app.site.url, &keys)).await?;
            Ok(Some((letter, profile, door)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    letters::fetch(&app, &letter, (&profile, door.as_ref()), &asked.format).await
}

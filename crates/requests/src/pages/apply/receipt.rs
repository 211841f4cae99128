//! What an applicant takes away: the receipt and how its signature is verified, the form on paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, Shell, moment, page};
use serde::Deserialize;

use super::keys;
use crate::id::FormToken;
use crate::key::{self, Keys};
use crate::request::case::Case;
use crate::request::store;

#[derive(Template)]
#[template(path = "requests/receipt.html")]
struct ReceiptPage {
    shell: Shell,
    case: Case,
    code: String,
    receipt: String,
    token: FormToken,
}

/// The receipt's case and its words.
async fn receipt_of(app: &App, token: FormToken) -> Result<(Case, Keys, String), Problem> {
    let keys = keys(app).await?;
    let case = app
        .db
        .read(async |tx: &mut Tx| store::by_token(tx, token).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let receipt = keys.receipt(&case.request, &moment(case.request.submitted_at));
    Ok((case, keys, receipt))
}

/// `GET /requests/receipt/{token}`
pub(in crate::pages) async fn receipt(
    State(app): State<App>,
    shell: Shell,
    Path(token): Path<FormToken>,
) -> Result<Response, Problem> {
    let (case, keys, receipt) = receipt_of(&app, token).await?;
    page(&ReceiptPage {
        shell,
        code: keys.code(case.request.id),
        case,
        receipt,
        token,
    })
}

/// `GET /requests/receipt/{token}/text`
pub(in crate::pages) async fn receipt_text(
    State(app): State<App>,
    Path(token): Path<FormToken>,
) -> Result<Response, Problem> {
    let (case, _, receipt) = receipt_of(&app, token).await?;
    let name = format!("申请回执{}.txt", case.request.number);
    let media_type = "text/plain; charset=utf-8";
    Ok(gongkai_platform::web::download::attachment(
        &name,
        media_type,
        receipt.into_bytes(),
    ))
}

#[derive(Template)]
#[template(path = "requests/paper.html")]
struct PaperPage {
    shell: Shell,
}

/// `GET /requests/form`: 申请表, to print and fill in by hand.
pub(in crate::pages) async fn paper(shell: Shell) -> Result<Response, Problem> {
    page(&PaperPage { shell })
}

#[derive(Template)]
#[template(path = "requests/key.html")]
struct KeyPage {
    shell: Shell,
    public: String,
    pem: String,
    text: String,
    verdict: Option<bool>,
}

/// `GET /requests/key`: the public key, and how a receipt is verified.
pub(in crate::pages) async fn key(
    State(app): State<App>,
    shell: Shell,
    headers: axum::http::HeaderMap,
) -> Result<Response, Problem> {
    let keys = keys(&app).await?;
    let wants_pem = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("application/x-pem-file"));
    if wants_pem {
        return Ok((
            [(header::CONTENT_TYPE, "application/x-pem-file")],
            keys.public_pem(),
        )
            .into_response());
    }
    page(&KeyPage {
        shell,
        public: keys.public_hex(),
        pem: keys.public_pem(),
        text: String::new(),
        verdict: None,
    })
}

/// `GET /requests/key.pem`: the public key as a file.
pub(in crate::pages) async fn key_file(State(app): State<App>) -> Result<Response, Problem> {
    let pem = keys(&app).await?.public_pem();
    Ok(gongkai_platform::web::download::attachment(
        "key.pem",
        "application/x-pem-file",
        pem.into_bytes(),
    ))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Pasted {
    text: String,
}

/// `POST /requests/key`: does this receipt carry our signature?
pub(in crate::pages) async fn verify(
    State(app): State<App>,
    shell: Shell,
    Form(pasted): Form<Pasted>,
) -> Result<Response, Problem> {
    let keys = keys(&app).await?;
    let public = keys.public_hex();
    page(&KeyPage {
        shell,
        verdict: Some(key::verifies(&pasted.text, &public)),
        pem: keys.public_pem(),
        public,
        text: pasted.text,
    })
}

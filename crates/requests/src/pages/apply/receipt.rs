//! What an applicant takes away: the receipt and how its signature is verified, the form on paper.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use gongkai_basis::Date;
use gongkai_platform::db::Tx;
use gongkai_platform::web::{App, Form, Problem, ProblemRow, Shell, day, moment, page};
use serde::Deserialize;

use super::keys;
use crate::id::FormToken;
use crate::key::{self, Keys};
use crate::request::case::Case;
use crate::request::step::registration;
use crate::request::store;

#[derive(Template)]
#[template(path = "requests/receipt.html")]
struct ReceiptPage {
    shell: Shell,
    case: Case,
    code: String,
    /// Or the day since which none can be made.
    receipt: Result<String, Date>,
    token: FormToken,
    /// Can the content still be fetched?
    has_content: bool,
}

impl ReceiptPage {
    fn hours(&self) -> i64 {
        key::CONTENT_HOURS
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }
}

/// The content of a case goes out for some hours only, and never in part.
fn is_fresh(app: &App, case: &Case) -> bool {
    const MILLISECONDS: i64 = 3_600_000;
    let age = app.db.now().as_millisecond() - case.request.submitted_at;
    age < key::CONTENT_HOURS * MILLISECONDS && case.request.kept.gone_on().is_none()
}

/// What a receipt's hash is made of was erased: another one would say something else of the same number.
const GONE: ProblemRow = ProblemRow {
    code: "receipt-gone",
    status: 410,
    title: "回执不能再打印",
    safe: "以前下载的回执仍然有效，可以核验；申请的办理情况和答复没有变化。",
    advice: "要证明提交过申请的，请用以前下载的回执；没有保存的，请联系受理机关，写明申请编号。",
};

/// The receipt's case and its words, or the day since which there are none.
async fn receipt_of(
    app: &App,
    token: FormToken,
) -> Result<(Case, Keys, Result<String, Date>), Problem> {
    let keys = keys(app).await?;
    let case = app
        .db
        .read(async |tx: &mut Tx| store::by_token(tx, token).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    // The same words as ever: a second receipt of one number bears no other hash.
    let request = registration::handed_in(&case);
    let receipt = keys.receipt(&request, &moment(request.submitted_at));
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
        has_content: is_fresh(&app, &case),
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
    let receipt = receipt.map_err(|on| {
        let on = day(on);
        Problem::new(GONE).detail(format!("保存期满，申请人的个人信息已于{on}清除。"))
    })?;
    let name = format!("申请回执{}.txt", case.request.number);
    let media_type = "text/plain; charset=utf-8";
    Ok(gongkai_platform::web::download::attachment(
        &name,
        media_type,
        receipt.into_bytes(),
    ))
}

/// `GET /requests/receipt/{token}/content`: what was handed in, as the receipt's hash is made of it.
pub(in crate::pages) async fn content(
    State(app): State<App>,
    Path(token): Path<FormToken>,
) -> Result<Response, Problem> {
    let (case, _, _) = receipt_of(&app, token).await?;
    if !is_fresh(&app, &case) {
        return Err(Problem::not_found());
    }
    let name = key::content_file(&case.request.number);
    let bytes = key::content(&registration::handed_in(&case)).into_bytes();
    Ok(gongkai_platform::web::download::attachment(
        &name,
        "text/plain; charset=utf-8",
        bytes,
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
    pasted: Pasted,
    verdict: Option<bool>,
    /// Is the pasted content the receipt's?
    same: Option<bool>,
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
        pasted: Pasted::default(),
        verdict: None,
        same: None,
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
    content: String,
}

/// `POST /requests/key`: does this receipt carry our signature, and is it about this content?
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
        same: Some(&pasted.content)
            .filter(|content| !content.trim().is_empty())
            .map(|content| key::is_content(&pasted.text, content)),
        pem: keys.public_pem(),
        public,
        pasted,
    })
}

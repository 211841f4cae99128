//! What is public already, for somebody who applies: while typing, as a step before the check, followed, and enough.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use gongkai_platform::portal::Face;
use gongkai_platform::web::{App, ClientAddress, Form, Problem, Query, Shell, page};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::offer::limit::Limit;
use crate::offer::tally::{Happened, count};
use crate::offer::{self, Offer, of_key};
use crate::request::Kind;

use super::typed::Typed;

/// Says which offers this browser followed, by the beginnings of hashes; nothing of the person.
const COOKIE: &str = "gk_offers";
const COOKIE_SECONDS: u32 = 86_400;
/// Marks in the cookie at most.
const FOLLOWED_MAX: usize = 20;
const MARK_CHARS: usize = 10;

fn mark(offer: &Offer) -> String {
    let hash = hex::encode(Sha256::digest(offer.key().as_bytes()));
    hash.chars().take(MARK_CHARS).collect()
}

fn followed(headers: &HeaderMap) -> Vec<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .flat_map(|(_, marks)| marks.split('.'))
        .filter(|mark| mark.len() == MARK_CHARS && mark.chars().all(|c| c.is_ascii_hexdigit()))
        .take(FOLLOWED_MAX)
        .map(str::to_owned)
        .collect()
}

/// The browser's marks from now on.
fn remember(app: &App, response: &mut Response, marks: &[String]) {
    let secure = if app.site.secure { "; Secure" } else { "" };
    let line = format!(
        "{COOKIE}={}; Path=/requests; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}",
        marks.join(".")
    );
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// May this address look once more?
fn lets(app: &App, client: ClientAddress) -> bool {
    let now = app.db.now().as_millisecond();
    app.memory::<Limit>().lets(client.0, now)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    subject: String,
    description: String,
    /// Keys of what this page shows already: shown once, counted once.
    seen: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    key: String,
    title: String,
    note: String,
    link: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    offers: Vec<Shown>,
}

/// `POST /requests/offers`: for what has been typed so far. A form and no address, so that nobody's words stand in a log.
pub(super) async fn typed(
    State(app): State<App>,
    face: Face,
    client: ClientAddress,
    Form(asked): Form<Asked>,
) -> Result<Json<Answer>, Problem> {
    if !lets(&app, client) {
        return Err(Problem::new(Problem::TOO_MANY));
    }
    let text = offer::wanted(asked.subject.trim(), asked.description.trim());
    let offers = offer::find(&app, &face.scope, &text).await?;
    for offer in &offers {
        if !asked.seen.split(' ').any(|key| key == offer.key()) {
            count(&app, offer, Happened::Shown);
        }
    }
    let shown = offers.into_iter().map(|offer| Shown {
        link: link(&offer),
        note: offer.note(),
        key: offer.key(),
        title: offer.title,
    });
    Ok(Json(Answer {
        offers: shown.collect(),
    }))
}

/// Where an offer is followed.
fn link(offer: &Offer) -> String {
    let address = gongkai_platform::web::address("/requests/offers/open", &[("of", &offer.key())]);
    address.trim_end_matches('&').to_owned()
}

#[derive(Template)]
#[template(path = "requests/offers.html")]
struct StepPage {
    shell: Shell,
    offers: Vec<Offer>,
    typed: Typed,
    held: Vec<(String, String)>,
}

impl StepPage {
    fn link(&self, offer: &Offer) -> String {
        link(offer)
    }
}

/// The step before the check, where there is something to show: once for a form, and only for information.
pub(super) async fn step(
    app: &App,
    (shell, client): (&Shell, ClientAddress),
    typed: &Typed,
    held: &[(String, String)],
) -> Result<Option<Response>, Problem> {
    let wanted = Kind::from_code(typed.get("kind")) == Some(Kind::Information);
    if !wanted || !typed.get("offered").is_empty() || !lets(app, client) {
        return Ok(None);
    }
    let text = offer::wanted(typed.get("subject"), typed.get("description"));
    let offers = offer::find(app, &shell.face.scope, &text).await?;
    if offers.is_empty() {
        return Ok(None);
    }
    for offer in &offers {
        count(app, offer, Happened::Shown);
    }
    let mut typed = typed.clone();
    typed.set("offered", "1");
    let step = StepPage {
        shell: shell.clone(),
        offers,
        typed,
        held: held.to_vec(),
    };
    Ok(Some(page(&step)?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Of {
    of: String,
}

async fn offered(app: &App, face: &Face, of: &str) -> Result<Offer, Problem> {
    let of = of_key(of).ok_or_else(Problem::not_found)?;
    let found = offer::open(app, &face.scope, of).await?;
    found.ok_or_else(Problem::not_found)
}

/// `GET /requests/offers/open?of=`: to the record itself. Only what is public now can be named, so it leads nowhere else.
pub(super) async fn open(
    State(app): State<App>,
    face: Face,
    client: ClientAddress,
    headers: HeaderMap,
    Query(of): Query<Of>,
) -> Result<Response, Problem> {
    let offer = offered(&app, &face, &of.of).await?;
    let (mut marks, own) = (followed(&headers), mark(&offer));
    let mut response = Redirect::to(&offer.path).into_response();
    if !marks.contains(&own) {
        if lets(&app, client) {
            count(&app, &offer, Happened::Clicked);
        }
        marks.insert(0, own);
        marks.truncate(FOLLOWED_MAX);
        remember(&app, &mut response, &marks);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "requests/found.html")]
struct FoundPage {
    shell: Shell,
    offer: Offer,
    link: String,
    /// Followed before it was said to be enough.
    followed: bool,
}

/// `POST /requests/offers/found`: 已找到，不再申请. Counted once, and only for somebody who had opened it.
pub(super) async fn found(
    State(app): State<App>,
    shell: Shell,
    client: ClientAddress,
    headers: HeaderMap,
    Form(of): Form<Of>,
) -> Result<Response, Problem> {
    let offer = offered(&app, &shell.face, &of.of).await?;
    let (mut marks, own) = (followed(&headers), mark(&offer));
    let followed = marks.contains(&own);
    if followed && lets(&app, client) {
        count(&app, &offer, Happened::Avoided);
    }
    let mut response = page(&FoundPage {
        shell,
        link: link(&offer),
        offer,
        followed,
    })?;
    if followed {
        marks.retain(|mark| *mark != own);
        remember(&app, &mut response, &marks);
    }
    Ok(response)
}

//! 开放接口: what the public reads, for programs of others. JSON that a page of any site may fetch, with a tag, at a pace.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::app::App;
use super::layers::ClientAddress;
use super::pace::Pace;
use super::problem::Problem;
use super::tag;

/// All its addresses begin so; what goes wrong there is told as JSON, too.
pub(super) const OPEN: &str = "/api/";
/// What one address may ask in a minute.
pub const OPEN_ASKS_MAX: u32 = 120;

#[derive(Debug, Default)]
struct Readers(Pace);

/// Somebody who asks no oftener than [`OPEN_ASKS_MAX`]; handlers of the interface take one.
#[derive(Debug, Clone, Copy)]
pub struct OpenReader;

impl FromRequestParts<App> for OpenReader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let client = ClientAddress::from_request_parts(parts, app).await?;
        let now = app.db.now().as_millisecond();
        let readers = app.memory::<Readers>();
        if readers.0.lets(client.0, now, OPEN_ASKS_MAX) {
            return Ok(Self);
        }
        let limit = format!("每个地址每分钟最多读取{OPEN_ASKS_MAX}次，请一分钟后继续。");
        Err(Problem::new(Problem::TOO_MANY).detail(limit))
    }
}

/// The data as JSON with a tag of its bytes, or nothing where the reader has them already.
///
/// # Errors
/// When the data have no JSON form, which is a programmer's mistake.
pub fn open_json(asked: &HeaderMap, data: &impl Serialize) -> Result<Response, Problem> {
    let bytes = serde_json::to_vec(data).map_err(|error| {
        tracing::error!(%error, "open data cannot be written");
        Problem::new(Problem::INTERNAL)
    })?;
    let tag = tag::of(&bytes);
    // Kept by whoever likes, and asked for each time: what was withdrawn is gone at once.
    let ask = (header::CACHE_CONTROL, "no-cache".to_owned());
    if tag::is_known(asked, &tag) {
        return Ok(([ask], tag::not_modified(&tag)).into_response());
    }
    let kind = "application/json; charset=utf-8".to_owned();
    let headers = [ask, (header::CONTENT_TYPE, kind), (header::ETAG, tag)];
    Ok((headers, bytes).into_response())
}

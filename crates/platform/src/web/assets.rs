//! Style sheets and scripts, embedded; their address carries a hash, so they may be kept for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for name in Assets::iter() {
        if let Some(file) = Assets::get(&name) {
            hasher.update(&*file.data);
        }
    }
    hex::encode(hasher.finalize()).chars().take(12).collect()
});

/// What stands in the assets' addresses: changes when any of them does.
#[must_use]
pub fn asset_version() -> &'static str {
    &VERSION
}

/// `GET /assets/{version}/{name}`
///
/// # Errors
/// Not found.
pub async fn asset(Path((_version, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let file = Assets::get(&name).ok_or_else(Problem::not_found)?;
    let media_type = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, file.data.into_owned()).into_response())
}

//! Style sheets and scripts, embedded; their address carries a hash, so they may be kept for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// What `front` fetched from npm; nothing where it was not built.
#[derive(RustEmbed)]
#[folder = "../../front/dist/web/"]
#[allow_missing = true]
struct Fetched;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for name in Assets::iter().chain(Fetched::iter()) {
        if let Some(file) = find(&name) {
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

fn find(name: &str) -> Option<EmbeddedFile> {
    Assets::get(name).or_else(|| Fetched::get(name))
}

/// The names of all files in the binary.
#[must_use]
pub fn asset_names() -> Vec<String> {
    Assets::iter()
        .chain(Fetched::iter())
        .map(String::from)
        .collect()
}

/// Is this file in the binary? Those from npm may be absent.
#[must_use]
pub fn has_asset(name: &str) -> bool {
    find(name).is_some()
}

/// `GET /assets/{version}/{name}`
///
/// # Errors
/// Not found.
pub async fn asset(Path((_version, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let file = find(&name).ok_or_else(Problem::not_found)?;
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

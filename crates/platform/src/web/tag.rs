//! Tags of answers: whoever has the same one already is told so instead of being sent it again (RFC 9110, 8.8.3 and 13.1.2).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

/// Letters of a tag that is made of bytes.
const LETTERS: usize = 32;

/// The tag of these bytes.
pub(super) fn of(bytes: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(bytes));
    format!("\"{}\"", hash.get(..LETTERS).unwrap_or(&hash))
}

/// Does the reader have what this tag names? Any of a list counts, and `W/` makes no difference: proxies write it before
/// the tag of what they compressed.
#[must_use]
pub fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let lines = asked.get_all(header::IF_NONE_MATCH).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(bare)
        .any(|known| known == "*" || known == bare(tag))
}

/// 304: the reader has it.
#[must_use]
pub fn not_modified(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::is_known;

    #[test]
    fn a_tag_is_known_weakly_in_a_list_and_by_a_star() {
        for (asked, known) in [
            (&["\"a-1\""] as &[&str], true),
            (&["W/\"a-1\""], true),
            (&["\"b\", W/\"a-1\""], true),
            (&["\"b\"", "\"a-1\""], true),
            (&["*"], true),
            (&["\"a-2\""], false),
            (&["a-1"], false),
            (&[""], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in asked {
                headers.append("if-none-match", HeaderValue::from_str(line).unwrap());
            }
            assert_eq!(is_known(&headers, "\"a-1\""), known, "{asked:?}");
        }
    }
}

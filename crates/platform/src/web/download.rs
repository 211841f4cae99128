//! Files on their way out: always as a download, under their Chinese name.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{App, Problem};
use crate::db::{StoreError, Tx};
use crate::files::{Stored, hash_of, withheld};

/// What RFC 5987 lets stand unencoded.
const ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const PDF: &str = "application/pdf";
pub const CSV: &str = "text/csv; charset=utf-8";
pub const JSON: &str = "application/json; charset=utf-8";

/// A download. Old programs that read no `filename*` get a plain name with the same ending.
#[must_use]
pub fn attachment(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let ending: String = name
        .rsplit_once('.')
        .map(|(_, ending)| {
            ending
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .take(8)
                .collect()
        })
        .unwrap_or_default();
    let plain = if ending.is_empty() {
        "download".to_owned()
    } else {
        format!("download.{ending}")
    };
    let disposition = format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
        utf8_percent_encode(name, ATTR_CHAR)
    );
    (
        [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ],
        bytes,
    )
        .into_response()
}

/// A stored file as a download.
///
/// # Errors
/// When the file was taken down, or its bytes cannot be read.
pub async fn stored(app: &App, file: Stored) -> Result<Response, Problem> {
    let taken_down = app
        .db
        .read(async |tx: &mut Tx| withheld::reason(tx, file.id).await)
        .await?;
    if let Some(reason) = taken_down {
        return Err(Problem::new(Problem::WITHHELD).detail(format!("撤下说明：{reason}")));
    }
    let (files, sha256) = (app.files.clone(), file.sha256.clone());
    let bytes = off_thread(move || {
        let bytes = files.get(&sha256)?;
        // What was registered, reviewed and sealed goes out, or nothing does.
        Ok::<_, StoreError>((hash_of(&bytes) == sha256).then_some(bytes))
    })
    .await??;
    let Some(bytes) = bytes else {
        tracing::error!(file = %file.sha256, "a stored file is not what its hash says");
        return Err(Problem::new(Problem::DAMAGED).detail(format!("文件：{}", file.name)));
    };
    Ok(attachment(&file.name, &file.media_type, bytes))
}

/// A stored picture, shown in a page. Its bytes were cleaned before they were kept, and it can do nothing by itself.
///
/// # Errors
/// When it was taken down, or its bytes cannot be read.
pub async fn picture(app: &App, file: Stored) -> Result<Response, Problem> {
    let media_type = match file.media_type.as_str() {
        "image/png" => "image/png",
        "image/jpeg" => "image/jpeg",
        _ => return Err(Problem::not_found()),
    };
    let mut response = stored(app, file).await?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("inline"),
    );
    Ok(response)
}

/// Runs what blocks where it may.
///
/// # Errors
/// When the work panicked.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "blocking work did not end");
        Problem::new(Problem::INTERNAL)
    })
}

#[cfg(test)]
mod tests {
    use super::attachment;
    use axum::http::header;

    #[test]
    fn names_are_encoded_and_cannot_break_out() {
        let response = attachment("台账\"\r\n.xlsx", "x/y", Vec::new());
        assert_eq!(
            response.headers()[header::CONTENT_DISPOSITION],
            "attachment; filename=\"download.xlsx\"; filename*=UTF-8''%E5%8F%B0%E8%B4%A6%22%0D%0A.xlsx"
        );
    }
}

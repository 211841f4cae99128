//! An official letter on its way out, as DOCX or PDF.

use axum::response::Response;
use gongkai_office::form::letter::Letter;
use gongkai_platform::web::download::{self, attachment, off_thread};
use gongkai_platform::web::{App, Problem};

use crate::pages::NO_PRINTER;

/// A download named like this; `format` is `docx` or `pdf`.
pub(crate) async fn download(
    app: &App,
    letter: Letter,
    name: &str,
    format: &str,
) -> Result<Response, Problem> {
    let today = app.today();
    let printer = app.printer.clone();
    let (bytes, media_type) = match format {
        "docx" => (
            off_thread(move || letter.docx().map_err(|error| error.to_string())).await?,
            download::DOCX,
        ),
        "pdf" => {
            let printer = printer.ok_or_else(|| Problem::new(NO_PRINTER))?;
            let made = off_thread(move || {
                printer
                    .pdf("letter", &letter.typeset_data(), today)
                    .map_err(|error| error.to_string())
            })
            .await?;
            (made, download::PDF)
        }
        _ => return Err(Problem::new(Problem::BAD_REQUEST)),
    };
    let bytes = bytes.map_err(|sentence| Problem::refused(vec![sentence]))?;
    Ok(attachment(&format!("{name}.{format}"), media_type, bytes))
}

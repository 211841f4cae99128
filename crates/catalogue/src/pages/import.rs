//! A catalogue as a file or pasted.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, redirect_with};

use super::refuse;
use crate::acts::KeepCatalogue;
use crate::entry::import::{self, FILE_BYTES_MAX, Fault, PROBLEMS_SHOWN, Row};
use gongkai_platform::organ::reach::{self, Reach};

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage {
    shell: Shell,
    units: Vec<(OrganId, String)>,
    organ: String,
    pasted: String,
    errors: FormErrors,
    faults: Vec<Fault>,
    more_faults: usize,
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<KeepCatalogue>,
) -> Result<ImportPage, Problem> {
    let units = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            reach::store::units(tx, &within).await
        })
        .await?;
    Ok(ImportPage {
        shell,
        units,
        organ: String::new(),
        pasted: String::new(),
        errors: FormErrors::default(),
        faults: Vec::new(),
        more_faults: 0,
    })
}

/// `GET /workspace/catalogue/import`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
) -> Result<Response, Problem> {
    page(&build(&app, shell, &permit).await?)
}

#[derive(Default)]
struct Sent {
    organ: String,
    pasted: String,
    bytes: Vec<u8>,
}

async fn receive(mut parts: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        let too_large = error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(if too_large {
            Problem::TOO_LARGE
        } else {
            Problem::BAD_REQUEST
        })
    };
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "organ" => sent.organ = part.text().await.map_err(unreadable)?,
            "pasted" => sent.pasted = part.text().await.map_err(unreadable)?,
            "file" => sent.bytes = part.bytes().await.map_err(unreadable)?.to_vec(),
            _ => {}
        }
    }
    Ok(sent)
}

/// The rows of what was sent, a file read in the child process; or a sentence.
async fn rows_of(app: &App, sent: &Sent) -> Result<Result<Vec<Row>, String>, Problem> {
    if sent.bytes.is_empty() {
        if sent.pasted.trim().is_empty() {
            return Ok(Err("请选择目录文件，或者粘贴表格。".to_owned()));
        }
        return Ok(import::read(&[import::pasted(&sent.pasted)]));
    }
    if sent.bytes.len() > FILE_BYTES_MAX {
        return Ok(Err("文件太大，目录文件最大10MB。".to_owned()));
    }
    let bytes = sent.bytes.clone();
    let kept = tokio::task::spawn_blocking(move || {
        let mut kept = tempfile::NamedTempFile::new()?;
        std::io::Write::write_all(&mut kept, &bytes)?;
        Ok(kept)
    });
    let kept: std::io::Result<_> = kept.await.unwrap_or_else(|end| Err(end.into()));
    let kept = kept.map_err(StoreError::File)?;
    Ok(match app.sandbox.sheets(kept.path().to_owned()).await {
        Ok(sheets) => import::read(&sheets),
        Err(refused) => Err(refused.0),
    })
}

/// `POST /workspace/catalogue/import`
pub(super) async fn import(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let sent = receive(parts).await?;
    let read = rows_of(&app, &sent).await?;
    let organ: Result<OrganId, _> = sent.organ.parse();
    let mut again = build(&app, shell, &permit).await?;
    let rows = match read {
        Ok(rows) => rows,
        Err(sentence) => {
            again.errors.add("file", sentence);
            Vec::new()
        }
    };
    if organ.is_err() {
        again.errors.add("organ", "请选择单位。");
    }
    let mut faults = import::faults(&rows);
    let (Ok(organ), true, true) = (organ, again.errors.is_empty(), faults.is_empty()) else {
        again.more_faults = faults.len().saturating_sub(PROBLEMS_SHOWN);
        faults.truncate(PROBLEMS_SHOWN);
        again.faults = faults;
        again.organ = sent.organ;
        again.pasted = sent.pasted;
        return refuse(&again);
    };
    let today = app.today();
    let n = app
        .db
        .write(async |tx: &mut Tx| import::take_over(tx, &permit, organ, &rows, today).await)
        .await?;
    let target = format!("/workspace/catalogue?organ={organ}");
    Ok(redirect_with(&target, &format!("已导入目录{n}条。")))
}

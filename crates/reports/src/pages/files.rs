//! A report as a file.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_office::form::annual::Annual as Sheet;
use gongkai_platform::access::Permit;
use gongkai_platform::db::Tx;
use gongkai_platform::files as kept;
use gongkai_platform::web::download::{DOCX, JSON, PDF, XLSX, attachment, off_thread, stored};
use gongkai_platform::web::{App, Problem, ProblemRow, civil_day};

use crate::acts::ViewReports;
use crate::annual::{Annual, store};
use crate::export;
use crate::id::AnnualId;
use crate::state;
use gongkai_platform::organ::reach::Reach;

/// `GET /workspace/reports/{id}/file/docx`
pub(super) async fn file(
    State(app): State<App>,
    permit: Permit<ViewReports>,
    Path((id, format)): Path<(AnnualId, String)>,
) -> Result<Response, Problem> {
    let annual = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            store::load(tx, &within, id).await
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    made(&app, annual, &format).await
}

/// The day under the report: of its publication, else none.
fn dated(annual: &Annual) -> Option<Date> {
    let at = annual.published_at?;
    jiff::Timestamp::from_millisecond(at).ok().map(civil_day)
}

/// The file that a report was taken in from.
pub(super) const ORIGINAL: &str = "original";

const HTML: &str = "text/html; charset=utf-8";

const NO_PRINTER: ProblemRow = ProblemRow {
    code: "report-no-printer",
    status: 501,
    title: "这个版本不带PDF",
    safe: "年度报告没有受影响。",
    advice: "请下载Word文件，用办公软件另存为PDF；或请系统管理员换用带PDF的版本。",
};

/// The report as a page of its own, without this system around it.
#[derive(Template)]
#[template(path = "reports/file.html")]
struct FilePage {
    sheet: Sheet,
}

/// Stands below a draft instead of a day. It begins as the marks do that [`crate::check::marks`] finds in a file.
const DRAFT: &str = "【草稿：还在编写，没有公布】";

/// What stands in the way of a file that this system makes.
const TRIAL: &str =
    "这份报告按2019年的试行格式编制，本系统不另外生成文件，请下载当时公布的原文件。";

/// The file that the report was taken in from, as it came.
async fn original(app: &App, annual: &Annual) -> Result<Response, Problem> {
    let id = annual.original.ok_or_else(Problem::not_found)?;
    let file = app
        .db
        .read(async |tx: &mut Tx| kept::load(tx, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    stored(app, file).await
}

/// The report in one of its formats: `docx`, `xlsx`, `pdf`, `html`, `json`; or `original`, the file that it came from.
pub(super) async fn made(app: &App, annual: Annual, format: &str) -> Result<Response, Problem> {
    if format == ORIGINAL {
        return original(app, &annual).await;
    }
    if annual.is_trial() {
        return Err(Problem::refused(vec![TRIAL.to_owned()]));
    }
    let mut sheet = export::sheet(&annual, dated(&annual));
    let mut name = annual.title();
    if annual.state == state::State::Draft {
        DRAFT.clone_into(&mut sheet.dated);
        name.push_str("（草稿）");
    }
    let name = format!("{name}.{format}");
    let refused = |sentence: String| Problem::refused(vec![sentence]);
    match format {
        "json" => {
            let bytes = export::json(&annual).to_string().into_bytes();
            Ok(attachment(&name, JSON, bytes))
        }
        "html" => {
            let text = FilePage { sheet }.render()?;
            Ok(attachment(&name, HTML, text.into_bytes()))
        }
        "docx" => {
            let bytes = off_thread(move || sheet.docx()).await?;
            let bytes = bytes.map_err(|error| refused(error.to_string()))?;
            Ok(attachment(&name, DOCX, bytes))
        }
        "xlsx" => {
            let bytes = off_thread(move || sheet.xlsx()).await?;
            let bytes = bytes.map_err(|error| refused(error.to_string()))?;
            Ok(attachment(&name, XLSX, bytes))
        }
        "pdf" => {
            let Some(printer) = app.printer.clone() else {
                return Err(Problem::new(NO_PRINTER));
            };
            let today = app.today();
            let data = sheet.typeset_data();
            let bytes = off_thread(move || printer.pdf("annual", &data, today)).await?;
            let bytes = bytes.map_err(|error| refused(error.0))?;
            Ok(attachment(&name, PDF, bytes))
        }
        _ => Err(Problem::not_found()),
    }
}

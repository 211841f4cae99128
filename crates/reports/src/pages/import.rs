//! A report made elsewhere comes in: read in the child process, shown with its findings afterwards.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::attachment::{New, sniff};
use gongkai_platform::db::Tx;
use gongkai_platform::seam::Cleaned;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem, Shell, page, put_aside, redirect_with};

use super::{LIST, refuse};
use crate::acts::{PublishReport, WriteReport};
use crate::annual::import::{self, Brought, Kept, Original};
use crate::model::{Report, Schema};
use crate::read;
use crate::seam::reported_year;
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach;

/// Bytes of one report.
const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// As what a report comes in that was published elsewhere.
const PUBLISHED: &str = "published";

/// What the form holds.
#[derive(Debug, Clone, Default)]
struct Typed {
    organ: String,
    year: String,
    brought: String,
    name: String,
    bytes: Vec<u8>,
}

#[derive(Template)]
#[template(path = "reports/import.html")]
struct ImportPage {
    shell: Shell,
    units: Vec<(OrganId, String)>,
    typed: Typed,
    errors: FormErrors,
}

impl ImportPage {
    /// What the report may come in as: only who may publish brings in what the public reads at once.
    fn ways(&self) -> Vec<(&'static str, &'static str)> {
        let mut ways = vec![("draft", "还没有公布，作为草稿继续编写")];
        if self.shell.may(&PublishReport::ROW) {
            ways.push((
                PUBLISHED,
                "以前年度已经公布过的报告，导入后公众马上可在本站查看",
            ));
        }
        ways
    }
}

async fn units(app: &App, permit: &Permit<WriteReport>) -> Result<Vec<(OrganId, String)>, Problem> {
    let units = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::own(tx, permit).await?;
            let within = reach::Reach {
                bases: Vec::new(),
                scope,
            };
            reach::store::units(tx, &within).await
        })
        .await?;
    Ok(units)
}

/// `GET /workspace/reports/import`
pub(super) async fn ask(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteReport>,
) -> Result<Response, Problem> {
    let typed = Typed {
        year: (reported_year(app.today()) - 1).to_string(),
        brought: "draft".to_owned(),
        ..Typed::default()
    };
    page(&ImportPage {
        units: units(&app, &permit).await?,
        shell,
        typed,
        errors: FormErrors::default(),
    })
}

async fn receive(mut parts: Multipart) -> Result<Typed, Problem> {
    let mut typed = Typed::default();
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or("") {
            "file" => {
                let name = part.file_name().unwrap_or("").rsplit(['/', '\\']).next();
                name.unwrap_or("").clone_into(&mut typed.name);
                typed.bytes = part.bytes().await?.to_vec();
            }
            "organ" => typed.organ = part.text().await?,
            "year" => typed.year = part.text().await?,
            "brought" => typed.brought = part.text().await?,
            _ => {}
        }
    }
    Ok(typed)
}

/// The report in a sent file, read in the child process; or a sentence.
async fn report_of(app: &App, bytes: Vec<u8>) -> Result<Result<Report, String>, Problem> {
    if bytes.is_empty() {
        return Ok(Err("请选择年度报告文件。".to_owned()));
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Ok(Err("文件太大，年度报告文件最大20MB。".to_owned()));
    }
    let kept = put_aside(bytes).await?;
    Ok(match app.sandbox.read(kept.path().to_owned()).await {
        Ok(wire) => match gongkai_office::wire::from_wire(&wire) {
            Ok(document) => {
                let report = read::read(&document);
                if let Some(why) = document.unseen_results() {
                    Err(why)
                } else if report.cells.is_empty() {
                    Err(read::why_empty(&document).to_owned())
                } else {
                    Ok(report)
                }
            }
            Err(unreadable) => Err(unreadable.message),
        },
        Err(refused) => Err(refused.0),
    })
}

/// The file's bytes, stored; their row comes with the report.
async fn stored(app: &App, bytes: Vec<u8>) -> Result<Option<Kept>, Problem> {
    let Some(media_type) = sniff::media_type(&bytes) else {
        return Ok(None);
    };
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let files = app.files.clone();
    let sha256 = off_thread(move || files.put(&bytes)).await??;
    Ok(Some(Kept {
        sha256,
        media_type,
        bytes: size,
    }))
}

/// The file to keep with a report, and what was done to it. One in the trial form is given to the public as it is: it is kept
/// without what it hides.
async fn original(
    app: &App,
    (name, bytes): (&str, Vec<u8>),
    year: i16,
    errors: &mut FormErrors,
) -> Result<(Option<Kept>, Vec<String>), Problem> {
    let kept = stored(app, bytes).await?;
    let is_trial = Schema::of_year(year) == Schema::Trial2019;
    let (Some(one), Some(check), true) = (&kept, &app.seams.check, is_trial) else {
        return Ok((kept, Vec::new()));
    };
    let file = New::File {
        sha256: one.sha256.clone(),
        name: name.to_owned(),
        media_type: one.media_type,
        bytes: one.bytes,
    };
    let Cleaned { files, notes } = check.clean(app, vec![file], errors).await?;
    let kept = files.into_iter().find_map(|file| match file {
        New::File {
            sha256,
            media_type,
            bytes,
            ..
        } => Some(Kept {
            sha256,
            media_type,
            bytes,
        }),
        New::Link(_) => None,
    });
    Ok((kept, notes))
}

/// As what the report comes in; what the public reads at once, only on the word of who may publish.
fn brought<'p>(
    way: &str,
    publish: Option<&'p Permit<PublishReport>>,
    errors: &mut FormErrors,
) -> Brought<'p> {
    match (way == PUBLISHED, publish) {
        (true, Some(publish)) => Brought::AsPublished(publish),
        (true, None) => {
            let said = "已经公布过的报告，由可以公布报告的人导入（单位负责人或政务公开办）；您可以先作为草稿导入。";
            errors.add("brought", said);
            Brought::AsDraft
        }
        (false, _) => Brought::AsDraft,
    }
}

/// `POST /workspace/reports/import`
pub(super) async fn import(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<WriteReport>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let mut typed = receive(parts).await?;
    let mut errors = FormErrors::default();
    let organ: Option<OrganId> = typed.organ.parse().ok();
    let year: Option<i16> = typed.year.trim().parse().ok();
    if organ.is_none() {
        errors.add("organ", "请选择单位。");
    }
    if year.is_none() {
        errors.add("year", "请填写年度，例：2025。");
    }
    let bytes = std::mem::take(&mut typed.bytes);
    let report = match report_of(&app, bytes.clone()).await? {
        Ok(report) => Some(report),
        Err(sentence) => {
            errors.add("file", sentence);
            None
        }
    };
    let publish = shell
        .person
        .as_ref()
        .and_then(|person| person.permit::<PublishReport>());
    let brought = brought(&typed.brought, publish.as_ref(), &mut errors);
    let (kept, notes) = match year {
        Some(year) if errors.is_empty() => {
            original(&app, (typed.name.as_str(), bytes), year, &mut errors).await?
        }
        _ => (None, Vec::new()),
    };
    if let (true, Some(organ), Some(year), Some(report)) = (errors.is_empty(), organ, year, &report)
    {
        let today = app.today();
        let original = Original {
            name: &typed.name,
            kept,
        };
        let what = (report, &original, brought);
        let done = app
            .db
            .write(async |tx: &mut Tx| {
                import::import(tx, &permit, (organ, year), what, today).await
            })
            .await;
        match done {
            Ok(annual) => {
                let place = format!("{LIST}/{}", annual.id);
                let said = "已导入报告，核对结果见下面。".to_owned() + &notes.concat();
                return Ok(redirect_with(&place, &said));
            }
            Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
            Err(error) => return Err(error.into()),
        }
    }
    refuse(&ImportPage {
        units: units(&app, &permit).await?,
        shell,
        typed,
        errors,
    })
}

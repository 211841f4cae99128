//! A catalogue as a file or pasted.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::{NotDone, Reason, form_errors};
use gongkai_platform::web::{
    App, Form, FormErrors, Problem, SheetLine, Shell, page, put_aside, redirect_with,
};
use serde::Deserialize;

use super::refuse;
use crate::acts::KeepCatalogue;
use crate::due;
use crate::entry::handle::Note;
use crate::entry::import::apply::{self, Counts, Effect};
use crate::entry::import::{self, FILE_BYTES_MAX, Fault, Given, PROBLEMS_SHOWN, Row, Unowed};
use crate::entry::{Entry, store as entries};
use crate::standard::{CLASSES, fields};
use gongkai_platform::organ::reach::{self, Reach};

/// Lines that the preview lists.
const PREVIEW_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "catalogue/import.html")]
struct ImportPage {
    shell: Shell,
    units: Vec<(OrganId, String)>,
    organ: String,
    class: String,
    domain: String,
    classes: Vec<(String, String)>,
    domains: Vec<(String, String)>,
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
        class: String::new(),
        domain: String::new(),
        classes: optional(
            CLASSES
                .iter()
                .map(|(number, name)| (number.to_string(), format!("{number} {name}"))),
        ),
        domains: optional(
            fields()
                .into_iter()
                .map(|name| (name.to_owned(), name.to_owned())),
        ),
        pasted: String::new(),
        errors: FormErrors::default(),
        faults: Vec::new(),
        more_faults: 0,
    })
}

/// Choices with none before them.
fn optional(choices: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    std::iter::once((String::new(), "表里都写了".to_owned()))
        .chain(choices)
        .collect()
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
    class: String,
    domain: String,
    pasted: String,
    bytes: Vec<u8>,
}

async fn receive(mut parts: Multipart) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "organ" => sent.organ = part.text().await?,
            "class" => sent.class = part.text().await?,
            "domain" => sent.domain = part.text().await?,
            "pasted" => sent.pasted = part.text().await?,
            "file" => sent.bytes = part.bytes().await?.to_vec(),
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
    let kept = put_aside(sent.bytes.clone()).await?;
    Ok(match app.sandbox.sheets(kept.path().to_owned()).await {
        Ok(sheets) => import::read(&sheets),
        Err(refused) => Err(refused.0),
    })
}

/// 生成日期 of an organ's entries by their 索引.
async fn known(app: &App, organ: OrganId) -> Result<BTreeMap<String, Date>, Problem> {
    let there = app
        .db
        .read(async |tx: &mut Tx| entries::of_organs(tx, &[organ]).await)
        .await?;
    let one = |entry: Entry| (entry.words.index_number, entry.formed_on);
    Ok(there.into_iter().map(one).collect())
}

/// `POST /workspace/catalogue/import`: reads the table and shows what it would do.
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
    let given = Given {
        class: sent.class.parse().unwrap_or(0),
        domain: sent.domain.trim().to_owned(),
        formed_on: app.today(),
        known: match &organ {
            Ok(organ) => known(&app, *organ).await?,
            Err(_) => BTreeMap::new(),
        },
    };
    let rows = match read {
        Ok(mut rows) => {
            import::complete(&mut rows, &given);
            rows
        }
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
        again.class = sent.class;
        again.domain = sent.domain;
        again.pasted = sent.pasted;
        return refuse(&again);
    };
    preview(
        &app,
        &permit,
        again.shell,
        (organ, &rows, Note::default()),
        Vec::new(),
    )
    .await
}

#[derive(Template)]
#[template(path = "catalogue/import_preview.html")]
struct PreviewPage {
    shell: Shell,
    organ: OrganId,
    organ_name: String,
    counts: Counts,
    /// The first ones that add or change something.
    shown: Vec<(Row, Effect)>,
    more: usize,
    /// Lines that no unit would have to register.
    unowed: Vec<Unowed>,
    /// The rows, to be sent again.
    rows: String,
    note: Note,
    errors: FormErrors,
}

impl PreviewPage {
    fn lines(&self, unowed: &Unowed) -> String {
        let numbers: Vec<String> = unowed.lines.iter().map(ToString::to_string).collect();
        numbers.join("、")
    }
}

/// What the table would do; nothing is stored yet.
async fn preview(
    app: &App,
    permit: &Permit<KeepCatalogue>,
    shell: Shell,
    (organ, rows, note): (OrganId, &[Row], Note),
    reasons: Vec<Reason>,
) -> Result<Response, Problem> {
    let today = app.today();
    let (name, effects, units) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of_permit(tx, permit).await?;
            let name = reach::store::unit(tx, &within, organ).await?;
            let effects = apply::look(tx, organ, rows, today).await?;
            Ok::<_, StoreError>((name, effects, due::below(tx, organ).await?))
        })
        .await?;
    let counts = Counts::of(&effects);
    let changing = |pair: &(Row, Effect)| pair.1 != Effect::Nothing;
    let mut shown: Vec<(Row, Effect)> =
        rows.iter().cloned().zip(effects).filter(changing).collect();
    let more = shown.len().saturating_sub(PREVIEW_ROWS);
    shown.truncate(PREVIEW_ROWS);
    let wrong = !reasons.is_empty();
    let made = PreviewPage {
        shell,
        organ,
        organ_name: name.ok_or_else(Problem::not_found)?,
        counts,
        shown,
        more,
        unowed: import::unowed(rows, organ, &units),
        rows: serde_json::to_string(&import::lines(rows)).unwrap_or_default(),
        note,
        errors: form_errors(reasons),
    };
    if wrong { refuse(&made) } else { page(&made) }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Confirmed {
    organ: String,
    rows: String,
    seen: String,
    why: String,
    legal_basis: String,
}

/// `POST /workspace/catalogue/import/apply`: does what the preview showed.
pub(super) async fn confirm(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepCatalogue>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Problem> {
    let unreadable = || Problem::new(Problem::BAD_REQUEST);
    let organ: OrganId = form.organ.parse().map_err(|_| unreadable())?;
    let lines: Vec<SheetLine> = serde_json::from_str(&form.rows).map_err(|_| unreadable())?;
    let rows = import::read(&[lines]).map_err(|_| unreadable())?;
    if !import::faults(&rows).is_empty() {
        return Err(unreadable());
    }
    let note = Note {
        why: form.why.trim().to_owned(),
        legal_basis: form.legal_basis.trim().to_owned(),
    };
    let today = app.today();
    let what = (organ, rows.as_slice(), form.seen.as_str());
    let done = app
        .db
        .write(async |tx: &mut Tx| apply::take_over(tx, &permit, what, &note, today).await)
        .await;
    match done {
        Ok(counts) => {
            let target = format!("/workspace/catalogue?organ={organ}");
            let sentence = format!(
                "已导入目录：增加{}条，修改{}条，{}条没有变化。",
                counts.added, counts.changed, counts.same
            );
            Ok(redirect_with(&target, &sentence))
        }
        Err(NotDone::Refused(reasons)) => {
            preview(&app, &permit, shell, (organ, &rows, note), reasons).await
        }
        Err(NotDone::Store(StoreError::Stale)) => {
            let sentence = "看过预览以后目录有变动，请核对下面新的预览再导入。";
            let reasons = vec![("why", sentence.to_owned())];
            preview(&app, &permit, shell, (organ, &rows, note), reasons).await
        }
        Err(error) => Err(error.into()),
    }
}

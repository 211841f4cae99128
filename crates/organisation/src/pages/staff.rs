//! 人员名册: the list of units, one unit's register with its history, and the import of a table.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{
    App, Form, FormErrors, Paging, Problem, Query, Shell, address, day, page, put_aside,
    redirect_with,
};
use serde::Deserialize;

use super::{file, is_file, refuse};
use crate::acts::{KeepGroup, KeepOrganisation, ViewOrganisation};
use crate::id::StaffId;
use crate::staff::handle::{self, Instead};
use crate::staff::import::{self, FILE_BYTES_MAX, Fault, HEADS, PROBLEMS_SHOWN, Row};
use crate::staff::store::{self, Narrow};
use crate::staff::{StaffEntry, StaffKind, Words};
use gongkai_platform::fault::{NotDone, form_errors};
use gongkai_platform::organ::reach::{self, Reach};

const LIST: &str = "/workspace/organisation/staff";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    without: String,
    text: String,
    format: String,
    page: String,
}

#[derive(Template)]
#[template(path = "organisation/staff.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    units: Vec<(OrganId, String)>,
    entries: BTreeMap<OrganId, Vec<StaffEntry>>,
    paging: Paging,
    may_import: bool,
}

impl ListPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        StaffKind::options()
    }

    /// `林知远（副局长，0700-1234）`, … of one kind in one unit.
    fn people(&self, unit: &OrganId, code: &str) -> Vec<String> {
        let own = self.entries.get(unit).map_or(&[][..], Vec::as_slice);
        let of_kind = own.iter().filter(|entry| entry.kind.code() == code);
        of_kind.map(|entry| told(&entry.words)).collect()
    }

    fn address(&self) -> String {
        let parts = [
            ("without", self.filter.without.as_str()),
            ("text", &self.filter.text),
        ];
        address(LIST, &parts) + "page="
    }

    fn is_narrowed(&self) -> bool {
        !(self.filter.without.is_empty() && self.filter.text.is_empty())
    }
}

fn told(words: &Words) -> String {
    let more: Vec<&str> = [words.post.as_str(), &words.phone]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    if more.is_empty() {
        words.name.clone()
    } else {
        format!("{}（{}）", words.name, more.join("，"))
    }
}

/// `GET /workspace/organisation/staff?without=responsible&format=xlsx`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    if is_file(&filter.format) {
        let rows = app
            .db
            .read(async |tx: &mut Tx| {
                let within = Reach::of(tx, permit.roles()).await?;
                import::rows_of(tx, &within).await
            })
            .await?;
        return file(
            "政务公开人员名册",
            &filter.format,
            &HEADS,
            rows,
            app.today(),
        )
        .await;
    }
    let narrow = Narrow {
        without: StaffKind::from_code(&filter.without),
        text: filter.text.trim().to_owned(),
    };
    let (units, entries, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let total = store::count(tx, &within, &narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = (paging.offset(), paging.rows());
            let units = store::units(tx, &within, &narrow, rows).await?;
            let ids: Vec<OrganId> = units.iter().map(|(id, _)| *id).collect();
            let entries = store::current(tx, &ids).await?;
            Ok::<_, StoreError>((units, entries, paging))
        })
        .await?;
    page(&ListPage {
        may_import: shell.may(&KeepGroup::ROW),
        shell,
        filter,
        units,
        entries,
        paging,
    })
}

/// What the form holds, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    kind: String,
    name: String,
    post: String,
    phone: String,
    /// `beside`: nobody leaves the place.
    beside: String,
}

#[derive(Template)]
#[template(path = "organisation/unit.html")]
struct UnitPage {
    shell: Shell,
    organ: OrganId,
    name: String,
    entries: Vec<StaffEntry>,
    may_keep: bool,
    typed: Typed,
    errors: FormErrors,
}

impl UnitPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        StaffKind::options()
    }

    fn has(&self, code: &str) -> bool {
        let holds = |entry: &StaffEntry| entry.until_on.is_none() && entry.kind.code() == code;
        self.entries.iter().any(holds)
    }

    fn told(&self, entry: &StaffEntry) -> String {
        told(&entry.words)
    }
}

async fn build(
    app: &App,
    shell: Shell,
    permit: &Permit<ViewOrganisation>,
    organ: OrganId,
    (typed, errors): (Typed, FormErrors),
) -> Result<UnitPage, Problem> {
    let keep = shell.person.as_ref();
    let keep = keep.and_then(|person| person.permit::<KeepOrganisation>());
    let (name, entries, may_keep) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let Some(name) = reach::store::unit(tx, &within, organ).await? else {
                return Ok(None);
            };
            let may_keep = match &keep {
                Some(keep) => {
                    let own = Reach::of(tx, keep.roles()).await?;
                    reach::store::unit(tx, &own, organ).await?.is_some()
                }
                None => false,
            };
            let entries = store::history(tx, &within, organ).await?;
            Ok::<_, StoreError>(Some((name, entries, may_keep)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(UnitPage {
        shell,
        organ,
        name,
        entries,
        may_keep,
        typed,
        errors,
    })
}

/// `GET /workspace/organisation/staff/{organ}`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Path(organ): Path<OrganId>,
) -> Result<Response, Problem> {
    let empty = (Typed::default(), FormErrors::default());
    page(&build(&app, shell, &permit, organ, empty).await?)
}

/// `POST /workspace/organisation/staff/{organ}`
pub(super) async fn register(
    State(app): State<App>,
    shell: Shell,
    view: Permit<ViewOrganisation>,
    permit: Permit<KeepOrganisation>,
    Path(organ): Path<OrganId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let mut errors = FormErrors::default();
    let words = Words {
        name: typed.name.trim().to_owned(),
        post: typed.post.trim().to_owned(),
        phone: typed.phone.trim().to_owned(),
    };
    let instead = if typed.beside == "1" {
        Instead::Beside
    } else {
        Instead::Replace
    };
    match StaffKind::from_code(&typed.kind) {
        None => errors.add("kind", "请选择类别。"),
        Some(kind) => {
            let today = app.today();
            let done = app
                .db
                .write(async |tx: &mut Tx| {
                    handle::register(tx, &permit, (organ, kind, words), instead, today).await
                })
                .await;
            match done {
                Ok(entry) => {
                    let sentence = format!("已登记{}：{}。", kind.name(), entry.words.name);
                    return Ok(redirect_with(&format!("{LIST}/{organ}"), &sentence));
                }
                Err(NotDone::Refused(reasons)) => errors = form_errors(reasons),
                Err(error) => return Err(error.into()),
            }
        }
    }
    refuse(&build(&app, shell, &view, organ, (typed, errors)).await?)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leaving {
    version: i64,
    why: String,
}

/// `POST /workspace/organisation/staff/{organ}/{id}/leave`
pub(super) async fn leave(
    State(app): State<App>,
    permit: Permit<KeepOrganisation>,
    Path((organ, id)): Path<(OrganId, StaffId)>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    let today = app.today();
    app.db
        .write(async |tx: &mut Tx| {
            handle::leave(
                tx,
                &permit,
                (organ, id, form.version),
                form.why.trim(),
                today,
            )
            .await
        })
        .await?;
    Ok(redirect_with(
        &format!("{LIST}/{organ}"),
        "已登记不再担任；登错了可以恢复。",
    ))
}

/// `POST /workspace/organisation/staff/{organ}/{id}/restore`
pub(super) async fn restore(
    State(app): State<App>,
    permit: Permit<KeepOrganisation>,
    Path((organ, id)): Path<(OrganId, StaffId)>,
    Form(form): Form<Leaving>,
) -> Result<Response, Problem> {
    app.db
        .write(async |tx: &mut Tx| handle::restore(tx, &permit, (organ, id, form.version)).await)
        .await?;
    Ok(redirect_with(&format!("{LIST}/{organ}"), "已恢复登记。"))
}

#[derive(Template)]
#[template(path = "organisation/staff_import.html")]
struct ImportPage {
    shell: Shell,
    errors: FormErrors,
    faults: Vec<Fault>,
    more_faults: usize,
}

/// `GET /workspace/organisation/staff/import`
pub(super) async fn ask_import(shell: Shell, _: Permit<KeepGroup>) -> Result<Response, Problem> {
    page(&ImportPage {
        shell,
        errors: FormErrors::default(),
        faults: Vec::new(),
        more_faults: 0,
    })
}

async fn receive(mut parts: Multipart) -> Result<Vec<u8>, Problem> {
    while let Some(part) = parts.next_field().await? {
        if part.name() == Some("file") {
            return Ok(part.bytes().await?.to_vec());
        }
    }
    Ok(Vec::new())
}

/// The rows of a sent file, read in the child process; or a sentence.
async fn rows_of(app: &App, bytes: Vec<u8>) -> Result<Result<Vec<Row>, String>, Problem> {
    if bytes.is_empty() {
        return Ok(Err("请选择名册文件（XLSX）。".to_owned()));
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Ok(Err("文件太大，名册文件最大10MB。".to_owned()));
    }
    let kept = put_aside(bytes).await?;
    Ok(match app.sandbox.sheets(kept.path().to_owned()).await {
        Ok(sheets) => import::read(&sheets),
        Err(refused) => Err(refused.0),
    })
}

/// `POST /workspace/organisation/staff/import`
pub(super) async fn import(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<KeepGroup>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let bytes = receive(parts).await?;
    let rows = match rows_of(&app, bytes).await? {
        Ok(rows) => rows,
        Err(sentence) => {
            let mut errors = FormErrors::default();
            errors.add("file", sentence);
            return refuse(&ImportPage {
                shell,
                errors,
                faults: Vec::new(),
                more_faults: 0,
            });
        }
    };
    let today = app.today();
    let judged = app
        .db
        .read(async |tx: &mut Tx| import::judge(tx, &permit, &rows).await)
        .await?;
    if !judged.faults.is_empty() {
        let mut faults = judged.faults;
        let more_faults = faults.len().saturating_sub(PROBLEMS_SHOWN);
        faults.truncate(PROBLEMS_SHOWN);
        return refuse(&ImportPage {
            shell,
            errors: FormErrors::default(),
            faults,
            more_faults,
        });
    }
    let done = app
        .db
        .write(async |tx: &mut Tx| import::take_over(tx, &permit, &rows, today).await)
        .await?;
    let sentence = format!(
        "已导入名册：新登记 {} 条，未变 {} 条。",
        done.new.len(),
        done.same
    );
    Ok(redirect_with(LIST, &sentence))
}

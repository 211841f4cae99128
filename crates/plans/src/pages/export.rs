//! The ledger in the official form, and everything as data: for one unit or all.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_basis::id::{AccountId, OrganId, PlanId};
use gongkai_office::form as office;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::web::{App, Problem, ProblemRow, Query, Shell, page};
use serde::Deserialize;

use super::Readable;
use super::download::{self, attachment, off_thread};
use super::plans::visible;
use crate::acts::{ExportLedger, ReadTask};
use crate::carried::store as carried;
use crate::export::everything::Everything;
use crate::export::{form, parts};
use crate::ledger::AssignmentRow;
use crate::ledger::store as ledger;
use crate::plan::{self, Plan};

/// The program was built, or runs, without what makes a PDF.
pub(crate) const NO_PRINTER: ProblemRow = ProblemRow {
    code: "pdf-unavailable",
    status: 503,
    title: "这套系统没有安装PDF生成组件，没有生成文件",
    safe: "数据没有被改动，台账内容都在。",
    advice: "请改为导出Word文件，用文字处理软件另存为PDF；需要直接生成PDF的，请系统管理员换用带PDF功能的安装包。",
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    organ: String,
    format: String,
    /// `each`: one form for each unit; else one form for all.
    layout: String,
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    shell: Shell,
    plan: Plan,
    organs: Vec<(OrganId, String)>,
    /// Everything may leave, not only one's own part.
    whole: bool,
    has_pdf: bool,
}

/// Whose parts a person may take along: `None` for a stranger, else whether all, and the own organs.
struct Reach {
    plan: Plan,
    whole: bool,
    organs: Vec<(OrganId, String)>,
}

async fn reach(tx: &mut Tx, shell: &Shell, id: PlanId) -> Result<Option<Reach>, StoreError> {
    let readable = Readable::of(shell);
    let Some(plan) = visible(tx, &readable, id).await? else {
        return Ok(None);
    };
    let in_scope = plan::store::load(tx, &readable.plans, id).await?.is_some();
    let whole = in_scope && shell.may(&ExportLedger::ROW);
    let mut organs = ledger::organs(tx, id).await?;
    if !whole {
        let ids: Vec<OrganId> = organs.iter().map(|(organ, _)| *organ).collect();
        let known = organ::store::load_all(tx, &ids).await?;
        let own = known
            .iter()
            .filter(|organ| readable.parts.contains(organ.id, &organ.path));
        let own: BTreeSet<OrganId> = own.map(|organ| organ.id).collect();
        organs.retain(|(organ, _)| own.contains(organ));
    }
    Ok(Some(Reach {
        plan,
        whole,
        organs,
    }))
}

/// `GET /workspace/plans/{id}/export`
pub(super) async fn choose(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<PlanId>,
) -> Result<Response, Problem> {
    let reach = app
        .db
        .read(async |tx: &mut Tx| reach(tx, &shell, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    page(&ExportPage {
        shell,
        plan: reach.plan,
        organs: reach.organs,
        whole: reach.whole,
        has_pdf: app.printer.is_some(),
    })
}

/// `GET /workspace/plans/{id}/export/file?format=docx&organ=…&layout=each`
pub(super) async fn file(
    State(app): State<App>,
    shell: Shell,
    _: Permit<ReadTask>,
    Path(id): Path<PlanId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let reach = app
        .db
        .read(async |tx: &mut Tx| reach(tx, &shell, id).await)
        .await?
        .ok_or_else(Problem::not_found)?;
    let organ = match (wanted.organ.parse::<OrganId>().ok(), reach.whole) {
        (None, true) => None,
        // A unit that names nothing takes its own part.
        (None, false) => Some(reach.organs.first().ok_or_else(Problem::not_found)?.clone()),
        (Some(organ), _) => {
            let known = reach.organs.iter().find(|(id, _)| *id == organ);
            Some(known.ok_or_else(Problem::not_found)?.clone())
        }
    };
    match wanted.format.as_str() {
        "csv" | "json" => everything(&app, reach.plan, organ, &wanted.format).await,
        "docx" | "xlsx" | "pdf" => official(&app, reach.plan, organ, &wanted).await,
        _ => Err(Problem::new(Problem::BAD_REQUEST)),
    }
}

async fn everything(
    app: &App,
    plan: Plan,
    organ: Option<(OrganId, String)>,
    format: &str,
) -> Result<Response, Problem> {
    let today = app.today();
    let name = file_name(app, &plan.title, organ.as_ref(), "全部数据", format);
    let loaded = app
        .db
        .read(async |tx: &mut Tx| Everything::load(tx, plan, organ.map(|(id, _)| id), today).await)
        .await?;
    let csv = format == "csv";
    let bytes = off_thread(move || {
        if csv {
            loaded.csv()
        } else {
            serde_json::to_vec_pretty(&loaded.json())
                .map_err(|error| office::FormError::Write(error.to_string()))
        }
    })
    .await?
    .map_err(|error| Problem::refused(vec![error.to_string()]))?;
    Ok(attachment(
        &name,
        if csv { download::CSV } else { download::JSON },
        bytes,
    ))
}

async fn official(
    app: &App,
    plan: Plan,
    organ: Option<(OrganId, String)>,
    wanted: &Wanted,
) -> Result<Response, Problem> {
    let format = wanted.format.clone();
    let printer = app.printer.clone();
    if format == "pdf" && printer.is_none() {
        return Err(Problem::new(NO_PRINTER));
    }
    let today = app.today();
    let (rows, contacts, matters, office_name) = app
        .db
        .read(async |tx: &mut Tx| {
            let rows = parts(tx, plan.id, organ.as_ref().map(|(id, _)| *id), today).await?;
            let contacts = contacts(tx, &rows).await?;
            let office = organ::store::load(tx, plan.organ).await?;
            let unit = organ.as_ref().map(|(id, _)| *id);
            let matters = carried::of_form(tx, plan.id, unit).await?;
            Ok::<_, StoreError>((
                rows,
                contacts,
                matters,
                office.map_or_else(String::new, |office| office.name),
            ))
        })
        .await?;
    let name = file_name(app, &plan.title, organ.as_ref(), "工作台账", &format);
    let each = wanted.layout == "each";
    let unit = organ.map(|(_, name)| name);
    let made = off_thread(move || {
        let mut forms = form::forms(&plan, &rows, &contacts, (&matters, today));
        if forms.is_empty() {
            forms.push(form::empty(&plan, unit.as_deref().unwrap_or(&office_name)));
        } else if unit.is_none() && !each {
            forms = office::LedgerForm::merged(&office_name, &forms)
                .into_iter()
                .collect();
        }
        let written = match format.as_str() {
            "docx" => office::docx_all(&forms).map(|bytes| (bytes, download::DOCX)),
            "xlsx" => match forms.as_slice() {
                [one] => office::xlsx(one).map(|bytes| (bytes, download::XLSX)),
                several => {
                    office::xlsx_all(&office_name, several).map(|bytes| (bytes, download::XLSX))
                }
            },
            _ => {
                let printer = printer.ok_or_else(String::new)?;
                let bytes = printer
                    .pdf("ledger", &office::typeset_data(&forms), today)
                    .map_err(|error| error.to_string())?;
                return Ok((bytes, download::PDF));
            }
        };
        written.map_err(|error| error.to_string())
    })
    .await?;
    let (bytes, media_type) = made.map_err(|sentence: String| Problem::refused(vec![sentence]))?;
    Ok(attachment(&name, media_type, bytes))
}

/// 联系方式 of those who reported.
pub(crate) async fn contacts(
    tx: &mut Tx,
    rows: &[AssignmentRow],
) -> Result<BTreeMap<AccountId, String>, StoreError> {
    let authors: BTreeSet<AccountId> = rows
        .iter()
        .filter_map(|row| row.latest.as_ref().and_then(|latest| latest.author))
        .collect();
    let authors: Vec<AccountId> = authors.into_iter().collect();
    gongkai_platform::account::store::contacts(tx, &authors).await
}

fn file_name(
    app: &App,
    title: &str,
    organ: Option<&(OrganId, String)>,
    what: &str,
    format: &str,
) -> String {
    let unit = organ.map_or("", |(_, name)| name.as_str());
    format!("{title}{unit}{what}{}.{format}", app.today())
}

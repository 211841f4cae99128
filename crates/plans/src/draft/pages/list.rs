//! 导入方案: drafts in work, and the place to begin.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_office::INPUT_BYTES_MAX;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, moment, page};
use serde::Deserialize;

use crate::acts::ImportPlan;
use crate::draft::store::Wanted;
use crate::draft::{Draft, DraftState, Purpose, store};

#[derive(Template)]
#[template(path = "import/list.html")]
struct ListPage {
    shell: Shell,
    upload: UploadForm,
    drafts: Vec<Row>,
    /// What the list is narrowed to.
    wanted: Wanted,
    paging: Paging,
}

impl ListPage {
    fn address(&self) -> String {
        address("/workspace/import", &[("show", self.wanted.code())]) + "page="
    }
}

/// The part of a page that takes a file.
#[derive(Debug, Clone)]
pub(super) struct UploadForm {
    pub(super) action: String,
    pub(super) button: &'static str,
    pub(super) offices: Vec<(String, String)>,
    /// What the document may be: code and words. Empty where that is settled.
    pub(super) purposes: Vec<(&'static str, &'static str)>,
    pub(super) megabytes: usize,
}

impl UploadForm {
    pub(super) fn new(action: String, button: &'static str, permit: &Permit<ImportPlan>) -> Self {
        let mut offices: Vec<(String, String)> = Vec::new();
        for held in permit.roles() {
            let office = (held.organ.to_string(), held.organ_name.clone());
            if !offices.contains(&office) {
                offices.push(office);
            }
        }
        Self {
            action,
            button,
            offices,
            purposes: vec![
                (Purpose::Plan.code(), "本级方案：任务分给各单位，进入台账"),
                (
                    Purpose::Upper.code(),
                    "上级来文：上级政府的方案，只用来与本级方案对照",
                ),
            ],
            megabytes: INPUT_BYTES_MAX / 1024 / 1024,
        }
    }
}

struct Row {
    draft: Draft,
    touched: String,
}

#[derive(Deserialize)]
pub(super) struct PageQuery {
    page: Option<i64>,
    #[serde(default)]
    show: String,
}

/// `GET /workspace/import`
pub(super) async fn show(
    State(app): State<App>,
    permit: Permit<ImportPlan>,
    shell: Shell,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    let mut paging = Paging::wanted(query.page);
    let wanted = Wanted::from_code(&query.show);
    let drafts = app
        .db
        .read(async |tx: &mut Tx| {
            loop {
                let (from, rows) = (paging.offset(), paging.rows());
                let (drafts, total) = store::list(tx, permit.scope(), wanted, (from, rows)).await?;
                if paging.holds(total) {
                    return Ok(drafts);
                }
            }
        })
        .await
        .map_err(|error: StoreError| Problem::from(error))?;
    page(&ListPage {
        shell,
        upload: UploadForm::new("/workspace/import".to_owned(), "上传并识别方案", &permit),
        drafts: drafts
            .into_iter()
            .map(|draft| Row {
                touched: moment(draft.updated_at),
                draft,
            })
            .collect(),
        wanted,
        paging,
    })
}

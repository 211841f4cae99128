//! A report beside last year's and the siblings': numbers in two columns, passages side by side.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, download, page};

use super::LIST;
use crate::acts::ViewReports;
use crate::amount::Value;
use crate::annual::{Annual, store};
use crate::export::{EMPTY, said};
use crate::form::{Cell, SECTIONS};
use crate::id::AnnualId;
use crate::similar::{self, Other, Similarity};
use gongkai_platform::organ::reach::Reach;

#[derive(Template)]
#[template(path = "reports/compare.html")]
struct ComparePage {
    shell: Shell,
    annual: Annual,
    last: Option<Annual>,
    /// Cells that are not nought in both years: path, last year, this year, how they differ.
    numbers: Vec<(String, String, String, String)>,
    similarity: Similarity,
    siblings: usize,
}

impl ComparePage {
    fn base(&self) -> String {
        format!("{LIST}/{}", self.annual.id)
    }

    fn part(&self, at: &usize) -> &'static str {
        SECTIONS.get(*at).copied().unwrap_or("")
    }
}

/// `GET /workspace/reports/{id}/compare`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReports>,
    Path(id): Path<AnnualId>,
) -> Result<Response, Problem> {
    let (annual, last, siblings) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let Some(annual) = store::load(tx, &within, id).await? else {
                return Ok(None);
            };
            let last = store::of_year(tx, annual.unit.id, annual.year - 1).await?;
            let siblings = store::siblings(tx, &within, annual.unit.id, annual.year).await?;
            Ok::<_, StoreError>(Some((annual, last, siblings)))
        })
        .await?
        .ok_or_else(Problem::not_found)?;
    let numbers = last
        .as_ref()
        .map_or_else(Vec::new, |last| numbers(&annual, last));
    let mut others: Vec<Other> = Vec::with_capacity(siblings.len() + 1);
    others.extend(last.iter().map(|last| Other {
        name: format!("本单位{}年报告", last.year),
        texts: last.draft.said(),
    }));
    let count = siblings.len();
    others.extend(siblings.into_iter().map(|other| Other {
        name: other.unit.name,
        texts: other.draft.said(),
    }));
    let own = annual.draft.said();
    let similarity = download::off_thread(move || similar::compare(&own, &others)).await?;
    page(&ComparePage {
        shell,
        annual,
        last,
        numbers,
        similarity,
        siblings: count,
    })
}

fn numbers(annual: &Annual, last: &Annual) -> Vec<(String, String, String, String)> {
    // Table 二 of the trial form counted other things.
    let trial = annual.is_trial() || last.is_trial();
    Cell::all()
        .filter(|cell| !(trial && matches!(cell, Cell::Two(_))))
        .filter_map(|cell| {
            let values = [&last.draft, &annual.draft].map(|draft| draft.value(cell));
            let [before, now] = values.each_ref().map(Value::amount);
            let (before, now) = (before?, now?);
            let nothing = now == before && now == crate::amount::Amount::ZERO;
            let gap = now.minus(before);
            let sign = if gap.is_negative() || now == before {
                ""
            } else {
                "+"
            };
            (!nothing).then(|| {
                let [before, now] = values.each_ref().map(said);
                let gap = if values.contains(&Value::Blank) {
                    EMPTY.to_owned()
                } else {
                    format!("{sign}{gap}")
                };
                (cell.to_string(), before, now, gap)
            })
        })
        .collect()
}

//! 开放接口: which plans there are, each with the address of its tasks.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use gongkai_platform::db::Tx;
use gongkai_platform::portal::Face;
use gongkai_platform::seam::OpenData;
use gongkai_platform::web::{App, OpenReader, Paging, Problem, Query, address, open_json};
use serde::{Deserialize, Serialize};

use crate::progress::{Published, store};
use crate::when;

const OPEN_LIST: &str = "/api/plans.json";

/// What this capability's part of the interface is.
pub(crate) const PART: OpenData = OpenData {
    title: "工作要点",
    path: OPEN_LIST,
    about: "公布了进展的政务公开工作要点，最新年份在前，分页。每份的任务、责任单位和进展在 json_url。",
    asks: &[("year", "年份，例：2026"), ("page", "第几页，从1起")],
    fields: &[
        (
            "total、page、rows、next",
            "总数、第几页、每页件数、下一页的地址（最后一页为 null）",
        ),
        ("id", "编号"),
        (
            "title、document_number、year",
            "名称、文号（没有为 null）、年份",
        ),
        ("published_on", "进展最近一次公布的日期"),
        ("url、json_url", "网页、任务数据的地址"),
    ],
    example: r#"{"total":1,"page":1,"rows":50,"next":null,"plans":[{"id":"0199…","title":"安澜市2026年政务公开工作要点","document_number":"安政办发〔2026〕12号","year":2026,"published_on":"2026-09-21","url":"…/plans/0199…","json_url":"…/plans/0199….json"}]}"#,
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    year: String,
    page: String,
}

#[derive(Serialize)]
struct Described {
    id: String,
    title: String,
    document_number: Option<String>,
    year: i64,
    published_on: Option<gongkai_basis::Date>,
    url: String,
    json_url: String,
}

impl Described {
    fn of(site: &str, plan: Published) -> Self {
        let url = format!("{site}/plans/{}", plan.plan);
        Self {
            id: plan.plan.to_string(),
            title: plan.title,
            document_number: plan.document_number,
            year: plan.year,
            published_on: when::civil_day(plan.at),
            json_url: format!("{url}.json"),
            url,
        }
    }
}

#[derive(Serialize)]
struct Listed {
    total: i64,
    page: i64,
    rows: i64,
    next: Option<String>,
    plans: Vec<Described>,
}

/// `GET /api/plans.json`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    face: Face,
    _: OpenReader,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mut plans = app
        .db
        .read(async |tx: &mut Tx| store::list(tx, &face.scope).await)
        .await?;
    if let Ok(year) = asked.year.parse::<i64>() {
        plans.retain(|plan| plan.year == year);
    }
    let (plans, paging) = Paging::of(asked.page.parse().ok(), plans);
    let own = address(OPEN_LIST, &[("year", &asked.year)]);
    let next = |page: i64| format!("{}{own}page={page}", face.url);
    let described = plans.into_iter().map(|plan| Described::of(&face.url, plan));
    let listed = Listed {
        total: paging.total,
        page: paging.page,
        rows: paging.rows(),
        next: paging.next().map(next),
        plans: described.collect(),
    };
    open_json(&headers, &listed)
}

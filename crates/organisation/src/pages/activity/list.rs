//! The list of meetings, hearings and the like, and its file.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::{Act as _, Permit};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::{self, Reach};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, day, page};
use serde::Deserialize;

use super::LIST;
use crate::activity::store::{self, Narrow};
use crate::activity::{Activity, ActivityKind};
use crate::acts::{KeepOrganisation, ViewOrganisation};
use crate::check::year_of;
use crate::pages::{file as as_file, is_file};

/// Rows that one file takes.
const FILE_ROWS_MAX: i64 = 10_000;
const HEADS: [&str; 9] = [
    "单位",
    "类别",
    "名称",
    "日期",
    "地点（刊物）",
    "主持（授课、作者）",
    "应到",
    "实到",
    "结果",
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Filter {
    kind: String,
    organ: String,
    year: String,
    text: String,
    format: String,
    page: String,
}

impl Filter {
    fn narrow(&self, today: Date) -> Narrow {
        let year: Option<i16> = self.year.parse().ok();
        let within = year
            .and_then(|year| today.with().year(year).day(1).build().ok())
            .map(year_of);
        Narrow {
            kind: ActivityKind::from_code(&self.kind),
            organ: self.organ.parse().ok(),
            within,
            text: self.text.trim().to_owned(),
        }
    }

    fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [
            ("kind", self.kind.as_str()),
            ("organ", &self.organ),
            ("year", &self.year),
            ("text", &self.text),
        ];
        address(LIST, &[&own[..], more].concat())
    }
}

#[derive(Template)]
#[template(path = "organisation/activities.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    kinds: BTreeMap<ActivityKind, i64>,
    activities: Vec<Activity>,
    units: Vec<(OrganId, String)>,
    paging: Paging,
    may_keep: bool,
}

impl ListPage {
    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    fn options(&self) -> Vec<(&'static str, &'static str, i64)> {
        let n = |kind: &ActivityKind| self.kinds.get(kind).copied().unwrap_or(0);
        ActivityKind::ALL
            .iter()
            .map(|kind| (kind.code(), kind.name(), n(kind)))
            .collect()
    }

    fn address(&self) -> String {
        self.filter.address(&[]) + "page="
    }

    fn file(&self, format: &str) -> String {
        self.filter.address(&[("format", format)])
    }

    fn with_kind(&self, code: &str) -> String {
        let filter = Filter {
            kind: code.to_owned(),
            ..self.filter.clone()
        };
        filter.address(&[])
    }

    fn is_unit(&self, organ: &OrganId) -> bool {
        self.filter.organ == organ.to_string()
    }

    fn is_narrowed(&self) -> bool {
        !(self.filter.kind.is_empty()
            && self.filter.organ.is_empty()
            && self.filter.text.is_empty()
            && self.filter.year.is_empty())
    }
}

fn cells(activity: Activity) -> Vec<String> {
    let (called, came) = activity.words.attendance();
    vec![
        activity.organ_name,
        activity.kind.name().to_owned(),
        activity.words.title,
        activity.words.held_on.to_string(),
        activity.words.place,
        activity.words.person,
        called.to_string(),
        came.to_string(),
        activity.words.outcome,
    ]
}

/// `GET /workspace/organisation/activities`
pub(in crate::pages) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewOrganisation>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let today = app.today();
    let narrow = filter.narrow(today);
    let whole = is_file(&filter.format);
    let (activities, paging, kinds, units) = app
        .db
        .read(async |tx: &mut Tx| {
            let within = Reach::of(tx, permit.roles()).await?;
            let total = store::count(tx, &within, &narrow).await?;
            let paging = Paging::new(filter.page.parse().ok(), total);
            let rows = if whole {
                (0, FILE_ROWS_MAX)
            } else {
                (paging.offset(), paging.rows())
            };
            let activities = store::list(tx, &within, &narrow, rows).await?;
            let any_kind = Narrow {
                kind: None,
                ..narrow.clone()
            };
            let kinds = store::kinds(tx, &within, &any_kind).await?;
            let units = reach::store::units(tx, &within).await?;
            Ok::<_, StoreError>((activities, paging, kinds, units))
        })
        .await?;
    if whole {
        let rows = activities.into_iter().map(cells).collect();
        return as_file("会议培训台账", &filter.format, &HEADS, rows, today).await;
    }
    page(&ListPage {
        may_keep: shell.may(&KeepOrganisation::ROW),
        shell,
        filter,
        kinds,
        activities,
        units,
        paging,
    })
}

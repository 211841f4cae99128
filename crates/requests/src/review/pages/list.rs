//! Reviews and suits, with the columns of table 四 as counts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Paging, Problem, Query, Shell, address, day, page};
use serde::Deserialize;

use super::PATH;
use crate::acts::{KeepReviews, ViewReviews};
use crate::reach;
use crate::review::store::{self, Narrow};
use crate::review::{Remedy, RemedyKind, RemedyOutcome};

/// Years of decisions that can be chosen.
const YEARS: i16 = 10;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    kind: String,
    outcome: String,
    case: String,
    organ: String,
    /// Decided in it.
    year: String,
    text: String,
    page: Option<i64>,
}

impl Filter {
    fn parts(&self) -> [(&str, &str); 6] {
        [
            ("kind", &self.kind),
            ("outcome", &self.outcome),
            ("case", &self.case),
            ("organ", &self.organ),
            ("year", &self.year),
            ("text", &self.text),
        ]
    }
}

#[derive(Template)]
#[template(path = "review/list.html")]
struct ListPage {
    shell: Shell,
    remedies: Vec<Remedy>,
    organs: Vec<(OrganId, String)>,
    paging: Paging,
    filter: Filter,
    today: Date,
    may_keep: bool,
}

impl ListPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        RemedyKind::options()
    }

    fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        let mut outcomes = vec![("pending", "尚未审结")];
        outcomes.extend(RemedyOutcome::options());
        outcomes
    }

    /// Years in which one may have been decided.
    fn years(&self) -> Vec<i16> {
        (0..YEARS).map(|ago| self.today.year() - ago).collect()
    }

    fn is_year(&self, year: &i16) -> bool {
        self.filter.year == year.to_string()
    }

    fn is_organ(&self, id: &OrganId) -> bool {
        self.filter.organ == id.to_string()
    }

    fn address(&self) -> String {
        format!("{}page=", address(PATH, &self.filter.parts()))
    }

    fn is_narrowed(&self) -> bool {
        let parts = self.filter.parts();
        parts.iter().any(|(_, part)| !part.is_empty())
    }

    fn day(&self, date: &Date) -> String {
        day(*date)
    }

    /// The organ's own answer: done, late, or when it is due.
    fn answer(&self, remedy: &Remedy) -> String {
        match (remedy.words.answered_on, remedy.answer_limit()) {
            (Some(on), _) => format!("已于{}提交", day(on)),
            (None, _) if remedy.ending.is_some() => "—".to_owned(),
            (None, Some(due)) if due < self.today => format!("■ 已逾期，应于{}前提交", day(due)),
            (None, Some(due)) => format!("{}前提交", day(due)),
            (None, None) => "未收到副本".to_owned(),
        }
    }
}

/// `GET /workspace/requests/reviews?kind=review&outcome=pending`
pub(super) async fn list(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewReviews>,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let outcome = if filter.outcome == "pending" {
        filter.outcome.clone()
    } else {
        RemedyOutcome::from_code(&filter.outcome)
            .map_or_else(String::new, |one| one.code().to_owned())
    };
    let narrow = Narrow {
        kind: RemedyKind::from_code(&filter.kind),
        outcome,
        case_id: filter.case.clone(),
        organ: filter.organ.parse().ok(),
        year: filter.year.parse().ok(),
        text: filter.text.trim().to_owned(),
    };
    let (remedies, organs, paging) = app
        .db
        .read(async |tx: &mut Tx| {
            let scope = reach::seen(tx, permit.roles()).await?;
            let total = store::count(tx, &scope, &narrow).await?;
            let paging = Paging::new(filter.page, total);
            let place = (paging.offset(), paging.rows());
            let remedies = store::list(tx, &scope, &narrow, place).await?;
            let organs = store::organs(tx, &scope).await?;
            Ok::<_, StoreError>((remedies, organs, paging))
        })
        .await?;
    let person = shell.person.as_ref();
    let may_keep = person.is_some_and(|person| person.permit::<KeepReviews>().is_some());
    page(&ListPage {
        shell,
        remedies,
        organs,
        paging,
        filter,
        today: app.today(),
        may_keep,
    })
}

//! By night: stale, blank and incomplete columns become findings of their keepers, and are closed when a later look finds
//! them in order.

use std::sync::Arc;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Date};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::{self, FindingKind, Found, Severity, Source};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::organ;
use gongkai_platform::web::{App, day};
use serde_json::json;

use super::handle::SUBJECT;
use super::{Column, Content, Standing, store};
use crate::id::ColumnId;

const KIND: &str = "column.check";
/// Days for mending what a check found: usage of offices.
const MEND_DAYS: i64 = 7;

/// What may be wrong with a column; each is a finding of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Stale,
    Blank,
    Elements,
}

impl Wrong {
    const ALL: [Self; 3] = [Self::Stale, Self::Blank, Self::Elements];

    const fn code(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Blank => "blank",
            Self::Elements => "elements",
        }
    }

    const fn kind(self) -> FindingKind {
        match self {
            Self::Stale => FindingKind::NotUpdated,
            Self::Blank => FindingKind::NotPublished,
            Self::Elements => FindingKind::MissingField,
        }
    }
}

/// What is told of it: title and detail; `None` where it is in order.
fn told(wrong: Wrong, column: &Column, content: &Content, today: Date) -> Option<(String, String)> {
    let name = &column.spec.name;
    if column.closed_why.is_some() {
        return None;
    }
    match (wrong, column.standing(content, today)) {
        (Wrong::Stale, Standing::Stale(late)) => Some((
            format!("“{name}”专栏更新超期"),
            format!(
                "最近更新{}，要求{}内更新，已超{late}天。请发布新的内容，并在文件页归入本专栏。",
                content.last.map_or_else(|| "无".to_owned(), day),
                column.spec.interval(),
            ),
        )),
        (Wrong::Blank, Standing::Blank) => Some((
            format!("“{name}”专栏没有内容"),
            "空白栏目会被单项否决。请把已发布的文件归入本专栏；确实不再需要的，请关闭并说明。"
                .to_owned(),
        )),
        (Wrong::Elements, standing) if standing != Standing::Blank => {
            let missing = column.missing(content);
            (!missing.is_empty()).then(|| {
                (
                    format!("“{name}”专栏缺少必备要素"),
                    format!("还没有公开的要素：{}。", missing.join("、")),
                )
            })
        }
        _ => None,
    }
}

fn key(column: ColumnId, wrong: Wrong) -> String {
    format!("column:{column}:{}", wrong.code())
}

/// Closes what a keeper had to mend of a column that another unit keeps from now on.
///
/// # Errors
/// When the store fails.
pub(super) async fn give_up(
    tx: &mut Tx,
    actor: &Actor,
    (keeper, column): (OrganId, ColumnId),
    (today, why): (Date, &str),
) -> Result<(), StoreError> {
    for wrong in Wrong::ALL {
        finding::settle_as(tx, actor, (keeper, &key(column, wrong)), today, why).await?;
    }
    Ok(())
}

/// What one look did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    pub columns: i64,
    pub found: i64,
    pub settled: i64,
}

/// Looks at all columns of one keeper.
///
/// # Errors
/// When the store fails.
pub async fn look(
    tx: &mut Tx,
    actor: &Actor,
    keeper: OrganId,
    today: Date,
) -> Result<Outcome, StoreError> {
    let government = organ::store::government_of(tx, keeper).await?;
    let office = store::office_of(tx, government.unwrap_or(keeper)).await?;
    let columns = store::of_keeper(tx, keeper).await?;
    let mut outcome = Outcome::default();
    for (column, content) in &columns {
        outcome.columns += 1;
        for wrong in Wrong::ALL {
            let key = key(column.id, wrong);
            let Some((title, detail)) = told(wrong, column, content, today) else {
                let settled = finding::settle(tx, actor, (keeper, &key), today).await?;
                outcome.settled += i64::from(settled.is_some());
                continue;
            };
            outcome.found += 1;
            let found = Found {
                organ: keeper,
                office,
                key,
                kind: wrong.kind(),
                severity: Severity::Major,
                source: Source::Check,
                title,
                detail,
                url: Some(format!("/columns/{}", column.spec.slug)),
                about: Some((SUBJECT.to_owned(), column.id.to_string())),
                found_on: today,
                fix_due_on: today.checked_add(jiff::Span::new().days(MEND_DAYS)).ok(),
            };
            finding::report(tx, actor, found).await?;
        }
    }
    let sentence = format!(
        "检查专栏：{}个，有问题{}项，销号{}项",
        outcome.columns, outcome.found, outcome.settled
    );
    tx.record(
        Event::new(
            actor,
            "column.checked",
            ("organ", keeper.to_string()),
            sentence,
        )
        .organ(keeper)
        .data(json!({ "found": outcome.found })),
    );
    Ok(outcome)
}

/// Looks at every keeper's columns, each keeper in a transaction of its own.
///
/// # Errors
/// When the store fails.
pub async fn run(app: &App, actor: &Actor, today: Date) -> Result<Outcome, StoreError> {
    let keepers = app
        .db
        .read(async |tx: &mut Tx| store::keepers(tx).await)
        .await?;
    let mut all = Outcome::default();
    for keeper in keepers {
        let one = app
            .db
            .write(async |tx: &mut Tx| look(tx, actor, keeper, today).await)
            .await?;
        all.columns += one.columns;
        all.found += one.found;
        all.settled += one.settled;
    }
    Ok(all)
}

/// The nightly look at all columns.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let all = run(app, &Actor::System, app.today()).await?;
            Ok(format!(
                "检查了{}个专栏，有问题{}项，销号{}项。",
                all.columns, all.found, all.settled
            ))
        })
    })
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "重点领域专栏检查",
        when: When::Daily {
            hour: 4,
            minute: 40,
        },
    }]
}

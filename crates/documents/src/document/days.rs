//! By night: what the calendar alone changes, as events. 公示期 is over, a text comes into force or out of it; nobody does
//! anything, yet the index and whatever else follows the events must know.

use std::sync::Arc;

use gongkai_basis::{Actor, Date};
use gongkai_platform::audit::Event;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::web::{App, day};

use super::handle::{SUBJECT, event};
use super::validity::{self, Turn};
use super::{Document, cited, openness, store};

const KIND: &str = "document.days";
/// How far the first look goes back; an index older than that was built anew since.
const FIRST_LOOK_DAYS: i64 = 31;
/// Documents of one statement.
const AT_ONCE: i64 = 200;

/// What the day did to it, as the history says it.
fn sentence(document: &Document, (since, today): (Date, Date)) -> String {
    let title = &document.title;
    match document.shown_until {
        Some(last) if since <= last && last < today => {
            let then = if document.limited {
                "内容自动撤下"
            } else {
                "不再列入检索"
            };
            format!("《{title}》的公示期于{}届满，{then}", day(last))
        }
        _ => format!("《{title}》的有效性从这一天起有变化，检索随之更新"),
    }
}

/// What those read who name it.
async fn became(
    tx: &mut Tx,
    document: &Document,
    (since, today): (Date, Date),
) -> Result<String, StoreError> {
    let is_over = document
        .shown_until
        .is_some_and(|last| since <= last && last < today);
    if is_over {
        return Ok("公示期届满".to_owned());
    }
    let turns = store::turns(tx, &[document.id]).await?;
    let turns: Vec<Turn> = turns.into_iter().map(|(_, turn)| turn).collect();
    let (from, to) = (document.effective_on, document.expires_on);
    let now = validity::on(today, from, to, &turns);
    Ok(format!("从今天起{}", now.name()))
}

/// Tells of each document what the days since the last look changed; gives how many there were.
///
/// # Errors
/// When the store fails.
pub async fn look(tx: &mut Tx, actor: &Actor, today: Date) -> Result<i64, StoreError> {
    let first = jiff::Span::new().days(-FIRST_LOOK_DAYS);
    let since = match store::looked_on(tx).await? {
        Some(since) => since,
        None => today.checked_add(first).unwrap_or(today),
    };
    let (mut told, mut after) = (0, String::new());
    loop {
        let changed = store::changed_by_days(tx, (since, today), &after, AT_ONCE).await?;
        let Some(last) = changed.last() else {
            break;
        };
        after = last.id.to_string();
        for document in &changed {
            let said = sentence(document, (since, today));
            tx.record(event(actor, document, "document.day-came", said));
            let verb = became(tx, document, (since, today)).await?;
            cited::changed_by_day(tx, document, (today, &verb)).await?;
            told += 1;
        }
    }
    let due = openness::tell(tx, (since, today)).await?;
    store::set_looked_on(tx, today).await?;
    tx.record(Event::new(
        actor,
        "document.days-looked",
        (SUBJECT, String::new()),
        format!("随日期变化的文件{told}件，到公开属性复核日期的{due}件"),
    ));
    Ok(told)
}

/// The nightly look.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let today = app.today();
            let look = async |tx: &mut Tx| look(tx, &Actor::System, today).await;
            let told = app.db.write(look).await?;
            app.db.upkeep(store::join_counts).await?;
            Ok(format!("随日期变化的文件{told}件。"))
        })
    })
}

/// Just after midnight.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "公示期、有效性和公开属性复核随日期更新",
        when: When::Daily { hour: 0, minute: 1 },
    }]
}

//! By night: what was read in contents that nobody is given any more goes, too: uploads that nobody saved, files that were
//! taken down in every place.

use std::sync::Arc;

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::withheld;
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::web::App;
use jiff::SignedDuration;

use crate::document::store;

const KIND: &str = "document.forget-readings";
/// Contents of one transaction.
const AT_ONCE: i64 = 200;
/// A file is read before its row is there; what is younger than this is left alone.
const YOUNG: SignedDuration = SignedDuration::from_hours(24);

/// Forgets what was read in these contents, as far as nobody is given them any more; gives how many those were.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, hashes: &[String]) -> Result<usize, StoreError> {
    let served = withheld::served(tx, hashes).await?;
    let gone = hashes.iter().filter(|hash| !served.contains(*hash));
    let gone: Vec<&str> = gone.map(String::as_str).collect();
    store::forget_readings(tx, &gone).await?;
    Ok(gone.len())
}

async fn run(app: &App) -> Result<usize, StoreError> {
    let before = app.db.now().as_millisecond() - YOUNG.as_millis() as i64;
    let (mut forgotten, mut after) = (0, String::new());
    loop {
        let look = async |tx: &mut Tx| {
            let some = store::read_before(tx, before, &after, AT_ONCE).await?;
            Ok::<_, StoreError>((forget(tx, &some).await?, some.last().cloned()))
        };
        let (gone, last) = app.db.upkeep(look).await?;
        forgotten += gone;
        match last {
            Some(last) => after = last,
            None => return Ok(forgotten),
        }
    }
}

/// The nightly tidying.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            Ok(format!("清除不再需要的附件检查内容{}份。", run(app).await?))
        })
    })
}

/// Every night, after files that nobody used are gone.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "清除不再需要的附件检查内容",
        when: When::Daily {
            hour: 3,
            minute: 30,
        },
    }]
}

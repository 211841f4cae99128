//! By night: the pages of 上级文件 on hosts that the configuration lists are read and compared with the text that was taken.

use std::sync::Arc;

use gongkai_basis::Actor;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::{Schedule, When};
use gongkai_platform::job::{Worker, nightly};
use gongkai_platform::web::App;

use super::{Upper, handle, seal};
use crate::document::store;
use crate::pages::source::{difference, words_at};

const KIND: &str = "document.upper";
/// Entries that are read at once.
const AT_ONCE: i64 = 50;

/// The hash of what differs on the page; `None` where nothing does. Inside, why there was no answer.
async fn ask(app: &App, upper: &Upper) -> Result<Option<String>, String> {
    match words_at(app, &upper.words.address).await {
        Ok(Ok(words)) => {
            Ok(difference(&words, &upper.words.text).map(|differing| seal(&differing)))
        }
        Ok(Err(why)) => Err(why),
        Err(_) => Err("网页没有读成，稍后会再试。".to_owned()),
    }
}

/// Looks at the pages of all entries whose hosts are listed; gives how many were asked and how many differ anew.
///
/// # Errors
/// When the store fails; what was kept is kept.
pub async fn look(app: &App) -> Result<(i64, i64), StoreError> {
    let (mut asked, mut differ, mut after) = (0, 0, String::new());
    loop {
        let read = async |tx: &mut Tx| store::uppers_on_web(tx, &after, AT_ONCE).await;
        let some = app.db.read(read).await?;
        let Some(last) = some.last() else {
            return Ok((asked, differ));
        };
        after = last.id.to_string();
        for upper in some {
            // No host is asked that the configuration does not list.
            if !app.outside.lists(&upper.words.address) {
                continue;
            }
            asked += 1;
            let failed = match ask(app, &upper).await {
                Ok(Some(found)) if upper.is_news(&found) => {
                    differ += 1;
                    let flag =
                        async |tx: &mut Tx| handle::flag(tx, &Actor::System, upper, found).await;
                    app.db.write(flag).await?;
                    continue;
                }
                Ok(_) => String::new(),
                Err(why) => why,
            };
            app.db
                .upkeep(async |tx: &mut Tx| store::set_upper_looked(tx, upper.id, &failed).await)
                .await?;
        }
    }
}

/// The nightly look.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    nightly(KIND, app, |app| {
        Box::pin(async move {
            let (asked, differ) = look(app).await?;
            Ok(format!(
                "看了上级文件的网页{asked}个，新发现与登记不一致的{differ}个。"
            ))
        })
    })
}

/// Every night.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        kind: KIND,
        title: "核对上级文件的网页",
        when: When::Daily { hour: 4, minute: 5 },
    }]
}

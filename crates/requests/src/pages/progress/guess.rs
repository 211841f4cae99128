//! Wrong codes are counted, by number and by address.

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, ClientAddress, Problem, hash_token};

use crate::key::store as guesses;
use crate::request::case::Case;
use crate::request::store;

/// Wrong codes that one address may try for one number in [`GUESS_WINDOW_MILLISECONDS`].
const GUESSES_MAX: i64 = 10;
/// Wrong codes that one address may try for all numbers: a hall or an office stands behind one.
const GUESSES_OF_ADDRESS_MAX: i64 = 100;
/// 15 minutes.
const GUESS_WINDOW_MILLISECONDS: i64 = 15 * 60 * 1000;

/// Who tries codes of one number. Wrong ones count for the number and the address together, so that nobody is kept from
/// their own case by others behind the same address; a larger number of them counts for the address alone.
pub(super) struct Guesser {
    here: String,
    address: String,
}

impl Guesser {
    pub(super) fn of(client: ClientAddress, what: &str, number: &str) -> Self {
        let address = client.0.to_string();
        Self {
            here: hash_token(&format!("{address}|{what}|{}", number.trim())),
            address: hash_token(&address),
        }
    }

    /// The case of the number.
    ///
    /// # Errors
    /// Too many wrong codes of late.
    pub(super) async fn case(&self, app: &App, number: &str) -> Result<Option<Case>, Problem> {
        let now = app.db.now().as_millisecond();
        let since = now - GUESS_WINDOW_MILLISECONDS;
        let (case, here, address) = app
            .db
            .read(async |tx: &mut Tx| {
                let here = guesses::full_since(tx, &self.here, (since, GUESSES_MAX)).await?;
                let most = (since, GUESSES_OF_ADDRESS_MAX);
                let address = guesses::full_since(tx, &self.address, most).await?;
                let case = store::by_number(tx, number.trim()).await?;
                Ok::<_, StoreError>((case, here, address))
            })
            .await?;
        let Some(full) = here.max(address) else {
            return Ok(case);
        };
        let wait = full + GUESS_WINDOW_MILLISECONDS - now;
        let minutes = (wait.max(1) + 59_999) / 60_000;
        Err(Problem::new(Problem::TOO_MANY).detail(if address.is_some() {
            format!("这个网络地址输错查询码的次数过多，所有编号请{minutes}分钟后再试；别的网络不受影响。")
        } else {
            format!("这个编号在这个网络地址输错查询码的次数过多，请{minutes}分钟后再试；别的编号、别的网络不受影响。")
        }))
    }

    pub(super) async fn missed(&self, app: &App) -> Result<(), Problem> {
        let since = app.db.now().as_millisecond() - GUESS_WINDOW_MILLISECONDS;
        Ok(app
            .db
            .upkeep(async |tx: &mut Tx| {
                guesses::note_guess(tx, [&self.here, &self.address], since).await
            })
            .await?)
    }
}

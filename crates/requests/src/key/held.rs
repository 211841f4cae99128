//! The secret as a process holds it.

use std::sync::OnceLock;

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::App;

use super::{Keys, store};

/// The keys of this store, made when nobody has needed them yet: whoever comes first, an applicant with a form or a desk with
/// a letter to print. They never change, so a process reads them once.
///
/// # Errors
/// When the store fails.
pub(crate) async fn held(app: &App) -> Result<Keys, StoreError> {
    let known = app.memory::<OnceLock<Keys>>();
    if let Some(keys) = known.get() {
        return Ok(keys.clone());
    }
    let found = app
        .db
        .read(async |tx: &mut Tx| store::load(tx).await)
        .await?;
    let keys = match found {
        Some(keys) => keys,
        None => {
            app.db
                .upkeep(async |tx: &mut Tx| store::make(tx).await)
                .await?
        }
    };
    Ok(known.get_or_init(|| keys).clone())
}

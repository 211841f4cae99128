//! Where the secret is kept, and who guessed wrongly of late.

use gongkai_platform::db::{StoreError, Tx, sql};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::Keys;

/// The secret, made if there is none yet; call it in a writing transaction first.
///
/// # Errors
/// When the store fails.
pub async fn make(tx: &mut Tx) -> Result<Keys, StoreError> {
    for name in ["code", "seed"] {
        // Three fresh random numbers hold more than the 256 bits that a key needs.
        let random: String = (0..3)
            .map(|_| Uuid::new_v4().simple().to_string())
            .collect();
        tx.run(
            sql("INSERT INTO request_key (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(name)
                .bind(hex::encode(Sha256::digest(random.as_bytes()))),
        )
        .await?;
    }
    load(tx).await?.ok_or(StoreError::Stale)
}

/// The secret, if there is one.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx) -> Result<Option<Keys>, StoreError> {
    let rows = tx.all(sql("SELECT name, value FROM request_key")).await?;
    let mut found: (Option<String>, Option<String>) = (None, None);
    for row in rows {
        let name: String = row.get("name")?;
        match name.as_str() {
            "code" => found.0 = Some(row.get("value")?),
            "seed" => found.1 = Some(row.get("value")?),
            _ => {}
        }
    }
    Ok(found
        .0
        .zip(found.1)
        .and_then(|(code, seed)| Keys::from_hex(&code, &seed)))
}

/// When the oldest of the newest so many wrong codes under a key was tried, where there are so many since an instant.
///
/// # Errors
/// When the store fails.
pub async fn full_since(
    tx: &mut Tx,
    key: &str,
    (since, most): (i64, i64),
) -> Result<Option<i64>, StoreError> {
    let row = tx
        .optional(
            sql("SELECT at FROM request_guess WHERE address = $1 AND at >= $2 ORDER BY at DESC LIMIT 1 OFFSET $3")
                .bind(key)
                .bind(since)
                .bind(most - 1),
        )
        .await?;
    row.map(|row| row.get("at")).transpose()
}

/// One more wrong code under each key; what is older than the instant is forgotten.
///
/// # Errors
/// When the store fails.
pub async fn note_guess(tx: &mut Tx, keys: [&str; 2], since: i64) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(sql("DELETE FROM request_guess WHERE at < $1").bind(since))
        .await?;
    for key in keys {
        tx.run(
            sql("INSERT INTO request_guess (address, at) VALUES ($1, $2)")
                .bind(key)
                .bind(now),
        )
        .await?;
    }
    Ok(())
}

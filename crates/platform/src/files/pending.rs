//! Files that a person chose in a form which was not accepted yet. They wait here, so that nobody has to choose again;
//! what is not used within a week goes.

use gongkai_basis::id::{AccountId, FileId};
use jiff::SignedDuration;

use super::{Files, unlink};
use crate::db::{Db, StoreError, Tx, sql};

/// How long a chosen file waits for its form.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Files looked at for left-overs in one go.
const HASHES_AT_ONCE: usize = 200;

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub id: FileId,
    pub sha256: String,
    /// As the browser named it.
    pub name: String,
    pub bytes: i64,
}

/// Notes a stored file as chosen by a person.
///
/// # Errors
/// When the store fails.
pub async fn keep(tx: &mut Tx, account: AccountId, file: &Pending) -> Result<(), StoreError> {
    let now = tx.now().as_millisecond();
    tx.run(
        sql("INSERT INTO pending_file (id, account_id, sha256, name, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(file.id)
            .bind(account)
            .bind(&file.sha256)
            .bind(&file.name)
            .bind(file.bytes)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// A waiting file of this person; another's is not found.
///
/// # Errors
/// When the store fails.
pub async fn find(
    tx: &mut Tx,
    account: AccountId,
    id: FileId,
) -> Result<Option<Pending>, StoreError> {
    tx.optional(
        sql("SELECT id, sha256, name, bytes FROM pending_file WHERE id = $1 AND account_id = $2")
            .bind(id)
            .bind(account),
    )
    .await?
    .map(|row| {
        Ok(Pending {
            id: row.get("id")?,
            sha256: row.get("sha256")?,
            name: row.get("name")?,
            bytes: row.get("bytes")?,
        })
    })
    .transpose()
}

/// A file has found its place, or is not wanted any more.
///
/// # Errors
/// When the store fails.
pub async fn release(tx: &mut Tx, id: FileId) -> Result<(), StoreError> {
    tx.run(sql("DELETE FROM pending_file WHERE id = $1").bind(id))
        .await?;
    Ok(())
}

/// Lets go what waited too long, then takes from the disk what no row names. Gives how many files were taken.
///
/// # Errors
/// When the store or the disk fails; what was taken until then stays so.
pub async fn purge(db: &Db, files: &Files) -> Result<u64, StoreError> {
    let before = db.now().as_millisecond() - KEPT.as_millis() as i64;
    db.upkeep(async |tx: &mut Tx| {
        tx.run(sql("DELETE FROM pending_file WHERE created_at < $1").bind(before))
            .await
    })
    .await?;
    let root = files.clone();
    let old = tokio::task::spawn_blocking(move || root.older_than(before))
        .await
        .map_err(std::io::Error::other)??;
    let mut taken = 0;
    for hashes in old.chunks(HASHES_AT_ONCE) {
        let mut statement = sql("SELECT sha256 FROM file WHERE sha256 IN ");
        statement
            .push_list(hashes.iter().map(String::as_str))
            .push(" UNION SELECT sha256 FROM pending_file WHERE sha256 IN ")
            .push_list(hashes.iter().map(String::as_str));
        let named: Vec<String> = db
            .read(async |tx: &mut Tx| {
                tx.all(statement)
                    .await?
                    .iter()
                    .map(|row| row.get("sha256"))
                    .collect::<Result<_, StoreError>>()
            })
            .await?;
        let unnamed: Vec<String> = hashes
            .iter()
            .filter(|hash| !named.contains(hash))
            .cloned()
            .collect();
        let root = files.clone();
        taken += tokio::task::spawn_blocking(move || take(&root, &unnamed, before))
            .await
            .map_err(std::io::Error::other)??;
    }
    Ok(taken)
}

/// Removes files that no row named a moment ago; gives how many went. One that somebody put again since it was listed is
/// young, and about to be named; one that is gone already is no failure. Blocking.
fn take(files: &Files, unnamed: &[String], before: i64) -> Result<u64, StoreError> {
    let mut taken = 0;
    for hash in unnamed {
        if files.put_at(hash)?.is_none_or(|put_at| put_at >= before) {
            continue;
        }
        taken += u64::from(unlink(&files.path(hash))?);
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::{Pending, find, keep, purge, release, take};
    use crate::db::Tx;
    use crate::files::{Files, Stored, insert};
    use crate::testing::{MovableClock, backends, person, scratch, uuid};
    use gongkai_basis::id::FileId;
    use jiff::SignedDuration;

    #[tokio::test]
    async fn a_chosen_file_waits_for_its_person_alone_and_leaves_nothing_behind() {
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, guard) = scratch(&backend, clock.clock()).await;
            let files = Files::new(guard.folder());
            let (one, other) = (person(&db, "甲", &[]).await, person(&db, "乙", &[]).await);
            let chosen = |bytes: &[u8]| Pending {
                id: FileId::new(uuid()),
                sha256: files.put(bytes).unwrap(),
                name: "纪要.docx".to_owned(),
                bytes: bytes.len() as i64,
            };
            let (waits, used) = (chosen(b"waits"), chosen(b"used"));
            let stored = Stored {
                id: FileId::new(uuid()),
                sha256: used.sha256.clone(),
                name: used.name.clone(),
                media_type: "text/plain".to_owned(),
                bytes: 4,
                organ: None,
            };
            db.upkeep(async |tx: &mut Tx| {
                keep(tx, one, &waits).await?;
                keep(tx, one, &used).await?;
                insert(tx, &stored).await?;
                release(tx, used.id).await
            })
            .await
            .unwrap();
            let id = waits.id;
            let found = db
                .read(async |tx: &mut Tx| {
                    Ok::<_, crate::db::StoreError>((
                        find(tx, one, id).await?,
                        find(tx, other, id).await?,
                        find(tx, one, used.id).await?,
                    ))
                })
                .await
                .unwrap();
            assert_eq!(found, (Some(waits.clone()), None, None));
            // Bytes on the disk are as old as the disk says; the clock of the test is moved beyond.
            assert_eq!(purge(&db, &files).await.unwrap(), 0);
            clock.advance(SignedDuration::from_hours(24 * 365 * 20));
            assert_eq!(purge(&db, &files).await.unwrap(), 1);
            assert!(!files.path(&waits.sha256).exists());
            assert!(files.path(&used.sha256).exists());
        }
    }

    #[test]
    fn what_is_put_again_before_it_is_taken_stays_and_what_is_gone_is_no_failure() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().to_path_buf());
        let (old, again) = (files.put(b"old").unwrap(), files.put(b"again").unwrap());
        let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        for hash in [&old, &again] {
            let file = std::fs::File::open(files.path(hash)).unwrap();
            file.set_modified(long_ago).unwrap();
        }
        let before = 1_500_000_000_000;
        let mut listed = files.older_than(before).unwrap();
        listed.push("0".repeat(64));
        assert_eq!(listed.len(), 3);
        files.put(b"again").unwrap();
        assert_eq!(take(&files, &listed, before).unwrap(), 1);
        assert!(!files.path(&old).exists() && files.path(&again).exists());
    }
}

//! Before an upgrade: a copy of the store beside the data.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use gongkai_platform::audit;
use gongkai_platform::db::{Db, DbKind, StoreError, Tx};

use crate::config::Config;
use crate::private;

/// Where the copies lie, in the data folder.
const FOLDER: &str = "backups";
/// What their names begin with.
const BEGINS: &str = "before-upgrade-";
/// What the name of a copy ends with while it is written.
const UNFINISHED: &str = ".part";
/// Of the hash of the newest event, so many digits stand in the name.
const HASH_DIGITS: usize = 8;

/// Copies the store and gives the copy. It is named after what it holds, the version of the schema and the end of the audit
/// chain: a start that is tried again finds the copy and makes no second one, however often it fails. PostgreSQL is copied by
/// its own tools, and the operator says that it was done; then there is none here.
///
/// # Errors
/// When the copy cannot be made; nothing of it is left behind.
pub(crate) async fn copy(config: &Config, db: &Db, backed_up: bool) -> Result<Option<PathBuf>> {
    if db.kind() == DbKind::Postgres {
        ensure!(
            backed_up,
            "数据要升级，还没有升级，也没有启动。请先用 pg_dump 备份数据库，再用 gongkai serve --backed-up 启动一次。"
        );
        return Ok(None);
    }
    let folder = config.data.join(FOLDER);
    private::folder(&folder)?;
    let version = db.schema_version().await?;
    let (seq, hash) = db.read(async |tx: &mut Tx| audit::newest(tx).await).await?;
    let hash = hash.get(..HASH_DIGITS).unwrap_or(&hash);
    let copy = folder.join(format!("{BEGINS}{version}-{seq}-{hash}.db"));
    if copy.is_file() {
        tracing::info!(file = %copy.display(), "the store was copied at an earlier start");
        return Ok(Some(copy));
    }
    write(db, &folder, &copy)
        .await
        .context("升级前的备份没有做成，没有升级，数据没有改动。请检查剩余空间后重新启动")?;
    tracing::info!(file = %copy.display(), "copied the store before the upgrade");
    Ok(Some(copy))
}

/// The name that counts is given to a whole copy only.
async fn write(db: &Db, folder: &Path, copy: &Path) -> Result<(), StoreError> {
    sweep(folder)?;
    let mut unfinished = copy.as_os_str().to_owned();
    unfinished.push(UNFINISHED);
    let unfinished = PathBuf::from(unfinished);
    let written = match db.copy_into(&unfinished).await {
        Ok(()) => named(folder, &unfinished, copy).map_err(StoreError::from),
        Err(error) => Err(error),
    };
    if written.is_err() {
        // It may be what fills the disk.
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

fn named(folder: &Path, unfinished: &Path, copy: &Path) -> std::io::Result<()> {
    // The database does not wait until a copy is on the disk.
    std::fs::File::open(unfinished)?.sync_all()?;
    std::fs::rename(unfinished, copy)?;
    std::fs::File::open(folder)?.sync_all()
}

/// Takes away what earlier starts did not finish.
fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(BEGINS) && name.ends_with(UNFINISHED) {
            match std::fs::remove_file(entry.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(())
}

/// What an operator reads when the schema could not be brought up to date.
pub(crate) fn failed(copy: Option<&Path>) -> String {
    let copy = copy.map_or_else(String::new, |copy| {
        format!("升级前的数据在“{}”，再次启动不会重复复制。", copy.display())
    });
    format!("数据升级没有做完，没有启动。{copy}请按下面的原因处理后重新启动")
}

/// How many copies lie beside the data, where, and how large they are together, in bytes.
pub(crate) fn copies(config: &Config) -> (usize, PathBuf, u64) {
    let folder = config.data.join(FOLDER);
    let (mut files, mut bytes) = (0, 0_u64);
    if let Ok(entries) = std::fs::read_dir(&folder) {
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(BEGINS) && !name.ends_with(UNFINISHED) {
                files += 1;
                bytes = bytes.saturating_add(entry.metadata().map_or(0, |about| about.len()));
            }
        }
    }
    (files, folder, bytes)
}

#[cfg(test)]
mod tests {
    use gongkai_platform::testing::{self, Backend, MovableClock};

    use super::{BEGINS, FOLDER, UNFINISHED, copies, copy};
    use crate::config::Config;

    #[tokio::test]
    async fn a_start_that_is_tried_again_makes_no_second_copy() {
        let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
        let (db, guard) = testing::scratch_empty(&Backend::Sqlite, clock.clock()).await;
        db.migrate_to(gongkai_schema::VERSION - 1).await.unwrap();
        testing::organ(&db, "安澜市人民政府办公室", None).await;
        let config = Config {
            data: guard.folder().join("data"),
            ..Config::default()
        };
        assert_eq!(copies(&config).0, 0);
        let first = copy(&config, &db, false).await.unwrap().unwrap();
        // What a lost process left behind goes; what is whole stays.
        let folder = config.data.join(FOLDER);
        let left = folder.join(format!("{BEGINS}1-1-00000000.db{UNFINISHED}"));
        std::fs::write(&left, b"half").unwrap();
        clock.advance(jiff::SignedDuration::from_secs(2));
        let again = copy(&config, &db, false).await.unwrap().unwrap();
        assert_eq!((again, copies(&config).0), (first.clone(), 1));
        // Work with the old program in between is in a copy of its own.
        testing::organ(&db, "安澜市教育局", None).await;
        let later = copy(&config, &db, false).await.unwrap().unwrap();
        assert!(later != first && first.is_file() && later.is_file());
        assert!(!left.exists());
        let (files, _, bytes) = copies(&config);
        assert!(files == 2 && bytes > 0);
    }
}

//! Backup and restore: every row as JSON and every stored file, in one archive with a hash for each member.
//!
//! The archive is the same for both databases, so a site can move from SQLite to PostgreSQL with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Read, Seek as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::files::Files;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::private;

const MANIFEST: &str = "manifest.json";

/// What an archive holds.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    product: String,
    schema_version: i64,
    taken_at: String,
    /// Member → SHA-256 in hex.
    members: BTreeMap<String, String>,
    rows: BTreeMap<String, u64>,
}

/// What was written or read, for the operator.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    pub rows: u64,
    pub files: u64,
    /// SHA-256 over all members' hashes: two archives of the same state have the same.
    pub digest: String,
}

/// Writes an archive of a store that may be in use; all rows are of one instant.
///
/// # Errors
/// When the store cannot be read or the archive cannot be written; then no archive is left behind.
pub async fn backup(db: &Db, files: &Files, archive: &Path) -> Result<Summary> {
    ensure!(
        !archive.exists(),
        "文件“{}”已存在，没有覆盖。请换一个文件名。",
        archive.display()
    );
    let folder = archive
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let scratch = tempfile::tempdir_in(folder)
        .context("不能在备份目录中写入。数据没有被改动。请检查目录权限和剩余空间")?;
    let (mut members, mut rows) = (BTreeMap::new(), BTreeMap::new());
    let named = db
        .read(async |tx: &mut Tx| {
            for table in gongkai_schema::TABLES {
                let count = write_table(tx, table, &scratch.path().join(table.name)).await?;
                rows.insert(table.name.to_owned(), count);
            }
            let named = gongkai_platform::files::all(tx).await?;
            Ok::<BTreeSet<String>, StoreError>(
                named.into_iter().map(|(sha256, _)| sha256).collect(),
            )
        })
        .await?;
    let unfinished = scratch.path().join("archive");
    let mut builder = tar::Builder::new(BufWriter::new(private::file(&unfinished)?));
    for table in gongkai_schema::TABLES {
        let file = File::open(scratch.path().join(table.name))?;
        let name = format!("rows/{}.jsonl", table.name);
        add(&mut builder, &mut members, &name, file)?;
    }
    // Files are written before the rows that name them and never change, so those named by the rows are all there.
    let stored = stored_files(files.root()).context(UNREADABLE)?;
    let taken = add_stored(&mut builder, &mut members, &stored, &named)?;
    let summary = Summary {
        rows: rows.values().sum(),
        files: taken,
        digest: digest(&members),
    };
    let manifest = Manifest {
        product: "gongkai".into(),
        schema_version: gongkai_schema::VERSION,
        taken_at: db.now().to_string(),
        members,
        rows,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    append_bytes(&mut builder, MANIFEST, &text)?;
    let file = builder
        .into_inner()?
        .into_inner()
        .map_err(|error| error.into_error())?;
    file.sync_all()?;
    std::fs::rename(&unfinished, archive)?;
    Ok(summary)
}

/// Checks every hash of an archive and then fills an empty store from it. It is unpacked beside the stored files: there
/// must be room for them anyway, and the system's folder for temporary files may be a small part of the memory.
///
/// # Errors
/// When a member is damaged or missing, or the store is not empty: nothing is changed then.
pub async fn restore(db: &Db, files: &Files, archive: &Path) -> Result<Summary> {
    let beside = files.root().parent().unwrap_or(Path::new("."));
    private::folder(beside)?;
    let scratch = tempfile::tempdir_in(beside).with_context(|| {
        format!(
            "不能在“{}”中写入，没有恢复。请检查目录权限和剩余空间",
            beside.display()
        )
    })?;
    let manifest = unpack_checked(archive, scratch.path())?;
    ensure!(
        manifest.schema_version <= gongkai_schema::VERSION,
        "备份来自更新版本的程序（数据版本 {}，本程序 {}），没有恢复。请先升级程序。",
        manifest.schema_version,
        gongkai_schema::VERSION
    );
    ensure!(
        db.is_empty().await?,
        "目标位置已有数据，没有恢复，也没有改动。请恢复到新的空目录或空数据库：先用 gongkai init --empty 只写配置文件，再恢复。"
    );
    ensure!(
        db.schema_version().await? <= manifest.schema_version,
        "目标数据库是空的，但结构已经比备份新（用新版本程序启动过），没有恢复，也没有改动。请换一个空目录或空数据库。"
    );
    db.migrate_to(manifest.schema_version).await?;
    for (member, _) in manifest
        .members
        .iter()
        .filter(|(member, _)| member.starts_with("files/"))
    {
        let bytes = std::fs::read(scratch.path().join(member))?;
        let sha256 = files.put(&bytes)?;
        ensure!(
            member.ends_with(&sha256),
            "备份中的文件 {member} 与其名称不符，没有恢复。请换用另一份备份。"
        );
    }
    let folder = scratch.path().join("rows");
    db.upkeep(async |tx: &mut Tx| {
        tx.clear_seeded().await?;
        for table in gongkai_schema::TABLES {
            let file = folder.join(format!("{}.jsonl", table.name));
            if file.exists() {
                read_table(tx, table, &file).await?;
            }
        }
        Ok::<_, StoreError>(())
    })
    .await?;
    db.migrate().await?;
    Ok(Summary {
        rows: manifest.rows.values().sum(),
        files: manifest
            .members
            .keys()
            .filter(|member| member.starts_with("files/"))
            .count() as u64,
        digest: digest(&manifest.members),
    })
}

async fn write_table(
    tx: &mut Tx,
    table: &gongkai_schema::Table,
    file: &Path,
) -> Result<u64, StoreError> {
    let (mut out, mut rows) = (BufWriter::new(File::create(file)?), 0);
    tx.dump(table, |row| {
        rows += 1;
        writeln!(out, "{}", serde_json::Value::Object(row))?;
        Ok(())
    })
    .await?;
    out.flush()?;
    Ok(rows)
}

async fn read_table(
    tx: &mut Tx,
    table: &gongkai_schema::Table,
    file: &Path,
) -> Result<(), StoreError> {
    for line in BufReader::new(File::open(file)?).lines() {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line?)
            .map_err(|_| StoreError::Unsupported("a row of the backup is no JSON"))?;
        tx.load_dumped(table, row).await?;
    }
    Ok(())
}

/// What an operator reads when the folder of files is at fault.
const UNREADABLE: &str = "上传的文件读不出来，没有做成备份，数据没有被改动。请检查数据目录中 files 的权限和磁盘，再备份一次";

/// Adds the stored files; gives how many. What is tidied away or erased while the backup runs may be gone by its turn: that is
/// no loss where the rows of this backup do not name it.
fn add_stored<W: Write>(
    builder: &mut tar::Builder<W>,
    members: &mut BTreeMap<String, String>,
    stored: &[(String, PathBuf)],
    named: &BTreeSet<String>,
) -> Result<u64> {
    let mut taken = 0;
    for (sha256, path) in stored {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && !named.contains(sha256) => {
                continue;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(error).with_context(|| {
                    format!("备份期间文件 {sha256} 被删除，没有做成备份，数据没有被改动。请再备份一次；仍然如此时运行 gongkai verify")
                });
            }
            Err(error) => return Err(error).context(UNREADABLE),
        };
        add(builder, members, &format!("files/{sha256}"), file)
            .with_context(|| format!("文件 {sha256} 没有写入备份，没有做成备份，数据没有被改动。请检查磁盘和剩余空间，再备份一次"))?;
        taken += 1;
    }
    Ok(taken)
}

/// Adds an opened file, which stays readable when its name goes meanwhile.
fn add<W: Write>(
    builder: &mut tar::Builder<W>,
    members: &mut BTreeMap<String, String>,
    name: &str,
    mut file: File,
) -> Result<()> {
    members.insert(name.to_owned(), hash_of(&mut file)?);
    file.rewind()?;
    builder.append_file(name, &mut file)?;
    Ok(())
}

fn append_bytes<W: Write>(builder: &mut tar::Builder<W>, name: &str, bytes: &[u8]) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    builder.append_data(&mut header, name, bytes)?;
    Ok(())
}

/// Unpacks into an own folder and compares every hash; nothing outside the manifest is accepted.
fn unpack_checked(archive: &Path, into: &Path) -> Result<Manifest> {
    let damaged = "备份文件已损坏或不是本系统的备份，没有恢复，现有数据没有改动。请换用另一份备份";
    let mut tar = tar::Archive::new(BufReader::new(
        File::open(archive).with_context(|| format!("打不开备份文件“{}”", archive.display()))?,
    ));
    for entry in tar.entries().context(damaged)? {
        let mut entry = entry.context(damaged)?;
        // `unpack_in` refuses paths that lead outside.
        match entry.unpack_in(into) {
            Ok(inside) => ensure!(inside, damaged),
            Err(error) if no_room(&error) => {
                return Err(error).with_context(|| {
                    format!(
                        "不能把备份展开到“{}”，没有恢复，备份文件没有问题。请检查剩余空间和目录权限后重试",
                        into.display()
                    )
                });
            }
            Err(error) => return Err(error).context(damaged),
        }
    }
    let text = std::fs::read(into.join(MANIFEST)).context(damaged)?;
    let manifest: Manifest = serde_json::from_slice(&text).context(damaged)?;
    ensure!(manifest.product == "gongkai", damaged);
    for (member, wanted) in &manifest.members {
        let path = into.join(member);
        ensure!(path.starts_with(into) && !member.contains(".."), damaged);
        let found = hash_file(&path).context(damaged)?;
        if found != *wanted {
            bail!("备份中的 {member} 校验值不符。{damaged}。");
        }
    }
    Ok(manifest)
}

/// Is it the place that cannot take it, and not the archive that cannot be read?
fn no_room(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
    )
}

/// Every stored file: its hash, and where it lies (in a folder named after the hash's first two letters).
fn stored_files(root: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if !root.exists() {
        return Ok(found);
    }
    for folder in std::fs::read_dir(root)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&folder)? {
            let path = file?.path();
            let parts = [folder.file_name(), path.file_name()];
            let sha256: String = parts
                .iter()
                .filter_map(|name| name.and_then(|name| name.to_str()))
                .collect();
            // Unfinished temporary files have other names than a hash.
            if sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                found.push((sha256, path));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn hash_file(path: &Path) -> Result<String> {
    hash_of(&mut File::open(path)?)
}

fn hash_of(file: &mut File) -> Result<String> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hex::encode(hasher.finalize()))
}

fn digest(members: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    for (member, hash) in members {
        hasher.update(format!("{member}\n{hash}\n"));
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use gongkai_platform::files::Files;

    use super::{add_stored, stored_files};

    #[test]
    fn what_nobody_needs_may_go_while_the_backup_runs_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().to_path_buf());
        let (kept, gone) = (files.put(b"kept").unwrap(), files.put(b"gone").unwrap());
        let stored = stored_files(files.root()).unwrap();
        assert_eq!(stored.len(), 2);
        std::fs::remove_file(files.path(&gone)).unwrap();
        let archive = |named: &[&String]| {
            let named: BTreeSet<String> = named.iter().map(|name| (*name).clone()).collect();
            let (mut builder, mut members) = (tar::Builder::new(Vec::new()), BTreeMap::new());
            let added = add_stored(&mut builder, &mut members, &stored, &named);
            added.map(|added| (added, members))
        };
        let (added, members) = archive(&[&kept]).unwrap();
        assert_eq!(added, 1);
        assert_eq!(
            members.get(&format!("files/{kept}")),
            Some(&kept),
            "its hash is its name"
        );
        assert_eq!(members.len(), 1);
        let why = archive(&[&kept, &gone]).unwrap_err().to_string();
        assert!(why.contains("没有做成备份") && why.contains(&gone), "{why}");
    }
}

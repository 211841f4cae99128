//! `gongkai verify`: the audit chain and every stored file, looked at again.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use gongkai_platform::audit::{self, Verdict};
use gongkai_platform::db::{Db, StoreError, Tx};
use gongkai_platform::files::{Files, all, is_named};
use serde_json::{Value, json};

use super::open_current;
use crate::cli::{Answer, Outcome};
use crate::config::Config;
use crate::failure;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[arg(long, value_enum, default_value_t = Answer::Table, value_name = "格式")]
    format: Answer,
}

/// What is wrong with a stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Damage {
    Missing,
    Changed,
    /// It may be whole; why nobody can tell.
    Unreadable(String),
}

#[derive(Debug, PartialEq, Eq)]
struct Damaged {
    sha256: String,
    name: String,
    damage: Damage,
}

impl Damaged {
    const fn code(&self) -> &'static str {
        match self.damage {
            Damage::Missing => "missing",
            Damage::Changed => "changed",
            Damage::Unreadable(_) => "unreadable",
        }
    }

    fn sentence(&self) -> String {
        let file = format!("{}（{}）", self.name, self.sha256);
        match &self.damage {
            Damage::Missing => format!("文件缺失：{file}。请从备份中找回。"),
            Damage::Changed => format!("文件内容被改动或损坏：{file}。请从备份中找回。"),
            Damage::Unreadable(why) => format!(
                "文件读不出来：{file}，{why}。内容未必有损。请检查数据目录中 files 的权限和磁盘，再运行一次 gongkai verify。"
            ),
        }
    }
}

/// What was found in a store.
pub(super) struct Checked {
    chain: Verdict,
    damaged: Vec<Damaged>,
}

impl Checked {
    pub(super) fn outcome(&self) -> Outcome {
        match self.chain {
            Verdict::Whole { .. } if self.damaged.is_empty() => Outcome::Done,
            Verdict::Whole { .. } | Verdict::Broken { .. } => Outcome::LookAt,
        }
    }

    /// `{"events", "head", "broken": {"seq", "message"}, "damaged": [{"name", "sha256", "problem", "message"}]}`; `broken` is
    /// null for a whole chain, the two before it for a broken one.
    pub(super) fn to_json(&self) -> Value {
        let (events, head, broken) = match &self.chain {
            Verdict::Whole { events, head } => (json!(events), json!(head), Value::Null),
            Verdict::Broken { seq, why } => (
                Value::Null,
                Value::Null,
                json!({ "seq": seq, "message": why }),
            ),
        };
        let damaged = self.damaged.iter().map(|damaged| {
            json!({
                "name": damaged.name,
                "sha256": damaged.sha256,
                "problem": damaged.code(),
                "message": damaged.sentence(),
            })
        });
        json!({
            "events": events,
            "head": head,
            "broken": broken,
            "damaged": damaged.collect::<Vec<_>>(),
        })
    }

    /// In sentences, on standard output.
    pub(super) fn tell(&self) {
        match &self.chain {
            Verdict::Whole { events, head } => {
                println!("审计链完整：{events} 个事件，链尾 {head}");
            }
            Verdict::Broken { seq, why } => println!(
                "审计链不完整：第 {seq} 个事件{why}。请立即停用并联系审计管理员，用可信备份比对。"
            ),
        }
        for damaged in &self.damaged {
            println!("{}", damaged.sentence());
        }
        if self.damaged.is_empty() {
            println!("存储的文件全部与校验值相符。");
        }
    }
}

pub(crate) async fn verify(config: &Path, arguments: &Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let db = open_current(&config).await?;
    let checked = check(&db, &Files::new(config.files())).await?;
    match arguments.format {
        Answer::Json => println!("{}", checked.to_json()),
        Answer::Table => checked.tell(),
    }
    Ok(checked.outcome())
}

/// Goes through the audit chain and every stored file.
pub(super) async fn check(db: &Db, files: &Files) -> Result<Checked> {
    let chain = db.read(async |tx: &mut Tx| audit::verify(tx).await).await?;
    let rows = db.read(async |tx: &mut Tx| all(tx).await).await?;
    let mut damaged = Vec::new();
    for (sha256, name) in rows {
        if let Some(damage) = damage(db, files, &sha256).await? {
            damaged.push(Damaged {
                sha256,
                name,
                damage,
            });
        }
    }
    Ok(Checked { chain, damaged })
}

/// What is wrong with a file that a row named when the list was read; nothing where it was erased for good or tidied away
/// since: the row goes before the bytes do.
async fn damage(db: &Db, files: &Files, sha256: &str) -> Result<Option<Damage>, StoreError> {
    let mut seen = files.look(sha256);
    if matches!(seen, Ok(None)) {
        let named = db
            .read(async |tx: &mut Tx| is_named(tx, sha256).await)
            .await?;
        if !named {
            return Ok(None);
        }
        // Somebody may have handed in the same bytes again.
        seen = files.look(sha256);
    }
    Ok(match seen {
        Ok(Some(found)) => (found != sha256).then_some(Damage::Changed),
        Ok(None) => Some(Damage::Missing),
        Err(error) => Some(Damage::Unreadable(failure::of_store(&error))),
    })
}

#[cfg(test)]
mod tests {
    use gongkai_basis::id::FileId;
    use gongkai_platform::db::{Db, Tx};
    use gongkai_platform::files::{self, Files, Stored};
    use gongkai_platform::testing::{MovableClock, backends, scratch, uuid};

    use super::{Damage, check, damage};

    async fn store(db: &Db, files: &Files, bytes: &[u8], name: &str) -> Stored {
        let stored = Stored {
            id: FileId::new(uuid()),
            sha256: files.put(bytes).unwrap(),
            name: name.to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: i64::try_from(bytes.len()).unwrap(),
            organ: None,
        };
        db.upkeep(async |tx: &mut Tx| files::insert(tx, &stored).await)
            .await
            .unwrap();
        stored
    }

    #[tokio::test]
    async fn what_was_erased_meanwhile_is_not_missing_and_what_cannot_be_read_is_not_either() {
        for backend in backends() {
            let clock = MovableClock::at("2026-10-12T09:00:00+08:00");
            let (db, guard) = scratch(&backend, clock.clock()).await;
            let folder = guard.folder().join("stored");
            std::fs::create_dir_all(&folder).unwrap();
            let files = Files::new(folder);
            let whole = store(&db, &files, b"whole", "全.txt").await;
            let lost = store(&db, &files, b"lost", "丢.txt").await;
            let erased = store(&db, &files, b"erased", "删.txt").await;
            let odd = store(&db, &files, b"odd", "怪.txt").await;
            for file in [&lost, &erased, &odd] {
                std::fs::remove_file(files.path(&file.sha256)).unwrap();
            }
            // A folder where a file should lie cannot be read by anybody.
            std::fs::create_dir(files.path(&odd.sha256)).unwrap();
            // Its row went after the list had been read.
            db.upkeep(async |tx: &mut Tx| files::remove(tx, erased.id).await)
                .await
                .unwrap();
            assert_eq!(damage(&db, &files, &erased.sha256).await.unwrap(), None);
            assert_eq!(damage(&db, &files, &whole.sha256).await.unwrap(), None);
            let checked = check(&db, &files).await.unwrap();
            assert_eq!(checked.damaged.len(), 2, "{:?}", checked.damaged);
            for found in &checked.damaged {
                let said = found.sentence();
                if found.sha256 == lost.sha256 {
                    assert_eq!(found.damage, Damage::Missing);
                    assert!(said.contains("文件缺失：丢.txt"), "{said}");
                } else {
                    assert_eq!(found.sha256, odd.sha256);
                    assert!(
                        said.contains("文件读不出来：怪.txt") && !said.contains("请从备份中找回"),
                        "{said}"
                    );
                }
            }
        }
    }
}

//! 读取结果: what was read in a file with these bytes. It is kept by their hash, so that each content is opened once, in the
//! child process and at its upload or as a job; 送审 and the page of the check only look at what is kept.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::JobId;
use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_office::hidden::Hidden;
use gongkai_office::{Document, Unreadable, wire};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::{self, Job, Progress, Worker};
use gongkai_platform::web::App;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;

pub(crate) const KIND: &str = "document.read-file";
/// Tries after which a file counts as one that cannot be read: people look at it then.
const TRIES_MAX: i64 = 3;
/// How long an upload waits for one file; what takes longer is read as a job.
const UPLOAD_WAIT_MAX: Duration = Duration::from_secs(15);
/// The problem of a page whose words are a picture.
const SCANNED_PAGE: &str = "scanned-page";
/// Pages that a sentence names.
const PAGES_NAMED_MAX: usize = 3;

/// What a file says and hides, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub words: String,
    /// What its pictures are called.
    pub pictures: Vec<String>,
    pub hidden: Vec<Hidden>,
    /// Why its words are not there at all.
    pub refused: Option<Unreadable>,
    /// Parts whose words are not there: pages that are scans.
    pub gaps: Vec<String>,
}

impl Reading {
    #[must_use]
    pub fn of(
        document: Result<Document, Unreadable>,
        hidden: Result<Vec<Hidden>, Unreadable>,
    ) -> Self {
        let mut reading = Self::default();
        match hidden {
            Ok(hidden) => reading.hidden = hidden,
            Err(refused) => reading.refused = Some(refused),
        }
        match document {
            Ok(document) => {
                reading.words = gongkai_office::hidden::text_of(&document);
                reading.pictures = document.pictures.into_iter().map(|one| one.alt).collect();
                let scans = document.problems.into_iter();
                let scans = scans.filter(|one| one.code == SCANNED_PAGE);
                reading.gaps = scans.map(|one| one.message).collect();
            }
            // Why there are no words weighs more than why nothing hidden was found.
            Err(refused) => reading.refused = Some(refused),
        }
        reading
    }

    /// What of it was not checked, in a few words; `None` where all was.
    #[must_use]
    pub fn unchecked(&self) -> Option<String> {
        if let Some(refused) = &self.refused {
            return Some(match refused.code.as_str() {
                "picture" => "图片，里面的文字没有检查".to_owned(),
                "scanned-pdf" => "扫描件，没有文字层，里面的文字没有检查".to_owned(),
                "unmapped-text" => "PDF 里的文字读不出，没有检查".to_owned(),
                "encrypted" => "文件加密，打不开，没有检查".to_owned(),
                "empty" => "里面读不出任何文字，没有检查".to_owned(),
                _ => {
                    let first = refused.message.split('。').next().unwrap_or_default();
                    format!("{first}，没有检查")
                }
            });
        }
        let named: Vec<&str> = self
            .gaps
            .iter()
            .take(PAGES_NAMED_MAX)
            .filter_map(|gap| gap.split('，').next())
            .collect();
        let more = if self.gaps.len() > PAGES_NAMED_MAX {
            format!("等{}页", self.gaps.len())
        } else {
            String::new()
        };
        (!named.is_empty()).then(|| format!("{}{more}，里面的文字没有检查", named.join("、")))
    }

    /// The same as a finding, which reviewers answer for.
    #[must_use]
    pub fn gap(&self) -> Option<Finding> {
        self.unchecked().map(|text| Finding {
            start: 0,
            end: 0,
            kind: Kind::Unread,
            confidence: Confidence::High,
            text,
            advice: "请打开附件看过全部内容，由保密审查和三审写明“已人工核对”和看到了什么。"
                .to_owned(),
        })
    }
}

/// What is kept of these bytes; else they are read, and what was read is kept.
///
/// # Errors
/// The sentence says why it could not be tried just now; the store's failures too.
pub async fn of(app: &App, sha256: &str) -> Result<Reading, String> {
    let failed = |error: StoreError| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a file was not read"
        );
        "文件没有检查完，已有数据没有受影响。请稍后再试。".to_owned()
    };
    let known = app
        .db
        .read(async |tx: &mut Tx| store::reading(tx, sha256).await)
        .await
        .map_err(failed)?;
    if let Some(known) = known {
        return Ok(known);
    }
    let read = look(app, sha256).await?;
    keep(app, sha256, &read).await.map_err(failed)?;
    Ok(read)
}

/// The same for a file that was just sent: what takes long is read afterwards.
///
/// # Errors
/// When the store fails.
pub async fn at_upload(app: &App, sha256: &str) -> Result<Option<Reading>, StoreError> {
    if let Ok(Ok(read)) = tokio::time::timeout(UPLOAD_WAIT_MAX, of(app, sha256)).await {
        return Ok(Some(read));
    }
    queue(app, &[sha256.to_owned()]).await?;
    Ok(None)
}

/// Has these bytes read as jobs.
///
/// # Errors
/// When the store fails.
pub async fn queue(app: &App, files: &[String]) -> Result<(), StoreError> {
    app.db
        .upkeep(async |tx: &mut Tx| {
            for sha256 in files {
                let id = JobId::new(tx.fresh());
                let payload = json!({ "sha256": sha256 });
                job::queue(tx, id, KIND, "检查附件", &payload, None).await?;
            }
            Ok(())
        })
        .await
}

async fn look(app: &App, sha256: &str) -> Result<Reading, String> {
    let path = app.files.path(sha256);
    let hidden = app.sandbox.hidden(path.clone()).await;
    let hidden = hidden.map_err(|refused| refused.0)?;
    let document = app.sandbox.read(path).await.map_err(|refused| refused.0)?;
    let read = Reading::of(wire::from_wire(&document), wire::hidden_from_wire(&hidden));
    match read.refused {
        // No fault of the file's.
        Some(refused) if refused.code == "broken" => Err(refused.message),
        _ => Ok(read),
    }
}

async fn keep(app: &App, sha256: &str, read: &Reading) -> Result<(), StoreError> {
    app.db
        .upkeep(async |tx: &mut Tx| store::set_reading(tx, sha256, read).await)
        .await
}

struct Reader {
    app: App,
}

#[derive(Deserialize)]
struct Asked {
    sha256: String,
}

#[async_trait]
impl Worker for Reader {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn work(&self, job: Job, _: Progress) -> Result<String, String> {
        let asked: Asked =
            serde_json::from_str(&job.payload).map_err(|_| "作业内容无法识别。".to_owned())?;
        match of(&self.app, &asked.sha256).await {
            Ok(_) => Ok("附件已检查。".to_owned()),
            Err(why) if job.attempts < TRIES_MAX => Err(why),
            Err(why) => {
                let read = Reading {
                    refused: Some(Unreadable {
                        code: "not-read".to_owned(),
                        message: why,
                    }),
                    ..Reading::default()
                };
                let kept = keep(&self.app, &asked.sha256, &read).await;
                kept.map_err(|error| error.to_string())?;
                Ok("附件读不出，由人工核对。".to_owned())
            }
        }
    }
}

/// Reads the files that are queued.
#[must_use]
pub fn worker(app: &App) -> Arc<dyn Worker> {
    Arc::new(Reader { app: app.clone() })
}

#[cfg(test)]
mod tests {
    use gongkai_office::Unreadable;

    use super::Reading;

    fn refused(code: &str, message: &str) -> Reading {
        let refused = Unreadable {
            code: code.to_owned(),
            message: message.to_owned(),
        };
        Reading::of(Err(refused), Ok(Vec::new()))
    }

    #[test]
    fn what_was_not_checked_is_named_with_why() {
        assert_eq!(Reading::default().unchecked(), None);
        let said = |reading: Reading| reading.unchecked().unwrap();
        assert!(said(refused("scanned-pdf", "这份 PDF …")).starts_with("扫描件，没有文字层"));
        assert!(said(refused("encrypted", "文件有密码。")).contains("加密"));
        assert_eq!(
            said(refused(
                "too-slow",
                "读取这个文件用时过长，已停止读取。请拆分。"
            )),
            "读取这个文件用时过长，已停止读取，没有检查"
        );
        let pages = (1..=4).map(|page| format!("第 {page} 页是扫描图像，其中的文字未读取。"));
        let some = Reading {
            gaps: pages.collect(),
            ..Reading::default()
        };
        let gap = some.gap().unwrap();
        assert!(
            gap.text.starts_with("第 1 页是扫描图像、第 2 页") && gap.text.contains("等4页"),
            "{}",
            gap.text
        );
    }
}

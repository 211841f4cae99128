//! 读取结果: what was read in a file with these bytes. It is kept by their hash, so that each content is opened once, in the
//! child process and at its upload or as a job; 送审 and the page of the check only look at what is kept.

pub mod forget;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gongkai_basis::id::JobId;
use gongkai_inspect::{Confidence, Finding, Kind};
use gongkai_office::hidden::Hidden;
use gongkai_office::{Document, Format, Problem, Unreadable, wire};
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
/// The problem of a page whose words are a picture, and of a picture beside words.
const SCANNED_PAGE: &str = "scanned-page";
const PICTURE: &str = "image-dropped";
/// The problems of an RTF or an OpenDocument that leave words out: nobody searches these for what they hide, as other
/// kinds are.
const SET_ASIDE: [(&str, &str); 10] = [
    ("hidden-text", "不显示的文字"),
    ("deletion-dropped", "标记为已删除的文字"),
    ("beside-dropped", "页眉页脚和注释"),
    ("header-dropped", "页眉"),
    ("footer-dropped", "页脚"),
    ("footnote-dropped", "脚注和尾注"),
    ("comment-dropped", "批注"),
    ("hidden-sheet", "隐藏的工作表"),
    ("hidden-columns", "隐藏的列"),
    ("drawing-dropped", "图形和文本框"),
];
/// The problem of a web archive that holds more than its page.
const PART: &str = "part-dropped";
/// The code of a fault that is none of the file's, and of a file that was given up after some of them.
const FAULT: &str = "broken";
const NOT_READ: &str = "not-read";
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
    /// Why nobody knows what it hides.
    pub unsearched: Option<Unreadable>,
    /// Parts whose words are not there: pages that are scans.
    pub gaps: Vec<String>,
    /// What stands beside the words and was left out, in a few words each.
    #[serde(default)]
    pub aside: Vec<String>,
    /// Where there are pictures beside the words: pages, as far as they are known.
    pub illustrated: Option<BTreeSet<u32>>,
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
            Err(why) => reading.unsearched = Some(why),
        }
        match document {
            Ok(document) => reading.says(document),
            Err(refused) => reading.refused = Some(refused),
        }
        reading
    }

    fn says(&mut self, document: Document) {
        self.words = gongkai_office::hidden::text_of(&document);
        let dropped = document.problems.iter().filter(|one| one.code == PICTURE);
        let shown = document.pictures.iter().map(|one| one.place.page);
        let places: Vec<_> = dropped.map(|one| one.place.page).chain(shown).collect();
        self.illustrated = (!places.is_empty()).then(|| places.iter().copied().flatten().collect());
        let aside = document.problems.iter();
        self.aside = aside
            .filter_map(|one| aside_of(document.format, one))
            .collect();
        self.pictures = document.pictures.into_iter().map(|one| one.alt).collect();
        let scans = document.problems.into_iter();
        let scans = scans.filter(|one| one.code == SCANNED_PAGE);
        self.gaps = scans.map(|one| one.message).collect();
    }

    /// What of it was not checked, in a few words; `None` where all was.
    #[must_use]
    pub fn unchecked(&self) -> Option<String> {
        let mut said = Vec::new();
        match &self.refused {
            Some(refused) => said.push(no_words(refused)),
            None => {
                let parts = [self.scans(), self.drawn(), self.set_aside()];
                said.extend(parts.into_iter().flatten());
            }
        }
        // What keeps the words in keeps in what is hidden, too.
        let both = |why: &&Unreadable| {
            let refused = self.refused.as_ref();
            refused.is_none_or(|refused| refused.code != why.code)
        };
        if let Some(why) = self.unsearched.as_ref().filter(both) {
            said.push(format!(
                "修订、批注、隐藏的内容没有检查（{}）",
                first_sentence(why)
            ));
        }
        (!said.is_empty()).then(|| said.join("；"))
    }

    fn scans(&self) -> Option<String> {
        let named: Vec<&str> = self
            .gaps
            .iter()
            .take(PAGES_NAMED_MAX)
            .filter_map(|gap| gap.split('，').next())
            .collect();
        let more = more_pages(self.gaps.len());
        (!named.is_empty()).then(|| format!("{}{more}，里面的文字没有检查", named.join("、")))
    }

    fn set_aside(&self) -> Option<String> {
        (!self.aside.is_empty()).then(|| format!("{}没有检查", self.aside.join("、")))
    }

    fn drawn(&self) -> Option<String> {
        let pages = self.illustrated.as_ref()?;
        let named: Vec<String> = pages
            .iter()
            .take(PAGES_NAMED_MAX)
            .map(|page| format!("第 {page} 页"))
            .collect();
        let place = if named.is_empty() {
            String::new()
        } else {
            format!("（{}{}）", named.join("、"), more_pages(pages.len()))
        };
        Some(format!("有图片{place}，图里的文字没有检查"))
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

/// What a reader left out that nothing else looks for.
fn aside_of(format: Format, problem: &Problem) -> Option<String> {
    if problem.code == PART {
        return Some("归档文件里网页以外的部分".to_owned());
    }
    if !matches!(format, Format::Rtf | Format::Odt | Format::Ods) {
        return None;
    }
    let (_, name) = SET_ASIDE
        .iter()
        .find(|(code, _)| *code == problem.code.as_str())?;
    Some(format!("{name}（{}个字）", problem.dropped_chars))
}

fn no_words(refused: &Unreadable) -> String {
    match refused.code.as_str() {
        "picture" => "图片，里面的文字没有检查".to_owned(),
        "scanned-pdf" => "扫描件，没有文字层，里面的文字没有检查".to_owned(),
        "unmapped-text" => "PDF 里的文字读不出，没有检查".to_owned(),
        "encrypted" => "文件加密，打不开，没有检查".to_owned(),
        "empty" => "里面读不出任何文字，没有检查".to_owned(),
        _ => format!("{}，没有检查", first_sentence(refused)),
    }
}

fn first_sentence(why: &Unreadable) -> &str {
    why.message.split('。').next().unwrap_or_default()
}

/// `等5页` behind those that are named.
fn more_pages(all: usize) -> String {
    if all > PAGES_NAMED_MAX {
        format!("等{all}页")
    } else {
        String::new()
    }
}

/// What is kept of these bytes; else they are read, and what was read is kept. What was given up after faults that were not
/// the file's is tried once more.
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
    let given_up = |known: &Reading| {
        let refused = known.refused.as_ref();
        refused.is_some_and(|refused| refused.code == NOT_READ)
    };
    if let Some(known) = known.filter(|known| !given_up(known)) {
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

/// Has these bytes read as jobs, one for each content however often it is asked for.
///
/// # Errors
/// When the store fails.
pub async fn queue(app: &App, files: &[String]) -> Result<(), StoreError> {
    app.db
        .upkeep(async |tx: &mut Tx| {
            for sha256 in files {
                let id = JobId::new(tx.fresh());
                let payload = json!({ "sha256": sha256 });
                job::queue_new(tx, id, (KIND, "检查附件"), &payload).await?;
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
    // No fault of the file's.
    let is_fault = |refused: &&Unreadable| refused.code == FAULT;
    let fault = read.refused.as_ref().filter(is_fault);
    let fault = fault.or_else(|| read.unsearched.as_ref().filter(is_fault));
    match fault.map(|fault| fault.message.clone()) {
        Some(message) => Err(message),
        None => Ok(read),
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

    fn awaited(&self) -> bool {
        true
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
                        code: NOT_READ.to_owned(),
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
    use gongkai_office::{Document, Format, Place, Problem, Unreadable};

    use super::Reading;

    fn why(code: &str, message: &str) -> Unreadable {
        Unreadable {
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }

    fn refused(code: &str, message: &str) -> Reading {
        Reading::of(Err(why(code, message)), Ok(Vec::new()))
    }

    /// A file with pictures on these pages.
    fn drawn(pages: &[Option<u32>]) -> Reading {
        let problem = |page: &Option<u32>| Problem {
            code: "image-dropped".to_owned(),
            message: "图片已略去。".to_owned(),
            place: Place {
                page: *page,
                ..Place::default()
            },
            dropped_chars: 0,
        };
        let document = Document {
            format: Format::Docx,
            blocks: Vec::new(),
            problems: pages.iter().map(problem).collect(),
            source_chars: 0,
            pictures: Vec::new(),
            headers: Vec::new(),
        };
        Reading::of(Ok(document), Ok(Vec::new()))
    }

    #[test]
    fn pictures_beside_words_are_a_gap_of_the_check() {
        assert_eq!(drawn(&[]).unchecked(), None);
        for (pages, said) in [
            (&[None][..], "有图片，图里的文字没有检查"),
            (
                &[Some(2), Some(2), Some(5)],
                "有图片（第 2 页、第 5 页），图里的文字没有检查",
            ),
            (
                &[Some(1), Some(2), Some(3), Some(4)],
                "有图片（第 1 页、第 2 页、第 3 页等4页），图里的文字没有检查",
            ),
        ] {
            assert_eq!(drawn(pages).unchecked().as_deref(), Some(said));
        }
    }

    #[test]
    fn what_a_file_sets_aside_is_a_gap_where_nothing_else_looks_for_it() {
        let found = |format: Format, problems: &[(&str, u64)]| {
            let problem = |(code, dropped_chars): &(&str, u64)| Problem {
                code: (*code).to_owned(),
                message: "已略去。".to_owned(),
                place: Place::default(),
                dropped_chars: *dropped_chars,
            };
            let document = Document {
                format,
                blocks: Vec::new(),
                problems: problems.iter().map(problem).collect(),
                source_chars: 0,
                pictures: Vec::new(),
                headers: Vec::new(),
            };
            Reading::of(Ok(document), Ok(Vec::new())).unchecked()
        };
        let notes = [("deletion-dropped", 3), ("beside-dropped", 18)];
        assert_eq!(
            found(Format::Rtf, &notes).as_deref(),
            Some("标记为已删除的文字（3个字）、页眉页脚和注释（18个字）没有检查")
        );
        let notes_of_sheet = [("hidden-sheet", 2), ("comment-dropped", 5)];
        assert_eq!(
            found(Format::Ods, &notes_of_sheet).as_deref(),
            Some("隐藏的工作表（2个字）、批注（5个字）没有检查")
        );
        // Of a DOCX the search for what is hidden tells.
        assert_eq!(found(Format::Docx, &notes), None);
        assert_eq!(
            found(Format::Html, &[("part-dropped", 0)]).as_deref(),
            Some("归档文件里网页以外的部分没有检查")
        );
    }

    #[test]
    fn what_is_hidden_is_told_apart_from_what_is_said() {
        let slow = || why("too-slow", "查找隐藏内容用时过长。请拆分。");
        let found = |document: Result<Document, Unreadable>| {
            Reading::of(document, Err(slow())).unchecked().unwrap()
        };
        let hidden = "修订、批注、隐藏的内容没有检查（查找隐藏内容用时过长）";
        assert_eq!(found(Err(slow())), "查找隐藏内容用时过长，没有检查");
        assert_eq!(
            found(Err(why("picture", ""))),
            format!("图片，里面的文字没有检查；{hidden}")
        );
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

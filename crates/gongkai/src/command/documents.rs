//! `gongkai documents import`: what an older site had published, from a folder and a list.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_documents::document::body;
use gongkai_documents::document::validity::Turn;
use gongkai_documents::old::{self, Line, Old, Taken};
use gongkai_documents::picture;
use gongkai_inspect::{Confidence, Rules, inspect};
use gongkai_office::hidden::Place;
use gongkai_office::picture::PICTURE_BYTES_MAX;
use gongkai_office::{Block, Format};
use gongkai_platform::attachment::sniff::media_type;
use gongkai_platform::attachment::{FILE_BYTES_MAX, New};
use gongkai_platform::db::Tx;
use gongkai_platform::fault::NotDone;
use gongkai_platform::organ;
use gongkai_platform::web::App;

use super::assembled;
use crate::cli::Outcome;
use crate::config::Config;
use crate::sandbox;

/// Lines that are read before they are written.
const AT_ONCE: usize = 50;
/// A word on the screen after so many documents.
const TELL_EVERY: usize = 200;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// 旧站文件所在的目录（HTML、DOCX、DOC、WPS、PDF、TXT）
    #[arg(value_name = "目录")]
    folder: PathBuf,
    /// 清单（CSV）：至少有 文件、名称、种类、发布机构、发布日期 五列
    #[arg(long, value_name = "清单")]
    table: PathBuf,
    /// 确认导入；不写则只检查，不改动数据
    #[arg(long)]
    confirm: bool,
}

/// What stands in the way of a line, or what to look at afterwards.
struct Remark {
    line: u64,
    source: String,
    sentence: String,
}

#[derive(Default)]
struct Summary {
    published: usize,
    drafts: usize,
    known: usize,
    refused: usize,
    remarks: Vec<Remark>,
}

impl Summary {
    fn remark(&mut self, line: &Line, sentence: impl Into<String>) {
        self.remarks.push(Remark {
            line: line.number,
            source: line.source.clone(),
            sentence: sentence.into(),
        });
    }

    fn refuse(&mut self, line: &Line, sentence: impl Into<String>) {
        self.refused += 1;
        self.remark(line, sentence);
    }
}

pub(crate) async fn import(config: &Path, arguments: Arguments) -> Result<Outcome> {
    let config = Config::load(config)?;
    let bytes = std::fs::read(&arguments.table)
        .map_err(|error| anyhow!("{}", sandbox::missing(&arguments.table, &error)))?;
    let lines = old::read(&bytes).map_err(|error| anyhow!("{error}"))?;
    let (app, _, finder) = assembled(&config).await?;
    let organs = organs(&app).await?;
    let mut summary = Summary::default();
    for (n, some) in lines.chunks(AT_ONCE).enumerate() {
        let ready: Vec<(&Line, Old)> = some
            .iter()
            .filter_map(|line| Some((line, made(&app, &arguments, &organs, line, &mut summary)?)))
            .collect();
        take(&app, arguments.confirm, ready, &mut summary).await?;
        if n > 0 && (n * AT_ONCE).is_multiple_of(TELL_EVERY) {
            eprintln!("已处理 {} / {} 行", n * AT_ONCE, lines.len());
        }
    }
    if arguments.confirm {
        crate::find::catch_up(&app, &finder).await?;
    }
    app.db.close().await;
    report(&summary, arguments.confirm);
    Ok(if summary.remarks.is_empty() {
        Outcome::Done
    } else {
        Outcome::LookAt
    })
}

/// Every organ by each of its names; a name that two of them carry leads to none.
async fn organs(app: &App) -> Result<HashMap<String, Option<OrganId>>> {
    let all = app
        .db
        .read(async |tx: &mut Tx| organ::store::all(tx).await)
        .await?;
    let mut by_name: HashMap<String, Option<OrganId>> = HashMap::new();
    for organ in all.iter().filter(|organ| organ.is_active()) {
        let aliases = organ.aliases.iter().map(|alias| alias.text.clone());
        let names = std::iter::once(organ.name.clone()).chain(organ.short_name.clone());
        for name in names.chain(aliases) {
            by_name
                .entry(name)
                .and_modify(|known| {
                    if *known != Some(organ.id) {
                        *known = None;
                    }
                })
                .or_insert(Some(organ.id));
        }
    }
    Ok(by_name)
}

/// A line with its files read; `None` where it cannot be taken in, with the reason in the summary.
fn made(
    app: &App,
    arguments: &Arguments,
    organs: &HashMap<String, Option<OrganId>>,
    line: &Line,
    summary: &mut Summary,
) -> Option<Old> {
    if !line.mistakes.is_empty() {
        summary.refuse(line, line.mistakes.join("；"));
        return None;
    }
    let (kind, published_on) = (line.kind?, line.published_on?);
    let Some(organ) = organs.get(&line.organ).copied().flatten() else {
        summary.refuse(
            line,
            format!("发布机构“{}”不在机关名录里，或与其他机关重名", line.organ),
        );
        return None;
    };
    let text = match text_of(app, arguments, line) {
        Ok(text) => text,
        Err(sentence) => {
            summary.refuse(line, sentence);
            return None;
        }
    };
    for sentence in text.remarks() {
        summary.remark(line, sentence);
    }
    let beside = match attachments(app, arguments, line) {
        Ok(beside) => beside,
        Err(sentence) => {
            summary.refuse(line, sentence);
            return None;
        }
    };
    for sentence in beside.remarks {
        summary.remark(line, sentence);
    }
    Some(Old {
        source: line.source.clone(),
        address: line.address.clone(),
        kind,
        organ,
        head: line.head.clone(),
        html: text.html,
        published_on,
        index_number: line.index_number.clone(),
        turn: line.change.map(|(change, on)| Turn {
            change,
            on,
            basis: "旧站清单标注".to_owned(),
            until: None,
            successor: None,
            by: "旧站迁入".to_owned(),
        }),
        files: beside.files,
        pictures: text.pictures,
        doubtful: text.doubtful || text.disguised || beside.doubtful,
    })
}

struct Text {
    html: String,
    /// Paragraphs above the title that were left out.
    above: usize,
    /// What the reader could not bring along.
    problems: usize,
    pictures: Vec<New>,
    doubtful: bool,
    /// Its name says another format than its bytes.
    disguised: bool,
}

impl Text {
    /// What to look at after it came in.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if self.above > 0 {
            remarks.push(format!(
                "标题以上有{}段没有带入（多为网站导航）",
                self.above
            ));
        }
        if self.problems > 0 {
            remarks.push(format!(
                "有{}处没有原样带过来（如图表、文本框、找不到的图片），请对照原文件",
                self.problems
            ));
        }
        if self.disguised {
            remarks.push(
                "扩展名和内容不符（多为旧站的出错页面），只迁入为草稿，不公开，请核对".to_owned(),
            );
        }
        if self.doubtful {
            remarks.push(
                "正文里有个人信息、密级标志等必须处理的内容，只迁入为草稿，不公开".to_owned(),
            );
        }
        remarks
    }
}

/// A path of the list, inside the folder and nowhere else, links included.
fn inside(folder: &Path, path: &str) -> Result<PathBuf, String> {
    let relative = Path::new(path);
    let plain = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let outside = || format!("“{path}”不在导入目录里");
    if !plain {
        return Err(outside());
    }
    let full = folder
        .join(relative)
        .canonicalize()
        .map_err(|_| format!("找不到文件“{path}”"))?;
    let root = folder.canonicalize().map_err(|_| outside())?;
    if full.starts_with(root) && full.is_file() {
        Ok(full)
    } else {
        Err(outside())
    }
}

/// Where a picture of an older site's page lies in the folder: beside the page, or below the folder as below the site.
fn beside(folder: &Path, page: &str, address: &str) -> Option<Vec<u8>> {
    let address = address.split(['?', '#']).next()?;
    let address = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map(|(_, path)| path)?,
        None => address,
    };
    let here = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut steps: Vec<Component<'_>> = if address.starts_with('/') {
        Vec::new()
    } else {
        here.components().collect()
    };
    for step in Path::new(address.trim_start_matches('/')).components() {
        match step {
            Component::ParentDir => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    let path: PathBuf = steps.into_iter().collect();
    let file = inside(folder, path.to_str()?)
        .or_else(|_| inside(folder, address.trim_start_matches('/')))
        .ok()?;
    if file.metadata().ok()?.len() > PICTURE_BYTES_MAX as u64 {
        return None;
    }
    sandbox::clean(&file).ok()
}

/// A PDF or DOCX by its name that is a page or bare text by its bytes: often an error page of the older site.
fn is_disguised(name: &str, format: Format) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(format, Format::Text | Format::Html)
        && (name.ends_with(".pdf") || name.ends_with(".docx"))
}

fn text_of(app: &App, arguments: &Arguments, line: &Line) -> Result<Text, String> {
    let folder = &arguments.folder;
    let file = inside(folder, &line.source)?;
    let mut source = sandbox::read_with_pictures(&file).map_err(|refused| refused.to_string())?;
    let squashed = |text: &str| text.split_whitespace().collect::<String>();
    let title = squashed(&line.head.title);
    let at = source
        .blocks
        .iter()
        .position(|block| matches!(block, Block::Paragraph(one) if squashed(&one.text) == title));
    if let Some(at) = at {
        source.blocks.drain(..=at);
        // Pictures above the title are the site's own.
        source.pictures.retain(|one| one.before > at);
        for picture in &mut source.pictures {
            picture.before = picture.before.saturating_sub(at + 1);
        }
    }
    let files = arguments.confirm.then_some(&app.files);
    let kept = picture::keep(files, &source, |address| {
        beside(folder, &line.source, address)
    })
    .map_err(|error| format!("图片存不下来：{error}"))?;
    let html = body::of_blocks(&source, &kept.shown);
    let doubtful = inspect(&body::text_of(&html), &Rules::default())
        .iter()
        .any(|finding| finding.confidence == Confidence::High);
    Ok(Text {
        html,
        above: at.unwrap_or(0),
        problems: source.problems.len() + kept.dropped,
        pictures: kept.files,
        doubtful,
        disguised: is_disguised(&line.source, source.format),
    })
}

/// A line's attachments, without what they hide.
#[derive(Default)]
struct Beside {
    files: Vec<New>,
    remarks: Vec<String>,
    /// One hides something that only a person can take out.
    doubtful: bool,
}

fn attachments(app: &App, arguments: &Arguments, line: &Line) -> Result<Beside, String> {
    let mut beside = Beside::default();
    for path in &line.attachments {
        let file = inside(&arguments.folder, path)?;
        let unreadable = |_| format!("读不到附件“{path}”");
        let size = file.metadata().map_err(unreadable)?.len();
        if size > FILE_BYTES_MAX as u64 {
            return Err(format!("附件“{path}”超过20 MB"));
        }
        let mut bytes = std::fs::read(&file).map_err(unreadable)?;
        let media_type =
            media_type(&bytes).ok_or_else(|| format!("附件“{path}”的文件类型不能公开"))?;
        match without_hidden(&file) {
            Ok(None) => {}
            Ok(Some(clean)) => {
                bytes = clean;
                beside
                    .remarks
                    .push(format!("附件“{path}”里的隐藏内容已清除"));
            }
            Err(sentence) => {
                beside.doubtful = true;
                beside.remarks.push(format!(
                    "附件“{path}”里有隐藏内容，只迁入为草稿，不公开：{sentence}"
                ));
            }
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let kept = if arguments.confirm {
            app.files
                .put(&bytes)
                .map_err(|error| format!("附件“{path}”存不下来：{error}"))?
        } else {
            String::new()
        };
        beside.files.push(New::File {
            sha256: kept,
            name: name.into_owned(),
            media_type,
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        });
    }
    Ok(beside)
}

/// The clean bytes of a file that hides something; `None` where there is nothing to clean. Files that cannot be looked into
/// were public as they are, and stay so.
fn without_hidden(file: &Path) -> Result<Option<Vec<u8>>, String> {
    let mut pieces = sandbox::hidden(file).unwrap_or_default();
    pieces.retain(|one| one.what != Place::Aside);
    if pieces.is_empty() {
        return Ok(None);
    }
    match sandbox::clean(file) {
        Ok(clean) => Ok(Some(clean)),
        Err(_) if pieces.iter().all(|one| !one.sure) => Ok(None),
        Err(refused) => Err(refused.message),
    }
}

fn same_number(number: &str, title: &str) -> String {
    format!("文号“{number}”与《{title}》相同，只能迁入为草稿；请核对后改正再送审")
}

/// What would become of each, with nothing changed.
async fn looked_at(app: &App, ready: &[(&Line, Old)], summary: &mut Summary) -> Result<()> {
    let twins = app
        .db
        .read(async |tx: &mut Tx| {
            let mut twins = Vec::new();
            for (_, old) in ready {
                let known = old::is_known(tx, old).await?;
                let twin = old::same_number(tx, old).await?.filter(|_| !known);
                twins.push(twin.map(|twin| twin.title));
            }
            Ok::<_, gongkai_platform::db::StoreError>(twins)
        })
        .await?;
    let mut seen: HashMap<(OrganId, &str), &str> = HashMap::new();
    for ((line, old), twin) in ready.iter().zip(&twins) {
        let (number, title) = (old.head.number.as_str(), old.head.title.as_str());
        let before = seen.get(&(old.organ, number)).copied();
        if let Some(twin) = twin.as_deref().or(before) {
            summary.drafts += 1;
            summary.remark(line, same_number(number, twin));
        } else if old.doubtful {
            summary.drafts += 1;
        } else {
            summary.published += 1;
            if !number.is_empty() {
                seen.insert((old.organ, number), title);
            }
        }
    }
    Ok(())
}

/// A transaction for each: a refused document keeps no other out, and an interrupted run goes on where it stopped.
async fn take(
    app: &App,
    confirm: bool,
    ready: Vec<(&Line, Old)>,
    summary: &mut Summary,
) -> Result<()> {
    if !confirm {
        return looked_at(app, &ready, summary).await;
    }
    let known = app
        .db
        .read(async |tx: &mut Tx| {
            let mut known = Vec::new();
            for (_, old) in &ready {
                known.push(old::is_known(tx, old).await?);
            }
            Ok::<_, gongkai_platform::db::StoreError>(known)
        })
        .await?;
    for ((line, old), known) in ready.into_iter().zip(known) {
        if known {
            summary.known += 1;
            continue;
        }
        let done = app
            .db
            .write(async |tx: &mut Tx| old::take(tx, &Actor::System, old.clone()).await)
            .await;
        match done {
            Ok(Taken::Published) => summary.published += 1,
            Ok(Taken::Draft) => summary.drafts += 1,
            Ok(Taken::SameNumber(title)) => {
                summary.drafts += 1;
                summary.remark(line, same_number(&old.head.number, &title));
            }
            Ok(Taken::Known) => summary.known += 1,
            Err(NotDone::Refused(reasons)) => {
                let sentences: Vec<String> =
                    reasons.into_iter().map(|(_, sentence)| sentence).collect();
                summary.refuse(line, sentences.join(""));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn report(summary: &Summary, confirm: bool) {
    for remark in &summary.remarks {
        eprintln!(
            "第 {} 行 {}：{}",
            remark.line, remark.source, remark.sentence
        );
    }
    if confirm {
        println!(
            "迁入完成：公开 {} 件，草稿 {} 件，以前已迁入 {} 件，没有迁入 {} 行。",
            summary.published, summary.drafts, summary.known, summary.refused
        );
    } else {
        println!(
            "检查完成，没有改动数据：可公开 {} 件，只能作草稿 {} 件，不能迁入 {} 行。确认后加 --confirm 再运行一次。",
            summary.published, summary.drafts, summary.refused
        );
    }
}

#[cfg(test)]
mod tests {
    use gongkai_office::Format;

    use super::{beside, inside, is_disguised};

    #[test]
    fn an_error_page_that_was_saved_as_a_document_is_told() {
        for (name, format, told) in [
            ("2021/1.pdf", Format::Html, true),
            ("2021/1.PDF", Format::Text, true),
            ("2021/1.docx", Format::Html, true),
            ("2021/1.pdf", Format::Pdf, false),
            ("2021/1.html", Format::Html, false),
            // Older offices wrote pages and called them .doc.
            ("2021/1.doc", Format::Html, false),
        ] {
            assert_eq!(is_disguised(name, format), told, "{name}");
        }
    }

    #[test]
    fn no_path_of_a_list_leaves_its_folder() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("old");
        std::fs::create_dir_all(folder.join("2021")).unwrap();
        std::fs::write(home.path().join("secret.txt"), "x").unwrap();
        std::fs::write(folder.join("2021/1.html"), "x").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(home.path().join("secret.txt"), folder.join("link.txt"))
            .unwrap();
        assert!(inside(&folder, "2021/1.html").is_ok());
        assert!(inside(&folder, "./2021/1.html").is_ok());
        let absolute = home.path().join("secret.txt");
        for path in [
            "../secret.txt",
            "2021/../../secret.txt",
            absolute.to_str().unwrap(),
            "link.txt",
            "2021",
            "",
            "/etc/passwd",
            "没有.html",
        ] {
            assert!(inside(&folder, path).is_err(), "{path}");
        }
        // The addresses of a page's pictures are held to the same.
        for address in [
            "../../secret.txt",
            "/../secret.txt",
            "file:///etc/passwd",
            "https://old.example/../secret.txt",
            "link.txt",
            "data:image/png;base64,AA",
        ] {
            assert_eq!(beside(&folder, "2021/1.html", address), None, "{address}");
        }
    }
}

//! What lies in the folder of an older site: bodies, their pictures and attachments, as they may come in.

use std::path::{Component, Path, PathBuf};

use gongkai_documents::document::body;
use gongkai_documents::old::Line;
use gongkai_documents::picture;
use gongkai_inspect::{Confidence, Rules, inspect};
use gongkai_office::hidden::Place;
use gongkai_office::picture::PICTURE_BYTES_MAX;
use gongkai_office::{Block, Format};
use gongkai_platform::attachment::sniff::media_type;
use gongkai_platform::attachment::{FILE_BYTES_MAX, New};
use gongkai_platform::web::App;

use super::Arguments;
use crate::sandbox;

pub(super) struct Text {
    pub(super) html: String,
    /// Paragraphs above the title that were left out.
    above: usize,
    /// What the reader could not bring along.
    problems: usize,
    pub(super) pictures: Vec<New>,
    pub(super) doubtful: bool,
    /// Its name says another format than its bytes.
    pub(super) disguised: bool,
}

impl Text {
    /// What to look at after it came in.
    pub(super) fn remarks(&self) -> Vec<String> {
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

pub(super) fn text_of(app: &App, arguments: &Arguments, line: &Line) -> Result<Text, String> {
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
pub(super) struct Beside {
    pub(super) files: Vec<New>,
    pub(super) remarks: Vec<String>,
    /// One hides something that only a person can take out.
    pub(super) doubtful: bool,
}

pub(super) fn attachments(app: &App, arguments: &Arguments, line: &Line) -> Result<Beside, String> {
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

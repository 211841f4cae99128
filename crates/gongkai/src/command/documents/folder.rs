//! What lies in the folder of an older site: bodies, their pictures and attachments, as they may come in.

use std::path::{Component, Path, PathBuf};

use gongkai_documents::document::body;
use gongkai_documents::document::reading::Reading;
use gongkai_documents::inspection::{Inspection, Unread};
use gongkai_documents::old::Line;
use gongkai_documents::picture;
use gongkai_inspect::{Confidence, Finding, Kind, Rules, inspect};
use gongkai_office::hidden::{Hidden, Place};
use gongkai_office::picture::PICTURE_BYTES_MAX;
use gongkai_office::{Block, Format};
use gongkai_platform::attachment::sniff::media_type;
use gongkai_platform::attachment::{FILE_BYTES_MAX, New};
use gongkai_platform::web::App;

use super::Arguments;
use crate::failure;
use crate::sandbox;

pub(super) struct Text {
    pub(super) html: String,
    /// Paragraphs above the title that were left out.
    above: usize,
    /// What the reader could not bring along.
    problems: usize,
    pub(super) pictures: Vec<New>,
    /// Its body holds something that must be settled first.
    doubtful: bool,
    /// So does what stands above the body on its page.
    head_doubtful: bool,
    /// Its name says another format than its bytes.
    disguised: bool,
}

impl Text {
    /// It comes in as a draft.
    pub(super) fn is_held(&self) -> bool {
        self.doubtful || self.head_doubtful || self.disguised
    }

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
        if self.head_doubtful {
            remarks.push(
                "名称、内容概述或者主题词里有个人信息、密级标志等必须处理的内容，只迁入为草稿，不公开"
                    .to_owned(),
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

/// Must something in these words be settled before publication?
fn has_sure(words: &str) -> bool {
    inspect(words, &Rules::default())
        .iter()
        .any(|finding| finding.confidence == Confidence::High)
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
    .map_err(|error| format!("图片存不下来：{}", failure::of_store(&error)))?;
    let html = body::of_blocks(&source, &kept.shown);
    let head = [&line.head.title, &line.head.summary, &line.head.keywords];
    Ok(Text {
        doubtful: has_sure(&body::text_of(&html)),
        head_doubtful: head.into_iter().any(|words| has_sure(words))
            || line.head.own.iter().any(|one| has_sure(&one.shown())),
        html,
        above: at.unwrap_or(0),
        problems: source.problems.len() + kept.dropped,
        pictures: kept.files,
        disguised: is_disguised(&line.source, source.format),
    })
}

/// A line's attachments, without what they hide.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) files: Vec<New>,
    pub(super) remarks: Vec<String>,
    /// One hides something that only a person can take out, says what must not go out, or was not read.
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
        let mut left = Vec::new();
        match without_hidden(&file) {
            Ok((None, stays)) => left = stays,
            Ok((Some(clean), stays)) => {
                (bytes, left) = (clean, stays);
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
        beside.look(path, Reading::of(sandbox::read(&file), Ok(left)));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let kept = if arguments.confirm {
            app.files
                .put(&bytes)
                .map_err(|error| format!("附件“{path}”存不下来：{}", failure::of_store(&error)))?
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

impl Beside {
    /// What the words of an attachment, and what goes out with them, keep in the house.
    fn look(&mut self, path: &str, reading: Reading) {
        match why_held(reading) {
            Seen::Fine => {}
            Seen::Picture => self.remarks.push(format!(
                "附件“{path}”是图片，里面的文字没有检查，请打开核对"
            )),
            Seen::Held(why) => {
                self.doubtful = true;
                self.remarks
                    .push(format!("附件“{path}”{why}，只迁入为草稿，不公开"));
            }
        }
    }
}

/// How an attachment looks before it goes out as it did on the older site.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Fine,
    /// It has no characters by its nature; like the pictures of a body it stays as public as it was.
    Picture,
    /// Why it waits for somebody to look.
    Held(String),
}

/// As in a review, personal data, secrecy marks, citations of what is not public and maps must be answered for, and a file whose
/// words were not read by somebody who opens it.
fn why_held(reading: Reading) -> Seen {
    let has_gaps = !reading.gaps.is_empty();
    let unchecked = reading.unchecked().unwrap_or_default();
    let not_read = || Seen::Held(format!("没有检查（{unchecked}），请打开核对"));
    let Ok(seen) = Inspection::of_reading(reading, &Rules::default()) else {
        return not_read();
    };
    let sure = |one: &&Finding| {
        one.confidence == Confidence::High
            && (one.kind.is_personal()
                || matches!(one.kind, Kind::Secrecy | Kind::Citation | Kind::Map))
    };
    let mut kinds: Vec<&str> = Vec::new();
    for one in seen.findings.iter().filter(sure) {
        if !kinds.contains(&one.kind.title()) {
            kinds.push(one.kind.title());
        }
    }
    if !kinds.is_empty() {
        return Seen::Held(format!("里有必须处理的内容（{}）", kinds.join("、")));
    }
    match seen.unread {
        Some(Unread::Scan) => not_read(),
        Some(Unread::Picture) => Seen::Picture,
        None if has_gaps => not_read(),
        None => Seen::Fine,
    }
}

/// The clean bytes of a file that hides something, `None` where there is nothing to clean, and what goes out beside its text:
/// headers, footers, notes, and what only may be hidden in a kind of file that cannot be cleaned.
fn without_hidden(file: &Path) -> Result<(Option<Vec<u8>>, Vec<Hidden>), String> {
    let pieces = sandbox::hidden(file).unwrap_or_default();
    let (aside, hidden): (Vec<Hidden>, Vec<Hidden>) =
        pieces.into_iter().partition(|one| one.what == Place::Aside);
    if hidden.is_empty() {
        return Ok((None, aside));
    }
    match sandbox::clean(file) {
        Ok(clean) => Ok((Some(clean), aside)),
        Err(_) if hidden.iter().all(|one| !one.sure) => Ok((None, [aside, hidden].concat())),
        Err(refused) => Err(refused.message),
    }
}

#[cfg(test)]
mod tests {
    use gongkai_documents::document::reading::Reading;
    use gongkai_office::hidden::{Hidden, Place};
    use gongkai_office::{Format, Unreadable};

    use super::{Seen, beside, has_sure, inside, is_disguised, why_held};

    #[test]
    fn an_attachment_is_held_by_what_it_says_and_by_what_nobody_read() {
        let says = |words: &str| Reading {
            words: words.to_owned(),
            ..Reading::default()
        };
        let refused = |code: &str| Reading {
            refused: Some(Unreadable {
                code: code.to_owned(),
                message: "文件有密码。请去掉密码。".to_owned(),
            }),
            ..Reading::default()
        };
        let held = |reading: Reading| match why_held(reading) {
            Seen::Held(why) => why,
            other => format!("{other:?}"),
        };
        assert_eq!(why_held(says("事项\t数量\n甲\t3\n")), Seen::Fine);
        let numbers = "姓名\t身份证号码\n王某\t11010519491231002X\n";
        assert!(held(says(numbers)).contains("身份证号码"));
        // So do headers, footers and notes.
        let footer = Reading {
            hidden: vec![Hidden {
                what: Place::Aside,
                place: "页脚".to_owned(),
                text: "审核人身份证号11010519491231002X".to_owned(),
                sure: true,
            }],
            ..says("正文。")
        };
        assert!(held(footer).contains("身份证号码"));
        assert!(held(refused("scanned-pdf")).contains("扫描件"));
        assert!(held(refused("encrypted")).contains("加密"));
        let some = Reading {
            gaps: vec!["第 3 页是扫描图像，其中的文字未读取。".to_owned()],
            ..says("正文。")
        };
        assert!(held(some).contains("第 3 页"));
        assert_eq!(why_held(refused("picture")), Seen::Picture);
    }

    #[test]
    fn a_head_gives_away_as_much_as_a_body() {
        assert!(has_sure("对王某（身份证号11010519491231002X）的处理决定"));
        assert!(!has_sure("关于做好防汛工作的通知"));
    }

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

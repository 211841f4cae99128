//! What files bring to a form: the text of one, and what the words of attachments give away.

use gongkai_inspect::Confidence;
use gongkai_platform::attachment::{Filled, New};
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem};

use crate::document::body;
use crate::pages::check::of_path;
use crate::picture;

/// A text from a file.
pub(super) struct FromFile {
    pub(super) html: String,
    pub(super) pictures: Vec<New>,
    /// Places that the reader did not bring along.
    pub(super) dropped: usize,
}

/// The text of the first file, where the form says that it is the text.
pub(super) async fn text_of_file(
    app: &App,
    filled: &Filled,
    files: &[New],
    errors: &mut FormErrors,
) -> Result<Option<FromFile>, Problem> {
    if filled.text("as_body") != "yes" {
        return Ok(None);
    }
    let Some(New::File { sha256, .. }) = files.iter().find(|file| matches!(file, New::File { .. }))
    else {
        errors.add("file", "请选择正文文件（DOCX、DOC、WPS、HTML、TXT 等）。");
        return Ok(None);
    };
    let wire = match app.sandbox.read_with_pictures(app.files.path(sha256)).await {
        Ok(wire) => wire,
        Err(error) => {
            errors.add("file", error.0);
            return Ok(None);
        }
    };
    let source = match gongkai_office::wire::from_wire(&wire) {
        Ok(source) => source,
        Err(unreadable) => {
            errors.add("file", unreadable.message);
            return Ok(None);
        }
    };
    let folder = app.files.clone();
    let (source, kept) = off_thread(move || {
        // One file alone: what lies beside it did not come along.
        let kept = picture::keep(Some(&folder), &source, |_| None);
        (source, kept)
    })
    .await?;
    let kept = kept?;
    Ok(Some(FromFile {
        html: body::of_blocks(&source, &kept.shown),
        pictures: kept.files,
        dropped: source.problems.len() + kept.dropped,
    }))
}

/// What the words of attachments give away, a sentence for each: they go out beside a text that was checked.
pub(super) async fn said(app: &App, files: &[New]) -> Result<Vec<String>, Problem> {
    let mut notes = Vec::new();
    for file in files {
        let New::File { sha256, name, .. } = file else {
            continue;
        };
        let Ok(seen) = of_path(app, app.files.path(sha256)).await else {
            notes.push(format!(
                "附件“{name}”里的文字系统读不出，没有检查，请人工核对。"
            ));
            continue;
        };
        let sure = seen
            .findings
            .iter()
            .filter(|one| one.confidence == Confidence::High)
            .count();
        if sure > 0 {
            notes.push(format!(
                "附件“{name}”里有{sure}处必须处理的内容，请点“检查附件”逐处看。"
            ));
        } else if seen.unread.is_some() {
            notes.push(format!(
                "附件“{name}”是图片或扫描件，里面的文字没有检查，请人工核对。"
            ));
        }
    }
    Ok(notes)
}

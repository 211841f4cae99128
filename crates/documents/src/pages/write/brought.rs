//! What files bring to a form: the text of one, and what the words of attachments give away.

use gongkai_basis::id::OrganId;
use gongkai_inspect::{Confidence, Finding};
use gongkai_office::{Place, Problem};
use gongkai_platform::attachment::{Filled, New};
use gongkai_platform::db::Tx;
use gongkai_platform::files::withheld;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem as Refusal};

use crate::document::{body, files, reading};
use crate::inspection::Inspection;
use crate::{picture, rules};

/// A text from a file.
pub(super) struct FromFile {
    pub(super) html: String,
    pub(super) pictures: Vec<New>,
    /// What the reader did not bring along as it was: place and kind of each.
    pub(super) dropped: Vec<String>,
}

/// The text of the first file, where the form says that it is the text.
pub(super) async fn text_of_file(
    app: &App,
    filled: &Filled,
    files: &[New],
    errors: &mut FormErrors,
) -> Result<Option<FromFile>, Refusal> {
    if filled.text("as_body") != "yes" {
        return Ok(None);
    }
    let Some(New::File { sha256, .. }) = files.iter().find(|file| matches!(file, New::File { .. }))
    else {
        errors.add(
            "file",
            "请选择正文文件（DOCX、DOC、WPS、RTF、ODT、HTML、TXT 等）。",
        );
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
        dropped: dropped(&source.problems, kept.dropped),
    }))
}

fn dropped(problems: &[Problem], pictures: usize) -> Vec<String> {
    let mut said: Vec<String> = problems
        .iter()
        .map(|one| {
            let place = place(&one.place);
            format!("{place}{}", one.message.trim_end_matches('。'))
        })
        .collect();
    if pictures > 0 {
        said.push(format!("{pictures}张图片读不出，没有带过来"));
    }
    said
}

/// `第3段：`, `第1个表格第2行：`; empty where the reader does not know.
fn place(place: &Place) -> String {
    let parts = [
        ("第", place.page, "页"),
        ("第", place.table, "个表格"),
        ("第", place.row, "行"),
        ("第", place.column, "列"),
        ("第", place.line.filter(|_| place.table.is_none()), "段"),
    ];
    let said: String = parts
        .iter()
        .filter_map(|(before, number, after)| number.map(|n| format!("{before}{n}{after}")))
        .collect();
    if said.is_empty() {
        said
    } else {
        format!("{said}：")
    }
}

/// What pasted markup had and its text does not keep: pictures that lie on the writer's machine, on another page, or in the
/// markup itself.
pub(super) fn pasted(markup: &str, html: &str) -> Option<String> {
    let had = markup.to_ascii_lowercase().matches("<img").count();
    let lost = had.saturating_sub(picture::names(html).len());
    (lost > 0).then(|| {
        format!(
            "粘贴的正文里有{lost}张图片没有带过来，文字都在。要有图的，请把正文存成 Word 文件，作为正文文件上传。"
        )
    })
}

/// What the words of attachments of a unit's document give away, a sentence for each: they go out beside a text that was checked.
pub(super) async fn said(app: &App, owner: OrganId, sent: &[New]) -> Result<Vec<String>, Refusal> {
    let mut notes = Vec::new();
    for file in sent {
        let New::File { sha256, name, .. } = file else {
            continue;
        };
        let hashes = std::slice::from_ref(sha256);
        let down = app
            .db
            .read(async |tx: &mut Tx| withheld::down(tx, hashes).await)
            .await?;
        if let Some(reason) = down.get(sha256) {
            notes.push(files::down_words(name, reason));
            continue;
        }
        let Some(read) = reading::at_upload(app, sha256).await? else {
            notes.push(format!("附件“{name}”还在检查，送审之前会检查完。"));
            continue;
        };
        if let Some(why) = read.unchecked() {
            notes.push(format!("附件“{name}”：{why}，请人工核对。"));
        }
        let rules = async |tx: &mut Tx| rules::rules(tx, owner).await;
        let rules = app.db.read(rules).await?;
        let seen = off_thread(move || Inspection::of_reading(read, &rules)).await?;
        let sure = seen.map_or(0, |seen| {
            let sure = |one: &&Finding| one.confidence == Confidence::High;
            seen.findings.iter().filter(sure).count()
        });
        if sure > 0 {
            notes.push(format!(
                "附件“{name}”里有{sure}处必须处理的内容，请点“检查附件”逐处看。"
            ));
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use gongkai_office::{Place, Problem};

    use super::{dropped, pasted};

    #[test]
    fn pictures_that_pasting_loses_are_counted() {
        let own = format!(
            "<p><img src=\"pictures/{}.png\" alt=\"图\"></p>",
            "a1".repeat(32)
        );
        let both =
            format!("{own}<IMG src=\"file:///C:/x.png\"><img src=\"data:image/png;base64,AA\">");
        let said = pasted(&both, &crate::document::body::clean(&both)).unwrap();
        assert!(said.contains("有2张图片没有带过来"), "{said}");
        assert_eq!(pasted(&own, &own), None);
    }

    #[test]
    fn each_place_is_named_with_what_happened_there() {
        let problem = |place: Place| Problem {
            code: "image-dropped".to_owned(),
            message: "文本框没有带过来。".to_owned(),
            place,
            dropped_chars: 0,
        };
        let cell = Place {
            table: Some(1),
            row: Some(2),
            line: Some(9),
            ..Place::default()
        };
        let said = dropped(
            &[
                problem(Place::at_line(3)),
                problem(cell),
                problem(Place::default()),
            ],
            2,
        );
        assert_eq!(
            said,
            [
                "第3段：文本框没有带过来",
                "第1个表格第2行：文本框没有带过来",
                "文本框没有带过来",
                "2张图片读不出，没有带过来"
            ]
        );
    }
}

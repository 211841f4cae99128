//! What an attachment hides is taken out before it is kept; who wants it as it is says so.

use std::path::PathBuf;

use gongkai_office::hidden::{Hidden, Place};
use gongkai_office::wire;
use gongkai_platform::attachment::New;
use gongkai_platform::seam::Cleaned;
use gongkai_platform::web::download::off_thread;
use gongkai_platform::web::{App, FormErrors, Problem};

/// Hidden pieces that a sentence names.
const NAMED_MAX: usize = 3;
/// The form's box: keep the files as they are.
pub(super) const AS_IT_IS: &str = "as_it_is";

/// Cleans what was sent; what hides something and cannot be cleaned is an error of the form.
///
/// # Errors
/// When the disk fails.
pub(crate) async fn clean(
    app: &App,
    files: Vec<New>,
    errors: &mut FormErrors,
) -> Result<Cleaned, Problem> {
    let mut cleaned = Cleaned::default();
    for file in files {
        let New::File {
            sha256,
            name,
            media_type,
            ..
        } = &file
        else {
            cleaned.files.push(file);
            continue;
        };
        let path = app.files.path(sha256);
        let pieces = match hidden(app, path.clone()).await {
            Ok(pieces) => pieces,
            Err(sentence) => {
                cleaned
                    .notes
                    .push(format!("“{name}”没有检查隐藏内容：{sentence}"));
                cleaned.files.push(file);
                continue;
            }
        };
        if pieces.is_empty() {
            cleaned.files.push(file);
            continue;
        }
        match copy(app, path).await {
            Ok(bytes) => {
                let (folder, size) = (app.files.clone(), bytes.len());
                let sha256 = off_thread(move || folder.put(&bytes)).await??;
                cleaned
                    .notes
                    .push(format!("“{name}”已清除{}。", named(&pieces)));
                cleaned.files.push(New::File {
                    sha256,
                    name: name.clone(),
                    media_type,
                    bytes: i64::try_from(size).unwrap_or(i64::MAX),
                });
            }
            // What is usual and mostly harmless does not stop a file.
            Err(_) if pieces.iter().all(|one| !one.sure) => cleaned.files.push(file),
            Err(sentence) => {
                let told = named(&pieces);
                errors.add(
                    "file",
                    format!("“{name}”里有{told}。{sentence}确需原样公开的，请勾选“附件原样保留”。"),
                );
            }
        }
    }
    Ok(cleaned)
}

async fn hidden(app: &App, path: PathBuf) -> Result<Vec<Hidden>, String> {
    let answer = app
        .sandbox
        .hidden(path)
        .await
        .map_err(|refused| refused.0)?;
    let pieces = wire::hidden_from_wire(&answer).map_err(|refused| refused.message)?;
    Ok(pieces
        .into_iter()
        .filter(|one| one.what != Place::Aside)
        .collect())
}

async fn copy(app: &App, path: PathBuf) -> Result<Vec<u8>, String> {
    let answer = app.sandbox.clean(path).await.map_err(|refused| refused.0)?;
    wire::clean_from_wire(&answer).map_err(|refused| refused.message)
}

/// `照片拍摄位置（图片 image1.jpeg（EXIF））、修订痕迹（正文）2处、批注（…）等5处`
fn named(pieces: &[Hidden]) -> String {
    let mut found: Vec<(String, usize)> = Vec::new();
    for one in pieces {
        let name = format!("{}（{}）", one.what.title(), one.place);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => found.push((name, 1)),
        }
    }
    let first: Vec<String> = found
        .iter()
        .take(NAMED_MAX)
        .map(|(name, times)| match times {
            1 => name.clone(),
            times => format!("{name}{times}处"),
        })
        .collect();
    let first = first.join("、");
    if found.len() > NAMED_MAX {
        format!("{first}等{}处", pieces.len())
    } else {
        first
    }
}

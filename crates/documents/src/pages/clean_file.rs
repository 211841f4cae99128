//! 干净文件: a file that is sent, without what it hides, for its sender to take away; and what a check of it still finds.

use askama::Template;
use axum::extract::{Multipart, State};
use axum::http::Method;
use axum::response::Response;
use gongkai_office::wire;
use gongkai_platform::access::Permit;
use gongkai_platform::web::{App, Problem, Route, Shell, page, put_aside};

use super::check::{self, FILE_BYTES_MAX};
use super::cover_file::keep;
use super::left::{Left, has_blank_formulas};
use crate::acts::CheckBeforePublication;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::act::<CheckBeforePublication, _, _>(Method::POST, "/workspace/check/clean", sent)
            .body_bytes_max(FILE_BYTES_MAX + 2 * 1024 * 1024),
    ]
}

#[derive(Template)]
#[template(path = "documents/clean_file.html")]
struct CleanPage {
    shell: Shell,
    name: String,
    /// Where it is taken from.
    address: String,
    left: Left,
}

/// `POST /workspace/check/clean`: keeps the file without what it hides for its sender, and shows what is still in it.
async fn sent(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<CheckBeforePublication>,
    parts: Multipart,
) -> Result<Response, Problem> {
    let sent = check::receive(parts).await?;
    let account = permit.actor().account().ok_or_else(Problem::not_found)?;
    if let Some(why) = sent.why_no_file("清理") {
        return check::again(shell, sent.text, "file", why);
    }
    let own = check::own(&app, &permit).await?;
    let kept = put_aside(sent.bytes).await?;
    let copy = match app.sandbox.clean(kept.path().to_owned()).await {
        Ok(answer) => wire::clean_from_wire(&answer).map_err(|refused| refused.message),
        Err(refused) => Err(refused.0),
    };
    let copy = match copy {
        Ok(copy) => copy,
        Err(sentence) => return check::again(shell, sent.text, "file", sentence),
    };
    let name = clean_name(&sent.name);
    let file = put_aside(copy.clone()).await?;
    let seen = check::of_path(&app, file.path().to_owned(), &own.rules).await;
    let mut left = match seen {
        Ok(seen) => Left::of(seen.called(&name)),
        Err(why) => Left::unseen(why),
    };
    left.has_blanks =
        has_blank_formulas(&app, kept.path()).await && !has_blank_formulas(&app, file.path()).await;
    let address = keep(&app, account, (name.clone(), copy)).await?;
    page(&CleanPage {
        shell,
        name,
        address,
        left,
    })
}

/// 预算表.xlsx becomes 预算表（已清理）.xlsx.
fn clean_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}（已清理）.{ending}"),
        None => format!("{name}（已清理）"),
    }
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_clean_file_says_in_its_name_what_it_is() {
        assert_eq!(clean_name("预算表.xlsx"), "预算表（已清理）.xlsx");
        assert_eq!(clean_name("名单"), "名单（已清理）");
    }
}

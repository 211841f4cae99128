//! 转载核对: the newest text beside the page that it was taken from, word by word.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_office::wire;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::web::{App, Problem, Shell, page, put_aside};

use super::compare::{Line, diff};
use crate::acts::ViewDocuments;
use crate::document::{Document, Edition, body, store};
use crate::id::DocumentId;

#[derive(Template)]
#[template(path = "documents/source.html")]
struct SourcePage {
    shell: Shell,
    document: Document,
    edition: Edition,
    lines: Vec<Line>,
    /// Why there is nothing to compare with.
    failed: Option<String>,
}

impl SourcePage {
    fn is_same(&self) -> bool {
        self.failed.is_none() && self.lines.iter().all(|line| !line.is_change())
    }
}

/// The words of the page at an address.
pub(crate) async fn words_at(app: &App, address: &str) -> Result<Result<String, String>, Problem> {
    let answer = match app.outside.get(address).await {
        Ok(answer) => answer,
        Err(none) => return Ok(Err(none.to_string())),
    };
    if !(200..300).contains(&answer.status) {
        return Ok(Err(format!(
            "来源网站没有给出这一页（状态{}）。",
            answer.status
        )));
    }
    let kept = put_aside(answer.bytes).await?;
    let read = match app.sandbox.read(kept.path().to_owned()).await {
        Ok(read) => wire::from_wire(&read).map_err(|refused| refused.message),
        Err(refused) => Err(refused.0),
    };
    Ok(read.map(|source| body::text_of(&body::of_blocks(&source, &[]))))
}

/// Only what stands between the first and the last line that both have: a web page says more than its text.
pub(super) fn inside(source: &str, own: &str) -> Vec<Line> {
    let line = |text: &str| -> String {
        let words = |line: &str| {
            line.chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
        };
        text.lines()
            .map(words)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
            + "\n"
    };
    let (source, own) = (line(source), line(own));
    let there: std::collections::HashSet<&str> = own.lines().collect();
    let source: Vec<&str> = source.lines().collect();
    let first = source
        .iter()
        .position(|line| there.contains(line))
        .unwrap_or(0);
    let last = source.iter().rposition(|line| there.contains(line));
    let last = last.map_or(source.len(), |last| last + 1);
    let source = source.get(first..last).unwrap_or_default().join("\n") + "\n";
    diff(&source, &own)
}

/// The lines in which a page and a text differ; `None` where they say the same.
pub(crate) fn difference(page: &str, own: &str) -> Option<String> {
    let lines = inside(page, own);
    let differing: Vec<String> = lines
        .iter()
        .filter(|line| line.is_change())
        .map(|line| format!("{:?}{}", line.tag, line.text()))
        .collect();
    (!differing.is_empty()).then(|| differing.join("\n"))
}

/// `POST /workspace/documents/{id}/source`: asks the source, and changes nothing.
pub(super) async fn compare(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<DocumentId>,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let edition = store::edition(tx, document.edition).await?;
            Ok::<_, StoreError>(edition.map(|edition| (document, edition)))
        })
        .await?;
    let (document, edition) = found.ok_or_else(Problem::not_found)?;
    if edition.head.source_url.is_empty() {
        return Err(Problem::refused(vec![
            "这一稿没有填转载来源网址，没有可以比对的页面。请先在“修改”里填写。".to_owned(),
        ]));
    }
    let words = words_at(&app, &edition.head.source_url).await?;
    let (lines, failed) = match words {
        Ok(words) => (inside(&words, &edition.text), None),
        Err(why) => (Vec::new(), Some(why)),
    };
    page(&SourcePage {
        shell,
        document,
        edition,
        lines,
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::{difference, inside};
    use crate::pages::compare::Tag;

    #[test]
    fn a_difference_is_the_same_whatever_surrounds_it() {
        let taken = "第一条 甲。\n第二条 乙。\n第三条 丙。";
        let page = "首页 今日访问9人\n第一条　甲。\n第二条 乙。\n第三条 丙。\n版权所有";
        assert_eq!(difference(page, taken), None);
        let page = page.replace("第二条 乙。", "第二条 丁。");
        let one = difference(&page, taken);
        assert!(one.is_some());
        let page = page.replace("今日访问9人", "今日访问10人");
        assert_eq!(difference(&page, taken), one);
    }

    #[test]
    fn what_surrounds_the_text_on_its_page_does_not_count() {
        let page = "首页\n第一条 甲。\n第二条  乙。\n第三条 丙。\n版权所有";
        let same = inside(page, "第一条 甲。\n第二条 乙。\n第三条 丙。");
        assert!(same.iter().all(|line| line.tag == Tag::Skipped), "{same:?}");
        let lines = inside(page, "第一条 甲。\n第三条 丁。\n第三条 丙。");
        let changed: Vec<Tag> = lines
            .iter()
            .map(|line| line.tag)
            .filter(|tag| *tag != Tag::Same)
            .collect();
        assert_eq!(changed, [Tag::Del, Tag::Ins]);
    }
}

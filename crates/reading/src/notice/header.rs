//! Title and number that stand nowhere but in the headers of the pages, or in a text box there.

use gongkai_office::{Block, Document, Place};

use super::super::layout::{nodes, shorten};
use super::super::problem::Account;
use super::{Heads, heads, is_plan_title};

/// Gives a paper whose body has no title the one in its headers, and its number likewise; each is told. Headers often hold
/// names of organs and columns: only what names a plan is a title.
pub(crate) fn from_headers(document: &Document, found: &mut Heads, account: &mut Account) {
    let untitled = found.title.is_none() && found.notice_title.is_none();
    let unnumbered = found.document_number.is_none();
    if document.headers.is_empty() || !(untitled || unnumbered) {
        return;
    }
    let lines = document.headers.iter().cloned().map(Block::Paragraph);
    let aside = Document {
        format: document.format,
        blocks: lines.collect(),
        problems: Vec::new(),
        source_chars: 0,
        pictures: Vec::new(),
        headers: Vec::new(),
    };
    // the account of the body holds none of their characters: the file's reader has told of them
    let nodes = nodes(&aside, &mut Account::default());
    let above = heads(&nodes, None);
    if untitled && let Some(title) = above.title.filter(|title| is_plan_title(title)) {
        let message = format!("正文没有标题，题名“{}”取自页眉，请核对", shorten(&title));
        account.problem_at("title-from-header", message, Place::default());
        found.title = Some(title);
        found.notice_title = above.notice_title;
    }
    if unnumbered && let Some(number) = above.document_number {
        let message = format!("正文没有文号，文号“{number}”取自页眉，请核对");
        account.problem_at("document-number-from-header", message, Place::default());
        found.document_number = Some(number);
    }
}

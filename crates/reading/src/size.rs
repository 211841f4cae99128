//! What is too large to be a plan: reading looks at each piece many times, and no plan has so many.

use gongkai_office::{Block, Document, Place};

use super::problem::{Coverage, Problem};
use super::task::Plan;

/// Most paragraphs and rows of tables. The largest plans have some hundreds.
const PIECES_MAX: usize = 10_000;
/// Most characters.
const CHARS_MAX: u64 = 2_000_000;

/// The answer to a document that is not read, for it is too large.
pub(crate) fn refused(document: &Document) -> Option<Plan> {
    let pieces: usize = document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(_) => 1,
            Block::Table(table) => table.rows.len(),
        })
        .sum();
    if pieces <= PIECES_MAX && document.source_chars <= CHARS_MAX {
        return None;
    }
    let message = format!(
        "这份文件有{pieces}段（行）、{}字，超过一份方案能有的{PIECES_MAX}段（行）或{CHARS_MAX}字，没有读取任务。原文件没有改动。请只留下方案部分再导入",
        document.source_chars
    );
    let read = document.problems.iter();
    let read = read.map(|p| (p.code.clone(), p.message.clone(), p.place));
    let own = ("too-large".to_owned(), message, Place::default());
    let problems = read.chain([own]).map(|(code, message, place)| Problem {
        code,
        message,
        place,
    });
    Some(Plan {
        problems: problems.collect(),
        coverage: Coverage {
            source_chars: document.source_chars,
            in_fields: 0,
            in_problems: document.source_chars,
            dropped: 0,
        },
        ..Plan::default()
    })
}

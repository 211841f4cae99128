//! Two editions side by side, as a diff of their lines: fields of the head as fields, tables row by row.

use std::fmt::Write as _;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::diff::{self, Mark};
use gongkai_platform::web::{App, Problem, Query, Shell, day, page};
use serde::Deserialize;

use crate::acts::ViewDocuments;
use crate::document::body::escape;
use crate::document::{Document, Edition, Head, store};
use crate::id::{DocumentId, EditionId};

/// Unchanged lines that stay around each change; the rest is counted.
const AROUND: usize = 2;
/// Characters of a line that is compared character by character.
const INLINE_CHARS_MAX: usize = 2_000;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Pair {
    from: EditionId,
    to: EditionId,
}

/// What a line of a comparison is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Same,
    Del,
    Ins,
    /// Lines that are the same and left out; the text says how many.
    Skipped,
}

/// A line of a comparison; its pieces are struck or underlined where only they changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) tag: Tag,
    /// The pieces, each with whether it is what changed.
    pub(super) pieces: Vec<(String, bool)>,
}

impl Line {
    pub(super) fn is_change(&self) -> bool {
        matches!(self.tag, Tag::Del | Tag::Ins)
    }

    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// The line as a paragraph.
    pub(super) fn html(&self) -> String {
        let mut html = String::from("<p>");
        let (sign, element) = match self.tag {
            Tag::Same => ("", ""),
            Tag::Skipped => ("", "i"),
            Tag::Del => ("－ ", "del"),
            Tag::Ins => ("＋ ", "ins"),
        };
        html.push_str(sign);
        for (piece, changed) in &self.pieces {
            let piece = escape(&piece.replace('\t', " ｜ "));
            let _ = if element.is_empty() || !changed {
                write!(html, "{piece}")
            } else {
                write!(html, "<{element}>{piece}</{element}>")
            };
        }
        html.push_str("</p>");
        html
    }
}

#[derive(Template)]
#[template(path = "documents/compare.html")]
struct ComparePage {
    shell: Shell,
    document: Document,
    from: Edition,
    to: Edition,
    lines: Vec<Line>,
}

impl ComparePage {
    fn is_same(&self) -> bool {
        self.lines.iter().all(|line| !line.is_change())
    }
}

/// `GET /workspace/documents/{id}/compare?from=…&to=…`
pub(super) async fn show(
    State(app): State<App>,
    shell: Shell,
    permit: Permit<ViewDocuments>,
    Path(id): Path<DocumentId>,
    Query(pair): Query<Pair>,
) -> Result<Response, Problem> {
    let found = app
        .db
        .read(async |tx: &mut Tx| {
            let Some(document) = store::load(tx, permit.scope(), id).await? else {
                return Ok(None);
            };
            let (from, to) = (
                store::edition(tx, pair.from).await?,
                store::edition(tx, pair.to).await?,
            );
            let own = |edition: Option<Edition>| edition.filter(|edition| edition.document == id);
            Ok::<_, StoreError>(
                own(from)
                    .zip(own(to))
                    .map(|(from, to)| (document, from, to)),
            )
        })
        .await?;
    let (document, from, to) = found.ok_or_else(Problem::not_found)?;
    let lines = diff(
        &(head_lines(&from.head) + &from.text + "\n"),
        &(head_lines(&to.head) + &to.text + "\n"),
    );
    page(&ComparePage {
        shell,
        document,
        from,
        to,
        lines,
    })
}

/// The fields of a head as lines, each under its name; those that are empty on both sides say nothing.
pub(super) fn head_lines(head: &Head) -> String {
    let date = |date: Option<gongkai_basis::Date>| date.map_or_else(String::new, day);
    let mut lines = String::new();
    for (name, value) in [
        ("名称", head.title.clone()),
        ("文号", head.number.clone()),
        ("主题分类", head.theme.clone()),
        ("成文日期", date(head.issued_on)),
        ("施行日期", date(head.effective_on)),
        ("有效期至", date(head.expires_on)),
        ("公示期至", date(head.shown_until)),
        ("公示范围", head.limits().to_owned()),
        ("公开属性", head.openness().name().to_owned()),
        ("不主动公开的理由", head.why_closed.clone()),
        ("内容概述", head.summary.clone()),
        ("主题词", head.keywords.clone()),
        ("转载来源", head.source_url.clone()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(lines, "{name}：{}", value.replace('\n', " "));
        }
    }
    for one in &head.own {
        let _ = writeln!(lines, "{}", one.line());
    }
    for one in &head.cites {
        let _ = writeln!(lines, "依据和引用：{}", one.written());
    }
    lines
}

/// Two texts as lines; lines that follow each other as old and new are compared by character, and long stretches without a
/// change are left out.
pub(super) fn diff(old: &str, new: &str) -> Vec<Line> {
    let line = |(mark, text)| Line {
        tag: match mark {
            Mark::Deleted => Tag::Del,
            Mark::Inserted => Tag::Ins,
            Mark::Same => Tag::Same,
        },
        pieces: vec![(text, true)],
    };
    let mut all: Vec<Line> = diff::lines(old, new).into_iter().map(line).collect();
    inline(&mut all);
    shortened(all)
}

/// Pairs the old and new lines of each changed stretch, in their order.
fn inline(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let run = |from: usize, tag: Tag| {
            lines
                .iter()
                .skip(from)
                .take_while(|line| line.tag == tag)
                .count()
        };
        let deleted = run(at, Tag::Del);
        let inserted = run(at + deleted, Tag::Ins);
        for n in 0..deleted.min(inserted) {
            let (old, new) = (at + n, at + deleted + n);
            let texts = (
                lines.get(old).map(Line::text),
                lines.get(new).map(Line::text),
            );
            if let (Some(before), Some(after)) = texts
                && let Some((struck, underlined)) = pieces(&before, &after)
            {
                if let Some(line) = lines.get_mut(old) {
                    line.pieces = struck;
                }
                if let Some(line) = lines.get_mut(new) {
                    line.pieces = underlined;
                }
            }
        }
        at += (deleted + inserted).max(1);
    }
}

type Pieces = Vec<(String, bool)>;

/// Both lines cut where they differ; `None` where they have too little in common to be one line that changed.
fn pieces(old: &str, new: &str) -> Option<(Pieces, Pieces)> {
    if old.chars().count().max(new.chars().count()) > INLINE_CHARS_MAX {
        return None;
    }
    let changes = diff::chars(old, new);
    let same: usize = changes
        .iter()
        .filter(|piece| piece.mark == Mark::Same)
        .map(|piece| piece.text.chars().count())
        .sum();
    if 4 * same < old.chars().count() + new.chars().count() {
        return None;
    }
    let (mut struck, mut underlined): (Pieces, Pieces) = (Vec::new(), Vec::new());
    for change in changes {
        match change.mark {
            Mark::Same => {
                struck.push((change.text.clone(), false));
                underlined.push((change.text, false));
            }
            Mark::Deleted => struck.push((change.text, true)),
            Mark::Inserted => underlined.push((change.text, true)),
        }
    }
    Some((struck, underlined))
}

/// Without what is far from every change.
fn shortened(lines: Vec<Line>) -> Vec<Line> {
    let near: Vec<bool> = (0..lines.len())
        .map(|at| {
            let from = at.saturating_sub(AROUND);
            lines
                .iter()
                .skip(from)
                .take(at - from + AROUND + 1)
                .any(Line::is_change)
        })
        .collect();
    let mut kept: Vec<Line> = Vec::new();
    let mut skipped = 0_usize;
    let push_skipped = |kept: &mut Vec<Line>, skipped: &mut usize| {
        if *skipped > 0 {
            kept.push(Line {
                tag: Tag::Skipped,
                pieces: vec![(format!("（{skipped}行没有变化）"), true)],
            });
            *skipped = 0;
        }
    };
    for (line, near) in lines.into_iter().zip(near) {
        if near {
            push_skipped(&mut kept, &mut skipped);
            kept.push(line);
        } else {
            skipped += 1;
        }
    }
    push_skipped(&mut kept, &mut skipped);
    kept
}

#[cfg(test)]
mod tests {
    use super::{Tag, diff};

    #[test]
    fn a_changed_date_and_a_changed_cell_stand_out() {
        let old = "名称：甲办法\n第一条 一。\n第二条 二。\n第三条 三。\n第四条 年底前完成。\n事项\t期限\n公开\t20日\n";
        let new = old.replace("年底前", "11月底前").replace("20日", "15日");
        let lines = diff(old, &new);
        let html: String = lines.iter().map(super::Line::html).collect();
        assert!(html.contains("（2行没有变化）"), "{html}");
        assert!(
            html.contains("<ins>11月</ins>底前完成") || html.contains("<ins>11月底</ins>前"),
            "{html}"
        );
        assert!(
            html.contains("公开 ｜ <del>20</del>日") && html.contains("公开 ｜ <ins>15</ins>日"),
            "{html}"
        );
        assert!(diff(old, old).iter().all(|line| line.tag == Tag::Skipped));
        let html: String = diff("甲\n", "<b>\n")
            .iter()
            .map(super::Line::html)
            .collect();
        assert!(html.contains("<ins>&lt;b&gt;</ins>"), "{html}");
    }
}

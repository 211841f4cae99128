//! Titles over two lines that the text above them quotes whole.

use super::super::Line;
use super::{Title, build, joined};

/// 安澜市财政局 / 2026年政务公开工作方案: the notice's text quotes both lines as one name.
pub(in super::super) fn quoted_with_line_above(lines: &[Line], found: Title) -> Title {
    let first = lines.partition_point(|l| l.node < found.first);
    let end = lines.partition_point(|l| l.node < found.body);
    let whole = first.checked_sub(1).zip(end.checked_sub(1));
    let whole = whole.filter(|(above, end)| {
        let name = format!("《{}》", joined(lines, *above, *end));
        let before = lines.get(..*above).unwrap_or_default();
        before.iter().any(|l| l.text.contains(&name))
    });
    whole
        .and_then(|(above, end)| build(lines, above, end))
        .unwrap_or(found)
}

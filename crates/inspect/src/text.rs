//! A text as the finders see it: one form for every character that has several, nothing invisible, and the way back.

/// Characters that a cell of a heading may have.
const LABEL_CHARS_MAX: usize = 14;
/// Lines between a heading and a row.
const HEADING_LINES_MAX: usize = 5_000;

#[derive(Debug)]
pub(crate) struct Text {
    source: Vec<char>,
    /// The normalised characters.
    pub(crate) chars: Vec<char>,
    /// For each, its place in the source.
    at: Vec<usize>,
    /// The same as text, for patterns.
    pub(crate) norm: String,
    /// For each normalised character, its first byte in `norm`.
    bytes: Vec<usize>,
    /// First and one-past-last character of each line.
    lines: Vec<(usize, usize)>,
    /// For each line, the line that is the heading of its columns.
    headings: Vec<Option<usize>>,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let source: Vec<char> = text.chars().take(crate::CHARS_MAX).collect();
        let (mut chars, mut at) = (Vec::new(), Vec::new());
        for (index, c) in source.iter().enumerate() {
            if let Some(c) = normal(*c) {
                chars.push(c);
                at.push(index);
            }
        }
        let (mut norm, mut bytes) = (String::new(), Vec::with_capacity(chars.len()));
        for c in &chars {
            bytes.push(norm.len());
            norm.push(*c);
        }
        let mut lines = Vec::new();
        let mut start = 0;
        for (index, c) in chars.iter().enumerate() {
            if *c == '\n' {
                lines.push((start, index));
                start = index + 1;
            }
        }
        lines.push((start, chars.len()));
        let mut text = Self {
            source,
            chars,
            at,
            norm,
            bytes,
            lines,
            headings: Vec::new(),
        };
        text.headings = headings(&text);
        text
    }

    /// The places in the source of a normalised span.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.at.get(start).copied().unwrap_or(self.source.len());
        let last = end
            .checked_sub(1)
            .and_then(|last| self.at.get(last))
            .map_or(first, |last| last + 1);
        (first, last.max(first))
    }

    pub(crate) fn source(&self, start: usize, end: usize) -> String {
        self.source
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .collect()
    }

    /// The character at which a byte of `norm` stands.
    pub(crate) fn char_at(&self, byte: usize) -> usize {
        self.bytes.partition_point(|first| *first < byte)
    }

    pub(crate) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    /// The character before.
    pub(crate) fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).and_then(|index| self.get(index))
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &str {
        let from = self.bytes.get(start).copied().unwrap_or(self.norm.len());
        let to = self.bytes.get(end).copied().unwrap_or(self.norm.len());
        self.norm.get(from..to.max(from)).unwrap_or_default()
    }

    pub(crate) fn line_of(&self, index: usize) -> usize {
        self.lines
            .partition_point(|(start, _)| *start <= index)
            .saturating_sub(1)
    }

    pub(crate) fn line_span(&self, line: usize) -> (usize, usize) {
        self.lines.get(line).copied().unwrap_or_default()
    }

    pub(crate) fn lines(&self) -> &[(usize, usize)] {
        &self.lines
    }

    /// What stands before in the same line, at most `max` characters.
    pub(crate) fn left(&self, index: usize, max: usize) -> &str {
        let (start, _) = self.line_span(self.line_of(index));
        self.slice(start.max(index.saturating_sub(max)), index)
    }

    /// What stands behind in the same line, at most `max` characters.
    pub(crate) fn right(&self, index: usize, max: usize) -> &str {
        let (_, end) = self.line_span(self.line_of(index));
        self.slice(index, end.min(index + max).max(index))
    }

    /// The line and `around` lines on both sides, within 240 characters of the place.
    pub(crate) fn record(&self, index: usize, around: usize) -> (usize, usize) {
        const REACH: usize = 240;
        let line = self.line_of(index);
        let (start, _) = self.line_span(line.saturating_sub(around));
        let (_, end) = self.line_span((line + around).min(self.lines.len().saturating_sub(1)));
        (
            start.max(index.saturating_sub(REACH)),
            end.min(index + REACH),
        )
    }

    /// The heading of the column in which a place stands.
    pub(crate) fn column_label(&self, index: usize) -> Option<&str> {
        let line = self.line_of(index);
        let heading = self.headings.get(line).copied().flatten()?;
        let parting = self.parting(heading)?;
        let column = self
            .fields(line, parting)
            .position(|(_, stop)| index <= stop)?;
        self.cells(heading, parting)
            .nth(column)
            .map(|(start, end)| self.slice(start, end))
    }

    /// All headings of the table in which a line stands.
    pub(crate) fn heading_of(&self, line: usize) -> Option<&str> {
        let heading = self.headings.get(line).copied().flatten()?;
        let (start, end) = self.line_span(heading);
        Some(self.slice(start, end))
    }

    /// The cells of a row below a heading, as spans without blanks at the ends.
    pub(crate) fn row(&self, line: usize) -> Vec<(usize, usize)> {
        match self
            .headings
            .get(line)
            .copied()
            .flatten()
            .and_then(|heading| self.parting(heading))
        {
            Some(parting) => self.cells(line, parting).collect(),
            None => Vec::new(),
        }
    }

    /// The cells of a line without blanks at their ends and without the quotation marks of a CSV.
    fn cells(&self, line: usize, parting: char) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.fields(line, parting).map(move |(start, stop)| {
            let quoted = self.quoted(start, stop, parting);
            let (from, to) = quoted.map_or((start, stop), |(from, to, _)| (from, to));
            self.trimmed(from, to)
        })
    }

    /// The cells of a line with all that stands between the characters that part them.
    fn fields(&self, line: usize, parting: char) -> impl Iterator<Item = (usize, usize)> + '_ {
        let (mut start, end) = self.line_span(line);
        let mut done = false;
        std::iter::from_fn(move || {
            if done {
                return None;
            }
            let stop = match self.quoted(start, end, parting) {
                Some((_, _, stop)) => stop,
                None => (start..end)
                    .find(|index| self.get(*index) == Some(parting))
                    .unwrap_or(end),
            };
            let field = (start, stop);
            done = stop == end;
            start = stop + 1;
            Some(field)
        })
    }

    /// What stands between the quotation marks of a CSV's cell that begins here, and where the cell ends. A comma inside parts
    /// nothing, and two marks are one of the text.
    fn quoted(&self, start: usize, end: usize, parting: char) -> Option<(usize, usize, usize)> {
        let (open, _) = self.trimmed(start, end);
        if parting != ',' || open >= end || self.get(open) != Some('"') {
            return None;
        }
        let mut at = open + 1;
        while at < end {
            if self.get(at) != Some('"') {
                at += 1;
            } else if at + 1 < end && self.get(at + 1) == Some('"') {
                at += 2;
            } else {
                let (behind, _) = self.trimmed(at + 1, end);
                let is_cell = behind == end || self.get(behind) == Some(',');
                return is_cell.then_some((open + 1, at, behind));
            }
        }
        None
    }

    /// A span without white space at its ends.
    pub(crate) fn trimmed(&self, mut start: usize, mut end: usize) -> (usize, usize) {
        while start < end && self.get(start).is_some_and(char::is_whitespace) {
            start += 1;
        }
        while start < end && self.before(end).is_some_and(char::is_whitespace) {
            end -= 1;
        }
        (start, end)
    }

    /// What parts the cells of a line, if it looks like a row at all.
    fn parting(&self, line: usize) -> Option<char> {
        let (start, end) = self.line_span(line);
        let cells = self.chars.get(start..end)?;
        ['\t', '|', ',']
            .into_iter()
            .find(|parting| cells.contains(parting))
    }

    /// Whether a line is a row of short cells of which one is called by a known heading.
    fn is_heading(&self, line: usize) -> bool {
        const KNOWN: [&str; 22] = [
            "姓名",
            "户主",
            "身份证",
            "证件号",
            "手机",
            "电话",
            "联系方式",
            "卡号",
            "账号",
            "住址",
            "地址",
            "编号",
            "单号",
            "代码",
            "号码",
            "联系人",
            "证号",
            "学号",
            "考号",
            "序号",
            "工号",
            "条码",
        ];
        let Some(parting) = self.parting(line) else {
            return false;
        };
        let (mut cells, mut known, mut filled) = (0, false, 0);
        for (start, end) in self.cells(line, parting) {
            cells += 1;
            let label = self.slice(start, end);
            if end - start > LABEL_CHARS_MAX
                || label
                    .chars()
                    .any(|c| c.is_ascii_digit() || matches!(c, ':' | '。'))
            {
                return false;
            }
            filled += usize::from(end > start);
            known |= KNOWN
                .iter()
                .any(|word| label.replace(' ', "").contains(word));
        }
        cells >= 2 && filled >= 2 && known
    }

    fn count_cells(&self, line: usize, parting: char) -> usize {
        self.fields(line, parting).count()
    }
}

/// For each line the nearest heading above, as long as the rows keep its number of cells.
fn headings(text: &Text) -> Vec<Option<usize>> {
    let mut current: Option<(usize, char, usize)> = None;
    let mut out = Vec::with_capacity(text.lines.len());
    for line in 0..text.lines.len() {
        if text.is_heading(line) {
            current = text
                .parting(line)
                .map(|parting| (line, parting, text.count_cells(line, parting)));
            out.push(None);
            continue;
        }
        let holds = current.is_some_and(|(heading, parting, cells)| {
            text.count_cells(line, parting) == cells && line - heading <= HEADING_LINES_MAX
        });
        if !holds {
            current = None;
        }
        out.push(current.map(|(heading, _, _)| heading));
    }
    out
}

/// The one form of a character; `None` for what nobody sees.
fn normal(c: char) -> Option<char> {
    Some(match c {
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}'
        | '\u{00AD}' => return None,
        '\r' => return None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' => ' ',
        '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{1D7CE}'..='\u{1D7FF}' => {
            char::from_digit((u32::from(c) - 0x1D7CE) % 10, 10).unwrap_or(c)
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => '-',
        '﹡' | '∗' | '✱' => '*',
        '﹕' | '︰' | '∶' => ':',
        '•' | '・' | '‧' | '∙' | '⋅' => '·',
        '機' => '机',
        '祕' => '秘',
        '絕' | '絶' => '绝',
        '內' => '内',
        '資' => '资',
        '電' => '电',
        '話' => '话',
        '號' => '号',
        '碼' => '码',
        '證' => '证',
        '聯' => '联',
        '繫' | '係' => '系',
        '戶' => '户',
        '開' => '开',
        '張' => '张',
        '陳' => '陈',
        '劉' => '刘',
        '黃' => '黄',
        '吳' => '吴',
        '趙' => '赵',
        '孫' => '孙',
        '鄭' => '郑',
        '楊' => '杨',
        '葉' => '叶',
        '盧' => '卢',
        '蘇' => '苏',
        '謝' => '谢',
        '許' => '许',
        '鄧' => '邓',
        '馮' => '冯',
        '羅' => '罗',
        '蕭' => '萧',
        '譚' => '谭',
        '韓' => '韩',
        '賴' => '赖',
        c => c,
    })
}

//! Lines of a step's remark that say something about one thing each: what it is about between two marks, then what is said.

/// The marks around what a line is about.
pub(super) struct Marks {
    pub(super) open: char,
    pub(super) close: char,
}

impl Marks {
    /// The remark with its lines, as it is kept.
    pub(super) fn written(
        &self,
        remark: &str,
        lines: impl Iterator<Item = (String, String)>,
    ) -> String {
        let (open, close) = (self.open, self.close);
        let lines = lines.map(|(about, said)| format!("{open}{about}{close}{said}"));
        let remark = (!remark.is_empty()).then(|| remark.to_owned());
        remark
            .into_iter()
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What was written, parted again; a line that is none of these stays in the remark.
    pub(super) fn read<T>(
        &self,
        written: &str,
        of: impl Fn(&str, &str) -> Option<T>,
    ) -> (String, Vec<T>) {
        let (mut remark, mut lines) = (Vec::new(), Vec::new());
        for line in written.lines() {
            let parted = line
                .strip_prefix(self.open)
                .and_then(|line| line.split_once(self.close))
                .and_then(|(about, said)| of(about, said));
            match parted {
                Some(one) => lines.push(one),
                None => remark.push(line),
            }
        }
        (remark.join("\n"), lines)
    }

    /// A text as it can be compared: without blanks, and without these marks.
    pub(super) fn plain(&self, text: &str) -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != self.open && *c != self.close)
            .collect()
    }
}

/// In one line.
pub(super) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

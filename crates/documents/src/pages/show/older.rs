//! 历次文本: which earlier texts may be taken from the public, or given out again.

use super::ShowPage;
use crate::document::history::Version;

impl ShowPage {
    /// Earlier texts that the public reads, by the id of each, and what people call it.
    pub(super) fn shown_texts(&self) -> Vec<(String, String)> {
        let shown = self.older.iter().filter(|one| one.hidden.is_none());
        choices(shown)
    }

    /// Those that it does not get any more.
    pub(super) fn hidden_texts(&self) -> Vec<(String, String)> {
        let hidden = self.older.iter().filter(|one| one.hidden.is_some());
        choices(hidden)
    }
}

fn choices<'v>(texts: impl Iterator<Item = &'v Version>) -> Vec<(String, String)> {
    texts
        .map(|version| {
            let why = version
                .hidden
                .as_ref()
                .map_or_else(String::new, |hidden| format!("：{}", hidden.why));
            let name = format!("{}（第{}稿）{why}", version.days(), version.edition.number);
            (version.edition.id.to_string(), name)
        })
        .collect()
}

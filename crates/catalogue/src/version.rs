//! 历次版本: what an entry said before, who changed it why, and on what legal basis. 条例 art. 12 asks that the catalogue is kept
//! up to date; this is how it was.

pub mod store;

use std::collections::BTreeMap;

use gongkai_basis::{Date, coded};

use crate::entry::Entry;
use crate::id::EntryId;
use crate::standard::class_name;

coded! {
    /// What made a version.
    pub enum VersionKind {
        Added = "added", "增加";
        Changed = "changed", "修改";
        Removed = "removed", "删除";
    }
}

/// One version of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub entry: EntryId,
    pub number: i64,
    pub kind: VersionKind,
    pub why: String,
    pub legal_basis: String,
    /// By code.
    pub fields: BTreeMap<String, String>,
    pub changed_by: String,
    pub changed_on: Date,
}

/// What one version says of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// 公开时限
    pub text: String,
    pub formed_on: Date,
    pub in_force_on: Date,
    /// When it was written.
    pub changed_on: Date,
}

/// A field that two versions say differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub field: &'static str,
    pub name: &'static str,
    pub before: String,
    pub after: String,
}

/// The fields of an entry: code and name, in the order of the form.
pub const FIELDS: [(&str, &str); 15] = [
    ("index_number", "索引"),
    ("class", "类别"),
    ("domain", "领域"),
    ("item", "一级事项"),
    ("sub_item", "二级事项"),
    ("content", "公开内容（要素）"),
    ("basis", "公开依据"),
    ("limit_text", "公开时限"),
    ("publisher", "公开主体"),
    ("channels", "公开渠道和载体"),
    ("audience", "公开对象"),
    ("method", "公开方式"),
    ("levels", "公开层级"),
    ("formed_on", "生成日期"),
    ("in_force_on", "施行日期"),
];

/// What an entry says, by field.
#[must_use]
pub fn fields(entry: &Entry) -> BTreeMap<String, String> {
    let words = &entry.words;
    let values = [
        words.index_number.clone(),
        class_name(words.class).to_owned(),
        words.domain.clone(),
        words.item.clone(),
        words.sub_item.clone(),
        words.content.clone(),
        words.basis.clone(),
        words.limit_text.clone(),
        words.publisher.clone(),
        words.channels.clone(),
        words.audience.clone(),
        words.method.clone(),
        words.levels.clone(),
        entry.formed_on.to_string(),
        entry.in_force_on.to_string(),
    ];
    let code = |(code, _): &(&str, &str)| (*code).to_owned();
    FIELDS.iter().map(code).zip(values).collect()
}

/// What an entry says of time, written on a day.
#[must_use]
pub fn limit(entry: &Entry, changed_on: Date) -> Limit {
    Limit {
        text: entry.words.limit_text.clone(),
        formed_on: entry.formed_on,
        in_force_on: entry.in_force_on,
        changed_on,
    }
}

/// What two versions say differently, in the order of the form.
#[must_use]
pub fn differences(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<Difference> {
    let text = |of: &BTreeMap<String, String>, field| of.get(field).cloned().unwrap_or_default();
    FIELDS
        .iter()
        .map(|(field, name)| Difference {
            field,
            name,
            before: text(before, *field),
            after: text(after, *field),
        })
        .filter(|one| one.before != one.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::tests::entry;

    #[test]
    fn only_what_changed_is_told() {
        let before = entry(1);
        let mut after = before.clone();
        assert_eq!(differences(&fields(&before), &fields(&after)), []);
        after.words.limit_text = "每季度".to_owned();
        after.words.class = 1;
        let told = differences(&fields(&before), &fields(&after));
        let fields: Vec<&str> = told.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["class", "limit_text"]);
        assert_eq!(told[1].before, "每年公开一次");
    }
}

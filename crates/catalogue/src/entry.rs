//! 公开事项: one row of a catalogue.

pub mod handle;
pub mod import;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;

use crate::id::EntryId;
use crate::period::Rhythm;
use crate::standard::{AUDIENCES, LEVELS, METHODS, class_name};
use gongkai_platform::fault::{Reason, Wanted, text_fault};

/// Characters of a line, and of a longer text.
pub const LINE_CHARS_MAX: usize = 200;
pub const TEXT_CHARS_MAX: usize = 2_000;

/// What people write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub index_number: String,
    /// 1 to 15; 0 for none chosen.
    pub class: i64,
    pub domain: String,
    pub item: String,
    pub sub_item: String,
    pub content: String,
    pub basis: String,
    pub limit_text: String,
    pub publisher: String,
    pub channels: String,
    pub audience: String,
    pub method: String,
    /// Joined by 、
    pub levels: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    pub organ: OrganId,
    pub organ_name: String,
    pub overrides: Option<EntryId>,
    pub words: Words,
    pub rhythm: Rhythm,
    /// 生成日期
    pub formed_on: Date,
    pub in_force_on: Date,
    pub removed_why: Option<String>,
    pub recorded_by: String,
    /// When somebody last said that it still holds, and who.
    pub confirmed: Option<(Date, String)>,
    pub version: i64,
}

impl Words {
    /// 名称 of 条例 art. 12: the finer of the two levels.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.sub_item.is_empty() {
            &self.item
        } else {
            &self.sub_item
        }
    }

    /// All the reasons why this is no entry: 索引、名称、内容概述 of 条例 art. 12 (the fourth, 生成日期, is a date), and what
    /// the standard columns demand: a basis, a limit that can be read, a publisher, a mandatory channel, an audience,
    /// one method, a level.
    #[must_use]
    pub fn why_not(&self) -> Vec<(&'static str, String)> {
        let line =
            |field, name, text: &str| text_fault((field, name), text, LINE_CHARS_MAX, Wanted::Yes);
        let long =
            |field, name, text: &str| text_fault((field, name), text, TEXT_CHARS_MAX, Wanted::Yes);
        let mut faults: Vec<(&'static str, String)> = [
            line("index_number", "索引", &self.index_number),
            line("item", "一级事项", &self.item),
            text_fault(
                ("sub_item", "二级事项"),
                &self.sub_item,
                LINE_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(("domain", "领域"), &self.domain, LINE_CHARS_MAX, Wanted::No),
            long("content", "公开内容（要素）", &self.content),
            long("basis", "公开依据", &self.basis),
            line("limit_text", "公开时限", &self.limit_text),
            line("publisher", "公开主体", &self.publisher),
            long("channels", "公开渠道和载体", &self.channels),
        ]
        .into_iter()
        .flatten()
        .collect();
        if class_name(self.class).is_empty() {
            faults.push(("class", "类别要写条例第二十条的项号，1至15。".to_owned()));
        }
        if !self.limit_text.is_empty() && Rhythm::read(&self.limit_text).is_none() {
            let sentence = format!(
                "公开时限“{}”读不出期限，请写“20个工作日内”“及时”“每月”“每季度”“每半年”或“每年”。",
                self.limit_text
            );
            faults.push(("limit_text", sentence));
        }
        let own = |text: &str, known: &[&str]| {
            let mut parts = text.split('、').filter(|part| !part.is_empty()).peekable();
            parts.peek().is_some() && parts.all(|part| known.contains(&part))
        };
        if !own(&self.audience, &AUDIENCES) {
            faults.push(("audience", "公开对象写“全社会”或“特定群众”。".to_owned()));
        }
        if !METHODS.contains(&self.method.as_str()) {
            faults.push((
                "method",
                "公开方式写“主动”或“依申请公开”，只能一种。".to_owned(),
            ));
        }
        if !own(&self.levels, &LEVELS) {
            faults.push((
                "levels",
                "公开层级写省级、市级、县级、乡级，可以几个，用顿号隔开。".to_owned(),
            ));
        }
        faults
    }

    /// As [`Words::why_not`], for what somebody types: one channel at least bears the ■ of the standards. Tables of other places
    /// are taken as they are.
    #[must_use]
    pub fn why_not_typed(&self) -> Vec<Reason> {
        let sentence = "公开渠道至少有一种必选，在它前面写“■”，例：■政府网站 □公开查阅点。";
        let mut reasons = self.why_not();
        if !self.channels.is_empty() && !self.channels.contains('■') {
            reasons.push(("channels", sentence.to_owned()));
        }
        reasons
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use gongkai_basis::id::OrganId;
    use uuid::Uuid;

    /// An entry of the organ with this number.
    pub(crate) fn entry(organ: u128) -> Entry {
        let day: Date = "2026-01-05".parse().unwrap();
        Entry {
            id: EntryId::new(Uuid::from_u128(1)),
            organ: OrganId::new(Uuid::from_u128(organ)),
            organ_name: "安澜市财政局".to_owned(),
            overrides: None,
            words: words(),
            rhythm: Rhythm::Yearly,
            formed_on: day,
            in_force_on: day,
            removed_why: None,
            recorded_by: "文书".to_owned(),
            confirmed: None,
            version: 1,
        }
    }

    pub(crate) fn words() -> Words {
        let text = str::to_owned;
        Words {
            index_number: text("AL-07-001"),
            class: 7,
            domain: text("财政预决算"),
            item: text("财政预决算"),
            sub_item: text("部门决算"),
            content: text("收支总体情况表、财政拨款收支情况表"),
            basis: text("《中华人民共和国预算法》"),
            limit_text: text("每年公开一次"),
            publisher: text("市财政局"),
            channels: text("■政府网站"),
            audience: text("全社会"),
            method: text("主动"),
            levels: text("市级、县级"),
        }
    }

    #[test]
    fn a_whole_entry_is_one() {
        assert_eq!(words().why_not(), []);
    }

    /// Every field that article 12 or the standard columns demand is missed when it is empty.
    #[test]
    fn each_missing_field_is_named() {
        type Clear = fn(&mut Words);
        let clear: [(&str, Clear); 11] = [
            ("index_number", |w| w.index_number.clear()),
            ("item", |w| w.item.clear()),
            ("content", |w| w.content.clear()),
            ("basis", |w| w.basis.clear()),
            ("limit_text", |w| w.limit_text.clear()),
            ("publisher", |w| w.publisher.clear()),
            ("channels", |w| w.channels.clear()),
            ("class", |w| w.class = 16),
            ("audience", |w| w.audience.clear()),
            ("method", |w| w.method = "主动、依申请公开".to_owned()),
            ("levels", |w| w.levels = "村级".to_owned()),
        ];
        for (field, change) in clear {
            let mut words = words();
            change(&mut words);
            let fields: Vec<&str> = words
                .why_not()
                .into_iter()
                .map(|(field, _)| field)
                .collect();
            assert_eq!(fields, [field]);
        }
    }
}

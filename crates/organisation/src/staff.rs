//! 人员名册: who in each unit is in charge of open government, which office does it, and who answers for it.
//!
//! Plans demand that each unit 明确分管领导、责任人员和具体承担机构 and files them with the office; 政府信息公开条例 (2019)
//! art. 4: each organ 应当指定机构负责本行政机关政府信息公开的日常工作.

pub mod handle;
pub mod import;
pub mod store;

use gongkai_basis::Date;
use gongkai_basis::coded;
use gongkai_basis::id::OrganId;

use crate::id::StaffId;
use gongkai_platform::fault::{Wanted, phone_fault, text_fault};

/// The longest name, in characters.
pub const NAME_CHARS_MAX: usize = 50;
/// The longest post or telephone number, in characters.
pub const LINE_CHARS_MAX: usize = 100;

coded! {
    /// What a row of the register says.
    pub enum StaffKind {
        /// The leader in charge.
        Leader = "leader", "分管领导";
        /// The office that does the daily work.
        Body = "body", "承办机构";
        /// Who answers for it.
        Responsible = "responsible", "责任人";
    }
}

impl StaffKind {
    /// How lists of units call it, besides its name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "分管领导" | "分管负责人" | "分管负责同志" => Some(Self::Leader),
            "承办机构" | "承担机构" | "具体承担机构" | "工作机构" | "承办科室" => {
                Some(Self::Body)
            }
            "责任人" | "责任人员" | "联络员" | "经办人" => Some(Self::Responsible),
            _ => None,
        }
    }
}

/// A row of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffEntry {
    pub id: StaffId,
    pub organ: OrganId,
    pub organ_name: String,
    pub kind: StaffKind,
    pub words: Words,
    pub from_on: Date,
    /// The first day on which it no longer holds.
    pub until_on: Option<Date>,
    pub until_why: Option<String>,
    pub recorded_by: String,
    pub version: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// A person's name; for [`StaffKind::Body`] that of the office.
    pub name: String,
    pub post: String,
    pub phone: String,
}

impl Words {
    /// Every reason why it cannot be kept so.
    #[must_use]
    pub fn why_not(&self, kind: StaffKind) -> Vec<(&'static str, String)> {
        let name = if kind == StaffKind::Body {
            "机构名称"
        } else {
            "姓名"
        };
        [
            text_fault(("name", name), &self.name, NAME_CHARS_MAX, Wanted::Yes),
            text_fault(("post", "职务"), &self.post, LINE_CHARS_MAX, Wanted::No),
            text_fault(("phone", "电话"), &self.phone, LINE_CHARS_MAX, Wanted::No),
            phone_fault(("phone", "电话"), &self.phone),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

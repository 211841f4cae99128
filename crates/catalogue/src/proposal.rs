//! 建议列入目录的事项: what was decided to be made public, until somebody keeps it as an entry or says why it is to be none.
//!
//! Law: 条例 art. 44(1): 多个申请人就相同政府信息向同一行政机关提出公开申请, 且该政府信息属于可以公开的, 行政机关可以纳入主动公开的范围.
//! What the law leaves to the organ stays with it: a proposal obliges nobody until it is an entry.

pub mod handle;
pub mod store;

use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Date, coded};
use gongkai_platform::organ::{Level, Organ};

use crate::entry::Words;
use crate::id::{EntryId, ProposalId};
use crate::standard::{AUDIENCES, METHODS, fields};

/// Why such an entry is in the catalogue.
const BASIS: &str = "《中华人民共和国政府信息公开条例》第四十四条第一款";
/// 条例 art. 26, as the form of a new entry has it.
pub const LIMIT: &str = "信息形成（或者变更）之日起20个工作日内";
pub const CHANNELS: &str = "■政府网站";

coded! {
    pub enum State {
        Open = "open", "待处理";
        Kept = "kept", "已加入目录";
        Declined = "declined", "不列入";
        Withdrawn = "withdrawn", "已撤回";
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProposalId,
    /// What it comes from.
    pub of: Ref,
    /// Who publishes it.
    pub organ: OrganId,
    pub organ_name: String,
    pub title: String,
    /// Where it comes from, in words, and where staff read that.
    pub source: String,
    pub path: String,
    /// Until when the unit publishes it.
    pub due_on: Option<Date>,
    pub state: State,
    pub entry: Option<EntryId>,
    pub why: String,
    pub decided_by: String,
    pub decided_on: Option<Date>,
    pub version: i64,
}

impl Proposal {
    /// What the form of its entry begins with; 索引 and 类别 are left to people.
    #[must_use]
    pub fn words(&self, owner: &Organ) -> Words {
        let text = str::to_owned;
        let [all, _] = AUDIENCES;
        let [own, _] = METHODS;
        Words {
            index_number: String::new(),
            class: 0,
            domain: text(domain(&self.title)),
            item: self.title.clone(),
            sub_item: String::new(),
            content: self.title.clone(),
            basis: text(BASIS),
            limit_text: text(LIMIT),
            publisher: owner.name.clone(),
            channels: text(CHANNELS),
            audience: text(all),
            method: text(own),
            levels: text(level(owner.level)),
        }
    }
}

/// The 领域 that a title names, the longest first; empty for none.
#[must_use]
pub fn domain(title: &str) -> &'static str {
    let named = fields().into_iter().filter(|name| title.contains(name));
    named.max_by_key(|name| name.chars().count()).unwrap_or("")
}

/// 公开层级 of an organ; empty where the standard columns have none for it.
const fn level(level: Level) -> &'static str {
    match level {
        Level::Province => "省级",
        Level::City => "市级",
        Level::County => "县级",
        Level::Town | Level::Village => "乡级",
        Level::Section => "",
    }
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_title_names_its_domain() {
        assert_eq!(domain("城区义务教育学位分配方案"), "义务教育");
        assert_eq!(
            domain("国有土地上房屋征收与补偿方案"),
            "国有土地上房屋征收与补偿"
        );
        assert_eq!(domain("公交线路调整评估报告"), "");
    }
}

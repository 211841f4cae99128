//! 政府公报: issues put together from published editions, by id and hash; the gazette's text of a rule is the standard text
//! (立法法 art. 97; 国办发〔2018〕22号), so it is compared with the website's copy before it goes out and every night after.

pub mod check;
pub mod directory;
pub mod discard;
pub mod handle;
pub mod printed;
pub mod store;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, coded};
use gongkai_platform::fault::Reason;
use gongkai_platform::organ::Level;
use gongkai_platform::web::day;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::document::body::printable;
use crate::document::{Head, Visibility, seal};
use crate::id::{DocumentId, EditionId, ErratumId, IssueId, ItemId};

/// The first section where a government makes rules (立法法 art. 93: provinces and cities), and those that all have.
const RULES: &str = "政府规章";
const SECTIONS: [&str; 5] = ["行政规范性文件", "政策文件", "政策解读", "人事任免", "其他"];

/// Sections of a new issue, in their order; each issue may name its own.
#[must_use]
pub fn sections(level: Level) -> Vec<String> {
    let rules = match level {
        Level::Province | Level::City => Some(RULES),
        Level::County | Level::Town | Level::Village | Level::Section => None,
    };
    let all = rules.into_iter().chain(SECTIONS);
    all.map(str::to_owned).collect()
}

pub const SECTIONS_MAX: usize = 20;
pub const SECTION_CHARS_MAX: usize = 30;
/// Texts of one issue.
pub const ITEMS_MAX: usize = 200;
/// Issues of one year, and in all.
pub const NUMBER_MAX: i64 = 100;
pub const TOTAL_MAX: i64 = 10_000;
pub const REMARK_CHARS_MAX: usize = 300;

/// Stands for a text that was withdrawn.
const GONE: &str = "本篇所载文件已经撤下，公报不再提供原文。";
/// Stands for an earlier text that is not given out any more, while the document is.
const HIDDEN: &str = "本篇刊登的是修改前的文本，已经不再提供，公报不再提供原文。";
/// Behind both in the print: the pages behind it move.
const LAID_ANEW: &str = "本期重新排版，以后各篇的页码以出版时的为准，见网页目录。";

coded! {
    /// Where an issue stands.
    pub enum State {
        Preparing = "preparing", "编辑中";
        Proposed = "proposed", "待签发";
        Issued = "issued", "已出版";
    }
}

coded! {
    /// What is done to an issue.
    pub enum Step {
        Propose = "propose", "送签";
        Return = "return", "退回";
        Issue = "issue", "签发";
    }
}

impl State {
    /// Where a step leads; `None` where it cannot be taken. What is issued stays as it is: errata stand beside it.
    #[must_use]
    pub const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Preparing, Step::Propose) => Some(Self::Proposed),
            (Self::Proposed, Step::Return) => Some(Self::Preparing),
            (Self::Proposed, Step::Issue) => Some(Self::Issued),
            (Self::Preparing, Step::Return | Step::Issue)
            | (Self::Proposed, Step::Propose)
            | (Self::Issued, Step::Propose | Step::Return | Step::Issue) => None,
        }
    }
}

/// What an issue says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub year: i64,
    /// 第几期
    pub number: i64,
    /// 总第几期
    pub total: i64,
    pub dated_on: Date,
    pub sections: Vec<String>,
}

impl Words {
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if i64::from(self.dated_on.year()) != self.year {
            reasons.push(("dated_on", "出版日期应当在所填的年份里。".to_owned()));
        }
        if !(1..=NUMBER_MAX).contains(&self.number) {
            reasons.push(("number", format!("期号请填1到{NUMBER_MAX}。")));
        }
        if !(1..=TOTAL_MAX).contains(&self.total) || self.total < self.number {
            reasons.push((
                "total",
                format!("总期号不能小于当年期号，最多{TOTAL_MAX}。"),
            ));
        }
        if self.sections.is_empty() || self.sections.len() > SECTIONS_MAX {
            reasons.push((
                "sections",
                format!("栏目请填1到{SECTIONS_MAX}个，每行一个。"),
            ));
        }
        if self
            .sections
            .iter()
            .any(|one| one.chars().count() > SECTION_CHARS_MAX)
        {
            reasons.push(("sections", format!("栏目名最多{SECTION_CHARS_MAX}字。")));
        }
        reasons
    }

    /// 2026年第3期（总第88期）
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}年第{}期（总第{}期）", self.year, self.number, self.total)
    }
}

/// 一期公报
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub id: IssueId,
    pub owner: OrganId,
    pub organ: OrganId,
    pub organ_name: String,
    pub words: Words,
    pub state: State,
    /// Why it came back.
    pub remark: String,
    /// Account and name.
    pub proposed_by: Option<(String, String)>,
    pub issued_by: Option<(String, String)>,
    pub issued_at: Option<i64>,
    pub seal: Option<String>,
    pub version: i64,
    /// See [`Issue::path`].
    pub address: String,
}

/// What stands before `/feed.xml` in the address of a government's feed.
#[must_use]
pub fn feed_list(organ: OrganId) -> String {
    format!("/gazette/of/{organ}")
}

impl Issue {
    /// `/gazette/2026/3`; `/gazette/of/{organ}/2026/3` for governments below the one at the top.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/gazette/{}", self.address)
    }

    /// The feed of its government's gazette.
    #[must_use]
    pub fn feed_path(&self) -> String {
        format!("{}/feed.xml", feed_list(self.organ))
    }

    /// The name of the place of its year in the list of issues.
    #[must_use]
    pub fn year_anchor(&self) -> String {
        format!("y{}-{}", self.organ, self.words.year)
    }
}

/// What the website shows of a document now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    pub visibility: Visibility,
    pub head: Head,
    pub html: String,
    pub text: String,
    pub explanation: String,
}

/// One text of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub section: String,
    pub position: i64,
    pub document: DocumentId,
    pub edition: EditionId,
    /// The seal under which it was taken in.
    pub hash: String,
    pub page: Option<i64>,
    pub organ_name: String,
    pub head: Head,
    pub html: String,
    pub text: String,
    /// The day on which the website gave it out first.
    pub published_on: Option<Date>,
    /// What the public reads of the maps in it, a line for each.
    pub maps: Vec<String>,
    pub web: Option<Web>,
    /// Why its text is not given out any more although the document is: the public reads a later one.
    pub hidden: Option<String>,
}

/// How an item agrees with the website.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Same,
    /// The website shows another text.
    Differs,
    /// The website shows it no longer.
    Withdrawn,
    /// The stored edition is not what was taken in.
    Broken,
}

impl Agreement {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "● 与网站一致",
            Self::Differs => "■ 与网站不一致",
            Self::Withdrawn => "■ 网站已撤下",
            Self::Broken => "■ 封存值不符",
        }
    }

    #[must_use]
    pub const fn light(self) -> &'static str {
        match self {
            Self::Same => "light-normal",
            Self::Differs | Self::Withdrawn | Self::Broken => "light-overdue",
        }
    }
}

impl Item {
    /// Seals are computed anew from what is stored, so a text that was changed behind the program's back is seen, too.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        if seal(&self.head, &self.html) != self.hash {
            return Agreement::Broken;
        }
        match &self.web {
            Some(web) if web.visibility == Visibility::Public => {
                if seal(&web.head, &web.html) == self.hash {
                    Agreement::Same
                } else {
                    Agreement::Differs
                }
            }
            Some(_) | None => Agreement::Withdrawn,
        }
    }

    /// No gazette holds what was not signed or not out on its day.
    fn why_not_dated(&self, dated_on: Date) -> Option<Reason> {
        let (what, own) = [
            ("成文日期", self.head.issued_on),
            ("发布日期", self.published_on),
        ]
        .into_iter()
        .find_map(|(what, own)| Some((what, own.filter(|own| *own > dated_on)?)))?;
        let said = format!(
            "《{}》的{what}是{}，晚于这一期的出版日期{}，请改出版日期或者移出。",
            self.head.title,
            day(own),
            day(dated_on)
        );
        Some(("items", said))
    }

    /// The words to the public about a text that the website gives out no longer; the gazette then gives out its title alone.
    #[must_use]
    pub fn withdrawn(&self) -> Option<&str> {
        match &self.web {
            Some(web) if web.visibility == Visibility::Public => self.hidden.as_deref(),
            Some(web) => Some(web.explanation.as_str()),
            None => Some(""),
        }
    }

    fn is_public(&self) -> bool {
        let web = self.web.as_ref();
        web.is_some_and(|web| web.visibility == Visibility::Public)
    }

    /// What stands in the place of such a text.
    #[must_use]
    pub fn gone(&self) -> &'static str {
        if self.is_public() { HIDDEN } else { GONE }
    }

    /// Behind its title in the contents.
    #[must_use]
    pub fn gone_mark(&self) -> &'static str {
        if self.is_public() {
            "不再提供"
        } else {
            "已撤下"
        }
    }

    /// What the reason is called.
    #[must_use]
    pub fn gone_why(&self) -> &'static str {
        if self.is_public() {
            "说明"
        } else {
            "撤下说明"
        }
    }

    /// The text as the typesetter takes it, with the 审图号 of its maps below (地图管理条例 art. 22); of one that was withdrawn,
    /// why it is not there.
    fn printable(&self) -> Vec<Value> {
        let line = |text: String| json!({ "style": "text", "text": text });
        let Some(why) = self.withdrawn() else {
            let mut blocks = printable(&self.html);
            blocks.extend(self.maps.iter().cloned().map(line));
            return blocks;
        };
        let mut lines = vec![format!("{}{LAID_ANEW}", self.gone())];
        if !why.is_empty() {
            lines.push(format!("{}：{why}", self.gone_why()));
        }
        lines.into_iter().map(line).collect()
    }

    /// The seal of what the website shows now; empty where it shows nothing.
    #[must_use]
    pub fn web_seal(&self) -> String {
        self.web
            .as_ref()
            .filter(|web| web.visibility == Visibility::Public)
            .map_or_else(String::new, |web| seal(&web.head, &web.html))
    }
}

/// 勘误
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erratum {
    pub id: ErratumId,
    pub issue: IssueId,
    /// 2026年第3期（总第88期）
    pub issue_name: String,
    pub item: ItemId,
    pub title: String,
    pub dated_on: Date,
    pub wrong: String,
    pub correct: String,
    pub covers: String,
    pub printed: Option<IssueId>,
    /// The website gives the text out no longer; what was wrong in it is then quoted nowhere.
    pub withdrawn: bool,
}

impl Erratum {
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "本刊{}《{}》中“{}”应为“{}”。",
            self.issue_name, self.title, self.wrong, self.correct
        )
    }
}

/// All that one issue holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub issue: Issue,
    /// In the order of print.
    pub items: Vec<Item>,
    /// Of earlier issues, printed in this one.
    pub printed: Vec<Erratum>,
    /// Of this issue, recorded later.
    pub errata: Vec<Erratum>,
}

impl Whole {
    /// Each section that has items, with them.
    #[must_use]
    pub fn sections(&self) -> Vec<(&str, Vec<&Item>)> {
        let of = |section: &'_ String| -> Vec<&Item> {
            self.items
                .iter()
                .filter(|item| item.section == *section)
                .collect()
        };
        self.issue
            .words
            .sections
            .iter()
            .map(|section| (section.as_str(), of(section)))
            .filter(|(_, items)| !items.is_empty())
            .collect()
    }

    /// What keeps it from being proposed or issued: all of it at once.
    #[must_use]
    pub fn why_not(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.items.is_empty() {
            reasons.push(("items", "这一期还没有内容。".to_owned()));
        }
        for item in &self.items {
            reasons.extend(item.why_not_dated(self.issue.words.dated_on));
            let title = &item.head.title;
            let said = match item.agreement() {
                Agreement::Same => continue,
                Agreement::Differs => {
                    format!("《{title}》与网站现在的文本不一致，请改用现行文本或移出。")
                }
                Agreement::Withdrawn => format!("《{title}》网站已经撤下，请移出。"),
                Agreement::Broken => format!("《{title}》与选入时的封存值不符，请告知系统管理员。"),
            };
            reasons.push(("items", said));
        }
        reasons
    }

    /// The errata that it prints, for the public: without those of texts that were withdrawn.
    #[must_use]
    pub fn quoted(&self) -> Vec<String> {
        let shown = self.printed.iter().filter(|one| !one.withdrawn);
        shown.map(Erratum::sentence).collect()
    }

    /// SHA-256 over everything that goes out.
    #[must_use]
    pub fn seal(&self) -> String {
        let words = &self.issue.words;
        let items: Vec<Value> = self
            .items
            .iter()
            .map(|item| json!([item.section, item.document.to_string(), item.hash]))
            .collect();
        let errata: Vec<String> = self.printed.iter().map(Erratum::sentence).collect();
        let data = json!([
            words.year,
            words.number,
            words.total,
            words.dated_on.to_string(),
            items,
            errata
        ]);
        hex::encode(Sha256::digest(data.to_string().as_bytes()))
    }

    /// The data of the typesetter's template `gazette`.
    #[must_use]
    pub fn typeset_data(&self) -> Value {
        let text = |item: &&Item| {
            let head = &item.head;
            json!({
                "title": head.title,
                "number": head.number,
                "organ": item.organ_name,
                "blocks": item.printable(),
            })
        };
        let sections: Vec<Value> = self
            .sections()
            .iter()
            .map(|(name, items)| {
                let items: Vec<Value> = items.iter().map(text).collect();
                json!({ "name": name, "items": items })
            })
            .collect();
        json!({
            "title": format!("{}公报", self.issue.organ_name),
            "line": self.issue.words.name(),
            "dated": day(self.issue.words.dated_on),
            "sections": sections,
            "errata": self.quoted(),
        })
    }
}

#[cfg(test)]
mod tests;

//! 上级文件: what documents rest on and this library does not hold, such as laws and decisions of those above. Its text is
//! kept as it was taken on a day; how it stands is recorded by a person, with where that is said.

pub mod directory;
pub mod handle;
pub mod watch;

use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_platform::fault::{Reason, Wanted, text_fault};
use sha2::{Digest as _, Sha256};

use super::cited::Cited;
use super::validity::Validity;
use super::{ADDRESS_CHARS_MAX, BODY_CHARS_MAX, LINE_CHARS_MAX, TITLE_CHARS_MAX};
use crate::id::UpperId;

/// How one of them can stand, as it is recorded.
pub const STANDINGS: [Validity; 4] = [
    Validity::InForce,
    Validity::Amended,
    Validity::Repealed,
    Validity::Lapsed,
];

/// What people write of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    /// 文号, such as 国务院令第711号; may be empty.
    pub number: String,
    pub issuer: String,
    /// Where it can be read; may be empty.
    pub address: String,
    pub text: String,
}

impl Words {
    /// 《名称》（文号）
    #[must_use]
    pub fn written(&self) -> String {
        if self.number.is_empty() {
            format!("《{}》", self.title)
        } else {
            format!("《{}》（{}）", self.title, self.number)
        }
    }

    pub(super) fn why_not(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = [
            text_fault(("title", "名称"), &self.title, TITLE_CHARS_MAX, Wanted::Yes),
            text_fault(("number", "文号"), &self.number, LINE_CHARS_MAX, Wanted::No),
            text_fault(
                ("issuer", "发布机关"),
                &self.issuer,
                LINE_CHARS_MAX,
                Wanted::Yes,
            ),
            text_fault(
                ("address", "网址"),
                &self.address,
                ADDRESS_CHARS_MAX,
                Wanted::No,
            ),
            text_fault(("text", "文本"), &self.text, BODY_CHARS_MAX, Wanted::Yes),
        ]
        .into_iter()
        .flatten()
        .collect();
        let is_web = ["http://", "https://"]
            .iter()
            .any(|scheme| self.address.starts_with(scheme));
        if !self.address.is_empty() && !is_web {
            let said = "网址以 https:// 或 http:// 开头，例：https://www.gov.cn/zhengce/…。";
            reasons.push(("address", said.to_owned()));
        }
        reasons
    }
}

/// What became of it, as somebody recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub validity: Validity,
    pub on: Date,
    /// Where that is said.
    pub basis: String,
    pub by: String,
}

/// What the last look at its page gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Milliseconds; `None` where nobody has asked yet.
    pub at: Option<i64>,
    /// Why there was no answer; empty where there was one.
    pub failed: String,
    /// The hash of another text that stood there; empty where none waits for a person.
    pub flagged: String,
    /// The hash of another text that a person found to be no change.
    pub settled: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upper {
    pub id: UpperId,
    /// The unit that keeps the entry.
    pub owner: OrganId,
    pub owner_name: String,
    pub words: Words,
    pub taken_on: Date,
    /// What lines are bound to: another with each text that is taken and each amendment.
    pub seal: String,
    /// `None` until somebody recorded it.
    pub standing: Option<Standing>,
    pub look: Look,
    pub version: i64,
}

impl Upper {
    /// Its page has another text, and nobody has looked at it yet.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        !self.look.flagged.is_empty()
    }

    /// Is this another text than those that were flagged or settled before?
    fn is_news(&self, found: &str) -> bool {
        found != self.look.flagged && found != self.look.settled
    }

    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        self.standing.as_ref().map(|standing| standing.validity)
    }

    /// Is it what this line names: as it was bound, by 文号, or by its title where the line has none?
    #[must_use]
    pub fn is_meant(&self, cited: &Cited) -> bool {
        let by_words = if cited.number.is_empty() {
            self.words.title == cited.title
        } else {
            self.words.number == cited.number
        };
        by_words || cited.upper == Some(self.id.to_string())
    }
}

/// The hash of what stands there, whatever its white space.
#[must_use]
pub fn seal(text: &str) -> String {
    let words: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    hex::encode(Sha256::digest(words))
}

/// What lines are bound to after an amendment whose text nobody took yet.
fn seal_of_amendment(before: &str, standing: &Standing) -> String {
    seal(&format!("{before}{}{}", standing.on, standing.basis))
}

#[cfg(test)]
mod tests {
    use super::{Words, seal};

    #[test]
    fn an_entry_needs_what_people_tell_it_by() {
        let words = Words {
            title: "某某条例".to_owned(),
            number: "国务院令第999号".to_owned(),
            issuer: "国务院".to_owned(),
            address: "https://www.example.gov.cn/1.html".to_owned(),
            text: "第一条".to_owned(),
        };
        assert_eq!(words.written(), "《某某条例》（国务院令第999号）");
        assert!(words.why_not().is_empty());
        let none = Words {
            address: "file:///etc/passwd".to_owned(),
            ..Words::default()
        };
        let fields: Vec<&str> = none.why_not().iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["title", "issuer", "text", "address"]);
    }

    #[test]
    fn white_space_is_no_change() {
        assert_eq!(
            seal("第一条 甲。\n第二条　乙。"),
            seal("第一条甲。 第二条乙。\n")
        );
        assert_ne!(seal("甲"), seal("乙"));
    }
}

//! 依据和引用的文件: each is bound to the text that it had when the edition was written, so that a change there is seen here.

use gongkai_basis::id::OrganId;
use gongkai_basis::{Date, Role};
use gongkai_platform::access::Reach;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::fault::Reason;
use gongkai_platform::inbox::{self, Outgoing, Topic};
use serde::{Deserialize, Serialize};

use super::upper::Upper;
use super::validity::{self, Turn, Validity};
use super::{Document, Edition, LINE_CHARS_MAX, store};
use crate::id::DocumentId;

/// Documents that one edition may cite.
pub const CITED_MAX: usize = 30;
/// Documents whose people are told of one change.
const TOLD_MAX: i64 = 200;

/// A document that this one rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    pub title: String,
    /// 文号 as written; may be empty.
    pub number: String,
    /// The document of this library, where it holds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The hash of the edition, or the seal of the 上级文件, that it is bound to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// The 上级文件, where this library does not hold the document and somebody entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<String>,
}

impl Cited {
    /// 《名称》（文号）
    #[must_use]
    pub fn written(&self) -> String {
        if self.number.is_empty() {
            format!("《{}》", self.title)
        } else {
            format!("《{}》（{}）", self.title, self.number)
        }
    }

    /// A line such as `《名称》（文号）`; without 《》 the whole line is the title.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        let line = line.trim().trim_end_matches(['。', '；', ';', '，']);
        if line.is_empty() {
            return None;
        }
        let (title, rest) = match line
            .strip_prefix('《')
            .and_then(|line| line.rsplit_once('》'))
        {
            Some((title, rest)) => (title, rest),
            None => (line, ""),
        };
        let number = rest.trim().trim_matches(['（', '）', '(', ')']).trim();
        Some(Self {
            title: title.trim().to_owned(),
            number: number.to_owned(),
            document: None,
            hash: String::new(),
            upper: None,
        })
    }
}

/// The lines of a form.
#[must_use]
pub fn of_lines(text: &str) -> Vec<Cited> {
    text.lines().filter_map(Cited::of_line).collect()
}

pub(super) fn why_not(cites: &[Cited]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if cites.len() > CITED_MAX {
        reasons.push(("cites", format!("依据和引用的文件最多{CITED_MAX}件。")));
    }
    if cites
        .iter()
        .any(|one| one.written().chars().count() > LINE_CHARS_MAX)
    {
        reasons.push((
            "cites",
            format!("每行写一件，例：《安澜市政府信息公开规定》（安府规〔2024〕1号），不超过{LINE_CHARS_MAX}字。"),
        ));
    }
    reasons
}

/// Binds each to the text that the library has of it now, as the organ means it in whose name the edition is published; else
/// to the text of the 上级文件 as it was taken.
///
/// # Errors
/// When the store fails.
pub async fn bind(tx: &mut Tx, organ: OrganId, cites: &mut [Cited]) -> Result<(), StoreError> {
    for one in cites {
        (one.document, one.upper) = (None, None);
        let found = store::meant_by(tx, organ, (&one.number, &one.title)).await?;
        (one.document, one.upper, one.hash) = match found {
            Some((id, hash)) => (Some(id.to_string()), None, hash),
            None => match store::uppers_of(tx, std::slice::from_ref(&*one))
                .await?
                .pop()
            {
                Some(upper) => (None, Some(upper.id.to_string()), upper.seal),
                None => (None, None, String::new()),
            },
        };
    }
    Ok(())
}

/// How a cited document stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// This library does not hold it.
    Unknown,
    /// As it was.
    Same,
    /// Its text is another one now.
    Changed,
    /// It was taken down, or its 公示 is over.
    Gone,
}

/// A cited document and what has become of it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub cited: Cited,
    pub standing: Standing,
    pub document: Option<Document>,
    /// Of another's library, as it was entered.
    pub upper: Option<Upper>,
    /// Where its kind has validity, or where somebody recorded it.
    pub validity: Option<Validity>,
}

impl Seen {
    /// The document whose page can be read.
    #[must_use]
    pub fn page(&self) -> Option<DocumentId> {
        let document = self.document.as_ref()?;
        (!self.is_gone()).then_some(document.id)
    }

    /// The line is bound to a text, which can be told from others.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.document.is_some() || self.upper.is_some() && self.cited.upper.is_some()
    }

    /// The public reads it no longer; how it stands in force is not told any more, either.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.standing == Standing::Gone
    }

    /// Something that the people who cite it should look at.
    #[must_use]
    pub fn alarm(&self) -> Option<String> {
        let void = self.validity.filter(|validity| validity.is_void());
        match (self.standing, void) {
            (Standing::Gone, _) => Some("已撤下".to_owned()),
            (_, Some(void)) => Some(void.name().to_owned()),
            (Standing::Changed, None) => Some("内容在引用之后变了".to_owned()),
            (Standing::Unknown | Standing::Same, None) => self.doubt(),
        }
    }

    /// What stands on the page of a 上级文件, or was recorded of it, though the line is bound to the same text.
    fn doubt(&self) -> Option<String> {
        let upper = self.upper.as_ref()?;
        if upper.is_flagged() {
            return Some("来源网站上的文字与登记的不一致，等人核对".to_owned());
        }
        let is_bound = self.cited.upper.is_some();
        (!is_bound && self.validity == Some(Validity::Amended)).then(|| "已修改".to_owned())
    }
}

/// A line that names no document of this library.
fn of_upper(cited: &Cited, uppers: &[Upper]) -> Seen {
    let upper = uppers.iter().find(|upper| upper.is_meant(cited));
    let is_bound = cited.upper.is_some();
    Seen {
        cited: cited.clone(),
        standing: match upper {
            None => Standing::Unknown,
            Some(upper) if is_bound && upper.seal != cited.hash => Standing::Changed,
            Some(_) => Standing::Same,
        },
        document: None,
        validity: upper.and_then(Upper::validity),
        upper: upper.cloned(),
    }
}

/// What has become of the documents that an edition cites.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, edition: &Edition, today: Date) -> Result<Vec<Seen>, StoreError> {
    let cites = &edition.head.cites;
    let ids: Vec<String> = cites
        .iter()
        .filter_map(|one| one.document.clone())
        .collect();
    if cites.is_empty() {
        return Ok(Vec::new());
    }
    let documents = store::by_ids(tx, &ids).await?;
    let keys: Vec<_> = documents.iter().map(|document| document.id).collect();
    let turns = store::turns(tx, &keys).await?;
    let hashes = store::hashes(tx, &documents).await?;
    let uppers = store::uppers_of(tx, cites).await?;
    let one = |cited: &Cited| {
        let document = documents
            .iter()
            .find(|document| Some(document.id.to_string()) == cited.document);
        let Some(document) = document else {
            return of_upper(cited, &uppers);
        };
        let own: Vec<Turn> = turns
            .iter()
            .filter(|(id, _)| *id == document.id)
            .map(|(_, turn)| turn.clone())
            .collect();
        let standing = if !document.is_readable(today) {
            Standing::Gone
        } else if document.published.and_then(|id| hashes.get(&id)) == Some(&cited.hash) {
            Standing::Same
        } else {
            Standing::Changed
        };
        let (from, to) = (document.effective_on, document.expires_on);
        Seen {
            cited: cited.clone(),
            standing,
            validity: document
                .kind
                .has_validity()
                .then(|| validity::on(today, from, to, &own)),
            document: Some(document.clone()),
            upper: None,
        }
    };
    Ok(cites.iter().map(one).collect())
}

/// Tells those who cite or interpret a document that it is not any more what it was.
pub(super) async fn changed(
    tx: &mut Tx,
    document: &Document,
    verb: &str,
) -> Result<(), StoreError> {
    let citing = store::citing(tx, document.id, TOLD_MAX).await?;
    let key = format!("document:{}:{}", document.id, document.version);
    tell(tx, &citing, (&key, &document.title), verb).await
}

/// The same, where nobody but the calendar changed it.
pub(super) async fn changed_by_day(
    tx: &mut Tx,
    document: &Document,
    (today, verb): (Date, &str),
) -> Result<(), StoreError> {
    let citing = store::citing(tx, document.id, TOLD_MAX).await?;
    let key = format!("document:{}:{today}", document.id);
    tell(tx, &citing, (&key, &document.title), verb).await
}

/// Tells the people of these documents that what they name is not any more what it was. The key is the change's own.
pub(super) async fn tell(
    tx: &mut Tx,
    citing: &[Document],
    (key, title): (&str, &str),
    verb: &str,
) -> Result<(), StoreError> {
    let messages: Vec<Outgoing> = citing
        .iter()
        .map(|one| Outgoing {
            organ: one.owner,
            roles: &[Role::Author, Role::OfficeClerk],
            reach: Reach::Own,
            topic: Topic::House,
            key: format!("{key}:cited:{}", one.id),
            title: format!("引用的文件有变化：《{title}》"),
            body: format!(
                "《{}》引用或解读的《{title}》{verb}。请核对引文和说法，需要改的写更正稿。",
                one.title
            ),
            path: format!("/workspace/documents/{}", one.id),
            about: None,
        })
        .collect();
    if !messages.is_empty() {
        inbox::send(tx, messages).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Cited, of_lines, why_not};

    #[test]
    fn a_line_is_a_title_and_a_number() {
        let lines = of_lines(
            "《甲办法》（安府规〔2024〕1号）\n\n 《乙〈丙〉的通知》(粤府〔2020〕3号)；\n中华人民共和国某法",
        );
        let parts: Vec<(&str, &str)> = lines
            .iter()
            .map(|one| (one.title.as_str(), one.number.as_str()))
            .collect();
        assert_eq!(
            parts,
            [
                ("甲办法", "安府规〔2024〕1号"),
                ("乙〈丙〉的通知", "粤府〔2020〕3号"),
                ("中华人民共和国某法", "")
            ]
        );
        assert_eq!(lines[0].written(), "《甲办法》（安府规〔2024〕1号）");
        assert!(why_not(&lines).is_empty());
        let long = Cited::of_line(&"长".repeat(300)).unwrap();
        assert_eq!(why_not(&[long]).len(), 1);
    }
}

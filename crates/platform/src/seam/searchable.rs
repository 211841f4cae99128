//! What the public finds by words.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::id::OrganId;
use gongkai_basis::reference::Ref;

use super::Seams;
use crate::db::{StoreError, Tx};

/// What the public may find of one record: never more than its public page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub kind: String,
    pub id: String,
    pub title: String,
    /// The public page.
    pub path: String,
    /// Plain text.
    pub body: String,
    /// 发布机构: its id and its name.
    pub organ: Option<(String, String)>,
    /// What people filter by: 政策文件, 政策解读, 目录 …
    pub class: String,
    pub dated_on: Option<Date>,
    /// When what it says was corrected last; `None` where it never was.
    pub changed_on: Option<Date>,
    /// 文号
    pub document_number: String,
    /// 索引号
    pub index_number: String,
    /// 有效, 失效, 废止 …; empty where validity means nothing.
    pub validity: String,
    /// Void documents stand below valid ones.
    pub void: bool,
    /// 主题词, former names: found by, not shown.
    pub keywords: Vec<String>,
}

/// A capability whose public records can be searched. The index follows the audit chain: an event whose subject is of one of
/// these kinds asks again for that record.
#[async_trait]
pub trait Searchable: Send + Sync {
    fn kinds(&self) -> &'static [&'static str];

    /// What the public may find now, in the order asked; `None` takes the record out of the index.
    async fn entries(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Entry>>, StoreError>;

    /// Public records after this one in the order of kind and id, for a rebuild; `None` for the first.
    async fn after(
        &self,
        tx: &mut Tx,
        last: Option<&Ref>,
        limit: i64,
    ) -> Result<Vec<Ref>, StoreError>;
}

/// A public record whose words are like what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    pub of: Ref,
    pub title: String,
    /// All the words were found together; otherwise at least half of them.
    pub sure: bool,
}

/// Knows what is public already, for somebody who is about to ask for it.
#[async_trait]
pub trait Published: Send + Sync {
    /// Valid public records like these words, the likest first, at most so many; of these organs alone, or all there are,
    /// also those of no organ. A failure is logged and gives none: nobody is kept from asking.
    async fn alike(&self, words: &str, within: Option<&[OrganId]>, rows: usize) -> Vec<Alike>;
}

impl Seams {
    /// What the public may find of records now, in the order asked; `None` for what is not public or of no known kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn entries(
        &self,
        tx: &mut Tx,
        refs: &[Ref],
    ) -> Result<Vec<Option<Entry>>, StoreError> {
        let mut entries: Vec<Option<Entry>> = vec![None; refs.len()];
        for source in &self.searchable {
            let (places, own): (Vec<usize>, Vec<Ref>) = refs
                .iter()
                .enumerate()
                .filter(|(_, of)| source.kinds().contains(&of.kind.as_str()))
                .map(|(place, of)| (place, of.clone()))
                .unzip();
            if own.is_empty() {
                continue;
            }
            for (place, entry) in places.into_iter().zip(source.entries(tx, &own).await?) {
                if let Some(slot) = entries.get_mut(place) {
                    *slot = entry;
                }
            }
        }
        Ok(entries)
    }
}

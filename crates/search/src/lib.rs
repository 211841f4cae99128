//! Full-text search in Chinese: an index beside the store, rebuilt at will.
//!
//! It knows no capability: what goes in is a [`Doc`], what comes out an [`Answer`]. Words (cut by jieba) rank; pairs of
//! characters find phrases whatever the cutting; syllables and initials of titles answer people who type pinyin.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test should fail loudly"
    )
)]

mod answer;
mod ask;
mod cited;
mod fields;
mod gather;
mod index;
mod lexicon;
mod mark;
mod own;
mod pinyin;
mod slip;
mod tally;
#[cfg(test)]
mod tests;
mod text;
mod top;

pub use answer::{Answer, Facet, Facets, Hit};
pub use ask::{OFFSET_MAX, Order, PAGE_MAX, QUERY_CHARS_MAX, Query};
pub use index::{Index, SearchError};
pub use mark::{Marked, Piece};
pub use own::Synonyms;
pub use text::number_key;

/// What the index keeps of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doc {
    pub kind: String,
    pub id: String,
    pub title: String,
    pub path: String,
    /// Plain text.
    pub body: String,
    /// Id and name.
    pub organ: Option<(String, String)>,
    /// The organ's level: 市级 …
    pub level: String,
    /// The organ's weight among equals: a government's own text stands before its bureaus'. From 0 on.
    pub standing: u64,
    pub class: String,
    /// Year, month and day as one number: 20240305; 0 where there is none.
    pub day: i64,
    /// The day of the last correction; 0 where there was none.
    pub changed: i64,
    /// 文号
    pub document_number: String,
    /// 索引号
    pub index_number: String,
    pub validity: String,
    /// Stands below what is valid.
    pub void: bool,
    /// Found by, not shown.
    pub keywords: Vec<String>,
}

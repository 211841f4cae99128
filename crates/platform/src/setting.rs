//! What was set for one thing as a text under a name: few, small, and read often. What has columns of its own has a table.

pub mod store;

/// A text, and which one of those that were set it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub value: String,
    /// From 1.
    pub version: i64,
}

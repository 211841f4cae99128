//! What capabilities give to programs of others.

/// A part of 开放接口: what the public reads anyway, for programs of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenData {
    pub title: &'static str,
    /// With `{…}` where something is filled in.
    pub path: &'static str,
    /// What comes, in a sentence or two.
    pub about: &'static str,
    /// What may be asked: the name, and what it means.
    pub asks: &'static [(&'static str, &'static str)],
    /// What an answer has: the name, and what it means.
    pub fields: &'static [(&'static str, &'static str)],
    /// An answer, shortened.
    pub example: &'static str,
}

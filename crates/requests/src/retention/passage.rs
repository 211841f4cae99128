//! Texts outside of the case's own that name somebody whose data go: a person looks at each and says whether it is masked,
//! for a short name may stand in other words.

/// One such text, found by exact search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Names the row, for the form.
    pub(crate) key: String,
    /// Where it stands, for people.
    pub(crate) place: String,
    pub(crate) text: String,
}

/// What the keys of lines of histories begin with.
pub(crate) const ENTRY: &str = "entry:";

impl Passage {
    /// Is it a line of another case's history?
    #[must_use]
    pub(crate) fn is_of_another_case(&self) -> bool {
        self.key.starts_with(ENTRY)
    }
}

//! What must not leave the house, for those who send words or files out.

use async_trait::async_trait;
use gongkai_basis::id::OrganId;

use crate::attachment::New;
use crate::db::{StoreError, Tx};
use crate::web::{App, FormErrors, Problem};

/// A passage that the check before publication found, in words or in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spotted {
    /// The code of its kind, as the check names it: `id_card`, `secrecy` …
    pub kind: &'static str,
    /// Sure; otherwise worth a look.
    pub is_sure: bool,
    /// The passage as it stands.
    pub text: String,
    /// The line that it stands in, from 1; `None` for what stands in no line, such as what a file hides.
    pub line: Option<usize>,
    /// What to do, in one sentence.
    pub advice: String,
}

/// A file that was looked at before it is kept: as it is to be kept now, and what was done to it, in a sentence each.
#[derive(Debug, Default)]
pub struct Cleaned {
    pub files: Vec<New>,
    pub notes: Vec<String>,
}

/// What a government leaves readable of personal data: of numbers so many characters at the head and at the tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readable {
    pub id_card: (usize, usize),
    pub mobile: (usize, usize),
    pub bank_card: (usize, usize),
    /// Characters at the head of a name; `None` where names are not covered.
    pub name: Option<usize>,
}

/// Knows what must not leave the house, by the rules of the government of the organ that asks. Whoever sends words or files out
/// asks it first.
#[async_trait]
pub trait Check: Send + Sync {
    /// What it finds in each of these texts of an organ, in the order asked.
    async fn texts(
        &self,
        tx: &mut Tx,
        organ: OrganId,
        texts: &[String],
    ) -> Result<Vec<Vec<Spotted>>, StoreError>;

    /// What it finds in files of an organ with these hashes and names, in the order asked; what it could not look at is a
    /// finding, too. `None` where a content has not been read yet: see [`Check::read`].
    async fn files(
        &self,
        tx: &mut Tx,
        organ: OrganId,
        files: &[(String, String)],
    ) -> Result<Vec<Option<Vec<Spotted>>>, StoreError>;

    /// Reads the content with this hash, so that [`Check::files`] knows it; what takes long is read as a job.
    async fn read(&self, app: &App, sha256: &str) -> Result<(), StoreError>;

    /// The files without what they hide; one that hides something and cannot be cleaned is an error of the form, under `file`.
    async fn clean(
        &self,
        app: &App,
        files: Vec<New>,
        errors: &mut FormErrors,
    ) -> Result<Cleaned, Problem>;

    /// What the government of an organ leaves readable where it covers personal data.
    async fn readable(&self, tx: &mut Tx, organ: OrganId) -> Result<Readable, StoreError>;
}

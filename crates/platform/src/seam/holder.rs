//! Where stored files stand.

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;

use crate::db::{StoreError, Tx};

/// Where a stored file stands, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub file: FileId,
    /// The record that has it; its events tell what became of the file.
    pub of: Ref,
    /// 文件附件, 佐证 …
    pub class: &'static str,
    pub title: String,
    /// Where staff see the record.
    pub path: String,
    /// Everybody can download it now.
    pub is_public: bool,
}

/// A capability whose records have stored files: asked when bytes must be found everywhere.
#[async_trait]
pub trait FileHolder: Send + Sync {
    /// Those of these files that its records have, by its own rows or as attachments of its subjects. `attached` says of
    /// which subject each attached file is.
    async fn held(
        &self,
        tx: &mut Tx,
        files: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError>;
}

//! Files beside findings.

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;

use crate::db::{StoreError, Tx};
use crate::seam::{FileHolder, Held};

pub struct FindingFiles;

#[async_trait]
impl FileHolder for FindingFiles {
    async fn held(
        &self,
        _: &mut Tx,
        _: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError> {
        let own = attached.iter().filter(|(_, of)| of.kind == "finding");
        let held = own.map(|(file, of)| Held {
            file: *file,
            of: of.clone(),
            class: "问题的附件",
            title: "问题".to_owned(),
            path: format!("/workspace/findings/{}", of.id),
            is_public: false,
        });
        Ok(held.collect())
    }
}

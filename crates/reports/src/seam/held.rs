//! Where reports have stored files: the one that each was taken in from. The public may fetch it where its tables stand
//! nowhere else.

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{FileHolder, Held};

use crate::annual::Annual;
use crate::annual::handle::SUBJECT;
use crate::annual::store::original;

pub(crate) struct Originals;

fn held(annual: &Annual) -> Option<Held> {
    Some(Held {
        file: annual.original?,
        of: Ref {
            kind: SUBJECT.to_owned(),
            id: annual.id.to_string(),
        },
        class: "年度报告的原文件",
        title: annual.title(),
        path: format!("/workspace/reports/{}", annual.id),
        is_public: annual.is_trial() && annual.published_at.is_some(),
    })
}

#[async_trait]
impl FileHolder for Originals {
    async fn held(
        &self,
        tx: &mut Tx,
        files: &[FileId],
        _: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError> {
        let found = original::by_files(tx, files).await?;
        Ok(found.iter().filter_map(held).collect())
    }
}

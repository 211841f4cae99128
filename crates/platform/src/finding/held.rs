//! Files beside findings.

use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;

use crate::db::{StoreError, Tx};
use crate::seam::{FileHolder, Held};
use crate::web::BoxFuture;

pub struct FindingFiles;

impl FileHolder for FindingFiles {
    fn held<'a>(
        &'a self,
        _: &'a mut Tx,
        _: &'a [FileId],
        attached: &'a [(FileId, Ref)],
    ) -> BoxFuture<'a, Result<Vec<Held>, StoreError>> {
        let own = attached.iter().filter(|(_, of)| of.kind == "finding");
        let held = own.map(|(file, of)| Held {
            file: *file,
            of: of.clone(),
            class: "问题的附件",
            title: "问题".to_owned(),
            path: format!("/workspace/findings/{}", of.id),
            is_public: false,
        });
        let held = held.collect();
        Box::pin(async move { Ok(held) })
    }
}

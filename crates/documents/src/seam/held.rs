//! Where documents have stored files: as attachments, and as the pictures in their texts.

use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{FileHolder, Held};
use gongkai_platform::web::BoxFuture;

use super::{Documents, SUBJECT, by_ids};
use crate::document::Visibility;
use crate::picture;

impl FileHolder for Documents {
    fn held<'a>(
        &'a self,
        tx: &'a mut Tx,
        _: &'a [FileId],
        attached: &'a [(FileId, Ref)],
    ) -> BoxFuture<'a, Result<Vec<Held>, StoreError>> {
        Box::pin(async move {
            let own: Vec<&(FileId, Ref)> = attached
                .iter()
                .filter(|(_, of)| of.kind == SUBJECT || of.kind == picture::SUBJECT)
                .collect();
            let there = by_ids(tx, own.iter().map(|(_, of)| of.id.clone())).await?;
            let held = own.into_iter().filter_map(|(file, of)| {
                let document = there.get(&of.id)?;
                Some(Held {
                    file: *file,
                    of: Ref {
                        kind: SUBJECT.to_owned(),
                        id: of.id.clone(),
                    },
                    class: match (document.visibility, of.kind == SUBJECT) {
                        (Visibility::Public, true) => "已发布文件的附件",
                        (Visibility::Withdrawn, true) => "已撤下文件的附件",
                        (Visibility::Never, true) => "未发布文件的附件",
                        (_, false) => "文件正文里的图片",
                    },
                    title: format!("《{}》", document.title),
                    path: format!("/workspace/documents/{}", document.id),
                    is_public: document.visibility == Visibility::Public,
                })
            });
            Ok(held.collect())
        })
    }
}

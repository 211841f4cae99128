//! Where documents have stored files: as attachments, and as the pictures in their texts. Public is what belongs to the
//! edition that the public reads, and to an earlier text that it may read, too; a correction's files are not.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::attachment::{self, AttachmentId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files;
use gongkai_platform::seam::{FileHolder, Held};

use super::{Documents, SUBJECT, by_ids};
use crate::document::{Document, Visibility, history, store};
use crate::id::EditionId;
use crate::picture;

/// What the editions hold that the public reads.
struct Shown {
    /// The attachment that each file is.
    attachments: BTreeMap<FileId, AttachmentId>,
    with: BTreeSet<(EditionId, AttachmentId)>,
    texts: BTreeMap<EditionId, String>,
    hashes: BTreeMap<FileId, String>,
}

impl Shown {
    async fn read(
        tx: &mut Tx,
        own: &[&(FileId, Ref)],
        documents: &BTreeMap<String, Document>,
    ) -> Result<Self, StoreError> {
        let (pictures, attached): (Vec<_>, Vec<_>) =
            own.iter().partition(|(_, of)| of.kind == picture::SUBJECT);
        let public = |held: &[&&(FileId, Ref)]| {
            let documents = held.iter().filter_map(|(_, of)| documents.get(&of.id));
            let public = documents.filter(|document| document.visibility == Visibility::Public);
            let ids: BTreeSet<EditionId> =
                public.filter_map(|document| document.published).collect();
            ids.into_iter().collect::<Vec<_>>()
        };
        let ids = |held: &[&&(FileId, Ref)]| held.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        Ok(Self {
            attachments: attachment::by_files(tx, &ids(&attached)).await?,
            with: store::files_of(tx, &public(&attached)).await?,
            texts: store::texts(tx, &public(&pictures)).await?,
            hashes: files::hashes(tx, &ids(&pictures)).await?,
        })
    }

    fn has(&self, document: &Document, file: FileId, kind: &str) -> bool {
        let Some(edition) = document.published else {
            return false;
        };
        if document.visibility != Visibility::Public {
            return false;
        }
        if kind == SUBJECT {
            let attachment = self.attachments.get(&file);
            return attachment.is_some_and(|id| self.with.contains(&(edition, *id)));
        }
        let text = self.texts.get(&edition);
        self.hashes
            .get(&file)
            .zip(text)
            .is_some_and(|(hash, text)| {
                picture::names(text)
                    .iter()
                    .any(|name| name.starts_with(hash))
            })
    }

    /// Does an earlier text that the public may still read show it as a picture, or have it attached?
    async fn is_in_earlier(
        &self,
        tx: &mut Tx,
        document: &Document,
        (file, kind): (FileId, &str),
    ) -> Result<bool, StoreError> {
        if kind == picture::SUBJECT {
            return match self.hashes.get(&file) {
                Some(hash) => history::shows(tx, document, hash).await,
                None => Ok(false),
            };
        }
        match self.attachments.get(&file) {
            Some(id) => history::gives(tx, document, *id).await,
            None => Ok(false),
        }
    }
}

const fn class(visibility: Visibility, is_attachment: bool, is_public: bool) -> &'static str {
    match (visibility, is_attachment, is_public) {
        (_, true, true) => "已发布文件的附件",
        (Visibility::Public, true, false) => "已发布文件的附件，不在公开的这一稿里",
        (Visibility::Withdrawn, true, false) => "已撤下文件的附件",
        (Visibility::Never, true, false) => "未发布文件的附件",
        (Visibility::Public, false, false) => "文件正文里的图片，不在公开的这一稿里",
        (_, false, _) => "文件正文里的图片",
    }
}

#[async_trait]
impl FileHolder for Documents {
    async fn held(
        &self,
        tx: &mut Tx,
        _: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError> {
        let own: Vec<&(FileId, Ref)> = attached
            .iter()
            .filter(|(_, of)| of.kind == SUBJECT || of.kind == picture::SUBJECT)
            .collect();
        let there = by_ids(tx, own.iter().map(|(_, of)| of.id.clone())).await?;
        let shown = Shown::read(tx, &own, &there).await?;
        let mut held = Vec::with_capacity(own.len());
        for (file, of) in own {
            let Some(document) = there.get(&of.id) else {
                continue;
            };
            let is_public = shown.has(document, *file, &of.kind)
                || shown.is_in_earlier(tx, document, (*file, &of.kind)).await?;
            held.push(Held {
                file: *file,
                of: Ref {
                    kind: SUBJECT.to_owned(),
                    id: of.id.clone(),
                },
                class: class(document.visibility, of.kind == SUBJECT, is_public),
                title: format!("《{}》", document.title),
                path: format!("/workspace/documents/{}", document.id),
                is_public,
            });
        }
        Ok(held)
    }
}

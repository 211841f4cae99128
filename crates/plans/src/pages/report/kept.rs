//! Files that were chosen while something else on the form was wrong: they wait, so that nobody chooses twice.

use axum::body::Bytes;
use gongkai_basis::id::{AccountId, FileId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::files::pending::{self, Pending};
use gongkai_platform::web::{App, Problem};

use super::form::Filled;
use crate::evidence::{FILE_BYTES_MAX, sniff};
use crate::pages::download::off_thread;

impl Filled {
    /// Brings back what waits from an earlier try, where the person has not chosen another file.
    pub(super) async fn recall(&mut self, app: &App, account: AccountId) -> Result<(), Problem> {
        for slot in &mut self.slots {
            let Ok(id) = slot.kept.parse::<FileId>() else {
                slot.kept.clear();
                continue;
            };
            let found = app
                .db
                .read(async |tx: &mut Tx| pending::find(tx, account, id).await)
                .await?;
            match found {
                Some(file) if slot.bytes.is_empty() => {
                    let files = app.files.clone();
                    slot.bytes = Bytes::from(off_thread(move || files.get(&file.sha256)).await??);
                    slot.file_name = file.name;
                }
                Some(_) | None => slot.kept.clear(),
            }
        }
        Ok(())
    }

    /// Keeps the files that could be evidence once the rest of the form is right.
    pub(super) async fn keep(&mut self, app: &App, account: AccountId) -> Result<(), Problem> {
        for slot in &mut self.slots {
            let useful = slot.bytes.len() <= FILE_BYTES_MAX
                && sniff::media_type(&slot.bytes).is_some_and(|media_type| {
                    !sniff::is_false_picture(&slot.file_name, media_type)
                })
                && slot.kept.is_empty();
            if slot.bytes.is_empty() || !useful {
                continue;
            }
            let (files, bytes) = (app.files.clone(), slot.bytes.clone());
            let sha256 = off_thread(move || files.put(&bytes)).await??;
            let file = Pending {
                id: FileId::new(crate::fresh(app.db.now())),
                sha256,
                name: slot.file_name.clone(),
                bytes: i64::try_from(slot.bytes.len()).unwrap_or(i64::MAX),
            };
            app.db
                .upkeep(async |tx: &mut Tx| pending::keep(tx, account, &file).await)
                .await?;
            slot.kept = file.id.to_string();
        }
        Ok(())
    }

    /// They have become evidence.
    pub(super) async fn release(&self, app: &App) -> Result<(), Problem> {
        let kept: Vec<FileId> = self
            .slots
            .iter()
            .filter_map(|slot| slot.kept.parse().ok())
            .collect();
        app.db
            .upkeep(async |tx: &mut Tx| {
                for id in kept {
                    pending::release(tx, id).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        Ok(())
    }
}

//! Where cases have stored files: what came with the application, papers, replies, the package for the archive. The place
//! is called by the case's number alone, for whoever looks for bytes has no business with the applicant.

mod store;

use async_trait::async_trait;
use gongkai_basis::id::FileId;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{FileHolder, Held};

use super::REQUEST;
use crate::request::submit::{PAPERS, REPLY};

pub(crate) struct Files;

const PACKAGE: &str = "依申请公开的归档包";

fn class(kind: &str) -> Option<&'static str> {
    match kind {
        REQUEST => Some("申请人提交的材料"),
        PAPERS => Some("依申请公开的文书"),
        REPLY => Some("依申请公开的答复"),
        _ => None,
    }
}

fn held(file: FileId, id: String, class: &'static str, number: &str) -> Held {
    Held {
        file,
        path: format!("/workspace/requests/{id}"),
        of: Ref {
            kind: REQUEST.to_owned(),
            id,
        },
        class,
        title: format!("申请{number}"),
        is_public: false,
    }
}

#[async_trait]
impl FileHolder for Files {
    async fn held(
        &self,
        tx: &mut Tx,
        files: &[FileId],
        attached: &[(FileId, Ref)],
    ) -> Result<Vec<Held>, StoreError> {
        let own: Vec<(&FileId, &Ref, &'static str)> = attached
            .iter()
            .filter_map(|(file, of)| Some((file, of, class(&of.kind)?)))
            .collect();
        let ids: Vec<&str> = own.iter().map(|(_, of, _)| of.id.as_str()).collect();
        let numbers = store::numbers(tx, &ids).await?;
        let mut places: Vec<Held> = own
            .into_iter()
            .filter_map(|(file, of, class)| {
                Some(held(*file, of.id.clone(), class, numbers.get(&of.id)?))
            })
            .collect();
        for (file, id, number) in store::packages(tx, files).await? {
            places.push(held(file, id, PACKAGE, &number));
        }
        Ok(places)
    }
}

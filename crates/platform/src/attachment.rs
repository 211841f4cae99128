//! 附件: a file or an address that somebody put beside a finding, a reply, an appeal. Every noun that takes them names
//! itself as the subject; who may see the subject may see its attachments, which the noun's own page decides.

mod form;
mod link;
pub mod sniff;
mod store;

use gongkai_basis::Actor;
use gongkai_basis::id::{FileId, IdError, OrganId};
use uuid::Uuid;

use crate::db::{StoreError, Tx};
use crate::files::{self, Stored};

pub use form::{FORM_BYTES_MAX, Filled, Kept};
pub use link::{Link, LinkError};
pub use store::{by_files, file, of, of_all, rehang, remove, rename, set_aside};

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// Files that one form takes.
pub const FILES_MAX: usize = 3;
/// What one subject may have.
pub const PER_SUBJECT_MAX: usize = 50;

/// Beside what it stands, such as `("finding", id)`.
pub type Subject<'s> = (&'static str, &'s str);

/// 附件's own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(transparent)]
pub struct AttachmentId(Uuid);

impl std::fmt::Display for AttachmentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for AttachmentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Uuid::parse_str(text).map(Self).map_err(|_| IdError)
    }
}

/// What somebody wants to attach. A file's bytes are stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum New {
    File {
        sha256: String,
        name: String,
        media_type: &'static str,
        bytes: i64,
    },
    Link(Link),
}

impl New {
    /// Why it cannot be the scan of a paper; an address can lead to one.
    #[must_use]
    pub fn no_scan(&self) -> Option<String> {
        match self {
            Self::File {
                name, media_type, ..
            } if !sniff::is_scan(media_type) => Some(format!("“{name}”{}", sniff::NOT_A_SCAN)),
            Self::File { .. } | Self::Link(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: AttachmentId,
    pub subject: String,
    /// The address, where it is one; else it is a file.
    pub url: Option<String>,
    /// The file's name, or the address.
    pub title: String,
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// Of a file's bytes.
    pub sha256: Option<String>,
    /// Why the file is not given out any more.
    pub withheld: Option<String>,
}

/// Attaches; the caller records the event.
///
/// # Errors
/// When the store fails.
pub async fn attach(
    tx: &mut Tx,
    actor: &Actor,
    subject: Subject<'_>,
    organ: OrganId,
    new: Vec<New>,
) -> Result<(), StoreError> {
    for item in new {
        let id = AttachmentId(tx.fresh());
        match item {
            New::Link(link) => {
                store::insert(tx, id, subject, actor, (None, Some(&link), link.as_str())).await?;
            }
            New::File {
                sha256,
                name,
                media_type,
                bytes,
            } => {
                let stored = Stored {
                    id: FileId::new(tx.fresh()),
                    sha256,
                    name,
                    media_type: media_type.to_owned(),
                    bytes,
                    organ: Some(organ),
                };
                files::insert(tx, &stored).await?;
                store::insert(
                    tx,
                    id,
                    subject,
                    actor,
                    (Some(stored.id), None, &stored.name),
                )
                .await?;
            }
        }
    }
    Ok(())
}

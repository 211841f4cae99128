//! An order to publish begins a draft: title alone, for the unit writes the text, and where it comes from in the history.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::reference::Ref;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ;
use gongkai_platform::seam::{Drafted, Drafts, ToDraft};

use crate::document::handle::{SUBJECT, first, publishers};
use crate::document::{Head, TITLE_CHARS_MAX};
use crate::kind::Kind;

/// Drafts for other capabilities.
pub(crate) struct Begun;

#[async_trait]
impl Drafts for Begun {
    async fn begin(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        wanted: &ToDraft,
    ) -> Result<Option<Drafted>, StoreError> {
        let own = organ::store::load(tx, wanted.owner).await?;
        let Some(own) = own.filter(organ::Organ::is_active) else {
            return Ok(None);
        };
        let Some(organ) = publishers(tx, own.id).await?.into_iter().next() else {
            return Ok(None);
        };
        let head = Head {
            title: wanted.title.chars().take(TITLE_CHARS_MAX).collect(),
            ..Head::default()
        };
        if !head.why_not_save().is_empty() {
            return Ok(None);
        }
        let of = ((own.id, own.name), organ, Kind::Material);
        let sentence = format!("起草《{}》：{}", head.title, wanted.source);
        let text = (head, String::new(), String::new());
        let document = first(tx, actor, of, text, sentence).await?;
        Ok(Some(Drafted {
            path: format!("/workspace/documents/{}", document.id),
            of: Ref {
                kind: SUBJECT.to_owned(),
                id: document.id.to_string(),
            },
        }))
    }
}

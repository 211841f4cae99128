//! What a merger of organs does to the gazette: the office that inherits makes it from now on, and answers for what was
//! issued. Whose gazette it is stays as it was.

use async_trait::async_trait;
use gongkai_basis::Actor;
use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::{Moved, OpenWork};

use super::handle::event;
use super::{State, store};

/// Issues that an office made; only those that are not issued keep it from being dissolved.
pub struct MadeIssues;

#[async_trait]
impl OpenWork for MadeIssues {
    fn title(&self) -> &'static str {
        "编制的政府公报"
    }

    async fn count(&self, tx: &mut Tx, organ: OrganId) -> Result<i64, StoreError> {
        let made = store::of_owner(tx, organ).await?;
        let open = made.iter().filter(|issue| issue.state != State::Issued);
        Ok(i64::try_from(open.count()).unwrap_or(i64::MAX))
    }

    async fn move_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        moved: Moved<'_>,
    ) -> Result<i64, StoreError> {
        let heir = moved.to;
        let mut count = 0;
        for mut issue in store::of_owner(tx, moved.from).await? {
            issue.owner = heir.id;
            store::give(tx, &issue).await?;
            let sentence = format!(
                "{}随机构调整移交“{}”编制，原因：{}",
                issue.words.name(),
                heir.name,
                moved.reason
            );
            tx.record(event(actor, &issue, "gazette.moved", sentence));
            count += 1;
        }
        Ok(count)
    }
}

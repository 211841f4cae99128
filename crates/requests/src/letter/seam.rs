//! Letters that wait for a person: to be checked by somebody else than the drafter, and to be issued.

use std::borrow::Cow;

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Duty, Waiting};

use super::{LetterState, store};
use crate::acts::{IssueLetters, WriteLetters};
use crate::reach;

pub(crate) struct LettersWaiting;

#[async_trait]
impl Waiting for LettersWaiting {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<WriteLetters>() {
            let scope = reach::handled(tx, permit.roles()).await?;
            let account = permit.actor().account();
            let of = (LetterState::Checking, account);
            duties.push(Duty {
                n: store::waiting(tx, &scope, of).await?,
                name: "待复核的答复文书",
                path: Cow::Borrowed("/workspace/requests/letters?state=checking"),
            });
        }
        if let Some(permit) = person.permit::<IssueLetters>() {
            let scope = reach::handled(tx, permit.roles()).await?;
            let of = (LetterState::Checked, None);
            duties.push(Duty {
                n: store::waiting(tx, &scope, of).await?,
                name: "待发出的答复文书",
                path: Cow::Borrowed("/workspace/requests/letters?state=checked"),
            });
        }
        Ok(duties)
    }
}

//! Letters that wait for a person: to be checked by somebody else than the drafter, and to be issued.

use std::borrow::Cow;

use gongkai_basis::Date;
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Duty, Waiting};
use gongkai_platform::web::BoxFuture;

use super::{LetterState, store};
use crate::acts::{IssueLetters, WriteLetters};
use crate::reach;

pub(crate) struct LettersWaiting;

impl Waiting for LettersWaiting {
    fn waiting<'a>(
        &'a self,
        tx: &'a mut Tx,
        person: &'a Session,
        _: Date,
    ) -> BoxFuture<'a, Result<Vec<Duty>, StoreError>> {
        Box::pin(async move {
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
                    name: "待编号发出的答复文书",
                    path: Cow::Borrowed("/workspace/requests/letters?state=checked"),
                });
            }
            Ok(duties)
        })
    }
}

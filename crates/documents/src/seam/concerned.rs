//! 协商确认 among what waits for people and what is due.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DUE_MAX, DueItem, Duty, Obligation, Waiting};

use crate::acts::AnswerConcerned;
use crate::review::concerned::store::{self, Which};

/// Questions to an organ, by the day by which it answers.
pub(crate) struct ConcernedDue;

#[async_trait]
impl Obligation for ConcernedDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document-concerned", "协商确认")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let waiting = store::due(tx, scope, range, DUE_MAX).await?;
        let items = waiting.into_iter().map(|one| DueItem {
            of: Ref {
                kind: "document-concerned".to_owned(),
                id: one.concerned.id.to_string(),
            },
            organ: one.concerned.organ,
            title: format!("协商确认：《{}》", one.title),
            due_on: one.concerned.due_on,
            path: format!("/workspace/concerned/{}", one.concerned.id),
        });
        Ok(items.collect())
    }
}

/// Questions that wait for a person's organ.
pub(crate) struct ConcernedDesk;

#[async_trait]
impl Waiting for ConcernedDesk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let Some(permit) = person.permit::<AnswerConcerned>() else {
            return Ok(Vec::new());
        };
        Ok(vec![Duty {
            n: store::count(tx, permit.scope(), Which::Waiting).await?,
            name: "份文件等本单位协商确认",
            path: "/workspace/concerned".into(),
        }])
    }
}

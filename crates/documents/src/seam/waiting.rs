//! What waits for people, and what falls due.

use async_trait::async_trait;
use gongkai_basis::Date;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DUE_MAX, DueItem, Duty, Obligation, Waiting};

use crate::acts::{PublishDocuments, ReviewDocuments, WriteDocuments};
use crate::document::store::{self, Narrow};
use crate::document::{Document, State};
use crate::kind::Step;
use crate::pages::desk::own_steps;
use crate::review;

/// Review steps by their day.
pub(crate) struct ReviewsDue;

#[async_trait]
impl Obligation for ReviewsDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document-review", "文件审核")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let open = review::store::open(tx, scope, Step::ALL, DUE_MAX).await?;
        Ok(open
            .into_iter()
            .filter_map(|one| {
                let due_on = one
                    .due_on
                    .filter(|day| range.from <= *day && *day <= range.to)?;
                Some(DueItem {
                    of: Ref {
                        kind: "document-review".to_owned(),
                        id: one.document.to_string(),
                    },
                    organ: one.owner,
                    title: format!("{}：《{}》", one.step.name(), one.title),
                    due_on,
                    path: format!("/workspace/documents/{}", one.document),
                })
            })
            .collect())
    }
}

/// What is not open, by the day on which that is looked at again.
pub(crate) struct OpennessDue;

#[async_trait]
impl Obligation for OpennessDue {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[("document-openness", "公开属性复核")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let found = store::falling_within(tx, scope, range, DUE_MAX).await?;
        let item = |document: Document| {
            Some(DueItem {
                of: Ref {
                    kind: "document-openness".to_owned(),
                    id: document.id.to_string(),
                },
                organ: document.owner,
                title: format!("复核公开属性：《{}》", document.title),
                due_on: document.review_on?,
                path: format!("/workspace/documents/{}#openness", document.id),
            })
        };
        Ok(found.into_iter().filter_map(item).collect())
    }
}

/// What waits for a person.
pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        today: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<ReviewDocuments>() {
            let me = person.account.to_string();
            let steps = own_steps(&permit);
            let of = (me.as_str(), steps.as_slice());
            duties.push(Duty {
                n: review::store::open_to_count(tx, permit.scope(), of).await?,
                name: "份稿件等您校对或审核",
                path: "/workspace/documents".into(),
            });
        }
        if let Some(permit) = person.permit::<PublishDocuments>() {
            let counts = store::counts(tx, permit.scope(), &Narrow::default()).await?;
            let n = counts
                .iter()
                .find(|(state, _)| *state == State::Approved)
                .map_or(0, |(_, n)| *n);
            duties.push(Duty {
                n,
                name: "份文件审核通过，等待发布",
                path: "/workspace/documents?state=approved".into(),
            });
        }
        if let Some(permit) = person.permit::<WriteDocuments>() {
            let n = review::store::returned(tx, permit.scope()).await?;
            duties.push(Duty {
                n,
                name: "份文件被退回，等待修改",
                path: "/workspace/documents?state=draft".into(),
            });
            let looking = store::Looking::DueBy(today);
            duties.push(Duty {
                n: store::unopened_count(tx, permit.scope(), looking).await?,
                name: "份没有主动公开的文件到了公开属性复核日期",
                path: "/workspace/documents/openness".into(),
            });
        }
        Ok(duties)
    }
}

//! What the office has to decide, and what units have to publish because of it.

use async_trait::async_trait;
use gongkai_basis::reference::{DateRange, Ref};
use gongkai_basis::{Date, Role};
use gongkai_platform::access::{Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{DUE_MAX, DueItem, Duty, Obligation, Waiting};

use super::{Cluster, State, store};
use crate::acts::{DecideClusters, TakeRequests};
use crate::publication::store::View;
use crate::{publication, reach};

const KIND: &str = "request-cluster";
const PATH: &str = "/workspace/requests/suggestions";

pub(crate) struct Due;

fn item(cluster: Cluster) -> Option<DueItem> {
    let (organ, what) = match (cluster.state, &cluster.owner) {
        (State::Adopted, Some((owner, _))) => (*owner, "公开"),
        _ => (cluster.organ, "决定是否转主动公开"),
    };
    Some(DueItem {
        of: Ref {
            kind: KIND.to_owned(),
            id: cluster.id.to_string(),
        },
        organ,
        title: format!("{what}：{}", cluster.subject),
        due_on: cluster.due_on?,
        path: format!("{PATH}/{}", cluster.id),
    })
}

#[async_trait]
impl Obligation for Due {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        &[(KIND, "转主动公开建议")]
    }

    async fn due(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        range: DateRange,
    ) -> Result<Vec<DueItem>, StoreError> {
        let found = store::due(tx, scope, (range.from, range.to), DUE_MAX).await?;
        Ok(found.into_iter().filter_map(item).collect())
    }
}

pub(crate) struct Desk;

#[async_trait]
impl Waiting for Desk {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let mut duties = Vec::new();
        if let Some(permit) = person.permit::<DecideClusters>() {
            let scope = reach::seen(tx, permit.roles()).await?;
            duties.push(Duty {
                n: store::count(tx, &scope, Some(State::Open)).await?,
                name: "转主动公开建议待决定",
                path: format!("{PATH}?state=open").into(),
            });
        }
        let desk = [Role::RequestOfficer, Role::OfficeClerk];
        if let Some(permit) = person.permit::<TakeRequests>()
            && permit.roles().iter().any(|held| desk.contains(&held.role))
        {
            let scope = reach::answered(tx, permit.roles()).await?;
            duties.push(Duty {
                n: publication::store::count(tx, &scope, View::Undecided).await?,
                name: "已公开给申请人，待决定是否主动公开",
                path: "/workspace/requests/publications?view=undecided".into(),
            });
        }
        Ok(duties)
    }
}

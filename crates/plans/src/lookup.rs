//! 督办单 and bulletins that people look up at work: those of their office, and those that reached their unit.

use async_trait::async_trait;
use gongkai_platform::access::{Act, Permit, Scope, Session};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::seam::{Hit, Lookup};

use crate::acts::{ViewOwnBulletins, ViewOwnSupervision, ViewSupervision};
use crate::{bulletin, supervision};

pub(crate) struct Orders;

#[async_trait]
impl Lookup for Orders {
    fn name(&self) -> &'static str {
        "督办单"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        use supervision::store::{Narrow, Side, list};
        let narrow = Narrow {
            text: words.to_owned(),
            ..Narrow::default()
        };
        let mut found = Vec::new();
        if let Some(permit) = person.permit::<ViewSupervision>() {
            found = list(tx, Side::Office(permit.scope()), &narrow, (0, rows)).await?;
        }
        if let Some(permit) = person.permit::<ViewOwnSupervision>() {
            let own = list(tx, Side::Unit(permit.scope()), &narrow, (0, rows)).await?;
            found.retain(|one| own.iter().all(|other| other.id != one.id));
            found.extend(own);
        }
        found.truncate(usize::try_from(rows).unwrap_or(0));
        let hits = found.into_iter().map(|order| Hit {
            note: noted(
                order.number.as_deref(),
                &order.organ_name,
                order.state.name(),
            ),
            path: format!("/workspace/supervision/{}", order.id),
            title: order.title,
        });
        Ok(hits.collect())
    }
}

pub(crate) struct Bulletins;

#[async_trait]
impl Lookup for Bulletins {
    fn name(&self) -> &'static str {
        "通报"
    }

    async fn find(
        &self,
        tx: &mut Tx,
        person: &Session,
        words: &str,
        rows: i64,
    ) -> Result<Vec<Hit>, StoreError> {
        use bulletin::store::{Side, named};
        let reach = bulletin::handle::reach_of(Some(person));
        let mut found = named(tx, Side::Reach(&reach), words, rows).await?;
        if let Some(permit) = person.permit::<ViewOwnBulletins>() {
            let own = named(tx, Side::Unit(permit.scope()), words, rows).await?;
            found.retain(|one| own.iter().all(|other| other.id != one.id));
            found.extend(own);
        }
        found.truncate(usize::try_from(rows).unwrap_or(0));
        let hits = found.into_iter().map(|bulletin| Hit {
            note: noted(
                bulletin.number.as_deref(),
                &bulletin.office_name,
                bulletin.state.name(),
            ),
            path: format!("/workspace/bulletins/{}", bulletin.id),
            title: bulletin.title,
        });
        Ok(hits.collect())
    }
}

/// Where a person may do something.
pub(crate) fn scope_of<A: Act>(person: Option<&Session>) -> Scope {
    let permit: Option<Permit<A>> = person.and_then(Session::permit::<A>);
    permit.map_or_else(Scope::nothing, |permit| permit.scope().clone())
}

fn noted(number: Option<&str>, organ: &str, state: &str) -> String {
    let parts = [number.unwrap_or_default(), organ, state];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("　")
}

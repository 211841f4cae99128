//! What others propose as entries, and what came of it.

use async_trait::async_trait;
use gongkai_basis::reference::Ref;
use gongkai_basis::{Actor, Date};
use gongkai_platform::access::Session;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::organ::reach::Reach;
use gongkai_platform::seam::{Duty, Listed, Listings, Material, ToList, Waiting};

use crate::acts::KeepCatalogue;
use crate::entry::{Entry, store as entries};
use crate::filling::handle::registered_seq;
use crate::filling::{Filling, Means, store as fillings};
use crate::proposal::handle::{self, LIST};
use crate::proposal::{Proposal, State, store};

pub(crate) struct Proposed;

/// What the public finds under an entry, with the place of its registration in the audit chain.
fn material((filling, seq): (Filling, Option<i64>)) -> Option<Material> {
    match filling.means {
        Means::Record { of, .. } => Some(Material {
            title: filling.title,
            of: Some(of),
            address: String::new(),
            confirmed_on: filling.confirmed_on,
            confirmed_seq: seq,
        }),
        Means::Address(address) => Some(Material {
            title: filling.title,
            of: None,
            address,
            confirmed_on: filling.confirmed_on,
            confirmed_seq: seq,
        }),
        Means::Nothing(_) => None,
    }
}

fn listed(
    proposal: Proposal,
    entry: Option<Entry>,
    filled: Option<(Filling, Option<i64>)>,
) -> Option<Listed> {
    match (proposal.state, entry) {
        (State::Open, _) => Some(Listed::Proposed {
            path: LIST.to_owned(),
        }),
        (State::Declined, _) => Some(Listed::Declined {
            why: proposal.why,
            by: proposal.decided_by,
            on: proposal.decided_on?,
        }),
        (State::Kept, Some(entry)) => Some(match entry.removed_why {
            Some(why) => Listed::Declined {
                why: format!("事项已从目录删除：{why}"),
                by: proposal.decided_by,
                on: proposal.decided_on?,
            },
            None => Listed::Kept {
                title: entry.words.name().to_owned(),
                path: format!("/workspace/catalogue/entries/{}", entry.id),
                material: filled.and_then(material),
            },
        }),
        (State::Kept, None) | (State::Withdrawn, _) => None,
    }
}

#[async_trait]
impl Listings for Proposed {
    async fn propose(&self, tx: &mut Tx, actor: &Actor, wanted: &ToList) -> Result<(), StoreError> {
        handle::propose(tx, actor, wanted).await
    }

    async fn withdraw(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        of: &Ref,
        why: &str,
    ) -> Result<(), StoreError> {
        handle::withdraw(tx, actor, of, why).await
    }

    async fn listed(&self, tx: &mut Tx, refs: &[Ref]) -> Result<Vec<Option<Listed>>, StoreError> {
        let mut proposals = store::of_refs(tx, refs).await?;
        let kept: Vec<String> = proposals
            .iter()
            .filter_map(|one| Some(one.entry?.to_string()))
            .collect();
        let there = entries::by_ids(tx, &kept).await?;
        let mut all = Vec::with_capacity(refs.len());
        for of in refs {
            let place = proposals.iter().position(|one| one.of == *of);
            let Some(proposal) = place.map(|place| proposals.swap_remove(place)) else {
                all.push(None);
                continue;
            };
            let entry = there.iter().find(|one| Some(one.id) == proposal.entry);
            let last = match entry {
                Some(entry) => fillings::last_material(tx, entry.id).await?,
                None => None,
            };
            let filled = match last {
                Some(last) => {
                    let seq = registered_seq(tx, &last).await?;
                    Some((last, seq))
                }
                None => None,
            };
            all.push(listed(proposal, entry.cloned(), filled));
        }
        Ok(all)
    }
}

#[async_trait]
impl Waiting for Proposed {
    async fn waiting(
        &self,
        tx: &mut Tx,
        person: &Session,
        _: Date,
    ) -> Result<Vec<Duty>, StoreError> {
        let Some(permit) = person.permit::<KeepCatalogue>() else {
            return Ok(Vec::new());
        };
        let within = Reach::of_permit(tx, &permit).await?;
        Ok(vec![Duty {
            n: store::count(tx, &within, Some(State::Open)).await?,
            name: "条建议列入目录的事项待处理",
            path: LIST.into(),
        }])
    }
}

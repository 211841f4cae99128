//! A list that is cut into pages shows what the whole list shows, and is counted the same.

use gongkai_platform::access::Scope;
use gongkai_platform::db::StoreError;

use super::*;
use crate::carried::store::{self, Whose};
use crate::carried::{Carried, CarriedId};

fn ids(matters: Vec<Carried>) -> Vec<CarriedId> {
    matters.into_iter().map(|matter| matter.id).collect()
}

#[tokio::test]
async fn pages_are_the_list_and_the_states_count_it() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        let chosen = [("other", other.as_str())];
        clerk.post(&compare, &chosen).await.redirected();
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        clerk.post(&carry, &[]).await.redirected();
        let scope = Scope::Organs {
            single: vec![world.units[1]],
            branches: Vec::new(),
        };
        for (whose, all) in [(Whose::Plan(world.plan), 3), (Whose::Unit(&scope), 2)] {
            let (whole, pages, n, states) = world
                .db
                .read(async |tx: &mut Tx| {
                    let whole = ids(store::list(tx, whose, None, (0, 100)).await?);
                    let mut pages = Vec::new();
                    for offset in 0..4 {
                        let page = store::list(tx, whose, None, (offset, 1)).await?;
                        pages.append(&mut ids(page));
                    }
                    let n = store::count(tx, whose, None).await?;
                    let states = store::states(tx, whose).await?;
                    Ok::<_, StoreError>((whole, pages, n, states))
                })
                .await
                .unwrap();
            assert_eq!(whole.len(), all);
            assert_eq!(pages, whole);
            assert_eq!(states, [(CarriedState::Open, n)]);
            assert_eq!(usize::try_from(n).unwrap(), all);
        }
    }
}

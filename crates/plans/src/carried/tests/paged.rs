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

#[tokio::test]
async fn a_plans_list_is_narrowed_to_a_unit_or_a_matter() {
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
        let list = format!("/workspace/plans/{}/reviews", world.plan);
        let cell = "<td data-label=\"单位\">";
        let of_unit = format!("{list}?organ={}", world.units[1]);
        let page = clerk.get(&of_unit).await.page();
        let own = format!("{cell}市财政局");
        assert_eq!(page.matches(&own).count(), 2, "{page}");
        assert_eq!(page.matches(cell).count(), 2, "{page}");
        let none = clerk.get(&format!("{of_unit}&state=closed")).await.page();
        assert!(none.contains("没有符合条件的事项"), "{none}");

        let matters = page.split("name=\"matter\"").nth(1).unwrap();
        let matter = matters.split("value=\"").nth(2).unwrap();
        let matter = matter.split('"').next().unwrap();
        let page = clerk.get(&format!("{list}?matter={matter}")).await.page();
        assert!((1..3).contains(&page.matches(cell).count()), "{page}");
    }
}

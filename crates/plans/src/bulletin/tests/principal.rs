//! Who decides, and who may know before: roles held elsewhere do not count.

use gongkai_basis::id::{AccountId, OrganId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::organ;

use super::*;
use crate::acts::{ApproveBulletin, ApproveScores};
use crate::bulletin::Approver;
use crate::bulletin::handle::is_principal;

/// Heads the office of a county, and is 领导 of the city; and the other way round.
async fn between(world: &World) -> (OrganId, AccountId, AccountId) {
    let county = organ(&world.db, "云岭县人民政府", Some(world.city)).await;
    let below = organ(&world.db, "云岭县人民政府办公室", Some(county)).await;
    let up = [(Role::OfficeHead, below), (Role::Leader, world.city)];
    let down = [(Role::OfficeHead, world.office), (Role::Leader, county)];
    let up = person(&world.db, "副市长", &up).await;
    let down = person(&world.db, "挂职副县长", &down).await;
    (below, up, down)
}

#[tokio::test]
async fn a_role_elsewhere_makes_nobody_the_principal() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (below, up, down) = between(&world).await;
        let (head, leader) = (Approver::Head, Approver::Leader);
        let office = world.office;
        for (who, of, wanted) in [
            (up, (office, head), false),
            (up, (office, leader), true),
            (up, (below, head), true),
            (up, (below, leader), true),
            (down, (office, head), true),
            (down, (office, leader), false),
            (down, (below, head), false),
            (down, (below, leader), true),
        ] {
            let bulletins = world.permit::<ApproveBulletin>(who).await;
            let scores = world.permit::<ApproveScores>(who).await;
            let read = async |tx: &mut Tx| {
                let first = is_principal(tx, &bulletins, of).await?;
                Ok::<_, StoreError>((first, is_principal(tx, &scores, of).await?))
            };
            let found = world.db.read(read).await.unwrap();
            assert_eq!(found, (wanted, wanted), "{who:?} {of:?}");
        }
        finding(&world, 1, "预算栏目未更新").await;
        let mut clerk = world.browser(world.clerk).await;
        let bulletin = drafted(&mut clerk, "criticism").await;
        clerk
            .post(&format!("{bulletin}/step"), &[("step", "submit")])
            .await
            .redirected();
        let mut up = world.browser(up).await;
        assert_eq!(up.get(&bulletin).await.status, 404);
        let start = up.get("/workspace").await.page();
        assert!(!start.contains("通报等您审批"), "{start}");
        let approve = [("step", "approve")];
        let answer = up.post(&format!("{bulletin}/decide"), &approve).await;
        assert_eq!(answer.status, 404);
        let mut down = world.browser(down).await;
        let start = down.get("/workspace").await.page();
        assert!(start.contains("通报等您审批"), "{start}");
        down.post(&format!("{bulletin}/decide"), &approve)
            .await
            .redirected();
    }
}

#[tokio::test]
async fn the_brief_names_what_waits_only_to_those_whose_business_it_is() {
    for backend in backends() {
        let world = World::on(&backend).await;
        finding(&world, 1, "预算栏目未更新").await;
        let mut clerk = world.browser(world.clerk).await;
        let mut head = world.browser(world.head).await;
        let leader = person(&world.db, "市长", &[(Role::Leader, world.city)]).await;
        let above = person(&world.db, "上级监督", &[(Role::Supervisor, world.city)]).await;
        let mut leader = world.browser(leader).await;
        let mut above = world.browser(above).await;
        let named = "通报印发";
        for approver in ["head", "leader"] {
            let rules = [
                ("approver", approver),
                ("pattern", crate::bulletin::PATTERN),
            ];
            head.post("/workspace/bulletins/rules", &rules)
                .await
                .redirected();
            let bulletin = drafted(&mut clerk, "criticism").await;
            clerk
                .post(&format!("{bulletin}/step"), &[("step", "submit")])
                .await
                .redirected();
            for (who, browser, sees) in [
                ("clerk", &mut clerk, true),
                ("head", &mut head, true),
                ("leader", &mut leader, approver == "leader"),
                ("above", &mut above, false),
            ] {
                let page = browser.get("/workspace/brief").await.page();
                assert_eq!(page.contains(named), sees, "{approver} {who}: {page}");
                assert!(!page.contains("目前没有等待决定的事项"), "{page}");
                if !sees {
                    assert!(page.contains("有 1 件等待决定。"), "{page}");
                    assert!(!page.contains("存在问题的通报"), "{page}");
                }
            }
            let withdrawn = [("step", "withdraw"), ("note", "另行起草")];
            clerk
                .post(&format!("{bulletin}/step"), &withdrawn)
                .await
                .redirected();
        }
    }
}

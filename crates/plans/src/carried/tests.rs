//! 回头看事项 as people meet them.

use gongkai_basis::Actor;
use gongkai_platform::db::Tx;
use gongkai_platform::organ::{Moved, OpenWork as _};
use gongkai_platform::testing::backends;

use super::directory::OpenMatters;
use super::{CarriedState, Step};
use crate::pages::tests::hidden;
use crate::pairing::tests::years;
use crate::testing::World;

#[test]
fn every_step_from_every_state() {
    use CarriedState::{Claimed, Closed, Open, Waived, Working};
    let can = |state: CarriedState, step: Step| match (state, step) {
        (Open | Working, Step::Report) | (Claimed, Step::Return) => Some(Working),
        (Open | Working, Step::Finish) => Some(Claimed),
        (Claimed, Step::Confirm) => Some(Closed),
        (Open | Working | Claimed, Step::Waive) => Some(Waived),
        (Closed | Waived, Step::Reopen) => Some(Open),
        _ => None,
    };
    let mut taken = 0;
    for state in CarriedState::ALL {
        assert_eq!(CarriedState::from_code(state.code()), Some(state));
        for step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(step));
            assert_eq!(state.after(step), can(state, step), "{state:?} {step:?}");
            taken += usize::from(state.after(step).is_some());
            if state.after(step) == Some(Closed) {
                assert!(step.is_of_office(), "only the office closes");
            }
        }
    }
    assert_eq!(taken, 11);
    assert!(
        CarriedState::ALL
            .iter()
            .filter(|state| state.is_open())
            .count()
            == 3
    );
}

#[tokio::test]
async fn unfinished_parts_are_carried_reported_closed_and_printed() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        assert_eq!(
            clerk.post(&carry, &[]).await.status.as_u16(),
            422,
            "no plan is chosen yet"
        );
        let other = years.last.to_string();
        clerk
            .post(&compare, &[("other", other.as_str())])
            .await
            .redirected();
        assert!(
            clerk
                .get(&compare)
                .await
                .page()
                .contains("还有 3 项单位分工没有完成")
        );
        let list = clerk.post(&carry, &[]).await.redirected();
        let page = clerk.get(&list).await.page();
        assert!(
            page.contains("<b>3</b> ■ 待整改") && page.contains("已逾期 448 天"),
            "{page}"
        );
        assert_eq!(
            clerk.post(&carry, &[]).await.status.as_u16(),
            422,
            "not twice"
        );

        let mut liaison = world.browser(world.liaisons[0]).await;
        let page = liaison.get("/workspace/reviews").await.page();
        assert!(
            page.contains("规章") && !page.contains("预算"),
            "only its own: {page}"
        );
        let at = page.find("/workspace/reviews/").unwrap();
        let matter: String = page[at..].chars().take_while(|c| *c != '"').collect();
        let form = liaison.get(&matter).await.page();
        let version = hidden(&form, "version");
        let empty = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", ""),
        ];
        let refused = liaison.post(&matter, &empty).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(
            refused.text().contains("计划完成时间"),
            "{}",
            refused.text()
        );
        let said = [
            ("version", version.as_str()),
            ("step", "report"),
            ("done_text", "已补录规章3件"),
            ("planned_on", "2026-10-15"),
        ];
        liaison.post(&matter, &said).await.redirected();
        assert_eq!(
            liaison.post(&matter, &said).await.status.as_u16(),
            409,
            "an older version"
        );
        let mut other_unit = world.browser(world.liaisons[1]).await;
        assert_eq!(other_unit.get(&matter).await.status.as_u16(), 404);

        // The form's two columns, for the unit.
        let file = format!(
            "/workspace/plans/{}/export/file?format=docx&organ={}",
            world.plan, world.units[0]
        );
        let bytes = clerk.get(&file).await.bytes;
        let document = gongkai_office::read(&bytes, &gongkai_office::Limits::default()).unwrap();
        let text = serde_json::to_string(&document.blocks).unwrap();
        assert!(
            text.contains("已逾期448天")
                && text.contains("【整改中】已补录规章3件（计划2026年10月15日前完成）"),
            "{text}"
        );

        let version = hidden(&liaison.get(&matter).await.page(), "version");
        let done = [
            ("version", version.as_str()),
            ("step", "finish"),
            ("done_text", "已全部补录"),
        ];
        liaison.post(&matter, &done).await.redirected();
        let version = hidden(&clerk.get(&matter).await.page(), "version");
        let decide = format!("{matter}/decide");
        let back = [
            ("version", version.as_str()),
            ("step", "return"),
            ("note", ""),
        ];
        assert_eq!(
            clerk.post(&decide, &back).await.status.as_u16(),
            422,
            "a return needs a reason"
        );
        let close = [
            ("version", version.as_str()),
            ("step", "confirm"),
            ("note", ""),
        ];
        assert_eq!(liaison.post(&decide, &close).await.status.as_u16(), 403);
        clerk.post(&decide, &close).await.redirected();
        let page = clerk.get(&matter).await.page();
        assert!(
            page.contains("✓ 已销号") && page.contains("核实销号"),
            "{page}"
        );
        for words in ["填报整改进展", "报告整改完成"] {
            assert!(page.contains(words), "each step leaves its event: {page}");
        }
    }
}

#[tokio::test]
async fn a_merger_gives_the_open_ones_to_the_heir() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let years = years(&world).await;
        let mut clerk = world.browser(world.clerk).await;
        let compare = format!("/workspace/plans/{}/compare/year", world.plan);
        let other = years.last.to_string();
        clerk
            .post(&compare, &[("other", other.as_str())])
            .await
            .redirected();
        let carry = format!("/workspace/plans/{}/carry", world.plan);
        clerk.post(&carry, &[]).await.redirected();
        let (from, to) = (world.units[1], world.units[2]);
        let moved = world
            .db
            .write(async |tx: &mut Tx| {
                let moved = Moved {
                    from,
                    to,
                    reason: "机构改革",
                };
                OpenMatters.move_all(tx, &Actor::System, moved).await
            })
            .await
            .unwrap();
        assert_eq!(moved, 2);
        let left = world
            .db
            .read(async |tx: &mut Tx| OpenMatters.count(tx, from).await)
            .await
            .unwrap();
        assert_eq!(left, 0);
        let mut heir = world.browser(world.liaisons[2]).await;
        let page = heir.get("/workspace/reviews").await.page();
        assert!(page.contains("<b>2</b> ■ 待整改"), "{page}");
    }
}

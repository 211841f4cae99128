//! A step that somebody claimed and cannot take goes back to those who may.

use gongkai_platform::account::HandledWork as _;

use super::*;
use crate::review::release::ClaimedSteps;

impl World {
    async fn frees(&self, who: AccountId, path: &str, why: &str) -> u16 {
        let version = self.step_version(path).await;
        let fields = [("version", version.as_str()), ("why_released", why)];
        let mut browser = self.browser(who).await;
        let answer = browser.post(&format!("{path}/release"), &fields).await;
        answer.status.as_u16()
    }
}

#[tokio::test]
async fn a_claimed_step_is_freed_by_the_head_and_by_a_hand_over() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let head = testing::person(&world.db, "主任", &[(Role::OfficeHead, world.office)]).await;
        let first = world.who(Role::Proofreader);
        let next = testing::person(&world.db, "接任", &[(Role::Proofreader, world.office)]).await;
        let path = world
            .draft("notice", "关于征集意见的通知", "<p>正文。</p>")
            .await;
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 303);
        assert_eq!(
            world.frees(head, &path, "出差").await,
            422,
            "nobody has it yet"
        );
        assert_eq!(world.review(first, &path, "claim", &[], "").await, 303);
        assert_eq!(world.review(next, &path, "claim", &[], "").await, 422);
        assert_eq!(world.frees(world.clerk, &path, "出差").await, 403);
        assert_eq!(world.frees(head, &path, "").await, 422, "no reason");
        let page = world.browser(head).await.get(&path).await.page();
        assert!(page.contains("校对领取了"), "{page}");
        assert_eq!(world.frees(head, &path, "出差").await, 303);
        assert_eq!(world.review(next, &path, "claim", &[], "").await, 303);

        // Who left had it; its successor, and whoever else may, takes it now.
        let freed = world
            .db
            .write(async |tx: &mut Tx| {
                assert_eq!(ClaimedSteps.count(tx, first).await?, 0);
                assert_eq!(ClaimedSteps.count(tx, next).await?, 1);
                let freed = ClaimedSteps.transfer(tx, next, first).await?;
                assert_eq!(ClaimedSteps.count(tx, next).await?, 0);
                Ok::<_, StoreError>(freed)
            })
            .await
            .unwrap();
        assert_eq!(freed, 1);
        let page = world.browser(head).await.get(&path).await.page();
        for said in ["由校对领取未办，退回待办", "由接任领取未办，退回待办"]
        {
            assert!(page.contains(said), "{said}: {page}");
        }
        world.pass(&path, Step::FirstProof).await;
    }
}

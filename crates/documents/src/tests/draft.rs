//! An order to publish begins a draft: its unit finds it, without a text, and a government's lies at its office.

use super::*;
use gongkai_platform::seam::ToDraft;

#[tokio::test]
async fn an_order_begins_a_draft_without_a_text() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let drafts = world.app.seams.drafts.clone().unwrap();
        let wanted = ToDraft {
            owner: world.office,
            title: "公交线路调整评估报告".to_owned(),
            source: "依申请公开决定转为主动公开".to_owned(),
        };
        let begin = async |tx: &mut Tx| drafts.begin(tx, &Actor::System, &wanted).await;
        let draft = world.db.write(begin).await.unwrap().unwrap();
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(&draft.path).await.page();
        for words in [
            "公交线路调整评估报告",
            "依申请公开决定转为主动公开",
            "安澜市人民政府",
            "起草",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // Nobody of the public sees it, nor does another unit.
        let refs = [draft.of.clone()];
        let entries = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.entries(tx, &refs).await)
            .await
            .unwrap();
        assert_eq!(entries, [None]);
        let mut stranger = world.browser(world.stranger).await;
        assert_eq!(stranger.get(&draft.path).await.status, 404);
        // Where the unit is no more, there is no draft.
        world
            .db
            .upkeep(async |tx: &mut Tx| {
                let gone = sql("UPDATE organ SET status = 'dissolved' WHERE id = $1");
                tx.run(gone.bind(world.office)).await?;
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert_eq!(world.db.read(begin).await.unwrap(), None);
    }
}

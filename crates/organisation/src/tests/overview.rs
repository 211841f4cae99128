//! The overview.

use super::*;

#[tokio::test]
async fn the_overview_counts_exactly_what_is_there() {
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .noted(world.liaisons[0], "hearing", world.units[0], "听取汇报一")
            .await;
        world
            .noted(world.liaisons[0], "hearing", world.units[0], "听取汇报二")
            .await;
        world
            .noted(world.clerk, "meeting", world.office, "领导小组第一次会议")
            .await;
        let mut clerk = world.browser(world.clerk).await;
        let csv = clerk.get("/workspace/organisation?format=csv").await.text();
        assert!(
            csv.contains("市司法局,2,0,0,0,0,未登记,未登记,未登记,未达标"),
            "{csv}"
        );
        assert!(csv.contains("安澜市人民政府办公室,0,0,1,0,0,"), "{csv}");
        let page = clerk.get("/workspace/organisation?year=2025").await.page();
        assert!(page.contains("<b>0</b> 次领导小组会议"), "{page}");
        let leader = world
            .browser(world.leader)
            .await
            .get("/workspace/organisation")
            .await
            .page();
        assert!(
            leader.contains("市财政局") && !leader.contains("检查缺项"),
            "{leader}"
        );
        let own = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace/organisation")
            .await
            .page();
        assert!(
            own.contains("市司法局") && !own.contains("市财政局"),
            "{own}"
        );
        // From November on a year without its hearing is a finding.
        world
            .clock
            .advance(jiff::SignedDuration::from_hours(24 * 25));
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let keys = |found: Vec<(String, finding::FindingState)>| -> Vec<String> {
            found.into_iter().map(|(key, _)| key).collect()
        };
        let late = keys(world.findings(world.units[1]).await);
        assert!(
            late.contains(&"organisation:hearing:2026".to_owned()),
            "{late:?}"
        );
        let held = keys(world.findings(world.units[0]).await);
        assert!(
            !held.contains(&"organisation:hearing:2026".to_owned()),
            "{held:?}"
        );
    }
}

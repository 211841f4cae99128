//! The staff register and the check of it.

use super::*;

#[tokio::test]
async fn the_register_is_kept_imported_and_checked() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let path = format!("/workspace/organisation/staff/{}", world.units[0]);
        for name in ["林知远", "江闻舟"] {
            let fields = [("kind", "leader"), ("name", name), ("post", "副局长")];
            liaison.post(&path, &fields).await.redirected();
        }
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("由江闻舟接替") && page.contains("未登记责任人"),
            "{page}"
        );
        refused(
            &liaison
                .post(&path, &[("kind", "leader"), ("name", "江闻舟")])
                .await,
            422,
            "已经登记为分管领导",
        );
        let other = format!("/workspace/organisation/staff/{}", world.units[1]);
        assert_eq!(liaison.get(&other).await.status, 404);
        // A check finds what is missing, confirmed findings are settled by the next.
        let mut clerk = world.browser(world.clerk).await;
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let keys: Vec<String> = world
            .findings(world.units[0])
            .await
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(
            keys,
            ["organisation:staff:body", "organisation:staff:responsible"]
        );
        // One bad line: nothing is taken over. Then the whole table.
        let bad = vec![
            vec!["单位", "类别", "姓名"],
            vec!["市司法局", "责任人", "何书瑶"],
            vec!["火星局", "责任人", "某"],
        ];
        let good = vec![
            vec!["单位", "类别", "姓名", "职务", "电话"],
            vec!["市司法局", "责任人", "何书瑶", "副主任", "0700-1"],
            vec!["市司法局", "承办机构", "办公室", "", ""],
            vec!["市财政局", "责任人员", "沈照宁", "", ""],
        ];
        for (table, status) in [(bad, 422), (good, 303)] {
            let mut parts = testing::parts(&world.db, &world.guard, crate::nav());
            parts.sandbox = Arc::new(OneTable(table));
            world.app = App::new(parts);
            let mut clerk = world.browser(world.clerk).await;
            let answer = clerk
                .upload(
                    "/workspace/organisation/staff/import",
                    &[],
                    ("file", "名册.xlsx", b"PK"),
                )
                .await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
            if status == 422 {
                assert!(answer.text().contains("第 3 行：没有找到单位“火星局”"));
                let file = "/workspace/organisation/staff?format=csv";
                let csv = clerk.get(file).await.text();
                assert!(!csv.contains("何书瑶"), "{csv}");
            }
        }
        let mut clerk = world.browser(world.clerk).await;
        let list = clerk.get("/workspace/organisation/staff").await.page();
        assert!(
            list.contains("何书瑶（副主任，0700-1）") && list.contains("沈照宁"),
            "{list}"
        );
        let without = clerk
            .get("/workspace/organisation/staff?without=body")
            .await
            .page();
        assert!(
            without.contains("市财政局</a>") && !without.contains("市司法局</a>"),
            "{without}"
        );
        let csv = clerk
            .get("/workspace/organisation/staff?format=csv")
            .await
            .text();
        assert!(
            csv.contains("市司法局,责任人,何书瑶,副主任,0700-1"),
            "{csv}"
        );
        clerk
            .post("/workspace/organisation/check", &[])
            .await
            .redirected();
        let states = world.findings(world.units[0]).await;
        assert!(
            states
                .iter()
                .all(|(_, state)| *state == finding::FindingState::Closed),
            "{states:?}"
        );
    }
}

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
        says(
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
        let unreachable = vec![
            vec!["单位", "类别", "姓名", "职务", "电话"],
            vec!["市司法局", "责任人", "何书瑶", "副主任", "见门牌"],
        ];
        let good = vec![
            vec!["单位", "类别", "姓名", "职务", "电话"],
            vec!["市司法局", "责任人", "何书瑶", "副主任", "0700-1"],
            vec!["市司法局", "承办机构", "办公室", "", ""],
            vec!["市财政局", "责任人员", "沈照宁", "", ""],
        ];
        for (table, said) in [
            (bad, "第 3 行：没有找到单位“火星局”"),
            (unreachable, "“电话”要写号码"),
            (good, ""),
        ] {
            let status = if said.is_empty() { 303 } else { 422 };
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
                assert!(answer.text().contains(said), "{}", answer.text());
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

/// A task that demands 明确分管领导、责任人员 is proved by the register itself, as long as the same people stand in it.
#[tokio::test]
async fn registers_and_rosters_prove_who_is_in_charge() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let path = format!("/workspace/organisation/staff/{}", world.units[0]);
        for (kind, name) in [("leader", "林知远"), ("body", "办公室")] {
            let fields = [("kind", kind), ("name", name), ("post", "副局长")];
            liaison.post(&path, &fields).await.redirected();
        }
        let mut clerk = world.browser(world.clerk).await;
        let group = "/workspace/organisation/group";
        let base = world.city.to_string();
        let joins = [
            ("base", base.as_str()),
            ("duty", "head"),
            ("name", "江闻舟"),
            ("post", "市长"),
            ("from_on", "2026-03-01"),
            ("from_why", "安政办函〔2026〕8号"),
        ];
        clerk.post(group, &joins).await.redirected();
        let seams = crate::seams();
        let found = async |kind: &'static str, organ| {
            let wanted = Wanted {
                kind: kind.to_owned(),
                words: String::new(),
                within: None,
            };
            let own = Scope::nothing().and(&[organ]);
            let find = async |tx: &mut Tx| seams.find(tx, &own, &wanted).await;
            world.db.read(find).await.unwrap()
        };
        let register = found("register", world.units[0]).await;
        assert_eq!(register.len(), 1);
        assert_eq!(register[0].title, "市司法局：人员名册（1人）");
        assert_eq!(register[0].path, path);
        assert!(found("register", world.units[1]).await.is_empty());
        let roster = found("roster", world.city).await;
        assert_eq!(roster[0].title, "安澜市人民政府：领导小组名单（1人）");
        assert_eq!(roster[0].dated_on, Some("2026-03-01".parse().unwrap()));
        assert!(found("roster", world.units[0]).await.is_empty());

        let claims: Vec<Claim> = [&register[0], &roster[0]]
            .map(|one| Claim {
                of: one.of.clone(),
                seal: Some(one.seal.clone()),
            })
            .to_vec();
        let codes = async || {
            let verify = async |tx: &mut Tx| seams.verify(tx, &claims).await;
            let verdicts = world.db.read(verify).await.unwrap();
            verdicts.iter().map(Verdict::code).collect::<Vec<_>>()
        };
        assert_eq!(codes().await, ["holds", "holds"]);
        let replaces = [("kind", "leader"), ("name", "何书瑶"), ("post", "副局长")];
        liaison.post(&path, &replaces).await.redirected();
        assert_eq!(codes().await, ["changed", "holds"]);
        let page = clerk.get(group).await.page();
        let leave = page
            .split("action=\"")
            .find(|part| part.contains("/leave\""))
            .unwrap();
        let leave = leave.split('"').next().unwrap().to_owned();
        let leaves = [("version", "1"), ("on", "2026-06-01"), ("why", "调动")];
        clerk.post(&leave, &leaves).await.redirected();
        assert_eq!(codes().await, ["changed", "gone"]);
    }
}

//! 专有要素: a kind asks for them, and the public reads them.

use super::*;

/// The form of a plan with these of its own fields.
async fn sent(world: &World, to: &str, own: &[(&str, &str)]) -> testing::Answer {
    let city = world.city.to_string();
    let version = if to.ends_with("/write") {
        world.version(to.trim_end_matches("/write")).await
    } else {
        String::new()
    };
    let mut fields = vec![
        ("organ", city.as_str()),
        ("version", version.as_str()),
        ("title", "安澜市养老服务规划"),
        ("number", "安府〔2026〕9号"),
        ("theme", "民政"),
        ("issued_on", "2026-09-01"),
        ("effective_on", "2026-10-01"),
        ("openness", "open"),
        ("markup", "text"),
        ("body", "增加养老床位。"),
    ];
    fields.extend_from_slice(own);
    let mut clerk = world.browser(world.clerk).await;
    clerk.upload(to, &fields, ("file", "", b"")).await
}

#[tokio::test]
async fn a_kind_asks_for_its_own_fields_and_the_public_reads_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let new = "/workspace/documents/new?kind=planning";
        let mut clerk = world.browser(world.clerk).await;
        let form = clerk.get(new).await.page();
        for words in ["规划期", "规划类别", "name=\"own_plan_years\"", "区域规划"] {
            assert!(form.contains(words), "{words}");
        }
        assert!(!form.contains("预算年度"), "a field of another kind");
        let refused = sent(&world, new, &[("own_plan_years", "2030—2026")]).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(page.contains("“规划期”请写起止年份") && page.contains("2030—2026"));
        let path = sent(&world, new, &[]).await.redirected();
        let page = clerk.get(&path).await.page();
        assert!(page.contains("规划必须填写“规划期”。"), "{page}");
        assert_eq!(world.act(world.clerk, &path, "send", &[]).await, 422);
        let own = [
            ("own_plan_years", "2026-2030"),
            ("own_plan_class", "专项规划"),
            // Of another kind: left alone.
            ("own_finance_year", "2026"),
        ];
        let saved = sent(&world, &format!("{path}/write"), &own).await;
        assert_eq!(saved.status, 303);
        let form = clerk.get(&format!("{path}/write")).await.page();
        assert!(form.contains("value=\"2026—2030\""), "{form}");
        world.goes_out(&path, Kind::Planning).await;
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        for words in [
            "<dt>规划期</dt><dd>2026—2030年</dd>",
            "<dt>规划类别</dt><dd>专项规划</dd>",
            "\"temporalCoverage\":\"2026/2030\"",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("预算年度"));
        let of = Ref {
            kind: "document".to_owned(),
            id: path.rsplit('/').next().unwrap().to_owned(),
        };
        let entries = world
            .db
            .read(async |tx: &mut Tx| world.app.seams.entries(tx, &[of.clone()]).await)
            .await
            .unwrap();
        let entry = entries.into_iter().next().unwrap().unwrap();
        assert!(entry.body.contains("规划期：2026—2030年"), "{}", entry.body);
    }
}

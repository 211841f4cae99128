//! A scheme whose points do not sum to a hundred says so wherever scores by it are read.

use gongkai_platform::testing::backends;

use crate::assessment::{Points, Scheme};
use crate::testing::{World, assesses};

const ODD: &str = "基本分合计184分，不是100分";

#[tokio::test]
async fn an_odd_sum_is_told_where_a_scheme_is_chosen_and_where_scores_by_it_are_read() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let whole = assesses(&mut clerk, "上半年考核", "2026-06-30").await;
        let (list, file) = (
            "/workspace/scores",
            "/workspace/scores/scheme/file?year=2026&format=json",
        );
        assert!(!clerk.get(list).await.page().contains("基本分合计"));
        let mut scheme: Scheme = serde_json::from_str(&clerk.get(file).await.text()).unwrap();
        let first = &mut scheme.indicators[0].weight;
        *first = Points(first.0 + 8_400);
        let json = serde_json::to_string(&scheme).unwrap();
        let fields = [("year", "2026"), ("json", json.as_str())];
        let import = "/workspace/scores/scheme/import";
        clerk.post(import, &fields).await.redirected();
        let page = clerk.get(list).await.page();
        assert!(
            page.contains(&format!("2026 年考核办法（第 2 版）{ODD}")),
            "{page}"
        );
        let fields = [
            ("title", "全年考核"),
            ("year", "2026"),
            ("from_on", "2026-01-01"),
            ("to_on", "2026-12-31"),
        ];
        let odd = clerk.post("/workspace/scores/new", &fields).await;
        let odd = odd.redirected();
        let page = clerk.get(&odd).await.page();
        assert!(page.contains(ODD), "{page}");
        // The period that opened before goes by the scheme as it was.
        let page = clerk.get(&whole).await.page();
        assert!(!page.contains("基本分合计"), "{page}");
        let cancel = [("step", "cancel"), ("note", "办法有误")];
        let cancelled = clerk.post(&format!("{odd}/step"), &cancel).await;
        cancelled.redirected();
        let page = clerk.get(&odd).await.page();
        assert!(!page.contains(ODD), "{page}");
    }
}

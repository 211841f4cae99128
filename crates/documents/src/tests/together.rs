//! 检查汇总: what several documents have is seen together, by those who may see them.

use super::*;

const PAGE: &str = "/workspace/documents/findings";

#[tokio::test]
async fn the_same_number_in_several_documents_is_one_line() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut clerk = world.browser(world.clerk).await;
        let page = clerk.get(PAGE).await.page();
        assert!(page.contains("没有检查发现"), "{page}");
        let body = "<p>联系人张伟，手机13800138000。</p>";
        let first = world.draft("notice", "甲通知", body).await;
        let second = world.draft("notice", "乙通知", body).await;
        let page = clerk.get(&format!("{PAGE}?kind=mobile")).await.page();
        let lines = page.matches("13800138000").count();
        assert_eq!(lines, 1, "{page}");
        assert!(
            page.contains("■ 几份都有") && page.contains(&first) && page.contains(&second),
            "{page}"
        );
        let mut stranger = world.browser(world.stranger).await;
        let page = stranger.get(PAGE).await.page();
        assert!(!page.contains("甲通知"), "{page}");
    }
}

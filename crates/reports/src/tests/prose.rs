//! Figures of the prose beside the tables: of a part, right in spite of a difference, or bound.

use super::*;

/// A report whose prose says 8 where the tables say 7.
async fn contradicting(world: &World) -> String {
    let path = world.begun().await;
    let mut liaison = world.browser(world.liaison).await;
    let mut fields = filled("1", "7");
    fields[4] = (
        "text0",
        "市级部门收到政府信息公开申请300件。全年收到政府信息公开申请8件。",
    );
    liaison
        .post(&format!("{path}/edit"), &fields)
        .await
        .redirected();
    path
}

const MATTER: &str = "全年收到政府信息公开申请8件 ≠ 7";

#[tokio::test]
async fn a_figure_of_a_part_and_one_that_was_looked_at_stop_nobody() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = contradicting(&world).await;
        let (mut liaison, mut head) = (
            world.browser(world.liaison).await,
            world.browser(world.head).await,
        );
        let confirm = format!("{path}/confirm");
        let refused = head.post(&confirm, &[("version", "2")]).await;
        says(&refused, 422, "全年收到政府信息公开申请8件");
        let page = liaison.get(&format!("{path}/edit")).await.page();
        assert!(page.contains("如果只是“市级部门”的，不用改"), "{page}");
        let figures = format!("{path}/figures");
        let mut settle = [
            ("version", "2"),
            ("step", "settle"),
            ("matter", MATTER),
            ("why", ""),
        ];
        says(&liaison.post(&figures, &settle).await, 422, "请填写“原因”");
        settle[3] = ("why", "另有1件是转办来的");
        let mut other = world.browser(world.other).await;
        assert_eq!(other.post(&figures, &settle).await.status, 404);
        liaison.post(&figures, &settle).await.redirected();
        let page = liaison.get(&path).await.page();
        assert!(page.contains("已核对：另有1件是转办来的"), "{page}");
        head.post(&confirm, &[("version", "3")]).await.redirected();
        let kinds = world.events(&path).await;
        assert_eq!(
            kinds,
            [
                "annual.begun",
                "annual.confirmed",
                "annual.saved",
                "annual.settled"
            ]
        );
    }
}

#[tokio::test]
async fn a_bound_figure_follows_the_table() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = contradicting(&world).await;
        let mut liaison = world.browser(world.liaison).await;
        let (edit, figures) = (format!("{path}/edit"), format!("{path}/figures"));
        let bind = [("version", "2"), ("step", "bind"), ("matter", MATTER)];
        liaison.post(&figures, &bind).await.redirected();
        let page = liaison.get(&edit).await.page();
        assert!(
            page.contains("全年收到政府信息公开申请{本年新收总计}件"),
            "{page}"
        );
        // The number leads to its cell.
        let leads = |n: &str| {
            let cell = format!("<a href=\"{path}/cells/3.new.total\" title=\"三.");
            (
                format!("全年收到政府信息公开申请{cell}"),
                format!("\">{n}</a>件"),
            )
        };
        let page = liaison.get(&path).await.page();
        let (before, behind) = leads("7");
        assert!(page.contains(&before) && page.contains(&behind), "{page}");
        // What is bound already is not there to be bound again.
        let again = [("version", "3"), ("step", "bind"), ("matter", MATTER)];
        says(&liaison.post(&figures, &again).await, 422, "没有找到");
        // The table changes, and the sentence with it.
        let mut fields = filled("3", "9");
        fields[1] = ("c:3.new.natural", "9");
        fields[4] = ("text0", "全年收到政府信息公开申请{本年新收总计}件。{别的}");
        liaison.post(&edit, &fields).await.redirected();
        let page = liaison.get(&path).await.page();
        let (before, behind) = leads("9");
        assert!(page.contains(&before) && page.contains(&behind), "{page}");
        // A name of nothing stops the report, and says so.
        let mut head = world.browser(world.head).await;
        let refused = head
            .post(&format!("{path}/confirm"), &[("version", "4")])
            .await;
        says(&refused, 422, "“{别的}”不是表里的数");
    }
}

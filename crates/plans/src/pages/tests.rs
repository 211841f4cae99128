//! Whole stories over HTTP: what a person clicks, what comes back.

mod board;
mod changes;
mod counted;
mod due;
mod evidence;
mod exports;
mod ledger;
mod offers;
mod portal;
mod reports;
mod scope;
mod shared;
mod shown;
mod statements;
mod task;

use gongkai_platform::testing::{backends, says as refused};

use crate::assignment::Duty;
use crate::testing::World;

/// The first address on a page that begins like this.
fn link(page: &str, start: &str) -> String {
    let at = page
        .find(&format!("\"{start}"))
        .unwrap_or_else(|| panic!("no link to {start} in\n{page}"));
    page[at + 1..]
        .split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&")
}

/// The value of a hidden field.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let at = page
        .find(&mark)
        .unwrap_or_else(|| panic!("no field {name} in\n{page}"));
    page[at + mark.len()..]
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn everybody_has_a_start_page() {
    use gongkai_basis::Role;
    for backend in backends() {
        let world = World::on(&backend).await;
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world
            .task(2, "公开预算", Some("2026-09-25"), &[(0, Duty::Lead)])
            .await;
        let page = world
            .browser(world.liaisons[0])
            .await
            .get("/workspace")
            .await
            .page();
        assert!(
            page.contains(
                "<a href=\"/workspace/due?when=overdue\"><b>1</b> <span class=\"light light-overdue\">■ 已逾期"
            ),
            "{page}"
        );
        assert!(
            page.contains("■ 已逾期 20 天")
                && page.contains("<b>1</b> <span class=\"light light-normal\">○ 7个工作日内到期"),
            "{page}"
        );
        let page = world
            .browser(world.liaisons[2])
            .await
            .get("/workspace")
            .await
            .page();
        assert!(page.contains("本单位现在没有承担的任务"), "{page}");
        let page = world
            .browser(world.head)
            .await
            .get("/workspace")
            .await
            .page();
        assert!(
            page.contains("现在没有等您办理的事项")
                && page.contains("有逾期任务的单位 1 个")
                && page.contains("市司法局</a>　逾期 1 项"),
            "{page}"
        );
        for role in [
            Role::AuditAdmin,
            Role::Author,
            Role::Leader,
            Role::Supervisor,
        ] {
            let person =
                gongkai_platform::testing::person(&world.db, role.code(), &[(role, world.city)])
                    .await;
            let page = world.browser(person).await.get("/workspace").await.page();
            assert!(page.contains("今天必须做什么"), "{page}");
        }
        let nobody = gongkai_platform::testing::person(&world.db, "无角色", &[]).await;
        let page = world.browser(nobody).await.get("/workspace").await.page();
        assert!(page.contains("请联系本单位的安全管理员调整角色"), "{page}");
        let stranger = world.visitor().get("/workspace").await;
        assert_eq!(stranger.redirected(), "/login?next=%2Fworkspace");
    }
}

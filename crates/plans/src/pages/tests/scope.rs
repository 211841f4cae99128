//! Who sees what: another unit, another office, a supervisor.

use gongkai_basis::Role;
use gongkai_platform::testing::{self, backends};

use crate::assignment::Duty;
use crate::testing::World;

#[tokio::test]
async fn what_lies_outside_is_not_found() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(
                1,
                "公开规章",
                None,
                &[(0, Duty::Lead), (1, Duty::Cooperate)],
            )
            .await;
        let part = world.assignment(task, 0).await.id;
        let form = format!("/workspace/assignments/{part}/report");
        let status = async |account, path: &str| {
            world.browser(account).await.get(path).await.status.as_u16()
        };
        let (lead, cooperating, other) = (world.liaisons[0], world.liaisons[1], world.liaisons[2]);
        let page = format!("/workspace/tasks/{task}");
        let history = format!("/workspace/assignments/{part}");
        let export = format!("/workspace/plans/{}/export", world.plan);
        // A unit with a part reads the task whole, and writes only its own part.
        for path in [&page, &history] {
            assert_eq!(status(lead, path).await, 200);
            assert_eq!(status(cooperating, path).await, 200);
            assert_eq!(status(other, path).await, 404);
        }
        assert_eq!(status(lead, &form).await, 200);
        assert_eq!(status(cooperating, &form).await, 404);
        let posted = world
            .browser(other)
            .await
            .upload(
                &form,
                &[("outcome", "in_progress"), ("done_text", "x")],
                ("file-1", "", b""),
            )
            .await;
        assert_eq!(posted.status.as_u16(), 404);
        assert_eq!(status(other, &export).await, 404);
        assert_eq!(status(cooperating, &export).await, 200);
        let foreign = format!("{export}/file?format=csv&organ={}", world.units[0]);
        assert_eq!(status(cooperating, &foreign).await, 404);
        assert_eq!(status(lead, &foreign).await, 200);
        assert_eq!(status(lead, "/workspace/ledger").await, 403);

        // The office of another county.
        let county = testing::organ(&world.db, "清河县人民政府", Some(world.city)).await;
        let clerk = testing::person(&world.db, "县文书", &[(Role::OfficeClerk, county)]).await;
        assert_eq!(status(clerk, &page).await, 404);
        assert_eq!(
            status(clerk, &format!("/workspace/ledger?plan={}", world.plan)).await,
            404
        );
        assert_eq!(
            status(clerk, &format!("/workspace/tasks/{task}/amend")).await,
            404
        );
        // A supervisor of the city reads the levels below and changes nothing.
        let supervisor =
            testing::person(&world.db, "督查", &[(Role::Supervisor, world.city)]).await;
        assert_eq!(status(supervisor, &page).await, 200);
        assert_eq!(status(supervisor, "/workspace/ledger").await, 200);
        assert_eq!(
            status(supervisor, &format!("/workspace/tasks/{task}/amend")).await,
            403
        );
        let sight = world.browser(supervisor).await.get(&page).await.page();
        assert!(
            !sight.contains("修改任务") && !sight.contains("填报进展</a>"),
            "{sight}"
        );
        // A liaison of the office's own organ does not read the office's whole plan by that.
        let inside =
            testing::person(&world.db, "办公室联络员", &[(Role::Liaison, world.office)]).await;
        assert_eq!(status(inside, &page).await, 404);
    }
}

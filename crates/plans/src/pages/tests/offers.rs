//! Records of the unit that its task asks for are offered on the part's page.

use gongkai_platform::testing::backends;

use super::hidden;
use crate::assignment::Duty;
use crate::plan::Quantity;
use crate::testing::World;

fn once() -> Quantity {
    Quantity {
        text: "至少1次".to_owned(),
        value: 1,
        max: None,
        unit: "次".to_owned(),
    }
}

#[tokio::test]
async fn a_meeting_that_is_recorded_proves_with_one_key() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let text = "每年至少1次召开领导小组会议。";
        let task = world
            .counted_task(text, &[], &[once()], &[(0, Duty::Lead), (1, Duty::Lead)])
            .await;
        let text = "公开预算不少于1次。";
        let other = world
            .counted_task(text, &[], &[once()], &[(0, Duty::Lead)])
            .await;
        for (id, unit) in [("甲", 0), ("乙", 1)] {
            let seal = (world.units[unit], "印".to_owned());
            let mut meetings = world.records.meetings.lock().unwrap();
            meetings.insert(id.to_owned(), seal);
        }
        let mut liaison = world.browser(world.liaisons[0]).await;
        let part = world.assignment(task, 0).await.id;
        let path = format!("/workspace/assignments/{part}");
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("0/1次") && page.contains("会议甲") && !page.contains("会议乙"),
            "its own, and nobody else's: {page}"
        );
        let of_other = world.assignment(other, 0).await.id;
        let quiet = format!("/workspace/assignments/{of_other}");
        assert!(!liaison.get(&quiet).await.page().contains("会议甲"));
        // The office reads the part, and cites nothing for the unit.
        let mut clerk = world.browser(world.clerk).await;
        assert!(!clerk.get(&path).await.page().contains("作为佐证"));

        let fields = ["kind", "record", "of", "proves"].map(|name| (name, hidden(&page, name)));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let back = liaison.post(&format!("{path}/evidence/new"), &fields).await;
        assert_eq!(back.redirected(), path);
        let page = liaison.get(&path).await.page();
        assert!(
            page.contains("1/1次") && page.contains("会议甲") && !page.contains("作为佐证"),
            "{page}"
        );
    }
}

//! Long lists: a task that everybody shares, and plans of many years.

use gongkai_basis::Role;
use gongkai_platform::db::Tx;
use gongkai_platform::testing::{backends, organ, person};

use crate::acts::ReportProgress;
use crate::assignment::{self, Duty};
use crate::pairing::tests::{plan, task};
use crate::report::submit::{SubmitError, submit};
use crate::report::{Content, Outcome};
use crate::testing::World;

#[tokio::test]
async fn a_task_of_many_units_has_pages_and_one_time_line() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut parts = Vec::new();
        for n in 1..=60 {
            let unit = organ(&world.db, &format!("第{n}局"), Some(world.city)).await;
            parts.push((unit, "市直各单位", Duty::Responsible));
        }
        let text = "公开权责清单。";
        let shared = task(&world, world.plan, (1, text), None, &parts).await;
        let path = format!("/workspace/tasks/{shared}");
        let mut clerk = world.browser(world.clerk).await;
        let first = clerk.get(&path).await.page();
        assert!(
            first.contains("第 1–50 条，共 60 条") && first.contains("page=2"),
            "{first}"
        );
        assert_eq!(first.matches(">各版填报</a>").count(), 50, "{first}");
        let second = clerk.get(&format!("{path}?page=2")).await.page();
        assert_eq!(second.matches(">各版填报</a>").count(), 10, "{second}");
        // What one of them did stands on the time line with its own name, whatever page is shown.
        let known = async |tx: &mut Tx| assignment::store::of_task(tx, shared).await;
        let known = world.db.read(known).await.unwrap();
        let part = known.iter().find(|part| part.organ == parts[58].0).unwrap();
        let liaison = person(&world.db, "联络员", &[(Role::Liaison, part.organ)]).await;
        let permit = world.permit::<ReportProgress>(liaison).await;
        let content = Content {
            outcome: Outcome::InProgress,
            done_text: "正在梳理".to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: String::new(),
        };
        world
            .db
            .write(async |tx: &mut Tx| {
                submit(tx, &permit, part.id, None, content).await?;
                Ok::<_, SubmitError>(())
            })
            .await
            .unwrap();
        for page in [path.clone(), format!("{path}?page=2")] {
            let shown = clerk.get(&page).await.page();
            assert!(shown.contains("第59局：填报进展第1版"), "{shown}");
        }
        // A unit with a part reads the task; one without does not.
        let mut own = world.browser(liaison).await;
        assert_eq!(own.get(&path).await.status.as_u16(), 200);
        let mut other = world.browser(world.liaisons[0]).await;
        assert_eq!(other.get(&path).await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn plans_are_listed_by_page_and_by_year() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let office = (world.office, world.city);
        for n in 1..=55 {
            plan(&world, office, 2024, &format!("第{n}个专项方案")).await;
        }
        let mut clerk = world.browser(world.clerk).await;
        let list = "/workspace/plans";
        let first = clerk.get(list).await.page();
        assert!(
            first.contains("第 1–50 条，共 56 条") && first.contains("<b>55</b> 2024年"),
            "{first}"
        );
        let newest = "安澜市2026年政务公开工作要点分工方案";
        assert!(first.contains(newest), "{first}");
        let old = clerk.get(&format!("{list}?year=2024&page=2")).await.page();
        assert!(
            old.contains("第 51–55 条，共 55 条") && !old.contains(newest),
            "{old}"
        );
        let none = clerk.get(&format!("{list}?year=1999")).await.page();
        assert!(none.contains("共 56 条"), "{none}");
    }
}

use std::collections::BTreeMap;

use gongkai_basis::id::OrganId;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::backends;

use super::everything::Everything;
use super::{form, parts};
use crate::acts::ReportProgress;
use crate::assignment::Duty;
use crate::plan;
use crate::report::submit::submit;
use crate::report::{self, Content, Outcome};
use crate::testing::{TODAY, World, day, page};

async fn reported(world: &World) {
    let task = world
        .task(
            1,
            "公开规章",
            Some("2026-09-30"),
            &[(0, Duty::Lead), (1, Duty::Cooperate)],
        )
        .await;
    world.task(2, "公开预算", None, &[(0, Duty::Lead)]).await;
    let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
    let mut based_on = None;
    for (outcome, text) in [
        (Outcome::InProgress, "正在整理"),
        (Outcome::InProgress, "已公开5件"),
    ] {
        let content = Content {
            outcome,
            done_text: text.to_owned(),
            pending_text: "其余".to_owned(),
            planned_on: Some(day("2026-09-28")),
            no_evidence_why: String::new(),
        };
        let assignment = world.assignment(task, 0).await;
        let report = world
            .db
            .write(async |tx: &mut Tx| submit(tx, &permit, assignment.id, based_on, content).await)
            .await
            .unwrap();
        based_on = Some(report.id);
    }
}

#[tokio::test]
async fn each_unit_has_a_form_of_its_own() {
    for backend in backends() {
        let world = World::on(&backend).await;
        reported(&world).await;
        let (plan, rows) = world
            .db
            .read(async |tx: &mut Tx| {
                let plan = plan::store::find(tx, world.plan).await?.unwrap();
                Ok::<_, StoreError>((plan, parts(tx, world.plan, None, day(TODAY)).await?))
            })
            .await
            .unwrap();
        let contacts = BTreeMap::from([(world.liaisons[0], "0750-1234567".to_owned())]);
        let forms = form::forms(&plan, &rows, &contacts, (&[], day(TODAY)));
        let units: Vec<(&str, usize)> = forms
            .iter()
            .map(|form| (form.unit.as_str(), form.rows.len()))
            .collect();
        assert_eq!(units, [("市司法局", 2), ("市财政局", 1)]);
        assert_eq!(
            forms[0].title,
            "安澜市2026年政务公开工作要点分工方案落实及“回头看”工作台账"
        );
        assert_eq!(forms[0].contact, "0750-1234567");
        assert_eq!(forms[0].filled_on, Some(day(TODAY)));
        let line = &forms[0].rows[0];
        assert_eq!(
            (
                line.item.as_str(),
                line.done.as_str(),
                line.pending.as_str(),
                line.due_text.as_str()
            ),
            (
                "公开规章",
                "已公开5件",
                "其余（计划2026年9月28日前完成）",
                "2026-09-30前"
            )
        );
        assert_eq!((forms[1].filled_on, forms[1].contact.as_str()), (None, ""));
    }
}

async fn load(world: &World, organ: Option<OrganId>) -> Everything {
    world
        .db
        .read(async |tx: &mut Tx| {
            let plan = plan::store::find(tx, world.plan).await?.unwrap();
            Everything::load(tx, plan, organ, day(TODAY)).await
        })
        .await
        .unwrap()
}

/// The lines of the CSV below its heads.
fn csv_lines(all: &Everything) -> Vec<csv::StringRecord> {
    let bytes = all.csv().unwrap();
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
    reader.records().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn everything_holds_every_version() {
    for backend in backends() {
        let world = World::on(&backend).await;
        reported(&world).await;
        let all = load(&world, None).await;
        let json = all.json();
        assert_eq!(
            json["tasks"][0]["organs"][0]["reports"][1]["done"],
            "已公开5件"
        );
        assert_eq!(json["tasks"][0]["deadlines"][0]["date"], "2026-09-30");
        assert_eq!(json["tasks"].as_array().unwrap().len(), 2);
        let lines = csv_lines(&all);
        // Two versions, one cooperating organ, one other task.
        assert_eq!(lines.len(), 4);
        assert_eq!((&lines[0][12], &lines[0][13]), ("2026-09-30", "2026-09-30"));
        assert_eq!((&lines[1][16], &lines[1][19]), ("2", "已公开5件"));
        // The second version holds, the first does not.
        assert_eq!((&lines[0][17], &lines[1][17]), ("否", "是"));
        let one = load(&world, Some(world.units[1])).await;
        assert_eq!(one.json()["tasks"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_was_taken_back_is_not_done_and_its_versions_say_so() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        let proofs = vec![page("https://www.anlan.example/gz", "")];
        world.done(task, 0, proofs).await;
        let before = load(&world, None).await.json();
        let part = &before["tasks"][0]["organs"][0];
        assert_eq!(part["light"], "done");
        assert_eq!(part["reports"][0]["in_force"], true);

        let mut part = world.assignment(task, 0).await;
        let back = world
            .write("test.taken_back", async |tx: &mut Tx| {
                report::store::take_back_done(tx, &mut part).await
            })
            .await;
        assert!(back);
        let all = load(&world, None).await;
        let part = all.json()["tasks"][0]["organs"][0].clone();
        assert_eq!(part["light"], "overdue");
        assert_eq!(part["reports"][0]["in_force"], false);
        let lines = csv_lines(&all);
        assert_eq!((&lines[0][14], &lines[0][17]), ("已逾期", "否"));
    }
}

#[tokio::test]
async fn a_task_that_no_organ_has_and_each_piece_of_evidence_have_lines() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        world.task(2, "公开预算", None, &[]).await;
        // Together they are longer than a cell of a workbook.
        let proofs: Vec<_> = (0..80)
            .map(|n| {
                let mut proof = page(&format!("https://www.anlan.example/{n}"), "");
                proof.proves = "规章已公开。".repeat(80);
                proof
            })
            .collect();
        world.done(task, 0, proofs).await;
        let all = load(&world, None).await;
        let lines = csv_lines(&all);
        assert_eq!(lines.len(), 1 + 80 + 1);
        assert_eq!(&lines[0][15], "填报");
        let proofs = lines.iter().filter(|line| &line[15] == "佐证");
        assert_eq!(proofs.count(), 80);
        let last = &lines[81];
        assert_eq!(
            (&last[3], &last[8], &last[15]),
            ("公开预算", "", "未落实单位")
        );
        // Of one unit's part nobody can tell what others have.
        let one = load(&world, Some(world.units[0])).await;
        assert!(csv_lines(&one).iter().all(|line| &line[15] != "未落实单位"));
    }
}

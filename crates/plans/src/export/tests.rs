use std::collections::BTreeMap;

use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::backends;

use super::everything::Everything;
use super::{form, parts};
use crate::acts::ReportProgress;
use crate::assignment::Duty;
use crate::plan;
use crate::report::submit::submit;
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day};

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

#[tokio::test]
async fn everything_holds_every_version() {
    for backend in backends() {
        let world = World::on(&backend).await;
        reported(&world).await;
        let load = async |organ| {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let plan = plan::store::find(tx, world.plan).await?.unwrap();
                    Everything::load(tx, plan, organ, day(TODAY)).await
                })
                .await
                .unwrap()
        };
        let all = load(None).await;
        let json = all.json();
        assert_eq!(
            json["tasks"][0]["organs"][0]["reports"][1]["done"],
            "已公开5件"
        );
        assert_eq!(json["tasks"][0]["deadlines"][0]["date"], "2026-09-30");
        assert_eq!(json["tasks"].as_array().unwrap().len(), 2);
        let bytes = all.csv().unwrap();
        let mut reader =
            csv::Reader::from_reader(bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap());
        let lines: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        // Two versions, one cooperating organ, one other task.
        assert_eq!(lines.len(), 4);
        assert_eq!((&lines[0][12], &lines[0][13]), ("2026-09-30", "2026-09-30"));
        assert_eq!((&lines[1][15], &lines[1][17]), ("2", "已公开5件"));
        let one = load(Some(world.units[1])).await;
        assert_eq!(one.json()["tasks"].as_array().unwrap().len(), 1);
    }
}

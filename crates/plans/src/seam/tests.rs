use gongkai_basis::reference::{DateRange, FigureKey};
use gongkai_platform::access::Scope;
use gongkai_platform::db::Tx;
use gongkai_platform::seam::Accomplishment;
use gongkai_platform::testing::{self, backends};

use crate::acts::CheckEvidence;
use crate::assignment::Duty;
use crate::dashboard;
use crate::evidence::check::check_now;
use crate::testing::{TODAY, World, day, page};

#[tokio::test]
async fn tasks_are_counted_with_their_records_and_fall_due_in_scope() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let late = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world
            .task(2, "公开预算", Some("2026-11-30"), &[(1, Duty::Lead)])
            .await;
        let keys =
            ["tasks.all", "tasks.overdue", "tasks.done", "letters.all"].map(|name| FigureKey {
                name: name.to_owned(),
                organ: world.city,
                year: 2026,
            });
        let range = DateRange {
            from: "2026-09-01".parse().unwrap(),
            to: "2026-10-31".parse().unwrap(),
        };
        let seams = crate::seams();
        let (figures, due, none) = world
            .db
            .read(async |tx: &mut Tx| {
                let figures = seams.figures(tx, &keys).await?;
                let due = seams.due(tx, &Scope::Everything, range).await?;
                let none = seams.due(tx, &Scope::nothing(), range).await?;
                Ok::<_, gongkai_platform::db::StoreError>((figures, due, none))
            })
            .await
            .unwrap();
        let values: Vec<Option<i64>> = figures
            .iter()
            .map(|figure| figure.as_ref().map(|figure| figure.value))
            .collect();
        assert_eq!(values, [Some(2), Some(1), Some(0), None]);
        let overdue = figures[1].as_ref().unwrap();
        assert_eq!(overdue.refs[0].id, late.to_string());
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].title, "公开规章");
        assert!(none.is_empty());
    }
}

/// What was done in time and lost its proof is ◇ on the screen, and no figure of what is late.
#[tokio::test]
async fn a_part_that_lost_its_proof_is_not_counted_as_late() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let address = "https://www.anlan.example/1";
        let task = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world
            .task(2, "公开预算", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world.site.says(address, "<p>规章12件，已全部公开。</p>");
        let proof = page(address, "规章12件，已全部公开");
        let item = world.done(task, 0, vec![proof]).await.remove(0);
        let permit = world.permit::<CheckEvidence>(world.clerk).await;
        world.site.status(address, 404);
        check_now(&world.app, &permit, item.id).await.unwrap();
        let seams = crate::seams();
        let (late, lights) = world
            .db
            .read(async |tx: &mut Tx| {
                let key = FigureKey {
                    name: "tasks.overdue".to_owned(),
                    organ: world.units[0],
                    year: 2026,
                };
                let late = seams.figures(tx, &[key]).await?.remove(0);
                let board = dashboard::store::dashboard(tx, world.plan, day(TODAY)).await?;
                Ok::<_, gongkai_platform::db::StoreError>((late, board.parts))
            })
            .await
            .unwrap();
        assert_eq!((lights.overdue, lights.decayed), (1, 1));
        assert_eq!(late.unwrap().value, lights.overdue);
    }
}

#[tokio::test]
async fn a_years_tasks_are_told_with_what_proves_them() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let address = "https://www.anlan.example/1";
        world.site.says(address, "<p>规章12件，已全部公开。</p>");
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        world.task(3, "规范答复", None, &[(1, Duty::Lead)]).await;
        let proof = page(address, "规章12件，已全部公开");
        world.done(task, 0, vec![proof]).await;
        let seams = crate::seams();
        let told = async |tx: &mut Tx| {
            let mut all = Vec::new();
            for (organ, year) in [
                (world.city, 2026),
                (world.units[0], 2026),
                (world.units[1], 2026),
                (world.city, 2025),
            ] {
                all.push(seams.accomplished(tx, (organ, year), 10).await?);
            }
            Ok::<_, gongkai_platform::db::StoreError>(all)
        };
        let told = world.db.read(told).await.unwrap();
        let shown: Vec<Vec<(String, bool, usize)>> = told
            .into_iter()
            .map(|tasks| {
                let one = |task: Accomplishment| (task.text, task.is_done, task.proofs.len());
                tasks.into_iter().map(one).collect()
            })
            .collect();
        let rules = ("公开规章".to_owned(), true, 1);
        let replies = ("规范答复".to_owned(), false, 0);
        assert_eq!(
            shown,
            [
                vec![rules.clone(), replies.clone()],
                vec![rules],
                vec![replies],
                vec![]
            ]
        );
    }
}

/// A county that the city's plan names has tasks to count, and no plan of its own.
#[tokio::test]
async fn a_governments_own_plans_are_told_from_those_that_name_it() {
    for backend in backends() {
        let mut world = World::on(&backend).await;
        let county = testing::organ(&world.db, "云岭县人民政府", Some(world.city)).await;
        world.units.push(county);
        world.task(1, "公开规章", None, &[(3, Duty::Lead)]).await;
        let seams = crate::seams();
        let counted = async |tx: &mut Tx| {
            let key = |name: &str, organ| FigureKey {
                name: name.to_owned(),
                organ,
                year: 2026,
            };
            let keys = [
                key("tasks.all", county),
                key("plans.own", county),
                key("plans.own", world.city),
            ];
            seams.figures(tx, &keys).await
        };
        let counted = world.db.read(counted).await.unwrap();
        let values: Vec<i64> = counted.into_iter().flatten().map(|it| it.value).collect();
        assert_eq!(values, [1, 0, 1]);
    }
}

/// As on the ledger: cooperating units answer for a task where nobody else does.
#[tokio::test]
async fn a_task_that_only_cooperating_units_have_is_theirs() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let cooperates = (0, Duty::Cooperate);
        world.task(1, "公开规章", None, &[cooperates]).await;
        world
            .task(2, "公开预算", None, &[(1, Duty::Lead), cooperates])
            .await;
        let seams = crate::seams();
        let unit = world.units[0];
        let told = async |tx: &mut Tx| {
            let key = FigureKey {
                name: "tasks.all".to_owned(),
                organ: unit,
                year: 2026,
            };
            let figure = seams.figures(tx, &[key]).await?.remove(0);
            let tasks = seams.accomplished(tx, (unit, 2026), 10).await?;
            Ok::<_, gongkai_platform::db::StoreError>((figure, tasks))
        };
        let (figure, tasks) = world.db.read(told).await.unwrap();
        assert_eq!(figure.unwrap().value, 1);
        let texts: Vec<&str> = tasks.iter().map(|task| task.text.as_str()).collect();
        assert_eq!(texts, ["公开规章"]);
    }
}

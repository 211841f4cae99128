//! Every filter and order against the plain truth computed in memory, found by both ways, on every database.

use gongkai_basis::Date;
use gongkai_basis::id::{AssignmentId, OrganId};
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::testing::backends;

use super::super::{Count, Narrow, Sort};
use super::{
    Own, assignment_ids, assignment_page, count_assignments, count_own, count_tasks, lights,
    organs, own_lights, own_page, sections, task_ids, task_page,
};
use crate::acts::{ReportProgress, ViewOwnTasks};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::report::submit::{SubmitError, submit};
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day, page};

const LEAD: Duty = Duty::Lead;
const HELP: Duty = Duty::Cooperate;

/// Six tasks; the second is done, the third's lead has reported.
async fn filled(world: &World) -> Vec<gongkai_basis::id::TaskId> {
    let tasks = vec![
        world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, LEAD), (1, HELP)])
            .await,
        world
            .task(2, "公开预算100%", Some("2026-09-30"), &[(1, LEAD)])
            .await,
        world
            .task(3, "答复申请", Some("2026-09-25"), &[(0, LEAD), (2, HELP)])
            .await,
        world
            .task(4, "办好公报", None, &[(0, LEAD), (1, LEAD), (2, LEAD)])
            .await,
        world
            .task(5, "公开规章解读", Some("2026-12-31"), &[(2, HELP)])
            .await,
        world
            .task(6, "培训", Some("2026-12-31"), &[(1, Duty::Responsible)])
            .await,
    ];
    for (task, unit, outcome) in [(1, 1, Outcome::Done), (2, 0, Outcome::InProgress)] {
        let permit = world.permit::<ReportProgress>(world.liaisons[unit]).await;
        let assignment = world.assignment(tasks[task], unit).await;
        let content = Content {
            outcome,
            done_text: "已办".to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: "口头".to_owned(),
        };
        world
            .db
            .write(async |tx: &mut Tx| submit(tx, &permit, assignment.id, None, content).await)
            .await
            .unwrap();
    }
    tasks
}

fn numbers(rows: &[super::super::TaskRow]) -> Vec<i64> {
    rows.iter().filter_map(|row| row.number).collect()
}

#[tokio::test]
async fn tasks_are_narrowed_and_ordered() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let today = day(TODAY);
        let list = async |narrow: Narrow, sort: Sort| {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let count = count_tasks(tx, world.plan, &narrow, today).await?;
                    let ids = task_ids(tx, world.plan, &narrow, sort, today, (0, 50)).await?;
                    assert_eq!(
                        count,
                        Count {
                            n: ids.len() as i64,
                            more: false
                        }
                    );
                    Ok::<_, StoreError>(numbers(&task_page(tx, &ids, today).await?))
                })
                .await
                .unwrap()
        };
        let light = |light| Narrow {
            light: Some(light),
            ..Narrow::default()
        };
        assert_eq!(
            list(Narrow::default(), Sort::Plan).await,
            [1, 2, 3, 4, 5, 6]
        );
        // A task without a date is due with the year, like the next two.
        assert_eq!(list(Narrow::default(), Sort::Due).await, [1, 3, 2, 4, 5, 6]);
        // Done comes last.
        assert_eq!(
            list(Narrow::default(), Sort::Light).await,
            [1, 3, 4, 5, 6, 2]
        );
        assert_eq!(list(light(Light::Overdue), Sort::Plan).await, [1]);
        assert_eq!(list(light(Light::Soon), Sort::Plan).await, [3]);
        assert_eq!(list(light(Light::Normal), Sort::Plan).await, [4, 5, 6]);
        assert_eq!(list(light(Light::Done), Sort::Plan).await, [2]);
        let text = |text: &str| Narrow {
            text: text.to_owned(),
            ..Narrow::default()
        };
        assert_eq!(list(text("规章"), Sort::Plan).await, [1, 5]);
        assert_eq!(list(text("0%"), Sort::Plan).await, [2]);
        assert_eq!(list(text("_"), Sort::Plan).await, [0_i64; 0]);
        let section = Narrow {
            section: Some("一、主动公开".to_owned()),
            ..Narrow::default()
        };
        assert_eq!(list(section, Sort::Plan).await, [1, 2]);
        let dates = Narrow {
            due_from: Some(day("2026-09-25")),
            due_to: Some(day("2026-09-30")),
            ..Narrow::default()
        };
        assert_eq!(list(dates, Sort::Plan).await, [2, 3]);
        let organ = Narrow {
            organ: Some(world.units[1]),
            duty: Some(LEAD),
            ..Narrow::default()
        };
        assert_eq!(list(organ, Sort::Plan).await, [2, 4]);
        let unreported = Narrow {
            unreported: true,
            ..Narrow::default()
        };
        assert_eq!(list(unreported, Sort::Plan).await, [1, 4, 6]);
    }
}

/// What the list must say, from all assignments in memory.
type Plain = (
    AssignmentId,
    OrganId,
    Duty,
    Option<Date>,
    bool,
    bool,
    i64,
    String,
);

/// A narrowing, and which of the plain rows it keeps.
type Case<'c> = (Narrow, Box<dyn Fn(&Plain) -> bool + 'c>);

#[tokio::test]
async fn assignments_are_the_same_by_both_ways_and_in_memory() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let today = day(TODAY);
        let everything = Narrow::default();
        let find = async |narrow: &Narrow, sort: Sort, pretended: i64| {
            world
                .db
                .read(async |tx: &mut Tx| {
                    let count = Count {
                        n: pretended,
                        more: false,
                    };
                    let ids = assignment_ids(tx, world.plan, (narrow, count), sort, today, (0, 50))
                        .await?;
                    let real = count_assignments(tx, world.plan, narrow, today).await?;
                    assert_eq!(real.n, ids.len() as i64);
                    assignment_page(tx, &ids, today).await
                })
                .await
                .unwrap()
        };
        let all: Vec<Plain> = find(&everything, Sort::Plan, 0)
            .await
            .into_iter()
            .map(|row| {
                let reported = row.latest.is_some();
                let done = row.light == Light::Done;
                let next = row.next_due_on.filter(|_| !done);
                (
                    row.id,
                    row.organ,
                    row.duty,
                    next.or(row.due_on),
                    done,
                    reported,
                    row.number.unwrap(),
                    row.text,
                )
            })
            .collect();
        assert_eq!(all.len(), 10);
        let narrow = |change: fn(&mut Narrow)| {
            let mut narrow = Narrow::default();
            change(&mut narrow);
            narrow
        };
        let cases: Vec<Case> = vec![
            (
                Narrow {
                    organ: Some(world.units[0]),
                    ..Narrow::default()
                },
                Box::new(|a| a.1 == all[0].1),
            ),
            (narrow(|n| n.duty = Some(HELP)), Box::new(|a| a.2 == HELP)),
            (
                narrow(|n| n.light = Some(Light::Overdue)),
                Box::new(|a| Light::of(a.3, a.4, day(TODAY)) == Light::Overdue),
            ),
            (
                narrow(|n| n.light = Some(Light::Soon)),
                Box::new(|a| Light::of(a.3, a.4, day(TODAY)) == Light::Soon),
            ),
            (
                narrow(|n| n.light = Some(Light::Normal)),
                Box::new(|a| Light::of(a.3, a.4, day(TODAY)) == Light::Normal),
            ),
            (narrow(|n| n.light = Some(Light::Done)), Box::new(|a| a.4)),
            (
                narrow(|n| n.unreported = true),
                Box::new(|a| !a.5 && a.2 != HELP),
            ),
            (
                narrow(|n| n.due_from = Some(day("2026-09-25"))),
                Box::new(|a| a.3.is_some_and(|d| d >= day("2026-09-25"))),
            ),
            (
                narrow(|n| n.due_to = Some(day("2026-09-25"))),
                Box::new(|a| a.3.is_some_and(|d| d <= day("2026-09-25"))),
            ),
            (
                narrow(|n| n.text = "规章".to_owned()),
                Box::new(|a| a.7.contains("规章")),
            ),
            (
                narrow(|n| n.section = Some("一、主动公开".to_owned())),
                Box::new(|a| a.6 < 3),
            ),
        ];
        for (narrow, keeps) in &cases {
            let wanted: Vec<AssignmentId> = all.iter().filter(|a| keeps(a)).map(|a| a.0).collect();
            assert!(
                !wanted.is_empty() && wanted.len() < all.len(),
                "{narrow:?} proves nothing"
            );
            for sort in Sort::ALL {
                let sought: Vec<AssignmentId> = find(narrow, sort, 0)
                    .await
                    .iter()
                    .map(|row| row.id)
                    .collect();
                let walked: Vec<AssignmentId> = find(narrow, sort, 5_000)
                    .await
                    .iter()
                    .map(|row| row.id)
                    .collect();
                assert_eq!(sought, walked, "{narrow:?} {sort:?}");
                let (mut a, mut b) = (sought.clone(), wanted.clone());
                a.sort();
                b.sort();
                assert_eq!(a, b, "{narrow:?} {sort:?}");
                if sort == Sort::Plan {
                    assert_eq!(sought, wanted);
                }
            }
        }
        let by_light: Vec<Light> = find(&everything, Sort::Light, 0)
            .await
            .iter()
            .map(|row| row.light)
            .collect();
        let mut worst_first = by_light.clone();
        worst_first.sort_by(|a, b| b.cmp(a));
        assert_eq!(by_light, worst_first);
    }
}

#[tokio::test]
async fn a_day_that_the_plan_does_not_print_is_in_ranges_and_orders() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = crate::plan::Deadline {
            text: "每季度".to_owned(),
            date: None,
            kind: crate::plan::DeadlineKind::Recurring,
        };
        // A plan of May asks for it by 30 June first.
        world
            .counted_task("每季度报送进展。", &[each], &[], &[(0, LEAD)])
            .await;
        let undated = world.task(2, "加强解读", None, &[(0, LEAD)]).await;
        world
            .task(3, "公开规章", Some("2026-10-31"), &[(0, LEAD)])
            .await;
        let find = async |from: Option<&str>, to: Option<&str>| {
            let (today, narrow) = (
                day(TODAY),
                Narrow {
                    due_from: from.map(day),
                    due_to: to.map(day),
                    ..Narrow::default()
                },
            );
            world
                .db
                .read(async |tx: &mut Tx| {
                    let at = (0, 50);
                    let ids = task_ids(tx, world.plan, &narrow, Sort::Due, today, at).await?;
                    let tasks = numbers(&task_page(tx, &ids, today).await?);
                    for n in [0, 5_000] {
                        let counted = (&narrow, Count { n, more: false });
                        let ids =
                            assignment_ids(tx, world.plan, counted, Sort::Due, today, at).await?;
                        let rows = assignment_page(tx, &ids, today).await?;
                        let parts: Vec<i64> = rows.iter().filter_map(|row| row.number).collect();
                        assert_eq!(parts, tasks, "{narrow:?} {n}");
                    }
                    Ok::<_, StoreError>(tasks)
                })
                .await
                .unwrap()
        };
        assert_eq!(find(None, None).await, [1, 3, 2]);
        assert_eq!(find(None, Some("2026-06-30")).await, [1]);
        assert_eq!(find(Some("2026-11-01"), None).await, [2]);
        assert_eq!(find(None, Some("9999-12-31")).await, [1, 3, 2]);
        // Nothing is waited for any more, and the plan states no day.
        let proofs = vec![page("https://www.anlan.example/jd", "")];
        world.done(undated, 0, proofs).await;
        assert_eq!(find(Some("2026-11-01"), None).await, [0_i64; 0]);
        assert_eq!(find(None, None).await, [1, 3, 2]);
    }
}

#[tokio::test]
async fn a_task_line_gathers_its_units() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let tasks = filled(&world).await;
        let (rows, counts, units, parts) = world
            .db
            .read(async |tx: &mut Tx| {
                let today = day(TODAY);
                Ok::<_, StoreError>((
                    task_page(tx, &[tasks[2], tasks[3]], today).await?,
                    lights(tx, world.plan, today).await?,
                    organs(tx, world.plan).await?,
                    sections(tx, world.plan).await?,
                ))
            })
            .await
            .unwrap();
        assert_eq!(numbers(&rows), [3, 4]);
        assert_eq!(rows[0].sums(), (2, 1, 0, 0));
        assert_eq!(rows[0].latest.as_ref().unwrap().organ, "市司法局");
        let named: Vec<&str> = rows[1]
            .units
            .iter()
            .map(|unit| unit.named_as.as_str())
            .collect();
        assert_eq!(named, ["市司法局", "市财政局", "市教育局"]);
        let counts: Vec<(Light, i64)> = counts
            .iter()
            .map(|(light, count)| (*light, count.n))
            .collect();
        assert_eq!(
            counts,
            [
                (Light::Overdue, 1),
                (Light::Soon, 1),
                (Light::Normal, 3),
                (Light::Done, 1)
            ]
        );
        assert_eq!(units.len(), 3);
        assert_eq!(parts, ["一、主动公开", "二、依申请公开"]);
    }
}

#[tokio::test]
async fn a_unit_sees_its_own_by_due_date() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let permit = world.permit::<ViewOwnTasks>(world.liaisons[0]).await;
        let (rows, counts) = world
            .db
            .read(async |tx: &mut Tx| {
                let today = day(TODAY);
                Ok::<_, StoreError>((
                    own_page(tx, permit.scope(), &Own::default(), today, (0, 50)).await?,
                    own_lights(tx, permit.scope(), today).await?,
                ))
            })
            .await
            .unwrap();
        let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["公开规章", "答复申请", "办好公报"]);
        assert_eq!(
            (
                counts.all,
                counts.overdue,
                counts.soon,
                counts.done,
                counts.unreported
            ),
            (3, 1, 1, 0, 2)
        );
    }
}

/// What a list shows and what is counted above it are the same, whichever of them counted.
#[tokio::test]
async fn a_unit_counts_each_of_its_lists_once() {
    for backend in backends() {
        let world = World::on(&backend).await;
        filled(&world).await;
        let lights = [
            None,
            Some(Light::Overdue),
            Some(Light::Decayed),
            Some(Light::Soon),
            Some(Light::Normal),
            Some(Light::Done),
        ];
        for unit in 0..3 {
            let permit = world.permit::<ViewOwnTasks>(world.liaisons[unit]).await;
            for (light, unreported) in lights
                .map(|light| (light, false))
                .into_iter()
                .chain([(None, true)])
            {
                let own = Own {
                    light,
                    unreported,
                    plan: None,
                };
                let (listed, counted, rows) = world
                    .db
                    .read(async |tx: &mut Tx| {
                        let (today, scope) = (day(TODAY), permit.scope());
                        let rows = own_page(tx, scope, &own, today, (0, 50)).await?.len();
                        let counted = count_own(tx, scope, &own, today).await?.n;
                        let listed = own_lights(tx, scope, today).await?.listed(&own);
                        Ok::<_, StoreError>((listed, counted, rows as i64))
                    })
                    .await
                    .unwrap();
                assert_eq!(rows, counted, "{unit} {own:?}");
                assert_eq!(listed.is_none(), light == Some(Light::Normal));
                assert_eq!(listed.unwrap_or(counted), counted, "{unit} {own:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_second_of_two_reports_on_one_version_is_a_conflict() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, LEAD)]).await;
        let assignment = world.assignment(task, 0).await;
        let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
        let foreign = world.permit::<ReportProgress>(world.liaisons[1]).await;
        let content = |text: &str| Content {
            outcome: Outcome::InProgress,
            done_text: text.to_owned(),
            pending_text: String::new(),
            planned_on: None,
            no_evidence_why: String::new(),
        };
        let report = async |permit, based_on, text: &str| {
            world
                .db
                .write(async |tx: &mut Tx| {
                    submit(tx, permit, assignment.id, based_on, content(text)).await
                })
                .await
        };
        let first = report(&permit, None, "一").await.unwrap();
        assert!(matches!(
            report(&permit, None, "二").await,
            Err(SubmitError::Conflict)
        ));
        assert!(matches!(
            report(&foreign, Some(first.id), "三").await,
            Err(SubmitError::NotFound)
        ));
        let second = report(&permit, Some(first.id), "四").await.unwrap();
        assert_eq!((first.sequence, second.sequence), (1, 2));
    }
}

#[tokio::test]
async fn a_period_that_ended_without_its_proof_is_late_and_an_undated_task_is_due_with_the_year() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = crate::plan::Deadline {
            text: "每季度".to_owned(),
            date: None,
            kind: crate::plan::DeadlineKind::Recurring,
        };
        let units = [(0, LEAD), (1, HELP)];
        let quarterly = world
            .counted_task("每季度报送进展。", &[each], &[], &units)
            .await;
        let undated = world.task(2, "加强解读", None, &[(0, LEAD)]).await;
        let at = async |today: &str| {
            let today = day(today);
            world
                .db
                .read(async |tx: &mut Tx| {
                    let rows = task_page(tx, &[quarterly, undated], today).await?;
                    let narrow = Narrow {
                        light: Some(Light::Overdue),
                        ..Narrow::default()
                    };
                    let late = count_tasks(tx, world.plan, &narrow, today).await?.n;
                    let parts = count_assignments(tx, world.plan, &narrow, today).await?.n;
                    let lights = (rows[0].light, rows[1].light);
                    Ok::<_, StoreError>((lights, late, parts))
                })
                .await
                .unwrap()
        };
        let part = world.assignment(quarterly, 0).await;
        let first = part.next_due_on.unwrap();
        assert!(first < day("2026-12-31") && part.due_on.is_none());
        let after = first.tomorrow().unwrap().to_string();
        assert_eq!(at(&after).await, ((Light::Overdue, Light::Normal), 1, 1));
        assert_eq!(at("2026-12-31").await.0, (Light::Overdue, Light::Soon));
        assert_eq!(
            at("2027-01-01").await,
            ((Light::Overdue, Light::Overdue), 2, 3)
        );
        let own = world.assignment(quarterly, 1).await;
        assert_eq!(own.next_due_on, Some(day("2026-12-31")));
    }
}

use gongkai_basis::id::AssignmentId;
use gongkai_platform::access::Permit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::job::schedule::queue_due;
use gongkai_platform::testing::backends;

use super::{Tally, WeekChange, store, week_of, weeks};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::report::submit::submit;
use crate::report::{Content, Outcome};
use crate::testing::{TODAY, World, day, page};
use crate::{assignment, task};

#[test]
fn what_is_not_whole_never_reads_as_all() {
    let tally = |done, overdue| Tally {
        done,
        overdue,
        ..Tally::default()
    };
    assert_eq!(tally(1_999, 1).done_text(), "99.9%");
    assert_eq!(tally(2, 1).done_text(), "66.7%");
    assert_eq!(tally(1, 2).done_text(), "33.3%");
    assert_eq!(tally(9_999, 1).done_text(), "99.9%");
    assert_eq!(tally(3, 0).done_text(), "100.0%");
    assert_eq!(Tally::default().done_text(), "0.0%");
}

#[test]
fn the_help_gives_an_example_that_is_true() {
    let help = include_str!("../../templates/dashboard.html");
    let example = Tally {
        done: 54,
        overdue: 1,
        ..Tally::default()
    };
    let share = example.done_text();
    let sentence = format!("例：55项完成54项，完成率是{share}。");
    assert!(help.contains(&sentence), "{sentence}");
}

#[test]
fn weeks_run_without_gaps_from_the_first_report_to_today() {
    let monday = week_of(day("2026-09-07"));
    assert_eq!(week_of(day("2026-09-06")), monday - 1);
    assert_eq!(week_of(day("2026-09-13")), monday);
    let turns = [
        WeekChange {
            week: monday,
            net: 3,
            reports: 5,
        },
        WeekChange {
            week: monday + 2,
            net: -1,
            reports: 3,
        },
    ];
    let found: Vec<(String, i64, i64)> = weeks(&turns, day("2026-09-30"))
        .into_iter()
        .map(|week| (week.ends_on.to_string(), week.done, week.reports))
        .collect();
    let expected = [
        ("2026-09-13", 3, 5),
        ("2026-09-20", 3, 0),
        ("2026-09-27", 2, 3),
        ("2026-10-04", 2, 0),
    ]
    .map(|(day, done, reports)| (day.to_owned(), done, reports));
    assert_eq!(found, expected);
    assert!(weeks(&[], day("2026-09-30")).is_empty());
    assert_eq!(weeks(&turns, day("2030-01-01")).len(), super::WEEKS_MAX);
}

fn moves(world: &World, instant: &str) {
    let to: jiff::Timestamp = instant.parse().unwrap();
    world.clock.advance(to.duration_since(world.clock.now()));
}

async fn report(world: &World, part: AssignmentId, outcome: Outcome) {
    let content = Content {
        outcome,
        done_text: "已做。".to_owned(),
        pending_text: match outcome {
            Outcome::Done => String::new(),
            Outcome::InProgress => "待做。".to_owned(),
        },
        planned_on: None,
        no_evidence_why: "演示。".to_owned(),
    };
    world
        .db
        .write(async |tx: &mut Tx| {
            let last = crate::report::store::versions(tx, part).await?;
            let based_on = last.first().map(|report| report.id);
            submit(tx, &Permit::system(), part, based_on, content.clone()).await
        })
        .await
        .unwrap();
}

/// Roll-ups against a naive count of the same rows, over a year in which dates, reports and reopenings mix.
#[tokio::test]
async fn roll_ups_are_exact() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let mut tasks = Vec::new();
        for position in 1..=12_i64 {
            let due = format!("2026-{:02}-{:02}", 8 + position % 4, 1 + position * 2);
            let due = (position % 5 != 0).then_some(due);
            let units: Vec<(usize, Duty)> = (0..3)
                .filter(|unit| !(position as usize + unit).is_multiple_of(3))
                .map(|unit| match (position as usize + 2 * unit) % 4 {
                    0 => (unit, Duty::Lead),
                    1 => (unit, Duty::Cooperate),
                    _ => (unit, Duty::Responsible),
                })
                .collect();
            tasks.push(
                world
                    .task(position, "公开事项", due.as_deref(), &units)
                    .await,
            );
        }
        for (number, id) in tasks.iter().enumerate() {
            let parts = world
                .db
                .read(async |tx: &mut Tx| assignment::store::of_task(tx, *id).await)
                .await
                .unwrap();
            for (other, part) in parts.iter().enumerate() {
                moves(
                    &world,
                    &format!("2026-0{}-1{other}T09:00:00+08:00", 6 + number % 4),
                );
                for outcome in match (number + other) % 4 {
                    0 => &[][..],
                    1 => &[Outcome::Done],
                    2 => &[Outcome::Done, Outcome::InProgress],
                    _ => &[Outcome::InProgress, Outcome::Done],
                } {
                    report(&world, part.id, *outcome).await;
                }
            }
        }
        moves(&world, "2026-10-12T09:00:00+08:00");
        let today = day("2026-10-12");
        let (found, trend, naive_tasks, naive_parts) = world
            .db
            .read(async |tx: &mut Tx| {
                let found = store::dashboard(tx, world.plan, today).await?;
                let trend = store::trend(tx, world.plan, today).await?;
                let (mut naive_tasks, mut naive_parts) = (Tally::default(), Tally::default());
                for task in task::store::of_plan(tx, world.plan).await? {
                    let mut lights = Vec::new();
                    let parts = assignment::store::of_task(tx, task.id).await?;
                    let decisive = parts.iter().any(|part| part.duty != Duty::Cooperate);
                    for part in parts {
                        let reports = crate::report::store::versions(tx, part.id).await?;
                        let done = reports
                            .first()
                            .is_some_and(|last| last.content.outcome == Outcome::Done);
                        let light = Light::of(part.due_on, done, today);
                        lights.push((part.duty, light));
                        if !decisive || part.duty != Duty::Cooperate {
                            add(&mut naive_parts, light);
                        }
                    }
                    add(&mut naive_tasks, Light::of_task(&lights));
                }
                Ok::<_, gongkai_platform::db::StoreError>((found, trend, naive_tasks, naive_parts))
            })
            .await
            .unwrap();
        assert_eq!(found.tasks, naive_tasks);
        assert_eq!(found.parts, naive_parts);
        assert!(naive_parts.overdue > 0 && naive_parts.done > 0 && naive_parts.soon > 0);
        assert_eq!(found.sections.len(), 2);
        assert_eq!(found.sections[0].section.as_deref(), Some("一、主动公开"));
        // The trend ends where the parts stand now.
        assert_eq!(trend.last().unwrap().done, naive_parts.done);
        assert_eq!(trend.last().unwrap().ends_on, day("2026-10-18"));
        assert!(
            found
                .units
                .windows(2)
                .all(|pair| pair[0].parts.overdue >= pair[1].parts.overdue)
        );
    }
}

/// The points done and the reports of all weeks up to today.
async fn weeks_of(world: &World) -> (i64, i64) {
    let trend = world
        .db
        .read(async |tx: &mut Tx| store::trend(tx, world.plan, day(TODAY)).await)
        .await
        .unwrap();
    let reports = trend.iter().map(|week| week.reports).sum();
    (trend.last().map_or(0, |week| week.done), reports)
}

#[tokio::test]
async fn weeks_leave_out_the_reports_of_parts_that_do_not_count() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let (lead, helps) = (Duty::Lead, Duty::Cooperate);
        let due = Some("2026-12-01");
        let led = world
            .task(1, "公开规章", due, &[(0, lead), (1, helps)])
            .await;
        let helped = world.task(2, "公开预算", due, &[(2, helps)]).await;
        let all = [(0, lead), (1, lead), (2, Duty::Responsible)];
        let shared = world.task(3, "公开年报", due, &all).await;
        for (task, unit) in [(led, 0), (led, 1), (helped, 2)] {
            let part = world.assignment(task, unit).await;
            report(&world, part.id, Outcome::Done).await;
        }
        // Who helps where another leads is left out; where nobody leads, it decides.
        assert_eq!(weeks_of(&world).await, (2, 2));
        for unit in 0..3 {
            let part = world.assignment(shared, unit).await;
            report(&world, part.id, Outcome::InProgress).await;
            report(&world, part.id, Outcome::Done).await;
        }
        assert_eq!(weeks_of(&world).await, (5, 8));
        let part = world.assignment(shared, 0).await;
        let take_back = async |tx: &mut Tx| {
            let versions = crate::report::store::versions(tx, part.id).await?;
            crate::report::store::take_back(tx, versions.first().unwrap(), shared).await
        };
        world.write("test.taken_back", take_back).await;
        assert_eq!(weeks_of(&world).await, (4, 6));
        for (unit, state, left) in [
            (1, assignment::AssignmentState::Cancelled, (3, 4)),
            (2, assignment::AssignmentState::Transferred, (2, 2)),
        ] {
            let mut part = world.assignment(shared, unit).await;
            part.state = state;
            let update = async |tx: &mut Tx| assignment::store::update(tx, &mut part).await;
            world.write("test.state", update).await;
            assert_eq!(weeks_of(&world).await, left);
        }
    }
}

#[tokio::test]
async fn a_late_task_counts_all_its_units_and_names_two() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let lead = |units: &[usize]| -> Vec<(usize, Duty)> {
            units.iter().map(|unit| (*unit, Duty::Lead)).collect()
        };
        let due = Some("2026-09-01");
        world.task(1, "三个", due, &lead(&[0, 1, 2])).await;
        world.task(2, "两个", due, &lead(&[0, 1])).await;
        let facts = world
            .db
            .read(async |tx: &mut Tx| {
                let plan = crate::plan::store::find(tx, world.plan).await?.unwrap();
                crate::brief::gather(tx, plan, crate::brief::Reader::Office, day(TODAY)).await
            })
            .await
            .unwrap();
        let said: Vec<String> = facts.late.iter().map(|late| late.units_text()).collect();
        assert_eq!(said, ["市司法局等3个单位", "市司法局、市财政局"]);
    }
}

/// What was reported as done and lost its proof since is in both, or in neither.
#[tokio::test]
async fn the_brief_says_the_number_at_which_the_trend_ends() {
    for backend in backends() {
        let world = World::on(&backend).await;
        for (position, gone) in [(1, false), (2, true), (3, true)] {
            let id = world
                .task(position, "公开事项", None, &[(0, Duty::Lead)])
                .await;
            let address = format!("https://www.anlan.example/{position}");
            if !gone {
                world.site.says(&address, "<p>规章已公开</p>");
            }
            world.done(id, 0, vec![page(&address, "规章已公开")]).await;
        }
        queue_due(&world.db, &crate::evidence::run::schedules())
            .await
            .unwrap();
        world.works_off_jobs().await;
        let today = day(TODAY);
        let (facts, trend) = world
            .db
            .read(async |tx: &mut Tx| {
                let plan = crate::plan::store::find(tx, world.plan).await?.unwrap();
                let trend = store::trend(tx, plan.id, today).await?;
                let reader = crate::brief::Reader::Office;
                Ok::<_, StoreError>((crate::brief::gather(tx, plan, reader, today).await?, trend))
            })
            .await
            .unwrap();
        assert_eq!(trend.last().unwrap().done, 3);
        assert_eq!(facts.board.parts.decayed, 2);
        let lines = facts.progress();
        assert!(
            lines[1].contains("已报完成3项（其中2项佐证失效）"),
            "{lines:?}"
        );
    }
}

fn add(tally: &mut Tally, light: Light) {
    match light {
        Light::Done => tally.done += 1,
        Light::Normal => tally.normal += 1,
        Light::Soon => tally.soon += 1,
        Light::Decayed => tally.decayed += 1,
        Light::Overdue => tally.overdue += 1,
    }
}

//! States and steps, purely and by who may take them.

use gongkai_basis::id::OrganId;
use gongkai_platform::audit;

use super::super::{
    Punctuality, RoundId, RoundState, RoundStep, Shown, Step, Submission, SubmissionState,
};
use super::*;

#[test]
fn rounds_end_and_begin_again_and_only_an_open_one_is_cancelled() {
    use RoundState::{Cancelled, Closed, Open};
    for state in RoundState::ALL {
        for step in RoundStep::ALL {
            let expected = match (state, step) {
                (Open, RoundStep::Close) => Some(Closed),
                (Closed, RoundStep::Reopen) => Some(Open),
                (Open, RoundStep::Cancel) => Some(Cancelled),
                _ => None,
            };
            assert_eq!(state.after(*step), expected, "{state:?} {step:?}");
        }
    }
}

#[test]
fn the_last_day_lasts_until_midnight_in_beijing() {
    let due = day("2026-09-30");
    let instant = |text: &str| Some(text.parse::<Timestamp>().unwrap().as_millisecond());
    let of = |at: Option<i64>, today: &str| Punctuality::of(at, due, day(today));
    assert_eq!(
        of(instant("2026-09-30T23:59:59.999+08:00"), "2026-10-09"),
        Punctuality::InTime
    );
    assert_eq!(
        of(instant("2026-10-01T00:00:00+08:00"), "2026-10-09"),
        Punctuality::Late(1)
    );
    // Still 30 September in Greenwich.
    assert_eq!(
        of(instant("2026-09-30T16:00:00Z"), "2026-10-09"),
        Punctuality::Late(1)
    );
    assert_eq!(of(None, "2026-09-30"), Punctuality::Pending);
    assert_eq!(of(None, "2026-10-02"), Punctuality::Missing(2));
}

#[test]
fn a_submission_returned_and_not_handed_in_again_is_not_simply_in_time() {
    let due = day("2026-09-30");
    let returned = Submission {
        round: RoundId::new(uuid()),
        organ: OrganId::new(uuid()),
        organ_name: "市司法局".to_owned(),
        state: SubmissionState::Returned,
        confirmed_by: None,
        confirmed_at: None,
        submitted_by: None,
        submitted_at: None,
        counted_at: Some(
            "2026-09-29T09:00:00+08:00"
                .parse::<Timestamp>()
                .unwrap()
                .as_millisecond(),
        ),
        decided_by: None,
        decided_at: None,
        reason: None,
        rows: 1,
        reported: 1,
        version: 1,
    };
    let on = |today: &str| returned.punctuality(due, day(today));
    assert_eq!(on("2026-09-30"), Punctuality::InTime);
    assert_eq!(on("2026-10-11"), Punctuality::NotAgain);
    assert_eq!(on("2026-10-11").words(), "首次按期，退回后未重报");
    let again = Submission {
        state: SubmissionState::Submitted,
        ..returned.clone()
    };
    assert_eq!(
        again.punctuality(due, day("2026-10-11")),
        Punctuality::InTime
    );
}

#[test]
fn what_people_read_of_a_state_is_its_name() {
    for shown in Shown::ALL.iter().filter(|one| **one != Shown::Filled) {
        assert_eq!(shown.name(), shown.state().name());
        assert_eq!(shown.code(), shown.state().code());
    }
}

/// Every state, every step, every role: the act decides who may, the scope what is found, the state what can be.
#[tokio::test]
async fn every_state_step_and_role() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let round = with_round(&world).await;
        reports(&world, 0, "已公开").await;
        let path = unit_path(&world, &round, 0);
        let city = world.city;
        let people = [
            (Role::OfficeClerk, world.clerk, true),
            (Role::OfficeHead, world.head, true),
            (Role::Liaison, world.liaisons[0], true),
            (Role::UnitHead, unit_head(&world, 0).await, true),
            // Of another unit.
            (Role::Liaison, world.liaisons[1], false),
            (Role::UnitHead, unit_head(&world, 1).await, false),
            (
                Role::Leader,
                testing::person(&world.db, "领导", &[(Role::Leader, city)]).await,
                true,
            ),
            (
                Role::Supervisor,
                testing::person(&world.db, "监督", &[(Role::Supervisor, city)]).await,
                true,
            ),
        ];
        let mut browsers = Vec::new();
        for (role, account, within) in people {
            browsers.push((role, within, world.browser(account).await));
        }
        // An office does the same for itself and its government, and for no other unit.
        let unit = [
            Role::Liaison,
            Role::UnitHead,
            Role::OfficeClerk,
            Role::OfficeHead,
        ];
        // The office asks again for rows that came later, from the page of the round.
        let steps = Step::ALL.iter().filter(|step| **step != Step::Ask);
        for state in SubmissionState::ALL {
            for step in steps.clone() {
                let (address, fields, allowed): (_, &[(&str, &str)], &[Role]) = match step {
                    Step::Confirm => ("confirm", &[], &[Role::UnitHead, Role::OfficeHead]),
                    Step::Submit => ("submit", &[], &unit),
                    Step::Withdraw => ("withdraw", &[], &unit),
                    Step::Accept => (
                        "decide",
                        &[("step", "accept")],
                        &[Role::OfficeClerk, Role::OfficeHead],
                    ),
                    Step::Return => (
                        "decide",
                        &[("step", "return"), ("note", "没写网址")],
                        &[Role::OfficeClerk, Role::OfficeHead],
                    ),
                    Step::Ask => continue,
                };
                for (role, within, browser) in &mut browsers {
                    set_state(&world, *state).await;
                    let status = browser
                        .post(&format!("{path}/{address}"), fields)
                        .await
                        .status
                        .as_u16();
                    let of_office = matches!(role, Role::OfficeClerk | Role::OfficeHead);
                    let by_unit = matches!(step, Step::Confirm | Step::Submit | Step::Withdraw);
                    let within = *within && !(of_office && by_unit);
                    let expected = match (allowed.contains(role), within, state.after(*step)) {
                        (false, ..) => 403,
                        (true, false, _) => 404,
                        (true, true, None) => 422,
                        (true, true, Some(_)) => 303,
                    };
                    let case = format!("{state:?} {step:?} {role:?} {within}");
                    assert_eq!(status, expected, "{case}");
                    let after = if expected == 303 {
                        state.after(*step).unwrap()
                    } else {
                        *state
                    };
                    assert_eq!(state_now(&world).await, after, "{case}");
                }
            }
        }
        let chain = world
            .db
            .read(async |tx: &mut Tx| audit::verify(tx).await)
            .await
            .unwrap();
        assert!(matches!(chain, audit::Verdict::Whole { .. }));
    }
}

async fn set_state(world: &World, state: SubmissionState) {
    world
        .write("test.state", async |tx: &mut Tx| {
            tx.run(
                sql("UPDATE round_submission SET state = $1 WHERE organ_id = $2")
                    .bind(state.code())
                    .bind(world.units[0]),
            )
            .await?;
            tx.run(sql("UPDATE round_row SET report_id = (SELECT a.report_id FROM assignment a WHERE a.id = round_row.assignment_id)"))
                .await
        })
        .await;
}

async fn state_now(world: &World) -> SubmissionState {
    world
        .db
        .read(async |tx: &mut Tx| {
            tx.one(
                sql("SELECT state FROM round_submission WHERE organ_id = $1").bind(world.units[0]),
            )
            .await?
            .coded("state", SubmissionState::from_code)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_page_of_units_says_of_each_what_its_own_page_says() {
    for backend in backends() {
        let world = World::on(&backend).await;
        with_round(&world).await;
        reports(&world, 0, "已公开").await;
        let returned = sql(
            "UPDATE round_submission SET state = 'returned', counted_at = 1 WHERE organ_id = $1",
        )
        .bind(world.units[0]);
        world
            .write("test.returned", async |tx: &mut Tx| tx.run(returned).await)
            .await;
        let names = |all: &[Submission]| -> Vec<(String, i64, i64)> {
            let said = |of: &Submission| (of.organ_name.clone(), of.rows, of.reported);
            let mut said: Vec<_> = all.iter().map(said).collect();
            said.sort();
            said
        };
        let (first, second) = ("市司法局".to_owned(), "市财政局".to_owned());
        let (all, waiting) = pages(&world).await;
        assert_eq!(names(&all), [(first.clone(), 1, 1), (second.clone(), 1, 0)]);
        assert_eq!(names(&waiting), names(&all));
        let cancelled = sql("UPDATE assignment SET state = 'cancelled' WHERE organ_id = $1")
            .bind(world.units[1]);
        world
            .write("test.cancelled", async |tx: &mut Tx| {
                tx.run(cancelled).await
            })
            .await;
        let (all, waiting) = pages(&world).await;
        assert_eq!(names(&all), [(first.clone(), 1, 1), (second, 0, 0)]);
        assert_eq!(names(&waiting), [(first, 1, 1)]);
    }
}

/// The units of the world's round, and those that still have to hand in, each found by a page of its own; they are as many
/// as both ways of counting say.
async fn pages(world: &World) -> (Vec<Submission>, Vec<Submission>) {
    let today = day("2026-09-28");
    let waiting = store::Narrow {
        waiting: true,
        ..store::Narrow::default()
    };
    world
        .db
        .read(async |tx: &mut Tx| {
            let round = store::of_plan(tx, world.plan).await?.remove(0);
            let counts = store::counts(tx, &round, today).await?;
            let mut found = Vec::new();
            for narrow in [store::Narrow::default(), waiting] {
                let n = store::count_units(tx, &round, &narrow, today).await?;
                if narrow.is_waiting_alone() {
                    assert_eq!(store::count_waiting(tx, &round, &counts).await?, n);
                }
                let mut units = Vec::new();
                for offset in 0..n {
                    let page = store::units(tx, &round, &narrow, today, (offset, 1)).await?;
                    let [one] = page.as_slice() else {
                        panic!("{page:?}");
                    };
                    let scope = gongkai_platform::access::Scope::Everything;
                    let own = store::unit(tx, round.id, &scope, one.organ).await?;
                    assert_eq!(own.as_ref(), Some(one));
                    units.push(one.clone());
                }
                found.push(units);
            }
            let waiting = found.pop().unwrap();
            Ok::<_, StoreError>((found.pop().unwrap(), waiting))
        })
        .await
        .unwrap()
}

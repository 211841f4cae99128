//! What checks do to evidence, parts, tasks and findings, on both databases.

use gongkai_basis::id::{AssignmentId, EvidenceId};
use gongkai_basis::reference::{Ref, Verdict};
use gongkai_platform::access::Scope;
use gongkai_platform::audit;
use gongkai_platform::db::{StoreError, Tx};
use gongkai_platform::finding::store::Side;
use gongkai_platform::finding::{self, Finding, FindingState};
use gongkai_platform::outside::NoAnswer;
use gongkai_platform::testing::backends;
use jiff::SignedDuration;

use super::accept::accept;
use super::{check_now, store};
use crate::acts::{AcceptEvidence, CheckEvidence, ReportProgress};
use crate::assignment::Duty;
use crate::assignment::light::Light;
use crate::evidence::attach::{NewEvidence, NewProof, attach, shortfall, withdraw};
use crate::evidence::{
    Evidence, FigureOf, Occasion, OccasionKind, StatedFigure, store as evidence_store,
};
use crate::ledger::store as ledger;
use crate::plan::{Deadline, DeadlineKind};
use crate::report::submit::SubmitError;
use crate::step::StepError;
use crate::testing::{TODAY, World, day, page};

const PAGE: &str = "https://www.anlan.example/1";
const SAYS: &str = "<p>现行有效规章 12 件，已全部公开。</p>";
const QUOTE: &str = "规章12件，已全部公开";

struct Stand {
    part: Light,
    task: Light,
    finished: i64,
    decayed: i64,
    finding: Option<FindingState>,
    events: Vec<String>,
}

async fn stand(world: &World, item: &Evidence) -> Stand {
    world
        .db
        .read(async |tx: &mut Tx| {
            let today = day(TODAY);
            let rows = ledger::assignment_page(tx, &[item.assignment], today).await?;
            let row = rows.first().unwrap();
            let tasks = ledger::task_page(tx, &[row.task], today).await?;
            let events = audit::about(tx, "assignment", &item.assignment.to_string(), 50).await?;
            Ok::<_, StoreError>(Stand {
                part: row.light,
                task: tasks[0].light,
                finished: tasks[0].sums().2,
                decayed: row.decayed,
                finding: about(tx, item.assignment).await?.map(|found| found.state),
                events: events.into_iter().map(|event| event.kind).collect(),
            })
        })
        .await
        .unwrap()
}

async fn about(tx: &mut Tx, id: AssignmentId) -> Result<Option<Finding>, StoreError> {
    let side = Side::Office(&Scope::Everything);
    let found = finding::store::about(tx, side, ("assignment", &id.to_string())).await?;
    Ok(found.into_iter().next())
}

async fn look(world: &World, id: EvidenceId) -> Verdict {
    // Two looks within one millisecond have no order.
    world.clock.advance(SignedDuration::from_secs(1));
    let permit = world.permit::<CheckEvidence>(world.clerk).await;
    check_now(&world.app, &permit, id).await.unwrap().unwrap()
}

async fn load(world: &World, id: EvidenceId) -> Evidence {
    world
        .db
        .read(async |tx: &mut Tx| evidence_store::load(tx, id).await)
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn a_page_proves_that_a_meeting_was_held_from_the_look_that_finds_it_good() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = Deadline {
            text: "每半年".to_owned(),
            date: None,
            kind: DeadlineKind::Recurring,
        };
        let task = world
            .counted_task("每半年召开座谈会。", &[each], &[], &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await.id;
        let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
        world.site.says(PAGE, SAYS);
        let kept = world
            .db
            .write(async |tx: &mut Tx| attach(tx, &permit, part, vec![page(PAGE, QUOTE)]).await)
            .await
            .unwrap();
        let due = async || {
            let read = async |tx: &mut Tx| ledger::assignment_page(tx, &[part], day(TODAY)).await;
            world.db.read(read).await.unwrap()[0].next_due_on
        };
        assert_eq!(due().await, Some(day("2026-06-30")));
        assert_eq!(look(&world, kept[0].id).await, Verdict::Holds);
        assert_eq!(due().await, Some(day("2026-12-31")));

        // What the office accepts counts as well, although the page says something else now.
        world.site.says(PAGE, "<p>没有内容。</p>");
        assert_eq!(look(&world, kept[0].id).await.code(), "changed");
        assert_eq!(due().await, Some(day("2026-06-30")));
        let head = world.permit::<AcceptEvidence>(world.head).await;
        let why = "会议开过，网页改版后换了说法";
        let accepting = async |tx: &mut Tx| accept(tx, &head, kept[0].id, why).await.map(drop);
        world.db.write(accepting).await.unwrap();
        assert_eq!(due().await, Some(day("2026-12-31")));
    }
}

/// A site that is down for a night makes nobody late.
#[tokio::test]
async fn a_page_that_could_not_be_seen_goes_on_proving_what_it_proved() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let each = Deadline {
            text: "每半年".to_owned(),
            date: None,
            kind: DeadlineKind::Recurring,
        };
        let task = world
            .counted_task("每半年召开座谈会。", &[each], &[], &[(0, Duty::Lead)])
            .await;
        let part = world.assignment(task, 0).await.id;
        let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
        let kept = world
            .db
            .write(async |tx: &mut Tx| attach(tx, &permit, part, vec![page(PAGE, QUOTE)]).await)
            .await
            .unwrap();
        let id = kept[0].id;
        let due = async || {
            let read = async |tx: &mut Tx| ledger::assignment_page(tx, &[part], day(TODAY)).await;
            world.db.read(read).await.unwrap()[0].next_due_on
        };
        let missing = async || {
            let read = async |tx: &mut Tx| shortfall(tx, part).await;
            world.db.read(read).await.unwrap().unwrap_or_default()
        };
        let (first, second) = (Some(day("2026-06-30")), Some(day("2026-12-31")));

        // Never seen, it proves no meeting.
        world.site.status(PAGE, 503);
        assert_eq!(look(&world, id).await.code(), "cannot_tell");
        assert_eq!(due().await, first);
        world.site.says(PAGE, SAYS);
        assert_eq!(look(&world, id).await, Verdict::Holds);
        assert_eq!(due().await, second);
        for status in [503, 401] {
            world.site.status(PAGE, status);
            assert_eq!(look(&world, id).await.code(), "cannot_tell");
            assert_eq!(due().await, second, "{status}");
            assert!(!missing().await.contains("上半年"), "{status}");
        }
        // What changed is lost, and a look that cannot tell does not bring it back.
        world.site.says(PAGE, "<p>没有内容。</p>");
        assert_eq!(look(&world, id).await.code(), "changed");
        world.site.status(PAGE, 503);
        assert_eq!(look(&world, id).await.code(), "cannot_tell");
        assert_eq!(due().await, first);
        // What the office accepted stays accepted through an outage.
        world.site.says(PAGE, "<p>没有内容。</p>");
        look(&world, id).await;
        let head = world.permit::<AcceptEvidence>(world.head).await;
        let why = "会议开过，网页改版后换了说法";
        let accepting = async |tx: &mut Tx| accept(tx, &head, id, why).await.map(drop);
        world.db.write(accepting).await.unwrap();
        assert_eq!(due().await, second);
        world.site.status(PAGE, 503);
        look(&world, id).await;
        assert_eq!(due().await, second);
    }
}

#[tokio::test]
async fn a_lost_proof_reopens_and_one_that_holds_again_restores() {
    for backend in backends() {
        let world = World::on(&backend).await;
        // Due long ago: what was done and lost its proof is not overdue.
        let task = world
            .task(1, "公开规章", Some("2026-09-01"), &[(0, Duty::Lead)])
            .await;
        world.site.says(PAGE, SAYS);
        let item = world.done(task, 0, vec![page(PAGE, QUOTE)]).await.remove(0);
        assert_eq!(look(&world, item.id).await, Verdict::Holds);
        let now = stand(&world, &item).await;
        assert_eq!(
            (now.part, now.task, now.finished),
            (Light::Done, Light::Done, 1)
        );
        assert!(load(&world, item.id).await.seal.is_some());

        world
            .site
            .says(PAGE, "<p>现行有效规章 13 件，已全部公开。</p>");
        assert_eq!(look(&world, item.id).await.code(), "changed");
        let now = stand(&world, &item).await;
        assert_eq!((now.part, now.task), (Light::Decayed, Light::Decayed));
        assert_eq!((now.finished, now.decayed), (0, 1));
        assert_eq!(now.finding, Some(FindingState::ToVerify));
        assert!(
            now.events.contains(&"assignment.reopened".to_owned()),
            "{:?}",
            now.events
        );

        let mut liaison = world.browser(world.liaisons[0]).await;
        let inbox = liaison.get("/workspace/inbox").await.page();
        assert!(
            inbox.contains("佐证失效，任务“公开规章”重新打开"),
            "{inbox}"
        );

        // What cannot be told changes nothing, either way.
        world.site.answers(PAGE, Err(NoAnswer::TooSlow));
        assert_eq!(look(&world, item.id).await.code(), "cannot_tell");
        assert_eq!(stand(&world, &item).await.part, Light::Decayed);
        world.site.status(PAGE, 410);
        assert_eq!(look(&world, item.id).await.code(), "gone");
        assert_eq!(stand(&world, &item).await.decayed, 1);

        world.site.says(PAGE, SAYS);
        assert_eq!(look(&world, item.id).await, Verdict::Holds);
        let now = stand(&world, &item).await;
        assert_eq!(
            (now.part, now.task, now.decayed),
            (Light::Done, Light::Done, 0)
        );
        assert_eq!(now.finding, Some(FindingState::Closed));
        assert!(
            now.events.contains(&"assignment.restored".to_owned()),
            "{:?}",
            now.events
        );
        world.site.answers(PAGE, Err(NoAnswer::Unreachable));
        look(&world, item.id).await;
        assert_eq!(stand(&world, &item).await.part, Light::Done);

        let history = world
            .db
            .read(async |tx: &mut Tx| store::history(tx, item.id).await)
            .await
            .unwrap();
        let codes: Vec<&str> = history.iter().map(|check| check.verdict.code()).collect();
        assert_eq!(
            codes,
            [
                "cannot_tell",
                "holds",
                "gone",
                "cannot_tell",
                "changed",
                "holds"
            ]
        );
        assert!(
            history
                .iter()
                .all(|check| check.by == "某人" && !check.seen.is_empty())
        );
    }
}

#[tokio::test]
async fn the_office_accepts_one_change_and_not_the_next() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        world.site.says(PAGE, SAYS);
        let item = world.done(task, 0, vec![page(PAGE, QUOTE)]).await.remove(0);
        let permit = world.permit::<AcceptEvidence>(world.head).await;
        let try_it = async |why: &str| {
            world
                .db
                .write(async |tx: &mut Tx| accept(tx, &permit, item.id, why).await)
                .await
                .map(|_| ())
        };
        // Nothing to accept.
        assert!(matches!(try_it("已看").await, Err(StepError::Refused(_))));
        world.site.says(PAGE, "<p>栏目搬到新页</p>");
        look(&world, item.id).await;
        assert!(matches!(try_it("").await, Err(StepError::Refused(_))));
        let long = "看".repeat(501);
        assert!(matches!(try_it(&long).await, Err(StepError::Refused(_))));
        try_it("已人工查看，新页仍能证明").await.unwrap();
        let now = stand(&world, &item).await;
        assert_eq!(
            (now.part, now.finding),
            (Light::Done, Some(FindingState::Closed))
        );
        // The same page again is what was accepted.
        look(&world, item.id).await;
        assert_eq!(stand(&world, &item).await.part, Light::Done);
        assert_eq!(load(&world, item.id).await.verdict_name(), "人工认定有效");
        world.site.says(PAGE, "<p>页面已清空内容</p>");
        look(&world, item.id).await;
        let now = stand(&world, &item).await;
        assert_eq!(
            (now.part, now.finding),
            (Light::Decayed, Some(FindingState::Confirmed))
        );
        // Another office's plan is not found.
        let stranger = gongkai_platform::testing::organ(&world.db, "云岭县政府办", None).await;
        let other = gongkai_platform::testing::person(
            &world.db,
            "外县",
            &[(gongkai_basis::Role::OfficeHead, stranger)],
        )
        .await;
        let foreign = world.permit::<AcceptEvidence>(other).await;
        let refused = world
            .db
            .write(async |tx: &mut Tx| accept(tx, &foreign, item.id, "看过").await)
            .await;
        assert!(matches!(refused, Err(StepError::NotFound)));
    }
}

#[tokio::test]
async fn withdrawing_what_decayed_restores_when_the_rest_is_enough() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let other = "https://www.anlan.example/2";
        world.site.says(other, SAYS);
        let items = world
            .done(task, 0, vec![page(PAGE, QUOTE), page(other, QUOTE)])
            .await;
        look(&world, items[0].id).await;
        assert_eq!(stand(&world, &items[0]).await.part, Light::Decayed);
        let permit = world.permit::<ReportProgress>(world.liaisons[0]).await;
        let take = async |id: EvidenceId| {
            world
                .db
                .write(async |tx: &mut Tx| withdraw(tx, &permit, id, "网页已撤").await)
                .await
        };
        take(items[0].id).await.unwrap();
        let now = stand(&world, &items[0]).await;
        assert_eq!(
            (now.part, now.finding),
            (Light::Done, Some(FindingState::Closed))
        );
        assert!(
            now.events.contains(&"assignment.restored".to_owned()),
            "{:?}",
            now.events
        );
        // The last one stays, with everything as it was.
        assert!(matches!(
            take(items[1].id).await,
            Err(SubmitError::Refused(_))
        ));
        assert!(!load(&world, items[1].id).await.is_withdrawn());
        // What was withdrawn is not checked any more.
        let clerk = world.permit::<CheckEvidence>(world.clerk).await;
        assert_eq!(
            check_now(&world.app, &clerk, items[0].id).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn files_figures_records_and_events_are_each_looked_at_in_their_way() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let sha256 = world.app.files.put(b"%PDF-1.7 x").unwrap();
        let meeting = world.units[0];
        world
            .records
            .meetings
            .lock()
            .unwrap()
            .insert("7".to_owned(), (meeting, "v1".to_owned()));
        let of = |proof| NewEvidence {
            proof,
            ..page(PAGE, "")
        };
        let proofs = vec![
            of(NewProof::File {
                sha256: sha256.clone(),
                name: "规章.pdf".to_owned(),
                media_type: "application/pdf",
                bytes: 10,
            }),
            of(NewProof::Figure(StatedFigure {
                value: "0".parse().unwrap(),
                unit: "项".to_owned(),
                from: "台账".to_owned(),
                key: Some("tasks.overdue".to_owned()),
                of: FigureOf::Government,
            })),
            of(NewProof::Record {
                of: Ref {
                    kind: "meeting".to_owned(),
                    id: "7".to_owned(),
                },
                seal: "v1".to_owned(),
            }),
            of(NewProof::Event(Occasion {
                kind: OccasionKind::Meeting,
                attendance: Some(42),
            })),
        ];
        let items = world.done(task, 0, proofs).await;
        let verdicts = async || {
            let mut codes = Vec::new();
            for item in &items {
                codes.push(look(&world, item.id).await.code());
            }
            codes
        };
        // The seal of a file is there before any check.
        assert_eq!(items[0].seal.as_ref(), Some(&sha256));
        assert_eq!(verdicts().await, ["holds", "holds", "holds", "cannot_tell"]);
        // They are stored and read whole.
        let stored = load(&world, items[1].id).await;
        assert_eq!(stored.particulars(), "0项（本级政府的数字），来源：台账");
        assert_eq!(
            load(&world, items[3].id).await.particulars(),
            "会议，42人参加"
        );

        std::fs::write(world.app.files.path(&sha256), b"%PDF-1.7 y").unwrap();
        let long_ago = Some("2026-01-31");
        world
            .task(2, "公开预算", long_ago, &[(0, Duty::Lead)])
            .await;
        let changed = ("7".to_owned(), (meeting, "v2".to_owned()));
        world.records.meetings.lock().unwrap().extend([changed]);
        assert_eq!(
            verdicts().await,
            ["changed", "changed", "changed", "cannot_tell"]
        );
        std::fs::remove_file(world.app.files.path(&sha256)).unwrap();
        world.records.meetings.lock().unwrap().clear();
        assert_eq!(verdicts().await, ["gone", "changed", "gone", "cannot_tell"]);
    }
}

#[tokio::test]
async fn records_and_figures_are_asked_once_for_all() {
    let world = World::on(&backends()[0]).await;
    let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
    let proofs = (0..5)
        .map(|n| NewEvidence {
            proof: NewProof::Record {
                of: Ref {
                    kind: "meeting".to_owned(),
                    id: n.to_string(),
                },
                seal: "v1".to_owned(),
            },
            ..page(PAGE, "")
        })
        .collect();
    let ids: Vec<EvidenceId> = world
        .done(task, 0, proofs)
        .await
        .iter()
        .map(|item| item.id)
        .collect();
    let items = world
        .db
        .read(async |tx: &mut Tx| store::items(tx, &ids).await)
        .await
        .unwrap();
    assert_eq!(items.len(), 5);
    super::look(&world.app, &items).await.unwrap();
    assert_eq!(
        world
            .records
            .calls
            .load(std::sync::atomic::Ordering::SeqCst),
        1
    );
}

#[tokio::test]
async fn a_unit_states_its_own_figure_or_the_governments() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let task = world.task(1, "公开规章", None, &[(0, Duty::Lead)]).await;
        let other = [(1, Duty::Lead), (0, Duty::Cooperate)];
        world.task(2, "公开预算", None, &other).await;
        let part = world.assignment(task, 0).await.id;
        let mut liaison = world.browser(world.liaisons[0]).await;
        let form = format!("/workspace/assignments/{part}/evidence/new");
        let page = liaison.get(&format!("{form}?kind=figure")).await.page();
        assert!(
            page.contains("谁的数字") && page.contains("本级政府"),
            "{page}"
        );
        for (whose, shown, n) in [("unit", "本单位", "1"), ("government", "本级政府", "2")] {
            let mut fields = [
                ("kind", "figure"),
                ("title", "承担任务数"),
                ("value", "9999"),
                ("unit", "项"),
                ("from", "台账"),
                ("key", "tasks.all"),
                ("whose", whose),
                ("proves", "已分解任务"),
            ];
            // What the system does not bear out is told at once, not at the next check.
            let refused = liaison.post(&form, &fields).await;
            assert_eq!(refused.status, 422);
            let told = format!("您填的是9999，系统现在{shown}的数字是{n}");
            let page = refused.text();
            assert!(page.contains(&told), "{page}");
            fields[2].1 = n;
            liaison.post(&form, &fields).await.redirected();
            let kept = async |tx: &mut Tx| evidence_store::of_assignment(tx, part).await;
            let kept = world.db.read(kept).await.unwrap();
            let words = format!("{n}项（{shown}的数字），来源：台账");
            let item = kept.iter().find(|item| item.particulars() == words);
            let item = item.unwrap_or_else(|| panic!("{words}: {kept:?}"));
            let verdict = look(&world, item.id).await;
            assert_eq!(verdict.code(), "holds", "{}", verdict.sentence());
        }
        let unknown = [
            ("kind", "figure"),
            ("title", "数"),
            ("value", "1"),
            ("unit", "项"),
            ("from", "台账"),
            ("key", "tasks.none"),
            ("proves", "已分解任务"),
        ];
        assert_eq!(liaison.post(&form, &unknown).await.status, 422);
    }
}

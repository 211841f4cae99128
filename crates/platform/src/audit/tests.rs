//! The chain and the audit administrator's desk.

use gongkai_basis::{Actor, Role};
use jiff::SignedDuration;

use super::{Event, Verdict, nav, routes, verify};
use crate::db::{Db, StoreError, Tx, sql};
use crate::testing::{self, Backend, Browser, Guard, MovableClock, backends};
use crate::web;

struct World {
    db: Db,
    clock: MovableClock,
    browser: Browser,
    _guard: Guard,
}

/// A desk over a chain of two events: an organ and the administrator's account.
async fn world(backend: &Backend) -> World {
    let clock = MovableClock::at("2026-10-12T23:59:00+08:00");
    let (db, guard) = testing::scratch(backend, clock.clock()).await;
    let top = testing::organ(&db, "安澜市人民政府", None).await;
    let auditor = testing::person(&db, "审计员", &[(Role::AuditAdmin, top)]).await;
    let mut browser = Browser::new(web::wrap(
        web::router(routes()),
        testing::app(&db, &guard, nav()),
    ));
    browser.sign_in(&db, auditor).await;
    World {
        db,
        clock,
        browser,
        _guard: guard,
    }
}

async fn note(db: &Db, name: &str, kind: &'static str, sentence: &str) {
    let actor = Actor::Person {
        account: gongkai_basis::id::AccountId::new(testing::uuid()),
        name: name.to_owned(),
    };
    db.write(async |tx: &mut Tx| {
        tx.record(
            Event::new(&actor, kind, ("task", "1".to_owned()), sentence)
                .data(serde_json::json!({ "old": "一", "new": "二" })),
        );
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn events_are_found_by_person_kind_words_and_days() {
    for backend in backends() {
        let mut world = world(&backend).await;
        note(&world.db, "张伟", "task.amended", "修改任务 17（Ⅱ级）").await;
        world.clock.advance(SignedDuration::from_mins(1));
        note(&world.db, "李娜", "task.cancelled", "取消任务 18<Script>").await;
        for (query, found) in [
            ("", 4),
            ("?actor=%E5%BC%A0", 1),
            ("?kind=task.", 2),
            ("?kind=task.amended", 1),
            ("?kind=no-noun", 4),
            // The same on both databases, and no sign stands for another.
            ("?text=script", 1),
            ("?text=SCRIPT", 1),
            ("?text=%E2%85%A1", 1),
            ("?text=1_", 0),
            ("?kind=task_amended", 4),
            ("?text=%E4%BB%BB%E5%8A%A1", 2),
            ("?from=2026-10-13", 1),
            ("?to=2026-10-12", 3),
            ("?from=2026-10-12&to=2026-10-13", 4),
            ("?from=nonsense&page=nonsense", 4),
            ("?to=2026-10-11", 0),
        ] {
            let page = world
                .browser
                .get(&format!("/workspace/admin/audit{query}"))
                .await
                .page();
            assert!(page.contains(&format!("共 {found} 条")), "{query}: {page}");
        }
        let page = world.browser.get("/workspace/admin/audit").await.page();
        assert!(page.contains("取消任务 18&#60;Script&#62;"));
        // Matters stand there in words; codes are for the export.
        assert!(page.contains("data-label=\"事项\">任务<") && !page.contains("task.cancelled"));
        assert!(page.contains("<option value=\"task.\">任务</option>"));
        let (newest, oldest) = (
            page.find("取消任务 18").unwrap(),
            page.find("修改任务 17").unwrap(),
        );
        assert!(newest < oldest);
    }
}

#[tokio::test]
async fn every_way_of_tampering_is_found_and_told() {
    for backend in backends() {
        let tampers = [
            ("UPDATE event SET sentence = '没有这回事' WHERE seq = 4", 4),
            ("UPDATE event SET at = at + 1 WHERE seq = 3", 3),
            ("UPDATE event SET actor_name = '别人' WHERE seq = 5", 5),
            ("UPDATE event SET data = '{}' WHERE seq = 4", 4),
            ("DELETE FROM event WHERE seq = 4", 4),
            ("DELETE FROM event WHERE seq = 6", 6),
            (
                "UPDATE event SET seq = CASE seq WHEN 90 THEN 4 ELSE 3 END WHERE seq IN (90, 91)",
                3,
            ),
        ];
        for (number, (tamper, broken)) in tampers.into_iter().enumerate() {
            let mut world = world(&backend).await;
            for task in 0..4 {
                note(
                    &world.db,
                    "张伟",
                    "task.amended",
                    &format!("修改任务 {task}"),
                )
                .await;
            }
            let whole = world
                .db
                .read(async |tx: &mut Tx| verify(tx).await)
                .await
                .unwrap();
            assert!(matches!(whole, Verdict::Whole { events: 6, .. }));
            world
                .db
                .upkeep(async |tx: &mut Tx| {
                    if number == 6 {
                        // Two events change places.
                        tx.run(sql("UPDATE event SET seq = seq + 87 WHERE seq IN (3, 4)"))
                            .await?;
                    }
                    tx.run(sql(tamper)).await
                })
                .await
                .unwrap();
            let page = world
                .browser
                .post("/workspace/admin/audit/verify", &[])
                .await
                .page();
            assert!(
                page.contains(&format!("审计链在第 {broken} 条不符")),
                "{tamper}: {page}"
            );
        }
    }
}

#[tokio::test]
async fn a_check_shows_its_verdict_and_is_recorded() {
    for backend in backends() {
        let mut world = world(&backend).await;
        let page = world
            .browser
            .post("/workspace/admin/audit/verify", &[])
            .await
            .page();
        assert!(page.contains("从第 1 条到第 2 条逐条衔接"), "{page}");
        assert!(page.contains("校验审计链：2 条完好"));
        let again = world
            .browser
            .post("/workspace/admin/audit/verify", &[])
            .await
            .page();
        assert!(again.contains("从第 1 条到第 3 条逐条衔接"));
    }
}

#[tokio::test]
async fn an_export_holds_what_the_filter_shows_and_itself() {
    for backend in backends() {
        let mut world = world(&backend).await;
        note(
            &world.db,
            "张伟",
            "task.amended",
            "=HYPERLINK(\"http://evil.test\")",
        )
        .await;
        for number in 0..1_500 {
            if number % 500 == 0 {
                note(&world.db, "李娜", "task.noted", "说明，\"引号\"").await;
            }
        }
        let export = "/workspace/admin/audit/export";
        let csv = world.browser.post(export, &[("format", "csv")]).await;
        assert!(
            csv.headers["content-disposition"]
                .to_str()
                .unwrap()
                .contains("audit.csv")
        );
        let text = csv.page();
        assert!(
            text.starts_with('\u{feff}')
                && text.contains("\"'=HYPERLINK(\"\"http://evil.test\"\")\""),
            "{text}"
        );
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 7);
        assert_eq!(&rows[6][7], "导出审计记录（CSV）");
        let json = world
            .browser
            .post(
                export,
                &[("format", "json"), ("kind", "task."), ("actor", "李")],
            )
            .await
            .page();
        let list: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(list.len(), 3);
        // The exported fields are enough to recompute the hash.
        let field =
            |event: &serde_json::Value, name: &str| event[name].as_str().unwrap_or("").to_owned();
        let event = &list[0];
        let row = super::Recorded {
            seq: event["seq"].as_i64().unwrap(),
            at: event["at"].as_i64().unwrap(),
            actor_id: event["actor_id"].as_str().map(str::to_owned),
            actor_name: field(event, "actor_name"),
            kind: field(event, "kind"),
            subject_kind: field(event, "subject_kind"),
            subject_id: field(event, "subject_id"),
            organ_id: event["organ_id"].as_str().map(str::to_owned),
            sentence: field(event, "sentence"),
            data: field(event, "data"),
            previous_hash: field(event, "previous_hash"),
            hash: String::new(),
        };
        assert_eq!(row.computed_hash(), field(event, "hash"));
        let none = world
            .browser
            .post(export, &[("format", "json"), ("actor", "无此人")])
            .await
            .page();
        assert_eq!(
            serde_json::from_str::<Vec<serde_json::Value>>(&none)
                .unwrap()
                .len(),
            0
        );
        assert_eq!(
            world
                .browser
                .post(export, &[("format", "exe")])
                .await
                .status,
            400
        );
    }
}

#[tokio::test]
async fn a_long_export_comes_in_batches_without_a_gap() {
    let mut world = world(&backends()[0]).await;
    world
        .db
        .write(async |tx: &mut Tx| {
            for number in 0..2_500 {
                tx.record(Event::new(
                    &Actor::System,
                    "task.noted",
                    ("task", number.to_string()),
                    "批量",
                ));
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let json = world
        .browser
        .post("/workspace/admin/audit/export", &[("format", "json")])
        .await
        .page();
    let list: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let numbers: Vec<i64> = list
        .iter()
        .map(|event| event["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=2_503).collect::<Vec<_>>());
}

#[tokio::test]
async fn only_the_audit_administrator_reads_the_chain() {
    let world = world(&backends()[0]).await;
    let top = testing::organ(&world.db, "清河县人民政府", None).await;
    for role in Role::ALL.iter().filter(|role| **role != Role::AuditAdmin) {
        let mut browser = world.browser.clone();
        browser
            .sign_in(
                &world.db,
                testing::person(&world.db, role.code(), &[(*role, top)]).await,
            )
            .await;
        assert_eq!(
            browser.get("/workspace/admin/audit").await.status,
            403,
            "{}",
            role.name()
        );
        assert_eq!(
            browser
                .post("/workspace/admin/audit/verify", &[])
                .await
                .status,
            403
        );
        assert_eq!(
            browser
                .post("/workspace/admin/audit/export", &[("format", "csv")])
                .await
                .status,
            403
        );
    }
}

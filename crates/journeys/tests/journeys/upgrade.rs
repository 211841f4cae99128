//! A store of each older schema version, with data, comes up to the newest and reads well.

use std::collections::BTreeSet;

use gongkai_basis::id::OrganId;
use gongkai_basis::{Actor, Role};
use gongkai_documents::document::cited::Cited;
use gongkai_documents::document::{Head, State, store};
use gongkai_journeys::World;
use gongkai_platform::audit::{self, Event, Verdict};
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend};
use gongkai_schema::Dialect;

const NOON: &str = "2026-10-12T12:00:00+08:00";
/// The first version that has plans with all that its reports say.
const WITH_LEDGER: i64 = 4;
/// The first version whose programs kept the facts that lists narrow by.
const WITH_FACTS: i64 = 5;

/// The tables in which the old data lie.
const OLD: [&str; 8] = [
    "organ",
    "account",
    "account_role",
    "plan",
    "task",
    "assignment",
    "report",
    "event",
];

/// Where a store begins. Each later migration meets the data of the first one; a later beginning adds something where a
/// migration before it has changed one of their tables.
fn beginnings() -> BTreeSet<i64> {
    let newest = gongkai_schema::VERSION - 1;
    let changes = |sql: &str| {
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let what = ["ALTER TABLE", "UPDATE", "INSERT INTO", "DELETE FROM"];
        let mut pairs = what
            .iter()
            .flat_map(|verb| OLD.iter().map(move |table| (verb, table)));
        pairs.any(|(verb, table)| sql.contains(&format!("{verb} {table} ")))
    };
    let mut found = BTreeSet::new();
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let migrator = gongkai_schema::migrator(dialect, newest);
        let changing = migrator.iter().filter(|one| changes(one.sql.as_str()));
        found.extend(changing.map(|one| one.version));
    }
    found.extend([1, WITH_LEDGER, WITH_FACTS, newest]);
    found
}

#[tokio::test]
async fn an_older_store_on_sqlite_reads_well_after_the_upgrade() {
    reads_well_after_the_upgrade(&Backend::Sqlite).await;
}

#[tokio::test]
async fn an_older_store_on_postgresql_reads_well_after_the_upgrade() {
    for backend in testing::backends() {
        if backend != Backend::Sqlite {
            reads_well_after_the_upgrade(&backend).await;
        }
    }
}

async fn reads_well_after_the_upgrade(backend: &Backend) {
    let beginnings = beginnings();
    assert!(beginnings.len() > 6, "{beginnings:?}");
    for version in beginnings {
        let world = World::upgraded(backend, NOON, version, async |db| {
            let city = testing::organ(db, "安澜市人民政府", None).await;
            let office = testing::organ(db, "安澜市人民政府办公室", Some(city)).await;
            let unit = testing::organ(db, "市司法局", Some(city)).await;
            testing::person(db, "文书", &[(Role::OfficeClerk, office)]).await;
            testing::person(db, "联络员", &[(Role::Liaison, unit)]).await;
            if version >= WITH_LEDGER {
                old_ledger(
                    db,
                    version,
                    [&city.to_string(), &office.to_string(), &unit.to_string()],
                )
                .await;
            }
        })
        .await;
        let mut clerk = world.http(world.account("文书").await).await;
        let mut liaison = world.http(world.account("联络员").await).await;
        let ledger = clerk.get("/workspace/ledger").await.page();
        let own = liaison.get("/workspace/tasks").await.page();
        if version >= WITH_LEDGER {
            for page in [&ledger, &own] {
                assert!(page.contains("更新规章库"), "version {version}: {page}");
            }
            let never = clerk.get("/workspace/ledger?unreported=1").await.page();
            assert!(never.contains("办好政府公报"), "version {version}: {never}");
            assert!(!never.contains("更新规章库"), "version {version}: {never}");
        }
        let verdict = world
            .db
            .read(async |tx: &mut Tx| audit::verify(tx).await)
            .await
            .unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
    }
}

/// The last version that did not keep the day of a correction.
const WITHOUT_DAY_OF_CORRECTION: i64 = 53;

#[tokio::test]
async fn what_was_withdrawn_before_the_upgrade_says_on_which_day() {
    for backend in testing::backends() {
        let withdrawn = id(40);
        let world = World::upgraded(&backend, NOON, WITHOUT_DAY_OF_CORRECTION, async |db| {
            let city = testing::organ(db, "安澜市人民政府", None).await;
            db.write(async |tx: &mut Tx| {
                tx.run(
                    sql("INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, published_id, published_at, \
                         explanation, title, number, theme, year, version, created_at) \
                         VALUES ($1, $2, $3, 'notice', 'settled', 'withdrawn', 'A', $4, $5, 1, '内容重复。', '旧通知', '', '', 2026, 1, 1)")
                        .bind(&withdrawn)
                        .bind(city)
                        .bind(city)
                        .bind(id(41))
                        .bind(id(41)),
                )
                .await?;
                tx.run(
                    sql("INSERT INTO edition (id, document_id, number, head, html, text, hash, author_id, author_name, created_at) \
                         VALUES ($1, $2, 1, $3, '', '', '', '', '', 1)")
                        .bind(id(41))
                        .bind(&withdrawn)
                        .bind(serde_json::to_string(&Head::default()).unwrap()),
                )
                .await?;
                let of = ("document", withdrawn.clone());
                tx.record(Event::new(&Actor::System, "document.withdrawn", of, "撤下".to_owned()));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        })
        .await;
        let mut anyone = world.public();
        let page = anyone.get(&format!("/documents/{withdrawn}")).await;
        assert_eq!(page.status, 410);
        let page = page.text();
        assert!(
            page.contains("本文已于2026年10月12日撤下。撤下说明：内容重复。"),
            "{page}"
        );
    }
}

/// The last version that looked for who names a document in the heads of all editions, and let what is not open wait for its
/// publication.
const WITHOUT_NAMES: i64 = 75;

/// A document as the schema of that version kept it, with one edition.
async fn old_document(
    tx: &mut Tx,
    organ: OrganId,
    (document, edition): (&str, &str),
    (state, visibility, head): (&str, &str, &Head),
) -> Result<(), StoreError> {
    let published = (visibility != "never").then(|| edition.to_owned());
    tx.run(
        sql("INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, published_id, published_at, \
             explanation, title, number, theme, year, version, created_at, review_on) \
             VALUES ($1, $2, $3, 'notice', $4, $5, $6, $7, $8, 1, '', $9, '', '', 2026, 1, 1, $10)")
            .bind(document)
            .bind(organ)
            .bind(organ)
            .bind(state)
            .bind(visibility)
            .bind(document)
            .bind(edition)
            .bind(published)
            .bind(&head.title)
            .bind(head.review_on),
    )
    .await?;
    tx.run(
        sql("INSERT INTO edition (id, document_id, number, head, html, text, hash, author_id, author_name, created_at) \
             VALUES ($1, $2, 1, $3, '', '', '', '', '', 1)")
            .bind(edition)
            .bind(document)
            .bind(serde_json::to_string(head).unwrap()),
    )
    .await?;
    let of = ("document", document.to_owned());
    tx.record(Event::new(
        &Actor::System,
        "document.written",
        of,
        "保存".to_owned(),
    ));
    Ok(())
}

#[tokio::test]
async fn who_names_a_document_and_what_is_kept_closed_come_along() {
    for backend in testing::backends() {
        let (law, cites, reads, closed) = (id(50), id(51), id(52), id(53));
        let titled = |title: &str| Head {
            title: title.to_owned(),
            ..Head::default()
        };
        let heads = [
            titled("甲办法"),
            Head {
                cites: vec![Cited {
                    title: "甲办法".to_owned(),
                    number: String::new(),
                    document: Some(law.clone()),
                    hash: String::new(),
                    upper: None,
                }],
                ..titled("乙通知")
            },
            Head {
                interprets: Some(law.clone()),
                ..titled("甲办法解读")
            },
            Head {
                openness: "closed".to_owned(),
                review_on: Some("2027-10-12".parse().unwrap()),
                ..titled("内部分工")
            },
        ];
        let world = World::upgraded(&backend, NOON, WITHOUT_NAMES, async |db| {
            let city = testing::organ(db, "安澜市人民政府", None).await;
            let of = [
                (&law, id(60), "settled", "public"),
                (&cites, id(61), "settled", "public"),
                (&reads, id(62), "settled", "public"),
                (&closed, id(63), "approved", "never"),
            ];
            db.write(async |tx: &mut Tx| {
                for ((document, edition, state, visibility), head) in of.iter().zip(&heads) {
                    let said = (*state, *visibility, head);
                    let ids = (document.as_str(), edition.as_str());
                    old_document(tx, city, ids, said).await?;
                }
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        })
        .await;
        let (mut naming, state) = world
            .db
            .read(async |tx: &mut Tx| {
                let naming = store::citing(tx, law.parse().unwrap(), 10).await?;
                let found = store::by_ids(tx, std::slice::from_ref(&closed)).await?;
                let ids: Vec<String> = naming.iter().map(|one| one.id.to_string()).collect();
                Ok::<_, StoreError>((ids, found[0].state))
            })
            .await
            .unwrap();
        naming.sort();
        assert_eq!(naming, [cites, reads]);
        assert_eq!(state, State::Settled);
    }
}

/// A plan with a task that was reported on and one that was not, as the old schema kept them.
async fn old_ledger(db: &Db, version: i64, [city, office, unit]: [&str; 3]) {
    db.upkeep(async |tx: &mut Tx| {
        tx.run(
            sql("INSERT INTO plan (id, organ_id, government_id, title, year, state, version, created_at) \
                 VALUES ($1, $2, $3, '安澜市2026年政务公开工作要点分工方案', 2026, 'active', 1, 1)")
                .bind(id(1))
                .bind(office)
                .bind(city),
        )
        .await?;
        for (number, text) in [(1, "更新规章库"), (2, "办好政府公报")] {
            let task = id(10 + number);
            let report = (number == 1).then(|| id(30));
            tx.run(
                sql("INSERT INTO task (id, plan_id, position, number, text, organ_text, due_on, deadlines, quantities, place, state, version, created_at) \
                     VALUES ($1, $2, $3, $4, $5, '市司法局', '2026-12-31', '[]', '[]', '{}', 'open', 1, 1)")
                    .bind(&task)
                    .bind(id(1))
                    .bind(number)
                    .bind(number)
                    .bind(text),
            )
            .await?;
            tx.run(
                sql("INSERT INTO assignment (id, plan_id, task_id, organ_id, role, named_as, state, due_on, report_id, position, version, created_at) \
                     VALUES ($1, $2, $3, $4, 'lead', '市司法局', 'open', '2026-12-31', $5, $6, 1, 1)")
                    .bind(id(20 + number))
                    .bind(id(1))
                    .bind(&task)
                    .bind(unit)
                    .bind(report)
                    .bind(number),
            )
            .await?;
        }
        tx.run(
            sql("INSERT INTO report (id, assignment_id, sequence, outcome, done_text, pending_text, author_name, created_at) \
                 VALUES ($1, $2, 1, 'in_progress', '已清理12件', '年底前完成', '联络员', 1)")
                .bind(id(30))
                .bind(id(21)),
        )
        .await?;
        if version >= WITH_FACTS {
            tx.run(sql("UPDATE task SET organs = 1, silent = number - 1")).await?;
        }
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}

fn id(number: i64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

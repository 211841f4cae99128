//! Backup of a store in use, restore into an empty place, on every pair of databases.

use gongkai::store_backup::{backup, restore};
use gongkai_basis::Role;
use gongkai_basis::id::OrganId;
use gongkai_journeys::World;
use gongkai_platform::audit::{self, Verdict};
use gongkai_platform::db::{Db, StoreError, Tx, sql};
use gongkai_platform::files::Files;
use gongkai_platform::testing::{self, MovableClock};

const NOON: &str = "2026-10-12T12:00:00+08:00";

/// A repealed document of which is kept how it stands: a restored store works that out anew.
async fn repealed(db: &Db, organ: OrganId) {
    db.upkeep(async |tx: &mut Tx| {
        tx.run(
            sql("INSERT INTO document (id, owner_id, organ_id, kind, state, visibility, index_number, edition_id, published_at, \
                 explanation, title, number, theme, year, version, created_at) \
                 VALUES ('d', $1, $2, 'normative', 'settled', 'public', 'A', 'e', 1, '', '甲办法', '', '', 2026, 1, 1)")
                .bind(organ)
                .bind(organ),
        )
        .await?;
        tx.run(sql(
            "INSERT INTO validity_event (id, document_id, change, happened_on, basis, recorded_by, created_at, successor) \
             VALUES ('v', 'd', 'repealed', '2026-03-01', '', '', 1, '')",
        ))
        .await?;
        tx.run(sql(
            "UPDATE document SET standing = 'repealed', lapses_on = '2027-01-31', stands_until = '9999-12-31'",
        ))
        .await?;
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_was_backed_up_is_what_is_restored_on_either_database() {
    for from in testing::backends() {
        for to in testing::backends() {
            let world = World::on(&from, NOON).await;
            let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
            world.person("联络员", &[(Role::Liaison, office)]).await;
            repealed(&world.db, office).await;
            world.app.files.put("一份文件".as_bytes()).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let archive = folder.path().join("backup.tar");
            let taken = backup(&world.db, &world.app.files, &archive).await.unwrap();
            assert_eq!(taken.files, 1);

            let (empty, guard) = testing::scratch_empty(&to, MovableClock::at(NOON).clock()).await;
            let files = Files::new(guard.folder().join("restored"));
            let restored = restore(&empty, &files, &archive).await.unwrap();
            assert_eq!(restored, taken);
            let again = folder.path().join("again.tar");
            let second = backup(&empty, &files, &again).await.unwrap();
            assert_eq!(
                second.digest, taken.digest,
                "a backup of the restored store is the same backup"
            );
            let verdict = empty
                .read(async |tx: &mut Tx| audit::verify(tx).await)
                .await
                .unwrap();
            assert!(
                matches!(verdict, Verdict::Whole { events: 2, .. }),
                "{verdict:?}"
            );

            assert!(
                restore(&empty, &files, &archive).await.is_err(),
                "a store with data is never overwritten"
            );
        }
    }
}

#[tokio::test]
async fn one_changed_byte_is_found_before_anything_is_restored() {
    let world = World::on(&testing::Backend::Sqlite, NOON).await;
    let office = testing::organ(&world.db, "安澜市人民政府办公室", None).await;
    world.person("联络员", &[(Role::Liaison, office)]).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("backup.tar");
    backup(&world.db, &world.app.files, &archive).await.unwrap();
    let whole = std::fs::read(&archive).unwrap();
    let name = "联络员".as_bytes();
    let place = whole
        .windows(name.len())
        .position(|window| window == name)
        .unwrap();
    let mut damaged = whole.clone();
    damaged[place] ^= 1;
    std::fs::write(&archive, damaged).unwrap();

    let (empty, guard) =
        testing::scratch_empty(&testing::Backend::Sqlite, MovableClock::at(NOON).clock()).await;
    let error = restore(&empty, &Files::new(guard.folder().join("files")), &archive)
        .await
        .unwrap_err();
    assert!(format!("{error:#}").contains("校验值不符"), "{error:#}");
    assert!(empty.is_empty().await.unwrap());
}

#[tokio::test]
async fn the_chain_shows_a_changed_event() {
    for backend in testing::backends() {
        let (db, _guard) = testing::scratch(&backend, MovableClock::at(NOON).clock()).await;
        for name in ["甲", "乙", "丙"] {
            testing::organ(&db, name, None).await;
        }
        db.upkeep(async |tx: &mut Tx| {
            tx.run(sql("UPDATE event SET sentence = 'x' WHERE seq = 2"))
                .await?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
        let verdict = db
            .read(async |tx: &mut Tx| audit::verify(tx).await)
            .await
            .unwrap();
        assert!(
            matches!(verdict, Verdict::Broken { seq: 2, .. }),
            "{verdict:?}"
        );
    }
}

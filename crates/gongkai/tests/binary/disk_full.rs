//! A disk that is really full: people are told so, nothing is half there, and work goes on when there is room again.

use std::path::PathBuf;

use gongkai_platform::db::{Db, Row, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend};
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::header::COOKIE;

use crate::city::{City, client, report};
use crate::server::Site;
use crate::wall::{Wall, assert_says_full, half_files};

/// More than the free rest of either.
const LARGE: usize = 3_000_000;
const SMALL: usize = 20_000;
/// Reports until the database must have met the wall.
const REPORTS_MAX: usize = 3_000;
const ADVICE: &str = "告知系统管理员";

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_leaves_nothing_half_done() {
    for backend in testing::backends() {
        let site = Site::on(&backend).await;
        let wall = Wall::around(&site.path("data"));
        let db = site.store().await;
        let city = City::founded(&db, 1).await;
        let part = city.tasks(&db, 1).await.remove(0).remove(0);
        db.close().await;
        let server = wall.start(&site).await;
        let client = client();
        let send = async |mark: &str, bytes: usize| {
            let proof = (bytes > 0).then(|| mark.repeat(bytes / mark.len()).into_bytes());
            report(&client, &site, &part, mark, proof).await.unwrap()
        };

        let mut kept = vec!["before".to_owned()];
        assert_eq!(send("before", SMALL).await.status(), 303);
        wall.close_in(&server);
        // The folder of files meets the wall, and then the database, where it is on the same disk.
        assert_says_full(send("large", LARGE).await, ADVICE).await;
        let mut again = vec!["large".to_owned()];
        if backend == Backend::Sqlite {
            for number in 0..REPORTS_MAX {
                let mark = format!("words{number}");
                let answer = send(&mark, 0).await;
                if answer.status() != 303 {
                    assert_says_full(answer, ADVICE).await;
                    again.push(mark);
                    break;
                }
                kept.push(mark);
            }
            assert_eq!(again.len(), 2, "the store never met the wall");
        }
        // Reading goes on.
        let page = client
            .get(site.url("/workspace/tasks"))
            .header(COOKIE, format!("{}={}", SESSION_COOKIE, part.1))
            .send();
        assert_eq!(page.await.unwrap().status(), 200);

        wall.open_up(&server);
        again.push("after".to_owned());
        let proved = [&["before".to_owned()], again.as_slice()].concat();
        for mark in again {
            assert_eq!(send(&mark, SMALL).await.status(), 303, "{mark}");
            kept.push(mark);
        }
        assert_eq!(server.stop(), Some(0));
        let db = site.store().await;
        let (reports, proofs) = stored(&db).await;
        db.close().await;
        assert_eq!(reports, kept, "each report once, in its order");
        assert_eq!(proofs, proved, "each proof once, in its order");
        assert!(site.verify().contains("审计链完整"));
        assert_eq!(half_files(&site.path("data/files")), Vec::<PathBuf>::new());
    }
}

/// The marks of all reports and of all their proofs.
async fn stored(db: &Db) -> (Vec<String>, Vec<String>) {
    db.read(async |tx: &mut Tx| {
        let reports = tx
            .all(sql(
                "SELECT done_text AS mark FROM report ORDER BY sequence",
            ))
            .await?;
        let proofs = tx
            .all(sql("SELECT title AS mark FROM evidence ORDER BY id"))
            .await?;
        let marks = |rows: Vec<Row>| {
            rows.iter()
                .map(|row| row.get("mark"))
                .collect::<Result<Vec<String>, StoreError>>()
        };
        Ok::<_, StoreError>((marks(reports)?, marks(proofs)?))
    })
    .await
    .unwrap()
}

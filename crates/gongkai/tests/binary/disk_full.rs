//! A disk that is really full: people are told so, nothing is half there, and work goes on when there is room again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gongkai_platform::db::{Db, Row, StoreError, Tx, sql};
use gongkai_platform::testing::{self, Backend};
use gongkai_platform::web::SESSION_COOKIE;
use reqwest::Response;
use reqwest::header::COOKIE;
use rlimit::Resource;

use crate::city::{City, client, report};
use crate::server::{Server, Site};

/// A small disk holds the store with its log and some files, and no more.
const DISK_MEGABYTES: u64 = 12;
/// What the server's files may grow to where no small disk can be mounted: less than its log wants.
const FILE_BYTES_MAX: u64 = 2_500_000;
/// More than the free rest of either.
const LARGE: usize = 3_000_000;
const SMALL: usize = 20_000;
/// Reports until the database must have met the wall.
const REPORTS_MAX: usize = 3_000;

/// The wall that the server runs into.
enum Wall {
    /// A file system of a few megabytes, unmounted at the end.
    Disk(PathBuf),
    /// A limit on the size of the server's files, where mounting is not allowed.
    Limit,
}

impl Wall {
    fn around(data: &Path) -> Self {
        fs::create_dir_all(data).unwrap();
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={DISK_MEGABYTES}m"),
                "tmpfs",
            ])
            .arg(data)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            Self::Disk(data.to_owned())
        } else {
            Self::Limit
        }
    }

    async fn start(&self, site: &Site) -> Server {
        match self {
            Self::Disk(_) => site.start().await,
            // Like a full disk, a too large file is to be an answer and no signal.
            Self::Limit => {
                let mut shell = Command::new("sh");
                shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
                site.start_by(shell.arg(env!("CARGO_BIN_EXE_gongkai")))
                    .await
            }
        }
    }

    fn ballast(&self) -> Option<PathBuf> {
        match self {
            Self::Disk(data) => Some(data.join("ballast")),
            Self::Limit => None,
        }
    }

    /// No byte is left.
    fn close_in(&self, server: &Server) {
        match self.ballast() {
            Some(ballast) => {
                let mut ballast = File::create(ballast).unwrap();
                for block in [64 * 1024, 1024, 1] {
                    while ballast.write_all(&vec![0; block]).is_ok() {}
                }
            }
            None => limit(server, FILE_BYTES_MAX),
        }
    }

    fn open_up(&self, server: &Server) {
        match self.ballast() {
            Some(ballast) => fs::remove_file(ballast).unwrap(),
            None => limit(server, u64::MAX),
        }
    }
}

impl Drop for Wall {
    fn drop(&mut self) {
        if let Self::Disk(data) = self {
            let unmounted = Command::new("umount").arg("-l").arg(data).status();
            assert!(unmounted.unwrap().success() || std::thread::panicking());
        }
    }
}

fn limit(server: &Server, bytes: u64) {
    let process = i32::try_from(server.process()).unwrap();
    rlimit::prlimit(process, Resource::FSIZE, Some((bytes, u64::MAX)), None).unwrap();
}

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
        assert_says_full(send("large", LARGE).await).await;
        let mut again = vec!["large".to_owned()];
        if backend == Backend::Sqlite {
            for number in 0..REPORTS_MAX {
                let mark = format!("words{number}");
                let answer = send(&mark, 0).await;
                if answer.status() != 303 {
                    assert_says_full(answer).await;
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

/// 发生了什么 · 数据是否安全 · 现在怎么办
async fn assert_says_full(answer: Response) {
    assert_eq!(answer.status(), 507);
    let page = answer.text().await.unwrap();
    for part in ["存储空间已满，没有保存", "已有数据完好", "告知系统管理员"]
    {
        assert!(page.contains(part), "{page}");
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

/// What a broken-off write would have left.
fn half_files(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    files
        .map(|file| file.unwrap().path())
        .filter(|file| file.file_name().unwrap().len() != 62)
        .collect()
}

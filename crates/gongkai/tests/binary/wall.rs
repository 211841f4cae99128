//! A disk that ends: a small one where mounting is allowed, else a limit on the server's files.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::Response;
use rlimit::Resource;

use crate::server::{Server, Site};

/// A small disk holds the store with its log and some files, and no more.
const DISK_MEGABYTES: u64 = 12;
/// What the server's files may grow to where no small disk can be mounted: less than its log wants.
const FILE_BYTES_MAX: u64 = 2_500_000;

/// The wall that the server runs into.
pub(crate) enum Wall {
    /// A file system of a few megabytes, unmounted at the end.
    Disk(PathBuf),
    /// A limit on the size of the server's files, where mounting is not allowed.
    Limit,
}

impl Wall {
    pub(crate) fn around(data: &Path) -> Self {
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

    pub(crate) async fn start(&self, site: &Site) -> Server {
        match self {
            Self::Disk(_) => site.start().await,
            // Like a full disk, a too large file is to be an answer and no signal.
            Self::Limit => {
                let mut shell = Command::new("sh");
                shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
                site.start_by(shell.arg(env!("CARGO_BIN_EXE_gongkai")), &[])
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
    pub(crate) fn close_in(&self, server: &Server) {
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

    pub(crate) fn open_up(&self, server: &Server) {
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

/// 发生了什么 · 数据是否安全 · 现在怎么办, which depends on who asks.
pub(crate) async fn assert_says_full(answer: Response, advice: &str) {
    assert_eq!(answer.status(), 507);
    let page = answer.text().await.unwrap();
    for part in ["存储空间已满，没有保存", "已有数据完好", advice] {
        assert!(page.contains(part), "{page}");
    }
}

/// What a broken-off write would have left.
pub(crate) fn half_files(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap());
    files
        .map(|file| file.unwrap().path())
        .filter(|file| file.file_name().unwrap().len() != 62)
        .collect()
}

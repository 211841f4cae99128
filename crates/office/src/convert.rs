//! LibreOffice, where it is installed, turns into DOCX what no reader here can follow. Nothing depends on it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::block::Unreadable;
use crate::refusal::needs_conversion;

/// Bytes of a converted file that are read back.
const CONVERTED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How often a running conversion is looked at.
const POLL: Duration = Duration::from_millis(40);

/// Where LibreOffice is, if it is installed: on the path, or where its packages put it.
pub fn find_libreoffice() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| {
        std::env::split_paths(&path)
            .flat_map(|folder| ["soffice", "libreoffice"].map(|name| folder.join(name)))
            .collect::<Vec<_>>()
    });
    let usual = [
        "/usr/bin/soffice",
        "/usr/lib/libreoffice/program/soffice",
        "/opt/libreoffice/program/soffice",
    ];
    on_path
        .chain(usual.map(PathBuf::from))
        .find(|path| path.is_file())
}

/// Converts a file to the bytes of a DOCX; `None` where LibreOffice is not installed.
///
/// Runs in a temporary folder with a profile of its own and is killed with all its children after `timeout`.
/// Errors: `needs-conversion` when it fails, takes too long or writes nothing.
pub fn libreoffice_to_docx(
    source: &Path,
    timeout: Duration,
) -> Option<Result<Vec<u8>, Unreadable>> {
    let office = find_libreoffice()?;
    Some(convert(&office, source, timeout).ok_or_else(|| needs_conversion("这份文件")))
}

fn convert(office: &Path, source: &Path, timeout: Duration) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().ok()?;
    // A name of our own: what the sender called the file never reaches a command line.
    let input = folder.path().join("source.doc");
    std::fs::copy(source, &input).ok()?;
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.path().join("profile").display()
    );
    let mut command = Command::new(office);
    command
        .arg(profile)
        .args([
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
        ])
        .arg(folder.path())
        .arg(&input)
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().ok()?;
    let finished = wait(&mut child, timeout);
    if !finished {
        kill(&mut child);
        return None;
    }
    let output = folder.path().join("source.docx");
    let size = std::fs::metadata(&output).ok()?.len();
    if size > CONVERTED_BYTES_MAX {
        return None;
    }
    std::fs::read(output).ok()
}

/// Whether the child ended well within the time.
fn wait(child: &mut Child, timeout: Duration) -> bool {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < timeout => thread::sleep(POLL),
            Ok(None) | Err(_) => return false,
        }
    }
}

/// LibreOffice starts through a script: its whole group has to go.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A stand-in for LibreOffice: a script that gets the same arguments.
    fn stand_in(folder: &Path, script: &str) -> PathBuf {
        let path = folder.join("soffice");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn run(script: &str, timeout: Duration) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("-rf 奇怪的名字.wps");
        std::fs::write(&source, b"content").unwrap();
        convert(&stand_in(folder.path(), script), &source, timeout)
    }

    #[test]
    fn the_converted_file_is_read_back() {
        let script = "for last; do :; done; cat \"$last\" > source.docx";
        assert_eq!(run(script, Duration::from_secs(20)).unwrap(), b"content");
    }

    #[test]
    fn failures_and_endless_runs_give_nothing() {
        assert_eq!(run("exit 1", Duration::from_secs(20)), None);
        assert_eq!(run("exit 0", Duration::from_secs(20)), None);
        let start = Instant::now();
        assert_eq!(run("sleep 60 & wait", Duration::from_millis(200)), None);
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}

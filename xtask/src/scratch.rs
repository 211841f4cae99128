//! Where a run of the tests keeps what it throws away.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::step::output;

const IN_MEMORY: &str = "/dev/shm";
const FOLDER_PREFIX: &str = "gongkai-scratch-";
/// Free in memory before the tests' stores lie there, in KiB; a run takes about a quarter of it.
const ROOM_MIN: u64 = 8 << 20;

/// A folder that goes when it is dropped. In memory where there is room: thousands of small stores wait for a disk.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn make() -> Result<Self> {
        let root = if has_room().unwrap_or(false) {
            PathBuf::from(IN_MEMORY)
        } else {
            std::env::temp_dir()
        };
        remove_left_overs(&root, FOLDER_PREFIX);
        let folder = root.join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        println!("the tests' stores lie in {}", folder.display());
        Ok(Self(folder))
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: the next run looks for what is left.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn has_room() -> Result<bool> {
    // Some tests run small programs of their own.
    let mounts = fs::read_to_string("/proc/mounts")?;
    let mut mount = mounts.lines().filter(|line| line.contains(IN_MEMORY));
    if mount.any(|line| line.contains("noexec")) {
        return Ok(false);
    }
    let memory = fs::read_to_string("/proc/meminfo")?;
    let available = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok());
    let listed = output(Command::new("df").args(["--output=avail", "-k", IN_MEMORY]))?;
    let free = listed
        .lines()
        .last()
        .and_then(|line| line.trim().parse().ok());
    let room: Option<u64> = available.min(free);
    Ok(room.is_some_and(|room| room >= ROOM_MIN))
}

/// Folders of runs that were killed before they could tidy up; the number at the end is the run's process.
pub(crate) fn remove_left_overs(root: &Path, prefix: &str) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix))
            .and_then(|number| number.parse::<u32>().ok());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner.to_string()).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_run_left_goes_and_nothing_else() {
        let root = std::env::temp_dir().join(format!("left-overs-{}", std::process::id()));
        let (dead, own, other) = (
            root.join(format!("{FOLDER_PREFIX}{}", u32::MAX)),
            root.join(format!("{FOLDER_PREFIX}{}", std::process::id())),
            root.join(format!("{FOLDER_PREFIX}elsewhere")),
        );
        for folder in [&dead, &own, &other] {
            fs::create_dir_all(folder).unwrap();
        }
        remove_left_overs(&root, FOLDER_PREFIX);
        assert!(!dead.exists() && own.exists() && other.exists());
        fs::remove_dir_all(root).unwrap();
    }
}

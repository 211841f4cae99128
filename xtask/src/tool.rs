//! Programs that the steps need: found on this machine, else installed as Debian packages, else named.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

use crate::step::{output, run, succeeds};

/// The first of the names that lies on `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| is_executable(file))
}

/// What [`find`] finds, if need be after installing the packages.
pub(crate) fn find_or_install(names: &[&str], packages: &[&str]) -> Result<PathBuf> {
    if let Some(found) = find(names) {
        return Ok(found);
    }
    install(packages)?;
    find(names).with_context(|| {
        format!(
            "{} is not on PATH, although {} is installed",
            names.join(" or "),
            packages.join(" ")
        )
    })
}

/// Installs Debian packages, as root or through sudo without a password.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    if find(&["apt-get"]).is_none() {
        bail!(
            "missing: {wanted} (Debian's names). This system has no apt-get: please install them by its own means"
        );
    }
    let Some(privilege) = privilege() else {
        bail!(
            "missing: {wanted}. Neither root nor sudo without a password: please run `apt-get install {wanted}` as root"
        );
    };
    static UPDATED: OnceLock<()> = OnceLock::new();
    if UPDATED.get().is_none() {
        run(apt_get(privilege).arg("update").arg("-qq"))?;
        UPDATED.get_or_init(|| ());
    }
    run(apt_get(privilege)
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages))
}

/// How this process may act as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privilege {
    Root,
    Sudo,
}

fn privilege() -> Option<Privilege> {
    if is_root() {
        Some(Privilege::Root)
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        Some(Privilege::Sudo)
    } else {
        None
    }
}

pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

fn apt_get(privilege: Privilege) -> Command {
    let mut command = match privilege {
        Privilege::Root => Command::new("env"),
        Privilege::Sudo => {
            let mut command = Command::new("sudo");
            command.args(["-n", "env"]);
            command
        }
    };
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    command
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_the_first_name_that_is_there() {
        let found = find(&["no-such-program-anywhere", "sh"]).unwrap();
        assert!(found.ends_with("sh"), "{found:?}");
        assert_eq!(find(&["no-such-program-anywhere"]), None);
    }
}

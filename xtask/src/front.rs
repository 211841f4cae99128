//! What comes from npm: editor, charts, font; built into `front/dist`, never committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::step::{root, run, step};
use crate::tool;

/// `cargo xtask front`.
pub(crate) fn build() -> Result<()> {
    let npm = tool::find(&["npm"])
        .context("npm is missing: install Node.js with npm (Debian: nodejs npm)")?;
    step("front (npm)", || build_with(&npm))
}

/// Builds where it can; where it cannot, says what will be missing. The demo goes on either way.
pub(crate) fn build_or_explain() {
    let outcome = match tool::find(&["npm"]) {
        Some(npm) => step("front (npm)", || build_with(&npm)),
        None => Err(anyhow::anyhow!("npm is not installed")),
    };
    if let Err(error) = outcome {
        println!(
            "   The front build was left out: {error:#}\n   \
             Missing without it: the Chinese font for PDF (an installed font is used, else PDF buttons say what is missing),\n   \
             drawn charts (their tables are always there) and the editor of documents (a plain field and DOCX upload serve).\n   \
             Everything else works."
        );
    }
}

/// For the tests: the build and the folder's `axe-core`, which checks accessibility in the browser.
pub(crate) fn build_for_tests() -> Result<PathBuf> {
    let npm = tool::find_or_install(&["npm"], &["nodejs", "npm"])?;
    build_with(&npm)?;
    let axe = root().join("front/node_modules/axe-core/axe.min.js");
    if !axe.is_file() {
        bail!(
            "front/package.json brings no axe-core: {} is missing",
            axe.display()
        );
    }
    Ok(axe)
}

fn build_with(npm: &Path) -> Result<()> {
    let front = root().join("front");
    if !front.join("package.json").is_file() {
        bail!("front/package.json is missing");
    }
    let npm = |arguments: &[&str]| {
        let mut command = Command::new(npm);
        command.arg("--prefix").arg(&front).args(arguments);
        run(&mut command)
    };
    if !is_installed(&front) {
        npm(&[
            "ci",
            "--include=dev",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ])?;
    }
    npm(&["run", "build"])
}

/// npm leaves a lock file of its own in `node_modules`; older than ours means that ours has changed since.
fn is_installed(front: &Path) -> bool {
    let changed = |file: &str| {
        front
            .join(file)
            .metadata()
            .and_then(|about| about.modified())
            .ok()
    };
    match (
        changed("package-lock.json"),
        changed("node_modules/.package-lock.json"),
    ) {
        (Some(wanted), Some(installed)) => wanted <= installed,
        _ => false,
    }
}

//! `cargo xtask score-plans`: plans with gold labels, read and scored.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::step::{self, cargo, root};

/// Beside the project, not in it: the labelled documents are not ours to publish.
const DEFAULT_FOLDER: &str = "../shared/plans";

pub(crate) fn run(folder: Option<&str>) -> Result<()> {
    let folder = match folder {
        Some(folder) => PathBuf::from(folder),
        None => root().join(DEFAULT_FOLDER),
    };
    if !folder.join("gold").is_dir() {
        bail!(
            "no labelled plans in {}: the folder needs plan documents and gold/*.json. Name another: cargo xtask score-plans FOLDER",
            folder.display()
        );
    }
    step::run(
        cargo()
            .args([
                "run",
                "--quiet",
                "-p",
                "gongkai-reading",
                "--example",
                "score_plans",
                "--",
            ])
            .arg(folder.canonicalize()?),
    )
}

//! LibreOffice, through which filled-in sheets go round.

use std::path::PathBuf;

use anyhow::Result;

use crate::tool;

/// Where the tests look for the program; who sets it names one that is not on `PATH`.
pub(crate) const VARIABLE: &str = "GONGKAI_SOFFICE";
const NAMES: [&str; 2] = ["soffice", "libreoffice"];
/// Calc for sheets, Writer for old Word files.
const PACKAGES: [&str; 2] = ["libreoffice-calc-nogui", "libreoffice-writer-nogui"];

/// The program, if need be after installing it.
pub(crate) fn require() -> Result<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(named) => Ok(named.into()),
        None => tool::find_or_install(&NAMES, &PACKAGES),
    }
}

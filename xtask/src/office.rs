//! LibreOffice, through which filled-in sheets go round. It weighs hundreds of megabytes: the tests use it where it is and
//! say when it is not, and only `faults --full` installs it.

use std::path::PathBuf;

use anyhow::Result;

use crate::tool;

/// Where the tests look for the program; who sets it names one that is not on `PATH`.
pub(crate) const VARIABLE: &str = "GONGKAI_SOFFICE";
const NAMES: [&str; 2] = ["soffice", "libreoffice"];
const PACKAGE: &str = "libreoffice-calc-nogui";

pub(crate) fn find() -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(named) => Some(named.into()),
        None => tool::find(&NAMES),
    }
}

/// What [`find`] finds, if need be after installing it.
pub(crate) fn require() -> Result<PathBuf> {
    match find() {
        Some(found) => Ok(found),
        None => tool::find_or_install(&NAMES, &[PACKAGE]),
    }
}

/// What a run without it has not shown.
pub(crate) fn left_out() -> String {
    format!(
        "NOT DONE: no sheet went through LibreOffice, which is not installed (Debian's {PACKAGE}); \
         `cargo xtask faults --full` installs and requires it"
    )
}

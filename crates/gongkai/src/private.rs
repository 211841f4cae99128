//! Files and folders that only the program's own user may read: backups and the configuration hold passwords' hashes, keys
//! and what applicants said of themselves.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a new file; where one is there already, that is an error.
///
/// # Errors
/// When it is there, or cannot be made.
pub(crate) fn file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder and those above it; one that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// May others of this machine read it?
#[cfg(unix)]
pub(crate) fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o007 != 0)
}

/// May others of this machine read it?
#[cfg(not(unix))]
pub(crate) fn is_open(_: &Path) -> bool {
    false
}

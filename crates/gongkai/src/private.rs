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

/// May others of this machine read it, be it as members of its group?
#[cfg(unix)]
pub(crate) fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// May others of this machine read it, be it as members of its group?
#[cfg(not(unix))]
pub(crate) fn is_open(_: &Path) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_for_its_owner_alone_and_any_other_reader_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, path) = (
            folder.path().join("backups"),
            folder.path().join("gongkai.toml"),
        );
        super::folder(&inner).unwrap();
        file(&path).unwrap();
        assert!(!is_open(&inner) && !is_open(&path));
        for mode in [0o640, 0o604, 0o620] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert!(is_open(&path), "{mode:o}");
        }
        assert!(!is_open(&folder.path().join("missing")));
    }
}

//! A file before publication, read and searched in the child process.

use std::path::Path;

use gongkai_documents::inspection::Inspection;
use gongkai_inspect::Rules;
use gongkai_office::Unreadable;

use crate::sandbox;

/// Everything to look at in a file, by these rules.
///
/// # Errors
/// [`Unreadable`] when the file cannot be read at all.
pub fn file(file: &Path, rules: &Rules) -> Result<Inspection, Unreadable> {
    let hidden = sandbox::hidden(file)?;
    let name = file.file_name().map(|name| name.to_string_lossy());
    let seen = Inspection::of_file(sandbox::read(file), &hidden, rules)?;
    Ok(seen.called(&name.unwrap_or_default()))
}

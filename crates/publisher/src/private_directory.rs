//! Private directories beside a site: only their owner can read them, and version control leaves
//! them out.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::staging::durability;

/// Keeps the directory out of a version control repository that the site is in.
pub const IGNORE: &str = ".gitignore";

/// The ending of a file that is not complete.
pub const INCOMPLETE: &str = "new";

/// Creates a directory, or takes the permissions of others away from it.
pub fn create(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(directory) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => make_private(directory)?,
        created => created?,
    }
    fs::write(directory.join(IGNORE), "*\n")
}

#[cfg(unix)]
fn make_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a file that only its owner can read, complete or not at all, and syncs it.
pub fn write(directory: &Path, name: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .suffix(&format!(".{INCOMPLETE}"))
        .tempfile_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    let path = directory.join(name);
    file.persist(path).map_err(|failed| failed.error)?;
    durability::directory(directory)
}

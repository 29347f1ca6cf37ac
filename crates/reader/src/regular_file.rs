//! Regular files, the only ones that are read. A pipe would keep whoever opens it waiting, and a
//! device may never end.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Opens a file, also behind a symbolic link, and never waits for it.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] for a directory, a pipe, a device or a socket, and whatever the file
/// system reports.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // To open a device can set it in motion, so it is not opened only to be looked at.
    if !path.metadata()?.is_file() {
        return Err(not_regular());
    }
    let mut options = File::options();
    options.read(true);
    // A pipe may have taken the place of the file since.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(not_regular())
    }
}

/// Reads a file as [`open_regular`] opens it, up to `most` bytes and one more: a result that is
/// longer than `most` shows that the file is too long.
///
/// # Errors
///
/// As [`open_regular`].
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn not_regular() -> io::Error {
    io::Error::new(
        ErrorKind::Unsupported,
        "it is not a regular file, but a directory, a pipe or a device; \
         put the file itself in its place",
    )
}

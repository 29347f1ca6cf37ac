//! Regular files: the only ones that are read, since a pipe may never answer and a device may never
//! end.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Opens a file, following symbolic links, and never blocks.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`] for a directory, a pipe, a device or a socket, and all errors of the
/// file system.
pub fn open_regular(path: &Path) -> io::Result<File> {
    // Opening a device may start it, so the type is checked first.
    if !path.metadata()?.is_file() {
        return Err(not_regular());
    }
    let mut options = File::options();
    options.read(true);
    // A pipe may have replaced the file since.
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

/// Reads a file as [`open_regular`] opens it, at most one byte more than `most`: that byte shows
/// that the file is too long.
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
        "not a regular file, but a directory, a pipe or a device; \
         replace it by the file itself",
    )
}

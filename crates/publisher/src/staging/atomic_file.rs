//! A file that is under its name only when it is whole: it is written beside that name, and renamed when it is on the disk.

#[cfg(unix)]
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use cek_nik::merkle::Hash;

/// A file that has not appeared yet. Dropped before it has, it is removed.
pub struct AtomicFile<'a> {
    file: BufWriter<NamedTempFile>,
    path: &'a Path,
    bytes: u64,
    hash: Sha256,
}

/// What has appeared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The length of the file.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

impl<'a> AtomicFile<'a> {
    /// Makes a file beside the path, called as the path begins, with a dot in front, and random letters and `.part` behind. Who may read it is as for the
    /// file that it is to replace.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn at(path: &'a Path) -> io::Result<Self> {
        // Whole, a long name would leave no room for what is added to it.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().take(32).collect();
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let mut file = tempfile::Builder::new();
        let prefix = format!(".{name}.");
        file.prefix(&prefix).suffix(".part");
        // Readable for all whom the umask lets read it, as any other file: it holds nothing that is not published.
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = file.tempfile_in(parent.unwrap_or(Path::new(".")))?;
        #[cfg(unix)]
        if let Ok(replaced) = path.metadata() {
            file.as_file().set_permissions(replaced.permissions())?;
        }
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            path,
            bytes: 0,
            hash: Sha256::new(),
        })
    }

    /// Puts the file under its name, in place of one that is there.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports; what was under the name still is.
    pub fn appear(self) -> io::Result<Written> {
        let file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        file.persist(self.path).map_err(|error| error.error)?;
        // A power cut must not undo the renaming. Not every file system can write a directory to the disk.
        #[cfg(unix)]
        if let Some(parent) = std::path::absolute(self.path)?.parent() {
            let _ = File::open(parent).and_then(|parent| parent.sync_all());
        }
        Ok(Written {
            bytes: self.bytes,
            sha256: self.hash.finalize().into(),
        })
    }
}

impl Write for AtomicFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

//! Atomic file writes: temporary file, fsync, rename.

#[cfg(unix)]
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use cek_nik::merkle::Hash;

/// A temporary file that [`persist`](Self::persist) renames. Dropping it removes it.
pub struct AtomicFile<'a> {
    file: BufWriter<NamedTempFile>,
    path: &'a Path,
    bytes: u64,
    hash: Sha256,
}

/// A file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: Hash,
}

impl<'a> AtomicFile<'a> {
    /// Creates the temporary file in the directory of `path`, as `.NAME.RANDOM.part` with the first
    /// 32 characters of its name. It gets the permissions of the file that it replaces.
    ///
    /// # Errors
    ///
    /// A directory that cannot be written in.
    pub fn at(path: &'a Path) -> io::Result<Self> {
        let file = Self::create(path, 0o666)?;
        #[cfg(unix)]
        if let Ok(replaced) = path.metadata() {
            let file = file.file.get_ref().as_file();
            file.set_permissions(replaced.permissions())?;
        }
        Ok(file)
    }

    /// The same, but only its owner can read the file, even if others could read the one that it
    /// replaces.
    ///
    /// # Errors
    ///
    /// A directory that cannot be written in.
    pub fn private(path: &'a Path) -> io::Result<Self> {
        Self::create(path, 0o600)
    }

    /// The umask takes permissions away from `mode`, as for any other file.
    #[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes"))]
    fn create(path: &'a Path, mode: u32) -> io::Result<Self> {
        // A whole long name plus the additions could exceed the limit of the file system.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().take(32).collect();
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let mut file = tempfile::Builder::new();
        let prefix = format!(".{name}.");
        file.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        file.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
        let file = file.tempfile_in(parent.unwrap_or(Path::new(".")))?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            path,
            bytes: 0,
            hash: Sha256::new(),
        })
    }

    /// Syncs the file and renames it to its path, replacing a file that is there.
    ///
    /// # Errors
    ///
    /// A full disk or a failed rename; a file at the path is then as it was.
    pub fn persist(self) -> io::Result<Written> {
        let file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        file.persist(self.path).map_err(|error| error.error)?;
        // A power cut must not undo the rename. Not every file system can sync a directory.
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
        let (taken, _) = bytes.split_at(written);
        self.hash.update(taken);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

//! Files below a directory.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use cek_nik_reader::regular_file::open_regular;

/// The most bytes that are read from a file, and the most that are unpacked from it: 64 MiB each.
pub const MOST_READ: u64 = 64 << 20;

/// Entry of a site's directory that is no directory.
#[derive(Debug)]
pub struct SiteFile {
    /// The path relative to the site, with slashes.
    pub name: String,
    /// The length in bytes; `None` for a link or a device.
    pub bytes: Option<u64>,
    path: PathBuf,
}

impl SiteFile {
    /// Whether it is a file, and not a link or a device.
    pub fn is_file(&self) -> bool {
        self.bytes.is_some()
    }

    /// Opens a file. It refuses links, which may lead out of the site, and pipes and devices, which
    /// may never end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`] for anything but a file, and all errors of the file system.
    pub fn open(&self) -> io::Result<File> {
        if self.is_file() {
            open_regular(&self.path)
        } else {
            Err(ErrorKind::Unsupported.into())
        }
    }

    /// Reads a file, at most `most` bytes of it.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn read(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open()?.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Files of a site, sorted by name.
#[derive(Debug)]
pub struct Files(Vec<SiteFile>);

impl Files {
    /// Lists all files. Links are listed and not followed.
    ///
    /// # Errors
    ///
    /// A directory that cannot be read.
    pub fn below(site: &Path) -> Result<Self, walkdir::Error> {
        let mut files = Vec::new();
        for entry in WalkDir::new(site) {
            let entry = entry?;
            let is_root_link = entry.depth() == 0;
            if is_root_link || entry.file_type().is_dir() {
                continue;
            }
            let relative = entry.path().strip_prefix(site).unwrap_or(entry.path());
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            let bytes = if entry.file_type().is_file() {
                Some(entry.metadata()?.len())
            } else {
                None
            };
            files.push(SiteFile {
                name: parts.join("/"),
                bytes,
                path: entry.into_path(),
            });
        }
        files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(Self(files))
    }

    /// All, in the order of their names.
    pub fn all(&self) -> &[SiteFile] {
        &self.0
    }

    /// The file with a name.
    pub fn named(&self, name: &str) -> Option<&SiteFile> {
        let index = self.0.binary_search_by(|file| file.name.as_str().cmp(name));
        index.ok().and_then(|index| self.0.get(index))
    }
}

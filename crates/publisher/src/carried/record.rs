//! Record of lists: a private file beside the site, by which the next build recognizes an unchanged
//! list.
//!
//! The directory `.SITE.lists` holds `record.json`: for each data set with stretched keys its id,
//! the root of its shards, and the [`RowsVerifier`] of its list. It is not part of the site:
//! someone with a copy of a leak could confirm with it that this very copy was published, which
//! may lead to the source.
//!
//! A record is never trusted alone: shards that stay in the site are verified, and rows of the list
//! are looked up in them. Without a record, or with a damaged one, keys are made again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::rows_digest::{DigestKey, RowsVerifier};
use crate::io_action::unless_missing;
use crate::private_directory;
use cek_nik::merkle::Hash;
use cek_nik_reader::regular_file::read_regular;

const FORMAT: &str = "cek-nik lists";
const VERSION: u32 = 1;
const FILE_NAME: &str = "record.json";
/// The longest record. A thousand data sets take some 300 KB.
const LONGEST: u64 = 4 << 20;

/// The records of a site.
pub struct Records {
    /// The directory.
    pub directory: PathBuf,
    /// Whether there is a file that cannot be used.
    pub is_damaged: bool,
    entries: Vec<Record>,
}

/// The record of the list of one data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    id: String,
    root: String,
    key: String,
    verifier: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    datasets: Vec<Record>,
}

impl Record {
    /// The record of a list whose shards have a root.
    pub fn new(id: &str, root: &Hash, verifier: &RowsVerifier) -> Self {
        let hex = base16ct::lower::encode_string;
        Self {
            id: id.to_owned(),
            root: hex(root),
            key: hex(&verifier.key.0),
            verifier: hex(&verifier.value),
        }
    }

    /// The verifier; `None` in a damaged record.
    pub fn verifier(&self) -> Option<RowsVerifier> {
        Some(RowsVerifier {
            key: DigestKey(decode(&self.key)?),
            value: decode(&self.verifier)?,
        })
    }
}

impl Records {
    /// Reads the records of a site. Those that cannot be read are as good as missing.
    pub fn open(site: &Path) -> Self {
        let name = site.file_name().unwrap_or_default().to_string_lossy();
        let directory = site.with_file_name(format!(".{name}.lists"));
        let path = directory.join(FILE_NAME);
        let entries = match path.exists() && !directory.is_symlink() {
            true => read(&path),
            false => Some(Vec::new()),
        };
        Self {
            directory,
            is_damaged: entries.is_none(),
            entries: entries.unwrap_or_default(),
        }
    }

    /// The record of a data set whose shards have a root.
    pub fn find(&self, id: &str, root: &str) -> Option<&Record> {
        let mut entries = self.entries.iter();
        entries.find(|record| record.id == id && record.root == root)
    }

    /// Whether there is a record of a data set.
    pub fn has(&self, id: &str) -> bool {
        self.entries.iter().any(|record| record.id == id)
    }

    /// Adds a record.
    pub fn add(&mut self, record: Record) {
        if !self.entries.contains(&record) {
            self.entries.push(record);
        }
    }

    /// Removes the records of other shards than those with these ids and roots.
    pub fn retain(&mut self, published: &[(String, Hash)]) {
        self.entries.retain(|record| {
            let mut published = published.iter();
            published.any(|(id, root)| record.id == *id && decode(&record.root) == Some(*root))
        });
    }

    /// Writes the records at once. Without any, removes the directory.
    ///
    /// # Errors
    ///
    /// A symbolic link in place of the directory, a full disk, or no permission.
    pub fn save(&self) -> io::Result<()> {
        if self.directory.is_symlink() {
            return Err(io::Error::other("it is a symbolic link"));
        }
        if self.entries.is_empty() {
            unless_missing(fs::remove_file(self.directory.join(FILE_NAME)))?;
            unless_missing(fs::remove_file(
                self.directory.join(private_directory::IGNORE),
            ))?;
            return unless_missing(fs::remove_dir(&self.directory));
        }
        private_directory::create(&self.directory)?;
        let file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            datasets: self.entries.clone(),
        };
        let text = serde_json::to_string_pretty(&file)? + "\n";
        private_directory::write(&self.directory, Path::new(FILE_NAME), text.as_bytes())
    }
}

fn read(path: &Path) -> Option<Vec<Record>> {
    let bytes = read_regular(path, LONGEST).ok()?;
    let file: File = serde_json::from_slice(&bytes).ok()?;
    (file.format == FORMAT && file.version == VERSION).then_some(file.datasets)
}

fn decode(hex: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let decoded = base16ct::lower::decode(hex, &mut bytes).ok()?;
    (decoded.len() == bytes.len()).then_some(bytes)
}

//! Writes a finished site into one file: a pack, or the offline page with a pack inside. `docs/FORMAT.md`, section 7.

mod contents;
pub mod error;
mod messages;
pub mod verify;

use std::io;
use std::path::Path;

use crate::io_action::is_full_disk;
use crate::job::Job;
use crate::staging::atomic_file::{AtomicFile, Written};
use crate::staging::overwrite_guard::{self, Writer};
use cek_nik_reader::site::Site;
use contents::Contents;
use error::PackingError;

/// What a site is put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A pack.
    Pack,
    /// The offline page, with a pack inside.
    Page,
}

/// What has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The ids of the data sets.
    pub datasets: Vec<String>,
    /// How many shards they have.
    pub shards: u64,
    /// The file.
    pub file: Written,
}

/// Writes a site, or the data sets of it that are chosen, into one file. Every shard is verified on its way, and none but the one under way is in memory.
/// With none chosen, all are taken. The same site gives the same bytes.
///
/// # Errors
///
/// [`PackingError`].
/// Whatever was at `out` is then as it was.
pub fn write(
    site: &Site,
    chosen: &[String],
    kind: Kind,
    out: &Path,
    job: &Job,
) -> Result<Packed, PackingError> {
    overwrite_guard::check(out, kind.into())?;
    let contents = Contents::of(site, chosen)?;
    if kind == Kind::Page {
        contents.refuse_too_large()?;
    }
    let cannot_write = |source: io::Error| {
        let path = out.to_owned();
        if is_full_disk(&source) {
            let needed = contents.bytes();
            PackingError::FullDisk {
                path,
                needed,
                source,
            }
        } else {
            PackingError::Write { path, source }
        }
    };
    let written = || {
        let mut file = AtomicFile::at(out).map_err(cannot_write)?;
        match kind {
            Kind::Pack => contents.write(&mut file, &cannot_write, out, job)?,
            Kind::Page => contents.write_page(&mut file, &cannot_write, out, job)?,
        }
        file.persist().map_err(cannot_write)
    };
    let file = written()?;
    Ok(Packed {
        shards: contents.shards(),
        datasets: contents.ids(),
        file,
    })
}

impl From<Kind> for Writer {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Pack => Self::PackOut,
            Kind::Page => Self::PackHtml,
        }
    }
}

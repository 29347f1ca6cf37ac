//! Packs: a finished site in one file, bare or inside the offline page (`docs/FORMAT.md`, section
//! 7).
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::atomic::AtomicBool;
//!
//! use cek_nik_publisher::job::{Job, Silent};
//! use cek_nik_publisher::pack::{self, Kind, verify};
//! use cek_nik_reader::site::Site;
//!
//! let job = Job {
//!     today: "2026-11-23".parse().unwrap(),
//!     progress: &Silent,
//!     stop: &AtomicBool::new(false),
//!     threads: 1,
//!     memory: 64 << 20,
//! };
//! let out = Path::new("contoh.cnkpack");
//! let packed = pack::write(&Site::Directory("site".into()), &[], Kind::Pack, out, None, &job)?;
//! assert_eq!(verify::verify(out, None, &job)?, packed);
//! # Ok::<(), cek_nik_publisher::pack::error::PackingError>(())
//! ```

mod contents;
pub mod error;
pub(crate) mod messages;
pub mod verify;

use std::io;
use std::path::Path;

use crate::io_action::{IoAction, PathError, is_full_disk};
use crate::job::Job;
use crate::staging::atomic_file::{AtomicFile, Written};
use crate::staging::overwrite_guard::{self, Writer};
use cek_nik::signature::PublicKey;
use cek_nik_reader::site::Site;
use contents::Contents;
use error::PackingError;

/// The kind of file that holds a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A pack.
    Pack,
    /// The offline page, with a pack inside.
    Page,
}

/// A file that was written or verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The ids of the data sets.
    pub datasets: Vec<String>,
    /// The number of shards.
    pub shards: u64,
    /// The trusted comment of the signature; `None` without a signature. Only a key shows who wrote
    /// it.
    pub signed: Option<String>,
    /// The length and hash of the file.
    pub file: Written,
}

/// Packs the chosen data sets of a site into one file; all if none is chosen. The same site gives
/// the same bytes. Only one shard at a time is in memory, and it is verified. With a key, a site
/// that the key has not signed is refused. A signature is of all data sets: it is left out of a
/// pack of some.
///
/// # Errors
///
/// [`PackingError`]. A file at `out` is then as it was.
pub fn write(
    site: &Site,
    chosen: &[String],
    kind: Kind,
    out: &Path,
    key: Option<&PublicKey>,
    job: &Job,
) -> Result<Packed, PackingError> {
    overwrite_guard::check(out, kind.into())?;
    let contents = Contents::of(site, chosen, key)?;
    if kind == Kind::Page {
        contents.refuse_too_large()?;
    }
    let cannot_write = |source: io::Error| {
        let path = out.to_owned();
        if is_full_disk(&source) {
            let needed = contents.bytes();
            return PackingError::FullDisk {
                path,
                needed,
                source,
            };
        }
        let action = IoAction::Write;
        PackingError::Path(PathError {
            action,
            path,
            source,
        })
    };
    let mut file = AtomicFile::at(out).map_err(cannot_write)?;
    match kind {
        Kind::Pack => contents.write(&mut file, &cannot_write, out, job)?,
        Kind::Page => contents.write_page(&mut file, &cannot_write, out, job)?,
    }
    let file = file.persist().map_err(cannot_write)?;
    Ok(Packed {
        shards: contents.shards(),
        datasets: contents.ids(),
        signed: contents.comment(),
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

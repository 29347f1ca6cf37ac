//! Writing: from the rows of a list to a key file.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use cek_nik::identifier::IdentifierKind;
//! use cek_nik::key::{Kdf, Salt};
//! use cek_nik_publisher::config::Accepted;
//! use cek_nik_publisher::input::{Input, Reading};
//! use cek_nik_publisher::job::{Job, Silent};
//! use cek_nik_publisher::key_file::part::Part;
//! use cek_nik_publisher::key_file::reader::KeyFile;
//! use cek_nik_publisher::key_file::write::{self, Request};
//! use cek_nik_publisher::keys::Keys;
//!
//! let directory = tempfile::tempdir()?;
//! let (list, out) = (directory.path().join("list.txt"), directory.path().join("list.cnkkeys"));
//! std::fs::write(&list, "3201014107909001\n3201014107909001\n")?;
//! let stop = AtomicBool::new(false);
//! let job = Job {
//!     today: "2026-11-23".parse().unwrap(),
//!     progress: &Silent,
//!     stop: &stop,
//!     threads: 1,
//!     memory: 64 << 20,
//! };
//! let request = Request {
//!     inputs: &[Input { path: list, reading: Reading::default() }],
//!     keys: Keys { identifier: IdentifierKind::Nik, salt: Salt([7; 16]), kdf: Kdf::Sha256 },
//!     part: Part::WHOLE,
//!     accepted: Accepted::default(),
//! };
//! write::check(&out, &request)?;
//! let trailer = write::derive(&request, directory.path(), &job)?.save(&out, &job)?;
//! assert_eq!((trailer.keys, trailer.counts.rows), (1, 2));
//! KeyFile::open(&out)?.verify()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::content::ContentWriter;
use super::error::KeyFileError;
use super::fit::{self, TestKey};
use super::header::{Header, Scope};
use super::load::sorted;
use super::part::{Part, Selection};
use super::place::refuse_in_site;
use super::reader::header_of;
use super::trailer::{Counts, ListId, Trailer};
use crate::checkpoint::source_stamp::Lists;
use crate::config::Accepted;
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{Changed, Input, SourceInfo};
use crate::io_action::{IoAction, OnPath};
use crate::job::{Event, Job, Step};
use crate::keys::Keys;
use crate::keys::derive_keys::{DerivedKeys, derive_keys};
use crate::partition::{BUCKETS, PartitionReader};
use crate::preflight::refused::refuse;
use crate::preflight::scan::{can_be_read_twice, scan};
use crate::staging::atomic_file::AtomicFile;
use crate::staging::overwrite_guard::{self, CannotReplace, Writer};
use cek_nik::key::{Kdf, KeyDeriver};

/// The keys to derive.
pub struct Request<'a> {
    /// The lists.
    pub inputs: &'a [Input],
    /// The parameters of the keys.
    pub keys: Keys,
    /// The part of the rows.
    pub part: Part,
    /// The risks that are accepted.
    pub accepted: Accepted,
}

/// Keys on their way to a file.
pub struct Derived {
    header: Header,
    partitions: Vec<PartitionReader>,
    counts: Counts,
    list: ListId,
}

/// Why a key file cannot be written at a path.
#[derive(Debug, thiserror::Error)]
pub enum CannotWrite {
    /// Another file would be replaced.
    #[error(transparent)]
    CannotReplace(#[from] CannotReplace),
    /// The path is in a site, or another key file would be replaced.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// Not enough memory for the key derivation.
    #[error("not enough memory for the key derivation")]
    OutOfMemory,
}

impl CannotWrite {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CannotReplace(error) => error.code(),
            Self::KeyFile(error) => error.code(),
            Self::OutOfMemory => "out_of_memory",
        }
    }
}

/// Checks that keys may be written at a path: outside of sites, and over nothing but keys with the
/// same parameters and of the same part. Creates nothing.
///
/// # Errors
///
/// [`CannotWrite`].
pub fn check(path: &Path, request: &Request) -> Result<(), CannotWrite> {
    refuse_in_site(path)?;
    overwrite_guard::check(path, Writer::Keys)?;
    if !path.exists() {
        return Ok(());
    }
    let other = |difference: String| KeyFileError::OtherKeys {
        path: path.to_owned(),
        difference,
    };
    let header = header_of(path).on_path(IoAction::Read, path);
    let header = header.map_err(KeyFileError::from)?;
    // A damaged header is that of a key file, since the guard has seen its beginning.
    let header = header.ok_or_else(|| other("the file is damaged".to_owned()))?;
    let Keys { salt, kdf, .. } = request.keys;
    let test_key = TestKey::derive(salt, kdf).map_err(|_| CannotWrite::OutOfMemory)?;
    fit::check(&header, request.keys, test_key).map_err(|unfit| other(unfit.to_string()))?;
    match header.scope {
        Scope::Part(part) if part == request.part => Ok(()),
        Scope::Part(part) => Err(other(format!("the part is {part}, not {}", request.part)).into()),
        Scope::Batch(_) => Err(other("the checkpoint of a stopped build".to_owned()).into()),
    }
}

/// Reads lists, and derives the keys of a part. Keys beyond the memory of the job are written to
/// nameless files in a directory.
///
/// # Errors
///
/// An unreadable list, rows that cannot be used and are not accepted, a full disk, not enough
/// memory, or [`crate::job::Cancelled`].
pub fn derive(request: &Request, directory: &Path, job: &Job) -> Result<Derived, BuildError> {
    let Request {
        inputs,
        keys,
        part,
        accepted,
    } = *request;
    let test_key = TestKey::derive(keys.salt, keys.kdf)?;
    let lists: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    let watched = Lists::now(&lists);
    let refuse_unusable = |stats: &Stats, seen: &[SourceInfo], distinct| {
        job.progress.on(Event::ListsRead {
            dataset: "",
            lists: &lists,
            source_info: seen,
            stats,
            distinct,
            identifier: keys.identifier,
        });
        refuse(stats, &lists, accepted)
    };
    let mut seen = None;
    let mut expected = None;
    if keys.kdf != Kdf::Sha256 && can_be_read_twice(inputs) {
        let scanned = scan(inputs, keys.identifier, None, directory, job)?;
        refuse_unusable(&scanned.stats, &scanned.seen, Some(scanned.distinct))?;
        expected = Some(scanned.stats.accepted().rows() / u64::from(part.of()));
        seen = Some(scanned.seen);
    }
    let selection = Selection { part, expected };
    let DerivedKeys {
        partitions,
        stats,
        source_info,
        sum,
        ..
    } = derive_keys(inputs, keys, None, None, Some(selection), directory, job)?;
    match seen {
        Some(seen) => {
            let mut lists = seen.iter().zip(&source_info);
            if let Some(list) = lists.position(|(then, now)| then != now) {
                return Err(Changed(watched.path(list).to_owned()).into());
            }
        }
        None => refuse_unusable(&stats, &source_info, None)?,
    }
    let counts = Counts {
        rows: stats.accepted().rows(),
        lost: stats.lost(),
        set_aside: stats.set_aside(),
    };
    Ok(Derived {
        header: Header {
            keys,
            scope: Scope::Part(part),
            test_key,
        },
        partitions,
        counts,
        list: sum.list_id(&counts, &mut KeyDeriver::new(keys.salt, keys.kdf)?)?,
    })
}

impl Derived {
    /// Writes the file as it is made, to a pipe for example.
    ///
    /// # Errors
    ///
    /// A full disk, a closed pipe, or [`crate::job::Cancelled`].
    pub fn write(&self, out: impl Write, job: &Job) -> Result<Trailer, BuildError> {
        job.progress.on(Event::Begin {
            step: Step::WritingKeys,
            total: Some(BUCKETS as u64),
        });
        let mut out = ContentWriter::new(out, &self.header)?;
        let mut keys = Vec::new();
        for bucket in 0..BUCKETS {
            job.check_cancelled()?;
            sorted(&self.partitions, bucket, &mut keys).map_err(BuildError::Partition)?;
            out.write(&keys)?;
            job.progress.on(Event::Advance(1));
        }
        Ok(out.finish(self.counts, self.list)?)
    }

    /// Writes a file that only its owner can read. It appears under its name when it is complete.
    ///
    /// # Errors
    ///
    /// As [`Derived::write`].
    pub fn save(&self, path: &Path, job: &Job) -> Result<Trailer, BuildError> {
        let mut file = AtomicFile::private(path).on_path(IoAction::Write, path)?;
        let trailer = self.write(&mut file, job).map_err(|error| match error {
            BuildError::Disk(error) => on_path(error, path),
            error => error,
        })?;
        file.persist().on_path(IoAction::Write, path)?;
        Ok(trailer)
    }
}

fn on_path(error: io::Error, path: &Path) -> BuildError {
    match Err::<(), _>(error).on_path(IoAction::Write, path) {
        Err(error) => error.into(),
        Ok(()) => unreachable!("it was an error"),
    }
}

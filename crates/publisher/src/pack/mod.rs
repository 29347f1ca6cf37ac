//! Writes a finished site into one file: a pack, or the offline page with a pack inside. `docs/FORMAT.md`, section 7.

mod contents;
mod messages;
pub mod verify;

use std::path::{Path, PathBuf};

use crate::io_action::is_full_disk;
use crate::job::Job;
use crate::plan::number_format;
use crate::staging::atomic_file::{AtomicFile, Written};
use crate::staging::overwrite_guard;
use cek_nik_reader::site::Site;
use contents::Contents;

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

/// Somebody asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped: {path} was not written", path = .0.display())]
pub struct NotWritten(PathBuf);

/// Writes a site, or the data sets of it that are chosen, into one file. Every shard is verified on its way, and none but the one under way is in memory.
/// With none chosen, all are taken. The same site gives the same bytes.
///
/// # Errors
///
/// [`NotWritten`], an incomplete or damaged site,
/// [`CannotReplace`](overwrite_guard::CannotReplace), or whatever the file system reports.
/// Whatever was at `out` is then as it was.
pub fn write(
    site: &Site,
    chosen: &[String],
    kind: Kind,
    out: &Path,
    job: &Job,
) -> anyhow::Result<Packed> {
    overwrite_guard::check(out, kind.into())?;
    let contents = Contents::of(site, chosen)?;
    if kind == Kind::Page {
        contents.refuse_too_large()?;
    }
    let written = || {
        let mut file = AtomicFile::at(out)?;
        match kind {
            Kind::Pack => contents.write(&mut file, out, job)?,
            Kind::Page => contents.write_page(&mut file, out, job)?,
        }
        anyhow::Ok(file.appear()?)
    };
    let file = written().map_err(|error| explain(error, out, contents.bytes()))?;
    Ok(Packed {
        shards: contents.shards(),
        datasets: contents.ids(),
        file,
    })
}

fn explain(error: anyhow::Error, out: &Path, needed: u64) -> anyhow::Error {
    let shown = out.display();
    if error
        .chain()
        .filter_map(|e| e.downcast_ref())
        .any(is_full_disk)
    {
        return error.context(format!(
            "cannot write {shown}, which takes {} or more: make room on its disk, and give the same command again; nothing is left of this attempt",
            number_format::bytes(needed)
        ));
    }
    match error.downcast_ref::<std::io::Error>() {
        Some(_) => error.context(format!("cannot write {shown}")),
        None => error,
    }
}

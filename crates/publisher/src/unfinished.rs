//! Why a build ended before the site was ready, and how it goes on.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use crate::checkpoint::fingerprint::Unfit;
use crate::input::Changed;
use crate::pipeline::Refused;
use crate::plan::number_format;

/// Keys that the next build can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRows {
    /// Where they are.
    pub directory: PathBuf,
    /// Of how many rows they are.
    pub rows: u64,
    /// Of how many rows keys are wanted; none before that is known.
    pub expected: Option<u64>,
}

/// What went wrong, and what to do next.
#[derive(Debug, thiserror::Error)]
pub struct Unfinished {
    why: anyhow::Error,
    kept: Option<KeptRows>,
}

impl Unfinished {
    /// Adds to an error what to do next, unless it says so itself.
    pub fn explain(why: anyhow::Error, kept: KeptRows) -> anyhow::Error {
        let kept = Some(kept).filter(|kept| kept.rows > 0);
        let is_refused = why.is::<Refused>() || why.is::<Unfit>();
        if is_refused || kept.is_none() && !is_full_disk(&why) {
            return why;
        }
        Self { why, kept }.into()
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.why)?;
        if is_full_disk(&self.why) {
            f.write_str(
                ". Nothing was changed in the site: make room on its disk, and give the same command again",
            )?;
        }
        let Some(kept) = &self.kept else {
            return Ok(());
        };
        write!(f, ". The keys of {} ", number_format::number(kept.rows))?;
        if let Some(expected) = kept.expected {
            write!(f, "of {} ", number_format::number(expected))?;
        }
        let continues = if self.why.is::<Changed>() {
            "the same command continues with them when the list is as it was"
        } else {
            "the same command continues with them"
        };
        let directory = kept.directory.display();
        write!(f, "rows are kept in {directory}, and {continues}")
    }
}

/// Whether there is no room for what was to be written.
pub fn is_full_disk(error: &anyhow::Error) -> bool {
    let is_full = |kind| {
        matches!(
            kind,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        )
    };
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|io| is_full(io.kind()))
}

//! A long job: its day, its progress, its threads, and the request to stop it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::input::SourceInfo;
use crate::input::stats::Stats;
use crate::plan::choice::Plan;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, Salt};
use cek_nik::nik::Date;

/// What a long job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading rows, and making keys that take no time.
    Reading,
    /// Making keys that take long, one a row.
    Stretching,
    /// Counting different keys.
    Counting,
    /// Writing shards.
    Building,
    /// Reading shards of a finished site.
    Verifying,
    /// Putting a site into one file.
    Packing,
}

/// What happens in a job.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A step begins, of `total` units of work; `None` where nobody can know.
    Begin {
        /// The step.
        step: Step,
        /// Its units of work.
        total: Option<u64>,
    },
    /// So many units of work are done since the last such event.
    Advance(u64),
    /// So many rows have become keys, or have been rejected, since the last such event.
    Rows(u64),
    /// The keys of so many rows of this step are there, from a build that was stopped.
    Continuing(u64),
    /// The keys of so many more of these rows have been found to be the right ones.
    Checked(u64),
    /// The lists of a data set have been read.
    ListsRead {
        /// The id of the data set.
        dataset: &'a str,
        /// The lists.
        lists: &'a [PathBuf],
        /// How each of them was read.
        seen: &'a [SourceInfo],
        /// What became of the rows.
        stats: &'a Stats,
        /// How many different identifiers; `None` where they are counted later.
        distinct: Option<u64>,
        /// What identifiers are made of.
        identifier: IdentifierKind,
    },
    /// It is decided how a data set is built.
    Planned {
        /// The id of the data set.
        dataset: &'a str,
        /// The plan.
        plan: &'a Plan,
        /// How keys are made.
        kdf: Kdf,
        /// What identifiers are made of.
        identifier: IdentifierKind,
    },
}

/// Hears what happens in a job. Called from several threads.
pub trait Progress: Sync {
    /// Takes one event.
    fn on(&self, event: Event);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn on(&self, _: Event) {}
}

/// What every step of a job needs: the day, how to report, when to stop, and how many threads to use.
pub struct Job<'a> {
    /// The day of the build.
    pub today: Date,
    /// Hears how far it is.
    pub progress: &'a dyn Progress,
    /// Set from outside to stop.
    pub stop: &'a AtomicBool,
    /// How many threads to use.
    pub threads: usize,
}

/// The operating system gives no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct NoRandomNumbers(pub String);

/// A salt for a catalogue that has none yet.
pub(crate) fn random_salt() -> Result<Salt, NoRandomNumbers> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| NoRandomNumbers(error.to_string()))?;
    Ok(Salt(salt))
}

/// Runs the same work on several threads until all of them have ended. The first error counts.
pub fn in_parallel<E: Send>(
    threads: usize,
    work: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        workers.into_iter().try_for_each(join)
    })
}

/// The result of a thread; a panic goes on in this one.
pub(crate) fn join<T>(worker: std::thread::ScopedJoinHandle<'_, T>) -> T {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Somebody asked the job to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped: nothing was changed in the site")]
pub struct Cancelled;

impl Job<'_> {
    /// # Errors
    ///
    /// [`Cancelled`] when somebody has asked for it.
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }
}

//! Jobs: the day, progress events, threads and cancellation of a long run.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::carried::unchanged::Remade;
use crate::input::SourceInfo;
use crate::input::stats::Stats;
use crate::plan::choice::Plan;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, Salt};
use cek_nik::nik::Date;

/// A step of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading rows, and deriving keys with SHA-256. The unit is bytes.
    Reading,
    /// Deriving keys with Argon2id. The unit is rows.
    Stretching,
    /// Reading key files. The unit is keys.
    LoadingKeys,
    /// Counting different keys. The unit is buckets.
    Counting,
    /// Writing a key file. The unit is buckets.
    WritingKeys,
    /// Writing shards. The unit is shards.
    Building,
    /// Verifying the shards of a finished site or pack.
    Verifying,
    /// Writing a pack. The unit is bytes.
    Packing,
}

/// A progress event of a job.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A step begins.
    Begin {
        /// The step.
        step: Step,
        /// Its units of work; `None` if unknown.
        total: Option<u64>,
    },
    /// Units of work that were done since the last such event.
    Advance(u64),
    /// Rows that were read since the last such event, accepted or rejected.
    Rows(u64),
    /// Rows of this step that have keys in the checkpoint.
    Continuing(u64),
    /// Rows that matched the checkpoint since the last such event.
    Checked(u64),
    /// The lists of a data set have been read.
    ListsRead {
        /// The id of the data set.
        dataset: &'a str,
        /// The lists.
        lists: &'a [PathBuf],
        /// The layout of each list.
        source_info: &'a [SourceInfo],
        /// The counts of accepted and rejected rows.
        stats: &'a Stats,
        /// The number of different identifiers; `None` if they are counted later.
        distinct: Option<u64>,
        /// What identifiers are made of.
        identifier: IdentifierKind,
    },
    /// The shards of a data set that the site has are made again.
    Remade {
        /// The id of the data set.
        dataset: &'a str,
        /// The reason.
        reason: &'a Remade,
    },
    /// A data set has a plan.
    Planned {
        /// The id of the data set.
        dataset: &'a str,
        /// The plan.
        plan: &'a Plan,
        /// The key derivation.
        kdf: Kdf,
        /// The kind of identifier.
        identifier: IdentifierKind,
    },
}

/// A listener for the events of a job. Several threads call it.
pub trait Progress: Sync {
    /// Takes one event.
    fn on(&self, event: Event);
}

/// A listener that ignores all events.
pub struct Silent;

impl Progress for Silent {
    fn on(&self, _: Event) {}
}

/// The settings of a job.
pub struct Job<'a> {
    /// The date of the build.
    pub today: Date,
    /// The listener.
    pub progress: &'a dyn Progress,
    /// Cancels the job when set.
    pub stop: &'a AtomicBool,
    /// How many threads to use.
    pub threads: usize,
    /// The memory for keys, in bytes. Further keys are written to temporary files.
    pub memory: u64,
}

/// The operating system has no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random numbers: {0}")]
pub struct NoRandomNumbers(pub String);

/// A new salt.
pub(crate) fn random_salt() -> Result<Salt, NoRandomNumbers> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| NoRandomNumbers(error.to_string()))?;
    Ok(Salt(salt))
}

/// Locks a mutex. A panic of another thread ends the job, so it does not matter here.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a function on several threads, and waits for all. Returns the first error.
pub fn in_parallel<E: Send>(
    threads: usize,
    work: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        workers.into_iter().try_for_each(join)
    })
}

/// The result of a thread. A panic continues in this thread.
pub(crate) fn join<T>(worker: std::thread::ScopedJoinHandle<'_, T>) -> T {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// The job was cancelled.
#[derive(Debug, thiserror::Error)]
#[error("stopped: nothing was changed in the site")]
pub struct Cancelled;

impl Job<'_> {
    /// Fails if the job was cancelled.
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Owns what a job of a unit test borrows.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct TestJob {
    stop: AtomicBool,
}

#[cfg(test)]
impl TestJob {
    pub fn job<'a>(&'a self, progress: &'a dyn Progress) -> Job<'a> {
        Job {
            today: Date::new(2026, 11, 23).unwrap(),
            progress,
            stop: &self.stop,
            threads: 1,
            memory: 64 << 20,
        }
    }
}

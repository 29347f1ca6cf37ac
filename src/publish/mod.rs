//! Turns lists into a static site. Native only.
//!
//! | module | subject |
//! |---|---|
//! | [`describe`] | what is to be published: `catalogue.toml` |
//! | [`steps`] | what the publisher changes about the next steps for readers |
//! | [`input`] | lists as people have them: formats, columns, rows that are no NIKs |
//! | [`spill`] | keys set aside by prefix, so that memory does not grow with the list |
//! | [`survey`] | a quick look at lists before keys are stretched |
//! | [`foreseen`] | what is known, and refused, of data sets before a key is stretched |
//! | [`collect`] | the first pass: rows in, keys out |
//! | [`stretch`] | keys that take long to make, a chunk of rows at a time |
//! | [`kept`] | such keys beside the site, so that a build which was stopped continues |
//! | [`count`] | how many different keys each prefix has |
//! | [`sizing`] | from a plan and counts to the filters |
//! | [`shards`] | the second pass: keys in, shard files out |
//! | [`probe`] | a last look at what is about to be published |
//! | [`stage`] | the directory beside the site in which everything is made, and the lock on it |
//! | [`sync`] | what has to outlive a power cut |
//! | [`assets`] | the widget, the reader's page, the loader, and what hosts need |
//! | [`oembed`] | what other sites need to embed the widget by its address alone |
//! | [`salt`] | which salt a build uses, and where it comes from |
//! | [`neighbours`] | other catalogues beside a site: none may share its salt |
//! | [`speed`] | how many keys this computer makes in a second |
//! | [`watch`] | threads that work together |
//! | [`unfinished`] | why a build ended early, and how it goes on |
//! | [`pack`] | a finished site in one file |
//! | [`appearing`] | a file that is under its name only when it is whole |
//! | [`edition`] | one data set from its lists to its directory, and all of them to the site |
//! | [`sample`] | made-up NIKs that cannot be anybody's |

use std::sync::atomic::{AtomicBool, Ordering};

use crate::identifier::IdentifierKind;
use crate::key::{Kdf, Salt};
use crate::nik::Date;
use crate::plan::choice::Plan;

pub mod appearing;
pub mod assets;
pub mod collect;
pub mod count;
pub mod describe;
pub mod edition;
pub mod foreseen;
pub mod input;
pub mod kept;
pub mod neighbours;
pub mod oembed;
pub mod pack;
pub mod probe;
pub mod salt;
pub mod sample;
pub mod shards;
pub mod sizing;
pub mod speed;
pub mod spill;
pub mod stage;
pub mod steps;
pub mod stretch;
pub mod survey;
pub mod sync;
pub mod unfinished;
pub mod watch;

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
    /// Trying numbers against a finished site.
    Trying,
}

/// Hears how far a job is. Called from several threads.
pub trait Progress: Sync {
    /// A step begins, of so many units of work; `None` where nobody can know.
    fn begin(&self, step: Step, total: Option<u64>);
    /// So many units of work are done since the last call.
    fn advance(&self, by: u64);
    /// So many rows have become keys, or have been refused, since the last call.
    fn rows(&self, by: u64);
    /// Of so many rows of this step, keys are there from a build that was stopped.
    fn continuing(&self, _there: u64) {}
    /// Of so many rows more, these keys have been found to be the right ones.
    fn checked(&self, _by: u64) {}
    /// It is decided how a data set is built.
    fn planned(&self, dataset: &str, plan: &Plan, kdf: Kdf, identifier: IdentifierKind);
    /// The job is over, well or not.
    fn end(&self);
}

/// Nobody listens.
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Step, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn rows(&self, _: u64) {}
    fn planned(&self, _: &str, _: &Plan, _: Kdf, _: IdentifierKind) {}
    fn end(&self) {}
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

/// A salt for a catalogue that has none yet.
fn random_salt() -> anyhow::Result<Salt> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(Salt(salt))
}

/// Runs the same work on several threads until all of them have ended. The first error counts.
pub(crate) fn in_parallel(
    threads: usize,
    work: impl Fn() -> anyhow::Result<()> + Sync,
) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        workers.into_iter().try_for_each(join)
    })
}

/// The result of a thread; a panic goes on in this one.
fn join<T>(worker: std::thread::ScopedJoinHandle<'_, T>) -> T {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Somebody asked the job to stop.
#[derive(Debug, thiserror::Error)]
#[error("stopped: nothing was changed in the site")]
pub struct Stopped;

impl Job<'_> {
    /// # Errors
    ///
    /// [`Stopped`] when somebody has asked for it.
    pub fn go_on(&self) -> Result<(), Stopped> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Stopped)
        } else {
            Ok(())
        }
    }
}

//! Tries NIKs against the site for a while, on all cores, as somebody does who wants the list: a key of each, looked up in every data set.
//!
//! Some of the numbers that are tried belong to people. Nothing of what is tried or found is kept, shown or told apart: all that comes
//! out is how many were tried and how many were found.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::identify::identifier;
use super::impossible;
use super::interval::Counted;
use super::plausible::Plausible;
use cek_nik::catalogue::{Catalogue, Dataset};
use cek_nik::key::{Kdf, Key, KeyDeriver, OutOfMemory};
use cek_nik::nik::Nik;
use cek_nik_publisher::job::{Job, in_parallel};

/// A data set with its filters in memory.
pub struct Target<'a> {
    /// What the catalogue says of it.
    pub dataset: &'a Dataset,
    /// The filters by prefix; `None` where the shard is missing or refused, or too large to be held.
    pub filters: &'a [Option<Vec<u8>>],
}

impl Target<'_> {
    /// Whether a key is found; `None` where its shard is not at hand.
    fn holds(&self, key: &Key) -> Option<bool> {
        let prefix = self.dataset.prefix_bits().prefix_of(key.head());
        let filter = self.filters.get(prefix.value() as usize)?.as_deref()?;
        Some(self.dataset.filter().holds(filter, &key.filter_hash()))
    }
}

/// What came of trying.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// How many NIKs.
    pub keys: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How many keys one core makes and looks up in a second: that of the fastest tenth of a second, on average over the cores.
    pub per_second_and_core: f64,
    /// On how many cores.
    pub cores: usize,
    /// How many keys were looked up in each target, which are those whose shard is at hand, and how many were found.
    pub counted: Vec<Counted>,
}

/// Tries plausible NIKs for a while, in an order that spreads any sample of them evenly over districts, birthdays and serials.
///
/// # Errors
///
/// Too little memory to make keys, or [`cek_nik_publisher::job::Stopped`].
pub fn plausible(attempt: &Attempt, seed: u64) -> anyhow::Result<Tried> {
    let all = Plausible::all();
    let pairs = all.pairs();
    let first = ChaCha8Rng::seed_from_u64(seed).next_u64() % pairs;
    let step = step(pairs);
    let threads = attempt.job.threads as u64;
    let behind = |place: u64, steps: u64| (0..steps).fold(place, |place, _| (place + step) % pairs);
    attempt.run(|thread| {
        let stride = behind(0, threads);
        let places = std::iter::successors(Some(behind(first, thread)), move |place| {
            Some((place + stride) % pairs)
        });
        places.flat_map(|place| all.of_pair(place))
    })
}

/// Tries NIKs that cannot be real: whatever is found is a false alarm.
///
/// # Errors
///
/// As [`plausible`].
pub fn impossible(attempt: &Attempt, seed: u64) -> anyhow::Result<Tried> {
    attempt.run(|thread| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(thread);
        std::iter::repeat_with(move || impossible::draw(&mut random))
    })
}

/// The next place is so far ahead, as a share of all: the golden ratio, whose multiples leave no large gap.
const STEP: f64 = 0.618_033_988_749_894_9;

/// The nearest step that has no divisor in common with the number of places, so that none is tried twice before all have been.
fn step(places: u64) -> u64 {
    let wanted = (places as f64 * STEP) as u64;
    (wanted..)
        .find(|step| greatest_common_divisor(*step, places) == 1)
        .unwrap_or(1)
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// What is tried out, and for how long.
pub struct Attempt<'a> {
    /// Whose keys.
    pub catalogue: &'a Catalogue,
    /// Where they are looked up.
    pub targets: &'a [Target<'a>],
    /// How long.
    pub time: Duration,
    /// With how many threads.
    pub job: &'a Job<'a>,
}

impl Attempt<'_> {
    /// Tries what each thread's own source gives, until the time is over.
    fn run<N: Iterator<Item = Nik>>(
        &self,
        source: impl Fn(u64) -> N + Sync,
    ) -> anyhow::Result<Tried> {
        let threads = AtomicU64::new(0);
        let tried = Mutex::new(Tried {
            keys: 0,
            seconds: 0.0,
            per_second_and_core: 0.0,
            cores: self.job.threads,
            counted: vec![Counted::default(); self.targets.len()],
        });
        in_parallel(self.job.threads, || {
            let source = source(threads.fetch_add(1, Ordering::Relaxed));
            let one = self.run_one(source)?;
            tried
                .lock()
                .unwrap_or_else(|broken| broken.into_inner())
                .add(&one);
            Ok(())
        })?;
        Ok(tried
            .into_inner()
            .unwrap_or_else(|broken| broken.into_inner()))
    }

    fn run_one(&self, mut niks: impl Iterator<Item = Nik>) -> anyhow::Result<One> {
        let no_memory =
            |OutOfMemory| anyhow!("not enough memory to make keys as the catalogue asks for");
        let kind = self.catalogue.identifier();
        let mut deriver =
            KeyDeriver::new(self.catalogue.salt(), self.catalogue.kdf()).map_err(no_memory)?;
        let at_once = match self.catalogue.kdf() {
            Kdf::Sha256 => 10_000,
            Kdf::Argon2id(_) => 1,
        };
        let mut one = One {
            keys: 0,
            seconds: 0.0,
            fastest: 0.0,
            counted: vec![Counted::default(); self.targets.len()],
        };
        let mut keys = Vec::with_capacity(at_once);
        let start = Instant::now();
        while start.elapsed() < self.time {
            let slice = Instant::now();
            let before = one.keys;
            while slice.elapsed() < SLICE.min(self.time) {
                self.job.go_on()?;
                // Looked up together, since a processor waits for many places in memory at once.
                keys.clear();
                for nik in niks.by_ref().take(at_once) {
                    keys.push(deriver.derive(&identifier(kind, &nik)).map_err(no_memory)?);
                }
                for (target, counted) in self.targets.iter().zip(&mut one.counted) {
                    let answers = keys.iter().filter_map(|key| target.holds(key));
                    answers.for_each(|is_found| counted.count(is_found));
                }
                one.keys += keys.len() as u64;
            }
            let seconds = slice.elapsed().as_secs_f64();
            one.fastest = one.fastest.max((one.keys - before) as f64 / seconds);
            self.job.progress.advance((seconds * 1e3) as u64);
        }
        one.seconds = start.elapsed().as_secs_f64();
        Ok(one)
    }
}

/// How long one measurement of the speed takes; the fastest counts, since whatever else the computer does only slows one down.
const SLICE: Duration = Duration::from_millis(100);

/// What one thread has tried.
struct One {
    keys: u64,
    seconds: f64,
    /// Keys a second.
    fastest: f64,
    counted: Vec<Counted>,
}

impl Tried {
    fn add(&mut self, one: &One) {
        self.keys += one.keys;
        self.seconds = self.seconds.max(one.seconds);
        self.per_second_and_core += one.fastest / self.cores as f64;
        for (sum, counted) in self.counted.iter_mut().zip(&one.counted) {
            *sum += *counted;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_place_is_tried_twice_before_all_have_been() {
        for places in [1, 2, 12, 97, 1_000, 5_040] {
            let step = step(places);
            let tried: HashSet<u64> = (0..places).map(|number| number * step % places).collect();
            assert_eq!(tried.len() as u64, places);
        }
    }

    #[test]
    fn a_few_places_are_already_spread() {
        let places = 5_809_666_500;
        let step = step(places);
        let mut tried: Vec<u64> = (0..100_u64).map(|number| number * step % places).collect();
        tried.sort_unstable();
        let widest = tried
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .max()
            .unwrap();
        assert!(widest < places / 100 * 3, "{widest}");
    }
}

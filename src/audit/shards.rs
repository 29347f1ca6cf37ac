//! One pass over all shards of a data set: verified as clients verify them, and measured.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::fill::Fill;
use super::interval::Counted;
use super::probes::Probes;
use super::traces::binary::Places;
use super::traces::encodings::find_all;
use crate::catalogue::Dataset;
use crate::prefix::Prefix;
use crate::publish::{Job, in_parallel};
use crate::shard::{Shard, ShardError};

/// What was found in the shards of a data set.
#[derive(Default)]
pub struct Shards {
    /// What was measured of each shard that was verified, in the order of their prefixes.
    pub verified: Vec<(Prefix, Fill)>,
    /// Those that are not there.
    pub missing: Vec<Prefix>,
    /// Those that clients refuse, and why.
    pub refused: Vec<(Prefix, ShardError)>,
    /// Those that cannot be read.
    pub unreadable: Vec<Prefix>,
    /// How many probes are in them.
    pub counted: Counted,
    /// What reads as a NIK in the bits of the filters, in binary.
    pub places: Places,
    /// How often a filter holds what reads as a NIK, in text.
    pub texts: usize,
    /// The filters, where they are wanted and fit.
    pub filters: Vec<Option<Vec<u8>>>,
}

/// Reads every shard of a data set. Filters are kept if `keep` says so.
///
/// # Errors
///
/// [`crate::publish::Stopped`].
pub fn read(
    site: &Path,
    dataset: &Dataset,
    probes: &Probes,
    keep: bool,
    job: &Job,
) -> anyhow::Result<Shards> {
    let prefixes: Vec<Prefix> = dataset.prefix_bits().all().collect();
    let next = AtomicUsize::new(0);
    let read = Mutex::new(Vec::with_capacity(prefixes.len()));
    in_parallel(job.threads, || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(&prefix) = prefixes.get(place) else {
                return Ok(());
            };
            job.go_on()?;
            let one = One::read(site, dataset, prefix, probes, keep, job);
            read.lock()
                .unwrap_or_else(|broken| broken.into_inner())
                .push((prefix, one));
            job.progress.advance(1);
        }
    })?;
    let mut read = read
        .into_inner()
        .unwrap_or_else(|broken| broken.into_inner());
    read.sort_unstable_by_key(|(prefix, _)| prefix.value());
    let mut shards = Shards::default();
    for (prefix, one) in read {
        shards.add(prefix, one);
    }
    Ok(shards)
}

impl Shards {
    fn add(&mut self, prefix: Prefix, one: One) {
        let mut kept = None;
        match one {
            One::Missing => self.missing.push(prefix),
            One::Unreadable => self.unreadable.push(prefix),
            One::Refused(error) => self.refused.push((prefix, error)),
            One::Verified(measured) => {
                self.verified.push((prefix, measured.fill));
                self.counted.asked += measured.counted.asked;
                self.counted.found += measured.counted.found;
                self.places += measured.places;
                self.texts += measured.texts;
                kept = measured.filter;
            }
        }
        self.filters.push(kept);
    }

    /// Whether every shard is there and verified.
    pub fn are_whole(&self) -> bool {
        self.missing.is_empty() && self.refused.is_empty() && self.unreadable.is_empty()
    }
}

/// What became of one shard.
enum One {
    Verified(Measured),
    Missing,
    Unreadable,
    Refused(ShardError),
}

struct Measured {
    fill: Fill,
    counted: Counted,
    places: Places,
    texts: usize,
    filter: Option<Vec<u8>>,
}

impl One {
    fn read(
        site: &Path,
        dataset: &Dataset,
        prefix: Prefix,
        probes: &Probes,
        keep: bool,
        job: &Job,
    ) -> Self {
        let bytes = match read_file(&site.join(dataset.shard_path(prefix)), dataset) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::Missing,
            Err(_) => return Self::Unreadable,
        };
        match Shard::verify(&bytes, dataset, prefix) {
            Ok(shard) => Self::Verified(Measured::of(&shard, dataset, prefix, probes, keep, job)),
            Err(error) => Self::Refused(error),
        }
    }
}

impl Measured {
    fn of(
        shard: &Shard,
        dataset: &Dataset,
        prefix: Prefix,
        probes: &Probes,
        keep: bool,
        job: &Job,
    ) -> Self {
        let filter = shard.filter_bytes();
        let mut counted = Counted::default();
        for hash in probes.of(prefix) {
            counted.asked += 1;
            counted.found += u64::from(dataset.filter().holds(filter, &hash));
        }
        Self {
            fill: Fill::of(dataset.filter(), filter),
            counted,
            places: Places::of(filter, job.today),
            texts: find_all(filter, job.today).len(),
            filter: keep.then(|| filter.to_vec()),
        }
    }
}

/// One byte more than a shard has shows that a file is too long.
fn read_file(path: &Path, dataset: &Dataset) -> io::Result<Vec<u8>> {
    let most = dataset.shard_bytes() as u64 + 1;
    let mut bytes = Vec::with_capacity(most as usize);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

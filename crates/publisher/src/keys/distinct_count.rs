//! Distinct key counts by prefix: the filters are sized by them.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashSet;

use crate::error::BuildError;
use crate::job::{Event, Job, Step, in_parallel, into_inner, lock};
use crate::partition::{self, BUCKETS, PartitionReader};
use cek_nik::prefix::PrefixBits;

/// Different keys by their first [`PrefixBits::MAX`] bits. Counts of shorter prefixes are sums.
pub struct Counts(Vec<u64>);

/// Keys of which a thread has a set in memory at once: 18 MiB at most.
const KEYS_AT_ONCE: usize = 1 << 19;

impl Counts {
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The different keys of the fullest shard with `bits` prefix bits.
    pub fn fullest(&self, bits: PrefixBits) -> u64 {
        self.shards(bits).max().unwrap_or(0)
    }

    /// The different keys of the emptiest shard with `bits` prefix bits.
    pub fn emptiest(&self, bits: PrefixBits) -> u64 {
        self.shards(bits).min().unwrap_or(0)
    }

    fn shards(&self, bits: PrefixBits) -> impl Iterator<Item = u64> {
        let prefixes = self.0.len() / bits.shards() as usize;
        self.0
            .chunks(prefixes.max(1))
            .map(|shard| shard.iter().sum())
    }
}

/// Counts the different keys of all buckets.
pub fn count(partitions: &[PartitionReader], job: &Job) -> Result<Counts, BuildError> {
    job.progress.on(Event::Begin {
        step: Step::Counting,
        total: Some(BUCKETS as u64),
    });
    let counts = Mutex::new(vec![0; 1 << PrefixBits::MAX]);
    let next = AtomicUsize::new(0);
    in_parallel(job.threads, || {
        count_buckets(partitions, job, &next, &counts)
    })?;
    Ok(Counts(into_inner(counts)))
}

fn count_buckets(
    partitions: &[PartitionReader],
    job: &Job,
    next: &AtomicUsize,
    counts: &Mutex<Vec<u64>>,
) -> Result<(), BuildError> {
    let mut keys = FxHashSet::default();
    loop {
        let bucket = next.fetch_add(1, Ordering::Relaxed);
        if bucket >= BUCKETS {
            return Ok(());
        }
        job.check_cancelled()?;
        let found = count_bucket(partitions, bucket, &mut keys)?;
        let mut counts = lock(counts);
        let prefixes = counts.iter_mut().skip(bucket * PREFIXES_PER_BUCKET);
        for (count, found) in prefixes.zip(found) {
            *count = found;
        }
        job.progress.on(Event::Advance(1));
    }
}

const PREFIXES_PER_BUCKET: usize = (1 << PrefixBits::MAX) / BUCKETS;

#[expect(
    clippy::indexing_slicing,
    reason = "the highest four bits are below 16"
)]
fn count_bucket(
    partitions: &[PartitionReader],
    bucket: usize,
    keys: &mut FxHashSet<u128>,
) -> io::Result<[u64; PREFIXES_PER_BUCKET]> {
    let mut counts = [0; PREFIXES_PER_BUCKET];
    let records = partition::records(partitions, bucket) as usize;
    // A bucket that is too large for memory is read several times, with another part of its keys.
    let parts = records.div_ceil(KEYS_AT_ONCE).next_power_of_two();
    for part in 0..parts {
        keys.clear();
        keys.reserve(records.min(KEYS_AT_ONCE));
        partition::scan(partitions, bucket, |block| {
            for record in block {
                let hash = u128::from_le_bytes(record.filter);
                // The bucket and the hash are 138 bits of a key: no two different keys share them.
                if hash as usize & (parts - 1) == part && keys.insert(hash) {
                    let within = u32::from_be_bytes(record.head) << partition::BUCKET_BITS
                        >> (u32::BITS - PREFIXES_PER_BUCKET.ilog2());
                    counts[within as usize] += 1;
                }
            }
        })?;
    }
    Ok(counts)
}

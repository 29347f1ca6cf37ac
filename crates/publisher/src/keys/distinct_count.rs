//! Distinct key counts by prefix: the filters are sized by them.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::BuildError;
use crate::job::{Event, Job, Step, in_parallel, into_inner, lock};
use crate::partition::{self, BUCKETS, PartitionReader};
use cek_nik::prefix::PrefixBits;

/// Different keys by their first [`PrefixBits::MAX`] bits. Counts of shorter prefixes are sums.
pub struct Counts(Vec<u64>);

/// Keys of which a thread has a set in memory at once: 16 MiB at most.
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
    let mut keys = KeySet::default();
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

fn count_bucket(
    partitions: &[PartitionReader],
    bucket: usize,
    keys: &mut KeySet,
) -> io::Result<[u64; PREFIXES_PER_BUCKET]> {
    let mut counts = [0; PREFIXES_PER_BUCKET];
    let records = partition::records(partitions, bucket) as usize;
    // A bucket that is too large for memory is read several times, with another part of its keys.
    let parts = records.div_ceil(KEYS_AT_ONCE).next_power_of_two();
    for part in 0..parts {
        keys.reset(records.min(KEYS_AT_ONCE));
        partition::scan(partitions, bucket, |block| {
            for record in block {
                let hash = u128::from_le_bytes(record.filter);
                if hash as usize & (parts - 1) == part && keys.insert(hash) {
                    let within = u32::from_be_bytes(record.head) << partition::BUCKET_BITS
                        >> (u32::BITS - PREFIXES_PER_BUCKET.ilog2());
                    if let Some(count) = counts.get_mut(within as usize) {
                        *count += 1;
                    }
                }
            }
        })?;
    }
    Ok(counts)
}

/// Set of the filter hashes of a bucket. With the bucket, these are 138 bits of a key: no two
/// different keys share them.
///
/// An open-addressing table: the hashes are uniform, so they need no further hashing.
#[derive(Default)]
struct KeySet {
    /// A power of two of slots, zero if free.
    slots: Vec<u128>,
    used: usize,
    has_zero: bool,
}

impl KeySet {
    /// Empties the set and makes room for about so many hashes.
    fn reset(&mut self, hashes: usize) {
        self.slots.clear();
        self.slots.resize((2 * hashes).next_power_of_two(), 0);
        self.used = 0;
        self.has_zero = false;
    }

    /// Adds a hash. Returns whether it was not in the set.
    #[inline]
    fn insert(&mut self, hash: u128) -> bool {
        if hash == 0 {
            return !std::mem::replace(&mut self.has_zero, true);
        }
        if place(&mut self.slots, hash) {
            self.used += 1;
            if 4 * self.used > 3 * self.slots.len() {
                self.grow();
            }
            return true;
        }
        false
    }

    #[cold]
    fn grow(&mut self) {
        let mut larger = vec![0; 2 * self.slots.len()];
        for &hash in self.slots.iter().filter(|&&hash| hash != 0) {
            place(&mut larger, hash);
        }
        self.slots = larger;
    }
}

/// Puts a hash into a free slot. Returns `false` if it has one.
#[inline]
fn place(slots: &mut [u128], hash: u128) -> bool {
    let mask = slots.len() - 1;
    // Other bits than those that choose a part of the bucket.
    let mut index = (hash >> 64) as usize & mask;
    while let Some(slot) = slots.get_mut(index) {
        if *slot == 0 {
            *slot = hash;
            return true;
        }
        if *slot == hash {
            return false;
        }
        index = (index + 1) & mask;
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_set_has_each_hash_once(
            hashes in prop::collection::vec((0_u128..4, 0_u128..400), 0..2_000),
            room in 0_usize..100,
        ) {
            let mut keys = KeySet::default();
            keys.reset(room);
            let mut seen = BTreeSet::new();
            for (high, low) in hashes {
                let hash = high << 64 | low;
                prop_assert_eq!(keys.insert(hash), seen.insert(hash));
            }
        }
    }
}

//! Shards: the second pass of a build, from keys to shard files.

pub mod self_check;
pub mod sizing;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::BuildError;
use crate::io_action::{IoAction, OnPath};
use crate::job::{Event, Job, Step, in_parallel, into_inner, lock};
use crate::partition::{self, BUCKET_BITS, PartitionReader};
use crate::shards::sizing::Sizing;
use cek_nik::filter::FilterHash;
use cek_nik::merkle::{self, Hash};
use cek_nik::prefix::Prefix;
use cek_nik::shard;

/// The memory of all filters that are filled at once, in bytes, unless a single one is larger.
const FILTERS_IN_MEMORY: usize = 128 << 20;

/// Writes all shards of a data set to an empty directory. Returns the root of the Merkle tree.
pub fn write(
    partitions: &[PartitionReader],
    sizing: Sizing,
    binding: &[u8; 16],
    directory: &Path,
    job: &Job,
) -> Result<Hash, BuildError> {
    let shards = sizing.prefix_bits.shards();
    job.progress.on(Event::Begin {
        step: Step::Building,
        total: Some(u64::from(shards)),
    });
    let builder = Builder {
        partitions,
        sizing,
        binding,
        directory,
        next: AtomicU32::new(0),
        leaves: Mutex::new(vec![[0; 32]; shards as usize]),
    };
    let together = together(sizing, job.threads);
    let threads =
        (FILTERS_IN_MEMORY / (together as usize * sizing.filter.bytes())).clamp(1, job.threads);
    in_parallel(threads, || builder.work(together, job))?;
    let levels = levels(into_inner(builder.leaves));
    for prefix in sizing.prefix_bits.all() {
        append_path(&file(directory, prefix), prefix, &levels)?;
    }
    let Some(root) = levels.last().and_then(|top| top.first()) else {
        unreachable!("a data set has at least one shard, so the tree has a leaf");
    };
    Ok(*root)
}

/// How many shards a thread fills at once: those of one bucket, as far as memory allows, so that
/// the bucket is read once.
fn together(sizing: Sizing, threads: usize) -> u32 {
    let bits = u32::from(sizing.prefix_bits.get());
    let in_bucket = 1 << bits.saturating_sub(BUCKET_BITS);
    let in_memory = FILTERS_IN_MEMORY / threads / sizing.filter.bytes();
    let in_memory = u32::try_from(in_memory.max(1)).unwrap_or(u32::MAX);
    in_bucket.min(1 << in_memory.ilog2())
}

fn file(directory: &Path, prefix: Prefix) -> PathBuf {
    directory.join(format!("{prefix}.cnk"))
}

struct Builder<'a> {
    partitions: &'a [PartitionReader],
    sizing: Sizing,
    binding: &'a [u8; 16],
    directory: &'a Path,
    next: AtomicU32,
    leaves: Mutex<Vec<Hash>>,
}

impl Builder<'_> {
    fn work(&self, together: u32, job: &Job) -> Result<(), BuildError> {
        let shards = self.sizing.prefix_bits.shards();
        let mut filters = vec![0; together as usize * self.sizing.filter.bytes()];
        loop {
            let first = self.next.fetch_add(together, Ordering::Relaxed);
            if first >= shards {
                return Ok(());
            }
            job.check_cancelled()?;
            filters.fill(0);
            self.fill(first..first + together, &mut filters, job)?;
            self.save(first, &filters)?;
            job.progress.on(Event::Advance(u64::from(together)));
        }
    }

    /// Sets the bits of all keys whose prefix is in a range.
    #[expect(
        clippy::indexing_slicing,
        reason = "each prefix has a filter, and a key's places lie in it"
    )]
    fn fill(&self, prefixes: Range<u32>, filters: &mut [u8], job: &Job) -> Result<(), BuildError> {
        let bits = self.sizing.prefix_bits;
        let bloom = self.sizing.filter;
        for bucket in buckets(&prefixes, u32::from(bits.get())) {
            job.check_cancelled()?;
            partition::scan(self.partitions, bucket, |record| {
                let prefix = bits.prefix_of(record.head).value();
                if !prefixes.contains(&prefix) {
                    return;
                }
                let start = (prefix - prefixes.start) as usize * bloom.bytes();
                let filter = &mut filters[start..start + bloom.bytes()];
                for index in bloom.places(&FilterHash(record.filter)) {
                    filter[(index / 8) as usize] |= 1 << (index % 8);
                }
            })?;
        }
        Ok(())
    }

    #[expect(clippy::indexing_slicing, reason = "each prefix has a leaf")]
    fn save(&self, first: u32, filters: &[u8]) -> Result<(), BuildError> {
        let bits = self.sizing.prefix_bits;
        let bloom = self.sizing.filter;
        for (prefix, filter) in bits
            .all()
            .skip(first as usize)
            .zip(filters.chunks_exact(bloom.bytes()))
        {
            let header = shard::header(self.binding, bloom, prefix);
            let leaf = merkle::leaf(&[&header, filter]);
            let path = file(self.directory, prefix);
            let write = || {
                let mut file = File::create(&path)?;
                file.write_all(&header)?;
                file.write_all(filter)
            };
            write().on_path(IoAction::Write, &path)?;
            lock(&self.leaves)[prefix.value() as usize] = leaf;
        }
        Ok(())
    }
}

/// The buckets with the keys of a range of prefixes of `bits` bits.
fn buckets(prefixes: &Range<u32>, bits: u32) -> Range<usize> {
    if bits <= BUCKET_BITS {
        let each = 1 << (BUCKET_BITS - bits);
        (prefixes.start * each) as usize..(prefixes.end * each) as usize
    } else {
        let bucket = (prefixes.start >> (bits - BUCKET_BITS)) as usize;
        bucket..bucket + 1
    }
}

/// The levels of the tree, from the leaves to the root.
fn levels(leaves: Vec<Hash>) -> Vec<Vec<Hash>> {
    let mut levels = vec![leaves];
    while let Some(below) = levels.last().filter(|level| level.len() > 1) {
        let (pairs, _) = below.as_chunks::<2>();
        let level = pairs
            .iter()
            .map(|[left, right]| merkle::node(left, right))
            .collect();
        levels.push(level);
    }
    levels
}

#[expect(
    clippy::indexing_slicing,
    reason = "below the root, each node has a sibling"
)]
fn append_path(path: &Path, prefix: Prefix, levels: &[Vec<Hash>]) -> Result<(), BuildError> {
    let siblings: Vec<u8> = levels
        .iter()
        .take(usize::from(prefix.bits().get()))
        .enumerate()
        .flat_map(|(level, hashes)| hashes[(prefix.value() >> level ^ 1) as usize])
        .collect();
    let append = || {
        let mut file: File = OpenOptions::new().append(true).open(path)?;
        file.write_all(&siblings)
    };
    Ok(append().on_path(IoAction::Write, path)?)
}

//! Shards: the second pass of a build, from keys to shard files.
//!
//! The end of a shard is its Merkle path, which depends on all shards. They wait for it in memory,
//! so that each file is written at once. Shards that do not fit in memory wait on the disk.

pub mod self_check;
pub mod sizing;

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::BuildError;
use crate::io_action::{IoAction, OnPath};
use crate::job::{Event, Job, Step, in_parallel, into_inner, lock};
use crate::partition::{self, BUCKET_BITS, PartitionReader};
use crate::shards::sizing::Sizing;
use crate::staging::durability::SyncGroup;
use cek_nik::filter::Bloom;
use cek_nik::merkle::{self, Hash};
use cek_nik::prefix::Prefix;
use cek_nik::shard;
use cek_nik::sizes::{HEADER_BYTES, shard_bytes};

/// The memory of all filters that are filled at once, in bytes, unless a single one is larger.
const FILTERS_IN_MEMORY: usize = 128 << 20;

/// The same of one thread, if keys have taken the memory of the job.
const LEAST_FILTERS_IN_MEMORY: usize = 8 << 20;

/// Writes and syncs all shards of a data set in an empty directory. Returns the root of the Merkle
/// tree.
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
    let keys: u64 = partitions
        .iter()
        .map(PartitionReader::bytes_in_memory)
        .sum();
    let left = job.memory.saturating_sub(keys);
    let all = shard_bytes(sizing.filter, sizing.prefix_bits.get()) as u64 * u64::from(shards);
    let builder = Builder {
        partitions,
        sizing,
        binding,
        directory,
        in_memory: all <= left,
        next: AtomicU32::new(0),
        begun: Mutex::new(vec![Begun::default(); shards as usize]),
    };
    let least = job.threads * LEAST_FILTERS_IN_MEMORY;
    let memory = usize::try_from(left)
        .unwrap_or(usize::MAX)
        .clamp(least, FILTERS_IN_MEMORY.max(least));
    let together = together(sizing, memory / job.threads);
    let filters = together as usize * sizing.filter.bytes();
    let threads = (memory / filters).clamp(1, job.threads);
    in_parallel(threads, || builder.fill_all(together, job))?;
    let begun = into_inner(builder.begun);
    let levels = levels(begun.iter().map(|shard| shard.leaf).collect());
    let shards = Mutex::new(sizing.prefix_bits.all().zip(begun));
    in_parallel(job.threads, || write_all(&shards, &levels, directory, job))?;
    let Some(root) = levels.last().and_then(|top| top.first()) else {
        unreachable!("a data set has at least one shard, so the tree has a leaf");
    };
    Ok(*root)
}

/// How many shards a thread fills at once: those of one bucket, as far as memory allows, so that
/// the bucket is read once.
fn together(sizing: Sizing, memory: usize) -> u32 {
    let bits = u32::from(sizing.prefix_bits.get());
    let in_bucket = 1 << bits.saturating_sub(BUCKET_BITS);
    let in_memory = memory / sizing.filter.bytes();
    let in_memory = u32::try_from(in_memory.max(1)).unwrap_or(u32::MAX);
    in_bucket.min(1 << in_memory.ilog2())
}

/// A filter is filled in words, which have an instruction to set a bit.
const WORD_BITS: u64 = u64::BITS as u64;

fn words(filter: Bloom) -> usize {
    filter.bits().div_ceil(WORD_BITS) as usize
}

fn file(directory: &Path, prefix: Prefix) -> PathBuf {
    directory.join(format!("{prefix}.cnk"))
}

/// A shard without its Merkle path.
#[derive(Clone, Default)]
struct Begun {
    leaf: Hash,
    /// Header and filter; empty if they are on the disk.
    content: Vec<u8>,
}

struct Builder<'a> {
    partitions: &'a [PartitionReader],
    sizing: Sizing,
    binding: &'a [u8; 16],
    directory: &'a Path,
    /// Whether shards wait for their paths in memory.
    in_memory: bool,
    next: AtomicU32,
    begun: Mutex<Vec<Begun>>,
}

impl Builder<'_> {
    fn fill_all(&self, together: u32, job: &Job) -> Result<(), BuildError> {
        let shards = self.sizing.prefix_bits.shards();
        let mut filters = vec![0; together as usize * words(self.sizing.filter)];
        loop {
            let first = self.next.fetch_add(together, Ordering::Relaxed);
            if first >= shards {
                return Ok(());
            }
            job.check_cancelled()?;
            filters.fill(0);
            self.fill(first..first + together, &mut filters, job)?;
            self.begin(first, &filters)?;
            job.progress.on(Event::Advance(u64::from(together)));
        }
    }

    /// Sets the bits of all keys whose prefix is in a range.
    #[expect(
        clippy::indexing_slicing,
        reason = "each prefix has a filter, and a key's places lie in it"
    )]
    fn fill(&self, prefixes: Range<u32>, filters: &mut [u64], job: &Job) -> Result<(), BuildError> {
        let bits = self.sizing.prefix_bits;
        let bloom = self.sizing.filter;
        let words = words(bloom);
        for bucket in buckets(&prefixes, u32::from(bits.get())) {
            job.check_cancelled()?;
            partition::scan(self.partitions, bucket, |block| {
                for record in block {
                    let prefix = bits.prefix_of(record.head).value();
                    if !prefixes.contains(&prefix) {
                        continue;
                    }
                    let start = (prefix - prefixes.start) as usize * words;
                    let filter = &mut filters[start..start + words];
                    for index in bloom.places_of(&record.filter) {
                        filter[(index / WORD_BITS) as usize] |= 1 << (index % WORD_BITS);
                    }
                }
            })?;
        }
        Ok(())
    }

    #[expect(clippy::indexing_slicing, reason = "each prefix has a leaf")]
    fn begin(&self, first: u32, filters: &[u64]) -> Result<(), BuildError> {
        let bits = self.sizing.prefix_bits;
        let bloom = self.sizing.filter;
        for (prefix, filter) in bits
            .all()
            .skip(first as usize)
            .zip(filters.chunks_exact(words(bloom)))
        {
            let mut content = Vec::with_capacity(shard_bytes(bloom, bits.get()));
            content.extend_from_slice(&shard::header(self.binding, bloom, prefix));
            content.extend(filter.iter().flat_map(|word| word.to_le_bytes()));
            content.truncate(HEADER_BYTES + bloom.bytes());
            let mut begun = Begun {
                leaf: merkle::leaf(&[&content]),
                content,
            };
            if !self.in_memory {
                let path = file(self.directory, prefix);
                let content = std::mem::take(&mut begun.content);
                std::fs::write(&path, content).on_path(IoAction::Write, &path)?;
            }
            lock(&self.begun)[prefix.value() as usize] = begun;
        }
        Ok(())
    }
}

/// Completes the shards of a queue and syncs them.
fn write_all(
    shards: &Mutex<impl Iterator<Item = (Prefix, Begun)>>,
    levels: &[Vec<Hash>],
    directory: &Path,
    job: &Job,
) -> Result<(), BuildError> {
    let mut group = SyncGroup::default();
    loop {
        job.check_cancelled()?;
        let Some((prefix, mut begun)) = lock(shards).next() else {
            return Ok(group.sync()?);
        };
        let path = file(directory, prefix);
        let mut write = || -> io::Result<File> {
            let mut file = match begun.content.is_empty() {
                true => File::options().append(true).open(&path)?,
                false => File::create(&path)?,
            };
            begun.content.extend(siblings(prefix, levels));
            file.write_all(&begun.content)?;
            Ok(file)
        };
        let file = write().on_path(IoAction::Write, &path)?;
        group.add(path, file)?;
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

/// The Merkle path of a shard.
#[expect(
    clippy::indexing_slicing,
    reason = "below the root, each node has a sibling"
)]
fn siblings(prefix: Prefix, levels: &[Vec<Hash>]) -> impl Iterator<Item = u8> {
    levels
        .iter()
        .take(usize::from(prefix.bits().get()))
        .enumerate()
        .flat_map(move |(level, hashes)| hashes[(prefix.value() >> level ^ 1) as usize])
}

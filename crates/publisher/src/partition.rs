//! Partition: keys by the first bits of their prefix, in memory as far as a budget allows, on disk
//! beyond.
//!
//! Each thread collects the keys of a bucket in blocks. Full blocks stay in memory while
//! [`KeyMemory`] lasts. The others are written to one file per thread, each with the offset of the
//! bucket's previous block in it. A bucket is read by following this chain backwards. The files
//! have no names, so they vanish with the process.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cek_nik::key::{BatchKey, Key};

/// Prefix bits that choose the bucket.
pub const BUCKET_BITS: u32 = 10;
/// The number of buckets.
pub const BUCKETS: usize = 1 << BUCKET_BITS;

/// A power of two, as a vector has when it grows: else the first block of a bucket would be larger.
const RECORDS_PER_BLOCK: usize = 512;
const BLOCK_BYTES: usize = Record::BYTES * RECORDS_PER_BLOCK;
const LINK_BYTES: usize = 12;
const NO_BLOCK: u64 = u64::MAX;

/// The bytes of a key that a site needs: those of the prefix and of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Bytes 0 to 3 of the key.
    pub head: [u8; 4],
    /// Bytes 8 to 23 of the key.
    pub filter: [u8; 16],
}

impl Record {
    /// The length of a record on disk.
    pub const BYTES: usize = 20;

    #[inline]
    pub fn of(key: &Key) -> Self {
        let [a, b, c, d, _, _, _, _, rest @ ..] = *key.as_bytes();
        let [filter @ .., _, _, _, _, _, _, _, _] = rest;
        Self {
            head: [a, b, c, d],
            filter,
        }
    }

    #[inline]
    pub fn of_batch(key: BatchKey) -> Self {
        Self {
            head: key.head(),
            filter: key.filter_hash(),
        }
    }

    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (head, filter) = bytes.split_at_mut(self.head.len());
        head.copy_from_slice(&self.head);
        filter.copy_from_slice(&self.filter);
        bytes
    }

    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let [a, b, c, d, filter @ ..] = *bytes;
        Self {
            head: [a, b, c, d],
            filter,
        }
    }

    fn bucket(&self) -> usize {
        (u32::from_be_bytes(self.head) >> (u32::BITS - BUCKET_BITS)) as usize
    }
}

/// The memory that the full blocks of all threads may take.
pub struct KeyMemory {
    left: AtomicU64,
}

impl KeyMemory {
    pub fn new(bytes: u64) -> Self {
        Self {
            left: AtomicU64::new(bytes),
        }
    }

    fn take(&self, bytes: usize) -> bool {
        let less = |left: u64| left.checked_sub(bytes as u64);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }
}

/// The full blocks of a bucket.
struct Chain {
    in_memory: Vec<Vec<Record>>,
    last_on_disk: u64,
    records: u64,
}

/// One thread's keys while they are collected.
pub struct PartitionWriter {
    directory: PathBuf,
    memory: Arc<KeyMemory>,
    /// The block of each bucket that is not full.
    open: Vec<Vec<Record>>,
    /// One for each bucket.
    chains: Vec<Chain>,
    file: Option<BlockFile>,
}

impl PartitionWriter {
    /// A writer that creates its file in a directory once it has to.
    pub fn new(directory: &Path, memory: &Arc<KeyMemory>) -> Self {
        let chains = (0..BUCKETS).map(|_| Chain {
            in_memory: Vec::new(),
            last_on_disk: NO_BLOCK,
            records: 0,
        });
        Self {
            directory: directory.to_owned(),
            memory: memory.clone(),
            open: vec![Vec::new(); BUCKETS],
            chains: chains.collect(),
            file: None,
        }
    }

    /// Adds a key, unless it equals the last one of its bucket: a number that fills half of a list
    /// must not fill the memory and the disk.
    #[expect(clippy::indexing_slicing, reason = "each bucket has a block")]
    #[inline]
    pub fn push(&mut self, record: &Record) -> io::Result<()> {
        let bucket = record.bucket();
        let open = &mut self.open[bucket];
        if open.last() == Some(record) {
            return Ok(());
        }
        open.push(*record);
        if open.len() >= RECORDS_PER_BLOCK {
            return self.close_block(bucket);
        }
        Ok(())
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "each bucket has a block and a chain"
    )]
    fn close_block(&mut self, bucket: usize) -> io::Result<()> {
        let (open, chain) = (&mut self.open[bucket], &mut self.chains[bucket]);
        chain.records += open.len() as u64;
        if self.memory.take(BLOCK_BYTES) {
            let next = Vec::with_capacity(RECORDS_PER_BLOCK);
            chain.in_memory.push(std::mem::replace(open, next));
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BlockFile::new(&self.directory)?),
        };
        chain.last_on_disk = file.append(chain.last_on_disk, open)?;
        open.clear();
        Ok(())
    }

    /// Closes all blocks. Those that are not full stay in memory.
    pub fn finish(mut self) -> PartitionReader {
        for (chain, open) in self.chains.iter_mut().zip(self.open) {
            if !open.is_empty() {
                chain.records += open.len() as u64;
                chain.in_memory.push(open);
            }
        }
        PartitionReader {
            chains: self.chains,
            file_bytes: self.file.as_ref().map_or(0, |file| file.length),
            file: self.file.map(|file| file.file),
        }
    }
}

/// A nameless file of blocks.
struct BlockFile {
    file: File,
    length: u64,
    frame: Vec<u8>,
}

impl BlockFile {
    fn new(directory: &Path) -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile_in(directory)?,
            length: 0,
            frame: Vec::with_capacity(LINK_BYTES + BLOCK_BYTES),
        })
    }

    /// Appends a block behind the previous one of its bucket. Returns its offset.
    fn append(&mut self, previous: u64, records: &[Record]) -> io::Result<u64> {
        let bytes = (records.len() * Record::BYTES) as u32;
        self.frame.clear();
        self.frame.extend_from_slice(&previous.to_le_bytes());
        self.frame.extend_from_slice(&bytes.to_le_bytes());
        for record in records {
            self.frame.extend_from_slice(&record.to_bytes());
        }
        self.file.write_all(&self.frame)?;
        let offset = self.length;
        self.length += self.frame.len() as u64;
        Ok(offset)
    }
}

/// One thread's keys. Any number of threads may read them at once.
pub struct PartitionReader {
    /// One for each bucket.
    chains: Vec<Chain>,
    file: Option<File>,
    file_bytes: u64,
}

impl PartitionReader {
    /// The memory of its keys, in bytes.
    pub fn bytes_in_memory(&self) -> u64 {
        let blocks = self.chains.iter().flat_map(|chain| &chain.in_memory);
        blocks
            .map(|block| (block.capacity() * Record::BYTES) as u64)
            .sum()
    }
}

/// The temporary files of all partitions, in bytes.
pub fn bytes_on_disk(partitions: &[PartitionReader]) -> u64 {
    partitions
        .iter()
        .map(|partition| partition.file_bytes)
        .sum()
}

/// The keys of a bucket in all partitions, repeated ones included.
#[expect(clippy::indexing_slicing, reason = "each bucket has a chain")]
pub fn records(partitions: &[PartitionReader], bucket: usize) -> u64 {
    let partitions = partitions.iter();
    partitions
        .map(|partition| partition.chains[bucket].records)
        .sum()
}

/// Calls a function for all keys of a bucket, block by block, in no particular order.
#[expect(clippy::indexing_slicing, reason = "each bucket has a chain")]
pub fn scan(
    partitions: &[PartitionReader],
    bucket: usize,
    mut visit: impl FnMut(&[Record]),
) -> io::Result<()> {
    for partition in partitions {
        for block in &partition.chains[bucket].in_memory {
            visit(block);
        }
        if let Some(file) = &partition.file {
            scan_file(file, partition.chains[bucket].last_on_disk, &mut visit)?;
        }
    }
    Ok(())
}

fn scan_file(file: &File, last: u64, visit: &mut impl FnMut(&[Record])) -> io::Result<()> {
    let mut frame = vec![0; LINK_BYTES + BLOCK_BYTES];
    let mut records: Vec<Record> = Vec::with_capacity(RECORDS_PER_BLOCK);
    let mut offset = last;
    while offset != NO_BLOCK {
        let frame = read_at(file, &mut frame, offset)?;
        let (previous, rest) = split(frame)?;
        let (length, rest) = split(rest)?;
        let block = rest
            .get(..u32::from_le_bytes(length) as usize)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let (bytes, _) = block.as_chunks();
        records.clear();
        records.extend(bytes.iter().map(Record::from_bytes));
        visit(&records);
        offset = u64::from_le_bytes(previous);
    }
    Ok(())
}

/// The first `N` bytes, and the rest.
fn split<const N: usize>(bytes: &[u8]) -> io::Result<([u8; N], &[u8])> {
    match bytes.split_first_chunk() {
        Some((first, rest)) => Ok((*first, rest)),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Reads until the buffer is full or the file ends. Returns the bytes that were read.
pub(super) fn read_at<'a>(file: &File, buffer: &'a mut [u8], offset: u64) -> io::Result<&'a [u8]> {
    let mut filled = 0;
    while filled < buffer.len() {
        let (_, rest) = buffer.split_at_mut(filled);
        match read_some_at(file, rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(buffer.split_at(filled).0)
}

#[cfg(unix)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_some_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKETS_USED: u32 = 16;

    fn record(number: u32) -> Record {
        let mut filter = [0; 16];
        filter[..4].copy_from_slice(&number.to_le_bytes());
        let bucket = number % BUCKETS_USED * (BUCKETS as u32 / BUCKETS_USED);
        Record {
            head: (bucket << (u32::BITS - BUCKET_BITS)).to_be_bytes(),
            filter,
        }
    }

    /// All records of some writers, and what they have in memory.
    fn read(writers: Vec<PartitionWriter>) -> (Vec<u32>, u64) {
        let partitions: Vec<_> = writers.into_iter().map(PartitionWriter::finish).collect();
        let mut numbers = Vec::new();
        for bucket in 0..BUCKETS {
            let before = numbers.len();
            scan(&partitions, bucket, |block| {
                for found in block {
                    let number = u32::from_le_bytes(found.filter[..4].try_into().unwrap());
                    assert!(*found == record(number));
                    assert_eq!(found.bucket(), bucket);
                    numbers.push(number);
                }
            })
            .unwrap();
            let in_bucket = (numbers.len() - before) as u64;
            assert_eq!(in_bucket, records(&partitions, bucket));
        }
        numbers.sort_unstable();
        let in_memory = partitions.iter().map(PartitionReader::bytes_in_memory);
        (numbers, in_memory.sum())
    }

    #[test]
    fn gives_back_every_record_in_its_bucket_whatever_the_memory() {
        const COUNT: u32 = 60_000;
        let directory = tempfile::tempdir().unwrap();
        let all = u64::from(COUNT) * Record::BYTES as u64;
        for budget in [0, all / 3, 2 * all] {
            let memory = Arc::new(KeyMemory::new(budget));
            let mut writers = Vec::new();
            writers.resize_with(2, || PartitionWriter::new(directory.path(), &memory));
            for number in 0..COUNT {
                let writer = (number / BUCKETS_USED) as usize % 2;
                writers[writer].push(&record(number)).unwrap();
            }
            let is_on_disk = writers.iter().map(|writer| writer.file.is_some());
            assert!(is_on_disk.eq([budget < all; 2]), "{budget}");
            let open = 2 * u64::from(BUCKETS_USED) * BLOCK_BYTES as u64;
            let (numbers, in_memory) = read(writers);
            assert!(numbers.into_iter().eq(0..COUNT), "{budget}");
            assert!(in_memory <= budget + open, "{in_memory} of {budget}");
        }
    }

    #[test]
    fn a_value_that_fills_a_list_takes_no_room() {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = PartitionWriter::new(directory.path(), &Arc::new(KeyMemory::new(0)));
        for _ in 0..100_000 {
            writer.push(&record(7)).unwrap();
        }
        assert!(writer.file.is_none());
        assert_eq!(read(vec![writer]).0, [7]);
    }
}

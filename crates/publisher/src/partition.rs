//! Partition: keys on disk by the first bits of their prefix, in constant memory.
//!
//! Each thread writes one file of blocks. A block holds keys of one bucket and the offset of the
//! bucket's previous block. A bucket is read by following this chain backwards, so only the ends of
//! the chains are in memory. The files have no names, so they vanish with the process.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use cek_nik::key::Key;

/// Prefix bits that choose the bucket.
pub const BUCKET_BITS: u32 = 10;
/// The number of buckets.
pub const BUCKETS: usize = 1 << BUCKET_BITS;

const RECORDS_PER_BLOCK: usize = 409;
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

    pub fn of(key: &Key) -> Self {
        Self {
            head: key.head(),
            filter: key.filter_hash().0,
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

struct Chain {
    block: Vec<u8>,
    last: Option<Record>,
    last_block: u64,
    records: u64,
}

/// One thread's file while it is written.
pub struct PartitionWriter {
    file: File,
    length: u64,
    chains: Vec<Chain>,
    frame: Vec<u8>,
}

impl PartitionWriter {
    /// Creates a nameless file in a directory.
    pub fn new(directory: &Path) -> io::Result<Self> {
        let chains = (0..BUCKETS)
            .map(|_| Chain {
                block: Vec::with_capacity(BLOCK_BYTES),
                last: None,
                last_block: NO_BLOCK,
                records: 0,
            })
            .collect();
        Ok(Self {
            file: tempfile::tempfile_in(directory)?,
            length: 0,
            chains,
            frame: Vec::with_capacity(LINK_BYTES + BLOCK_BYTES),
        })
    }

    /// Adds a key, unless it equals the last one of its bucket: a number that fills half of a list
    /// must not fill the disk.
    pub fn push(&mut self, record: &Record) -> io::Result<()> {
        #[expect(clippy::indexing_slicing, reason = "each bucket has a chain")]
        let chain = &mut self.chains[record.bucket()];
        if chain.last == Some(*record) {
            return Ok(());
        }
        chain.last = Some(*record);
        chain.block.extend_from_slice(&record.to_bytes());
        chain.records += 1;
        if chain.block.len() == BLOCK_BYTES {
            write_block(&mut self.file, &mut self.length, &mut self.frame, chain)?;
        }
        Ok(())
    }

    /// Writes the blocks that are still in memory.
    pub fn finish(mut self) -> io::Result<PartitionReader> {
        for chain in &mut self.chains {
            if !chain.block.is_empty() {
                write_block(&mut self.file, &mut self.length, &mut self.frame, chain)?;
            }
        }
        let chains = self
            .chains
            .iter()
            .map(|chain| (chain.last_block, chain.records))
            .collect();
        Ok(PartitionReader {
            file: self.file,
            chains,
        })
    }
}

fn write_block(
    file: &mut File,
    length: &mut u64,
    frame: &mut Vec<u8>,
    chain: &mut Chain,
) -> io::Result<()> {
    frame.clear();
    frame.extend_from_slice(&chain.last_block.to_le_bytes());
    frame.extend_from_slice(&(chain.block.len() as u32).to_le_bytes());
    frame.extend_from_slice(&chain.block);
    file.write_all(frame)?;
    chain.last_block = *length;
    chain.block.clear();
    *length += frame.len() as u64;
    Ok(())
}

/// One thread's finished file. Any number of threads may read it at once.
pub struct PartitionReader {
    file: File,
    chains: Vec<(u64, u64)>,
}

impl PartitionReader {
    /// The offset of the last block of a bucket, and its number of keys.
    #[expect(clippy::indexing_slicing, reason = "each bucket has a chain")]
    fn chain(&self, bucket: usize) -> (u64, u64) {
        self.chains[bucket]
    }
}

/// The keys of a bucket in all files, repeated ones included.
pub fn records(partitions: &[PartitionReader], bucket: usize) -> u64 {
    let partitions = partitions.iter();
    partitions.map(|partition| partition.chain(bucket).1).sum()
}

/// Calls a function for every key of a bucket, in no particular order.
pub fn scan(
    partitions: &[PartitionReader],
    bucket: usize,
    mut visit: impl FnMut(Record),
) -> io::Result<()> {
    let mut frame = vec![0; LINK_BYTES + BLOCK_BYTES];
    for partition in partitions {
        let (mut offset, _) = partition.chain(bucket);
        while offset != NO_BLOCK {
            let frame = read_at(&partition.file, &mut frame, offset)?;
            let (previous, rest) = split(frame)?;
            let (length, rest) = split(rest)?;
            let block = rest
                .get(..u32::from_le_bytes(length) as usize)
                .ok_or(io::ErrorKind::UnexpectedEof)?;
            let (records, _) = block.as_chunks();
            for record in records {
                visit(Record::from_bytes(record));
            }
            offset = u64::from_le_bytes(previous);
        }
    }
    Ok(())
}

/// The first `N` bytes, and the rest.
pub(super) fn split<const N: usize>(bytes: &[u8]) -> io::Result<([u8; N], &[u8])> {
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

    fn record(number: u32) -> Record {
        let mut filter = [0; 16];
        filter[..4].copy_from_slice(&number.to_le_bytes());
        Record {
            head: number.wrapping_mul(2_654_435_761).to_be_bytes(),
            filter,
        }
    }

    #[test]
    fn gives_back_every_record_in_its_bucket() {
        let directory = tempfile::tempdir().unwrap();
        let mut writers = [
            PartitionWriter::new(directory.path()).unwrap(),
            PartitionWriter::new(directory.path()).unwrap(),
        ];
        let count = 900_000;
        for number in 0..count {
            writers[number as usize % 2].push(&record(number)).unwrap();
        }
        let partitions: Vec<_> = writers.into_iter().map(|w| w.finish().unwrap()).collect();
        let mut seen = vec![false; count as usize];
        for bucket in 0..BUCKETS {
            let mut in_bucket = 0;
            scan(&partitions, bucket, |found| {
                let number = u32::from_le_bytes(found.filter[..4].try_into().unwrap());
                assert!(found == record(number));
                assert_eq!(found.bucket(), bucket);
                assert!(!std::mem::replace(&mut seen[number as usize], true));
                in_bucket += 1;
            })
            .unwrap();
            assert_eq!(in_bucket, records(&partitions, bucket));
        }
        assert!(seen.into_iter().all(|seen| seen));
    }

    #[test]
    fn a_value_that_fills_a_list_takes_no_room() {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = PartitionWriter::new(directory.path()).unwrap();
        for _ in 0..100_000 {
            writer.push(&record(7)).unwrap();
        }
        let partition = writer.finish().unwrap();
        assert!(partition.file.metadata().unwrap().len() < 1_000_000);
    }
}

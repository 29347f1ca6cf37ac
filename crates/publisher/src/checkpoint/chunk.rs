//! Checkpoint chunks: the keys of one batch of rows, with a marker, a verifier and a checksum.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | marker |
//! | 8 | batch number, over all lists, from 0 |
//! | 4 | rows with a NIK |
//! | 4 | n: different keys |
//! | 32 | verifier |
//! | 20 n | the head and filter bytes of each key, sorted |
//! | 32 | SHA-256 of all of the above |
//!
//! Integers are little-endian. A reader skips other bytes and looks for the next marker.

use std::fs::File;
use std::io;

use sha2::{Digest, Sha256};

use crate::partition::{Record, read_at, split};
use cek_nik::key::Key;

const MARKER: [u8; 8] = *b"\x8eCNKkeys";
const CHECKSUM_BYTES: usize = 32;
const HEAD_BYTES: usize = MARKER.len() + 8 + 4 + 4 + Key::LENGTH;

/// A batch has fewer bytes, and so fewer rows, than this.
const MOST_KEYS: usize = 1 << 20;

/// Bytes that are searched for a marker at once.
const WINDOW: usize = 64 << 10;

/// The keys of one batch of rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The batch, counted from 0 over all lists.
    pub number: u64,
    /// The rows of the batch with a NIK.
    pub rows: u32,
    /// The key of the hash of these rows, by which they are recognized.
    pub verifier: [u8; Key::LENGTH],
    /// The different keys, sorted.
    pub keys: Vec<Record>,
}

impl Chunk {
    /// The bytes of the chunk in a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes =
            Vec::with_capacity(HEAD_BYTES + self.keys.len() * Record::BYTES + CHECKSUM_BYTES);
        bytes.extend_from_slice(&MARKER);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.rows.to_le_bytes());
        bytes.extend_from_slice(&(self.keys.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.verifier);
        for key in &self.keys {
            bytes.extend_from_slice(&key.to_bytes());
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }

    /// The chunk at an offset and the offset of its end; `None` if there is no valid chunk.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn read(file: &File, offset: u64) -> io::Result<Option<(Self, u64)>> {
        let mut head = [0; HEAD_BYTES];
        if read_at(file, &mut head, offset)?.len() < HEAD_BYTES || !head.starts_with(&MARKER) {
            return Ok(None);
        }
        let (_, rest) = split::<{ MARKER.len() }>(&head)?;
        let (number, rest) = split(rest)?;
        let (rows, rest) = split(rest)?;
        let (keys, rest) = split(rest)?;
        let (verifier, _) = split(rest)?;
        let keys = u32::from_le_bytes(keys) as usize;
        if keys > MOST_KEYS {
            return Ok(None);
        }
        let mut body = vec![0; keys * Record::BYTES + CHECKSUM_BYTES];
        let read = read_at(file, &mut body, offset + HEAD_BYTES as u64)?.len();
        if read < body.len() {
            return Ok(None);
        }
        let (records, checksum) = body.split_at(keys * Record::BYTES);
        let summed = Sha256::new().chain_update(head).chain_update(records);
        if summed.finalize().as_slice() != checksum {
            return Ok(None);
        }
        let (records, _) = records.as_chunks();
        let chunk = Self {
            number: u64::from_le_bytes(number),
            rows: u32::from_le_bytes(rows),
            verifier,
            keys: records.iter().map(Record::from_bytes).collect(),
        };
        Ok(Some((chunk, offset + (HEAD_BYTES + body.len()) as u64)))
    }
}

/// The position of a chunk in a file.
#[derive(Clone, Copy)]
pub struct Found {
    /// The batch.
    pub number: u64,
    /// The first byte.
    pub offset: u64,
    /// The rows of the batch with a NIK.
    pub rows: u32,
}

/// Finds the first chunk of each batch from an offset on, by batch number, and the end of the last
/// chunk.
///
/// # Errors
///
/// A file that cannot be read.
pub fn find_all(file: &File, start: u64) -> io::Result<(Vec<Found>, u64)> {
    let mut found = Vec::new();
    let mut end = start;
    let mut next = Some(start);
    while let Some(offset) = next {
        next = match Chunk::read(file, offset)? {
            Some((Chunk { number, rows, .. }, behind)) => {
                found.push(Found {
                    number,
                    offset,
                    rows,
                });
                end = behind;
                Some(behind)
            }
            None => next_marker(file, offset + 1)?,
        };
    }
    found.sort_by_key(|chunk| chunk.number);
    found.dedup_by_key(|chunk| chunk.number);
    Ok((found, end))
}

fn next_marker(file: &File, mut offset: u64) -> io::Result<Option<u64>> {
    let mut window = vec![0; WINDOW];
    loop {
        let bytes = read_at(file, &mut window, offset)?;
        if let Some(within) = memchr::memmem::find(bytes, &MARKER) {
            return Ok(Some(offset + within as u64));
        }
        if bytes.len() < WINDOW {
            return Ok(None);
        }
        // A marker may begin in one window and end in the next.
        offset += (WINDOW - (MARKER.len() - 1)) as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn chunk(number: u64, keys: u8) -> Chunk {
        Chunk {
            number,
            rows: u32::from(keys) + 1,
            verifier: [number as u8; Key::LENGTH],
            keys: (0..keys)
                .map(|key| Record::from_bytes(&[key; 20]))
                .collect(),
        }
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn numbers(bytes: &[u8]) -> Vec<u64> {
        let (found, _) = find_all(&file(bytes), 0).unwrap();
        found.iter().map(|chunk| chunk.number).collect()
    }

    #[test]
    fn is_read_as_it_was_written() {
        for chunk in [chunk(0, 0), chunk(1 << 40, 128)] {
            let bytes = chunk.to_bytes();
            let read = Chunk::read(&file(&bytes), 0).unwrap();
            assert_eq!(read, Some((chunk, bytes.len() as u64)));
        }
    }

    #[test]
    fn what_is_damaged_is_left_out_and_nothing_else() {
        let chunks = [chunk(0, 9), chunk(1, 9), chunk(2, 9)].map(|chunk| chunk.to_bytes());
        let bytes = chunks.concat();
        let length = chunks[0].len();
        assert_eq!(numbers(&bytes), [0, 1, 2]);
        for offset in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[offset] ^= 0x10;
            let hit = (offset / length) as u64;
            let rest: Vec<u64> = (0..3).filter(|&number| number != hit).collect();
            assert_eq!(numbers(&damaged), rest, "byte {offset}");
        }
        for cut in 0..bytes.len() {
            let whole: Vec<u64> = (0..(cut / length) as u64).collect();
            assert_eq!(numbers(&bytes[..cut]), whole, "{cut} bytes");
        }
    }

    #[test]
    fn a_batch_is_never_there_twice() {
        let bytes = [chunk(1, 3), chunk(0, 3), chunk(1, 3)].map(|chunk| chunk.to_bytes());
        assert_eq!(numbers(&bytes.concat()), [0, 1]);
    }

    #[test]
    fn a_marker_is_found_wherever_it_lies() {
        for gap in (WINDOW - 10..WINDOW + 10).chain([1, 3 * WINDOW]) {
            let bytes = [vec![0x8e; gap], chunk(5, 2).to_bytes()].concat();
            assert_eq!(numbers(&bytes), [5], "{gap}");
        }
    }
}

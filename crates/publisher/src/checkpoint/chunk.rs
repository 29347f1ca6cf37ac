//! Checkpoint chunks: each is the key file of one batch of rows.
//!
//! A reader skips other bytes and looks for the next header.

use std::fs::File;
use std::io;

use crate::key_file::content::{Checker, ContentWriter};
use crate::key_file::header::{Header, MAGIC, Scope};
use crate::key_file::trailer::{Counts, ListId, Trailer};
use crate::partition::{Record, read_at};

/// A batch has fewer bytes, and so fewer rows, than this.
const MOST_KEYS: usize = 1 << 20;

/// Bytes that are read at first: enough for 128 keys.
const FIRST_READ: usize = 4 << 10;

/// Bytes that are searched for a header at once.
const WINDOW: usize = 64 << 10;

/// The keys of one batch of rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The batch, counted from 0 over all lists.
    pub number: u32,
    /// The rows of the batch with a NIK.
    pub rows: u64,
    /// The id of the list of these rows, by which they are recognized.
    pub list: ListId,
    /// The different keys, sorted.
    pub keys: Vec<Record>,
}

impl Chunk {
    /// The bytes of the chunk in a file with a header of any batch.
    ///
    /// # Errors
    ///
    /// Never for these types.
    pub fn to_bytes(&self, header: &Header) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut writer = ContentWriter::new(&mut bytes, &of_batch(header, self.number))?;
        writer.write(&self.keys)?;
        writer.finish(Counts::of_rows(self.rows), self.list)?;
        Ok(bytes)
    }

    /// The chunk at an offset and the offset of its end; `None` if there is no valid chunk with the
    /// parameters of the header.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn read(file: &File, header: &Header, offset: u64) -> io::Result<Option<(Self, u64)>> {
        let mut buffer = vec![0; FIRST_READ];
        loop {
            let wanted = buffer.len();
            let bytes = read_at(file, &mut buffer, offset)?;
            let Some(number) = batch(bytes, header) else {
                return Ok(None);
            };
            if let Some((keys, trailer)) = split(bytes) {
                let end = offset + (Header::BYTES + keys.len() + Trailer::BYTES) as u64;
                let chunk = Self::check(&of_batch(header, number), number, keys, &trailer);
                return Ok(chunk.map(|chunk| (chunk, end)));
            }
            if bytes.len() < wanted || wanted > MOST_KEYS * Record::BYTES {
                return Ok(None);
            }
            buffer.resize(2 * wanted, 0);
        }
    }

    fn check(header: &Header, number: u32, keys: &[u8], trailer: &Trailer) -> Option<Self> {
        let mut checker = Checker::new(header);
        let mut records = Vec::with_capacity(trailer.keys as usize);
        checker.read(keys, &mut records).ok()?;
        checker.finish(trailer).ok()?;
        Some(Self {
            number,
            rows: trailer.counts.rows,
            list: trailer.list,
            keys: records,
        })
    }
}

fn of_batch(header: &Header, number: u32) -> Header {
    Header {
        scope: Scope::Batch(number),
        ..*header
    }
}

/// The batch of the chunk that begins with some bytes.
fn batch(bytes: &[u8], header: &Header) -> Option<u32> {
    let found = Header::read(bytes).ok()?;
    match found.scope {
        Scope::Batch(number) if found == of_batch(header, number) => Some(number),
        _ => None,
    }
}

/// The keys and the trailer of a chunk that begins with some bytes. The trailer is behind as many
/// keys as it says: a key that says so too is one in 2^64, and would cost its chunk only.
fn split(bytes: &[u8]) -> Option<(&[u8], Trailer)> {
    let (_, bytes) = bytes.split_at_checked(Header::BYTES)?;
    let (records, _) = bytes.as_chunks::<{ Record::BYTES }>();
    let says = |&(keys, record): &(usize, &[u8; Record::BYTES])| {
        record.starts_with(&(keys as u64).to_le_bytes())
    };
    let (keys, _) = records.iter().enumerate().find(says)?;
    let (keys, trailer) = bytes.split_at(keys * Record::BYTES);
    Some((keys, Trailer::read(trailer).ok()?))
}

/// The position of a chunk in a file.
#[derive(Clone, Copy)]
pub struct Found {
    /// The batch.
    pub number: u32,
    /// The first byte.
    pub offset: u64,
    /// The rows of the batch with a NIK.
    pub rows: u64,
}

/// Finds the first chunk of each batch from an offset on, by batch number, and the end of the last
/// chunk.
///
/// # Errors
///
/// A file that cannot be read.
pub fn find_all(file: &File, header: &Header, start: u64) -> io::Result<(Vec<Found>, u64)> {
    let mut found = Vec::new();
    let mut end = start;
    let mut next = Some(start);
    while let Some(offset) = next {
        next = match Chunk::read(file, header, offset)? {
            Some((Chunk { number, rows, .. }, behind)) => {
                found.push(Found {
                    number,
                    offset,
                    rows,
                });
                end = behind;
                Some(behind)
            }
            None => next_magic(file, offset + 1)?,
        };
    }
    found.sort_by_key(|chunk| chunk.number);
    found.dedup_by_key(|chunk| chunk.number);
    Ok((found, end))
}

fn next_magic(file: &File, mut offset: u64) -> io::Result<Option<u64>> {
    let mut window = vec![0; WINDOW];
    loop {
        let bytes = read_at(file, &mut window, offset)?;
        if let Some(within) = memchr::memmem::find(bytes, &MAGIC) {
            return Ok(Some(offset + within as u64));
        }
        if bytes.len() < WINDOW {
            return Ok(None);
        }
        // A header may begin in one window and end in the next.
        offset += (WINDOW - (MAGIC.len() - 1)) as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::key_file::fit::TestKey;
    use crate::keys::Keys;
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Argon2Cost, Kdf, Salt};

    fn header() -> Header {
        Header {
            keys: Keys {
                identifier: IdentifierKind::Nik,
                salt: Salt([7; 16]),
                kdf: Kdf::Argon2id(Argon2Cost::OWASP),
            },
            scope: Scope::Batch(0),
            test_key: TestKey([9; 16]),
        }
    }

    fn chunk(number: u32, keys: u16) -> Chunk {
        let key = |key: u16| {
            let mut bytes = [0x55; Record::BYTES];
            bytes[..2].copy_from_slice(&key.to_be_bytes());
            Record::from_bytes(&bytes)
        };
        Chunk {
            number,
            rows: u64::from(keys) + 1,
            list: ListId([number as u8; 16]),
            keys: (0..keys).map(key).collect(),
        }
    }

    fn bytes(chunk: &Chunk) -> Vec<u8> {
        chunk.to_bytes(&header()).unwrap()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn numbers(bytes: &[u8]) -> Vec<u32> {
        let (found, _) = find_all(&file(bytes), &header(), 0).unwrap();
        found.iter().map(|chunk| chunk.number).collect()
    }

    #[test]
    fn is_read_as_it_was_written() {
        for chunk in [chunk(0, 0), chunk(1 << 30, 128), chunk(2, 5_000)] {
            let bytes = bytes(&chunk);
            let read = Chunk::read(&file(&bytes), &header(), 0).unwrap();
            assert_eq!(read, Some((chunk, bytes.len() as u64)));
        }
    }

    #[test]
    fn chunks_of_other_parameters_are_left_out() {
        let mut other = header();
        other.keys.salt = Salt([8; 16]);
        let of_other = chunk(0, 3).to_bytes(&other).unwrap();
        assert_eq!(numbers(&[of_other, bytes(&chunk(1, 3))].concat()), [1]);
    }

    #[test]
    fn what_is_damaged_is_left_out_and_nothing_else() {
        let chunks = [chunk(0, 9), chunk(1, 9), chunk(2, 9)].map(|chunk| bytes(&chunk));
        let bytes = chunks.concat();
        let length = chunks[0].len();
        assert_eq!(numbers(&bytes), [0, 1, 2]);
        for offset in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[offset] ^= 0x10;
            let hit = (offset / length) as u32;
            let rest: Vec<u32> = (0..3).filter(|&number| number != hit).collect();
            assert_eq!(numbers(&damaged), rest, "byte {offset}");
        }
        for cut in 0..bytes.len() {
            let whole: Vec<u32> = (0..(cut / length) as u32).collect();
            assert_eq!(numbers(&bytes[..cut]), whole, "{cut} bytes");
        }
    }

    #[test]
    fn a_batch_is_never_there_twice() {
        let chunks = [chunk(1, 3), chunk(0, 3), chunk(1, 3)].map(|chunk| bytes(&chunk));
        assert_eq!(numbers(&chunks.concat()), [0, 1]);
    }

    #[test]
    fn a_header_is_found_wherever_it_lies() {
        for gap in (WINDOW - 10..WINDOW + 10).chain([1, 3 * WINDOW]) {
            let found = numbers(&[vec![0x8e; gap], bytes(&chunk(5, 2))].concat());
            assert_eq!(found, [5], "{gap}");
        }
    }
}

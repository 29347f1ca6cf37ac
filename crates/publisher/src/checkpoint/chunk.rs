//! Checkpoint chunks: each is the key file of one batch of rows, at the end of a slot.
//!
//! The number of a batch is that of its slot, so that each chunk can be written, damaged and read
//! without the others. All slots have room for the largest batch. A shorter key file has zeros
//! before it.

use std::fs::File;
use std::io;

use crate::key_file::content::{Checker, ContentWriter};
use crate::key_file::header::{Header, Scope};
use crate::key_file::trailer::{Counts, ListId, Trailer};
use crate::partition::{Record, read_at};

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

/// The slots of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slots {
    /// The header of all chunks but for their number.
    pub header: Header,
    /// Where the first slot begins.
    pub start: u64,
    /// The length of a slot in bytes.
    pub length: usize,
}

impl Slots {
    /// Slots for batches of at most so many rows.
    pub fn new(header: Header, start: u64, most_rows: u32) -> Self {
        Self {
            header,
            start,
            length: Header::BYTES + most_rows as usize * Record::BYTES + Trailer::BYTES,
        }
    }

    /// Where a slot begins.
    pub fn offset(&self, number: u32) -> u64 {
        self.start + u64::from(number) * self.length as u64
    }

    /// The bytes of the slot of a chunk.
    ///
    /// # Errors
    ///
    /// More keys than fit.
    pub fn to_bytes(&self, chunk: &Chunk) -> io::Result<Vec<u8>> {
        let mut file = Vec::with_capacity(self.length);
        let mut writer = ContentWriter::new(&mut file, &self.header_of(chunk.number))?;
        writer.write(&chunk.keys)?;
        writer.finish(Counts::of_rows(chunk.rows), chunk.list)?;
        match self.length.checked_sub(file.len()) {
            Some(zeros) => Ok([vec![0; zeros], file].concat()),
            None => Err(io::Error::other("a batch has more rows than it can have")),
        }
    }

    /// Reads the chunk in a slot; `None` if there is no valid one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn read(&self, file: &File, number: u32) -> io::Result<Option<Chunk>> {
        let mut slot = vec![0; self.length];
        let slot = read_at(file, &mut slot, self.offset(number))?;
        Ok(self.parse(slot, number))
    }

    /// The numbers of all valid chunks, in ascending order, and their rows together.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn find_all(&self, file: &File) -> io::Result<(Vec<u32>, u64)> {
        let mut numbers = Vec::new();
        let mut rows = 0;
        let length = file.metadata()?.len();
        let slots = (0..).take_while(|&number| self.offset(number) < length);
        for number in slots {
            if let Some(chunk) = self.read(file, number)? {
                numbers.push(number);
                rows += chunk.rows;
            }
        }
        Ok((numbers, rows))
    }

    fn parse(&self, slot: &[u8], number: u32) -> Option<Chunk> {
        let (rest, trailer) = slot.split_last_chunk::<{ Trailer::BYTES }>()?;
        let trailer = Trailer::read(trailer).ok()?;
        let length = usize::try_from(trailer.keys).ok()?;
        let length = length.checked_mul(Record::BYTES)?;
        let (rest, keys) = rest.split_at(rest.len().checked_sub(length)?);
        let header = self.header_of(number);
        if !rest.ends_with(&header.to_bytes()) {
            return None;
        }
        let mut checker = Checker::new(&header);
        let mut records = Vec::new();
        checker.read(keys, &mut records).ok()?;
        checker.finish(&trailer).ok()?;
        Some(Chunk {
            number,
            rows: trailer.counts.rows,
            list: trailer.list,
            keys: records,
        })
    }

    fn header_of(&self, number: u32) -> Header {
        Header {
            scope: Scope::Batch(number),
            ..self.header
        }
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

    const MOST: u32 = 9;

    fn slots() -> Slots {
        let header = Header {
            keys: Keys {
                identifier: IdentifierKind::Nik,
                salt: Salt([7; 16]),
                kdf: Kdf::Argon2id(Argon2Cost::OWASP),
            },
            scope: Scope::Batch(0),
            test_key: TestKey([9; 16]),
        };
        Slots::new(header, 0, MOST)
    }

    fn chunk(number: u32, keys: u8) -> Chunk {
        Chunk {
            number,
            rows: u64::from(keys) + 1,
            list: ListId([number as u8; 16]),
            keys: (0..keys)
                .map(|key| Record::from_bytes(&[key; Record::BYTES]))
                .collect(),
        }
    }

    fn bytes(chunk: &Chunk) -> Vec<u8> {
        slots().to_bytes(chunk).unwrap()
    }

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn numbers(bytes: &[u8]) -> Vec<u32> {
        let (numbers, _) = slots().find_all(&file(bytes)).unwrap();
        numbers
    }

    #[test]
    fn is_read_as_it_was_written() {
        let chunks = [chunk(0, 0), chunk(1, 3), chunk(2, MOST as u8)];
        let file = file(&chunks.each_ref().map(bytes).concat());
        assert_eq!(slots().find_all(&file).unwrap(), (vec![0, 1, 2], 15));
        for chunk in chunks {
            assert_eq!(slots().read(&file, chunk.number).unwrap(), Some(chunk));
        }
        assert_eq!(slots().read(&file, 3).unwrap(), None);
        assert!(slots().to_bytes(&chunk(0, MOST as u8 + 1)).is_err());
    }

    #[test]
    fn what_is_damaged_is_left_out_and_nothing_else() {
        let chunks = [0, 1, 2].map(|number| bytes(&chunk(number, MOST as u8)));
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
    fn a_chunk_in_another_slot_or_of_other_parameters_is_left_out() {
        let mut other = slots();
        other.header.keys.salt = Salt([8; 16]);
        let other = other.to_bytes(&chunk(0, 3)).unwrap();
        let elsewhere = bytes(&chunk(1, 3));
        let gap = vec![0; slots().length];
        let chunks = [
            other,
            elsewhere.clone(),
            gap,
            elsewhere,
            bytes(&chunk(4, 3)),
        ];
        assert_eq!(numbers(&chunks.concat()), [1, 4]);
    }
}

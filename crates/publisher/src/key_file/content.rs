//! Content of a key file: header, keys and trailer, as they are written and as they are checked.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::error::Flaw;
use super::header::Header;
use super::trailer::{Counts, ListId, Trailer};
use crate::partition::Record;
use cek_nik::merkle::Hash;

/// Writes a key file, to a pipe for example.
pub struct ContentWriter<W> {
    out: W,
    hash: Sha256,
    keys: u64,
}

impl<W: Write> ContentWriter<W> {
    /// Writes the header.
    pub fn new(out: W, header: &Header) -> io::Result<Self> {
        let mut writer = Self {
            out,
            hash: Sha256::new(),
            keys: 0,
        };
        writer.write_hashed(&header.to_bytes())?;
        Ok(writer)
    }

    /// Writes keys, in ascending order behind those before.
    pub fn write(&mut self, keys: &[Record]) -> io::Result<()> {
        let bytes: Vec<_> = keys.iter().map(|key| key.to_bytes()).collect();
        self.keys += keys.len() as u64;
        self.write_hashed(bytes.as_flattened())
    }

    /// Writes the trailer.
    pub fn finish(mut self, counts: Counts, list: ListId) -> io::Result<Trailer> {
        self.write_hashed(&Trailer::checked_bytes(self.keys, &counts, list))?;
        let checksum: Hash = self.hash.finalize().into();
        self.out.write_all(&checksum)?;
        self.out.flush()?;
        Ok(Trailer {
            keys: self.keys,
            counts,
            list,
            checksum,
        })
    }

    fn write_hashed(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }
}

/// Checks a key file while it is read. Its keys can be used once [`finish`](Self::finish) has
/// passed.
pub struct Checker {
    hash: Sha256,
    previous: Option<Record>,
}

impl Checker {
    pub fn new(header: &Header) -> Self {
        Self {
            hash: Sha256::new_with_prefix(header.to_bytes()),
            previous: None,
        }
    }

    /// Appends the keys in some bytes, which follow those before.
    pub fn read(&mut self, bytes: &[u8], records: &mut Vec<Record>) -> Result<(), Flaw> {
        self.hash.update(bytes);
        let (keys, _) = bytes.as_chunks();
        for record in keys.iter().map(Record::from_bytes) {
            if self.previous.is_some_and(|previous| record <= previous) {
                return Err(Flaw::Damaged);
            }
            self.previous = Some(record);
            records.push(record);
        }
        Ok(())
    }

    /// Checks the trailer, whose number of keys must be that of the keys.
    pub fn finish(mut self, trailer: &Trailer) -> Result<(), Flaw> {
        let Trailer {
            keys, counts, list, ..
        } = *trailer;
        self.hash
            .update(Trailer::checked_bytes(keys, &counts, list));
        let is_possible = keys <= counts.rows;
        match is_possible && self.hash.finalize().as_slice() == trailer.checksum {
            true => Ok(()),
            false => Err(Flaw::Damaged),
        }
    }
}

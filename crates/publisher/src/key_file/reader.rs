//! Key file reader.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::{Flaw, KeyFileError};
use super::header::Header;
use super::trailer::Trailer;
use crate::error::BuildError;
use crate::io_action::{IoAction, OnPath};
use crate::partition::{Record, read_at};
use cek_nik_reader::regular_file::open_regular;

const RECORD_BYTES: u64 = Record::BYTES as u64;
const FRAME_BYTES: u64 = (Header::BYTES + Trailer::BYTES) as u64;

/// Records that are read at once.
const AT_ONCE: u64 = 1 << 15;

/// A key file, whose checksum is not verified yet. It is not kept open: there may be thousands.
#[derive(Debug)]
pub struct KeyFile {
    /// Its path.
    pub path: PathBuf,
    /// The header.
    pub header: Header,
    /// The trailer.
    pub trailer: Trailer,
}

impl KeyFile {
    /// Opens a file, and reads its header and trailer.
    ///
    /// # Errors
    ///
    /// [`Flaw`]: the first variant that applies, in their order; or a file that cannot be read.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let flaw = |flaw| KeyFileError::flaw(path, flaw);
        let file = open_regular(path).on_path(IoAction::Read, path)?;
        let length = file.metadata().on_path(IoAction::Read, path)?.len();
        let read = |offset, bytes: &mut [u8]| -> Result<usize, KeyFileError> {
            Ok(read_at(&file, bytes, offset)
                .on_path(IoAction::Read, path)?
                .len())
        };
        let mut bytes = [0; Header::BYTES];
        let filled = read(0, &mut bytes)?;
        let (beginning, _) = bytes.split_at(filled);
        let header = Header::read(beginning);
        let is_whole = length >= FRAME_BYTES && (length - FRAME_BYTES).is_multiple_of(RECORD_BYTES);
        match header {
            Err(error @ (Flaw::NotAKeyFile | Flaw::NewerVersion)) => return Err(flaw(error)),
            _ if !is_whole => return Err(flaw(Flaw::WrongLength)),
            _ => {}
        }
        let header = header.map_err(flaw)?;
        let mut bytes = [0; Trailer::BYTES];
        read(length - Trailer::BYTES as u64, &mut bytes)?;
        let trailer = Trailer::read(&bytes).map_err(flaw)?;
        if trailer.keys != (length - FRAME_BYTES) / RECORD_BYTES {
            return Err(flaw(Flaw::WrongLength));
        }
        Ok(Self {
            path: path.to_owned(),
            header,
            trailer,
        })
    }

    /// Reads and verifies the whole file.
    ///
    /// # Errors
    ///
    /// As [`KeyFile::open`], and [`Flaw::Damaged`].
    pub fn verify(&self) -> Result<(), BuildError> {
        self.read(|_| Ok(()))
    }

    /// Hands over all keys, in their order, and verifies the file. The keys can be used once this
    /// has returned.
    pub(crate) fn read(
        &self,
        mut visit: impl FnMut(&[Record]) -> Result<(), BuildError>,
    ) -> Result<(), BuildError> {
        let file = open_regular(&self.path).on_path(IoAction::Read, &self.path)?;
        let damaged = || KeyFileError::flaw(&self.path, Flaw::Damaged);
        let mut hash = Sha256::new();
        hash.update(self.header.to_bytes());
        let mut bytes = vec![0; (AT_ONCE * RECORD_BYTES) as usize];
        let mut records: Vec<Record> = Vec::with_capacity(AT_ONCE as usize);
        let mut previous = None;
        let mut left = self.trailer.keys;
        let mut offset = Header::BYTES as u64;
        while left > 0 {
            let (block, _) = bytes.split_at_mut((left.min(AT_ONCE) * RECORD_BYTES) as usize);
            let length = block.len() as u64;
            let block = read_at(&file, block, offset).on_path(IoAction::Read, &self.path)?;
            if (block.len() as u64) < length {
                return Err(KeyFileError::flaw(&self.path, Flaw::WrongLength).into());
            }
            hash.update(block);
            let (keys, _) = block.as_chunks();
            records.clear();
            records.extend(keys.iter().map(Record::from_bytes));
            let is_ascending = records.is_sorted_by(|a, b| a < b);
            if !is_ascending || records.first().copied() <= previous {
                return Err(damaged().into());
            }
            previous = records.last().copied();
            visit(&records)?;
            offset += length;
            left -= length / RECORD_BYTES;
        }
        let Trailer {
            keys, counts, list, ..
        } = self.trailer;
        hash.update(Trailer::checked_bytes(keys, &counts, list));
        let is_possible = keys <= counts.rows;
        if !is_possible || hash.finalize().as_slice() != self.trailer.checksum {
            return Err(damaged().into());
        }
        Ok(())
    }
}

/// The header of a key file; `None` for another file.
pub(crate) fn header_of(path: &Path) -> io::Result<Option<Header>> {
    let mut bytes = Vec::new();
    open_regular(path)?
        .take(Header::BYTES as u64)
        .read_to_end(&mut bytes)?;
    Ok(Header::read(&bytes).ok())
}

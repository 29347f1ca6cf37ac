//! Key file reader.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::content::Checker;
use super::error::{Flaw, KeyFileError};
use super::header::{Header, Scope};
use super::part::Part;
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
    /// The part of the list.
    pub part: Part,
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
        let is_whole = length >= FRAME_BYTES && (length - FRAME_BYTES).is_multiple_of(RECORD_BYTES);
        let (header, part) = match Header::read(beginning) {
            Err(Flaw::Damaged) if !is_whole => return Err(flaw(Flaw::WrongLength)),
            Err(error) => return Err(flaw(error)),
            Ok(header) => match header.scope {
                Scope::Batch(_) => return Err(flaw(Flaw::Unfinished)),
                Scope::Part(_) if !is_whole => return Err(flaw(Flaw::WrongLength)),
                Scope::Part(part) => (header, part),
            },
        };
        let mut bytes = [0; Trailer::BYTES];
        read(length - Trailer::BYTES as u64, &mut bytes)?;
        let trailer = Trailer::read(&bytes).map_err(flaw)?;
        if trailer.keys != (length - FRAME_BYTES) / RECORD_BYTES {
            return Err(flaw(Flaw::WrongLength));
        }
        Ok(Self {
            path: path.to_owned(),
            header,
            part,
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
        let flaw = |flaw| KeyFileError::flaw(&self.path, flaw);
        let mut checker = Checker::new(&self.header);
        let mut bytes = vec![0; (AT_ONCE * RECORD_BYTES) as usize];
        let mut records: Vec<Record> = Vec::with_capacity(AT_ONCE as usize);
        let mut left = self.trailer.keys;
        let mut offset = Header::BYTES as u64;
        while left > 0 {
            let (block, _) = bytes.split_at_mut((left.min(AT_ONCE) * RECORD_BYTES) as usize);
            let length = block.len() as u64;
            let block = read_at(&file, block, offset).on_path(IoAction::Read, &self.path)?;
            if (block.len() as u64) < length {
                return Err(flaw(Flaw::WrongLength).into());
            }
            records.clear();
            checker.read(block, &mut records).map_err(flaw)?;
            visit(&records)?;
            offset += length;
            left -= length / RECORD_BYTES;
        }
        Ok(checker.finish(&self.trailer).map_err(flaw)?)
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

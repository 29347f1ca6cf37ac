//! Open pack. Only the beginning of a large pack is read, and the requested shards.

use std::cell::RefCell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use crate::catalogue_file::CatalogueFile;
use cek_nik::catalogue::{CatalogueError, Dataset};
use cek_nik::check::{FetchError, Reason};
use cek_nik::pack::{HEADER_BYTES, Header, Index, MAGIC, ShardOffsets, begins_as_pack};
use cek_nik::prefix::Prefix;

use crate::page::{self, PageAround};
use crate::regular_file::open_regular;

/// Pack whose beginning has been verified. The caller verifies the shards.
pub struct Pack<R> {
    bytes: RefCell<R>,
    length: u64,
    beginning: Vec<u8>,
    catalogue: Range<usize>,
    offsets: ShardOffsets,
}

/// File with a pack.
pub struct PackFile {
    /// The pack.
    pub pack: Pack<Box<dyn Bytes>>,
    /// The page around the pack, if there is one.
    pub page: Option<PageAround>,
}

/// Bytes with random access.
pub trait Bytes: Read + Seek {}

impl<R: Read + Seek> Bytes for R {}

impl PackFile {
    /// Opens a pack, or a page with a pack inside.
    ///
    /// # Errors
    ///
    /// [`Reason::Pack`], [`Reason::Catalogue`], or [`FetchError::Unreadable`] if the file cannot be
    /// read.
    pub fn open(path: &Path) -> Result<Self, Reason> {
        let mut file = open_regular(path).map_err(unreadable)?;
        let mut magic = Vec::new();
        let most = MAGIC.len() as u64;
        (&file)
            .take(most)
            .read_to_end(&mut magic)
            .and_then(|_| file.rewind())
            .map_err(unreadable)?;
        if begins_as_pack(&magic) {
            return Ok(Self {
                pack: Pack::open(Box::new(file) as Box<dyn Bytes>)?,
                page: None,
            });
        }
        let (page, pack) = page::read(file).map_err(unreadable)?;
        let pack = Box::new(Cursor::new(pack.map_err(Reason::Pack)?));
        Ok(Self {
            pack: Pack::open(pack as Box<dyn Bytes>)?,
            page: Some(page),
        })
    }
}

impl<R: Read + Seek> Pack<R> {
    /// Reads and verifies everything up to the first shard.
    ///
    /// # Errors
    ///
    /// As [`PackFile::open`].
    pub fn open(mut bytes: R) -> Result<Self, Reason> {
        let mut beginning = Vec::new();
        let length = bytes.seek(SeekFrom::End(0)).map_err(unreadable)?;
        bytes.rewind().map_err(unreadable)?;
        let mut read = |most: usize, beginning: &mut Vec<u8>| {
            let read = bytes.by_ref().take(most as u64).read_to_end(beginning);
            read.map_err(unreadable)
        };
        read(HEADER_BYTES, &mut beginning)?;
        let header = Header::read(&beginning).map_err(Reason::Pack)?;
        read(header.index_bytes(), &mut beginning)?;
        let index = Index::read(&header, &beginning, length).map_err(Reason::Pack)?;
        let end = beginning.len() - index.signature().len();
        let range = end - index.catalogue().len()..end;
        let catalogue = CatalogueFile::parse(index.catalogue()).map_err(Reason::Catalogue)?;
        let offsets = index.offsets(catalogue.catalogue()).map_err(Reason::Pack)?;
        Ok(Self {
            bytes: RefCell::new(bytes),
            length,
            beginning,
            catalogue: range,
            offsets,
        })
    }

    /// The length of the pack, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// All bytes before the first shard.
    pub fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// The bytes of `catalogue.json`.
    pub fn catalogue_file(&self) -> &[u8] {
        let (beginning, _) = self.beginning.split_at(self.catalogue.end);
        let (_, catalogue) = beginning.split_at(self.catalogue.start);
        catalogue
    }

    /// The bytes of `catalogue.json.minisig`; `None` in a pack without a signature.
    pub fn signature_file(&self) -> Option<&[u8]> {
        let (_, signature) = self.beginning.split_at(self.catalogue.end);
        Some(signature).filter(|signature| !signature.is_empty())
    }

    /// The catalogue.
    ///
    /// # Errors
    ///
    /// None for an open pack: its catalogue has been parsed before.
    pub fn catalogue(&self) -> Result<CatalogueFile, CatalogueError> {
        CatalogueFile::parse(self.catalogue_file())
    }

    /// Reads one shard, unverified.
    ///
    /// # Errors
    ///
    /// [`FetchError::Unreadable`], or [`FetchError::NotFound`] for a data set of another catalogue.
    pub fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let offset = self.offsets.of_shard(dataset, prefix);
        let offset = offset.ok_or(FetchError::NotFound)?;
        let mut shard = Vec::new();
        let mut bytes = self.bytes.borrow_mut();
        bytes
            .seek(SeekFrom::Start(offset))
            .and_then(|_| {
                let most = dataset.shard_bytes() as u64;
                bytes.by_ref().take(most).read_to_end(&mut shard)
            })
            .map_err(|_| FetchError::Unreadable)?;
        Ok(shard)
    }
}

fn unreadable(_: io::Error) -> Reason {
    Reason::CatalogueFetch(FetchError::Unreadable)
}

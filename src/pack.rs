//! Pack: a whole site in one file, for checks without a network.
//!
//! The catalogue lies at the beginning. All shards of a data set are equally long, so that the
//! offset of a shard is arithmetic: a client reads the beginning of a large pack, and one shard.
//!
//! ```
//! use cek_nik::pack::{HEADER_BYTES, Header, PackError, beginning};
//!
//! // Two data sets, with 500 and 0 bytes of shards.
//! let bytes = beginning(&[500, 0], b"{}", b"").unwrap();
//! let header = Header::read(&bytes)?;
//! assert_eq!(HEADER_BYTES + header.index_bytes(), bytes.len());
//! # Ok::<(), PackError>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest, Sha256};

use crate::catalogue::{Catalogue, Dataset, MAX_BYTES};
use crate::merkle::Hash;
pub use crate::outcome::PackError;
use crate::prefix::Prefix;
use crate::signature;

/// The first bytes of every pack. Those of a shard differ in the fourth byte.
pub const MAGIC: [u8; 8] = *b"\x8eCNP\r\n\x1a\n";
/// The version of a pack without a signature.
pub const VERSION: u16 = 1;
/// The version of a pack with a signature. Both are read and written.
pub const SIGNED_VERSION: u16 = 2;
/// The length of the header, in bytes.
pub const HEADER_BYTES: usize = 64;
const SIZE_BYTES: usize = 8;

/// Header of a pack: the first [`HEADER_BYTES`], which give the length of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    datasets: usize,
    catalogue_bytes: usize,
    signature_bytes: usize,
    digest: Hash,
}

/// Index of a pack: the part between header and first shard. It holds the size of each data set,
/// the catalogue, and its signature if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index<'a> {
    catalogue: &'a [u8],
    signature: &'a [u8],
    sizes: Vec<u64>,
    first_shard: u64,
}

/// Offsets at which the shards of each data set begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardOffsets(Vec<(String, u64)>);

/// Whether a file begins with [`MAGIC`], or is shorter and equal as far as it goes.
pub fn begins_as_pack(beginning: &[u8]) -> bool {
    beginning.iter().zip(&MAGIC).all(|(a, b)| a == b)
}

impl Header {
    /// Reads the header from the beginning of a file. It ignores the bytes behind the header.
    ///
    /// # Errors
    ///
    /// [`PackError`]: the first variant that applies, in their order.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        if !begins_as_pack(bytes) {
            return Err(PackError::NotAPack);
        }
        let mut rest = Reader(bytes);
        let _: [u8; MAGIC.len()] = rest.array()?;
        let signature_lengths = match u16::from_le_bytes(rest.array()?) {
            0 => return Err(PackError::NotAPack),
            VERSION => 0..=0,
            SIGNED_VERSION => 1..=signature::MAX_BYTES,
            _ => return Err(PackError::NewerVersion),
        };
        let datasets = u16::from_le_bytes(rest.array()?).into();
        let catalogue_bytes = u32::from_le_bytes(rest.array()?) as usize;
        let signature_bytes = u16::from_le_bytes(rest.array()?).into();
        let reserved: [u8; 14] = rest.array()?;
        let digest = rest.array()?;
        let is_possible =
            catalogue_bytes <= MAX_BYTES && signature_lengths.contains(&signature_bytes);
        if !is_possible || reserved != [0; 14] {
            return Err(PackError::Damaged);
        }
        Ok(Self {
            datasets,
            catalogue_bytes,
            signature_bytes,
            digest,
        })
    }

    /// The length of the index, in bytes: at most 4.5 MiB.
    pub fn index_bytes(&self) -> usize {
        self.datasets * SIZE_BYTES + self.catalogue_bytes + self.signature_bytes
    }

    /// The length of the signature, in bytes; 0 without one.
    pub fn signature_bytes(&self) -> usize {
        self.signature_bytes
    }
}

impl<'a> Index<'a> {
    /// Reads the index from the beginning of a pack, header included. `pack_bytes` is the length of
    /// the whole pack.
    ///
    /// # Errors
    ///
    /// [`PackError::WrongLength`] or [`PackError::Damaged`].
    pub fn read(header: &Header, beginning: &'a [u8], pack_bytes: u64) -> Result<Self, PackError> {
        let bytes = beginning
            .get(HEADER_BYTES..HEADER_BYTES + header.index_bytes())
            .ok_or(PackError::WrongLength)?;
        if digest(bytes) != header.digest {
            return Err(PackError::Damaged);
        }
        let (sizes, rest) = bytes
            .split_at_checked(header.datasets * SIZE_BYTES)
            .ok_or(PackError::Damaged)?;
        let (catalogue, signature) = rest
            .split_at_checked(header.catalogue_bytes)
            .ok_or(PackError::Damaged)?;
        let (sizes, _) = sizes.as_chunks::<SIZE_BYTES>();
        let sizes: Vec<u64> = sizes.iter().map(|size| u64::from_le_bytes(*size)).collect();
        let first_shard = (HEADER_BYTES + bytes.len()) as u64;
        let end = sizes
            .iter()
            .try_fold(first_shard, |end, size| end.checked_add(*size));
        if end != Some(pack_bytes) {
            return Err(PackError::WrongLength);
        }
        Ok(Self {
            catalogue,
            signature,
            sizes,
            first_shard,
        })
    }

    /// The bytes of `catalogue.json`.
    pub fn catalogue(&self) -> &'a [u8] {
        self.catalogue
    }

    /// The bytes of `catalogue.json.minisig`; none in a pack without a signature.
    pub fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Computes the offsets of the shards. `catalogue` is the parsed [`Index::catalogue`].
    ///
    /// # Errors
    ///
    /// [`PackError::Damaged`] if the catalogue has other data sets, or shards of other lengths.
    pub fn offsets(&self, catalogue: &Catalogue) -> Result<ShardOffsets, PackError> {
        let entries = catalogue.datasets();
        if entries.len() != self.sizes.len() {
            return Err(PackError::Damaged);
        }
        let mut offsets = Vec::new();
        let mut offset = self.first_shard;
        for (entry, size) in entries.iter().zip(&self.sizes) {
            if let Ok(dataset) = &entry.dataset {
                if *size != dataset_bytes(dataset) {
                    return Err(PackError::Damaged);
                }
                offsets.push((entry.id.clone(), offset));
            }
            offset += size;
        }
        Ok(ShardOffsets(offsets))
    }
}

impl ShardOffsets {
    /// The offset of a shard, in bytes. The shard is [`Dataset::shard_bytes`] long. `None` for a
    /// data set that the pack does not have.
    pub fn of_shard(&self, dataset: &Dataset, prefix: Prefix) -> Option<u64> {
        let mut offsets = self.0.iter();
        let (_, first) = offsets.find(|(id, _)| id == dataset.id())?;
        Some(first + u64::from(prefix.value()) * dataset.shard_bytes() as u64)
    }
}

/// The length of all shards of a data set together, in bytes.
pub fn dataset_bytes(dataset: &Dataset) -> u64 {
    u64::from(dataset.prefix_bits().shards()) * dataset.shard_bytes() as u64
}

/// The beginning of a pack: header, sizes, catalogue and signature, which may be empty. `sizes` are
/// the lengths of all shards of each data set, in bytes and in the order of the catalogue. `None`
/// beyond the limits of a pack: 65,535 data sets, [`MAX_BYTES`] of catalogue, or
/// [`signature::MAX_BYTES`] of signature.
pub fn beginning(sizes: &[u64], catalogue: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let datasets = u16::try_from(sizes.len()).ok()?;
    let catalogue_bytes = u32::try_from(catalogue.len()).ok()?;
    let signature_bytes = u16::try_from(signature.len()).ok()?;
    let version = match signature_bytes {
        0 => VERSION,
        _ => SIGNED_VERSION,
    };
    let sizes: Vec<u8> = sizes.iter().flat_map(|size| size.to_le_bytes()).collect();
    let index = [&sizes, catalogue, signature].concat();
    let header = [
        &MAGIC[..],
        &version.to_le_bytes(),
        &datasets.to_le_bytes(),
        &catalogue_bytes.to_le_bytes(),
        &signature_bytes.to_le_bytes(),
        &[0; 14],
        &digest(&index),
    ];
    let is_short = catalogue.len() <= MAX_BYTES && signature.len() <= signature::MAX_BYTES;
    is_short.then(|| [header.concat(), index].concat())
}

/// Hash of the index: no Merkle root covers the catalogue.
fn digest(index: &[u8]) -> Hash {
    Sha256::digest(index).into()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], PackError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(PackError::WrongLength)?;
        self.0 = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(sizes: &[u64], signature: &[u8]) -> Vec<u8> {
        let mut pack = beginning(sizes, b"{}", signature).unwrap();
        pack.resize(pack.len() + sizes.iter().sum::<u64>() as usize, 7);
        pack
    }

    fn read(pack: &[u8]) -> Result<(Vec<u8>, Vec<u64>, u64), PackError> {
        let header = Header::read(pack)?;
        let index = Index::read(&header, pack, pack.len() as u64)?;
        Ok((index.catalogue().to_vec(), index.sizes, index.first_shard))
    }

    #[test]
    fn what_is_written_is_read() {
        let pack = pack(&[5, 0, 3], b"");
        assert_eq!(read(&pack), Ok((b"{}".to_vec(), [5, 0, 3].into(), 90)));
        assert_eq!(pack.len(), 98);

        let signed = super::tests::pack(&[5, 0, 3], b"signature");
        assert_eq!(read(&signed), Ok((b"{}".to_vec(), [5, 0, 3].into(), 99)));
        let header = Header::read(&signed).unwrap();
        let index = Index::read(&header, &signed, signed.len() as u64).unwrap();
        assert_eq!(index.signature(), b"signature");
    }

    #[test]
    fn every_changed_byte_and_every_other_length_is_noticed() {
        for signature in [&b""[..], b"signature"] {
            let whole = pack(&[5, 3], signature);
            let beginning = whole.len() - 8;
            for index in 0..beginning {
                for bit in 0..8 {
                    let mut changed = whole.clone();
                    changed[index] ^= 1 << bit;
                    assert!(read(&changed).is_err(), "bit {bit} of byte {index}");
                }
            }
            for length in 0..whole.len() {
                assert_eq!(read(&whole[..length]), Err(PackError::WrongLength));
            }
            assert_eq!(
                read(&[whole, vec![0]].concat()),
                Err(PackError::WrongLength)
            );
        }
    }

    #[test]
    fn a_pack_has_limits() {
        assert!(beginning(&[], &vec![b' '; MAX_BYTES], b"").is_some());
        assert!(beginning(&[], &vec![b' '; MAX_BYTES + 1], b"").is_none());
        let signature = vec![b' '; signature::MAX_BYTES + 1];
        assert!(beginning(&[], b"{}", &signature).is_none());
        assert!(beginning(&[], b"{}", &signature[1..]).is_some());
        assert!(beginning(&[0; 65_535], b"{}", b"").is_some());
        assert!(beginning(&[0; 65_536], b"{}", b"").is_none());
    }

    #[test]
    fn sizes_beyond_all_numbers_are_a_wrong_length() {
        let pack = beginning(&[u64::MAX, u64::MAX], b"{}", b"").unwrap();
        assert_eq!(read(&pack), Err(PackError::WrongLength));
    }
}

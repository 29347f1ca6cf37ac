//! Shard: one `.cnk` file with header, filter and Merkle path.
//!
//! A [`Shard`] that exists has been verified whole.
//!
//! ```
//! use cek_nik::filter::Bloom;
//! use cek_nik::prefix::PrefixBits;
//! use cek_nik::shard::{HEADER_BYTES, header};
//!
//! let bloom = Bloom::new(9600, 7).unwrap();
//! let prefix = PrefixBits::NONE.prefix_of([0; 4]);
//! let header = header(&[0; 16], bloom, prefix);
//! assert_eq!(header.len(), HEADER_BYTES);
//! assert!(header.starts_with(b"\x8eCNK"));
//! ```

use crate::catalogue::Dataset;
use crate::filter::{Bloom, FilterHash};
use crate::merkle::{self, Hash};
pub use crate::outcome::ShardError;
use crate::outcome::{Outcome, Reason};
use crate::prefix::Prefix;
use crate::sizes::HASH_BYTES;
pub use crate::sizes::HEADER_BYTES;

/// The first bytes of every shard. As in PNG, a byte above 127 and the line ends of two systems
/// reveal a transfer that converted the file as text.
pub const MAGIC: [u8; 8] = *b"\x8eCNK\r\n\x1a\n";
/// The version of the format that this code reads and writes.
pub const VERSION: u16 = 1;

/// The header of the shard for one prefix of a data set.
pub fn header(binding: &[u8; 16], filter: Bloom, prefix: Prefix) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    let fields: [&[u8]; 8] = [
        &MAGIC,
        &VERSION.to_le_bytes(),
        &[Bloom::KIND],
        &[prefix.bits().get()],
        &prefix.value().to_be_bytes(),
        binding,
        &filter.bits().to_le_bytes(),
        &[filter.hashes()],
    ];
    for (to, from) in header.iter_mut().zip(fields.into_iter().flatten()) {
        *to = *from;
    }
    header
}

/// A verified shard, in bytes that it borrows or owns.
pub struct Shard<B> {
    filter: Bloom,
    bytes: B,
}

impl<B: AsRef<[u8]>> Shard<B> {
    /// Verifies every byte: magic, version, length, data set, prefix, filter, and the Merkle path
    /// to the root in the catalogue.
    ///
    /// # Errors
    ///
    /// [`ShardError`]: the first variant that applies, in their order.
    pub fn verify(shard: B, dataset: &Dataset, prefix: Prefix) -> Result<Self, ShardError> {
        let bytes = shard.as_ref();
        let mut rest = Reader(bytes);
        if !bytes.iter().zip(&MAGIC).all(|(a, b)| a == b) {
            return Err(ShardError::NotAShard);
        }
        rest.skip(MAGIC.len())?;
        match u16::from_le_bytes(rest.array()?) {
            0 => return Err(ShardError::NotAShard),
            VERSION => {}
            _ => return Err(ShardError::NewerVersion),
        }
        if bytes.len() != dataset.shard_bytes() {
            return Err(ShardError::WrongLength);
        }
        let [kind, prefix_bits] = rest.array()?;
        let prefix_value = u32::from_be_bytes(rest.array()?);
        if rest.array::<16>()? != *dataset.binding() {
            return Err(ShardError::WrongDataset);
        }
        if prefix_bits != prefix.bits().get() || prefix_value != prefix.value() {
            return Err(ShardError::WrongPrefix);
        }
        let filter = dataset.filter();
        let bits = u64::from_le_bytes(rest.array()?);
        let [hashes] = rest.array()?;
        let reserved: [u8; 23] = rest.array()?;
        if kind != Bloom::KIND
            || bits != filter.bits()
            || hashes != filter.hashes()
            || reserved.iter().any(|&byte| byte != 0)
        {
            return Err(ShardError::WrongFilter);
        }
        rest.skip(filter.bytes())?;
        let (siblings, _) = rest.0.as_chunks::<HASH_BYTES>();
        if root(bytes, prefix, siblings)? != *dataset.root() {
            return Err(ShardError::Damaged);
        }
        Ok(Self {
            filter,
            bytes: shard,
        })
    }

    /// Looks up a key whose prefix is that of the shard.
    pub fn look_up(&self, hash: &FilterHash) -> Outcome {
        match self.filter_bytes() {
            Ok(filter) if self.filter.holds(filter, hash) => Outcome::Member,
            Ok(_) => Outcome::NonMember,
            Err(error) => Outcome::Unknown(Reason::Shard(error)),
        }
    }

    /// The bits of the filter, for audits.
    ///
    /// # Errors
    ///
    /// [`ShardError::WrongLength`] if the bytes are shorter than those that were verified.
    pub fn filter_bytes(&self) -> Result<&[u8], ShardError> {
        let filter = HEADER_BYTES..HEADER_BYTES + self.filter.bytes();
        let filter = self.bytes.as_ref().get(filter);
        filter.ok_or(ShardError::WrongLength)
    }
}

fn root(bytes: &[u8], prefix: Prefix, siblings: &[Hash]) -> Result<Hash, ShardError> {
    let content = bytes
        .len()
        .checked_sub(HASH_BYTES * siblings.len())
        .and_then(|length| bytes.get(..length))
        .ok_or(ShardError::WrongLength)?;
    Ok(merkle::root_from_path(
        merkle::leaf(&[content]),
        prefix.value(),
        siblings,
    ))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ShardError> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(ShardError::WrongLength)?;
        self.0 = rest;
        Ok(taken)
    }

    fn skip(&mut self, length: usize) -> Result<(), ShardError> {
        self.take(length).map(|_| ())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ShardError> {
        let (taken, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(ShardError::WrongLength)?;
        self.0 = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_became_shorter_never_read_as_no_member() {
        let filter = Bloom::new(9600, 7).unwrap();
        let bytes = [0; HEADER_BYTES];
        let outcome = Shard { filter, bytes }.look_up(&FilterHash([7; 16]));
        let error = Reason::Shard(ShardError::WrongLength);
        assert_eq!(outcome, Outcome::Unknown(error));
    }
}

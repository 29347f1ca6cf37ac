//! Parts: which rows belong to a part of the work, and the id of the list that all parts share.
//!
//! The hash of the identifier decides, so that the parts of a list are exactly its rows in any
//! order of them, and a repeated identifier is always in the same part.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::trailer::{Counts, ListId};
use crate::keys::derive_keys::stretch;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Kdf, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::NikBatch;

/// One of several parts of the rows, such as 2/8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    number: NonZeroU32,
    of: NonZeroU32,
}

/// A text that names no part.
#[derive(Debug, thiserror::Error)]
#[error(
    "expected a part such as 2/8, the second of eight, of at most {max} parts",
    max = Part::MOST
)]
pub struct InvalidPart;

impl Part {
    /// The most parts.
    pub const MOST: u32 = 1 << 20;
    /// All rows.
    pub const WHOLE: Self = Self {
        number: NonZeroU32::MIN,
        of: NonZeroU32::MIN,
    };

    /// The part of that number, counted from 1; `None` beyond the last part or [`Self::MOST`].
    pub fn new(number: u32, of: u32) -> Option<Self> {
        let is_part = number <= of && of <= Self::MOST;
        let part = Self {
            number: NonZeroU32::new(number)?,
            of: NonZeroU32::new(of)?,
        };
        is_part.then_some(part)
    }

    /// The number, counted from 1.
    pub fn number(self) -> u32 {
        self.number.get()
    }

    /// The number of parts.
    pub fn of(self) -> u32 {
        self.of.get()
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Part {
    type Err = InvalidPart;

    fn from_str(text: &str) -> Result<Self, InvalidPart> {
        let (number, of) = text.split_once('/').ok_or(InvalidPart)?;
        let number_of = |text: &str| text.trim().parse().map_err(|_| InvalidPart);
        Self::new(number_of(number)?, number_of(of)?).ok_or(InvalidPart)
    }
}

/// The rows to derive keys of, and how many there are if that is known.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// The part.
    pub part: Part,
    /// About how many rows of the part get keys; `None` if unknown.
    pub expected: Option<u64>,
}

/// Selects the rows of a part, and adds all rows up to the id of their list.
///
/// The hash is the key that the KDF `sha256` makes under a salt of its own. Only its first bits can
/// be learnt from a key file, by the part of a key.
pub(crate) struct Selector {
    part: Part,
    deriver: KeyDeriver,
    sum: RowSum,
}

/// The sum of the hashes of rows, each row as often as it occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowSum(u128);

impl Selector {
    pub fn new(salt: Salt, part: Part) -> Result<Self, OutOfMemory> {
        Ok(Self {
            part,
            deriver: KeyDeriver::new(part_salt(salt), Kdf::Sha256)?,
            sum: RowSum::default(),
        })
    }

    /// Adds a row. Whether it belongs to the part.
    pub fn takes(&mut self, identifier: &Identifier) -> Result<bool, OutOfMemory> {
        let hash = self.deriver.derive(identifier)?;
        let [low @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *hash.as_bytes();
        Ok(add(&mut self.sum, self.part, low))
    }

    /// Adds rows, and collects those of the part.
    pub fn select(&mut self, niks: &NikBatch, selected: &mut NikBatch) -> Result<(), OutOfMemory> {
        let mut rows = niks.digits().iter();
        selected.clear();
        let (part, sum) = (self.part, &mut self.sum);
        self.deriver.derive_batch(niks, |hash| {
            if let Some(digits) = rows.next()
                && add(sum, part, hash.first_half())
            {
                selected.push(&digits.to_be_bytes());
            }
        })
    }

    pub fn sum(&self) -> RowSum {
        self.sum
    }
}

impl RowSum {
    pub fn add(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
    }

    /// The sum of rows under a salt.
    pub fn of(identifiers: &[Identifier], salt: Salt) -> Result<Self, OutOfMemory> {
        let mut selector = Selector::new(salt, Part::WHOLE)?;
        for identifier in identifiers {
            selector.takes(identifier)?;
        }
        Ok(selector.sum)
    }

    /// The id of a list with these rows and counts, stretched.
    pub fn list_id(self, counts: &Counts, deriver: &mut KeyDeriver) -> Result<ListId, OutOfMemory> {
        let digest = Sha256::new()
            .chain_update(self.0.to_le_bytes())
            .chain_update(counts.to_bytes());
        let key = stretch(digest, deriver)?;
        let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *key.as_bytes();
        Ok(ListId(id))
    }
}

fn add(sum: &mut RowSum, part: Part, hash: [u8; 16]) -> bool {
    let hash = u128::from_le_bytes(hash);
    sum.add(RowSum(hash));
    hash as u64 % u64::from(part.of()) == u64::from(part.number() - 1)
}

/// The salt of the hashes that decide the part of a row.
fn part_salt(salt: Salt) -> Salt {
    let digest = Sha256::new()
        .chain_update(b"cek-nik part 1\n")
        .chain_update(salt.0)
        .finalize();
    let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _]: [u8; 32] = digest.into();
    Salt(half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cek_nik::nik::Nik;

    #[test]
    fn a_part_is_read_from_its_text() {
        assert_eq!("2/8".parse::<Part>().unwrap(), Part::new(2, 8).unwrap());
        assert_eq!(Part::new(2, 8).unwrap().to_string(), "2/8");
        for wrong in ["0/8", "9/8", "2", "2/0", "-1/8", "a/b", "1/2000000", ""] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_parts_together_are_exactly_the_rows_one_by_one_and_in_batches() {
        let salt = Salt([7; 16]);
        let mut batch = NikBatch::new();
        for serial in 0..300 {
            assert!(batch.push(Nik::of_number(3_201_014_107_909_000 + serial).as_bytes()));
        }
        let mut of_parts = vec![0; batch.len()];
        let mut sums = Vec::new();
        for number in 1..=7 {
            let part = Part::new(number, 7).unwrap();
            let mut selector = Selector::new(salt, part).unwrap();
            let mut in_batch = NikBatch::new();
            selector.select(&batch, &mut in_batch).unwrap();
            let mut one_by_one = Selector::new(salt, part).unwrap();
            let mut taken = Vec::new();
            for (row, digits) in of_parts.iter_mut().zip(batch.digits()) {
                let text = String::from_utf8(digits.to_be_bytes().to_vec()).unwrap();
                let identifier = Identifier::of_nik(&Nik::parse(&text).unwrap());
                if one_by_one.takes(&identifier).unwrap() {
                    *row += 1;
                    taken.push(*digits);
                }
            }
            assert!(in_batch.digits() == taken && !taken.is_empty());
            sums.extend([selector.sum(), one_by_one.sum()]);
        }
        assert!(of_parts.iter().all(|&parts| parts == 1));
        assert!(sums.iter().all(|sum| *sum == sums[0]));
    }
}

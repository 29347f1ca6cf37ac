//! Key file trailer: counts, list id and checksum, behind the keys so that a file can be streamed.

use super::error::Flaw;
use super::header::take;
use cek_nik::merkle::Hash;

/// The id of a list: equal for all parts of its rows, in any order of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListId(pub [u8; 16]);

/// The rows of the whole list, all parts together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that are used, repeated ones included.
    pub rows: u64,
    /// People in rows that cannot be used.
    pub lost: u64,
    /// Rows in which nobody stands.
    pub set_aside: u64,
}

impl Counts {
    /// Rows that are all used.
    pub fn of_rows(rows: u64) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// The three counts, little-endian.
    pub fn to_bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let counts = [self.rows, self.lost, self.set_aside].map(u64::to_le_bytes);
        for (to, from) in bytes.iter_mut().zip(counts.as_flattened()) {
            *to = *from;
        }
        bytes
    }

    /// Adds the rows of another list.
    pub fn add(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.lost = self.lost.saturating_add(other.lost);
        self.set_aside = self.set_aside.saturating_add(other.set_aside);
    }
}

/// The trailer of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// How many keys the file holds.
    pub keys: u64,
    /// The rows of the whole list.
    pub counts: Counts,
    /// The id of the list.
    pub list: ListId,
    /// The SHA-256 of all bytes before it.
    pub checksum: Hash,
}

impl Trailer {
    /// The length of a trailer, in bytes.
    pub const BYTES: usize = Self::CHECKED + 32;
    /// The bytes before the checksum.
    pub const CHECKED: usize = 48;

    /// The bytes before the checksum.
    pub fn checked_bytes(keys: u64, counts: &Counts, list: ListId) -> [u8; Self::CHECKED] {
        let fields: [&[u8]; 3] = [&keys.to_le_bytes(), &counts.to_bytes(), &list.0];
        let mut bytes = [0; Self::CHECKED];
        for (to, from) in bytes.iter_mut().zip(fields.into_iter().flatten()) {
            *to = *from;
        }
        bytes
    }

    /// Reads a trailer.
    ///
    /// # Errors
    ///
    /// [`Flaw::WrongLength`] for fewer bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, Flaw> {
        let rest = &mut bytes;
        let mut number = || Ok(u64::from_le_bytes(take(rest)?));
        let keys = number()?;
        let counts = Counts {
            rows: number()?,
            lost: number()?,
            set_aside: number()?,
        };
        Ok(Self {
            keys,
            counts,
            list: ListId(take(rest)?),
            checksum: take(rest)?,
        })
    }
}

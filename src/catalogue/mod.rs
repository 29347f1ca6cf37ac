//! Catalogue of a site: `catalogue.json`, which names the publisher, the key derivation and the
//! data sets. It is the one file of a site that changes.
//!
//! A [`Catalogue`] that exists has been validated. [`Catalogue::from_json`] takes JSON of any
//! parser, see [`json_access`].
//!
//! ```
//! use cek_nik::catalogue::binding;
//! use cek_nik::identifier::IdentifierKind;
//! use cek_nik::key::{Kdf, Salt};
//!
//! let salt = Salt([0x11; 16]);
//! let list = binding(IdentifierKind::Nik, Kdf::Sha256, salt, "list");
//! assert_ne!(list, binding(IdentifierKind::Nik, Kdf::Sha256, salt, "other"));
//! ```

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

mod binding;
mod for_people;
pub mod json_access;
mod kdf;

pub use binding::binding;
pub use for_people::{ForPeople, Text};
pub use kdf::ARGON2_VERSION;

use crate::edition::{Age, EditionError, Validity};
use crate::filter::Bloom;
use crate::identifier::IdentifierKind;
use crate::key::{Kdf, Salt};
use crate::merkle::Hash;
use crate::nik::Date;
use crate::outcome::Reason;
pub use crate::outcome::{CatalogueError, DatasetError};
use crate::prefix::{Prefix, PrefixBits};
use crate::sizes::shard_bytes;
use json_access::{Json, whole};

/// The file name of the catalogue, at the root of a site.
pub const FILE_NAME: &str = "catalogue.json";
/// The longest catalogue, in bytes: 4 MiB.
pub const MAX_BYTES: usize = 4 << 20;
/// The value of the field `format`.
pub const FORMAT: &str = "cek-nik catalogue";
/// The version of the format that this code reads and writes.
pub const VERSION: u64 = 1;

/// The most mirrors of a site (`docs/FORMAT.md`, 5.1): a reader may have to wait for each.
pub const MAX_MIRRORS: usize = 4;

/// The most data sets that a client accepts.
pub const MAX_DATASETS: usize = 256;
/// The most bytes of one shard of each data set together: what one check can fetch. 128 MiB.
pub const MAX_CHECK_BYTES: usize = 128 << 20;

/// Validated catalogue.
#[derive(Debug)]
pub struct Catalogue {
    identifier: IdentifierKind,
    salt: Salt,
    kdf: Kdf,
    datasets: Vec<DatasetEntry>,
    edition: u64,
    validity: Option<Validity>,
}

/// Entry of a catalogue. An entry that cannot be used does not affect the others.
#[derive(Debug)]
pub struct DatasetEntry {
    /// The id, also of an entry that cannot be used.
    pub id: String,
    /// The data set, or the reason why clients do not use it.
    pub dataset: Result<Dataset, DatasetError>,
}

/// Validated data set: all that a client needs to know about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    id: String,
    prefix_bits: PrefixBits,
    filter: Bloom,
    root: Hash,
    binding: [u8; 16],
    distinct: u64,
    false_positive_rate: f64,
}

impl Catalogue {
    /// Validates decoded JSON.
    ///
    /// # Errors
    ///
    /// [`CatalogueError`], never [`CatalogueError::NotJson`].
    pub fn from_json(json: &impl Json) -> Result<Self, CatalogueError> {
        // Version first: a newer version may have changed everything else.
        let format = json.field("format").and_then(|format| format.text());
        let version = json.field("version").and_then(|version| whole(&version));
        match (format.as_deref(), version) {
            (Some(FORMAT), Some(VERSION)) => {}
            (Some(FORMAT), Some(1..)) => return Err(CatalogueError::NewerVersion),
            _ => return Err(CatalogueError::NotACatalogue),
        }
        let identifier = text(json, "identifier")
            .and_then(|name| IdentifierKind::from_name(&name))
            .ok_or(CatalogueError::UnsupportedIdentifier)?;
        let kdf = kdf::from_json(&json.field("kdf").ok_or(CatalogueError::Invalid)?)?;
        let salt = text(json, "salt")
            .and_then(|salt| Salt::from_hex(&salt))
            .ok_or(CatalogueError::Invalid)?;
        let entries = json
            .field("datasets")
            .and_then(|datasets| datasets.items())
            // Without any list, "in none of them" would be true and would mislead. With very many,
            // a page would stall.
            .filter(|datasets| (1..=MAX_DATASETS).contains(&datasets.len()))
            .ok_or(CatalogueError::Invalid)?;
        let mut datasets: Vec<DatasetEntry> = Vec::with_capacity(entries.len());
        let mut check_bytes = MAX_CHECK_BYTES;
        for entry in entries {
            let id = text(&entry, "id")
                .filter(|id| is_dataset_id(id) && !datasets.iter().any(|other| other.id == *id))
                .ok_or(CatalogueError::Invalid)?;
            let binding = binding(identifier, kdf, salt, &id);
            let dataset = Dataset::from_json(&entry, &id, binding, &mut check_bytes);
            datasets.push(DatasetEntry { id, dataset });
        }
        let edition = json.field("edition").map(|edition| whole(&edition));
        let edition = match edition {
            None => 0,
            Some(None | Some(0)) => return Err(CatalogueError::Invalid),
            Some(Some(edition)) => edition,
        };
        let validity = Validity::from_json(json).ok_or(CatalogueError::Invalid)?;
        Ok(Self {
            identifier,
            salt,
            kdf,
            datasets,
            edition,
            validity,
        })
    }

    /// The kind of the identifiers.
    pub fn identifier(&self) -> IdentifierKind {
        self.identifier
    }

    /// The salt.
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// The key derivation.
    pub fn kdf(&self) -> Kdf {
        self.kdf
    }

    /// The number of the edition, from 1; 0 for a catalogue without a number.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// The period for which the publisher vouches for the edition; `None` without an end.
    pub fn validity(&self) -> Option<Validity> {
        self.validity
    }

    /// The age of the edition on a day in UTC, if a client may answer from it.
    ///
    /// # Errors
    ///
    /// [`EditionError::TooOld`].
    pub fn usable_age(&self, today: Date) -> Result<Age, Reason> {
        match self
            .validity
            .map_or(Age::Current, |validity| validity.age(today))
        {
            Age::TooOld => Err(Reason::Edition(EditionError::TooOld)),
            age => Ok(age),
        }
    }

    /// Refuses an edition that is older than `newest`, the newest one of the site that the client
    /// has seen or saved.
    ///
    /// # Errors
    ///
    /// [`EditionError::Older`].
    pub fn refuse_older(&self, newest: u64) -> Result<(), Reason> {
        if self.edition < newest {
            return Err(Reason::Edition(EditionError::Older));
        }
        Ok(())
    }

    /// The entries, in the order of the file.
    pub fn datasets(&self) -> &[DatasetEntry] {
        &self.datasets
    }

    /// The data sets of the entries that clients use.
    pub fn usable(&self) -> impl Iterator<Item = &Dataset> {
        self.datasets.iter().flat_map(|entry| &entry.dataset)
    }
}

impl Dataset {
    /// Takes the length of a shard from `check_bytes`, the bytes that a check can still fetch.
    fn from_json(
        entry: &impl Json,
        id: &str,
        binding: [u8; 16],
        check_bytes: &mut usize,
    ) -> Result<Self, DatasetError> {
        // A length that does not fit into a byte is too long as well.
        let prefix_bits = number(entry, "prefix_bits")
            .ok_or(DatasetError::Invalid)
            .and_then(|bits| {
                u8::try_from(bits)
                    .ok()
                    .and_then(PrefixBits::new)
                    .ok_or(DatasetError::PrefixTooLong)
            })?;
        let filter = entry.field("filter").ok_or(DatasetError::Invalid)?;
        if text(&filter, "kind").as_deref() != Some(Bloom::NAME) {
            return Err(DatasetError::UnsupportedFilter);
        }
        let mut dataset = || {
            let filter = Bloom::new(
                number(&filter, "bits")?,
                number(&filter, "hashes")?.try_into().ok()?,
            )?;
            let mut root = [0; 32];
            let decoded = base16ct::lower::decode(text(entry, "root")?, &mut root).ok()?;
            let complete = decoded.len() == 32;
            let false_positive_rate = entry.field("false_positive_rate")?.number()?;
            let possible = 0.0 < false_positive_rate && false_positive_rate < 1.0;
            let dataset = Self {
                id: id.to_owned(),
                prefix_bits,
                filter,
                root,
                binding,
                distinct: number(entry, "distinct")?,
                false_positive_rate,
            };
            let consistent = number(entry, "shard_bytes")? == dataset.shard_bytes() as u64;
            let left = check_bytes.checked_sub(dataset.shard_bytes())?;
            (complete && possible && consistent).then(|| {
                *check_bytes = left;
                dataset
            })
        };
        dataset().ok_or(DatasetError::Invalid)
    }

    /// The id, which is also the name of the directory.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The number of bits of the key that choose the shard.
    pub fn prefix_bits(&self) -> PrefixBits {
        self.prefix_bits
    }

    /// The filter of every shard.
    pub fn filter(&self) -> Bloom {
        self.filter
    }

    /// The root of the Merkle tree.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// The binding that every shard carries, see [`binding`].
    pub fn binding(&self) -> &[u8; 16] {
        &self.binding
    }

    /// The number of different identifiers in the list.
    pub fn distinct(&self) -> u64 {
        self.distinct
    }

    /// The false-positive rate: the largest share of people outside of the list who are told that
    /// they are in it.
    pub fn false_positive_rate(&self) -> f64 {
        self.false_positive_rate
    }

    /// The length of every shard, in bytes.
    pub fn shard_bytes(&self) -> usize {
        shard_bytes(self.filter, self.prefix_bits.get())
    }

    /// The path of a shard, relative to the catalogue.
    pub fn shard_path(&self, prefix: Prefix) -> String {
        let mut path = edition_path(&self.id, &self.root);
        path.push('/');
        path.push_str(&prefix.to_hex());
        path.push_str(".cnk");
        path
    }
}

/// The directory of one edition of a data set, relative to the catalogue.
pub fn edition_path(id: &str, root: &Hash) -> String {
    ["data", id, &base16ct::lower::encode_string(root)].join("/")
}

/// A number in decimal digits, without [`core::fmt`].
pub(crate) fn decimal(number: u64) -> String {
    let mut text = match number / 10 {
        0 => String::new(),
        rest => decimal(rest),
    };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

/// Whether a text is a valid id of a data set: 1 to 64 characters a-z, 0-9 and hyphen, with no
/// hyphen first.
pub fn is_dataset_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && !id.starts_with('-')
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn text(json: &impl Json, name: &str) -> Option<String> {
    json.field(name)?.text()
}

fn number(json: &impl Json, name: &str) -> Option<u64> {
    whole(&json.field(name)?)
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use serde_json::{Value, json};

    use super::*;

    /// JSON that counts how many fields are read.
    struct Counted<'a>(&'a Value, &'a Cell<usize>);

    impl Json for Counted<'_> {
        fn field(&self, name: &str) -> Option<Self> {
            self.1.set(self.1.get() + 1);
            let field = self.0.get(name).filter(|value| !value.is_null())?;
            Some(Self(field, self.1))
        }

        fn text(&self) -> Option<String> {
            self.0.as_str().map(str::to_owned)
        }

        fn number(&self) -> Option<f64> {
            self.0.as_f64()
        }

        fn items(&self) -> Option<Vec<Self>> {
            let items = self.0.as_array()?.iter();
            Some(items.map(|item| Self(item, self.1)).collect())
        }
    }

    /// The fields read of a catalogue with so many data sets, each with an id of its own.
    fn fields_read(datasets: usize) -> (usize, Result<Catalogue, CatalogueError>) {
        let with_id = |id: usize| json!({ "id": decimal(id as u64) });
        let catalogue = json!({
            "format": FORMAT,
            "version": VERSION,
            "identifier": "nik",
            "salt": "00112233445566778899aabbccddeeff",
            "kdf": { "name": "sha256" },
            "datasets": (0..datasets).map(with_id).collect::<Value>(),
        });
        let read = Cell::new(0);
        let result = Catalogue::from_json(&Counted(&catalogue, &read));
        (read.get(), result)
    }

    #[test]
    fn of_too_many_data_sets_no_id_is_read_and_compared() {
        let (of_one, _) = fields_read(1);
        let (of_most, catalogue) = fields_read(MAX_DATASETS);
        assert_eq!(catalogue.unwrap().datasets().len(), MAX_DATASETS);
        let (of_many, refused) = fields_read(80_000);
        assert_eq!(refused.unwrap_err(), CatalogueError::Invalid);
        assert!(of_many < of_one, "{of_many} {of_one}");
        assert!(of_most <= of_one * MAX_DATASETS, "{of_most} {of_one}");
    }
}

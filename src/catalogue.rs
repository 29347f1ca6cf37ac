//! `catalogue.json`, the one file of a site that changes: who publishes, how keys are made, and which data sets there are.

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub mod document;

use crate::filter::Bloom;
use crate::identifier::IdentifierKind;
use crate::key::{Argon2Cost, Kdf, Salt};
use crate::merkle::Hash;
use crate::prefix::{Prefix, PrefixBits};
use crate::shard::shard_bytes;
use document::{CatalogueDocument, DatasetDocument, Head, KdfDocument};

/// The file name of the catalogue, at the root of a site.
pub const FILE_NAME: &str = "catalogue.json";
/// What the field `format` says.
pub const FORMAT: &str = "cek-nik catalogue";
/// The version of the format that this code reads and writes.
pub const VERSION: u32 = 1;

/// Decoded JSON, whichever parser decoded it: the browser's own, or a native library.
pub trait Json {
    /// The value as `T`, unknown fields ignored; `None` when it does not fit.
    fn read<T: DeserializeOwned>(&self) -> Option<T>;
}

/// Why JSON is not a catalogue that this code can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueError {
    /// Not JSON at all.
    NotJson,
    /// JSON, but of another format.
    NotACatalogue,
    /// A catalogue of a format that came after this code.
    NewerVersion,
    /// A required field is missing, or holds what it cannot hold.
    Invalid,
    /// Keys are made in a way that this code does not know.
    UnsupportedKdf,
    /// Identifiers are made of what this code does not know.
    UnsupportedIdentifier,
}

/// A catalogue that has been validated.
#[derive(Debug)]
pub struct Catalogue {
    identifier: IdentifierKind,
    salt: Salt,
    kdf: Kdf,
    datasets: Vec<DatasetEntry>,
    document: CatalogueDocument,
}

/// One entry of the catalogue. One that cannot be used does not keep the others from being used.
#[derive(Debug)]
pub struct DatasetEntry {
    /// The identifier, also of an entry that cannot be used.
    pub id: String,
    /// What the client needs to know, or why it will not use it.
    pub dataset: Result<Dataset, DatasetError>,
}

/// Why a client does not use a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetError {
    /// More than [`PrefixBits::MAX`] bits would leave the device.
    PrefixTooLong,
    /// A kind of filter that this code does not know.
    UnsupportedFilter,
    /// Something else in the entry contradicts the format.
    Invalid,
}

/// What a client needs to know about one data set. One that exists has been validated.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    id: String,
    prefix_bits: PrefixBits,
    filter: Bloom,
    root: Hash,
    binding: [u8; 16],
}

impl Catalogue {
    /// Validates decoded JSON.
    ///
    /// # Errors
    ///
    /// [`CatalogueError`], never [`CatalogueError::NotJson`].
    pub fn from_json(json: &impl Json) -> Result<Self, CatalogueError> {
        let head: Head = json.read().ok_or(CatalogueError::NotACatalogue)?;
        if head.format != FORMAT || head.version == 0 {
            return Err(CatalogueError::NotACatalogue);
        }
        if head.version > VERSION {
            return Err(CatalogueError::NewerVersion);
        }
        Self::from_document(json.read().ok_or(CatalogueError::Invalid)?)
    }

    /// Validates what stands in the file.
    ///
    /// # Errors
    ///
    /// [`CatalogueError`] when nothing in the catalogue could be checked.
    pub fn from_document(document: CatalogueDocument) -> Result<Self, CatalogueError> {
        let identifier = IdentifierKind::from_name(&document.identifier)
            .ok_or(CatalogueError::UnsupportedIdentifier)?;
        let salt = Salt::from_hex(&document.salt).ok_or(CatalogueError::Invalid)?;
        let kdf = kdf(&document.kdf)?;
        let ids: Vec<&str> = document.datasets.iter().map(|d| d.id.as_str()).collect();
        let unique = ids
            .iter()
            .enumerate()
            .all(|(index, id)| !ids.iter().skip(index + 1).any(|other| other == id));
        if !unique || !ids.iter().all(|id| is_dataset_id(id)) {
            return Err(CatalogueError::Invalid);
        }
        let datasets = document
            .datasets
            .iter()
            .map(|entry| DatasetEntry {
                id: entry.id.clone(),
                dataset: Dataset::new(entry, &binding(identifier, kdf, salt, &entry.id)),
            })
            .collect();
        Ok(Self {
            identifier,
            salt,
            kdf,
            datasets,
            document,
        })
    }

    /// What identifiers are made of.
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

    /// The entries, in the order of the file.
    pub fn datasets(&self) -> &[DatasetEntry] {
        &self.datasets
    }

    /// The file, with everything that is there for people to read.
    pub fn document(&self) -> &CatalogueDocument {
        &self.document
    }
}

impl Dataset {
    fn new(entry: &DatasetDocument, binding: &[u8; 16]) -> Result<Self, DatasetError> {
        let prefix_bits = u8::try_from(entry.prefix_bits)
            .ok()
            .and_then(PrefixBits::new)
            .ok_or(DatasetError::PrefixTooLong)?;
        if entry.filter.kind != Bloom::NAME {
            return Err(DatasetError::UnsupportedFilter);
        }
        let filter = entry
            .filter
            .bits
            .zip(entry.filter.hashes.and_then(|hashes| u8::try_from(hashes).ok()))
            .and_then(|(bits, hashes)| Bloom::new(bits, hashes))
            .ok_or(DatasetError::Invalid)?;
        let mut root = [0; 32];
        let root_bytes = base16ct::lower::decode(&entry.root, &mut root)
            .map_err(|_| DatasetError::Invalid)?
            .len();
        let dataset = Self {
            id: entry.id.clone(),
            prefix_bits,
            filter,
            root,
            binding: *binding,
        };
        let consistent = root_bytes == root.len()
            && entry.shard_bytes == dataset.shard_bytes() as u64
            && entry.false_positive_rate > 0.0
            && entry.false_positive_rate < 1.0;
        consistent.then_some(dataset).ok_or(DatasetError::Invalid)
    }

    /// The identifier, which is also the name of the directory.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many bits of the key choose the shard.
    pub fn prefix_bits(&self) -> PrefixBits {
        self.prefix_bits
    }

    /// The filter that every shard has.
    pub fn filter(&self) -> Bloom {
        self.filter
    }

    /// The root of the Merkle tree.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// What ties a shard to this data set, see [`binding`].
    pub fn binding(&self) -> &[u8; 16] {
        &self.binding
    }

    /// The length of every shard, in bytes.
    pub fn shard_bytes(&self) -> usize {
        shard_bytes(self.filter, self.prefix_bits.get())
    }

    /// Where a shard lies, relative to the catalogue.
    pub fn shard_path(&self, prefix: Prefix) -> String {
        let mut path = edition_path(&self.id, &self.root);
        path.push('/');
        path.push_str(&prefix.to_string());
        path.push_str(".cnk");
        path
    }
}

/// Where the shards of one edition of a data set lie, relative to the catalogue.
pub fn edition_path(id: &str, root: &Hash) -> String {
    ["data", id, &base16ct::lower::encode_string(root)].join("/")
}

/// What ties a shard to its data set: a hash over everything that decides which key an identifier has and which data set
/// it is. A catalogue with a wrong salt or a wrong cost thus refuses every shard, instead of finding nobody in it.
pub fn binding(identifier: IdentifierKind, kdf: Kdf, salt: Salt, id: &str) -> [u8; 16] {
    let kdf = match kdf {
        Kdf::Sha256 => "sha256".to_owned(),
        Kdf::Argon2id(cost) => format!(
            "argon2id v=19 m={} t={} p={}",
            cost.memory_kib(),
            cost.iterations(),
            cost.parallelism()
        ),
    };
    let text = format!(
        "cek-nik binding 1\nidentifier {}\nkdf {kdf}\nsalt {}\ndataset {id}\n",
        identifier.name(),
        salt.to_hex(),
    );
    let hash = Sha256::digest(text);
    let mut binding = [0; 16];
    for (to, from) in binding.iter_mut().zip(hash) {
        *to = from;
    }
    binding
}

/// Whether a text can name a data set: 1 to 64 characters a-z, 0-9 and hyphen, no hyphen first.
pub fn is_dataset_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && !id.starts_with('-')
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn kdf(document: &KdfDocument) -> Result<Kdf, CatalogueError> {
    match document.name.as_str() {
        "sha256" => Ok(Kdf::Sha256),
        "argon2id" => {
            if document.version != Some(19) {
                return Err(CatalogueError::UnsupportedKdf);
            }
            let (Some(memory_kib), Some(iterations), Some(parallelism)) = (
                document.memory_kib,
                document.iterations,
                document.parallelism,
            ) else {
                return Err(CatalogueError::Invalid);
            };
            Argon2Cost::new(memory_kib, iterations, parallelism)
                .map(Kdf::Argon2id)
                .ok_or(CatalogueError::UnsupportedKdf)
        }
        _ => Err(CatalogueError::UnsupportedKdf),
    }
}

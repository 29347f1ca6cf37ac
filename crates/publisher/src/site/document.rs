//! The whole of `catalogue.json`, as it stands in the file: for those who write it and those who show it to people. What decides
//! a check is read by [`cek_nik::catalogue::Catalogue`]. `docs/FORMAT.md` explains each field.

use cek_nik::catalogue::ARGON2_VERSION;
use cek_nik::key::Kdf;
use cek_nik_reader::catalogue_file::CatalogueFile;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogueDocument {
    /// [`cek_nik::catalogue::FORMAT`].
    pub format: String,
    /// [`cek_nik::catalogue::VERSION`].
    pub version: u64,
    /// Who made the site and answers for it.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub publisher: Publisher,
    /// What identifiers are made of: `nik` or `nik+nama`.
    pub identifier: String,
    /// Thirty-two hexadecimal digits.
    pub salt: String,
    /// How keys are derived.
    pub kdf: KdfDocument,
    /// The data sets, in the publisher's order.
    pub datasets: Vec<DatasetDocument>,
    /// What the publisher changes about the next steps that clients tell readers.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "if_it_fits"
    )]
    pub steps: Vec<StepDocument>,
}

impl CatalogueDocument {
    /// Decodes a whole catalogue; `None` where a field that clients need is of another type than
    /// publishers write.
    pub fn of(file: &CatalogueFile) -> Option<Self> {
        Self::deserialize(file.json()).ok()
    }
}

/// Who made the site and answers for it. Empty texts where nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publisher {
    /// The name of the organisation.
    pub name: String,
    /// How to reach it: an e-mail address or a telephone number.
    pub contact: String,
    /// Its own page.
    pub url: String,
}

/// How keys are derived. The numbers belong to `argon2id` only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KdfDocument {
    /// `argon2id` or `sha256`.
    pub name: String,
    /// 19, that is 0x13.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Memory in KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_kib: Option<u32>,
    /// Passes over the memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iterations: Option<u32>,
    /// Lanes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
}

impl KdfDocument {
    /// A key derivation as a catalogue writes it.
    pub fn of(kdf: Kdf) -> Self {
        match kdf {
            Kdf::Sha256 => Self {
                name: "sha256".to_owned(),
                version: None,
                memory_kib: None,
                iterations: None,
                parallelism: None,
            },
            Kdf::Argon2id(cost) => Self {
                name: "argon2id".to_owned(),
                version: Some(ARGON2_VERSION as u32),
                memory_kib: Some(cost.memory_kib()),
                iterations: Some(cost.iterations()),
                parallelism: Some(cost.parallelism()),
            },
        }
    }
}

/// A text in both languages. Empty where nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// One data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetDocument {
    /// The name of the directory and the key in programs.
    pub id: String,
    /// The name for readers.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub title: Text,
    /// What the list is.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub description: Text,
    /// Where the list is said to come from.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub source: Text,
    /// What is disputed about it.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub disputed: Text,
    /// When the list appeared: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub date: String,
    /// How many rows the list was said to have.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "if_it_fits"
    )]
    pub rows_claimed: Option<u64>,
    /// How many rows are in the list: not those that are refused.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub rows: u64,
    /// How many rows more were read, and could not be taken.
    #[serde(
        default,
        skip_serializing_if = "is_zero",
        deserialize_with = "if_it_fits"
    )]
    pub rows_refused: u64,
    /// How many different identifiers were among them.
    pub distinct: u64,
    /// Which facts about people the list holds.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub fields: Vec<String>,
    /// How many bits of the key choose the shard.
    pub prefix_bits: u32,
    /// The filter of every shard.
    pub filter: FilterDocument,
    /// The share of the people who are not in the list but are told that they are, at most.
    pub false_positive_rate: f64,
    /// The length of every shard.
    pub shard_bytes: u64,
    /// The root of the Merkle tree, sixty-four hexadecimal digits.
    pub root: String,
    /// When the shards were built: `YYYY-MM-DD`.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub built: String,
}

/// The filter of every shard of a data set. The numbers belong to `bloom`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilterDocument {
    /// `bloom`.
    pub kind: String,
    /// Size in bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u64>,
    /// Bits that one key sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashes: Option<u32>,
}

/// What readers can do next. One with the id of a step that the client has of its own stands for that one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StepDocument {
    /// One that is shown.
    Told {
        /// What it is compared by.
        id: String,
        /// When somebody last saw that it is so: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
        checked: String,
        /// Whom it is for.
        situation: Text,
        /// What to do.
        what: Text,
    },
    /// One that the client would show, and is not to.
    Hidden {
        /// The client's own id of it.
        id: String,
        /// `true`.
        hidden: bool,
    },
}

impl StepDocument {
    /// What it is compared by.
    pub fn id(&self) -> &str {
        match self {
            Self::Told { id, .. } | Self::Hidden { id, .. } => id,
        }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What people read may be of another type than expected, and is then as if it were not there: a badly typed description
/// must not keep anybody from checking.
fn if_it_fits<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

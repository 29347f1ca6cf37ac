//! Document types of `catalogue.json`, for publishers and reports. `docs/FORMAT.md` explains the
//! fields. Clients read the part that decides a check with [`cek_nik::catalogue::Catalogue`].

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
    /// The number of the edition; 0 for a catalogue without a number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edition: u64,
    /// When the edition was published, if it expires: `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The last day for which the publisher vouches for it: `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Who is responsible for the site.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub publisher: Publisher,
    /// The heading of the front page; empty for the usual one.
    #[serde(
        default,
        skip_serializing_if = "Text::is_empty",
        deserialize_with = "if_it_fits"
    )]
    pub title: Text,
    /// The sentence below it; empty for the usual one.
    #[serde(
        default,
        skip_serializing_if = "Text::is_empty",
        deserialize_with = "if_it_fits"
    )]
    pub introduction: Text,
    /// The addresses of the same site on other hosts. Clients use them only if a pinned key has
    /// signed the catalogue.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "if_it_fits"
    )]
    pub mirrors: Vec<String>,
    /// The kind of identifier: `nik` or `nik+nama`.
    pub identifier: String,
    /// 32 hexadecimal digits.
    pub salt: String,
    /// The key derivation.
    pub kdf: KdfDocument,
    /// The data sets, in the publisher's order.
    pub datasets: Vec<DatasetDocument>,
    /// Changes to the next steps that clients show.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "if_it_fits"
    )]
    pub steps: Vec<StepDocument>,
}

impl CatalogueDocument {
    /// Decodes a catalogue; `None` if a field that clients need has another type.
    pub fn of(file: &CatalogueFile) -> Option<Self> {
        Self::deserialize(file.json()).ok()
    }
}

/// Who is responsible for the site. Unknown texts are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publisher {
    /// The name of the organisation.
    pub name: String,
    /// An e-mail address or a telephone number.
    pub contact: String,
    /// The home page.
    pub url: String,
}

/// A key derivation. The numbers belong to `argon2id` only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The document of a key derivation.
    pub fn of(kdf: Kdf) -> Self {
        match kdf {
            Kdf::Sha256 => Self {
                name: "sha256".to_owned(),
                ..Self::default()
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

/// A text in both languages. Unknown texts are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Whether it is unknown in both languages.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty() && self.en.is_empty()
    }
}

/// A data set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatasetDocument {
    /// The name of its directory.
    pub id: String,
    /// The title for readers.
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
    /// The accepted rows.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub rows: u64,
    /// The rejected rows.
    #[serde(
        default,
        skip_serializing_if = "is_zero",
        deserialize_with = "if_it_fits"
    )]
    pub rows_refused: u64,
    /// The different identifiers of the accepted rows.
    pub distinct: u64,
    /// The facts about people in the list.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub fields: Vec<String>,
    /// How many bits of the key choose the shard.
    pub prefix_bits: u32,
    /// The filter of each shard.
    pub filter: FilterDocument,
    /// The highest share of false "in the list" answers for people who are not in it.
    pub false_positive_rate: f64,
    /// The length of each shard.
    pub shard_bytes: u64,
    /// The root of the Merkle tree, 64 hexadecimal digits.
    pub root: String,
    /// When the shards were built: `YYYY-MM-DD`.
    #[serde(default, deserialize_with = "if_it_fits")]
    pub built: String,
}

/// The filter of each shard. The numbers belong to `bloom`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// A next step for readers, or the removal of a step of the client with the same id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StepDocument {
    /// A step to show. It replaces a step of the client with the same id.
    Told {
        /// Its id.
        id: String,
        /// When the information was last checked: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
        checked: String,
        /// The situation of a reader.
        situation: Text,
        /// What to do.
        what: Text,
    },
    /// A step of the client to hide.
    Hidden {
        /// Its id.
        id: String,
        /// `true`.
        hidden: bool,
    },
}

impl StepDocument {
    /// The id of the step.
    pub fn id(&self) -> &str {
        match self {
            Self::Told { id, .. } | Self::Hidden { id, .. } => id,
        }
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Decodes a text for people; the default value if its type is wrong. A wrong type in a description
/// must not keep readers from checking.
fn if_it_fits<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned + Default,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

//! The check, written once: the browser, the command line and the tests each bring only a [`Source`].

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::accuracy;
use crate::catalogue::{Catalogue, CatalogueError, Dataset, DatasetEntry, DatasetError};
use crate::identifier::{Identifier, NameMissing};
use crate::key::{Key, KeyDeriver, OutOfMemory};
use crate::pack::PackError;
use crate::prefix::Prefix;
use crate::shard::{Shard, ShardError};

/// Where shards come from.
pub trait Source {
    /// Gets one shard, unverified. More bytes than [`Dataset::shard_bytes`] need not be read: one more is enough
    /// to show that the length is wrong.
    fn shard(
        &self,
        dataset: &Dataset,
        prefix: Prefix,
    ) -> impl Future<Output = Result<Vec<u8>, FetchError>>;
}

/// Why a file could not be got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No answer at all: no network, no such host, or a host that does not let other pages read its files.
    Unreachable,
    /// The host took too long.
    TimedOut,
    /// The connection ended in the middle of the file.
    Interrupted,
    /// The host has no such file.
    NotFound,
    /// The host answered with another error.
    Status(u16),
    /// The pack that holds it could not be read: it was removed, perhaps, or the disk is at fault.
    /// In the directory of a site: what has the name of the file is not a regular file, but a
    /// directory, a pipe or a device.
    Unreadable,
}

impl FetchError {
    /// What an HTTP status says, any but 200.
    pub fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::NotFound,
            _ => Self::Status(status),
        }
    }
}

/// Why there is no answer for a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The catalogue could not be got.
    CatalogueFetch(FetchError),
    /// The catalogue could not be used.
    Catalogue(CatalogueError),
    /// The file that holds catalogue and shards could not be used.
    Pack(PackError),
    /// The catalogue's entry for the data set could not be used.
    Dataset(DatasetError),
    /// The shard could not be got.
    Fetch(FetchError),
    /// The shard could not be used.
    Shard(ShardError),
    /// What is asked for is of another kind than the catalogue's identifiers, such as a NIK without a name.
    OtherIdentifier,
    /// The device does not have the memory that making the key takes.
    OutOfMemory,
}

impl Reason {
    /// The stable name of the reason, for programs and for the text files.
    pub fn code(self) -> &'static str {
        match self {
            Self::CatalogueFetch(error) => match error {
                FetchError::Unreachable => "catalogue_unreachable",
                FetchError::TimedOut => "catalogue_timed_out",
                FetchError::Interrupted => "catalogue_interrupted",
                FetchError::NotFound => "catalogue_not_found",
                FetchError::Status(_) => "catalogue_status",
                FetchError::Unreadable => "pack_unreadable",
            },
            Self::Catalogue(error) => match error {
                CatalogueError::NotJson => "catalogue_not_json",
                CatalogueError::NotACatalogue => "catalogue_not_a_catalogue",
                CatalogueError::NewerVersion => "catalogue_newer_version",
                CatalogueError::Invalid => "catalogue_invalid",
                CatalogueError::UnsupportedKdf => "kdf_unsupported",
                CatalogueError::UnsupportedIdentifier => "identifier_unsupported",
            },
            Self::Pack(error) => match error {
                PackError::NotAPack => "pack_not_a_pack",
                PackError::NewerVersion => "pack_newer_version",
                PackError::WrongLength => "pack_wrong_length",
                PackError::Damaged => "pack_damaged",
            },
            Self::Dataset(error) => match error {
                DatasetError::PrefixTooLong => "prefix_too_long",
                DatasetError::UnsupportedFilter => "filter_unsupported",
                DatasetError::Invalid => "dataset_invalid",
            },
            Self::Fetch(error) => match error {
                FetchError::Unreachable => "unreachable",
                FetchError::TimedOut => "timed_out",
                FetchError::Interrupted => "interrupted",
                FetchError::NotFound => "not_found",
                FetchError::Status(_) => "status",
                FetchError::Unreadable => "pack_unreadable",
            },
            Self::Shard(error) => match error {
                ShardError::NotAShard => "not_a_shard",
                ShardError::NewerVersion => "newer_version",
                ShardError::WrongLength => "wrong_length",
                ShardError::WrongDataset => "wrong_dataset",
                ShardError::WrongPrefix => "wrong_prefix",
                ShardError::WrongFilter => "wrong_filter",
                ShardError::Damaged => "damaged",
            },
            Self::OtherIdentifier => "identifier_unsupported",
            Self::OutOfMemory => "out_of_memory",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for Reason {}

/// As its [code](Reason::code).
#[cfg(feature = "serde")]
impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl From<NameMissing> for Reason {
    fn from(NameMissing: NameMissing) -> Self {
        Self::OtherIdentifier
    }
}

/// The answer for one data set. There is no conversion from `bool`, so that nothing can collapse the third case into
/// the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "outcome", content = "reason", rename_all = "snake_case")
)]
pub enum Outcome {
    /// The filter holds the key: in the list, but for the data set's false-positive rate.
    Member,
    /// The filter does not hold the key: not in this list.
    NonMember,
    /// Could not check.
    Unknown(Reason),
}

impl Outcome {
    /// The stable name of the outcome, for programs: `member`, `non_member` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::NonMember => "non_member",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why there is no answer; `None` where there is one.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Unknown(reason) => Some(reason),
            Self::Member | Self::NonMember => None,
        }
    }
}

/// The answer for one data set, with its name.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Answer {
    /// The data set's id.
    #[cfg_attr(feature = "serde", serde(rename = "id"))]
    pub dataset: String,
    /// What was found.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub outcome: Outcome,
    /// The share of the people who get [`Outcome::Member`] for whom it is true, see [`accuracy::certainty`]; `None` for a data set
    /// that could not be used. Not serialised.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub certainty: Option<f64>,
}

/// Checks NIKs against the data sets of one catalogue.
pub struct Checker<'a> {
    catalogue: &'a Catalogue,
    deriver: KeyDeriver,
}

impl<'a> Checker<'a> {
    /// Prepares the memory in which keys are derived.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`].
    pub fn new(catalogue: &'a Catalogue) -> Result<Self, Reason> {
        let deriver = KeyDeriver::new(catalogue.salt(), catalogue.kdf())
            .map_err(|OutOfMemory| Reason::OutOfMemory)?;
        Ok(Self { catalogue, deriver })
    }

    /// One answer for each entry of the catalogue, in its order. The key is derived once and wiped before returning.
    pub async fn check(&mut self, identifier: &Identifier, source: &impl Source) -> Vec<Answer> {
        let key = self.key(identifier);
        let mut answers = Vec::with_capacity(self.catalogue.datasets().len());
        for entry in self.catalogue.datasets() {
            let outcome = match &key {
                Ok(key) => look_up(entry, key, source)
                    .await
                    .unwrap_or_else(Outcome::Unknown),
                Err(reason) => Outcome::Unknown(*reason),
            };
            answers.push(Answer {
                dataset: entry.id.clone(),
                outcome,
                certainty: entry.dataset.as_ref().ok().map(|dataset| {
                    accuracy::certainty(
                        dataset.distinct(),
                        dataset.false_positive_rate(),
                        accuracy::POPULATION,
                    )
                }),
            });
        }
        answers
    }

    fn key(&mut self, identifier: &Identifier) -> Result<Key, Reason> {
        if identifier.kind() != self.catalogue.identifier() {
            return Err(Reason::OtherIdentifier);
        }
        self.deriver
            .derive(identifier)
            .map_err(|OutOfMemory| Reason::OutOfMemory)
    }
}

async fn look_up(entry: &DatasetEntry, key: &Key, source: &impl Source) -> Result<Outcome, Reason> {
    let dataset = entry.dataset.as_ref().map_err(|&e| Reason::Dataset(e))?;
    let prefix = dataset.prefix_bits().prefix_of(key.head());
    let bytes = source.shard(dataset, prefix).await.map_err(Reason::Fetch)?;
    let shard = Shard::verify(&bytes, dataset, prefix).map_err(Reason::Shard)?;
    Ok(shard.look_up(&key.filter_hash()))
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn answers_are_serialised_by_their_stable_names() {
        for outcome in [
            Outcome::Member,
            Outcome::NonMember,
            Outcome::Unknown(Reason::Fetch(FetchError::Status(500))),
            Outcome::Unknown(Reason::Catalogue(CatalogueError::UnsupportedKdf)),
        ] {
            let answer = Answer {
                dataset: String::from("list"),
                outcome,
                certainty: Some(0.99),
            };
            let reason = outcome.reason().map_or_else(String::new, |reason| {
                format!(",\"reason\":\"{}\"", reason.code())
            });
            assert_eq!(
                serde_json::to_string(&answer).unwrap(),
                format!(
                    "{{\"id\":\"list\",\"outcome\":\"{}\"{reason}}}",
                    outcome.name()
                )
            );
        }
    }
}

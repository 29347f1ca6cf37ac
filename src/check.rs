//! The check: one NIK against every data set of a catalogue.
//!
//! The browser, the command line and the tests run this code. Each brings only a [`Source`] of
//! shards.
//!
//! ```
//! use cek_nik::catalogue::{Catalogue, Dataset};
//! use cek_nik::check::{Answer, Checker, FetchError, Reason, Source};
//! use cek_nik::identifier::Identifier;
//! use cek_nik::prefix::Prefix;
//!
//! /// A site without a network.
//! struct Unreachable;
//!
//! impl Source for Unreachable {
//!     async fn shard(&self, _: &Dataset, _: Prefix) -> Result<Vec<u8>, FetchError> {
//!         Err(FetchError::Unreachable)
//!     }
//! }
//!
//! /// Answers `Outcome::Unknown` for every data set: no failure reads as "not in the list".
//! async fn check(catalogue: &Catalogue, identifier: &Identifier) -> Result<Vec<Answer>, Reason> {
//!     Ok(Checker::new(catalogue)?.check(identifier, &Unreachable).await)
//! }
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use crate::accuracy;
use crate::catalogue::{Catalogue, Dataset};
use crate::identifier::Identifier;
use crate::key::{Key, KeyDeriver, OutOfMemory};
pub use crate::outcome::{FetchError, Outcome, Reason};
use crate::prefix::{Prefix, PrefixBits};
use crate::shard::Shard;

/// Source of shards, such as a directory or a host.
pub trait Source {
    /// Fetches one shard. The checker verifies it. An implementation may stop reading one byte
    /// after [`Dataset::shard_bytes`]: a longer file is refused anyway.
    fn shard(
        &self,
        dataset: &Dataset,
        prefix: Prefix,
    ) -> impl Future<Output = Result<Vec<u8>, FetchError>>;
}

/// Answer for one data set.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub struct Answer {
    /// The data set's id.
    #[cfg_attr(feature = "browser", serde(rename = "id"))]
    pub dataset: String,
    /// The outcome.
    // TypeScript interfaces cannot extend a union; an explicit type makes an intersection.
    #[cfg_attr(feature = "browser", serde(flatten), tsify(type = "Outcome"))]
    pub outcome: Outcome,
    /// The certainty of [`Outcome::Member`], from 0 to 1, see [`accuracy::certainty`]; `None` for a
    /// data set that could not be used.
    #[cfg_attr(feature = "browser", tsify(optional))]
    pub certainty: Option<f64>,
}

/// The fields of [`Answer`]. A flattened outcome would add 0.4 kB to the widget. The certainty has
/// nine decimals: sixteen would look like a NIK.
#[cfg(feature = "serde")]
impl serde::Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        const UNIT: f64 = 1e9;
        let mut answer = serializer.serialize_struct("Answer", 4)?;
        answer.serialize_field("id", &self.dataset)?;
        answer.serialize_field("outcome", self.outcome.name())?;
        if let Some(reason) = self.outcome.reason() {
            answer.serialize_field("reason", &reason)?;
        }
        if let Some(share) = self.certainty {
            let rounded = (share * UNIT + 0.5) as u64 as f64 / UNIT;
            answer.serialize_field("certainty", &rounded)?;
        }
        answer.end()
    }
}

/// Checker of identifiers against the data sets of one catalogue.
pub struct Checker<'a> {
    catalogue: &'a Catalogue,
    deriver: KeyDeriver,
}

/// [`Checker`] that keeps the verified shard of each data set that has only one. It is a separate
/// type so that the browser's module, which checks once, does not carry its code.
pub struct KeepingChecker<'a> {
    checker: Checker<'a>,
    /// Verified shards by the index of their data set.
    whole_sets: Vec<(usize, Shard<Vec<u8>>)>,
}

impl<'a> Checker<'a> {
    /// Allocates the memory for the key derivation. One checker serves many checks.
    ///
    /// # Errors
    ///
    /// [`Reason::OutOfMemory`] if the device lacks that memory.
    pub fn new(catalogue: &'a Catalogue) -> Result<Self, Reason> {
        let deriver = KeyDeriver::new(catalogue.salt(), catalogue.kdf())
            .map_err(|OutOfMemory| Reason::OutOfMemory)?;
        Ok(Self { catalogue, deriver })
    }

    /// Keeps the shard of each data set that has only one, so that further checks neither get nor
    /// verify it again. It takes [`Dataset::shard_bytes`] of memory.
    #[must_use]
    pub fn keeping_whole_sets(self) -> KeepingChecker<'a> {
        KeepingChecker {
            checker: self,
            whole_sets: Vec::new(),
        }
    }

    /// Checks an identifier: one answer for each entry of the catalogue, in its order. The key is
    /// derived once and wiped before returning.
    pub async fn check(&mut self, identifier: &Identifier, source: &impl Source) -> Vec<Answer> {
        self.answers(identifier, async |_, dataset, key| {
            let shard = verified_shard(dataset, key, source).await?;
            Ok(shard.look_up(&key.filter_hash()))
        })
        .await
    }

    async fn answers(
        &mut self,
        identifier: &Identifier,
        mut look_up: impl AsyncFnMut(usize, &Dataset, &Key) -> Result<Outcome, Reason>,
    ) -> Vec<Answer> {
        let key = self.key(identifier);
        let mut answers = Vec::with_capacity(self.catalogue.datasets().len());
        for (index, entry) in self.catalogue.datasets().iter().enumerate() {
            let outcome = match (&key, &entry.dataset) {
                (Ok(key), Ok(dataset)) => look_up(index, dataset, key)
                    .await
                    .unwrap_or_else(Outcome::Unknown),
                (Ok(_), Err(error)) => Outcome::Unknown(Reason::Dataset(*error)),
                (Err(reason), _) => Outcome::Unknown(*reason),
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

impl KeepingChecker<'_> {
    /// Checks an identifier as [`Checker::check`] does.
    pub async fn check(&mut self, identifier: &Identifier, source: &impl Source) -> Vec<Answer> {
        let whole_sets = &mut self.whole_sets;
        let look_up = async |index: usize, dataset: &Dataset, key: &Key| {
            if let Some((_, shard)) = whole_sets.iter().find(|(kept, _)| *kept == index) {
                return Ok(shard.look_up(&key.filter_hash()));
            }
            let shard = verified_shard(dataset, key, source).await?;
            let outcome = shard.look_up(&key.filter_hash());
            if dataset.prefix_bits() == PrefixBits::NONE {
                whole_sets.push((index, shard));
            }
            Ok(outcome)
        };
        self.checker.answers(identifier, look_up).await
    }
}

async fn verified_shard(
    dataset: &Dataset,
    key: &Key,
    source: &impl Source,
) -> Result<Shard<Vec<u8>>, Reason> {
    let prefix = dataset.prefix_bits().prefix_of(key.head());
    let bytes = source.shard(dataset, prefix).await.map_err(Reason::Fetch)?;
    Shard::verify(bytes, dataset, prefix).map_err(Reason::Shard)
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use alloc::format;

    use super::*;
    use crate::outcome::CatalogueError;

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
                certainty: Some(0.989_999_999_999_999_9),
            };
            let reason = outcome.reason().map_or_else(String::new, |reason| {
                format!(",\"reason\":\"{}\"", reason.code())
            });
            assert_eq!(
                serde_json::to_string(&answer).unwrap(),
                format!(
                    "{{\"id\":\"list\",\"outcome\":\"{}\"{reason},\"certainty\":0.99}}",
                    outcome.name()
                )
            );
        }
    }
}

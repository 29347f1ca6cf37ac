//! Outcomes of a check, and the reasons and errors behind "could not check".
//!
//! ```
//! use cek_nik::outcome::{FetchError, Outcome, Reason};
//!
//! let outcome = Outcome::Unknown(Reason::Fetch(FetchError::TimedOut));
//! assert_eq!(outcome.name(), "unknown");
//! assert_eq!(outcome.reason().unwrap().code(), "timed_out");
//! ```

use core::fmt;

use crate::identifier::NameMissing;

/// Reason why a file is not a usable catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueError {
    /// The file is not JSON.
    NotJson,
    /// It is JSON of another format.
    NotACatalogue,
    /// The version of its format is newer than this code.
    NewerVersion,
    /// A required field is missing or has an impossible value.
    Invalid,
    /// This code does not know its key derivation, or refuses its cost.
    UnsupportedKdf,
    /// This code does not know its kind of identifiers.
    UnsupportedIdentifier,
}

/// Reason why a client does not answer from an edition of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditionError {
    /// The publisher last vouched for it too long ago.
    TooOld,
    /// The client has seen a newer edition of the same site.
    Older,
}

/// Reason why a signature does not show that the catalogue is the publisher's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureError {
    /// The site or pack has no signature.
    Missing,
    /// The file is not a signature in the format of minisign.
    Invalid,
    /// The signature is not of the prehashed kind.
    UnsupportedAlgorithm,
    /// The signature was made with another key.
    OtherKey,
    /// The signature does not fit the catalogue or its own comment.
    Wrong,
    /// The trusted comment names another edition than the catalogue.
    OtherEdition,
}

/// Reason why a client does not use a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetError {
    /// It would send more than [`PrefixBits::MAX`](crate::prefix::PrefixBits::MAX) bits of the key.
    PrefixTooLong,
    /// This code does not know its kind of filter.
    UnsupportedFilter,
    /// Another field of its entry contradicts the format.
    Invalid,
}

/// Reason why a file is not a usable pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// It does not begin with the magic of packs.
    NotAPack,
    /// The version of its format is newer than this code.
    NewerVersion,
    /// It is shorter or longer than its header says: an incomplete copy, perhaps.
    WrongLength,
    /// Its beginning was changed, or contradicts its catalogue.
    Damaged,
}

/// Reason why bytes are not the requested shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardError {
    /// They do not begin with the magic of shards: a web page, for example.
    NotAShard,
    /// The version of their format is newer than this code.
    NewerVersion,
    /// They are shorter or longer than every shard of the data set.
    WrongLength,
    /// They belong to another data set, or to a catalogue with another salt or key derivation.
    WrongDataset,
    /// They are the shard of another prefix.
    WrongPrefix,
    /// Their filter is not the one in the catalogue.
    WrongFilter,
    /// A byte was changed: the Merkle path does not lead to the root in the catalogue.
    Damaged,
}

/// Reason why a file could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No answer: no network, no such host, or a host whose CORS headers forbid the access.
    Unreachable,
    /// The host took too long to answer.
    TimedOut,
    /// The connection ended in the middle of the file.
    Interrupted,
    /// The host has no such file.
    NotFound,
    /// The host answered with another error.
    Status(u16),
    /// The file exists and cannot be read: a pack that was removed or lies on a faulty disk, or a
    /// directory, a pipe or a device in place of a file of the site.
    Unreadable,
}

impl FetchError {
    /// The error for an HTTP status other than 200.
    pub fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::NotFound,
            _ => Self::Status(status),
        }
    }
}

/// Reason why there is no answer for a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify), tsify(type = "string"))]
pub enum Reason {
    /// The catalogue could not be fetched.
    CatalogueFetch(FetchError),
    /// The catalogue is not usable.
    Catalogue(CatalogueError),
    /// The catalogue is not the publisher's, as far as its signature shows.
    Signature(SignatureError),
    /// The edition is not usable.
    Edition(EditionError),
    /// The pack is not usable.
    Pack(PackError),
    /// The catalogue's entry for the data set is not usable.
    Dataset(DatasetError),
    /// The shard could not be fetched.
    Fetch(FetchError),
    /// The shard is not usable.
    Shard(ShardError),
    /// The identifier is of another kind than the catalogue's, such as a NIK without a name.
    OtherIdentifier,
    /// The device lacks the memory that the key derivation needs.
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
            Self::Signature(error) => match error {
                SignatureError::Missing => "signature_missing",
                SignatureError::Invalid => "signature_invalid",
                SignatureError::UnsupportedAlgorithm => "signature_unsupported",
                SignatureError::OtherKey => "signature_other_key",
                SignatureError::Wrong => "signature_wrong",
                SignatureError::OtherEdition => "signature_other_edition",
            },
            Self::Edition(error) => match error {
                EditionError::TooOld => "edition_too_old",
                EditionError::Older => "edition_older",
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

impl From<NameMissing> for Reason {
    fn from(NameMissing: NameMissing) -> Self {
        Self::OtherIdentifier
    }
}

/// The [code](Reason::code).
#[cfg(feature = "serde")]
impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Outcome for one data set. There is no conversion from `bool`, so that nothing can collapse the
/// third case into the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "outcome", content = "reason", rename_all = "snake_case")
)]
#[cfg_attr(feature = "browser", derive(tsify::Tsify))]
pub enum Outcome {
    /// The filter holds the key: in the list, except for false alarms.
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

    /// The reason why there is no answer; `None` if there is one.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Unknown(reason) => Some(reason),
            Self::Member | Self::NonMember => None,
        }
    }
}

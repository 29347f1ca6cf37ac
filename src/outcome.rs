//! Outcomes of a check, and every reason why there is none.

use core::fmt;

use crate::identifier::NameMissing;

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

/// Why a client does not use a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetError {
    /// More than [`PrefixBits::MAX`](crate::prefix::PrefixBits::MAX) bits would leave the device.
    PrefixTooLong,
    /// A kind of filter that this code does not know.
    UnsupportedFilter,
    /// Something else in the entry contradicts the format.
    Invalid,
}

/// Why a file is not a pack that this code can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackError {
    /// It does not begin as a pack does.
    NotAPack,
    /// A pack of a format that came after this code.
    NewerVersion,
    /// Shorter or longer than it says: copied in part, perhaps.
    WrongLength,
    /// Its beginning is not what the publisher wrote, or contradicts the catalogue.
    Damaged,
}

/// Why bytes are not the shard that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShardError {
    /// It does not begin as a shard does: a web page, for example.
    NotAShard,
    /// A shard of a format that came after this code.
    NewerVersion,
    /// Shorter or longer than all shards of the data set are.
    WrongLength,
    /// A shard of another data set, or of a catalogue with another salt or key derivation.
    WrongDataset,
    /// The shard of another prefix.
    WrongPrefix,
    /// Its filter is not the one that the catalogue describes.
    WrongFilter,
    /// Some byte is not what the publisher wrote: the Merkle path does not lead to the root in the
    /// catalogue.
    Damaged,
}

/// Why a file could not be got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No answer at all: no network, no such host, or a host that does not let other pages read its
    /// files.
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
    /// What is asked for is of another kind than the catalogue's identifiers, such as a NIK without
    /// a name.
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

impl From<NameMissing> for Reason {
    fn from(NameMissing: NameMissing) -> Self {
        Self::OtherIdentifier
    }
}

/// As its [code](Reason::code).
#[cfg(feature = "serde")]
impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// The answer for one data set. There is no conversion from `bool`, so that nothing can collapse
/// the third case into the second.
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

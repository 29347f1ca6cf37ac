//! What is wrong with the description of what is to be published.

use std::io;
use std::path::PathBuf;

use cek_nik::key::Argon2Cost;
use cek_nik::nik::DIGITS;
use cek_nik::prefix::PrefixBits;

use crate::input::columns::LayoutError;
use crate::plan::choice::PlanError;
use crate::site::oembed::InvalidAddress;

/// What is wrong with a description, whether it comes from `catalogue.toml` or from options.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// An error in a file.
    #[error("{path}", path = path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: Box<ConfigError>,
    },
    /// An error in one field or one data set.
    #[error("{name}")]
    In {
        /// The field or the data set.
        name: String,
        /// What is wrong.
        source: Box<ConfigError>,
    },
    /// The file is no TOML, or has other fields.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// No data set is described.
    #[error("there is no [[dataset]]")]
    NoDataset,
    /// A data set without lists.
    #[error("inputs: give at least one list")]
    NoInputs,
    /// The id of a data set may hold a NIK, and would be shown to everybody.
    #[error(
        "the id of a data set has {DIGITS} digits or more, and so may hold somebody's NIK: it names \
         a directory of the site, where everybody would see it. Choose another id"
    )]
    IdHoldsDigits,
    /// The id cannot name a directory.
    #[error(
        "\"{0}\" cannot be the id of a data set: use 1 to 64 characters a-z, 0-9 and hyphen, no \
         hyphen first"
    )]
    InvalidId(String),
    /// An unknown kind of identifier.
    #[error("unknown identifier \"{0}\" (expected \"nik\" or \"nik+nama\")")]
    UnknownIdentifier(String),
    /// A column with names is given, and no name is asked for.
    #[error(
        "a column with names is given, but the identifier is \"nik\": set the identifier to \
         \"nik+nama\", or leave the column out"
    )]
    UnusedNameColumn,
    /// Prefix bits that no client sends.
    #[error(
        "{0} prefix bits: no reader's browser sends more than {max}, because more would narrow the \
         crowd that a reader stands in",
        max = PrefixBits::MAX
    )]
    TooManyPrefixBits(u8),
    /// Certainty and false-positive rate follow from each other.
    #[error("give a certainty or a false-positive rate, not both: one follows from the other")]
    CertaintyAndRate,
    /// A salt that cannot be read.
    #[error("a salt is 16 random bytes, written as 32 hexadecimal digits")]
    InvalidSalt,
    /// A delimiter that cannot be read.
    #[error("a delimiter is one character such as , ; | or the word tab")]
    InvalidDelimiter,
    /// A cost is given to a derivation that has none.
    #[error("the cost of argon2 means nothing with sha256")]
    CostWithoutArgon2,
    /// An unknown key derivation.
    #[error("unknown KDF \"{0}\" (expected argon2id or sha256)")]
    UnknownKdf(String),
    /// A cost that cannot be read.
    #[error("write the cost as m=19456,t=2,p=1")]
    InvalidCost,
    /// A cost that clients refuse.
    #[error(
        "readers' browsers accept p=1 to {p}, t=1 to {t}, and m from 8 KiB per lane to {m} KiB",
        p = Argon2Cost::MAX_PARALLELISM, t = Argon2Cost::MAX_ITERATIONS, m = Argon2Cost::MAX_MEMORY_KIB
    )]
    UnacceptableCost,
    /// Constraints that cannot be fulfilled.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A column that cannot be.
    #[error(transparent)]
    Column(#[from] LayoutError),
    /// An address at which no site can stand.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
}

impl ConfigError {
    /// The stable name of the innermost error, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InFile { source, .. } | Self::In { source, .. } => source.code(),
            Self::Plan(error) => error.code(),
            Self::Column(error) => error.code(),
            Self::IdHoldsDigits | Self::InvalidId(_) => "invalid_id",
            Self::UnknownIdentifier(_) => "unknown_identifier",
            Self::UnusedNameColumn => "unused_name_column",
            Self::UnknownKdf(_) => "unknown_kdf",
            _ => "invalid_description",
        }
    }

    /// Names the field or the data set in which an error occurred.
    pub(crate) fn within(self, name: &str) -> Self {
        Self::In {
            name: name.to_owned(),
            source: Box::new(self),
        }
    }
}

//! Description errors, from `catalogue.toml` or from options.

use std::path::PathBuf;

use cek_nik::catalogue::MAX_MIRRORS;
use cek_nik::key::Argon2Cost;
use cek_nik::nik::DIGITS;
use cek_nik::prefix::PrefixBits;
use cek_nik::signature::InvalidPublicKey;

use crate::input::columns::LayoutError;
use crate::io_action::PathError;
use crate::plan::choice::PlanError;
use crate::site::oembed::InvalidAddress;

/// Error in a description, from `catalogue.toml` or from options.
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "the messages and source errors name the fields"
)]
pub enum ConfigError {
    #[error(transparent)]
    Unreadable(#[from] PathError),
    #[error("{path}")]
    InFile {
        path: PathBuf,
        source: Box<ConfigError>,
    },
    /// An error in a field or a data set.
    #[error("{name}")]
    In {
        name: String,
        source: Box<ConfigError>,
    },
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    #[error("there is no [[dataset]]")]
    NoDataset,
    #[error(
        "there are {0} addresses: give at most {MAX_MIRRORS}, because a reader may have to wait for \
         each of them"
    )]
    TooManyMirrors(usize),
    #[error(
        "\"{0}\" is there twice or has settings after a #: write the address of each mirror once, \
         like https://cermin.example.org/"
    )]
    Mirror(String),
    #[error("inputs: give at least one list, or keys with at least one key file")]
    NoInputs,
    #[error(
        "the id of a data set has {DIGITS} digits or more, so it may contain a NIK. It names a \
         directory of the site, which everyone can see: choose another id"
    )]
    IdHoldsDigits,
    #[error(
        "\"{0}\" cannot be the id of a data set: use 1 to 64 characters a-z, 0-9 and hyphen, not \
         beginning with a hyphen"
    )]
    InvalidId(String),
    #[error("unknown identifier \"{0}\" (expected \"nik\" or \"nik+nama\")")]
    UnknownIdentifier(String),
    #[error(
        "a column of names is given, but the identifier is \"nik\": set the identifier to \
         \"nik+nama\", or leave the column out"
    )]
    UnusedNameColumn,
    #[error(
        "{0} prefix bits: readers' browsers send at most {max}, because more would narrow the \
         anonymity set of a reader",
        max = PrefixBits::MAX
    )]
    TooManyPrefixBits(u8),
    #[error("give a certainty or a false-positive rate, not both: one follows from the other")]
    CertaintyAndRate,
    #[error("a salt is 16 random bytes, written as 32 hexadecimal digits")]
    InvalidSalt,
    #[error(transparent)]
    PublicKey(#[from] InvalidPublicKey),
    #[error("a delimiter is one character such as , ; | or the word tab")]
    InvalidDelimiter,
    #[error("sha256 has no cost: leave out the cost of argon2, or use argon2id")]
    CostWithoutArgon2,
    #[error("unknown KDF \"{0}\" (expected argon2id or sha256)")]
    UnknownKdf(String),
    #[error("write the cost as m=19456,t=2,p=1")]
    InvalidCost,
    /// A cost that clients refuse.
    #[error(
        "readers' phones could not pay this cost: their browsers accept p=1 to {p}, t=1 to {t}, m \
         from 8 KiB per lane to {m} KiB, and m times t up to {work}",
        p = Argon2Cost::MAX_PARALLELISM, t = Argon2Cost::MAX_ITERATIONS,
        m = Argon2Cost::MAX_MEMORY_KIB, work = Argon2Cost::MAX_WORK_KIB
    )]
    UnacceptableCost,
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Column(#[from] LayoutError),
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
            Self::Unreadable(_) => "file_system",
            Self::IdHoldsDigits | Self::InvalidId(_) => "invalid_id",
            Self::UnknownIdentifier(_) => "unknown_identifier",
            Self::UnusedNameColumn => "unused_name_column",
            Self::UnknownKdf(_) => "unknown_kdf",
            Self::Address(_) | Self::Mirror(_) => "invalid_address",
            _ => "invalid_description",
        }
    }

    /// Adds the name of the field or the data set.
    pub(crate) fn within(self, name: &str) -> Self {
        Self::In {
            name: name.to_owned(),
            source: Box::new(self),
        }
    }
}

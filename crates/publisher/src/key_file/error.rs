//! Key file errors.

use std::path::{Path, PathBuf};

use super::fit::Unfit;
use crate::io_action::PathError;
use crate::plan::number_format::number;

/// What is wrong with the bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Other first bytes.
    #[error("it is not a key file of cek-nik")]
    NotAKeyFile,
    /// A newer version of the format.
    #[error("a newer version of cek-nik wrote this key file: use that version")]
    NewerVersion,
    /// Keys of single batches of rows.
    #[error(
        "this is the checkpoint of a stopped build, with the keys of some rows only: people in the \
         others would be told \"not in this list\". Run that build again to continue it"
    )]
    Unfinished,
    /// A file that is cut off, or too long.
    #[error(
        "the key file is cut off, or has more bytes than it had: copy it again, or make it again"
    )]
    WrongLength,
    /// Another checksum, or impossible contents.
    #[error("the key file is damaged: copy it again, or make it again")]
    Damaged,
}

impl Flaw {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAKeyFile => "key_file_not_a_key_file",
            Self::NewerVersion => "key_file_newer_version",
            Self::Unfinished => "key_file_unfinished",
            Self::WrongLength => "key_file_wrong_length",
            Self::Damaged => "key_file_damaged",
        }
    }
}

/// A key file that cannot be used or written.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum KeyFileError {
    #[error("{path}: {flaw}", path = path.display())]
    Flaw { path: PathBuf, flaw: Flaw },
    #[error(
        "{path}: these keys do not fit the site: {unfit}. A reader would not be found. \
         Make the keys again with the parameters of the site, or leave this file out",
        path = path.display()
    )]
    Unfit { path: PathBuf, unfit: Unfit },
    /// A list of which parts are missing.
    #[error(
        "{path} holds a part of a list, and {missing} missing: people in the other parts would be \
         told \"not in this list\". Give the key files of all parts",
        path = path.display(), missing = missing_parts(.missing, *.of)
    )]
    PartMissing {
        path: PathBuf,
        /// The first missing parts, counted from 1.
        missing: Vec<u32>,
        of: u32,
    },
    /// Two files of the same part with other keys.
    #[error(
        "{one} and {other} are of the same rows, but hold other keys: a computer that made one of \
         them is faulty. Make both again",
        one = .one.display(), other = .other.display()
    )]
    Conflict { one: PathBuf, other: PathBuf },
    /// A list with too many rows that cannot be used.
    #[error(
        "{path}: {lost} of the {rows} rows of its list cannot be used (more than 1 in 100): people \
         in these rows would be told \"not in this list\". Mend the rows in the list, and make the \
         keys again",
        path = path.display(), lost = number(*.lost), rows = number(*.rows)
    )]
    LostRows { path: PathBuf, lost: u64, rows: u64 },
    /// A key file in a site.
    #[error(
        "{path} is inside the site {site}, which a host serves to everybody: keep key files \
         outside of it",
        path = path.display(), site = site.display()
    )]
    InSite { path: PathBuf, site: PathBuf },
    /// A file of other keys that would be replaced.
    #[error(
        "{path} exists and holds keys of another kind ({difference}); refusing to overwrite it. \
         Choose another file name, or move it away",
        path = path.display()
    )]
    OtherKeys { path: PathBuf, difference: String },
    #[error(transparent)]
    Path(#[from] PathError),
}

impl KeyFileError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Flaw { flaw, .. } => flaw.code(),
            Self::Unfit { unfit, .. } => unfit.code(),
            Self::PartMissing { .. } => "key_file_part_missing",
            Self::Conflict { .. } => "key_file_conflict",
            Self::LostRows { .. } => crate::plan::lost_rows::LostRows::CODE,
            Self::InSite { .. } => "key_file_in_site",
            Self::OtherKeys { .. } => "key_file_other_keys",
            Self::Path(_) => "file_system",
        }
    }

    pub(super) fn flaw(path: &Path, flaw: Flaw) -> Self {
        Self::Flaw {
            path: path.to_owned(),
            flaw,
        }
    }
}

/// How many missing parts are named.
const NAMED: usize = 10;

fn missing_parts(missing: &[u32], of: u32) -> String {
    let numbers: Vec<String> = missing.iter().take(NAMED).map(u32::to_string).collect();
    let more = if missing.len() > NAMED { ", ..." } else { "" };
    let (word, is) = match missing.len() {
        1 => ("part", "is"),
        _ => ("parts", "are"),
    };
    format!("{word} {}{more} of {of} {is}", numbers.join(", "))
}

//! Packing errors.

use std::fmt;
use std::io;
use std::path::PathBuf;

use cek_nik::catalogue::FILE_NAME;
use cek_nik::check::{FetchError, Reason};
use cek_nik::pack::PackError;

use super::messages::message;
use crate::io_action::PathError;
use crate::plan::number_format;
use crate::site::OFFLINE_NAME;
use crate::staging::overwrite_guard::CannotReplace;

/// Error of packing a site into one file, or of verifying such a file.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum PackingError {
    #[error(transparent)]
    CannotReplace(#[from] CannotReplace),
    /// The site or the pack cannot be read.
    #[error("{}", unusable(site, *.is_directory, *.reason))]
    Site {
        site: String,
        is_directory: bool,
        reason: Reason,
    },
    #[error("{site} has no data set \"{unknown}\"; it has {there}")]
    UnknownDataset {
        site: String,
        unknown: String,
        there: String,
    },
    /// A data set that this version cannot use.
    #[error(
        "this version of cek-nik cannot use the data set \"{id}\" of {site} ({code}), so it cannot \
         pack it: choose the other data sets, or use the version that built this one",
        code = reason.code()
    )]
    Dataset {
        site: String,
        id: String,
        reason: Reason,
    },
    #[error("the catalogue of {site} is too long for a pack")]
    CatalogueTooLong { site: String },
    /// A catalogue that clients can read, but whose data sets cannot be separated.
    #[error("cannot separate the data sets in the catalogue of {site}")]
    Catalogue {
        site: String,
        source: serde_json::Error,
    },
    /// More bytes of shards than a page can hold.
    #[error(
        "the lists take {}, and a page can hold {}: write a pack instead, which the page \
         {OFFLINE_NAME} of the site opens, or choose fewer lists",
        number_format::bytes(*.bytes), number_format::bytes(*.most)
    )]
    TooLargeForAPage { bytes: u64, most: u64 },
    /// A damaged shard, and what to do next.
    #[error("{shard}: {why}; {next}", why = message(*reason))]
    Shard {
        shard: ShardName,
        reason: Reason,
        next: NextStep,
    },
    /// Intact lists in a page that is not the offline page of this version.
    #[error(
        "{0}: its lists are intact, but the page around them is not the {OFFLINE_NAME} of cek-nik \
         {version}. It is from another version or was changed, and a changed page can send what is \
         typed. Verify it with the version that wrote it, or take the lists out of it into a pack, \
         and open them in a page that you trust",
        version = env!("CARGO_PKG_VERSION")
    )]
    OtherPage(PathBuf),
    #[error(
        "cannot write {path}, which takes {} or more: make room on its disk, and run the same \
         command again; nothing is left of this attempt",
        number_format::bytes(*.needed)
    )]
    FullDisk {
        path: PathBuf,
        needed: u64,
        source: io::Error,
    },
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("stopped: {0} was not written")]
    NotWritten(PathBuf),
    #[error("stopped: not all of {0} was verified")]
    NotVerified(PathBuf),
}

/// Where a shard is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardName {
    /// A file of its own.
    File(String),
    /// In a pack or a page.
    Inside {
        /// The pack or page.
        file: String,
        /// The id of the data set.
        dataset: String,
        /// The prefix.
        prefix: String,
    },
}

impl fmt::Display for ShardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => f.write_str(file),
            Self::Inside {
                file,
                dataset,
                prefix,
            } => write!(f, "{file}: shard {prefix} of the data set \"{dataset}\""),
        }
    }
}

/// What to do about a damaged shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// Another copy of the pack is needed.
    CopyFile,
    /// Another copy of the site is needed, before it can be packed.
    MendSite,
}

impl fmt::Display for NextStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CopyFile => "copy or download the file again",
            Self::MendSite => "nothing was written; build or copy the site again",
        })
    }
}

impl PackingError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CannotReplace(error) => error.code(),
            Self::Site {
                reason: Reason::Pack(PackError::NotAPack),
                ..
            } => "not_a_pack",
            Self::Site { .. } => "pack_site",
            Self::UnknownDataset { .. } => "unknown_dataset",
            Self::Dataset { .. } => "unusable_dataset",
            Self::CatalogueTooLong { .. } => "catalogue_too_long",
            Self::Catalogue { .. } => "catalogue_unreadable",
            Self::TooLargeForAPage { .. } => "too_large_for_a_page",
            Self::Shard { .. } => "damaged_shard",
            Self::OtherPage(_) => "other_page",
            Self::FullDisk { .. } => "full_disk",
            Self::Path(_) => "file_system",
            Self::NotWritten(_) | Self::NotVerified(_) => "cancelled",
        }
    }
}

fn unusable(site: &str, is_directory: bool, reason: Reason) -> String {
    match reason {
        Reason::CatalogueFetch(FetchError::Unreadable) if is_directory => format!(
            "{FILE_NAME} in {site} is not a regular file: replace the directory, pipe or device \
             with the file itself, or copy the site again"
        ),
        Reason::CatalogueFetch(_) if is_directory => format!(
            "{site} holds no readable catalogue.json: give the directory of a finished site, or a \
             pack"
        ),
        _ => format!("{site}: {}", message(reason)),
    }
}

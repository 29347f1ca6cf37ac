//! Errors of packing a site into one file, and of verifying such a file.

use std::io;
use std::path::PathBuf;

use cek_nik::catalogue::FILE_NAME;
use cek_nik::check::{FetchError, Reason};
use cek_nik::pack::PackError;

use super::messages::message;
use crate::plan::number_format;
use crate::site::OFFLINE_NAME;
use crate::staging::overwrite_guard::CannotReplace;

/// Error of packing a site into one file, or of verifying such a file.
#[derive(Debug, thiserror::Error)]
pub enum PackingError {
    /// A file that the command may not replace.
    #[error(transparent)]
    CannotReplace(#[from] CannotReplace),
    /// The site or the pack cannot be read.
    #[error("{}", unusable(site, *.is_directory, *.reason))]
    Site {
        /// Its name as it was given.
        site: String,
        /// Whether it is a directory.
        is_directory: bool,
        /// What is wrong with it.
        reason: Reason,
    },
    /// A data set that the site does not have.
    #[error("{site} has no data set \"{unknown}\"; it has {there}")]
    UnknownDataset {
        /// The site.
        site: String,
        /// The id that was asked for.
        unknown: String,
        /// The ids that there are.
        there: String,
    },
    /// A data set that this version cannot use.
    #[error(
        "the data set \"{id}\" of {site} cannot be used by this version of cek-nik ({code}), nor \
         packed: choose the others, or use the version that built it",
        code = reason.code()
    )]
    Dataset {
        /// The site.
        site: String,
        /// The id of the data set.
        id: String,
        /// What is wrong with it.
        reason: Reason,
    },
    /// The catalogue is longer than a pack can hold.
    #[error("the catalogue of {site} is too long for a pack")]
    CatalogueTooLong {
        /// The site.
        site: String,
    },
    /// The catalogue cannot be taken apart, though clients read it.
    #[error("the catalogue of {site} cannot be taken apart")]
    Catalogue {
        /// The site.
        site: String,
        /// What is wrong with its text.
        source: serde_json::Error,
    },
    /// The lists are larger than a page may hold.
    #[error(
        "the lists take {}, and a page can hold {} of them: write a pack instead, which the page \
         {OFFLINE_NAME} of the site opens, or choose fewer lists",
        number_format::bytes(*.bytes), number_format::bytes(*.most)
    )]
    TooLargeForAPage {
        /// Bytes of all shards.
        bytes: u64,
        /// The most that a page holds.
        most: u64,
    },
    /// A shard is not as its catalogue says.
    #[error("{place}: {why}; {next}", why = message(*reason))]
    Shard {
        /// The file, or the shard in its file.
        place: String,
        /// What is wrong with it.
        reason: Reason,
        /// What to do next.
        next: &'static str,
    },
    /// The page around good lists is another one.
    #[error(
        "{path}: its lists are good, but the page around them is not the {OFFLINE_NAME} of cek-nik \
         {version}: it is that of another version, or was changed, and a changed page can send what \
         is typed. Verify it with the version that made it, or take the lists out of it into a pack, \
         and open them in a page that you trust",
        path = .0.display(), version = env!("CARGO_PKG_VERSION")
    )]
    OtherPage(PathBuf),
    /// There is no room for the file.
    #[error(
        "cannot write {path}, which takes {} or more: make room on its disk, and give the same \
         command again; nothing is left of this attempt",
        number_format::bytes(*.needed), path = path.display()
    )]
    FullDisk {
        /// The file.
        path: PathBuf,
        /// Its length in bytes.
        needed: u64,
        /// What the file system says.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {path}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// Somebody asked to stop.
    #[error("stopped: {path} was not written", path = .0.display())]
    NotWritten(PathBuf),
    /// Somebody asked to stop.
    #[error("stopped: not all of {path} was verified", path = .0.display())]
    NotVerified(PathBuf),
}

impl PackingError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CannotReplace(_) => "cannot_replace",
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
            Self::Write { .. } => "file_system",
            Self::NotWritten(_) | Self::NotVerified(_) => "cancelled",
        }
    }
}

fn unusable(site: &str, is_directory: bool, reason: Reason) -> String {
    match reason {
        Reason::CatalogueFetch(FetchError::Unreadable) if is_directory => format!(
            "{FILE_NAME} in {site} is not a regular file, but a directory, a pipe or a device: put the \
             file itself in its place, or copy the site again"
        ),
        Reason::CatalogueFetch(_) if is_directory => format!(
            "{site} holds no catalogue.json that can be read: give the directory of a finished site, \
             or a pack"
        ),
        _ => format!("{site}: {}", message(reason)),
    }
}

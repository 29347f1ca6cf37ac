//! Errors of an audit.

use std::io;
use std::path::PathBuf;

use cek_nik::catalogue::FILE_NAME;
use cek_nik::key;
use cek_nik_publisher::job::Cancelled;

/// Reason why a site cannot be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The directory is not there, or has no catalogue.
    #[error(
        "{} holds no {FILE_NAME}: name the directory of a site on this computer",
        site.display()
    )]
    NoSite {
        /// The directory.
        site: PathBuf,
    },
    /// A directory of the site cannot be read.
    #[error("cannot list the files of {}", site.display())]
    List {
        /// The directory of the site.
        site: PathBuf,
        /// The directory, and the reason.
        source: walkdir::Error,
    },
    /// The catalogue is a link or a device.
    #[error(
        "{FILE_NAME} in {} is a link or a device, which an audit does not follow: \
         replace it by the file itself",
        site.display()
    )]
    CatalogueIsNoFile {
        /// The directory of the site.
        site: PathBuf,
    },
    /// The catalogue cannot be read.
    #[error("cannot read {FILE_NAME} in {}", site.display())]
    ReadCatalogue {
        /// The directory of the site.
        site: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The computer lacks the memory for the keys that measure the false-positive rate.
    #[error("not enough memory to make the keys that measure the false-positive rate")]
    OutOfMemory,
    /// The audit was stopped on request.
    #[error("the audit was stopped")]
    Cancelled,
}

impl From<Cancelled> for AuditError {
    fn from(Cancelled: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<key::OutOfMemory> for AuditError {
    fn from(key::OutOfMemory: key::OutOfMemory) -> Self {
        Self::OutOfMemory
    }
}

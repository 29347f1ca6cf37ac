//! Signing errors.

use std::path::PathBuf;

use cek_nik::signature::PublicKey;

use crate::error::BuildError;
use crate::io_action::PathError;
use crate::staging::error::StagingError;

/// Error of making a key or signing a site.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the messages name the fields")]
pub enum SigningError {
    /// The site cannot be read or is damaged.
    #[error(transparent)]
    Site(#[from] BuildError),
    #[error(transparent)]
    Staging(#[from] StagingError),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(
        "{0} exists; refusing to replace it, because what its key has signed could no longer be \
         renewed: choose another name"
    )]
    Exists(PathBuf),
    #[error(
        "{path} is inside the site {site}, which is published: keep the secret key in another \
         directory"
    )]
    InSite { path: PathBuf, site: PathBuf },
    #[error(
        "{0} is not a secret key of minisign: give the file that was made together with the .pub \
         file"
    )]
    NotAKey(PathBuf),
    #[error(
        "the pages of the site pin another key, {0}, so readers would get no answer: sign with that \
         key, or build the site again with this one in catalogue.toml"
    )]
    OtherPinnedKey(PublicKey),
    #[error("the password is empty: anyone with the file could sign; choose a long one")]
    NoPassword,
    #[error("the password does not open {0}, or the file is damaged: type it again")]
    WrongPassword(PathBuf),
    #[error("cannot make a key or a signature: {0}")]
    Minisign(String),
    #[error("the new signature does not verify; nothing was written: sign on another computer")]
    Unverified,
    #[error("stopped: the site was not signed")]
    Cancelled,
}

impl SigningError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Site(error) => error.code(),
            Self::Staging(error) => error.code(),
            Self::Path(_) => "file_system",
            Self::Exists(_) => "secret_key_exists",
            Self::InSite { .. } => "secret_key_in_site",
            Self::NotAKey(_) => "not_a_secret_key",
            Self::OtherPinnedKey(_) => "other_pinned_key",
            Self::NoPassword => "no_password",
            Self::WrongPassword(_) => "wrong_password",
            Self::Minisign(_) => "minisign",
            Self::Unverified => "signature_unverified",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<minisign::PError> for SigningError {
    fn from(error: minisign::PError) -> Self {
        Self::Minisign(error.to_string())
    }
}

//! Finished site: in a directory, on a host, or in a pack.

use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::catalogue_file::CatalogueFile;
use cek_nik::catalogue::{Dataset, FILE_NAME, MAX_BYTES};
use cek_nik::check::{FetchError, Reason, Source};
use cek_nik::prefix::Prefix;
use cek_nik::signature::{self, PublicKey, SignatureError};

use crate::address::{self, AddressError};
#[cfg(feature = "http")]
use crate::http::HttpSite;
use crate::pack_file::PackFile;
use crate::regular_file::read_regular;
use crate::signed;

/// Finished site.
pub enum Site {
    /// In a directory.
    Directory(PathBuf),
    /// On a host.
    #[cfg(feature = "http")]
    Http(HttpSite),
    /// In one file: a pack, or a page with a pack inside.
    Pack {
        /// The file.
        path: PathBuf,
        /// The open pack, or the reason why it cannot be used.
        file: Result<PackFile, Reason>,
    },
}

impl Site {
    /// Opens a directory, a file, or the `http://` or `https://` address of a site's directory or
    /// of one of its pages. `patience` is how long a host may be silent, in all requests of a check
    /// together.
    ///
    /// # Errors
    ///
    /// [`AddressError`].
    pub fn new(location: &str, patience: Duration) -> Result<Self, AddressError> {
        match address::directory(location)? {
            Some(base) => Self::on_host(base, patience),
            None => Ok(Self::local(location.into())),
        }
    }

    #[cfg(feature = "http")]
    fn on_host(base: String, patience: Duration) -> Result<Self, AddressError> {
        Ok(Self::Http(HttpSite::new(base, patience)))
    }

    #[cfg(not(feature = "http"))]
    fn on_host(_base: String, _patience: Duration) -> Result<Self, AddressError> {
        Err(AddressError::NoNetwork)
    }

    /// Opens a directory, a pack or a page. A missing path with the name of a pack or page counts
    /// as a missing file.
    pub fn local(path: PathBuf) -> Self {
        if path.is_file() || is_named_as_pack(&path) && !path.is_dir() {
            let file = PackFile::open(&path);
            return Self::Pack { path, file };
        }
        Self::Directory(path)
    }

    /// Begins another check, for which a host has the full patience again.
    pub fn renew_patience(&self) {
        #[cfg(feature = "http")]
        if let Self::Http(host) = self {
            host.renew_patience();
        }
    }

    /// Reads and validates the catalogue.
    ///
    /// # Errors
    ///
    /// [`Reason::CatalogueFetch`], [`Reason::Catalogue`] or [`Reason::Pack`].
    pub fn catalogue(&self) -> Result<CatalogueFile, Reason> {
        CatalogueFile::parse(&self.catalogue_file()?).map_err(Reason::Catalogue)
    }

    /// Reads and validates the catalogue, if a key has signed it.
    ///
    /// # Errors
    ///
    /// [`Reason::Signature`], and as [`Site::catalogue`].
    pub fn signed_catalogue(&self, key: &PublicKey) -> Result<CatalogueFile, Reason> {
        let bytes = self.catalogue_file()?;
        let signature = signed::verify(&self.signature_file()?, key, &bytes);
        let signature = signature.map_err(Reason::Signature)?;
        let file = CatalogueFile::parse(&bytes).map_err(Reason::Catalogue)?;
        let checked = signature.check_comment(file.catalogue());
        checked.map_err(Reason::Signature)?;
        Ok(file)
    }

    /// The bytes of `catalogue.json.minisig`.
    ///
    /// # Errors
    ///
    /// [`SignatureError::Missing`], [`Reason::CatalogueFetch`], or the reason why a pack cannot be
    /// opened.
    pub fn signature_file(&self) -> Result<Vec<u8>, Reason> {
        let most = signature::MAX_BYTES as u64;
        let missing = Reason::Signature(SignatureError::Missing);
        let read = match self {
            Self::Directory(directory) => read_file(directory, signature::FILE_NAME, most),
            #[cfg(feature = "http")]
            Self::Http(host) => host.fetch(signature::FILE_NAME, most),
            Self::Pack { file: Ok(file), .. } => {
                return file
                    .pack
                    .signature_file()
                    .map(<[u8]>::to_vec)
                    .ok_or(missing);
            }
            Self::Pack {
                file: Err(reason), ..
            } => return Err(*reason),
        };
        read.map_err(|error| match error {
            FetchError::NotFound => missing,
            error => Reason::CatalogueFetch(error),
        })
    }

    /// The bytes of `catalogue.json`, not yet decoded.
    ///
    /// # Errors
    ///
    /// [`Reason::CatalogueFetch`], or the reason why a pack cannot be opened.
    pub fn catalogue_file(&self) -> Result<Vec<u8>, Reason> {
        let most = MAX_BYTES as u64;
        match self {
            Self::Directory(directory) => {
                read_file(directory, FILE_NAME, most).map_err(Reason::CatalogueFetch)
            }
            #[cfg(feature = "http")]
            Self::Http(host) => host.fetch(FILE_NAME, most).map_err(Reason::CatalogueFetch),
            Self::Pack { file: Ok(file), .. } => Ok(file.pack.catalogue_file().to_vec()),
            Self::Pack {
                file: Err(reason), ..
            } => Err(*reason),
        }
    }
}

/// The path or address of the site.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) | Self::Pack { path, .. } => path.display().fmt(f),
            #[cfg(feature = "http")]
            Self::Http(host) => f.write_str(host.address()),
        }
    }
}

impl Source for Site {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let (path, most) = (dataset.shard_path(prefix), dataset.shard_bytes() as u64);
        match self {
            Self::Directory(directory) => read_file(directory, &path, most),
            #[cfg(feature = "http")]
            Self::Http(host) => host.fetch(&path, most),
            Self::Pack { file: Ok(file), .. } => file.pack.shard(dataset, prefix),
            Self::Pack { file: Err(_), .. } => Err(FetchError::Unreadable),
        }
    }
}

fn read_file(directory: &Path, path: &str, most: u64) -> Result<Vec<u8>, FetchError> {
    read_regular(&directory.join(path), most).map_err(|error| local_error(&error))
}

fn is_named_as_pack(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "cnkpack" || extension == "html")
}

fn local_error(error: &io::Error) -> FetchError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FetchError::NotFound,
        ErrorKind::Unsupported => FetchError::Unreadable,
        _ => FetchError::Unreachable,
    }
}

//! Reads a finished site: from a directory, over HTTP, or out of a pack.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::document::CatalogueDocument;
use cek_nik::catalogue::json::Json;
use cek_nik::catalogue::{Catalogue, CatalogueError, Dataset, FILE_NAME, MAX_BYTES};
use cek_nik::check::{FetchError, Reason, Source};
use cek_nik::prefix::Prefix;

#[cfg(feature = "http")]
use crate::http::HttpSite;
use crate::pack_file::PackFile;

/// Where a finished site is.
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
        /// What is in it, or why it cannot be used.
        file: Result<PackFile, Reason>,
    },
}

impl Site {
    /// A directory, a file, or an address that begins with `http://` or `https://`. A host that takes longer than
    /// `patience` to answer, or four times as long to send a file, is given up.
    #[cfg(feature = "http")]
    pub fn new(place: &str, patience: std::time::Duration) -> Self {
        HttpSite::new(place, patience).map_or_else(|| Self::local(place.into()), Self::Http)
    }

    /// A directory, or whatever is called as packs and pages are, so that one that is not there is missed as a file.
    pub fn local(path: PathBuf) -> Self {
        if path.is_file() || is_called_as_pack(&path) && !path.is_dir() {
            let file = PackFile::open(&path);
            return Self::Pack { path, file };
        }
        Self::Directory(path)
    }

    /// Reads and validates the catalogue. The second value is the whole file, for what it
    /// tells people.
    ///
    /// # Errors
    ///
    /// [`Reason::CatalogueFetch`], [`Reason::Catalogue`] or [`Reason::Pack`].
    pub fn catalogue(&self) -> Result<(Catalogue, Option<CatalogueDocument>), Reason> {
        parse(&self.catalogue_file()?).map_err(Reason::Catalogue)
    }

    /// The bytes of `catalogue.json`, unread.
    ///
    /// # Errors
    ///
    /// [`Reason::CatalogueFetch`]; of a pack, whatever keeps it from being opened.
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

/// The site's name as it was given.
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

/// One byte more than `most` shows that a file is too long.
fn read_file(directory: &Path, path: &str, most: u64) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    File::open(directory.join(path))
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|error| local_error(&error))?;
    Ok(bytes)
}

fn is_called_as_pack(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "cnkpack" || extension == "html")
}

/// Decodes and validates the bytes of `catalogue.json`.
///
/// # Errors
///
/// [`CatalogueError`].
pub fn parse(bytes: &[u8]) -> Result<(Catalogue, Option<CatalogueDocument>), CatalogueError> {
    if bytes.len() > MAX_BYTES {
        return Err(CatalogueError::NotJson);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|_| CatalogueError::NotJson)?;
    let catalogue = Catalogue::from_json(&Value(&json))?;
    Ok((catalogue, serde_json::from_value(json).ok()))
}

struct Value<'a>(&'a serde_json::Value);

impl Json for Value<'_> {
    fn field(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|value| !value.is_null()).map(Self)
    }

    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().map(Self).collect())
    }
}

fn local_error(error: &io::Error) -> FetchError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FetchError::NotFound,
        _ => FetchError::Unreachable,
    }
}

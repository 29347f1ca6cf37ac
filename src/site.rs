//! Reads a finished site: from a directory, over HTTP, or out of a pack. Native only.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::catalogue::document::CatalogueDocument;
use crate::catalogue::json::Json;
use crate::catalogue::{Catalogue, CatalogueError, Dataset, FILE_NAME, MAX_BYTES};
use crate::check::{FetchError, Reason, Source};
use crate::prefix::Prefix;

pub mod pack;
pub mod page;

use pack::PackFile;

/// Where a finished site is.
pub enum Site {
    /// In a directory.
    Directory(PathBuf),
    /// On a host.
    Http {
        /// The address of the directory, with a slash at its end.
        base: String,
        /// Fetches, with the time limits.
        agent: ureq::Agent,
    },
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
    pub fn new(place: &str, patience: Duration) -> Self {
        let scheme = place
            .split_once("://")
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        if !matches!(scheme.as_deref(), Some("http" | "https")) {
            return Self::local(place.into());
        }
        let base = place.trim_end_matches(FILE_NAME).trim_end_matches('/');
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(scheme.as_deref() == Some("https"))
            .timeout_resolve(Some(patience))
            .timeout_connect(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience * 4))
            .user_agent("")
            .accept("")
            .build();
        Self::Http {
            base: format!("{base}/"),
            agent: config.new_agent(),
        }
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
            Self::Http { base, agent } => {
                fetch(agent, base, FILE_NAME, most).map_err(Reason::CatalogueFetch)
            }
            Self::Pack { file: Ok(file), .. } => Ok(file.pack.catalogue_file().to_vec()),
            Self::Pack {
                file: Err(reason), ..
            } => Err(*reason),
        }
    }
}

impl Source for Site {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        let (path, most) = (dataset.shard_path(prefix), dataset.shard_bytes() as u64);
        match self {
            Self::Directory(directory) => read_file(directory, &path, most),
            Self::Http { base, agent } => fetch(agent, base, &path, most),
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

fn fetch(agent: &ureq::Agent, base: &str, path: &str, most: u64) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let mut response = agent
        .get(format!("{base}{path}"))
        .header("Cache-Control", "no-cache")
        .call()
        .map_err(|error| request_error(&error))?;
    match response.status().as_u16() {
        200 => {}
        status => return Err(FetchError::of_status(status)),
    }
    response
        .body_mut()
        .as_reader()
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| body_error(&error))?;
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

fn request_error(error: &ureq::Error) -> FetchError {
    match error {
        ureq::Error::Timeout(_) => FetchError::TimedOut,
        ureq::Error::Io(error)
            if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) =>
        {
            FetchError::TimedOut
        }
        _ => FetchError::Unreachable,
    }
}

fn body_error(error: &io::Error) -> FetchError {
    let timed_out = matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref())
            .is_some_and(|inner| matches!(inner, ureq::Error::Timeout(_)));
    if timed_out {
        FetchError::TimedOut
    } else {
        FetchError::Interrupted
    }
}

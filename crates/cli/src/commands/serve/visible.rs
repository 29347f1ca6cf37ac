//! The files of a site that a preview shows: regular files and directories below it that are not
//! hidden.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tower_http::services::fs::{Backend, TokioBackend};

/// The file system, as far as it may be served. Everything else is as if it were not there.
///
/// A symbolic link could lead out of the site, to files that nobody meant to show. A name that
/// begins with a dot is that of a file which hosts keep to themselves, such as `.git` or
/// `.htaccess`. A pipe would be waited for.
#[derive(Clone)]
pub struct Visible {
    site: PathBuf,
}

impl Visible {
    /// What may be served of a site. The directory itself may be a symbolic link.
    pub fn below(site: &Path) -> Self {
        // As `ServeDir` writes it, whose paths are looked at.
        let site = Path::new(".").join(site);
        Self { site }
    }

    fn check(&self, path: &Path) -> io::Result<()> {
        let not_found = || io::Error::from(ErrorKind::NotFound);
        let below = path.strip_prefix(&self.site).map_err(|_| not_found())?;
        let mut part = self.site.clone();
        for name in below {
            part.push(name);
            let kind = part.symlink_metadata()?.file_type();
            let is_hidden = name.as_encoded_bytes().starts_with(b".");
            if is_hidden || !(kind.is_file() || kind.is_dir()) {
                return Err(not_found());
            }
        }
        Ok(())
    }
}

impl Backend for Visible {
    type File = <TokioBackend as Backend>::File;
    type Metadata = <TokioBackend as Backend>::Metadata;
    type OpenFuture = <TokioBackend as Backend>::OpenFuture;
    type MetadataFuture = <TokioBackend as Backend>::MetadataFuture;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let visible = self.clone();
        Box::pin(async move {
            visible.check(&path)?;
            TokioBackend.open(path).await
        })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let visible = self.clone();
        Box::pin(async move {
            visible.check(&path)?;
            TokioBackend.metadata(path).await
        })
    }
}

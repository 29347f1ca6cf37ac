//! File system of the preview: regular files and directories of the site that are not hidden.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tower_http::services::fs::{Backend, TokioBackend};

/// The visible part of the file system. Other files are not found.
///
/// A symbolic link could lead out of the site. Files whose names start with a dot, such as `.git`
/// or `.htaccess`, are private to the host. A pipe could block.
#[derive(Clone)]
pub struct Visible {
    site: PathBuf,
}

impl Visible {
    /// The visible files below a site. The site itself may be a symbolic link.
    pub fn below(site: &Path) -> Self {
        // `ServeDir` writes its paths like this.
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

//! Places for key files: never inside a site, whose host would serve them.

use std::path::{Path, PathBuf};

use super::error::KeyFileError;
use cek_nik::catalogue::FILE_NAME;

/// Refuses a path inside a directory that holds a catalogue.
///
/// # Errors
///
/// [`KeyFileError::InSite`].
pub fn refuse_in_site(path: &Path) -> Result<(), KeyFileError> {
    match site_around(path) {
        Some(site) => Err(KeyFileError::InSite {
            path: path.to_owned(),
            site,
        }),
        None => Ok(()),
    }
}

fn site_around(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let parent = absolute.parent()?;
    // A link in the path can lead into a site.
    let real = parent.canonicalize().unwrap_or_else(|_| parent.to_owned());
    let mut around = real.ancestors();
    around
        .find(|directory| directory.join(FILE_NAME).exists())
        .map(Path::to_owned)
}

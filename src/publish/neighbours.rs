//! Other catalogues beside a site: none may share its salt.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalogue::FILE_NAME;
use crate::key::Salt;

/// Another catalogue has the same salt.
#[derive(Debug, thiserror::Error)]
#[error(
    "{catalogue} has the same salt and other data sets: whoever tries out all numbers against one of them has done it for both, and a \
     reader who asks both can be recognised. Leave the salt out, and this catalogue gets one of its own; if you accept this harm, give \
     --accept-shared-salt",
    catalogue = .0.display()
)]
pub struct SharedSalt(pub PathBuf);

/// Looks at the catalogues in the directories beside the site, as far as they can be read. One that has a data set in common is taken
/// for another edition or a copy of the same catalogue.
///
/// # Errors
///
/// [`SharedSalt`].
pub fn refuse_shared_salt<'a>(
    site: &Path,
    salt: Salt,
    ids: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), SharedSalt> {
    let beside = site.parent().and_then(|parent| fs::read_dir(parent).ok());
    for entry in beside.into_iter().flatten().flatten() {
        let directory = entry.path();
        let path = directory.join(FILE_NAME);
        if directory == site {
            continue;
        }
        let other = fs::read(&path)
            .ok()
            .and_then(|b| crate::site::parse(&b).ok());
        let Some((other, _)) = other else { continue };
        let has = |id| other.datasets().iter().any(|dataset| dataset.id == id);
        if other.salt() == salt && !ids.clone().any(has) {
            return Err(SharedSalt(path));
        }
    }
    Ok(())
}

//! Other catalogues beside a site: none may share its salt.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::catalogue::{Catalogue, FILE_NAME};
use crate::key::Salt;

/// Another catalogue has the same salt.
#[derive(Debug, thiserror::Error)]
pub struct SharedSalt {
    catalogue: PathBuf,
    is_given: bool,
}

impl fmt::Display for SharedSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} has the same salt and other data sets: whoever tries out all numbers against one of them has done it for both, and a \
             reader who asks both can be recognised. ",
            self.catalogue.display()
        )?;
        f.write_str(if self.is_given {
            "Leave the salt out, and this catalogue gets one of its own"
        } else {
            "The salt is that of this site, so one of the two was copied from the other: give this one another with --salt (salt in a \
             catalogue.toml), or move the other away if it is a backup"
        })?;
        f.write_str("; if you accept this harm, give --accept-shared-salt")
    }
}

/// Looks at the catalogues in the directories beside the site, as far as they can be read. One whose data sets are all described, or
/// that has all that are, is taken for another edition or a copy of the same catalogue. `is_given`: the publisher has chosen the salt.
///
/// # Errors
///
/// [`SharedSalt`].
pub fn refuse_shared_salt(
    site: &Path,
    salt: Salt,
    is_given: bool,
    ids: &[&str],
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
        if other.salt() == salt && !is_an_edition(&other, ids) {
            return Err(SharedSalt {
                catalogue: path,
                is_given,
            });
        }
    }
    Ok(())
}

fn is_an_edition(other: &Catalogue, ids: &[&str]) -> bool {
    let others = || other.datasets().iter().map(|dataset| dataset.id.as_str());
    let has_all = ids.iter().all(|id| others().any(|other| other == *id));
    has_all || others().all(|id| ids.contains(&id))
}

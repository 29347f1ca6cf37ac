//! Other catalogues beside a site: none may share its salt.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::config::salt::{Chosen, Origin};
use crate::site::document::CatalogueDocument;
use cek_nik::catalogue::FILE_NAME;
use cek_nik_reader::catalogue_file::CatalogueFile;

/// Another catalogue has the same salt.
#[derive(Debug, thiserror::Error)]
pub struct SharedSalt {
    catalogue: PathBuf,
    origin: Origin,
}

impl fmt::Display for SharedSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} has the same salt: whoever tries out all numbers against one of the two sites has done it for both, and a reader who asks \
             both can be recognised. ",
            self.catalogue.display()
        )?;
        f.write_str(match self.origin {
            Origin::Given | Origin::Random => {
                "Leave the salt out: a new site gets a random one, and every other keeps its own"
            }
            Origin::Site => {
                "The salt is that of this site, so one of the two was copied from the other: move the other away if it is a backup, or give \
                 this one another with --salt (salt in a catalogue.toml)"
            }
            Origin::Kept => {
                "The salt is that of a build which was stopped: give --start-over, and this site gets one of its own"
            }
        })?;
        f.write_str("; if you accept this harm, give --accept-shared-salt")
    }
}

/// Looks at the catalogues in the directories beside a site, as far as they can be read. `existing` is the catalogue that the site has now:
/// a copy of it, with the same data sets of the same bytes, tells nobody more than the site itself. Ids alone show nothing, since they come
/// from the names of files.
///
/// # Errors
///
/// [`SharedSalt`].
pub fn refuse_shared_salt(
    site: &Path,
    Chosen { salt, origin }: Chosen,
    existing: Option<&CatalogueDocument>,
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
            .and_then(|b| CatalogueFile::parse(&b).ok());
        let Some(other) = other else {
            continue;
        };
        let is_a_copy = || {
            CatalogueDocument::of(&other)
                .is_some_and(|other| Some(editions(&other)) == existing.map(editions))
        };
        if other.catalogue().salt() == salt && !(origin == Origin::Site && is_a_copy()) {
            return Err(SharedSalt {
                catalogue: path,
                origin,
            });
        }
    }
    Ok(())
}

/// Which bytes each data set has, in whatever order the data sets stand.
fn editions(catalogue: &CatalogueDocument) -> Vec<(&str, &str)> {
    let datasets = catalogue.datasets.iter();
    let mut editions: Vec<_> = datasets.map(|d| (d.id.as_str(), d.root.as_str())).collect();
    editions.sort_unstable();
    editions
}

//! Edits of a published site: data sets added or removed, with the same checks as a build.
//!
//! The shards of the other data sets are verified and stay where they are. Their texts, their
//! order, and everything else in the catalogue stay as well.

use std::io;
use std::path::{Path, PathBuf};

use crate::carried::CarriedDataset;
use crate::carried::existing_site::ExistingSite;
use crate::carried::record::Records;
use crate::checkpoint::CheckpointDirectory;
use crate::config::error::ConfigError;
use crate::config::steps::Steps;
use crate::config::{Accepted, DatasetDescription, Description};
use crate::error::BuildError;
use crate::job::Job;
use crate::pipeline::{NewEdition, Published, open_key_files, precheck};
use crate::site::catalogue_document::Text;
use crate::site::feed;
use crate::site::withdrawn::Notice;
use crate::staging::{Removed, Staging};
use cek_nik::catalogue::FILE_NAME;
use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::Date;

/// Adds data sets to a site, behind those that it has. `describe` gets the kind of identifier of
/// the site. The salt and the key derivation are those of the site.
///
/// # Errors
///
/// [`BuildError`]. The site is then as it was, and its checkpoint has the keys that took long.
pub fn add(
    site: &Path,
    describe: impl FnOnce(IdentifierKind) -> Result<Vec<DatasetDescription>, ConfigError>,
    accepted: Accepted,
    job: &Job,
) -> Result<Published, BuildError> {
    let (staging, existing) = open(site)?;
    let mut checkpoints = CheckpointDirectory::open(staging.site(), accepted.start_over)?;
    let keys = existing.keys();
    let description = Description {
        publisher: existing.document.publisher.clone(),
        site: existing.address()?,
        title: existing.document.title.clone(),
        introduction: existing.document.introduction.clone(),
        identifier: keys.identifier,
        kdf: keys.kdf,
        salt: Some(keys.salt),
        datasets: describe(keys.identifier)?,
        steps: Steps::default(),
        valid_days: None,
        key: existing.pinned_key()?,
        mirrors: existing.document.mirrors.clone(),
        complete: false,
        accepted,
    };
    let is_added = |id: &str| description.datasets.iter().any(|added| added.id == id);
    let added_before: Vec<&str> = existing.ids().filter(|id| is_added(id)).collect();
    let dataset_exists = |id: &str| BuildError::DatasetExists {
        site: site.to_owned(),
        id: id.to_owned(),
    };
    precheck(&description, job.today)?;
    let mut edition = NewEdition::open(&staging, Some(&existing), keys, job);
    carry(&existing, &mut edition, |id| !is_added(id), job)?;
    let others = existing.ids().count() - added_before.len();
    let catalogue = match added_before.first() {
        None => {
            let key_files = open_key_files(&description)?;
            edition.build(&description, &key_files, &mut checkpoints)?;
            existing.with(&edition.documents().split_off(others), job.today)
        }
        // The same command was perhaps killed when it had published: then it is completed.
        Some(id) => {
            edition.carry_unchanged(&description, &checkpoints)?;
            if edition.documents() != existing.document.datasets {
                return Err(dataset_exists(id));
            }
            existing.with(&[], job.today)
        }
    };
    let published = edition.publish(
        &catalogue,
        description.site.as_ref(),
        description.key.as_ref(),
    );
    let published = published.map_err(|error| error.with_checkpoint(checkpoints.rows()))?;
    Ok(published.without(&mut checkpoints))
}

/// Removes a data set from a site.
///
/// # Errors
///
/// [`BuildError`]. The site is then as it was.
pub fn remove(site: &Path, id: &str, job: &Job) -> Result<Published, BuildError> {
    let (staging, existing) = open(site)?;
    let is_published = existing.ids().any(|existing| existing == id);
    // The same command was perhaps killed when it had published: then it is completed.
    let has_remains = staging.has_remains(id)? || Records::open(staging.site()).has(id);
    if !is_published && !has_remains {
        return Err(BuildError::NoSuchDataset {
            site: site.to_owned(),
            id: id.to_owned(),
            ids: existing.ids().map(str::to_owned).collect(),
        });
    }
    if is_published && existing.ids().count() == 1 {
        return Err(BuildError::LastDataset {
            site: site.to_owned(),
            id: id.to_owned(),
        });
    }
    let mut edition = NewEdition::open(&staging, Some(&existing), existing.keys(), job);
    carry(&existing, &mut edition, |other| other != id, job)?;
    edition.publish(
        &existing.without(id, job.today),
        existing.address()?.as_ref(),
        existing.pinned_key()?.as_ref(),
    )
}

/// A site that was taken down.
pub struct Withdrawn {
    /// The editions, removed or not.
    pub removed: Vec<Removed>,
    /// The directory for the record of the lists and the error, if it could not be removed.
    pub unrecorded: Option<(PathBuf, io::Error)>,
}

/// Takes a site down: removes its shards and its catalogue, and replaces its pages by a notice with
/// a reason. Checkpoints and files that no build created stay.
///
/// # Errors
///
/// [`BuildError`]. The same call then completes it.
pub fn withdraw(site: &Path, reason: Text, today: Date) -> Result<Withdrawn, BuildError> {
    let (staging, existing) = open(site)?;
    let notice = Notice {
        publisher: existing.document.publisher.clone(),
        since: today,
        reason,
    };
    let address = existing.address()?;
    let news = feed::of_withdrawal(
        &existing.document,
        address.as_ref(),
        today,
        &existing.feed(),
    );
    let mut pages = notice.pages();
    pages.push((feed::NAME, news.into()));
    let removed = staging.withdraw(&pages)?;
    let mut records = Records::open(staging.site());
    records.retain(&[]);
    let unrecorded = records.save().err();
    Ok(Withdrawn {
        removed,
        unrecorded: unrecorded.map(|error| (records.directory, error)),
    })
}

pub(crate) fn open(site: &Path) -> Result<(Staging, ExistingSite), BuildError> {
    let no_site = || BuildError::NoSite(site.to_owned());
    // Before the staging directory is made beside a site that does not exist.
    if !site.join(FILE_NAME).exists() {
        return Err(no_site());
    }
    let staging = Staging::open(site)?;
    let existing = ExistingSite::read(staging.site())?.ok_or_else(no_site)?;
    Ok((staging, existing))
}

/// Verifies the data sets of a site that stay, and adds them to the new edition.
fn carry(
    existing: &ExistingSite,
    edition: &mut NewEdition,
    stays: impl Fn(&str) -> bool,
    job: &Job,
) -> Result<(), BuildError> {
    for id in existing.ids().filter(|id| stays(id)) {
        edition.carry(verified(existing, id, job)?);
    }
    Ok(())
}

/// Verifies all data sets of a site. Returns the number of their shards.
pub(crate) fn verify_all(existing: &ExistingSite, job: &Job) -> Result<u64, BuildError> {
    let mut shards = 0;
    for id in existing.ids() {
        shards += verified(existing, id, job)?.shards();
    }
    Ok(shards)
}

fn verified(existing: &ExistingSite, id: &str, job: &Job) -> Result<CarriedDataset, BuildError> {
    let Some(carried) = CarriedDataset::of(existing, id) else {
        unreachable!("the id is one of the site");
    };
    let verify = || -> Result<CarriedDataset, BuildError> {
        let carried = carried?;
        carried.verify(job)?;
        Ok(carried)
    };
    verify().map_err(|error| error.in_dataset(id))
}

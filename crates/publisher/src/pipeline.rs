//! One data set from its lists to its directory, and all of them to the site.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::checkpoint::CheckpointDirectory;
use crate::checkpoint::file::Checkpoint;
use crate::checkpoint::fingerprint::Fingerprint;
use crate::config::salt::Chosen;
use crate::config::{DatasetDescription, Description};
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{self, SourceInfo};
use crate::io_action::{IoAction, OnPath};
use crate::job::{Event, Job};
use crate::keys::derive_keys::{DerivedKeys, Keys, derive_keys};
use crate::keys::distinct_count::count;
use crate::plan::risk::small_crowd;
use crate::preflight::refused::refuse;
use crate::preflight::{Preflight, plan};
use crate::shards::self_check::self_check;
use crate::shards::sizing::{self, Sizing};
use crate::site::document::{CatalogueDocument, DatasetDocument, FilterDocument, KdfDocument};
use crate::staging::{Ready, Removed, Staging};
use crate::{shards, site};
use cek_nik::catalogue::{self, FILE_NAME, FORMAT, MAX_BYTES, VERSION};
use cek_nik::filter::Bloom;
use cek_nik::identifier::Identifier;
use cek_nik::key::Salt;
use cek_nik::nik::Date;
use cek_nik::sizes::shard_bytes;
use cek_nik_reader::catalogue_file::CatalogueFile;
use cek_nik_reader::regular_file::read_regular;

/// What a build has published.
pub struct Published {
    /// Each data set.
    pub editions: Vec<Edition>,
    /// The salt.
    pub salt: Salt,
    /// Editions that no catalogue names any more, and were to be removed.
    pub removed: Vec<Removed>,
    /// The keys beside the site, where they could not be removed, and why.
    pub left: Option<(PathBuf, io::Error)>,
}

/// One data set of a build.
pub struct Edition {
    /// Its id.
    pub id: String,
    /// What became of the rows.
    pub stats: Stats,
    /// The lists, and what each looked like.
    pub lists: Vec<(PathBuf, SourceInfo)>,
    /// How many different NIKs, or pairs of NIK and name.
    pub distinct: u64,
    /// Of how many rows the keys were there, from a build that was stopped.
    pub continued: u64,
    /// The parameters.
    pub sizing: Sizing,
}

impl Edition {
    /// Bytes of one shard.
    pub fn shard_bytes(&self) -> u64 {
        shard_bytes(self.sizing.filter, self.sizing.prefix_bits.get()) as u64
    }

    /// Bytes of all shards.
    pub fn total_bytes(&self) -> u64 {
        self.shard_bytes() * u64::from(self.sizing.prefix_bits.shards())
    }
}

/// Builds every data set beside the site, and changes the site when all of them are ready.
///
/// # Errors
///
/// [`Refused`], [`crate::job::Cancelled`], an unreadable list or description, or whatever the file system reports; the site is then as
/// it was, and keys that took long are kept beside it.
pub fn run(description: &Description, site: &Path, job: &Job) -> Result<Published, BuildError> {
    precheck(description, job.today)?;
    let staging = Staging::open(site)?;
    let mut kept = CheckpointDirectory::open(staging.site(), description.accepted.start_over)?;
    let before = existing(staging.site())?;
    let others = || {
        let described = |id: &str| description.datasets.iter().any(|d| d.id == id);
        before
            .iter()
            .flat_map(|c| &c.datasets)
            .find(|d| !described(&d.id))
    };
    if !description.complete
        && let Some(other) = others()
    {
        return Err(BuildError::UndescribedDataset {
            site: site.to_owned(),
            id: other.id.clone(),
        });
    }
    let of_site = before.as_ref().map(|before| {
        Salt::from_hex(&before.salt).ok_or_else(|| BuildError::ExistingCatalogue {
            path: site.join(FILE_NAME),
            reason: None,
        })
    });
    let chosen = Chosen::new(description.salt, of_site.transpose()?, kept.salt())?;
    if !description.accepted.harms.new_salt {
        chosen.refuse_new(before.as_ref())?;
    }
    let salt = chosen.salt;
    let keys = keys(description, salt);
    let datasets = description.datasets.iter();
    let fingerprint: Vec<_> = datasets.map(|dataset| fingerprint(dataset, keys)).collect();
    kept.refuse_mismatch(&fingerprint)?;
    // Different identifiers of the data sets that have been counted.
    let mut distinct = 0;
    let mut preflights = Vec::new();
    for dataset in &description.datasets {
        let preflight = Preflight::of(dataset, keys, distinct, description.accepted, &staging, job)
            .map_err(|error| {
                error
                    .with_checkpoint(kept.rows_of(&dataset.id))
                    .in_dataset(&dataset.id)
            })?;
        distinct += preflight.as_ref().map_or(0, |preflight| preflight.distinct);
        preflights.push(preflight);
    }
    let mut editions = Vec::new();
    let mut ready = Vec::new();
    let mut documents = Vec::new();
    let mut probes = Vec::new();
    let datasets = description.datasets.iter().zip(fingerprint);
    for ((dataset, fingerprint), preflight) in datasets.zip(preflights) {
        let counts_now = preflight.is_none();
        let wanted = Wanted {
            dataset,
            keys,
            fingerprint,
            preflight,
            before: distinct,
        };
        let (edition, shards, some) = build(wanted, description, &staging, &mut kept, job)
            .map_err(|error| {
                error
                    .with_checkpoint(kept.rows_of(&dataset.id))
                    .in_dataset(&dataset.id)
            })?;
        if counts_now {
            distinct += edition.distinct;
        }
        documents.push(document(dataset, &edition, &shards, job.today));
        ready.push(shards);
        editions.push(edition);
        probes.push(some);
    }
    let pages = site::pages(description.site.as_ref(), &description.publisher.name);
    let json = catalogue_file(description, salt, documents);
    let pages: Vec<(&str, &[u8])> = pages.iter().map(|(n, c)| (*n, c.as_slice())).collect();
    let finish = || -> Result<Vec<Removed>, BuildError> {
        self_check(&json, &ready, &probes, job)?;
        job.check_cancelled()?;
        Ok(staging.publish(&ready, &pages, &json)?)
    };
    let removed = finish().map_err(|error| error.with_checkpoint(kept.rows()))?;
    let left = kept.remove().err();
    let left = left.map(|error| (kept.directory().to_owned(), error));
    Ok(Published {
        editions,
        salt,
        removed,
        left,
    })
}

/// What decides the keys of a data set, but for its rows.
fn fingerprint(dataset: &DatasetDescription, keys: Keys) -> Fingerprint {
    let sizes = dataset.inputs.iter().map(input::size).collect();
    Fingerprint::new(&dataset.id, keys.identifier, keys.kdf, keys.salt, sizes)
}

fn keys(description: &Description, salt: Salt) -> Keys {
    Keys {
        identifier: description.identifier,
        salt,
        kdf: description.kdf,
    }
}

/// What stands in `catalogue.json`.
fn catalogue_file(description: &Description, salt: Salt, datasets: Vec<DatasetDocument>) -> String {
    let document = CatalogueDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        publisher: description.publisher.clone(),
        identifier: description.identifier.name().to_owned(),
        salt: salt.to_hex(),
        kdf: KdfDocument::of(description.kdf),
        datasets,
        steps: description.steps.documents().to_vec(),
    };
    match serde_json::to_string_pretty(&document) {
        Ok(json) => json + "\n",
        Err(error) => unreachable!("texts and numbers have no way to fail: {error}"),
    }
}

/// What can be known to be wrong before the first key is made, which may take days.
fn precheck(description: &Description, today: Date) -> Result<(), BuildError> {
    for (place, dataset) in description.datasets.iter().enumerate() {
        let twice = description
            .datasets
            .iter()
            .skip(place + 1)
            .any(|d| d.id == dataset.id);
        if twice {
            return Err(BuildError::DatasetTwice {
                id: dataset.id.clone(),
            });
        }
        let check = || {
            dataset.constraints.check()?;
            let bits = dataset.constraints.prefix_bits;
            let harm = bits.and_then(|bits| small_crowd(bits, dataset.constraints.population));
            description.accepted.harms.check(harm)?;
            let mut inputs = dataset.inputs.iter();
            inputs.try_for_each(|input| input::inspect(input, today))?;
            Ok(())
        };
        check().map_err(|error: BuildError| error.in_dataset(&dataset.id))?;
    }
    Ok(())
}

/// A data set that is to be built.
struct Wanted<'a> {
    dataset: &'a DatasetDescription,
    keys: Keys,
    fingerprint: Fingerprint,
    preflight: Option<Preflight>,
    /// Different identifiers of the data sets of the catalogue that have been counted.
    before: u64,
}

fn build(
    wanted: Wanted,
    description: &Description,
    staging: &Staging,
    kept: &mut CheckpointDirectory,
    job: &Job,
) -> Result<(Edition, Ready, Vec<Identifier>), BuildError> {
    let Wanted {
        dataset,
        keys,
        fingerprint,
        preflight,
        before,
    } = wanted;
    let directory = staging.dataset(&dataset.id)?;
    let lists: Vec<PathBuf> = dataset.inputs.iter().map(|i| i.path.clone()).collect();
    let there = match &preflight {
        Some(preflight) => {
            Some(kept.keys(fingerprint, preflight.watched.clone(), preflight.rows)?)
        }
        None => None,
    };
    let continued = there.map_or(0, Checkpoint::rows);
    let DerivedKeys {
        partitions,
        stats,
        seen,
        probes,
    } = derive_keys(&dataset.inputs, keys, there, &directory, job)?;
    match &preflight {
        Some(preflight) => preflight.refuse_changed(&seen)?,
        None => job.progress.on(Event::ListsRead {
            dataset: &dataset.id,
            lists: &lists,
            seen: &seen,
            stats: &stats,
            distinct: None,
            identifier: keys.identifier,
        }),
    }
    refuse(&stats, &lists, description.accepted)?;
    let counts = count(&partitions, job)?;
    let plan = match preflight {
        Some(preflight) => preflight.plan,
        None => {
            let accepted = description.accepted;
            plan(dataset, keys, counts.total(), before, accepted, job)?
        }
    };
    if !description.accepted.empty_shards {
        sizing::refuse_empty_shards(&counts, plan.chosen.prefix_bits)?;
    }
    let sizing = sizing::size(&counts, &plan)?;
    let binding = catalogue::binding(keys.identifier, keys.kdf, keys.salt, &dataset.id);
    let shards = directory.join("shards");
    fs::create_dir(&shards)?;
    let root = shards::write(&partitions, sizing, &binding, &shards, job)?;
    let edition = Edition {
        id: dataset.id.clone(),
        stats,
        lists: lists.into_iter().zip(seen).collect(),
        distinct: counts.total(),
        continued,
        sizing,
    };
    let ready = Ready {
        id: dataset.id.clone(),
        root,
        shards,
    };
    Ok((edition, ready, probes))
}

fn document(
    dataset: &DatasetDescription,
    edition: &Edition,
    ready: &Ready,
    today: Date,
) -> DatasetDocument {
    let sizing = edition.sizing;
    DatasetDocument {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        description: dataset.description.clone(),
        source: dataset.source.clone(),
        disputed: dataset.disputed.clone(),
        date: dataset.date.clone(),
        rows_claimed: dataset.rows_claimed,
        rows: edition.stats.accepted().rows(),
        rows_refused: edition.stats.lost(),
        distinct: edition.distinct,
        fields: dataset.fields.clone(),
        prefix_bits: sizing.prefix_bits.get().into(),
        filter: FilterDocument {
            kind: Bloom::NAME.to_owned(),
            bits: Some(sizing.filter.bits()),
            hashes: Some(sizing.filter.hashes().into()),
        },
        false_positive_rate: sizing.false_positive_rate,
        shard_bytes: edition.shard_bytes(),
        root: base16ct::lower::encode_string(&ready.root),
        built: today.to_string(),
    }
}

fn existing(site: &Path) -> Result<Option<CatalogueDocument>, BuildError> {
    let path = site.join(FILE_NAME);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = read_regular(&path, MAX_BYTES as u64).on_path(IoAction::Read, &path)?;
    let reason = match CatalogueFile::parse(&bytes) {
        Ok(file) => match CatalogueDocument::of(&file) {
            Some(document) => return Ok(Some(document)),
            None => None,
        },
        Err(error) => Some(error),
    };
    Err(BuildError::ExistingCatalogue { path, reason })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::config::Accepted;
    use crate::config::steps::Steps;
    use crate::input::{Input, Reading};
    use crate::job::Silent;
    use crate::site::document::Publisher;
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::Kdf;
    use cek_nik::name::NameWord;
    use cek_nik::nik::Nik;

    #[test]
    fn a_site_that_does_not_find_its_own_rows_is_not_published() {
        let desk = tempfile::tempdir().unwrap();
        let list = desk.path().join("list.txt");
        fs::write(&list, "3201014107909001\n").unwrap();
        let staging = Staging::open(&desk.path().join("site")).unwrap();
        let job = Job {
            today: "2026-11-23".parse().unwrap(),
            progress: &Silent,
            stop: &AtomicBool::new(false),
            threads: 1,
        };
        let dataset = DatasetDescription {
            id: "x".to_owned(),
            inputs: vec![Input {
                path: list,
                reading: Reading::default(),
            }],
            ..DatasetDescription::default()
        };
        let salt = Salt([7; 16]);
        let description = Description {
            publisher: Publisher::default(),
            site: None,
            identifier: IdentifierKind::Nik,
            kdf: Kdf::Sha256,
            salt: Some(salt),
            datasets: vec![dataset],
            steps: Steps::default(),
            complete: true,
            accepted: Accepted::default(),
        };
        let dataset = &description.datasets[0];
        let mut kept = CheckpointDirectory::open(staging.site(), false).unwrap();
        let keys = keys(&description, salt);
        let wanted = Wanted {
            dataset,
            keys,
            fingerprint: fingerprint(dataset, keys),
            preflight: None,
            before: 0,
        };
        let (edition, ready, members) =
            build(wanted, &description, &staging, &mut kept, &job).unwrap();
        let documents = vec![document(dataset, &edition, &ready, job.today)];
        let catalogue = catalogue_file(&description, salt, documents);
        let ready = [ready];
        assert_eq!(members.len(), 1);
        let members = [members];
        self_check(&catalogue, &ready, &members, &job).unwrap();

        let stranger = Nik::parse("9471014107909999").unwrap();
        let name = NameWord::parse("BUDI").unwrap();
        for kind in [IdentifierKind::Nik, IdentifierKind::NikAndName] {
            let stranger = kind.identify(&stranger, Some(&name)).unwrap();
            assert!(self_check(&catalogue, &ready, &[vec![stranger]], &job).is_err());
        }
        fs::write(ready[0].shards.join("0000.cnk"), "damaged").unwrap();
        assert!(self_check(&catalogue, &ready, &members, &job).is_err());
    }
}

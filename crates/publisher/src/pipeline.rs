//! Build pipeline: all data sets of a description, from their lists to the published site.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use cek_nik_publisher::config::Description;
//! use cek_nik_publisher::job::{Job, Silent};
//! use cek_nik_publisher::pipeline;
//!
//! let directory = tempfile::tempdir()?;
//! let at = |name: &str| directory.path().join(name);
//! std::fs::write(at("list.txt"), "3201014107909001\n")?;
//! let description = "kdf = 'sha256'\n[[dataset]]\nid = 'contoh'\ninputs = ['list.txt']\n";
//! std::fs::write(at("catalogue.toml"), description)?;
//! let job = Job {
//!     today: "2026-11-23".parse().unwrap(),
//!     progress: &Silent,
//!     stop: &AtomicBool::new(false),
//!     threads: 1,
//!     memory: 64 << 20,
//! };
//! let published = pipeline::run(&Description::read(&at("catalogue.toml"))?, &at("site"), &job)?;
//! assert_eq!(published.editions[0].distinct, 1);
//! assert!(at("site/catalogue.json").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::checkpoint::CheckpointDirectory;
use crate::checkpoint::file::Checkpoint;
use crate::checkpoint::fingerprint::Fingerprint;
use crate::config::salt::SaltChoice;
use crate::config::{DatasetDescription, Description};
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{self, SourceInfo};
use crate::io_action::{IoAction, OnPath};
use crate::job::{Event, Job};
use crate::key_file::load::{KeyFileTotals, KeyFiles, LoadedKeys};
use crate::keys::derive_keys::{DerivedKeys, Keys, derive_keys};
use crate::keys::distinct_count::count;
use crate::partition::{self, Record};
use crate::plan::risk::small_crowd;
use crate::preflight::refused::refuse;
use crate::preflight::{Preflight, plan};
use crate::shards::self_check::{self_check, self_check_keys};
use crate::shards::sizing::{self, Sizing};
use crate::site::catalogue_document::{
    CatalogueDocument, DatasetDocument, FilterDocument, KdfDocument,
};
use crate::site::front_page::FrontPage;
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

/// The result of a build.
pub struct Published {
    /// The data sets.
    pub editions: Vec<Edition>,
    /// The salt of the catalogue.
    pub salt: Salt,
    /// The old editions, removed or not.
    pub removed: Vec<Removed>,
    /// The checkpoint directory and the error, if it could not be removed.
    pub left: Option<(PathBuf, io::Error)>,
}

/// A published data set.
pub struct Edition {
    /// Its id.
    pub id: String,
    /// The counts of accepted and rejected rows.
    pub stats: Stats,
    /// The lists, with what was found out about each.
    pub lists: Vec<(PathBuf, SourceInfo)>,
    /// The number of different identifiers.
    pub distinct: u64,
    /// The key files.
    pub key_files: KeyFileTotals,
    /// The rows whose keys came from a checkpoint.
    pub continued: u64,
    /// The parameters.
    pub sizing: Sizing,
    /// The bytes of keys for which the memory of the job was too small.
    pub keys_on_disk: u64,
}

impl Edition {
    /// The rows of lists and key files that are used, repeated ones included.
    pub fn rows(&self) -> u64 {
        let of_lists = self.stats.accepted().rows();
        of_lists.saturating_add(self.key_files.counts.rows)
    }

    /// The people in rows of lists and key files that cannot be used.
    pub fn lost(&self) -> u64 {
        self.stats.lost().saturating_add(self.key_files.counts.lost)
    }

    /// The length of each shard.
    pub fn shard_bytes(&self) -> u64 {
        shard_bytes(self.sizing.filter, self.sizing.prefix_bits.get()) as u64
    }

    /// The length of all shards together.
    pub fn total_bytes(&self) -> u64 {
        self.shard_bytes() * u64::from(self.sizing.prefix_bits.shards())
    }
}

/// Builds all data sets in the staging directory, then publishes them at once.
///
/// # Errors
///
/// [`BuildError`]. The site is then as it was, and its checkpoint has the keys that took long.
pub fn run(description: &Description, site: &Path, job: &Job) -> Result<Published, BuildError> {
    precheck(description, job.today)?;
    let staging = Staging::open(site)?;
    let mut checkpoints =
        CheckpointDirectory::open(staging.site(), description.accepted.start_over)?;
    let existing = existing(staging.site())?;
    refuse_undescribed(description, site, existing.as_ref())?;
    let key_files = open_key_files(description)?;
    let salt_of_keys = key_files.iter().find_map(KeyFiles::salt);
    let salt_of_keys = salt_of_keys.or(checkpoints.salt());
    let salt = choose_salt(description, site, existing.as_ref(), salt_of_keys)?;
    let keys = keys(description, salt);
    check_key_files(&key_files, description, keys)?;
    let datasets = description.datasets.iter();
    let fingerprints: Vec<_> = datasets.map(|dataset| fingerprint(dataset, keys)).collect();
    checkpoints.refuse_mismatch(&fingerprints)?;
    // Different identifiers of the data sets so far.
    let mut distinct = 0;
    let mut preflights = Vec::new();
    for (dataset, files) in description.datasets.iter().zip(&key_files) {
        let (in_files, accepted) = (files.at_least(), description.accepted);
        let preflight = Preflight::of(dataset, keys, distinct, in_files, accepted, &staging, job)
            .map_err(|error| in_dataset(error, dataset, &checkpoints))?;
        distinct += preflight.as_ref().map_or(0, |preflight| preflight.distinct);
        preflights.push(preflight);
    }
    let mut editions = Vec::new();
    let mut ready = Vec::new();
    let mut documents = Vec::new();
    let mut probes = Vec::new();
    let mut key_probes = Vec::new();
    let datasets = description.datasets.iter().zip(fingerprints);
    for (((dataset, fingerprint), preflight), key_files) in datasets.zip(preflights).zip(&key_files)
    {
        distinct -= preflight.as_ref().map_or(0, |preflight| preflight.distinct);
        let request = Request {
            dataset,
            keys,
            key_files,
            fingerprint,
            preflight,
            distinct_before: distinct,
        };
        let built = build(request, description, &staging, &mut checkpoints, job);
        let (edition, shards, some, some_keys) =
            built.map_err(|error| in_dataset(error, dataset, &checkpoints))?;
        distinct += edition.distinct;
        documents.push(document(dataset, &edition, &shards, job.today));
        ready.push(shards);
        editions.push(edition);
        probes.push(some);
        key_probes.push(some_keys);
    }
    let document = catalogue_document(description, salt, documents);
    let pages = site::pages(description.site.as_ref(), &FrontPage::from(&document));
    let json = catalogue_file(&document);
    let pages: Vec<(&str, &[u8])> = pages.iter().map(|(n, c)| (*n, c.as_slice())).collect();
    let finish = || -> Result<Vec<Removed>, BuildError> {
        self_check(&json, &ready, &probes, job)?;
        self_check_keys(&json, &ready, &key_probes, job)?;
        job.check_cancelled()?;
        Ok(staging.publish(&ready, &pages, &json)?)
    };
    let removed = finish().map_err(|error| error.with_checkpoint(checkpoints.rows()))?;
    let left = checkpoints.remove().err();
    Ok(Published {
        editions,
        salt,
        removed,
        left: left.map(|error| (checkpoints.path.clone(), error)),
    })
}

/// The key files of each data set.
fn open_key_files(description: &Description) -> Result<Vec<KeyFiles>, BuildError> {
    let datasets = description.datasets.iter();
    let open = |dataset: &DatasetDescription| {
        let files = KeyFiles::open(&dataset.key_files).map_err(BuildError::from);
        files.map_err(|error| error.in_dataset(&dataset.id))
    };
    datasets.map(open).collect()
}

fn check_key_files(
    key_files: &[KeyFiles],
    description: &Description,
    keys: Keys,
) -> Result<(), BuildError> {
    let lost_rows_accepted = description.accepted.lost_rows;
    let mut datasets = description.datasets.iter().zip(key_files);
    datasets.try_for_each(|(dataset, files)| {
        let checked = files.check(keys, lost_rows_accepted);
        checked.map_err(|error| error.in_dataset(&dataset.id))
    })
}

fn refuse_undescribed(
    description: &Description,
    site: &Path,
    existing: Option<&CatalogueDocument>,
) -> Result<(), BuildError> {
    let is_described = |id: &str| description.datasets.iter().any(|d| d.id == id);
    let mut published = existing.into_iter().flat_map(|c| &c.datasets);
    match published.find(|dataset| !is_described(&dataset.id)) {
        Some(other) if !description.complete => Err(BuildError::UndescribedDataset {
            site: site.to_owned(),
            id: other.id.clone(),
        }),
        _ => Ok(()),
    }
}

fn choose_salt(
    description: &Description,
    site: &Path,
    existing: Option<&CatalogueDocument>,
    of_keys: Option<Salt>,
) -> Result<Salt, BuildError> {
    let of_site = existing.map(|existing| {
        Salt::from_hex(&existing.salt).ok_or_else(|| BuildError::ExistingCatalogue {
            path: site.join(FILE_NAME),
            reason: None,
        })
    });
    let choice = SaltChoice::new(description.salt, of_site.transpose()?, of_keys)?;
    if !description.accepted.risks.new_salt {
        choice.refuse_new(existing)?;
    }
    Ok(choice.salt)
}

fn in_dataset(
    error: BuildError,
    dataset: &DatasetDescription,
    checkpoints: &CheckpointDirectory,
) -> BuildError {
    error
        .with_checkpoint(checkpoints.rows_of(&dataset.id))
        .in_dataset(&dataset.id)
}

/// The parameters that decide the keys of a data set.
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

fn catalogue_document(
    description: &Description,
    salt: Salt,
    datasets: Vec<DatasetDocument>,
) -> CatalogueDocument {
    CatalogueDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        publisher: description.publisher.clone(),
        title: description.title.clone(),
        introduction: description.introduction.clone(),
        identifier: description.identifier.name().to_owned(),
        salt: salt.to_hex(),
        kdf: KdfDocument::of(description.kdf),
        datasets,
        steps: description.steps.documents().to_vec(),
    }
}

/// The text of `catalogue.json`.
fn catalogue_file(document: &CatalogueDocument) -> String {
    match serde_json::to_string_pretty(document) {
        Ok(json) => json + "\n",
        Err(error) => unreachable!("strings and numbers always serialize: {error}"),
    }
}

/// Refuses what is wrong before a key is made, which may take days.
fn precheck(description: &Description, today: Date) -> Result<(), BuildError> {
    let mut ids = BTreeSet::new();
    for dataset in &description.datasets {
        if !ids.insert(&dataset.id) {
            return Err(BuildError::DatasetTwice {
                id: dataset.id.clone(),
            });
        }
        let check = || {
            dataset.constraints.check()?;
            let bits = dataset.constraints.prefix_bits;
            let risk = bits.and_then(|bits| small_crowd(bits, dataset.constraints.population));
            description.accepted.risks.check(risk)?;
            let mut inputs = dataset.inputs.iter();
            inputs.try_for_each(|input| input::inspect(input, today))?;
            Ok(())
        };
        check().map_err(|error: BuildError| error.in_dataset(&dataset.id))?;
    }
    Ok(())
}

/// A data set to build.
struct Request<'a> {
    dataset: &'a DatasetDescription,
    keys: Keys,
    key_files: &'a KeyFiles,
    fingerprint: Fingerprint,
    preflight: Option<Preflight>,
    /// Different identifiers of the other data sets that were counted.
    distinct_before: u64,
}

fn build(
    request: Request,
    description: &Description,
    staging: &Staging,
    checkpoints: &mut CheckpointDirectory,
    job: &Job,
) -> Result<(Edition, Ready, Vec<Identifier>, Vec<Record>), BuildError> {
    let Request {
        dataset,
        keys,
        key_files,
        ..
    } = request;
    let accepted = description.accepted;
    let directory = staging.dataset(&dataset.id)?;
    let lists: Vec<PathBuf> = dataset.inputs.iter().map(|i| i.path.clone()).collect();
    let loaded = key_files.load(&directory, job)?;
    let checkpoint = match &request.preflight {
        Some(preflight) => {
            let lists = preflight.watched.clone();
            Some(checkpoints.checkpoint(request.fingerprint, lists, preflight.rows)?)
        }
        None => None,
    };
    let continued = checkpoint.map_or(0, Checkpoint::rows);
    let DerivedKeys {
        mut partitions,
        stats,
        source_info,
        probes,
        ..
    } = match lists.is_empty() {
        true => DerivedKeys::default(),
        false => {
            let job = Job {
                memory: job.memory.saturating_sub(loaded.bytes_in_memory()),
                ..*job
            };
            derive_keys(&dataset.inputs, keys, checkpoint, None, &directory, &job)?
        }
    };
    match &request.preflight {
        _ if lists.is_empty() => {}
        Some(preflight) => preflight.refuse_changed(&source_info)?,
        None => job.progress.on(Event::ListsRead {
            dataset: &dataset.id,
            lists: &lists,
            source_info: &source_info,
            stats: &stats,
            distinct: None,
            identifier: keys.identifier,
        }),
    }
    if !lists.is_empty() {
        refuse(&stats, &lists, accepted)?;
    }
    let LoadedKeys {
        partitions: of_files,
        probes: key_probes,
    } = loaded;
    partitions.extend(of_files);
    let counts = count(&partitions, job)?;
    let plan = match request.preflight.and_then(|preflight| preflight.plan) {
        Some(plan) => plan,
        None => {
            let before = request.distinct_before;
            plan(dataset, keys, counts.total(), before, accepted, job)?
        }
    };
    if !accepted.empty_shards {
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
        lists: lists.into_iter().zip(source_info).collect(),
        distinct: counts.total(),
        key_files: key_files.totals(),
        continued,
        sizing,
        keys_on_disk: partition::bytes_on_disk(&partitions),
    };
    let ready = Ready {
        id: dataset.id.clone(),
        root,
        shards,
    };
    Ok((edition, ready, probes, key_probes))
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
        rows: edition.rows(),
        rows_refused: edition.lost(),
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

/// The catalogue that the site has now.
fn existing(site: &Path) -> Result<Option<CatalogueDocument>, BuildError> {
    let path = site.join(FILE_NAME);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = read_regular(&path, MAX_BYTES as u64).on_path(IoAction::Read, &path)?;
    let reason = match CatalogueFile::parse(&bytes).map(|file| CatalogueDocument::of(&file)) {
        Ok(Some(document)) => return Ok(Some(document)),
        Ok(None) => None,
        Err(error) => Some(error),
    };
    Err(BuildError::ExistingCatalogue { path, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Accepted;
    use crate::config::steps::Steps;
    use crate::input::{Input, Reading};
    use crate::job::{Silent, TestJob};
    use crate::site::catalogue_document::{Publisher, Text};
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Kdf, KeyDeriver};
    use cek_nik::name::NameWord;
    use cek_nik::nik::Nik;

    #[test]
    fn a_site_that_does_not_find_its_own_rows_is_not_published() {
        let directory = tempfile::tempdir().unwrap();
        let list = directory.path().join("list.txt");
        fs::write(&list, "3201014107909001\n").unwrap();
        let staging = Staging::open(&directory.path().join("site")).unwrap();
        let test = TestJob::default();
        let job = test.job(&Silent);
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
            title: Text::default(),
            introduction: Text::default(),
            identifier: IdentifierKind::Nik,
            kdf: Kdf::Sha256,
            salt: Some(salt),
            datasets: vec![dataset],
            steps: Steps::default(),
            complete: true,
            accepted: Accepted::default(),
        };
        let dataset = &description.datasets[0];
        let mut checkpoints = CheckpointDirectory::open(staging.site(), false).unwrap();
        let keys = keys(&description, salt);
        let request = Request {
            dataset,
            keys,
            key_files: &KeyFiles::default(),
            fingerprint: fingerprint(dataset, keys),
            preflight: None,
            distinct_before: 0,
        };
        let (edition, ready, members, _) =
            build(request, &description, &staging, &mut checkpoints, &job).unwrap();
        let documents = vec![document(dataset, &edition, &ready, job.today)];
        let catalogue = catalogue_file(&catalogue_document(&description, salt, documents));
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
        let mut deriver = KeyDeriver::new(salt, Kdf::Sha256).unwrap();
        let mut key = |identifier: &Identifier| Record::of(&deriver.derive(identifier).unwrap());
        let stranger = key(&Identifier::of_nik(&stranger));
        let members_keys = [members[0].iter().map(key).collect()];
        self_check_keys(&catalogue, &ready, &members_keys, &job).unwrap();
        assert!(self_check_keys(&catalogue, &ready, &[vec![stranger]], &job).is_err());
        fs::write(ready[0].shards.join("0000.cnk"), "damaged").unwrap();
        assert!(self_check(&catalogue, &ready, &members, &job).is_err());
        assert!(self_check_keys(&catalogue, &ready, &members_keys, &job).is_err());
    }
}

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

use crate::carried::CarriedDataset;
use crate::carried::existing_site::{ExistingSite, NewCatalogue};
use crate::carried::record::{Record, Records};
use crate::carried::rows_digest::RowsVerifier;
use crate::carried::unchanged::{self, Remade};
use crate::checkpoint::CheckpointDirectory;
use crate::checkpoint::file::Checkpoint;
use crate::checkpoint::fingerprint::Fingerprint;
use crate::config::salt::SaltChoice;
use crate::config::{Accepted, DatasetDescription, Description};
use crate::error::BuildError;
use crate::input::stats::Stats;
use crate::input::{self, SourceInfo};
use crate::job::{Event, Job};
use crate::key_file::load::{KeyFileTotals, KeyFiles, LoadedKeys};
use crate::keys::derive_keys::{DerivedKeys, Keys, derive_keys, most_rows};
use crate::keys::distinct_count::count;
use crate::partition;
use crate::plan::risk::small_crowd;
use crate::preflight::refused::refuse;
use crate::preflight::{Counted, Preflight, plan};
use crate::shards::self_check::{self_check, self_check_keys};
use crate::shards::sizing::{self, Sizing};
use crate::site::catalogue_document::{
    CatalogueDocument, DatasetDocument, FilterDocument, KdfDocument,
};
use crate::site::feed;
use crate::site::front_page::FrontPage;
use crate::site::oembed;
use crate::staging::{Place, Ready, Removed, Staging};
use crate::{shards, site};
use cek_nik::catalogue::{self, FORMAT, MAX_CHECK_BYTES, MAX_DATASETS, VERSION};
use cek_nik::edition::Validity;
use cek_nik::filter::Bloom;
use cek_nik::identifier::Identifier;
use cek_nik::key::Salt;
use cek_nik::nik::Date;
use cek_nik::signature::{self, PublicKey};
use cek_nik::sizes::shard_bytes;

/// The result of a build.
pub struct Published {
    /// The data sets whose shards were made.
    pub editions: Vec<Edition>,
    /// The ids of the data sets whose shards stayed in the site.
    pub carried: Vec<String>,
    /// What the keys are derived from, and how.
    pub keys: Keys,
    /// The old editions, removed or not.
    pub removed: Vec<Removed>,
    /// Whether the old edition was signed and this one is not.
    pub signature_removed: bool,
    /// Whether the pages pin a key, and nothing is signed yet.
    pub awaits_signature: bool,
    /// The checkpoint directory and the error, if it could not be removed.
    pub left: Option<(PathBuf, io::Error)>,
    /// The directory for the record of the lists and the error, if it could not be written.
    pub unrecorded: Option<(PathBuf, io::Error)>,
}

/// A published data set whose shards were made.
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

/// Builds all data sets in the staging directory, then publishes them at once. The shards of an
/// unchanged data set stay in the site.
///
/// # Errors
///
/// [`BuildError`]. The site is then as it was, and its checkpoint has the keys that took long.
pub fn run(description: &Description, site: &Path, job: &Job) -> Result<Published, BuildError> {
    precheck(description, job.today)?;
    let staging = Staging::open(site)?;
    let mut checkpoints =
        CheckpointDirectory::open(staging.site(), description.accepted.start_over)?;
    let existing = ExistingSite::read(staging.site())?;
    refuse_undescribed(description, site, existing.as_ref())?;
    let key_files = open_key_files(description)?;
    let salt_of_keys = key_files.iter().find_map(KeyFiles::salt);
    let salt_of_keys = salt_of_keys.or(checkpoints.salt());
    let salt = choose_salt(description, existing.as_ref(), salt_of_keys)?;
    let keys = keys(description, salt);
    let mut edition = NewEdition::open(&staging, existing.as_ref(), keys, job);
    edition.build(description, &key_files, &mut checkpoints)?;
    let document = catalogue_document(description, salt, edition.documents());
    let catalogue = numbered(document, description, existing.as_ref(), job.today);
    let published = edition.publish(
        &catalogue,
        description.site.as_ref(),
        description.key.as_ref(),
    );
    let published = published.map_err(|error| error.with_checkpoint(checkpoints.rows()))?;
    Ok(published.without(&mut checkpoints))
}

impl Published {
    /// Removes the checkpoint, which the site has made superfluous.
    pub(crate) fn without(mut self, checkpoints: &mut CheckpointDirectory) -> Self {
        let left = checkpoints.remove().err();
        self.left = left.map(|error| (checkpoints.path.clone(), error));
        self
    }
}

/// An edition of a site that is being prepared.
pub(crate) struct NewEdition<'a> {
    staging: &'a Staging,
    existing: Option<&'a ExistingSite>,
    keys: Keys,
    records: Records,
    job: &'a Job<'a>,
    /// The data sets, in the order of the catalogue.
    datasets: Vec<Prepared>,
}

/// A data set that is ready to publish.
struct Prepared {
    document: DatasetDocument,
    ready: Ready,
    /// Identifiers to look up before the site is published.
    probes: Vec<Identifier>,
    /// Keys to look up, where they come from key files.
    key_probes: Vec<partition::Record>,
    /// The new record of its list, if the next build can use one.
    record: Option<Record>,
    shards: Shards,
}

/// The data set of the site, or why a build makes its shards again.
type Recognized = Result<CarriedDataset, Remade>;

/// Where the shards of a data set come from.
enum Shards {
    Made(Box<Edition>),
    Carried(Box<CarriedDataset>),
}

impl<'a> NewEdition<'a> {
    pub(crate) fn open(
        staging: &'a Staging,
        existing: Option<&'a ExistingSite>,
        keys: Keys,
        job: &'a Job<'a>,
    ) -> Self {
        Self {
            staging,
            existing,
            keys,
            records: Records::open(staging.site()),
            job,
            datasets: Vec::new(),
        }
    }

    /// The entries of the catalogue.
    pub(crate) fn documents(&self) -> Vec<DatasetDocument> {
        self.datasets.iter().map(|d| d.document.clone()).collect()
    }

    /// Adds a data set of the site, verified, whose list was not read.
    pub(crate) fn carry(&mut self, carried: CarriedDataset) {
        let document = carried.document().clone();
        self.datasets.push(Prepared {
            document,
            ready: carried.ready(),
            probes: Vec::new(),
            key_probes: Vec::new(),
            record: None,
            shards: Shards::Carried(Box::new(carried)),
        });
    }

    /// Adds all data sets of a description, and makes their shards or verifies those of the site.
    pub(crate) fn build(
        &mut self,
        description: &Description,
        key_files: &[KeyFiles],
        checkpoints: &mut CheckpointDirectory,
    ) -> Result<(), BuildError> {
        let count = self.datasets.len() + description.datasets.len();
        if count > MAX_DATASETS {
            return Err(BuildError::TooManyDatasets { count });
        }
        check_key_files(key_files, description, self.keys)?;
        let fingerprints = self.fingerprints(description);
        checkpoints.refuse_mismatch(&fingerprints)?;
        // Different identifiers of the data sets so far.
        let mut distinct = self.datasets.iter().map(|d| d.document.distinct).sum();
        let mut preflights = Vec::new();
        for (dataset, files) in description.datasets.iter().zip(key_files) {
            let accepted = description.accepted;
            let counted = Counted {
                before: distinct,
                in_files: files.at_least(),
            };
            let (preflight, carried) = self
                .preflight(dataset, counted, accepted)
                .map_err(|error| in_dataset(error, dataset, checkpoints))?;
            distinct += preflight.as_ref().map_or(0, |preflight| preflight.distinct);
            if let Some(Err(reason)) = &carried {
                let dataset = &dataset.id;
                self.job.progress.on(Event::Remade { dataset, reason });
            }
            preflights.push((preflight, carried.and_then(Result::ok)));
        }
        let datasets = description.datasets.iter().zip(fingerprints);
        let found = preflights.into_iter().zip(key_files);
        for ((dataset, fingerprint), ((preflight, carried), key_files)) in datasets.zip(found) {
            if let (Some(preflight), Some(carried)) = (&preflight, carried) {
                self.datasets.push(unchanged(dataset, preflight, carried));
                continue;
            }
            distinct -= preflight.as_ref().map_or(0, |preflight| preflight.distinct);
            let verifier = verifier(dataset, preflight.as_ref());
            let request = Request {
                dataset,
                keys: self.keys,
                key_files,
                fingerprint,
                preflight,
                distinct_before: distinct,
            };
            let built = build(request, description, self.staging, checkpoints, self.job);
            let (edition, ready, probes, key_probes) =
                built.map_err(|error| in_dataset(error, dataset, checkpoints))?;
            distinct += edition.distinct;
            self.datasets.push(Prepared {
                document: document(dataset, &edition, &ready, self.job.today),
                record: verifier.map(|verifier| Record::new(&ready.id, &ready.root, &verifier)),
                ready,
                probes,
                key_probes,
                shards: Shards::Made(Box::new(edition)),
            });
        }
        Ok(())
    }

    /// Adds those data sets of a description that the site has and a build would not change. Lists
    /// with other texts are not read.
    pub(crate) fn carry_unchanged(
        &mut self,
        description: &Description,
        checkpoints: &CheckpointDirectory,
    ) -> Result<(), BuildError> {
        checkpoints.refuse_mismatch(&self.fingerprints(description))?;
        let published = self.existing.map(|existing| &existing.document.datasets);
        let published = published.into_iter().flatten();
        let has_texts = |dataset: &&DatasetDescription| {
            let mut published = published.clone();
            published.any(|published| described(dataset, published.clone()) == *published)
        };
        for dataset in description.datasets.iter().filter(has_texts) {
            let counted = Counted::default();
            let preflight = self.preflight(dataset, counted, description.accepted)?;
            if let (Some(preflight), Some(Ok(carried))) = preflight {
                self.datasets.push(unchanged(dataset, &preflight, carried));
            }
        }
        Ok(())
    }

    fn fingerprints(&self, description: &Description) -> Vec<Fingerprint> {
        let datasets = description.datasets.iter();
        datasets.map(|d| fingerprint(d, self.keys)).collect()
    }

    /// Reads a data set before any key is made, and decides whether its shards stay.
    fn preflight(
        &self,
        dataset: &DatasetDescription,
        counted: Counted,
        accepted: Accepted,
    ) -> Result<(Option<Preflight>, Option<Recognized>), BuildError> {
        let Self {
            staging, keys, job, ..
        } = *self;
        let published = self.existing.map(|existing| &existing.document.datasets);
        let mut published = published.into_iter().flatten();
        let root = published.find(|published| published.id == dataset.id);
        let record = root.and_then(|published| self.records.find(&dataset.id, &published.root));
        let digest_key = record.and_then(Record::verifier).map(|v| v.key);
        let preflight = Preflight::of(dataset, keys, counted, accepted, digest_key, staging, job)?;
        let (Some(found), Some(existing)) = (&preflight, self.existing) else {
            return Ok((preflight, None));
        };
        // The record of a list says nothing about key files.
        if !dataset.key_files.is_empty() {
            return Ok((preflight, None));
        }
        let records = &self.records;
        let carried = unchanged::carry(&dataset.id, keys, found, existing, records, job)?;
        Ok((preflight, carried))
    }

    /// The feed of the site with this edition.
    fn feed(&self, catalogue: &NewCatalogue, address: Option<&oembed::Site>) -> String {
        let document = &catalogue.document;
        let published = self.existing.map(|existing| existing.document.edition);
        let is_same = published == Some(document.edition);
        let old = self.existing.map_or_else(String::new, ExistingSite::feed);
        feed::of_edition(document, address, self.job.today, &old, is_same)
    }

    /// Checks the edition as a whole, and publishes it at once.
    ///
    /// # Errors
    ///
    /// [`BuildError`]. The site is then as it was.
    pub(crate) fn publish(
        mut self,
        catalogue: &NewCatalogue,
        address: Option<&oembed::Site>,
        key: Option<&PublicKey>,
    ) -> Result<Published, BuildError> {
        refuse_too_many_bytes(catalogue.document.datasets.iter().map(|d| d.shard_bytes))?;
        let feed = self.feed(catalogue, address);
        let mut ready = Vec::new();
        let mut probes = Vec::new();
        let mut key_probes = Vec::new();
        let mut editions = Vec::new();
        let mut carried = Vec::new();
        for dataset in self.datasets {
            if let Some(record) = dataset.record {
                self.records.add(record);
            }
            match dataset.shards {
                Shards::Made(edition) => editions.push(*edition),
                Shards::Carried(dataset) => carried.push(dataset),
            }
            ready.push(dataset.ready);
            probes.push(dataset.probes);
            key_probes.push(dataset.key_probes);
        }
        let mut pages = site::pages(address, key, &FrontPage::from(&catalogue.document));
        pages.push((feed::NAME, feed.into()));
        let pages: Vec<(&str, &[u8])> = pages.iter().map(|(n, c)| (*n, c.as_slice())).collect();
        if !editions.is_empty() {
            // Again, because keys can take days.
            for dataset in &carried {
                let verified = dataset.verify(self.job).map_err(BuildError::from);
                verified.map_err(|error| error.in_dataset(&dataset.document().id))?;
            }
        }
        self_check(&catalogue.json, &ready, &probes, self.job)?;
        self_check_keys(&catalogue.json, &ready, &key_probes, self.job)?;
        self.job.check_cancelled()?;
        // Before the catalogue: if the build is killed behind it, the next one knows the lists.
        let written = self.records.save();
        let signature = self.staging.site().join(signature::FILE_NAME);
        let was_signed = signature.exists();
        let removed = self.staging.publish(&ready, &pages, &catalogue.json)?;
        let published: Vec<_> = ready.iter().map(|r| (r.id.clone(), r.root)).collect();
        self.records.retain(&published);
        let written = written.and_then(|()| self.records.save());
        let unrecorded = written.err().map(|error| (self.records.directory, error));
        Ok(Published {
            editions,
            carried: carried.iter().map(|d| d.document().id.clone()).collect(),
            keys: self.keys,
            removed,
            signature_removed: was_signed && !signature.exists(),
            awaits_signature: key.is_some() && !signature.exists(),
            left: None,
            unrecorded,
        })
    }
}

fn refuse_too_many_bytes(shards: impl Iterator<Item = u64>) -> Result<(), BuildError> {
    let bytes = shards.fold(0, u64::saturating_add);
    if bytes > MAX_CHECK_BYTES as u64 {
        return Err(BuildError::TooManyBytes { bytes });
    }
    Ok(())
}

/// A data set whose shards stay, with the texts of its description.
fn unchanged(
    dataset: &DatasetDescription,
    preflight: &Preflight,
    carried: CarriedDataset,
) -> Prepared {
    Prepared {
        document: DatasetDocument {
            rows: preflight.stats.accepted().rows(),
            rows_refused: preflight.stats.lost(),
            ..described(dataset, carried.document().clone())
        },
        record: None,
        ready: carried.ready(),
        probes: preflight.probes.clone(),
        key_probes: Vec::new(),
        shards: Shards::Carried(Box::new(carried)),
    }
}

/// The verifier of the rows of a data set; `None` with key files, of which it knows nothing.
fn verifier(dataset: &DatasetDescription, preflight: Option<&Preflight>) -> Option<RowsVerifier> {
    let preflight = preflight.filter(|_| dataset.key_files.is_empty());
    preflight.map(|preflight| preflight.verifier)
}

/// The key files of each data set.
pub(crate) fn open_key_files(description: &Description) -> Result<Vec<KeyFiles>, BuildError> {
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
    existing: Option<&ExistingSite>,
) -> Result<(), BuildError> {
    let is_described = |id: &str| description.datasets.iter().any(|d| d.id == id);
    let mut published = existing.into_iter().flat_map(ExistingSite::ids);
    match published.find(|id| !is_described(id)) {
        Some(other) if !description.complete => Err(BuildError::UndescribedDataset {
            site: site.to_owned(),
            id: other.to_owned(),
        }),
        _ => Ok(()),
    }
}

fn choose_salt(
    description: &Description,
    existing: Option<&ExistingSite>,
    of_keys: Option<Salt>,
) -> Result<Salt, BuildError> {
    let of_site = existing.map(|existing| existing.keys().salt);
    let choice = SaltChoice::new(description.salt, of_site, of_keys)?;
    if !description.accepted.risks.new_salt {
        choice.refuse_new(existing.map(|existing| &existing.document))?;
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
    Fingerprint {
        dataset: dataset.id.clone(),
        keys,
        lists: dataset.inputs.iter().map(input::size).collect(),
        most_rows: most_rows(keys.kdf),
    }
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
        edition: 0,
        published: None,
        expires: None,
        publisher: description.publisher.clone(),
        title: description.title.clone(),
        introduction: description.introduction.clone(),
        mirrors: description.mirrors.clone(),
        identifier: description.identifier.name().to_owned(),
        salt: salt.to_hex(),
        kdf: KdfDocument::of(description.kdf),
        datasets,
        steps: description.steps.documents().to_vec(),
    }
}

/// The catalogue as the next edition of a site, or as the same one if nothing else has changed.
fn numbered(
    document: CatalogueDocument,
    description: &Description,
    existing: Option<&ExistingSite>,
    today: Date,
) -> NewCatalogue {
    let validity = existing.and_then(|existing| existing.catalogue().validity());
    // Options describe a data set, so the site keeps its period.
    let of_site = validity.filter(|_| !description.complete);
    let days = description.valid_days.or(of_site.map(Validity::days));
    let validity = days.and_then(|days| Validity::of_days(today, days));
    let previous = existing.map_or(0, |existing| existing.document.edition);
    let of_edition = |edition| {
        let document = CatalogueDocument {
            edition,
            published: validity.map(|validity| validity.published().to_string()),
            expires: validity.map(|validity| validity.expires().to_string()),
            ..document.clone()
        };
        NewCatalogue {
            json: catalogue_file(&document),
            document,
        }
    };
    let same = of_edition(previous);
    match existing {
        Some(existing) if previous > 0 && existing.text() == same.json => same,
        _ => of_edition(previous + 1),
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
pub(crate) fn precheck(description: &Description, today: Date) -> Result<(), BuildError> {
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
) -> Result<(Edition, Ready, Vec<Identifier>, Vec<partition::Record>), BuildError> {
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
            derive_keys(
                &dataset.inputs,
                keys,
                checkpoint,
                None,
                None,
                &directory,
                &job,
            )?
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
        place: Place::Staging,
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
    let built = DatasetDocument {
        rows: edition.rows(),
        rows_refused: edition.lost(),
        distinct: edition.distinct,
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
        ..DatasetDocument::default()
    };
    described(dataset, built)
}

/// An entry of the catalogue with the texts of a description.
fn described(dataset: &DatasetDescription, document: DatasetDocument) -> DatasetDocument {
    DatasetDocument {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        description: dataset.description.clone(),
        source: dataset.source.clone(),
        disputed: dataset.disputed.clone(),
        date: dataset.date.clone(),
        rows_claimed: dataset.rows_claimed,
        fields: dataset.fields.clone(),
        ..document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::steps::Steps;
    use crate::input::{Input, Reading};
    use crate::job::{Silent, TestJob};
    use crate::site::catalogue_document::{Publisher, Text};
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Kdf, KeyDeriver};
    use cek_nik::name::NameWord;
    use cek_nik::nik::Nik;

    #[test]
    fn a_site_that_clients_would_not_check_is_not_published() {
        let most = MAX_CHECK_BYTES as u64;
        assert!(refuse_too_many_bytes([most - 1, 1].into_iter()).is_ok());
        for bytes in [[most, 1], [most, most], [u64::MAX, 1]] {
            let error = refuse_too_many_bytes(bytes.into_iter()).unwrap_err();
            assert_eq!(error.code(), "too_many_bytes");
            assert!(
                error.to_string().contains("more than 128.00 MiB"),
                "{error}"
            );
        }
    }

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
            valid_days: None,
            key: None,
            mirrors: Vec::new(),
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
        let mut key =
            |identifier: &Identifier| partition::Record::of(&deriver.derive(identifier).unwrap());
        let stranger = key(&Identifier::of_nik(&stranger));
        let members_keys = [members[0].iter().map(key).collect()];
        self_check_keys(&catalogue, &ready, &members_keys, &job).unwrap();
        assert!(self_check_keys(&catalogue, &ready, &[vec![stranger]], &job).is_err());
        fs::write(ready[0].shards.join("0000.cnk"), "damaged").unwrap();
        assert!(self_check(&catalogue, &ready, &members, &job).is_err());
        assert!(self_check_keys(&catalogue, &ready, &members_keys, &job).is_err());
    }
}

//! Verification of a site, in a directory or on a host: every hash, the signature, the expiry, and
//! on a host what browsers need.
//!
//! An audit asks whether a site should be published. A verification asks whether a site is the one
//! that was published, and whether readers can use it. `docs/SIGNING.md` lists the findings.

pub mod error;
#[cfg(feature = "http")]
mod headers;
#[cfg(feature = "http")]
mod host;
pub mod rules;
mod shards;
pub mod transform;

use std::path::Path;

use serde::{Serialize, Serializer};

use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME};
use cek_nik::check::{FetchError, Reason};
use cek_nik::nik::Date;
use cek_nik::prefix::Prefix;
use cek_nik::signature::{self, PublicKey};
use cek_nik_publisher::job::Job;
use cek_nik_publisher::site::WIDGET_NAME;
use cek_nik_publisher::site::catalogue_document::CatalogueDocument;
use cek_nik_reader::catalogue_file::CatalogueFile;

use crate::finding::{Counts, Finding};
use crate::pages::Pages;
use crate::sentence::say;
use crate::{edition, others};
use error::VerifyError;
use shards::Pass;

/// Settings of a verification.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The publisher's key. With it, a site that the key has not signed is a finding.
    pub key: Option<&'a PublicKey>,
    /// The most shards of each data set that are verified; `None` for all.
    pub sample: Option<u64>,
    /// The seed of the choice.
    pub seed: u64,
}

/// Report of a verification.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// The number of findings by severity.
    #[serde(flatten)]
    pub counts: Counts,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// The edition; `None` if clients refuse the catalogue.
    pub edition: Option<Edition>,
    /// The signature; `None` for a site without one, or with a bad one.
    pub signature: Option<Signed>,
    /// The key that the pages pin.
    #[serde(serialize_with = "serialize_key")]
    pub pinned_key: Option<PublicKey>,
    /// The data sets that clients accept.
    pub datasets: Vec<DatasetShards>,
    /// The pages of the site.
    pub pages: Vec<PageDigest>,
}

/// Edition of a site.
#[derive(Clone, Debug, Serialize)]
pub struct Edition {
    /// Its number; 0 without one.
    pub number: u64,
    /// The day of publication, if it expires.
    #[serde(serialize_with = "serialize_day")]
    pub published: Option<Date>,
    /// The last day for which the publisher vouches for it.
    #[serde(serialize_with = "serialize_day")]
    pub expires: Option<Date>,
}

/// Signature of a catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    /// The trusted comment.
    pub comment: String,
    /// Whether the given key has made it; `false` without a key.
    pub verified: bool,
}

/// Verified shards of a data set.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetShards {
    /// The id.
    pub id: String,
    /// The number of shards.
    pub shards: u64,
    /// The number of those that were fetched and are as the catalogue says.
    pub verified: u64,
}

/// Page of a site.
#[derive(Clone, Debug, Serialize)]
pub struct PageDigest {
    /// The file name.
    pub file: String,
    /// Its SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Whether it is the page that this version of cek-nik builds for this catalogue.
    pub as_built: bool,
}

impl Verification {
    /// Whether a finding harms readers.
    pub fn harms_readers(&self) -> bool {
        self.counts.wrong > 0
    }
}

/// Verifies the site in a directory.
///
/// # Errors
///
/// [`VerifyError`].
pub fn directory(site: &Path, options: &Options, job: &Job) -> Result<Verification, VerifyError> {
    let (files, bytes) = crate::open(site)?;
    let signature = files.named(signature::FILE_NAME);
    // One byte more than clients read shows that a signature is too long.
    let most = signature::MAX_BYTES as u64 + 1;
    let signature = signature.and_then(|file| file.read(most).ok());
    let mut found = Found::of(&bytes, job.today);
    let pages = Pages::of(&files, found.document.as_ref());
    found.signature(&bytes, signature.as_deref(), pages.key.as_ref(), options);
    let (_, findings) = pages.compare(&files);
    found.findings.extend(findings);
    for name in pages.served() {
        let read = files
            .named(name)
            .and_then(|file| file.read(crate::files::MOST_READ).ok());
        found
            .pages
            .extend(read.map(|bytes| pages.digest(name, &bytes)));
    }
    let catalogue = found.catalogue.as_ref();
    let others = others::findings(&files, &pages, catalogue, job.today);
    found.findings.extend(others);
    found.shards(options, job, job.threads, |dataset, prefix| {
        let file = files.named(&dataset.shard_path(prefix));
        let file = file.ok_or(FetchError::NotFound)?;
        let bytes = file.read(dataset.shard_bytes() as u64 + 1);
        bytes.map_err(|_| FetchError::Unreadable)
    })?;
    Ok(found.report(job.today))
}

/// Verifies the site on a host: at the address of its directory or of one of its pages. `patience`
/// limits the wait for an answer.
///
/// # Errors
///
/// [`VerifyError`].
#[cfg(feature = "http")]
pub fn host(
    location: &str,
    patience: std::time::Duration,
    options: &Options,
    job: &Job,
) -> Result<Verification, VerifyError> {
    host::verify(location, patience, options, job)
}

/// What was found out about a site.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    catalogue: Option<Catalogue>,
    document: Option<CatalogueDocument>,
    signature: Option<Signed>,
    pinned_key: Option<PublicKey>,
    datasets: Vec<DatasetShards>,
    pages: Vec<PageDigest>,
}

impl Found {
    /// Reads the catalogue.
    fn of(bytes: &[u8], today: Date) -> Self {
        let mut found = Self::default();
        let file = match CatalogueFile::parse(bytes) {
            Ok(file) => file,
            Err(error) => {
                let code = Reason::Catalogue(error).code();
                let what = say!("clients refuse it ({code})", code = code);
                let finding = Finding::new(&crate::rules::CATALOGUE_REFUSED, what);
                found.findings.push(finding.of_file(FILE_NAME));
                return found;
            }
        };
        found.document = CatalogueDocument::of(&file);
        let catalogue = found.catalogue.insert(file.into_catalogue());
        found.findings.extend(edition::age(catalogue, today));
        for entry in catalogue.datasets() {
            if let Err(error) = &entry.dataset {
                let code = Reason::Dataset(*error).code();
                let what = say!(
                    "clients refuse its entry in the catalogue ({code})",
                    code = code
                );
                let finding = Finding::new(&crate::rules::DATASET_REFUSED, what);
                found.findings.push(finding.of_dataset(&entry.id));
            }
        }
        found
    }

    /// Verifies the signature of the catalogue with the given key, or else with the `pinned` one of
    /// the pages, without which readers get no answer.
    fn signature(
        &mut self,
        bytes: &[u8],
        file: Option<&[u8]>,
        pinned: Option<&PublicKey>,
        options: &Options,
    ) {
        self.pinned_key = pinned.copied();
        let Some(catalogue) = &self.catalogue else {
            return;
        };
        if let (Some(given), Some(pinned)) = (options.key, pinned)
            && given != pinned
        {
            let what = say!(
                "it pins {pinned}, and the given key is {given}",
                pinned = pinned.to_string(),
                given = given.to_string(),
            );
            let finding = Finding::new(&rules::PINNED_KEY_DIFFERS, what);
            self.findings.push(finding.of_file(WIDGET_NAME));
        }
        match edition::signature(file, options.key.or(pinned), bytes, catalogue) {
            Err(finding) => self.findings.push(finding),
            Ok(None) => {}
            Ok(Some(signature)) => {
                let verified = options.key.is_some();
                if !verified {
                    let what = say!("it is there, and no key was given to verify it with");
                    let finding = Finding::new(&rules::SIGNATURE_UNVERIFIED, what);
                    self.findings.push(finding.of_file(signature::FILE_NAME));
                }
                self.signature = Some(Signed {
                    comment: signature.trusted_comment().to_owned(),
                    verified,
                });
            }
        }
    }

    /// Verifies shards of all data sets.
    fn shards(
        &mut self,
        options: &Options,
        job: &Job,
        threads: usize,
        fetch: impl Fn(&Dataset, Prefix) -> Result<Vec<u8>, FetchError> + Sync,
    ) -> Result<(), VerifyError> {
        let Some(catalogue) = &self.catalogue else {
            return Ok(());
        };
        let pass = Pass::new(catalogue, options, job);
        for dataset in catalogue.usable() {
            let (shards, findings) = pass.dataset(dataset, threads, &fetch)?;
            self.datasets.push(shards);
            self.findings.extend(findings);
        }
        Ok(())
    }

    fn report(mut self, today: Date) -> Verification {
        for finding in &mut self.findings {
            finding.hide_numbers(today);
        }
        self.findings.sort_by_key(|finding| finding.rule.severity);
        let edition = self.catalogue.as_ref().map(|catalogue| {
            let validity = catalogue.validity();
            Edition {
                number: catalogue.edition(),
                published: validity.map(|validity| validity.published()),
                expires: validity.map(|validity| validity.expires()),
            }
        });
        Verification {
            counts: Counts::of(&self.findings),
            findings: self.findings,
            edition,
            signature: self.signature,
            pinned_key: self.pinned_key,
            datasets: self.datasets,
            pages: self.pages,
        }
    }
}

fn serialize_key<S: Serializer>(key: &Option<PublicKey>, serializer: S) -> Result<S::Ok, S::Error> {
    key.map(|key| key.to_string()).serialize(serializer)
}

fn serialize_day<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

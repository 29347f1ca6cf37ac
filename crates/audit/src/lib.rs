//! Audit of a finished site, read as an auditor and as an attacker would.
//!
//! `docs/AUDIT.md` says what each figure means. An audit changes nothing and sends nothing.
//!
//! | module | subject |
//! |---|---|
//! | [`error`] | errors |
//! | [`report`] | the report of an audit |
//! | [`finding`] | one finding |
//! | [`rules`] | all rules that a site can break, and the words for them |
//! | [`files`] | files below a directory |
//! | [`classify`] | classes of files |
//! | [`pages`] | widget, pages and header files, compared with those of this program |
//! | [`others`] | findings about the files that are not shards |
//! | [`contents`] | NIKs in these files |
//! | [`traces`] | NIKs in bytes |
//! | [`catalogue`] | findings about `catalogue.json` |
//! | [`edition`] | findings about the edition and its signature |
//! | [`shards`] | one pass over all shards: verified and measured |
//! | [`fill`] | rows and false alarms of a filter, by its bits |
//! | [`probes`] | keys that nobody has, which measure the false-positive rate |
//! | [`interval`] | intervals of counted rates |
//! | [`expected`] | consequences of the figures in a catalogue |
//! | [`dataset`] | figures of one data set, and findings about them |
//! | [`verify`] | the site against its hashes and signature, in a directory or on a host |
//! | [`cost`] | cost of trying all plausible numbers |

#![deny(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod catalogue;
pub mod classify;
pub mod contents;
pub mod cost;
pub mod dataset;
pub mod edition;
pub mod error;
pub mod expected;
pub mod files;
pub mod fill;
pub mod finding;
pub mod interval;
pub mod others;
pub mod pages;
pub mod probes;
pub mod report;
pub mod rules;
pub mod sentence;
pub mod shards;
pub mod traces;
pub mod verify;

use std::path::Path;

use crate::sentence::say;
use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME, MAX_BYTES};
use cek_nik::check::Reason;
use cek_nik::key::OutOfMemory;
use cek_nik::signature;
use cek_nik_publisher::job::{Event, Job, Step};
use cek_nik_publisher::site::catalogue_document::CatalogueDocument;
use cek_nik_reader::catalogue_file::CatalogueFile;

use cost::Cost;
use dataset::DatasetAudit;
use error::AuditError;
use files::Files;
use finding::{Counts, Finding};
use pages::Pages;
use probes::{Origin, Probes};
pub use report::Audit;
use report::FileTotals;
use shards::Pass;

/// Settings of an audit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// The number of probes that measure the false-positive rate.
    pub probes: u64,
    /// The seed of all random numbers.
    pub seed: u64,
    /// Keys per second that one core derives; `None` measures it, which takes a second.
    pub core_speed: Option<f64>,
}

/// Audits the site in a directory.
///
/// # Errors
///
/// [`AuditError`].
pub fn audit(site: &Path, options: &Options, job: &Job) -> Result<Audit, AuditError> {
    let (files, bytes) = open(site)?;
    let (catalogue, document) = match CatalogueFile::parse(&bytes) {
        Ok(file) => {
            let document = CatalogueDocument::of(&file);
            (Ok(file.into_catalogue()), document)
        }
        Err(error) => (Err(error), None),
    };
    let pages = Pages::of(&files, document.as_ref());
    let (widget, mut findings) = pages.compare(&files);
    let measured = match &catalogue {
        Ok(catalogue) => {
            findings.extend(catalogue::findings(&bytes, catalogue, document.as_ref()));
            findings.extend(edition::age(catalogue, job.today));
            let key = pages.key.as_ref();
            let signature = files.named(signature::FILE_NAME);
            // One that cannot be read is a finding of its own.
            let signature = signature.and_then(|file| file.read(MOST_SIGNATURE_BYTES).ok());
            let signature = edition::signature(signature.as_deref(), key, &bytes, catalogue);
            findings.extend(signature.err());
            measure(&files, &pages, catalogue, options, job, &mut findings)?
        }
        Err(error) => {
            let code = Reason::Catalogue(*error).code();
            let what = say!("clients refuse it ({code})", code = code);
            findings.push(Finding::new(&rules::CATALOGUE_REFUSED, what).of_file(FILE_NAME));
            Measured::default()
        }
    };
    let catalogue = catalogue.ok();
    let others = others::findings(&files, &pages, catalogue.as_ref(), job.today);
    findings.extend(others);
    for finding in &mut findings {
        finding.hide_numbers(job.today);
    }
    findings.sort_by_key(|finding| finding.rule.severity);
    Ok(Audit {
        counts: Counts::of(&findings),
        findings,
        files: FileTotals::of(&files),
        widget,
        catalogue,
        probes: options.probes,
        measured_with: measured.with,
        datasets: measured.datasets,
        cost: measured.cost,
    })
}

/// One byte more than clients read shows that a signature is too long.
const MOST_SIGNATURE_BYTES: u64 = signature::MAX_BYTES as u64 + 1;

/// Lists the files of a site, and reads its catalogue.
fn open(site: &Path) -> Result<(Files, Vec<u8>), AuditError> {
    let directory = || site.to_owned();
    let no_site = || AuditError::NoSite { site: directory() };
    if !site.is_dir() {
        return Err(no_site());
    }
    let files = Files::below(site).map_err(|source| AuditError::List {
        site: directory(),
        source,
    })?;
    let file = files.named(FILE_NAME).ok_or_else(no_site)?;
    if !file.is_file() {
        return Err(AuditError::CatalogueIsNoFile { site: directory() });
    }
    // One byte more than clients read shows that it is too long.
    let bytes = file.read(MAX_BYTES as u64 + 1);
    let bytes = bytes.map_err(|source| AuditError::ReadCatalogue {
        site: directory(),
        source,
    })?;
    Ok((files, bytes))
}

/// Figures that need a catalogue.
#[derive(Default)]
struct Measured {
    with: Option<Origin>,
    datasets: Vec<DatasetAudit>,
    cost: Option<Cost>,
}

/// Reads the shards, and measures the cost of trying all numbers.
fn measure(
    files: &Files,
    pages: &Pages,
    catalogue: &Catalogue,
    options: &Options,
    job: &Job,
    findings: &mut Vec<Finding>,
) -> Result<Measured, AuditError> {
    let mut measured = Measured::default();
    let probes = Probes::new(catalogue, options.probes, options.seed)?;
    let entries = catalogue.datasets().iter();
    let usable = || entries.clone().filter_map(|e| e.dataset.as_ref().ok());
    let shards = |dataset: &Dataset| u64::from(dataset.prefix_bits().shards());
    job.progress.on(Event::Begin {
        step: Step::Verifying,
        total: Some(usable().map(shards).sum()),
    });
    for dataset in usable() {
        let pass = Pass {
            files,
            pages,
            dataset,
            probes: &probes,
            job,
        };
        let mut shards = pass.all()?;
        findings.append(&mut shards.contents);
        let figures = DatasetAudit::of(catalogue, dataset, &shards, job.today);
        findings.extend(dataset::findings(&figures, dataset, &shards));
        measured.datasets.push(figures);
    }
    let is_any = measured.datasets.iter().any(|d| d.measured.is_some());
    measured.with = is_any.then(|| probes.origin());
    let cost = match options.core_speed {
        Some(speed) => Ok(Cost::of(catalogue, speed)),
        None => Cost::measure(catalogue, job.threads),
    };
    match cost {
        Ok(cost) => measured.cost = Some(cost),
        Err(OutOfMemory) => {
            let what = say!("this computer lacks the memory to measure how fast it derives keys");
            findings.push(Finding::new(&rules::NOT_MEASURED, what).of_file(FILE_NAME));
        }
    }
    Ok(measured)
}

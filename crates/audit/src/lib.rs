//! Audits of a finished site, read as an attacker and as an auditor would.
//! `docs/AUDIT.md` says what each figure means.
//!
//! | module | subject |
//! |---|---|
//! | [`error`] | why a site cannot be audited |
//! | [`report`] | everything that an audit has seen |
//! | [`finding`] | what is not as it should be |
//! | [`rules`] | everything that can be found, and the words for it |
//! | [`files`] | every file below a directory |
//! | [`classify`] | which of them belong to a site |
//! | [`pages`] | the widget, the pages and the header files, compared with those that this program carries |
//! | [`others`] | findings about the files that are not shards |
//! | [`contents`] | NIKs in these files |
//! | [`traces`] | NIKs in bytes |
//! | [`catalogue`] | findings about `catalogue.json` |
//! | [`shards`] | one pass over all shards: verified and measured |
//! | [`fill`] | the rows and false alarms of a filter, by its bits |
//! | [`probes`] | keys of nobody, to be looked up |
//! | [`interval`] | how far a counted rate may be from the true one |
//! | [`expected`] | what follows from the figures in a catalogue |
//! | [`dataset`] | the figures of one data set, and findings about them |
//! | [`cost`] | the cost of trying all plausible numbers |

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

use std::path::Path;

pub mod catalogue;
pub mod classify;
pub mod contents;
pub mod cost;
pub mod dataset;
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
pub mod shards;
pub mod traces;

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

use cek_nik::catalogue::{Catalogue, CatalogueError, Dataset, FILE_NAME, MAX_BYTES};
use cek_nik::check::Reason;
use cek_nik::key::OutOfMemory;
use cek_nik_publisher::job::{Event, Job, Step};
use cek_nik_publisher::site::document::CatalogueDocument;
use cek_nik_reader::catalogue_file::CatalogueFile;

/// Settings of an audit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Keys of nobody that are looked up, to measure the false-positive rate.
    pub probes: u64,
    /// The seed of all random numbers.
    pub seed: u64,
    /// Keys that one core makes in a second; `None` measures it, which takes a second.
    pub core_speed: Option<f64>,
}

/// Audits a site.
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
    let publisher = document.as_ref().map_or("", |d| d.publisher.name.as_str());
    let pages = Pages::of(&files, publisher);
    let (widget, mut findings) = pages.compare(&files);
    let measured = match &catalogue {
        Ok(catalogue) => {
            findings.extend(catalogue::findings(&bytes, catalogue, document.as_ref()));
            let site = Site {
                files: &files,
                pages: &pages,
                catalogue,
            };
            site.measure(options, job)?
        }
        Err(error) => Measured {
            findings: vec![refused(*error)],
            ..Measured::default()
        },
    };
    findings.extend(measured.findings);
    let catalogue = catalogue.ok();
    findings.extend(others::findings(
        &files,
        &pages,
        catalogue.as_ref(),
        job.today,
    ));
    for finding in &mut findings {
        finding.hide_numbers(job.today);
    }
    findings.sort_by_key(|finding| finding.rule.severity);
    let header_files = pages::HEADER_FILES.into_iter();
    Ok(Audit {
        counts: Counts::of(&findings),
        findings,
        files: FileTotals {
            count: files.all().len() as u64,
            bytes: files.all().iter().filter_map(|file| file.bytes).sum(),
            header_files: header_files
                .filter(|name| files.named(name).is_some())
                .collect(),
        },
        widget,
        catalogue,
        probes: options.probes,
        measured_with: measured.with,
        datasets: measured.datasets,
        cost: measured.cost,
    })
}

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

fn refused(error: CatalogueError) -> Finding {
    let code = Reason::Catalogue(error).code();
    Finding::new(
        &rules::CATALOGUE_REFUSED,
        format!("clients refuse it ({code})"),
    )
    .of_file(FILE_NAME)
}

/// A site whose catalogue clients accept.
struct Site<'a> {
    files: &'a Files,
    pages: &'a Pages,
    catalogue: &'a Catalogue,
}

/// Everything that needs a catalogue.
#[derive(Default)]
struct Measured {
    findings: Vec<Finding>,
    with: Option<Origin>,
    datasets: Vec<DatasetAudit>,
    cost: Option<Cost>,
}

impl Site<'_> {
    /// Reads the shards, and measures the cost of trying all numbers.
    fn measure(&self, options: &Options, job: &Job) -> Result<Measured, AuditError> {
        let mut measured = Measured::default();
        let probes = Probes::new(self.catalogue, options.probes, options.seed)?;
        let entries = self.catalogue.datasets().iter();
        let datasets: Vec<&Dataset> = entries
            .filter_map(|entry| entry.dataset.as_ref().ok())
            .collect();
        let shards = datasets
            .iter()
            .map(|dataset| u64::from(dataset.prefix_bits().shards()));
        job.progress.on(Event::Begin {
            step: Step::Verifying,
            total: Some(shards.sum()),
        });
        for dataset in datasets {
            let pass = Pass {
                files: self.files,
                pages: self.pages,
                dataset,
                probes: &probes,
                job,
            };
            let mut shards = pass.all()?;
            measured.findings.append(&mut shards.contents);
            let figures = DatasetAudit::of(self.catalogue, dataset, &shards, job.today);
            let findings = dataset::findings(&figures, dataset, &shards);
            measured.findings.extend(findings);
            measured.datasets.push(figures);
        }
        let mut datasets = measured.datasets.iter();
        let is_any = datasets.any(|dataset| dataset.measured.is_some());
        measured.with = is_any.then(|| probes.origin());
        let cost = match options.core_speed {
            Some(speed) => Ok(Cost::of(self.catalogue, speed)),
            None => Cost::measure(self.catalogue, job.threads),
        };
        match cost {
            Ok(cost) => measured.cost = Some(cost),
            Err(OutOfMemory) => measured.findings.push(
                Finding::new(
                    &rules::NOT_MEASURED,
                    "this computer has too little memory to measure how fast it makes keys",
                )
                .of_file(FILE_NAME),
            ),
        }
        Ok(measured)
    }
}

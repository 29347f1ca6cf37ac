//! Reads a finished site as an attacker and as an auditor would. Native only. `docs/AUDIT.md` says what each figure means.
//!
//! | module | subject |
//! |---|---|
//! | [`finding`] | what an audit says is not as it should be |
//! | [`kinds`] | everything that can be found, and the words for it |
//! | [`files`] | every file below a directory |
//! | [`belongs`] | which of them belong to a site |
//! | [`pages`] | the widget, the pages and the header files, compared with those that this program carries |
//! | [`others`] | what is wrong with the files that are not shards |
//! | [`contents`] | what these hold |
//! | [`traces`] | whether bytes hold NIKs |
//! | [`catalogue`] | what is wrong with `catalogue.json` |
//! | [`strict`] | `catalogue.json` as the format asks publishers to write it |
//! | [`shards`] | one pass over all shards: verified and measured |
//! | [`fill`] | what the bits of a filter tell about its rows and its false alarms |
//! | [`probes`] | keys of nobody, to be looked up |
//! | [`impossible`] | NIKs that cannot be real |
//! | [`interval`] | how far a counted rate may be from the true one |
//! | [`promise`] | what `plan` promises for a data set |
//! | [`dataset`] | the figures of one data set, and what is wrong with them |
//! | [`plausible`] | what somebody who knows nothing but the rules would try |
//! | [`attack`] | trying it, for a while |
//! | [`identify`] | from a NIK that is tried to its identifier |

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
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use indicatif::HumanBytes;

pub mod attack;
pub mod belongs;
pub mod catalogue;
pub mod contents;
pub mod dataset;
pub mod files;
pub mod fill;
pub mod finding;
pub mod identify;
pub mod impossible;
pub mod interval;
pub mod kinds;
pub mod others;
pub mod pages;
pub mod plausible;
pub mod probes;
pub mod promise;
pub mod shards;
pub mod strict;
pub mod traces;

use attack::{Attempt, Target, Tried};
use dataset::DatasetAudit;
use files::Files;
use finding::{Finding, Severity};
use pages::{Pages, Widget};
use probes::{Origin, Probes};
use shards::Reading;

use cek_nik::catalogue::{Catalogue, FILE_NAME, MAX_BYTES};
use cek_nik::check::Reason;
use cek_nik_publisher::job::{Job, Step};
use cek_nik_publisher::site::document::CatalogueDocument;
use cek_nik_reader::catalogue_file::CatalogueFile;

/// What to audit with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How long NIKs are tried.
    pub time: Duration,
    /// How many keys of nobody are looked up, to measure the false-positive rate.
    pub probes: u64,
    /// Which random numbers are drawn.
    pub seed: u64,
    /// Filters that are held in memory to be tried out, in bytes, of all data sets together.
    pub most_held: u64,
}

/// Everything that an audit has seen.
pub struct Audit {
    /// How many files there are, and how many bytes they have.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Header files that are there.
    pub header_files: Vec<&'static str>,
    /// The widget.
    pub widget: Widget,
    /// The catalogue; `None` where clients refuse it.
    pub catalogue: Option<Catalogue>,
    /// Each data set that clients accept.
    pub datasets: Vec<DatasetAudit>,
    /// How many keys the false-positive rate was measured with, and what they were made of; `None` where no shard was verified.
    pub measured_with: Option<(u64, Origin)>,
    /// Plausible NIKs that were tried; `None` where that was not wanted.
    pub plausible: Option<Tried>,
    /// NIKs that cannot be real, where the million of the measurement were not such.
    pub impossible: Option<Tried>,
    /// What is not as it should be, the worst first.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// Whether something should be done.
    pub fn is_something_wrong(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.kind.severity < Severity::Note)
    }
}

/// Audits a site.
///
/// # Errors
///
/// A directory that is no site or cannot be read, too little memory to make keys, or [`cek_nik_publisher::job::Stopped`].
pub fn audit(site: &Path, options: &Options, job: &Job) -> anyhow::Result<Audit> {
    let no_site = || {
        anyhow!(
            "{} holds no {FILE_NAME}: give the directory of a site, as it lies on this computer",
            site.display()
        )
    };
    if !site.is_dir() {
        return Err(no_site());
    }
    let files = Files::below(site).with_context(|| format!("cannot read {}", site.display()))?;
    let file = files.named(FILE_NAME).ok_or_else(no_site)?;
    if !file.is_file() {
        bail!(
            "{FILE_NAME} in {} is a link or a device, which an audit does not follow: put the file itself in its place",
            site.display()
        );
    }
    // One byte more than clients read shows that it is too long.
    let bytes = file
        .read(MAX_BYTES as u64 + 1)
        .with_context(|| format!("cannot read {FILE_NAME} in {}", site.display()))?;
    let parsed = CatalogueFile::parse(&bytes);
    let document = parsed.as_ref().ok().and_then(CatalogueDocument::of);
    let publisher = document.as_ref();
    let publisher = publisher.map_or("", |document| document.publisher.name.as_str());
    let pages = Pages::of(&files, publisher);
    let (widget, mut findings) = pages.compare(&files);
    let mut audit = Audit {
        files: files.all().len() as u64,
        bytes: files.all().iter().filter_map(|file| file.bytes).sum(),
        header_files: pages::HEADER_FILES
            .into_iter()
            .filter(|name| files.named(name).is_some())
            .collect(),
        widget,
        catalogue: None,
        datasets: Vec::new(),
        measured_with: None,
        plausible: None,
        impossible: None,
        findings: Vec::new(),
    };
    match &parsed {
        Err(error) => {
            let code = Reason::Catalogue(*error).code();
            findings.push(
                Finding::new(
                    &kinds::CATALOGUE_REFUSED,
                    format!("clients refuse it ({code})"),
                )
                .of_file(FILE_NAME),
            );
        }
        Ok(file) => {
            let catalogue = file.catalogue();
            findings.extend(catalogue::findings(&bytes, catalogue, document.as_ref()));
            let site = Site {
                files: &files,
                pages: &pages,
                catalogue,
            };
            findings.extend(measure(&site, options, job, &mut audit)?);
        }
    }
    let catalogue = parsed.ok().map(CatalogueFile::into_catalogue);
    findings.extend(others::findings(
        &files,
        &pages,
        catalogue.as_ref(),
        job.today,
    ));
    for finding in &mut findings {
        finding.hide_numbers(job.today);
    }
    findings.sort_by_key(|finding| finding.kind.severity);
    audit.findings = findings;
    audit.catalogue = catalogue;
    Ok(audit)
}

/// What is measured.
struct Site<'a> {
    files: &'a Files,
    pages: &'a Pages,
    catalogue: &'a Catalogue,
}

/// Reads the shards, and tries NIKs against them.
fn measure(
    site: &Site,
    options: &Options,
    job: &Job,
    audit: &mut Audit,
) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let catalogue = site.catalogue;
    let probes = Probes::new(catalogue, options.probes, options.seed)?;
    let datasets: Vec<_> = catalogue
        .datasets()
        .iter()
        .filter_map(|entry| entry.dataset.as_ref().ok())
        .collect();
    let all: u64 = datasets
        .iter()
        .map(|dataset| u64::from(dataset.prefix_bits().shards()))
        .sum();
    job.progress.begin(Step::Verifying, Some(all));
    let mut held = Vec::new();
    let mut free = if options.time.is_zero() {
        0
    } else {
        options.most_held
    };
    for dataset in datasets {
        let needed = dataset.filter().bytes() as u64 * u64::from(dataset.prefix_bits().shards());
        let fits = needed <= free;
        free -= if fits { needed } else { 0 };
        let reading = Reading {
            files: site.files,
            pages: site.pages,
            dataset,
            probes: &probes,
            keep: fits,
            job,
        };
        let mut shards = reading.all()?;
        findings.append(&mut shards.contents);
        let figures = DatasetAudit::of(catalogue, dataset, &shards, job.today);
        findings.extend(dataset::findings(&figures, &shards));
        if !fits && !options.time.is_zero() {
            let what = format!(
                "no numbers were tried against it: its filters do not fit into {} of memory",
                HumanBytes(options.most_held)
            );
            findings.push(Finding::new(&kinds::NOT_MEASURED, what).of_dataset(dataset.id()));
        }
        audit.datasets.push(figures);
        held.push((dataset, shards.filters));
    }
    let counted = audit.datasets.iter().map(|dataset| dataset.counted);
    audit.measured_with = counted
        .into_iter()
        .any(|counted| counted.asked > 0)
        .then(|| (probes.count(), probes.origin()));
    if options.time.is_zero() {
        return Ok(findings);
    }
    let targets: Vec<Target> = held
        .iter()
        .map(|(dataset, filters)| Target { dataset, filters })
        .collect();
    let attempt = Attempt {
        catalogue,
        targets: &targets,
        time: options.time,
        job,
    };
    let attempts = if probes.origin() == Origin::RandomBytes {
        2
    } else {
        1
    };
    let work = options.time.as_millis() as u64 * job.threads as u64 * attempts;
    job.progress.begin(Step::Trying, Some(work));
    audit.plausible = Some(attack::plausible(&attempt, options.seed)?);
    if probes.origin() == Origin::RandomBytes {
        audit.impossible = Some(attack::impossible(&attempt, options.seed)?);
    }
    Ok(findings)
}

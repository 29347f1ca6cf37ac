//! What is wrong with `catalogue.json`.

use super::contents::first_few;
use super::finding::{Finding, Kind};
use super::kinds;
use super::strict::Laxity;
use crate::catalogue::document::CatalogueDocument;
use crate::catalogue::{Catalogue, FILE_NAME};
use crate::check::Reason;
use crate::key::{Argon2Cost, Kdf};
use crate::plan::price::memory_moved;

/// What is wrong with a catalogue that clients accept.
pub fn findings(
    bytes: &[u8],
    catalogue: &Catalogue,
    document: Option<&CatalogueDocument>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind: &'static Kind, what: String| {
        findings.push(Finding::new(kind, what).of_file(FILE_NAME))
    };
    let Laxity {
        repeated,
        too_deep,
        ignored,
    } = Laxity::of(bytes);
    if repeated > 0 {
        add(
            &kinds::CATALOGUE_NOT_STRICT,
            format!("{repeated} names stand twice in one object"),
        );
    }
    if too_deep {
        add(
            &kinds::CATALOGUE_NOT_STRICT,
            "it has more than 32 levels".to_owned(),
        );
    }
    if !ignored.is_empty() {
        add(
            &kinds::CATALOGUE_IGNORED,
            first_few("clients ignore", &ignored),
        );
    }
    if let Kdf::Argon2id(cost) = catalogue.kdf()
        && is_weak(cost)
    {
        add(
            &kinds::STRETCHING_WEAK,
            format!(
                "keys are made by Argon2id with m={},t={},p={}",
                cost.memory_kib(),
                cost.iterations(),
                cost.parallelism()
            ),
        );
    }
    for entry in catalogue.datasets() {
        if let Err(error) = &entry.dataset {
            let code = Reason::Dataset(*error).code();
            let what = format!("clients refuse its entry in the catalogue ({code})");
            findings.push(Finding::new(&kinds::DATASET_REFUSED, what).of_dataset(&entry.id));
        }
    }
    for dataset in document.iter().flat_map(|document| &document.datasets) {
        if dataset.rows < dataset.distinct {
            let what = format!(
                "the catalogue says {} rows and {} different NIKs",
                dataset.rows, dataset.distinct
            );
            findings.push(Finding::new(&kinds::ROWS_BELOW_DISTINCT, what).of_dataset(&dataset.id));
        }
    }
    findings
}

/// The settings of the OWASP Password Storage Cheat Sheet (m=47104,t=1; 19456,2; 12288,3; 9216,4; 7168,5; one lane each) are meant to be
/// equally strong: the one that moves the least memory is the limit.
fn is_weak(cost: Argon2Cost) -> bool {
    memory_moved(cost.memory_kib().into(), cost.iterations().into()) < memory_moved(47_104.0, 1.0)
}

//! What is wrong with `catalogue.json`.

use indicatif::HumanCount;

use super::contents::first_few;
use super::finding::{Finding, Rule};
use super::rules;
use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME};
use cek_nik::check::Reason;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::cost::{Rent, memory_moved};
use cek_nik_publisher::plan::risk::{MOST_UNSTRETCHED, is_cheap};
use cek_nik_publisher::site::document::CatalogueDocument;

/// What is wrong with a catalogue that clients accept.
pub fn findings(
    bytes: &[u8],
    catalogue: &Catalogue,
    document: Option<&CatalogueDocument>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule: &'static Rule, what: String| {
        findings.push(Finding::new(rule, what).of_file(FILE_NAME))
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The document was read leniently, with the last of several fields that have the same name.
    if document.is_some() && serde_json::from_slice::<CatalogueDocument>(bytes).is_err() {
        add(
            &rules::CATALOGUE_NOT_STRICT,
            "a field stands twice in one object".to_owned(),
        );
    }
    let unknown = unknown_fields(bytes);
    if !unknown.is_empty() {
        add(
            &rules::CATALOGUE_IGNORED,
            first_few("clients ignore", &unknown),
        );
    }
    match catalogue.kdf() {
        kdf if is_cheap(kdf) => add(&rules::ENUMERATION, enumeration(catalogue)),
        Kdf::Argon2id(cost) if is_weak(cost) => add(
            &rules::STRETCHING_WEAK,
            format!("keys are made with {}", catalogue.kdf()),
        ),
        _ => {}
    }
    for entry in catalogue.datasets() {
        if let Err(error) = &entry.dataset {
            let code = Reason::Dataset(*error).code();
            let what = format!("clients refuse its entry in the catalogue ({code})");
            findings.push(Finding::new(&rules::DATASET_REFUSED, what).of_dataset(&entry.id));
        }
    }
    for dataset in document.iter().flat_map(|document| &document.datasets) {
        if dataset.rows < dataset.distinct {
            let what = format!(
                "the catalogue says {} rows and {} different NIKs",
                dataset.rows, dataset.distinct
            );
            findings.push(Finding::new(&rules::ROWS_BELOW_DISTINCT, what).of_dataset(&dataset.id));
        }
    }
    findings
}

/// The paths of fields that clients do not know.
fn unknown_fields(bytes: &[u8]) -> Vec<String> {
    let mut unknown = Vec::new();
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) {
        let mut add = |path: serde_ignored::Path| unknown.push(path.to_string());
        let _: Result<CatalogueDocument, _> = serde_ignored::deserialize(value, &mut add);
    }
    unknown
}

/// What cheap keys allow, in the words of `build`.
fn enumeration(catalogue: &Catalogue) -> String {
    let (one_word, then) = match catalogue.identifier() {
        IdentifierKind::Nik => ("", ""),
        IdentifierKind::NikAndName => (
            " with one first word of a name",
            ", and then with the next word",
        ),
    };
    let datasets = catalogue.datasets().iter();
    let usable = datasets.filter_map(|entry| entry.dataset.as_ref().ok());
    let rows = usable.map(Dataset::distinct).fold(0, u64::saturating_add);
    let refused = if catalogue.identifier() == IdentifierKind::Nik && rows > MOST_UNSTRETCHED {
        format!(
            "; it holds {} NIKs, and build refuses this for more than {} unless it is accepted",
            HumanCount(rows),
            HumanCount(MOST_UNSTRETCHED)
        )
    } else {
        String::new()
    };
    format!(
        "with {}, whoever has the site can try out all 5.8 billion plausible NIKs{one_word} within {} of a rented graphics card{then}{refused}",
        catalogue.kdf(),
        Rent::of(PLAUSIBLE_NIKS, catalogue.kdf()).time()
    )
}

/// The settings of the OWASP Password Storage Cheat Sheet (m=47104,t=1; 19456,2; 12288,3; 9216,4;
/// 7168,5; one lane each) are meant to be equally strong: the one that moves the least memory is
/// the limit.
fn is_weak(cost: Argon2Cost) -> bool {
    memory_moved(cost.memory_kib().into(), cost.iterations().into()) < memory_moved(47_104.0, 1.0)
}

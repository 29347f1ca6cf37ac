//! What is wrong with `catalogue.json`.

use indicatif::HumanCount;

use super::contents::first_few;
use super::finding::{Finding, Kind};
use super::kinds;
use super::strict::Laxity;
use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME};
use cek_nik::check::Reason;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik_publisher::config::kdf_name;
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
    match catalogue.kdf() {
        kdf if is_cheap(kdf) => add(&kinds::ENUMERATION, enumeration(catalogue)),
        Kdf::Argon2id(cost) if is_weak(cost) => add(
            &kinds::STRETCHING_WEAK,
            format!("keys are made with {}", kdf_name(catalogue.kdf())),
        ),
        _ => {}
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
            "; it holds {} NIKs, and build refuses this for more than {} without --accept-enumeration",
            HumanCount(rows),
            HumanCount(MOST_UNSTRETCHED)
        )
    } else {
        String::new()
    };
    format!(
        "with {}, whoever has the site can try out all 5.8 billion plausible NIKs{one_word} within {} of a rented graphics card{then}{refused}",
        kdf_name(catalogue.kdf()),
        Rent::of(PLAUSIBLE_NIKS, catalogue.kdf()).time()
    )
}

/// The settings of the OWASP Password Storage Cheat Sheet (m=47104,t=1; 19456,2; 12288,3; 9216,4; 7168,5; one lane each) are meant to be
/// equally strong: the one that moves the least memory is the limit.
fn is_weak(cost: Argon2Cost) -> bool {
    memory_moved(cost.memory_kib().into(), cost.iterations().into()) < memory_moved(47_104.0, 1.0)
}

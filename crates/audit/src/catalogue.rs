//! Findings about `catalogue.json`.

use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME};
use cek_nik::check::Reason;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf};
use cek_nik_publisher::config::placeholder::placeholders;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::cost::{Rent, memory_moved};
use cek_nik_publisher::plan::risk::{MOST_UNSTRETCHED, is_cheap};
use cek_nik_publisher::site::catalogue_document::CatalogueDocument;

use crate::finding::{Finding, first_few};
use crate::rules;
use crate::sentence::{Sentence, Value, say};

/// Findings about a catalogue that clients accept. `document` is the same file as a publisher's
/// program reads it.
pub fn findings(
    bytes: &[u8],
    catalogue: &Catalogue,
    document: Option<&CatalogueDocument>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |rule, what: Sentence| findings.push(Finding::new(rule, what).of_file(FILE_NAME));
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The lenient reader of the document takes the last of several fields with the same name.
    if document.is_some() && serde_json::from_slice::<CatalogueDocument>(bytes).is_err() {
        let what = say!("one object has the same field twice");
        add(&rules::CATALOGUE_NOT_STRICT, what);
    }
    let unknown = unknown_fields(bytes);
    if !unknown.is_empty() {
        let what = say!("clients ignore {names}", names = first_few(&unknown));
        add(&rules::CATALOGUE_IGNORED, what);
    }
    let placeholders = document.map(|document| placeholders(&document.publisher));
    if let Some(texts) = placeholders.filter(|texts| !texts.is_empty()) {
        let texts = texts.join(", ");
        let what = say!(
            "the publisher has texts of the template: {texts}",
            texts = texts
        );
        add(&rules::PLACEHOLDER_TEXT, what);
    }
    match catalogue.kdf() {
        kdf if is_cheap(kdf) => add(&rules::ENUMERATION, enumeration(catalogue)),
        kdf @ Kdf::Argon2id(cost) if is_weak(cost) => {
            add(
                &rules::STRETCHING_WEAK,
                say!("the KDF is {kdf}", kdf = kdf.to_string()),
            );
        }
        Kdf::Sha256 | Kdf::Argon2id(_) => {}
    }
    for entry in catalogue.datasets() {
        if let Err(error) = &entry.dataset {
            let code = Reason::Dataset(*error).code();
            let what = say!(
                "clients refuse its entry in the catalogue ({code})",
                code = code
            );
            findings.push(Finding::new(&rules::DATASET_REFUSED, what).of_dataset(&entry.id));
        }
    }
    for dataset in document.iter().flat_map(|document| &document.datasets) {
        let (rows, distinct) = (dataset.rows, dataset.distinct);
        if rows < distinct {
            let what = say!(
                "the catalogue says {rows} rows and {distinct} different NIKs",
                rows = rows.to_string(),
                distinct = distinct.to_string(),
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

/// How cheaply the list can be read out, and whether `build` would refuse that.
fn enumeration(catalogue: &Catalogue) -> Sentence {
    let (kdf, kind) = (catalogue.kdf(), catalogue.identifier());
    let (one_word, then) = match kind {
        IdentifierKind::Nik => (Value::from(""), Value::from("")),
        IdentifierKind::NikAndName => (
            say!(" with one first word of a name").into(),
            say!(", and then with the next word").into(),
        ),
    };
    let datasets = catalogue.datasets().iter();
    let usable = datasets.filter_map(|entry| entry.dataset.as_ref().ok());
    let rows = usable.map(Dataset::distinct).fold(0, u64::saturating_add);
    let refused = if kind == IdentifierKind::Nik && rows > MOST_UNSTRETCHED {
        Value::from(say!(
            "; it holds {rows} NIKs, and build refuses this for more than {limit} unless it is \
             accepted",
            rows = Value::Number(rows),
            limit = Value::Number(MOST_UNSTRETCHED),
        ))
    } else {
        Value::from("")
    };
    say!(
        "with {kdf}, anyone who has the site can try all 5.8 billion plausible NIKs{one_word} \
         within {time} of a rented graphics card{then}{refused}",
        kdf = kdf.to_string(),
        one_word = one_word,
        time = Value::Rent(Rent::of(PLAUSIBLE_NIKS, kdf)),
        then = then,
        refused = refused,
    )
}

/// Whether a cost is below the settings of the OWASP Password Storage Cheat Sheet (m=47104,t=1;
/// 19456,2; 12288,3; 9216,4; 7168,5; one lane each). These are meant to be equally strong, so the
/// one that moves the least memory is the limit.
fn is_weak(cost: Argon2Cost) -> bool {
    memory_moved(cost.memory_kib().into(), cost.iterations().into()) < memory_moved(47_104.0, 1.0)
}

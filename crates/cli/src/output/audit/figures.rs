//! Figures of an audit in words.

use cek_nik::identifier::IdentifierKind;
use cek_nik_audit::Audit;
use cek_nik_audit::cost::Cost;
use cek_nik_audit::dataset::DatasetAudit;
use cek_nik_audit::finding::Counts;
use cek_nik_audit::interval::Measured;
use cek_nik_audit::probes::Origin;
use cek_nik_publisher::plan::accuracy::{DEFAULT_NAME_WORDS, plausible_pairs};
use cek_nik_publisher::plan::cost::core_hours;

use crate::output::number_format::{
    count, dollars, hours, number, one_in, people, percent, size, speed,
};

/// A figure: its name and its value.
pub type Row = (&'static str, String);

/// The number of findings by severity.
pub fn summary(counts: Counts) -> String {
    let parts = [
        (counts.wrong, "error", "errors"),
        (counts.warnings, "warning", "warnings"),
        (counts.notes, "note", "notes"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| count(number, one, many))
        .collect();
    if parts.is_empty() {
        "No problems found.".to_owned()
    } else {
        format!("{}.", parts.join(", "))
    }
}

/// The site as a whole.
pub fn site(audit: &Audit) -> Vec<Row> {
    let catalogue = match &audit.catalogue {
        None => "clients refuse it".to_owned(),
        Some(catalogue) => format!(
            "{}, identifier {}, salt {}, {}",
            catalogue.kdf(),
            catalogue.identifier().name(),
            catalogue.salt().to_hex(),
            count(catalogue.datasets().len() as u64, "data set", "data sets")
        ),
    };
    let version = audit.widget.cek_nik;
    let widget = match &audit.widget.sha256 {
        None => "none".to_owned(),
        Some(sha256) if *sha256 == audit.widget.expected_sha256 => {
            format!("identical to cek-nik {version}, SHA-256 {sha256}")
        }
        Some(sha256) => format!("different from cek-nik {version}, SHA-256 {sha256}"),
    };
    let files = &audit.files;
    let headers = if files.header_files.is_empty() {
        "none".to_owned()
    } else {
        files.header_files.join(", ")
    };
    vec![
        (
            "files",
            format!("{}, {}", number(files.count), size(files.bytes)),
        ),
        ("catalogue", catalogue),
        ("widget", widget),
        ("header files", headers),
    ]
}

/// One data set.
pub fn dataset(audit: &Audit, dataset: &DatasetAudit) -> Vec<Row> {
    vec![
        ("shards", shards(dataset)),
        ("different NIKs", distinct(dataset)),
        ("a shard's rows", rows_of_a_shard(dataset)),
        ("a shard's people", people_of_a_shard(dataset)),
        ("bits set", bits_set(dataset)),
        ("false positives", false_positives(audit, dataset)),
        ("certainty", certainty(dataset)),
        ("attacker's share", true_share(dataset)),
    ]
}

fn shards(audit: &DatasetAudit) -> String {
    let planned = match audit.planned_site_bytes {
        Some(bytes) => format!("planned {}", size(bytes)),
        None => "no plan for such a data set".to_owned(),
    };
    let each = size(audit.shard_bytes);
    match audit.shards {
        1 => format!("{} of 1 verified, {each} ({planned})", audit.verified),
        all => format!(
            "{} of {} verified, {each} each, {} in all ({planned})",
            number(audit.verified),
            number(all),
            size(audit.site_bytes)
        ),
    }
}

fn distinct(audit: &DatasetAudit) -> String {
    let claimed = number(audit.promised.distinct);
    let bits = audit.bits.as_ref();
    match bits.and_then(|bits| bits.distinct.zip(bits.distinct_deviation)) {
        Some((distinct, deviation)) => format!(
            "{claimed} in the catalogue; {} ± {} by the bits{}",
            number(distinct.round() as u64),
            number((2.0 * deviation).ceil() as u64),
            if audit.found.is_some() {
                ""
            } else {
                " of the verified shards"
            }
        ),
        None => format!("{claimed} in the catalogue; cannot be estimated from the bits"),
    }
}

fn rows_of_a_shard(audit: &DatasetAudit) -> String {
    let round = |rows: f64| number(rows.round() as u64);
    match audit.bits.as_ref().and_then(|bits| bits.rows_per_shard) {
        None => "cannot be estimated from the bits".to_owned(),
        Some(rows) if audit.verified == 1 => format!("about {}", round(rows.average)),
        Some(rows) => format!(
            "about {} on average, {} to {}",
            round(rows.average),
            round(rows.fewest),
            round(rows.most)
        ),
    }
}

fn people_of_a_shard(audit: &DatasetAudit) -> String {
    if audit.prefix_bits == 0 {
        return "everybody: the list is one file, and no bit leaves a reader's device".to_owned();
    }
    format!(
        "{} in the country share a prefix of {}; {} in an average regency, {} in the smallest",
        people(audit.people.country),
        count(audit.prefix_bits.into(), "bit", "bits"),
        people(audit.people.average_regency),
        people(audit.people.smallest_regency)
    )
}

fn bits_set(audit: &DatasetAudit) -> String {
    match &audit.bits {
        None => "no shard was readable".to_owned(),
        Some(bits) if audit.verified == 1 => percent(bits.set),
        Some(bits) => format!(
            "{} on average, {} in the fullest shard",
            percent(bits.set),
            percent(bits.set_in_fullest)
        ),
    }
}

fn false_positives(audit: &Audit, dataset: &DatasetAudit) -> String {
    let promised = one_in(dataset.promised.false_positive_rate);
    let by_bits = match &dataset.bits {
        Some(bits) => format!("; by the bits {}", one_in(bits.false_positive_rate)),
        None => String::new(),
    };
    let asked = match audit.measured_with {
        Some(Origin::RandomBytes) => "random keys",
        _ => "impossible NIKs",
    };
    let measured = match &dataset.measured {
        Some(rate) => measured(rate, asked),
        None => format!("no {asked} were tried"),
    };
    format!("promised {promised}{by_bits}; {measured}")
}

/// A rate with its interval.
fn measured(rate: &Measured, what: &str) -> String {
    let interval = if rate.found == 0 {
        format!(": at most {} (95 %)", one_in(rate.highest))
    } else {
        format!(
            ": {} (95 %: {} to {})",
            one_in(rate.rate),
            one_in(rate.lowest),
            one_in(rate.highest)
        )
    };
    format!(
        "of {} {what} {} found{interval}",
        number(rate.asked),
        count(rate.found, "was", "were")
    )
}

fn certainty(audit: &DatasetAudit) -> String {
    let told = |certainty: Option<f64>| certainty.map_or("cannot be computed".to_owned(), percent);
    let found = match &audit.found {
        Some(found) => format!("; by the bits {}", told(found.certainty)),
        None => String::new(),
    };
    format!(
        "promised {}{found}; share of \"in the list\" answers that are true if everybody asks once",
        told(audit.promised.certainty)
    )
}

fn true_share(audit: &DatasetAudit) -> String {
    let found = match &audit.found {
        Some(found) => format!("; by the bits {}", percent(found.true_share)),
        None => String::new(),
    };
    format!(
        "by the promised rate {}{found}; share that is true of what an attacker finds",
        percent(audit.promised.true_share)
    )
}

/// How the false-positive rate was measured, if it was.
pub fn method(audit: &Audit) -> Option<String> {
    let (probes, origin) = (audit.probes, audit.measured_with?);
    let stretching = |cost: &Cost| {
        format!(
            "; deriving {} keys would take {} core-hours here",
            number(probes),
            hours(core_hours(probes, cost.keys_per_second_and_core))
        )
    };
    Some(match origin {
        Origin::ImpossibleNiks => format!(
            "False positives were measured with {} impossible NIKs: no province, day or month has \
             these codes.",
            number(probes)
        ),
        Origin::RandomBytes => format!(
            "False positives were measured with {} random keys instead of stretched NIKs, whose \
             keys look random too{}.",
            number(probes),
            audit.cost.as_ref().map_or(String::new(), stretching)
        ),
    })
}

/// The cost of trying all plausible numbers, in sentences.
pub fn cost(cost: &Cost, kind: IdentifierKind) -> Vec<String> {
    let all = if kind == IdentifierKind::Nik {
        format!("all {} plausible NIKs", number(cost.candidates))
    } else {
        format!(
            "all {} plausible pairs of a NIK and one of {} first names",
            number(cost.candidates),
            number(DEFAULT_NAME_WORDS)
        )
    };
    let mut lines = vec![
        format!(
            "One core of this computer derives {} keys per second.",
            speed(cost.keys_per_second_and_core)
        ),
        format!(
            "Trying {all} would take {} core-hours here, or {} hours of a rented {} for {}. Only \
             deriving the keys is counted.",
            hours(cost.core_hours),
            hours(cost.gpu_hours),
            cost.gpu,
            dollars(cost.dollars)
        ),
    ];
    if kind == IdentifierKind::Nik {
        let all = plausible_pairs(DEFAULT_NAME_WORDS);
        lines.push(format!(
            "Under a name lock, with {} first names for each NIK, it would take {} core-hours.",
            number(DEFAULT_NAME_WORDS),
            hours(core_hours(all, cost.keys_per_second_and_core))
        ));
    }
    lines
}

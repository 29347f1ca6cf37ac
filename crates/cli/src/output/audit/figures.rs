//! The figures of an audit in words, the same for the terminal and for the page.

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_audit::Audit;
use cek_nik_audit::attack::Tried;
use cek_nik_audit::dataset::DatasetAudit;
use cek_nik_audit::finding::Severity;
use cek_nik_audit::identify::FIRST_WORD;
use cek_nik_audit::interval::Counted;
use cek_nik_audit::probes::Origin;
use cek_nik_audit::promise::candidates;
use cek_nik_publisher::config::kdf_name;
use cek_nik_publisher::plan::accuracy::{DEFAULT_NAME_WORDS, plausible_pairs};
use cek_nik_publisher::plan::cost::{Rent, core_hours};
use indicatif::HumanCount;

use crate::output::number_format::{count, dollars, hours, one_in, people, percent, size, speed};

/// What a figure is called, and what it is.
pub type Row = (&'static str, String);

pub fn number(number: u64) -> String {
    HumanCount(number).to_string()
}

/// How many findings there are of each weight.
pub fn summary(audit: &Audit) -> String {
    let of = |severity| {
        let findings = audit.findings.iter();
        findings
            .filter(|finding| finding.kind.severity == severity)
            .count() as u64
    };
    let wrong = of(Severity::Wrong);
    let parts = [
        (wrong, count(wrong, "thing is wrong", "things are wrong")),
        (
            of(Severity::Warning),
            format!("{} to look at", of(Severity::Warning)),
        ),
        (
            of(Severity::Note),
            format!("{} to know", of(Severity::Note)),
        ),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(_, words)| words)
        .collect();
    if parts.is_empty() {
        "Nothing was found that should not be so.".to_owned()
    } else {
        format!("{}.", parts.join(", "))
    }
}

/// The site as a whole.
pub fn site(audit: &Audit) -> Vec<Row> {
    let catalogue = match &audit.catalogue {
        None => "refused by clients".to_owned(),
        Some(catalogue) => format!(
            "{}, identifier {}, salt {}, {}",
            kdf_name(catalogue.kdf()),
            catalogue.identifier().name(),
            catalogue.salt().to_hex(),
            count(catalogue.datasets().len() as u64, "data set", "data sets")
        ),
    };
    let widget = match &audit.widget.sha256 {
        None => "none".to_owned(),
        Some(sha256) if *sha256 == audit.widget.carried => {
            format!(
                "that of cek-nik {}, SHA-256 {sha256}",
                env!("CARGO_PKG_VERSION")
            )
        }
        Some(sha256) => format!(
            "not that of cek-nik {}, SHA-256 {sha256}",
            env!("CARGO_PKG_VERSION")
        ),
    };
    let headers = if audit.header_files.is_empty() {
        "none".to_owned()
    } else {
        audit.header_files.join(", ")
    };
    vec![
        (
            "files",
            format!("{}, {}", number(audit.files), size(audit.bytes)),
        ),
        ("catalogue", catalogue),
        ("widget", widget),
        ("header files", headers),
    ]
}

/// One data set.
pub fn dataset(audit: &Audit, place: usize, dataset: &DatasetAudit) -> Vec<Row> {
    let mut rows = vec![
        ("shards", shards(dataset)),
        ("different NIKs", distinct(dataset)),
        ("a shard's rows", rows_of_a_shard(dataset)),
        ("a shard's people", crowd(dataset)),
        ("bits set", bits_set(dataset)),
        ("false positives", false_positives(audit, dataset)),
    ];
    let impossible = audit.impossible.as_ref();
    if let Some(counted) = impossible.and_then(|tried| tried.counted.get(place)) {
        rows.push(("stretched NIKs", stretched(*counted)));
    }
    rows.push(("certainty", certainty(dataset)));
    rows.push(("attacker's share", true_share(dataset)));
    rows.push(("numbers in bits", places(dataset)));
    rows
}

fn shards(audit: &DatasetAudit) -> String {
    let all = u64::from(audit.dataset.prefix_bits().shards());
    let planned = match &audit.plan {
        Some(plan) => format!("planned {}", size(plan.chosen.site_bytes())),
        None => "no plan for such a data set".to_owned(),
    };
    let each = size(audit.dataset.shard_bytes() as u64);
    match all {
        1 => format!("{} of 1 verified, {each} ({planned})", audit.verified),
        _ => format!(
            "{} of {} verified, {each} each, {} in all ({planned})",
            number(audit.verified),
            number(all),
            size(audit.site_bytes())
        ),
    }
}

fn distinct(audit: &DatasetAudit) -> String {
    let claimed = number(audit.dataset.distinct());
    match audit.bits.as_ref().and_then(|bits| bits.rows) {
        Some(rows) => format!(
            "{claimed} in the catalogue; by the bits {}, give or take {}{}",
            number(rows.rows.round() as u64),
            number((2.0 * rows.deviation()).ceil() as u64),
            if audit.found.is_some() {
                ""
            } else {
                ", in the shards that were verified"
            }
        ),
        None => format!("{claimed} in the catalogue; the bits do not say"),
    }
}

fn rows_of_a_shard(audit: &DatasetAudit) -> String {
    let rows = audit
        .bits
        .as_ref()
        .map_or(&[][..], |bits| &bits.rows_per_shard);
    if rows.is_empty() {
        return "the bits do not say".to_owned();
    }
    let average = rows.iter().sum::<f64>() / rows.len() as f64;
    let fewest = rows.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rows.iter().copied().fold(0.0, f64::max);
    let round = |rows: f64| number(rows.round() as u64);
    if rows.len() == 1 {
        format!("about {}", round(average))
    } else {
        format!(
            "about {} on average, {} to {}",
            round(average),
            round(fewest),
            round(most)
        )
    }
}

fn crowd(audit: &DatasetAudit) -> String {
    if audit.dataset.prefix_bits().get() == 0 {
        return "everybody: the whole set is one file, and no bit leaves a reader's device"
            .to_owned();
    }
    format!(
        "{} in the country share a prefix of {}; {} in an average regency, {} in the smallest",
        people(audit.crowd.country),
        count(audit.dataset.prefix_bits().get().into(), "bit", "bits"),
        people(audit.crowd.average_regency),
        people(audit.crowd.smallest_regency)
    )
}

fn bits_set(audit: &DatasetAudit) -> String {
    match &audit.bits {
        None => "no shard could be read".to_owned(),
        Some(bits) if audit.verified == 1 => percent(bits.share),
        Some(bits) => format!(
            "{} on average, {} in the fullest shard",
            percent(bits.share),
            percent(bits.fullest_share)
        ),
    }
}

fn false_positives(audit: &Audit, dataset: &DatasetAudit) -> String {
    let promised = one_in(dataset.dataset.false_positive_rate());
    let by_bits = match &dataset.bits {
        Some(bits) => format!("; by the bits {}", one_in(bits.false_positive_rate)),
        None => String::new(),
    };
    let asked = match audit.measured_with {
        Some((_, Origin::RandomBytes)) => "random keys",
        _ => "NIKs that cannot be real",
    };
    format!(
        "promised {promised}{by_bits}; {}",
        measured(dataset.counted, asked)
    )
}

/// A count with its interval.
fn measured(counted: Counted, what: &str) -> String {
    let Counted { asked, found } = counted;
    if asked == 0 {
        return format!("no {what} were tried");
    }
    let (low, high) = counted.interval();
    let interval = if found == 0 {
        format!(", that is at most {} (95 %)", one_in(high))
    } else {
        format!(
            ", that is {} (95 %: {} to {})",
            one_in(counted.rate()),
            one_in(low),
            one_in(high)
        )
    };
    format!(
        "of {} {what} {} found{interval}",
        number(asked),
        count(found, "was", "were")
    )
}

fn stretched(counted: Counted) -> String {
    measured(counted, "NIKs that cannot be real")
}

fn certainty(audit: &DatasetAudit) -> String {
    let told = |certainty: Option<f64>| certainty.map_or("cannot be computed".to_owned(), percent);
    let found = match &audit.found {
        Some(found) => format!("; by the bits {}", told(found.certainty)),
        None => String::new(),
    };
    format!(
        "promised {}{found}, of those who are told \"in the list\", if everybody asks once",
        told(audit.promised.certainty)
    )
}

fn true_share(audit: &DatasetAudit) -> String {
    let found = match &audit.found {
        Some(found) => format!("; by the bits {}", percent(found.true_share)),
        None => String::new(),
    };
    format!(
        "by the promised rate {}{found}, of what somebody finds who tries everything plausible",
        percent(audit.promised.true_share)
    )
}

fn places(audit: &DatasetAudit) -> String {
    let places = audit.places;
    format!(
        "{} in the bits {} as a NIK in binary, and chance gives about {}; fewer than about {} hidden ones would not be noticed",
        count(places.at_bytes, "place", "places"),
        if places.at_bytes == 1 {
            "reads"
        } else {
            "read"
        },
        number(places.between_bytes),
        number(places.noticed_from())
    )
}

/// What the false-positive rate was measured with. Nothing where nothing was measured.
pub fn method(audit: &Audit) -> Option<String> {
    let (probes, origin) = audit.measured_with?;
    let of_random = |tried: &Tried| {
        format!(
            "; {} of them would take {} core-hours here. {} NIKs that cannot be real were stretched as well",
            number(probes),
            hours(core_hours(probes, tried.per_second_and_core)),
            number(tried.keys)
        )
    };
    Some(match origin {
        Origin::ImpossibleNiks => format!(
            "False positives were measured with {} NIKs that cannot be real: their province, day and month are all impossible.",
            number(probes)
        ),
        Origin::RandomBytes => format!(
            "False positives were measured with {} random keys in place of stretched NIKs, whose keys are as good as random{}.",
            number(probes),
            audit.impossible.as_ref().map_or(String::new(), of_random)
        ),
    })
}

/// What trying out NIKs has shown, in sentences. None where that was not wanted.
pub fn attack(audit: &Audit) -> Vec<String> {
    let (Some(tried), Some(catalogue)) = (&audit.plausible, &audit.catalogue) else {
        return Vec::new();
    };
    let kind = catalogue.identifier();
    let with_a_word = match kind {
        IdentifierKind::Nik => String::new(),
        IdentifierKind::NikAndName => format!(", each with the first word {FIRST_WORD},"),
    };
    let mut lines = vec![
        format!(
            "{} plausible NIKs{with_a_word} were made into keys{} in {:.1} seconds on {}, at best {} a second on each.",
            number(tried.keys),
            if tried.counted.iter().any(|counted| counted.asked > 0) {
                " and looked up"
            } else {
                ""
            },
            tried.seconds,
            count(tried.cores as u64, "core", "cores"),
            speed(tried.per_second_and_core)
        ),
        format!(
            "Found: {}. Some of these numbers may be people's: nothing of what was found was kept or shown.",
            found(audit, tried)
        ),
    ];
    lines.push(cost(kind, catalogue.kdf(), tried));
    if kind == IdentifierKind::Nik {
        let all = plausible_pairs(DEFAULT_NAME_WORDS);
        lines.push(format!(
            "Under a name lock, with {} first words for each NIK, it would take {} core-hours.",
            number(DEFAULT_NAME_WORDS),
            hours(core_hours(all, tried.per_second_and_core))
        ));
    }
    lines
}

fn found(audit: &Audit, tried: &Tried) -> String {
    let each: Vec<String> = audit
        .datasets
        .iter()
        .zip(&tried.counted)
        .map(|(dataset, counted)| {
            let Some(bits) = dataset.bits.as_ref().filter(|_| counted.asked > 0) else {
                return format!("nothing was tried against \"{}\"", dataset.id);
            };
            let of = if counted.asked < tried.keys {
                format!(" of {} whose shard is at hand", number(counted.asked))
            } else {
                String::new()
            };
            let by_chance = counted.asked as f64 * bits.false_positive_rate;
            format!(
                "{} in \"{}\"{of} (by the bits, false positives alone would be {})",
                number(counted.found),
                dataset.id,
                false_positives_expected(by_chance)
            )
        })
        .collect();
    if each.is_empty() {
        "no data set to look in".to_owned()
    } else {
        each.join("; ")
    }
}

/// Mostly far below one, where one decimal would say nothing.
fn false_positives_expected(number: f64) -> String {
    if number < 0.005 {
        "fewer than 0.01".to_owned()
    } else if number < 1.0 {
        format!("about {number:.2}")
    } else {
        format!("about {}", people(number))
    }
}

fn cost(kind: IdentifierKind, kdf: Kdf, tried: &Tried) -> String {
    let all = candidates(kind, DEFAULT_NAME_WORDS);
    let what = if kind == IdentifierKind::Nik {
        format!("All {} plausible NIKs", number(all))
    } else {
        format!(
            "All {} plausible pairs of a NIK and one of {} first words",
            number(all),
            number(DEFAULT_NAME_WORDS)
        )
    };
    let rent = Rent::of(all, kdf);
    format!(
        "{what} would take {} core-hours here, or {} hours of a rented {} for {}, making the keys alone.",
        hours(core_hours(all, tried.per_second_and_core)),
        hours(rent.hours),
        rent.gpu.name,
        dollars(rent.dollars())
    )
}

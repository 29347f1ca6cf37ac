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

use crate::output::texts::Texts;

/// A figure: its name and its value.
pub type Row = (&'static str, String);

/// The number of findings by severity.
pub fn summary(texts: Texts, counts: Counts) -> String {
    let parts = [
        ("error", counts.wrong),
        ("warning", counts.warnings),
        ("note", counts.notes),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(unit, number)| texts.count(unit, number))
        .collect();
    if parts.is_empty() {
        texts.text("/finding/none").to_owned()
    } else {
        format!("{}.", parts.join(", "))
    }
}

/// The site as a whole.
pub fn site(texts: Texts, audit: &Audit) -> Vec<Row> {
    let catalogue = match &audit.catalogue {
        None => texts.text("/audit/catalogue/refused").to_owned(),
        Some(catalogue) => {
            let datasets = catalogue.datasets().len() as u64;
            let values = [
                ("kdf", &*catalogue.kdf().to_string()),
                ("identifier", catalogue.identifier().name()),
                ("salt", &*catalogue.salt().to_hex()),
                ("datasets", &*texts.count("dataset", datasets)),
            ];
            texts.fill("/audit/catalogue/read", &values)
        }
    };
    let widget = match &audit.widget.sha256 {
        None => texts.text("/audit/none").to_owned(),
        Some(sha256) => {
            let path = if *sha256 == audit.widget.expected_sha256 {
                "/audit/widget/identical"
            } else {
                "/audit/widget/different"
            };
            let values = [("version", audit.widget.cek_nik), ("sha256", sha256)];
            texts.fill(path, &values)
        }
    };
    let files = &audit.files;
    let headers = if files.header_files.is_empty() {
        texts.text("/audit/none").to_owned()
    } else {
        files.header_files.join(", ")
    };
    let size = format!("{}, {}", texts.number(files.count), texts.size(files.bytes));
    vec![
        (texts.text("/site/row/files"), size),
        (texts.text("/site/row/catalogue"), catalogue),
        (texts.text("/site/row/widget"), widget),
        (texts.text("/site/row/header_files"), headers),
    ]
}

/// One data set.
pub fn dataset(texts: Texts, audit: &Audit, dataset: &DatasetAudit) -> Vec<Row> {
    vec![
        (texts.text("/audit/row/shards"), shards(texts, dataset)),
        (texts.text("/audit/row/distinct"), distinct(texts, dataset)),
        (
            texts.text("/audit/row/rows"),
            rows_of_a_shard(texts, dataset),
        ),
        (
            texts.text("/audit/row/people"),
            people_of_a_shard(texts, dataset),
        ),
        (texts.text("/audit/row/bits"), bits_set(texts, dataset)),
        (
            texts.text("/audit/row/false_positives"),
            false_positives(texts, audit, dataset),
        ),
        (
            texts.text("/audit/row/certainty"),
            certainty(texts, dataset),
        ),
        (
            texts.text("/audit/row/true_share"),
            true_share(texts, dataset),
        ),
    ]
}

fn shards(texts: Texts, audit: &DatasetAudit) -> String {
    let planned = match audit.planned_site_bytes {
        Some(bytes) => texts.fill("/audit/planned", &[("size", &texts.size(bytes))]),
        None => texts.text("/audit/not_planned").to_owned(),
    };
    let path = match audit.shards {
        1 => "/audit/shards/one",
        _ => "/audit/shards/many",
    };
    let values = [
        ("verified", &*texts.number(audit.verified)),
        ("shards", &*texts.number(audit.shards)),
        ("each", &*texts.size(audit.shard_bytes)),
        ("all", &*texts.size(audit.site_bytes)),
        ("planned", &*planned),
    ];
    texts.fill(path, &values)
}

fn distinct(texts: Texts, audit: &DatasetAudit) -> String {
    let claimed = texts.number(audit.promised.distinct);
    let bits = audit.bits.as_ref();
    match bits.and_then(|bits| bits.distinct.zip(bits.distinct_deviation)) {
        Some((distinct, deviation)) => {
            let path = if audit.found.is_some() {
                "/audit/distinct/by_bits"
            } else {
                "/audit/distinct/by_some_bits"
            };
            let values = [
                ("claimed", &*claimed),
                ("distinct", &*texts.number(distinct.round() as u64)),
                ("deviation", &*texts.number((2.0 * deviation).ceil() as u64)),
            ];
            texts.fill(path, &values)
        }
        None => texts.fill("/audit/distinct/unknown", &[("claimed", &claimed)]),
    }
}

fn rows_of_a_shard(texts: Texts, audit: &DatasetAudit) -> String {
    let round = |rows: f64| texts.number(rows.round() as u64);
    let Some(rows) = audit.bits.as_ref().and_then(|bits| bits.rows_per_shard) else {
        return texts.text("/audit/rows/unknown").to_owned();
    };
    let path = match audit.verified {
        1 => "/audit/rows/one",
        _ => "/audit/rows/many",
    };
    let values = [
        ("average", &*round(rows.average)),
        ("fewest", &*round(rows.fewest)),
        ("most", &*round(rows.most)),
    ];
    texts.fill(path, &values)
}

fn people_of_a_shard(texts: Texts, audit: &DatasetAudit) -> String {
    if audit.prefix_bits == 0 {
        return texts.text("/audit/people/whole").to_owned();
    }
    let values = [
        ("country", &*texts.people(audit.people.country)),
        ("bits", &*texts.count("bit", audit.prefix_bits.into())),
        ("average", &*texts.people(audit.people.average_regency)),
        ("smallest", &*texts.people(audit.people.smallest_regency)),
    ];
    texts.fill("/audit/people/split", &values)
}

fn bits_set(texts: Texts, audit: &DatasetAudit) -> String {
    match &audit.bits {
        None => texts.text("/audit/bits/unreadable").to_owned(),
        Some(bits) if audit.verified == 1 => texts.percent(bits.set),
        Some(bits) => {
            let values = [
                ("average", &*texts.percent(bits.set)),
                ("fullest", &*texts.percent(bits.set_in_fullest)),
            ];
            texts.fill("/audit/bits/many", &values)
        }
    }
}

fn false_positives(texts: Texts, audit: &Audit, dataset: &DatasetAudit) -> String {
    let rate = texts.one_in(dataset.promised.false_positive_rate);
    let promised = texts.fill("/audit/false_positives/promised", &[("rate", &rate)]);
    let by_bits = dataset.bits.as_ref().map_or_else(String::new, |bits| {
        let rate = texts.one_in(bits.false_positive_rate);
        texts.fill("/audit/false_positives/by_bits", &[("rate", &rate)])
    });
    let asked = texts.text(match audit.measured_with {
        Some(Origin::RandomBytes) => "/audit/asked/random_keys",
        _ => "/audit/asked/impossible_niks",
    });
    let measured = match &dataset.measured {
        Some(rate) => measured(texts, rate, asked),
        None => texts.fill("/audit/false_positives/none_tried", &[("asked", asked)]),
    };
    format!("{promised}{by_bits}; {measured}")
}

/// A rate with its interval.
fn measured(texts: Texts, rate: &Measured, asked: &str) -> String {
    let path = match rate.found {
        0 => "/audit/measured/none",
        1 => "/audit/measured/one",
        _ => "/audit/measured/many",
    };
    let values = [
        ("n", &*texts.number(rate.asked)),
        ("asked", asked),
        ("found", &*texts.number(rate.found)),
        ("rate", &*texts.one_in(rate.rate)),
        ("lowest", &*texts.one_in(rate.lowest)),
        ("highest", &*texts.one_in(rate.highest)),
    ];
    texts.fill(path, &values)
}

fn certainty(texts: Texts, audit: &DatasetAudit) -> String {
    let told = |certainty: Option<f64>| match certainty {
        Some(certainty) => texts.percent(certainty),
        None => texts.text("/audit/certainty/unknown").to_owned(),
    };
    let promised = told(audit.promised.certainty);
    match &audit.found {
        Some(found) => {
            let found = told(found.certainty);
            let values = [("promised", &*promised), ("found", &*found)];
            texts.fill("/audit/certainty/by_bits", &values)
        }
        None => texts.fill("/audit/certainty/promised", &[("promised", &promised)]),
    }
}

fn true_share(texts: Texts, audit: &DatasetAudit) -> String {
    let promised = texts.percent(audit.promised.true_share);
    match &audit.found {
        Some(found) => {
            let found = texts.percent(found.true_share);
            let values = [("promised", &*promised), ("found", &*found)];
            texts.fill("/audit/true_share/by_bits", &values)
        }
        None => texts.fill("/audit/true_share/promised", &[("promised", &promised)]),
    }
}

/// How the false-positive rate was measured, if it was.
pub fn method(texts: Texts, audit: &Audit) -> Option<String> {
    let (probes, origin) = (audit.probes, audit.measured_with?);
    let n = texts.number(probes);
    let stretching = |cost: &Cost| {
        let hours = texts.hours(core_hours(probes, cost.keys_per_second_and_core));
        texts.fill("/audit/method/cost", &[("n", &n), ("hours", &hours)])
    };
    Some(match origin {
        Origin::ImpossibleNiks => texts.fill("/audit/method/impossible_niks", &[("n", &n)]),
        Origin::RandomBytes => {
            let cost = audit.cost.as_ref().map_or_else(String::new, stretching);
            texts.fill("/audit/method/random_keys", &[("n", &n), ("cost", &cost)])
        }
    })
}

/// The cost of trying all plausible numbers, in sentences.
pub fn cost(texts: Texts, cost: &Cost, kind: IdentifierKind) -> Vec<String> {
    let words = texts.number(DEFAULT_NAME_WORDS);
    let path = match kind {
        IdentifierKind::Nik => "/audit/cost/niks",
        IdentifierKind::NikAndName => "/audit/cost/pairs",
    };
    let candidates = texts.number(cost.candidates);
    let all = texts.fill(path, &[("n", &candidates), ("words", &words)]);
    let speed = texts.speed(cost.keys_per_second_and_core);
    let values = [
        ("all", &*all),
        ("core_hours", &*texts.hours(cost.core_hours)),
        ("hours", &*texts.hours(cost.gpu_hours)),
        ("card", cost.gpu),
        ("dollars", &*texts.dollars(cost.dollars)),
    ];
    let mut lines = vec![
        texts.fill("/audit/cost/speed", &[("speed", &speed)]),
        texts.fill("/audit/cost/trying", &values),
    ];
    if kind == IdentifierKind::Nik {
        let all = plausible_pairs(DEFAULT_NAME_WORDS);
        let core_hours = texts.hours(core_hours(all, cost.keys_per_second_and_core));
        let values = [("words", &*words), ("core_hours", &*core_hours)];
        lines.push(texts.fill("/audit/cost/locked", &values));
    }
    lines
}

//! The audit for programs. `docs/AUDIT.md` lists the fields; they stay.

use cek_nik::catalogue::Catalogue;
use cek_nik_audit::Audit;
use cek_nik_audit::attack::Tried;
use cek_nik_audit::dataset::DatasetAudit;
use cek_nik_audit::finding::{Finding, Severity};
use cek_nik_audit::interval::Counted;
use cek_nik_audit::promise::{Promise, candidates};
use cek_nik_publisher::pipeline::kdf_document;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::cost::{Rent, core_hours};
use serde_json::{Value, json};

pub fn object(audit: &Audit) -> Value {
    let of = |severity| {
        let findings = audit.findings.iter();
        findings
            .filter(|finding: &&Finding| finding.kind.severity == severity)
            .count()
    };
    json!({
        "wrong": of(Severity::Wrong),
        "warnings": of(Severity::Warning),
        "notes": of(Severity::Note),
        "findings": audit.findings.iter().map(finding).collect::<Vec<Value>>(),
        "files": { "count": audit.files, "bytes": audit.bytes, "header_files": audit.header_files },
        "widget": {
            "sha256": audit.widget.sha256,
            "expected_sha256": audit.widget.carried,
            "cek_nik": env!("CARGO_PKG_VERSION"),
        },
        "catalogue": audit.catalogue.as_ref().map(catalogue),
        "measured_with": audit.measured_with.map(|(_, origin)| origin.code()),
        "datasets": audit
            .datasets
            .iter()
            .enumerate()
            .map(|(place, figures)| dataset(audit, place, figures))
            .collect::<Vec<Value>>(),
        "tried": audit.plausible.as_ref().zip(audit.catalogue.as_ref()).map(|(tried, catalogue)| attack(tried, catalogue)),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "severity": finding.kind.severity.name(),
        "code": finding.kind.code,
        "dataset": finding.dataset,
        "file": finding.file,
        "what": finding.what,
        "why": finding.kind.why,
        "next": finding.kind.next,
    })
}

fn catalogue(catalogue: &Catalogue) -> Value {
    json!({
        "identifier": catalogue.identifier().name(),
        "kdf": kdf_document(catalogue.kdf()),
        "salt": catalogue.salt().to_hex(),
    })
}

fn dataset(audit: &Audit, place: usize, dataset: &DatasetAudit) -> Value {
    let shards = dataset.dataset.prefix_bits().shards();
    let bits = dataset.bits.as_ref().map(|bits| {
        json!({
            "set": bits.share,
            "set_in_fullest": bits.fullest_share,
            "false_positive_rate": bits.false_positive_rate,
            "false_positive_rate_of_fullest": bits.fullest_false_positive_rate,
            "distinct": bits.rows.map(|rows| rows.rows),
            "distinct_deviation": bits.rows.map(|rows| rows.deviation()),
            "rows_per_shard": rows_per_shard(&bits.rows_per_shard),
        })
    });
    json!({
        "id": dataset.id,
        "prefix_bits": dataset.dataset.prefix_bits().get(),
        "shards": shards,
        "verified": dataset.verified,
        "shard_bytes": dataset.dataset.shard_bytes(),
        "site_bytes": dataset.site_bytes(),
        "planned_site_bytes": dataset.plan.as_ref().map(|plan| plan.chosen.site_bytes()),
        "people": {
            "country": dataset.crowd.country,
            "average_regency": dataset.crowd.average_regency,
            "smallest_regency": dataset.crowd.smallest_regency,
        },
        "promised": promise(&dataset.promised),
        "found": dataset.found.as_ref().map(promise),
        "bits": bits,
        "measured": counted(dataset.counted),
        "measured_impossible_niks": audit.impossible.as_ref().and_then(|tried| tried.counted.get(place)).map(|tried| counted(*tried)),
        "binary_numbers": {
            "places": dataset.places.at_bytes,
            "by_chance": dataset.places.between_bytes,
            "noticed_from": dataset.places.noticed_from(),
        },
    })
}

fn rows_per_shard(rows: &[f64]) -> Value {
    if rows.is_empty() {
        return Value::Null;
    }
    json!({
        "average": rows.iter().sum::<f64>() / rows.len() as f64,
        "fewest": rows.iter().copied().fold(f64::INFINITY, f64::min),
        "most": rows.iter().copied().fold(0.0, f64::max),
    })
}

fn promise(promise: &Promise) -> Value {
    json!({
        "distinct": promise.distinct,
        "false_positive_rate": promise.false_positive_rate,
        "certainty": promise.certainty,
        "true_share": promise.true_share,
    })
}

/// Null where nothing was asked: that nothing was found then says nothing.
fn counted(counted: Counted) -> Value {
    if counted.asked == 0 {
        return Value::Null;
    }
    let (low, high) = counted.interval();
    json!({ "asked": counted.asked, "found": counted.found, "rate": counted.rate(), "lowest": low, "highest": high })
}

fn attack(tried: &Tried, catalogue: &Catalogue) -> Value {
    let candidates = candidates(catalogue.identifier(), DEFAULT_NAME_WORDS);
    let rent = Rent::of(candidates, catalogue.kdf());
    let counted = || tried.counted.iter();
    let found = counted().map(|counted| (counted.asked > 0).then_some(counted.found));
    json!({
        "keys": tried.keys,
        "seconds": tried.seconds,
        "cores": tried.cores,
        "keys_per_second_and_core": tried.per_second_and_core,
        "asked": counted().map(|counted| counted.asked).collect::<Vec<u64>>(),
        "found": found.collect::<Vec<Option<u64>>>(),
        "candidates": candidates,
        "core_hours": core_hours(candidates, tried.per_second_and_core),
        "gpu": rent.gpu.name,
        "gpu_hours": rent.hours,
        "dollars": rent.dollars(),
    })
}

//! The plan for programs. `docs/PRIVACY.md` lists the fields; they stay.

use cek_nik::key::Kdf;
use cek_nik_publisher::pipeline::kdf_document;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::choice::Row;
use cek_nik_publisher::plan::cost::{Enumeration, Price, RENT_SOURCE, gpu_speed};
use serde_json::{Value, json};

use crate::commands::plan::{LINES, Report, seconds};

pub fn object(report: &Report) -> Value {
    let plan = &report.plan;
    let mut chosen = row(&plan.chosen);
    chosen["prefix_bits_reason"] = plan.bits_reason.code().into();
    chosen["fpr"] = plan.false_positive_rate.into();
    chosen["fpr_average"] = plan.average_rate.into();
    chosen["fpr_reason"] = plan.rate_reason.code().into();
    chosen["certainty"] = plan.certainty().into();
    chosen["filter"] = json!({ "bits": plan.filter.bits(), "hashes": plan.filter.hashes() });
    chosen["kdf"] = kdf(report.kdf);
    chosen["identifier"] = report.identifier.name().into();
    chosen["harms"] = report.harms.iter().map(|(code, _)| *code).collect();
    json!({
        "rows": plan.distinct,
        "population": plan.wishes.population,
        "certainty": plan.wishes.certainty,
        "max_shard": plan.wishes.max_shard_bytes,
        "max_whole": plan.wishes.max_whole_bytes,
        "plausible_niks": PLAUSIBLE_NIKS,
        "name_words": report.name_words,
        "chosen": chosen,
        "table": plan.rows().map(|r| row(&r)).collect::<Vec<Value>>(),
        "prices": {
            "measured": report.measured_on.is_some(),
            "cores": report.measured_on,
            "rent_source": RENT_SOURCE,
            "sha256": price(&report.sha256, report.speed.sha256, Kdf::Sha256),
            "argon2id": price(&report.argon2id, report.speed.argon2id, Kdf::Argon2id(report.cost)),
        },
    })
}

fn kdf(kdf: Kdf) -> Value {
    serde_json::to_value(kdf_document(kdf)).unwrap_or_default()
}

fn row(row: &Row) -> Value {
    let [slow, ordinary] = LINES.map(|line| seconds(row.shard_bytes, line));
    json!({
        "prefix_bits": row.prefix_bits.get(),
        "shards": row.prefix_bits.shards(),
        "shard_bytes": row.shard_bytes,
        "site_bytes": row.site_bytes(),
        "people": {
            "country": row.crowd.country,
            "average_regency": row.crowd.average_regency,
            "smallest_regency": row.crowd.smallest_regency,
        },
        "seconds": { "at_1_6_mbit": slow, "at_20_mbit": ordinary },
        "accepted_by_clients": row.filter.is_some(),
        "empty_shards": row.empty_shards,
        "small_crowd": row.has_small_crowd(),
    })
}

fn price(price: &Price, keys_per_second: f64, id: Kdf) -> Value {
    let (gpu, gpu_keys_per_second) = gpu_speed(id);
    json!({
        "kdf": kdf(id),
        "keys_per_second_and_core": keys_per_second,
        "gpu": {
            "name": gpu.name,
            "keys_per_second": gpu_keys_per_second,
            "dollars_per_hour": gpu.dollars_per_hour,
            "source": gpu.source,
        },
        "build": { "core_hours": price.build_core_hours },
        "enumerate": enumeration(&price.enumerate),
        "enumerate_name_locked": enumeration(&price.enumerate_name_locked),
    })
}

fn enumeration(enumeration: &Enumeration) -> Value {
    let rent = enumeration.rent;
    json!({
        "candidates": enumeration.candidates,
        "core_hours": enumeration.core_hours,
        "gpu_hours": rent.hours,
        "dollars": rent.dollars(),
        "true_share": enumeration.true_share,
    })
}

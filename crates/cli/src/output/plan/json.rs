//! The plan for programs and for the page. `docs/PRIVACY.md` lists the fields, which are stable.

use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::anonymity_set::AnonymitySet;
use cek_nik_publisher::plan::choice::{self, BitsReason, RateReason};
use cek_nik_publisher::plan::cost::{self, Enumeration, Gpu};
use cek_nik_publisher::site::catalogue_document::KdfDocument;
use serde::Serialize;

use super::report::{BuildTimes, LINES, Report, seconds_on};

#[derive(Serialize)]
pub struct Document {
    rows: u64,
    population: u64,
    certainty: f64,
    max_shard: u64,
    max_whole: u64,
    plausible_niks: u64,
    name_words: u64,
    chosen: Chosen,
    table: Vec<Row>,
    prices: Prices,
}

#[derive(Serialize)]
struct Chosen {
    #[serde(flatten)]
    row: Row,
    prefix_bits_reason: BitsReason,
    fpr: f64,
    fpr_average: f64,
    fpr_reason: RateReason,
    certainty: Option<f64>,
    filter: Filter,
    kdf: KdfDocument,
    identifier: &'static str,
    harms: Vec<&'static str>,
}

#[derive(Serialize)]
struct Row {
    prefix_bits: u8,
    shards: u32,
    shard_bytes: u64,
    site_bytes: u64,
    people: AnonymitySet,
    seconds: Seconds,
    accepted_by_clients: bool,
    empty_shards: bool,
    small_crowd: bool,
}

#[derive(Serialize)]
struct Seconds {
    at_1_6_mbit: f64,
    at_20_mbit: f64,
}

#[derive(Serialize)]
struct Filter {
    bits: u64,
    hashes: u8,
}

#[derive(Serialize)]
struct Prices {
    measured: bool,
    cores: Option<usize>,
    sha256: Cost,
    argon2id: Cost,
}

#[derive(Serialize)]
struct Cost {
    kdf: KdfDocument,
    keys_per_second_and_core: f64,
    gpu: Gpu,
    build: Build,
    enumerate: Enumeration,
    enumerate_name_locked: Enumeration,
}

#[derive(Serialize)]
struct Build {
    core_hours: f64,
    #[serde(flatten)]
    times: Option<BuildTimes>,
}

impl Document {
    pub fn of(report: &Report) -> Self {
        let plan = &report.plan;
        Self {
            rows: plan.distinct,
            population: plan.constraints.population,
            certainty: plan.constraints.certainty,
            max_shard: plan.constraints.max_shard_bytes,
            max_whole: plan.constraints.max_whole_bytes,
            plausible_niks: PLAUSIBLE_NIKS,
            name_words: report.name_words,
            chosen: Chosen {
                row: Row::of(&plan.chosen),
                prefix_bits_reason: plan.bits_reason,
                fpr: plan.false_positive_rate,
                fpr_average: plan.average_rate,
                fpr_reason: plan.rate_reason,
                certainty: plan.certainty(),
                filter: Filter {
                    bits: plan.filter.bits(),
                    hashes: plan.filter.hashes(),
                },
                kdf: KdfDocument::of(report.kdf),
                identifier: report.identifier.name(),
                harms: report.risks.iter().map(|(code, _)| *code).collect(),
            },
            table: plan.rows().map(|row| Row::of(&row)).collect(),
            prices: Prices {
                measured: report.measured_on.is_some(),
                cores: report.measured_on,
                sha256: Cost::of(report, &report.sha256, report.speed.sha256, Kdf::Sha256),
                argon2id: Cost::of(
                    report,
                    &report.argon2id,
                    report.speed.argon2id,
                    Kdf::Argon2id(report.cost),
                ),
            },
        }
    }
}

impl Row {
    fn of(row: &choice::Row) -> Self {
        let [at_1_6_mbit, at_20_mbit] = LINES.map(|line| seconds_on(row.shard_bytes, line));
        Self {
            prefix_bits: row.prefix_bits.get(),
            shards: row.prefix_bits.shards(),
            shard_bytes: row.shard_bytes,
            site_bytes: row.site_bytes(),
            people: row.anonymity_set,
            seconds: Seconds {
                at_1_6_mbit,
                at_20_mbit,
            },
            accepted_by_clients: row.filter.is_some(),
            empty_shards: row.empty_shards,
            small_crowd: row.has_small_crowd(),
        }
    }
}

impl Cost {
    fn of(report: &Report, cost: &cost::Cost, keys_per_second: f64, kdf: Kdf) -> Self {
        Self {
            kdf: KdfDocument::of(kdf),
            keys_per_second_and_core: keys_per_second,
            gpu: cost::gpu(kdf),
            build: Build {
                core_hours: cost.build_core_hours,
                times: report.build_times(cost),
            },
            enumerate: cost.enumerate,
            enumerate_name_locked: cost.enumerate_name_locked,
        }
    }
}

//! The plan for a terminal.

use std::io::{self, Write};

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::choice::Row;
use cek_nik_publisher::plan::cost::{ARGON2_GPU, Cost, Enumeration, SHA256_GPU};

use super::report::{LINES, Report, seconds_on};
use crate::output::number_format::{
    bytes, count, dollars, hours, number, people, percent, seconds, speed,
};
use crate::output::plan_summary;

pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let plan = &report.plan;
    writeln!(
        out,
        "{}, {} who may ask\n",
        plan_summary::different(plan.distinct, report.identifier),
        count(plan.constraints.population, "person", "people")
    )?;
    table(report, out)?;
    writeln!(out, "\nChosen:")?;
    for line in plan_summary::lines(plan, report.kdf, report.words_tried()) {
        writeln!(out, "  {line}")?;
    }
    for warning in report.warnings() {
        writeln!(out, "  warning: {warning}")?;
    }
    readers(report, out)?;
    costs(report, out)
}

fn table(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "  {:>4}  {:>6}  {:>11}  {:>11}  {:^34}  {:^15}",
        "bits", "shards", "one shard", "whole site", "people who share a prefix", "seconds a shard"
    )?;
    writeln!(
        out,
        "  {:4}  {:6}  {:11}  {:11}  {:>11} {:>11} {:>10}  {:>7} {:>7}",
        "", "", "", "", "country", "regency", "smallest", "1.6 Mb", "20 Mb"
    )?;
    for row in report.plan.rows() {
        let chosen = row.prefix_bits == report.plan.chosen.prefix_bits;
        let line = format!(
            "{} {:>4}  {:>6}  {:>11}  {:>11}  {:>11} {:>11} {:>10}  {:>7} {:>7}  {}",
            if chosen { ">" } else { " " },
            row.prefix_bits.get(),
            number(row.prefix_bits.shards().into()),
            bytes(row.shard_bytes),
            bytes(row.site_bytes()),
            people(row.anonymity_set.country),
            people(row.anonymity_set.average_regency),
            people(row.anonymity_set.smallest_regency),
            seconds(seconds_on(row.shard_bytes, LINES[0])),
            seconds(seconds_on(row.shard_bytes, LINES[1])),
            note(&row)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(
        out,
        "\n  > marks the chosen row. All shards are as long as the fullest one, for 99 of 100 \
         salts. \"regency\"\n  is the average of 514; the smallest is Supiori. Seconds are for one \
         shard at 1.6 and 20 Mbit/s."
    )
}

fn note(row: &Row) -> &'static str {
    if row.filter.is_none() {
        "too long for browsers"
    } else if row.empty_shards {
        "empty shards: refused"
    } else if row.has_small_crowd() {
        "small crowd"
    } else {
        ""
    }
}

fn readers(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let plan = &report.plan;
    let others = plan.constraints.population.saturating_sub(plan.distinct);
    writeln!(out, "\nFor readers:")?;
    writeln!(out, "  {}", members(report.identifier))?;
    if others > 0 {
        writeln!(
            out,
            "  Of the {} people who are not in it, {} are told \"in the list\".",
            number(others),
            people(plan.false_alarms())
        )?;
    }
    match plan.certainty() {
        Some(certainty) => writeln!(
            out,
            "  If everybody in the country asks once, {} of those told \"in the list\" are in it. \
             Among people\n  who have reason to ask, the share is higher.",
            percent(certainty)
        ),
        None => writeln!(
            out,
            "  The share of \"in the list\" answers that are true cannot be computed: the list has \
             as many\n  NIKs as there are people."
        ),
    }
}

fn members(identifier: IdentifierKind) -> &'static str {
    match identifier {
        IdentifierKind::Nik => "Everybody in the list is told \"in the list\".",
        IdentifierKind::NikAndName => {
            "Everybody in the list is told \"in the list\", unless the list spells the first name \
             differently:\n  docs/NAME.md says how often."
        }
    }
}

fn costs(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nCost of keys:")?;
    writeln!(out, "  {}", speed_sentence(report))?;
    for (kdf, cost) in report.costs() {
        writeln!(out, "  With {}:", kdf)?;
        let core_hours = hours(cost.build_core_hours);
        match report.build_times(&cost) {
            Some(times) => writeln!(out, "    to build: {core_hours} core-hours: {times}")?,
            None => writeln!(out, "    to build: {core_hours} core-hours")?,
        }
        enumerations(&cost, report, out)?;
    }
    writeln!(
        out,
        "  Only deriving the keys is counted, not looking them up. The graphics cards:"
    )?;
    for gpu in [ARGON2_GPU, SHA256_GPU] {
        writeln!(
            out,
            "    {}, {} dollars an hour ({}). Speed: {}",
            gpu.name, gpu.dollars_per_hour, gpu.rent_source, gpu.source
        )?;
    }
    Ok(())
}

fn enumerations(cost: &Cost, report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "    to try all {} plausible NIKs: {}",
        number(PLAUSIBLE_NIKS),
        enumeration(&cost.enumerate)
    )?;
    writeln!(
        out,
        "    to try them under a name lock, with {} first names each: {}",
        number(report.name_words),
        enumeration(&cost.enumerate_name_locked)
    )
}

fn enumeration(enumeration: &Enumeration) -> String {
    let Enumeration {
        core_hours,
        rent,
        true_share,
        ..
    } = enumeration;
    format!(
        "{} core-hours, or {} hours of a rented {} for {}; {} of what is found is true",
        hours(*core_hours),
        hours(rent.hours),
        rent.gpu.name,
        dollars(rent.dollars),
        percent(*true_share)
    )
}

/// The speed of key derivation, and where the figure comes from.
pub fn speed_sentence(report: &Report) -> String {
    let known = match report.measured_on {
        Some(1) => "Measured on this computer".to_owned(),
        Some(cores) => format!("Measured on this computer, with {cores} cores busy"),
        None => "As given".to_owned(),
    };
    format!(
        "{known}: one core derives {} keys per second with sha256, {} with {}.",
        speed(report.speed.sha256),
        speed(report.speed.argon2id),
        Kdf::Argon2id(report.cost)
    )
}

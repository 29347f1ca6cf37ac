//! The plan for a terminal.

use std::io::{self, Write};

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::choice::Row;
use cek_nik_publisher::plan::cost::{ARGON2_GPU, Cost, Enumeration, RENT_SOURCE, SHA256_GPU};

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
    prices(report, out)
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
        "\n  > is chosen. Shards are as long as the fullest needs, all of them: here, for 99 salts of 100. A regency is the average\n  \
         of 514; the smallest is Supiori. Times are those of one shard at 1.6 and 20 Mbit/s."
    )
}

fn note(row: &Row) -> &'static str {
    if row.filter.is_none() {
        "longer than browsers take"
    } else if row.empty_shards {
        "some shards empty: refused"
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
            "  Of the {} people who are not, {} would be told that they are.",
            number(others),
            people(plan.false_alarms())
        )?;
    }
    match plan.certainty() {
        Some(certainty) => writeln!(
            out,
            "  So of those who are told \"in the list\", {} are in it, if everybody in the country asked once. Where people ask because\n  \
             they have reason to fear, more of them are.",
            percent(certainty)
        ),
        None => writeln!(
            out,
            "  How many of those who are told \"in the list\" are in it cannot be computed for a list of as many NIKs as there are people."
        ),
    }
}

fn members(identifier: IdentifierKind) -> &'static str {
    match identifier {
        IdentifierKind::Nik => "Whoever is in the list is always told so.",
        IdentifierKind::NikAndName => {
            "Whoever is in the list is told so, unless it spells the first word of the name otherwise: docs/NAME.md says how often."
        }
    }
}

fn prices(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nWhat keys cost:")?;
    writeln!(out, "  {}", speed_sentence(report))?;
    for (kdf, price) in report.prices() {
        writeln!(out, "  With {}:", kdf)?;
        writeln!(
            out,
            "    to build: {} core-hours",
            hours(price.build_core_hours)
        )?;
        enumerations(&price, report, out)?;
    }
    writeln!(
        out,
        "  The keys alone; looking them up comes on top. Graphics cards as published:\n    {}: {}\n    {}: {}\n    rents: {RENT_SOURCE}",
        ARGON2_GPU.name, ARGON2_GPU.source, SHA256_GPU.name, SHA256_GPU.source
    )
}

fn enumerations(price: &Cost, report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "    to try out all {} plausible NIKs: {}",
        number(PLAUSIBLE_NIKS),
        enumeration(&price.enumerate)
    )?;
    writeln!(
        out,
        "    the same under a name lock, with {} first words each: {}",
        number(report.name_words),
        enumeration(&price.enumerate_name_locked)
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

/// How many keys a core makes, and how that is known.
pub fn speed_sentence(report: &Report) -> String {
    let known = match report.measured_on {
        Some(1) => "Measured here just now".to_owned(),
        Some(cores) => format!("Measured here just now, with {cores} cores busy"),
        None => "As given".to_owned(),
    };
    format!(
        "{known}: a core makes {} keys a second with sha256, {} with {}.",
        speed(report.speed.sha256),
        speed(report.speed.argon2id),
        Kdf::Argon2id(report.cost)
    )
}

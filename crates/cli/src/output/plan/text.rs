//! The plan for a terminal.

use std::io::{self, Write};

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::choice::Row;
use cek_nik_publisher::plan::cost::{ARGON2_GPU, Cost, Enumeration, Gpu, SHA256_GPU};

use super::report::{LINES, Report, seconds_on};
use crate::output::plan_summary;
use crate::output::texts::Texts;

pub fn write(texts: Texts, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let plan = &report.plan;
    let different = plan_summary::different(texts, plan.distinct, report.identifier);
    let people = texts.count("person", plan.constraints.population);
    let values = [("different", &*different), ("people", &*people)];
    writeln!(out, "{}\n", texts.fill("/plan/who", &values))?;
    table(texts, report, out)?;
    writeln!(out, "\n{}", texts.text("/plan/chosen"))?;
    for line in plan_summary::lines(texts, plan, report.kdf, report.words_tried()) {
        writeln!(out, "  {line}")?;
    }
    for warning in report.warnings(texts) {
        writeln!(out, "  {}: {warning}", texts.warning())?;
    }
    readers(texts, report, out)?;
    costs(texts, report, out)
}

fn table(texts: Texts, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let head = |name: &str| {
        texts
            .find(&format!("/plan/table/{name}"))
            .unwrap_or_default()
    };
    writeln!(
        out,
        "  {:>4}  {:>6}  {:>11}  {:>11}  {:^34}  {:^15}",
        head("bits"),
        head("shards"),
        head("shard"),
        head("site"),
        head("people"),
        head("seconds")
    )?;
    writeln!(
        out,
        "  {:4}  {:6}  {:11}  {:11}  {:>11} {:>11} {:>10}  {:>7} {:>7}",
        "",
        "",
        "",
        "",
        head("country"),
        head("regency"),
        head("smallest"),
        head("slow"),
        head("fast")
    )?;
    for row in report.plan.rows() {
        let chosen = row.prefix_bits == report.plan.chosen.prefix_bits;
        let line = format!(
            "{} {:>4}  {:>6}  {:>11}  {:>11}  {:>11} {:>11} {:>10}  {:>7} {:>7}  {}",
            if chosen { ">" } else { " " },
            row.prefix_bits.get(),
            texts.number(row.prefix_bits.shards().into()),
            texts.bytes(row.shard_bytes),
            texts.bytes(row.site_bytes()),
            texts.people(row.anonymity_set.country),
            texts.people(row.anonymity_set.average_regency),
            texts.people(row.anonymity_set.smallest_regency),
            texts.seconds(seconds_on(row.shard_bytes, LINES[0])),
            texts.seconds(seconds_on(row.shard_bytes, LINES[1])),
            note(texts, &row)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{}", texts.text("/plan/table/legend"))
}

fn note(texts: Texts, row: &Row) -> &'static str {
    if row.filter.is_none() {
        texts.text("/plan/table/too_long")
    } else if row.empty_shards {
        texts.text("/plan/table/empty_shards")
    } else if row.has_small_crowd() {
        texts.text("/plan/table/small_crowd")
    } else {
        ""
    }
}

fn readers(texts: Texts, report: &Report, out: &mut impl Write) -> io::Result<()> {
    let plan = &report.plan;
    let others = plan.constraints.population.saturating_sub(plan.distinct);
    writeln!(out, "\n{}", texts.text("/plan/readers/heading"))?;
    writeln!(out, "  {}", members(texts, report.identifier))?;
    if others > 0 {
        let values = [
            ("others", &*texts.number(others)),
            ("told", &*texts.people(plan.false_alarms())),
        ];
        writeln!(out, "  {}", texts.fill("/plan/readers/others", &values))?;
    }
    match plan.certainty() {
        Some(certainty) => {
            let values = [("share", &*texts.percent(certainty))];
            writeln!(out, "  {}", texts.fill("/plan/readers/certainty", &values))
        }
        None => writeln!(out, "  {}", texts.text("/plan/readers/no_certainty")),
    }
}

fn members(texts: Texts, identifier: IdentifierKind) -> &'static str {
    texts.text(match identifier {
        IdentifierKind::Nik => "/plan/readers/members",
        IdentifierKind::NikAndName => "/plan/readers/members_by_name",
    })
}

fn costs(texts: Texts, report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n{}", texts.text("/plan/cost/heading"))?;
    writeln!(out, "  {}", speed_sentence(texts, report))?;
    for (kdf, cost) in report.costs() {
        let kdf = kdf.to_string();
        writeln!(out, "  {}", texts.fill("/plan/cost/with", &[("kdf", &kdf)]))?;
        let hours = texts.hours(cost.build_core_hours);
        let build = match report.build_times(&cost) {
            Some(times) => {
                let values = [("hours", &*hours), ("times", &*times.words(texts))];
                texts.fill("/plan/cost/build_times", &values)
            }
            None => texts.fill("/plan/cost/build", &[("hours", &hours)]),
        };
        writeln!(out, "    {build}")?;
        enumerations(texts, &cost, report, out)?;
    }
    writeln!(out, "  {}", texts.text("/plan/cost/cards"))?;
    for (kdf, gpu) in CARDS {
        let source = |what: &str| {
            let path = format!("/plan/card/{kdf}/{what}");
            texts.find(&path).unwrap_or_default()
        };
        let values = [
            ("card", gpu.name),
            ("dollars", &*texts.digits(gpu.dollars_per_hour.to_string())),
            ("rent", source("rent")),
            ("speed", source("speed")),
        ];
        writeln!(out, "    {}", texts.fill("/plan/cost/card", &values))?;
    }
    Ok(())
}

/// The graphics cards, by the key derivation that they are the cheapest for.
const CARDS: [(&str, Gpu); 2] = [("argon2id", ARGON2_GPU), ("sha256", SHA256_GPU)];

fn enumerations(
    texts: Texts,
    cost: &Cost,
    report: &Report,
    out: &mut impl Write,
) -> io::Result<()> {
    let values = [
        ("niks", &*texts.number(PLAUSIBLE_NIKS)),
        ("cost", &*enumeration(texts, &cost.enumerate)),
    ];
    writeln!(out, "    {}", texts.fill("/plan/cost/all", &values))?;
    let values = [
        ("words", &*texts.number(report.name_words)),
        ("cost", &*enumeration(texts, &cost.enumerate_name_locked)),
    ];
    writeln!(out, "    {}", texts.fill("/plan/cost/locked", &values))
}

fn enumeration(texts: Texts, enumeration: &Enumeration) -> String {
    let Enumeration {
        core_hours,
        rent,
        true_share,
        ..
    } = enumeration;
    let values = [
        ("core_hours", &*texts.hours(*core_hours)),
        ("hours", &*texts.hours(rent.hours)),
        ("card", rent.gpu.name),
        ("dollars", &*texts.dollars(rent.dollars)),
        ("share", &*texts.percent(*true_share)),
    ];
    texts.fill("/plan/cost/enumeration", &values)
}

/// The speed of key derivation, and where the figure comes from.
pub fn speed_sentence(texts: Texts, report: &Report) -> String {
    let known = match report.measured_on {
        Some(1) => texts.text("/plan/speed/one_core").to_owned(),
        Some(cores) => texts.fill("/plan/speed/cores", &[("cores", &cores.to_string())]),
        None => texts.text("/plan/speed/given").to_owned(),
    };
    let values = [
        ("known", &*known),
        ("sha256", &*texts.speed(report.speed.sha256)),
        ("argon2id", &*texts.speed(report.speed.argon2id)),
        ("kdf", &*Kdf::Argon2id(report.cost).to_string()),
    ];
    texts.fill("/plan/speed/sentence", &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::texts::Language;

    #[test]
    fn the_sources_of_the_cards_are_those_for_programs() {
        let texts = Texts::new(Language::En);
        for (kdf, gpu) in CARDS {
            let source = |what| texts.find(&format!("/plan/card/{kdf}/{what}"));
            assert_eq!(source("rent"), Some(gpu.rent_source));
            assert_eq!(source("speed"), Some(gpu.source));
        }
    }
}

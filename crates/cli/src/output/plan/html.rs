//! The plan as one page that needs nothing else: no script, no network, one style that its policy names by hash.

use cek_nik::filter::Bloom;
use cek_nik::key::Kdf;
use cek_nik_publisher::config::kdf_name;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::anonymity_set::{SMALL_CROWD, SMALLEST_REGENCY};
use cek_nik_publisher::plan::choice::{Plan, RateReason, Row, Wishes};
use cek_nik_publisher::plan::cost::{ARGON2_GPU, Enumeration, Price, RENT_SOURCE, SHA256_GPU};
use indicatif::HumanCount;

use super::plot;
use super::text::{speed_sentence, time};
use crate::commands::plan::{LINES, Report};
use crate::output::number_format::{dollars, hours, people, percent, size};
use crate::output::page::{escape, first_upper, page};
use crate::output::plan_summary as planned;
use crate::output::report::count;

const TEMPLATE: &str = include_str!("plan.html");

pub fn write(report: &Report, date: &str) -> String {
    let plan = &report.plan;
    let chosen = &plan.chosen;
    let enumerate = report.enumeration();
    let values = [
        ("date", date.to_owned()),
        ("rows", planned::different(plan.distinct, report.identifier)),
        ("population", number(plan.wishes.population)),
        ("bits", bits(chosen)),
        ("bits_note", bits_note(chosen)),
        ("shard", size(chosen.shard_bytes)),
        ("seconds", escape(&seconds(chosen.shard_bytes))),
        ("certainty", certainty(plan)),
        ("certainty_note", certainty_note(plan)),
        ("enumerate_time", span(enumerate.rent.hours)),
        (
            "enumerate_note",
            format!(
                "of one rented graphics card, for {}. Of what that finds, {} is true",
                dollars(enumerate.rent.dollars()),
                percent(enumerate.true_share)
            ),
        ),
        ("warnings", warnings(report)),
        ("decide_certainty", decide_certainty(report)),
        ("decide_lock", decide_lock(report)),
        ("decide_kdf", decide_kdf(report)),
        ("knob_figure", knob_figure(report)),
        ("crowd_sentence", crowd_sentence(chosen)),
        ("crowd_plot", plot::crowd(report)),
        (
            "prices",
            report
                .prices()
                .iter()
                .map(|(kdf, price)| price_rows(*kdf, price, plan.distinct))
                .collect(),
        ),
        ("speed", escape(&speed_sentence(report))),
        (
            "ratio",
            number((PLAUSIBLE_NIKS as f64 / plan.distinct as f64).round() as u64),
        ),
        (
            "table",
            plan.rows()
                .map(|row| table_row(&row, row.prefix_bits == chosen.prefix_bits))
                .collect(),
        ),
        ("longest", size(Bloom::MAX_BITS / 8)),
        ("small_crowd", number(SMALL_CROWD as u64)),
        (
            "lines",
            planned::lines(plan, report.kdf, report.words_tried())
                .iter()
                .map(|line| format!("<li>{}.</li>", escape(&first_upper(line))))
                .collect(),
        ),
        ("plausible", number(PLAUSIBLE_NIKS)),
        ("smallest", number(SMALLEST_REGENCY)),
        ("name_words", number(report.name_words)),
        (
            "gpu_sources",
            escape(
                &[ARGON2_GPU, SHA256_GPU]
                    .map(|gpu| format!("{}, {}", gpu.name, gpu.source))
                    .join("; "),
            ),
        ),
        ("rent_source", escape(RENT_SOURCE)),
    ];
    page(TEMPLATE, &values)
}

fn bits(chosen: &Row) -> String {
    match chosen.prefix_bits.get() {
        0 => "nothing".to_owned(),
        bits => count(bits.into(), "bit", "bits"),
    }
}

fn bits_note(chosen: &Row) -> String {
    if chosen.prefix_bits.get() == 0 {
        "that depends on the number: everybody downloads the same file".to_owned()
    } else {
        format!(
            "of a scrambled number, never the number. {} people in the country would send the same",
            people(chosen.crowd.country)
        )
    }
}

fn seconds(bytes: u64) -> String {
    let [slow, ordinary] = LINES.map(|line| time(bytes, line));
    format!("{slow} seconds on a slow line (1.6 Mbit/s), {ordinary} on an ordinary one (20 Mbit/s)")
}

fn certainty(plan: &Plan) -> String {
    plan.certainty().map_or("?".to_owned(), percent)
}

fn certainty_note(plan: &Plan) -> String {
    match plan.certainty() {
        Some(_) => format!(
            "are in it, if everybody asked once. Told so falsely: {} people",
            people(plan.false_alarms())
        ),
        None => {
            "are in it, which cannot be computed: the list has as many NIKs as there are people"
                .to_owned()
        }
    }
}

fn warnings(report: &Report) -> String {
    let of_plan = planned::warnings(&report.plan, report.words_tried())
        .into_iter()
        .map(str::to_owned);
    let harms = report
        .harms
        .iter()
        .map(|(_, harm)| format!("build will refuse this: {harm}"));
    of_plan
        .chain(report.other_population())
        .chain(harms)
        .map(|warning| {
            format!(
                "<p class=\"warning\">{}.</p>",
                escape(&first_upper(&warning))
            )
        })
        .collect()
}

/// Other certainties than the one that was chosen, and what they would give.
const OTHER_CERTAINTIES: [f64; 4] = [0.9, 0.95, 0.99, 0.999];

fn decide_certainty(report: &Report) -> String {
    let plan = &report.plan;
    let share = |plan: &Plan| plan.enumerators_share(PLAUSIBLE_NIKS);
    let others: Vec<String> = OTHER_CERTAINTIES
        .iter()
        .filter_map(|&certainty| {
            let wishes = Wishes {
                certainty,
                false_positive_rate: None,
                prefix_bits: None,
                ..plan.wishes
            };
            let other = Plan::new(plan.distinct, &wishes).ok()?;
            let reached = other.certainty()?;
            let differs = other.false_positive_rate != plan.false_positive_rate
                && (reached - certainty).abs() < 1e-9;
            differs.then(|| {
                format!(
                    "{} for readers, {} for the attacker",
                    percent(certainty),
                    percent(share(&other))
                )
            })
        })
        .collect();
    let here = format!(
        "In this plan, of the readers who are told “in the list” {} are in it, and {} of what an attacker finds is true.",
        certainty(plan),
        percent(share(plan))
    );
    match plan.rate_reason {
        RateReason::EverybodyListed => {
            "It cannot be computed for a list of as many NIKs as there are people.".to_owned()
        }
        RateReason::Highest => {
            here + " A lower certainty changes nothing for a list of this length: of those who are not in it, no more than 1 in 100 is told that they are."
        }
        _ if others.is_empty() => here,
        _ => format!("{here} Also possible: {}.", others.join("; ")),
    }
}

fn decide_lock(report: &Report) -> String {
    let Price {
        enumerate,
        enumerate_name_locked: locked,
        ..
    } = report.price();
    format!(
        "Without it, reading the list out takes {} of a rented graphics card ({}), and {} of what is found is true. With it, {} ({}) and {}, where {} first words are \
         tried with each number. Readers then type the first word of their name as well; where it is spelt otherwise than in the list, they are told “not in this list”.",
        span(enumerate.rent.hours),
        dollars(enumerate.rent.dollars()),
        percent(enumerate.true_share),
        span(locked.rent.hours),
        dollars(locked.rent.dollars()),
        percent(locked.true_share),
        number(report.name_words)
    )
}

fn decide_kdf(report: &Report) -> String {
    let sentence = |kdf: &str, price: &Price| {
        format!(
            "With {kdf}, building takes {} core-hours of this computer, and reading the list out {} of a rented graphics card.",
            hours(price.build_core_hours),
            span(price.enumerate.rent.hours)
        )
    };
    format!(
        "{} {} The more it is, the longer a reader's telephone works for one check.",
        sentence("Argon2id", &report.argon2id),
        sentence("SHA-256", &report.sha256)
    )
}

fn knob_figure(report: &Report) -> String {
    match plot::knob(report) {
        Some(plot) => format!(
            "{plot}<figcaption><span class=\"key\"></span>by the number alone <span class=\"key locked\"></span>under a name lock, {} \
             first words tried with each number</figcaption>",
            number(report.name_words)
        ),
        None => "<p>Of a list of as many NIKs as there are people, no such curve can be drawn.</p>"
            .to_owned(),
    }
}

fn crowd_sentence(chosen: &Row) -> String {
    if chosen.prefix_bits.get() == 0 {
        return "This list is one file, so that everybody fetches the same.".to_owned();
    }
    format!(
        "Here {} people in the country would fetch the same file. Somebody who also knows the region, as a network address tells it, is left with {} in an average regency, and with \
         {} in the smallest.",
        people(chosen.crowd.country),
        people(chosen.crowd.average_regency),
        people(chosen.crowd.smallest_regency)
    )
}

fn price_rows(kdf: Kdf, price: &Price, rows: u64) -> String {
    format!(
        "<tbody><tr><th scope=\"rowgroup\" colspan=\"6\">{}</th></tr>\
         <tr><th scope=\"row\">Build</th><td>{}</td><td>{}</td><td></td><td></td><td></td></tr>{}{}</tbody>",
        kdf_name(kdf),
        number(rows),
        hours(price.build_core_hours),
        enumeration_row("Try all numbers", &price.enumerate),
        enumeration_row("With a name lock", &price.enumerate_name_locked)
    )
}

fn enumeration_row(name: &str, enumeration: &Enumeration) -> String {
    format!(
        "<tr><th scope=\"row\">{name}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        number(enumeration.candidates),
        hours(enumeration.core_hours),
        span(enumeration.rent.hours),
        dollars(enumeration.rent.dollars()),
        percent(enumeration.true_share)
    )
}

fn table_row(row: &Row, is_chosen: bool) -> String {
    let note = if row.filter.is_none() {
        "too long"
    } else if row.empty_shards {
        "empty files"
    } else if row.has_small_crowd() {
        "small crowd"
    } else if is_chosen {
        "chosen"
    } else {
        ""
    };
    let [slow, ordinary] = LINES.map(|line| escape(&time(row.shard_bytes, line)));
    format!(
        "<tr{}><th scope=\"row\">{}<small>{note}</small></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{slow}</td><td>{ordinary}</td></tr>",
        if is_chosen { " class=\"this\"" } else { "" },
        row.prefix_bits.get(),
        number(row.prefix_bits.shards().into()),
        size(row.shard_bytes),
        size(row.site_bytes()),
        people(row.crowd.country),
        people(row.crowd.average_regency),
        people(row.crowd.smallest_regency),
    )
}

fn number(number: u64) -> String {
    HumanCount(number).to_string()
}

/// Hours in the unit that a person would choose.
fn span(hours: f64) -> String {
    const IN_A_DAY: f64 = 24.0;
    const IN_A_YEAR: f64 = 365.25 * IN_A_DAY;
    let minutes = hours * 60.0;
    if minutes < 1.0 {
        "less than a minute".to_owned()
    } else if minutes < 99.5 {
        count(minutes.round() as u64, "minute", "minutes")
    } else if hours < 999.5 {
        format!("{hours:.0} hours")
    } else if hours < 2.0 * IN_A_YEAR {
        format!("{:.0} days", hours / IN_A_DAY)
    } else if hours < 99.5 * IN_A_YEAR {
        format!("{:.1} years", hours / IN_A_YEAR)
    } else {
        format!("{} years", HumanCount((hours / IN_A_YEAR).round() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_that_people_know() {
        for (hours, words) in [
            (1e-6, "less than a minute"),
            (1.0 / 60.0, "1 minute"),
            (1.5, "90 minutes"),
            (103.4, "103 hours"),
            (2_400.0, "100 days"),
            (103_497.0, "11.8 years"),
            (1e9, "114,077 years"),
        ] {
            assert_eq!(span(hours), words);
        }
    }
}

//! The plan as one page that needs nothing else: no script, no network, one style that its policy names by hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::key::Kdf;
use cek_nik::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik::plan::choice::Row;
use cek_nik::plan::crowd::{SMALL_CROWD, SMALLEST_REGENCY};
use cek_nik::plan::price::{ARGON2_GPU, Enumeration, Price, RENT_SOURCE, SHA256_GPU};
use indicatif::{HumanBytes, HumanCount};
use sha2::{Digest, Sha256};

use super::text::{dollars, hours, note, people, speed_sentence, time};
use super::{LINES, Report, plot};
use crate::cli::planned;

const PAGE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");

pub fn page(report: &Report, date: &str) -> String {
    let plan = &report.plan;
    let chosen = &plan.chosen;
    let lines = planned::lines(plan, report.kdf);
    let price = report.price();
    let bits = chosen.prefix_bits.get();
    let values = [
        (
            "style_hash",
            format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE))),
        ),
        ("style", STYLE.to_owned()),
        ("date", date.to_owned()),
        ("rows", count(plan.distinct)),
        ("population", count(plan.wishes.population)),
        (
            "bits",
            match bits {
                0 => "nothing".to_owned(),
                1 => "1 bit".to_owned(),
                bits => format!("{bits} bits"),
            },
        ),
        ("bits_note", bits_note(chosen)),
        ("shard", HumanBytes(chosen.shard_bytes).to_string()),
        ("seconds", escape(&time(chosen.shard_bytes, LINES[0]))),
        (
            "certainty",
            plan.certainty()
                .map_or("how many".to_owned(), planned::percent),
        ),
        ("certainty_note", certainty_note(report).to_owned()),
        ("true_share", planned::percent(price.enumerate.true_share)),
        (
            "lines",
            lines
                .iter()
                .map(|line| format!("<li>{}</li>", escape(&first_upper(line))))
                .collect(),
        ),
        ("warnings", warnings(report)),
        ("knob_plot", plot::knob(report)),
        ("crowd_plot", plot::crowd(report)),
        ("small_crowd", count(SMALL_CROWD as u64)),
        (
            "table",
            plan.rows()
                .map(|row| table_row(&row, row.prefix_bits == chosen.prefix_bits))
                .collect(),
        ),
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
            people(PLAUSIBLE_NIKS as f64 / plan.distinct as f64),
        ),
        ("plausible", count(PLAUSIBLE_NIKS)),
        ("smallest", count(SMALLEST_REGENCY)),
        ("name_words", count(report.name_words)),
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
    let mut page = PAGE.to_owned();
    for (name, value) in values {
        page = page.replace(&format!("{{{{{name}}}}}"), &value);
    }
    page
}

fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

fn certainty_note(report: &Report) -> &'static str {
    match report.plan.certainty() {
        Some(_) => "are in it, if everybody asked once",
        None => "are in it cannot be computed: the list has as many NIKs as there are people",
    }
}

fn bits_note(chosen: &Row) -> String {
    if chosen.prefix_bits.get() == 0 {
        "everybody downloads the same file".to_owned()
    } else {
        format!(
            "that {} people in the country share",
            people(chosen.crowd.country)
        )
    }
}

fn warnings(report: &Report) -> String {
    let of_plan = planned::warnings(&report.plan)
        .into_iter()
        .map(str::to_owned);
    let harms = report
        .harms
        .iter()
        .map(|harm| format!("build will refuse this: {harm}"));
    of_plan
        .chain(harms)
        .map(|warning| {
            format!(
                "<p class=\"warning\">{}</p>",
                escape(&first_upper(&warning))
            )
        })
        .collect()
}

fn table_row(row: &Row, is_chosen: bool) -> String {
    let note = if is_chosen && note(row).is_empty() {
        "chosen"
    } else {
        note(row)
    };
    format!(
        "<tr{}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{note}</td></tr>",
        if is_chosen { " class=\"this\"" } else { "" },
        row.prefix_bits.get(),
        count(row.prefix_bits.shards().into()),
        HumanBytes(row.shard_bytes),
        HumanBytes(row.site_bytes()),
        people(row.crowd.country),
        people(row.crowd.average_regency),
        people(row.crowd.smallest_regency),
        escape(&time(row.shard_bytes, LINES[0])),
        escape(&time(row.shard_bytes, LINES[1])),
    )
}

fn price_rows(kdf: Kdf, price: &Price, rows: u64) -> String {
    let kdf = planned::kdf(kdf);
    format!(
        "<tr><th scope=\"row\">Build, {kdf}</th><td>{}</td><td>{}</td><td></td><td></td><td></td></tr>{}{}",
        count(rows),
        hours(price.build_core_hours),
        enumeration_row(&format!("Try all numbers, {kdf}"), &price.enumerate),
        enumeration_row("the same under a name lock", &price.enumerate_name_locked)
    )
}

fn enumeration_row(name: &str, enumeration: &Enumeration) -> String {
    format!(
        "<tr><th scope=\"row\">{name}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        count(enumeration.candidates),
        hours(enumeration.core_hours),
        hours(enumeration.rent.hours),
        dollars(enumeration.rent.dollars()),
        planned::percent(enumeration.true_share)
    )
}

fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

//! The plan as a self-contained page: no script, no network, and one style, which its policy names
//! by hash. The templates hold the words, and read the object of `plan --json`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::filter::Bloom;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::anonymity_set::{SMALL_CROWD, SMALLEST_REGENCY};
use cek_nik_publisher::plan::choice::{Constraints, Plan};
use cek_nik_publisher::site::catalogue_document::KdfDocument;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use sha2::{Digest, Sha256};

use super::json::Document;
use super::plot;
use super::report::Report;
use super::text::speed_sentence;
use crate::output::plan_summary;
use crate::output::texts::{Language, Texts};

const STYLE: &str = include_str!("page.css");

const TEMPLATES: [(&str, &str); 5] = [
    ("plan.en.html", include_str!("plan.en.html")),
    ("plan.id.html", include_str!("plan.id.html")),
    ("plot.svg", include_str!("plot.svg")),
    ("knob.svg", include_str!("knob.svg")),
    ("anonymity_set.svg", include_str!("anonymity_set.svg")),
];

/// # Errors
///
/// A fault in the templates.
pub fn write(texts: Texts, report: &Report, date: &str) -> Result<String, minijinja::Error> {
    let plan = &report.plan;
    let page = context! {
        date,
        style => STYLE,
        style_hash => format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE))),
        plan => Serde(Document::of(report)),
        list => plan_summary::different(texts, plan.distinct, report.identifier),
        kdfs => report.costs().map(|(kdf, _)| (KdfDocument::of(kdf).name, kdf.to_string())),
        false_alarms => plan.false_alarms(),
        warnings => report.warnings(texts),
        other_certainties => other_certainties(plan),
        lines => plan_summary::lines(texts, plan, report.kdf, report.words_tried()),
        speed => speed_sentence(texts, report),
        longest => Bloom::MAX_BITS / 8,
        small_crowd => SMALL_CROWD as u64,
        smallest_regency => SMALLEST_REGENCY,
        frame => Serde(plot::FRAME),
        knob => Serde(plot::knob(report)),
        anonymity_set => Serde(plot::anonymity_set(plan)),
    };
    let name = match texts.language() {
        Language::En => "plan.en.html",
        Language::Id => "plan.id.html",
    };
    environment(texts)?.get_template(name)?.render(page)
}

fn environment(texts: Texts) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, template) in TEMPLATES {
        environment.add_template(name, template)?;
    }
    environment.add_filter("count", move |count: u64, unit: &str| {
        texts.count(unit, count)
    });
    environment.add_filter("digits", move |number: f64| {
        texts.digits(number.to_string())
    });
    environment.add_filter("dollars", move |dollars: f64| texts.dollars(dollars));
    environment.add_filter("duration", move |hours: f64| texts.duration(hours));
    environment.add_filter("first_upper", first_upper);
    environment.add_filter("hours", move |hours: f64| texts.hours(hours));
    environment.add_filter("number", move |number: u64| texts.number(number));
    environment.add_filter("people", move |people: f64| texts.people(people));
    environment.add_filter("percent", move |share: f64| texts.percent(share));
    environment.add_filter("px", |position: f64| format!("{position:.1}"));
    environment.add_filter("seconds", move |seconds: f64| texts.seconds(seconds));
    environment.add_filter("size", move |bytes: u64| texts.size(bytes));
    environment.add_filter("tick", move |label: &str| tick(texts, label));
    environment.add_function("text", move |path: &str, values: Kwargs| {
        text(texts, path, &values)
    });
    Ok(environment)
}

/// A text with the named values.
fn text(texts: Texts, path: &str, values: &Kwargs) -> Result<String, minijinja::Error> {
    let names = values.args();
    let found: Vec<(&str, String)> = names
        .map(|name| Ok((name, values.get(name)?)))
        .collect::<Result<_, minijinja::Error>>()?;
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    Ok(texts.fill(path, &found))
}

/// The label of an axis: `1,000`, `10 million`, `99.9 %`.
fn tick(texts: Texts, label: &str) -> String {
    match label.strip_suffix(" million") {
        Some(millions) => texts.fill("/plan/plot/million", &[("n", millions)]),
        None => texts.digits(label.to_owned()),
    }
}

/// Other certainties than the chosen one, each with the true share of what an attacker finds.
fn other_certainties(plan: &Plan) -> Vec<(f64, f64)> {
    let other = |certainty: f64| {
        let constraints = Constraints {
            certainty,
            false_positive_rate: None,
            prefix_bits: None,
            ..plan.constraints
        };
        let other = Plan::new(plan.distinct, &constraints).ok()?;
        let is_reached = (other.certainty()? - certainty).abs() < 1e-9;
        let differs = other.false_positive_rate != plan.false_positive_rate;
        (is_reached && differs).then(|| (certainty, other.enumerators_share(PLAUSIBLE_NIKS)))
    };
    [0.9, 0.95, 0.99, 0.999]
        .into_iter()
        .filter_map(other)
        .collect()
}

/// A sentence that begins with a capital.
fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use cek_nik::identifier::IdentifierKind;
    use cek_nik::key::{Argon2Cost, Kdf};
    use cek_nik::prefix::PrefixBits;
    use cek_nik_publisher::plan::cost::{CoreSpeed, Cost};
    use cek_nik_publisher::staging::overwrite_guard::{self, Writer};

    use super::*;

    fn page(
        language: Language,
        distinct: u64,
        constraints: &Constraints,
        kdf: Kdf,
        identifier: IdentifierKind,
    ) -> String {
        let plan = Plan::new(distinct, constraints).unwrap();
        let speed = CoreSpeed {
            sha256: 2e7,
            argon2id: 60.0,
        };
        let report = Report {
            identifier,
            kdf,
            cost: Argon2Cost::OWASP,
            speed,
            measured_on: None,
            name_words: 1_000,
            sha256: Cost::of(&plan, Kdf::Sha256, speed.sha256, 1_000),
            argon2id: Cost::of(
                &plan,
                Kdf::Argon2id(Argon2Cost::OWASP),
                speed.argon2id,
                1_000,
            ),
            risks: vec![("some_risk", "of <b> & \"c\"".to_owned())],
            plan,
        };
        write(Texts::new(language), &report, "2026-11-23").unwrap()
    }

    #[test]
    fn no_plan_leaves_a_gap_in_the_page() {
        let constraints = |prefix_bits, certainty, population| Constraints {
            prefix_bits: PrefixBits::new(prefix_bits),
            certainty,
            population,
            ..Constraints::default()
        };
        let all = Constraints::default();
        let tiny = Constraints {
            max_whole_bytes: 1,
            max_shard_bytes: 1,
            ..all
        };
        let argon2id = Kdf::Argon2id(Argon2Cost::OWASP);
        let (nik, name) = (IdentifierKind::Nik, IdentifierKind::NikAndName);
        for (distinct, constraints, kdf, identifier, plots) in [
            (279_000_000, all, argon2id, nik, 2),
            (1_000_000, all, Kdf::Sha256, name, 2),
            (300_000_000, all, argon2id, nik, 1),
            (1, all, argon2id, nik, 2),
            (100, tiny, argon2id, nik, 2),
            (
                60_000_000,
                constraints(14, 0.9, 400_000_000),
                argon2id,
                nik,
                2,
            ),
            (5_000, constraints(2, 0.999, 5_000), Kdf::Sha256, nik, 1),
        ] {
            for language in [Language::En, Language::Id] {
                let page = page(language, distinct, &constraints, kdf, identifier);
                for gap in ["{{", "{%", "NaN", "inf<", "none", "undefined", "/plan"] {
                    let body = page.replace(STYLE, "").replace("'none'", "");
                    assert!(!body.contains(gap), "{distinct}: {gap}");
                }
                assert_eq!(page.matches("<svg ").count(), plots, "{distinct}");
                assert_eq!(page.matches("<tr class=\"this\">").count(), 1, "{distinct}");
                assert!(page.contains("of &lt;b&gt; &amp; &quot;c&quot;.</p>"));
            }
        }
    }

    #[test]
    fn a_later_plan_recognizes_the_page_as_its_own() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plan.html");
        let nik = IdentifierKind::Nik;
        for language in [Language::En, Language::Id] {
            let page = page(language, 1_000, &Constraints::default(), Kdf::Sha256, nik);
            std::fs::write(&path, page).unwrap();
            overwrite_guard::check(&path, Writer::Plan).unwrap();
        }
    }

    #[test]
    fn both_pages_show_the_same_figures() {
        let figures = |page: &str| -> Vec<String> {
            let in_braces = |part: &str| part.split_once("}}").map(|(figure, _)| figure.to_owned());
            let mut figures: Vec<String> = page.split("{{").skip(1).filter_map(in_braces).collect();
            figures.retain(|figure| !figure.contains("text(") && !figure.contains("source"));
            figures.sort_unstable();
            figures
        };
        let [english, indonesian] = ["plan.en.html", "plan.id.html"].map(|name| {
            let (_, page) = TEMPLATES
                .into_iter()
                .find(|(other, _)| *other == name)
                .unwrap();
            figures(page)
        });
        assert!(english.len() > 50);
        assert_eq!(english, indonesian);
    }
}

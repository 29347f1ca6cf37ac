//! The audit as one page that needs nothing else.

use cek_nik_audit::Audit;
use cek_nik_audit::dataset::DatasetAudit;
use cek_nik_audit::finding::{Finding, Severity};

use super::figures::{self, Row};
use super::plot;
use super::text::about;
use crate::output::number_format::{one_in, people, percent};
use crate::output::page::{escape, fill, first_upper, page};

const TEMPLATE: &str = include_str!("audit.html");
const DATASET: &str = include_str!("dataset.html");

pub fn write(audit: &Audit, date: &str) -> String {
    let attack = figures::attack(audit);
    let datasets = audit.datasets.iter().enumerate();
    page(
        TEMPLATE,
        &[
            ("date", date.to_owned()),
            ("summary", escape(&figures::summary(audit))),
            ("findings", audit.findings.iter().map(finding).collect()),
            ("site", rows(&figures::site(audit))),
            (
                "datasets",
                datasets
                    .map(|(place, figures)| dataset(audit, place, figures))
                    .collect(),
            ),
            (
                "method",
                escape(&figures::method(audit).unwrap_or_default()),
            ),
            (
                "attack",
                if attack.is_empty() {
                    "<p>Nothing was tried out.</p>".to_owned()
                } else {
                    attack
                        .iter()
                        .map(|line| format!("<p>{}</p>", escape(line)))
                        .collect()
                },
            ),
        ],
    )
}

fn finding(finding: &Finding) -> String {
    let (class, weight) = match finding.kind.severity {
        Severity::Wrong => ("wrong", "Wrong"),
        Severity::Warning => ("look", "To look at"),
        Severity::Note => ("note", "To know"),
    };
    format!(
        "<li class=\"{class}\"><h3>{weight}: {}</h3><p>{}.</p><p>{}</p><p><b>What to do:</b> {}</p></li>",
        escape(&about(finding)),
        escape(&first_upper(&finding.what)),
        escape(finding.kind.why),
        escape(finding.kind.next)
    )
}

fn dataset(audit: &Audit, place: usize, dataset: &DatasetAudit) -> String {
    let name = format!("rows-{place}");
    let by_bits =
        |words: Option<String>| words.map_or(String::new(), |words| format!("{words} by the bits"));
    let certainty = dataset
        .promised
        .certainty
        .map_or("cannot be computed".to_owned(), percent);
    let found = dataset.found.as_ref();
    fill(
        DATASET,
        &[
            ("place", place.to_string()),
            ("id", escape(&dataset.id)),
            ("verified", figures::number(dataset.verified)),
            ("shards", figures::number(dataset.dataset.prefix_bits().shards().into())),
            ("people", people(dataset.crowd.country)),
            ("certainty", certainty),
            (
                "certainty_found",
                by_bits(found.map(|found| found.certainty.map_or("not to be computed".to_owned(), percent))),
            ),
            ("rate", one_in(dataset.dataset.false_positive_rate())),
            (
                "rate_found",
                by_bits(dataset.bits.as_ref().map(|bits| one_in(bits.false_positive_rate))),
            ),
            ("true_share", percent(dataset.promised.true_share)),
            ("true_share_found", by_bits(found.map(|found| percent(found.true_share)))),
            (
                "plot",
                plot::rows(dataset, &name).map_or(String::new(), |plot| {
                    format!(
                        "<figure>{plot}<figcaption><span class=\"key bar\"></span>shards with so many rows <span class=\"key \
                         limit\"></span>with more, there are more false positives than the catalogue promises</figcaption></figure>"
                    )
                }),
            ),
            ("rows", rows(&figures::dataset(audit, place, dataset))),
        ],
    )
}

fn rows(rows: &[Row]) -> String {
    rows.iter()
        .map(|(name, value)| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
                first_upper(name),
                escape(value)
            )
        })
        .collect()
}

//! Report of an audit for a terminal: findings first.

use std::io::{self, Write};

use cek_nik_audit::Audit;
use cek_nik_audit::finding::{Finding, Severity};
use cek_nik_audit::sentence::Wording;

use super::figures::{self, Row};
use crate::output::sanitize::printable;
use crate::output::texts::Texts;

pub fn write(texts: Texts, audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", figures::summary(texts, audit.counts))?;
    for found in &audit.findings {
        finding(texts, found, out)?;
    }
    writeln!(out, "\n{}", texts.text("/site/heading"))?;
    rows(&figures::site(texts, audit), out)?;
    for dataset in &audit.datasets {
        let id = [("id", &*dataset.id)];
        writeln!(out, "\n{}", texts.fill("/site/dataset", &id))?;
        rows(&figures::dataset(texts, audit, dataset), out)?;
    }
    if let Some(method) = figures::method(texts, audit) {
        writeln!(out, "\n{method}")?;
    }
    if let (Some(cost), Some(catalogue)) = (&audit.cost, &audit.catalogue) {
        writeln!(out, "\n{}", texts.text("/audit/cost/heading"))?;
        for line in figures::cost(texts, cost, catalogue.identifier()) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

pub fn finding(texts: Texts, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let severity = severity(texts, finding.rule.severity);
    // The longest word, and two blanks behind it.
    let names = SEVERITIES.map(|level| self::severity(texts, level).len());
    let indent = names.into_iter().max().unwrap_or_default() + 2;
    writeln!(
        out,
        "\n{severity:<indent$}{}: {}",
        printable(&about(texts, finding)),
        printable(&finding.what.say(&texts))
    )?;
    let why = texts.words(finding.rule.why);
    let next = texts.words(finding.rule.next);
    let why = texts.fill("/finding/why", &[("why", why)]);
    let next = texts.fill("/finding/next", &[("next", next)]);
    writeln!(out, "{:indent$}{why}", "")?;
    writeln!(out, "{:indent$}{next}", "")
}

const SEVERITIES: [Severity; 3] = [Severity::Wrong, Severity::Warning, Severity::Note];

fn severity(texts: Texts, severity: Severity) -> &'static str {
    texts.text(match severity {
        Severity::Wrong => "/finding/severity/wrong",
        Severity::Warning => "/finding/severity/warning",
        Severity::Note => "/finding/severity/note",
    })
}

/// What a finding is about.
fn about(texts: Texts, finding: &Finding) -> String {
    match (&finding.dataset, &finding.file) {
        (Some(id), Some(file)) => {
            let values = [("dataset", &**id), ("file", file)];
            texts.fill("/finding/about/dataset_file", &values)
        }
        (Some(id), None) => texts.fill("/finding/about/dataset", &[("dataset", id)]),
        (None, Some(file)) => file.clone(),
        (None, None) => texts.text("/finding/about/site").to_owned(),
    }
}

fn rows(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    rows.iter()
        .try_for_each(|(name, value)| writeln!(out, "  {name:<17} {value}"))
}

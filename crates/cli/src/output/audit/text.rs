//! Report of an audit for a terminal: findings first.

use std::io::{self, Write};

use cek_nik_audit::Audit;
use cek_nik_audit::finding::{Finding, Severity};

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
    let severity = texts.text(match finding.rule.severity {
        Severity::Wrong => "/finding/severity/wrong",
        Severity::Warning => "/finding/severity/warning",
        Severity::Note => "/finding/severity/note",
    });
    writeln!(
        out,
        "\n{severity:<8} {}: {}",
        printable(&about(texts, finding)),
        printable(&finding.what)
    )?;
    let why = texts.fill("/finding/why", &[("why", finding.rule.why)]);
    let next = texts.fill("/finding/next", &[("next", finding.rule.next)]);
    writeln!(out, "         {why}")?;
    writeln!(out, "         {next}")
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

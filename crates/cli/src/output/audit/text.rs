//! Report of an audit for a terminal: findings first.

use std::io::{self, Write};

use cek_nik_audit::Audit;
use cek_nik_audit::finding::{Finding, Severity};

use super::figures::{self, Row};
use crate::output::sanitize::printable;

pub fn write(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", figures::summary(audit.counts))?;
    for found in &audit.findings {
        finding(found, out)?;
    }
    writeln!(out, "\nThe site")?;
    rows(&figures::site(audit), out)?;
    for dataset in &audit.datasets {
        writeln!(out, "\nData set \"{}\"", dataset.id)?;
        rows(&figures::dataset(audit, dataset), out)?;
    }
    if let Some(method) = figures::method(audit) {
        writeln!(out, "\n{method}")?;
    }
    if let (Some(cost), Some(catalogue)) = (&audit.cost, &audit.catalogue) {
        writeln!(out, "\nCost of trying all numbers")?;
        for line in figures::cost(cost, catalogue.identifier()) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

pub fn finding(finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let severity = match finding.rule.severity {
        Severity::Wrong => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "NOTE",
    };
    writeln!(
        out,
        "\n{severity:<8} {}: {}",
        printable(&about(finding)),
        printable(&finding.what)
    )?;
    writeln!(out, "         Why: {}", finding.rule.why)?;
    writeln!(out, "         Do:  {}", finding.rule.next)
}

/// What a finding is about.
fn about(finding: &Finding) -> String {
    match (&finding.dataset, &finding.file) {
        (Some(id), Some(file)) => format!("data set \"{id}\", {file}"),
        (Some(id), None) => format!("data set \"{id}\""),
        (None, Some(file)) => file.clone(),
        (None, None) => "the site".to_owned(),
    }
}

fn rows(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    rows.iter()
        .try_for_each(|(name, value)| writeln!(out, "  {name:<17} {value}"))
}

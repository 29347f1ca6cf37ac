//! The audit for a terminal: findings first.

use std::io::{self, Write};

use cek_nik_audit::Audit;
use cek_nik_audit::finding::{Finding, Severity};

use super::figures::{self, Row};
use crate::output::shown::printable;

pub fn write(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", figures::summary(audit))?;
    for found in &audit.findings {
        finding(found, out)?;
    }
    writeln!(out, "\nThe site")?;
    rows(&figures::site(audit), out)?;
    for (place, dataset) in audit.datasets.iter().enumerate() {
        writeln!(out, "\nData set \"{}\"", dataset.id)?;
        rows(&figures::dataset(audit, place, dataset), out)?;
    }
    if let Some(method) = figures::method(audit) {
        writeln!(out, "\n{method}")?;
    }
    let attack = figures::attack(audit);
    if !attack.is_empty() {
        writeln!(out, "\nTried out")?;
    }
    for line in attack {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn finding(finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let weight = match finding.kind.severity {
        Severity::Wrong => "WRONG",
        Severity::Warning => "LOOK AT",
        Severity::Note => "KNOW",
    };
    writeln!(
        out,
        "\n{weight:<8} {}: {}",
        printable(&about(finding)),
        printable(&finding.what)
    )?;
    writeln!(out, "         Why: {}", finding.kind.why)?;
    writeln!(out, "         Do:  {}", finding.kind.next)
}

/// What a finding is about.
pub fn about(finding: &Finding) -> String {
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

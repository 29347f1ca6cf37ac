//! Report of `cek-nik verify` for a terminal.

use std::io::{self, Write};

use cek_nik_audit::verify::{DatasetShards, Edition, PageDigest, Verification};
use cek_nik_publisher::site::WIDGET_NAME;

use super::audit::{figures, text};
use super::number_format::count;
use super::sanitize::printable;

pub fn write(verification: &Verification, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", figures::summary(verification.counts))?;
    for finding in &verification.findings {
        text::finding(finding, out)?;
    }
    writeln!(out, "\nThe site")?;
    if let Some(edition) = &verification.edition {
        row("edition", &described(edition), out)?;
        let signature = match &verification.signature {
            None => "none that is good".to_owned(),
            Some(signed) if signed.verified => format!("\"{}\", verified", signed.comment),
            Some(signed) => format!("\"{}\", not verified", signed.comment),
        };
        row("signature", &signature, out)?;
    }
    if let Some(key) = &verification.pinned_key {
        row("key in pages", &key.to_string(), out)?;
    }
    for DatasetShards {
        id,
        shards,
        verified,
    } in &verification.datasets
    {
        let verified = format!(
            "{verified} of {} verified",
            count(*shards, "shard", "shards")
        );
        row(&format!("\"{id}\""), &verified, out)?;
    }
    let pages = &verification.pages;
    let as_built = pages.iter().filter(|page| page.as_built).count();
    let version = env!("CARGO_PKG_VERSION");
    let all = count(pages.len() as u64, "page", "pages");
    row(
        "pages",
        &format!("{as_built} of {all} as built by cek-nik {version}"),
        out,
    )?;
    let is_shown = |page: &&PageDigest| page.file == WIDGET_NAME || !page.as_built;
    for page in pages.iter().filter(is_shown) {
        writeln!(out, "  {}\n    SHA-256 {}", page.file, page.sha256)?;
    }
    Ok(())
}

fn described(edition: &Edition) -> String {
    match (edition.number, &edition.published, &edition.expires) {
        (0, ..) => "without a number".to_owned(),
        (number, Some(published), Some(expires)) => {
            format!("{number}, published on {published}, valid until {expires}")
        }
        (number, ..) => format!("{number}, without an expiry"),
    }
}

fn row(name: &str, value: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {:<17} {}", printable(name), printable(value))
}

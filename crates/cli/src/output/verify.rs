//! Report of `cek-nik verify` for a terminal.

use std::io::{self, Write};

use cek_nik_audit::verify::{DatasetShards, Edition, PageDigest, Verification};
use cek_nik_publisher::site::WIDGET_NAME;

use super::audit::{figures, text};
use super::sanitize::printable;
use super::texts::Texts;

pub fn write(texts: Texts, verification: &Verification, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", figures::summary(texts, verification.counts))?;
    for finding in &verification.findings {
        text::finding(texts, finding, out)?;
    }
    writeln!(out, "\n{}", texts.text("/site/heading"))?;
    if let Some(edition) = &verification.edition {
        row(
            texts.text("/site/row/edition"),
            &described(texts, edition),
            out,
        )?;
        let signature = match &verification.signature {
            None => texts.text("/verify/signature/none").to_owned(),
            Some(signed) => {
                let path = if signed.verified {
                    "/verify/signature/verified"
                } else {
                    "/verify/signature/unverified"
                };
                texts.fill(path, &[("comment", &signed.comment)])
            }
        };
        row(texts.text("/site/row/signature"), &signature, out)?;
    }
    if let Some(key) = &verification.pinned_key {
        row(texts.text("/site/row/pinned_key"), &key.to_string(), out)?;
    }
    for DatasetShards {
        id,
        shards,
        verified,
    } in &verification.datasets
    {
        let values = [
            ("verified", &*verified.to_string()),
            ("shards", &*texts.count("shard", *shards)),
        ];
        let verified = texts.fill("/verify/shards", &values);
        row(&format!("\"{id}\""), &verified, out)?;
    }
    let pages = &verification.pages;
    let same = pages.iter().filter(|page| page.as_built).count();
    let values = [
        ("same", &*same.to_string()),
        ("pages", &*texts.count("page", pages.len() as u64)),
        ("version", env!("CARGO_PKG_VERSION")),
    ];
    let same = texts.fill("/verify/pages", &values);
    row(texts.text("/site/row/pages"), &same, out)?;
    let is_shown = |page: &&PageDigest| page.file == WIDGET_NAME || !page.as_built;
    for page in pages.iter().filter(is_shown) {
        writeln!(out, "  {}\n    SHA-256 {}", page.file, page.sha256)?;
    }
    Ok(())
}

fn described(texts: Texts, edition: &Edition) -> String {
    let number = edition.number.to_string();
    match (edition.number, &edition.published, &edition.expires) {
        (0, ..) => texts.text("/verify/edition/no_number").to_owned(),
        (_, Some(published), Some(expires)) => {
            let (published, expires) = (published.to_string(), expires.to_string());
            let values = [
                ("number", &*number),
                ("published", &*published),
                ("expires", &*expires),
            ];
            texts.fill("/verify/edition/dated", &values)
        }
        _ => texts.fill("/verify/edition/no_expiry", &[("number", &number)]),
    }
}

fn row(name: &str, value: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {:<17} {}", printable(name), printable(value))
}

//! Pages that need nothing else: no script, no network, one style that the policy of each names by hash.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik_publisher::staging::atomic_file::Appearing;
use sha2::{Digest, Sha256};

use super::shown;

pub mod plot;

const STYLE: &str = include_str!("page.css");

/// A whole page: a template with values and with the style.
pub fn page(template: &str, values: &[(&str, String)]) -> String {
    let hash = format!("sha256-{}", STANDARD.encode(Sha256::digest(STYLE)));
    let style = [("style_hash", hash), ("style", STYLE.to_owned())];
    fill(template, &[&style, values].concat())
}

/// A template with values in the places that it names in double braces. What stands in a value is not looked at.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let value = |wanted: &str| {
        let found = values.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or_default();
        filled += before;
        filled += value(name);
        rest = after;
    }
    filled + rest
}

/// How far into a page the line stands that names the command which has written it.
const KICKER_WITHIN: u64 = 64 << 10;

/// Only a page that the same command has written is replaced: whoever mistypes a name may lose the only copy of a list.
pub fn refuse_place(path: &Path, command: &str) -> anyhow::Result<()> {
    let shown = shown::path(path);
    let cannot = || format!("cannot write {shown}");
    match path.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let parent = path.parent().filter(|parent| *parent != Path::new(""));
            let is_there = parent.is_none_or(Path::is_dir);
            ensure!(
                is_there,
                "cannot write {shown}: there is no such directory; make it first"
            );
        }
        metadata => {
            let is_ours = metadata.with_context(cannot)?.is_file()
                && is_page_of(path, command).with_context(cannot)?;
            ensure!(
                is_ours,
                "{shown} is there already, and is no page of cek-nik {command}, which alone would be replaced: choose another name, or \
                 remove it yourself"
            );
        }
    }
    Ok(())
}

fn is_page_of(path: &Path, command: &str) -> io::Result<bool> {
    let mut begin = Vec::new();
    File::open(path)?
        .take(KICKER_WITHIN)
        .read_to_end(&mut begin)?;
    let kicker = format!("<p class=\"kicker\">cek-nik {command}, ");
    Ok(memchr::memmem::find(&begin, kicker.as_bytes()).is_some())
}

/// Writes a page, which is under its name only when it is whole.
pub fn save(path: &Path, page: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = Appearing::at(path)?;
        file.write_all(page.as_bytes())?;
        file.appear()
    };
    write().with_context(|| format!("cannot write {}", shown::path(path)))?;
    Ok(())
}

/// A sentence that begins with a capital.
pub fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// A text as it stands in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_page_of_the_same_command_is_replaced() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("page.html");
        let page = |command: &str| {
            let kicker = format!("<p class=\"kicker\">cek-nik {command}, 2026-11-23</p>");
            page(&format!("{{{{style}}}}{kicker}"), &[])
        };
        refuse_place(&path, "plan").unwrap();
        save(&path, &page("plan")).unwrap();
        refuse_place(&path, "plan").unwrap();
        for other in ["3201014107909001\n", "", &page("audit")] {
            std::fs::write(&path, other).unwrap();
            assert!(refuse_place(&path, "plan").is_err(), "{other}");
        }
        assert!(refuse_place(desk.path(), "plan").is_err());
        assert!(refuse_place(&desk.path().join("none/page.html"), "plan").is_err());
    }
}

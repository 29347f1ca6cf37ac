//! Classes of files: which belong to a site, and what the others look like.

use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME, edition_path};

/// What a file is to a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// `catalogue.json`.
    Catalogue,
    /// One of the pages and header files that every site has.
    Page,
    /// A shard of the catalogue.
    Shard,
    /// Something else beside the shards of this data set.
    BesideShards(String),
    /// Of a data set of the catalogue, but of another edition: the directory.
    OldEdition(String),
    /// Of a data set that the catalogue does not have: the directory.
    UnlistedDataset(String),
    /// Named like a shard, where clients refuse the part of the catalogue that would name it.
    Undecided,
    /// Something that nobody publishes on purpose, and what it looks like.
    LeftBehind(&'static str),
    /// Something that cek-nik does not know.
    Unknown,
}

/// Classifies a file by its name relative to the site.
///
/// Without a catalogue that clients accept, files below `data` that are named like shards are
/// undecided.
pub fn classify(name: &str, pages: &[&str], catalogue: Option<&Catalogue>) -> Class {
    if name == FILE_NAME {
        return Class::Catalogue;
    }
    if pages.contains(&name) {
        return Class::Page;
    }
    if let Some(looks_like) = looks_like(name) {
        return Class::LeftBehind(looks_like);
    }
    let parts: Vec<&str> = name.split('/').collect();
    match (parts.as_slice(), catalogue) {
        (["data", id, root, rest @ ..], Some(catalogue)) => in_data(id, root, rest, catalogue),
        (["data", _, root, file], None) => undecided(root, file),
        _ => Class::Unknown,
    }
}

fn in_data(id: &str, root: &str, rest: &[&str], catalogue: &Catalogue) -> Class {
    let entry = catalogue.datasets().iter().find(|entry| entry.id == id);
    let Some(entry) = entry else {
        return Class::UnlistedDataset(format!("data/{id}"));
    };
    let Ok(dataset) = &entry.dataset else {
        // Nobody knows the current edition of an entry that no client uses.
        return match rest {
            [file] => undecided(root, file),
            _ => Class::Unknown,
        };
    };
    let is_current = edition_path(id, dataset.root()) == format!("data/{id}/{root}");
    match rest {
        [_, ..] if !is_current => Class::OldEdition(format!("data/{id}/{root}")),
        [file] if is_shard(file, dataset) => Class::Shard,
        _ => Class::BesideShards(id.to_owned()),
    }
}

/// The length of a root in hexadecimal digits.
const ROOT_DIGITS: usize = 64;

fn undecided(root: &str, file: &str) -> Class {
    let is_root = root.len() == ROOT_DIGITS && root.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_root && shard_value(file).is_some() {
        Class::Undecided
    } else {
        Class::Unknown
    }
}

fn is_shard(file: &str, dataset: &Dataset) -> bool {
    shard_value(file).is_some_and(|value| value < dataset.prefix_bits().shards())
}

/// The prefix in the name of a shard. 1.cnk and 001E.cnk are no names of shards.
fn shard_value(file: &str) -> Option<u32> {
    let value = u32::from_str_radix(file.strip_suffix(".cnk")?, 16).ok()?;
    (file == format!("{value:04x}.cnk")).then_some(value)
}

/// What endings of names say, in lower case.
const ENDINGS: [(&str, &[&str]); 7] = [
    (
        "a table or list",
        &[
            "csv", "tsv", "psv", "txt", "xls", "xlsx", "xlsm", "ods", "dbf", "parquet", "jsonl",
            "ndjson",
        ],
    ),
    (
        "a database or a dump of one",
        &[
            "sql", "db", "sqlite", "sqlite3", "mdb", "accdb", "dump", "bson",
        ],
    ),
    (
        "a packed file",
        &[
            "gz", "zst", "bz2", "xz", "br", "zip", "7z", "rar", "tar", "tgz",
        ],
    ),
    (
        "a backup or an unfinished copy",
        &[
            "bak", "old", "orig", "tmp", "swp", "swo", "part", "save", "copy",
        ],
    ),
    ("a source map", &["map"]),
    (
        "a description for a build, or a setting",
        &["toml", "yaml", "yml", "ini", "env", "conf", "log"],
    ),
    (
        "a key or a certificate",
        &["pem", "key", "p12", "pfx", "kdbx"],
    ),
];

/// What hosts and search engines ask for by name.
const CUSTOMARY: [&str; 6] = [
    "robots.txt",
    "humans.txt",
    "ads.txt",
    "security.txt",
    "license.txt",
    "readme.txt",
];

/// What hosts look for, and is no secret.
const HIDDEN_ON_PURPOSE: [&str; 4] = [".well-known", ".htaccess", ".nojekyll", ".gitkeep"];

fn looks_like(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split('/').collect();
    let (file, directories) = parts.split_last()?;
    let is_hidden = |part: &&str| part.starts_with('.') && !HIDDEN_ON_PURPOSE.contains(part);
    if directories
        .iter()
        .any(|part| [".git", ".svn", ".hg"].contains(part))
    {
        return Some("a file of a version control system, which may hold all earlier files");
    }
    if CUSTOMARY.contains(file) {
        return None;
    }
    if file.ends_with('~') || file.starts_with('#') {
        return Some("a backup or an unfinished copy");
    }
    let (_, ending) = file.rsplit_once('.').unwrap_or_default();
    let by_ending = ENDINGS
        .iter()
        .find(|(_, endings)| endings.contains(&ending));
    by_ending
        .map(|(what, _)| *what)
        .or_else(|| parts.iter().any(is_hidden).then_some("a hidden file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_publishes_on_purpose() {
        for (name, what) in [
            ("daftar.CSV", "a table or list"),
            ("arsip/2021/bpjs.sql", "a database or a dump of one"),
            ("list.csv.gz", "a packed file"),
            ("index.html~", "a backup or an unfinished copy"),
            ("cek-nik.html.bak", "a backup or an unfinished copy"),
            ("cek-nik.js.map", "a source map"),
            ("catalogue.toml", "a description for a build, or a setting"),
            (".DS_Store", "a hidden file"),
            (
                ".git/objects/ab/cdef",
                "a file of a version control system, which may hold all earlier files",
            ),
        ] {
            assert_eq!(looks_like(name), Some(what), "{name}");
        }
        for name in [
            "CNAME",
            "favicon.ico",
            "robots.txt",
            ".well-known/security.txt",
            "404.html",
            "logo.svg",
            "cek/.htaccess",
        ] {
            assert_eq!(looks_like(name), None, "{name}");
        }
    }
}

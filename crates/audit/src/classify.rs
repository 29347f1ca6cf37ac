//! Classes of files: parts of a site, and all others by what they look like.

use crate::sentence::Phrase;
use cek_nik::catalogue::{Catalogue, Dataset, FILE_NAME, edition_path};
use cek_nik::signature;

/// Class of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// `catalogue.json`.
    Catalogue,
    /// `catalogue.json.minisig`.
    Signature,
    /// A page or header file that every site has.
    Page,
    /// A shard of the catalogue.
    Shard,
    /// Another file beside the shards of this data set.
    BesideShards(String),
    /// A file of another edition of a data set of the catalogue: the directory.
    OldEdition(String),
    /// A file of a data set that the catalogue does not have: the directory.
    UnlistedDataset(String),
    /// A file named like a shard, in a part of the site whose catalogue entry clients refuse.
    Undecided,
    /// A file that nobody publishes on purpose, and what it looks like.
    LeftBehind(Phrase),
    /// A file that cek-nik does not know.
    Unknown,
}

/// Classifies a file by its name relative to the site.
///
/// Without a catalogue that clients accept, files below `data` with names of shards are undecided.
pub fn classify(name: &str, pages: &[&str], catalogue: Option<&Catalogue>) -> Class {
    if name == FILE_NAME {
        return Class::Catalogue;
    }
    if name == signature::FILE_NAME {
        return Class::Signature;
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
        // The current edition of an entry that clients refuse is unknown.
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

/// The prefix in the name of a shard; `None` for other names, such as 1.cnk and 001E.cnk.
fn shard_value(file: &str) -> Option<u32> {
    let value = u32::from_str_radix(file.strip_suffix(".cnk")?, 16).ok()?;
    (file == format!("{value:04x}.cnk")).then_some(value)
}

/// What the ending of a name, in lower case, says about the file.
fn by_ending(ending: &str) -> Option<Phrase> {
    Some(match ending {
        "csv" | "tsv" | "psv" | "txt" | "xls" | "xlsx" | "xlsm" | "ods" | "dbf" | "parquet"
        | "jsonl" | "ndjson" => Phrase("a table or list"),
        "sql" | "db" | "sqlite" | "sqlite3" | "mdb" | "accdb" | "dump" | "bson" => {
            Phrase("a database or a dump of one")
        }
        "gz" | "zst" | "bz2" | "xz" | "br" | "zip" | "7z" | "rar" | "tar" | "tgz" => {
            Phrase("a packed file")
        }
        "bak" | "old" | "orig" | "tmp" | "swp" | "swo" | "part" | "save" | "copy" => UNFINISHED,
        "map" => Phrase("a source map"),
        "toml" | "yaml" | "yml" | "ini" | "env" | "conf" | "log" => {
            Phrase("a description for a build, or a setting")
        }
        "cnkkeys" | "keys" => Phrase("keys of a list"),
        "pem" | "key" | "p12" | "pfx" | "kdbx" => Phrase("a key or a certificate"),
        _ => return None,
    })
}

const UNFINISHED: Phrase = Phrase("a backup or an unfinished copy");

/// Text files that hosts and search engines request by name.
const CUSTOMARY: [&str; 6] = [
    "robots.txt",
    "humans.txt",
    "ads.txt",
    "security.txt",
    "license.txt",
    "readme.txt",
];

/// Hidden files that hosts look for.
const HIDDEN_ON_PURPOSE: [&str; 4] = [".well-known", ".htaccess", ".nojekyll", ".gitkeep"];

/// What a file looks like that nobody publishes on purpose.
fn looks_like(name: &str) -> Option<Phrase> {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split('/').collect();
    let (file, directories) = parts.split_last()?;
    let is_hidden = |part: &&str| part.starts_with('.') && !HIDDEN_ON_PURPOSE.contains(part);
    if directories
        .iter()
        .any(|part| [".git", ".svn", ".hg"].contains(part))
    {
        return Some(Phrase(
            "a file of a version control system, which may hold all earlier files",
        ));
    }
    if CUSTOMARY.contains(file) {
        return None;
    }
    if file.ends_with('~') || file.starts_with('#') {
        return Some(UNFINISHED);
    }
    let (_, ending) = file.rsplit_once('.').unwrap_or_default();
    let hidden = || {
        parts
            .iter()
            .any(is_hidden)
            .then_some(Phrase("a hidden file"))
    };
    by_ending(ending).or_else(hidden)
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
            ("2.cnkkeys", "keys of a list"),
            ("catalogue.toml", "a description for a build, or a setting"),
            (".DS_Store", "a hidden file"),
            (
                ".git/objects/ab/cdef",
                "a file of a version control system, which may hold all earlier files",
            ),
        ] {
            assert_eq!(looks_like(name), Some(Phrase(what)), "{name}");
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

//! Findings about the files that are not shards.

use cek_nik::catalogue::Catalogue;
use cek_nik::nik::Date;

use crate::classify::{Class, classify};
use crate::contents;
use crate::files::Files;
use crate::finding::{Finding, Rule, first_few};
use crate::pages::Pages;
use crate::rules;
use crate::sentence::{Phrase, say};

/// Findings about the files that are not shards.
pub fn findings(
    files: &Files,
    pages: &Pages,
    catalogue: Option<&Catalogue>,
    today: Date,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    // By class, so that a thousand files of one class are one finding.
    let mut groups: Vec<(Class, Vec<String>)> = Vec::new();
    let mut no_files = Vec::new();
    let names = pages.names();
    for file in files.all() {
        if !file.is_file() {
            no_files.push(file.name.clone());
            continue;
        }
        let class = classify(&file.name, &names, catalogue);
        if class == Class::Shard {
            continue;
        }
        findings.extend(contents::findings(file, pages, today));
        match groups.iter_mut().find(|(other, _)| *other == class) {
            Some((_, names)) => names.push(file.name.clone()),
            None => groups.push((class, vec![file.name.clone()])),
        }
    }
    findings.extend(
        groups
            .into_iter()
            .filter_map(|(class, names)| group(class, &names)),
    );
    if !no_files.is_empty() {
        let what = Phrase("neither a file nor a directory");
        findings.push(of_names(&rules::NOT_A_FILE, what, &no_files));
    }
    findings
}

/// The finding about all files of a class.
fn group(class: Class, names: &[String]) -> Option<Finding> {
    Some(match class {
        Class::Catalogue | Class::Signature | Class::Page | Class::Shard | Class::Undecided => {
            return None;
        }
        Class::BesideShards(id) => {
            let finding = match names {
                [name] => Finding::new(&rules::SHARD_EXTRA, say!("no prefix names")).of_file(name),
                names => {
                    let what = say!("no prefix names {names}", names = first_few(names));
                    Finding::new(&rules::SHARD_EXTRA, what)
                }
            };
            finding.of_dataset(&id)
        }
        Class::OldEdition(directory) => {
            of_directory(&rules::EDITION_LEFT_BEHIND, &directory, names)
        }
        Class::UnlistedDataset(directory) => {
            of_directory(&rules::DATASET_UNLISTED, &directory, names)
        }
        Class::LeftBehind(looks_like) => of_names(&rules::FILE_LEFT_BEHIND, looks_like, names),
        Class::Unknown => of_names(&rules::FILE_UNEXPECTED, Phrase("not cek-nik's"), names),
    })
}

fn of_names(rule: &'static Rule, what: Phrase, names: &[String]) -> Finding {
    match names {
        [name] => Finding::new(rule, what).of_file(name),
        names => Finding::new(
            rule,
            say!("{what}: {names}", what = what, names = first_few(names)),
        ),
    }
}

fn of_directory(rule: &'static Rule, directory: &str, names: &[String]) -> Finding {
    let what = match names.len() {
        1 => say!("1 file that no catalogue names"),
        count => say!(
            "{count} files that no catalogue names",
            count = count.to_string()
        ),
    };
    Finding::new(rule, what).of_file(directory)
}

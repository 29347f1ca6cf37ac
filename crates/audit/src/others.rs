//! What is wrong with the files that are not shards.

use super::classify::{Class, classify};
use super::contents::{self, first_few};
use super::files::{Files, SiteFile};
use super::finding::{Finding, Rule};
use super::pages::Pages;
use super::rules;
use cek_nik::catalogue::Catalogue;
use cek_nik::nik::Date;

/// What is wrong with the files that are not shards.
pub fn findings(
    files: &Files,
    pages: &Pages,
    catalogue: Option<&Catalogue>,
    today: Date,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut groups = Groups::default();
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
        groups.add(class, file);
        findings.extend(contents::findings(file, pages, today));
    }
    findings.extend(groups.into_findings());
    if !no_files.is_empty() {
        let what = "neither a file nor a directory:";
        findings.push(of_names(&rules::NOT_A_FILE, what, &no_files));
    }
    findings
}

/// Files that are there for the same reason, so that a thousand of them are one finding.
#[derive(Default)]
struct Groups(Vec<(Class, Vec<String>)>);

impl Groups {
    fn add(&mut self, class: Class, file: &SiteFile) {
        match self.0.iter_mut().find(|(other, _)| *other == class) {
            Some((_, names)) => names.push(file.name.clone()),
            None => self.0.push((class, vec![file.name.clone()])),
        }
    }

    fn into_findings(self) -> impl Iterator<Item = Finding> {
        self.0.into_iter().filter_map(|(class, names)| match class {
            Class::Catalogue | Class::Page | Class::Shard | Class::Undecided => None,
            Class::BesideShards(id) => {
                Some(of_names(&rules::SHARD_EXTRA, "no prefix names", &names).of_dataset(&id))
            }
            Class::OldEdition(directory) => Some(of_directory(
                &rules::EDITION_LEFT_BEHIND,
                &directory,
                &names,
            )),
            Class::UnlistedDataset(directory) => {
                Some(of_directory(&rules::DATASET_UNLISTED, &directory, &names))
            }
            Class::LeftBehind(looks_like) => Some(of_names(
                &rules::FILE_LEFT_BEHIND,
                &format!("{looks_like}:"),
                &names,
            )),
            Class::Unknown => Some(of_names(&rules::FILE_UNEXPECTED, "not cek-nik's:", &names)),
        })
    }
}

fn of_names(rule: &'static Rule, what: &str, names: &[String]) -> Finding {
    match names {
        [name] => Finding::new(rule, what.trim_end_matches(':')).of_file(name),
        names => Finding::new(rule, first_few(what, names)),
    }
}

fn of_directory(rule: &'static Rule, directory: &str, names: &[String]) -> Finding {
    let what = match names.len() {
        1 => "1 file that no catalogue names".to_owned(),
        count => format!("{count} files that no catalogue names"),
    };
    Finding::new(rule, what).of_file(directory)
}

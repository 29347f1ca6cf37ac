//! What is wrong with the files that are not shards.

use super::belongs::{Place, place};
use super::contents::{self, first_few};
use super::files::{Files, SiteFile};
use super::finding::{Finding, Kind};
use super::kinds;
use super::pages::Pages;
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
        let place = place(&file.name, &names, catalogue);
        if place == Place::Shard {
            continue;
        }
        groups.add(place, file);
        findings.extend(contents::findings(file, pages, today));
    }
    findings.extend(groups.into_findings());
    if !no_files.is_empty() {
        let what = "neither a file nor a directory:";
        findings.push(of_names(&kinds::NOT_A_FILE, what, &no_files));
    }
    findings
}

/// Files that are there for the same reason, so that a thousand of them are one finding.
#[derive(Default)]
struct Groups(Vec<(Place, Vec<String>)>);

impl Groups {
    fn add(&mut self, place: Place, file: &SiteFile) {
        match self.0.iter_mut().find(|(other, _)| *other == place) {
            Some((_, names)) => names.push(file.name.clone()),
            None => self.0.push((place, vec![file.name.clone()])),
        }
    }

    fn into_findings(self) -> impl Iterator<Item = Finding> {
        self.0.into_iter().filter_map(|(place, names)| match place {
            Place::Catalogue | Place::Page | Place::Shard | Place::Undecided => None,
            Place::BesideShards(id) => {
                Some(of_names(&kinds::SHARD_EXTRA, "no prefix names", &names).of_dataset(&id))
            }
            Place::OldEdition(directory) => Some(of_directory(
                &kinds::EDITION_LEFT_BEHIND,
                &directory,
                &names,
            )),
            Place::UnlistedDataset(directory) => {
                Some(of_directory(&kinds::DATASET_UNLISTED, &directory, &names))
            }
            Place::LeftBehind(looks_like) => Some(of_names(
                &kinds::FILE_LEFT_BEHIND,
                &format!("{looks_like}:"),
                &names,
            )),
            Place::Unknown => Some(of_names(&kinds::FILE_UNEXPECTED, "not cek-nik's:", &names)),
        })
    }
}

fn of_names(kind: &'static Kind, what: &str, names: &[String]) -> Finding {
    match names {
        [name] => Finding::new(kind, what.trim_end_matches(':')).of_file(name),
        names => Finding::new(kind, first_few(what, names)),
    }
}

fn of_directory(kind: &'static Kind, directory: &str, names: &[String]) -> Finding {
    let what = match names.len() {
        1 => "1 file that no catalogue names".to_owned(),
        count => format!("{count} files that no catalogue names"),
    };
    Finding::new(kind, what).of_file(directory)
}

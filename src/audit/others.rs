//! What is wrong with the files that are not shards.

use super::belongs::{Place, place};
use super::contents::{Content, MOST_READ, describe, first_few};
use super::files::SiteFile;
use super::finding::{Finding, Kind};
use super::kinds;
use super::pages::Pages;
use super::traces::encodings::find_all;
use crate::catalogue::{Catalogue, FILE_NAME};
use crate::publish::Job;

/// What is wrong with the files that are not shards.
pub fn findings(
    files: &[SiteFile],
    pages: &Pages,
    catalogue: Option<&Catalogue>,
    job: &Job,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut groups = Groups::default();
    let names = pages.names();
    for file in files {
        if file.bytes.is_none() {
            findings.push(
                Finding::new(&kinds::NOT_A_FILE, "it is neither a file nor a directory")
                    .of_file(&file.name),
            );
            continue;
        }
        let place = place(&file.name, &names, catalogue);
        if place == Place::Shard {
            continue;
        }
        groups.add(place, file);
        findings.extend(of_content(file, pages, job));
    }
    findings.extend(groups.into_findings());
    findings
}

/// NIKs in a file or in its name.
fn of_content(file: &SiteFile, pages: &Pages, job: &Job) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind: &'static Kind, what: String| {
        findings.push(Finding::new(kind, what).of_file(&file.name))
    };
    let in_name = find_all(file.name.as_bytes(), job.today);
    if !in_name.is_empty() {
        add(&kinds::NUMBER_FOUND, "its name reads as a NIK".to_owned());
    }
    let Ok(content) = Content::read(&file.path) else {
        add(&kinds::FILE_UNREADABLE, "it cannot be read".to_owned());
        return findings;
    };
    if pages.is_as_built(&file.name, &content.bytes) {
        return findings;
    }
    let texts = content.texts(job.today);
    if !texts.is_empty() {
        add(&kinds::NUMBER_FOUND, describe(&texts));
    } else if file.name == FILE_NAME && has_escaped_numbers(&content.bytes, job) {
        add(
            &kinds::NUMBER_FOUND,
            "it reads as a NIK where its characters are written as escapes".to_owned(),
        );
    }
    if content.spells_numbers(job.today) {
        add(
            &kinds::NUMBER_FOUND,
            "its bytes read as NIKs more often than chance gives: integers or packed decimals"
                .to_owned(),
        );
    }
    if content.cut {
        let what = format!("only its first {} MiB were read", MOST_READ >> 20);
        add(&kinds::NOT_MEASURED, what);
    }
    findings
}

/// JSON may write any character as an escape.
fn has_escaped_numbers(json: &[u8], job: &Job) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_slice(json);
    value.is_ok_and(|value| !find_all(value.to_string().as_bytes(), job.today).is_empty())
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

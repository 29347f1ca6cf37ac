use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, Salt};
use cek_nik::nik::DIGITS;
use cek_nik_publisher::config::error::ConfigError;
use cek_nik_publisher::config::placeholder::placeholders;
use cek_nik_publisher::config::steps::Steps;
use cek_nik_publisher::config::{self, Accepted, DatasetDescription, Description, parse_salt};
use cek_nik_publisher::input::{Input, Reading};
use cek_nik_publisher::pipeline::{self, Edition};
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::choice::Constraints;
use cek_nik_publisher::plan::cost::Rent;
use cek_nik_publisher::plan::risk;
use cek_nik_publisher::site::catalogue_document::{Publisher, Text};

use super::OUT_ALIAS;
use crate::args::{
    AccuracyOptions, HARM, HarmOptions, KeyOptions, LanguageOption, ListOptions, ReportOption,
    ResourceOptions,
};
use crate::job;
use crate::output::failure::{failed, own};
use crate::output::list_report;
use crate::output::progress::Bar;
use crate::output::report;
use crate::output::texts::Texts;

/// Build a static site from lists of NIKs
///
/// Builds one data set from one or more lists, or all data sets that a catalogue.toml describes.
///
/// A list is plain lines, CSV, TSV, or columns separated by ; or |, with or without a header, and
/// may be compressed as .gz or .zst. The path - is standard input. Rows without a valid NIK are
/// counted and never shown. The site on disk changes only when the new one is complete.
///
/// A list that has not changed since the last build keeps its shards, and no key is derived. The
/// directory .SITE.lists beside the site, which shows that, is private: do not upload it. To change
/// a site without its other lists, use `cek-nik add` and `cek-nik remove`.
///
/// Deriving keys with argon2id can take days. Until the site is published, the keys are kept in the
/// directory .SITE.keys beside it. After an interruption or a power cut, run the same command again
/// to continue. Keys are not NIKs, but they are as sensitive as the list. To give up a build,
/// delete that directory.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Lists, or one catalogue.toml
    #[arg(required_unless_present = "key_files", value_name = "LIST")]
    lists: Vec<PathBuf>,
    /// Key files of `cek-nik keys`, in any order; their rows are added to those of the lists
    ///
    /// Give lists before this option. The salt is that of the key files unless the site has one.
    /// Files of repeated work are recognized, and a missing part of a list is refused.
    #[arg(long = "keys", value_name = "FILE", num_args = 1..)]
    key_files: Vec<PathBuf>,
    /// Directory of the site; created if missing
    #[arg(long, alias = OUT_ALIAS, value_name = "SITE")]
    out: PathBuf,
    /// Data set id: a-z, 0-9 and hyphens [default: from the name of the first list]
    #[arg(long, value_parser = parse_id)]
    id: Option<String>,
    /// Discard the keys of an interrupted build and start with the first row
    #[arg(long)]
    start_over: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
    #[command(flatten)]
    list_options: ListOptions,
    #[command(flatten)]
    report: ReportOption,
    #[command(flatten)]
    accuracy: AccuracyOptions,
    #[command(flatten)]
    keys: KeyOptions,
    /// Salt: 32 hexadecimal digits [default: the salt of the site, or a random one]
    #[arg(long, value_name = "HEX", value_parser = parse_salt, help_heading = "Keys")]
    salt: Option<Salt>,
    #[command(flatten)]
    resources: ResourceOptions,
    #[command(flatten)]
    risks: HarmOptions,
    /// Build although the salt of the site changes
    ///
    /// A reader who checks again sends a second prefix. The two prefixes together narrow down who
    /// the reader is.
    #[arg(long, help_heading = HARM)]
    accept_new_salt: bool,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik build --out site list.csv
          Publish one list with the default settings
  cek-nik build --out site catalogue.toml
          Publish the lists that `cek-nik init` helped to describe

Exit status:
  0  the site was published
  2  nothing was published; the old site, if any, is unchanged";

pub(super) fn parse_id(id: &str) -> Result<String, ConfigError> {
    config::check_id(id).map(|()| id.to_owned())
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let mut description = arguments.description(texts)?;
    description.accepted = arguments.accepted();
    list_report::check(texts, arguments.report.report.as_deref())?;
    warn_of_enumeration(texts, &description);
    warn_of_placeholders(texts, &description);
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new(texts);
    let job = job::on_all_cores(&bar, &stop, arguments.resources.memory())?;
    let published = pipeline::run(&description, &arguments.out, &job);
    bar.end();
    if let Ok(published) = &published {
        // With key files, nobody knows in which of both a row is repeated.
        let of_lists = |edition: &&Edition| edition.key_files.files == 0;
        for edition in published.editions.iter().filter(of_lists) {
            bar.report.count_distinct(&edition.id, edition.distinct);
        }
    }
    if let Some(path) = &arguments.report.report {
        bar.report.save(texts, path)?;
    }
    match published {
        Ok(published) => {
            let steps = &description.steps;
            report::published(texts, &published, &arguments.out, steps, job.memory);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(failed(texts, error)),
    }
}

impl Arguments {
    fn accepted(&self) -> Accepted {
        let mut accepted = self.risks.accepted();
        accepted.risks.new_salt = self.accept_new_salt;
        accepted.start_over = self.start_over;
        accepted
    }

    fn description(&self, texts: Texts) -> anyhow::Result<Description> {
        if !self.lists.iter().any(|path| is_description(path)) {
            return self.one_dataset(texts);
        }
        let [path] = self.lists.as_slice() else {
            bail!(own(
                texts,
                "/failure/cli/list_and_description",
                "lists and a catalogue.toml cannot be combined: name the lists in the file"
            ));
        };
        ensure!(
            self.id.is_none()
                && self.key_files.is_empty()
                && self.salt.is_none()
                && self.list_options == ListOptions::default()
                && self.accuracy == AccuracyOptions::default()
                && self.keys == KeyOptions::default(),
            own(
                texts,
                "/failure/cli/description_options",
                "a catalogue.toml takes no options but --out, --memory, --accept-... and \
                 --start-over: write the others into the file"
            )
        );
        Description::read(path).map_err(|error| failed(texts, error))
    }

    fn one_dataset(&self, texts: Texts) -> anyhow::Result<Description> {
        let failed = |error| failed(texts, error);
        let identifier = self.keys.identifier();
        let reading = self.list_options.reading(identifier).map_err(failed)?;
        let constraints = self.accuracy.constraints().map_err(failed)?;
        let of_files = || id_from_name(&self.key_files);
        let id = self.id.clone();
        let id = id.or_else(|| self.lists.is_empty().then(of_files));
        Ok(Description {
            publisher: Publisher::default(),
            site: None,
            title: Text::default(),
            introduction: Text::default(),
            identifier,
            kdf: self.keys.kdf().map_err(failed)?,
            salt: self.salt,
            datasets: vec![DatasetDescription {
                key_files: self.key_files.clone(),
                ..dataset(&self.lists, id.as_deref(), &reading, constraints).map_err(failed)?
            }],
            steps: Steps::default(),
            valid_days: None,
            key: None,
            mirrors: Vec::new(),
            complete: false,
            accepted: Accepted::default(),
        })
    }
}

/// Whether a path is a description, by its extension.
pub(super) fn is_description(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml")
}

/// The data set of some lists, with its id as the title.
pub(super) fn dataset(
    lists: &[PathBuf],
    id: Option<&str>,
    reading: &Reading,
    constraints: Constraints,
) -> Result<DatasetDescription, ConfigError> {
    let id = match id {
        Some(id) => id.to_owned(),
        None => id_from_name(lists),
    };
    config::check_id(&id)?;
    let input = |path: &PathBuf| Input {
        path: path.clone(),
        reading: reading.clone(),
    };
    Ok(DatasetDescription {
        title: Text {
            id: id.clone(),
            en: id.clone(),
        },
        id,
        inputs: lists.iter().map(input).collect(),
        constraints,
        ..DatasetDescription::default()
    })
}

/// The id for lists without `--id`: `data-bpjs` for `Data BPJS.csv.gz`, and `list` for a file name
/// with enough digits for a NIK.
fn id_from_name(lists: &[PathBuf]) -> String {
    let name = lists
        .first()
        .and_then(|path| path.file_name())
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let words: Vec<&str> = stem
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let id: String = words.join("-").chars().take(64).collect();
    let digits = stem.chars().filter(|c| c.is_numeric()).count();
    if id.is_empty() || digits >= DIGITS {
        "list".to_owned()
    } else {
        id
    }
}

fn warn_of_placeholders(texts: Texts, description: &Description) {
    let placeholders = placeholders(&description.publisher);
    if !placeholders.is_empty() {
        let values = [("texts", &*placeholders.join(", "))];
        let words = texts.fill("/build/placeholders", &values);
        eprintln!("{}: {words}", texts.warning());
    }
}

fn warn_of_enumeration(texts: Texts, description: &Description) {
    let kdf = description.kdf;
    if !risk::is_cheap(kdf) {
        return;
    }
    let (with_name, next) = match description.identifier {
        IdentifierKind::Nik => ("", ""),
        IdentifierKind::NikAndName => (
            texts.text("/build/with_name"),
            texts.text("/build/next_name"),
        ),
    };
    let advice = texts.text(match kdf {
        Kdf::Sha256 => "/build/use_argon2id",
        Kdf::Argon2id(_) => "/build/default_cost",
    });
    let values = [
        ("kdf", &*kdf.to_string()),
        ("with_name", with_name),
        (
            "time",
            &*texts.rent_time(Rent::of(PLAUSIBLE_NIKS, kdf).hours),
        ),
        ("next", next),
        ("advice", advice),
    ];
    let words = texts.fill("/build/enumeration", &values);
    eprintln!("{}: {words}", texts.warning());
}

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
use cek_nik_publisher::input::Input;
use cek_nik_publisher::job::Job;
use cek_nik_publisher::pipeline::{self, Edition};
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::cost::Rent;
use cek_nik_publisher::plan::risk;
use cek_nik_publisher::site::catalogue_document::{Publisher, Text};

use super::OUT_ALIAS;
use crate::args::{AccuracyOptions, KeyOptions, ListOptions, ResourceOptions};
use crate::output::hints::hinted;
use crate::output::list_report;
use crate::output::progress::Bar;
use crate::output::report;
use crate::today::today;

/// Build a static site from lists of NIKs
///
/// Builds one data set from one or more lists, or all data sets that a catalogue.toml describes.
///
/// A list is plain lines, CSV, TSV, or columns separated by ; or |, with or without a header, and
/// may be compressed as .gz or .zst. The path - is standard input. Rows without a valid NIK are
/// counted and never shown. The site on disk changes only when the new one is complete.
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
    list_options: ListOptions,
    /// Write how the lists are read, with every rejected line, as JSON
    ///
    /// The file holds no number and no name. An existing file is replaced only if it is such a
    /// report.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    report: Option<PathBuf>,
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

/// Risks that stop a build unless the publisher accepts them by name.
#[derive(clap::Args)]
#[command(next_help_heading = "Accepting harm")]
struct HarmOptions {
    /// Build although fewer than 50,000 people share a prefix
    ///
    /// The prefix then tells the host much about the reader who sends it.
    #[arg(long)]
    accept_small_crowd: bool,
    /// Build although reading all NIKs out of the site is cheap
    ///
    /// This is needed for more than 10,000 NIKs with keys that are cheap to compute, as with
    /// sha256.
    #[arg(long)]
    accept_enumeration: bool,
    /// Build although more than 1 in 100 rows of a list cannot be used
    ///
    /// The people in these rows are told "not in this list".
    #[arg(long)]
    accept_lost_rows: bool,
    /// Build although the last digits of many numbers seem to be lost
    ///
    /// Spreadsheets round long numbers. The people whose numbers were rounded are told "not in this
    /// list", and other numbers are published in their place.
    #[arg(long)]
    accept_lost_digits: bool,
    /// Build although the salt of the site changes
    ///
    /// A reader who checks again sends a second prefix. The two prefixes together narrow down who
    /// the reader is.
    #[arg(long)]
    accept_new_salt: bool,
}

fn parse_id(id: &str) -> Result<String, ConfigError> {
    config::check_id(id).map(|()| id.to_owned())
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut description = arguments.description()?;
    description.accepted = arguments.accepted();
    list_report::check(arguments.report.as_deref())?;
    warn_of_enumeration(&description);
    warn_of_placeholders(&description);
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new();
    let job = Job {
        today: today()?,
        progress: &bar,
        stop: &stop,
        threads: std::thread::available_parallelism()?.get(),
        memory: arguments.resources.memory(),
    };
    let published = pipeline::run(&description, &arguments.out, &job);
    bar.end();
    if let Ok(published) = &published {
        // With key files, nobody knows in which of both a row is repeated.
        let of_lists = |edition: &&Edition| edition.key_files.files == 0;
        for edition in published.editions.iter().filter(of_lists) {
            bar.report.count_distinct(&edition.id, edition.distinct);
        }
    }
    if let Some(path) = &arguments.report {
        bar.report.save(path)?;
    }
    match published {
        Ok(published) => {
            report::published(&published, &arguments.out, &description, job.memory);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(hinted(error.code(), error)),
    }
}

impl Arguments {
    fn accepted(&self) -> Accepted {
        let HarmOptions {
            accept_small_crowd: small_crowd,
            accept_enumeration: enumeration,
            accept_lost_rows: lost_rows,
            accept_lost_digits: lost_digits,
            accept_new_salt: new_salt,
        } = self.risks;
        Accepted {
            risks: risk::Accepted {
                small_crowd,
                enumeration,
                new_salt,
            },
            lost_rows,
            lost_digits,
            start_over: self.start_over,
            empty_shards: false,
        }
    }

    fn description(&self) -> anyhow::Result<Description> {
        let is_description = |path: &Path| path.extension().is_some_and(|e| e == "toml");
        if !self.lists.iter().any(|path| is_description(path)) {
            return self.one_dataset();
        }
        let [path] = self.lists.as_slice() else {
            bail!("lists and a catalogue.toml cannot be combined: name the lists in the file");
        };
        ensure!(
            self.id.is_none()
                && self.key_files.is_empty()
                && self.salt.is_none()
                && self.list_options == ListOptions::default()
                && self.accuracy == AccuracyOptions::default()
                && self.keys == KeyOptions::default(),
            "a catalogue.toml takes no options but --out, --memory, --accept-... and --start-over: \
             write the others into the file"
        );
        Description::read(path).map_err(|error| hinted(error.code(), error))
    }

    fn one_dataset(&self) -> anyhow::Result<Description> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None if self.lists.is_empty() => id_from_name(&self.key_files),
            None => id_from_name(&self.lists),
        };
        config::check_id(&id)?;
        let identifier = self.keys.identifier();
        let reading = self.list_options.reading(identifier)?;
        let title = Text {
            id: id.clone(),
            en: id.clone(),
        };
        Ok(Description {
            publisher: Publisher::default(),
            site: None,
            title: Text::default(),
            introduction: Text::default(),
            identifier,
            kdf: self.keys.kdf()?,
            salt: self.salt,
            datasets: vec![DatasetDescription {
                id,
                title,
                inputs: self
                    .lists
                    .iter()
                    .map(|path| Input {
                        path: path.clone(),
                        reading: reading.clone(),
                    })
                    .collect(),
                key_files: self.key_files.clone(),
                constraints: self.accuracy.constraints()?,
                ..DatasetDescription::default()
            }],
            steps: Steps::default(),
            complete: false,
            accepted: Accepted::default(),
        })
    }
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

fn warn_of_placeholders(description: &Description) {
    let placeholders = placeholders(&description.publisher);
    if !placeholders.is_empty() {
        eprintln!(
            "warning: the publisher still has texts of the template: {}. Readers see them on the \
             page; write your own into catalogue.toml.",
            placeholders.join(", ")
        );
    }
}

fn warn_of_enumeration(description: &Description) {
    let kdf = description.kdf;
    if !risk::is_cheap(kdf) {
        return;
    }
    let (with_name, next) = match description.identifier {
        IdentifierKind::Nik => ("", ""),
        IdentifierKind::NikAndName => (" with one first name", ", and then with the next name"),
    };
    let advice = match kdf {
        Kdf::Sha256 => "Use argon2id unless the list is too large for it.",
        Kdf::Argon2id(_) => "Leave out the argon2 cost: the default makes guessing expensive.",
    };
    eprintln!(
        "warning: with {kdf}, anyone with the site can try all 5.8 billion plausible \
         NIKs{with_name} in {} on a rented graphics card{next}. {advice}",
        Rent::of(PLAUSIBLE_NIKS, kdf).time()
    );
}

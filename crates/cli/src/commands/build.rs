use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::Kdf;
use cek_nik::nik::DIGITS;
use cek_nik_publisher::config::steps::Steps;
use cek_nik_publisher::config::{self, Accepted, DatasetDescription, Description, parse_salt};
use cek_nik_publisher::input::Input;
use cek_nik_publisher::job::Job;
use cek_nik_publisher::pipeline;
use cek_nik_publisher::plan::accuracy::PLAUSIBLE_NIKS;
use cek_nik_publisher::plan::cost::Rent;
use cek_nik_publisher::plan::risk;
use cek_nik_publisher::site::document::{Publisher, Text};

use crate::args::common_args::{CommonArgs, ListOptions};
use crate::output::hints::hinted;
use crate::output::list_report;
use crate::output::progress::Bar;
use crate::output::report;
use crate::today::today;

/// Turn lists of NIKs into a static site
///
/// Either one data set from one or more lists, or a described catalogue: `cek-nik build --out SITE catalogue.toml`.
///
/// Lists are plain lines, CSV, TSV, or separated by ; or |, with or without a header, also as .gz or .zst; - is standard
/// input. Rows that are no NIK are counted and never shown. The site changes only when everything is ready.
///
/// With argon2id, which can take days, the keys that are made are kept in the directory .SITE.keys beside the site until it is published: a build that
/// is stopped, or that a power cut ends, continues when the same command is given again. They are no NIKs, but belong where the list
/// belongs; to give a build up, delete that directory.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of the site; made when it does not exist
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// The id of the data set: a-z, 0-9 and hyphens [default: from the name of the first list]
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    options: ListOptions,
    #[command(flatten)]
    common_args: CommonArgs,
    /// Sixteen bytes as 32 hexadecimal digits [default: the salt of the site, or a random one]
    #[arg(long, value_name = "HEX")]
    salt: Option<String>,
    /// Build although fewer than 50,000 people in the country share a prefix: it then tells much about the reader who sends it
    #[arg(long)]
    accept_small_crowd: bool,
    /// Build although keys are so cheap, as with sha256, that all NIKs of the catalogue, more than 10,000, can be read out of the site at
    /// once
    #[arg(long)]
    accept_enumeration: bool,
    /// Build although more than one in a hundred rows of a list cannot be used: people in these rows
    /// are told "not in this list"
    #[arg(long)]
    accept_lost_rows: bool,
    /// Build although the last digits of many numbers seem to be lost, as after a spreadsheet: people
    /// are then told the wrong thing
    #[arg(long)]
    accept_lost_digits: bool,
    /// Build although the site has another salt now: a reader who checks again sends a second prefix, and the two together narrow down who
    /// it is
    #[arg(long)]
    accept_new_salt: bool,
    /// Write how the lists are read, with every rejected line, as JSON; never a number or a name. Only
    /// such a file is replaced
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Throw away the keys that a stopped build of this site has left, and begin with the first row
    #[arg(long)]
    start_over: bool,
    /// Lists, or one catalogue.toml
    #[arg(required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut description = arguments.description()?;
    description.accepted = arguments.accepted();
    list_report::check(arguments.report.as_deref())?;
    warn_of_enumeration(&description);
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new();
    let job = Job {
        today: today()?,
        progress: &bar,
        stop: &stop,
        threads: std::thread::available_parallelism()?.get(),
    };
    let published = pipeline::run(&description, &arguments.out, &job);
    bar.end();
    if let Some(path) = &arguments.report {
        bar.report.save(path)?;
    }
    match published {
        Ok(published) => {
            report::published(&published, &arguments.out, &description);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(hinted(error.code(), error)),
    }
}

impl Arguments {
    fn accepted(&self) -> Accepted {
        Accepted {
            harms: risk::Accepted {
                small_crowd: self.accept_small_crowd,
                enumeration: self.accept_enumeration,
                new_salt: self.accept_new_salt,
            },
            lost_rows: self.accept_lost_rows,
            lost_digits: self.accept_lost_digits,
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
            bail!("give either lists or one catalogue.toml, not both");
        };
        ensure!(
            self.id.is_none()
                && self.salt.is_none()
                && self.options == ListOptions::default()
                && self.common_args == CommonArgs::default(),
            "with a catalogue.toml, everything but --out, --accept-... and --start-over stands in that file"
        );
        Description::read(path).map_err(|error| hinted(error.code(), error))
    }

    fn one_dataset(&self) -> anyhow::Result<Description> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None => id_from_name(&self.lists),
        };
        config::check_id(&id)?;
        let identifier = self.common_args.identifier()?;
        let reading = self.options.reading(identifier)?;
        let title = Text {
            id: id.clone(),
            en: id.clone(),
        };
        Ok(Description {
            publisher: Publisher::default(),
            site: None,
            identifier,
            kdf: self.common_args.kdf()?,
            salt: self.salt.as_deref().map(parse_salt).transpose()?,
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
                constraints: self.common_args.constraints()?,
                ..DatasetDescription::default()
            }],
            steps: Steps::default(),
            complete: false,
            accepted: Accepted::default(),
        })
    }
}

/// `Data BPJS.csv.gz` gives `data-bpjs`. A name with digits enough for a NIK gives none of them away.
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

fn warn_of_enumeration(description: &Description) {
    let kdf = description.kdf;
    if !risk::is_cheap(kdf) {
        return;
    }
    let (one_word, then) = match description.identifier {
        IdentifierKind::Nik => ("", ""),
        IdentifierKind::NikAndName => (
            " with one first word of a name",
            ", and then with the next word",
        ),
    };
    let advice = match kdf {
        Kdf::Sha256 => "Use argon2id unless the list is too large for it.",
        Kdf::Argon2id(_) => {
            "Leave out --argon2, or argon2 in the catalogue.toml: the default costs much more."
        }
    };
    eprintln!(
        "warning: with {}, whoever has the site can try out all 5.8 billion plausible NIKs{one_word} within {} of a rented graphics \
         card{then}. {advice}",
        kdf,
        Rent::of(PLAUSIBLE_NIKS, kdf).time()
    );
}

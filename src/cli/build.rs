use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail, ensure};
use cek_nik::catalogue::document::{Publisher, Text};
use cek_nik::key::Kdf;
use cek_nik::nik::{DIGITS, Date};
use cek_nik::publish::describe::{
    self, DatasetDescription, Description, parse_delimiter, parse_kdf, parse_prefix_bits,
    parse_salt,
};
use cek_nik::publish::edition::{self, Refused};
use cek_nik::publish::input::{Column, Input, Reading};
use cek_nik::publish::sizing::Wishes;
use cek_nik::publish::steps::Steps;
use cek_nik::publish::{Job, Progress};

use super::progress::Bar;
use super::report;

/// Turn lists of NIKs into a static site
///
/// Either one data set from one or more lists, or a described catalogue: `cek-nik build --out SITE catalogue.toml`.
///
/// Lists are plain lines, CSV, TSV, or separated by ; or |, with or without a header, also as .gz or .zst; - is standard
/// input. Rows that are no NIK are counted and never shown. The site changes only when everything is ready.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of the site; made when it does not exist
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// The id of the data set: a-z, 0-9 and hyphens [default: from the name of the first list]
    #[arg(long)]
    id: Option<String>,
    /// The column with the NIK, by name or by number [default: the one called NIK]
    #[arg(long, value_name = "NAME_OR_NUMBER")]
    column: Option<String>,
    /// What separates columns: one character, or the word tab [default: found out]
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Quotation marks have no meaning in the list
    #[arg(long)]
    no_quotes: bool,
    /// How many bits of the key leave the reader's device, 0 to 14 [default: the fewest whose shards stay small]
    #[arg(long, value_name = "P")]
    prefix_bits: Option<u8>,
    /// The share of the people who are not in the list but are told that they are [default: so that of 100 people told "in
    /// the list" 99 are]
    #[arg(long, value_name = "E")]
    fpr: Option<f64>,
    /// How keys are derived: argon2id or sha256 [default: argon2id]
    #[arg(long, value_name = "NAME")]
    kdf: Option<String>,
    /// What one derivation costs: memory in KiB, passes, lanes [default: m=19456,t=2,p=1]
    #[arg(long, value_name = "COST")]
    argon2: Option<String>,
    /// Sixteen bytes as 32 hexadecimal digits [default: the salt of the site, or a random one]
    #[arg(long, value_name = "HEX")]
    salt: Option<String>,
    /// Lists, or one catalogue.toml
    #[arg(required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let description = arguments.description()?;
    warn_of_enumeration(description.kdf);
    let stop = Arc::new(AtomicBool::new(false));
    ctrlc::set_handler({
        let stop = stop.clone();
        move || {
            // The second time, whoever asks does not want to wait for a list that never comes.
            if stop.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(super::FAILURE));
            }
        }
    })
    .context("cannot catch Ctrl-C")?;
    let bar = Bar::new();
    let job = Job {
        today: today()?,
        progress: &bar,
        stop: &stop,
        threads: std::thread::available_parallelism()?.get(),
    };
    let published = edition::publish(&description, &arguments.out, &job);
    bar.end();
    match published {
        Ok(published) => {
            report::published(&published, &arguments.out, &description);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if let Some(Refused { tally, lists, .. }) = error.downcast_ref() {
                report::rows(tally, lists);
            }
            Err(error)
        }
    }
}

impl Arguments {
    fn description(&self) -> anyhow::Result<Description> {
        let is_description = |path: &Path| path.extension().is_some_and(|e| e == "toml");
        if !self.lists.iter().any(|path| is_description(path)) {
            return self.one_dataset();
        }
        let [path] = self.lists.as_slice() else {
            bail!("give either lists or one catalogue.toml, not both");
        };
        ensure!(
            [
                &self.id,
                &self.column,
                &self.delimiter,
                &self.kdf,
                &self.argon2,
                &self.salt
            ]
            .iter()
            .all(|option| option.is_none())
                && self.prefix_bits.is_none()
                && self.fpr.is_none()
                && !self.no_quotes,
            "with a catalogue.toml, everything but --out stands in that file"
        );
        Description::read(path)
    }

    fn one_dataset(&self) -> anyhow::Result<Description> {
        let id = match &self.id {
            Some(id) => id.clone(),
            None => id_from_name(&self.lists),
        };
        describe::check_id(&id)?;
        let reading = Reading {
            column: self.column.as_deref().map(Column::parse).transpose()?,
            delimiter: self.delimiter.as_deref().map(parse_delimiter).transpose()?,
            no_quotes: self.no_quotes,
        };
        let title = Text {
            id: id.clone(),
            en: id.clone(),
        };
        Ok(Description {
            publisher: Publisher::default(),
            site: None,
            kdf: parse_kdf(self.kdf.as_deref(), self.argon2.as_deref())?,
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
                wishes: Wishes {
                    prefix_bits: self.prefix_bits.map(parse_prefix_bits).transpose()?,
                    false_positive_rate: self.fpr,
                },
                ..DatasetDescription::default()
            }],
            steps: Steps::default(),
            complete: false,
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

/// The day of the build, or the one that `SOURCE_DATE_EPOCH` names, so that the whole site can be reproduced.
fn today() -> anyhow::Result<Date> {
    let now = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds
            .parse()
            .ok()
            .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
            .context("SOURCE_DATE_EPOCH must be seconds since 1970")?,
        Err(_) => jiff::Timestamp::now(),
    };
    let date = now.strftime("%Y-%m-%d").to_string();
    date.parse()
        .context("the clock of this computer shows no date")
}

fn warn_of_enumeration(kdf: Kdf) {
    if kdf == Kdf::Sha256 {
        eprintln!(
            "warning: with sha256, whoever has the site can try out all 5.8 billion plausible NIKs: in minutes on a computer, \
             in seconds on a rented graphics card. Use argon2id unless the list is too large for it."
        );
    }
}

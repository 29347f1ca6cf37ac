use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, anyhow, ensure};
use cek_nik::accuracy::POPULATION;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, OutOfMemory};
use cek_nik_publisher::config::Accepted;
use cek_nik_publisher::error::BuildError;
use cek_nik_publisher::input::Input;
use cek_nik_publisher::job::Job;
use cek_nik_publisher::keys::speed;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::choice::{Constraints, Plan};
use cek_nik_publisher::plan::cost::{CoreSpeed, Cost};
use cek_nik_publisher::plan::risk::harms;
use cek_nik_publisher::preflight::refused::{Why, refuse};
use cek_nik_publisher::preflight::scan::{Scanned, scan};
use cek_nik_publisher::staging::atomic_file::AtomicFile;
use cek_nik_publisher::staging::overwrite_guard::{self, Writer};

use crate::args::common_args::{CommonArgs, ListOptions};
use crate::output::hints::{hinted, with_hint};
use crate::output::list_report::{self, ListReport};
use crate::output::plan::report::Report;
use crate::output::plan::{html, json, text};
use crate::output::progress::Bar;
use crate::output::report;
use crate::output::sanitize;
use crate::today::today;

/// Say what publishing a list would mean, before anything is made
///
/// For every number of prefix bits: how large the files are, and how many people share a prefix. Then what the chosen
/// parameters mean for readers, and what it costs to build the site and to read the list out of it. docs/PRIVACY.md explains the numbers.
///
/// `build` chooses by the same rules, for the population of Indonesia.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct Arguments {
    /// How many different NIKs the list has
    #[arg(long, value_name = "N", group = "what")]
    rows: Option<u64>,
    /// A list, whose different NIKs are counted; may be given several times. Meanwhile it takes 20 bytes a row of temporary
    /// files, in the directory that TMPDIR names
    #[arg(long, value_name = "FILE", group = "what")]
    list: Vec<PathBuf>,
    #[command(flatten)]
    options: ListOptions,
    #[command(flatten)]
    common_args: CommonArgs,
    /// How many people may ask, to see what that would change [default: the population of Indonesia, 288315089, with which build and what
    /// readers are shown reckon in any case]
    #[arg(long, value_name = "N")]
    population: Option<u64>,
    /// With the name lock: how many first words of a name somebody would try with each NIK, an assumption. Whoever tries only the
    /// commonest pays less, and gets only those who bear them
    #[arg(long, value_name = "N", default_value_t = DEFAULT_NAME_WORDS, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    name_words: u64,
    /// Keys a second of one core, with sha256 and with argon2id, as of another computer: 20000000,60 [default: measured here, which takes
    /// two seconds]
    #[arg(long, value_name = "SHA256,ARGON2ID")]
    core_speed: Option<String>,
    /// One object, whose fields docs/PRIVACY.md lists
    #[arg(long)]
    json: bool,
    /// With --list, write how the lists are read, with every rejected line, as JSON; never a number or a
    /// name. Only such a file is replaced
    #[arg(long, value_name = "FILE", requires = "list")]
    report: Option<PathBuf>,
    /// Write a page with plots, for people who decide. Of files that are there already, only such a page is replaced
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let kdf = arguments.common_args.kdf()?;
    let identifier = arguments.common_args.identifier()?;
    let constraints = Constraints {
        population: arguments
            .population
            .unwrap_or(Constraints::default().population),
        ..arguments.common_args.constraints()?
    };
    constraints.check()?;
    list_report::check(arguments.report.as_deref())?;
    if let Some(path) = &arguments.html {
        overwrite_guard::check(path, Writer::Plan)?;
    }
    let given_speed = arguments
        .core_speed
        .as_deref()
        .map(parse_speed)
        .transpose()?;
    let (distinct, lost) = match arguments.rows {
        Some(rows) => (rows, None),
        None => arguments.count(identifier)?,
    };
    let plan = Plan::new(distinct, &constraints)?;
    plan.refuse_empty_shards()?;
    let cost = match kdf {
        Kdf::Argon2id(cost) => cost,
        Kdf::Sha256 => Argon2Cost::OWASP,
    };
    let cores = std::thread::available_parallelism()?.get();
    let speed = match given_speed {
        Some(speed) => speed,
        None => speed::measure(cost, cores).map_err(|OutOfMemory| {
            hinted(
                "unmeasured",
                anyhow!("not enough memory to measure the key derivation"),
            )
        })?,
    };
    let price = |kdf, speed| Cost::of(&plan, kdf, speed, arguments.name_words);
    let report = Report {
        identifier,
        kdf,
        cost,
        speed,
        measured_on: given_speed.is_none().then_some(cores),
        name_words: arguments.name_words,
        sha256: price(Kdf::Sha256, speed.sha256),
        argon2id: price(Kdf::Argon2id(cost), speed.argon2id),
        harms: harms(&as_build_reckons(&plan), kdf, identifier, plan.distinct)
            .into_iter()
            .map(|harm| (harm.code(), with_hint(harm.code(), &harm.to_string())))
            .chain(lost.map(|why| (why.code(), with_hint(why.code(), &why.to_string()))))
            .collect(),
        plan,
    };
    if let Some(path) = &arguments.html {
        save(path, &html::write(&report, &today()?.to_string())?)?;
    }
    if arguments.json {
        let document = serde_json::to_string_pretty(&json::Document::of(&report))?;
        writeln!(io::stdout(), "{document}")?;
    } else {
        let mut text = Vec::new();
        text::write(&report, &mut text)?;
        io::stdout().write_all(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a page, which appears under its name when it is complete.
fn save(path: &Path, page: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = AtomicFile::at(path)?;
        file.write_all(page.as_bytes())?;
        file.appear()
    };
    write().with_context(|| format!("cannot write {}", sanitize::path(path)))?;
    Ok(())
}

/// The plan among the people with whom `build` reckons.
fn as_build_reckons(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.constraints.population = POPULATION;
    plan
}

impl Arguments {
    /// How many different identifiers the lists have, and the harm of leaving out rows of them.
    fn count(&self, identifier: IdentifierKind) -> anyhow::Result<(u64, Option<Why>)> {
        let reading = self.options.reading(identifier)?;
        let input = |path: &PathBuf| Input {
            path: path.clone(),
            reading: reading.clone(),
        };
        let inputs: Vec<Input> = self.list.iter().map(input).collect();
        let bar = Bar::new();
        let job = Job {
            today: today()?,
            progress: &bar,
            stop: &AtomicBool::new(false),
            threads: std::thread::available_parallelism()?.get(),
        };
        let directory = std::env::temp_dir();
        let scanned = scan(&inputs, identifier, &directory, &job);
        bar.end();
        let scanned = scanned.map_err(|error| explain(error, &directory));
        let Scanned {
            stats,
            seen,
            distinct,
        } = scanned?;
        report::lists_read(&self.list, &seen, &stats, Some(distinct), identifier);
        if let Some(path) = &self.report {
            let report = ListReport::default();
            report.add("", &self.list, &seen, &stats);
            report.save(path)?;
        }
        // What build would refuse is a harm among the others here, unless nothing is left to plan.
        let accepted = Accepted {
            lost_rows: true,
            lost_digits: true,
            ..Accepted::default()
        };
        refuse(&stats, &self.list, accepted)?;
        let refused = refuse(&stats, &self.list, Accepted::default()).err();
        Ok((distinct, refused.map(|refused| refused.why)))
    }
}

/// Says what to do where the keys cannot be written that are to be counted.
fn explain(error: BuildError, directory: &Path) -> anyhow::Error {
    let BuildError::Partition(cause) = error else {
        return hinted(error.code(), error);
    };
    anyhow!(
        "to count the list, temporary files of about 20 bytes a row are needed, and they cannot be written in {}: {}. Name a directory with \
         room for them in TMPDIR (on Windows, TMP), best in the vault where the list is",
        sanitize::path(directory),
        cause
    )
}

fn parse_speed(text: &str) -> anyhow::Result<CoreSpeed> {
    let numbers: Vec<f64> = text
        .split(',')
        .filter_map(|number| number.trim().parse().ok())
        .filter(|number: &f64| number.is_finite() && *number > 0.0)
        .collect();
    ensure!(numbers.len() == text.split(',').count(), "{WRITE_SPEED}");
    match numbers.as_slice() {
        &[sha256, argon2id] => Ok(CoreSpeed { sha256, argon2id }),
        _ => anyhow::bail!("{WRITE_SPEED}"),
    }
}

const WRITE_SPEED: &str = "write --core-speed as two numbers of keys a second, with sha256 and with argon2id: 20000000,60";

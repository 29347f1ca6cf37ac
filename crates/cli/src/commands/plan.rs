use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::anyhow;
use cek_nik::accuracy::POPULATION;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, OutOfMemory};
use cek_nik_publisher::config::Accepted;
use cek_nik_publisher::error::BuildError;
use cek_nik_publisher::input::Input;
use cek_nik_publisher::keys::speed;
use cek_nik_publisher::plan::accuracy::DEFAULT_NAME_WORDS;
use cek_nik_publisher::plan::choice::{Constraints, Plan};
use cek_nik_publisher::plan::cost::{CoreSpeed, Cost};
use cek_nik_publisher::plan::risk::risks;
use cek_nik_publisher::preflight::refused::{Why, refuse};
use cek_nik_publisher::preflight::scan::{Scanned, scan};
use cek_nik_publisher::staging::atomic_file::AtomicFile;
use cek_nik_publisher::staging::overwrite_guard::{self, Writer};

use crate::args::{
    AccuracyOptions, KeyOptions, LanguageOption, ListOptions, ResourceOptions, core_speed,
};
use crate::job;
use crate::output::failure::{self, failed};
use crate::output::hints::with_hint;
use crate::output::list_report::{self, DatasetSummary, ListReport};
use crate::output::plan::report::Report;
use crate::output::plan::{html, json, text};
use crate::output::progress::Bar;
use crate::output::report;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};
use crate::today::today;

/// Show what publishing a list would mean, before building anything
///
/// Prints a table of every number of prefix bits, with the size of the files and the number of
/// people who share a prefix. Then it says what the chosen parameters mean for readers, and what it
/// costs to build the site and to read the list out of it. docs/PRIVACY.md explains the numbers.
///
/// `cek-nik build` chooses by the same rules, for the population of Indonesia.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true), after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Print one JSON object; docs/PRIVACY.md lists its fields
    #[arg(long)]
    json: bool,
    /// Write how the lists are read, with every rejected line, as JSON
    ///
    /// The file holds no number and no name. An existing file is replaced only if it is such a
    /// report.
    #[arg(long, value_name = "FILE", requires = "list")]
    report: Option<PathBuf>,
    /// Write a page with plots, for the people who decide
    ///
    /// An existing file is replaced only if `cek-nik plan` wrote it.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    pub(super) language: LanguageOption,
    /// Number of different NIKs in the list
    #[arg(long, value_name = "N", group = "what", help_heading = "Input")]
    rows: Option<u64>,
    /// List whose different NIKs are counted; repeat for several lists
    ///
    /// Counting takes 20 bytes a row: of memory, and beyond --memory of temporary files in the
    /// directory that TMPDIR names.
    #[arg(long, value_name = "FILE", group = "what", help_heading = "Input")]
    list: Vec<PathBuf>,
    #[command(flatten)]
    list_options: ListOptions,
    #[command(flatten)]
    accuracy: AccuracyOptions,
    /// Number of people who may ask [default: the population of Indonesia, 288315089]
    ///
    /// Use it to see what another number would change. `cek-nik build`, and what readers are shown,
    /// always assume the default.
    #[arg(long, value_name = "N", help_heading = "Accuracy")]
    population: Option<u64>,
    #[command(flatten)]
    keys: KeyOptions,
    /// First names an attacker tries with each NIK, under the name lock
    ///
    /// The number is an assumption. An attacker who tries only the most common names pays less and
    /// finds only the people who have them.
    #[arg(
        long,
        value_name = "N",
        default_value_t = DEFAULT_NAME_WORDS,
        value_parser = clap::value_parser!(u64).range(1..=1_000_000),
        help_heading = "Keys"
    )]
    name_words: u64,
    /// Keys per second of one core, with sha256 and argon2id [default: measured]
    ///
    /// Give the speeds of another computer as 20000000,60. Measuring this one takes two seconds.
    #[arg(
        long,
        value_name = "SHA256,ARGON2ID",
        value_parser = core_speed,
        help_heading = "Keys"
    )]
    core_speed: Option<CoreSpeed>,
    #[command(flatten)]
    resources: ResourceOptions,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik plan --rows 279000000
          Plan for a list of that length
  cek-nik plan --list list.csv --html plan.html
          Count the NIKs of a list, and write a page for the people who decide

Exit status:
  0  the plan was printed
  2  there is no plan";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let kdf = arguments.keys.kdf().map_err(|e| failed(texts, e))?;
    let identifier = arguments.keys.identifier();
    let constraints = Constraints {
        population: arguments
            .population
            .unwrap_or(Constraints::default().population),
        ..arguments
            .accuracy
            .constraints()
            .map_err(|e| failed(texts, e))?
    };
    constraints.check().map_err(|e| failed(texts, e))?;
    list_report::check(texts, arguments.report.as_deref())?;
    if let Some(path) = &arguments.html {
        overwrite_guard::check(path, Writer::Plan).map_err(|e| failed(texts, e))?;
    }
    let (distinct, lost) = match arguments.rows {
        Some(rows) => (rows, None),
        None => arguments.count(texts, identifier)?,
    };
    let plan = Plan::new(distinct, &constraints).map_err(|e| failed(texts, e))?;
    plan.refuse_empty_shards().map_err(|e| failed(texts, e))?;
    let cost = match kdf {
        Kdf::Argon2id(cost) => cost,
        Kdf::Sha256 => Argon2Cost::OWASP,
    };
    let cores = std::thread::available_parallelism()?.get();
    let speed = match arguments.core_speed {
        Some(speed) => speed,
        None => speed::measure(cost, cores).map_err(|OutOfMemory| {
            let words = failure::own(
                texts,
                "/failure/cli/unmeasured",
                "not enough memory to measure the key derivation",
            );
            anyhow!(with_hint(texts, "unmeasured", &words))
        })?,
    };
    let cost_of = |kdf, speed| Cost::of(&plan, kdf, speed, arguments.name_words);
    let report = Report {
        identifier,
        kdf,
        cost,
        speed,
        measured_on: arguments.core_speed.is_none().then_some(cores),
        name_words: arguments.name_words,
        sha256: cost_of(Kdf::Sha256, speed.sha256),
        argon2id: cost_of(Kdf::Argon2id(cost), speed.argon2id),
        risks: risks(&as_build_assumes(&plan), kdf, identifier, plan.distinct)
            .into_iter()
            .map(|risk| {
                (
                    risk.code(),
                    with_hint(texts, risk.code(), &failure::message(texts, &risk)),
                )
            })
            .chain(lost.map(|why| {
                (
                    why.code(),
                    with_hint(texts, why.code(), &failure::message(texts, &why)),
                )
            }))
            .collect(),
        plan,
    };
    if let Some(path) = &arguments.html {
        save(
            texts,
            path,
            &html::write(texts, &report, &today()?.to_string())?,
        )?;
    }
    if arguments.json {
        let document = serde_json::to_string_pretty(&json::Document::of(&report))?;
        writeln!(io::stdout(), "{document}")?;
    } else {
        let mut text = Vec::new();
        text::write(texts, &report, &mut text)?;
        io::stdout().write_all(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the page. It appears under its name when it is complete.
fn save(texts: Texts, path: &Path, page: &str) -> anyhow::Result<()> {
    let write = || {
        let mut file = AtomicFile::at(path)?;
        file.write_all(page.as_bytes())?;
        file.persist()
    };
    write().map_err(|error| failure::unwritable(texts, path, error))?;
    Ok(())
}

/// The plan for the population that `build` assumes.
fn as_build_assumes(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.constraints.population = POPULATION;
    plan
}

impl Arguments {
    /// The number of different identifiers in the lists, and the risk of leaving out rows.
    fn count(
        &self,
        texts: Texts,
        identifier: IdentifierKind,
    ) -> anyhow::Result<(u64, Option<Why>)> {
        let reading = self.list_options.reading(identifier);
        let reading = reading.map_err(|e| failed(texts, e))?;
        let input = |path: &PathBuf| Input {
            path: path.clone(),
            reading: reading.clone(),
        };
        let inputs: Vec<Input> = self.list.iter().map(input).collect();
        let bar = Bar::new(texts);
        let stop = AtomicBool::new(false);
        let job = job::on_all_cores(&bar, &stop, self.resources.memory())?;
        let directory = std::env::temp_dir();
        let scanned = scan(&inputs, identifier, None, &directory, &job);
        bar.end();
        let scanned = scanned.map_err(|error| explain(texts, error, &directory));
        let Scanned {
            stats,
            seen,
            distinct,
            ..
        } = scanned?;
        let summary = DatasetSummary::of("", &self.list, &seen, &stats, Some(distinct));
        report::lists_read(texts, &summary, &self.list, &stats, identifier);
        if let Some(path) = &self.report {
            let report = ListReport::default();
            report.add(summary);
            report.save(texts, path)?;
        }
        // What build would refuse is a harm among the others here, unless nothing is left to plan.
        let accepted = Accepted {
            lost_rows: true,
            lost_digits: true,
            ..Accepted::default()
        };
        refuse(&stats, &self.list, accepted).map_err(|refused| failed(texts, refused.why))?;
        let refused = refuse(&stats, &self.list, Accepted::default()).err();
        Ok((distinct, refused.map(|refused| refused.why)))
    }
}

/// Adds what to do if the temporary files cannot be written.
fn explain(texts: Texts, error: BuildError, directory: &Path) -> anyhow::Error {
    let BuildError::Partition(cause) = error else {
        return failed(texts, error);
    };
    let path = sanitize::path(directory);
    if texts.language() == Language::Id {
        let cause = failure::io_words(texts, &cause);
        let values = [("path", &*path), ("cause", &*cause)];
        return anyhow!(texts.fill("/failure/cli/temporary", &values));
    }
    anyhow!(
        "cannot write temporary files in {path}: {cause}. Counting a list takes about 20 bytes a \
         row beyond --memory. Set TMPDIR (on Windows, TMP) to a directory with enough space, best \
         on the encrypted disk of the list"
    )
}

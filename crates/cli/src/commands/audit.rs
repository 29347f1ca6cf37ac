use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context;
use cek_nik_audit::{self as audit, Options};
use cek_nik_publisher::job::{Job, Progress};

use super::build::today;
use crate::output::audit::{html, json, text};
use crate::output::progress::Bar;

/// Read a finished site as an attacker and as an auditor would
///
/// Verifies every shard, measures how full the filters are and how often they are wrong, compares that with what the
/// catalogue promises, looks for numbers that were left in any file, and tries plausible NIKs against the site for a
/// while, as somebody does who wants the list. Nothing that is found so is kept or shown: only how many were tried and
/// found. docs/AUDIT.md explains the figures.
///
/// Exit status: 0 when nothing should be done; 1 when something is wrong or should be looked at; 2 when the site
/// could not be audited.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of the site
    site: PathBuf,
    /// How long NIKs are tried, in seconds; with 0 none are. With argon2id, as long again for NIKs that cannot be real
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    seconds: u64,
    /// Draw the same random numbers as another audit [default: others each time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// One object, whose fields docs/AUDIT.md lists
    #[arg(long)]
    json: bool,
    /// Write a page, for people who decide
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

const SOMETHING_WRONG: u8 = 1;

/// Filters that are held in memory to be tried out: 2 GiB.
const MOST_HELD: u64 = 2 << 30;

/// As many numbers that cannot be real are looked up.
const PROBES: u64 = 1_000_000;

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    let job = Job {
        today: today()?,
        progress: &bar,
        stop: &AtomicBool::new(false),
        threads: std::thread::available_parallelism()?.get(),
    };
    let options = Options {
        time: Duration::from_secs(arguments.seconds),
        probes: PROBES,
        seed: arguments.seed.map_or_else(random_seed, Ok)?,
        most_held: MOST_HELD,
    };
    let audit = audit::audit(&arguments.site, &options, &job);
    bar.end();
    let audit = audit?;
    if let Some(path) = &arguments.html {
        std::fs::write(path, html::write(&audit, &job.today.to_string()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.json {
        writeln!(io::stdout(), "{:#}", json::object(&audit))?;
    } else {
        let mut text = Vec::new();
        text::write(&audit, &mut text)?;
        io::stdout().write_all(&text)?;
    }
    Ok(if audit.is_something_wrong() {
        ExitCode::from(SOMETHING_WRONG)
    } else {
        ExitCode::SUCCESS
    })
}

fn random_seed() -> anyhow::Result<u64> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(u64::from_le_bytes(seed))
}

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use cek_nik_audit::{self as audit, Options};
use cek_nik_publisher::job::Job;

use crate::output::audit::text;
use crate::output::progress::Bar;
use crate::today::today;

/// Read a finished site as an attacker and as an auditor would
///
/// Verifies every shard, measures how full the filters are and how often they are wrong, compares
/// that with what the catalogue promises, looks for files that do not belong in a site and for
/// numbers in every file, and measures how fast this computer makes keys, to say what trying all
/// numbers would cost an attacker. docs/AUDIT.md explains the figures.
///
/// Exit status: 0 when nothing should be done; 1 when something is wrong or should be looked at; 2
/// when the site could not be audited.
#[derive(clap::Args)]
pub struct Arguments {
    /// The directory of the site
    site: PathBuf,
    /// Draw the same random numbers as another audit [default: others each time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// One object, whose fields docs/AUDIT.md lists
    #[arg(long)]
    json: bool,
}

const SOMETHING_WRONG: u8 = 1;

/// The keys of nobody that are looked up in each data set.
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
        probes: PROBES,
        seed: arguments.seed.map_or_else(random_seed, Ok)?,
        core_speed: None,
    };
    let audit = audit::audit(&arguments.site, &options, &job);
    bar.end();
    let audit = audit?;
    let mut out = Vec::new();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &audit)?;
        out.push(b'\n');
    } else {
        text::write(&audit, &mut out)?;
    }
    io::stdout().write_all(&out)?;
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

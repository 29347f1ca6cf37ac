use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use cek_nik_audit::{self as audit, Options};

use crate::args::LanguageOption;
use crate::job;
use crate::output::audit::text;
use crate::output::failure::failed;
use crate::output::progress::Bar;

/// Audit a finished site, as an auditor and as an attacker would
///
/// Verifies every shard, measures how full the filters are and how often they are wrong, and
/// compares the results with the catalogue. Looks for files that do not belong in a site and for
/// NIKs in every file. Measures how fast this computer derives keys, to estimate what trying all
/// numbers would cost an attacker. docs/AUDIT.md explains the figures.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory of the site
    site: PathBuf,
    /// Seed of the random probes, to repeat an audit [default: random]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Print one JSON object; docs/AUDIT.md lists its fields
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik audit site
          Audit a site before it is published
  cek-nik audit site --json > audit.json
          Keep the figures for a program

Exit status:
  0  no problems, or notes only
  1  at least one error or warning
  2  the site could not be audited";

const SOMETHING_WRONG: u8 = 1;

/// How many keys outside of the list are looked up in each data set.
const PROBES: u64 = 1_000_000;

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let bar = Bar::new(texts);
    let stop = AtomicBool::new(false);
    let job = job::on_all_cores(&bar, &stop, 0)?;
    let options = Options {
        probes: PROBES,
        seed: arguments.seed.map_or_else(random_seed, Ok)?,
        core_speed: None,
    };
    let audit = audit::audit(&arguments.site, &options, &job);
    bar.end();
    let audit = audit.map_err(|error| failed(texts, error))?;
    let mut out = Vec::new();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &audit)?;
        out.push(b'\n');
    } else {
        text::write(texts, &audit, &mut out)?;
    }
    io::stdout().write_all(&out)?;
    Ok(if audit.is_something_wrong() {
        ExitCode::from(SOMETHING_WRONG)
    } else {
        ExitCode::SUCCESS
    })
}

pub(super) fn random_seed() -> anyhow::Result<u64> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(u64::from_le_bytes(seed))
}

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use cek_nik::signature::PublicKey;
use cek_nik_audit::verify::{self, Options, Verification, error::VerifyError};
use cek_nik_publisher::job::Job;

use super::audit::random_seed;
use crate::args::{LanguageOption, parsers};
use crate::job;
use crate::output;
use crate::output::failure::failed;
use crate::output::progress::Bar;
use crate::output::sanitize;
use crate::output::texts::Language;

/// Verify a site against its hashes and signature, in a directory or on a host
///
/// Verifies every shard, the signature with --key, the expiry, and the SHA-256 of the pages, and
/// looks for lists and keys inside the site. At an address, also looks at what browsers need:
/// HTTPS, the headers of each kind of file, the answer for a missing file, and whether anything
/// compresses shards or changes pages on their way. docs/SIGNING.md lists the findings.
///
/// No other host is asked. With --sample, a damaged shard can stay unnoticed.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Directory or address of a site
    #[arg(value_name = "DIR_OR_URL")]
    site: String,
    /// Public key of the publisher, or its .pub file
    #[arg(long, value_name = "KEY", value_parser = parsers::public_key)]
    key: Option<PublicKey>,
    /// Verify so many shards of each data set, chosen at random [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// Print one JSON object; docs/SIGNING.md lists its fields
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
    /// Seconds to wait for a host to answer; four times as long for a whole file
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    patience: u64,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik verify https://example.org/nik/ --key publisher.key.pub
          Verify what a host serves
  cek-nik verify site --sample 20 --json
          Verify some shards of a directory, for a program

Exit status:
  0  nothing was found that harms readers
  1  at least one error
  2  the site could not be verified";

const HARMS_READERS: u8 = 1;

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let texts = arguments.language.texts();
    let bar = Bar::new(texts);
    let stop = AtomicBool::new(false);
    let job = job::on_all_cores(&bar, &stop, 0)?;
    let options = Options {
        key: arguments.key.as_ref(),
        sample: arguments.sample,
        seed: random_seed()?,
    };
    let verification = arguments.verify(&options, &job);
    bar.end();
    let verification = verification.map_err(|error| match (&error, texts.language()) {
        (VerifyError::Address(cause), Language::Id) => {
            let path = sanitize::path(Path::new(arguments.site.trim()));
            anyhow::anyhow!(texts.fill(&format!("/cli/{}", cause.code()), &[("path", &path)]))
        }
        _ => failed(texts, error),
    })?;
    let mut out = Vec::new();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &verification)?;
        out.push(b'\n');
    } else {
        output::verify::write(texts, &verification, &mut out)?;
    }
    io::stdout().write_all(&out)?;
    Ok(if verification.harms_readers() {
        ExitCode::from(HARMS_READERS)
    } else {
        ExitCode::SUCCESS
    })
}

impl Arguments {
    #[cfg(feature = "http")]
    fn verify(&self, options: &Options, job: &Job) -> Result<Verification, VerifyError> {
        use std::time::Duration;
        let path = Path::new(&self.site);
        if path.is_dir() {
            return verify::directory(path, options, job);
        }
        let patience = Duration::from_secs(self.patience);
        match verify::host(&self.site, patience, options, job) {
            Err(VerifyError::NotAnAddress(_)) => verify::directory(path, options, job),
            verified => verified,
        }
    }

    #[cfg(not(feature = "http"))]
    fn verify(&self, options: &Options, job: &Job) -> Result<Verification, VerifyError> {
        verify::directory(Path::new(&self.site), options, job)
    }
}

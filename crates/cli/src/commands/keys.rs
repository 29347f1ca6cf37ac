use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use cek_nik::key::{Kdf, Salt};
use cek_nik_publisher::config::{Accepted, parse_salt};
use cek_nik_publisher::error::BuildError;
use cek_nik_publisher::input::Input;
use cek_nik_publisher::key_file::EXTENSION;
use cek_nik_publisher::key_file::part::Part;
use cek_nik_publisher::key_file::trailer::Trailer;
use cek_nik_publisher::key_file::write::{self, Request};
use cek_nik_publisher::keys::Keys;
use cek_nik_publisher::plan::risk::is_cheap;
use cek_nik_reader::site::Site;

use super::OUT_ALIAS;
use crate::args::{KeyOptions, ListOptions, ResourceOptions};
use crate::job;
use crate::output::hints::hinted;
use crate::output::progress::Bar;
use crate::output::sanitize;
use crate::output::texts::{Language, Texts};

/// Turn lists into a key file, for `build --keys`
///
/// Derives the keys of all rows, or of one part of them, so that several computers can share the
/// work and a later edition need not repeat it. The same rows give the same file, in any order.
/// docs/KEYFILES.md specifies the format.
///
/// A list is whatever `cek-nik build` reads, and - is standard input. Every computer that makes a
/// part reads the whole list.
///
/// Keys are not NIKs, but anyone with a key file can test any NIK without false alarms, so it is as
/// sensitive as the list. Only its owner can read the file. Keep it out of the site.
#[derive(clap::Args)]
#[command(
    after_long_help = AFTER_HELP,
    group = clap::ArgGroup::new("salt_source").required(true).args(["salt", "site"])
)]
pub struct Arguments {
    /// Lists of NIKs
    #[arg(required = true, value_name = "LIST")]
    lists: Vec<PathBuf>,
    /// Key file to write; its name ends in .cnkkeys. - is standard output
    ///
    /// An existing file is replaced only if it is a key file with the same parameters and of the
    /// same part.
    #[arg(long, alias = OUT_ALIAS, value_name = "FILE")]
    out: PathBuf,
    /// Part of the rows, such as 2/8 for the second of eight [default: all rows]
    ///
    /// The identifier decides the part of a row. All parts together are exactly the rows of the
    /// list, and `build` refuses a list of which a part is missing.
    #[arg(long, value_name = "I/N", default_value_t, hide_default_value = true)]
    part: Part,
    #[command(flatten)]
    list_options: ListOptions,
    #[command(flatten)]
    keys: KeyOptions,
    /// Salt: 32 hexadecimal digits
    ///
    /// All key files of a site need the same salt. For a new site, take 16 random bytes.
    #[arg(
        long,
        value_name = "HEX",
        value_parser = parse_salt,
        help_heading = "Keys"
    )]
    salt: Option<Salt>,
    /// Published site to take identifier, KDF and salt from: a directory, an address or a pack
    #[arg(
        long,
        value_name = "SITE",
        conflicts_with_all = ["identifier", "kdf", "argon2"],
        help_heading = "Keys"
    )]
    site: Option<String>,
    #[command(flatten)]
    resources: ResourceOptions,
    /// Number of threads [default: one per core]
    ///
    /// Where several processes share a computer, give each its share of the cores. Each thread
    /// needs the memory of the Argon2id cost.
    #[arg(long, value_name = "N", help_heading = "Resources")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    risks: HarmOptions,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik keys list.csv --site site --out may.cnkkeys
          Make the keys of new rows for a published site
  cek-nik keys list.csv --part 2/8 --salt $SALT --out 2.cnkkeys
          Make the second of eight parts

Exit status:
  0  the key file was written
  2  no key file was written";

/// Risks that stop the command unless the publisher accepts them by name.
#[derive(clap::Args)]
#[command(next_help_heading = "Accepting harm")]
struct HarmOptions {
    /// Make keys although more than 1 in 100 rows of a list cannot be used
    ///
    /// The people in these rows are told "not in this list".
    #[arg(long)]
    accept_lost_rows: bool,
    /// Make keys although the last digits of many numbers seem to be lost
    ///
    /// Spreadsheets round long numbers. The people whose numbers were rounded are told "not in this
    /// list", and other numbers are published in their place.
    #[arg(long)]
    accept_lost_digits: bool,
}

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let keys = arguments.parameters()?;
    let reading = arguments.list_options.reading(keys.identifier)?;
    let input = |path: &PathBuf| Input {
        path: path.clone(),
        reading: reading.clone(),
    };
    let inputs: Vec<Input> = arguments.lists.iter().map(input).collect();
    let request = Request {
        inputs: &inputs,
        keys,
        part: arguments.part,
        accepted: Accepted {
            lost_rows: arguments.risks.accept_lost_rows,
            lost_digits: arguments.risks.accept_lost_digits,
            ..Accepted::default()
        },
    };
    let out = arguments.checked_out(&request)?;
    warn_of_cheap_keys(keys.kdf);
    let stop = crate::stop::on_signal()?;
    let bar = Bar::new(Texts::new(Language::En));
    let mut job = job::on_all_cores(&bar, &stop, arguments.resources.memory())?;
    if let Some(threads) = arguments.threads {
        job.threads = threads.get();
    }
    let directory = match out.and_then(Path::parent) {
        Some(parent) if parent == Path::new("") => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => std::env::temp_dir(),
    };
    let written = write::derive(&request, &directory, &job).and_then(|derived| match out {
        Some(path) => derived.save(path, &job),
        None => derived.write(io::stdout().lock(), &job),
    });
    bar.end();
    let trailer = written.map_err(|error| explain(error, out, &directory))?;
    print(&trailer, keys, arguments.part, out);
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    /// The parameters of the keys, given or those of a site.
    fn parameters(&self) -> anyhow::Result<Keys> {
        let Some(location) = &self.site else {
            return Ok(Keys {
                identifier: self.keys.identifier(),
                salt: self.salt.context("--salt or --site is missing")?,
                kdf: self.keys.kdf()?,
            });
        };
        let site = Site::new(location, PATIENCE)?;
        let catalogue = site.catalogue().map_err(|reason| {
            let shown = sanitize::path(Path::new(location));
            anyhow!(
                "the catalogue of {shown} cannot be used ({})",
                reason.code()
            )
        })?;
        Ok(catalogue.catalogue().into())
    }

    /// The file to write; `None` for standard output.
    fn checked_out(&self, request: &Request) -> anyhow::Result<Option<&Path>> {
        if self.out == Path::new("-") {
            ensure!(
                !io::stdout().is_terminal(),
                "standard output is a terminal, and keys are not text: name a file with --out, or \
                 redirect the output"
            );
            return Ok(None);
        }
        let is_named_so = self
            .out
            .extension()
            .is_some_and(|ending| ending == EXTENSION);
        ensure!(
            is_named_so,
            "{} does not end in .{EXTENSION}, which a key file needs; give another name",
            sanitize::path(&self.out)
        );
        write::check(&self.out, request)
            .map_err(|error| hinted(Texts::new(Language::En), error.code(), error))?;
        Ok(Some(&self.out))
    }
}

fn warn_of_cheap_keys(kdf: Kdf) {
    if is_cheap(kdf) {
        eprintln!(
            "warning: with {kdf}, anyone with the key file can find all its NIKs within minutes, \
             and every one of them is true. Keep it like the list."
        );
    }
}

fn print(trailer: &Trailer, keys: Keys, part: Part, out: Option<&Path>) {
    let texts = Texts::new(Language::En);
    let counts = trailer.counts;
    if counts.lost > 0 {
        eprintln!(
            "  warning: {} missing from the keys, because their rows cannot be used. They will be \
             told \"not in this list\". Mend the lines named above, and make the keys again",
            texts.count("missing_person", counts.lost)
        );
    }
    let of_part = match part {
        Part::WHOLE => String::new(),
        part => format!("part {part} of "),
    };
    eprintln!(
        "{} of {of_part}{}",
        texts.count("key", trailer.keys),
        texts.count("row", counts.rows)
    );
    eprintln!("Keys: {}, salt {}", keys.kdf, keys.salt.to_hex());
    if let Some(path) = out {
        let path = sanitize::path(path);
        eprintln!("The key file is ready: {path}. It is as sensitive as the list.");
    }
}

/// Says which file was not written, instead of what happened to a site.
fn explain(error: BuildError, out: Option<&Path>, directory: &Path) -> anyhow::Error {
    match (error, out) {
        (BuildError::Cancelled(_), _) => anyhow!("stopped: no key file was written"),
        (BuildError::Disk(error), None) => {
            anyhow::Error::new(error).context("cannot write to standard output")
        }
        (BuildError::Partition(cause), _) => anyhow!(
            "cannot write temporary files in {}: {cause}. Keys take about 20 bytes a row. Make \
             room there, or name another directory with {}",
            sanitize::path(directory),
            if out.is_some() { "--out" } else { "TMPDIR" }
        ),
        (error, _) => hinted(Texts::new(Language::En), error.code(), error),
    }
}

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use cek_nik_publisher::sample::{self, Format};

/// Write made-up NIKs that belong to nobody
///
/// Their serial, the last four digits, is 9000 or above, which no district ever reached in one day.
/// The same seed gives the same numbers.
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// Number of rows
    #[arg(long, value_name = "N")]
    count: u64,
    /// Seed: another seed gives other rows
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Format of the rows
    #[arg(long, default_value = "lines")]
    format: FormatName,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik sample --count 500 > list.csv
          Write 500 NIKs, one per line
  cek-nik sample --count 1000 --format bpjs > sample.csv
          Write a table like the one offered in 2021

Exit status:
  0  the rows were written
  2  they could not be written";

#[derive(Clone, Copy, clap::ValueEnum)]
enum FormatName {
    /// One NIK per line
    Lines,
    /// A header, and columns with NIK, name and birth date
    Csv,
    /// The thirty columns of the sample that was offered in 2021
    Bpjs,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let format = match arguments.format {
        FormatName::Lines => Format::Lines,
        FormatName::Csv => Format::Csv,
        FormatName::Bpjs => Format::Bpjs,
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let written =
        sample::write(&mut out, arguments.count, arguments.seed, format).and_then(|()| out.flush());
    match written {
        // The reader has enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => {
            other?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

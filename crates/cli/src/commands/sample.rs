use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use cek_nik_publisher::sample::{self, Format};

/// Write made-up NIKs that cannot be anybody's
///
/// Their serial, the last four digits, is 9000 or above, which no district ever reached on one day. The same seed
/// gives the same numbers.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many rows
    #[arg(long, value_name = "N")]
    count: u64,
    /// Which rows: another number gives others
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// How they are written
    #[arg(long, value_enum, default_value = "lines")]
    format: FormatName,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum FormatName {
    /// One NIK a line
    Lines,
    /// With a header, a name and a birth date
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
        // Whoever reads has had enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => {
            other?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

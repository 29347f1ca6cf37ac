use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use cek_nik_publisher::config::TEMPLATE;

/// Write a commented catalogue.toml to start from
#[derive(clap::Args)]
#[command(after_long_help = AFTER_HELP)]
pub struct Arguments {
    /// File to write
    #[arg(default_value = "catalogue.toml")]
    path: PathBuf,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik init
          Write catalogue.toml into this directory
  cek-nik init leaks/catalogue.toml
          Write it beside the lists, whose paths are relative to it

Exit status:
  0  the file was written
  2  it was not; an existing file is never replaced";

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.path.display();
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&arguments.path)
    {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{path} already exists; edit it, or give another name")
        }
        file => file
            .and_then(|mut file| file.write_all(TEMPLATE.as_bytes()))
            .with_context(|| format!("cannot write {path}"))?,
    }
    eprintln!("Wrote {path}. Edit it, then run: cek-nik build --out SITE {path}");
    Ok(ExitCode::SUCCESS)
}

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use cek_nik_publisher::config::TEMPLATE;

/// Write a commented catalogue.toml to start from
#[derive(clap::Args)]
pub struct Arguments {
    /// Where to write it
    #[arg(default_value = "catalogue.toml")]
    path: PathBuf,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let path = arguments.path.display();
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&arguments.path)
    {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{path} exists already: give another name, or edit that one")
        }
        file => file
            .and_then(|mut file| file.write_all(TEMPLATE.as_bytes()))
            .with_context(|| format!("cannot write {path}"))?,
    }
    eprintln!("Wrote {path}. Edit it, then run: cek-nik build --out SITE {path}");
    Ok(ExitCode::SUCCESS)
}

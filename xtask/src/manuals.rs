//! Manual pages and shell completions of the command line.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use clap_complete::Shell;

/// Writes one page per command.
pub fn pages(directory: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    Ok(clap_mangen::generate_to(cek_nik_cli::command(), directory)?)
}

/// Writes one file per shell.
pub fn completions(directory: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(directory)?;
    let mut command = cek_nik_cli::command();
    for &shell in Shell::value_variants() {
        clap_complete::generate_to(shell, &mut command, "cek-nik", directory)?;
    }
    Ok(())
}

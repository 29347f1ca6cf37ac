//! One file per subcommand: its arguments, whose comments are its help, and what it does.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod build;
mod check;
mod init;
mod progress;
mod sample;
mod serve;
mod texts;

/// Check whether an Indonesian identity number (NIK) is in a published list, without sending it anywhere
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Sample(sample::Arguments),
    Init(init::Arguments),
    Build(build::Arguments),
    Check(check::Arguments),
    Serve(serve::Arguments),
}

/// The exit status of everything that went wrong: in `check`, "could not check".
pub const FAILURE: u8 = 2;

/// Runs the subcommand that the process was started with.
pub fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(FAILURE)
    })
}

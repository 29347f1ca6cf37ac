//! One file per subcommand: its arguments, whose comments are its help, and what it does.

use std::process::ExitCode;

use cek_nik::nik::Nik;
use clap::{Parser, Subcommand};

mod build;
mod check;
mod decode;
mod init;
mod progress;
mod reading;
mod report;
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
    Decode(decode::Arguments),
    Serve(serve::Arguments),
}

/// The exit status of everything that went wrong: in `check`, "could not check".
pub const FAILURE: u8 = 2;

/// Whether somebody has given a NIK where an address, a file or a word belongs: every message would repeat it. Only the seed of a
/// sample may happen to have as many digits.
fn is_given_a_nik(command: &Command) -> bool {
    let mut values = std::env::args().skip(1);
    !matches!(command, Command::Sample(_)) && values.any(|value| Nik::parse(&value).is_ok())
}

/// Whether a message repeats a number that somebody has typed.
fn holds_a_nik(message: &str) -> bool {
    message
        .split(|c: char| c.is_whitespace() || c == '\'')
        .any(|word| word.chars().filter(|c| c.is_numeric()).count() >= 16)
}

fn refuse_nik() -> ExitCode {
    eprintln!(
        "error: a NIK is never an argument, since it would stay in the history of the shell: start `cek-nik check` or \
         `cek-nik decode` without it, and type it when you are asked. Delete this line from the history."
    );
    ExitCode::from(FAILURE)
}

/// Runs the subcommand that the process was started with.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) if is_given_a_nik(&arguments.command) => return refuse_nik(),
        Ok(arguments) => arguments,
        Err(error) if holds_a_nik(&error.to_string()) => return refuse_nik(),
        Err(error) => error.exit(),
    };
    let result = match arguments.command {
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(FAILURE)
    })
}

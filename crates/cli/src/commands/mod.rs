//! One file per subcommand: its arguments, whose comments are its help, and what it does.

use std::process::ExitCode;

use cek_nik::nik::{Nik, NikError, masked};
use clap::{Parser, Subcommand};

use crate::exit_status::FAILURE;

pub mod audit;
pub mod build;
pub mod check;
pub mod decode;
pub mod init;
pub mod pack;
pub mod plan;
pub mod sample;
pub mod serve;

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
    Plan(plan::Arguments),
    Build(build::Arguments),
    Audit(audit::Arguments),
    Pack(pack::Arguments),
    Check(check::Arguments),
    Decode(decode::Arguments),
    Serve(serve::Arguments),
}

/// Whether somebody has given a NIK where an address, a file or a word belongs: every message would repeat it. Where no words
/// belong at all, also in groups. Only the seed of a sample may happen to have as many digits.
fn is_given_a_nik(arguments: &[String]) -> bool {
    let is_nik = |text: &str| Nik::parse(text).is_ok();
    let value = |argument: &String| is_nik(argument.split_once('=').map_or(argument, |(_, v)| v));
    match arguments.split_first() {
        Some((command, _)) if command == "sample" => false,
        Some((command, rest)) if command == "check" || command == "decode" => {
            let groups: Vec<&str> = rest
                .iter()
                .filter(|a| is_group(a))
                .map(|a| a.as_str())
                .collect();
            is_nik(&groups.join(" ")) || rest.iter().any(value)
        }
        _ => arguments.iter().any(value),
    }
}

/// Digits, and what stands between them.
fn is_group(argument: &str) -> bool {
    matches!(Nik::parse(argument), Ok(_) | Err(NikError::Length { .. }))
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
    let typed: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    if is_given_a_nik(&typed) {
        return refuse_nik();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if masked(&error.to_string()) != error.to_string() => return refuse_nik(),
        Err(error) => error.exit(),
    };
    let result = match arguments.command {
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Pack(arguments) => pack::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        // Whoever closed the pipe, as `head` does, has all the answers that were wanted.
        if !is_broken_pipe(&error) {
            eprintln!("error: {}", masked(&format!("{error:#}")));
        }
        ExitCode::from(FAILURE)
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io: Option<&std::io::Error> = error.downcast_ref();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_is_found_in_one_argument_and_in_several() {
        let given = |arguments: &[&str]| {
            is_given_a_nik(&arguments.iter().map(|&a| a.to_owned()).collect::<Vec<_>>())
        };
        assert!(given(&["decode", "320101", "410790", "9001"]));
        assert!(given(&["check", "--site", "320101-410790-9001"]));
        assert!(given(&["check", "--site=3201014107909001"]));
        assert!(!given(&["build", "--out", "site", "20210512", "20210513"]));
        assert!(!given(&["sample", "--seed", "1234567890123456"]));
    }
}

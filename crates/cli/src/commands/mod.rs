//! Subcommands, one file each: the arguments, whose doc comments are the help, and what it does.

use std::process::ExitCode;

use cek_nik::nik::{Nik, NikError, masked};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};

use crate::exit_status::FAILURE;
use crate::output::texts::{Language, Texts};

pub mod add;
pub mod audit;
pub mod build;
pub mod check;
pub mod decode;
pub mod init;
pub mod keys;
pub mod pack;
pub mod plan;
pub mod remove;
pub mod sample;
#[cfg(feature = "serve")]
pub mod serve;
pub mod sign;
pub mod verify;
pub mod withdraw;

/// Check whether an Indonesian identity number (NIK) is in a published list, without sending it
///
/// A list becomes a static site with `plan`, `build` and `audit`. Readers check against the site in
/// a browser, or with `check`.
#[derive(Parser)]
#[command(
    name = "cek-nik",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_long_help = AFTER_HELP
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  cek-nik build --out site list.csv
          Build a site from a list
  cek-nik check --site site
          Ask for a NIK, and check it against the site

Exit status:
  `audit`, `check`, `decode` and `verify` use 0 and 1 for their answers; their help explains them.
  For every command, 2 is a failure.";

/// Hidden second name of `--out`. Without it, `--ouput` is too unlike `--out` to be corrected.
const OUT_ALIAS: &str = "output";

/// Names `--out` where its hidden second name would be suggested.
fn with_out_suggested(mut error: clap::Error) -> clap::Error {
    let alias = ContextValue::String(format!("--{OUT_ALIAS}"));
    if error.get(ContextKind::SuggestedArg) == Some(&alias) {
        error.insert(
            ContextKind::SuggestedArg,
            ContextValue::String("--out".to_owned()),
        );
    }
    error
}

/// The command line, for tools that write its documentation.
pub fn command() -> clap::Command {
    Arguments::command()
}

#[derive(Subcommand)]
enum Command {
    Sample(sample::Arguments),
    Init(init::Arguments),
    Plan(plan::Arguments),
    Keys(keys::Arguments),
    Build(build::Arguments),
    Add(add::Arguments),
    Remove(remove::Arguments),
    Withdraw(withdraw::Arguments),
    Sign(sign::Arguments),
    Verify(verify::Arguments),
    Audit(audit::Arguments),
    Pack(pack::Arguments),
    Check(check::Arguments),
    Decode(decode::Arguments),
    #[cfg(feature = "serve")]
    Serve(serve::Arguments),
}

impl Command {
    /// The language of the output. The commands without `--lang` speak English.
    fn language(&self) -> Language {
        match self {
            Self::Plan(arguments) => arguments.language.language(),
            Self::Build(arguments) => arguments.language.language(),
            Self::Add(arguments) => arguments.language.language(),
            Self::Remove(arguments) => arguments.language.language(),
            Self::Verify(arguments) => arguments.language.language(),
            Self::Audit(arguments) => arguments.language.language(),
            Self::Pack(arguments) => arguments.language.language(),
            Self::Check(arguments) => arguments.language.language(),
            Self::Decode(arguments) => arguments.language.language(),
            _ => Language::En,
        }
    }
}

/// Whether an argument is a NIK, which every error message would repeat. `check` and `decode` take
/// no words, so there the arguments are also joined: a NIK may be typed in groups. The seed of a
/// sample may have 16 digits.
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

/// Digits, with the separators that a NIK may have.
fn is_group(argument: &str) -> bool {
    matches!(Nik::parse(argument), Ok(_) | Err(NikError::Length { .. }))
}

fn refuse_nik() -> ExitCode {
    eprintln!(
        "error: a NIK must not be a command-line argument, because the shell keeps it in its \
         history. Run `cek-nik check` or `cek-nik decode` without it, and type it when asked. \
         Delete this line from the history."
    );
    ExitCode::from(FAILURE)
}

/// Runs the subcommand named by the arguments of the process.
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
        Err(error) => with_out_suggested(error).exit(),
    };
    let texts = Texts::new(arguments.command.language());
    let result = match arguments.command {
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Keys(arguments) => keys::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Add(arguments) => add::run(&arguments),
        Command::Remove(arguments) => remove::run(&arguments),
        Command::Withdraw(arguments) => withdraw::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Pack(arguments) => pack::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        // A reader that closes the pipe, as `head` does, has the answers it wanted.
        if !is_broken_pipe(&error) {
            eprintln!("{}: {}", texts.error(), masked(&format!("{error:#}")));
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
    #[test]
    fn every_help_has_two_examples_and_the_exit_statuses() {
        let mut all = command();
        all.clone().debug_assert();
        for command in all.get_subcommands_mut().filter(|c| c.get_name() != "help") {
            let help = command.render_long_help().to_string();
            let name = command.get_name();
            let examples = help.matches(&format!("\n  cek-nik {name}")).count();
            assert_eq!(examples, 2, "{help}");
            assert!(help.contains("\nExit status:\n  0  "), "{help}");
            for argument in command.get_arguments() {
                let line = argument
                    .get_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!((1..=100).contains(&line.len()), "{name}: {line:?}");
            }
        }
    }
}

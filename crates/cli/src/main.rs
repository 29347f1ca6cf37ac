//! The command line.

mod args;
mod commands;
mod exit_status;
mod output;
mod prompt;
mod query;
mod stop;
#[cfg(unix)]
mod terminal;
mod today;

fn main() -> std::process::ExitCode {
    commands::run()
}

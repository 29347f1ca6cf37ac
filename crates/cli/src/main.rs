//! The command line.

mod args;
mod commands;
mod output;
mod person;
mod stop;
#[cfg(unix)]
mod terminal;
mod typed;

fn main() -> std::process::ExitCode {
    commands::run()
}

//! The command line.

mod args;
mod commands;
mod output;
mod prompt;
mod query;
mod stop;
#[cfg(unix)]
mod terminal;

fn main() -> std::process::ExitCode {
    commands::run()
}

//! The command `cek-nik`, as a library for the tool that writes its manual pages.

mod args;
mod commands;
mod exit_status;
mod job;
mod memory;
mod output;
mod prompt;
mod query;
mod stop;
#[cfg(unix)]
mod terminal;
mod today;

pub use commands::{command, run};

//! The command line, from outside: one binary, so that it is linked once.

mod audit;
mod build;
mod check;
mod check_http;
mod cmd;
#[cfg(target_os = "linux")]
mod crashes;
mod damages;
mod desk;
mod editions;
mod examples;
mod grow;
mod key_files;
mod language;
mod lists;
#[cfg(target_os = "linux")]
mod memory;
mod name_properties;
mod pack;
#[cfg(unix)]
mod pack_place;
mod pack_vectors;
#[cfg(unix)]
mod pipes;
#[cfg(unix)]
mod prompt;
mod replaced;
#[cfg(unix)]
mod serve;
mod sign;
#[cfg(unix)]
mod stopped;
mod texts;
mod verify;

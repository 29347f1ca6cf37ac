//! Fuzz targets: one module each, with a function that takes arbitrary bytes.
//!
//! `run` panics on a wrong result, and returns whether the bytes were accepted. The programs in
//! `fuzz_targets/` hand it the bytes of libFuzzer, and `crates/publisher/tests/fuzz_targets.rs`
//! those of a short deterministic form.

pub mod address;
pub mod catalogue;
pub mod key_file;
pub mod lists;
pub mod name;
pub mod nik;
pub mod pack;
pub mod shard;
mod site;

use cek_nik::nik::Date;

/// A fixed day, so that a crash can be repeated.
fn today() -> Date {
    Date::new(2026, 11, 30).expect("a date")
}

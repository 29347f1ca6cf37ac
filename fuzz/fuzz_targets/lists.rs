//! Lists of arbitrary bytes: whatever they hold, they are read or refused.

#![no_main]

use std::io::Write;

use cek_nik::nik::Date;
use cek_nik_publisher::input::{self, Input, InputError, Reading};
use libfuzzer_sys::fuzz_target;

/// Small batches, so that rows fall on both sides of their ends.
const BATCH_BYTES: usize = 64;

fuzz_target!(|bytes: &[u8]| {
    // A file: Parquet and a second look at a list need one.
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    let list = Input {
        path: file.path().to_owned(),
        reading: Reading::default(),
    };
    let today = Date::new(2026, 11, 30).expect("a date");
    let is_readable = input::inspect(&list, today).is_ok();
    let mut consumed = 0;
    let read = input::read(&list, today, BATCH_BYTES, |_, bytes| {
        consumed += bytes;
        Ok::<_, InputError>(())
    });
    assert!(is_readable || read.is_err(), "refused at first, then read");
});

//! Bytes in place of a list.

use std::io::Write;

use cek_nik_publisher::input::{self, Input, InputError, Reading};

use super::today;

/// Small batches, so that rows fall on both sides of their ends.
const BATCH_BYTES: usize = 64;

/// Reads the list, which is refused at first or not at all.
pub fn run(bytes: &[u8]) -> bool {
    // A file: Parquet and a second look at a list need one.
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    let list = Input {
        path: file.path().to_owned(),
        reading: Reading::default(),
    };
    let is_readable = input::inspect(&list, today()).is_ok();
    let read = input::read(&list, today(), BATCH_BYTES, |_, _| Ok::<_, InputError>(()));
    assert!(is_readable || read.is_err(), "refused at first, then read");
    read.is_ok()
}

//! Bytes in place of a key file.

use std::io::Write;

use cek_nik_publisher::key_file::header::Header;
use cek_nik_publisher::key_file::reader::KeyFile;
use cek_nik_publisher::key_file::trailer::Trailer;
use sha2::{Digest, Sha256};

const KEY_BYTES: usize = 20;

/// Reads and verifies the file, as it is and with a checksum that fits, so that every other field
/// decides as well.
pub fn run(bytes: &[u8]) -> bool {
    if let Some((content, _)) = bytes.split_last_chunk::<32>() {
        is_key_file(&[content, &Sha256::digest(content)].concat());
    }
    is_key_file(bytes)
}

fn is_key_file(bytes: &[u8]) -> bool {
    // A key file is read twice, so it has a path.
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    let Ok(opened) = KeyFile::open(file.path()) else {
        return false;
    };
    assert_eq!(bytes[..Header::BYTES], opened.header.to_bytes());
    if opened.verify().is_err() {
        return false;
    }
    let keys = &bytes[Header::BYTES..bytes.len() - Trailer::BYTES];
    let (keys, rest) = keys.as_chunks::<KEY_BYTES>();
    assert!(rest.is_empty() && keys.len() as u64 == opened.trailer.keys);
    assert!(keys.is_sorted_by(|a, b| a < b));
    assert!(opened.trailer.keys <= opened.trailer.counts.rows);
    true
}

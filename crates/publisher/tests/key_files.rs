//! Test vectors of docs/KEYFILES.md, section 8.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, Salt};
use cek_nik_publisher::config::Accepted;
use cek_nik_publisher::input::{Input, Reading};
use cek_nik_publisher::job::{Job, Silent};
use cek_nik_publisher::key_file::fit::{self, TestKey};
use cek_nik_publisher::key_file::part::Part;
use cek_nik_publisher::key_file::reader::KeyFile;
use cek_nik_publisher::key_file::write::{self, Request};
use cek_nik_publisher::keys::Keys;
use serde_json::{Value, json};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/key-files");

#[test]
fn every_vector() {
    let directory = tempfile::tempdir().unwrap();
    let (mut made, mut read) = (0, 0);
    for entry in fs::read_dir(VECTORS).unwrap() {
        let path = entry.unwrap().path();
        let vector: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let found = if vector["make"].is_object() {
            made += 1;
            json!({ "file": make(directory.path(), &vector["make"]) })
        } else {
            read += 1;
            read_file(directory.path(), &vector["read"])
        };
        assert_eq!(
            found,
            vector["expect"],
            "{}: {}",
            path.display(),
            vector["case"]
        );
    }
    assert!(
        made >= 8 && read >= 40,
        "vectors are missing: {made} made, {read} read"
    );
}

#[test]
fn no_byte_of_a_file_can_change_unseen_and_no_cut_passes() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.cnkkeys");
    let vector = fs::read(Path::new(VECTORS).join("read-sha256.json")).unwrap();
    let vector: Value = serde_json::from_slice(&vector).unwrap();
    let good = base16ct::lower::decode_vec(vector["read"]["file"].as_str().unwrap()).unwrap();
    let is_good = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        KeyFile::open(&path).is_ok_and(|file| file.verify().is_ok())
    };
    assert!(is_good(&good));
    for offset in 0..good.len() {
        let mut damaged = good.clone();
        damaged[offset] ^= 0x10;
        assert!(!is_good(&damaged), "byte {offset}");
        assert!(!is_good(&good[..offset]), "{offset} bytes");
        assert!(!is_good(&[&good[..offset], &good[..]].concat()) || offset == 0);
    }
}

fn keys(given: &Value) -> Keys {
    let number = |name: &str| u32::try_from(given["kdf"][name].as_u64().unwrap()).unwrap();
    let cost = || {
        let [memory, iterations, lanes] = ["memory_kib", "iterations", "parallelism"].map(number);
        Argon2Cost::new(memory, iterations, lanes).unwrap()
    };
    Keys {
        identifier: IdentifierKind::from_name(given["identifier"].as_str().unwrap()).unwrap(),
        salt: Salt::from_hex(given["salt"].as_str().unwrap()).unwrap(),
        kdf: match given["kdf"]["name"].as_str().unwrap() {
            "sha256" => Kdf::Sha256,
            _ => Kdf::Argon2id(cost()),
        },
    }
}

/// The file that is made of a list with the identifiers, and with other rows of the counts.
fn make(directory: &Path, given: &Value) -> String {
    let keys = keys(given);
    let mut list = "NIK,NAMA\n".to_owned();
    for identifier in given["identifiers"].as_array().unwrap() {
        let (_, known) = identifier.as_str().unwrap().split_once(':').unwrap();
        let (nik, name) = known.split_once('|').unwrap_or((known, "X"));
        list += &format!("{nik},{name}\n");
    }
    (0..given["rows_refused"].as_u64().unwrap()).for_each(|_| list += "320101,SITI\n");
    (0..given["rows_set_aside"].as_u64().unwrap()).for_each(|_| list += "NIK,NAMA\n");
    let path = directory.join("list.csv");
    fs::write(&path, list).unwrap();
    let number = |name: &str| u32::try_from(given[name].as_u64().unwrap()).unwrap();
    let inputs = [Input {
        path,
        reading: Reading {
            identifier: keys.identifier,
            ..Reading::default()
        },
    }];
    let request = Request {
        inputs: &inputs,
        keys,
        part: Part::new(number("part"), number("parts")).unwrap(),
        accepted: Accepted {
            lost_rows: true,
            ..Accepted::default()
        },
    };
    let stop = AtomicBool::new(false);
    let job = Job {
        today: "2026-11-23".parse().unwrap(),
        progress: &Silent,
        stop: &stop,
        threads: 2,
        memory: 0,
    };
    let mut file = Vec::new();
    let derived = write::derive(&request, directory, &job).unwrap();
    derived.write(&mut file, &job).unwrap();
    base16ct::lower::encode_string(&file)
}

fn read_file(directory: &Path, given: &Value) -> Value {
    let path = directory.join("a.cnkkeys");
    let bytes = base16ct::lower::decode_vec(given["file"].as_str().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    let reason = |code: &str| json!({ "reason": code });
    let file = match KeyFile::open(&path) {
        Ok(file) => file,
        Err(error) => return reason(error.code()),
    };
    let keys = keys(given);
    let test_key = TestKey::derive(keys.salt, keys.kdf).unwrap();
    if let Err(unfit) = fit::check(&file.header, keys, test_key) {
        return reason(unfit.code());
    }
    if let Err(error) = file.verify() {
        return reason(error.code());
    }
    json!({
        "keys": file.trailer.keys,
        "rows": file.trailer.counts.rows,
        "rows_refused": file.trailer.counts.lost,
        "rows_set_aside": file.trailer.counts.set_aside,
        "part": file.part.number(),
        "parts": file.part.of(),
    })
}

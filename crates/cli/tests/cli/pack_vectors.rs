//! The packs and pages of tests/vectors, by the real command line: as files, which it opens by a
//! way of its own.

use std::fs;

use crate::desk::{Desk, feed, outcomes_alone};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik_publisher::site::OFFLINE;
use cek_nik_reader::page::{END, START};
use serde_json::{Value, json};

#[allow(dead_code, reason = "every test uses another part of it")]
const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");

#[test]
fn every_pack_and_page() {
    let desk = Desk::new();
    let (mut packs, mut pages) = (0, 0);
    for entry in fs::read_dir(VECTORS).expect("readable") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_stem().expect("a name").to_string_lossy();
        let vector = fs::read(&path).expect("readable");
        let vector: Value = serde_json::from_slice(&vector).expect("a vector is JSON");
        if vector["pack"].is_object() {
            packs += 1;
            let pack = file(&vector["pack"]);
            let page = with_pack(&STANDARD.encode(&pack));
            let as_pack = desk.found("given.cnkpack", &pack, &vector["pack"]);
            let as_page = desk.found("given.html", page.as_bytes(), &vector["pack"]);
            assert_eq!(as_pack, of_pack(&name, &vector["expect"]), "{name}");
            assert_eq!(as_page, of_page(&name, &vector["expect"]), "{name}");
        } else if vector["page"].is_object() {
            pages += 1;
            let found = desk.found("given.html", &file(&vector["page"]), &vector["page"]);
            assert_eq!(found, vector["expect"], "{name}");
        }
    }
    assert!(
        packs >= 75 && pages >= 39,
        "vectors are missing: {packs} packs, {pages} pages"
    );
}

/// The command line asks for names, and then misses the one that the vector does not give.
fn of_pack(name: &str, expect: &Value) -> Value {
    match name {
        "pack-name-not-asked" => json!({ "reason": "no_name" }),
        _ => expect.clone(),
    }
}

/// A page without a pack is one that was never filled.
fn of_page(name: &str, expect: &Value) -> Value {
    match name {
        "pack-empty" => json!({ "reason": "pack_not_a_pack" }),
        _ => of_pack(name, expect),
    }
}

/// The file of a vector: hex, or pairs of hex and how many times it is repeated.
fn file(given: &Value) -> Vec<u8> {
    let bytes = |hex: &Value| {
        base16ct::lower::decode_vec(hex.as_str().expect("hex")).expect("files are in hex")
    };
    let Some(pieces) = given["file"].as_array() else {
        return bytes(&given["file"]);
    };
    let repeated = |piece: &Value| {
        let times = piece[1].as_u64().expect("a number of times");
        bytes(&piece[0]).repeat(usize::try_from(times).expect("a length"))
    };
    pieces.iter().flat_map(repeated).collect()
}

fn with_pack(base64: &str) -> String {
    let place = format!("{START}{END}");
    assert!(OFFLINE.contains(&place));
    OFFLINE.replacen(&place, &format!("{START}{base64}{END}"), 1)
}

impl Desk {
    /// What is found in a file, in the words of the vectors.
    fn found(&self, name: &str, file: &[u8], given: &Value) -> Value {
        self.write(name, file);
        let person: Vec<&str> = ["nik", "name"]
            .iter()
            .filter_map(|field| given[field].as_str())
            .collect();
        let output = feed(
            &mut self.command(&["check", "--site", name, "--stdin", "--json"]),
            &format!("{}\n", person.join(",")),
        );
        let mut found: Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
        let object = found.as_object_mut().expect("an object");
        assert_eq!(object.remove("line"), Some(json!(1)));
        if object.contains_key("reason") {
            assert_eq!(object.remove("datasets"), Some(json!([])));
            assert_eq!(output.status.code(), Some(2));
        }
        if let Some(datasets) = object.remove("datasets") {
            object.insert("datasets".to_owned(), outcomes_alone(datasets));
        }
        found
    }
}

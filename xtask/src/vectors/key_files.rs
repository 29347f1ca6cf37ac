//! Vectors of `docs/KEYFILES.md`. The bytes are put together here from the document, not by the
//! code that the vectors test.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, anyhow};
use cek_nik::key::{Argon2Cost, Kdf, KeyDeriver, Salt};
use cek_nik_publisher::site::catalogue_document::KdfDocument;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{SALT, save};

const HEADER: usize = 64;
const TRAILER: usize = 80;

const IDENTIFIERS: [&str; 5] = [
    "nik:3201014107909001",
    "nik:3201014107909002",
    "nik:3201010107909001",
    "nik:9471014107909999",
    "nik:3201014107909001",
];

const LOCKED: [&str; 3] = [
    "nik+nama:3201014107909001|SITI",
    "nik+nama:3201014107909001|BUDI",
    "nik+nama:9471014107909999|NURAINI",
];

/// What a file is made of.
#[derive(Clone, Copy)]
struct Made<'a> {
    identifiers: &'a [&'a str],
    identifier: &'static str,
    salt: &'static str,
    kdf: Kdf,
    part: u32,
    parts: u32,
    refused: u64,
    set_aside: u64,
}

pub fn write(out: &Path) -> anyhow::Result<()> {
    let out = &out.join("key-files");
    std::fs::create_dir_all(out)?;
    let plain = Made {
        identifiers: &IDENTIFIERS,
        identifier: "nik",
        salt: SALT,
        kdf: Kdf::Sha256,
        part: 1,
        parts: 1,
        refused: 2,
        set_aside: 1,
    };
    let argon2id = Made {
        kdf: Kdf::Argon2id(Argon2Cost::new(64, 3, 2).context("cost")?),
        ..plain
    };
    let locked = Made {
        identifiers: &LOCKED,
        identifier: "nik+nama",
        ..argon2id
    };
    let reversed: Vec<&str> = IDENTIFIERS.iter().rev().copied().collect();
    let backwards = Made {
        identifiers: &reversed,
        ..plain
    };
    let part = |part, made: Made<'static>| Made {
        part,
        parts: 3,
        ..made
    };
    for (name, case, made) in [
        ("make-sha256", "all rows, one of them twice", plain),
        (
            "make-backwards",
            "the same rows in another order",
            backwards,
        ),
        ("make-argon2id", "with argon2id", argon2id),
        ("make-names", "of a name-locked catalogue", locked),
        ("make-part-1", "the first of three parts", part(1, plain)),
        ("make-part-2", "the second of three parts", part(2, plain)),
        ("make-part-3", "the third of three parts", part(3, plain)),
        (
            "make-names-part-2",
            "a part of a name-locked list",
            part(2, locked),
        ),
    ] {
        make(out, name, case, made)?;
        let file = made.file()?;
        read(
            out,
            &name.replace("make", "read"),
            case,
            &file,
            made,
            &made.found(&file),
        )?;
    }
    faults(out, argon2id)
}

/// One fault each of a good file.
fn faults(out: &Path, made: Made) -> anyhow::Result<()> {
    let good = made.file()?;
    let end = good.len();
    let flip = |offset: usize| {
        let mut bytes = good.clone();
        bytes[offset] ^= 1;
        bytes
    };
    // A change that the checksum confirms.
    let sealed = |mut bytes: Vec<u8>| {
        let checked = bytes.len() - 32;
        let checksum = Sha256::digest(&bytes[..checked]);
        bytes[checked..].copy_from_slice(&checksum);
        bytes
    };
    let swapped = {
        let mut bytes = good.clone();
        let (first, rest) = bytes[HEADER..].split_at_mut(20);
        first.swap_with_slice(&mut rest[..20]);
        bytes
    };
    let twice = {
        let mut bytes = good.clone();
        bytes.copy_within(HEADER..HEADER + 20, HEADER + 20);
        bytes
    };
    let few_rows = {
        let mut bytes = good.clone();
        bytes[end - TRAILER + 8] = 3;
        bytes
    };
    let batch = sealed(flip(28));
    let cut = |bytes: usize| good[..end - bytes].to_vec();
    #[rustfmt::skip] // A case in one line.
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("empty", "no bytes", Vec::new(), "wrong_length"),
        ("list", "a list", b"3201014107909001\n".to_vec(), "not_a_key_file"),
        ("magic", "one bit of the magic", flip(0), "not_a_key_file"),
        ("magic-cut", "half of the magic", good[..4].to_vec(), "wrong_length"),
        ("version-zero", "version 0", flip(8), "not_a_key_file"),
        ("version-newer", "a newer version", flip(9), "newer_version"),
        ("header-cut", "half a header", good[..40].to_vec(), "wrong_length"),
        ("no-trailer", "a header alone", good[..HEADER].to_vec(), "wrong_length"),
        ("cut-by-a-byte", "one byte is missing", cut(1), "wrong_length"),
        ("cut-by-a-key", "20 bytes are missing", cut(20), "wrong_length"),
        ("cut-by-the-trailer", "80 bytes are missing", cut(TRAILER), "wrong_length"),
        ("long", "one byte too many", [&good[..], &[0]].concat(), "wrong_length"),
        ("long-by-a-key", "20 bytes too many", [&good[..], &[0; 20]].concat(), "wrong_length"),
        ("count", "another number of keys", sealed(flip(end - TRAILER)), "wrong_length"),
        ("identifier-unknown", "identifier 2", { let mut b = good.clone(); b[10] = 2; sealed(b) },
         "damaged"),
        ("kdf-unknown", "KDF 2", { let mut b = good.clone(); b[11] = 2; sealed(b) }, "damaged"),
        ("lanes-none", "no lanes", { let mut b = good.clone(); b[20] = 0; sealed(b) }, "damaged"),
        ("part-none", "part 0", sealed(flip(24)), "damaged"),
        ("batch", "the key file of a batch", batch.clone(), "unfinished"),
        ("batches", "two of them", batch.repeat(2), "unfinished"),
        ("salt-bit", "one bit of the salt", flip(32), "salt"),
        ("test-key", "another test key", sealed(flip(48)), "test_key"),
        ("key-bit", "one bit of a key", flip(HEADER + 30), "damaged"),
        ("keys-swapped", "keys out of order", sealed(swapped), "damaged"),
        ("key-twice", "a key twice", sealed(twice), "damaged"),
        ("rows-too-few", "fewer rows than keys", sealed(few_rows), "damaged"),
        ("list-id-bit", "one bit of the list id", flip(end - 33), "damaged"),
        ("checksum-bit", "one bit of the checksum", flip(end - 1), "damaged"),
    ];
    for (name, case, bytes, reason) in cases {
        let expect = json!({ "reason": format!("key_file_{reason}") });
        read(out, &format!("fault-{name}"), case, &bytes, made, &expect)?;
    }
    let other = Argon2Cost::new(64, 3, 1).context("cost")?;
    for (reason, wanted) in [
        (
            "identifier",
            Made {
                identifier: "nik+nama",
                ..made
            },
        ),
        (
            "kdf",
            Made {
                kdf: Kdf::Sha256,
                ..made
            },
        ),
        (
            "cost",
            Made {
                kdf: Kdf::Argon2id(other),
                ..made
            },
        ),
        (
            "salt",
            Made {
                salt: "ffeeddccbbaa99887766554433221100",
                ..made
            },
        ),
    ] {
        let case = format!("the catalogue has another {reason}");
        let expect = json!({ "reason": format!("key_file_{reason}") });
        read(
            out,
            &format!("other-{reason}"),
            &case,
            &good,
            wanted,
            &expect,
        )?;
    }
    Ok(())
}

fn make(out: &Path, name: &str, case: &str, made: Made) -> anyhow::Result<()> {
    let given = json!({
        "identifiers": made.identifiers,
        "identifier": made.identifier,
        "salt": made.salt,
        "kdf": KdfDocument::of(made.kdf),
        "part": made.part,
        "parts": made.parts,
        "rows_refused": made.refused,
        "rows_set_aside": made.set_aside,
    });
    let expect = json!({ "file": base16ct::lower::encode_string(&made.file()?) });
    save(
        out,
        name,
        &json!({ "case": case, "make": given, "expect": expect }),
    )
}

fn read(
    out: &Path,
    name: &str,
    case: &str,
    file: &[u8],
    catalogue: Made,
    expect: &Value,
) -> anyhow::Result<()> {
    let given = json!({
        "file": base16ct::lower::encode_string(file),
        "identifier": catalogue.identifier,
        "salt": catalogue.salt,
        "kdf": KdfDocument::of(catalogue.kdf),
    });
    save(
        out,
        name,
        &json!({ "case": case, "read": given, "expect": expect }),
    )
}

impl Made<'_> {
    fn found(&self, file: &[u8]) -> Value {
        json!({
            "keys": (file.len() - HEADER - TRAILER) / 20,
            "rows": self.identifiers.len(),
            "rows_refused": self.refused,
            "rows_set_aside": self.set_aside,
            "part": self.part,
            "parts": self.parts,
        })
    }

    fn file(&self) -> anyhow::Result<Vec<u8>> {
        let salt = Salt::from_hex(self.salt).context("salt")?;
        let out_of_memory = |_| anyhow!("out of memory");
        let mut deriver = KeyDeriver::new(salt, self.kdf).map_err(out_of_memory)?;
        let mut kdf = |text: &[u8]| {
            let key = deriver.derive_from(text).map_err(out_of_memory)?;
            anyhow::Ok(*key.as_bytes())
        };
        let mut file = b"\x8eCNY\r\n\x1a\n\x01\x00".to_vec();
        file.push(u8::from(self.identifier == "nik+nama"));
        let (kind, cost) = match self.kdf {
            Kdf::Sha256 => (0, [0; 3]),
            Kdf::Argon2id(c) => (1, [c.memory_kib(), c.iterations(), c.parallelism()]),
        };
        file.push(kind);
        for number in cost.into_iter().chain([self.part, self.parts]) {
            file.extend(number.to_le_bytes());
        }
        file.extend(salt.0);
        file.extend(&kdf(b"cek-nik test key")?[..16]);

        let part_salt = Sha256::digest([&b"cek-nik part 1\n"[..], &salt.0].concat());
        let mut sum = 0_u128;
        let mut keys = BTreeSet::new();
        for identifier in self.identifiers {
            let hash = Sha256::digest([&part_salt[..16], identifier.as_bytes()].concat());
            let hash = u128::from_le_bytes(hash[..16].try_into()?);
            sum = sum.wrapping_add(hash);
            if hash % (1 << 64) % u128::from(self.parts) + 1 == u128::from(self.part) {
                let key = kdf(identifier.as_bytes())?;
                keys.insert([&key[..4], &key[8..24]].concat());
            }
        }
        file.extend(keys.iter().flatten());

        let rows = self.identifiers.len() as u64;
        let counts = [rows, self.refused, self.set_aside].map(u64::to_le_bytes);
        let list = Sha256::digest([&sum.to_le_bytes()[..], counts.as_flattened()].concat());
        file.extend((keys.len() as u64).to_le_bytes());
        file.extend(counts.as_flattened());
        file.extend(&kdf(&[b"list:", &list[..]].concat())?[..16]);
        file.extend(Sha256::digest(&file));
        Ok(file)
    }
}

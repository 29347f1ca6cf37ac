//! Vectors of limits: the last value that a client accepts, and the first one that it refuses.
//! Shards are assembled here by docs/FORMAT.md, section 6, with parameters that no list needs.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::catalogue::binding;
use cek_nik::filter::Bloom;
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Argon2Cost, Kdf, Salt};
use cek_nik_publisher::site::catalogue_document::KdfDocument;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::vectors::packs::Pack;
use crate::vectors::site::Site;
use crate::vectors::{IN_BOTH, SALT, both, check, key, save, text};

const MOST_CATALOGUE_BYTES: usize = 4_194_304;
const MOST_PAGE_BYTES: usize = 33_554_432;
const MOST_FILTER_BITS: u64 = 536_870_912;
/// A longer filter is written as runs of equal bytes.
const LONGEST_WRITTEN: u64 = 4096;

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    filters(out)?;
    catalogues(out, site)?;
    numbers(out, site)?;
    pages(out, site)
}

/// A data set of one shard, in whose filter the places of [`IN_BOTH`] are set.
struct Whole<'a> {
    id: &'a str,
    bits: u64,
    hashes: u8,
    /// The last place is clear.
    without_last: bool,
}

impl Whole<'_> {
    /// The entry of the catalogue, the path of the shard, and the shard.
    fn assemble(&self, kdf: Kdf) -> anyhow::Result<(Value, String, Value)> {
        let Self {
            id, bits, hashes, ..
        } = *self;
        let hash = key(kdf, IN_BOTH)?.filter_hash();
        let filter = Bloom::new(bits, hashes).context("filter")?;
        let mut places: Vec<u64> = filter.places(&hash).collect();
        if self.without_last {
            let last = places.pop().context("no place")?;
            ensure!(!places.contains(&last), "the last place is another one too");
        }
        let mut set: BTreeMap<u64, u8> = BTreeMap::new();
        for place in places {
            *set.entry(place / 8).or_default() |= 1 << (place % 8);
        }
        let salt = Salt::from_hex(SALT).context("salt")?;
        let header = [
            &[0x8e, 0x43, 0x4e, 0x4b, 0x0d, 0x0a, 0x1a, 0x0a, 1, 0, 0, 0][..],
            &[0; 4],
            &binding(IdentifierKind::Nik, kdf, salt, id),
            &bits.to_le_bytes(),
            &[hashes],
            &[0; 23],
        ]
        .concat();
        let mut shard = vec![(header, 1)];
        let mut end = 0;
        for (index, byte) in set {
            shard.push((vec![0], index - end));
            shard.push((vec![byte], 1));
            end = index + 1;
        }
        shard.push((vec![0], bits / 8 - end));
        let mut leaf = Sha256::new().chain_update([0]);
        for (bytes, times) in &shard {
            leaf.update(bytes.repeat(usize::try_from(*times)?));
        }
        let root = base16ct::lower::encode_string(&leaf.finalize());
        let pieces = shard.iter().map(|(bytes, times)| {
            let hex = base16ct::lower::encode_string(bytes);
            (hex, *times)
        });
        let file = if bits <= LONGEST_WRITTEN {
            let whole = pieces.map(|(hex, times)| hex.repeat(times as usize));
            json!(whole.collect::<String>())
        } else {
            json!(pieces.filter(|(_, times)| *times > 0).collect::<Vec<_>>())
        };
        let entry = json!({
            "id": id,
            "distinct": 1,
            "prefix_bits": 0,
            "filter": { "kind": "bloom", "bits": bits, "hashes": hashes },
            "false_positive_rate": 0.5,
            "shard_bytes": 64 + bits / 8,
            "root": root,
        });
        Ok((entry, format!("data/{id}/{root}/0000.cnk"), file))
    }
}

fn filters(out: &Path) -> anyhow::Result<()> {
    let least = Kdf::Argon2id(Argon2Cost::new(8, 1, 1).context("cost")?);
    let longest = "a-0".repeat(21) + "z";
    let data_set = |id, bits, hashes| Whole {
        id,
        bits,
        hashes,
        without_last: false,
    };
    let without_last = |id, bits, hashes| Whole {
        without_last: true,
        ..data_set(id, bits, hashes)
    };
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("id-longest", "an id of 64 characters", Kdf::Sha256, vec![data_set(&longest, 376, 20)]),
        ("hashes-most", "32 hashes; in the second data set only the last place is clear",
         Kdf::Sha256, vec![data_set("a", 4096, 32), without_last("b", 4096, 32)]),
        ("bits-least", "a filter of 8 bits, all of them clear in the second data set",
         Kdf::Sha256, vec![data_set("a", 8, 1), without_last("b", 8, 1)]),
        ("bits-most", "the largest filter, with no bit set but the 32 places", Kdf::Sha256,
         vec![data_set("a", MOST_FILTER_BITS, 32)]),
        ("memory-least", "the least memory that Argon2 takes", least,
         vec![data_set("a", 376, 20)]),
    ];
    for (name, case, kdf, sets) in cases {
        let mut files = Map::new();
        let mut entries = Vec::new();
        let mut answers = Vec::new();
        for set in sets {
            let (entry, path, file) = set.assemble(kdf)?;
            files.insert(path, file);
            entries.push(entry);
            let outcome = if set.without_last {
                "non_member"
            } else {
                "member"
            };
            answers.push(json!({ "id": set.id, "outcome": outcome }));
        }
        let catalogue = json!({
            "format": "cek-nik catalogue",
            "version": 1,
            "identifier": "nik",
            "salt": SALT,
            "kdf": KdfDocument::of(kdf),
            "datasets": entries,
        });
        let site = Site { catalogue, files };
        let expect = json!({ "datasets": answers });
        check(
            out,
            &format!("boundary-{name}"),
            case,
            &site,
            IN_BOTH,
            &expect,
        )?;
    }
    Ok(())
}

fn catalogues(out: &Path, site: &Site) -> anyhow::Result<()> {
    let given = |catalogue: Value| {
        let mut given = json!({ "nik": IN_BOTH, "files": site.files });
        given["catalogue"] = catalogue;
        given
    };
    let of_length = |mark: &str, bytes: usize| {
        let catalogue = mark.to_owned() + &text(&site.catalogue);
        let spaces = bytes - catalogue.len();
        given(json!([[catalogue, 1], [" ", spaces]]))
    };
    let found = both("member", "member");
    let refused = json!({ "reason": "catalogue_not_json" });
    let (most, mark) = (MOST_CATALOGUE_BYTES, "\u{feff}");
    #[rustfmt::skip] // A case in one or two lines.
    let lengths = [
        ("catalogue-longest", "a catalogue of 4 MiB", of_length("", most), &found),
        ("catalogue-too-long", "a catalogue of one byte more", of_length("", most + 1), &refused),
        ("catalogue-longest-mark", "4 MiB with a byte-order mark", of_length(mark, most), &found),
        ("catalogue-too-long-mark", "4 MiB behind a byte-order mark", of_length(mark, most + 3),
         &refused),
    ];
    for (name, case, given, expect) in lengths {
        let vector = json!({ "case": case, "check": given, "expect": expect });
        save(out, &format!("boundary-{name}"), &vector)?;
    }
    let none = json!({
        "case": "a site without a catalogue",
        "check": { "nik": IN_BOTH, "files": site.files },
        "expect": { "reason": "catalogue_not_found" },
    });
    save(out, "boundary-catalogue-none", &none)?;

    let mut most = site.clone();
    let good = site.catalogue["datasets"].as_array().context("an array")?;
    let ids: Vec<String> = (0..254).map(|id| format!("a{id}")).collect();
    let unusable = ids.iter().map(|id| json!({ "id": id }));
    most.catalogue["datasets"] = unusable.chain(good.clone()).collect();
    let unknown = |id| json!({ "id": id, "outcome": "unknown", "reason": "dataset_invalid" });
    let good = found["datasets"].as_array().context("an array")?;
    let expect: Value = ids.iter().map(unknown).chain(good.clone()).collect();
    let expect = json!({ "datasets": expect });
    let case = "256 data sets, of which the last two are good";
    check(out, "boundary-datasets-most", case, &most, IN_BOTH, &expect)?;

    let mut unversioned = site.clone();
    let kdf = unversioned.catalogue["kdf"].as_object_mut();
    kdf.context("an object")?.shift_remove("version");
    let case = "an Argon2 whose version is missing";
    let expect = json!({ "reason": "kdf_unsupported" });
    check(
        out,
        "boundary-kdf-version-missing",
        case,
        &unversioned,
        IN_BOTH,
        &expect,
    )
}

/// Numbers as JSON can write them. Every one is the nearest double.
fn numbers(out: &Path, site: &Site) -> anyhow::Result<()> {
    let member = both("member", "member");
    let invalid = both("member", "dataset_invalid");
    let too_long = both("member", "prefix_too_long");
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("forms", "whole numbers with a fraction or an exponent",
         vec![("\"version\":1,", "\"version\":1.0,"), ("\"version\":19", "\"version\":1.9e1"),
              ("\"memory_kib\":64", "\"memory_kib\":64.00"), ("\"iterations\":1", "\"iterations\":1e0"),
              ("\"parallelism\":1", "\"parallelism\":10E-1"),
              ("\"prefix_bits\":2", "\"prefix_bits\":2e0"), ("\"bits\":376", "\"bits\":0.376e+3"),
              ("\"hashes\":20", "\"hashes\":2.0e01"), ("\"distinct\":41", "\"distinct\":41.0"),
              ("\"shard_bytes\":175", "\"shard_bytes\":17500e-2")], &member),
        ("minus-zero", "a zero with a sign", vec![("\"prefix_bits\":0", "\"prefix_bits\":-0")],
         &member),
        ("rounded-whole", "a fraction that no double holds",
         vec![("\"prefix_bits\":2", "\"prefix_bits\":2.0000000000000001")], &member),
        ("largest", "2^53 - 1", vec![("\"distinct\":41", "\"distinct\":9007199254740991")],
         &member),
        ("rounded-down", "a fraction above 2^53 - 1, which the nearest double is",
         vec![("\"distinct\":41", "\"distinct\":9007199254740991.4")], &member),
        ("rounded-up", "a fraction above 2^53 - 1, whose nearest double is 2^53",
         vec![("\"distinct\":41", "\"distinct\":9007199254740991.6")], &invalid),
        ("too-large", "2^53", vec![("\"distinct\":41", "\"distinct\":9007199254740992")],
         &invalid),
        ("too-large-float", "2^53 as a fraction",
         vec![("\"distinct\":41", "\"distinct\":9007199254740992.0")], &invalid),
        ("beyond-64-bits", "a number that 64 bits do not hold",
         vec![("\"distinct\":41", "\"distinct\":18446744073709551657")], &invalid),
        ("modulo", "the prefix bits of the shards, and 2^32",
         vec![("\"prefix_bits\":2", "\"prefix_bits\":4294967298")], &too_long),
    ];
    for (name, case, changes, expect) in cases {
        let mut catalogue = text(&site.catalogue);
        for (from, to) in changes {
            ensure!(catalogue.contains(from), "{from} is not in the catalogue");
            catalogue = catalogue.replace(from, to);
        }
        let mut site = site.clone();
        site.catalogue = catalogue.into();
        check(
            out,
            &format!("boundary-number-{name}"),
            case,
            &site,
            IN_BOTH,
            expect,
        )?;
    }
    Ok(())
}

fn pages(out: &Path, site: &Site) -> anyhow::Result<()> {
    let base64 = STANDARD.encode(Pack::of(site)?.bytes());
    let page = format!("<!doctype html>\n<template id=\"pack\">{base64}</template>\n");
    let hex = base16ct::lower::encode_string(page.as_bytes());
    let refused = json!({ "reason": "pack_not_a_pack" });
    for (name, case, bytes, expect) in [
        (
            "longest",
            "a page of 32 MiB",
            MOST_PAGE_BYTES,
            both("member", "member"),
        ),
        (
            "too-long",
            "a page of one byte more",
            MOST_PAGE_BYTES + 1,
            refused,
        ),
    ] {
        let file = json!([[hex, 1], ["20", bytes - page.len()]]);
        let given = json!({ "file": file, "nik": IN_BOTH });
        let vector = json!({ "case": case, "page": given, "expect": expect });
        save(out, &format!("boundary-page-{name}"), &vector)?;
    }
    Ok(())
}

//! Vectors of good sites, of several kinds and sizes.

use std::path::Path;

use anyhow::Context;
use cek_nik::filter::Bloom;
use cek_nik::key::{Argon2Cost, Kdf};
use serde_json::{Value, json};

use crate::vectors::site::{Set, Site};
use crate::vectors::{IN_BOTH, IN_NONE, IN_SHARDED, IN_WHOLE, SHA256, bits, both, check, key};

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    answers(out, site)?;
    most_prefix_bits(out)?;
    one_place_clear(out)
}

fn answers(out: &Path, site: &Site) -> anyhow::Result<()> {
    let cases = [
        (
            "good-both",
            "in both lists",
            IN_BOTH,
            both("member", "member"),
        ),
        (
            "good-whole",
            "in the whole set only",
            IN_WHOLE,
            both("member", "non_member"),
        ),
        (
            "good-sharded",
            "in the sharded set only",
            IN_SHARDED,
            both("non_member", "member"),
        ),
        (
            "good-none",
            "in neither",
            IN_NONE,
            both("non_member", "non_member"),
        ),
    ];
    for (name, case, nik, expect) in cases {
        check(out, name, case, site, nik, &expect)?;
    }
    let sha256 = Site::build(SHA256, &Set::whole(), &Set::sharded())?;
    check(
        out,
        "good-sha256-member",
        "sha256, in both",
        &sha256,
        IN_BOTH,
        &both("member", "member"),
    )?;
    check(
        out,
        "good-sha256-none",
        "sha256, in neither",
        &sha256,
        IN_NONE,
        &both("non_member", "non_member"),
    )?;
    let mut marked = site.clone();
    marked.catalogue = Value::String(format!("\u{feff}{}", site.catalogue));
    check(
        out,
        "good-byte-order-mark",
        "a byte-order mark before the JSON",
        &marked,
        IN_BOTH,
        &both("member", "member"),
    )?;
    let mut unknown = site.clone();
    unknown.catalogue["added_later"] = json!({ "a": [1] });
    unknown.catalogue["mirrors"] = json!(["https://mirror.invalid/"]);
    unknown.catalogue["datasets"][0]["added_later"] = json!(true);
    check(
        out,
        "good-unknown-fields",
        "fields that this version does not know, and mirrors, which nobody asks without a key",
        &unknown,
        IN_BOTH,
        &both("member", "member"),
    )?;
    let mut odd = site.clone();
    odd.catalogue["publisher"] = json!(5);
    odd.catalogue["steps"] = json!("none");
    odd.catalogue["mirrors"] = json!({ "0": "https://mirror.invalid/" });
    odd.catalogue["datasets"][0]["title"] = json!(["no", "text"]);
    odd.catalogue["datasets"][1]["rows"] = json!("many");
    check(
        out,
        "good-odd-texts",
        "fields for people are of other types",
        &odd,
        IN_BOTH,
        &both("member", "member"),
    )?;
    let mut told = site.clone();
    told.catalogue["steps"] = json!([
        {
            "id": "contoh",
            "checked": "2026-11",
            "situation": { "id": "Ada pertanyaan?", "en": "Any questions?" },
            "what": { "id": "Hubungi redaksi.", "en": "Ask the editors." },
        },
        { "id": "bpjs", "hidden": true },
        { "id": 5, "checked": 2026, "situation": "no object", "what": { "id": null } },
        null,
    ]);
    check(
        out,
        "good-steps",
        "steps for people, some of them ill-formed",
        &told,
        IN_BOTH,
        &both("member", "member"),
    )
}

/// Most prefix bits, with only the files that the answer needs.
fn most_prefix_bits(out: &Path) -> anyhow::Result<()> {
    let cost = "kdf = \"argon2id\"\nargon2 = \"m=40,t=3,p=2\"";
    let large = Set::from(3201014107909002, 900, 0);
    let mut site = Site::build(
        cost,
        &large,
        &Set {
            bits: 14,
            ..Set::sharded()
        },
    )?;
    let kdf = Kdf::Argon2id(Argon2Cost::new(40, 3, 2).context("cost")?);
    let name = format!("{}.cnk", bits(14)?.prefix_of(key(kdf, IN_BOTH)?.head()));
    site.files
        .retain(|path, _| path.starts_with("data/utuh/") || path.ends_with(&name));
    let case = "14 prefix bits, three passes, two lanes, a filter of several kilobytes";
    check(
        out,
        "good-most-prefix-bits",
        case,
        &site,
        IN_BOTH,
        &both("member", "member"),
    )
}

/// A NIK is not in the list if one of its bits is clear, whichever that is.
fn one_place_clear(out: &Path) -> anyhow::Result<()> {
    let coarse = Set {
        rate: 0.06,
        ..Set::whole()
    };
    let site = Site::build(SHA256, &coarse, &Set::sharded())?;
    let bytes = site.bytes(&site.shard("utuh", ".cnk")?)?;
    let size = site.catalogue["datasets"][0]["filter"]["bits"]
        .as_u64()
        .context("bits")?;
    let filter = Bloom::new(size, 4).context("four hashes")?;
    for (name, only_clear) in [("first", 0), ("last", 3)] {
        let fits = |nik: &String| {
            let Ok(key) = key(Kdf::Sha256, nik) else {
                return false;
            };
            filter
                .places(&key.filter_hash())
                .enumerate()
                .all(|(round, place)| {
                    let set = bytes[64 + place as usize / 8] & (1 << (place % 8)) != 0;
                    set == (round != only_clear)
                })
        };
        let nik = (9471014107909000_u64..=9471014107909999)
            .map(|nik| nik.to_string())
            .find(fits)
            .context("no such NIK")?;
        let case = format!("only the {name} of four places is clear");
        check(
            out,
            &format!("good-only-{name}-place-clear"),
            &case,
            &site,
            &nik,
            &both("non_member", "non_member"),
        )?;
    }
    Ok(())
}

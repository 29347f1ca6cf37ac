//! Vectors of catalogues: one malformation each, and parameters that the shards were not made with.

use std::path::Path;

use serde_json::{Value, json};

use crate::vectors::site::Site;
use crate::vectors::{IN_BOTH, SALT, both, changed, check};

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let text = |text: &str| Value::String(text.to_owned());
    for (name, case, catalogue, reason) in [
        ("empty", "no bytes", text(""), "catalogue_not_json"),
        (
            "html",
            "a web page",
            text("<!doctype html>"),
            "catalogue_not_json",
        ),
        (
            "cut",
            "cut off",
            text(&site.catalogue.to_string()[..200]),
            "catalogue_not_json",
        ),
        (
            "byte-order-marks",
            "two byte-order marks before the JSON",
            text(&format!("\u{feff}\u{feff}{}", site.catalogue)),
            "catalogue_not_json",
        ),
        (
            "array",
            "JSON, but no object",
            text("[]"),
            "catalogue_not_a_catalogue",
        ),
        (
            "null",
            "JSON, but null",
            text("null"),
            "catalogue_not_a_catalogue",
        ),
        (
            "other-format",
            "JSON of another format",
            text("{\"format\":\"other\",\"version\":1}"),
            "catalogue_not_a_catalogue",
        ),
    ] {
        let mut site = site.clone();
        site.catalogue = catalogue;
        check(
            out,
            &format!("catalogue-{name}"),
            case,
            &site,
            IN_BOTH,
            &json!({ "reason": reason }),
        )?;
    }
    let with_id = |id: u16| json!({ "id": format!("a{id}") });
    #[rustfmt::skip] // A case in one or two lines.
    let catalogue_wide = [
        ("version-text", "a version that is no number", "/version", json!("1"),
         "catalogue_not_a_catalogue"),
        ("version-zero", "version 0", "/version", json!(0), "catalogue_not_a_catalogue"),
        ("version-newer", "a newer version", "/version", json!(2), "catalogue_newer_version"),
        ("identifier", "an unknown kind of identifier", "/identifier", json!("ktp"),
         "identifier_unsupported"),
        ("kdf-null", "no key derivation", "/kdf", json!(null), "catalogue_invalid"),
        ("kdf-name", "an unknown key derivation", "/kdf/name", json!("scrypt"), "kdf_unsupported"),
        ("kdf-version", "an older Argon2", "/kdf/version", json!(16), "kdf_unsupported"),
        ("version-fraction", "a version that is no whole number", "/version", json!(1.5),
         "catalogue_not_a_catalogue"),
        ("identifier-null", "no kind of identifier", "/identifier", json!(null),
         "identifier_unsupported"),
        ("kdf-text", "a key derivation that is no object", "/kdf", json!("sha256"),
         "kdf_unsupported"),
        ("kdf-version-null", "Argon2 without a version", "/kdf/version", json!(null),
         "kdf_unsupported"),
        ("kdf-iterations-none", "no pass", "/kdf/iterations", json!(0), "kdf_unsupported"),
        ("kdf-memory-most", "more memory than a client gives", "/kdf/memory_kib", json!(65_537),
         "kdf_unsupported"),
        ("kdf-memory-least", "less memory than Argon2 takes", "/kdf/memory_kib", json!(7),
         "kdf_unsupported"),
        ("kdf-iterations", "more passes than a client makes", "/kdf/iterations", json!(65),
         "kdf_unsupported"),
        ("kdf-parallelism", "no lane", "/kdf/parallelism", json!(0), "kdf_unsupported"),
        ("kdf-fraction", "a cost that is no whole number", "/kdf/memory_kib", json!(64.5),
         "kdf_unsupported"),
        ("salt-short", "a short salt", "/salt", json!("0011"), "catalogue_invalid"),
        ("salt-upper", "a salt in upper case", "/salt", json!(SALT.to_uppercase()),
         "catalogue_invalid"),
        ("salt-null", "no salt", "/salt", json!(null), "catalogue_invalid"),
        ("datasets-empty", "an empty list of data sets", "/datasets", json!([]),
         "catalogue_invalid"),
        ("datasets-many", "257 data sets", "/datasets", (0..257).map(with_id).collect(),
         "catalogue_invalid"),
        ("datasets-object", "data sets that are no array", "/datasets", json!({}),
         "catalogue_invalid"),
        ("datasets-of-null", "a data set that is no object", "/datasets/0", json!(null),
         "catalogue_invalid"),
        ("id-empty", "an empty id", "/datasets/0/id", json!(""), "catalogue_invalid"),
        ("id-hyphen", "an id that begins with a hyphen", "/datasets/0/id", json!("-a"),
         "catalogue_invalid"),
        ("id-upper", "an id in upper case", "/datasets/0/id", json!("A"), "catalogue_invalid"),
        ("id-line-feed", "an id with a line feed", "/datasets/0/id", json!("utuh\n"),
         "catalogue_invalid"),
        ("id-long", "an id of 65 characters", "/datasets/0/id", json!("a".repeat(65)),
         "catalogue_invalid"),
        ("datasets-null", "no data sets", "/datasets", json!(null), "catalogue_invalid"),
        ("id-path", "an id that leaves its directory", "/datasets/0/id", json!("../x"),
         "catalogue_invalid"),
        ("id-twice", "the same id twice", "/datasets/0/id", json!("pecah"), "catalogue_invalid"),
    ];
    for (name, case, place, value, reason) in catalogue_wide {
        let expect = json!({ "reason": reason });
        changed(
            out,
            &format!("catalogue-{name}"),
            case,
            site,
            &[(place, value)],
            &expect,
        )?;
    }
    #[rustfmt::skip] // A case in one or two lines.
    let one_dataset = [
        ("prefix-bits-15", "more prefix bits than a client sends", "/prefix_bits", json!(15),
         "prefix_too_long"),
        ("prefix-bits-fraction", "prefix bits that are no whole number", "/prefix_bits", json!(2.5),
         "dataset_invalid"),
        ("prefix-bits-other", "fewer prefix bits than the shards have", "/prefix_bits", json!(1),
         "dataset_invalid"),
        ("prefix-bits-negative", "prefix bits below zero", "/prefix_bits", json!(-1),
         "dataset_invalid"),
        ("prefix-bits-text", "prefix bits in quotation marks", "/prefix_bits", json!("2"),
         "dataset_invalid"),
        ("filter-array", "a filter that is no object", "/filter", json!([]), "filter_unsupported"),
        ("filter-bits-none", "an empty filter", "/filter/bits", json!(0), "dataset_invalid"),
        ("filter-bits-odd", "a filter that ends within a byte", "/filter/bits", json!(377),
         "dataset_invalid"),
        ("filter-bits-most", "a filter larger than a client takes", "/filter/bits",
         json!(536_870_920), "dataset_invalid"),
        ("filter-hashes-none", "no hash", "/filter/hashes", json!(0), "dataset_invalid"),
        ("rate-zero", "a false-positive rate of 0", "/false_positive_rate", json!(0),
         "dataset_invalid"),
        ("rate-text", "a false-positive rate in quotation marks", "/false_positive_rate",
         json!("0.1"), "dataset_invalid"),
        ("root-upper", "a root in upper case", "/root", json!("AB".repeat(32)), "dataset_invalid"),
        ("distinct-text", "a number of NIKs in quotation marks", "/distinct", json!("1"),
         "dataset_invalid"),
        ("filter-kind", "an unknown kind of filter", "/filter/kind", json!("xor"),
         "filter_unsupported"),
        ("filter-null", "no filter", "/filter", json!(null), "dataset_invalid"),
        ("filter-hashes", "more hashes than a client makes", "/filter/hashes", json!(33),
         "dataset_invalid"),
        ("filter-hashes-other", "fewer hashes than the shards have", "/filter/hashes", json!(19),
         "wrong_filter"),
        ("rate", "a false-positive rate of 1", "/false_positive_rate", json!(1), "dataset_invalid"),
        ("shard-bytes", "another length", "/shard_bytes", json!(1000), "dataset_invalid"),
        ("root-short", "a short root", "/root", json!("00"), "dataset_invalid"),
        ("root-other", "the root of another edition", "/root", json!("00".repeat(32)), "not_found"),
        ("distinct", "no number of NIKs", "/distinct", json!(-1), "dataset_invalid"),
    ];
    for (name, case, place, value, reason) in one_dataset {
        let place = format!("/datasets/1{place}");
        let expect = both("member", reason);
        changed(
            out,
            &format!("dataset-{name}"),
            case,
            site,
            &[(&place, value)],
            &expect,
        )?;
    }
    #[rustfmt::skip] // A case in one or two lines.
    let costs = [
        ("parallelism-most", "more lanes than a client computes",
         [("/kdf/memory_kib", json!(136)), ("/kdf/parallelism", json!(17))]),
        ("memory-per-lane", "less than 8 KiB for each lane",
         [("/kdf/memory_kib", json!(15)), ("/kdf/parallelism", json!(2))]),
        ("work", "more memory times passes than a client computes",
         [("/kdf/memory_kib", json!(8_193)), ("/kdf/iterations", json!(64))]),
        ("work-largest", "memory times passes, beyond 32 bits",
         [("/kdf/memory_kib", json!(1_u32 << 31)), ("/kdf/iterations", json!(2))]),
    ];
    let expect = json!({ "reason": "kdf_unsupported" });
    for (name, case, changes) in costs {
        let name = format!("catalogue-kdf-{name}");
        changed(out, &name, case, site, &changes, &expect)?;
    }
    check_bytes(out, site)?;
    let all_else = [
        ("/version", json!(2)),
        ("/identifier", json!("ktp")),
        ("/kdf", json!(null)),
    ];
    let expect = json!({ "reason": "catalogue_newer_version" });
    changed(
        out,
        "catalogue-version-first",
        "a newer version in which all else has changed",
        site,
        &all_else,
        &expect,
    )?;
    bindings(out, site)
}

/// Data sets that are too many bytes for one check, in front of two good ones.
fn check_bytes(out: &Path, site: &Site) -> anyhow::Result<()> {
    const LARGEST: u64 = 536_870_912;
    // With the largest shard, exactly 128 MiB.
    const REST: u64 = LARGEST - 2 * 64 * 8;
    let large = |id: &str, bits: u64| {
        let mut dataset = site.catalogue["datasets"][0].clone();
        dataset["id"] = json!(id);
        dataset["filter"]["bits"] = json!(bits);
        dataset["shard_bytes"] = json!(64 + bits / 8);
        dataset
    };
    let good = |index: usize| site.catalogue["datasets"][index].clone();
    let unknown =
        |id: &str, reason: &str| json!({ "id": id, "outcome": "unknown", "reason": reason });
    let member = |id: &str| json!({ "id": id, "outcome": "member" });
    for (name, case, second, expect) in [
        (
            "check-bytes",
            "more bytes than one check fetches, and then few",
            LARGEST,
            [
                unknown("b", "dataset_invalid"),
                member("utuh"),
                member("pecah"),
            ],
        ),
        (
            "check-bytes-most",
            "as many bytes as one check fetches, and then more",
            REST,
            [
                unknown("b", "not_found"),
                unknown("utuh", "dataset_invalid"),
                unknown("pecah", "dataset_invalid"),
            ],
        ),
    ] {
        let datasets = [large("a", LARGEST), large("b", second), good(0), good(1)];
        let [b, utuh, pecah] = expect;
        let expect = json!({ "datasets": [unknown("a", "not_found"), b, utuh, pecah] });
        let name = format!("dataset-{name}");
        changed(
            out,
            &name,
            case,
            site,
            &[("/datasets", json!(datasets))],
            &expect,
        )?;
    }
    Ok(())
}

/// Parameters within the limits, so that a key is made, and that the shards were not made with.
fn bindings(out: &Path, site: &Site) -> anyhow::Result<()> {
    let lanes = vec![
        ("/kdf/memory_kib", json!(128)),
        ("/kdf/parallelism", json!(16)),
    ];
    for (name, case, changes) in [
        (
            "cost",
            "a cost that the shards were not made with",
            vec![("/kdf/memory_kib", json!(65))],
        ),
        (
            "passes",
            "the most passes, and the most memory times passes, that a client computes",
            vec![
                ("/kdf/memory_kib", json!(8_192)),
                ("/kdf/iterations", json!(64)),
            ],
        ),
        ("lanes", "more lanes than the shards were made with", lanes),
        (
            "memory",
            "the most memory that a client gives",
            vec![("/kdf/memory_kib", json!(65_536))],
        ),
        (
            "salt",
            "a salt that the shards were not made with",
            vec![("/salt", json!("ff".repeat(16)))],
        ),
        (
            "sha256",
            "another key derivation",
            vec![("/kdf/name", json!("sha256"))],
        ),
    ] {
        let expect = both("wrong_dataset", "wrong_dataset");
        changed(
            out,
            &format!("binding-{name}"),
            case,
            site,
            &changes,
            &expect,
        )?;
    }
    Ok(())
}

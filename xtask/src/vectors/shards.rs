//! Vectors of shards: one malformation each of the shard of `pecah` that holds [`IN_BOTH`].

use std::path::Path;

use anyhow::Context;
use cek_nik::key::{Argon2Cost, Kdf};

use crate::vectors::site::{Set, Site};
use crate::vectors::{CHEAP, IN_BOTH, bits, both, check, key};

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let kdf = Kdf::Argon2id(Argon2Cost::new(64, 1, 1).context("cost")?);
    let name = format!("{}.cnk", bits(2)?.prefix_of(key(kdf, IN_BOTH)?.head()));
    let path = site.shard("pecah", &name)?;
    let good = site.bytes(&path)?;
    let end = good.len();
    let flip = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let cut = |length: usize| good[..length].to_vec();
    let flip_both = |one: usize, other: usize| {
        let mut bytes = flip(one);
        bytes[other] ^= 1;
        bytes
    };
    #[rustfmt::skip] // A case in one or two lines.
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("html", "a web page", b"<!doctype html><title>Wi-Fi</title>".to_vec(), "not_a_shard"),
        ("empty", "no bytes", cut(0), "wrong_length"),
        ("magic-only", "the magic and nothing else", cut(8), "wrong_length"),
        ("header-cut", "half a header", cut(40), "wrong_length"),
        ("one-byte-short", "one byte is missing", cut(end - 1), "wrong_length"),
        ("one-byte-long", "one byte too many", [good.as_slice(), &[0]].concat(), "wrong_length"),
        ("magic", "one bit of the magic", flip(0), "not_a_shard"),
        ("magic-last", "one bit of the last byte of the magic", flip(7), "not_a_shard"),
        ("version-zero", "version 0", flip(8), "not_a_shard"),
        ("version-newer", "a newer version", flip(9), "newer_version"),
        ("version-newer-short", "a newer version that is shorter", [&cut(8)[..], &[2, 0]].concat(),
         "newer_version"),
        ("magic-cut", "half of the magic", cut(4), "wrong_length"),
        ("version-cut", "half of the version", cut(9), "wrong_length"),
        ("kind", "a kind of filter that the catalogue does not name", flip(10), "wrong_filter"),
        ("prefix-bits", "another number of prefix bits", flip(11), "wrong_prefix"),
        ("prefix", "another prefix", flip(15), "wrong_prefix"),
        ("prefix-high", "another prefix, in its first byte", flip(12), "wrong_prefix"),
        ("prefix-middle", "another prefix, in its third byte", flip(14), "wrong_prefix"),
        ("binding-and-prefix", "another binding and another prefix", flip_both(15, 16),
         "wrong_dataset"),
        ("binding-first", "one bit of the binding's first byte", flip(16), "wrong_dataset"),
        ("binding-last", "one bit of the binding's last byte", flip(31), "wrong_dataset"),
        ("filter-bits", "another size of the filter", flip(32), "wrong_filter"),
        ("filter-bits-middle", "another size of the filter, in its third byte", flip(34),
         "wrong_filter"),
        ("filter-bits-high", "another size of the filter, in its last byte", flip(39),
         "wrong_filter"),
        ("filter-hashes", "another number of hashes", flip(40), "wrong_filter"),
        ("reserved-first", "the first reserved byte is not zero", flip(41), "wrong_filter"),
        ("reserved-last", "the last reserved byte is not zero", flip(63), "wrong_filter"),
        ("filter-first", "one bit of the filter's first byte", flip(64), "damaged"),
        ("filter-last", "one bit of the filter's last byte", flip(end - 65), "damaged"),
        ("path-first", "one bit of the first sibling", flip(end - 64), "damaged"),
        ("path-last", "one bit of the last sibling", flip(end - 1), "damaged"),
    ];
    for (name, case, bytes, reason) in cases {
        let mut site = site.clone();
        site.files[&path] = base16ct::lower::encode_string(&bytes).into();
        check(
            out,
            &format!("shard-{name}"),
            case,
            &site,
            IN_BOTH,
            &both("member", reason),
        )?;
    }
    let mut missing = site.clone();
    missing.files.remove(&path);
    check(
        out,
        "shard-missing",
        "no such file",
        &missing,
        IN_BOTH,
        &both("member", "not_found"),
    )?;
    let neighbour = site
        .shards("pecah")
        .find(|other| **other != path)
        .context("no neighbour")?;
    let mut swapped = site.clone();
    swapped.files[&path] = site.files[neighbour].clone();
    let expect = both("member", "wrong_prefix");
    check(
        out,
        "shard-of-another-prefix",
        "the shard of another prefix",
        &swapped,
        IN_BOTH,
        &expect,
    )?;
    // The same list twice: only the names of the two data sets differ.
    let mut twins = Site::build(CHEAP, &Set::sharded(), &Set::sharded())?;
    let (path, other) = (twins.shard("pecah", &name)?, twins.shard("utuh", &name)?);
    twins.files[&path] = twins.files[&other].clone();
    let expect = both("member", "wrong_dataset");
    check(
        out,
        "shard-of-another-dataset",
        "the shard of another data set",
        &twins,
        IN_BOTH,
        &expect,
    )
}

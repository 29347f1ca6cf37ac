//! Vectors of packs: good ones, one malformation each of the beginning, and damaged shards. They
//! are assembled here by the table of docs/FORMAT.md, section 7, and not by the code that the
//! vectors test.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::vectors::names::{self, NAME};
use crate::vectors::site::Site;
use crate::vectors::{IN_BOTH, IN_NONE, IN_SHARDED, IN_WHOLE, both, save, text};

pub const MAGIC: [u8; 8] = [0x8e, 0x43, 0x4e, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];
const MOST_CATALOGUE_BYTES: u32 = 4_194_304;
pub const HEADER: usize = 64;

/// Parts of a pack. Missing fields of the header are computed.
#[derive(Clone)]
pub struct Pack {
    datasets: Option<u16>,
    catalogue_bytes: Option<u32>,
    sizes: Vec<u64>,
    pub catalogue: Vec<u8>,
    signature: Vec<u8>,
    signature_bytes: Option<u16>,
    version: u16,
    shards: Vec<u8>,
}

impl Pack {
    pub fn of(site: &Site) -> anyhow::Result<Self> {
        let mut pack = Self {
            datasets: None,
            catalogue_bytes: None,
            sizes: Vec::new(),
            catalogue: text(&site.catalogue).into_bytes(),
            signature: Vec::new(),
            signature_bytes: None,
            version: 1,
            shards: Vec::new(),
        };
        for id in ["utuh", "pecah"] {
            let before = pack.shards.len();
            for path in site.shards(id) {
                pack.shards.extend(site.bytes(path)?);
            }
            pack.sizes.push((pack.shards.len() - before) as u64);
        }
        Ok(pack)
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut pack = self.clone();
        change(&mut pack);
        pack.bytes()
    }

    fn with_catalogue(&self, place: &str, value: Value) -> anyhow::Result<Vec<u8>> {
        let mut catalogue: Value = serde_json::from_slice(&self.catalogue)?;
        *catalogue.pointer_mut(place).context("no such field")? = value;
        Ok(self.with(|pack| pack.catalogue = text(&catalogue).into_bytes()))
    }

    pub fn bytes(&self) -> Vec<u8> {
        let sizes: Vec<u8> = self.sizes.iter().flat_map(|s| s.to_le_bytes()).collect();
        let index = [&sizes[..], &self.catalogue, &self.signature].concat();
        let datasets = self.datasets.unwrap_or(self.sizes.len() as u16);
        let catalogue_bytes = self.catalogue_bytes.unwrap_or(self.catalogue.len() as u32);
        let signature_bytes = self.signature_bytes.unwrap_or(self.signature.len() as u16);
        [
            &MAGIC[..],
            &self.version.to_le_bytes(),
            &datasets.to_le_bytes(),
            &catalogue_bytes.to_le_bytes(),
            &signature_bytes.to_le_bytes(),
            &[0; 14],
            &Sha256::digest(&index),
            &index,
            &self.shards,
        ]
        .concat()
    }
}

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let pack = Pack::of(site)?;
    good(out, &pack)?;
    beginnings(out, site, &pack)?;
    signed(out, &pack)?;
    catalogues(out, &pack)?;
    shards(out, &pack)
}

fn vector(
    out: &Path,
    name: &str,
    case: &str,
    file: &[u8],
    (nik, person): (&str, Option<&str>),
    expect: &Value,
) -> anyhow::Result<()> {
    let mut given = json!({ "file": base16ct::lower::encode_string(file), "nik": nik });
    if let Some(person) = person {
        given["name"] = person.into();
    }
    let vector = json!({ "case": case, "pack": given, "expect": expect });
    save(out, &format!("pack-{name}"), &vector)
}

fn good(out: &Path, pack: &Pack) -> anyhow::Result<()> {
    let locked = Pack::of(&names::locked_site()?)?;
    let marked = [b"\xef\xbb\xbf", &pack.catalogue[..]].concat();
    let marked = pack.with(|pack| pack.catalogue = marked);
    let (good, locked) = (pack.bytes(), locked.bytes());
    let unsupported = json!({ "reason": "identifier_unsupported" });
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("both", "in both lists", &good, (IN_BOTH, None), both("member", "member")),
        ("whole", "in the whole set only", &good, (IN_WHOLE, None), both("member", "non_member")),
        ("sharded", "in the sharded set only", &good, (IN_SHARDED, None),
         both("non_member", "member")),
        ("none", "in neither list", &good, (IN_NONE, None), both("non_member", "non_member")),
        ("byte-order-mark", "a byte-order mark before the catalogue", &marked, (IN_BOTH, None),
         both("member", "member")),
        ("name", "a name-locked catalogue", &locked, (IN_BOTH, Some(NAME)),
         both("member", "member")),
        ("name-not-asked", "a name-locked catalogue and a client that asks for no name", &locked,
         (IN_BOTH, None), unsupported),
    ];
    for (name, case, file, person, expect) in cases {
        vector(out, name, case, file, person, &expect)?;
    }
    Ok(())
}

/// Packs with a signature, which no client without a pinned key looks at.
fn signed(out: &Path, pack: &Pack) -> anyhow::Result<()> {
    let with = |version, bytes: usize| {
        let mut pack = pack.clone();
        (pack.version, pack.signature) = (version, vec![b'x'; bytes]);
        pack
    };
    let good = with(2, 300);
    let mut changed = good.bytes();
    changed[HEADER + 16 + pack.catalogue.len()] ^= 1;
    let mut reserved = good.bytes();
    reserved[18] = 1;
    let longer = good.with(|pack| pack.signature_bytes = Some(301));
    let found = both("member", "member");
    let damaged = json!({ "reason": "pack_damaged" });
    let cut = json!({ "reason": "pack_wrong_length" });
    let newer = json!({ "reason": "pack_newer_version" });
    #[rustfmt::skip] // A case in one or two lines.
    let cases = [
        ("good", "with a signature", good.bytes(), &found),
        ("longest", "with the longest signature", with(2, 16384).bytes(), &found),
        ("too-long", "with a signature that is longer", with(2, 16385).bytes(), &damaged),
        ("none", "version 2 without a signature", with(2, 0).bytes(), &damaged),
        ("version-1", "version 1 with a signature", with(1, 300).bytes(), &damaged),
        ("version-3", "version 3", with(3, 300).bytes(), &newer),
        ("changed", "one bit of the signature", changed, &damaged),
        ("reserved", "a reserved byte that is not zero", reserved, &damaged),
        ("longer", "a signature that ends in the first shard", longer, &damaged),
        ("cut", "cut within the signature",
         good.bytes()[..HEADER + 16 + pack.catalogue.len() + 10].to_vec(), &cut),
    ];
    for (name, case, file, expect) in cases {
        let name = format!("signed-{name}");
        vector(out, &name, case, &file, (IN_BOTH, None), expect)?;
    }
    Ok(())
}

/// Numbers 1 to 7 and 9 of section 7.
fn beginnings(out: &Path, site: &Site, pack: &Pack) -> anyhow::Result<()> {
    let good = pack.bytes();
    let catalogue = HEADER + 16;
    let first_shard = catalogue + pack.catalogue.len();
    let flip = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let cut = |length: usize| good[..length].to_vec();
    let flip_and_cut = |place: usize, length: usize| flip(place)[..length].to_vec();
    let shard = site.shards("utuh").next().context("no shard")?;
    let [whole, sharded] = pack.sizes[..] else {
        anyhow::bail!("not two data sets");
    };
    let sizes = |sizes: &[u64]| pack.with(|pack| pack.sizes = sizes.to_vec());
    let longest = MOST_CATALOGUE_BYTES;
    let cut_last_shard = |pack: &mut Pack| {
        let shard = sharded / 4;
        pack.sizes[1] -= shard;
        pack.shards.truncate((whole + 3 * shard) as usize);
    };
    #[rustfmt::skip] // A case in one or two lines.
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("empty", "no bytes", cut(0), "pack_wrong_length"),
        ("html", "a web page", b"<!doctype html><title>Wi-Fi</title>".to_vec(), "pack_not_a_pack"),
        ("shard", "a shard", site.bytes(shard)?, "pack_not_a_pack"),
        ("catalogue", "a catalogue", pack.catalogue.clone(), "pack_not_a_pack"),
        ("magic", "one bit of the magic", flip(0), "pack_not_a_pack"),
        ("magic-last", "one bit of the last byte of the magic", flip(7), "pack_not_a_pack"),
        ("magic-cut", "half of the magic", cut(4), "pack_wrong_length"),
        ("magic-other-cut", "half of another magic", flip_and_cut(3, 4), "pack_not_a_pack"),
        ("magic-only", "the magic and nothing else", cut(8), "pack_wrong_length"),
        ("version-cut", "half of the version", cut(9), "pack_wrong_length"),
        ("version-zero", "version 0", flip(8), "pack_not_a_pack"),
        ("version-newer", "a newer version", flip(9), "pack_newer_version"),
        ("version-newer-short", "a newer version that is shorter", flip_and_cut(9, 10),
         "pack_newer_version"),
        ("version-only", "magic and version and nothing else", cut(10), "pack_wrong_length"),
        ("header-cut", "one byte of the header is missing", cut(63), "pack_wrong_length"),
        ("header-cut-reserved", "a header that is cut, with a reserved byte that is not zero",
         flip_and_cut(16, 63), "pack_wrong_length"),
        ("reserved-first", "the first reserved byte is not zero", flip(16), "pack_damaged"),
        ("reserved-last", "the last reserved byte is not zero", flip(31), "pack_damaged"),
        ("reserved-cut", "a reserved byte that is not zero, and nothing behind the header",
         flip_and_cut(31, HEADER), "pack_damaged"),
        ("catalogue-longest", "the longest catalogue, which is not there",
         pack.with(|p| p.catalogue_bytes = Some(longest)), "pack_wrong_length"),
        ("catalogue-too-long", "a catalogue longer than a pack has",
         pack.with(|p| p.catalogue_bytes = Some(longest + 1)), "pack_damaged"),
        ("datasets-most", "more data sets than the file has bytes for",
         pack.with(|p| p.datasets = Some(65_535)), "pack_wrong_length"),
        ("header-only", "the header and nothing else", cut(HEADER), "pack_wrong_length"),
        ("sizes-cut", "one byte of the sizes is missing", cut(catalogue - 1), "pack_wrong_length"),
        ("catalogue-cut", "one byte of the catalogue is missing", cut(first_shard - 1),
         "pack_wrong_length"),
        ("digest-first", "one bit of the first byte of the SHA-256", flip(32), "pack_damaged"),
        ("digest-last", "one bit of the last byte of the SHA-256", flip(63), "pack_damaged"),
        ("sizes-first", "one bit of the first byte of the sizes", flip(HEADER), "pack_damaged"),
        ("sizes-last", "one bit of the last byte of the sizes", flip(catalogue - 1),
         "pack_damaged"),
        ("catalogue-first", "one bit of the first byte of the catalogue", flip(catalogue),
         "pack_damaged"),
        ("catalogue-last", "one bit of the last byte of the catalogue", flip(first_shard - 1),
         "pack_damaged"),
        ("catalogue-longer", "a catalogue that takes the first byte of the first shard",
         pack.with(|p| p.catalogue_bytes = Some(p.catalogue.len() as u32 + 1)), "pack_damaged"),
        ("damaged-and-cut", "one bit of the catalogue, and the last shard is missing",
         flip_and_cut(catalogue, good.len() - 1), "pack_damaged"),
        ("beginning-only", "no shards", cut(first_shard), "pack_wrong_length"),
        ("one-byte-short", "one byte is missing", cut(good.len() - 1), "pack_wrong_length"),
        ("one-byte-long", "one byte too many", [good.as_slice(), &[0]].concat(),
         "pack_wrong_length"),
        ("sizes-one-more", "a size of one byte more than the file has",
         sizes(&[whole, sharded + 1]), "pack_wrong_length"),
        ("sizes-one-less", "a size of one byte less than the file has",
         sizes(&[whole, sharded - 1]), "pack_wrong_length"),
        ("sizes-largest", "sizes that no computer adds up", sizes(&[u64::MAX, u64::MAX]),
         "pack_wrong_length"),
        ("sizes-modulo", "sizes that would be right modulo 2^64",
         sizes(&[u64::MAX, whole + sharded + 1]), "pack_wrong_length"),
        ("size-in-catalogue", "a size that is counted to the catalogue",
         pack.with(|p| {
             p.datasets = Some(1);
             p.catalogue_bytes = Some(p.catalogue.len() as u32 + 8);
         }),
         "pack_wrong_length"),
        ("wrong-length-and-no-catalogue", "one byte too many, and no catalogue",
         pack.with(|p| { p.catalogue.clear(); p.shards.push(0); }), "pack_wrong_length"),
        ("sizes-swapped", "each data set has the size of the other", sizes(&[sharded, whole]),
         "pack_damaged"),
        ("sizes-three", "a size more than there are data sets", sizes(&[whole, sharded, 0]),
         "pack_damaged"),
        ("sizes-merged", "a size less than there are data sets", sizes(&[whole + sharded]),
         "pack_damaged"),
        ("shard-left-out", "a shard less than there are prefixes", pack.with(cut_last_shard),
         "pack_damaged"),
    ];
    for (name, case, file, reason) in cases {
        let expect = json!({ "reason": reason });
        vector(out, name, case, &file, (IN_BOTH, None), &expect)?;
    }
    Ok(())
}

/// Numbers 8 and 9: what the catalogue in a pack says, where the rest of the pack is right.
fn catalogues(out: &Path, pack: &Pack) -> anyhow::Result<()> {
    let html = b"<!doctype html>".to_vec();
    #[rustfmt::skip] // A case in one or two lines.
    let bad: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("none", "no catalogue", pack.with(|p| p.catalogue.clear()), "catalogue_not_json"),
        ("not-json", "a web page in place of the catalogue", pack.with(|p| p.catalogue = html),
         "catalogue_not_json"),
        ("other-format", "JSON of another format", pack.with_catalogue("/format", json!("other"))?,
         "catalogue_not_a_catalogue"),
        ("newer", "a newer catalogue", pack.with_catalogue("/version", json!(2))?,
         "catalogue_newer_version"),
        ("identifier", "an unknown kind of identifier",
         pack.with_catalogue("/identifier", json!("ktp"))?, "identifier_unsupported"),
        ("kdf", "an unknown key derivation", pack.with_catalogue("/kdf/name", json!("scrypt"))?,
         "kdf_unsupported"),
        ("salt", "no salt", pack.with_catalogue("/salt", json!(null))?, "catalogue_invalid"),
        ("no-datasets", "no data sets, and no sizes", pack.with_catalogue("/datasets", json!([]))?,
         "catalogue_invalid"),
    ];
    for (name, case, file, reason) in bad {
        let (name, expect) = (format!("catalogue-is-{name}"), json!({ "reason": reason }));
        vector(out, &name, case, &file, (IN_BOTH, None), &expect)?;
    }
    let unusable = pack.with_catalogue("/datasets/0/prefix_bits", json!(15))?;
    let other_filter = pack.with_catalogue("/datasets/1/filter/kind", json!("ribbon"))?;
    let mut catalogue: Value = serde_json::from_slice(&pack.catalogue)?;
    catalogue["datasets"][0]["filter"]["kind"] = json!("ribbon");
    let of_another_length = pack.with(|pack| {
        pack.catalogue = text(&catalogue).into_bytes();
        let rest = pack.shards.split_off(pack.sizes[0] as usize);
        pack.shards = [&[7; 5], &rest[..]].concat();
        pack.sizes[0] = 5;
    });
    let other_root = pack.with_catalogue("/datasets/1/root", json!("00".repeat(32)))?;
    let other_salt = pack.with_catalogue("/salt", json!("ff".repeat(16)))?;
    #[rustfmt::skip] // A case in one or two lines.
    let usable_in_part: Vec<(&str, &str, Vec<u8>, Value)> = vec![
        ("dataset-unusable", "a data set with too many prefix bits beside one that can be used",
         unusable, both("prefix_too_long", "member")),
        ("dataset-of-other-length",
         "a data set of an unknown kind, whose size says nothing, before one that can be used",
         of_another_length, both("filter_unsupported", "member")),
        ("dataset-unusable-last", "a data set of an unknown kind behind one that can be used",
         other_filter, both("member", "filter_unsupported")),
        ("root-other", "the root of another edition", other_root, both("member", "damaged")),
        ("salt-other", "another salt than the shards were made with", other_salt,
         both("wrong_dataset", "wrong_dataset")),
    ];
    for (name, case, file, expect) in usable_in_part {
        vector(out, name, case, &file, (IN_BOTH, None), &expect)?;
    }
    Ok(())
}

/// Section 6.4, for shards in a pack.
fn shards(out: &Path, pack: &Pack) -> anyhow::Result<()> {
    let [whole, sharded] = pack.sizes[..] else {
        anyhow::bail!("not two data sets");
    };
    let (whole, each) = (whole as usize, sharded as usize / 4);
    let every = |change: &dyn Fn(&mut [u8])| {
        pack.with(|pack| {
            for shard in pack.shards[whole..].chunks_exact_mut(each) {
                change(shard);
            }
        })
    };
    let flip = |place: usize| every(&|shard| shard[place] ^= 1);
    let moved = pack.with(|pack| pack.shards[whole..].rotate_left(each));
    let whole_flipped = pack.with(|pack| pack.shards[HEADER] ^= 1);
    #[rustfmt::skip] // A case in one or two lines.
    let cases: Vec<(&str, &str, Vec<u8>, Value)> = vec![
        ("shards-magic", "one bit of the magic of each shard", flip(0),
         both("member", "not_a_shard")),
        ("shards-version", "shards of a newer version", flip(9), both("member", "newer_version")),
        ("shards-binding", "one bit of the binding of each shard", flip(16),
         both("member", "wrong_dataset")),
        ("shards-filter-bits", "shards with another size of the filter", flip(32),
         both("member", "wrong_filter")),
        ("shards-filter", "one bit of the filter of each shard", flip(HEADER),
         both("member", "damaged")),
        ("shards-path", "one bit of the last sibling of each shard", flip(each - 1),
         both("member", "damaged")),
        ("shards-zero", "zeroes in place of the shards", every(&|shard| shard.fill(0)),
         both("member", "not_a_shard")),
        ("shards-moved", "each shard stands where the one before it belongs", moved,
         both("member", "wrong_prefix")),
        ("whole-set-filter", "one bit of the filter of the whole set", whole_flipped,
         both("damaged", "member")),
    ];
    for (name, case, file, expect) in cases {
        vector(out, name, case, &file, (IN_BOTH, None), &expect)?;
    }
    Ok(())
}

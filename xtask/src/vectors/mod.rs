//! Test vectors of `docs/FORMAT.md` (`make vectors`). The expected results are written here by hand
//! from the specification: they do not come from the code that the vectors test.

use std::fs;
use std::path::Path;

use anyhow::Context;
use cek_nik::filter::Bloom;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Kdf, Key, KeyDeriver, Salt};
use cek_nik::nik::Nik;
use cek_nik::prefix::PrefixBits;
use cek_nik_publisher::site::catalogue_document::KdfDocument;
use serde_json::{Value, json};

mod boundaries;
mod catalogues;
mod editions;
mod good;
mod key_files;
mod names;
mod packs;
mod pages;
mod shards;
mod signatures;
mod site;

use site::{Set, Site};

const SALT: &str = "00112233445566778899aabbccddeeff";
/// A NIK in the data sets `utuh`, which is one file, and `pecah`, which has four shards.
const IN_BOTH: &str = "3201014107909001";
const IN_WHOLE: &str = "3201014107909002";
const IN_SHARDED: &str = "3201010107909001";
const IN_NONE: &str = "9471014107909999";

/// A cheap derivation.
const CHEAP: &str = "kdf = \"argon2id\"\nargon2 = \"m=64,t=1,p=1\"";
const SHA256: &str = "kdf = \"sha256\"";

pub fn run(out: &Path) -> anyhow::Result<()> {
    let site = Site::build(CHEAP, &Set::whole(), &Set::sharded())?;
    keys(out)?;
    good::write(out, &site)?;
    names::write(out, &site)?;
    shards::write(out, &site)?;
    catalogues::write(out, &site)?;
    boundaries::write(out, &site)?;
    editions::write(out, &site)?;
    packs::write(out, &site)?;
    signatures::write(out, &site)?;
    pages::write(out, &site)?;
    key_files::write(out)
}

fn keys(out: &Path) -> anyhow::Result<()> {
    let cost =
        |memory, iterations, lanes| Argon2Cost::new(memory, iterations, lanes).map(Kdf::Argon2id);
    let owasp = Some(Kdf::Argon2id(Argon2Cost::OWASP));
    // In a filter of nearly the largest size, every step of the mixing shows.
    let cases = [
        ("key-sha256", Some(Kdf::Sha256), IN_BOTH, 9600, 7),
        (
            "key-sha256-large-filter",
            Some(Kdf::Sha256),
            "3201014107909140",
            536_870_904,
            32,
        ),
        ("key-argon2id", owasp, IN_BOTH, 9600, 7),
        ("key-argon2id-small", cost(64, 1, 1), IN_BOTH, 9600, 7),
        ("key-argon2id-three-lanes", cost(96, 3, 3), IN_BOTH, 9600, 7),
        ("key-argon2id-odd-memory", cost(67, 2, 2), IN_BOTH, 8, 1),
    ];
    for (name, kdf, nik, size, hashes) in cases {
        let kdf = kdf.context("cost")?;
        let identifier = Identifier::of_nik(&Nik::parse(nik)?);
        save_key(out, name, kdf, &identifier, size, hashes)?;
    }
    Ok(())
}

fn save_key(
    out: &Path,
    name: &str,
    kdf: Kdf,
    identifier: &Identifier,
    size: u64,
    hashes: u8,
) -> anyhow::Result<()> {
    let key = derive(kdf, identifier)?;
    let prefixes = (0..=PrefixBits::MAX)
        .map(|count| Ok(bits(count)?.prefix_of(key.head()).value()))
        .collect::<anyhow::Result<Vec<u32>>>()?;
    let bloom = Bloom::new(size, hashes).context("filter")?;
    let places: Vec<u64> = bloom.places(&key.filter_hash()).collect();
    let vector = json!({
        "case": "key, prefixes and places of one identifier",
        "key": {
            "identifier": std::str::from_utf8(identifier.as_bytes())?,
            "salt": SALT,
            "kdf": KdfDocument::of(kdf),
            "bits": size,
            "hashes": hashes,
        },
        "expect": {
            "key": base16ct::lower::encode_string(key.as_bytes()),
            "prefixes": prefixes,
            "places": places,
        },
    });
    save(out, name, &vector)
}

fn key(kdf: Kdf, nik: &str) -> anyhow::Result<Key> {
    derive(kdf, &Identifier::of_nik(&Nik::parse(nik)?))
}

fn derive(kdf: Kdf, identifier: &Identifier) -> anyhow::Result<Key> {
    let salt = Salt::from_hex(SALT).context("salt")?;
    KeyDeriver::new(salt, kdf)
        .and_then(|mut deriver| deriver.derive(identifier))
        .map_err(|_| anyhow::anyhow!("out of memory"))
}

fn bits(count: u8) -> anyhow::Result<PrefixBits> {
    PrefixBits::new(count).context("too many bits")
}

/// Writes one vector.
fn save(out: &Path, name: &str, vector: &Value) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(vector)? + "\n";
    fs::write(out.join(format!("{name}.json")), text)?;
    Ok(())
}

/// The outcomes of both data sets, or the reasons why there is none.
fn both(whole: &str, sharded: &str) -> Value {
    let answer = |id: &str, outcome: &str| match outcome {
        "member" | "non_member" => json!({ "id": id, "outcome": outcome }),
        reason => json!({ "id": id, "outcome": "unknown", "reason": reason }),
    };
    json!({ "datasets": [answer("utuh", whole), answer("pecah", sharded)] })
}

fn check(
    out: &Path,
    name: &str,
    case: &str,
    site: &Site,
    nik: &str,
    expect: &Value,
) -> anyhow::Result<()> {
    let given = json!({ "catalogue": text(&site.catalogue), "nik": nik, "files": site.files });
    let vector = json!({ "case": case, "check": given, "expect": expect });
    save(out, name, &vector)
}

/// The text of a catalogue. Some catalogues are no JSON, and are stored as text.
fn text(catalogue: &Value) -> String {
    match catalogue {
        Value::String(text) => text.clone(),
        catalogue => catalogue.to_string(),
    }
}

fn changed(
    out: &Path,
    name: &str,
    case: &str,
    site: &Site,
    changes: &[(&str, Value)],
    expect: &Value,
) -> anyhow::Result<()> {
    let mut site = site.clone();
    for (place, value) in changes {
        *site.catalogue.pointer_mut(place).context("no such field")? = value.clone();
    }
    check(out, name, case, &site, IN_BOTH, expect)
}

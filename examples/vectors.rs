//! Writes the test vectors: `make vectors`. What each case must lead to stands here, written by hand from docs/FORMAT.md, and does
//! not come from the code that the vectors test.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use cek_nik::filter::Bloom;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Kdf, Key, KeyDeriver, Salt};
use cek_nik::nik::Nik;
use cek_nik::prefix::PrefixBits;
use cek_nik::publish::describe::Description;
use cek_nik::publish::{Job, Silent, edition};
use serde_json::{Map, Value, json};

const SALT: &str = "00112233445566778899aabbccddeeff";
/// In the data set `utuh`, a whole set, and in `pecah`, which has four shards.
const IN_BOTH: &str = "3201014107909001";
const IN_WHOLE: &str = "3201014107909002";
const IN_SHARDED: &str = "3201010107909001";
const IN_NONE: &str = "9471014107909999";

fn main() -> anyhow::Result<()> {
    let out = std::env::args_os()
        .nth(1)
        .context("usage: vectors DIRECTORY")?;
    let out = Path::new(&out);
    let site = Site::build("argon2id", Some("m=64,t=1,p=1"))?;
    keys(out)?;
    good(out, &site)?;
    bad_shards(out, &site)?;
    bad_catalogues(out, &site)
}

/// A site in memory.
#[derive(Clone)]
struct Site {
    catalogue: Value,
    files: Map<String, Value>,
}

impl Site {
    fn build(kdf: &str, argon2: Option<&str>) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let at = |name: &str| directory.path().join(name);
        let whole: String = (1..=12)
            .map(|n| format!("320101410790{:04}\n", 9000 + n))
            .collect();
        let sharded: String = (1..=40)
            .map(|n| format!("320101010790{:04}\n", 9000 + n))
            .collect();
        fs::write(at("utuh.txt"), whole)?;
        fs::write(at("pecah.txt"), sharded + IN_BOTH + "\n")?;
        let argon2 = argon2.map_or(String::new(), |cost| format!("argon2 = \"{cost}\"\n"));
        fs::write(
            at("catalogue.toml"),
            format!(
                "kdf = \"{kdf}\"\n{argon2}salt = \"{SALT}\"\n\
                 [[dataset]]\nid = \"utuh\"\ninputs = [\"utuh.txt\"]\nprefix_bits = 0\nfpr = 1e-6\n\
                 [[dataset]]\nid = \"pecah\"\ninputs = [\"pecah.txt\"]\nprefix_bits = 2\nfpr = 1e-6\n"
            ),
        )?;
        let job = Job {
            progress: &Silent,
            stop: &AtomicBool::new(false),
            threads: 1,
        };
        let description = Description::read(&at("catalogue.toml"))?;
        edition::publish(&description, &at("site"), "2026-11-23", &job)?;
        let catalogue = serde_json::from_slice(&fs::read(at("site/catalogue.json"))?)?;
        let mut files = Map::new();
        collect(&at("site"), Path::new("data"), &mut files)?;
        files.sort_keys();
        Ok(Self { catalogue, files })
    }

    /// Where the shard of `pecah` for [`IN_BOTH`] lies.
    fn shard_path(&self) -> anyhow::Result<String> {
        let key = key(kdf_of(&self.catalogue), IN_BOTH)?;
        let prefix = bits(2)?.prefix_of(key.head());
        let root = self.catalogue["datasets"][1]["root"]
            .as_str()
            .unwrap_or_default();
        Ok(format!("data/pecah/{root}/{prefix}.cnk"))
    }

    fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        Ok(base16ct::lower::decode_vec(
            self.files[path].as_str().unwrap_or_default(),
        )?)
    }
}

fn collect(site: &Path, path: &Path, files: &mut Map<String, Value>) -> anyhow::Result<()> {
    for entry in fs::read_dir(site.join(path))? {
        let path = path.join(entry?.file_name());
        if site.join(&path).is_dir() {
            collect(site, &path, files)?;
        } else {
            let hex = base16ct::lower::encode_string(&fs::read(site.join(&path))?);
            files.insert(path.to_string_lossy().into_owned(), hex.into());
        }
    }
    Ok(())
}

fn kdf_of(catalogue: &Value) -> Kdf {
    match Argon2Cost::new(64, 1, 1) {
        Some(cost) if catalogue["kdf"]["name"] == "argon2id" => Kdf::Argon2id(cost),
        _ => Kdf::Sha256,
    }
}

fn key(kdf: Kdf, nik: &str) -> anyhow::Result<Key> {
    let salt = Salt::from_hex(SALT).context("salt")?;
    let identifier = Identifier::of_nik(&Nik::parse(nik)?);
    KeyDeriver::new(salt, kdf)
        .and_then(|mut deriver| deriver.derive(&identifier))
        .map_err(|_| anyhow::anyhow!("out of memory"))
}

fn bits(count: u8) -> anyhow::Result<PrefixBits> {
    PrefixBits::new(count).context("too many bits")
}

/// Writes one vector.
fn write(out: &Path, name: &str, vector: &Value) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(vector)? + "\n";
    fs::write(out.join(format!("{name}.json")), text)?;
    Ok(())
}

fn keys(out: &Path) -> anyhow::Result<()> {
    let cost =
        |memory, iterations, lanes| Argon2Cost::new(memory, iterations, lanes).map(Kdf::Argon2id);
    let cases = [
        ("key-sha256", Some(Kdf::Sha256)),
        ("key-argon2id", Some(Kdf::Argon2id(Argon2Cost::OWASP))),
        ("key-argon2id-small", cost(64, 1, 1)),
        ("key-argon2id-three-lanes", cost(96, 3, 3)),
    ];
    for (name, kdf) in cases {
        let kdf = kdf.context("cost")?;
        let key = key(kdf, IN_BOTH)?;
        let prefixes = (0..=PrefixBits::MAX)
            .map(|count| Ok(bits(count)?.prefix_of(key.head()).value()))
            .collect::<anyhow::Result<Vec<u32>>>()?;
        let bloom = Bloom::new(9600, 7).context("filter")?;
        let places: Vec<u64> = bloom.places(&key.filter_hash()).collect();
        write(
            out,
            name,
            &json!({
                "case": "key, prefixes and places of one identifier",
                "key": {
                    "identifier": format!("nik:{IN_BOTH}"),
                    "salt": SALT,
                    "kdf": edition::kdf_document(kdf),
                    "bits": bloom.bits(),
                    "hashes": bloom.hashes(),
                },
                "expect": {
                    "key": base16ct::lower::encode_string(key.as_bytes()),
                    "prefixes": prefixes,
                    "places": places,
                },
            }),
        )?;
    }
    Ok(())
}

/// The outcomes of both data sets: what was found, or the reason why nothing was.
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
    let catalogue = match &site.catalogue {
        // Some are no JSON, and stand here as text.
        Value::String(text) => text.clone(),
        catalogue => catalogue.to_string(),
    };
    write(
        out,
        name,
        &json!({
            "case": case,
            "check": { "catalogue": catalogue, "nik": nik, "files": site.files },
            "expect": expect,
        }),
    )
}

fn good(out: &Path, site: &Site) -> anyhow::Result<()> {
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
    let sha256 = Site::build("sha256", None)?;
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
    let mut unknown = site.clone();
    unknown.catalogue["added_later"] = json!({ "a": [1] });
    unknown.catalogue["datasets"][0]["added_later"] = json!(true);
    check(
        out,
        "good-unknown-fields",
        "fields that this version does not know",
        &unknown,
        IN_BOTH,
        &both("member", "member"),
    )?;
    let mut odd = site.clone();
    odd.catalogue["publisher"] = json!(5);
    odd.catalogue["datasets"][0]["title"] = json!(["no", "text"]);
    odd.catalogue["datasets"][1]["rows"] = json!("many");
    check(
        out,
        "good-odd-texts",
        "fields for people are of other types",
        &odd,
        IN_BOTH,
        &both("member", "member"),
    )
}

/// One malformation each of the shard that holds [`IN_BOTH`] in `pecah`.
fn bad_shards(out: &Path, site: &Site) -> anyhow::Result<()> {
    let path = site.shard_path()?;
    let good = site.bytes(&path)?;
    let end = good.len();
    let flip = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let cut = |length: usize| good[..length].to_vec();
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        (
            "html",
            "a web page",
            b"<!doctype html><title>Wi-Fi</title>".to_vec(),
            "not_a_shard",
        ),
        ("empty", "no bytes", cut(0), "wrong_length"),
        (
            "magic-only",
            "the magic and nothing else",
            cut(8),
            "wrong_length",
        ),
        ("header-cut", "half a header", cut(40), "wrong_length"),
        (
            "one-byte-short",
            "one byte is missing",
            cut(end - 1),
            "wrong_length",
        ),
        (
            "one-byte-long",
            "one byte too many",
            [good.as_slice(), &[0]].concat(),
            "wrong_length",
        ),
        ("magic", "one bit of the magic", flip(0), "not_a_shard"),
        (
            "magic-last",
            "one bit of the last byte of the magic",
            flip(7),
            "not_a_shard",
        ),
        ("version-zero", "version 0", flip(8), "not_a_shard"),
        ("version-newer", "a newer version", flip(9), "newer_version"),
        (
            "kind",
            "a kind of filter that the catalogue does not name",
            flip(10),
            "wrong_filter",
        ),
        (
            "prefix-bits",
            "another number of prefix bits",
            flip(11),
            "wrong_prefix",
        ),
        ("prefix", "another prefix", flip(15), "wrong_prefix"),
        (
            "binding-first",
            "one bit of the binding's first byte",
            flip(16),
            "wrong_dataset",
        ),
        (
            "binding-last",
            "one bit of the binding's last byte",
            flip(31),
            "wrong_dataset",
        ),
        (
            "filter-bits",
            "another size of the filter",
            flip(32),
            "wrong_filter",
        ),
        (
            "filter-hashes",
            "another number of hashes",
            flip(40),
            "wrong_filter",
        ),
        (
            "reserved-first",
            "the first reserved byte is not zero",
            flip(41),
            "wrong_filter",
        ),
        (
            "reserved-last",
            "the last reserved byte is not zero",
            flip(63),
            "wrong_filter",
        ),
        (
            "filter-first",
            "one bit of the filter's first byte",
            flip(64),
            "damaged",
        ),
        (
            "filter-last",
            "one bit of the filter's last byte",
            flip(end - 65),
            "damaged",
        ),
        (
            "path-first",
            "one bit of the first sibling",
            flip(end - 64),
            "damaged",
        ),
        (
            "path-last",
            "one bit of the last sibling",
            flip(end - 1),
            "damaged",
        ),
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
    let others: Vec<&String> = site.files.keys().filter(|other| **other != path).collect();
    let neighbour = others
        .iter()
        .find(|other| other.contains("/pecah/"))
        .context("neighbour")?;
    let stranger = others
        .iter()
        .find(|other| other.contains("/utuh/"))
        .context("stranger")?;
    for (name, case, from, reason) in [
        (
            "of-another-prefix",
            "the shard of another prefix",
            neighbour,
            "wrong_prefix",
        ),
        (
            "of-another-dataset",
            "the shard of another data set",
            stranger,
            "wrong_length",
        ),
    ] {
        let mut swapped = site.clone();
        swapped.files[&path] = site.files[*from].clone();
        check(
            out,
            &format!("shard-{name}"),
            case,
            &swapped,
            IN_BOTH,
            &both("member", reason),
        )?;
    }
    Ok(())
}

/// One malformation each of the catalogue.
fn bad_catalogues(out: &Path, site: &Site) -> anyhow::Result<()> {
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
    let catalogue_wide = [
        (
            "version-text",
            "a version that is no number",
            "/version",
            json!("1"),
            "catalogue_not_a_catalogue",
        ),
        (
            "version-zero",
            "version 0",
            "/version",
            json!(0),
            "catalogue_not_a_catalogue",
        ),
        (
            "version-newer",
            "a newer version",
            "/version",
            json!(2),
            "catalogue_newer_version",
        ),
        (
            "identifier",
            "an unknown kind of identifier",
            "/identifier",
            json!("ktp"),
            "identifier_unsupported",
        ),
        (
            "kdf-null",
            "no key derivation",
            "/kdf",
            json!(null),
            "catalogue_invalid",
        ),
        (
            "kdf-name",
            "an unknown key derivation",
            "/kdf/name",
            json!("scrypt"),
            "kdf_unsupported",
        ),
        (
            "kdf-version",
            "an older Argon2",
            "/kdf/version",
            json!(16),
            "kdf_unsupported",
        ),
        (
            "kdf-memory-most",
            "more memory than a client gives",
            "/kdf/memory_kib",
            json!(262_145),
            "kdf_unsupported",
        ),
        (
            "kdf-memory-least",
            "less memory than Argon2 takes",
            "/kdf/memory_kib",
            json!(7),
            "kdf_unsupported",
        ),
        (
            "kdf-iterations",
            "more passes than a client makes",
            "/kdf/iterations",
            json!(65),
            "kdf_unsupported",
        ),
        (
            "kdf-parallelism",
            "no lane",
            "/kdf/parallelism",
            json!(0),
            "kdf_unsupported",
        ),
        (
            "kdf-fraction",
            "a cost that is no whole number",
            "/kdf/memory_kib",
            json!(64.5),
            "kdf_unsupported",
        ),
        (
            "salt-short",
            "a short salt",
            "/salt",
            json!("0011"),
            "catalogue_invalid",
        ),
        (
            "salt-upper",
            "a salt in upper case",
            "/salt",
            json!(SALT.to_uppercase()),
            "catalogue_invalid",
        ),
        (
            "datasets-null",
            "no data sets",
            "/datasets",
            json!(null),
            "catalogue_invalid",
        ),
        (
            "id-path",
            "an id that leaves its directory",
            "/datasets/0/id",
            json!("../x"),
            "catalogue_invalid",
        ),
        (
            "id-twice",
            "the same id twice",
            "/datasets/0/id",
            json!("pecah"),
            "catalogue_invalid",
        ),
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
    let one_dataset = [
        (
            "prefix-bits-15",
            "more prefix bits than a client sends",
            "/prefix_bits",
            json!(15),
            "prefix_too_long",
        ),
        (
            "prefix-bits-fraction",
            "prefix bits that are no whole number",
            "/prefix_bits",
            json!(2.5),
            "dataset_invalid",
        ),
        (
            "prefix-bits-other",
            "fewer prefix bits than the shards have",
            "/prefix_bits",
            json!(1),
            "dataset_invalid",
        ),
        (
            "filter-kind",
            "an unknown kind of filter",
            "/filter/kind",
            json!("xor"),
            "filter_unsupported",
        ),
        (
            "filter-null",
            "no filter",
            "/filter",
            json!(null),
            "dataset_invalid",
        ),
        (
            "filter-hashes",
            "more hashes than a client makes",
            "/filter/hashes",
            json!(33),
            "dataset_invalid",
        ),
        (
            "filter-hashes-other",
            "fewer hashes than the shards have",
            "/filter/hashes",
            json!(19),
            "wrong_filter",
        ),
        (
            "rate",
            "a false-positive rate of 1",
            "/false_positive_rate",
            json!(1),
            "dataset_invalid",
        ),
        (
            "shard-bytes",
            "another length",
            "/shard_bytes",
            json!(1000),
            "dataset_invalid",
        ),
        (
            "root-short",
            "a short root",
            "/root",
            json!("00"),
            "dataset_invalid",
        ),
        (
            "root-other",
            "the root of another edition",
            "/root",
            json!("00".repeat(32)),
            "not_found",
        ),
        (
            "distinct",
            "no number of NIKs",
            "/distinct",
            json!(-1),
            "dataset_invalid",
        ),
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
    let no_shard = both("wrong_dataset", "wrong_dataset");
    let cost = [("/kdf/memory_kib", json!(65))];
    changed(
        out,
        "binding-cost",
        "a cost that the shards were not made with",
        site,
        &cost,
        &no_shard,
    )?;
    let salt = [("/salt", json!("ff".repeat(16)))];
    changed(
        out,
        "binding-salt",
        "a salt that the shards were not made with",
        site,
        &salt,
        &both("wrong_dataset", "wrong_dataset"),
    )
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

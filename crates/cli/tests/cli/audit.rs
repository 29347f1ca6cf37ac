//! `cek-nik audit`, by the real library on real sites: a good one passes, and every damage is found
//! and named.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::accuracy::POPULATION;
use cek_nik::catalogue::{Dataset, edition_path};
use cek_nik::merkle::{self, Hash};
use cek_nik::shard::HEADER_BYTES;
use cek_nik_audit::error::AuditError;
use cek_nik_audit::expected::as_it_is;
use cek_nik_audit::{Audit, Options, audit};
use cek_nik_publisher::config::Description;
use cek_nik_publisher::job::{Job, Silent};
use cek_nik_publisher::pipeline;
use cek_nik_publisher::sample::{self, Format};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use tempfile::TempDir;

/// Of nobody: no serial is that high.
const NIK: &str = "3201014107909001";

const SHA256: &str = "kdf = \"sha256\"\nsalt = \"00112233445566778899aabbccddeeff\"";

/// Of hardly any cost, so that the tests are quick.
const ARGON2ID: &str = "argon2 = \"m=8,t=1,p=1\"\nsalt = \"00112233445566778899aabbccddeeff\"";

/// Fewer than the command line's, which would take most of the time of the tests.
const PROBES: u64 = 20_000;

const OPTIONS: Options = Options {
    probes: PROBES,
    seed: 1,
    core_speed: Some(50.0),
};

/// A site in a directory of its own.
struct Site {
    desk: TempDir,
}

impl Site {
    /// Of so many made-up rows, with these lines in its description.
    fn new(rows: u64, dataset: &str) -> Self {
        Self::described(rows, SHA256, dataset)
    }

    fn described(rows: u64, catalogue: &str, dataset: &str) -> Self {
        let desk = tempfile::tempdir().expect("a directory");
        let mut list = Vec::new();
        sample::write(&mut list, rows, 7, Format::Csv).expect("in memory");
        fs::write(desk.path().join("list.csv"), list).expect("written");
        let text =
            format!("{catalogue}\n[[dataset]]\nid = \"x\"\ninputs = [\"list.csv\"]\n{dataset}\n");
        let path = desk.path().join("catalogue.toml");
        fs::write(&path, text).expect("written");
        let mut description = Description::read(&path).expect("valid");
        description.accepted.risks.enumeration = true;
        description.accepted.risks.small_crowd = true;
        description.accepted.empty_shards = true;
        pipeline::run(&description, &desk.path().join("site"), &job()).expect("built");
        Self { desk }
    }

    fn directory(&self) -> PathBuf {
        self.desk.path().join("site")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        fs::write(path, content).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("readable")
    }

    fn dataset(&self) -> Dataset {
        let file = self.read("catalogue.json");
        let file = cek_nik_reader::catalogue_file::CatalogueFile::parse(&file).expect("valid");
        file.catalogue().datasets()[0]
            .dataset
            .clone()
            .expect("valid")
    }

    /// The names of the shards, in the order of their prefixes.
    fn shards(&self) -> Vec<String> {
        let dataset = self.dataset();
        let prefixes = dataset.prefix_bits().all();
        prefixes.map(|prefix| dataset.shard_path(prefix)).collect()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.read(name);
        change(&mut bytes);
        self.write(name, bytes);
    }

    fn change_catalogue(&self, change: impl FnOnce(&mut Value)) {
        let mut catalogue = serde_json::from_slice(&self.read("catalogue.json")).expect("JSON");
        change(&mut catalogue);
        self.write("catalogue.json", catalogue.to_string());
    }

    /// Changes the filters and makes the site whole again around them, as a publisher can: tree,
    /// root, catalogue.
    fn change_filters(&self, mut change: impl FnMut(usize, &mut [u8])) {
        let dataset = self.dataset();
        let length = HEADER_BYTES + dataset.filter().bytes();
        let mut shards: Vec<Vec<u8>> = self.shards().iter().map(|name| self.read(name)).collect();
        for (place, shard) in shards.iter_mut().enumerate() {
            shard.truncate(length);
            change(place, &mut shard[HEADER_BYTES..]);
        }
        let mut levels: Vec<Vec<Hash>> =
            vec![shards.iter().map(|shard| merkle::leaf(&[shard])).collect()];
        while levels[levels.len() - 1].len() > 1 {
            let pairs = levels[levels.len() - 1].chunks(2);
            levels.push(pairs.map(|pair| merkle::node(&pair[0], &pair[1])).collect());
        }
        let root = levels[levels.len() - 1][0];
        let names = self.shards();
        fs::remove_dir_all(self.path("data/x")).expect("removed");
        for (place, (mut shard, name)) in shards.into_iter().zip(names).enumerate() {
            for (height, level) in levels[..levels.len() - 1].iter().enumerate() {
                shard.extend(level[place >> height ^ 1]);
            }
            let file = name.rsplit('/').next().expect("a name");
            self.write(&format!("{}/{file}", edition_path("x", &root)), shard);
        }
        self.change_catalogue(|catalogue| {
            catalogue["datasets"][0]["root"] = base16ct::lower::encode_string(&root).into();
        });
    }

    fn audit(&self) -> Audit {
        let audit = self.try_audit().expect("audited");
        for finding in &audit.findings {
            let shown = format!("{finding:?}");
            assert!(
                !shown.contains(NIK) && !shown.contains("320101 410790 9001"),
                "{shown}"
            );
        }
        audit
    }

    fn try_audit(&self) -> Result<Audit, AuditError> {
        audit(&self.directory(), &OPTIONS, &job())
    }

    /// The codes of all findings, in their order.
    fn codes(&self) -> Vec<&'static str> {
        codes(&self.audit())
    }
}

fn job() -> Job<'static> {
    static GO_ON: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    Job {
        today: "2026-11-23".parse().expect("a day"),
        progress: &Silent,
        stop: &GO_ON,
        threads: 2,
        memory: 64 << 20,
    }
}

/// The codes of all findings but `enumeration`: so that the tests are quick, keys are cheap in most
/// of their sites, and an audit warns of each.
fn codes(audit: &Audit) -> Vec<&'static str> {
    all_codes(audit)
        .filter(|code| *code != "enumeration")
        .collect()
}

fn all_codes(audit: &Audit) -> impl Iterator<Item = &'static str> {
    audit.findings.iter().map(|finding| finding.rule.code)
}

fn what(audit: &Audit, code: &str) -> String {
    let found = audit
        .findings
        .iter()
        .find(|finding| finding.rule.code == code);
    let found = found.unwrap_or_else(|| panic!("no {code} in {:?}", codes(audit)));
    format!("{:?} {:?} {}", found.dataset, found.file, found.what)
}

#[test]
fn a_good_site_passes() {
    let argon2id = "kdf = \"argon2id\"";
    for (rows, catalogue, dataset, notes) in [
        (1, SHA256, "", &[][..]),
        (3_000, SHA256, "", &[]),
        (
            9_000,
            SHA256,
            "fpr = 1e-6\nprefix_bits = 5",
            &["true_share_higher", "narrower_than_planned"],
        ),
        (20, argon2id, "", &[]),
        (
            100,
            &format!("{SHA256}\nsite = \"https://cek.example.org/\""),
            "",
            &[],
        ),
    ] {
        let site = Site::described(rows, catalogue, dataset);
        let audit = site.audit();
        assert_eq!(codes(&audit), notes, "{rows} {dataset}");
        assert_eq!(audit.is_something_wrong(), catalogue != argon2id);
        let [figures] = audit.datasets.as_slice() else {
            panic!("one data set")
        };
        let shards = u64::from(site.dataset().prefix_bits().shards());
        assert_eq!(figures.verified, shards);
        assert_eq!(figures.measured.expect("measured").asked, PROBES);
        let found = figures.found.expect("measured");
        assert!(found.distinct.abs_diff(rows) <= 2 + rows / 50, "{found:?}");
    }
}

#[test]
fn the_measured_rate_is_that_of_the_bits_and_not_above_the_promised_one() {
    let site = Site::new(9_000, "fpr = 0.003\nprefix_bits = 3");
    let audit = site.audit();
    let figures = &audit.datasets[0];
    let measured = figures.measured.expect("measured");
    let (low, high) = (measured.lowest, measured.highest);
    let by_bits = figures.bits.as_ref().expect("bits").false_positive_rate;
    assert!(
        (low * 0.98..high * 1.02).contains(&by_bits),
        "{by_bits} {low} {high}"
    );
    assert!(low <= 0.003);
    let promised = figures.promised.certainty.expect("computed");
    let plan = as_it_is(&site.dataset(), POPULATION).expect("planned");
    assert_eq!(Some(promised), plan.certainty());
}

#[test]
fn a_shard_that_is_not_as_it_was_built_is_named_with_the_reason() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(Damage, &str); 5] = [
        (|bytes| bytes[HEADER_BYTES + 10] ^= 4, "damaged"),
        (|bytes| bytes.truncate(bytes.len() - 1), "wrong_length"),
        (|bytes| bytes.push(0), "wrong_length"),
        (|bytes| bytes[8] = 2, "newer_version"),
        (
            |bytes| *bytes = b"<!doctype html><title>404</title>".to_vec(),
            "not_a_shard",
        ),
    ];
    for (damage, reason) in damages {
        let site = Site::new(500, "prefix_bits = 2");
        site.change(&site.shards()[2], damage);
        let audit = site.audit();
        let what = what(&audit, "shard_refused");
        assert!(what.contains("0002.cnk") && what.contains(reason), "{what}");
        assert_eq!(audit.datasets[0].verified, 3);
        assert!(audit.datasets[0].found.is_none());
    }
}

#[test]
fn a_list_under_the_name_of_a_shard_or_behind_one_is_found() {
    type Damage = fn(&mut Vec<u8>, &[u8]);
    let damages: [(Damage, &str); 3] = [
        (|shard, list| *shard = list.to_vec(), "not_a_shard"),
        (|shard, list| shard.extend(list), "wrong_length"),
        (
            |shard, list| shard[1_000..1_000 + list.len()].copy_from_slice(list),
            "damaged",
        ),
    ];
    let list = format!("NIK,nama\n{NIK},CONTOH\n");
    for (damage, reason) in damages {
        let site = Site::new(2_000, "prefix_bits = 2");
        site.change(&site.shards()[2], |shard| damage(shard, list.as_bytes()));
        let audit = site.audit();
        assert!(what(&audit, "shard_refused").contains(reason));
        let found = what(&audit, "number_found");
        assert!(
            found.contains("0002.cnk") && found.contains("1 place"),
            "{found}"
        );
    }
}

#[test]
fn swapped_shards_are_named() {
    let site = Site::new(500, "prefix_bits = 2");
    let names = site.shards();
    let [first, second] = [&names[0], &names[3]].map(|name| site.read(name));
    site.write(&names[0], second);
    site.write(&names[3], first);
    let what = what(&site.audit(), "shard_refused");
    assert!(
        what.contains("2 of 4")
            && what.contains("0000.cnk, 0003.cnk")
            && what.contains("wrong_prefix"),
        "{what}"
    );
}

#[test]
fn a_missing_shard_and_one_too_many_are_named() {
    let site = Site::new(500, "prefix_bits = 2");
    let names = site.shards();
    let too_many = names[3].replace("0003", "0004");
    fs::rename(site.path(&names[3]), site.path(&too_many)).expect("renamed");
    site.write(&names[1].replace("0001", "1"), site.read(&names[1]));
    let audit = site.audit();
    assert!(what(&audit, "shard_missing").contains("0003.cnk"));
    let extra = what(&audit, "shard_extra");
    assert!(
        extra.contains("0004.cnk") && extra.contains("/1.cnk"),
        "{extra}"
    );
}

#[test]
fn what_no_catalogue_names_any_more_is_found() {
    let site = Site::new(50, "");
    let [shard] = <[String; 1]>::try_from(site.shards()).expect("one");
    let root = shard.split('/').nth(2).expect("a root");
    site.write(&shard.replace(root, &"0".repeat(64)), site.read(&shard));
    site.write(&shard.replace("/x/", "/taken-down/"), site.read(&shard));
    let audit = site.audit();
    assert_eq!(codes(&audit), ["dataset_unlisted", "edition_left_behind"]);
    assert!(what(&audit, "edition_left_behind").contains("data/x/0000"));
    assert!(what(&audit, "dataset_unlisted").contains("data/taken-down"));
}

#[test]
fn a_list_that_was_left_behind_is_found_with_its_numbers() {
    for (name, content) in [
        ("daftar.csv", format!("NIK,nama\n{NIK},CONTOH\n")),
        ("data/x/catalogue.toml", String::new()),
        ("cek-nik.js.map", "{}".to_owned()),
        ("index.html~", String::new()),
        (".git/config", String::new()),
    ] {
        let site = Site::new(50, "");
        site.write(name, &content);
        let audit = site.audit();
        assert!(what(&audit, "file_left_behind").contains(name));
        assert_eq!(
            codes(&audit).contains(&"number_found"),
            content.contains(NIK),
            "{name}"
        );
    }
}

#[test]
fn keys_of_a_list_are_found_whatever_their_file_is_called() {
    let site = Site::new(50, "");
    let list = site.desk.path().join("list.csv");
    let path = site.desk.path().join("list.cnkkeys");
    let salt = "00112233445566778899aabbccddeeff";
    let made = Command::new(env!("CARGO_BIN_EXE_cek-nik"))
        .args(["keys", "--kdf", "sha256", "--salt", salt, "--out"])
        .args([&path, &list])
        .output()
        .expect("runs");
    assert!(made.status.success());
    let keys = fs::read(path).expect("readable");
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&keys).expect("in memory");
    let mut checkpoint = keys[..64].to_vec();
    checkpoint[24..32].fill(0);
    for (name, content) in [
        ("2.cnkkeys", keys.clone()),
        ("data/x/0001.bin", keys.clone()),
        ("logo.svg", [b"archive", &keys[..], b"end"].concat()),
        ("logo.gz", packed.finish().expect("in memory")),
        ("cut", keys[..100].to_vec()),
        ("x.keys", checkpoint.clone()),
        ("logo.png", [b"archive", &checkpoint[..]].concat()),
    ] {
        let site = Site::new(50, "");
        site.write(name, &content);
        let audit = site.audit();
        assert!(what(&audit, "key_file_found").contains(name), "{name}");
    }
}

#[test]
fn a_publishers_own_files_are_only_mentioned() {
    let site = Site::described(3, "kdf = \"argon2id\"", "");
    site.write("CNAME", "cek.example.org\n");
    site.write("img/logo.svg", "<svg/>");
    site.write("robots.txt", "User-agent: *\n");
    let audit = site.audit();
    assert_eq!(codes(&audit), ["file_unexpected"]);
    assert!(!audit.is_something_wrong());
}

#[test]
fn a_number_is_found_wherever_it_stands() {
    let grouped = "320101 410790 9001";
    let encoded = STANDARD.encode(NIK);
    for text in [NIK, grouped, &encoded] {
        let site = Site::new(50, "");
        let catalogue = String::from_utf8(site.read("catalogue.json")).expect("text");
        let changed = catalogue.replacen(
            "\"source\": {\n        \"id\": \"\"",
            &format!("\"source\": {{\n        \"id\": \"{text}\""),
            1,
        );
        assert_ne!(changed, catalogue);
        site.write("catalogue.json", changed);
        let audit = site.audit();
        assert_eq!(codes(&audit), ["number_found"], "{text}");
        assert!(what(&audit, "number_found").contains("catalogue.json"));
    }
    for name in ["CNAME", &format!("{NIK}.svg"), "embed.js"] {
        let site = Site::new(50, "");
        site.write(name, format!("/* {NIK} */"));
        assert!(site.codes().contains(&"number_found"), "{name}");
    }
    let site = Site::new(50, "");
    site.change_catalogue(|catalogue| catalogue[NIK] = 1.into());
    assert_eq!(site.codes(), ["number_found", "catalogue_ignored"]);
}

#[test]
fn numbers_written_into_the_bits_are_found() {
    let site = Site::new(3_000, "");
    site.change_filters(|_, filter| {
        let text = format!("x{NIK}x");
        filter[100..100 + text.len()].copy_from_slice(text.as_bytes());
    });
    let audit = site.audit();
    assert!(what(&audit, "numbers_in_bits").contains("1 place reads as a NIK"));
}

/// The search for numbers reads none of these. Each is a file that does not belong there, and is
/// reported as such.
#[test]
fn a_file_of_somebody_else_is_reported_whatever_its_numbers_are_written_in() {
    let number: u64 = NIK.parse().expect("a number");
    let utf32: Vec<u8> = NIK
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    let contents: [&[u8]; 18] = [
        &number.to_le_bytes(),
        &number.to_be_bytes(),
        &(number as f64).to_le_bytes(),
        b"2\x01\x01A\x07\x90\x90\x01",
        b"iavSLE5fCwCJq9IsTl8LAImr0ixOXwsA",
        b"00173201014107909001199007\n00173201014107909002199007\n00173201014107909003199007\n",
        b"32010141079090013201014107909002",
        &utf32,
        br"\u0033\u0032\u0030\u0031\u0030\u0031\u0034\u0031\u0030\u0037\u0039\u0030\u0039\u0030\u0030\u0031",
        b"%33%32%30%31%30%31%34%31%30%37%39%30%39%30%30%31",
        b"&#51;&#50;&#48;&#49;&#48;&#49;&#52;&#49;&#48;&#55;&#57;&#48;&#57;&#48;&#48;&#49;",
        b"33 32 30 31 30 31 34 31 30 37 39 30 39 30 30 31",
        b"51,50,48,49,48,49,52,49,48,55,57,48,57,48,48,49",
        b"3.201014107909001e+15",
        b"3.201.014.107.909.001",
        b"33323031303134313037393039303031",
        b"TXpJd01UQXhOREV3Tnprd09UQXdNUT09",
        b"x\xda3620404140\xb74\xb0400\x04\x00\x1a\xb3\x03'",
    ];
    let site = Site::new(50, "");
    let [shard] = <[String; 1]>::try_from(site.shards()).expect("one");
    let places = [
        ("file_unexpected", "daftar"),
        ("file_unexpected", "gambar/logo.png"),
        ("file_unexpected", "data/daftar.cnk"),
        ("file_left_behind", "daftar.xlsx"),
        ("file_left_behind", "data/x/daftar.sqlite"),
        ("shard_extra", &shard.replace("0000.cnk", "daftar")),
    ];
    // Each content in one place, and each place with three contents.
    for (content, (code, name)) in contents.into_iter().zip(places.into_iter().cycle()) {
        site.write(name, content);
        let audit = site.audit();
        let file = what(&audit, code);
        assert!(file.contains(name), "{file}");
        fs::remove_file(site.path(name)).expect("removed");
    }
}

/// Nothing is compared with `oembed.json` on a site that has no address, and no catalogue names
/// what lies below `data` where it is refused.
#[test]
fn a_file_of_somebody_else_is_reported_under_a_name_that_nothing_vouches_for() {
    let site = Site::new(50, "");
    site.write("oembed.json", [0xff; 40]);
    assert_eq!(site.codes(), ["file_unexpected"]);

    type Change = fn(&mut Value);
    let changes: [(Change, &str); 2] = [
        (|c| c["version"] = 2.into(), "catalogue_refused"),
        (
            |c| c["datasets"][0]["prefix_bits"] = 15.into(),
            "dataset_refused",
        ),
    ];
    for (change, refused) in changes {
        let site = Site::new(50, "");
        let [shard] = <[String; 1]>::try_from(site.shards()).expect("one");
        site.change_catalogue(change);
        assert_eq!(site.codes(), [refused]);
        for name in [
            "data/x/daftar",
            &shard.replace("0000.cnk", "daftar"),
            "data/x/y/0000.cnk",
        ] {
            site.write(name, [0xff; 40]);
            let audit = site.audit();
            assert_eq!(codes(&audit), [refused, "file_unexpected"], "{name}");
            assert!(what(&audit, "file_unexpected").contains(name));
            fs::remove_file(site.path(name)).expect("removed");
        }
    }
}

#[test]
fn a_filter_with_more_in_it_than_it_was_made_for_is_found() {
    let site = Site::new(2_000, "fpr = 0.001\nprefix_bits = 2");
    let dataset = site.dataset();
    // As if 500 more rows had been added to each.
    site.change_filters(|place, filter| {
        for row in 0..500 {
            let key = merkle::leaf(&[&[place as u8], &(row as u32).to_le_bytes()]);
            let hash = cek_nik::filter::FilterHash(key[..16].try_into().expect("16 bytes"));
            for bit in dataset.filter().places(&hash) {
                filter[(bit / 8) as usize] |= 1 << (bit % 8);
            }
        }
    });
    let audit = site.audit();
    assert_eq!(audit.datasets[0].verified, 4, "the tree is whole");
    let found = codes(&audit);
    assert!(
        found.starts_with(&["shard_overfull", "rate_worse", "distinct_differs"]),
        "{found:?}"
    );
    let distinct = what(&audit, "distinct_differs");
    assert!(
        distinct.contains("2,000 different") && distinct.contains("there are 4,0")
            || distinct.contains("there are 3,9"),
        "{distinct}"
    );
}

#[test]
fn one_full_shard_is_found_though_the_rate_of_all_is_kept() {
    let site = Site::new(9_000, "fpr = 0.3\nprefix_bits = 5");
    site.change_filters(|place, filter| {
        if place == 7 {
            filter.fill(0xff);
        }
    });
    let audit = site.audit();
    assert!(what(&audit, "shard_overfull").contains("1 of 32 shards is overfull: 0007.cnk"));
    assert!(!codes(&audit).contains(&"rate_worse"));
}

#[test]
fn an_empty_shard_and_a_small_crowd_are_found() {
    let site = Site::new(60, "prefix_bits = 13\nfpr = 0.01");
    let audit = site.audit();
    let found = codes(&audit);
    assert!(
        found.starts_with(&["shard_empty", "true_share_higher", "small_crowd"]),
        "{found:?}"
    );
    assert!(what(&audit, "small_crowd").contains("35,194 people"));
}

#[test]
fn a_catalogue_that_claims_other_figures_is_found() {
    let site = Site::new(2_000, "");
    site.change_catalogue(|catalogue| catalogue["datasets"][0]["distinct"] = 2_100.into());
    let found = site.codes();
    assert_eq!(found, ["rows_below_distinct", "distinct_differs"]);

    let site = Site::new(2_000, "");
    site.change_catalogue(|catalogue| {
        catalogue["datasets"][0]["false_positive_rate"] = 1e-12.into();
    });
    assert_eq!(site.codes(), ["shard_overfull", "rate_worse"]);

    let site = Site::new(2_000, "");
    site.change_catalogue(|catalogue| {
        catalogue["datasets"][0]["false_positive_rate"] = 0.01.into();
    });
    assert_eq!(
        site.codes(),
        ["true_share_higher", "certainty_low", "longer_than_planned"]
    );
}

#[test]
fn a_catalogue_that_clients_refuse_is_found() {
    type Change = fn(&mut Value);
    let changes: [(Change, &[&str]); 5] = [
        (|c| c["version"] = 2.into(), &["catalogue_refused"]),
        (|c| c["salt"] = "00".into(), &["catalogue_refused"]),
        (
            |c| c["datasets"][0]["prefix_bits"] = 15.into(),
            &["dataset_refused"],
        ),
        (
            |c| c["datasets"][0]["filter"]["kind"] = "ribbon".into(),
            &["dataset_refused"],
        ),
        // Every shard belongs to another salt then.
        (|c| c["salt"] = "ff".repeat(16).into(), &["shard_refused"]),
    ];
    for (change, found) in changes {
        let site = Site::new(50, "");
        site.change_catalogue(change);
        assert_eq!(site.codes(), found);
    }
    let site = Site::new(50, "");
    site.change("catalogue.json", |bytes| bytes.truncate(100));
    assert_eq!(site.codes(), ["catalogue_refused"]);
}

#[test]
fn a_catalogue_that_is_not_strict_is_found() {
    let site = Site::new(50, "");
    site.change("catalogue.json", |bytes| {
        let text = String::from_utf8(bytes.clone()).expect("text");
        *bytes = text
            .replacen('{', "{ \"version\": 1, \"licence\": \"x\",", 1)
            .into_bytes();
    });
    assert_eq!(site.codes(), ["catalogue_not_strict", "catalogue_ignored"]);

    let site = Site::new(50, "");
    site.change_catalogue(|catalogue| {
        catalogue["datasets"][0]["filter"]["seed"] = 1.into();
        catalogue["licence"] = "x".into();
    });
    // A byte order mark is allowed.
    site.change("catalogue.json", |bytes| {
        bytes.splice(0..0, *b"\xef\xbb\xbf");
    });
    let audit = site.audit();
    assert_eq!(codes(&audit), ["catalogue_ignored"]);
    let what = what(&audit, "catalogue_ignored");
    assert!(
        what.ends_with("clients ignore datasets.0.filter.seed, licence"),
        "{what}"
    );
}

#[test]
fn what_the_parameters_do_to_people_is_said() {
    let site = Site::described(3, "argon2 = \"m=7168,t=3,p=1\"", "");
    assert_eq!(
        all_codes(&site.audit()).collect::<Vec<_>>(),
        ["stretching_weak"]
    );
}

#[test]
fn keys_that_are_cheap_to_try_are_a_warning_whatever_the_list() {
    let locked = format!("identifier = \"nik+nama\"\n{SHA256}");
    let seconds = "within seconds of a rented graphics card";
    for (rows, catalogue, words) in [
        (3, SHA256, seconds),
        (3, ARGON2ID, "argon2id"),
        (3, "argon2 = \"m=1024,t=1,p=1\"", "argon2id"),
        (3, &locked, "with one first word of a name"),
        (
            10_500,
            SHA256,
            "10,500 NIKs, and build refuses this for more than 10,000",
        ),
    ] {
        let audit = Site::described(rows, catalogue, "").audit();
        let found: Vec<_> = all_codes(&audit).collect();
        assert_eq!(found, ["enumeration"], "{rows} {catalogue}");
        let what = what(&audit, "enumeration");
        assert!(what.contains(words), "{what}");
        assert!(audit.is_something_wrong());
    }
}

/// One salt and one derivation serve all lists of a catalogue, so that one finding is enough.
#[test]
fn cheap_keys_of_several_lists_are_one_finding() {
    let more = "[[dataset]]\nid = \"y\"\ninputs = [\"list.csv\"]";
    let audit = Site::described(6_000, SHA256, more).audit();
    assert_eq!(audit.datasets.len(), 2);
    assert_eq!(all_codes(&audit).collect::<Vec<_>>(), ["enumeration"]);
    let what = what(&audit, "enumeration");
    assert!(
        what.contains("catalogue.json") && what.contains("12,000 NIKs"),
        "{what}"
    );
}

#[test]
fn an_enumerator_who_gets_more_truth_than_planned_is_a_warning() {
    let site = Site::new(4_000, "prefix_bits = 6");
    let audit = site.audit();
    assert_eq!(
        codes(&audit),
        ["true_share_higher", "narrower_than_planned"]
    );
    let figures = &audit.datasets[0];
    let found = figures.found.expect("measured");
    assert!(figures.promised.true_share < 0.84 && found.true_share > 0.95);
    let what = what(&audit, "true_share_higher");
    assert!(
        what.contains("by the promised rate it would be 83.2 %"),
        "{what}"
    );
}

#[test]
fn another_widget_and_missing_pages_are_found() {
    let site = Site::new(50, "");
    site.change("cek-nik.html", |bytes| bytes.push(b'\n'));
    let audit = site.audit();
    assert_eq!(codes(&audit), ["page_differs"]);
    let what = what(&audit, "page_differs");
    assert!(
        what.contains(&audit.widget.expected_sha256)
            && what.contains(audit.widget.sha256.as_ref().expect("a hash")),
        "{what}"
    );

    fs::remove_file(site.path("cek-nik.html")).expect("removed");
    fs::remove_file(site.path("_headers")).expect("removed");
    assert_eq!(site.codes(), ["page_missing"]);
    fs::remove_file(site.path(".htaccess")).expect("removed");
    fs::remove_file(site.path("nginx.conf")).expect("removed");
    fs::remove_file(site.path("Caddyfile")).expect("removed");
    assert_eq!(site.codes(), ["page_missing", "headers_missing"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site_is_found_and_not_followed() {
    let site = Site::new(50, "");
    std::os::unix::fs::symlink(site.desk.path(), site.path("all")).expect("linked");
    std::os::unix::fs::symlink(site.desk.path().join("list.csv"), site.path("logo.svg"))
        .expect("linked");
    let audit = site.audit();
    assert_eq!(codes(&audit), ["not_a_file"]);
    assert!(what(&audit, "not_a_file").ends_with("all, logo.svg"));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_page_or_a_shard_is_not_followed_to_a_good_one() {
    let site = Site::new(500, "prefix_bits = 2");
    let shard = site.shards().remove(1);
    for name in ["index.html", "cek-nik.html", "_headers", &shard] {
        let elsewhere = site.desk.path().join("elsewhere").join(name);
        fs::create_dir_all(elsewhere.parent().expect("a directory")).expect("made");
        fs::rename(site.path(name), &elsewhere).expect("moved");
        std::os::unix::fs::symlink(elsewhere, site.path(name)).expect("linked");
    }
    let audit = site.audit();
    assert_eq!(codes(&audit), ["not_a_file", "narrower_than_planned"]);
    assert_eq!(audit.widget.sha256, None);
    assert_eq!(audit.datasets[0].verified, 3);
    assert!(audit.datasets[0].found.is_none());

    let catalogue = site.desk.path().join("catalogue.json");
    fs::rename(site.path("catalogue.json"), &catalogue).expect("moved");
    std::os::unix::fs::symlink(catalogue, site.path("catalogue.json")).expect("linked");
    let error = site.try_audit().expect_err("refused");
    assert!(matches!(error, AuditError::CatalogueIsNoFile { .. }));
    assert!(error.to_string().contains("is a link"), "{error}");
}

/// A pipe to which nobody writes keeps whoever opens it waiting, and a device may never end.
#[cfg(unix)]
#[test]
fn an_audit_ends_whatever_lies_in_the_place_of_a_file() {
    for name in ["index.html", "oembed.json", "0001.cnk"] {
        let site = Site::new(500, "prefix_bits = 2");
        let names = site.shards();
        let shard = names.iter().find(|shard| shard.ends_with(name));
        let path = site.path(shard.map_or(name, String::as_str));
        fs::remove_file(&path).or_else(absent).expect("removed");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        assert_eq!(
            site.codes(),
            ["not_a_file", "narrower_than_planned"],
            "{name}"
        );
    }
    let site = Site::new(50, "");
    fs::remove_file(site.path("index.html")).expect("removed");
    std::os::unix::fs::symlink("/dev/zero", site.path("index.html")).expect("linked");
    assert_eq!(site.codes(), ["not_a_file"]);
}

#[cfg(unix)]
fn absent(error: std::io::Error) -> std::io::Result<()> {
    match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    }
}

#[test]
fn every_probe_is_found_in_a_full_filter() {
    let site = Site::described(50, ARGON2ID, "");
    let found = |audit: Audit| audit.datasets[0].measured.expect("measured").found;
    assert_eq!(found(site.audit()), 0);
    site.change_filters(|_, filter| filter.fill(0xff));
    assert_eq!(found(site.audit()), PROBES);
}

#[test]
fn what_is_measured_of_the_shards_at_hand_is_not_diluted_by_those_that_are_not() {
    let site = Site::described(200, ARGON2ID, "fpr = 0.3\nprefix_bits = 1");
    fs::remove_file(site.path(&site.shards()[1])).expect("removed");
    let audit = site.audit();
    let measured = audit.datasets[0].measured.expect("measured");
    let half = PROBES as f64 / 2.0;
    assert!((measured.asked as f64 - half).abs() < 5.0 * half.sqrt());
    let (low, high) = (measured.lowest, measured.highest);
    let by_bits = audit.datasets[0]
        .bits
        .as_ref()
        .expect("bits")
        .false_positive_rate;
    assert!(
        (low * 0.9..high * 1.1).contains(&by_bits),
        "{by_bits} {low} {high}"
    );

    fs::remove_file(site.path(&site.shards()[0])).expect("removed");
    let audit = site.audit();
    assert_eq!(audit.datasets[0].measured, None);
    assert_eq!(audit.measured_with, None);
}

/// 5,755,609,500 plausible NIKs at 50 keys a second, and the published speed of the card, as in
/// crates/publisher/src/plan/cost.rs.
#[test]
fn the_cost_of_trying_all_numbers_follows_from_the_speed_of_a_core() {
    let site = Site::described(3, "kdf = \"argon2id\"", "");
    let cost = site.audit().cost.expect("computed");
    assert_eq!(cost.candidates, 5_755_609_500);
    assert_eq!(cost.core_hours.round(), 31_976.0);
    assert_eq!(
        (cost.gpu_hours.round(), cost.dollars.round()),
        (119.0, 30.0)
    );

    let measured = Options {
        core_speed: None,
        ..OPTIONS
    };
    let audit = audit(&site.directory(), &measured, &job()).expect("audited");
    let cost = audit.cost.expect("measured");
    assert!(cost.keys_per_second_and_core > 0.0);
    assert_eq!(cost.gpu_hours.round(), 119.0);

    site.change_catalogue(|catalogue| catalogue["version"] = 2.into());
    assert_eq!(site.audit().cost, None);
}

/// All other figures need no key.
#[cfg(target_os = "linux")]
#[test]
fn a_computer_with_too_little_memory_for_a_key_still_audits() {
    let site = Site::described(3, "argon2 = \"m=65536,t=1,p=1\"", "");
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 250000; exec \"$0\" audit --json \"$1\""])
        .arg(env!("CARGO_BIN_EXE_cek-nik"))
        .arg(site.directory())
        .output()
        .expect("run");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let audit: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(audit["cost"], Value::Null);
    assert_eq!(audit["datasets"][0]["verified"], 1);
    let [finding] = audit["findings"].as_array().expect("findings").as_slice() else {
        panic!("one finding in {audit}")
    };
    assert_eq!(finding["code"], "not_measured");
}

#[test]
fn a_name_locked_site_is_audited_as_what_it_is() {
    let locked = format!("identifier = \"nik+nama\"\n{SHA256}");
    let site = Site::described(10_500, &locked, "");
    let audit = site.audit();
    assert_eq!(codes(&audit), [""; 0]);
    assert!(all_codes(&audit).eq(["enumeration"]));
    let [figures] = audit.datasets.as_slice() else {
        panic!("one data set")
    };
    assert_eq!(figures.measured.expect("measured").asked, PROBES);
    assert!(figures.found.expect("measured").distinct.abs_diff(10_500) < 200);
    let unlocked = Site::new(10_500, "").audit();
    assert!(figures.promised.true_share * 100.0 < unlocked.datasets[0].promised.true_share);
    let candidates = |audit: Audit| audit.cost.expect("computed").candidates;
    assert_eq!(candidates(audit), 1_000 * candidates(unlocked));
}

/// Findings come first, and no number that was found is among the words.
#[test]
fn the_terminal_shows_findings_and_figures() {
    let site = Site::new(2_000, "prefix_bits = 2");
    site.write("a<b>&.csv", format!("{NIK}\n"));
    fs::remove_file(site.path(&site.shards()[1])).expect("removed");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_cek-nik"))
        .args(["audit", "--seed", "1"])
        .arg(site.directory())
        .output()
        .expect("run");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    for shown in [
        "ERROR    a<b>&.csv: a table or list\n",
        "ERROR    a<b>&.csv: 1 place reads as a NIK (line 1)\n",
        "ERROR    data set \"x\": 1 of 4 shards is not there: 0001.cnk\n",
        "WARNING  catalogue.json: with sha256, anyone who has the site",
        "Do:  Copy the whole site again",
        "Data set \"x\"\n",
        "3 of 4 verified",
        "72,078,772 in the country",
        "2,000 in the catalogue; 1,",
        "\nCost of trying all numbers\n",
        "Trying all 5,755,609,500 plausible NIKs would take",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(!text.contains(NIK), "{text}");
}

#[test]
fn what_is_no_site_is_refused() {
    let desk = tempfile::tempdir().expect("a directory");
    for directory in [desk.path(), Path::new("/no/such/directory")] {
        let error = audit(directory, &OPTIONS, &job()).expect_err("refused");
        assert!(matches!(error, AuditError::NoSite { .. }));
        assert!(
            error.to_string().contains("holds no catalogue.json"),
            "{error}"
        );
    }
}

#[test]
fn an_audit_that_is_stopped_says_nothing_of_the_site() {
    let site = Site::new(500, "prefix_bits = 2");
    let stop = std::sync::atomic::AtomicBool::new(true);
    let stopped = Job {
        stop: &stop,
        ..job()
    };
    let error = audit(&site.directory(), &OPTIONS, &stopped).err();
    assert!(matches!(error, Some(AuditError::Cancelled)), "{error:?}");
}

#[test]
fn a_salt_with_a_very_full_shard_is_not_accused() {
    let catalogue = "kdf = \"sha256\"\nsalt = \"cfc5f6106898200107221b1213ac03c9\"";
    let site = Site::described(1_337, catalogue, "prefix_bits = 3\nfpr = 1e-8");
    assert!(!site.codes().contains(&"longer_than_planned"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_honest_site_is_accused(salt in any::<[u8; 16]>(), rows in 1_u64..2_000, bits in 0_u8..4, digits in 1_u32..9) {
        let salt = base16ct::lower::encode_string(&salt);
        let catalogue = format!("kdf = \"sha256\"\nsalt = \"{salt}\"");
        let site = Site::described(rows, &catalogue, &format!("prefix_bits = {bits}\nfpr = 1e-{digits}"));
        let allowed = [
            "narrower_than_planned",
            "true_share_higher",
            "shard_empty",
            "certainty_low",
        ];
        let found = site.codes();
        prop_assert!(found.iter().all(|code| allowed.contains(code)), "{:?}", found);
        prop_assert!(rows < 100 || !found.contains(&"shard_empty"));
    }

    #[test]
    fn every_changed_byte_of_a_shard_is_found(shard in any::<Index>(), place in any::<Index>(), change in 1_u8..) {
        let site = Site::new(200, "prefix_bits = 2");
        let names = site.shards();
        let name = shard.get(&names);
        site.change(name, |bytes| *place.get_mut(bytes) ^= change);
        let audit = site.audit();
        prop_assert_eq!(codes(&audit)[0], "shard_refused");
        prop_assert!(what(&audit, "shard_refused").contains(name.rsplit('/').next().expect("a name")));
    }
}

#[test]
fn texts_of_the_template_are_reported() {
    let publisher = |name: &str, contact: &str| {
        format!("{SHA256}\n[publisher]\nname = \"{name}\"\ncontact = \"{contact}\"")
    };
    let left = publisher("Redaksi", "redaksi@example.org");
    let audit = Site::described(50, &left, "").audit();
    let text = what(&audit, "placeholder_text");
    assert!(
        text.ends_with("contact = \"redaksi@example.org\""),
        "{text}"
    );

    let own = publisher("Redaksi", "redaksi@media.example");
    assert!(
        !Site::described(50, &own, "")
            .codes()
            .contains(&"placeholder_text")
    );
}

#[test]
fn an_edition_that_has_expired_and_a_stale_signature_are_found() {
    let on = |day: &str, site: &Site| {
        let job = Job {
            today: day.parse().expect("a day"),
            ..job()
        };
        let audit = audit(&site.directory(), &OPTIONS, &job).expect("audited");
        let codes = codes(&audit).into_iter().map(str::to_owned);
        codes.collect::<Vec<String>>()
    };
    let site = Site::described(2000, &format!("valid_days = 30\n{SHA256}"), "");
    let published = job().today;
    for (days, code) in [
        (30, None),
        (31, Some("edition_expired")),
        (60, Some("edition_expired")),
        (61, Some("edition_too_old")),
    ] {
        let day = published.plus_days(days).expect("a day").to_string();
        let found = on(&day, &site)
            .into_iter()
            .find(|code| code.starts_with("edition_"));
        assert_eq!(found.as_deref(), code, "{days}");
    }
    let vector = include_str!("../../../../tests/vectors/signature-good.json");
    let vector: Value = serde_json::from_str(vector).expect("JSON");
    let other = vector["signature"]["file"].as_str().expect("hex");
    let other = base16ct::lower::decode_vec(other).expect("hex");
    for signature in [other, b"<!doctype html>".to_vec(), Vec::new()] {
        site.write("catalogue.json.minisig", signature);
        let codes = site.codes();
        assert!(codes.contains(&"signature_refused"), "{codes:?}");
        // It is not a stray file.
        assert!(!codes.contains(&"file_unexpected"), "{codes:?}");
    }
}

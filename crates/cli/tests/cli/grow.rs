//! Sites that grow: an unchanged list keeps its shards, and data sets are added and removed without
//! the lists of the others.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use cek_nik_publisher::config::{Accepted, Description};
use cek_nik_publisher::edit;
use cek_nik_publisher::job::{Event, Job, Progress, Step};
use cek_nik_publisher::pipeline;
use serde_json::{Value, json};

use crate::desk::{Desk, ill, message, sample, well};

/// Stretched, yet so cheap that a test can afford it.
const CHEAP: [&str; 2] = ["--argon2", "m=8,t=1,p=1"];
const SALT: &str = "00112233445566778899aabbccddeeff";
const STAYS: &str = "its shards were verified and stay; no key was made";

type Files = BTreeMap<String, Vec<u8>>;

impl Desk {
    fn grow(&self, site: &str, more: &[&str]) -> Output {
        let build = ["build", "--out", site, "--id", "x", "--salt", SALT];
        self.run(&[&build[..], &CHEAP, more].concat())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn catalogue_of(&self, site: &str) -> Value {
        let text = fs::read(self.path(site).join("catalogue.json")).expect("readable");
        serde_json::from_slice(&text).expect("JSON")
    }

    fn shard(&self, site: &str) -> PathBuf {
        let files = self.files(site);
        let mut names = files.keys();
        let name = names.find(|name| name.ends_with(".cnk"));
        self.path(site).join(name.expect("a shard"))
    }

    fn ids(&self, site: &str) -> Vec<String> {
        let catalogue = self.catalogue_of(site);
        let datasets = catalogue["datasets"].as_array().expect("data sets");
        let ids = datasets.iter().map(|dataset| dataset["id"].as_str());
        ids.map(|id| id.expect("an id").to_owned()).collect()
    }
}

/// Files below `data`.
fn data(files: &Files) -> Files {
    let data = files.iter().filter(|(name, _)| name.starts_with("data/"));
    data.map(|(n, c)| (n.clone(), c.clone())).collect()
}

/// A site of `list.txt` with 400 rows in four shards.
fn grown() -> (Desk, String) {
    let desk = Desk::new();
    let list = sample(400, 81);
    desk.write("list.txt", &list);
    well(&desk.grow(
        "site",
        &["list.txt", "--prefix-bits", "2", "--accept-small-crowd"],
    ));
    (desk, list)
}

const SAME_PLAN: [&str; 3] = ["--prefix-bits", "2", "--accept-small-crowd"];

#[test]
fn an_unchanged_list_keeps_its_shards_and_the_day_they_were_built() {
    let (desk, _) = grown();
    let before = desk.files("site");
    let shard = desk.shard("site");
    let modified = || {
        fs::metadata(&shard)
            .and_then(|m| m.modified())
            .expect("a time")
    };
    let written = modified();
    let build = ["build", "--out", "site", "--id", "x", "list.txt"];
    let later = desk
        .command(&[&build[..], &CHEAP, &SAME_PLAN].concat())
        .env("SOURCE_DATE_EPOCH", "1800000000")
        .output();
    let report = well(&later.expect("it runs"));
    assert!(report.contains(STAYS), "{report}");
    assert!(!report.contains("made again"), "{report}");
    assert!(desk.files("site") == before);
    assert_eq!(modified(), written);
    assert_eq!(desk.names(), [".site.lists", "list.txt", "site"]);
}

/// Counts how often keys are stretched.
#[derive(Default)]
struct Stretched(AtomicUsize);

impl Progress for Stretched {
    fn on(&self, event: Event) {
        if matches!(
            event,
            Event::Begin {
                step: Step::Stretching,
                ..
            }
        ) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[test]
fn of_several_data_sets_only_the_changed_one_is_stretched_and_texts_may_change() {
    let desk = Desk::new();
    desk.write("a.txt", sample(50, 82));
    desk.write("b.txt", sample(60, 83));
    let describe = |title: &str| {
        let dataset = |id: &str| {
            format!("[[dataset]]\nid = '{id}'\ntitle.id = '{title}'\ninputs = ['{id}.txt']\n")
        };
        let text = format!("argon2 = 'm=8,t=1,p=1'\n{}{}", dataset("a"), dataset("b"));
        desk.write("catalogue.toml", text);
        Description::read(&desk.path("catalogue.toml")).expect("a description")
    };
    let stretched = Stretched::default();
    let build = |description: &Description| {
        let job = Job {
            today: "2026-11-23".parse().expect("a date"),
            progress: &stretched,
            stop: &AtomicBool::new(false),
            threads: 2,
            memory: 64 << 20,
        };
        let published = pipeline::run(description, &desk.path("site"), &job);
        published.expect("published").carried
    };
    assert!(build(&describe("Lama")).is_empty());
    assert_eq!(stretched.0.load(Ordering::Relaxed), 2);
    assert_eq!(build(&describe("Baru")), ["a", "b"]);
    assert_eq!(stretched.0.load(Ordering::Relaxed), 2);
    assert_eq!(
        desk.catalogue_of("site")["datasets"][1]["title"]["id"],
        "Baru"
    );
    desk.write("b.txt", sample(61, 83));
    assert_eq!(build(&describe("Baru")), ["a"]);
    assert_eq!(stretched.0.load(Ordering::Relaxed), 3);
    assert_eq!(desk.catalogue_of("site")["datasets"][1]["distinct"], 61);
}

/// Damages a file when keys are stretched.
struct Damage(PathBuf);

impl Progress for Damage {
    fn on(&self, event: Event) {
        if matches!(
            event,
            Event::Begin {
                step: Step::Stretching,
                ..
            }
        ) {
            fs::write(&self.0, "damaged meanwhile").expect("written");
        }
    }
}

#[test]
fn a_shard_that_is_damaged_while_other_keys_are_made_is_not_published() {
    let (desk, _) = grown();
    desk.write("more.txt", sample(50, 80));
    let shard = desk.shard("site");
    let whole = fs::read(&shard).expect("readable");
    let text = "argon2 = 'm=8,t=1,p=1'\n\
                [[dataset]]\nid = 'x'\nprefix_bits = 2\ninputs = ['list.txt']\n\
                [[dataset]]\nid = 'more'\ninputs = ['more.txt']\n";
    desk.write("catalogue.toml", text);
    let mut description = Description::read(&desk.path("catalogue.toml")).expect("a description");
    description.accepted.risks.small_crowd = true;
    let damage = Damage(shard.clone());
    let job = Job {
        today: "2026-11-23".parse().expect("a date"),
        progress: &damage,
        stop: &AtomicBool::new(false),
        threads: 2,
        memory: 64 << 20,
    };
    let before = desk.catalogue_of("site");
    let site = desk.path("site");
    let error = pipeline::run(&description, &site, &job)
        .err()
        .expect("refused");
    assert_eq!(error.code(), "unverified", "{error}");
    fs::write(&shard, &whole).expect("written");
    let [more] = &description.datasets[1..] else {
        panic!("two data sets");
    };
    let describe = |_| Ok(vec![more.clone()]);
    let accepted = Accepted {
        start_over: true,
        ..description.accepted
    };
    let error = edit::add(&site, describe, accepted, &job)
        .err()
        .expect("refused");
    assert_eq!(error.code(), "unverified", "{error}");
    assert_eq!(desk.catalogue_of("site"), before);
}

#[test]
fn the_same_people_written_in_another_way_are_recognized() {
    let (desk, list) = grown();
    let mut rows: Vec<&str> = list.lines().collect();
    rows.reverse();
    let (first, second) = rows.split_at(150);
    desk.write("first.txt", first.join("\r\n"));
    let table: String = second.iter().map(|nik| format!("x;{nik}\n")).collect();
    desk.write("second.csv", format!("nama;nik\n{table}"));
    let lists = ["first.txt", "second.csv"];
    let report = well(&desk.grow("site", &[&lists[..], &SAME_PLAN].concat()));
    assert!(report.contains(STAYS), "{report}");
}

#[test]
fn whatever_changes_a_shard_makes_keys_again() {
    let (desk, list) = grown();
    let before = desk.files("site");
    let record = desk.files(".site.lists");
    let rows: Vec<&str> = list.lines().collect();
    let (_, shorter) = rows.split_first().expect("rows");
    let mut other = rows.clone();
    other[7] = "3201014107909001";
    desk.write("other.txt", other.join("\n"));
    desk.write("shorter.txt", shorter.join("\n"));
    desk.write("longer.txt", format!("{list}3201014107909001\n"));
    desk.write("twice.txt", format!("{list}{}\n", rows[0]));
    let pairs = rows.iter().zip(rows.iter().rev());
    let table: String = pairs.map(|(one, two)| format!("{one},{two}\n")).collect();
    let table = table.replacen(rows[399], "3201014107909001", 1);
    desk.write("two-columns.csv", format!("a,b\n{table}"));
    let list_changed = "its list has changed";
    let plan_changed = "its prefix bits or its false-positive rate have changed";
    let standard = [&CHEAP[..], &SAME_PLAN].concat();
    let with = |more: &[&'static str]| [&standard[..], more].concat();
    let cases = [
        (with(&["other.txt"]), list_changed),
        (with(&["shorter.txt"]), list_changed),
        (with(&["longer.txt"]), list_changed),
        (with(&["twice.txt"]), list_changed),
        (with(&["two-columns.csv", "--column", "b"]), list_changed),
        (with(&["list.txt", "--fpr", "0.001"]), plan_changed),
        (
            [
                &CHEAP[..],
                &["list.txt", "--prefix-bits", "1", "--accept-small-crowd"],
            ]
            .concat(),
            plan_changed,
        ),
        (
            [&["--argon2", "m=16,t=1,p=1", "list.txt"][..], &SAME_PLAN].concat(),
            "the key derivation is not that of the site",
        ),
        (
            with(&[
                "list.txt",
                "--salt",
                "ffeeddccbbaa99887766554433221100",
                "--accept-new-salt",
            ]),
            "the salt is not that of the site",
        ),
    ];
    for (arguments, reason) in cases {
        for (directory, files) in [("site", &before), (".site.lists", &record)] {
            fs::remove_dir_all(desk.path(directory)).expect("removed");
            for (name, content) in files {
                desk.write_in(&format!("{directory}/{name}"), content);
            }
        }
        let build = |site| [&["build", "--out", site, "--id", "x"][..], &arguments].concat();
        let report = well(&desk.run(&build("site")));
        let note = format!("note: the shards of \"x\" are made again: {reason}\n");
        assert!(report.contains(&note), "{arguments:?}: {report}");
        assert!(!report.contains(STAYS), "{arguments:?}: {report}");
        // The same as a site that is built for the first time.
        let salt = ["--salt", SALT];
        let salt = if arguments.contains(&"--salt") {
            &[][..]
        } else {
            &salt
        };
        well(&desk.run(&[&build("whole")[..], salt].concat()));
        assert!(
            desk.unnumbered("site") == desk.unnumbered("whole"),
            "{arguments:?}"
        );
        fs::remove_dir_all(desk.path("whole")).expect("removed");
        fs::remove_dir_all(desk.path(".whole.lists")).expect("removed");
    }
}

#[test]
fn another_column_of_names_or_another_kind_of_identifier_makes_keys_again() {
    let desk = Desk::new();
    let rows: String = sample(40, 84)
        .lines()
        .map(|nik| format!("{nik},SITI CONTOH,BUDI CONTOH\n"))
        .collect();
    desk.write("list.csv", format!("nik,nama,ibu\n{rows}"));
    let locked = ["list.csv", "--identifier", "nik+nama"];
    well(&desk.grow("site", &locked));
    let report = well(&desk.grow("site", &locked));
    assert!(report.contains(STAYS), "{report}");
    let report = well(&desk.grow("site", &[&locked[..], &["--name-column", "ibu"]].concat()));
    assert!(report.contains("its list has changed"), "{report}");
    let report = well(&desk.grow("site", &["list.csv"]));
    let reason = "the kind of identifier is not that of the site";
    assert!(report.contains(reason), "{report}");
}

#[test]
fn damaged_shards_are_made_again() {
    let (desk, _) = grown();
    let before = desk.files("site");
    let shard = desk.shard("site");
    let whole = fs::read(&shard).expect("readable");
    let build = [&["list.txt"][..], &SAME_PLAN].concat();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let mut longer = whole.clone();
    longer.push(0);
    for damaged in [
        None,
        Some(flipped),
        Some(longer),
        Some(whole[..50].to_vec()),
    ] {
        match &damaged {
            None => fs::remove_file(&shard).expect("removed"),
            Some(bytes) => fs::write(&shard, bytes).expect("written"),
        }
        let report = well(&desk.grow("site", &build));
        assert!(
            report.contains("note: the shards of \"x\" are made again"),
            "{report}"
        );
        assert_eq!(
            report.matches(": shard 0000.cnk in ").count(),
            1,
            "{report}"
        );
        assert!(desk.files("site") == before, "{report}");
    }
}

#[test]
fn without_a_usable_record_keys_are_made_again() {
    let (desk, _) = grown();
    let before = desk.files("site");
    let record = desk.path(".site.lists/record.json");
    let build = [&["list.txt"][..], &SAME_PLAN].concat();
    let missing = "has no record of its list, so nothing shows whether the list is unchanged";
    for (content, reason) in [
        (None, missing),
        (Some("{}"), "is damaged"),
        (Some("not JSON"), "is damaged"),
        (
            Some("{\"format\":\"cek-nik lists\",\"version\":2,\"datasets\":[]}"),
            "is damaged",
        ),
        (
            Some("{\"format\":\"cek-nik lists\",\"version\":1,\"datasets\":[]}"),
            missing,
        ),
    ] {
        match content {
            None => fs::remove_dir_all(desk.path(".site.lists")).expect("removed"),
            Some(content) => fs::write(&record, content).expect("written"),
        }
        let report = well(&desk.grow("site", &build));
        assert!(report.contains(reason), "{content:?}: {report}");
        assert!(desk.files("site") == before);
        let report = well(&desk.grow("site", &build));
        assert!(report.contains(STAYS), "{content:?}: {report}");
    }
}

#[test]
fn shards_of_another_list_are_not_published_because_a_record_says_so() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 85));
    desk.write("other.txt", sample(50, 86));
    well(&desk.grow("site", &["list.txt"]));
    let record = |site: &str| -> Value {
        let path = desk.path(&format!(".{site}.lists/record.json"));
        serde_json::from_slice(&fs::read(path).expect("readable")).expect("JSON")
    };
    well(&desk.grow("other", &["other.txt"]));
    let mut lying = record("site");
    for field in ["key", "verifier"] {
        lying["datasets"][0][field] = record("other")["datasets"][0][field].clone();
    }
    desk.write_in(".site.lists/record.json", lying.to_string());
    let before = desk.files("site");
    let error = ill(&desk.grow("site", &["other.txt"]));
    assert!(
        error.contains("does not find a row of its own list"),
        "{error}"
    );
    assert!(desk.files("site") == before);
}

#[cfg(unix)]
#[test]
fn the_record_is_private_and_goes_with_the_last_list() {
    use std::os::unix::fs::PermissionsExt;
    let (desk, list) = grown();
    let mode = |name: &str| {
        let metadata = fs::metadata(desk.path(name)).expect("there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(".site.lists"), 0o700);
    assert_eq!(mode(".site.lists/record.json"), 0o600);
    assert_eq!(desk.files(".site.lists")[".gitignore"], b"*\n");
    let text = String::from_utf8(desk.files(".site.lists")["record.json"].clone()).expect("text");
    for row in list.lines() {
        assert!(!text.contains(&row[4..]), "a number of the list");
    }
    assert!(!text.contains("list.txt"));
    let all = String::from_utf8_lossy(&desk.files("site")["catalogue.json"]).into_owned();
    let record: Value = serde_json::from_str(&text).expect("JSON");
    for field in ["key", "verifier"] {
        assert!(!all.contains(record["datasets"][0][field].as_str().expect("text")));
    }
    let fast = [
        "build", "--out", "site", "--id", "x", "--kdf", "sha256", "list.txt",
    ];
    well(&desk.run(&fast));
    assert_eq!(desk.names(), ["list.txt", "site"]);
}

#[cfg(unix)]
#[test]
fn no_link_in_the_place_of_the_record_is_followed() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 87));
    fs::create_dir(desk.path("foreign")).expect("made");
    std::os::unix::fs::symlink("foreign", desk.path(".site.lists")).expect("linked");
    let report = well(&desk.grow("site", &["list.txt"]));
    let warning = "warning: the record of the lists in ";
    assert!(report.contains(warning), "{report}");
    assert!(report.contains("it is a symbolic link"), "{report}");
    assert!(desk.files("foreign").is_empty());
}

/// A site of two described data sets, with steps, an address, and fields of a later version.
fn described() -> Desk {
    let desk = Desk::new();
    desk.write("a.txt", sample(50, 88));
    desk.write("b.txt", sample(60, 89));
    desk.write("c.txt", sample(70, 90));
    let text = "argon2 = 'm=8,t=1,p=1'\nsite = 'https://cek.example.org/'\n\
                title.id = 'Judul'\ntitle.en = 'Title'\n\
                [publisher]\nname = 'Contoh'\n\
                [[dataset]]\nid = 'a'\ntitle.id = 'Data A'\ndisputed.en = 'Denied'\n\
                date = '2021-05'\ninputs = ['a.txt']\n\
                [[dataset]]\nid = 'b'\nsource.id = 'Sumber'\ninputs = ['b.txt']\n\
                [[steps]]\nid = 'hotline'\nchecked = '2026-11-23'\n\
                situation.id = 'Bingung'\nsituation.en = 'Unsure'\n\
                what.id = 'Telepon'\nwhat.en = 'Call'\n";
    desk.write("catalogue.toml", text);
    well(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
    let mut catalogue = desk.catalogue_of("site");
    catalogue["later"] = json!({"kept": [1, 2.5e-7]});
    catalogue["datasets"][0]["later"] = json!("kept");
    desk.write_in("site/catalogue.json", format!("{catalogue:#}\n"));
    desk
}

#[test]
fn a_data_set_is_added_without_the_other_lists_and_everything_else_stays() {
    let desk = described();
    let before = desk.files("site");
    let catalogue = desk.catalogue_of("site");
    fs::remove_file(desk.path("a.txt")).expect("removed");
    fs::remove_file(desk.path("b.txt")).expect("removed");
    let titles = [
        "--title-id",
        "Data C",
        "--title-en",
        "Data of C",
        "--date",
        "2022",
    ];
    let report = well(&desk.run(&[&["add", "site", "c.txt"][..], &titles].concat()));
    for id in ["a", "b"] {
        assert!(
            report.contains(&format!("Data set \"{id}\"\n  {STAYS}")),
            "{report}"
        );
    }
    assert_eq!(desk.ids("site"), ["a", "b", "c"]);
    let after = desk.files("site");
    for (name, content) in data(&before) {
        assert!(after.get(&name) == Some(&content), "{name}");
    }
    let mut expected = desk.catalogue_of("site");
    let added = expected["datasets"]
        .as_array_mut()
        .expect("data sets")
        .pop();
    assert_eq!(expected["edition"], 2);
    expected["edition"] = catalogue["edition"].clone();
    assert_eq!(expected, catalogue);
    let added = added.expect("the new one");
    assert_eq!(added["title"], json!({"id": "Data C", "en": "Data of C"}));
    assert_eq!(added["date"], "2022");
    assert_eq!(added["distinct"], 70);
    // Pages as by a build: the address, the new list, and the hash of the page.
    let index = String::from_utf8_lossy(&after["index.html"]).into_owned();
    assert!(index.contains("Data C") && index.contains("https://cek.example.org/oembed.json"));
    assert!(after["sw.js"] != before["sw.js"] && after["oembed.json"] == before["oembed.json"]);
    assert_eq!(
        desk.names(),
        [".site.lists", "c.txt", "catalogue.toml", "site"]
    );
    // The record has the new list: given once more, nothing changes.
    let again = well(&desk.run(&[&["add", "site", "c.txt"][..], &titles].concat()));
    assert!(again.contains(STAYS), "{again}");
    assert!(desk.files("site") == after);
}

#[test]
fn what_is_added_and_removed_gives_the_bytes_of_a_build() {
    let desk = described();
    let toml = fs::read_to_string(desk.path("catalogue.toml")).expect("readable");
    desk.write(
        "c.toml",
        "[[dataset]]\nid = 'c'\ntitle.id = 'Data C'\ninputs = ['c.txt']\n",
    );
    well(&desk.run(&["add", "site", "c.toml"]));
    well(&desk.run(&["remove", "site", "a"]));
    let salt = desk.catalogue_of("site")["salt"]
        .as_str()
        .expect("a salt")
        .to_owned();
    let (beginning, rest) = toml.split_once("[[dataset]]").expect("a data set");
    let (_, b) = rest.split_once("[[dataset]]").expect("two data sets");
    let (b, steps) = b.split_once("[[steps]]").expect("steps");
    let text = format!(
        "salt = '{salt}'\n{beginning}[[dataset]]{b}[[dataset]]\nid = 'c'\n\
         title.id = 'Data C'\ninputs = ['c.txt']\n[[steps]]{steps}"
    );
    desk.write("whole.toml", text);
    well(&desk.run(&["build", "--out", "whole", "whole.toml"]));
    let mut catalogue = desk.catalogue_of("site");
    catalogue
        .as_object_mut()
        .expect("an object")
        .remove("later");
    assert_eq!(catalogue["edition"], 3);
    catalogue["edition"] = json!(1);
    desk.write_in("site/catalogue.json", format!("{catalogue:#}\n"));
    let (site, whole) = (desk.files("site"), desk.files("whole"));
    assert_eq!(
        site.keys().collect::<Vec<_>>(),
        whole.keys().collect::<Vec<_>>()
    );
    for (name, content) in &whole {
        let same = match name.as_str() {
            "catalogue.json" => desk.catalogue_of("site") == desk.catalogue_of("whole"),
            // The feed of the site has its old editions too.
            "editions.atom" => site[name] != *content,
            _ => site[name] == *content,
        };
        assert!(same, "{name}");
    }
    // The next build of all of them finds every list unchanged.
    let report = well(&desk.run(&["build", "--out", "site", "whole.toml"]));
    assert_eq!(report.matches(STAYS).count(), 2, "{report}");
}

#[test]
fn an_addition_that_is_wrong_changes_nothing() {
    let desk = described();
    let before = desk.files("site");
    desk.write(
        "salt.toml",
        format!("salt = '{SALT}'\n[[dataset]]\nid = 'c'\ninputs = ['c.txt']\n"),
    );
    desk.write("empty.toml", "dataset = []\n");
    desk.write("names.csv", "nik,nama\n");
    for (arguments, words) in [
        (
            &["c.txt", "--id", "a"][..],
            "site already holds a data set \"a\"",
        ),
        (
            &["c.txt", "--id", "b", "--date", "2022"],
            "site already holds a data set \"b\"",
        ),
        (
            &["b.txt", "--date", "2022"],
            "site already holds a data set \"b\"",
        ),
        (&["salt.toml"], "unknown field `salt`, expected `dataset`"),
        (&["empty.toml"], "there is no [[dataset]]"),
        (&["c.txt", "a.toml"], "cannot be combined"),
        (
            &["salt.toml", "--id", "c"],
            "a .toml file takes no options but",
        ),
        (&["missing.txt"], "cannot read the list missing.txt"),
        (&["c.txt", "--name-column", "nama"], "name"),
        (&["c.txt", "--prefix-bits", "14"], "people"),
    ] {
        let error = message(&desk.run(&[&["add", "site"][..], arguments].concat()));
        assert!(error.contains("error: "), "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(!error.contains("made again"), "{arguments:?}: {error}");
        assert!(desk.files("site") == before, "{arguments:?}");
    }
    for refused in [
        "--salt",
        "--kdf",
        "--argon2",
        "--identifier",
        "--accept-new-salt",
    ] {
        let output = desk.run(&["add", "site", "c.txt", refused]);
        assert!(
            message(&output).contains("unexpected argument"),
            "{output:?}"
        );
    }
    let error = ill(&desk.run(&["add", "nowhere", "c.txt"]));
    assert!(error.contains("nowhere holds no catalogue.json"), "{error}");
    assert!(!desk.path("nowhere").exists() && !desk.path(".nowhere.building").exists());
}

#[test]
fn rows_of_all_data_sets_count_for_what_must_be_accepted() {
    let desk = Desk::new();
    desk.write("a.txt", sample(6_000, 91));
    desk.write("b.txt", sample(6_000, 92));
    well(&desk.run(&["build", "--out", "site", "--kdf", "sha256", "a.txt"]));
    let error = ill(&desk.run(&["add", "site", "b.txt"]));
    assert!(error.contains("--accept-enumeration"), "{error}");
    well(&desk.run(&["add", "site", "b.txt", "--accept-enumeration"]));
    assert_eq!(desk.ids("site"), ["a", "b"]);
}

#[test]
fn a_site_that_is_taken_down_says_so_and_keeps_only_what_is_no_list() {
    let desk = described();
    desk.write_in("site/catalogue.json.minisig", "a signature");
    desk.write_in("site/other.txt", "of the publisher");
    let before = desk.files("site");
    let report = well(&desk.run(&["withdraw", "site", "--reason-en", "A court <ordered> it."]));
    assert_eq!(
        report.matches("Removed the old edition ").count(),
        2,
        "{report}"
    );
    assert!(report.contains("Leave sw.js there"), "{report}");
    let after = desk.files("site");
    for name in ["index.html", "cek-nik.html", "cek-nik-offline.html"] {
        let page = String::from_utf8(after[name].clone()).expect("text");
        assert!(page.contains("Sejak 21 Mei 2026"), "{name}: {page}");
        // In both languages, since there is no Indonesian one.
        assert_eq!(
            page.matches("<p>A court &lt;ordered&gt; it.</p>").count(),
            2
        );
    }
    let is_list = |name: &str| name.starts_with("data/") || name.starts_with("catalogue.json");
    assert!(before.keys().any(|name| is_list(name)));
    let kept: Vec<_> = before.keys().filter(|name| !is_list(name)).collect();
    assert_eq!(after.keys().collect::<Vec<_>>(), kept);
    let changed = kept.iter().filter(|name| before[**name] != after[**name]);
    assert_eq!(changed.count(), 5);
    let feed = String::from_utf8(after["editions.atom"].clone()).expect("text");
    let (_, newest) = feed.split_once("<entry>").expect("an entry");
    assert!(
        newest.contains("<title>Daftar ini sudah ditarik</title>"),
        "{feed}"
    );
    assert!(!desk.path(".site.lists").exists() && !desk.path("site/data").exists());
    let error = ill(&desk.run(&["withdraw", "site"]));
    assert!(error.contains("site holds no catalogue.json"), "{error}");
}

#[test]
fn a_withdrawal_that_was_killed_is_completed() {
    let desk = described();
    let root = desk.catalogue_of("site")["datasets"][0]["root"].clone();
    let edition = format!("site/data/a/{}", root.as_str().expect("a root"));
    fs::remove_dir_all(desk.path(&edition)).expect("removed");
    desk.write("site/sw.js", "the new one");
    well(&desk.run(&["withdraw", "site"]));
    assert!(!desk.path("site/data").exists() && !desk.path("site/catalogue.json").exists());
}

#[test]
fn a_damaged_shard_stops_an_edit_before_any_key_is_made_unless_it_is_removed() {
    let desk = described();
    let root = desk.catalogue_of("site")["datasets"][0]["root"]
        .as_str()
        .expect("a root")
        .to_owned();
    let shard = desk.path(&format!("site/data/a/{root}/0000.cnk"));
    let mut bytes = fs::read(&shard).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&shard, bytes).expect("written");
    let before = desk.files("site");
    for arguments in [&["add", "site", "c.txt"][..], &["remove", "site", "b"]] {
        let error = ill(&desk.run(arguments));
        assert!(
            error.contains("data set \"a\": shard 0000.cnk in "),
            "{error}"
        );
        assert_eq!(error.matches(": it is damaged: ").count(), 1, "{error}");
        assert!(error.contains("Nothing was published"), "{error}");
        assert!(desk.files("site") == before);
        assert!(!desk.path(".site.keys").exists());
    }
    well(&desk.run(&["remove", "site", "a"]));
    assert_eq!(desk.ids("site"), ["b"]);
    assert!(!desk.path("site/data/a").exists());
}

#[test]
fn a_removed_data_set_leaves_nothing_and_the_last_one_stays() {
    let desk = described();
    let catalogue = desk.catalogue_of("site");
    let report = well(&desk.run(&["remove", "site", "a"]));
    assert!(report.contains("Removed the data set \"a\""), "{report}");
    assert!(
        report.contains(&format!("Data set \"b\"\n  {STAYS}")),
        "{report}"
    );
    let mut expected = catalogue;
    expected["datasets"]
        .as_array_mut()
        .expect("data sets")
        .remove(0);
    expected["edition"] = json!(2);
    assert_eq!(desk.catalogue_of("site"), expected);
    assert!(!desk.path("site/data/a").exists());
    let record = String::from_utf8(desk.files(".site.lists")["record.json"].clone());
    assert!(!record.expect("text").contains("\"a\""));
    let before = desk.files("site");
    let error = ill(&desk.run(&["remove", "site", "a"]));
    assert!(
        error.contains("site holds no data set \"a\"; it has b"),
        "{error}"
    );
    let error = ill(&desk.run(&["remove", "site", "b"]));
    assert!(
        error.contains("\"b\" is the only data set of site"),
        "{error}"
    );
    assert!(error.contains("run cek-nik withdraw"), "{error}");
    assert!(desk.files("site") == before);
    // Shards that a killed removal has left are no data set, yet they go.
    desk.write_in(&format!("site/data/a/{}/0000.cnk", "0".repeat(64)), "left");
    well(&desk.run(&["remove", "site", "a"]));
    assert!(desk.files("site") == before);
}

#[test]
fn a_removal_costs_no_keys_of_a_stopped_build() {
    let desk = described();
    desk.write_in(".site.keys/b.keys", "keys of a stopped build");
    let before = desk.files(".site.keys");
    well(&desk.run(&["remove", "site", "a"]));
    assert!(desk.files(".site.keys") == before);
}

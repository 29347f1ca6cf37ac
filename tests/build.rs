//! The builder, from lists to a site, by the real command line on real files.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SALT: &str = "00112233445566778899aabbccddeeff";

/// A directory of our own, in which the command line runs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), content).expect("written");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cek-nik"))
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", "1779321600")
            .current_dir(&self.0)
            .output()
            .expect("the command line runs")
    }

    fn build(&self, site: &str, more: &[&str]) -> Output {
        let fixed = [
            "build", "--out", site, "--kdf", "sha256", "--salt", SALT, "--id", "x",
        ];
        self.run(&[&fixed[..], more].concat())
    }

    fn build_well(&self, site: &str, more: &[&str]) {
        let output = self.build(site, more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// Every file below a directory.
    fn files(&self, directory: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.0.path().join(directory), "", &mut files);
        files
    }

    /// What lies in the desk itself, hidden files included.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(directory).expect("readable") {
        let entry = entry.expect("entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).expect("readable"));
        }
    }
}

fn sample(count: u64, seed: u64) -> String {
    let mut text = Vec::new();
    let format = cek_nik::publish::sample::Format::Lines;
    cek_nik::publish::sample::write(&mut text, count, seed, format).expect("in memory");
    String::from_utf8(text).expect("digits")
}

#[test]
fn the_same_people_give_the_same_bytes_however_they_are_written() {
    let desk = Desk::new();
    let plain = sample(20_000, 1);
    let mut reversed: Vec<&str> = plain.lines().collect();
    reversed.reverse();
    let (first, second) = reversed.split_at(7_000);
    desk.write("plain.txt", &plain);
    desk.write("first.txt", first.join("\r\n"));
    desk.write("second.txt", second.join("\n"));
    let grouped = |nik: &str| format!("{} {}-{}", &nik[..6], &nik[6..12], &nik[12..]);
    let rows = plain
        .lines()
        .map(|nik| format!("\"Contoh; \"\"A\"\"\";{};x\n", grouped(nik)));
    desk.write(
        "table.csv",
        format!("\u{feff}nama;nik;kota\n{}", rows.collect::<String>()),
    );
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain.as_bytes()).expect("in memory");
    desk.write("packed.gz", gzip.finish().expect("in memory"));
    let zstd = zstd::encode_all(plain.as_bytes(), 1).expect("in memory");
    desk.write("packed.bin", zstd);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    desk.write("utf16.txt", utf16);

    desk.build_well("site", &["plain.txt", "--prefix-bits", "5"]);
    let expected = desk.files("site/data");
    assert_eq!(expected.len(), 32);
    for (name, lists) in [
        ("in pieces and reversed", &["first.txt", "second.txt"][..]),
        ("twice", &["plain.txt", "first.txt", "plain.txt"]),
        ("table", &["table.csv"]),
        ("gzip", &["packed.gz"]),
        ("zstd", &["packed.bin"]),
        ("UTF-16", &["utf16.txt"]),
    ] {
        desk.build_well(name, &[lists, &["--prefix-bits", "5"]].concat());
        assert!(desk.files(&format!("{name}/data")) == expected, "{name}");
    }
    desk.build_well("again", &["plain.txt", "--prefix-bits", "5"]);
    assert!(desk.files("again") == desk.files("site"));
}

#[test]
fn threads_make_no_difference() {
    use cek_nik::publish::describe::Description;
    use cek_nik::publish::{Job, Silent, edition};
    let desk = Desk::new();
    desk.write("list.txt", sample(50_000, 2));
    desk.write(
        "catalogue.toml",
        format!("kdf = \"sha256\"\nsalt = \"{SALT}\"\n[[dataset]]\nid = \"x\"\ninputs = [\"list.txt\"]\nprefix_bits = 12\n"),
    );
    let description = Description::read(&desk.0.path().join("catalogue.toml")).expect("valid");
    let build = |threads: usize| {
        let site = format!("site{threads}");
        let job = Job {
            progress: &Silent,
            stop: &false.into(),
            threads,
        };
        edition::publish(&description, &desk.0.path().join(&site), "2026-05-21", &job)
            .expect("built");
        desk.files(&site)
    };
    let one = build(1);
    assert_eq!(
        one.keys().filter(|name| name.ends_with(".cnk")).count(),
        4096
    );
    assert!(one == build(2) && one == build(7));
}

#[test]
fn all_shards_of_a_data_set_are_equally_long() {
    let desk = Desk::new();
    desk.write("list.txt", sample(3_000, 3));
    desk.build_well("site", &["list.txt", "--prefix-bits", "6"]);
    let lengths: Vec<usize> = desk.files("site/data").values().map(Vec::len).collect();
    assert_eq!(lengths.len(), 64);
    assert!(
        lengths.iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
}

#[test]
fn everybody_in_the_list_is_found_and_few_others() {
    let desk = Desk::new();
    let members = sample(30_000, 4);
    desk.write("list.txt", &members);
    desk.build_well("site", &["list.txt", "--prefix-bits", "4", "--fpr", "0.01"]);
    let found = |list: &str| {
        desk.write("asked.txt", list);
        let asked = fs::File::open(desk.0.path().join("asked.txt")).expect("readable");
        let output = Command::new(env!("CARGO_BIN_EXE_cek-nik"))
            .args(["check", "--site", "site", "--stdin", "--json"])
            .current_dir(&desk.0)
            .stdin(asked)
            .output()
            .expect("runs");
        let text = String::from_utf8(output.stdout).expect("text");
        assert_eq!(text.lines().count(), list.lines().count());
        assert!(!text.contains("unknown"), "{text}");
        text.matches("\"member\"").count()
    };
    assert_eq!(found(&members), 30_000);
    // Of 30,000 strangers, 300 are expected; shards are sized by the fullest, so a few fewer. Ten standard deviations.
    let strangers = found(&sample(30_000, 5));
    assert!((100..480).contains(&strangers), "{strangers}");
}

#[test]
fn a_build_that_fails_leaves_everything_as_it_was() {
    let desk = Desk::new();
    desk.write("good.txt", sample(100, 6));
    desk.write("bad.txt", "a1\nb2\nc3\n3201014107909001\n");
    desk.build_well("site", &["good.txt"]);
    let before = desk.files("site");
    let names = desk.names();
    let output = desk.build("site", &["bad.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("more than half"), "{message}");
    assert!(!message.contains("3201014107909001"), "{message}");
    assert!(desk.files("site") == before);
    let output = desk.build("new", &["bad.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(desk.names(), names, "nothing new is left behind");
}

#[test]
fn a_new_edition_replaces_the_old_one_and_keeps_the_salt() {
    let desk = Desk::new();
    desk.write("one.txt", sample(100, 7));
    desk.write("two.txt", sample(100, 8));
    desk.build_well("site", &["one.txt"]);
    let old = desk.files("site/data");
    let output = desk.run(&[
        "build", "--out", "site", "--kdf", "sha256", "--id", "x", "two.txt",
    ]);
    assert!(output.status.success());
    let new = desk.files("site/data");
    assert_eq!(new.len(), 1);
    assert!(new.keys().next() != old.keys().next());
    let catalogue =
        fs::read_to_string(desk.0.path().join("site/catalogue.json")).expect("readable");
    assert!(catalogue.contains(SALT), "{catalogue}");
}

#[test]
fn a_build_of_one_list_does_not_drop_the_others() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 9));
    desk.build_well("site", &["list.txt"]);
    let before = desk.files("site");
    let output = desk.run(&[
        "build", "--out", "site", "--kdf", "sha256", "--id", "y", "list.txt",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(desk.files("site") == before);
}

#[test]
fn what_a_killed_build_left_is_cleared_away() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 10));
    fs::create_dir_all(desk.0.path().join(".site.building/x/shards")).expect("made");
    fs::write(
        desk.0.path().join(".site.building/x/shards/0000.cnk"),
        "half",
    )
    .expect("written");
    desk.build_well("site", &["list.txt"]);
    assert_eq!(desk.names(), ["list.txt", "site"]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_stops_the_build() {
    let desk = Desk::new();
    let rows: String = sample(100_000, 11)
        .lines()
        .map(|nik| format!("{nik},x\n"))
        .collect();
    desk.write(
        "list.csv",
        format!("NIK,nama\n3201014107909001,\"Budi\n{rows}"),
    );
    let output = desk.build("site", &["list.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("line 2") && message.contains("--no-quotes"),
        "{message}"
    );
    desk.build_well("site", &["list.csv", "--no-quotes"]);
}

#[test]
fn no_file_of_a_site_holds_a_number_of_the_list() {
    let desk = Desk::new();
    let list = sample(2_000, 12);
    desk.write("list.txt", &list);
    desk.build_well("site", &["list.txt", "--prefix-bits", "2"]);
    for (name, content) in desk.files("site") {
        let text = String::from_utf8_lossy(&content);
        for nik in list.lines() {
            assert!(!text.contains(nik), "{name}");
        }
    }
}

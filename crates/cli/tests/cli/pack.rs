//! Packs, by the real command line on real files: what goes in comes out, the same each time, whole
//! or not at all; and a large one is read in its beginning and one shard only.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::process::{Command, Output, Stdio};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::desk::{Desk, feed, outcomes_alone, sample};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cek_nik::catalogue::{Dataset, binding};
use cek_nik::check::{Checker, FetchError, Outcome, Source};
use cek_nik::filter::Bloom;
use cek_nik::identifier::{Identifier, IdentifierKind};
use cek_nik::key::{Kdf, Key, KeyDeriver, Salt};
use cek_nik::merkle;
use cek_nik::nik::Nik;
use cek_nik::pack::{HEADER_BYTES, beginning};
use cek_nik::prefix::{Prefix, PrefixBits};
use cek_nik::shard::header;
use cek_nik_publisher::job::{Event, Job, Progress};
use cek_nik_publisher::pack::{self, Kind};
use cek_nik_publisher::site::OFFLINE;
use cek_nik_reader::pack_file::Pack;
use cek_nik_reader::site::Site;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SALT: &str = "00112233445566778899aabbccddeeff";
const MEMBER: &str = "3201014107909001";
const STRANGER: &str = "9471014107909999";
const START: &str = "<template id=\"pack\">";
const END: &str = "</template>";

/// A site of two data sets: `pecah` in four shards, with [`MEMBER`], and `utuh` in one.
fn desk_with_site() -> Desk {
    let desk = Desk::new();
    desk.write("pecah.txt", format!("{MEMBER}\n{}", sample(2_000, 1)));
    desk.write("utuh.txt", sample(300, 2));
    desk.write(
        "catalogue.toml",
        format!(
            "kdf = \"sha256\"\nsalt = \"{SALT}\"\n[[dataset]]\nid = \"pecah\"\ninputs = [\"pecah.txt\"]\nprefix_bits = 2\n\
             [[dataset]]\nid = \"utuh\"\ninputs = [\"utuh.txt\"]\n"
        ),
    );
    well(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
    for list in ["pecah.txt", "utuh.txt", "catalogue.toml"] {
        fs::remove_file(desk.0.path().join(list)).expect("removed");
    }
    desk
}

impl Desk {
    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).expect("readable")
    }

    fn pack(&self, more: &[&str]) -> Output {
        self.run(&[&["pack"], more].concat())
    }

    /// The catalogue of a pack.
    fn catalogue(&self, pack: &str) -> Vec<u8> {
        let file = File::open(self.0.path().join(pack)).expect("readable");
        let pack = Pack::open(file).unwrap_or_else(|reason| panic!("{reason}"));
        pack.catalogue_file().to_vec()
    }

    fn check(&self, site: &str, input: &str, more: &[&str]) -> Output {
        let arguments = [&["check", "--site", site, "--stdin"], more].concat();
        feed(&mut self.command(&arguments), input)
    }

    /// What a check answers as JSON, line by line.
    fn answers(&self, site: &str, input: &str) -> Vec<Value> {
        let output = self.check(site, input, &["--json"]);
        let lines = String::from_utf8(output.stdout).expect("text");
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        lines.collect()
    }

    fn reason(&self, site: &str) -> Value {
        self.answers(site, MEMBER)[0]["reason"].clone()
    }
}

fn printed(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8(both).expect("text")
}

fn well(output: &Output) -> String {
    assert!(output.status.success(), "{}", printed(output));
    printed(output)
}

/// The error of a command that was refused or ended early.
fn ill(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", printed(output));
    let printed = printed(output);
    assert!(printed.starts_with("error: "), "{printed}");
    printed
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

#[test]
fn the_same_site_gives_the_same_bytes_of_both_kinds() {
    let desk = desk_with_site();
    let first = well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    let page = well(&desk.pack(&["site", "--html", "a.html"]));
    well(&desk.pack(&["site", "--out", "b.cnkpack"]));
    well(&desk.pack(&["site", "--html", "b.html"]));
    well(&desk.pack(&["a.cnkpack", "--out", "c.cnkpack"]));
    well(&desk.pack(&["a.html", "--out", "d.cnkpack"]));
    well(&desk.pack(&["a.cnkpack", "--html", "c.html"]));
    let (pack, packed_page) = (desk.read("a.cnkpack"), desk.read("a.html"));
    for name in ["b.cnkpack", "c.cnkpack", "d.cnkpack"] {
        assert!(desk.read(name) == pack, "{name}");
    }
    for name in ["b.html", "c.html"] {
        assert!(desk.read(name) == packed_page, "{name}");
    }
    assert!(
        first.contains(&format!("SHA-256 {}", hex(&pack))),
        "{first}"
    );
    assert!(
        page.contains(&format!("SHA-256 {}", hex(&packed_page))),
        "{page}"
    );
    assert!(desk.catalogue("a.cnkpack") == desk.read("site/catalogue.json"));
    let verified = well(&desk.pack(&["--verify", "a.cnkpack"]));
    assert!(
        verified.contains("2 data sets (pecah, utuh), 5 shards verified"),
        "{verified}"
    );
    assert!(verified.contains(&hex(&pack)), "{verified}");
    let verified = well(&desk.pack(&["--verify", "a.html"]));
    assert!(verified.contains(&hex(&packed_page)), "{verified}");
}

#[test]
fn a_page_with_a_pack_is_the_published_page_but_for_the_pack() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    let page = String::from_utf8(desk.read("a.html")).expect("text");
    let (before, rest) = page.split_once(START).expect("a place");
    let (base64, after) = rest.split_once(END).expect("its end");
    assert_eq!(format!("{before}{START}{END}{after}"), OFFLINE);
    assert!(desk.read("site/cek-nik-offline.html") == OFFLINE.as_bytes());
    assert!(STANDARD.decode(base64).expect("base64") == desk.read("a.cnkpack"));
}

#[test]
fn directory_pack_and_page_give_the_same_answers() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    let input = format!("{MEMBER}\n{STRANGER}\n123\n{}", sample(40, 2));
    let expected = desk.answers("site", &input);
    assert_eq!(expected.len(), 43);
    assert_eq!(expected[0]["datasets"][0]["outcome"], "member");
    assert_eq!(expected[1]["datasets"][1]["outcome"], "non_member");
    for site in ["a.cnkpack", "a.html"] {
        assert_eq!(desk.answers(site, &input), expected, "{site}");
        for (input, status) in [(MEMBER, 0), (STRANGER, 1), ("123", 2), ("", 2)] {
            let output = desk.check(site, input, &[]);
            assert_eq!(output.status.code(), Some(status), "{site} {input}");
        }
    }
}

#[test]
fn some_data_sets_leave_everything_else_in_the_catalogue_as_it_is() {
    let desk = desk_with_site();
    let path = desk.0.path().join("site/catalogue.json");
    let mut catalogue: Value = serde_json::from_slice(&desk.read("site/catalogue.json")).unwrap();
    catalogue["z"] = json!({ "b": [1.25e-9, 7, null], "a": "é" });
    catalogue["datasets"][1]["later"] = json!(true);
    catalogue["steps"] = json!([{ "id": "sim", "hidden": true }]);
    // Its shortest decimal is read wrong by parsers that round twice.
    catalogue["datasets"][1]["rate_of_old"] = json!(7.076_511_279_948_688e-8);
    let first = format!("{},", catalogue["datasets"][0]);
    // A number that no double holds.
    let long = |text: String| text.replace("[1.25e-9,", "[12345678901234567890123456.50,");
    fs::write(&path, long(catalogue.to_string())).expect("written");

    well(&desk.pack(&[
        "site",
        "--out",
        "all.cnkpack",
        "--dataset",
        "utuh",
        "--dataset",
        "pecah",
    ]));
    assert!(desk.catalogue("all.cnkpack") == desk.read("site/catalogue.json"));

    well(&desk.pack(&["site", "--out", "one.cnkpack", "--dataset", "utuh"]));
    let expected = long(catalogue.to_string()).replacen(&first, "", 1);
    let found = String::from_utf8(desk.catalogue("one.cnkpack")).expect("text");
    assert_eq!(found, expected);
    let answers = desk.answers("one.cnkpack", sample(1, 2).as_str());
    assert_eq!(
        outcomes_alone(answers[0]["datasets"].clone()),
        json!([{ "id": "utuh", "outcome": "member" }])
    );

    well(&desk.pack(&["all.cnkpack", "--html", "one.html", "--dataset", "utuh"]));
    well(&desk.pack(&["one.html", "--out", "again.cnkpack"]));
    assert!(desk.read("again.cnkpack") == desk.read("one.cnkpack"));
}

#[test]
fn a_damaged_site_is_refused_and_what_was_there_stays() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    let before = (desk.read("a.cnkpack"), desk.read("a.html"), desk.names());
    let files = desk.files("site/data");
    let (name, good) = files.iter().nth(2).expect("a shard");
    let path = desk.0.path().join("site/data").join(name);
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        Some(bytes)
    };
    for (bytes, why) in [
        (None, "it is not there"),
        (
            Some(Vec::new()),
            "it is shorter or longer than the catalogue says",
        ),
        (
            Some(good[1..].to_vec()),
            "it does not begin as a shard does",
        ),
        (
            Some([good.as_slice(), b"\n"].concat()),
            "it is shorter or longer",
        ),
        (flipped(20), "it belongs to another data set"),
        (flipped(15), "it is the shard of another prefix"),
        (flipped(40), "its filter is not that of the catalogue"),
        (flipped(100), "its checksum differs from the one"),
        (flipped(good.len() - 1), "its checksum differs from the one"),
    ] {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).expect("written"),
            None => fs::remove_file(&path).expect("removed"),
        }
        for out in [
            ["--out", "a.cnkpack"],
            ["--html", "a.html"],
            ["--out", "new.cnkpack"],
        ] {
            let error = ill(&desk.pack(&[&["site"], &out[..]].concat()));
            assert!(
                error.contains(name) && error.contains(why),
                "{why}: {error}"
            );
            assert!(error.contains("build or copy the site again"), "{error}");
        }
        assert!(
            before == (desk.read("a.cnkpack"), desk.read("a.html"), desk.names()),
            "{why}"
        );
    }
}

#[test]
fn a_damaged_pack_is_neither_packed_nor_verified_and_never_answers_no() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    let good = desk.read("a.cnkpack");
    let last = good.len() - 1;
    let all: Vec<u8> = good.iter().map(|byte| byte ^ 255).collect();
    let changed = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    for (bytes, reason, words) in [
        (
            good[..last].to_vec(),
            "pack_wrong_length",
            "for example after an interrupted copy",
        ),
        (
            good[..30].to_vec(),
            "pack_wrong_length",
            "for example after an interrupted copy",
        ),
        (
            [good.as_slice(), b"\n"].concat(),
            "pack_wrong_length",
            "shorter or longer",
        ),
        (Vec::new(), "pack_wrong_length", "shorter or longer"),
        (changed(8 + 1), "pack_newer_version", "a newer format"),
        (
            changed(HEADER_BYTES + 16 + 9),
            "pack_damaged",
            "its beginning is damaged",
        ),
        (all, "pack_not_a_pack", "neither a pack nor a page"),
    ] {
        desk.write("bad.cnkpack", bytes);
        assert_eq!(desk.reason("bad.cnkpack"), reason);
        for arguments in [
            &["--verify", "bad.cnkpack"][..],
            &["bad.cnkpack", "--out", "b.cnkpack"],
        ] {
            let error = ill(&desk.pack(arguments));
            assert!(
                error.contains("bad.cnkpack") && error.contains(words),
                "{error}"
            );
        }
    }
    desk.write("bad.cnkpack", changed(last));
    let answers = desk.answers("bad.cnkpack", MEMBER);
    let damaged = json!({ "id": "utuh", "outcome": "unknown", "reason": "damaged" });
    assert_eq!(outcomes_alone(answers[0]["datasets"].clone())[1], damaged);
    for arguments in [
        &["--verify", "bad.cnkpack"][..],
        &["bad.cnkpack", "--out", "b.cnkpack"],
    ] {
        let error = ill(&desk.pack(arguments));
        assert!(
            error.contains("shard 0000 of the data set \"utuh\""),
            "{error}"
        );
    }
    assert_eq!(desk.names(), ["a.cnkpack", "bad.cnkpack", "site"]);
    // What is not damaged can be saved.
    well(&desk.pack(&["bad.cnkpack", "--out", "b.cnkpack", "--dataset", "pecah"]));
    well(&desk.pack(&["--verify", "b.cnkpack"]));
}

#[test]
fn a_damaged_page_says_so() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--html", "a.html"]));
    let page = String::from_utf8(desk.read("a.html")).expect("text");
    let start = page.find(START).expect("a place") + START.len();
    let end = start + page[start..].find(END).expect("its end");
    for (bytes, reason) in [
        (page[..end - 100].to_owned(), "pack_wrong_length"),
        (page[..start].to_owned(), "pack_wrong_length"),
        (page[..start - 5].to_owned(), "pack_not_a_pack"),
        (OFFLINE.to_owned(), "pack_not_a_pack"),
        ("<!doctype html>".to_owned(), "pack_not_a_pack"),
        (
            page[..end - 4].to_owned() + &page[end..],
            "pack_wrong_length",
        ),
        (page[..end - 5].to_owned() + &page[end..], "pack_damaged"),
        (
            page[..start].to_owned() + " " + &page[start..],
            "pack_damaged",
        ),
    ] {
        desk.write("bad.html", &bytes);
        assert_eq!(desk.reason("bad.html"), reason, "{} bytes", bytes.len());
        ill(&desk.pack(&["--verify", "bad.html"]));
    }
    assert_eq!(desk.reason("nowhere.html"), "pack_unreadable");
    assert_eq!(desk.reason("nowhere.cnkpack"), "pack_unreadable");
    assert_eq!(desk.reason("nowhere"), "catalogue_not_found");
}

#[test]
fn a_page_that_was_changed_is_not_called_good() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--html", "a.html"]));
    let page = String::from_utf8(desk.read("a.html")).expect("text");
    for changed in [
        page.replacen("connect-src 'none'", "connect-src *", 1),
        page.clone() + "<p>",
    ] {
        assert_ne!(changed, page);
        desk.write("bad.html", &changed);
        let error = ill(&desk.pack(&["--verify", "bad.html"]));
        assert!(error.contains("a changed page can send"), "{error}");
    }
}

#[test]
fn only_files_of_the_same_kind_are_replaced() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    let (pack, page) = (desk.read("a.cnkpack"), desk.read("a.html"));
    let own = "work of many days".as_bytes();
    for (name, option, there) in [
        ("x.cnkpack", "--out", own),
        ("x.cnkpack", "--out", &[]),
        ("x.cnkpack", "--out", &pack[..7]),
        ("x.cnkpack", "--out", &page),
        ("x.html", "--html", own),
        ("x.html", "--html", &[]),
        ("x.html", "--html", &pack),
        ("x.html", "--html", OFFLINE.as_bytes()),
    ] {
        desk.write(name, there);
        let error = ill(&desk.pack(&["site", option, name]));
        let expected = format!(
            "{name} exists and was not written by `cek-nik pack {option}`; \
             refusing to overwrite it. Choose another file name, or move it away."
        );
        assert!(error.contains(&expected), "{error}");
        assert!(desk.read(name) == there);
    }
    fs::create_dir(desk.0.path().join("dir.cnkpack")).expect("made");
    let error = ill(&desk.pack(&["site", "--out", "dir.cnkpack"]));
    assert!(error.contains("dir.cnkpack is a directory"), "{error}");
    desk.write("a.cnkpack", &pack[..2_000]);
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["a.cnkpack", "--out", "a.cnkpack"]));
    assert!(desk.read("a.cnkpack") == pack);
    well(&desk.pack(&["site", "--html", "a.html", "--dataset", "utuh"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    assert!(desk.read("a.html") == page);
}

#[test]
fn nothing_that_is_typed_is_written_anywhere() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "a.cnkpack"]));
    well(&desk.pack(&["site", "--html", "a.html"]));
    for directory in ["tmp", "home"] {
        fs::create_dir(desk.0.path().join(directory)).expect("made");
    }
    let before = desk.files("");
    for site in ["site", "a.cnkpack", "a.html"] {
        for more in [&[][..], &["--json"]] {
            let arguments = [&["check", "--site", site, "--stdin"], more].concat();
            let mut command = desk.command(&arguments);
            command
                .env("TMPDIR", desk.0.path().join("tmp"))
                .env("HOME", desk.0.path().join("home"));
            let input = format!("{MEMBER}\n{STRANGER}\n{MEMBER}x\n");
            let printed = printed(&feed(&mut command, &input));
            let lines = match (site, more.is_empty()) {
                ("site", true) => 5,
                (_, true) => 6,
                (_, false) => 3,
            };
            assert_eq!(printed.lines().count(), lines, "{printed}");
            assert!(
                !printed.contains("9001") && !printed.contains("9999"),
                "{printed}"
            );
        }
    }
    assert!(desk.files("") == before);
}

/// Asks to stop as soon as so many shards are written.
struct StopAfter<'a>(AtomicU32, &'a AtomicBool);

impl Progress for StopAfter<'_> {
    fn on(&self, event: Event) {
        if matches!(event, Event::Advance(_)) && self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.1.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn a_packing_that_is_stopped_at_any_shard_leaves_nothing() {
    let desk = desk_with_site();
    let at = |name: &str| desk.0.path().join(name);
    well(&desk.pack(&["site", "--out", "old.cnkpack", "--dataset", "utuh"]));
    let (old, names) = (desk.read("old.cnkpack"), desk.names());
    for shards in 1..=5 {
        for (kind, out) in [(Kind::Pack, "old.cnkpack"), (Kind::Page, "new.html")] {
            let stop = AtomicBool::new(false);
            let job = Job {
                today: "2026-05-21".parse().unwrap(),
                progress: &StopAfter(shards.into(), &stop),
                stop: &stop,
                threads: 1,
                memory: 64 << 20,
            };
            let stopped = pack::write(&Site::local(at("site")), &[], kind, &at(out), None, &job);
            let error = stopped.expect_err("stopped").to_string();
            assert!(
                error.starts_with("stopped: ") && error.ends_with(" was not written"),
                "{error}"
            );
            assert_eq!(desk.names(), names);
        }
    }
    assert!(desk.read("old.cnkpack") == old);
}

/// A signal while the pack is being written. One that comes when it is ready is sent once more.
#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing() {
    let desk = Desk::new();
    desk.write("list.txt", sample(10_000, 1));
    desk.write(
        "catalogue.toml",
        "kdf = \"sha256\"\n[[dataset]]\nid = \"pecah\"\ninputs = [\"list.txt\"]\nprefix_bits = 9\n",
    );
    well(&desk.run(&["build", "--out", "site", "catalogue.toml"]));
    let names = desk.names();
    let stopped = (0..100).find_map(|_| {
        let mut child = desk
            .command(&["pack", "site", "--out", "new.cnkpack"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        let has_ended = loop {
            if desk.names() != names {
                break false;
            }
            if child.try_wait().expect("its status").is_some() {
                break true;
            }
        };
        if !has_ended {
            let process = child.id().to_string();
            let sent = Command::new("kill").args(["-INT", &process]).status();
            assert!(sent.expect("kill").success());
        }
        let output = child.wait_with_output().expect("ends");
        if output.status.success() {
            fs::remove_file(desk.0.path().join("new.cnkpack")).expect("removed");
            return None;
        }
        Some(ill(&output))
    });
    let error = stopped.expect("it was never under way");
    assert_eq!(error, "error: stopped: new.cnkpack was not written\n");
    assert_eq!(desk.names(), names);
}

#[cfg(unix)]
#[test]
fn a_disk_without_room_leaves_what_was_there() {
    let desk = desk_with_site();
    well(&desk.pack(&["site", "--out", "old.cnkpack", "--dataset", "utuh"]));
    let (old, names) = (desk.read("old.cnkpack"), desk.names());
    for (option, out) in [("--out", "old.cnkpack"), ("--html", "new.html")] {
        let output = Command::new("sh")
            .args([
                "-c",
                "trap '' XFSZ; ulimit -f 8; exec \"$0\" pack site \"$1\" \"$2\"",
            ])
            .args([env!("CARGO_BIN_EXE_cek-nik"), option, out])
            .env("SOURCE_DATE_EPOCH", "1779321600")
            .current_dir(&desk.0)
            .output()
            .expect("sh");
        let error = ill(&output);
        for words in [
            "cannot write",
            out,
            "make room on its disk",
            "File too large",
        ] {
            assert!(error.contains(words), "{error}");
        }
        assert_eq!(desk.names(), names);
    }
    assert!(desk.read("old.cnkpack") == old);
}

/// Counts what is read of a file.
struct Counting(File, Rc<Cell<u64>>);

impl Read for Counting {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        self.1.set(self.1.get() + read as u64);
        Ok(read)
    }
}

impl Seek for Counting {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

struct Large<'a>(&'a Pack<Counting>);

impl Source for Large<'_> {
    async fn shard(&self, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
        self.0.shard(dataset, prefix)
    }
}

fn key_of(nik: &str) -> Key {
    let salt = Salt::from_hex(SALT).expect("a salt");
    let mut deriver = KeyDeriver::new(salt, Kdf::Sha256).expect("memory");
    let nik = Nik::parse(nik).expect("a NIK");
    deriver.derive(&Identifier::of_nik(&nik)).expect("memory")
}

/// A pack that takes one shard on the disk, that of [`MEMBER`]: all others are holes, and the path
/// of the one begins at siblings that nobody computed from shards. Gives the bytes up to the first
/// shard, and those of a shard.
fn large_pack(desk: &Desk, prefix_bits: u8, filter_bytes: u64) -> (u64, u64) {
    let key = key_of(MEMBER);
    let bits = PrefixBits::new(prefix_bits).expect("bits");
    let prefix = bits.prefix_of(key.head());
    let bloom = Bloom::new(8 * filter_bytes, 7).expect("a filter");
    let salt = Salt::from_hex(SALT).expect("a salt");
    let binding = binding(IdentifierKind::Nik, Kdf::Sha256, salt, "besar");
    let mut filter = vec![0; bloom.bytes()];
    for place in bloom.places(&key.filter_hash()) {
        filter[place as usize / 8] |= 1 << (place % 8);
    }
    let header = header(&binding, bloom, prefix);
    let siblings = vec![[7; 32]; usize::from(prefix_bits)];
    let leaf = merkle::leaf(&[&header, &filter]);
    let root = merkle::root_from_path(leaf, prefix.value(), &siblings);
    let shard = [&header[..], &filter, siblings.as_flattened()].concat();
    let catalogue = json!({
        "format": "cek-nik catalogue", "version": 1, "identifier": "nik", "salt": SALT, "kdf": { "name": "sha256" },
        "datasets": [{
            "id": "besar", "distinct": 1, "prefix_bits": prefix_bits, "filter": { "kind": "bloom", "bits": 8 * filter_bytes, "hashes": 7 },
            "false_positive_rate": 0.01, "shard_bytes": shard.len(), "root": base16ct::lower::encode_string(&root),
        }],
    });
    let size = shard.len() as u64 * u64::from(bits.shards());
    let beginning = beginning(&[size], catalogue.to_string().as_bytes(), b"").expect("short");
    let start = beginning.len() as u64;
    let mut file = File::create(desk.0.path().join("large.cnkpack")).expect("made");
    file.write_all(&beginning).expect("written");
    let place = start + u64::from(prefix.value()) * shard.len() as u64;
    file.seek(SeekFrom::Start(place)).expect("sought");
    file.write_all(&shard).expect("written");
    file.set_len(start + size).expect("sparse");
    (start, shard.len() as u64)
}

#[test]
fn of_a_pack_of_512_mib_only_its_beginning_and_one_shard_are_read() {
    let desk = Desk::new();
    let (beginning, shard) = large_pack(&desk, 10, 512 << 10);
    let path = desk.0.path().join("large.cnkpack");
    assert!(path.metadata().expect("there").len() > 512 << 20);
    let read = Rc::new(Cell::new(0));
    let file = File::open(&path).expect("readable");
    let pack = Pack::open(Counting(file, read.clone()));
    let pack = pack.unwrap_or_else(|reason| panic!("{reason}"));
    assert_eq!(read.get(), beginning);
    let catalogue = pack.catalogue().expect("valid").into_catalogue();
    let mut checker = Checker::new(&catalogue).expect("memory");
    let member = Identifier::of_nik(&Nik::parse(MEMBER).expect("a NIK"));
    let answers = pollster::block_on(checker.check(&member, &Large(&pack)));
    assert_eq!(answers[0].outcome, Outcome::Member);
    assert_eq!(read.get(), beginning + shard);
}

#[test]
fn a_pack_of_512_mib_answers_where_it_is_whole_and_nowhere_else() {
    let desk = Desk::new();
    large_pack(&desk, 10, 512 << 10);
    assert_ne!(key_of(STRANGER).head()[0], key_of(MEMBER).head()[0]);
    let answers = desk.answers("large.cnkpack", &format!("{MEMBER}\n{STRANGER}\n"));
    assert_eq!(
        outcomes_alone(answers[0]["datasets"].clone()),
        json!([{ "id": "besar", "outcome": "member" }])
    );
    let hole = json!([{ "id": "besar", "outcome": "unknown", "reason": "not_a_shard" }]);
    assert_eq!(outcomes_alone(answers[1]["datasets"].clone()), hole);
    let error = ill(&desk.pack(&["--verify", "large.cnkpack"]));
    assert!(
        error.contains("shard 0000 of the data set \"besar\": it does not begin"),
        "{error}"
    );
}

#[test]
fn a_page_takes_16_mib_of_lists_and_no_more() {
    let desk = Desk::new();
    let most = (16 << 20) - HEADER_BYTES as u64;
    large_pack(&desk, 0, most);
    well(&desk.pack(&["large.cnkpack", "--html", "large.html"]));
    let answers = desk.answers("large.html", MEMBER);
    assert_eq!(
        outcomes_alone(answers[0]["datasets"].clone()),
        json!([{ "id": "besar", "outcome": "member" }])
    );
    large_pack(&desk, 0, most + 1);
    let error = ill(&desk.pack(&["large.cnkpack", "--html", "more.html"]));
    for words in [
        "16.00 MiB",
        "--out leak.cnkpack",
        "cek-nik-offline.html",
        "--dataset",
    ] {
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(desk.names(), ["large.cnkpack", "large.html"]);
}

//! The builder, from lists to a site, by the real command line on real files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use cek_nik_publisher::job::{Event, Progress, Step};

use crate::desk::{Desk, feed, sample};
use cek_nik::identifier::Identifier;
use cek_nik::key::{Kdf, KeyDeriver, Salt};
use cek_nik::nik::Nik;
use cek_nik::prefix::PrefixBits;

#[allow(dead_code, reason = "every test uses another part of it")]
const SALT: &str = "00112233445566778899aabbccddeeff";

impl Desk {
    fn build(&self, site: &str, more: &[&str]) -> Output {
        let fixed = [
            "build",
            "--out",
            site,
            "--kdf",
            "sha256",
            "--salt",
            SALT,
            "--id",
            "x",
            "--accept-enumeration",
            // What is built side by side here is compared, never asked by anybody.
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
    let unmarked = utf16.get(2..).expect("text behind the mark").to_vec();
    desk.write("utf16.txt", utf16);
    desk.write("unmarked.txt", unmarked);
    let rows = plain.lines().zip(["\r", "\n", "\r\n"].into_iter().cycle());
    let mixed = rows.flat_map(|(nik, end)| [nik, end]);
    desk.write("mixed.txt", mixed.collect::<String>());
    let objects = plain
        .lines()
        .map(|nik| format!("{{\"nama\": \"Contoh\", \"nik\": {nik}}}\n"));
    desk.write("objects.jsonl", objects.collect::<String>());

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
        ("UTF-16 without a mark", &["unmarked.txt"]),
        ("mixed line ends", &["mixed.txt"]),
        ("JSON Lines", &["objects.jsonl"]),
    ] {
        desk.build_well(name, &[lists, &["--prefix-bits", "5"]].concat());
        assert!(desk.files(&format!("{name}/data")) == expected, "{name}");
    }
    desk.build_well("again", &["plain.txt", "--prefix-bits", "5"]);
    assert!(desk.files("again") == desk.files("site"));
}

#[test]
fn neither_threads_nor_memory_nor_order_make_a_difference() {
    use cek_nik_publisher::config::Description;
    use cek_nik_publisher::job::{Job, Silent};
    use cek_nik_publisher::pipeline;
    let desk = Desk::new();
    // Enough rows to fill blocks of keys, which then wait in memory or on the disk.
    let plain = sample(700_000, 2);
    let mut rows: Vec<&str> = plain.lines().collect();
    rows.sort_unstable();
    desk.write("list.txt", &plain);
    desk.write("sorted.txt", rows.join("\n"));
    desk.write(
        "catalogue.toml",
        format!("kdf = \"sha256\"\nsalt = \"{SALT}\"\n[[dataset]]\nid = \"x\"\ninputs = [\"list.txt\"]\nprefix_bits = 10\n"),
    );
    let mut description = Description::read(&desk.0.path().join("catalogue.toml")).expect("valid");
    description.accepted.risks.enumeration = true;
    let build = |description: &Description, threads: usize, memory: u64| {
        let site = format!("site{threads}-{memory}");
        let job = Job {
            today: "2026-05-21".parse().unwrap(),
            progress: &Silent,
            stop: &false.into(),
            threads,
            memory,
        };
        let published =
            pipeline::run(description, &desk.0.path().join(&site), &job).expect("built");
        // With more threads, no block may be full.
        if threads == 1 {
            let is_on_disk = published.editions[0].keys_on_disk > 0;
            assert_eq!(
                is_on_disk,
                memory < 1 << 30,
                "{threads} threads, {memory} bytes"
            );
        }
        let files = desk.files(&site);
        fs::remove_dir_all(desk.0.path().join(site)).expect("removed");
        files
    };
    let one = build(&description, 1, 1 << 30);
    assert_eq!(
        one.keys().filter(|name| name.ends_with(".cnk")).count(),
        1024
    );
    for (threads, memory) in [(1, 0), (1, 4 << 20), (2, 1 << 30), (7, 0)] {
        let other = build(&description, threads, memory);
        assert!(one == other, "{threads} threads, {memory} bytes");
    }
    let sorted = desk.0.path().join("sorted.txt");
    sorted.clone_into(&mut description.datasets[0].inputs[0].path);
    assert!(one == build(&description, 1, 4 << 20), "sorted");
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
    let members = sample(10_000, 4);
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
    assert_eq!(found(&members), 10_000);
    // Of 10,000 strangers, 100 are expected; shards are sized by the fullest, so a few fewer. Six
    // standard deviations.
    let strangers = found(&sample(10_000, 5));
    assert!((25..160).contains(&strangers), "{strangers}");
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
    desk.build_well("site", &["list.txt"]);
    for file in [
        ".site.building/lock",
        ".site.building/datasets/x/shards/0000.cnk",
        ".site.building/replaced/x/0000.cnk",
        ".site.building/site/data/x/0000.cnk",
        ".site.building/pages/index.html",
        ".site.building/probe",
        "site/.cek-nik.probe",
        "site/data/.cek-nik.probe",
        "site/data/x/.cek-nik.probe",
    ] {
        desk.write_in(file, "");
    }
    desk.build_well("site", &["list.txt"]);
    assert_eq!(desk.names(), ["list.txt", "site"]);
    let files = desk.files("site");
    let probe = files.keys().find(|name| name.ends_with(".probe"));
    assert_eq!(probe, None);
}

/// Names that an edition directory can have.
fn edition_name(digit: char) -> String {
    digit.to_string().repeat(64)
}

#[test]
fn a_new_edition_removes_no_directory_that_build_did_not_make() {
    let desk = Desk::new();
    desk.write("one.txt", sample(100, 61));
    desk.write("two.txt", sample(100, 62));
    desk.build_well("site", &["one.txt"]);
    let [a, b, c] = ['a', 'b', 'c'].map(edition_name);
    let foreign = [
        "site/data/foto/liburan/pantai.jpg".to_owned(),
        format!("site/data/foto/{a}/pantai.jpg"),
        format!("site/data/foto/{b}/0000.cnk/pantai.jpg"),
        format!("site/data/foto/{}/0000.cnk", a.to_uppercase()),
        format!("site/data/foto/{}/0000.cnk", &a[1..]),
        format!("site/data/Foto/{a}/0000.cnk"),
        "site/data/x/notes/0000.cnk".to_owned(),
        "site/data/readme.txt".to_owned(),
    ];
    for file in &foreign {
        desk.write_in(file, "not of cek-nik");
    }
    fs::create_dir(desk.0.path().join("site/data/empty")).expect("made");
    desk.write_in(&format!("site/data/x/{b}/0000.cnk"), "an old edition");
    desk.write_in(&format!("site/data/y/{c}/0000.cnk"), "an old edition");
    desk.write_in(&format!("site/data/y/{c}/3fff.cnk"), "an old edition");
    let output = desk.run(&[
        "build", "--out", "site", "--kdf", "sha256", "--id", "x", "two.txt",
    ]);
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    for file in &foreign {
        let content = fs::read_to_string(desk.0.path().join(file));
        assert_eq!(content.ok().as_deref(), Some("not of cek-nik"), "{file}");
    }
    assert!(desk.0.path().join("site/data/empty").exists());
    assert!(!desk.0.path().join("site/data/y").exists());
    assert!(!desk.0.path().join(format!("site/data/x/{b}")).exists());
    // The two above, and the one of one.txt.
    assert_eq!(report.matches("old edition").count(), 3, "{report}");
    assert!(!report.contains("oto"), "{report}");
}

#[test]
fn an_old_edition_that_holds_a_foreign_file_stays_and_is_named() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 63));
    desk.build_well("site", &["list.txt"]);
    let old = format!("site/data/x/{}", edition_name('a'));
    desk.write_in(&format!("{old}/0000.cnk"), "an old edition");
    desk.write_in(&format!("{old}/notes.txt"), "not of cek-nik");
    let output = desk.build("site", &["list.txt"]);
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{report}");
    assert!(desk.0.path().join(&old).join("0000.cnk").exists());
    assert!(desk.0.path().join(&old).join("notes.txt").exists());
    let warning = report.lines().find(|line| line.contains(&old));
    let warning = warning.expect("a warning");
    assert!(warning.starts_with("warning: "), "{warning}");
    assert!(warning.contains("notes.txt"), "{warning}");
}

#[test]
fn a_foreign_file_beside_damaged_shards_is_not_removed_with_them() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 64));
    desk.build_well("site", &["list.txt"]);
    let files = desk.files("site");
    let shard = files.keys().find(|name| name.ends_with(".cnk"));
    let shard = format!("site/{}", shard.expect("a shard"));
    let notes = shard.replace("0000.cnk", "notes.txt");
    desk.write(&notes, "not of cek-nik");
    // Beside whole shards it does no harm.
    desk.build_well("site", &["list.txt"]);
    assert!(desk.0.path().join(&notes).exists());
    desk.write(&shard, "damaged");
    let output = desk.build("site", &["list.txt"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(&notes), "{error}");
    assert!(error.contains("move it away"), "{error}");
    assert!(desk.0.path().join(&notes).exists());
    fs::remove_file(desk.0.path().join(&notes)).expect("removed");
    desk.build_well("site", &["list.txt"]);
    assert!(desk.files("site") == files);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_data_of_a_site_is_refused_before_any_key_is_made() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let at = |name: &str| desk.0.path().join(name);
    desk.write("one.txt", sample(100, 65));
    desk.write("two.txt", sample(100, 66));
    desk.build_well("site", &["one.txt"]);
    let files = desk.files("site");
    let shard = files.keys().find(|name| name.ends_with(".cnk"));
    let (edition, _) = shard.expect("a shard").rsplit_once('/').expect("a path");
    desk.write_in("disk/foto/liburan/pantai.jpg", "not of cek-nik");
    for linked in ["data", "data/x", edition] {
        let linked = format!("site/{linked}");
        for target in [at("disk/moved"), at("disk"), at("nowhere")] {
            fs::rename(at(&linked), at("disk/moved")).expect("moved");
            symlink(&target, at(&linked)).expect("linked");
            let before = desk.files("disk");
            let output = desk.build("site", &["two.txt"]);
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{linked}: {error}");
            assert!(!error.contains("Plan for"), "{error}");
            let words = format!("{linked} is a symbolic link");
            assert!(error.contains(&words), "{error}");
            assert!(error.contains("choose another site directory"), "{error}");
            assert!(desk.files("disk") == before, "{linked}");
            assert!(at(&linked).is_symlink());
            assert_eq!(desk.names(), ["disk", "one.txt", "site", "two.txt"]);
            fs::remove_file(at(&linked)).expect("removed");
            fs::rename(at("disk/moved"), at(&linked)).expect("moved");
        }
    }
    // A link that no edition can lie behind is nothing that a build touches.
    symlink(at("disk"), at("site/data/Foto")).expect("linked");
    symlink(at("disk"), at("site/data/x/notes")).expect("linked");
    desk.build_well("site", &["two.txt"]);
    assert!(at("site/data/Foto").is_symlink() && at("site/data/x/notes").is_symlink());
    assert!(at("disk/foto/liburan/pantai.jpg").exists());
}

#[test]
fn data_that_is_no_directory_is_refused_before_any_key_is_made() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 67));
    desk.build_well("site", &["list.txt"]);
    let data = desk.0.path().join("site/data");
    fs::remove_dir_all(&data).expect("removed");
    fs::write(&data, "not of cek-nik").expect("written");
    let output = desk.build("site", &["list.txt"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(!error.contains("Plan for"), "{error}");
    assert!(error.contains("site/data is not a directory"), "{error}");
}

#[test]
fn a_staging_directory_that_build_did_not_make_is_refused_by_name() {
    let all_its_names = ["datasets", "replaced", "site", "pages"];
    for (entries, named) in [
        (vec!["lock", "notes.txt"], "notes.txt"),
        (vec!["lock", "x/0000.cnk", "y/0000.cnk"], "x"),
        (vec!["lock", "pages/index.html", "z.txt"], "z.txt"),
        // A file where a build makes a directory, and the other way round.
        (vec!["lock", "datasets"], "datasets"),
        (vec!["lock", "probe/notes.txt"], "probe"),
        (vec!["lock/notes.txt"], "lock"),
        // A build makes the lock first.
        (vec!["pages/index.html"], "pages"),
        (vec!["probe"], "probe"),
    ] {
        let desk = Desk::new();
        desk.write("list.txt", sample(100, 68));
        for entry in &entries {
            desk.write_in(&format!(".site.building/{entry}"), "not of cek-nik");
        }
        let before = desk.files(".site.building");
        let output = desk.build("site", &["list.txt"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{entries:?}: {error}");
        assert!(!error.contains("Plan for"), "{error}");
        let named = format!(".site.building/{named} ");
        assert!(error.contains(&named), "{error}");
        assert!(error.contains("move it away"), "{error}");
        assert!(error.contains("choose another site directory"), "{error}");
        assert!(desk.files(".site.building") == before, "{entries:?}");
        assert_eq!(desk.names(), [".site.building", "list.txt"]);
    }
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 68));
    desk.write_in(".site.building/lock", "");
    for name in all_its_names {
        fs::create_dir(desk.0.path().join(".site.building").join(name)).expect("made");
    }
    desk.build_well("site", &["list.txt"]);
    assert_eq!(desk.names(), ["list.txt", "site"]);
}

#[test]
fn a_file_in_the_place_of_the_staging_directory_is_named() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 69));
    desk.write(".site.building", "not of cek-nik");
    let output = desk.build("site", &["list.txt"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    let words = ".site.building is not a directory";
    assert!(error.contains(words), "{error}");
    assert!(error.contains("move it away"), "{error}");
}

#[cfg(unix)]
#[test]
fn no_link_in_the_place_of_the_staging_directory_is_followed() {
    use std::os::unix::fs::symlink;
    for linked in ["", "/lock", "/datasets", "/pages", "/probe"] {
        let desk = Desk::new();
        let at = |name: &str| desk.0.path().join(name);
        desk.write("list.txt", sample(100, 70));
        desk.write_in("disk/lock", "not of cek-nik");
        desk.write_in("disk/pages/notes.txt", "not of cek-nik");
        let before = desk.files("disk");
        let link = format!(".site.building{linked}");
        if !linked.is_empty() {
            fs::create_dir(at(".site.building")).expect("made");
            if linked != "/lock" {
                desk.write(".site.building/lock", "");
            }
        }
        let target = match linked {
            "/lock" | "/probe" => "disk/lock",
            _ => "disk",
        };
        symlink(at(target), at(&link)).expect("linked");
        let output = desk.build("site", &["list.txt"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{link}: {error}");
        assert!(!error.contains("Plan for"), "{error}");
        let words = format!("{link} is a symbolic link");
        assert!(error.contains(&words), "{error}");
        assert!(desk.files("disk") == before, "{link}");
        assert!(at(&link).is_symlink());
    }
}

#[test]
fn a_probe_that_a_killed_build_left_in_an_empty_site_stops_no_build() {
    let desk = Desk::new();
    desk.write("list.txt", sample(100, 60));
    desk.write_in("site/.cek-nik.probe", "");
    desk.build_well("site", &["list.txt"]);
    assert!(!desk.0.path().join("site/.cek-nik.probe").exists());
}

#[cfg(unix)]
#[test]
fn pages_that_stay_the_same_are_not_written_again() {
    use std::os::unix::fs::MetadataExt;
    let desk = Desk::new();
    desk.write("one.txt", sample(100, 71));
    desk.write("two.txt", sample(100, 72));
    desk.build_well("site", &["one.txt"]);
    let inodes = || -> BTreeMap<String, u64> {
        let names = desk.files("site").into_keys();
        names
            .map(|name| {
                let metadata = fs::metadata(desk.0.path().join("site").join(&name));
                (name, metadata.expect("there").ino())
            })
            .collect()
    };
    let before = inodes();
    desk.write("site/embed.js", "of another version");
    // Pages with `integrity` still ask for it.
    desk.write("site/embed-0.0.1.js", "of an earlier version");
    fs::remove_file(desk.0.path().join("site/.nojekyll")).expect("removed");
    desk.build_well("site", &["two.txt"]);
    let after = inodes();
    for (name, inode) in before {
        let stays =
            !["catalogue.json", "editions.atom", "embed.js", ".nojekyll"].contains(&name.as_str());
        if name.ends_with(".cnk") {
            assert!(!after.contains_key(&name), "{name}");
        } else {
            assert!(after.contains_key(&name), "{name}");
            let is_new = after[&name] != inode;
            // A file system may give the number of a removed file to a new one.
            assert!(is_new != stays || name == ".nojekyll", "{name}");
        }
    }
    let embed = fs::read(desk.0.path().join("site/embed.js")).expect("readable");
    assert_ne!(embed, b"of another version");
    assert_eq!(
        desk.files("site")["embed-0.0.1.js"],
        b"of an earlier version"
    );
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

/// Every file of the site again, after something that must not change it.
fn unchanged(desk: &Desk, before: &BTreeMap<String, Vec<u8>>) -> bool {
    desk.files("site") == *before
}

#[test]
fn a_data_set_may_be_called_like_anything_in_the_stage() {
    for id in ["page", "lock", "site", "datasets", "replaced", "a-before"] {
        let desk = Desk::new();
        desk.write("list.txt", sample(50, 13));
        for _ in 0..2 {
            let output = desk.run(&[
                "build", "--out", "s", "--kdf", "sha256", "--id", id, "list.txt",
            ]);
            assert!(
                output.status.success(),
                "{id}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        assert_eq!(desk.names(), ["list.txt", "s"]);
    }
}

#[test]
fn the_same_list_again_leaves_the_edition_in_place() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 14));
    desk.build_well("site", &["list.txt"]);
    let shard = desk
        .files("site")
        .keys()
        .find(|name| name.ends_with(".cnk"))
        .cloned();
    let path = desk.0.path().join("site").join(shard.expect("a shard"));
    let written = || {
        fs::metadata(&path)
            .and_then(|m| m.modified())
            .expect("a time")
    };
    let before = written();
    desk.build_well("site", &["list.txt"]);
    assert_eq!(written(), before);
    // Damaged since: put right.
    fs::write(&path, "damaged").expect("written");
    desk.build_well("site", &["list.txt"]);
    assert_ne!(fs::read(&path).expect("readable"), b"damaged");
}

#[test]
fn a_site_of_a_newer_version_is_not_overwritten() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 15));
    desk.build_well("site", &["list.txt"]);
    let path = desk.0.path().join("site/catalogue.json");
    let text = fs::read_to_string(&path).expect("readable");
    fs::write(&path, text.replace("\"version\": 1", "\"version\": 2")).expect("written");
    let before = desk.files("site");
    let output = desk.build("site", &["list.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(unchanged(&desk, &before));
}

#[test]
fn a_row_that_swallows_another_stops_the_build() {
    let desk = Desk::new();
    let rows: String = sample(1_000, 16)
        .lines()
        .map(|nik| format!("{nik},\"Budi\n"))
        .collect();
    desk.write("list.csv", format!("NIK,nama\n{rows}"));
    let output = desk.build("site", &["list.csv"]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    desk.build_well("site", &["list.csv", "--no-quotes"]);
}

#[test]
fn blank_lines_are_counted_and_do_not_shift_line_numbers() {
    let desk = Desk::new();
    desk.write("list.csv", "NIK,nama\n\n\n3201014107909001,a\n\n3201014107909002,\"b\nc\"\nx,y\n3201014107909003,d\n3201014107909004,d");
    let output = desk.build("site", &["list.csv"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("3: empty rows (first lines 2, 3, 5)"),
        "{message}"
    );
    assert!(
        message.contains("1: other characters than digits (line 8)"),
        "{message}"
    );
    assert!(
        message.contains("1 row runs over several lines (the first at line 6)"),
        "{message}"
    );
}

#[test]
fn each_list_must_hold_niks_by_itself() {
    let desk = Desk::new();
    desk.write("good.txt", sample(1_000, 17));
    desk.write("wrong.txt", "a1\nb2\nc3\n");
    let output = desk.build("site", &["good.txt", "wrong.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("wrong.txt: more than half"), "{message}");
}

#[test]
fn what_is_wrong_is_said_before_any_key_is_made() {
    let desk = Desk::new();
    // At this cost, a key takes seconds: a test that made one would hardly end.
    let dear = ["build", "--out", "site", "--argon2", "m=65536,t=8,p=1"];
    desk.write("list.txt", sample(500, 18));
    desk.write("wrong.txt", "a1\nb2\nc3\n3201014107909001\n");
    desk.write("crowd.txt", sample(150_000, 18));
    for wrong in [
        &["list.txt", "missing.txt"][..],
        &["list.txt", "--fpr", "2"],
        &["list.txt", "--certainty", "1"],
        &["wrong.txt"],
        &["list.txt", "--prefix-bits", "12"],
        &["crowd.txt", "--prefix-bits", "13"],
    ] {
        let output = desk.run(&[&dear[..], wrong].concat());
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(desk.names(), ["crowd.txt", "list.txt", "wrong.txt"]);
    }
}

/// Fails a test in which keys are stretched.
struct NoStretching;

impl Progress for NoStretching {
    fn on(&self, event: Event) {
        let step = Step::Stretching;
        assert!(!matches!(event, Event::Begin { step: begun, .. } if begun == step));
    }
}

#[test]
fn what_is_wrong_with_the_last_data_set_is_said_before_a_key_of_the_first() {
    use cek_nik_publisher::config::Description;
    use cek_nik_publisher::job::Job;
    use cek_nik_publisher::pipeline;
    let desk = Desk::new();
    desk.write("good.txt", sample(6_000, 50));
    desk.write("other.txt", sample(6_000, 51));
    desk.write("wrong.txt", "a1\nb2\nc3\n3201014107909001\n");
    desk.write("none.txt", "a1\nb2\nc3\n");
    let rounded = |nik: &str| format!("{}0000\n", &nik[..12]);
    let rows: String = sample(100, 52).lines().map(rounded).collect();
    desk.write("rounded.txt", rows);
    desk.write("crowd.txt", sample(150_000, 53));
    let small = "max_whole = \"8KiB\"\nmax_shard = \"32B\"\n";
    for (list, common_args, words) in [
        ("wrong.txt", "", "more than half of the rows are no NIKs"),
        ("none.txt", "", "the list holds no NIK"),
        ("rounded.txt", "", "end in 0000"),
        ("other.txt", "prefix_bits = 10\n", "may be empty"),
        ("crowd.txt", small, "share a prefix"),
        ("other.txt", "", "the list of 12,000 people"),
    ] {
        let description = format!(
            "argon2 = \"m=8,t=1,p=1\"\n[[dataset]]\nid = \"one\"\ninputs = [\"good.txt\"]\n\
             [[dataset]]\nid = \"two\"\ninputs = [\"{list}\"]\n{common_args}"
        );
        desk.write("catalogue.toml", description);
        let at = |name| desk.0.path().join(name);
        let description = Description::read(&at("catalogue.toml")).expect("valid");
        let job = Job {
            today: "2026-05-21".parse().unwrap(),
            progress: &NoStretching,
            stop: &false.into(),
            threads: 2,
            memory: 64 << 20,
        };
        let refused = pipeline::run(&description, &at("site"), &job);
        let error = format!(
            "{:#}",
            anyhow::Error::from(refused.map(|_| ()).expect_err("refused"))
        );
        assert!(error.contains("data set \"two\""), "{error}");
        assert!(error.contains(words), "{list}: {error}");
        assert!(!at("site").exists() && !at(".site.keys").exists());
    }
}

#[cfg(unix)]
#[test]
fn a_list_that_can_be_read_only_once_loses_no_row() {
    let desk = Desk::new();
    let list = sample(100_000, 19);
    desk.write("list.txt", &list);
    let pipe = desk.0.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, list)
    });
    desk.build_well("piped", &["pipe"]);
    writer.join().expect("no panic").expect("all was read");
    desk.build_well("plain", &["list.txt"]);
    assert!(desk.files("piped/data") == desk.files("plain/data"));
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_to_where_the_site_is() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let at = |name: &str| desk.0.path().join(name);
    desk.write("list.txt", sample(50, 54));
    fs::create_dir_all(at("elsewhere/real")).expect("made");
    symlink("elsewhere/real", at("link")).expect("linked");
    // First into an empty directory, then into a site.
    for _ in 0..2 {
        desk.build_well("link", &["list.txt"]);
        assert!(at("link").is_symlink());
        assert!(at("elsewhere/real/catalogue.json").exists());
        assert_eq!(desk.names(), ["elsewhere", "link", "list.txt"]);
    }
    symlink("nowhere", at("lost")).expect("linked");
    let output = desk.build("lost", &["list.txt"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("lost is a symbolic link to nothing"),
        "{message}"
    );
    assert!(!message.contains("Plan for"), "{message}");
    assert!(at("lost").is_symlink());
}

#[test]
fn a_refused_row_is_named_by_the_list_of_its_own_data_set() {
    let desk = Desk::new();
    desk.write("good.txt", sample(100, 20));
    desk.write("wrong.txt", "x1\ny2\nz3\n");
    desk.write(
        "catalogue.toml",
        "kdf = \"sha256\"\n[[dataset]]\nid = \"a\"\ninputs = [\"good.txt\"]\n\
         [[dataset]]\nid = \"b\"\ninputs = [\"wrong.txt\", \"good.txt\"]\n",
    );
    let output = desk.run(&["build", "--out", "site", "catalogue.toml"]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("wrong.txt:2"), "{message}");
    assert!(!message.contains("good.txt:2"), "{message}");
}

/// The prefix bits and the false-positive rate of a site.
fn chosen(desk: &Desk, site: &str) -> (u64, f64) {
    let path = desk.0.path().join(site).join("catalogue.json");
    let text = fs::read(path).expect("readable");
    let catalogue: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let dataset = &catalogue["datasets"][0];
    (
        dataset["prefix_bits"].as_u64().expect("a number"),
        dataset["false_positive_rate"].as_f64().expect("a number"),
    )
}

#[test]
fn build_chooses_what_plan_says() {
    let desk = Desk::new();
    desk.write("list.txt", sample(40_000, 21));
    // The whole list takes 137 KiB, and at a certainty of 90 % 113 KiB.
    for (common_args, expected) in [
        (&[][..], 0),
        (&["--max-whole", "130KiB", "--max-shard", "20KiB"], 3),
        (&["--max-whole", "140KiB", "--max-shard", "20KiB"], 0),
        (&["--certainty", "0.9", "--max-whole", "100KiB"], 1),
        (&["--certainty", "0.9", "--max-whole", "120KiB"], 0),
    ] {
        let plan = [
            "plan",
            "--list",
            "list.txt",
            "--json",
            "--core-speed",
            "1,1",
        ];
        let output = desk.run(&[&plan[..], common_args].concat());
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        desk.build_well("site", &[&["list.txt"], common_args].concat());
        let (bits, rate) = chosen(&desk, "site");
        assert_eq!(bits, expected, "{common_args:?}");
        assert_eq!(plan["chosen"]["prefix_bits"], bits, "{common_args:?}");
        assert_eq!(plan["chosen"]["fpr"], rate, "{common_args:?}");
        let shard = desk.files("site/data").into_values().next();
        let length = shard.expect("a shard").len() as u64;
        let planned = plan["chosen"]["shard_bytes"].as_u64().expect("a number");
        assert!(
            length <= planned && length * 10 > planned * 9,
            "{length} of {planned}"
        );
    }
}

#[test]
fn harm_is_refused_unless_it_is_accepted_by_name() {
    let desk = Desk::new();
    desk.write("list.txt", sample(20_000, 22));
    // Enough for no shard to be empty.
    desk.write("long.txt", sample(150_000, 22));
    let sha256 = ["--kdf", "sha256"];
    // Few false alarms, so that most of what is read out is true.
    let argon2 = ["--argon2", "m=8,t=1,p=1", "--fpr", "1e-6"];
    let narrow = [
        "--kdf",
        "sha256",
        "--prefix-bits",
        "13",
        "--accept-enumeration",
    ];
    for (list, options, flag) in [
        ("list.txt", &sha256[..], "--accept-enumeration"),
        ("list.txt", &argon2, "--accept-enumeration"),
        ("long.txt", &narrow, "--accept-small-crowd"),
    ] {
        let build = [&["build", "--out", "site", list], options].concat();
        let output = desk.run(&build);
        assert_eq!(output.status.code(), Some(2));
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(flag), "{message}");
        assert_eq!(desk.names(), ["list.txt", "long.txt"]);
        let output = desk.run(&[&build[..], &[flag]].concat());
        assert!(output.status.success());
        for made in ["site", ".site.lists"] {
            let made = desk.0.path().join(made);
            if made.exists() {
                fs::remove_dir_all(made).expect("removed");
            }
        }
    }
}

#[test]
fn what_needs_no_count_is_refused_before_a_key_is_made() {
    let desk = Desk::new();
    let output = desk.run(&["build", "--out", "site", "--prefix-bits", "13", "-"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    // Of an empty list it would otherwise say that.
    assert!(message.contains("--accept-small-crowd"), "{message}");
}

#[test]
fn a_plan_that_cannot_write_its_temporary_files_names_their_directory() {
    let desk = Desk::new();
    // Enough for a full block on each of the threads.
    desk.write("list.txt", sample(1_000_000, 24));
    let plan = [
        "plan",
        "--list",
        "list.txt",
        "--memory",
        "0",
        "--core-speed",
        "1,1",
    ];
    let output = desk
        .command(&plan)
        .env("TMPDIR", "no-such-directory")
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    let expected = "cannot write temporary files in no-such-directory: No such file or directory";
    assert!(message.contains(expected), "{message}");
    assert!(
        message.contains("TMPDIR") && message.contains("--memory"),
        "{message}"
    );
}

#[test]
fn a_report_tells_no_number_that_a_file_is_called_by() {
    let desk = Desk::new();
    let names = ["3201014107909001.csv", "3201014107909002.csv"];
    for (name, seed) in names.iter().zip([41, 42]) {
        desk.write(name, format!("{}rubbish\n", sample(10, seed)));
    }
    let report = desk.build("site", &[names[0], names[1], "--accept-lost-rows"]);
    assert!(report.status.success());
    let message = String::from_utf8_lossy(&report.stderr);
    assert!(message.contains("################.csv:11"), "{message}");
    assert!(!message.contains("3201014107909"), "{message}");
}

#[test]
fn a_site_has_as_many_data_sets_as_clients_read() {
    let desk = Desk::new();
    desk.write("list.txt", sample(1, 32));
    for (datasets, status) in [(257, 2), (256, 0)] {
        let dataset = |id| format!("[[dataset]]\nid = \"a{id}\"\ninputs = [\"list.txt\"]\n");
        let datasets: String = (0..datasets).map(dataset).collect();
        desk.write("catalogue.toml", format!("kdf = \"sha256\"\n{datasets}"));
        let build = [
            "build",
            "--accept-enumeration",
            "--out",
            "site",
            "catalogue.toml",
        ];
        let output = desk.run(&build);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{message}");
        assert_eq!(
            message.contains("256 data sets, and this one would have 257"),
            status == 2
        );
    }
    let nik = sample(1, 32);
    let report = feed(
        &mut desk.command(&["check", "--site", "site", "--stdin", "--json"]),
        &nik,
    );
    assert_eq!(
        String::from_utf8_lossy(&report.stdout)
            .matches("\"member\"")
            .count(),
        256
    );
}

#[test]
fn two_lists_of_a_catalogue_are_read_out_as_easily_as_one() {
    let desk = Desk::new();
    for (list, seed) in [("a.txt", 31), ("b.txt", 32)] {
        desk.write(list, sample(6_000, seed));
    }
    desk.write(
        "catalogue.toml",
        "kdf = \"sha256\"\n[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\n\
         [[dataset]]\nid = \"b\"\ninputs = [\"b.txt\"]\n",
    );
    let output = desk.run(&["build", "--out", "site", "catalogue.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("the list of 12,000 people"), "{message}");
    desk.write(
        "alone.toml",
        "kdf = \"sha256\"\n[[dataset]]\nid = \"a\"\ninputs = [\"a.txt\"]\n",
    );
    let output = desk.run(&["build", "--out", "site", "alone.toml"]);
    assert!(output.status.success());
}

#[test]
fn an_empty_shard_is_refused_whatever_is_accepted() {
    let desk = Desk::new();
    desk.write("list.txt", sample(60, 23));
    let all = ["list.txt", "--prefix-bits", "6", "--accept-small-crowd"];
    let output = desk.build("site", &all);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("may be empty"), "{message}");
    assert_eq!(desk.names(), ["list.txt"]);
}

/// Whether every shard gets one of the NIKs.
fn fills_all_shards(list: &str, salt: Salt, bits: PrefixBits) -> bool {
    let mut deriver = KeyDeriver::new(salt, Kdf::Sha256).expect("no memory is needed");
    let mut prefix = |nik: &str| {
        let nik = Nik::parse(nik).expect("a NIK");
        let key = deriver.derive(&Identifier::of_nik(&nik)).expect("a key");
        bits.prefix_of(key.head()).value()
    };
    let prefixes: BTreeSet<u32> = list.lines().map(&mut prefix).collect();
    prefixes.len() == bits.shards() as usize
}

#[test]
fn an_empty_shard_that_a_plan_has_not_foreseen_is_refused() {
    let desk = Desk::new();
    let list = sample(600, 28);
    desk.write("list.txt", &list);
    // One salt in two hundred leaves one of the 64 shards empty.
    let bits = PrefixBits::new(6).expect("few enough");
    let salt = (0_u128..)
        .map(|number| Salt(number.to_be_bytes()))
        .find(|salt| !fills_all_shards(&list, *salt, bits))
        .expect("found");
    let build = |salt: Salt| {
        let hex = salt.to_hex();
        let fixed = ["build", "--out", "site", "--kdf", "sha256", "--salt", &hex];
        desk.run(&[&fixed[..], &["--prefix-bits", "6", "list.txt"]].concat())
    };
    let output = build(salt);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("Plan for \"list\""), "{message}");
    assert!(message.contains("may be empty"), "{message}");
    assert_eq!(desk.names(), ["list.txt"]);
    assert!(build(Salt([0; 16])).status.success());
}

#[test]
fn a_site_gets_no_other_salt_unknowingly() {
    const ANOTHER_SALT: &str = "ffeeddccbbaa99887766554433221100";
    let desk = Desk::new();
    desk.write("list.txt", sample(20_000, 57));
    let build = |more: &[&str]| {
        let fixed = ["build", "--out", "site", "--kdf", "sha256", "list.txt"];
        desk.run(&[&fixed[..], &["--accept-enumeration"], more].concat())
    };
    let sharded = ["--prefix-bits", "10"];
    assert!(
        build(&[&sharded[..], &["--salt", SALT]].concat())
            .status
            .success()
    );
    let before = desk.files("site");
    let another = ["--salt", ANOTHER_SALT];
    let refused = build(&another);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr);
    for words in [
        "two prefixes of 10 bits narrow 281,557 people in the country down to 275",
        "Leave the salt out",
        "--accept-new-salt",
    ] {
        assert!(message.contains(words), "{message}");
    }
    assert!(unchanged(&desk, &before));
    assert!(build(&sharded).status.success());
    assert!(unchanged(&desk, &before));
    let accepted = [&another[..], &["--accept-new-salt"]].concat();
    assert!(build(&accepted).status.success());
    // By now it is one whole list, for which nobody sends anything.
    assert!(build(&["--salt", SALT]).status.success());
}

/// Rewrites a list as soon as it is planned how to build it, which is when it has been read once.
struct Meddler<'a>(&'a Path, &'a str);

impl Progress for Meddler<'_> {
    fn on(&self, event: Event) {
        if matches!(event, Event::Planned { .. }) {
            fs::write(self.0, self.1).expect("written");
        }
    }
}

#[test]
fn a_list_that_changes_between_the_two_readings_is_refused() {
    use cek_nik_publisher::config::Description;
    use cek_nik_publisher::job::Job;
    use cek_nik_publisher::pipeline;
    let desk = Desk::new();
    let at = |name| desk.0.path().join(name);
    let (first, other) = (sample(200, 25), sample(200, 26));
    desk.write(
        "catalogue.toml",
        "argon2 = \"m=8,t=1,p=1\"\n[[dataset]]\nid = \"x\"\ninputs = [\"same.txt\", \"list.txt\"]\n",
    );
    let description = Description::read(&at("catalogue.toml")).expect("valid");
    let publish = |progress: &dyn cek_nik_publisher::job::Progress| {
        desk.write("same.txt", sample(100, 27));
        desk.write("list.txt", &first);
        // Clocks of file systems may not tell two moments that are milliseconds apart.
        let list = fs::File::options().write(true).open(at("list.txt"));
        let aged = list.and_then(|list| list.set_modified(std::time::UNIX_EPOCH));
        aged.expect("a time");
        let job = Job {
            today: "2026-05-21".parse().unwrap(),
            progress,
            stop: &false.into(),
            threads: 2,
            memory: 64 << 20,
        };
        pipeline::run(&description, &at("site"), &job).map(|_| ())
    };
    // The last one has the same bytes, but whoever has written them may not be done.
    for becomes in [&other, &first[..17 * 199], "gone", &first] {
        let refused = publish(&Meddler(&at("list.txt"), becomes));
        let error = format!("{:#}", anyhow::Error::from(refused.expect_err("refused")));
        let named = error.contains("list.txt") && !error.contains("same.txt");
        assert!(named, "{error}");
        assert!(!at("site").exists());
        assert!(!at(".site.keys").exists(), "no key of other rows is kept");
    }
    publish(&cek_nik_publisher::job::Silent).expect("nobody meddles");
    assert!(at("site").exists());
}

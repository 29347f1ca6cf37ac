//! Builds that are stopped, killed, cut off or run out of room: they continue where they were, or
//! say why not, and never publish half of anything. By the real command line, with real signals and
//! real disks that are full.

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

#[cfg(target_os = "linux")]
use crate::desk::with_a_small_disk;
use crate::desk::{Desk, Files, ill, message, sample, well};
use cek_nik_publisher::checkpoint::chunk::Chunk;
use cek_nik_publisher::checkpoint::fingerprint::Head;
use cek_nik_publisher::key_file::fit::TestKey;
use cek_nik_publisher::key_file::header::MAGIC;
use cek_nik_publisher::key_file::reader::KeyFile;
use cek_nik_publisher::key_file::trailer::ListId;
use sha2::{Digest, Sha256};

/// Cheap enough for a test, dear enough that a chunk of 128 rows takes a tenth of a second of a
/// core.
const BUILD: [&str; 7] = [
    "build",
    "--out",
    "site",
    "--id",
    "x",
    "--argon2",
    "m=2048,t=1,p=1",
];
const SALT: &str = "00112233445566778899aabbccddeeff";
const ANOTHER_SALT: &str = "ffeeddccbbaa99887766554433221100";
const ROWS_OF_A_CHUNK: u64 = 128;

impl Desk {
    fn keys(&self) -> PathBuf {
        self.0.path().join(".site.keys/x.keys")
    }

    /// How many chunks are kept, and of how many rows.
    fn kept(&self) -> (usize, u64) {
        let Ok(file) = File::open(self.keys()) else {
            return (0, 0);
        };
        let (numbers, rows) = head(&file).slots.find_all(&file).expect("readable");
        (numbers.len(), rows)
    }

    fn build_stretched(&self, more: &[&str]) -> Output {
        self.run(&[&BUILD[..], more].concat())
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command line runs")
    }

    /// Starts a build, and ends it by a signal once it has kept so many chunks more than there are.
    fn stop(&self, arguments: &[&str], signal: &str, more: usize) -> Output {
        let before = self.files_if_any(".site.keys");
        let (there, _) = self.kept();
        loop {
            let mut child = self.start(arguments);
            if until(&mut child, || self.kept().0 >= there + more) {
                send(signal, &child);
                return child.wait_with_output().expect("it ends");
            }
            // It was ready before the signal came: as it was, and once more.
            fs::remove_dir_all(self.0.path().join("site")).expect("removed");
            self.put(&before);
        }
    }

    fn put(&self, keys: &Files) {
        fs::create_dir_all(self.0.path().join(".site.keys")).expect("made");
        for (name, content) in keys {
            self.write(&format!(".site.keys/{name}"), content);
        }
    }

    /// The salt of a site.
    fn salt(&self) -> String {
        let text = fs::read(self.0.path().join("site/catalogue.json")).expect("readable");
        let catalogue: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        catalogue["salt"].as_str().expect("a salt").to_owned()
    }

    /// What a build that nobody stops makes of the same lists and salt.
    fn uninterrupted(&self, salt: &str, lists: &[&str]) -> Files {
        let fixed = ["build", "--out", "whole", "--id", "x", "--salt", salt];
        let cost = ["--argon2", "m=2048,t=1,p=1"];
        well(&self.run(&[&fixed[..], &cost, lists].concat()));
        let files = self.files("whole");
        fs::remove_dir_all(self.0.path().join("whole")).expect("removed");
        files
    }
}

/// The head of a checkpoint.
fn head(file: &File) -> Head {
    Head::read("x", file).expect("readable").expect("a head")
}

/// Waits until something is so; `false` when the process ends before.
fn until(child: &mut Child, mut is_so: impl FnMut() -> bool) -> bool {
    while !is_so() {
        if child.try_wait().expect("a child").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

fn send(signal: &str, child: &Child) {
    let process = child.id().to_string();
    let sent = Command::new("kill").args([signal, &process]).status();
    assert!(sent.expect("kill").success());
}

/// 1234 as `1,234`.
fn grouped(number: u64) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

#[test]
fn a_build_that_is_killed_and_then_stopped_continues_each_time() {
    let desk = Desk::new();
    desk.write("list.txt", sample(2_000, 31));
    let build = [&BUILD[..], &["list.txt"]].concat();

    desk.stop(&build, "-KILL", 3);
    assert_eq!(desk.names(), [".site.building", ".site.keys", "list.txt"]);
    let (_, killed_at) = desk.kept();

    let output = desk.stop(&build, "-INT", 3);
    let (_, stopped_at) = desk.kept();
    assert!(stopped_at >= killed_at + 3 * ROWS_OF_A_CHUNK);
    let continuing = format!(
        "Continuing: {} of 2,000 keys were already derived",
        grouped(killed_at)
    );
    assert!(message(&output).contains(&continuing), "{output:?}");
    let error = ill(&output);
    let kept = format!(
        "stopped: nothing was changed in the site. The keys of {} of 2,000 rows are kept in",
        grouped(stopped_at)
    );
    assert!(error.contains(&kept), "{error}");
    assert!(error.contains("the same command continues"), "{error}");
    assert_eq!(desk.names(), [".site.keys", "list.txt"]);

    let report = well(&desk.run(&build));
    let there = format!(
        "the keys of {} rows were there, those of {} were made now",
        grouped(stopped_at),
        grouped(2_000 - stopped_at)
    );
    assert!(report.contains(&there), "{report}");
    assert_eq!(desk.names(), [".site.lists", "list.txt", "site"]);
    let expected = desk.uninterrupted(&desk.salt(), &["list.txt"]);
    assert!(desk.files("site") == expected);
}

#[test]
fn a_stopped_build_of_new_rows_beside_key_files_continues() {
    let desk = Desk::new();
    desk.write("old.txt", sample(300, 34));
    desk.write("new.txt", sample(1_500, 35));
    let cost = ["--argon2", "m=2048,t=1,p=1"];
    let made = ["keys", "old.txt", "--salt", SALT, "--out", "old.cnkkeys"];
    well(&desk.run(&[&made[..], &cost].concat()));
    let build = [&BUILD[..], &["new.txt", "--keys", "old.cnkkeys"]].concat();
    desk.stop(&build, "-KILL", 3);
    let (_, there) = desk.kept();
    let report = well(&desk.run(&build));
    let continuing = format!("the keys of {} rows were there", grouped(there));
    assert!(report.contains(&continuing), "{report}");
    assert!(desk.files("site") == desk.uninterrupted(SALT, &["old.txt", "new.txt"]));
}

#[test]
fn stopped_keys_leave_nothing_behind() {
    let desk = Desk::new();
    desk.write("list.txt", sample(3_000, 36));
    let arguments = [
        "keys",
        "list.txt",
        "--salt",
        SALT,
        "--out",
        "a.cnkkeys",
        "--argon2",
        "m=65536,t=4,p=1",
    ];
    let mut child = desk.start(&arguments);
    let mut words = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("repeated") {
        assert!(words.read_line(&mut line).expect("readable") > 0, "{line}");
    }
    send("-INT", &child);
    words.read_to_string(&mut line).expect("readable");
    assert_eq!(child.wait().expect("ends").code(), Some(2));
    assert!(line.contains("stopped: no key file was written"), "{line}");
    assert_eq!(desk.names(), ["list.txt"]);
}

#[test]
fn of_several_data_sets_each_continues() {
    let desk = Desk::new();
    let cost = "argon2 = \"m=2048,t=1,p=1\"\n";
    desk.write("first.txt", sample(150, 32));
    desk.write("second.txt", sample(1_500, 33));
    desk.write(
        "catalogue.toml",
        format!(
            "{cost}[[dataset]]\nid = \"w\"\ninputs = [\"first.txt\"]\n[[dataset]]\nid = \"x\"\ninputs = [\"second.txt\", \"first.txt\"]\n"
        ),
    );
    let build = ["build", "--out", "site", "catalogue.toml"];
    desk.stop(&build, "-KILL", 4);
    let (_, there) = desk.kept();
    let report = well(&desk.run(&build));
    for continuing in [
        "Continuing: 150 of 150 keys were already derived".to_owned(),
        format!(
            "Continuing: {} of 1,650 keys were already derived",
            grouped(there)
        ),
        "the keys of 150 rows were there, those of 0 were made now".to_owned(),
    ] {
        assert!(report.contains(&continuing), "{report}");
    }
    desk.write(
        "catalogue.toml",
        format!(
            "salt = \"{}\"\n{}",
            desk.salt(),
            fs::read_to_string(desk.0.path().join("catalogue.toml")).expect("readable")
        ),
    );
    let whole = ["build", "--out", "whole"];
    well(&desk.run(&[&whole[..], &["catalogue.toml"]].concat()));
    assert!(desk.files("site") == desk.files("whole"));
}

#[test]
fn a_build_that_is_stopped_before_its_first_key_leaves_nothing() {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 34));
    // A chunk of these takes longer than a signal.
    let dear = ["--id", "x", "--argon2", "m=65536,t=2,p=1", "list.txt"];
    let mut child = desk.start(&[&["build", "--out", "site"][..], &dear].concat());
    assert!(until(&mut child, || desk.keys().exists()));
    send("-INT", &child);
    let error = ill(&child.wait_with_output().expect("it ends"));
    assert!(!error.contains("kept"), "{error}");
    assert_eq!(desk.names(), ["list.txt"]);
}

/// A build that has made all keys, and has then found no room for the pages.
struct AllKeys {
    list: String,
    keys: Vec<u8>,
    /// The site that it would have become.
    site: Files,
}

/// With 64 KiB as the longest file that may be written: longer than keys and shards of a few rows,
/// shorter than the widget.
fn without_room_for_pages(desk: &Desk, arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 128; exec \"$@\"";
    command
        .args(["-c", script, "sh"])
        .arg(env!("CARGO_BIN_EXE_cek-nik"))
        .args(arguments)
        .current_dir(&desk.0)
        .output()
        .expect("sh")
}

fn all_keys() -> &'static AllKeys {
    static ALL: OnceLock<AllKeys> = OnceLock::new();
    ALL.get_or_init(|| {
        let desk = Desk::new();
        let list = sample(300, 35);
        desk.write("list.txt", &list);
        let build = [&BUILD[..], &["list.txt"]].concat();
        let build = [&build[..], &["--salt", SALT]].concat();
        ill(&without_room_for_pages(&desk, &build));
        assert_eq!(desk.kept(), (3, 300));
        let keys = fs::read(desk.keys()).expect("readable");
        well(&desk.run(&build));
        AllKeys {
            list,
            keys,
            site: desk.files("site"),
        }
    })
}

impl AllKeys {
    /// A desk as that build has left it.
    fn desk(&self) -> Desk {
        let desk = Desk::new();
        desk.write("list.txt", &self.list);
        self.put(&desk, &self.keys);
        desk
    }

    fn put(&self, desk: &Desk, keys: &[u8]) {
        desk.put(&Files::from([("x.keys".to_owned(), keys.to_vec())]));
    }

    fn head(&self) -> Head {
        head(&File::open(self.desk().keys()).expect("readable"))
    }

    /// Where each slot begins, and where the last one ends.
    fn bounds(&self) -> Vec<usize> {
        let slots = self.head().slots;
        let bounds: Vec<usize> = (0..=3)
            .map(|number| slots.offset(number) as usize)
            .collect();
        assert_eq!(bounds.last(), Some(&self.keys.len()));
        bounds
    }
}

#[test]
fn what_is_left_of_damaged_keys_gives_the_same_site_or_none() {
    let all = all_keys();
    let (keys, header, bounds) = (&all.keys, all.head().slots.start as usize, all.bounds());
    let mut cases: Vec<(String, Vec<u8>)> = Vec::new();
    let inside = [0, 1, header / 2, header - 66, header - 65, header - 1];
    let around = bounds
        .iter()
        .flat_map(|&bound| [bound, bound + 1, bound - 1]);
    // The last chunk has 44 rows, at the end of its slot.
    let last = keys.len() - (64 + 44 * 20 + 80);
    let deep = [8, 30, 63, 64, 70, 100].map(|within| last + within);
    let trailer = [33, 79, 80, 81].map(|missing| keys.len() - missing);
    for length in inside.into_iter().chain(around).chain(deep).chain(trailer) {
        if let Some(cut) = keys.get(..length) {
            cases.push((format!("{length} bytes"), cut.to_vec()));
        }
    }
    // In the chunk: magic, version, cost, batch, no parts, salt, test key, a key; then the number
    // of keys, that of rows, lost people, list id, checksum.
    let fields = [0, 8, 12, 24, 28, 40, 60, 70].map(|field| last + field);
    let of_trailer = [80, 79, 72, 64, 48, 32, 1].map(|field| keys.len() - field);
    let fields = fields.into_iter().chain(of_trailer);
    for place in [0, header / 2, header - 10].into_iter().chain(fields) {
        let mut changed = keys.clone();
        changed[place] ^= 1;
        cases.push((format!("byte {place}"), changed));
    }
    let first = &keys[bounds[0]..bounds[1]];
    let missing = [&keys[..header], &keys[bounds[1]..]].concat();
    let zeros = [&keys[..last], &vec![0; keys.len() - last]].concat();
    cases.push(("the first chunk missing".to_owned(), missing));
    cases.push(("a chunk twice".to_owned(), [keys, first].concat()));
    cases.push(("zeros at the end".to_owned(), zeros));

    let (mut same, mut refused) = (0, 0);
    let desk = all.desk();
    for (case, changed) in cases {
        all.put(&desk, &changed);
        let output = desk.build_stretched(&["list.txt", "--salt", SALT]);
        if output.status.success() {
            assert!(desk.files("site") == all.site, "{case}");
            assert_eq!(desk.names(), [".site.lists", "list.txt", "site"], "{case}");
            for made in ["site", ".site.lists"] {
                fs::remove_dir_all(desk.0.path().join(made)).expect("removed");
            }
            same += 1;
        } else {
            let error = ill(&output);
            assert!(error.contains("the file is damaged"), "{case}: {error}");
            assert!(error.contains("x.keys holds keys"), "{case}: {error}");
            assert!(error.contains("Delete this file"), "{case}: {error}");
            assert_eq!(desk.names(), [".site.keys", "list.txt"], "{case}");
            assert!(
                fs::read(desk.keys()).expect("readable") == changed,
                "{case}"
            );
            refused += 1;
        }
    }
    assert!(same > 15 && refused > 5, "{same}, {refused}");
}

#[test]
fn keys_that_do_not_fit_are_refused_and_stay() {
    let all = all_keys();
    let mut changed = all.list.clone();
    // In the second chunk, a serial that cannot be anybody's either.
    let row = 200 * 17;
    changed.replace_range(row + 12..row + 16, "9999");
    assert_ne!(changed, all.list);
    let shorter = format!("{}\n{}", "x".repeat(44 * 17 - 1), &all.list[..256 * 17]);
    let desk = all.desk();
    desk.write("changed.txt", &changed);
    desk.write("other.txt", sample(300, 36));
    desk.write("longer.txt", format!("{}{}", all.list, sample(1, 37)));
    desk.write("shorter.txt", shorter);
    let names = desk.names();
    let standard = ["--id", "x", "--argon2", "m=2048,t=1,p=1"];
    let with = |more: &[&'static str]| [&standard[..], more].concat();
    let cases = [
        (with(&["list.txt", "--salt", ANOTHER_SALT]), "salt mismatch"),
        (
            vec!["--id", "x", "--argon2", "m=2048,t=2,p=1", "list.txt"],
            "the key derivation: argon2id m=2048,t=1,p=1 then, argon2id m=2048,t=2,p=1 now",
        ),
        (
            vec!["--id", "x", "--kdf", "sha256", "list.txt"],
            "argon2id m=2048,t=1,p=1 then, sha256 now",
        ),
        (
            vec!["--id", "y", "--kdf", "sha256", "list.txt"],
            "they belong to the data set \"x\", which is not described now",
        ),
        (
            with(&["list.txt", "list.txt"]),
            "number of lists: 1 then, 2 now",
        ),
        (
            with(&["longer.txt"]),
            "list 1 had 5,100 bytes then, and has 5,117 now",
        ),
        (
            with(&["changed.txt"]),
            "the rows of changed.txt from line 129 on are different",
        ),
        (with(&["other.txt"]), "the rows of other.txt from line "),
        (
            with(&["shorter.txt"]),
            "the list has changed, or another column is read",
        ),
        (with(&["-"]), "a list comes from standard input or a pipe"),
    ];
    for (arguments, difference) in cases {
        let output = desk.run(&[&["build", "--out", "site"][..], &arguments].concat());
        let error = ill(&output);
        assert!(error.contains(difference), "{error}");
        assert!(error.contains("--start-over"), "{error}");
        assert!(!message(&output).contains("warning: most"), "{output:?}");
        assert!(fs::read(desk.keys()).expect("readable") == all.keys);
        assert_eq!(desk.names(), names);
    }
    // The list under another name is the same list.
    desk.write("moved.txt", &all.list);
    well(&desk.build_stretched(&["moved.txt"]));
    assert!(desk.files("site") == all.site);
}

#[test]
fn keys_of_another_salt_than_that_of_the_site_are_refused() {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 58));
    let build = [&BUILD[..], &["list.txt", "--prefix-bits", "2"]].concat();
    well(&desk.run(&[&build[..], &["--salt", SALT]].concat()));
    // A page of another version, so that one has to be written.
    desk.write("site/cek-nik.html", "of another version");
    let before = desk.files("site");
    let another = ["--salt", ANOTHER_SALT, "--accept-new-salt"];
    let another = [&build[..], &another].concat();
    ill(&without_room_for_pages(&desk, &another));
    let kept = desk.kept();
    let error = ill(&desk.run(&build));
    assert!(error.contains("salt mismatch"), "{error}");
    assert!(desk.files("site") == before);
    assert_eq!(desk.kept(), kept);
    let report = well(&desk.run(&another));
    assert!(report.contains("Continuing: 300 of 300"), "{report}");
    assert_eq!(desk.salt(), ANOTHER_SALT);
}

#[test]
fn keys_of_another_column_are_refused() {
    let desk = Desk::new();
    let (niks, others) = (sample(150, 46), sample(150, 47));
    let rows = niks.lines().zip(others.lines());
    let table: String = rows
        .map(|(nik, other)| format!("{nik},{other}\n"))
        .collect();
    desk.write("list.csv", format!("NIK,NOKTP\n{table}"));
    let build = |column| [&BUILD[..], &["list.csv", "--column", column]].concat();
    ill(&without_room_for_pages(&desk, &build("NIK")));
    let error = ill(&desk.run(&build("NOKTP")));
    assert!(error.contains("the rows of list.csv from line "), "{error}");
    well(&desk.run(&build("NIK")));
}

#[test]
fn chunks_of_rows_that_there_are_not_are_refused() {
    let all = all_keys();
    let desk = all.desk();
    let stray = Chunk {
        number: 3,
        rows: 1,
        list: ListId([7; 16]),
        keys: Vec::new(),
    };
    let stray = all.head().slots.to_bytes(&stray).expect("in memory");
    all.put(&desk, &[&all.keys[..], &stray].concat());
    let error = ill(&desk.build_stretched(&["list.txt"]));
    assert!(error.contains("more rows than the lists have"), "{error}");
}

#[test]
fn each_chunk_is_a_key_file_of_its_rows_that_no_site_is_made_of() {
    let all = all_keys();
    let (desk, bounds) = (all.desk(), all.bounds());
    let cost = ["--argon2", "m=2048,t=1,p=1"];
    let made = ["keys", "list.txt", "--salt", SALT, "--out", "all.cnkkeys"];
    well(&desk.run(&[&made[..], &cost].concat()));
    let keys_of = |file: &KeyFile| -> Vec<[u8; 20]> {
        file.verify().expect("a sound key file");
        let bytes = fs::read(&file.path).expect("readable");
        let (keys, _) = bytes[64..bytes.len() - 80].as_chunks();
        keys.to_vec()
    };
    let whole = KeyFile::open(&desk.0.path().join("all.cnkkeys")).expect("a key file");
    let unfinished = |name: &str| {
        let error = KeyFile::open(&desk.0.path().join(name)).expect_err("no part of a list");
        assert_eq!(error.code(), "key_file_unfinished");
        let error = ill(&desk.build_stretched(&["--keys", name]));
        assert!(
            error.contains("the checkpoint of a stopped build"),
            "{error}"
        );
    };
    fs::rename(desk.keys(), desk.0.path().join("x.keys")).expect("moved");
    fs::remove_dir_all(desk.0.path().join(".site.keys")).expect("removed");
    unfinished("x.keys");
    let mut keys = Vec::new();
    for (chunk, rows) in bounds.windows(2).zip([128, 128, 44]) {
        let slot = &all.keys[chunk[0]..chunk[1]];
        let (_, file) = slot.split_at(slot.len() - (64 + 20 * rows + 80));
        let mut bytes = file.to_vec();
        desk.write("batch.cnkkeys", &bytes);
        unfinished("batch.cnkkeys");
        // But for its header, the key file of a list with these rows.
        bytes[24..28].copy_from_slice(&1_u32.to_le_bytes());
        bytes[28..32].copy_from_slice(&1_u32.to_le_bytes());
        let checked = bytes.len() - 32;
        let checksum = Sha256::digest(&bytes[..checked]);
        bytes[checked..].copy_from_slice(&checksum);
        desk.write("batch.cnkkeys", &bytes);
        let batch = KeyFile::open(&desk.0.path().join("batch.cnkkeys")).expect("a key file");
        assert_eq!(batch.header, whole.header);
        assert_eq!(batch.trailer.counts.rows, rows as u64);
        keys.extend(keys_of(&batch));
    }
    keys.sort_unstable();
    assert_eq!(keys.len(), 300);
    assert!(keys == keys_of(&whole));
}

#[test]
fn keys_of_a_computer_that_derives_others_are_refused() {
    let all = all_keys();
    let desk = all.desk();
    let mut head = all.head();
    head.slots.header.test_key = TestKey([7; 16]);
    let chunk = Chunk {
        number: 0,
        rows: 128,
        list: ListId([7; 16]),
        keys: Vec::new(),
    };
    let chunk = head.slots.to_bytes(&chunk).expect("in memory");
    let head = head.fingerprint.to_bytes(TestKey([7; 16]));
    let keys = [head, chunk].concat();
    all.put(&desk, &keys);
    let error = ill(&desk.build_stretched(&["list.txt"]));
    assert!(
        error.contains("derives other keys than this one"),
        "{error}"
    );
    assert!(fs::read(desk.keys()).expect("readable") == keys);
}

#[test]
fn to_start_over_throws_kept_keys_away() {
    let all = all_keys();
    let desk = all.desk();
    // Whatever is the matter with them.
    let mut damaged = all.keys.clone();
    damaged[100] ^= 1;
    all.put(&desk, &damaged);
    let report = well(&desk.build_stretched(&["list.txt", "--salt", ANOTHER_SALT, "--start-over"]));
    assert!(!report.contains("Continuing"), "{report}");
    assert_eq!(desk.names(), [".site.lists", "list.txt", "site"]);
    let expected = desk.uninterrupted(ANOTHER_SALT, &["list.txt"]);
    assert!(desk.files("site") == expected);
    // Where there is nothing to throw away, it changes nothing.
    well(&desk.build_stretched(&["list.txt", "--start-over"]));
    assert!(desk.files("site") == expected);
}

#[test]
fn a_build_that_is_refused_throws_no_keys_away() {
    let all = all_keys();
    let desk = all.desk();
    all.put(&desk, &all.keys);
    let refused = ["list.txt", "--start-over", "--prefix-bits", "12"];
    let error = ill(&desk.build_stretched(&refused));
    assert!(error.contains("may be empty"), "{error}");
    assert!(fs::read(desk.keys()).expect("readable") == all.keys);
    let report = well(&desk.build_stretched(&["list.txt"]));
    assert!(report.contains("Continuing"), "{report}");
}

#[test]
fn to_start_over_removes_nothing_that_cek_nik_has_not_made() {
    let all = all_keys();
    let mut damaged = all.keys.clone();
    damaged[..8].fill(0);
    let mut key_file = all.keys[..64].to_vec();
    key_file[24] = 1;
    key_file[28] = 1;
    for (name, content) in [
        ("x.keys", &damaged[..]),
        ("y.keys", &key_file[..]),
        ("y.keys", b"somebody else's"),
        ("notes.txt", b"somebody else's"),
    ] {
        let desk = all.desk();
        desk.put(&Files::from([
            (".gitignore".to_owned(), b"*\n".to_vec()),
            (name.to_owned(), content.to_vec()),
        ]));
        let before = desk.files(".site.keys");
        let error = ill(&desk.build_stretched(&["list.txt", "--start-over"]));
        let file = desk.0.path().join(".site.keys").join(name);
        assert!(error.contains(&*file.to_string_lossy()), "{error}");
        assert!(error.contains("delete it by hand"), "{error}");
        assert!(desk.files(".site.keys") == before, "{name}");
        // As it says.
        fs::remove_file(file).expect("removed");
        well(&desk.build_stretched(&["list.txt", "--start-over"]));
        assert_eq!(desk.names(), [".site.lists", "list.txt", "site"]);
    }
}

#[test]
fn keys_go_with_the_build_and_what_lies_beside_them_stays_out_of_version_control() {
    let all = all_keys();
    let desk = all.desk();
    desk.put(&Files::from([
        (".gitignore".to_owned(), b"*\n".to_vec()),
        ("notes.txt".to_owned(), b"somebody else's".to_vec()),
    ]));
    let report = well(&desk.build_stretched(&["list.txt"]));
    assert!(report.contains("notes.txt"), "{report}");
    let left = desk.files(".site.keys");
    assert!(left.keys().eq([".gitignore", "notes.txt"]), "{left:?}");
}

#[test]
fn kept_keys_tell_no_number_and_nobody_else_may_read_them() {
    let all = all_keys();
    let desk = all.desk();
    fs::remove_dir_all(desk.0.path().join(".site.keys")).expect("removed");
    ill(&without_room_for_pages(
        &desk,
        &[&BUILD[..], &["list.txt"]].concat(),
    ));
    let mode = |path: PathBuf| {
        let metadata = fs::metadata(path).expect("there");
        Permissions::mode(&metadata.permissions()) & 0o777
    };
    assert_eq!(mode(desk.keys()), 0o600);
    assert_eq!(mode(desk.0.path().join(".site.keys")), 0o700);
    let files = desk.files(".site.keys");
    assert_eq!(files[".gitignore"], b"*\n");
    let holds = |needle: &[u8]| {
        let mut found = files.values();
        found.any(|bytes| memchr::memmem::find(bytes, needle).is_some())
    };
    // The search itself finds what is there.
    assert!(holds(&MAGIC));
    let head = head(&File::open(desk.keys()).expect("readable"));
    let salt = head.fingerprint.keys.salt.0;
    for nik in all.list.lines() {
        for encoding in encodings(nik) {
            assert!(!holds(&encoding), "{nik}: {encoding:x?}");
        }
    }
    // Nor what the rows of a chunk could be tried out with at the price of a hash.
    let part_salt = &Sha256::digest([&b"cek-nik part 1\n"[..], &salt].concat())[..16];
    for rows in all.list.lines().collect::<Vec<_>>().chunks(128) {
        let hashes = rows.iter().map(|nik| {
            let hash = Sha256::digest([part_salt, b"nik:", nik.as_bytes()].concat());
            u128::from_le_bytes(hash[..16].try_into().expect("16 bytes"))
        });
        let sum = hashes.fold(0, u128::wrapping_add).to_le_bytes();
        let counts = [rows.len() as u64, 0, 0].map(u64::to_le_bytes);
        let list = Sha256::digest([&sum, counts.as_flattened()].concat());
        assert!(!holds(&sum[..8]) && !holds(&list[..8]));
        for ends in ["", "\n"] {
            for tag in ["", "nik:"] {
                let text: String = rows.iter().map(|nik| format!("{tag}{nik}{ends}")).collect();
                assert!(!holds(&Sha256::digest(&text)[..8]));
            }
        }
    }
}

/// A number as programs write it.
fn encodings(nik: &str) -> Vec<Vec<u8>> {
    let number: u64 = nik.parse().expect("digits");
    let decimal: Vec<u8> = nik.bytes().map(|digit| digit - b'0').collect();
    let packed: Vec<u8> = decimal.chunks(2).map(|two| two[0] << 4 | two[1]).collect();
    let wide = |swap: bool| {
        let units = nik.bytes().map(u16::from);
        let bytes = units.map(|u| {
            if swap {
                u.to_be_bytes()
            } else {
                u.to_le_bytes()
            }
        });
        bytes.flatten().collect::<Vec<u8>>()
    };
    vec![
        nik.into(),
        nik.bytes().rev().collect(),
        number.to_le_bytes().to_vec(),
        number.to_be_bytes().to_vec(),
        (number as f64).to_le_bytes().to_vec(),
        decimal,
        packed,
        wide(false),
        wide(true),
        format!("{number:x}").into(),
        Sha256::digest(nik)[..8].to_vec(),
        Sha256::digest(format!("nik:{nik}"))[..8].to_vec(),
    ]
}

#[test]
fn no_link_in_the_place_of_kept_keys_is_followed() {
    use std::os::unix::fs::symlink;
    let all = all_keys();
    for linked in [".site.keys", ".site.keys/x.keys", ".site.keys/.gitignore"] {
        for more in [&[][..], &["--start-over"]] {
            let desk = Desk::new();
            let at = |name: &str| desk.0.path().join(name);
            desk.write("list.txt", &all.list);
            // As if killed while it wrote: a build would cut this end off.
            let keys = [&all.keys[..], b"half of a chunk"].concat();
            desk.write_in("disk/x.keys", keys);
            let target = match linked {
                ".site.keys" => "disk",
                _ => {
                    fs::create_dir(at(".site.keys")).expect("made");
                    "disk/x.keys"
                }
            };
            symlink(at(target), at(linked)).expect("linked");
            let mode =
                |name| Permissions::mode(&fs::metadata(at(name)).expect("there").permissions());
            let before = (desk.files("disk"), mode("disk"), mode("disk/x.keys"));
            let error = ill(&desk.build_stretched(&[&["list.txt"], more].concat()));
            let words = format!("{linked} is a symbolic link");
            assert!(error.contains(&words), "{error}");
            let after = (desk.files("disk"), mode("disk"), mode("disk/x.keys"));
            assert!(after == before, "{linked}");
            assert!(at(linked).is_symlink());
        }
    }
}

#[test]
fn a_list_that_grows_while_keys_are_made_is_refused_at_once() {
    let desk = Desk::new();
    let list = sample(2_000, 38);
    desk.write("list.txt", &list);
    let build = [&BUILD[..], &["list.txt"]].concat();
    let mut child = desk.start(&build);
    assert!(until(&mut child, || desk.kept().0 >= 2));
    desk.write("list.txt", format!("{list}{}", sample(1, 39)));
    let error = ill(&child.wait_with_output().expect("it ends"));
    assert!(error.contains("list.txt: the list has changed"), "{error}");
    assert!(error.contains("once the list is as it was"), "{error}");
    let (_, there) = desk.kept();
    assert!(there < 1_000, "it should have ended much earlier: {there}");
    assert_eq!(desk.names(), [".site.keys", "list.txt"]);
    desk.write("list.txt", &list);
    let report = well(&desk.run(&build));
    let continuing = format!("Continuing: {} of 2,000", grouped(there));
    assert!(report.contains(&continuing), "{report}");
    let expected = desk.uninterrupted(&desk.salt(), &["list.txt"]);
    assert!(desk.files("site") == expected);
}

#[test]
fn a_list_that_changes_at_equal_size_costs_no_keys() {
    let desk = Desk::new();
    let list = sample(2_000, 40);
    let mut reversed: Vec<&str> = list.lines().rev().collect();
    reversed.push("");
    desk.write("list.txt", &list);
    let build = [&BUILD[..], &["list.txt"]].concat();
    let mut child = desk.start(&build);
    assert!(until(&mut child, || desk.kept().0 >= 2));
    // In place, so that the size does not change for a moment either.
    let file = File::options()
        .write(true)
        .open(desk.0.path().join("list.txt"));
    let written = file.and_then(|mut file| file.write_all(reversed.join("\n").as_bytes()));
    written.expect("written");
    let error = ill(&child.wait_with_output().expect("it ends"));
    assert!(error.contains("list.txt: the list has changed"), "{error}");
    let (_, there) = desk.kept();
    assert!(there < 1_000, "it should have ended much earlier: {there}");
    // The promise of the message.
    desk.write("list.txt", &list);
    let report = well(&desk.run(&build));
    let continuing = format!("Continuing: {} of 2,000", grouped(there));
    assert!(report.contains(&continuing), "{report}");
    let expected = desk.uninterrupted(&desk.salt(), &["list.txt"]);
    assert!(desk.files("site") == expected);
}

#[test]
fn a_disk_without_room_for_the_pages_leaves_a_site_as_it_was() {
    let all = all_keys();
    let desk = all.desk();
    let build = |list: &'static str| [&BUILD[..], &[list]].concat();
    well(&desk.run(&build("list.txt")));
    // A page of another version, so that one has to be written.
    desk.write("site/cek-nik.html", "of another version");
    let before = desk.files("site");
    desk.write("other.txt", sample(300, 42));
    let error = ill(&without_room_for_pages(&desk, &build("other.txt")));
    for words in [
        ".site.building/pages/cek-nik.html",
        "File too large",
        "The site is as it was: make room on its disk",
        "The keys of 300 of 300 rows are kept in",
    ] {
        assert!(error.contains(words), "{error}");
    }
    assert!(desk.files("site") == before);
    well(&desk.run(&build("other.txt")));
    assert!(desk.files("site") != before);
    assert_eq!(
        desk.names(),
        [".site.lists", "list.txt", "other.txt", "site"]
    );
}

/// What a power cut would take: the files and directories that have changed since they were synced,
/// as strace has seen it.
#[cfg(target_os = "linux")]
#[derive(Default)]
struct Unsynced {
    paths: std::collections::BTreeSet<PathBuf>,
    shards_synced: usize,
}

#[cfg(target_os = "linux")]
impl Unsynced {
    /// Follows one system call that has succeeded.
    fn follow(&mut self, call: &str, arguments: &str) {
        let open = || arguments.split(['<', '>']).nth(1).map(PathBuf::from);
        let named: Vec<PathBuf> = arguments
            .split('"')
            .skip(1)
            .step_by(2)
            .map(PathBuf::from)
            .collect();
        let parent = |path: &PathBuf| path.parent().expect("a parent").to_owned();
        match (call, named.as_slice()) {
            ("write" | "pwrite64" | "writev", _) => self.paths.extend(open()),
            ("fsync" | "fdatasync", _) => {
                let path = open().expect("strace -y names it");
                self.shards_synced += usize::from(path.extension().is_some_and(|e| e == "cnk"));
                self.paths.remove(&path);
            }
            ("openat", [path, ..]) if arguments.contains("O_CREAT") => {
                self.paths.extend([path.clone(), parent(path)]);
            }
            ("mkdir", [path, ..]) => self.paths.extend([path.clone(), parent(path)]),
            ("rename", [from, to]) => {
                let moved = std::mem::take(&mut self.paths).into_iter();
                self.paths = moved
                    .map(|path| match path.strip_prefix(from) {
                        Ok(within) if within.as_os_str().is_empty() => to.clone(),
                        Ok(within) => to.join(within),
                        Err(_) => path,
                    })
                    .collect();
                self.paths.insert(parent(to));
            }
            _ => {}
        }
    }

    fn within(&self, directory: &std::path::Path) -> Vec<&PathBuf> {
        // A probe is removed as soon as it was moved.
        let is_probe = |path: &&PathBuf| path.ends_with(".cek-nik.probe");
        let paths = self.paths.iter().filter(|path| !is_probe(path));
        paths.filter(|path| path.starts_with(directory)).collect()
    }
}

/// Every system call of a build that has succeeded, in the order of their ends.
#[cfg(target_os = "linux")]
fn calls(desk: &Desk, arguments: &[&str]) -> Vec<(String, String)> {
    let command = desk.command(arguments);
    let output = Command::new("strace")
        .args(["-f", "-y", "-qq", "-s", "4096", "-o", "trace", "-e"])
        .arg("trace=openat,write,pwrite64,writev,fsync,fdatasync,?mkdir,?rename")
        .arg(command.get_program())
        .args(arguments)
        .current_dir(&desk.0)
        .output()
        .expect("this test needs strace");
    well(&output);
    let trace = fs::read_to_string(desk.0.path().join("trace")).expect("readable");
    fs::remove_file(desk.0.path().join("trace")).expect("removed");
    let mut calls = Vec::new();
    let mut begun = BTreeMap::new();
    for line in trace.lines() {
        let (thread, line) = line.split_once(' ').expect("a thread");
        if let Some(line) = line.trim().strip_suffix("<unfinished ...>") {
            begun.insert(thread.to_owned(), line.to_owned());
            continue;
        }
        let whole = match line.split_once(" resumed>") {
            Some((_, end)) => begun.remove(thread).expect("begun") + end,
            None => line.trim().to_owned(),
        };
        if let (Some((call, rest)), false) = (whole.split_once('('), whole.contains(" = -1 ")) {
            calls.push((call.to_owned(), rest.to_owned()));
        }
    }
    calls
}

#[cfg(target_os = "linux")]
#[test]
fn all_that_a_catalogue_names_is_on_the_disk_before_the_catalogue() {
    let desk = Desk::new();
    let root = desk.0.path().canonicalize().expect("a path");
    let site = root.join("site");
    // Shards that wait in memory, and some that wait on the disk.
    for (rows, memory) in [(200, "1GiB"), (201, "0")] {
        desk.write("list.txt", sample(rows, 63));
        let arguments = [
            "build",
            "--out",
            "site",
            "--id",
            "x",
            "--kdf",
            "sha256",
            "--prefix-bits",
            "4",
            "--memory",
            memory,
            "list.txt",
        ];
        let is_new = !site.exists();
        let mut unsynced = Unsynced::default();
        let mut published = 0;
        for (call, arguments) in calls(&desk, &arguments) {
            let to = arguments.split('"').nth(3).map(PathBuf::from);
            let publishes = call == "rename"
                && to.is_some_and(|to| {
                    to == if is_new {
                        site.clone()
                    } else {
                        site.join("catalogue.json")
                    }
                });
            if publishes {
                published += 1;
                let whole = match is_new {
                    true => root.join(".site.building/site"),
                    false => site.clone(),
                };
                let lost = unsynced.within(&whole);
                assert!(lost.is_empty(), "{lost:?}");
                assert_eq!(unsynced.shards_synced, 16);
            }
            unsynced.follow(&call, &arguments);
        }
        assert_eq!(published, 1);
        let lost = unsynced.within(&site);
        assert!(lost.is_empty(), "{lost:?}");
        assert!(!unsynced.paths.contains(&root) || !is_new);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_mount_point_is_refused_before_any_key_is_made() {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 55));
    // A bound directory lies on the same disk, and still nothing can be moved into it.
    let script = r#"
        build() { "$cek_nik" build --out "$1" --id x --argon2 m=2048,t=1,p=1 list.txt; }
        mkdir bound other
        mount --bind other bound
        build disk 2> mounted && exit 1
        build bound 2> bind && exit 1
        umount bound
        build disk/site 2> inside
        mount --bind disk/site bound
        build bound 2> existing && exit 1
        umount bound
        rmdir bound other
        ls -A . disk disk/site
    "#;
    let output = with_a_small_disk(&desk, 4096, script);
    well(&output);
    let listed = String::from_utf8(output.stdout).expect("text");
    for hidden in [".keys", ".building", ".probe"] {
        assert!(!listed.contains(hidden), "{listed}");
    }
    assert!(listed.contains("catalogue.json"), "{listed}");
    for (name, place) in [
        ("mounted", "disk"),
        ("bind", "bound"),
        ("existing", "bound"),
    ] {
        let error = fs::read_to_string(desk.0.path().join(name)).expect("readable");
        assert!(!error.contains("Plan for"), "{error}");
        let words = format!("{place} is on another disk than its parent directory");
        assert!(error.contains(&words), "{error}");
        assert!(error.contains("use a subdirectory"), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_site_of_somebody_else_is_refused_before_any_key_is_made() {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 56));
    let build = [&BUILD[..], &["list.txt"]].concat();
    well(&desk.run(&build));
    for place in ["site", "site/data", "site/data/x"] {
        let place = desk.0.path().join(place);
        let set = |mode| fs::set_permissions(&place, Permissions::from_mode(mode)).expect("set");
        set(0o555);
        // Whom permissions bind, also where the test itself runs as root.
        let output = Command::new("unshare")
            .args(["--user", "--map-user=1000", "--map-group=1000"])
            .arg(env!("CARGO_BIN_EXE_cek-nik"))
            .args(&build)
            .current_dir(&desk.0)
            .output()
            .expect("unshare, of util-linux");
        set(0o755);
        let error = message(&output);
        assert!(
            !error.contains("unshare:"),
            "this test needs user namespaces: {error}"
        );
        ill(&output);
        assert!(!error.contains("Plan for"), "{error}");
        let words = format!("no permission to write in {}", place.display());
        assert!(error.contains(&words), "{error}");
        assert_eq!(desk.names(), [".site.lists", "list.txt", "site"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_while_keys_are_made_costs_none_of_them() {
    let desk = Desk::new();
    desk.write("list.txt", sample(1_500, 43));
    let script = r#"
        build() { "$cek_nik" build --out disk/site --id x --argon2 m=2048,t=1,p=1 list.txt; }
        keys=disk/.site.keys/x.keys
        build 2> first & building=$!
        until test -e $keys && test $(stat -c %s $keys) -gt 5000; do kill -0 $building; done
        dd if=/dev/zero of=disk/filler bs=4k 2> /dev/null && exit 1
        wait $building && exit 1
        test ! -e disk/site
        rm disk/filler
        build 2> second
        ls -A disk
    "#;
    let output = with_a_small_disk(&desk, 4096, script);
    well(&output);
    assert_eq!(output.stdout, b".site.lists\nsite\n");
    let read = |name| fs::read_to_string(desk.0.path().join(name)).expect("readable");
    let (first, second) = (read("first"), read("second"));
    for words in [
        "No space left on device",
        "make room on its disk, and run the same command again",
        "of 1,500 rows are kept in",
    ] {
        assert!(first.contains(words), "{first}");
    }
    let kept = first.split("The keys of ").nth(1).expect("said");
    let kept = kept.split(' ').next().expect("a number");
    let continuing = format!("Continuing: {kept} of 1,500 keys were already derived");
    assert!(second.contains(&continuing), "{first}{second}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_in_either_pass_leaves_the_site_as_it_was() {
    let desk = Desk::new();
    desk.write("small.txt", sample(100, 44));
    desk.write("large.txt", sample(1_000_000, 45));
    // With one thread, full blocks take 10 MB, and the shard nearly 6 bytes a row.
    for (kibibytes, pass) in [
        (8_000, "cannot write temporary files"),
        (14_000, "0000.cnk"),
    ] {
        let script = r#"
            build() { taskset -c 0 "$cek_nik" build --out disk/site --id x --kdf sha256 --memory 0 --prefix-bits 0 --fpr 0.0000000003 --accept-enumeration $1; }
            build small.txt 2> /dev/null
            cp -r disk/site before
            build large.txt 2> error && exit 1
            diff -r disk/site before
            ls -A disk
        "#;
        let output = with_a_small_disk(&desk, kibibytes, script);
        well(&output);
        assert_eq!(output.stdout, b"site\n");
        let error = fs::read_to_string(desk.0.path().join("error")).expect("readable");
        let error = error.lines().last().expect("an error");
        for words in [pass, "No space left on device", "make room on its disk"] {
            assert!(error.contains(words), "{error}");
        }
        for name in ["disk", "before"] {
            fs::remove_dir_all(desk.0.path().join(name)).expect("removed");
        }
    }
}

#[test]
fn standard_input_is_not_a_file_that_is_called_like_it() {
    let desk = Desk::new();
    desk.write("-", "not a number\n");
    desk.write("list.txt", sample(50, 48));
    let list = File::open(desk.0.path().join("list.txt")).expect("readable");
    let output = desk
        .command(&[&BUILD[..], &["-"]].concat())
        .stdin(list)
        .output()
        .expect("the command line runs");
    let report = well(&output);
    assert!(report.contains("can be read only once"), "{report}");
    assert!(report.contains("50 NIKs, 0 people lost"), "{report}");
    assert_eq!(desk.names(), ["-", "list.txt", "site"]);
}

//! Key files: parts of the work, put together in any order, give the bytes of one build.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::desk::{Desk, feed, message, sample, well};

const SALT: &str = "00112233445566778899aabbccddeeff";
const ARGON2: [&str; 2] = ["--argon2", "m=8,t=1,p=1"];
const SHA256: [&str; 2] = ["--kdf", "sha256"];

impl Desk {
    fn make_keys(&self, out: &str, more: &[&str]) -> Output {
        self.run(&[&["keys", "--salt", SALT, "--out", out][..], more].concat())
    }

    fn keys_well(&self, out: &str, more: &[&str]) {
        well(&self.make_keys(out, more));
    }

    fn site(&self, out: &str, more: &[&str]) -> Output {
        let fixed = ["build", "--id", "x", "--accept-enumeration", "--out", out];
        self.run(&[&fixed[..], more].concat())
    }

    fn site_well(&self, out: &str, more: &[&str]) {
        well(&self.site(out, more));
    }

    /// The data set in the catalogue of a site.
    fn dataset(&self, site: &str) -> Value {
        let catalogue = fs::read(self.0.path().join(site).join("catalogue.json")).expect("read");
        let catalogue: Value = serde_json::from_slice(&catalogue).expect("JSON");
        catalogue["datasets"][0].clone()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).expect("readable")
    }
}

/// The words of a command that fails.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", message(output));
    message(output)
}

/// Rows with names, some of them twice, and a few that cannot be used.
fn rows_with_names() -> String {
    let numbers = sample(1_000, 3);
    let row = |(index, nik): (usize, &str)| match index {
        7 => format!("{nik},-\n"),
        index => format!("{nik},{} CONTOH\n", ["SITI", "BUDI", "AGUS"][index % 3]),
    };
    let rows: String = numbers.lines().enumerate().map(row).collect();
    format!("NIK,NAMA\n{rows}{}", rows.lines().next().expect("a row"))
}

fn reversed(list: &str) -> String {
    let mut lines: Vec<&str> = list.lines().collect();
    let heading = lines[0].starts_with("NIK");
    lines[usize::from(heading)..].reverse();
    lines.join("\n") + "\n"
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let desk = Desk::new();
    // Enough for several batches of rows on each thread.
    desk.write("list.txt", sample(100_000, 5) + "320101\n");
    let made = |threads: &str| {
        let file = format!("{threads}.cnkkeys");
        let options = [&SHA256[..], &["--threads", threads, "list.txt"]].concat();
        desk.keys_well(&file, &options);
        desk.bytes(&file)
    };
    let one = made("1");
    for threads in ["2", "3", "7"] {
        assert!(one == made(threads), "{threads} threads");
    }
}

#[test]
fn parts_in_any_order_and_repeated_give_the_bytes_of_one_build() {
    let desk = Desk::new();
    let plain = sample(3_000, 1) + &sample(40, 1) + "\n320101\n";
    desk.write("plain.txt", &plain);
    desk.write("reversed-plain.txt", reversed(&plain));
    desk.write("names.csv", rows_with_names());
    desk.write("reversed-names.csv", reversed(&rows_with_names()));
    let locked = [&ARGON2[..], &["--identifier", "nik+nama"]].concat();
    for (kind, list, other, kdf) in [
        ("sha256", "plain.txt", "reversed-plain.txt", &SHA256[..]),
        ("argon2id", "plain.txt", "reversed-plain.txt", &ARGON2[..]),
        ("locked", "names.csv", "reversed-names.csv", &locked[..]),
    ] {
        let at = |name: &str| format!("{kind}-{name}");
        desk.site_well(&at("one"), &[&["--salt", SALT, list][..], kdf].concat());
        let expected = desk.files(&at("one"));
        let mut files = Vec::new();
        for part in ["1/3", "2/3", "3/3"] {
            let (file, again) = (
                at(&format!("{}.cnkkeys", &part[..1])),
                at(&format!("{}-again.cnkkeys", &part[..1])),
            );
            desk.keys_well(&file, &[&["--part", part, list][..], kdf].concat());
            desk.keys_well(&again, &[&["--part", part, other][..], kdf].concat());
            assert_eq!(
                desk.bytes(&file),
                desk.bytes(&again),
                "{kind}: order matters"
            );
            files.push(file);
            files.push(again);
        }
        desk.keys_well(&at("whole.cnkkeys"), &[&[other][..], kdf].concat());
        files.push(at("whole.cnkkeys"));
        for (name, chosen) in [
            ("in-order", vec![0, 2, 4]),
            ("backwards", vec![4, 2, 0]),
            ("repeated", vec![2, 0, 3, 5, 1, 4]),
            ("whole", vec![6]),
            ("all", vec![6, 5, 4, 3, 2, 1, 0]),
        ] {
            let chosen: Vec<&str> = chosen.iter().map(|&i| files[i].as_str()).collect();
            let arguments = [kdf, &["--keys"], &chosen].concat();
            desk.site_well(&at(name), &arguments);
            assert!(desk.files(&at(name)) == expected, "{kind}: {name}");
        }
        let missing = [kdf, &["--keys", &files[0], &files[5]]].concat();
        let words = refused(&desk.site(&at("missing"), &missing));
        assert!(words.contains("part 2 of 3 is missing"), "{words}");
        assert!(!desk.0.path().join(at("missing")).exists());
    }
}

#[test]
fn key_files_and_new_rows_give_the_bytes_of_one_build_with_any_memory() {
    let desk = Desk::new();
    desk.write("old.txt", sample(2_000, 1));
    desk.write("new.txt", sample(500, 2));
    for (kind, kdf) in [("sha256", SHA256), ("argon2id", ARGON2)] {
        let at = |name: &str| format!("{kind}-{name}");
        let both = ["--salt", SALT, "old.txt", "new.txt"];
        desk.site_well(&at("one"), &[&both[..], &kdf].concat());
        desk.keys_well(&at("old.cnkkeys"), &[&["old.txt"][..], &kdf].concat());
        let keys = at("old.cnkkeys");
        let added = ["new.txt", "--keys", &keys];
        desk.site_well(&at("two"), &[&kdf[..], &added].concat());
        let no_memory = ["--memory", "0", "new.txt", "--keys", &keys];
        desk.site_well(&at("small"), &[&kdf[..], &no_memory].concat());
        let expected = desk.files(&at("one"));
        assert!(desk.files(&at("two")) == expected, "{kind}");
        assert!(desk.files(&at("small")) == expected, "{kind}");
        let dataset = desk.dataset(&at("two"));
        assert_eq!(
            (&dataset["rows"], &dataset["distinct"]),
            (&2_500.into(), &2_500.into())
        );
    }
}

#[test]
fn an_unchanged_list_is_built_again_once_key_files_add_people() {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 51));
    desk.write("others.txt", sample(300, 52));
    desk.keys_well("others.cnkkeys", &[&ARGON2[..], &["others.txt"]].concat());
    let alone = [&ARGON2[..], &["--salt", SALT, "list.txt"]].concat();
    let both = [&alone[..], &["--keys", "others.cnkkeys"]].concat();
    let lists = [&alone[..], &["others.txt"]].concat();
    desk.site_well("expected", &lists);
    for edition in [&alone, &both, &both, &alone, &both] {
        desk.site_well("site", edition);
        let has_others = edition.len() == both.len();
        let root = |site| desk.dataset(site)["root"].clone();
        assert_eq!(root("site") == root("expected"), has_others);
    }
}

#[test]
fn a_new_edition_takes_the_parameters_of_the_site() {
    let desk = Desk::new();
    desk.write("old.txt", sample(300, 1));
    desk.write("new.txt", sample(30, 2));
    desk.site_well(
        "site",
        &[&["--salt", SALT, "old.txt"][..], &ARGON2].concat(),
    );
    for (list, out) in [("old.txt", "old.cnkkeys"), ("new.txt", "new.cnkkeys")] {
        well(&desk.run(&["keys", list, "--site", "site", "--out", out]));
    }
    let edition = ["--keys", "old.cnkkeys", "new.cnkkeys"];
    desk.site_well("site", &[&ARGON2[..], &edition].concat());
    let one = ["--salt", SALT, "old.txt", "new.txt"];
    desk.site_well("one", &[&one[..], &ARGON2].concat());
    assert!(desk.unnumbered("site") == desk.unnumbered("one"));
    let output = desk.run(&[
        "keys", "new.txt", "--site", "site", "--salt", SALT, "--out", "-",
    ]);
    assert!(refused(&output).contains("cannot be used with"));
}

#[test]
fn a_description_names_key_files_beside_its_lists() {
    let desk = Desk::new();
    desk.write("old.txt", sample(300, 1));
    desk.write("new.txt", sample(30, 2));
    desk.keys_well("old.cnkkeys", &[&["old.txt"][..], &SHA256].concat());
    let description =
        |keys: &str| format!("kdf = 'sha256'\nsalt = '{SALT}'\n[[dataset]]\nid = 'x'\n{keys}\n");
    desk.write(
        "keys.toml",
        description("inputs = ['new.txt']\nkeys = ['old.cnkkeys']"),
    );
    desk.write("rows.toml", description("inputs = ['new.txt', 'old.txt']"));
    for name in ["keys", "rows"] {
        let toml = format!("{name}.toml");
        well(&desk.run(&["build", "--accept-enumeration", "--out", name, &toml]));
    }
    assert!(desk.files("keys") == desk.files("rows"));
}

#[test]
fn a_stream_has_the_bytes_of_the_file_and_a_cut_one_is_refused() {
    let desk = Desk::new();
    let list = sample(400, 1);
    desk.write("list.txt", &list);
    desk.keys_well("file.cnkkeys", &[&["list.txt"][..], &SHA256].concat());
    let stream = ["keys", "-", "--salt", SALT, "--out", "-", "--kdf", "sha256"];
    let output = feed(&mut desk.command(&stream), &list);
    well(&output);
    let whole = desk.bytes("file.cnkkeys");
    assert_eq!(output.stdout, whole);
    for (cut, code) in [
        (1, "cut off"),
        (20, "cut off"),
        (80, "cut off"),
        (whole.len() - 9, "cut"),
    ] {
        desk.write("cut.cnkkeys", &whole[..whole.len() - cut]);
        let words =
            refused(&desk.site("site", &[&SHA256[..], &["--keys", "cut.cnkkeys"]].concat()));
        assert!(words.contains(code), "{cut}: {words}");
    }
    for offset in [10, 30, 60, 64, 100, whole.len() - 60, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[offset] ^= 1;
        desk.write("damaged.cnkkeys", &damaged);
        refused(&desk.site(
            "site",
            &[&SHA256[..], &["--keys", "damaged.cnkkeys"]].concat(),
        ));
    }
    assert!(!desk.0.path().join("site").exists());
}

#[test]
fn keys_of_another_site_are_refused_by_name() {
    let desk = Desk::new();
    desk.write("list.csv", rows_with_names());
    let other = "ffeeddccbbaa99887766554433221100";
    let plain: &[&str] = &[];
    let locked: &[&str] = &["--identifier", "nik+nama"];
    let dearer: &[&str] = &["--argon2", "m=16,t=1,p=1"];
    for (salt, made_with, wanted, said, hint) in [
        (
            SALT,
            [&ARGON2, locked].concat(),
            [&ARGON2, plain].concat(),
            "the identifier is nik+nama, \
          not nik.",
            "--identifier",
        ),
        (
            SALT,
            SHA256.to_vec(),
            ARGON2.to_vec(),
            "the key derivation is sha256, not argon2id",
            "--kdf",
        ),
        (
            SALT,
            ARGON2.to_vec(),
            dearer.to_vec(),
            "the cost is argon2id m=8,t=1,p=1, not argon2id \
          m=16,t=1,p=1.",
            "--argon2",
        ),
        (
            other,
            ARGON2.to_vec(),
            ARGON2.to_vec(),
            "they have another salt",
            "--salt",
        ),
    ] {
        let _ = fs::remove_file(desk.0.path().join("a.cnkkeys"));
        desk.keys_well("a.cnkkeys", &[&["list.csv"], &made_with[..]].concat());
        let arguments = ["--salt", salt, "--keys", "a.cnkkeys"];
        let words = refused(&desk.site("site", &[&wanted[..], &arguments].concat()));
        assert!(words.contains(said) && words.contains(hint), "{words}");
    }
    let words = refused(&desk.site("site", &["--keys", "list.csv"]));
    assert!(
        words.contains("not a key file") && words.contains("before --keys"),
        "{words}"
    );
}

#[test]
fn keys_replace_only_keys_of_the_same_kind_and_never_lie_in_a_site() {
    let desk = Desk::new();
    let list = sample(50, 1);
    desk.write("list.cnkkeys", &list);
    desk.write("list.txt", &list);
    let keys = |out: &str, more: &[&str]| desk.make_keys(out, &[&["list.txt"], more].concat());
    assert!(refused(&keys("list.cnkkeys", &SHA256)).contains("not written by `cek-nik keys`"));
    assert_eq!(desk.bytes("list.cnkkeys"), list.as_bytes());
    well(&keys("a.cnkkeys", &SHA256));
    well(&keys("a.cnkkeys", &SHA256));
    assert!(refused(&keys("a.cnkkeys", &ARGON2)).contains("the key derivation is sha256"));
    let part = [&SHA256[..], &["--part", "1/2"]].concat();
    assert!(refused(&keys("a.cnkkeys", &part)).contains("the part is 1/1, not 1/2"));
    assert!(refused(&keys("a.txt", &SHA256)).contains(".cnkkeys"));
    desk.site_well(
        "site",
        &[&["--salt", SALT, "list.txt"][..], &SHA256].concat(),
    );
    assert!(refused(&keys("site/data/a.cnkkeys", &SHA256)).contains("inside the site"));
    fs::rename(
        desk.0.path().join("a.cnkkeys"),
        desk.0.path().join("site/a.cnkkeys"),
    )
    .expect("moved");
    let words = refused(&desk.site(
        "other",
        &[&SHA256[..], &["--keys", "site/a.cnkkeys"]].concat(),
    ));
    assert!(words.contains("inside the site"), "{words}");
    assert!(desk.names().iter().all(|name| !name.ends_with(".part")));
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_a_key_file_even_where_others_read_the_old_one() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 1));
    let path = desk.0.path().join("a.cnkkeys");
    let mode = |path: &Path| path.metadata().expect("a file").permissions().mode() & 0o777;
    desk.keys_well("a.cnkkeys", &[&["list.txt"][..], &SHA256].concat());
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    desk.keys_well("a.cnkkeys", &[&["list.txt"][..], &SHA256].concat());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn lost_rows_are_refused_when_keys_are_made_and_when_they_are_published() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 1) + "32010141\n320101410790\n");
    for kdf in [SHA256, ARGON2] {
        let out = format!("{}.cnkkeys", &kdf[0][2..]);
        let arguments = [&["list.txt"][..], &kdf].concat();
        assert!(refused(&desk.make_keys(&out, &arguments)).contains("--accept-lost-rows"));
        assert!(!desk.0.path().join(&out).exists());
        desk.keys_well(&out, &[&arguments[..], &["--accept-lost-rows"]].concat());
        let keys = [&kdf[..], &["--keys", &out]].concat();
        let words = refused(&desk.site("site", &keys));
        assert!(words.contains("2 of the 52 rows") && words.contains("--accept-lost-rows"));
        desk.site_well("site", &[&["--accept-lost-rows"][..], &keys].concat());
        let dataset = desk.dataset("site");
        assert_eq!(
            (&dataset["rows"], &dataset["rows_refused"]),
            (&50.into(), &2.into())
        );
        fs::remove_dir_all(desk.0.path().join("site")).expect("removed");
    }
}

#[test]
fn two_files_of_the_same_rows_with_other_keys_are_refused() {
    let desk = Desk::new();
    desk.write("list.txt", sample(50, 1));
    desk.keys_well("a.cnkkeys", &[&["list.txt"][..], &SHA256].concat());
    let mut other = desk.bytes("a.cnkkeys");
    // A computer with a fault: its file is whole, and has another key.
    let end = other.len() - 80;
    other[end - 1] ^= 1;
    let checked = other.len() - 32;
    let checksum = <sha2::Sha256 as sha2::Digest>::digest(&other[..checked]);
    other[checked..].copy_from_slice(&checksum);
    desk.write("b.cnkkeys", &other);
    let keys = [&SHA256[..], &["--keys", "a.cnkkeys", "b.cnkkeys"]].concat();
    assert!(refused(&desk.site("site", &keys)).contains("hold other keys"));
}

#[cfg(unix)]
#[test]
fn keys_are_not_written_to_a_terminal() {
    let desk = Desk::new();
    desk.write("list.txt", sample(5, 1));
    let terminal = fs::OpenOptions::new()
        .write(true)
        .open("/dev/ptmx")
        .expect("a terminal");
    let arguments = [
        "keys", "list.txt", "--salt", SALT, "--out", "-", "--kdf", "sha256",
    ];
    let mut command = desk.command(&arguments);
    let output = command
        .stdout(Stdio::from(terminal))
        .output()
        .expect("runs");
    assert!(refused(&output).contains("is a terminal"));
}

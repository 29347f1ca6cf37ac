//! A site that is replaced by another edition while somebody checks: an answer is never made of two
//! editions.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use crate::desk::{Desk, outcomes_alone, sample};
use serde_json::{Value, json};

#[allow(dead_code, reason = "every test uses another part of it")]
const SALT: &str = "00112233445566778899aabbccddeeff";
/// With it, the fullest shard holds as many keys as with [`SALT`].
const OTHER_SALT: &str = "dd112233445566778899aabbccddeeff";
const MEMBER: &str = "3201014107909001";

/// Three sites of one data set each, as many NIKs in each, and the packs of them: `old` with
/// [`MEMBER`], and two without: `new` with the same salt, and `salt` with another. With prefix
/// bits, every check reads a shard; without, the whole set is read once.
fn desk_with_editions(prefix_bits: u8) -> Desk {
    let desk = Desk::new();
    let with_member = format!("{MEMBER}\n{}", sample(300, 1));
    let without = format!("9471014107909999\n{}", sample(300, 1));
    for (site, salt, list) in [
        ("old", SALT, &with_member),
        ("new", SALT, &without),
        ("salt", OTHER_SALT, &without),
    ] {
        desk.write("list.txt", list);
        desk.write(
            "catalogue.toml",
            format!("kdf = \"sha256\"\nsalt = \"{salt}\"\n[[dataset]]\nid = \"daftar\"\ninputs = [\"list.txt\"]\nprefix_bits = {prefix_bits}\n"),
        );
        let pack = format!("{site}.cnkpack");
        for arguments in [
            &["build", "--out", site, "catalogue.toml"][..],
            &["pack", site, "--out", &pack],
        ] {
            assert!(desk.run(arguments).status.success(), "{arguments:?}");
        }
    }
    desk
}

/// A check that waits for the next number.
struct Checking {
    child: Child,
    numbers: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Checking {
    /// Has opened the site: there is a first answer.
    fn start(desk: &Desk, site: &str) -> Self {
        let mut child = desk
            .command(&["check", "--site", site, "--stdin", "--json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("runs");
        let mut checking = Self {
            numbers: child.stdin.take().expect("piped"),
            answers: BufReader::new(child.stdout.take().expect("piped")),
            child,
        };
        assert_eq!(
            checking.ask(),
            json!({ "id": "daftar", "outcome": "member" })
        );
        checking
    }

    fn ask(&mut self) -> Value {
        writeln!(self.numbers, "{MEMBER}").expect("written");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        outcomes_alone(answer["datasets"].clone())[0].clone()
    }

    fn end(mut self) {
        drop(self.numbers);
        self.child.wait().expect("ends");
    }
}

fn unknown(reason: &str) -> Value {
    json!({ "id": "daftar", "outcome": "unknown", "reason": reason })
}

#[test]
fn a_pack_that_is_written_over_gives_no_answer() {
    for (edition, reason) in [("new", "damaged"), ("salt", "wrong_dataset")] {
        let desk = desk_with_editions(1);
        let path = desk.0.path().join("old.cnkpack");
        let other = fs::read(desk.0.path().join(format!("{edition}.cnkpack"))).expect("readable");
        assert_eq!(other.len() as u64, path.metadata().expect("there").len());
        let mut checking = Checking::start(&desk, "old.cnkpack");
        // Into the same file, which is open.
        fs::write(&path, &other).expect("written");
        assert_eq!(checking.ask(), unknown(reason));
        checking.end();
    }
}

/// The set was verified, and is the one that the catalogue names.
#[test]
fn a_whole_set_answers_from_the_edition_that_was_opened() {
    for edition in ["new", "salt"] {
        let desk = desk_with_editions(0);
        let path = desk.0.path().join("old.cnkpack");
        let other = fs::read(desk.0.path().join(format!("{edition}.cnkpack"))).expect("readable");
        let mut checking = Checking::start(&desk, "old.cnkpack");
        fs::write(&path, &other).expect("written");
        assert_eq!(
            checking.ask(),
            json!({ "id": "daftar", "outcome": "member" })
        );
        checking.end();
    }
}

#[test]
fn a_pack_that_is_cut_off_gives_no_answer() {
    let desk = desk_with_editions(1);
    let mut checking = Checking::start(&desk, "old.cnkpack");
    desk.write("old.cnkpack", "");
    assert_eq!(checking.ask(), unknown("wrong_length"));
    checking.end();
}

/// The old edition stays where it is on the disk as long as somebody has it open, whole.
#[cfg(unix)]
#[test]
fn a_pack_that_another_takes_the_name_of_answers_from_the_one_that_was_opened() {
    let desk = desk_with_editions(1);
    let at = |name: &str| desk.0.path().join(name);
    let mut checking = Checking::start(&desk, "old.cnkpack");
    fs::rename(at("new.cnkpack"), at("old.cnkpack")).expect("renamed");
    assert_eq!(
        checking.ask(),
        json!({ "id": "daftar", "outcome": "member" })
    );
    checking.end();
}

#[test]
fn a_directory_that_is_replaced_gives_no_answer() {
    for (edition, reason) in [("new", "not_found"), ("salt", "not_found")] {
        let desk = desk_with_editions(1);
        let at = |name: &str| desk.0.path().join(name);
        let mut checking = Checking::start(&desk, "old");
        fs::rename(at("old"), at("older")).expect("renamed");
        fs::rename(at(edition), at("old")).expect("renamed");
        assert_eq!(checking.ask(), unknown(reason));
        checking.end();
    }
}

//! Commands on disks that are full at any point, or that nobody may write on.

use std::fs;

use super::killed::{SALT, assert_edition, assert_whole_files};
use crate::desk::{Desk, Files, sample, well, with_a_small_disk};

/// How many sizes are tried, from nothing to just enough.
const SIZES: u32 = 15;
/// The unit in which tmpfs gives out room.
const PAGE_KIBIBYTES: u32 = 4;
/// More room than any of the commands needs.
const PLENTY_KIBIBYTES: u32 = 8_192;

const BUILD: &str =
    "build --out disk/site --id x --kdf sha256 --prefix-bits 4 --salt $salt list.txt";
const ADD: &str = "add disk/site list.txt --id y";
const REMOVE: &str = "remove disk/site z";
const PACK: &str = "pack disk/site --out disk/x.cnkpack";
const COMMANDS: [&str; 4] = [BUILD, ADD, REMOVE, PACK];

/// A desk with a disk's files in `before`: a site, and an old pack.
fn desk(command: &str) -> Desk {
    let desk = Desk::new();
    fs::create_dir(desk.0.path().join("before")).expect("made");
    desk.write("list.txt", sample(1_000, 71));
    desk.write("old.txt", sample(1_000, 72));
    let site = "before/site";
    let build = ["build", "--out", site, "--id", "x", "--salt", SALT];
    let more = ["--kdf", "sha256", "--prefix-bits", "4", "old.txt"];
    well(&desk.run(&[&build[..], &more].concat()));
    well(&desk.run(&["pack", site, "--out", "before/x.cnkpack"]));
    if command == REMOVE {
        well(&desk.run(&["add", site, "old.txt", "--id", "z"]));
    }
    desk
}

/// What a command has done on a disk.
struct Run {
    is_done: bool,
    error: String,
    /// The disk after it.
    disk: Files,
    /// The disk after the command was given once more, with room.
    again: Files,
}

impl Run {
    /// Runs a command on a disk with so much room.
    fn with_room(desk: &Desk, command: &str, kibibytes: u32) -> Self {
        let script = format!(
            r#"
            export SOURCE_DATE_EPOCH=1779321600
            salt={SALT}
            cp -a before/. disk
            room=$(df --block-size=1k --output=avail disk | tail -1)
            fallocate --length $((room - {kibibytes}))KiB disk/filler
            "$cek_nik" {command} 2> error && touch done
            rm disk/filler
            cp -a disk full
            "$cek_nik" {command} 2> again || test -e done
            cp -a disk again-disk
            "#
        );
        well(&with_a_small_disk(desk, 2 * PLENTY_KIBIBYTES, &script));
        let at = |name: &str| desk.0.path().join(name);
        let run = Self {
            is_done: at("done").exists(),
            error: fs::read_to_string(at("error")).expect("readable"),
            disk: desk.files("full"),
            again: desk.files("again-disk"),
        };
        for directory in ["disk", "full", "again-disk"] {
            fs::remove_dir_all(at(directory)).expect("removed");
        }
        let _ = fs::remove_file(at("done"));
        run
    }
}

/// The files of the site on a disk.
fn site(disk: &Files) -> Files {
    let site = disk.iter().filter_map(|(name, content)| {
        let name = name.strip_prefix("site/")?;
        Some((name.to_owned(), content.clone()))
    });
    site.collect()
}

/// Tries a command with several sizes; says how many KiB it needs.
fn at_sizes(desk: &Desk, command: &str, sizes: u32) -> u32 {
    let before = desk.files("before");
    let whole = Run::with_room(desk, command, PLENTY_KIBIBYTES);
    assert!(whole.is_done, "{}", whole.error);
    let after = &whole.disk;
    let enough = |pages: u32| {
        let kibibytes = pages * PAGE_KIBIBYTES;
        let run = Run::with_room(desk, command, kibibytes);
        let moment = format!("{command} with {kibibytes} KiB: {}", run.error);
        assert_whole_files(&site(&before), &site(after), &site(&run.disk), &moment);
        assert_edition(&site(&before), &site(after), &site(&run.disk), &moment);
        let (pack, name) = (run.disk.get("x.cnkpack"), "x.cnkpack");
        assert!(
            pack == before.get(name) || pack == after.get(name),
            "{moment}"
        );
        assert!(
            !run.disk.keys().any(|name| name.ends_with(".part")),
            "{moment}"
        );
        if !run.is_done {
            assert!(run.error.contains("No space left on device"), "{moment}");
            assert!(site(&run.disk) == site(&before), "{moment}");
        }
        assert!(run.again == *after, "{moment}");
        run.is_done
    };
    let (mut least, mut most) = (0, PLENTY_KIBIBYTES / PAGE_KIBIBYTES);
    while least < most {
        let middle = (least + most) / 2;
        match enough(middle) {
            true => most = middle,
            false => least = middle + 1,
        }
    }
    for size in 0..sizes {
        let pages = least * size / (sizes - 1);
        assert_eq!(enough(pages), pages >= least, "{command}: {pages} pages");
    }
    least * PAGE_KIBIBYTES
}

#[test]
#[ignore = "takes a minute: make crashes"]
fn a_full_disk_leaves_the_old_edition_at_every_size() {
    for command in COMMANDS {
        let needed = at_sizes(&desk(command), command, SIZES);
        println!("{command}: {SIZES} sizes up to {needed} KiB");
    }
}

#[test]
fn a_read_only_disk_is_left_as_it_is_and_served() {
    for command in COMMANDS {
        let desk = desk(command);
        let script = format!(
            r#"
            salt={SALT}
            cp -a before/. disk
            mount -o remount,ro disk
            "$cek_nik" {command} 2> error && exit 1
            diff -r before disk
            "$cek_nik" verify disk/site > verified
            mount -o remount,rw disk
            "$cek_nik" {command} 2> again
            "#
        );
        well(&with_a_small_disk(&desk, PLENTY_KIBIBYTES, &script));
        let error = fs::read_to_string(desk.0.path().join("error")).expect("readable");
        let error = error.lines().last().expect("an error");
        assert!(error.starts_with("error: "), "{error}");
        assert!(error.contains("Read-only file system"), "{error}");
    }
}

//! Pipes and devices where a site has a file: nothing waits for them, and none is an answer.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::Desk;

const MEMBER: &str = "3201014107909001";

/// A site of one list with [`MEMBER`], and its only shard.
fn desk_with_site() -> (Desk, PathBuf) {
    let desk = Desk::new();
    desk.write("list.txt", format!("{MEMBER}\n"));
    let output = desk.ends(
        &["build", "--kdf", "sha256", "--out", "site", "list.txt"],
        "",
    );
    assert!(output.status.success());
    let files = desk.files("site");
    let shard = files.keys().find(|name| name.ends_with(".cnk"));
    let shard = desk.0.path().join("site").join(shard.expect("a shard"));
    (desk, shard)
}

/// Puts a pipe, a device, a link to a pipe and a directory in the place of a file, and does the
/// same with each.
fn with_each_in_the_place_of(path: &Path, mut act: impl FnMut(&str)) {
    let elsewhere = tempfile::tempdir().expect("a directory");
    let pipe = elsewhere.path().join("pipe");
    make_pipe(&pipe);
    for kind in ["pipe", "device", "link to a pipe", "directory"] {
        match path.symlink_metadata() {
            Ok(there) if there.is_dir() => fs::remove_dir(path).expect("removed"),
            Ok(_) => fs::remove_file(path).expect("removed"),
            Err(_) => {}
        }
        match kind {
            "pipe" => make_pipe(path),
            "device" => symlink("/dev/zero", path).expect("linked"),
            "link to a pipe" => symlink(&pipe, path).expect("linked"),
            _ => fs::create_dir(path).expect("made"),
        }
        act(kind);
    }
}

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo").success());
}

#[test]
fn check_does_not_wait_for_a_pipe_in_the_place_of_the_catalogue() {
    let (desk, _) = desk_with_site();
    let check = ["check", "--site", "site", "--stdin", "--lang", "en"];
    with_each_in_the_place_of(&desk.0.path().join("site/catalogue.json"), |kind| {
        let output = desk.ends(&check, MEMBER);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{kind}: {printed}");
        let words = "1: Could not check. catalogue.json in site was not read, because it is a directory, a pipe";
        assert!(printed.starts_with(words), "{kind}: {printed}");
    });
}

#[test]
fn check_does_not_wait_for_a_pipe_in_the_place_of_a_shard() {
    let (desk, shard) = desk_with_site();
    let check = ["check", "--site", "site", "--stdin", "--lang", "en"];
    with_each_in_the_place_of(&shard, |kind| {
        let output = desk.ends(&check, MEMBER);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{kind}: {printed}");
        let words = "1: list, edition of 2026-05-21: Could not check. The piece of the list in \
                     site was not read, because it is a directory, a pipe";
        assert!(printed.starts_with(words), "{kind}: {printed}");
    });
}

#[test]
fn pack_does_not_wait_for_a_pipe() {
    let (desk, shard) = desk_with_site();
    let catalogue = desk.0.path().join("site/catalogue.json");
    let content = fs::read(&catalogue).expect("readable");
    let refused = |kind: &str| {
        let output = desk.ends(&["pack", "site", "--out", "new.cnkpack"], "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{kind}: {error}");
        assert!(error.contains("not a regular file"), "{kind}: {error}");
        assert_eq!(desk.names(), ["list.txt", "site"], "{kind}");
    };
    with_each_in_the_place_of(&catalogue, refused);
    fs::remove_dir(&catalogue).expect("removed");
    fs::write(&catalogue, content).expect("written");
    with_each_in_the_place_of(&shard, refused);
}

#[test]
fn build_does_not_wait_for_a_pipe_in_a_site_beside_its_own() {
    let (desk, _) = desk_with_site();
    fs::create_dir(desk.0.path().join("beside")).expect("made");
    let other = desk.0.path().join("beside/catalogue.json");
    with_each_in_the_place_of(&other, |kind| {
        let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
        let output = desk.ends(&build, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{kind}: {error}");
    });
}

/// A build does not know whose it is, and leaves it alone.
#[test]
fn build_does_not_wait_for_a_pipe_in_the_place_of_a_shard() {
    let (desk, shard) = desk_with_site();
    with_each_in_the_place_of(&shard, |kind| {
        let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
        let output = desk.ends(&build, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{kind}: {error}");
        assert!(error.contains("is not part of the site"), "{kind}: {error}");
    });
}

#[test]
fn build_does_not_wait_for_a_pipe_in_the_place_of_its_catalogue() {
    let (desk, _) = desk_with_site();
    with_each_in_the_place_of(&desk.0.path().join("site/catalogue.json"), |kind| {
        let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
        let output = desk.ends(&build, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{kind}: {error}");
    });
}

#[test]
fn build_does_not_wait_for_a_pipe_among_the_keys_that_were_kept() {
    let (desk, _) = desk_with_site();
    fs::create_dir(desk.0.path().join(".site.keys")).expect("made");
    let keys = desk.0.path().join(".site.keys/list.keys");
    with_each_in_the_place_of(&keys, |kind| {
        let build = ["build", "--kdf", "sha256", "--out", "site", "list.txt"];
        let output = desk.ends(&build, "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{kind}: {error}");
        let words = ["not a regular file", "is a symbolic link"];
        assert!(
            words.iter().any(|words| error.contains(words)),
            "{kind}: {error}"
        );
    });
}

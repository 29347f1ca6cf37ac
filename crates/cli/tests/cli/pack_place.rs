//! What lies where a pack or a plan is to be written or read: pipes, links, files that not
//! everybody may read, and long names.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use crate::desk::{Desk, sample};

#[allow(dead_code, reason = "every test uses another part of it")]
fn desk_with_packs() -> Desk {
    let desk = Desk::new();
    desk.write("list.txt", sample(300, 1));
    for arguments in [
        &["build", "--kdf", "sha256", "--out", "site", "list.txt"][..],
        &["pack", "site", "--out", "good.cnkpack"],
        &["pack", "site", "--html", "good.html"],
    ] {
        assert!(desk.run(arguments).status.success(), "{arguments:?}");
    }
    desk
}

impl Desk {
    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The error of a command that is refused.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.ends(arguments, "");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        error
    }
}

#[test]
fn a_pipe_is_neither_written_over_nor_waited_for() {
    let desk = desk_with_packs();
    for name in ["pipe.cnkpack", "pipe.html"] {
        let made = Command::new("mkfifo").arg(desk.at(name)).status();
        assert!(made.expect("mkfifo").success());
    }
    for (option, name) in [("--out", "pipe.cnkpack"), ("--html", "pipe.html")] {
        let error = desk.refused(&["pack", "site", option, name]);
        assert!(
            error.contains(name) && error.contains("is not a regular file"),
            "{error}"
        );
        for arguments in [
            &["pack", "--verify", name][..],
            &["pack", name, "--out", "new.cnkpack"],
            &["check", "--site", name, "--stdin", "--lang", "en"],
        ] {
            let error = desk.refused(arguments);
            assert!(error.contains("cannot be read"), "{error}");
        }
        let there = desk.at(name).symlink_metadata().expect("there");
        assert!(!there.is_file(), "{name}");
    }
}

#[test]
fn a_link_is_not_written_over() {
    let desk = desk_with_packs();
    for (option, target, link) in [
        ("--out", "good.cnkpack", "link.cnkpack"),
        ("--html", "good.html", "link.html"),
        ("--out", "nowhere.cnkpack", "lost.cnkpack"),
    ] {
        symlink(target, desk.at(link)).expect("linked");
        let error = desk.refused(&["pack", "site", option, link]);
        assert!(
            error.contains(&format!("{link} is a symbolic link")),
            "{error}"
        );
        assert_eq!(
            fs::read_link(desk.at(link)).expect("a link").to_str(),
            Some(target)
        );
    }
    assert!(!desk.at("nowhere.cnkpack").exists());
    // Reading through one is fine.
    assert!(
        desk.ends(&["pack", "--verify", "link.cnkpack"], "")
            .status
            .success()
    );
}

#[test]
fn a_plan_replaces_its_own_page_and_no_link_to_it() {
    let desk = Desk::new();
    let plan = |name: &str| {
        let arguments = ["plan", "--rows", "1000", "--core-speed", "20000000,60"];
        desk.ends(&[&arguments[..], &["--html", name]].concat(), "")
    };
    assert!(plan("plan.html").status.success());
    assert!(plan("plan.html").status.success());
    symlink("plan.html", desk.at("link.html")).expect("linked");
    fs::create_dir(desk.at("plans")).expect("made");
    let made = Command::new("mkfifo").arg(desk.at("pipe.html")).status();
    assert!(made.expect("mkfifo").success());
    for (name, what) in [
        ("link.html", "is a symbolic link"),
        ("plans", "is a directory"),
        ("pipe.html", "is not a regular file"),
    ] {
        let output = plan(name);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(&format!("{name} {what}")), "{error}");
    }
    let link = desk.at("link.html").symlink_metadata().expect("there");
    assert!(link.is_symlink());
}

#[test]
fn a_file_that_is_replaced_keeps_its_readers() {
    let desk = desk_with_packs();
    for (option, name) in [("--out", "good.cnkpack"), ("--html", "good.html")] {
        for mode in [0o600, 0o666, 0o640] {
            fs::set_permissions(desk.at(name), Permissions::from_mode(mode)).expect("set");
            let output = desk.ends(&["pack", "site", option, name], "");
            assert!(output.status.success(), "{name}");
            let found = desk.at(name).metadata().expect("there").permissions();
            assert_eq!(found.mode() & 0o777, mode, "{name}");
        }
    }
}

#[test]
fn a_name_as_long_as_a_file_may_have_is_one() {
    let desk = desk_with_packs();
    for letter in ["p", "é", "😀"] {
        let name = letter.repeat(240 / letter.len()) + ".cnkpack";
        let output = desk.ends(&["pack", "site", "--out", &name], "");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        assert!(desk.at(&name).is_file());
    }
}

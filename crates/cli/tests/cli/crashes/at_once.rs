//! Two commands on one site at once. The first stops at a moment, the second runs to its end, and
//! the first goes on.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::killed::SALT;
use super::moment::{Moment, moments, some};
use crate::desk::{Desk, ill, sample, well};

const BUILD: [&str; 11] = [
    "build",
    "--out",
    "site",
    "--id",
    "x",
    "--kdf",
    "sha256",
    "--salt",
    SALT,
    "--prefix-bits=1",
    "list.txt",
];
const ADD: [&str; 5] = ["add", "site", "list.txt", "--id", "y"];
const REMOVE: [&str; 3] = ["remove", "site", "z"];
const PACK: [&str; 4] = ["pack", "site", "--out", "x.cnkpack"];

/// Runs a command that stops at a moment; meanwhile runs another one. `None` if the first one ends
/// before.
fn meanwhile(desk: &Desk, first: &[&str], moment: &Moment, second: &[&str]) -> Option<[Output; 2]> {
    let trace = desk.0.path().join("trace");
    let mut child = moment
        .command(desk, "STOP", "trace", first)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test needs strace");
    let stopped = loop {
        let text = fs::read_to_string(&trace).unwrap_or_default();
        if let Some(line) = text
            .lines()
            .find(|line| line.contains("stopped by SIGSTOP"))
        {
            break process_of(line.split(' ').next().expect("a thread"));
        }
        if child.try_wait().expect("a child").is_some() {
            fs::remove_file(&trace).expect("removed");
            return None;
        }
        sleep(Duration::from_millis(1));
    };
    let second = desk.run(second);
    // strace counts the calls of each thread, so that others can stop as well, also when this one has
    // ended.
    while child.try_wait().expect("a child").is_none() {
        let goes_on = Command::new("kill")
            .args(["-CONT", &stopped])
            .stderr(Stdio::null())
            .status();
        goes_on.expect("kill");
        sleep(Duration::from_millis(5));
    }
    let first = child.wait_with_output().expect("it ended");
    fs::remove_file(&trace).expect("removed");
    Some([first, second])
}

/// The process of a thread that is stopped.
fn process_of(thread: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{thread}/status")).expect("a stopped thread");
    let process = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
    process.expect("a process").trim().to_owned()
}

#[test]
fn of_two_commands_at_once_each_is_done_whole_or_refused() {
    let desk = Desk::new();
    desk.write("list.txt", sample(200, 81));
    desk.write("old.txt", sample(200, 82));
    let mut build = BUILD;
    build[10] = "old.txt";
    let restore = |commands: [&[&str]; 2]| {
        for directory in ["site", ".site.lists", ".site.keys"] {
            let _ = fs::remove_dir_all(desk.0.path().join(directory));
        }
        let _ = fs::remove_file(desk.0.path().join("x.cnkpack"));
        well(&desk.run(&build));
        if commands.contains(&&REMOVE[..]) {
            well(&desk.run(&["add", "site", "old.txt", "--id", "z"]));
        }
    };
    let (mut refused, mut both) = (0, 0);
    for (first, second) in [
        (&BUILD[..], &BUILD[..]),
        (&BUILD, &ADD),
        (&BUILD, &PACK),
        (&ADD, &REMOVE),
        (&REMOVE, &ADD),
        (&REMOVE, &PACK),
        (&PACK, &BUILD),
        (&PACK, &PACK),
    ] {
        restore([first, second]);
        for moment in some(moments(&desk, first), 3) {
            restore([first, second]);
            let Some(outputs) = meanwhile(&desk, first, &moment, second) else {
                continue;
            };
            let case = format!("{first:?}, {moment:?}, {second:?}: {outputs:?}");
            let done = outputs.iter().filter(|output| output.status.success());
            match done.count() {
                0 => panic!("{case}"),
                1 => refused += 1,
                _ => both += 1,
            }
            for output in outputs.iter().filter(|output| !output.status.success()) {
                ill(output);
            }
            well(&desk.run(&["verify", "site"]));
            if desk.0.path().join("x.cnkpack").exists() {
                well(&desk.run(&["pack", "--verify", "x.cnkpack"]));
            }
            well(&desk.run(&["add", "site", "old.txt", "--id", "next"]));
            well(&desk.run(&PACK));
        }
    }
    assert!(refused > 5 && both > 5, "{refused}, {both}");
}

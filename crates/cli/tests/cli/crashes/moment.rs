//! Moments of a command: its system calls, by strace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

use crate::desk::{Desk, well};

/// System calls that change what lies in a directory. Not every kind of processor has all of them.
pub const DIRECTORIES: [&str; 8] = [
    "?rename",
    "?renameat",
    "?renameat2",
    "?unlink",
    "?unlinkat",
    "?rmdir",
    "?mkdir",
    "?mkdirat",
];

/// The other system calls that change what lies on a disk, or are the first of such a change.
const FILES: [&str; 16] = [
    "openat",
    "write",
    "writev",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "?fallocate",
    "?copy_file_range",
    "?sendfile",
    "?link",
    "?linkat",
    "?chmod",
    "fchmod",
    "fchmodat",
    "flock",
];

/// The moment right before a system call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    call: String,
    /// If given, only calls about this path count.
    path: Option<String>,
    /// Which of these calls. strace counts them in each thread, and takes the thread that comes
    /// first.
    number: usize,
}

impl Moment {
    pub fn new(call: &str, number: usize) -> Self {
        Self {
            call: call.to_owned(),
            path: None,
            number,
        }
    }

    /// A command to which a signal is sent at this moment, with the file of its trace.
    pub fn command(&self, desk: &Desk, signal: &str, trace: &str, arguments: &[&str]) -> Command {
        let Self { call, path, number } = self;
        strace(desk, trace, call, arguments, |strace| {
            let inject = format!("inject={call}:signal={signal}:when={number}");
            strace.args(["-e", &inject]);
            if let Some(path) = path {
                strace.args(["-P", path]);
            }
        })
    }
}

/// Every moment of a command that changes anything. The command is run to its end.
pub fn moments(desk: &Desk, arguments: &[&str]) -> Vec<Moment> {
    let calls = [&DIRECTORIES[..], &FILES].concat().join(",");
    let mut strace = strace(desk, "trace", &calls, arguments, |strace| {
        strace.arg("-y");
    });
    well(&strace.output().expect("this test needs strace"));
    let trace = fs::read_to_string(desk.0.path().join("trace")).expect("readable");
    fs::remove_file(desk.0.path().join("trace")).expect("removed");
    let first = trace.split(' ').next().expect("a thread");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut moments = BTreeSet::new();
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').expect("a thread");
        let Some((call, rest)) = call.trim().split_once('(') else {
            // The end of a call that another one interrupted.
            continue;
        };
        if thread == first {
            let count = counts.entry(call).or_default();
            *count += 1;
            moments.insert(Moment::new(call, *count));
            continue;
        }
        // The calls of other threads are few, and hide behind those of the first: by their paths,
        // in quotes or as strace writes those of open files. Which thread does what may change.
        let named = rest
            .split('"')
            .nth(1)
            .filter(|named| named.starts_with('/'));
        let open = || rest.split(['<', '>']).nth(1).expect("a path");
        let path = named.unwrap_or_else(open);
        if path.starts_with(desk.0.path().to_str().expect("a path")) {
            moments.insert(Moment {
                path: Some(path.to_owned()),
                ..Moment::new(call, 1)
            });
        }
    }
    moments.into_iter().collect()
}

/// So many of the moments, evenly spread.
pub fn some(moments: Vec<Moment>, count: usize) -> Vec<Moment> {
    assert!(moments.len() > count);
    let step = moments.len() / count;
    let chosen = moments.into_iter().skip(step / 2).step_by(step);
    chosen.take(count).collect()
}

/// Runs a command, and kills it at a moment; `false` when it ends well without such a moment.
pub fn is_killed_at(desk: &Desk, moment: &Moment, arguments: &[&str]) -> bool {
    let output = moment
        .command(desk, "KILL", "/dev/null", arguments)
        .output();
    let output: Output = output.expect("this test needs strace");
    let killed = output.status.signal() == Some(9);
    assert!(killed || output.status.success(), "{output:?}");
    killed
}

/// A command under strace, with options of strace.
fn strace(
    desk: &Desk,
    trace: &str,
    calls: &str,
    arguments: &[&str],
    options: impl FnOnce(&mut Command),
) -> Command {
    let command = desk.command(arguments);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", trace, "-e"]);
    strace.arg(format!("trace={calls}"));
    options(&mut strace);
    strace.arg(command.get_program()).args(arguments);
    strace.env("SOURCE_DATE_EPOCH", "1779321600");
    strace.current_dir(&desk.0);
    strace
}

//! The programs that are compared. Each reads the list and writes a filter.
//!
//! `CEK_NIK_FILTERS` names the directory into which `make bench` installs benches/filters.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Job;

pub struct Program {
    pub name: &'static str,
    /// The false-positive rate that the filter promises.
    pub rate: f64,
    pub command: fn(&Job) -> Command,
    /// How to install it, if cargo has not built it.
    pub install: Option<&'static str>,
}

/// Filters of 8-bit fingerprints would miss this rate, so those have 16 bits.
const RATE: f64 = 1e-3;
const RATE_OF_16_BITS: f64 = 1.0 / 65_536.0;

const MAKE: &str = "make bench installs it";

pub const PROGRAMS: &[Program] = &[
    Program {
        name: "cek-nik build --memory 4GiB",
        rate: RATE,
        command: |job| build(job, "4GiB"),
        install: None,
    },
    Program {
        name: "cek-nik build --memory 64MiB",
        rate: RATE,
        command: |job| build(job, "64MiB"),
        install: None,
    },
    Program {
        name: "bloom insert",
        rate: RATE,
        command: bloom,
        install: Some("apt install golang-github-dcso-bloom-cli"),
    },
    Program {
        name: "fastbloom",
        rate: RATE,
        command: |job| crates(job, "fastbloom"),
        install: Some(MAKE),
    },
    Program {
        name: "xorf BinaryFuse16",
        rate: RATE_OF_16_BITS,
        command: |job| crates(job, "xorf"),
        install: Some(MAKE),
    },
    Program {
        name: "rbloom",
        rate: RATE,
        command: |job| python(job, "rbloom"),
        install: Some(MAKE),
    },
    Program {
        name: "pyfusefilter Fuse16",
        rate: RATE_OF_16_BITS,
        command: |job| python(job, "pyfusefilter"),
        install: Some(MAKE),
    },
];

pub fn of_cek_nik() -> &'static [Program] {
    &PROGRAMS[..2]
}

fn build(job: &Job, memory: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cek-nik"));
    command
        .args(["build", "--kdf", "sha256", "--accept-enumeration"])
        .args(["--prefix-bits", "10", "--memory", memory])
        .args(["--fpr", &RATE.to_string(), "--out"])
        .args([&job.out, &job.list]);
    command
}

fn bloom(job: &Job) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(r#"bloom create -p "$0" -n "$1" "$2" && exec bloom insert "$2" < "$3""#)
        .args([RATE.to_string(), job.rows.to_string()])
        .args([&job.out, &job.list]);
    command
}

fn crates(job: &Job, name: &str) -> Command {
    let mut command = Command::new(installed("filters"));
    command.args([name, &job.rows.to_string()]);
    command.args([&job.list, &job.out]);
    command
}

fn python(job: &Job, name: &str) -> Command {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/filters/fill.py");
    let mut command = Command::new(installed("python"));
    command.args([script, name, &job.rows.to_string()]);
    command.args([&job.list, &job.out]);
    command
}

fn installed(name: &str) -> PathBuf {
    Path::new(&env::var_os("CEK_NIK_FILTERS").unwrap_or_default())
        .join("bin")
        .join(name)
}

//! How fast a list becomes a site, and in how much memory, beside Debian's `bloom`: `cargo bench -p
//! cek-nik-cli --bench build -- ROWS`.
//!
//! Runs the real command line on a made-up list of plain lines with `--kdf sha256`, ten prefix bits
//! and a false-positive rate of 1 in 1,000, in turn with `bloom insert` (package
//! golang-github-dcso-bloom-cli), which fills one filter of that rate. The peak of memory is read
//! from `/proc`, so it is printed on Linux only.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cek_nik_publisher::sample::{self, Format};

const RUNS: usize = 5;

/// The false-positive rate of both.
const RATE: &str = "0.001";

fn main() -> anyhow::Result<()> {
    let rows = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(20_000_000);
    let directory = tempfile::tempdir()?;
    let list = directory.path().join("list.txt");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&list)?);
    sample::write(&mut out, rows, 1, Format::Lines)?;
    // On disk before the clock starts, so that no run competes with the writing of its own list.
    out.into_inner()?.sync_all()?;
    let cores = std::thread::available_parallelism()?;
    println!("{rows} rows, {cores} cores, {RUNS} runs in turn");
    let (site, filter) = (
        directory.path().join("site"),
        directory.path().join("filter"),
    );
    let (mut in_memory, mut on_disk, mut bloom) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        for (runs, memory) in [(&mut in_memory, "4GiB"), (&mut on_disk, "64MiB")] {
            runs.push(timed(build(&site, &list, memory))?);
            fs::remove_dir_all(&site)?;
        }
        if !succeeds(create(&filter, rows)) {
            continue;
        }
        bloom.push(timed(insert(&filter, &list)?)?);
        fs::remove_file(&filter)?;
    }
    print("cek-nik build --memory 4GiB", rows, &mut in_memory);
    print("cek-nik build --memory 64MiB", rows, &mut on_disk);
    if bloom.is_empty() {
        println!("  bloom is not installed: apt install golang-github-dcso-bloom-cli");
    } else {
        print("bloom insert", rows, &mut bloom);
    }
    Ok(())
}

fn build(site: &Path, list: &Path, memory: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cek-nik"));
    command
        .args(["build", "--kdf", "sha256", "--accept-enumeration"])
        .args(["--prefix-bits", "10", "--fpr", RATE, "--memory", memory])
        .arg("--out")
        .args([site, list]);
    command
}

fn create(filter: &Path, rows: u64) -> Command {
    let mut command = Command::new("bloom");
    command.args(["create", "-p", RATE, "-n", &rows.to_string()]);
    command.arg(filter);
    command
}

fn insert(filter: &Path, list: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new("bloom");
    command.arg("insert").arg(filter).stdin(File::open(list)?);
    Ok(command)
}

fn succeeds(mut command: Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The time of a run, and its peak of memory in KiB.
type Run = (Duration, Option<u64>);

fn timed(mut command: Command) -> anyhow::Result<Run> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        peak = high_water_mark(child.id()).or(peak);
        std::thread::sleep(Duration::from_millis(20));
    };
    anyhow::ensure!(status.success(), "a run has failed");
    Ok((start.elapsed(), peak))
}

fn print(name: &str, rows: u64, runs: &mut [Run]) {
    runs.sort_unstable();
    let (time, _) = runs[runs.len() / 2];
    let peak = runs.iter().filter_map(|(_, peak)| *peak).max();
    println!(
        "  {name}: median {:.2} s ({:.2} to {:.2}), {:.1} million rows a second, peak memory {}",
        time.as_secs_f64(),
        runs[0].0.as_secs_f64(),
        runs[runs.len() - 1].0.as_secs_f64(),
        rows as f64 / time.as_secs_f64() / 1e6,
        peak.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024))
    );
}

/// The most memory that a process has had so far, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

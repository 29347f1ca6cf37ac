//! How fast a list becomes a site, and in how much memory: `cargo bench -p cek-nik-cli --bench
//! build -- ROWS`.
//!
//! Runs the real command line on a made-up list of plain lines with `--kdf sha256`. The peak of
//! memory is read from `/proc`, so it is printed on Linux only.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cek_nik_publisher::sample::{self, Format};

const RUNS: usize = 3;

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
    println!("build --kdf sha256, {rows} rows, {cores} cores");
    for run in 1..=RUNS {
        let site = directory.path().join(format!("site{run}"));
        let (time, peak) = build(&site, &list)?;
        println!(
            "  run {run}: {:.2} s, {:.1} million rows a second, peak memory {}",
            time.as_secs_f64(),
            rows as f64 / time.as_secs_f64() / 1e6,
            peak.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024))
        );
        fs::remove_dir_all(&site)?;
    }
    Ok(())
}

fn build(site: &Path, list: &Path) -> anyhow::Result<(Duration, Option<u64>)> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cek-nik"))
        .args(["build", "--kdf", "sha256", "--accept-enumeration", "--out"])
        .args([site, list])
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
    anyhow::ensure!(status.success(), "the build has failed");
    Ok((start.elapsed(), peak))
}

/// The most memory that a process has had so far, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

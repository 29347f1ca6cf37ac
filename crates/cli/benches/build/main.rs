//! How fast a list becomes a site, in how much memory and how many bytes, beside programs that fill
//! one filter from the same lines: `cargo bench -p cek-nik-cli --bench build -- ROWS [ROWS ...]`.
//!
//! All programs take turns with the first number of rows, cek-nik alone with the others. Prints the
//! rows of a table in docs/BENCHMARKS.md. The peak of memory is read from `/proc`, so it is printed
//! on Linux only.

mod programs;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use cek_nik_publisher::sample::{self, Format};

use programs::{PROGRAMS, Program};

const RUNS: usize = 5;

/// Enough to leave none of 1,024 shards empty.
const TRIAL_ROWS: u64 = 20_000;

fn main() -> anyhow::Result<()> {
    let rows: Vec<u64> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let (first, further) = rows.split_first().unwrap_or((&20_000_000, &[]));
    println!(
        "Median of {RUNS} runs in turn:\n\n\
         | rows | program | time (least to most) | × cek-nik | million rows/s | peak memory \
         | bytes per key | × n log2(1/e) |\n|---|---|---|---|---|---|---|---|"
    );
    compare(*first, PROGRAMS)?;
    for rows in further {
        compare(*rows, programs::of_cek_nik())?;
    }
    Ok(())
}

/// A list, and where a program writes its filter.
struct Job {
    rows: u64,
    list: PathBuf,
    out: PathBuf,
    runs: u32,
}

impl Job {
    fn new(directory: &Path, rows: u64) -> io::Result<Self> {
        let (list, out) = (directory.join("list.txt"), directory.join("out"));
        let mut lines = BufWriter::with_capacity(1 << 20, File::create(&list)?);
        sample::write(&mut lines, rows, 1, Format::Lines)?;
        // On disk before the clock starts, so that no run competes with the writing of its list.
        lines.into_inner()?.sync_all()?;
        Ok(Self {
            rows,
            list,
            out,
            runs: 0,
        })
    }

    /// Moves on to another place for the filter. The old one stays: a build soon after the deletion
    /// of a thousand files is slower, since ext4 looks at each of them.
    fn begin_run(&mut self) {
        self.runs += 1;
        let name = format!("{}-{}", self.rows, self.runs);
        self.out.set_file_name(name);
    }

    fn distinct(&self) -> anyhow::Result<usize> {
        let mut niks = BufReader::new(File::open(&self.list)?)
            .lines()
            .map(|line| Ok(line?.parse::<u64>()?))
            .collect::<anyhow::Result<Vec<_>>>()?;
        niks.sort_unstable();
        niks.dedup();
        Ok(niks.len())
    }
}

/// Runs programs in turn and prints a row of the table for each.
fn compare(rows: u64, programs: &[Program]) -> anyhow::Result<()> {
    let directory = tempfile::tempdir()?;
    let mut trial = Job::new(directory.path(), TRIAL_ROWS)?;
    let mut measured = Vec::new();
    for program in programs {
        match (Run::of(program, &mut trial), program.install) {
            (Ok(_), _) => measured.push((program, Vec::new())),
            (Err(_), Some(install)) => eprintln!("{} is not installed: {install}", program.name),
            (Err(error), None) => return Err(error),
        }
    }
    let mut job = Job::new(directory.path(), rows)?;
    let keys = job.distinct()?;
    for _ in 0..RUNS {
        for (program, runs) in &mut measured {
            runs.push(Run::of(program, &mut job)?);
        }
    }
    let mut of_cek_nik = None;
    for (program, runs) in &mut measured {
        runs.sort_unstable_by_key(|run| run.time);
        let [least, median, most] =
            [0, RUNS / 2, RUNS - 1].map(|index| runs[index].time.as_secs_f64());
        let peak = runs.iter().filter_map(|run| run.peak_kib).max();
        let bytes_per_key = runs[0].bytes as f64 / keys as f64;
        println!(
            "| {rows} | {} | {median:.2} s ({least:.2} to {most:.2}) | {:.1} | {:.1} | {} \
             | {bytes_per_key:.2} | {:.2} |",
            program.name,
            median / *of_cek_nik.get_or_insert(median),
            rows as f64 / median / 1e6,
            peak.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024)),
            8.0 * bytes_per_key / (1.0 / program.rate).log2(),
        );
    }
    Ok(())
}

struct Run {
    time: Duration,
    peak_kib: Option<u64>,
    /// Of all filters that were written.
    bytes: u64,
}

impl Run {
    fn of(program: &Program, job: &mut Job) -> anyhow::Result<Self> {
        job.begin_run();
        let start = Instant::now();
        let mut child = (program.command)(job)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut peak_kib = None;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            peak_kib = high_water_mark(child.id()).or(peak_kib);
            std::thread::sleep(Duration::from_millis(5));
        };
        let time = start.elapsed();
        anyhow::ensure!(status.success(), "{} has failed", program.name);
        let bytes = size(&job.out.join("data")).or_else(|_| size(&job.out))?;
        Ok(Self {
            time,
            peak_kib,
            bytes,
        })
    }
}

/// The most memory that a process has had so far, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The bytes of a file, or of all files in a directory.
fn size(path: &Path) -> io::Result<u64> {
    let metadata = fs::metadata(path)?;
    if metadata.is_file() {
        return Ok(metadata.len());
    }
    fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}

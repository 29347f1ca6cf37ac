//! Whether a build makes Argon2id keys as fast as the argon2 crate alone on all cores: `cargo bench
//! -p cek-nik-cli --bench stretch -- KEYS`.
//!
//! Both make as many keys at the default cost, one after the other, several times. The build is the
//! real command line with all that it does besides: it reads the list twice, keeps the keys, and
//! writes the site. Core-seconds are read from `/proc`, so they are printed on Linux only; they say
//! what a computer that does something else meanwhile does not blur.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use cek_nik::key::Argon2Cost;
use cek_nik_publisher::sample::{self, Format};

const RUNS: usize = 5;

fn main() -> anyhow::Result<()> {
    let keys: u64 = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(3_000);
    let cores = std::thread::available_parallelism()?.get();
    let directory = tempfile::tempdir()?;
    let list = directory.path().join("list.txt");
    let mut lines = Vec::new();
    sample::write(&mut lines, keys, 1, Format::Lines)?;
    fs::write(&list, &lines)?;
    let cost = Argon2Cost::OWASP;
    println!(
        "argon2id, {} KiB, {} passes, {keys} keys, {cores} cores",
        cost.memory_kib(),
        cost.iterations()
    );
    let mut shares = Vec::new();
    for run in 1..=RUNS {
        let alone = Speed::of(keys, || crate_alone(&lines, cores))?;
        let site = directory.path().join(format!("site{run}"));
        let build = Speed::of(keys, || build(&site, &list))?;
        let share = 100.0 * build.per_second / alone.per_second;
        shares.push(share);
        println!(
            "  run {run}: the crate alone {alone}, build {build}: {share:.1} % of it by the \
             clock{}",
            match (build.per_core_second, alone.per_core_second) {
                (Some(build), Some(alone)) =>
                    format!(", {:.1} % by core-seconds", 100.0 * build / alone),
                _ => String::new(),
            }
        );
    }
    shares.sort_unstable_by(f64::total_cmp);
    println!("  median {:.1} % by the clock", shares[RUNS / 2]);
    Ok(())
}

struct Speed {
    per_second: f64,
    per_core_second: Option<f64>,
}

impl Speed {
    fn of(keys: u64, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let (start, busy) = (Instant::now(), core_seconds());
        work()?;
        let time = start.elapsed().as_secs_f64();
        let busy = core_seconds().zip(busy).map(|(now, before)| now - before);
        Ok(Self {
            per_second: keys as f64 / time,
            per_core_second: busy.map(|busy| keys as f64 / busy),
        })
    }
}

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1} keys a second", self.per_second)?;
        match self.per_core_second {
            Some(speed) => write!(f, " ({speed:.1} a core-second)"),
            None => Ok(()),
        }
    }
}

/// Each thread with memory of its own, which it uses again for every key: the fastest way that the
/// crate offers.
fn crate_alone(lines: &[u8], cores: usize) -> anyhow::Result<()> {
    let cost = Argon2Cost::OWASP;
    let niks: Vec<&[u8]> = lines.split(|&byte| byte == b'\n').collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let params = Params::new(
            cost.memory_kib(),
            cost.iterations(),
            cost.parallelism(),
            None,
        )
        .expect("a valid cost");
        let mut memory = vec![Block::new(); params.block_count()];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = [0; 32];
        loop {
            let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(nik) = niks.get(place).filter(|nik| !nik.is_empty()) else {
                return;
            };
            let identifier = [b"nik:", *nik].concat();
            argon2
                .hash_password_into_with_memory(&identifier, &[7; 16], &mut key, &mut memory)
                .expect("a valid salt");
            std::hint::black_box(key);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    Ok(())
}

fn build(site: &Path, list: &Path) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO_BIN_EXE_cek-nik"))
        .args(["build", "--out"])
        .args([site, list])
        .stderr(Stdio::null())
        .status()?;
    anyhow::ensure!(status.success(), "the build has failed");
    Ok(())
}

/// How long this process and the children that have ended have kept cores busy.
fn core_seconds() -> Option<f64> {
    // In clock ticks, of which the kernel counts a hundred a second for every program.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Behind the name of the program, which may hold anything: user, system, and both of the
    // children.
    let (_, fields) = stat.rsplit_once(')')?;
    let times = fields.split_whitespace().skip(11).take(4);
    let ticks: Vec<f64> = times.filter_map(|time| time.parse().ok()).collect();
    (ticks.len() == 4).then(|| ticks.iter().sum::<f64>() / TICKS)
}

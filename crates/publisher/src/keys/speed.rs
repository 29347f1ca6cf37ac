//! Key derivation speed of this computer, measured.

use std::time::{Duration, Instant};

use crate::job::join;
use crate::plan::cost::CoreSpeed;
use cek_nik::key::{Argon2Cost, Kdf, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::{Nik, NikBatch};

/// How long each derivation is measured, in wall-clock time.
const PATIENCE: Duration = Duration::from_millis(400);

/// Keys between two looks at the clock.
fn at_once(kdf: Kdf) -> usize {
    match kdf {
        Kdf::Sha256 => NikBatch::CAPACITY,
        Kdf::Argon2id(_) => 1,
    }
}

/// Measures both derivations, each on `threads` threads at once: cores that share memory slow each
/// other down, as they do in a build.
///
/// # Errors
///
/// Not enough memory for Argon2id.
pub fn measure(cost: Argon2Cost, threads: usize) -> Result<CoreSpeed, OutOfMemory> {
    let speed = |kdf| keys_per_second(kdf, threads);
    Ok(CoreSpeed {
        sha256: speed(Kdf::Sha256)?,
        argon2id: speed(Kdf::Argon2id(cost))?,
    })
}

/// A made-up NIK. The number makes no difference to the time.
const MADE_UP: u64 = 3_201_014_107_909_001;

/// Measures one derivation: the keys per second of one core, averaged over `threads` threads.
///
/// # Errors
///
/// Not enough memory for Argon2id.
pub fn keys_per_second(kdf: Kdf, threads: usize) -> Result<f64, OutOfMemory> {
    let mut niks = NikBatch::new();
    for _ in 0..at_once(kdf) {
        niks.push(Nik::of_number(MADE_UP).as_bytes());
    }
    let speeds = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| of_one(&niks, kdf)))
            .collect();
        workers.into_iter().map(join).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(speeds.iter().sum::<f64>() / speeds.len().max(1) as f64)
}

fn of_one(niks: &NikBatch, kdf: Kdf) -> Result<f64, OutOfMemory> {
    let mut deriver = KeyDeriver::new(Salt([0; 16]), kdf)?;
    let mut derive = || {
        deriver.derive_batch(niks, |key| {
            std::hint::black_box(key);
        })
    };
    // The first keys touch the memory, which happens only once in a build.
    derive()?;
    let (start, busy_before) = (Instant::now(), busy());
    let mut keys = 0;
    while start.elapsed() < PATIENCE {
        derive()?;
        keys += niks.len();
    }
    Ok(keys as f64 / (busy() - busy_before).as_secs_f64())
}

/// The CPU time of this thread. Unlike wall-clock time, other programs do not add to it.
#[cfg(unix)]
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The wall-clock time, so other programs make the measured speed too low.
#[cfg(not(unix))]
fn busy() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

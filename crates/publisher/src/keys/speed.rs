//! How many keys this computer makes in a second: the measurement behind every price.

use std::time::{Duration, Instant};

use crate::job::join;
use crate::plan::cost::CoreSpeed;
use cek_nik::identifier::Identifier;
use cek_nik::key::{Argon2Cost, Kdf, KeyDeriver, OutOfMemory, Salt};
use cek_nik::nik::Nik;

/// How long each derivation is measured, on the clock on the wall.
const PATIENCE: Duration = Duration::from_millis(800);

/// Keys that are made between two looks at the clock.
fn at_once(kdf: Kdf) -> u64 {
    match kdf {
        Kdf::Sha256 => 10_000,
        Kdf::Argon2id(_) => 1,
    }
}

/// Measures both derivations on so many threads at once, each as busy as in a build: cores that share memory slow each other down.
///
/// # Errors
///
/// Too little memory for Argon2id.
pub fn measure(cost: Argon2Cost, threads: usize) -> Result<CoreSpeed, OutOfMemory> {
    let speed = |kdf| keys_per_second(kdf, threads);
    Ok(CoreSpeed {
        sha256: speed(Kdf::Sha256)?,
        argon2id: speed(Kdf::Argon2id(cost))?,
    })
}

/// Nobody has a serial of 9001. Which number it is makes no difference to the time.
const MADE_UP: u64 = 3_201_014_107_909_001;

/// Measures one derivation: the keys that one thread makes, on average, in each second that a core gives it.
///
/// # Errors
///
/// Too little memory for Argon2id.
pub fn keys_per_second(kdf: Kdf, threads: usize) -> Result<f64, OutOfMemory> {
    let identifier = Identifier::of_nik(&Nik::of_number(MADE_UP));
    let speeds = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| of_one(&identifier, kdf)))
            .collect();
        workers.into_iter().map(join).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(speeds.iter().sum::<f64>() / speeds.len().max(1) as f64)
}

fn of_one(identifier: &Identifier, kdf: Kdf) -> Result<f64, OutOfMemory> {
    let mut deriver = KeyDeriver::new(Salt([0; 16]), kdf)?;
    // The first key pays for the memory, which a build pays once.
    deriver.derive(identifier)?;
    let (start, busy_before) = (Instant::now(), busy());
    let mut keys = 0;
    while start.elapsed() < PATIENCE {
        for _ in 0..at_once(kdf) {
            std::hint::black_box(deriver.derive(identifier)?);
        }
        keys += at_once(kdf);
    }
    Ok(keys as f64 / (busy() - busy_before).as_secs_f64())
}

/// How long this thread has kept a core busy, from some moment on. A price in core-hours is the same however much else the computer
/// does meanwhile.
#[cfg(unix)]
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The clock on the wall, which measures too low a speed where the computer does something else meanwhile.
#[cfg(not(unix))]
fn busy() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

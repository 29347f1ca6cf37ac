//! Jobs of the command line: today's date, the progress bar, and what they may take of this computer.

use std::sync::atomic::AtomicBool;

use cek_nik_publisher::job::Job;

use crate::output::progress::Bar;
use crate::today::today;

/// A job on all cores, with so many bytes of memory for keys.
pub fn on_all_cores<'a>(
    progress: &'a Bar,
    stop: &'a AtomicBool,
    memory: u64,
) -> anyhow::Result<Job<'a>> {
    Ok(Job {
        today: today()?,
        progress,
        stop,
        threads: std::thread::available_parallelism()?.get(),
        memory,
    })
}

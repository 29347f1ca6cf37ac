//! A progress bar on a terminal, for whatever takes longer than a second.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cek_nik::key::Kdf;
use cek_nik::plan::choice::Plan;
use cek_nik::publish::{Progress, Step};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use super::planned;

/// Shorter jobs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Draws on standard error, and only where that is a terminal.
pub struct Bar {
    bar: Mutex<ProgressBar>,
    shown: AtomicBool,
    rows: AtomicU64,
    reading: Mutex<Instant>,
    start: Instant,
}

impl Bar {
    pub fn new() -> Self {
        Self {
            bar: Mutex::new(ProgressBar::hidden()),
            shown: AtomicBool::new(false),
            rows: AtomicU64::new(0),
            reading: Mutex::new(Instant::now()),
            start: Instant::now(),
        }
    }

    fn bar(&self) -> ProgressBar {
        self.bar
            .lock()
            .unwrap_or_else(|broken| broken.into_inner())
            .clone()
    }
}

impl Progress for Bar {
    fn begin(&self, step: Step, total: Option<u64>) {
        let name = match step {
            Step::Reading => "Reading ",
            Step::Counting => "Counting",
            Step::Building => "Building",
            Step::Verifying => "Verifying",
            Step::Trying => "Trying  ",
        };
        let template = match (step, total) {
            (Step::Reading, Some(_)) => "{prefix} {wide_bar} {percent:>3} %  {msg}  {eta} left",
            (Step::Reading, None) => "{prefix} {spinner} {bytes}  {msg}",
            _ => "{prefix} {wide_bar} {percent:>3} %  {eta} left",
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        bar.set_style(style);
        bar.set_prefix(name);
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
        let mut current = self.bar.lock().unwrap_or_else(|broken| broken.into_inner());
        current.finish_and_clear();
        *current = bar;
        self.shown.store(false, Ordering::Relaxed);
        if step == Step::Reading {
            self.rows.store(0, Ordering::Relaxed);
            *self
                .reading
                .lock()
                .unwrap_or_else(|broken| broken.into_inner()) = Instant::now();
        }
    }

    fn advance(&self, by: u64) {
        let bar = self.bar();
        if self.start.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
        bar.inc(by);
    }

    fn rows(&self, by: u64) {
        let rows = self.rows.fetch_add(by, Ordering::Relaxed) + by;
        let reading = *self
            .reading
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let seconds = reading.elapsed().as_secs_f64();
        let per_second = rows as f64 / seconds.max(0.001);
        self.bar().set_message(format!(
            "{} rows, {} a second",
            HumanCount(rows),
            HumanCount(per_second as u64)
        ));
    }

    fn planned(&self, dataset: &str, plan: &Plan, kdf: Kdf) {
        self.bar().suspend(|| planned::print(dataset, plan, kdf));
    }

    fn end(&self) {
        self.bar().finish_and_clear();
    }
}

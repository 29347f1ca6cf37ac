//! Progress on standard error: a bar on a terminal after one second, elsewhere a line a minute.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cek_nik::nik::masked;
use cek_nik_publisher::job::{Event, Progress, Step};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::list_report::{DatasetSummary, ListReport};
use super::number_format::number;
use super::sanitize::printable;
use super::{plan_summary, report};

/// How long a job runs before it shows a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Seconds between two lines without a terminal.
const BETWEEN_LINES: u64 = 60;

/// Progress of a job.
pub struct Bar {
    bar: Mutex<ProgressBar>,
    shown: AtomicBool,
    rows: AtomicU64,
    reading: Mutex<Instant>,
    start: Instant,
    /// Rows with a key in the checkpoint, and how many of them have been checked.
    there: AtomicU64,
    checked: AtomicU64,
    /// When the next line is due, in seconds since the start. `u64::MAX` if a bar is shown, or for
    /// steps that take minutes at most.
    next_line: AtomicU64,
    /// How the lists are read.
    pub report: ListReport,
}

impl Bar {
    pub fn new() -> Self {
        Self {
            bar: Mutex::new(ProgressBar::hidden()),
            shown: AtomicBool::new(false),
            rows: AtomicU64::new(0),
            reading: Mutex::new(Instant::now()),
            start: Instant::now(),
            there: AtomicU64::new(0),
            checked: AtomicU64::new(0),
            next_line: AtomicU64::new(u64::MAX),
            report: ListReport::default(),
        }
    }

    fn bar(&self) -> ProgressBar {
        self.bar
            .lock()
            .unwrap_or_else(|broken| broken.into_inner())
            .clone()
    }

    /// Shows the bar after [`PATIENCE`].
    fn show(&self, bar: &ProgressBar) {
        if self.start.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Writes a line if one is due.
    fn write(&self, line: impl FnOnce() -> String) {
        let now = self.start.elapsed().as_secs();
        let due = self.next_line.load(Ordering::Relaxed);
        let next = now.saturating_add(BETWEEN_LINES);
        // Several threads may find it due; one writes it.
        let is_mine = |due| {
            self.next_line
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        };
        if now >= due && is_mine(due) {
            eprintln!("{}", line());
        }
    }
}

impl Progress for Bar {
    fn on(&self, event: Event) {
        match event {
            Event::Begin { step, total } => self.begin(step, total),
            Event::Advance(by) => self.advance(by),
            Event::Rows(by) => self.rows(by),
            Event::Continuing(there) => self.continuing(there),
            Event::Checked(by) => self.checked(by),
            Event::ListsRead {
                dataset,
                lists,
                source_info,
                stats,
                distinct,
                identifier,
            } => {
                let summary = DatasetSummary::of(dataset, lists, source_info, stats, distinct);
                self.bar()
                    .suspend(|| report::lists_read(&summary, lists, stats, identifier));
                self.report.add(summary);
            }
            Event::Remade { dataset, reason } => self.bar().suspend(|| {
                let reason = printable(&masked(&reason.to_string()));
                eprintln!("note: the shards of \"{dataset}\" are made again: {reason}");
            }),
            Event::Planned {
                dataset,
                plan,
                kdf,
                identifier,
            } => self
                .bar()
                .suspend(|| plan_summary::print(dataset, plan, kdf, identifier)),
        }
    }
}

impl Bar {
    fn begin(&self, step: Step, total: Option<u64>) {
        let name = match step {
            Step::Reading => "Reading ",
            Step::Stretching => "Stretching",
            Step::LoadingKeys => "Loading keys",
            Step::Counting => "Counting",
            Step::WritingKeys => "Writing keys",
            Step::Building => "Building",
            Step::Verifying => "Verifying",
            Step::Packing => "Packing ",
        };
        let template = match (step, total) {
            (Step::Reading, Some(_)) => "{prefix} {wide_bar} {percent:>3} %  {msg}  {eta} left",
            (Step::Reading, None) => "{prefix} {spinner} {bytes}  {msg}",
            (Step::Stretching, Some(_)) => STRETCHING,
            (Step::Stretching, None) => "{prefix} {spinner} {human_pos} keys  {speed}",
            _ => "{prefix} {wide_bar} {percent:>3} %  {eta} left",
        };
        if (step, total) == (Step::Stretching, None) {
            eprintln!("{READ_ONCE}");
        }
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        bar.set_style(style(template));
        bar.set_prefix(name);
        bar.set_draw_target(ProgressDrawTarget::hidden());
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
        let next_line = if step == Step::Stretching && !io::stderr().is_terminal() {
            self.start.elapsed().as_secs() + BETWEEN_LINES
        } else {
            u64::MAX
        };
        self.next_line.store(next_line, Ordering::Relaxed);
    }

    fn advance(&self, by: u64) {
        let bar = self.bar();
        self.show(&bar);
        bar.inc(by);
        self.write(|| stretching(bar.position(), bar.length(), bar.per_sec(), bar.eta()));
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
            "{} rows, {} per second",
            number(rows),
            number(per_second as u64)
        ));
    }

    fn continuing(&self, there: u64) {
        self.there.store(there, Ordering::Relaxed);
        self.checked.store(0, Ordering::Relaxed);
        let bar = self.bar();
        let there_are = number(there);
        let of = number(bar.length().unwrap_or(there));
        bar.suspend(|| eprintln!("Continuing: {there_are} of {of} keys were already derived"));
        bar.set_style(style(CHECKING));
        bar.set_position(there);
    }

    fn checked(&self, by: u64) {
        let bar = self.bar();
        let checked = self.checked.fetch_add(by, Ordering::Relaxed) + by;
        let there = self.there.load(Ordering::Relaxed);
        let percent = checked * 100 / there.max(1);
        self.show(&bar);
        bar.set_message(format!("{percent} %"));
        self.write(|| format!("Checking the keys already derived: {percent} %"));
        if checked == there {
            bar.set_style(style(STRETCHING));
            // Checking is much faster than deriving, and would spoil the estimate.
            bar.reset_eta();
        }
    }

    /// Removes the bar at the end of the job.
    pub fn end(&self) {
        self.bar().finish_and_clear();
    }
}

const READ_ONCE: &str = "\
note: standard input can be read only once, so an interrupted build starts over, and limits on the \
number of rows are checked only when all keys are derived. To avoid both, give the list as a file.";
const STRETCHING: &str = "{prefix} {wide_bar} {percent:>3} %  {speed}  {left}";
const CHECKING: &str =
    "{prefix} {wide_bar} {percent:>3} %  checking the keys already derived: {msg}";

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("speed", |state: &ProgressState, to: &mut dyn fmt::Write| {
            // A failure to draw the bar must not stop the job.
            let _ = to.write_str(&speed(state.per_sec()));
        })
        .with_key("left", |state: &ProgressState, to: &mut dyn fmt::Write| {
            let _ = to.write_str(&left(state.eta()));
        })
}

fn speed(per_second: f64) -> String {
    if per_second < 10.0 {
        format!("{per_second:.1} keys per second")
    } else {
        format!("{} keys per second", number(per_second.round() as u64))
    }
}

/// The time left; empty until it is known.
fn left(time: Duration) -> String {
    if time.is_zero() {
        String::new()
    } else {
        format!("{} left", HumanDuration(time))
    }
}

fn stretching(keys: u64, of: Option<u64>, per_second: f64, eta: Duration) -> String {
    let keys = number(keys);
    let speed = speed(per_second);
    match of {
        Some(of) => format!(
            "Stretching: {keys} of {} keys, {speed}{}{}",
            number(of),
            if eta.is_zero() { "" } else { ", " },
            left(eta)
        ),
        None => format!("Stretching: {keys} keys, {speed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_fast_and_how_long() {
        let hours = Duration::from_secs(2 * 3600);
        assert_eq!(
            stretching(12_345, Some(1_000_000), 118.4, hours),
            "Stretching: 12,345 of 1,000,000 keys, 118 keys per second, 2 hours left"
        );
        assert_eq!(
            stretching(3, None, 0.25, hours),
            "Stretching: 3 keys, 0.2 keys per second"
        );
    }
}

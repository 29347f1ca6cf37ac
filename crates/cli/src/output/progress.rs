//! Progress on standard error: a bar on a terminal after one second, elsewhere a line a minute.

use std::fmt;
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cek_nik::nik::masked;
use cek_nik_publisher::carried::unchanged::{KeyDifference, Remade};
use cek_nik_publisher::job::{Event, Progress, Step};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::failure::build::unverified;
use super::list_report::{DatasetSummary, ListReport};
use super::sanitize::printable;
use super::texts::{Language, Texts};
use super::{plan_summary, report};

/// How long a job runs before it shows a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Seconds between two lines without a terminal.
const BETWEEN_LINES: u64 = 60;

/// Progress of a job.
pub struct Bar {
    texts: Texts,
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
    pub fn new(texts: Texts) -> Self {
        Self {
            texts,
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
                    .suspend(|| report::lists_read(self.texts, &summary, lists, stats, identifier));
                self.report.add(summary);
            }
            Event::Remade { dataset, reason } => self.bar().suspend(|| {
                let reason = remade_because(self.texts, reason);
                let values = [("dataset", dataset), ("reason", &reason)];
                self.note(&self.texts.fill("/progress/remade", &values));
            }),
            Event::Planned {
                dataset,
                plan,
                kdf,
                identifier,
            } => self
                .bar()
                .suspend(|| plan_summary::print(self.texts, dataset, plan, kdf, identifier)),
        }
    }
}

impl Bar {
    fn begin(&self, step: Step, total: Option<u64>) {
        let name = self.texts.text(match step {
            Step::Reading => "/progress/step/reading",
            Step::Stretching => "/progress/step/stretching",
            Step::LoadingKeys => "/progress/step/loading_keys",
            Step::Counting => "/progress/step/counting",
            Step::WritingKeys => "/progress/step/writing_keys",
            Step::Building => "/progress/step/building",
            Step::Verifying => "/progress/step/verifying",
            Step::Packing => "/progress/step/packing",
        });
        let template = match (step, total) {
            (Step::Reading, Some(_)) => "{prefix} {wide_bar} {percent:>3} %  {msg}  {short_left}",
            (Step::Reading, None) => "{prefix} {spinner} {bytes}  {msg}",
            (Step::Stretching, Some(_)) => STRETCHING,
            (Step::Stretching, None) => "{prefix} {spinner} {keys}  {speed}",
            _ => "{prefix} {wide_bar} {percent:>3} %  {short_left}",
        };
        if (step, total) == (Step::Stretching, None) {
            self.note(self.texts.text("/progress/read_once"));
        }
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        bar.set_style(self.style(template));
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
        self.write(|| {
            let (keys, of) = (bar.position(), bar.length());
            stretching(self.texts, keys, of, bar.per_sec(), bar.eta())
        });
    }

    fn rows(&self, by: u64) {
        let rows = self.rows.fetch_add(by, Ordering::Relaxed) + by;
        let reading = *self
            .reading
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        let seconds = reading.elapsed().as_secs_f64();
        let per_second = rows as f64 / seconds.max(0.001);
        let values = [
            ("rows", &*self.texts.number(rows)),
            ("speed", &*self.texts.number(per_second as u64)),
        ];
        let message = self.texts.fill("/progress/rows", &values);
        self.bar().set_message(message);
    }

    fn continuing(&self, there: u64) {
        self.there.store(there, Ordering::Relaxed);
        self.checked.store(0, Ordering::Relaxed);
        let bar = self.bar();
        let values = [
            ("there", &*self.texts.number(there)),
            ("all", &*self.texts.number(bar.length().unwrap_or(there))),
        ];
        let line = self.texts.fill("/progress/continuing", &values);
        bar.suspend(|| eprintln!("{line}"));
        bar.set_style(self.style("{prefix} {wide_bar} {percent:>3} %  {msg}"));
        bar.set_position(there);
    }

    fn checked(&self, by: u64) {
        let bar = self.bar();
        let checked = self.checked.fetch_add(by, Ordering::Relaxed) + by;
        let there = self.there.load(Ordering::Relaxed);
        let percent = checked * 100 / there.max(1);
        self.show(&bar);
        let percent = format!("{percent} %");
        let values = [("percent", &*percent)];
        bar.set_message(self.texts.fill("/progress/checking", &values));
        self.write(|| self.texts.fill("/progress/checking_line", &values));
        if checked == there {
            bar.set_style(self.style(STRETCHING));
            // Checking is much faster than deriving, and would spoil the estimate.
            bar.reset_eta();
        }
    }

    /// Removes the bar at the end of the job.
    pub fn end(&self) {
        self.bar().finish_and_clear();
    }

    fn note(&self, words: &str) {
        eprintln!("{}: {words}", self.texts.text("/frame/note"));
    }

    fn style(&self, template: &str) -> ProgressStyle {
        let texts = self.texts;
        // A failure to draw the bar must not stop the job.
        let key = |words: fn(Texts, &ProgressState) -> String| {
            move |state: &ProgressState, to: &mut dyn fmt::Write| {
                let _ = to.write_str(&words(texts, state));
            }
        };
        ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("keys", key(|texts, state| keys(texts, state.pos())))
            .with_key("speed", key(|texts, state| speed(texts, state.per_sec())))
            .with_key("left", key(|texts, state| left(texts, state.eta())))
            .with_key(
                "short_left",
                key(|texts, state| short_left(texts, state.eta())),
            )
    }
}

const STRETCHING: &str = "{prefix} {wide_bar} {percent:>3} %  {speed}  {left}";

fn keys(texts: Texts, keys: u64) -> String {
    texts.fill("/progress/keys", &[("keys", &texts.number(keys))])
}

fn speed(texts: Texts, per_second: f64) -> String {
    let n = if per_second < 10.0 {
        texts.digits(format!("{per_second:.1}"))
    } else {
        texts.number(per_second.round() as u64)
    };
    texts.fill("/progress/speed", &[("n", &n)])
}

/// The time left; empty until it is known.
fn left(texts: Texts, time: Duration) -> String {
    if time.is_zero() {
        String::new()
    } else {
        texts.fill("/progress/left", &[("time", &texts.time_left(time))])
    }
}

/// The time left of a short step. English has letters for the units.
fn short_left(texts: Texts, time: Duration) -> String {
    let time = match texts.language() {
        Language::En => format!("{:#}", HumanDuration(time)),
        Language::Id => texts.time_left(time),
    };
    texts.fill("/progress/left", &[("time", &time)])
}

fn stretching(texts: Texts, keys: u64, of: Option<u64>, per_second: f64, eta: Duration) -> String {
    let keys = texts.number(keys);
    let speed = speed(texts, per_second);
    let Some(of) = of else {
        let values = [("keys", &*keys), ("speed", &*speed)];
        return texts.fill("/progress/stretching_unknown", &values);
    };
    let all = texts.number(of);
    let values = [("keys", &*keys), ("all", &*all), ("speed", &*speed)];
    let line = texts.fill("/progress/stretching", &values);
    match left(texts, eta) {
        left if left.is_empty() => line,
        left => format!("{line}, {left}"),
    }
}

/// Why the shards of a data set are made again.
fn remade_because(texts: Texts, reason: &Remade) -> String {
    let reason = match reason {
        Remade::OtherKeys(difference) => texts
            .text(match difference {
                KeyDifference::Salt => "/progress/remade_because/other_keys/salt",
                KeyDifference::Kdf => "/progress/remade_because/other_keys/kdf",
                KeyDifference::Identifier => "/progress/remade_because/other_keys/identifier",
            })
            .to_owned(),
        Remade::NoRecord(path) => {
            let path = path.display().to_string();
            texts.fill("/progress/remade_because/no_record", &[("path", &path)])
        }
        Remade::DamagedRecord(path) => {
            let path = path.display().to_string();
            texts.fill(
                "/progress/remade_because/damaged_record",
                &[("path", &path)],
            )
        }
        Remade::OtherRows => texts.text("/progress/remade_because/other_rows").to_owned(),
        Remade::OtherPlan => texts.text("/progress/remade_because/other_plan").to_owned(),
        Remade::Unverified(error) => match texts.language() {
            Language::En => error.to_string(),
            Language::Id => unverified(texts, error).unwrap_or_else(|| error.to_string()),
        },
    };
    printable(&masked(&reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_fast_and_how_long() {
        let texts = Texts::new(Language::En);
        let hours = Duration::from_secs(2 * 3600);
        assert_eq!(
            stretching(texts, 12_345, Some(1_000_000), 118.4, hours),
            "Stretching: 12,345 of 1,000,000 keys, 118 keys per second, 2 hours left"
        );
        assert_eq!(
            stretching(texts, 3, None, 0.25, hours),
            "Stretching: 3 keys, 0.2 keys per second"
        );
        assert_eq!(
            stretching(
                Texts::new(Language::Id),
                12_345,
                Some(1_000_000),
                0.25,
                hours
            ),
            "Menghitung kunci: 12.345 dari 1.000.000, 0,2 kunci per detik, 2 jam lagi"
        );
    }
}

//! Positions in the two plots of the page, in units of their `viewBox`. The templates draw them.

use cek_nik::accuracy::certainty;
use cek_nik_publisher::plan::accuracy::{PLAUSIBLE_NIKS, plausible_pairs};
use cek_nik_publisher::plan::anonymity_set::SMALL_CROWD;
use cek_nik_publisher::plan::choice::{BitsReason, Constraints, Plan};
use serde::Serialize;

use super::report::Report;

/// The edges of the area between the axes.
#[derive(Serialize)]
pub struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

pub const FRAME: Frame = Frame {
    left: 54.0,
    right: 348.0,
    top: 26.0,
    bottom: 210.0,
};

type Point = (f64, f64);
type Ticks = Vec<(f64, &'static str)>;

/// The certainty of a reader against the true share of an attacker, by false-positive rate.
#[derive(Serialize)]
pub struct Knob {
    columns: Ticks,
    rows: Ticks,
    locked: Vec<Point>,
    whole: Vec<Point>,
    /// This plan.
    x: f64,
    y: f64,
}

/// The number of people who share a prefix against the size of a download, by prefix bits.
#[derive(Serialize)]
pub struct AnonymitySet {
    columns: Ticks,
    rows: Ticks,
    /// One for each number of prefix bits, from 0.
    dots: Vec<Point>,
    /// The horizontal position below which too few people share a prefix.
    small_crowd: f64,
    /// The vertical position of the maximum file size, if it decided the plan.
    longest: Option<f64>,
}

/// The lowest and the highest value of an axis, on its scale.
#[derive(Clone, Copy)]
struct Axis(f64, f64);

impl Axis {
    fn contains(self, value: f64) -> bool {
        (self.0..=self.1).contains(&value)
    }

    fn x(self, value: f64) -> f64 {
        FRAME.left + (value - self.0) / (self.1 - self.0) * (FRAME.right - FRAME.left)
    }

    fn y(self, value: f64) -> f64 {
        FRAME.bottom - (value - self.0) / (self.1 - self.0) * (FRAME.bottom - FRAME.top)
    }

    /// The marks within the axis, at their positions.
    fn ticks(
        self,
        marks: &[(f64, &'static str)],
        scale: fn(f64) -> f64,
        position: fn(Self, f64) -> f64,
    ) -> Ticks {
        marks
            .iter()
            .map(|(value, label)| (scale(*value), *label))
            .filter(|(value, _)| self.contains(*value))
            .map(|(value, label)| (position(self, value), label))
            .collect()
    }
}

/// A logarithmic scale for certainties: 99 % and 99.9 % are as far apart as 90 % and 99 %.
fn spread(certainty: f64) -> f64 {
    (certainty / (1.0 - certainty)).log10()
}

/// The first plot; `None` for a list of everybody.
pub fn knob(report: &Report) -> Option<Knob> {
    let plan = &report.plan;
    let here = spread(plan.certainty()?);
    let certainty_at = |rate| spread(certainty(plan.distinct, rate, plan.constraints.population));
    let lowest = certainty_at(1.0).max(spread(0.5)).min(here);
    let readers = Axis(lowest - 0.1, (spread(0.9999) + 0.2).max(here + 0.2));
    let attacker = Axis(0.0, 1.0);
    let point = |certainty, share| (readers.x(certainty), attacker.y(share));
    // From 1, where everybody is told "in the list", by tenths of a power of two.
    let rates = (0..=480).map(|tenths| 2_f64.powf(-f64::from(tenths) / 10.0));
    let plans: Vec<(f64, Plan)> = rates
        .map(|rate| (certainty_at(rate), rate))
        .filter(|(certainty, _)| readers.contains(*certainty))
        .filter_map(|(certainty, rate)| {
            let constraints = Constraints {
                prefix_bits: Some(plan.chosen.prefix_bits),
                false_positive_rate: Some(rate),
                ..plan.constraints
            };
            Some((certainty, Plan::new(plan.distinct, &constraints).ok()?))
        })
        .collect();
    let curve = |candidates| {
        let points = plans
            .iter()
            .map(|(certainty, plan)| point(*certainty, plan.enumerators_share(candidates)));
        points.collect()
    };
    let (x, y) = point(here, report.enumeration().true_share);
    Some(Knob {
        columns: readers.ticks(&CERTAINTIES, spread, Axis::x),
        rows: attacker.ticks(&SHARES, f64::from, Axis::y),
        locked: curve(plausible_pairs(report.name_words)),
        whole: curve(PLAUSIBLE_NIKS),
        x,
        y,
    })
}

/// The second plot.
pub fn anonymity_set(plan: &Plan) -> AnonymitySet {
    let points: Vec<Point> = plan
        .rows()
        .map(|row| {
            (
                row.anonymity_set.country.log10(),
                (row.shard_bytes as f64).log10(),
            )
        })
        .collect();
    let small = SMALL_CROWD.log10();
    let (few, many) = span(points.iter().map(|point| point.0));
    let (short, long) = span(points.iter().map(|point| point.1));
    let people = Axis(few.min(small) - 0.2, many + 0.2);
    let bytes = Axis(short - 0.3, long + 0.3);
    let longest = match plan.bits_reason {
        BitsReason::Given => None,
        BitsReason::WholeFits => Some(plan.constraints.max_whole_bytes),
        BitsReason::FewestThatFit | BitsReason::NoneFits => Some(plan.constraints.max_shard_bytes),
    };
    AnonymitySet {
        columns: people.ticks(&PEOPLE, f64::log10, Axis::x),
        rows: bytes.ticks(&BYTES, f64::log10, Axis::y),
        dots: points
            .iter()
            .map(|point| (people.x(point.0), bytes.y(point.1)))
            .collect(),
        small_crowd: people.x(small),
        longest: longest
            .map(|bytes| (bytes.max(1) as f64).log10())
            .filter(|longest| bytes.contains(*longest))
            .map(|longest| bytes.y(longest)),
    }
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

const CERTAINTIES: [(f64, &str); 6] = [
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
    (0.99999, "99.999 %"),
];

const SHARES: [(f64, &str); 5] = [
    (0.0, "0 %"),
    (0.25, "25 %"),
    (0.5, "50 %"),
    (0.75, "75 %"),
    (1.0, "100 %"),
];

const PEOPLE: [(f64, &str); 7] = [
    (1e2, "100"),
    (1e3, "1,000"),
    (1e4, "10,000"),
    (1e5, "100,000"),
    (1e6, "1 million"),
    (1e7, "10 million"),
    (1e8, "100 million"),
];

const BYTES: [(f64, &str); 8] = [
    (100.0, "100 B"),
    (1_024.0, "1 KiB"),
    (10_240.0, "10 KiB"),
    (102_400.0, "100 KiB"),
    (1_048_576.0, "1 MiB"),
    (10_485_760.0, "10 MiB"),
    (104_857_600.0, "100 MiB"),
    (1_073_741_824.0, "1 GiB"),
];

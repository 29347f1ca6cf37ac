//! The two plots of the page: plain SVG, coloured by the page's style.

use cek_nik::plan::accuracy::{PLAUSIBLE_NIKS, enumerators_share, plausible_pairs};
use cek_nik::plan::certainty;
use cek_nik::plan::choice::Plan;
use cek_nik::plan::crowd::SMALL_CROWD;
use indicatif::HumanBytes;

use super::Report;
use super::text::people;
use crate::cli::planned::percent;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 40.0;

/// From values to places: each axis has the lowest and the highest value, on whatever scale the caller has put them.
struct Axes {
    x: (f64, f64),
    y: (f64, f64),
}

impl Axes {
    fn x(&self, value: f64) -> f64 {
        let (low, high) = self.x;
        LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        let (low, high) = self.y;
        HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
    }

    fn vertical(&self, value: f64, label: &str) -> String {
        let x = self.x(value);
        let (top, bottom) = (TOP, HEIGHT - BOTTOM);
        let under = bottom + 14.0;
        format!(
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{top}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
             <text x=\"{x:.1}\" y=\"{under}\" text-anchor=\"middle\">{label}</text>"
        )
    }

    fn horizontal(&self, value: f64, label: &str) -> String {
        let y = self.y(value);
        let (left, right) = (LEFT, WIDTH - RIGHT);
        let (beside, middle) = (left - 5.0, y + 4.0);
        format!(
            "<line class=\"grid\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
             <text x=\"{beside}\" y=\"{middle:.1}\" text-anchor=\"end\">{label}</text>"
        )
    }
}

fn svg(name: &str, description: &str, x_title: &str, y_title: &str, content: &str) -> String {
    let (middle, foot) = ((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8.0);
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"{name}-title\"><title id=\"{name}-title\">{description}</title>\
         {content}\
         <text class=\"title\" x=\"{middle}\" y=\"{foot}\" text-anchor=\"middle\">{x_title}</text>\
         <text class=\"title\" x=\"4\" y=\"13\">{y_title}</text></svg>"
    )
}

/// Certainties from a coin's to near 1, spread so that 99 % and 99.9 % are as far apart as 90 % and 99 % are.
fn spread(certainty: f64) -> f64 {
    (certainty / (1.0 - certainty)).log10()
}

const CERTAINTIES: [(f64, &str); 5] = [
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
];

/// The false-positive rates along a curve: from 1, where everybody is told "in the list", by these steps to the lowest.
fn rates() -> impl Iterator<Item = f64> {
    (0..=320).map(|tenths| 2_f64.powf(-f64::from(tenths) / 10.0))
}

/// What a reader may believe, against what an enumerator gets, for every false-positive rate. Of a list of everybody there is no such
/// curve.
pub fn knob(report: &Report) -> String {
    let plan = &report.plan;
    let Some(certainty) = plan.certainty() else {
        return "<p>This list has at least as many numbers as there are people, so that no curve can be drawn for it.</p>".to_owned();
    };
    let (low, high) = (spread(0.5), spread(0.9999));
    let axes = Axes {
        x: (low, high + 0.2),
        y: (0.0, 1.0),
    };
    let columns = CERTAINTIES.map(|(certainty, label)| axes.vertical(spread(certainty), label));
    let rows = [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|share| axes.horizontal(share, &format!("{:.0} %", share * 100.0)));
    let curve = |class: &str, candidates| {
        let points: Vec<String> = rates()
            .map(|rate| {
                let place = spread(certainty_at(plan, rate));
                (place, enumerators_share(plan.distinct, rate, candidates))
            })
            .filter(|(place, _)| (low..=high + 0.2).contains(place))
            .map(|(place, share)| format!("{:.1},{:.1}", axes.x(place), axes.y(share)))
            .collect();
        format!(
            "<polyline class=\"curve {class}\" points=\"{}\"/>",
            points.join(" ")
        )
    };
    let share = enumerators_share(plan.distinct, plan.false_positive_rate, PLAUSIBLE_NIKS);
    let place = spread(certainty).clamp(low, high + 0.2);
    let dot = format!(
        "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"6\"/>",
        axes.x(place),
        axes.y(share)
    );
    let content = [
        columns.concat(),
        rows.concat(),
        curve("locked", plausible_pairs(report.name_words)),
        curve("whole", PLAUSIBLE_NIKS),
        dot,
    ];
    let description = format!(
        "The surer a reader may be, the more of what an attacker finds is true. This plan: {} for the reader, {} for the attacker.",
        percent(certainty),
        percent(share)
    );
    svg(
        "knob",
        &description,
        "readers told “in the list” who are in it",
        "true, of what an attacker finds",
        &content.concat(),
    )
}

fn certainty_at(plan: &Plan, rate: f64) -> f64 {
    certainty(plan.distinct, rate, plan.wishes.population)
}

/// How many people share a prefix, against how much a reader downloads, for every number of prefix bits.
pub fn crowd(report: &Report) -> String {
    let plan = &report.plan;
    let points: Vec<(u8, f64, f64)> = plan
        .rows()
        .map(|row| {
            (
                row.prefix_bits.get(),
                row.crowd.country.log10(),
                (row.shard_bytes as f64).log10(),
            )
        })
        .collect();
    let span = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (few, many) = span(&mut points.iter().map(|point| point.1));
    let (short, long) = span(&mut points.iter().map(|point| point.2));
    let axes = Axes {
        x: (few.min(SMALL_CROWD.log10()) - 0.15, many + 0.15),
        y: (short - 0.2, long + 0.2),
    };
    let columns = ticks(&PEOPLE, axes.x).map(|(place, label)| axes.vertical(place, label));
    let columns: String = columns.collect();
    let rows = ticks(&BYTES, axes.y).map(|(place, label)| axes.horizontal(place, label));
    let rows: String = rows.collect();
    let x = axes.x(SMALL_CROWD.log10());
    let limit = format!(
        "<line class=\"limit\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{}\"/>",
        HEIGHT - BOTTOM
    );
    let chosen = plan.chosen.prefix_bits.get();
    let dots: String = points
        .iter()
        .map(|&(bits, people, bytes)| {
            let (x, y) = (axes.x(people), axes.y(bytes));
            if bits == chosen {
                let above = y - 9.0;
                format!(
                    "<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\"/>\
                     <text class=\"chosen-label\" x=\"{x:.1}\" y=\"{above:.1}\" text-anchor=\"end\">{}</text>",
                    if bits == 1 { "1 bit".to_owned() } else { format!("{bits} bits") }
                )
            } else {
                format!("<circle class=\"other\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>")
            }
        })
        .collect();
    let description = format!(
        "The more people share a prefix, the longer a file is. This plan: {} people, {}.",
        people(plan.chosen.crowd.country),
        HumanBytes(plan.chosen.shard_bytes)
    );
    svg(
        "crowd",
        &description,
        "people in the country who would send the same",
        "one file",
        &[columns, rows, limit, dots].concat(),
    )
}

const PEOPLE: [(f64, &str); 5] = [
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

/// The marks that lie within an axis, on its logarithmic scale.
fn ticks<'a>(
    marks: &'a [(f64, &'a str)],
    (low, high): (f64, f64),
) -> impl Iterator<Item = (f64, &'a str)> {
    marks
        .iter()
        .map(|(value, label)| (value.log10(), *label))
        .filter(move |(place, _)| (low..=high).contains(place))
}

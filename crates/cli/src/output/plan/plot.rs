//! The two plots of the plan.

use cek_nik::accuracy::certainty;
use cek_nik_publisher::plan::accuracy::{PLAUSIBLE_NIKS, plausible_pairs};
use cek_nik_publisher::plan::anonymity_set::SMALL_CROWD;
use cek_nik_publisher::plan::choice::{BitsReason, Plan, Wishes};

use crate::commands::plan::Report;
use crate::output::number_format::{people, percent, size};
use crate::output::page::plot::{
    Anchor, Axes, BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, dot, label, svg, ticks,
};
use crate::output::report::count;

/// Certainties, spread so that 99 % and 99.9 % are as far apart as 90 % and 99 % are.
fn spread(certainty: f64) -> f64 {
    (certainty / (1.0 - certainty)).log10()
}

const CERTAINTIES: [(f64, &str); 6] = [
    (0.5, "50 %"),
    (0.9, "90 %"),
    (0.99, "99 %"),
    (0.999, "99.9 %"),
    (0.9999, "99.99 %"),
    (0.99999, "99.999 %"),
];

/// The false-positive rates along a curve: from 1, where everybody is told "in the list", by tenths of a power of two.
fn rates() -> impl Iterator<Item = f64> {
    (0..=480).map(|tenths| 2_f64.powf(-f64::from(tenths) / 10.0))
}

/// What a reader may believe, against what an enumerator gets, for every false-positive rate; none for a list of everybody.
pub fn knob(report: &Report) -> Option<String> {
    let plan = &report.plan;
    let certainty = plan.certainty()?;
    let here = spread(certainty);
    let lowest = spread(certainty_at(plan, 1.0)).max(spread(0.5)).min(here);
    let axes = Axes {
        x: (lowest - 0.1, (spread(0.9999) + 0.2).max(here + 0.2)),
        y: (0.0, 1.0),
    };
    let columns: String = CERTAINTIES
        .iter()
        .map(|(certainty, label)| (spread(*certainty), label))
        .filter(|(place, _)| (axes.x.0..=axes.x.1).contains(place))
        .map(|(place, label)| axes.vertical(place, label))
        .collect();
    let rows = [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|share| axes.horizontal(share, &format!("{:.0} %", share * 100.0)));
    let share = report.enumeration().true_share;
    let place = (axes.x(here), axes.y(share));
    let content = [
        columns,
        rows.concat(),
        curve("locked", &axes, plan, plausible_pairs(report.name_words)),
        curve("whole", &axes, plan, PLAUSIBLE_NIKS),
        dot("dot", place, 6.0),
        this_plan(place, &percent(share)),
    ];
    let description = format!(
        "The surer a reader may be, the more of what an attacker finds is true. This plan: {} for the reader, {} for the attacker.",
        percent(certainty),
        percent(share)
    );
    Some(svg(
        "knob",
        &description,
        "readers told “in the list” who are in it",
        "true, of what an attacker finds",
        &content.concat(),
    ))
}

fn curve(class: &str, axes: &Axes, plan: &Plan, candidates: u64) -> String {
    let points: Vec<String> = rates()
        .map(|rate| (spread(certainty_at(plan, rate)), rate))
        .filter(|(place, _)| (axes.x.0..=axes.x.1).contains(place))
        .filter_map(|(place, rate)| {
            let wishes = Wishes {
                prefix_bits: Some(plan.chosen.prefix_bits),
                false_positive_rate: Some(rate),
                ..plan.wishes
            };
            let other = Plan::new(plan.distinct, &wishes).ok()?;
            Some((place, other.enumerators_share(candidates)))
        })
        .map(|(place, share)| format!("{:.1},{:.1}", axes.x(place), axes.y(share)))
        .collect();
    format!(
        "<polyline class=\"curve {class}\" points=\"{}\"/>",
        points.join(" ")
    )
}

fn certainty_at(plan: &Plan, rate: f64) -> f64 {
    certainty(plan.distinct, rate, plan.wishes.population)
}

/// A rising curve leaves room above it to the left; near the left edge there is room below it to the right.
fn this_plan((x, y): (f64, f64), value: &str) -> String {
    let text = format!("this plan: {value}");
    if x > LEFT + 110.0 {
        label("chosen-label", (x - 10.0, y - 1.0), Anchor::End, &text)
    } else {
        label("chosen-label", (x + 10.0, y + 9.0), Anchor::Start, &text)
    }
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
    let (few, many) = span(points.iter().map(|point| point.1));
    let (short, long) = span(points.iter().map(|point| point.2));
    let axes = Axes {
        x: (few.min(SMALL_CROWD.log10()) - 0.2, many + 0.2),
        y: (short - 0.3, long + 0.3),
    };
    let columns: String = ticks(&PEOPLE, axes.x)
        .map(|(place, label)| axes.vertical(place, label))
        .collect();
    let rows: String = ticks(&BYTES, axes.y)
        .map(|(place, label)| axes.horizontal(place, label))
        .collect();
    let chosen = plan.chosen.prefix_bits.get();
    let dots: String = points
        .iter()
        .map(|&(bits, people, bytes)| choice(bits, bits == chosen, (axes.x(people), axes.y(bytes))))
        .collect();
    let description = format!(
        "The more people share a prefix, the longer a file is. This plan: {} people, {}.",
        people(plan.chosen.crowd.country),
        size(plan.chosen.shard_bytes)
    );
    svg(
        "crowd",
        &description,
        "people who would fetch the same file",
        "one file",
        &[small_crowd(&axes), columns, rows, budget(&axes, plan), dots].concat(),
    )
}

/// Every fourth one is named, and the one that was chosen.
fn choice(bits: u8, is_chosen: bool, (x, y): (f64, f64)) -> String {
    let name = match bits {
        0 => "the whole list".to_owned(),
        bits => count(bits.into(), "bit", "bits"),
    };
    if is_chosen {
        let text = format!("this plan: {name}");
        let beside = if x > LEFT + 120.0 {
            label("chosen-label", (x - 10.0, y - 6.0), Anchor::End, &text)
        } else {
            label("chosen-label", (x + 10.0, y + 14.0), Anchor::Start, &text)
        };
        return dot("dot", (x, y), 6.0) + &beside;
    }
    let name = match bits {
        0 => label("faint", (x - 7.0, y - 1.0), Anchor::End, &name),
        4 | 8 | 12 => label("faint", (x + 6.0, y + 11.0), Anchor::Start, &name),
        _ => String::new(),
    };
    dot("other", (x, y), 3.0) + &name
}

/// What is refused unless it is accepted.
fn small_crowd(axes: &Axes) -> String {
    let (left, right) = (LEFT, axes.x(SMALL_CROWD.log10()));
    let (bottom, middle) = (HEIGHT - BOTTOM, (left + right) / 2.0 + 4.0);
    format!(
        "<rect class=\"refused\" x=\"{left}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{}\"/>\
         <text class=\"warm\" transform=\"translate({middle:.1} {}) rotate(-90)\" text-anchor=\"end\">small crowd: refused</text>",
        right - left,
        bottom - TOP,
        TOP + 4.0
    )
}

/// What was wished for as the longest file, where it has decided.
fn budget(axes: &Axes, plan: &Plan) -> String {
    let bytes = match plan.bits_reason {
        BitsReason::Given => return String::new(),
        BitsReason::WholeFits => plan.wishes.max_whole_bytes,
        BitsReason::FewestThatFit | BitsReason::NoneFits => plan.wishes.max_shard_bytes,
    };
    let place = (bytes.max(1) as f64).log10();
    if !(axes.y.0..=axes.y.1).contains(&place) {
        return String::new();
    }
    let (left, right, y) = (LEFT, WIDTH - RIGHT, axes.y(place));
    let text = format!("longest wanted: {}", size(bytes));
    // Where no dot is near.
    let label = match plan.bits_reason {
        BitsReason::WholeFits => {
            let beside = axes.x(SMALL_CROWD.log10()) + 4.0;
            label("warm", (beside, y + 12.0), Anchor::Start, &text)
        }
        _ => label("warm", (right - 2.0, y - 4.0), Anchor::End, &text),
    };
    format!(
        "<line class=\"limit\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>{label}"
    )
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

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

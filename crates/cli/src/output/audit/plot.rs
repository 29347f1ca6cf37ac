//! The plot of a data set: how many rows its shards have.

use cek_nik_audit::dataset::DatasetAudit;
use cek_nik_audit::fill::rows_at_rate;

use super::figures::number;
use crate::output::page::plot::{Axes, svg};

/// Bars of the histogram, at most.
const BARS: usize = 24;

/// How many shards have how many rows, and where the promised false-positive rate ends; nothing where there are too few shards for a plot.
pub fn rows(dataset: &DatasetAudit, name: &str) -> Option<String> {
    let rows = dataset.bits.as_ref()?.rows_per_shard.as_slice();
    if rows.len() < 4 {
        return None;
    }
    let limit = rows_at_rate(
        dataset.dataset.filter(),
        dataset.dataset.false_positive_rate(),
    );
    let fewest = rows.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rows.iter().copied().fold(limit, f64::max);
    let width = ((most - fewest) / BARS as f64).max(1.0);
    let bars = bars(rows, fewest, width);
    let highest = bars.iter().copied().max().unwrap_or(1);
    let margin = 1.5 * width;
    let axes = Axes {
        x: (fewest - margin, fewest + width * BARS as f64 + margin),
        y: (0.0, highest as f64 * 1.05),
    };
    let drawn: String = bars
        .iter()
        .enumerate()
        .filter(|(_, shards)| **shards > 0)
        .map(|(place, shards)| {
            let from = fewest + place as f64 * width;
            axes.bar((from, from + width), *shards as f64)
        })
        .collect();
    let columns = [fewest, (fewest + most) / 2.0, most]
        .map(|rows| axes.vertical(rows, &number(rows.round() as u64)));
    let lines = [0, highest / 2, highest]
        .map(|shards| axes.horizontal(shards as f64, &number(shards as u64)));
    let description = format!(
        "How many shards have how many rows: {} to {}. Room for the promised rate of false positives is for {}.",
        number(fewest.round() as u64),
        number(rows.iter().copied().fold(0.0, f64::max).round() as u64),
        number(limit.round() as u64)
    );
    Some(svg(
        name,
        &description,
        "rows in a shard, by its bits",
        "shards",
        &[columns.concat(), lines.concat(), drawn, axes.limit(limit)].concat(),
    ))
}

/// How many values fall into each interval from the lowest on.
fn bars(values: &[f64], lowest: f64, width: f64) -> Vec<usize> {
    let mut bars = vec![0; BARS];
    for value in values {
        let place = ((value - lowest) / width) as usize;
        if let Some(bar) = bars.get_mut(place.min(BARS - 1)) {
            *bar += 1;
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shard_is_in_a_bar() {
        let bars = bars(&[10.0, 10.4, 11.0, 33.9, 34.0], 10.0, 1.0);
        assert_eq!((bars[0], bars[1], bars[23]), (2, 1, 2));
        assert_eq!(bars.iter().sum::<usize>(), 5);
    }
}

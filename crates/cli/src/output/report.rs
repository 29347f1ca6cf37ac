//! What a build says when it is done.

use std::path::{Path, PathBuf};

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::{Severity, Warning};
use cek_nik_publisher::config::Description;
use cek_nik_publisher::config::steps::Change;
use cek_nik_publisher::input::SourceInfo;
use cek_nik_publisher::input::stats::{Accepted, Place, Stats};
use cek_nik_publisher::pipeline::{Edition, Published};
use cek_nik_publisher::staging::Removed;

use super::number_format::{bytes, count, number};
use super::plan_summary::different;
use super::sanitize;

pub fn published(published: &Published, site: &Path, description: &Description) {
    for edition in &published.editions {
        dataset(edition, description.identifier);
    }
    for (id, change) in description.steps.changes() {
        // A misspelt id adds a step where one was to be replaced, and only this shows it.
        eprintln!("Step \"{id}\": {}", done(change));
    }
    let kdf = description.kdf.to_string();
    eprintln!("Keys: {kdf}, salt {}", published.salt.to_hex());
    for Removed { path, error } in &published.removed {
        match error {
            None => eprintln!("Removed the old edition {}", sanitize::path(path)),
            Some(error) => eprintln!(
                "warning: the old edition {} could not be removed ({error}): remove it yourself",
                sanitize::path(path)
            ),
        }
    }
    if let Some((path, error)) = &published.left {
        eprintln!(
            "warning: the keys in {} could not be removed ({error}): remove them yourself",
            sanitize::path(path)
        );
    }
    eprintln!(
        "The site is ready: {}\nLook at it with: cek-nik serve {}",
        sanitize::path(site),
        sanitize::path(site)
    );
}

fn done(change: Change) -> &'static str {
    match change {
        Change::Added => "added, shown ahead of the widget's own",
        Change::Replaced => "shown in place of the widget's own",
        Change::Hidden => "not shown",
    }
}

fn dataset(edition: &Edition, identifier: IdentifierKind) {
    let lists: Vec<PathBuf> = edition.lists.iter().map(|(path, _)| path.clone()).collect();
    eprintln!("Data set \"{}\"", edition.id);
    for (path, seen) in &edition.lists {
        list(path, seen);
    }
    rows(&edition.stats, &lists, identifier);
    lost(&edition.stats);
    let twice = edition.stats.accepted().rows() - edition.distinct;
    eprintln!(
        "  {}, {} repeated",
        different(edition.distinct, identifier),
        count(twice, "row", "rows")
    );
    if edition.continued > 0 {
        let niks = edition.stats.accepted().rows();
        eprintln!(
            "  the keys of {} were there, those of {} were made now",
            count(edition.continued, "row", "rows"),
            number(niks.saturating_sub(edition.continued))
        );
    }
    let shards = u64::from(edition.sizing.prefix_bits.shards());
    eprintln!(
        "  {} of {}{}",
        count(shards, "shard", "shards"),
        bytes(edition.shard_bytes()),
        match shards {
            1 => String::new(),
            _ => format!(" each, {} in all", bytes(edition.total_bytes())),
        }
    );
}

/// Which columns were read, and what is odd about the list.
pub fn list(path: &Path, seen: &SourceInfo) {
    if let Some(column) = &seen.column {
        eprintln!(
            "  {}: column \"{}\"",
            sanitize::path(path),
            sanitize::printable(column)
        );
    }
    if let Some(column) = &seen.name_column {
        eprintln!(
            "  {}: names in column \"{}\"",
            sanitize::path(path),
            sanitize::printable(column)
        );
    }
    if seen.long_rows > 0 {
        eprintln!(
            "  warning: {}: {} over several lines (the first at line {}). If quotation marks have no meaning in this file, NIKs \
             were lost: give --no-quotes",
            sanitize::path(path),
            count(seen.long_rows, "row runs", "rows run"),
            join(&seen.long_row_lines)
        );
    }
}

pub fn rows(stats: &Stats, lists: &[PathBuf], identifier: IdentifierKind) {
    let (one, many) = match identifier {
        IdentifierKind::Nik => ("NIK", "NIKs"),
        IdentifierKind::NikAndName => ("pair of NIK and name", "pairs of NIK and name"),
    };
    eprintln!(
        "  {}: {}, {} refused",
        count(stats.rows(), "row", "rows"),
        count(stats.accepted().rows(), one, many),
        number(stats.refused())
    );
    for (refusal, rows, places) in stats.reasons() {
        eprintln!(
            "    {}: {refusal} ({})",
            number(rows),
            describe_places(places, lists)
        );
    }
    for (list, accepted) in stats.lists().enumerate() {
        if let Some(path) = lists.get(list).filter(|_| lists.len() > 1) {
            eprintln!("  {}", sanitize::path(path));
        }
        warnings(accepted);
    }
}

/// What being left out means for the people in the rows.
fn lost(stats: &Stats) {
    let lost = stats.lacking_names();
    if lost > 0 {
        eprintln!(
            "  warning: {} a NIK, and no name that can be used: whoever stands there is told \"not in this list\". Mend the lines above",
            count(lost, "row has", "rows have")
        );
    }
}

/// What the NIKs of a list look like: whether a column really holds NIKs shows here at a glance.
fn warnings(accepted: &Accepted) {
    let niks = accepted.rows();
    if niks == 0 {
        return;
    }
    eprintln!(
        "  {} the rules by which NIKs are given out",
        match accepted.against_the_rules() {
            0 => "no NIK breaks".to_owned(),
            1 => format!("1 NIK ({}) breaks", share(1, niks)),
            rows => format!("{} NIKs ({}) break", number(rows), share(rows, niks)),
        }
    );
    drawn(accepted, Severity::Strong);
    if drawing_soft(accepted) {
        eprintln!("  unusual, but within the rules:");
        drawn(accepted, Severity::Soft);
    }
    // What a spreadsheet has rounded is refused, with words of its own.
    if accepted.mostly_draws(Warning::Rounded) {
        return;
    }
    if accepted.is_mostly_against_the_rules() {
        eprintln!("  warning: of a real list, few NIKs break the rules: is this the right column?");
    }
    if accepted.mostly_draws(Warning::FamilyCard) {
        eprintln!(
            "  warning: in a list of people, about one in five looks so: are these numbers of family cards (No. KK)?"
        );
    }
}

fn drawing_soft(accepted: &Accepted) -> bool {
    Warning::ALL
        .into_iter()
        .any(|warning| warning.severity() == Severity::Soft && accepted.drawing(warning) > 0)
}

fn drawn(accepted: &Accepted, severity: Severity) {
    let niks = accepted.rows();
    for warning in Warning::ALL {
        let rows = accepted.drawing(warning);
        if rows > 0 && warning.severity() == severity {
            eprintln!(
                "    {} ({}): {}",
                number(rows),
                share(rows, niks),
                describe(warning)
            );
        }
    }
}

fn share(rows: u64, of: u64) -> String {
    let percent = rows as f64 / of as f64 * 100.0;
    if percent < 0.1 {
        "below 0.1 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

fn describe(warning: Warning) -> &'static str {
    match warning {
        Warning::ProvinceUnknown => "no province has that code",
        Warning::RegencyUnknown => "no regency or city has that code",
        Warning::DistrictZero => "district 00",
        Warning::DistrictUnknown => "beyond the highest district of the regency or city",
        Warning::DayImpossible => "the day of birth is no day",
        Warning::MonthImpossible => "the month of birth is no month",
        Warning::DateImpossible => "the month does not have that day",
        Warning::LeapDayImpossible => "29 February of a year that has none",
        Warning::DateInFuture => "born in the future",
        Warning::SerialZero => "serial 0000",
        Warning::SerialHigh => "an unusually high serial, 0100 or above",
        Warning::FamilyCard => "a man of up to 25, or a family card (No. KK)",
        Warning::Rounded => "ends in 0000, as after a spreadsheet",
    }
}

fn describe_places(places: &[Place], lists: &[PathBuf]) -> String {
    let lines: Vec<String> = places
        .iter()
        .map(|place| match lists.get(place.list) {
            Some(path) if lists.len() > 1 => format!("{}:{}", sanitize::path(path), place.line),
            _ => place.line.to_string(),
        })
        .collect();
    let word = if lines.len() == 1 {
        "line"
    } else {
        "first lines"
    };
    format!("{word} {}", lines.join(", "))
}

fn join(lines: &[u64]) -> String {
    let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
    lines.join(", ")
}

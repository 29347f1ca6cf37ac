//! Reports: how lists are read, and what a build has made of them.

use std::path::{Path, PathBuf};

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::{Severity, Warning};
use cek_nik_publisher::config::steps::{Change, Steps};
use cek_nik_publisher::edit::Withdrawn;
use cek_nik_publisher::input::list_profile::Format;
use cek_nik_publisher::input::name_field::NameCounts;
use cek_nik_publisher::input::stats::{Accepted, Place, RejectedRows, Stats};
use cek_nik_publisher::key_file::KeyFileTotals;
use cek_nik_publisher::pipeline::{Edition, Published};
use cek_nik_publisher::staging::Removed;

use super::list_report::{DatasetSummary, ListSummary};
use super::number_format::{bytes, count, number};
use super::plan_summary::different;
use super::sanitize::{self, printable};

pub fn published(published: &Published, site: &Path, steps: &Steps, memory: u64) {
    carried(published);
    for edition in &published.editions {
        dataset(edition, published.keys.identifier);
        if edition.keys_on_disk > 0 {
            eprintln!(
                "  {} of keys in temporary files: the memory was too small for all",
                bytes(edition.keys_on_disk)
            );
        }
    }
    for (id, change) in steps.changes() {
        // A misspelt id adds a step where one was to be replaced, and only this shows it.
        eprintln!("Advice to readers \"{id}\": {}", done(change));
    }
    let kdf = published.keys.kdf.to_string();
    eprintln!("Keys: {kdf}, salt {}", published.keys.salt.to_hex());
    if !published.editions.is_empty() {
        eprintln!("Memory for keys: {} (--memory)", bytes(memory));
    }
    ready(published, site);
}

/// What an edit of a site has done.
pub fn edited(published: &Published, site: &Path) {
    carried(published);
    ready(published, site);
}

/// Reminds of a description, which an edit does not change.
pub fn remind_of_description() {
    eprintln!(
        "If a catalogue.toml describes this site, change it as well: the next build publishes what \
         it says"
    );
}

/// What taking a site down has done, and what is left to do.
pub fn withdrawn(withdrawn: &Withdrawn, site: &Path) {
    removed(&withdrawn.removed);
    if let Some((path, error)) = &withdrawn.unrecorded {
        eprintln!(
            "warning: the record of the lists in {} could not be removed ({error}): remove it \
             yourself",
            sanitize::path(path)
        );
    }
    eprintln!(
        "The site is taken down: {}. Its pages say so in Indonesian and English.",
        sanitize::path(site)
    );
    eprintln!(
        "Upload the directory. On the host, delete catalogue.json, catalogue.json.minisig, data \
         and all packs. Leave sw.js there for a year: it removes saved lists from readers' devices \
         when they visit again."
    );
}

fn carried(published: &Published) {
    for id in &published.carried {
        eprintln!("Data set \"{id}\"");
        eprintln!("  its shards were verified and stay; no key was made");
    }
}

fn ready(published: &Published, site: &Path) {
    removed(&published.removed);
    if let Some((path, error)) = &published.left {
        eprintln!(
            "warning: the keys in {} could not be removed ({error}): remove them yourself",
            sanitize::path(path)
        );
    }
    if let Some((path, error)) = &published.unrecorded {
        eprintln!(
            "warning: the record of the lists in {} could not be written ({error}): the next build \
             will not recognize an unchanged list, and will make its keys again",
            sanitize::path(path)
        );
    }
    let site = sanitize::path(site);
    if published.signature_removed {
        eprintln!(
            "warning: the signature of the old edition was removed. Sign this one before you \
             upload it: cek-nik sign {site} --key FILE"
        );
    } else if published.awaits_signature {
        eprintln!(
            "warning: the pages pin your key, so they give no answer from an unsigned site. Sign it \
             before you upload it: cek-nik sign {site} --key FILE"
        );
    }
    eprintln!("The site is ready: {site}");
    if cfg!(feature = "serve") {
        eprintln!("Look at it with: cek-nik serve {site}");
    }
}

fn removed(editions: &[Removed]) {
    for Removed { path, error } in editions {
        match error {
            None => eprintln!("Removed the old edition {}", sanitize::path(path)),
            Some(error) => eprintln!(
                "warning: the old edition {} could not be removed ({error}): remove it yourself",
                sanitize::path(path)
            ),
        }
    }
}

fn done(change: Change) -> &'static str {
    match change {
        Change::Added => "added before the widget's own",
        Change::Replaced => "replaces the widget's own",
        Change::Hidden => "hidden",
    }
}

fn dataset(edition: &Edition, identifier: IdentifierKind) {
    eprintln!("Data set \"{}\"", edition.id);
    key_files(&edition.key_files);
    lost(edition.lost());
    let twice = edition.rows().saturating_sub(edition.distinct);
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

fn key_files(totals: &KeyFileTotals) {
    if totals.files == 0 {
        return;
    }
    eprintln!(
        "  {}: {}, {} lost in rows that cannot be used, {} without a person",
        count(totals.files as u64, "key file", "key files"),
        count(totals.counts.rows, "row", "rows"),
        count(totals.counts.lost, "person", "people"),
        count(totals.counts.set_aside, "row", "rows")
    );
    if totals.repeated > 0 {
        eprintln!(
            "  {} repeat the work of another one, and add nothing",
            count(totals.repeated as u64, "key file", "key files")
        );
    }
}

/// How lists are read: their columns, and what became of their rows.
pub fn lists_read(
    summary: &DatasetSummary,
    lists: &[PathBuf],
    stats: &Stats,
    identifier: IdentifierKind,
) {
    match summary.lists.len() {
        1 => eprintln!("How this list is read"),
        _ => eprintln!("How these lists are read"),
    }
    summary.lists.iter().for_each(list);
    rows(stats, lists, identifier);
    if let Some(repeated) = summary.rows_repeated {
        eprintln!("  {} repeated", count(repeated, "row", "rows"));
    }
}

fn list(list: &ListSummary) {
    eprintln!("  {}: {}", list.list, written(list));
    if let (Some(nik), Some(because)) = (&list.nik_column, &list.because) {
        eprintln!("    NIK: {} of {}, {because}", nik.words, list.columns);
    }
    if let Some(name) = &list.name_column {
        eprintln!("    name: {}", name.words);
    }
    if list.columns_with_numbers.len() > 1 {
        eprintln!("    columns with numbers of 16 digits, by the first rows:");
        for column in &list.columns_with_numbers {
            eprintln!("      {}", column.words);
        }
    }
    for column in &list.columns_not_read {
        eprintln!(
            "    warning: {} is not read: people who are listed only there are told \"not in this \
             list\"",
            column.words
        );
    }
    if list.nul_bytes > 0 {
        eprintln!(
            "    warning: {}: the file may be damaged",
            count(list.nul_bytes, "stray NUL byte", "stray NUL bytes")
        );
    }
    if list.long_rows > 0 {
        eprintln!(
            "    warning: {} over several lines (the first at line {}). If quotation marks have no \
             meaning in this file, NIKs were lost: give --no-quotes",
            count(list.long_rows, "row runs", "rows run"),
            join(&list.long_row_lines)
        );
    }
}

/// How a list is written: `text in UTF-8, columns separated by ",", heading in line 1`.
fn written(list: &ListSummary) -> String {
    let source = &list.source;
    let mut text = printable(&source.format.to_string());
    if let Some(encoding) = source.encoding {
        text += &format!(" in {encoding}");
    }
    if let Some(compression) = source.compression {
        text += &format!(", compressed with {}", compression.name());
    }
    text += &match list.delimiter {
        Some('\t') => ", columns separated by tabs".to_owned(),
        Some(delimiter) => format!(", columns separated by \"{delimiter}\""),
        None if source.format == Format::Text => ", plain lines, one number each".to_owned(),
        None => String::new(),
    };
    text + &match (list.heading_line, list.lines_above) {
        _ if source.format.has_titles() => String::new(),
        (Some(line), _) => format!(", heading in line {line}"),
        (None, 0) => ", no heading".to_owned(),
        (None, above) => format!(
            ", no heading, {} above the rows",
            count(above, "line", "lines")
        ),
    }
}

fn rows(stats: &Stats, lists: &[PathBuf], identifier: IdentifierKind) {
    let (one, many) = match identifier {
        IdentifierKind::Nik => ("NIK", "NIKs"),
        IdentifierKind::NikAndName => ("pair of NIK and name", "pairs of NIK and name"),
    };
    eprintln!(
        "  {}, {} lost in rows that cannot be used, {} without a person",
        count(stats.accepted().rows(), one, many),
        match stats.lost() {
            1 => "1 person".to_owned(),
            people => format!("{} people", number(people)),
        },
        count(stats.set_aside(), "row", "rows")
    );
    for RejectedRows {
        reason,
        rows,
        people,
        first,
    } in stats.reasons()
    {
        let people = match people > rows {
            true => format!(", {} people", number(people)),
            false => String::new(),
        };
        eprintln!(
            "    {}: {reason}{people} ({})",
            number(rows),
            describe_places(first, lists)
        );
    }
    for (list, of_list) in stats.lists().enumerate() {
        if lists.len() > 1 {
            eprintln!("  {}", sanitize::path(&lists[list]));
        }
        warnings(&of_list.accepted);
        names(&of_list.names);
    }
}

/// What is odd about the names of a list.
fn names(names: &NameCounts) {
    if names.is_often_addressed() {
        eprintln!(
            "  warning: {} of the names begin with a form of address (IBU, BAPAK, AN, SAUDARA, \
             KEL.). Readers type the first word on the KTP, and are not found under such a word. \
             Export the names as the KTP has them",
            share(names.addressed, names.names)
        );
    }
    if names.is_often_surname_first() {
        eprintln!(
            "  warning: {} of the names look like SURNAME, FIRST. Readers type the first word on \
             the KTP, and are not found under the surname. Export the names as the KTP has them",
            share(names.surname_first, names.names)
        );
    }
}

/// What being left out means for the people in the rows.
fn lost(lost: u64) {
    if lost > 0 {
        eprintln!(
            "  warning: {} missing from the site, because their rows cannot be used. They will be \
             told \"not in this list\". Mend the lines named above, and build again",
            count(lost, "person is", "people are")
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
        eprintln!(
            "  warning: in a real list, few NIKs break the rules. This may be the wrong column: \
             check it, and name the right one with --column"
        );
    }
    if accepted.mostly_draws(Warning::FamilyCard) {
        eprintln!(
            "  warning: in a list of people, about one number in five looks like that of a family \
             card (No. KK). If this column holds family cards, name the NIK column with --column"
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

/// How many lines are named of each reason.
const LINES_NAMED: usize = 5;

fn describe_places(places: &[Place], lists: &[PathBuf]) -> String {
    let lines: Vec<String> = places
        .iter()
        .take(LINES_NAMED)
        .map(|place| match lists {
            [_] => place.line.to_string(),
            _ => format!("{}:{}", sanitize::path(&lists[place.list]), place.line),
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

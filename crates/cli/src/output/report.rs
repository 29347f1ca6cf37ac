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

use super::columns;
use super::list_report::{DatasetSummary, ListSummary};
use super::plan_summary::different;
use super::sanitize::{self, printable};
use super::texts::{Language, Texts};

pub fn published(texts: Texts, published: &Published, site: &Path, steps: &Steps, memory: u64) {
    carried(texts, published);
    for edition in &published.editions {
        dataset(texts, edition, published.keys.identifier);
        if edition.keys_on_disk > 0 {
            let size = texts.bytes(edition.keys_on_disk);
            eprintln!(
                "  {}",
                texts.fill("/report/keys_on_disk", &[("size", &size)])
            );
        }
    }
    for (id, change) in steps.changes() {
        // A misspelt id adds a step where one was to be replaced, and only this shows it.
        let done = texts.text(match change {
            Change::Added => "/report/step/added",
            Change::Replaced => "/report/step/replaced",
            Change::Hidden => "/report/step/hidden",
        });
        let values = [("id", id), ("done", done)];
        eprintln!("{}", texts.fill("/report/step/changed", &values));
    }
    let kdf = published.keys.kdf.to_string();
    let salt = published.keys.salt.to_hex();
    let values = [("kdf", &*kdf), ("salt", &*salt)];
    eprintln!("{}", texts.fill("/report/keys", &values));
    if !published.editions.is_empty() {
        let size = texts.bytes(memory);
        eprintln!("{}", texts.fill("/report/memory", &[("size", &size)]));
    }
    ready(texts, published, site);
}

/// What an edit of a site has done.
pub fn edited(texts: Texts, published: &Published, site: &Path) {
    carried(texts, published);
    ready(texts, published, site);
}

/// Reminds of a description, which an edit does not change.
pub fn remind_of_description(texts: Texts) {
    eprintln!("{}", texts.text("/report/description"));
}

/// What taking a site down has done, and what is left to do.
pub fn withdrawn(withdrawn: &Withdrawn, site: &Path) {
    removed(Texts::new(Language::En), &withdrawn.removed);
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

fn carried(texts: Texts, published: &Published) {
    for id in &published.carried {
        eprintln!("{}", texts.fill("/report/dataset", &[("id", id)]));
        eprintln!("  {}", texts.text("/report/carried"));
    }
}

/// A line that begins with "warning:".
fn warn(texts: Texts, indent: &str, words: &str) {
    eprintln!("{indent}{}: {words}", texts.warning());
}

fn ready(texts: Texts, published: &Published, site: &Path) {
    removed(texts, &published.removed);
    for (path, left) in [
        ("/report/keys_left", &published.left),
        ("/report/unrecorded", &published.unrecorded),
    ] {
        if let Some((directory, error)) = left {
            let (directory, error) = (sanitize::path(directory), error.to_string());
            let values = [("path", &*directory), ("error", &*error)];
            warn(texts, "", &texts.fill(path, &values));
        }
    }
    let site = sanitize::path(site);
    let values = [("site", &*site)];
    if published.signature_removed {
        warn(texts, "", &texts.fill("/report/signature_removed", &values));
    } else if published.awaits_signature {
        warn(texts, "", &texts.fill("/report/awaits_signature", &values));
    }
    eprintln!("{}", texts.fill("/report/ready", &values));
    if cfg!(feature = "serve") {
        eprintln!("{}", texts.fill("/report/look", &values));
    }
}

fn removed(texts: Texts, editions: &[Removed]) {
    for Removed { path, error } in editions {
        let path = sanitize::path(path);
        match error {
            None => eprintln!("{}", texts.fill("/report/removed", &[("path", &path)])),
            Some(error) => {
                let error = error.to_string();
                let values = [("path", &*path), ("error", &*error)];
                warn(texts, "", &texts.fill("/report/not_removed", &values));
            }
        }
    }
}

fn dataset(texts: Texts, edition: &Edition, identifier: IdentifierKind) {
    eprintln!("{}", texts.fill("/report/dataset", &[("id", &edition.id)]));
    key_files(texts, &edition.key_files);
    lost(texts, edition.lost());
    let twice = edition.rows().saturating_sub(edition.distinct);
    let values = [
        (
            "different",
            &*different(texts, edition.distinct, identifier),
        ),
        ("repeated", &*texts.count("row", twice)),
    ];
    eprintln!("  {}", texts.fill("/report/distinct", &values));
    if edition.continued > 0 {
        let niks = edition.stats.accepted().rows();
        let values = [
            ("there", &*texts.count("row", edition.continued)),
            (
                "made",
                &*texts.number(niks.saturating_sub(edition.continued)),
            ),
        ];
        eprintln!("  {}", texts.fill("/report/continued", &values));
    }
    let shards = u64::from(edition.sizing.prefix_bits.shards());
    let path = match shards {
        1 => "/report/one_shard",
        _ => "/report/shards",
    };
    let values = [
        ("shards", &*texts.count("shard", shards)),
        ("size", &*texts.bytes(edition.shard_bytes())),
        ("all", &*texts.bytes(edition.total_bytes())),
    ];
    eprintln!("  {}", texts.fill(path, &values));
}

fn key_files(texts: Texts, totals: &KeyFileTotals) {
    if totals.files == 0 {
        return;
    }
    let values = [
        ("files", &*texts.count("key_file", totals.files as u64)),
        ("rows", &*texts.count("row", totals.counts.rows)),
        ("lost", &*texts.count("person", totals.counts.lost)),
        ("set_aside", &*texts.count("row", totals.counts.set_aside)),
    ];
    eprintln!("  {}", texts.fill("/report/key_files", &values));
    if totals.repeated > 0 {
        let files = texts.count("key_file", totals.repeated as u64);
        let values = [("files", &*files)];
        eprintln!("  {}", texts.fill("/report/key_files_repeated", &values));
    }
}

/// How lists are read: their columns, and what became of their rows.
pub fn lists_read(
    texts: Texts,
    summary: &DatasetSummary,
    lists: &[PathBuf],
    stats: &Stats,
    identifier: IdentifierKind,
) {
    let heading = match summary.lists.len() {
        1 => "/list/heading/one",
        _ => "/list/heading/many",
    };
    eprintln!("{}", texts.text(heading));
    summary
        .lists
        .iter()
        .for_each(|summary| list(texts, summary));
    rows(texts, stats, lists, identifier);
    if let Some(repeated) = summary.rows_repeated {
        let values = [("repeated", &*texts.count("row", repeated))];
        eprintln!("  {}", texts.fill("/list/repeated", &values));
    }
}

fn list(texts: Texts, list: &ListSummary) {
    eprintln!("  {}: {}", list.list, written(texts, list));
    if let (Some(nik), Some(because)) = (&list.nik_column, list.why) {
        let values = [
            ("column", &*columns::field(texts, &nik.field)),
            ("columns", &*list.columns.to_string()),
            ("because", columns::because(texts, because)),
        ];
        eprintln!("    {}", texts.fill("/list/nik_column", &values));
    }
    if let Some(name) = &list.name_column {
        let column = columns::field(texts, &name.field);
        let values = [("column", &*column)];
        eprintln!("    {}", texts.fill("/list/name_column", &values));
    }
    if list.columns_with_numbers.len() > 1 {
        eprintln!("    {}", texts.text("/list/number_columns"));
        for column in &list.columns_with_numbers {
            eprintln!("      {}", columns::profile(texts, &column.profile));
        }
    }
    for column in &list.columns_not_read {
        let column = columns::field(texts, &column.field);
        let words = texts.fill("/list/not_read", &[("column", &column)]);
        warn(texts, "    ", &words);
    }
    if list.nul_bytes > 0 {
        let bytes = texts.count("nul_byte", list.nul_bytes);
        let words = texts.fill("/list/nul_bytes", &[("bytes", &bytes)]);
        warn(texts, "    ", &words);
    }
    if list.long_rows > 0 {
        let values = [
            ("rows", &*texts.count("long_row", list.long_rows)),
            ("lines", &*join(&list.long_row_lines)),
        ];
        warn(texts, "    ", &texts.fill("/list/long_rows", &values));
    }
}

/// How a list is written: `text in UTF-8, columns separated by ",", heading in line 1`.
fn written(texts: Texts, list: &ListSummary) -> String {
    let source = &list.source;
    let mut text = match &source.format {
        Format::Workbook { sheet } => texts.fill("/list/workbook", &[("sheet", &printable(sheet))]),
        Format::Text => texts.text("/list/text").to_owned(),
        other => printable(&other.to_string()),
    };
    if let Some(encoding) = source.encoding {
        let encoding = columns::encoding(texts, encoding);
        text += &texts.fill("/list/encoding", &[("encoding", &encoding)]);
    }
    if let Some(compression) = source.compression {
        text += &texts.fill("/list/compression", &[("program", compression.name())]);
    }
    text += &match list.delimiter {
        Some('\t') => texts.text("/list/tabs").to_owned(),
        Some(delimiter) => texts.fill("/list/delimiter", &[("delimiter", &delimiter.to_string())]),
        None if source.format == Format::Text => texts.text("/list/plain").to_owned(),
        None => String::new(),
    };
    text + &match (list.heading_line, list.lines_above) {
        _ if source.format.has_titles() => String::new(),
        (Some(line), _) => texts.fill("/list/heading_line", &[("line", &line.to_string())]),
        (None, 0) => texts.text("/list/no_heading").to_owned(),
        (None, above) => texts.fill(
            "/list/lines_above",
            &[("lines", &texts.count("line", above))],
        ),
    }
}

fn rows(texts: Texts, stats: &Stats, lists: &[PathBuf], identifier: IdentifierKind) {
    let unit = match identifier {
        IdentifierKind::Nik => "nik",
        IdentifierKind::NikAndName => "pair",
    };
    let values = [
        ("used", &*texts.count(unit, stats.accepted().rows())),
        ("lost", &*texts.count("person", stats.lost())),
        ("set_aside", &*texts.count("row", stats.set_aside())),
    ];
    eprintln!("  {}", texts.fill("/list/rows", &values));
    for RejectedRows {
        reason,
        rows,
        people,
        first,
    } in stats.reasons()
    {
        let people = match people > rows {
            true => texts.fill("/list/people", &[("people", &texts.number(people))]),
            false => String::new(),
        };
        eprintln!(
            "    {}: {}{people} ({})",
            texts.number(rows),
            columns::reject_reason(texts, reason),
            describe_places(texts, first, lists)
        );
    }
    for (list, of_list) in stats.lists().enumerate() {
        if lists.len() > 1 {
            eprintln!("  {}", sanitize::path(&lists[list]));
        }
        warnings(texts, &of_list.accepted);
        names(texts, &of_list.names);
    }
}

/// What is odd about the names of a list.
fn names(texts: Texts, names: &NameCounts) {
    if names.is_often_addressed() {
        let share = share(texts, names.addressed, names.names);
        warn(
            texts,
            "  ",
            &texts.fill("/list/addressed", &[("share", &share)]),
        );
    }
    if names.is_often_surname_first() {
        let share = share(texts, names.surname_first, names.names);
        let words = texts.fill("/list/surname_first", &[("share", &share)]);
        warn(texts, "  ", &words);
    }
}

/// What being left out means for the people in the rows.
fn lost(texts: Texts, lost: u64) {
    if lost > 0 {
        let people = texts.count("missing_person", lost);
        warn(
            texts,
            "  ",
            &texts.fill("/report/lost", &[("people", &people)]),
        );
    }
}

/// What the NIKs of a list look like: whether a column really holds NIKs shows here at a glance.
fn warnings(texts: Texts, accepted: &Accepted) {
    let niks = accepted.rows();
    if niks == 0 {
        return;
    }
    let breaking = accepted.against_the_rules();
    let path = match breaking {
        0 => "/list/rules/none",
        1 => "/list/rules/one",
        _ => "/list/rules/many",
    };
    let values = [
        ("n", &*texts.number(breaking)),
        ("share", &*share(texts, breaking, niks)),
    ];
    eprintln!("  {}", texts.fill(path, &values));
    drawn(texts, accepted, Severity::Strong);
    if drawing_soft(accepted) {
        eprintln!("  {}", texts.text("/list/unusual"));
        drawn(texts, accepted, Severity::Soft);
    }
    // What a spreadsheet has rounded is refused, with words of its own.
    if accepted.mostly_draws(Warning::Rounded) {
        return;
    }
    if accepted.is_mostly_against_the_rules() {
        warn(texts, "  ", texts.text("/list/mostly_against_rules"));
    }
    if accepted.mostly_draws(Warning::FamilyCard) {
        warn(texts, "  ", texts.text("/list/mostly_family_cards"));
    }
}

fn drawing_soft(accepted: &Accepted) -> bool {
    Warning::ALL
        .into_iter()
        .any(|warning| warning.severity() == Severity::Soft && accepted.drawing(warning) > 0)
}

fn drawn(texts: Texts, accepted: &Accepted, severity: Severity) {
    let niks = accepted.rows();
    for warning in Warning::ALL {
        let rows = accepted.drawing(warning);
        if rows > 0 && warning.severity() == severity {
            let path = format!("/list/oddity/{}", warning.code());
            eprintln!(
                "    {} ({}): {}",
                texts.number(rows),
                share(texts, rows, niks),
                texts.text(&path)
            );
        }
    }
}

fn share(texts: Texts, rows: u64, of: u64) -> String {
    let percent = rows as f64 / of as f64 * 100.0;
    if percent < 0.1 {
        texts.text("/list/tiny_share").to_owned()
    } else {
        texts.digits(format!("{percent:.1} %"))
    }
}

/// How many lines are named of each reason.
const LINES_NAMED: usize = 5;

fn describe_places(texts: Texts, places: &[Place], lists: &[PathBuf]) -> String {
    let lines: Vec<String> = places
        .iter()
        .take(LINES_NAMED)
        .map(|place| match lists {
            [_] => place.line.to_string(),
            _ => format!("{}:{}", sanitize::path(&lists[place.list]), place.line),
        })
        .collect();
    let path = if lines.len() == 1 {
        "/list/line"
    } else {
        "/list/first_lines"
    };
    texts.fill(path, &[("lines", &lines.join(", "))])
}

fn join(lines: &[u64]) -> String {
    let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
    lines.join(", ")
}

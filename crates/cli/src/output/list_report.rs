//! List reports: how lists are read, and every rejected line, as one JSON object.
//!
//! For the person who repairs a list. It never holds a number or a name of anybody.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cek_nik_publisher::input::SourceInfo;
use cek_nik_publisher::input::columns::{Because, ColumnProfile, Field};
use cek_nik_publisher::input::list_profile::Source;
use cek_nik_publisher::input::stats::{ListStats, PLACES, RejectedRows, Stats};
use cek_nik_publisher::staging::atomic_file::AtomicFile;
use cek_nik_publisher::staging::overwrite_guard::{self, Writer};
use serde::Serialize;

use super::texts::Texts;
use super::{failure, sanitize};

/// What is known of the lists so far, by data set.
#[derive(Default)]
pub struct ListReport {
    datasets: Mutex<Vec<DatasetSummary>>,
}

#[derive(Serialize)]
struct Document<'a> {
    /// Stands first: by it the file is recognized.
    format: &'static str,
    datasets: &'a [DatasetSummary],
}

/// The lists of a data set.
#[derive(Clone, Serialize)]
pub struct DatasetSummary {
    dataset: String,
    /// Rows with an identifier.
    rows_used: u64,
    /// Rows whose identifier an earlier row has; `None` before they are counted.
    pub rows_repeated: Option<u64>,
    pub lists: Vec<ListSummary>,
}

/// How one list is read.
#[derive(Clone, Serialize)]
pub struct ListSummary {
    /// Its path.
    pub list: String,
    #[serde(flatten)]
    pub source: Source,
    pub nul_bytes: u64,
    pub delimiter: Option<char>,
    pub heading_line: Option<u64>,
    pub lines_above: u64,
    /// The number of columns.
    pub columns: usize,
    pub nik_column: Option<Column>,
    /// Why it is the column with the NIK.
    because: Option<String>,
    #[serde(skip)]
    pub why: Option<Because>,
    pub name_column: Option<Column>,
    pub columns_with_numbers: Vec<NumberColumn>,
    /// Columns with further NIKs.
    pub columns_not_read: Vec<Column>,
    rows_used: u64,
    people_lost: u64,
    rows_set_aside: u64,
    pub long_rows: u64,
    pub long_row_lines: Vec<u64>,
    rejected: Vec<RejectedLines>,
}

/// A column that is read.
#[derive(Clone, Serialize)]
pub struct Column {
    /// Counted from 1.
    number: usize,
    /// The name in the heading.
    title: Option<String>,
    #[serde(skip)]
    pub field: Field,
}

/// What a column holds in the first rows.
#[derive(Clone, Serialize)]
pub struct NumberColumn {
    #[serde(flatten)]
    column: Column,
    rows_seen: u64,
    numbers: u64,
    against_rules: u64,
    family_cards: u64,
    lost_digits: u64,
    #[serde(skip)]
    pub profile: ColumnProfile,
}

#[derive(Clone, Serialize)]
struct RejectedLines {
    reason: &'static str,
    words: String,
    lines: Vec<u64>,
    /// Whether all lines are here. Only the first [`PLACES`] of a reason are kept.
    lines_complete: bool,
}

impl ListReport {
    /// Adds the lists of a data set.
    pub fn add(&self, summary: DatasetSummary) {
        self.datasets().push(summary);
    }

    /// Adds the number of different identifiers of a data set.
    pub fn count_distinct(&self, dataset: &str, distinct: u64) {
        let mut datasets = self.datasets();
        for summary in datasets.iter_mut().filter(|d| d.dataset == dataset) {
            summary.rows_repeated = Some(summary.rows_used.saturating_sub(distinct));
        }
    }

    /// Writes the report; an older one is replaced.
    pub fn save(&self, texts: Texts, path: &Path) -> anyhow::Result<()> {
        let document = Document {
            format: "cek-nik list report",
            datasets: &self.datasets(),
        };
        let text = serde_json::to_string_pretty(&document)? + "\n";
        let write = || {
            let mut file = AtomicFile::at(path)?;
            file.write_all(text.as_bytes())?;
            file.persist()
        };
        write().map_err(|error| failure::unwritable(texts, path, error))?;
        Ok(())
    }

    fn datasets(&self) -> MutexGuard<'_, Vec<DatasetSummary>> {
        self.datasets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses a file that is not a report, before the lists are read.
pub fn check(texts: Texts, path: Option<&Path>) -> anyhow::Result<()> {
    if let Some(path) = path {
        let checked = overwrite_guard::check(path, Writer::ListReport);
        checked.map_err(|error| failure::failed(texts, error))?;
    }
    Ok(())
}

impl DatasetSummary {
    pub fn of(
        dataset: &str,
        lists: &[PathBuf],
        seen: &[SourceInfo],
        stats: &Stats,
        distinct: Option<u64>,
    ) -> Self {
        let rows_used = stats.accepted().rows();
        let lists = lists.iter().zip(seen).enumerate();
        Self {
            dataset: dataset.to_owned(),
            rows_used,
            rows_repeated: distinct.map(|distinct| rows_used.saturating_sub(distinct)),
            lists: lists
                .map(|(index, (path, seen))| ListSummary::of(index, path, seen, stats))
                .collect(),
        }
    }
}

impl ListSummary {
    fn of(index: usize, path: &Path, seen: &SourceInfo, stats: &Stats) -> Self {
        let profile = &seen.profile;
        // A list without rows has no counts.
        let of_list: ListStats = stats.lists().nth(index).copied().unwrap_or_default();
        let rejected = stats.reasons();
        Self {
            list: sanitize::path(path),
            source: profile.source.clone(),
            nul_bytes: seen.nul_bytes,
            delimiter: profile.delimiter.map(char::from),
            heading_line: profile.heading_line,
            lines_above: profile.lines_above,
            columns: profile.columns,
            nik_column: profile.nik.as_ref().map(Column::of),
            because: profile.because.map(|because| because.to_string()),
            why: profile.because,
            name_column: profile.name.as_ref().map(Column::of),
            columns_with_numbers: profile.numbers.iter().map(NumberColumn::of).collect(),
            columns_not_read: profile.unread().map(|c| Column::of(&c.field)).collect(),
            rows_used: of_list.accepted.rows(),
            people_lost: of_list.lost,
            rows_set_aside: of_list.set_aside,
            long_rows: seen.long_rows,
            long_row_lines: seen.long_row_lines.clone(),
            rejected: rejected
                .filter_map(|rows| RejectedLines::of(index, &rows))
                .collect(),
        }
    }
}

impl Column {
    fn of(field: &Field) -> Self {
        Self {
            number: field.index + 1,
            title: field.title.clone(),
            field: field.clone(),
        }
    }
}

impl NumberColumn {
    fn of(profile: &ColumnProfile) -> Self {
        Self {
            column: Column::of(&profile.field),
            rows_seen: profile.rows,
            numbers: profile.numbers,
            against_rules: profile.against_rules,
            family_cards: profile.family_cards,
            lost_digits: profile.cut,
            profile: profile.clone(),
        }
    }
}

impl RejectedLines {
    fn of(list: usize, rows: &RejectedRows) -> Option<Self> {
        let first = rows.first.iter().filter(|place| place.list == list);
        let lines: Vec<u64> = first.map(|place| place.line).collect();
        (!lines.is_empty()).then(|| Self {
            reason: rows.reason.code(),
            words: rows.reason.to_string(),
            lines,
            lines_complete: rows.rows <= PLACES as u64,
        })
    }
}

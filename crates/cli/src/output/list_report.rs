//! List reports: how lists are read, and every rejected line, as one JSON object.
//!
//! For the person who repairs a list. It never holds a number or a name of anybody.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use cek_nik_publisher::input::SourceInfo;
use cek_nik_publisher::input::stats::{PLACES, Stats};
use cek_nik_publisher::staging::atomic_file::AtomicFile;
use cek_nik_publisher::staging::overwrite_guard::{self, Writer};
use serde_json::{Value, json};
use std::io::Write;

use super::sanitize;

/// What is known of the lists so far, by data set.
#[derive(Default)]
pub struct ListReport {
    datasets: Mutex<Vec<Value>>,
}

impl ListReport {
    /// Adds the lists of a data set.
    pub fn add(&self, dataset: &str, lists: &[PathBuf], seen: &[SourceInfo], stats: &Stats) {
        let lists: Vec<Value> = lists
            .iter()
            .zip(seen)
            .enumerate()
            .map(|(index, (path, seen))| list(index, path, seen, stats))
            .collect();
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        datasets.push(json!({ "dataset": dataset, "lists": lists }));
    }

    /// Writes the report; an older one is replaced.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        // The format stands first, by which the file is recognized.
        let body = serde_json::to_string_pretty(&json!({ "datasets": *datasets }))?;
        let text = body.replacen('{', "{\n  \"format\": \"cek-nik list report\",", 1) + "\n";
        let write = || {
            let mut file = AtomicFile::at(path)?;
            file.write_all(text.as_bytes())?;
            file.persist()
        };
        write().with_context(|| format!("cannot write {}", sanitize::path(path)))?;
        Ok(())
    }
}

/// Refuses a file that is not a report, before the lists are read.
pub fn check(path: Option<&Path>) -> anyhow::Result<()> {
    if let Some(path) = path {
        overwrite_guard::check(path, Writer::ListReport)?;
    }
    Ok(())
}

fn list(index: usize, path: &Path, seen: &SourceInfo, stats: &Stats) -> Value {
    let profile = &seen.profile;
    let of_list = stats.lists().nth(index).copied().unwrap_or_default();
    let numbers: Vec<Value> = profile
        .numbers
        .iter()
        .map(|column| {
            json!({
                "column": column.field.index + 1,
                "name": column.field.title,
                "rows_seen": column.rows,
                "numbers": column.numbers,
                "against_rules": column.against_rules,
                "family_cards": column.family_cards,
                "lost_digits": column.cut,
            })
        })
        .collect();
    let rejected: Vec<Value> = stats
        .reasons()
        .filter_map(|rows| {
            let first = rows.first.iter().filter(|place| place.list == index);
            let lines: Vec<u64> = first.map(|place| place.line).collect();
            // Beyond so many lines of all lists together, only the number of rows is known.
            let complete = rows.rows <= PLACES as u64;
            (!lines.is_empty()).then(|| {
                json!({
                    "reason": rows.reason.code(),
                    "words": rows.reason.to_string(),
                    "lines": lines,
                    "lines_complete": complete,
                })
            })
        })
        .collect();
    json!({
        "list": sanitize::path(path),
        "format": profile.format.to_string(),
        "heading_line": profile.heading_line,
        "columns": profile.columns,
        "nik_column": profile.nik.as_ref().map(|field| field.index + 1),
        "because": profile.because.map(|because| because.to_string()),
        "name_column": profile.name.as_ref().map(|field| field.index + 1),
        "columns_with_numbers": numbers,
        "rows_used": of_list.accepted.rows(),
        "people_lost": of_list.lost,
        "rows_set_aside": of_list.set_aside,
        "rejected": rejected,
    })
}

//! List profiles: how a list is read, and why so. Never a number or a name of a person.

use std::fmt;

use serde::Serialize;

use super::columns::{Because, ColumnProfile, Field, Layout};
use super::formats::encoding::Encoding;
use super::heading::Role;

/// How a list is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListProfile {
    /// Its format, encoding and compression.
    pub source: Source,
    /// What separates the columns; `None` where there is one number a line, or where the format has
    /// columns of its own.
    pub delimiter: Option<u8>,
    /// The line of the heading, counted from 1; `None` where there is none.
    pub heading_line: Option<u64>,
    /// Lines above the first row of data; 0 where the format has names of columns.
    pub lines_above: u64,
    /// How many columns there are.
    pub columns: usize,
    /// The column with the NIK.
    pub nik: Option<Field>,
    /// Why that one.
    pub because: Option<Because>,
    /// The column with the names, where these are read.
    pub name: Option<Field>,
    /// The columns that hold numbers of 16 digits, by the first rows.
    pub numbers: Vec<ColumnProfile>,
}

/// The format of a list, and what it is wrapped in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The format.
    #[serde(flatten)]
    pub format: Format,
    /// The encoding, by the first 64 KiB; `None` for a workbook and for Parquet.
    pub encoding: Option<Encoding>,
    /// The compression of the whole file; `None` where there is none.
    pub compression: Option<Compression>,
}

impl From<Format> for Source {
    fn from(format: Format) -> Self {
        Self {
            format,
            encoding: None,
            compression: None,
        }
    }
}

/// The format of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum Format {
    /// Plain lines or delimited text.
    #[default]
    Text,
    /// One JSON object a line.
    JsonLines,
    /// A workbook of a spreadsheet program.
    Workbook {
        /// The number of the sheet, counted from 1, and its name.
        sheet: String,
    },
    /// Parquet.
    Parquet,
}

impl Format {
    /// Whether the names of the columns are in the format, not in a row.
    pub fn has_titles(&self) -> bool {
        matches!(self, Self::JsonLines | Self::Parquet)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::JsonLines => f.write_str("JSON Lines"),
            Self::Workbook { sheet } => write!(f, "workbook, sheet {sheet}"),
            Self::Parquet => f.write_str("Parquet"),
        }
    }
}

/// The compression of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// Its name, as in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

impl ListProfile {
    /// The profile of a list of that layout, which was found in a text made from that source.
    pub fn of(layout: &Layout, source: Source) -> Self {
        let has_titles = source.format.has_titles();
        let profile = Self::of_layout(layout);
        let is_text = source.format == Format::Text;
        Self {
            source,
            delimiter: profile.delimiter.filter(|_| is_text),
            heading_line: profile.heading_line.filter(|_| !has_titles),
            lines_above: if has_titles { 0 } else { profile.lines_above },
            ..profile
        }
    }

    fn of_layout(layout: &Layout) -> Self {
        match layout {
            Layout::Lines { above, title } => {
                let index = 0;
                Self {
                    heading_line: title.is_some().then_some(*above),
                    lines_above: *above,
                    columns: 1,
                    // Any other line above the numbers may be a person's: its words are not shown.
                    nik: title
                        .as_deref()
                        .filter(|t| Role::of(t).is_nik())
                        .map(|_| Field {
                            index,
                            title: title.clone(),
                        }),
                    because: Some(Because::OnlyColumn),
                    ..Self::default()
                }
            }
            Layout::Delimited { dialect, table } => Self {
                delimiter: Some(dialect.delimiter),
                heading_line: table.heading.as_ref().map(|heading| heading.line),
                lines_above: table.above,
                columns: table.width,
                nik: Some(table.nik.clone()),
                because: Some(table.because),
                name: table.name.clone(),
                numbers: table
                    .columns
                    .iter()
                    .filter(|column| column.has_numbers())
                    .cloned()
                    .collect(),
                ..Self::default()
            },
        }
    }

    /// Columns with further NIKs that are not read: who stands only there is not found.
    pub fn unread(&self) -> impl Iterator<Item = &ColumnProfile> {
        self.numbers.iter().filter(|column| {
            let is_own = matches!(
                column.role,
                Role::Nik | Role::OwnNik | Role::PerhapsNik | Role::SecondNik
            );
            is_own && column.differing > 0
        })
    }
}

//! List profiles: how a list is read, and why so. Never a number or a name of a person.

use std::fmt;

use super::columns::{Because, ColumnProfile, Field, Layout};
use super::heading::Role;

/// How a list is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListProfile {
    /// Its format.
    pub format: Format,
    /// The line of the heading, counted from 1; `None` where there is none.
    pub heading_line: Option<u64>,
    /// Lines above the first row of data.
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

/// The format of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One number a line.
    #[default]
    Lines,
    /// Columns, separated by this character.
    Delimited(u8),
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines => f.write_str("plain lines, one number each"),
            Self::Delimited(b'\t') => f.write_str("columns separated by tabs"),
            Self::Delimited(delimiter) => {
                write!(f, "columns separated by \"{}\"", delimiter.escape_ascii())
            }
        }
    }
}

impl ListProfile {
    /// The profile of a list of that layout.
    pub fn of(layout: &Layout) -> Self {
        match layout {
            Layout::Lines { above, title } => {
                let index = 0;
                Self {
                    heading_line: title.is_some().then_some(*above),
                    lines_above: *above,
                    columns: 1,
                    nik: title.is_some().then(|| Field {
                        index,
                        title: title.clone(),
                    }),
                    because: Some(Because::OnlyColumn),
                    ..Self::default()
                }
            }
            Layout::Delimited { dialect, table } => Self {
                format: Format::Delimited(dialect.delimiter),
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

//! Errors of a layout: why the columns of a list are not clear.

use std::fmt;

use super::{Field, Profiles, Spoilt};

/// The columns of a list cannot be told, or do not fit.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum LayoutError {
    /// The heading has names, and the wanted one is not among them.
    #[error("the list has no column \"{wanted}\". Its heading has {found}")]
    NoSuchColumn {
        /// The column that was asked for.
        wanted: String,
        /// The names that there are.
        found: ColumnNames,
    },
    /// The heading has names, and none of them means NIK.
    #[error(
        "no column is called NIK. The heading has {found}{}",
        numbers.after(". With numbers: ")
    )]
    NoNikColumn {
        /// The names that there are.
        found: ColumnNames,
        /// The columns with numbers, or nothing.
        numbers: Profiles,
    },
    /// Two columns have the wanted name.
    #[error("more than one column is called {name}: {columns}")]
    TwoColumns {
        /// Their name.
        name: String,
        /// The columns.
        columns: Profiles,
    },
    /// Names are wanted, and no column is called NAMA.
    #[error("the list has no column NAMA for the names as printed on the KTP. It has {found}")]
    NoNameColumn {
        /// The names that there are.
        found: ColumnNames,
    },
    /// Names are wanted, and the list has room for NIKs only.
    #[error(
        "this list has no columns, one number a line: with the identifier \"nik+nama\" each NIK \
         needs the name beside it, so give the list as CSV"
    )]
    NoNames,
    /// There is no heading, and not exactly one column looks like NIKs.
    #[error(
        "the list has {columns} columns and no heading, so the column with the NIK is \
         unclear{}",
        numbers.after(": ")
    )]
    Unclear {
        /// How many columns there are.
        columns: usize,
        /// The columns with numbers, or nothing.
        numbers: Profiles,
    },
    /// The column that is called NIK cannot be used, and another one might be.
    #[error(
        "{column} is called NIK, and cannot be used: {why}. Another column holds 16-digit numbers: \
         {others}. Export the list anew with the NIK as text; or, if another column is the \
         person's own NIK, name it"
    )]
    NikSpoilt {
        /// The column.
        column: Field,
        /// What is wrong with it.
        why: Spoilt,
        /// The other columns with numbers.
        others: Profiles,
    },
    /// The rows have more or fewer fields than the heading.
    #[error(
        "the heading in line {line} has {names} columns, and most rows have {fields} fields, so \
         names and fields do not belong together: export the list anew with a name for each column"
    )]
    HeadingWidth {
        /// The line of the heading.
        line: u64,
        /// How many names it has.
        names: usize,
        /// How many fields most rows have.
        fields: usize,
    },
    /// A spreadsheet wrote numbers with decimal commas into a file that is separated by commas.
    #[error(
        "the numbers stand as 3,20101E+15, with a comma that also separates the columns: a \
         spreadsheet has cut their digits. They cannot be brought back from this file: export the \
         list anew, with the NIK column formatted as text"
    )]
    DecimalComma,
    /// Columns are counted from 1.
    #[error("columns are counted from 1")]
    NoColumnZero,
    /// Plain lines have no names.
    #[error("this list has no columns, one number a line: leave the column out")]
    NoColumns,
}

/// The names of the columns of a list. Names that could be data are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnNames {
    /// How many columns there are.
    pub columns: usize,
    /// Their names.
    pub names: Vec<String>,
}

impl fmt::Display for ColumnNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { columns, names } = self;
        match names.as_slice() {
            [] => write!(f, "{columns} columns without names"),
            names => write!(f, "{columns} columns: {}", names.join(", ")),
        }
    }
}

impl LayoutError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchColumn { .. } => "no_such_column",
            Self::NoNikColumn { .. } => "no_nik_column",
            Self::TwoColumns { .. } => "two_columns",
            Self::NoNameColumn { .. } => "no_name_column",
            Self::NoNames => "no_names",
            Self::Unclear { .. } => "unclear_column",
            Self::NikSpoilt { .. } => "nik_spoilt",
            Self::HeadingWidth { .. } => "heading_width",
            Self::DecimalComma => "decimal_comma",
            Self::NoColumnZero => "no_column_zero",
            Self::NoColumns => "no_columns",
        }
    }
}

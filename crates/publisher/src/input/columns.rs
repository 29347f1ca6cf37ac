//! How a list is written: plain lines or columns, and which columns hold the NIKs and the names.

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::Nik;

use super::{Column, Reading};

/// How a list is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// One NIK a line.
    Lines {
        /// Whether the first line is a title.
        header: bool,
    },
    /// Columns.
    Delimited(Delimited),
}

/// How columns are written, and which one is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Delimited {
    /// What separates them.
    pub delimiter: u8,
    /// Whether a field may stand between quotation marks.
    pub quoting: bool,
    /// The column with the NIK.
    pub nik: Field,
    /// The column with the name; `None` where no names are read.
    pub name: Option<Field>,
    /// Whether the first row has names of columns.
    pub has_header: bool,
}

/// A column that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Which one, counted from 0.
    pub index: usize,
    /// The first row's name for it; `None` where the first row is data.
    pub title: Option<String>,
}

/// Why the column with the NIKs cannot be told.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum LayoutError {
    /// The first row has names, and the wanted one is not among them.
    #[error("there is no column \"{wanted}\"; the first row has: {found}")]
    NoSuchColumn {
        /// What was asked for.
        wanted: String,
        /// The names that there are.
        found: String,
    },
    /// The first row has names, and none of them is NIK.
    #[error("no column is called NIK. The first row has: {found}")]
    NoNikColumn {
        /// The names that there are.
        found: String,
    },
    /// Two columns have the wanted name.
    #[error("more than one column is called {name}")]
    TwoColumns {
        /// Their name.
        name: String,
    },
    /// Names are wanted, and no column is called NAMA.
    #[error(
        "no column is called NAMA, which holds the names as they are printed on the KTP. The list has: {found}"
    )]
    NoNameColumn {
        /// The names that there are.
        found: String,
    },
    /// Names are wanted, and the list has room for NIKs only.
    #[error(
        "this list has no columns, one number a line: with the identifier \"nik+nama\" each NIK needs the name beside it, so give the list as CSV"
    )]
    NoNames,
    /// There are no names, and not exactly one column looks like NIKs.
    #[error(
        "the rows have {columns} columns and no names, and {candidates} of them hold numbers of 16 digits, so the column with \
         the NIK is unclear"
    )]
    Unclear {
        /// How many columns there are.
        columns: usize,
        /// How many of them hold NIKs in most rows.
        candidates: usize,
    },
    /// Columns are counted from 1.
    #[error("columns are counted from 1")]
    NoColumnZero,
    /// Plain lines have no names.
    #[error("this list has no columns, one number a line: leave the column out")]
    NoColumns,
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
            Self::NoColumnZero => "no_column_zero",
            Self::NoColumns => "no_columns",
        }
    }
}

const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];
const NIK: &str = "NIK";
const NAME: &str = "NAMA";

impl Layout {
    /// Finds out from the beginning of a list, where the publisher has not said.
    ///
    /// # Errors
    ///
    /// [`LayoutError`] when the column cannot be told: to guess wrong would publish the wrong numbers.
    pub fn of(sample: &[u8], reading: &Reading) -> Result<Self, LayoutError> {
        match reading.delimiter.or_else(|| delimiter(sample)) {
            Some(delimiter) => Delimited::of(sample, delimiter, reading).map(Self::Delimited),
            None if reading.identifier == IdentifierKind::NikAndName => Err(LayoutError::NoNames),
            None => lines(sample, reading),
        }
    }
}

fn lines(sample: &[u8], reading: &Reading) -> Result<Layout, LayoutError> {
    let first = sample.split(|&b| b == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let first = first.trim();
    // "NIK", "Nomor 1": a title. A line with more digits in it is data, if perhaps bad data.
    let header = first.contains(char::is_alphabetic) && !has_number(first);
    match &reading.column {
        None | Some(Column::Number(1)) => {}
        Some(Column::Name(name)) if header && same(name, first) => {}
        Some(_) => return Err(LayoutError::NoColumns),
    }
    Ok(Layout::Lines { header })
}

/// The separator that most lines have, equally often; `None` where there is none.
fn delimiter(sample: &[u8]) -> Option<u8> {
    let lines: Vec<&[u8]> = complete_lines(sample).take(200).collect();
    let scored = DELIMITERS.iter().map(|&delimiter| {
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| line.iter().filter(|&&b| b == delimiter).count())
            .collect();
        let with = counts.iter().filter(|&&count| count > 0).count();
        let usual = counts.first().copied().unwrap_or(0);
        let alike = counts.iter().filter(|&&count| count == usual).count();
        (with, alike, delimiter)
    });
    let (with, _, delimiter) = scored.max_by_key(|&(with, alike, _)| (with, alike))?;
    if with * 2 > lines.len() {
        return Some(delimiter);
    }
    // A single column between quotation marks.
    let quoted = lines.iter().filter(|line| line.starts_with(b"\"")).count();
    (quoted * 2 > lines.len()).then_some(b',')
}

fn complete_lines(sample: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = (sample.len() as u64) < super::SAMPLE_BYTES;
    let end = match memchr::memrchr(b'\n', sample) {
        Some(end) if !whole => end,
        _ => sample.len(),
    };
    sample
        .get(..end)
        .unwrap_or_default()
        .split(|&b| b == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
}

impl Delimited {
    fn of(sample: &[u8], delimiter: u8, reading: &Reading) -> Result<Self, LayoutError> {
        let quoting = !reading.no_quotes;
        let rows = rows(sample, delimiter, quoting);
        let header = Header::of(&rows);
        let nik = match &reading.column {
            Some(column) => header.find(column)?,
            None => match header.only(NIK)? {
                Some(field) => field,
                None if header.has_names => {
                    let found = header.describe();
                    return Err(LayoutError::NoNikColumn { found });
                }
                None => Field {
                    index: by_content(&rows)?,
                    title: None,
                },
            },
        };
        let name = match (reading.identifier, &reading.name_column) {
            (IdentifierKind::Nik, _) => None,
            (IdentifierKind::NikAndName, Some(column)) => Some(header.find(column)?),
            (IdentifierKind::NikAndName, None) => match header.only(NAME)? {
                Some(field) => Some(field),
                None => {
                    let found = header.describe();
                    return Err(LayoutError::NoNameColumn { found });
                }
            },
        };
        let has_header = [Some(&nik), name.as_ref()]
            .into_iter()
            .flatten()
            .any(|field| field.title.is_some());
        Ok(Self {
            delimiter,
            quoting,
            nik,
            name,
            has_header,
        })
    }
}

/// The first row.
struct Header<'a> {
    fields: &'a [String],
    has_names: bool,
}

impl<'a> Header<'a> {
    fn of(rows: &'a [Vec<String>]) -> Self {
        let fields = rows.first().map(Vec::as_slice).unwrap_or_default();
        // A row with a damaged NIK is data, too, and what stands beside it is a person's.
        let has_names = !fields.iter().any(|field| is_data(field));
        Self { fields, has_names }
    }

    fn find(&self, column: &Column) -> Result<Field, LayoutError> {
        match column {
            Column::Number(number) => {
                let index = number - 1;
                let title = self.fields.get(index);
                let is_title = |title: &&String| !title.trim().is_empty() && !has_number(title);
                let title = title.filter(|title| self.has_names && is_title(title));
                Ok(Field {
                    index,
                    title: title.cloned(),
                })
            }
            Column::Name(wanted) => self.only(wanted)?.ok_or_else(|| LayoutError::NoSuchColumn {
                wanted: wanted.clone(),
                found: self.describe(),
            }),
        }
    }

    /// The column of that name; an error where there are two.
    fn only(&self, name: &str) -> Result<Option<Field>, LayoutError> {
        let mut places = self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| same(field, name));
        let place = places.next();
        match places.next() {
            None => Ok(place.map(|(index, title)| Field {
                index,
                title: Some(title.clone()),
            })),
            Some(_) => Err(LayoutError::TwoColumns {
                name: name.to_owned(),
            }),
        }
    }

    /// The names of columns, for a message. What could be data is never shown.
    fn describe(&self) -> String {
        let names: Vec<&str> = self
            .fields
            .iter()
            .map(|name| name.trim())
            .filter(|name| self.has_names && !has_number(name))
            .collect();
        match names.as_slice() {
            [] => format!("{} columns without names", self.fields.len()),
            names => format!("{} columns: {}", self.fields.len(), names.join(", ")),
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Whether a text could hold anybody's number, in the digits of whatever script. A column may well be called PSNOKALAMA2.
fn has_number(text: &str) -> bool {
    digits(text) > 2
}

/// Whether a text is more likely a damaged NIK, a date or a telephone number than the name of a column, which may hold a year.
fn is_data(text: &str) -> bool {
    digits(text) >= 8
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// The only column that holds NIKs in more than half of the rows.
fn by_content(rows: &[Vec<String>]) -> Result<usize, LayoutError> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let holds_niks = |&column: &usize| {
        let niks = rows
            .iter()
            .filter_map(|row| row.get(column))
            .filter(|field| Nik::parse(field).is_ok())
            .count();
        niks * 2 > rows.len()
    };
    let candidates: Vec<usize> = (0..columns).filter(holds_niks).collect();
    match candidates.as_slice() {
        [column] => Ok(*column),
        _ => Err(LayoutError::Unclear {
            columns,
            candidates: candidates.len(),
        }),
    }
}

fn rows(sample: &[u8], delimiter: u8, quoting: bool) -> Vec<Vec<String>> {
    let whole = (sample.len() as u64) < super::SAMPLE_BYTES;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(sample);
    let mut rows: Vec<Vec<String>> = reader
        .byte_records()
        .filter_map(Result::ok)
        .take(200)
        .map(|row| {
            row.iter()
                .map(|field| String::from_utf8_lossy(field).into_owned())
                .collect()
        })
        .collect();
    // The last row may have been cut off in the middle of a number.
    if !whole && rows.len() > 1 {
        rows.pop();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(sample: &str) -> Result<usize, LayoutError> {
        match Layout::of(sample.as_bytes(), &Reading::default())? {
            Layout::Delimited(delimited) => Ok(delimited.nik.index),
            Layout::Lines { .. } => panic!("taken for plain lines: {sample}"),
        }
    }

    #[test]
    fn finds_the_column_called_nik() {
        assert_eq!(column("nama,NIK,kota\na,3201014107909001,b\n"), Ok(1));
        assert_eq!(column("nama;nik\na;3201014107909001\n"), Ok(1));
        assert_eq!(column("\"Nik\"|nama\n3201014107909001|x\n"), Ok(0));
        assert_eq!(column("NOKTP\tNIK\n1\t3201014107909001\n"), Ok(1));
    }

    #[test]
    fn finds_the_only_column_of_niks_where_there_are_no_names() {
        assert_eq!(column("a,3201014107909001\nb,3201014107909002\n"), Ok(1));
        assert_eq!(
            column("3201014107909001,3201014107909002\n"),
            Err(LayoutError::Unclear {
                columns: 2,
                candidates: 2
            })
        );
    }

    #[test]
    fn does_not_guess_where_names_are_given() {
        assert!(matches!(
            column("nama,nomor\nBudi,3201014107909001\n"),
            Err(LayoutError::NoNikColumn { .. })
        ));
    }

    #[test]
    fn never_shows_data_in_a_message() {
        let reading = Reading {
            column: Some(Column::Name("NOKTP".to_owned())),
            ..Reading::default()
        };
        for row in [
            "Budi,3201014107909001",
            "Budi,320101410790900",
            "Budi,3.20101E+15",
        ] {
            let error = Layout::of(format!("{row}\n").as_bytes(), &reading).unwrap_err();
            assert!(!error.to_string().contains("Budi"), "{error}");
            assert!(!error.to_string().contains("3201"), "{error}");
        }
    }

    #[test]
    fn a_first_row_with_a_damaged_nik_is_no_header() {
        let rows = "Budi,3201014107909002\n".repeat(3);
        for first in ["Budi,320101410790900", "Budi,"] {
            let reading = Reading {
                column: Some(Column::Number(2)),
                name_column: Some(Column::Number(1)),
                ..Reading::default()
            };
            let sample = format!("{first}\n{rows}");
            let Ok(Layout::Delimited(delimited)) = Layout::of(sample.as_bytes(), &reading) else {
                panic!("taken for plain lines");
            };
            assert!(!delimited.has_header, "{first}");
            assert_eq!(delimited.nik.title, None);
        }
    }

    #[test]
    fn plain_lines_may_have_a_title() {
        let header = |sample: &[u8]| Layout::of(sample, &Reading::default());
        assert_eq!(
            header(b"NIK\n3201014107909001\n"),
            Ok(Layout::Lines { header: true })
        );
        assert_eq!(
            header(b"3201014107909001\n"),
            Ok(Layout::Lines { header: false })
        );
        assert_eq!(
            header(b"3.20101E+15\n"),
            Ok(Layout::Lines { header: false })
        );
    }
}

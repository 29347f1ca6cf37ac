//! Columns: which one holds the NIKs, which one the names, and what each of them looks like.
//!
//! All of it is decided here, from the first rows of a list. A wrong guess would publish the
//! numbers of other people, so what is not clear is an error that lists the columns.

mod choice;
mod error;
pub mod profile;

use std::fmt;

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::Date;

use crate::input::grouping::{self, GroupingError};
use crate::input::heading::{self, Role};
use crate::input::moved::UsualFields;
use crate::input::name_field::Spelling;
use crate::input::rows::{Dialect, Row, RowReader, is_blank};
use crate::input::{Column, Reading};

pub use error::{ColumnNames, LayoutError};
pub use profile::{ColumnProfile, Profiles, SampleRow, Spoilt, is_number};

use choice::Choice;

/// How a list is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Layout {
    /// One NIK a line.
    Lines {
        /// How many lines stand above the first number.
        above: u64,
        /// The last of them that is not blank.
        title: Option<String>,
    },
    /// Columns.
    Delimited {
        /// How fields are written.
        dialect: Dialect,
        /// The columns.
        table: Box<Table>,
    },
}

/// The columns of a list, and the ones that are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// How many fields a row has.
    pub width: usize,
    /// The heading; `None` where there is none.
    pub heading: Option<Heading>,
    /// How many lines stand above the first row of data: titles and the heading.
    pub above: u64,
    /// The column with the NIK.
    pub nik: Field,
    /// Why that one.
    pub because: Because,
    /// The column with the name; `None` where no names are read.
    pub name: Option<Field>,
    /// How names are spelt.
    pub spelling: Spelling,
    /// What the columns hold, as far as the first rows tell.
    pub columns: Vec<ColumnProfile>,
    /// By what a row is told whose fields stand in other columns.
    pub usual: UsualFields,
}

/// The heading of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// Its line, counted from 1.
    pub line: u64,
    /// The names of the columns.
    pub names: Vec<String>,
}

/// A column that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Which one, counted from 0.
    pub index: usize,
    /// Its name in the heading; `None` where it has none.
    pub title: Option<String>,
}

impl fmt::Display for Field {
    /// `column 2 "NIK"`, counted from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}", self.index + 1)?;
        match &self.title {
            Some(title) => write!(f, " \"{title}\""),
            None => Ok(()),
        }
    }
}

/// Why a column is the one with the NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The publisher has named it.
    Asked,
    /// It is called NIK.
    CalledNik,
    /// It is the only column whose name means NIK.
    OnlyNameOfNik,
    /// There is no heading, and it is the only column of 16-digit numbers.
    OnlyNumbers,
    /// There is only this one.
    OnlyColumn,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Asked => "asked for",
            Self::CalledNik => "it is called NIK",
            Self::OnlyNameOfNik => "the only column whose name means NIK",
            Self::OnlyNumbers => "the only column of 16-digit numbers",
            Self::OnlyColumn => "the only column",
        })
    }
}

const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// Rows of a sample that are looked at.
const SAMPLE_ROWS: usize = 400;

/// Rows above the first number, at most.
const ROWS_ABOVE: usize = 40;

/// A field of which at least this many digits could be somebody's.
pub(super) const DIGITS_OF_DATA: usize = 8;

/// Whether a text is more likely a damaged NIK, a date or a telephone number than the name of a
/// column, which may hold a year.
fn is_data(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).count() >= DIGITS_OF_DATA
}

/// Whether a line is a title: it has a word of three letters, and no data.
fn is_title(text: &str) -> bool {
    let mut words = text.split(|character: char| !character.is_alphabetic());
    words.any(|word| word.chars().count() > 2) && !is_data(text)
}

impl Layout {
    /// Finds out from the beginning of a list, where the publisher has not said. `whole` says
    /// whether the sample is all of it; `today` decides what looks like a family card.
    ///
    /// # Errors
    ///
    /// [`LayoutError`] when the column cannot be told: to guess wrong would publish the wrong
    /// numbers.
    pub fn of(
        sample: &[u8],
        whole: bool,
        reading: &Reading,
        today: Date,
    ) -> Result<Self, LayoutError> {
        let separator = separator_line(sample);
        let above = u64::from(separator.is_some());
        let given = reading.delimiter.or(separator);
        let lines = PlainLines::of(sample, whole);
        let mut best: Option<(Score, Dialect, Vec<SampleRow>)> = None;
        for delimiter in given.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]) {
            for escapes in [false, true] {
                let dialect = Dialect {
                    delimiter,
                    quoting: !reading.no_quotes,
                    escapes,
                };
                if escapes && (reading.no_quotes || memchr::memmem::find(sample, b"\\\"").is_none())
                {
                    continue;
                }
                let rows = sample_rows(sample, whole, above, dialect);
                let score = Score::of(&rows);
                if best.as_ref().is_none_or(|(best, ..)| score > *best) {
                    best = Some((score, dialect, rows));
                }
            }
        }
        let Some((score, dialect, rows)) = best else {
            return lines.layout(reading);
        };
        let is_delimited = score.widest > 1 && score > lines.score();
        if given.is_none() && !is_delimited {
            return lines.layout(reading);
        }
        let table = Table::of(&rows, reading, today)?;
        let above = table.above.max(above);
        let table = Box::new(Table { above, ..table });
        Ok(Self::Delimited { dialect, table })
    }
}

/// The separator that Excel reads from a first line `sep=;`.
fn separator_line(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|&byte| byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = std::str::from_utf8(line).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim_matches('"');
    match text.as_bytes() {
        [s, e, p, b'=', separator] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => Some(*separator),
        _ => None,
    }
}

/// How well a way of reading fits a sample; compared field by field, the first counts most.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Score {
    /// Rows with a NIK.
    niks: usize,
    /// Rows with what is left of one.
    numbers: usize,
    /// Rows of the width that most rows have.
    regular: usize,
    widest: usize,
}

impl Score {
    fn of(rows: &[SampleRow]) -> Self {
        let widest = usual_width(rows.iter());
        let has_nik = |row: &&SampleRow| row.fields.iter().any(|f| grouping::read(f).is_ok());
        let is_regular = |row: &&SampleRow| row.fields.len() == widest && widest > 1;
        Self {
            niks: rows.iter().filter(has_nik).count(),
            numbers: rows.iter().filter(|row| row.has_number()).count(),
            regular: rows.iter().filter(is_regular).count(),
            widest,
        }
    }
}

/// The number of fields that most rows have; of two that are as frequent, that of the first rows.
fn usual_width<'a>(rows: impl Iterator<Item = &'a SampleRow> + Clone) -> usize {
    let widths = rows
        .filter(|row| !row.is_blank())
        .map(|row| row.fields.len());
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for width in widths {
        match counts.iter_mut().find(|(known, _)| *known == width) {
            Some((_, count)) => *count += 1,
            None => counts.push((width, 1)),
        }
    }
    let most = counts.iter().map(|&(_, count)| count).max().unwrap_or(0);
    let usual = counts.iter().find(|&&(_, count)| count == most);
    usual.map_or(0, |&(width, _)| width)
}

fn sample_rows(sample: &[u8], whole: bool, above: u64, dialect: Dialect) -> Vec<SampleRow> {
    let mut reader = RowReader::new(sample, dialect);
    let mut rows: Vec<SampleRow> = Vec::new();
    let mut is_data = false;
    if reader.skip_lines(above).is_err() {
        return rows;
    }
    while let Ok(Some(row)) = reader.next_row() {
        // A stray quotation mark in the heading must not swallow the rows below it.
        let row = if !is_data && row.lines > 1 && swallows_rows(&row, dialect.delimiter) {
            match reader.first_line_again() {
                Ok(Some(row)) => SampleRow::of(row),
                _ => break,
            }
        } else {
            SampleRow::of(row)
        };
        is_data |= row.has_number();
        rows.push(row);
        if rows.len() == SAMPLE_ROWS {
            return rows;
        }
    }
    // The last row may have been cut off in the middle of a number.
    if !whole && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// Whether a row over several lines holds what would be rows of its own.
fn swallows_rows(row: &Row, delimiter: u8) -> bool {
    row.fields()
        .any(|field| swallows_a_number(field, delimiter))
}

/// Whether a field over several lines holds what could be the NIK of another row: a number in any
/// grouping, or sixteen digits somewhere.
pub fn swallows_a_number(field: &[u8], delimiter: u8) -> bool {
    let ends_line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !field.trim_ascii_end().iter().any(ends_line) {
        return false;
    }
    let ends_field = |byte: &u8| ends_line(byte) || matches!(byte, b'"') || *byte == delimiter;
    field.split(ends_field).any(|part| {
        let text = String::from_utf8_lossy(part);
        is_number(&text) || grouping::numbers_within(&text) > 0
    })
}

/// A list that may be plain lines.
struct PlainLines {
    lines: Vec<String>,
    above: usize,
}

impl PlainLines {
    fn of(sample: &[u8], whole: bool) -> Self {
        let sample = match memchr::memrchr(b'\n', sample) {
            Some(end) if !whole => sample.split_at(end).0,
            _ => sample,
        };
        let lines: Vec<String> = sample
            .split(|&byte| byte == b'\n')
            .take(SAMPLE_ROWS)
            .map(|line| {
                String::from_utf8_lossy(line)
                    .trim_end_matches('\r')
                    .to_owned()
            })
            .collect();
        let is_above = |line: &&String| is_blank(line.as_bytes()) || is_title(line);
        let above = lines.iter().take(ROWS_ABOVE).take_while(is_above).count();
        // Titles stand above numbers: where none follows, this is a list of something else.
        let is_list = lines.iter().skip(above).any(|line| is_number(line));
        Self {
            lines,
            above: if is_list { above } else { 0 },
        }
    }

    fn score(&self) -> Score {
        let count = |is: fn(&str) -> bool| self.lines.iter().filter(|line| is(line)).count();
        Score {
            niks: count(|line| grouping::read(line).is_ok()),
            numbers: count(is_number),
            regular: 0,
            widest: 1,
        }
    }

    fn layout(self, reading: &Reading) -> Result<Layout, LayoutError> {
        if reading.identifier == IdentifierKind::NikAndName {
            return Err(LayoutError::NoNames);
        }
        let mut above = self.lines.iter().take(self.above);
        let title = above.rfind(|line| !is_blank(line.as_bytes()));
        let title = title.map(|line| heading::clean(line));
        match (&reading.column, &title) {
            (None | Some(Column::Number(1)), _) => {}
            (Some(Column::Name(name)), Some(title)) if heading::same(name, title) => {}
            (Some(_), _) => return Err(LayoutError::NoColumns),
        }
        // Without a title there is nothing to pass over: blank lines are counted as such.
        let above = if title.is_some() {
            self.above as u64
        } else {
            0
        };
        Ok(Layout::Lines { above, title })
    }
}

impl Table {
    /// Chooses columns by the first rows of a list.
    ///
    /// # Errors
    ///
    /// [`LayoutError`].
    pub fn of(rows: &[SampleRow], reading: &Reading, today: Date) -> Result<Self, LayoutError> {
        let head = Head::of(rows, reading);
        let data: Vec<SampleRow> = rows
            .iter()
            .filter(|row| row.line > head.above && !row.is_blank())
            .cloned()
            .collect();
        let (width, names) = width(&head, &data)?;
        let data: Vec<SampleRow> = data
            .into_iter()
            .filter(|row| row.fields.len() == width)
            .collect();
        let title = |index: usize| names.get(index).filter(|name| !name.is_empty()).cloned();
        let mut columns: Vec<ColumnProfile> = (0..width)
            .map(|index| {
                let title = title(index);
                ColumnProfile::of(Field { index, title }, &data, today)
            })
            .collect();
        let choice = Choice {
            has_heading: head.heading.is_some(),
            columns: &columns,
        };
        let (nik, because) = choice.nik(reading.column.as_ref())?;
        let name = match reading.identifier {
            IdentifierKind::Nik => None,
            IdentifierKind::NikAndName => Some(choice.name(reading.name_column.as_ref())?),
        };
        for column in &mut columns {
            let index = column.field.index;
            let differs = |row: &&SampleRow| {
                let fields = [index, nik.index].map(|index| row.fields.get(index));
                let [other, read] = fields.map(|field| grouping::read(field?).ok());
                other.is_some() && other != read
            };
            column.differing = data.iter().filter(differs).count() as u64;
        }
        let usual = UsualFields::of(&data, &columns, nik.index, today);
        let mut spelling = Spelling::default();
        if let Some(name) = &name {
            let names = data.iter().filter_map(|row| row.fields.get(name.index));
            names.for_each(|name| spelling.count(name));
        }
        Ok(Self {
            width,
            heading: head.heading.map(|line| Heading { line, names }),
            above: head.above,
            nik,
            because,
            name,
            spelling,
            columns,
            usual,
        })
    }
}

/// The rows above the data.
struct Head {
    /// The line of the heading.
    heading: Option<u64>,
    names: Vec<String>,
    /// How many lines stand above the data.
    above: u64,
}

impl Head {
    fn of(rows: &[SampleRow], reading: &Reading) -> Self {
        let before = rows.iter().take_while(|row| !row.has_number()).count();
        let (before, _) = rows.split_at(before.min(ROWS_ABOVE));
        let wanted = [&reading.column, &reading.name_column].map(|column| match column {
            Some(Column::Name(name)) => Some(name.as_str()),
            _ => None,
        });
        let Some((index, row)) = heading_row(before, usual_width(rows.iter()), &wanted) else {
            return Self {
                heading: None,
                names: Vec::new(),
                above: titles_above(before, rows),
            };
        };
        let heading = Some(row.line);
        let names = row.fields.iter().map(|name| heading::clean(name));
        let mut names: Vec<String> = names.collect();
        let (titles, heading_and_below) = before.split_at(index);
        // The upper of two levels names what the lower leaves empty.
        let upper = titles.last();
        if let Some(upper) = upper.filter(|row| row.filled() > 1 && row.fields.len() == names.len())
        {
            for (name, upper) in names.iter_mut().zip(&upper.fields) {
                if name.is_empty() && !is_data(upper) {
                    *name = heading::clean(upper);
                }
            }
        }
        let mut last = row;
        for row in heading_and_below.iter().skip(1) {
            if is_lower_level(row, &names) {
                for (name, lower) in names.iter_mut().zip(&row.fields) {
                    let lower = heading::clean(lower);
                    if !lower.is_empty() {
                        *name = lower;
                    }
                }
            } else if !is_numbering(row) {
                break;
            }
            last = row;
        }
        Self {
            heading,
            names,
            above: last.line + last.lines - 1,
        }
    }
}

/// The row with the names of columns.
fn heading_row<'a>(
    before: &'a [SampleRow],
    usual: usize,
    wanted: &[Option<&str>],
) -> Option<(usize, &'a SampleRow)> {
    let has_wanted = |row: &SampleRow| {
        let is_wanted = |field: &String| wanted.iter().flatten().any(|w| heading::same(field, w));
        row.fields.iter().any(is_wanted)
    };
    let known = |row: &SampleRow| {
        let is_known = |field: &&String| Role::of(field) != Role::Unknown;
        row.fields.iter().filter(is_known).count()
    };
    let has_nik = |row: &SampleRow| row.fields.iter().any(|field| Role::of(field).is_nik());
    let is_clear = |row: &SampleRow| !row.is_blank() && !row.fields.iter().any(|f| is_data(f));
    let clear = || before.iter().enumerate().filter(|(_, row)| is_clear(row));
    let fullest = |rows: Vec<(usize, &'a SampleRow)>| {
        let best = rows.iter().map(|(_, row)| known(row)).max()?;
        rows.into_iter().find(|(_, row)| known(row) == best)
    };
    // A title may say "NIK", too, in a field of its own; the names stand side by side.
    let side_by_side = |row: &SampleRow| usual < 2 || row.filled() > 1;
    let named = clear()
        .filter(|(_, row)| has_wanted(row) && side_by_side(row))
        .collect();
    let of_nik = || {
        clear()
            .filter(|(_, row)| has_nik(row) && side_by_side(row))
            .collect()
    };
    let unknown = || {
        clear()
            .filter(|(_, row)| {
                let all = row.filled() == row.fields.len();
                row.fields.len() == usual && (all || 2 * known(row) > row.filled())
            })
            .collect()
    };
    fullest(named)
        .or_else(|| fullest(of_nik()))
        .or_else(|| fullest(unknown()))
}

/// Lines of titles above data without a heading.
fn titles_above(before: &[SampleRow], rows: &[SampleRow]) -> u64 {
    let usual = usual_width(rows.iter());
    if before.len() == rows.len() {
        return 0;
    }
    // Of two columns, one that is filled may be a person without a NIK.
    let is_titled = |row: &SampleRow| {
        let is_title = |field: &String| is_title(field) && (usual > 2 || Role::of(field).is_nik());
        row.fields.iter().any(is_title)
    };
    let is_title =
        |row: &&SampleRow| row.is_blank() || row.filled() == 1 && usual > 1 && is_titled(row);
    let titles = before.iter().take_while(is_title).count();
    let last = before.iter().take(titles).rfind(|row| !row.is_blank());
    last.map_or(0, |row| row.line + row.lines - 1)
}

/// Whether a row is the lower of two levels of a heading: it names columns that have no name yet,
/// or only a group's, and leaves those empty that hold numbers.
fn is_lower_level(row: &SampleRow, names: &[String]) -> bool {
    let mut names_new = false;
    for (index, field) in row.fields.iter().enumerate() {
        if is_blank(field.as_bytes()) {
            continue;
        }
        // A row that is longer than the heading has fields without a name.
        let name = names.get(index).map(String::as_str).unwrap_or_default();
        if Role::of(name).is_nik() && !Role::of(field).is_nik()
            || field.chars().filter(|c| c.is_numeric()).count() > 2
        {
            return false;
        }
        // A name below a name must be a word of headings: a person has none of these.
        if !name.is_empty() && Role::of(field) == Role::Unknown {
            return false;
        }
        names_new = true;
    }
    names_new
}

/// Whether a row numbers the columns: 1, 2, 3 or (1), (2), (3).
fn is_numbering(row: &SampleRow) -> bool {
    let mut numbers = row.fields.iter().filter_map(|field| {
        let field = field.trim();
        (!field.is_empty()).then(|| field.trim_matches(['(', ')', '.']).parse::<usize>().ok())
    });
    let mut expected = None;
    let counts_up = numbers.all(|number| {
        let fits = number.is_some() && (expected.is_none() || number == expected);
        expected = number.map(|number| number + 1);
        fits
    });
    counts_up && row.filled() > 1
}

/// How many fields the rows have, and the names of the columns.
fn width(head: &Head, data: &[SampleRow]) -> Result<(usize, Vec<String>), LayoutError> {
    let usual = usual_width(data.iter());
    let Some(line) = head.heading else {
        return Ok((usual, Vec::new()));
    };
    let mut names = head.names.clone();
    let all = names.len();
    let fits_heading = data.iter().filter(|row| row.fields.len() == all).count();
    let fits_usual = data.iter().filter(|row| row.fields.len() == usual).count();
    if usual == all || data.is_empty() || fits_heading == fits_usual {
        return Ok((all, names));
    }
    let named = names
        .iter()
        .rposition(|name| !name.is_empty())
        .map_or(0, |last| last + 1);
    let surplus_is_empty = || {
        let rows = data.iter().filter(|row| row.fields.len() == usual);
        let mut surplus = rows.flat_map(|row| row.fields.iter().skip(named));
        surplus.all(|field| is_blank(field.as_bytes()))
    };
    if usual >= named && surplus_is_empty() {
        names.resize(usual, String::new());
        return Ok((usual, names));
    }
    if usual == all + 1 && has_row_names(data) {
        names.insert(0, String::new());
        return Ok((usual, names));
    }
    if data
        .iter()
        .any(|row| row.fields.windows(2).any(is_decimal_comma))
    {
        return Err(LayoutError::DecimalComma);
    }
    Err(LayoutError::HeadingWidth {
        line,
        names: named,
        fields: usual,
    })
}

/// Whether the first fields count the rows, as R writes them, without a name in the heading.
fn has_row_names(data: &[SampleRow]) -> bool {
    data.len() > 1
        && (1..).zip(data).all(|(number, row)| {
            let first = row.fields.first();
            first.is_some_and(|first| first.trim().parse() == Ok(number))
        })
}

/// `3` and `20101E+15`.
fn is_decimal_comma(fields: &[String]) -> bool {
    let [whole, rest] = fields else { return false };
    let joined = format!("{},{}", whole.trim(), rest.trim());
    whole.trim().len() == 1
        && joined.contains(['e', 'E'])
        && matches!(grouping::read(&joined), Err(GroupingError::LostDigits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(sample: &str, reading: &Reading) -> Result<Layout, LayoutError> {
        Layout::of(
            sample.as_bytes(),
            true,
            reading,
            Date::new(2026, 11, 23).unwrap(),
        )
    }

    fn table(sample: &str, reading: &Reading) -> Result<Table, LayoutError> {
        match layout(sample, reading)? {
            Layout::Delimited { table, .. } => Ok(*table),
            Layout::Lines { .. } => panic!("taken for plain lines: {sample}"),
        }
    }

    fn column(sample: &str) -> Result<usize, LayoutError> {
        Ok(table(sample, &Reading::default())?.nik.index)
    }

    #[test]
    fn finds_the_column_called_nik() {
        assert_eq!(column("nama,NIK,kota\na,3201014107909001,b\n"), Ok(1));
        assert_eq!(column("nama;nik\na;3201014107909001\n"), Ok(1));
        assert_eq!(column("\"Nik\"|nama\n3201014107909001|x\n"), Ok(0));
        assert_eq!(column("NOKTP\tNIK\n1\t3201014107909001\n"), Ok(1));
        assert_eq!(column("nama,No. KTP\na,3201014107909001\n"), Ok(1));
        assert_eq!(column("nama,NIK Valid\na,3201014107909001\n"), Ok(1));
    }

    #[test]
    fn finds_the_only_column_of_niks_where_there_are_no_names() {
        assert_eq!(column("a,3201014107909001\nb,3201014107909002\n"), Ok(1));
        for rows in [
            "3201014107909001,3201014107909002\n",
            "3201014107909001,3.20101E+15\n",
        ] {
            let error = column(rows).unwrap_err();
            assert!(
                matches!(error, LayoutError::Unclear { columns: 2, .. }),
                "{error}"
            );
        }
    }

    #[test]
    fn does_not_guess_where_names_are_given() {
        assert!(matches!(
            column("nama,nomor\nBudi,3201014107909001\n"),
            Err(LayoutError::NoNikColumn { .. })
        ));
        assert!(matches!(
            column("NIK_IBU,nama\n3201014107909001,x\n"),
            Err(LayoutError::NoNikColumn { .. })
        ));
        assert!(matches!(
            column("NO KTP,nama,NIK KTP\n3201014107909001,x,3201014107909002\n"),
            Err(LayoutError::TwoColumns { .. })
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
            let error = table(&format!("{row}\n"), &reading).unwrap_err();
            assert!(!error.to_string().contains("Budi"), "{error}");
            assert!(!error.to_string().contains("3201"), "{error}");
        }
    }

    #[test]
    fn a_first_row_with_a_damaged_nik_is_no_heading() {
        let rows = "Budi,3201014107909002\n".repeat(3);
        for first in ["Budi,320101410790900", "Budi,"] {
            let reading = Reading {
                column: Some(Column::Number(2)),
                name_column: Some(Column::Number(1)),
                ..Reading::default()
            };
            let table = table(&format!("{first}\n{rows}"), &reading).unwrap();
            assert_eq!((table.heading, table.above), (None, 0), "{first}");
            assert_eq!(table.nik.title, None);
        }
    }

    #[test]
    fn rows_above_the_heading_and_two_levels_are_passed_over() {
        let row = "1,3201014107909001,BUDI\n";
        for (above, line) in [
            ("NO,NIK,NAMA\n", 1),
            ("DAFTAR 31/12/2026 01/01/2027,,\n,,\nNO,NIK,NAMA\n", 3),
            ("NO,ORANG,\n,NIK,NAMA\n(1),(2),(3)\n", 2),
            ("NO,NIK,ORANG\n,,NAMA\n", 1),
        ] {
            let table = table(&format!("{above}{row}"), &Reading::default());
            let table = table.unwrap_or_else(|error| panic!("{above:?}: {error}"));
            assert_eq!(
                table.heading.map(|heading| heading.line),
                Some(line),
                "{above:?}"
            );
            assert_eq!(table.above, above.lines().count() as u64, "{above:?}");
            assert_eq!(table.nik.index, 1);
        }
    }

    #[test]
    fn a_spoilt_nik_column_beside_a_clean_one_stops() {
        for spoilt in ["3.20101E+15", "", "20150001", "tidak ada"] {
            let rows = format!("{spoilt},3201014107909001\n").repeat(5);
            for other in ["NO_KTP", "NIK_IBU", "NO_KK"] {
                let error = column(&format!("NIK,{other}\n{rows}")).unwrap_err();
                assert!(matches!(error, LayoutError::NikSpoilt { .. }), "{error}");
                assert!(error.to_string().contains(other), "{error}");
            }
        }
    }

    #[test]
    fn the_delimiter_is_the_one_between_the_numbers() {
        for (sample, index) in [
            ("NIK;NAMA, GELAR\n3201014107909001;BUDI, SE\n", 0),
            ("sep=;\r\nNAMA;NIK\r\nBUDI;3201014107909001\r\n", 1),
            ("NAMA,NIK\n\"JL. \\\"A\\\", 1\",3201014107909001\n", 1),
        ] {
            assert_eq!(column(sample), Ok(index), "{sample:?}");
        }
        let plain = layout("3,201,014,107,909,001\n", &Reading::default());
        assert!(matches!(plain, Ok(Layout::Lines { .. })), "{plain:?}");
    }

    #[test]
    fn plain_lines_may_have_titles() {
        let above = |sample| match layout(sample, &Reading::default()) {
            Ok(Layout::Lines { above, title }) => (above, title),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            above("NIK\n3201014107909001\n"),
            (1, Some("NIK".to_owned()))
        );
        assert_eq!(above("DAFTAR\n\nNIK\n\n3201014107909001\n").0, 4);
        assert_eq!(above("3201014107909001\n"), (0, None));
        assert_eq!(above("3.20101E+15\n"), (0, None));
        // A list of words has no titles, and its rows are counted.
        assert_eq!(above("BUDI\nSITI\n"), (0, None));
    }
}

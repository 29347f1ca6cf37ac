//! Delimited lists: the wanted fields of each row, once the row fits the heading.

use std::io::Read;
use std::path::Path;

use super::columns::{Because, ColumnProfile, DIGITS_OF_DATA, Table, swallows_a_number};
use super::grouping;
use super::heading::{self, Role};
use super::name_field;
use super::reject_reason::{RejectReason, Rejection};
use super::rows::{Dialect, Row, RowError, RowReader, is_blank};
use super::{Ends, InputError, Rows, SourceInfo};
use cek_nik::nik::{DIGITS, Nik};

/// How many rows that run over several lines are named.
const LONG_ROWS_NAMED: usize = 5;

pub(super) fn read<E: From<InputError>>(
    text: impl Read,
    path: &Path,
    dialect: Dialect,
    table: &Table,
    batch_bytes: usize,
    hand_on: &mut dyn FnMut(Rows, u64) -> Result<(), E>,
) -> Result<SourceInfo, E> {
    let failed = |error| describe(error, path);
    let mut reader = RowReader::new(text, dialect);
    reader.skip_lines(table.above).map_err(failed)?;
    let mut batch = TableBatch::new(table, batch_bytes);
    let mut seen = SourceInfo::default();
    let mut handed_on = 0;
    while let Some(row) = reader.next_row().map_err(failed)? {
        if row.lines > 1 {
            let path = path.to_owned();
            let line = row.line;
            if row
                .fields()
                .any(|field| swallows_a_number(field, dialect.delimiter))
            {
                return Err(InputError::SwallowedRow { path, line }.into());
            }
            seen.long_rows += 1;
            if seen.long_row_lines.len() < LONG_ROWS_NAMED {
                seen.long_row_lines.push(line);
            }
        }
        batch.push(&row).map_err(|OtherHeading { first, second }| {
            let path = path.to_owned();
            InputError::OtherHeading {
                path,
                first,
                second,
            }
        })?;
        if batch.is_full() {
            let position = reader.position();
            hand_on(batch.take(), position - handed_on)?;
            handed_on = position;
        }
    }
    hand_on(batch.take(), reader.position() - handed_on)?;
    Ok(seen)
}

/// A heading that does not name the same columns in the same order as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherHeading {
    /// The line of the first heading; `None` where the list has none.
    pub first: Option<u64>,
    /// The line of this one.
    pub second: u64,
}

/// Rows of a table on their way to the threads that make keys.
pub struct TableBatch<'a> {
    table: &'a Table,
    batch_bytes: usize,
    text: Vec<u8>,
    ends: Vec<Ends>,
    rejected: Vec<(Rejection, u64)>,
}

impl<'a> TableBatch<'a> {
    /// An empty batch of about `batch_bytes`.
    pub fn new(table: &'a Table, batch_bytes: usize) -> Self {
        Self {
            table,
            batch_bytes,
            text: Vec::with_capacity(batch_bytes),
            ends: Vec::new(),
            rejected: Vec::new(),
        }
    }

    /// Whether it is time to hand the rows on.
    pub fn is_full(&self) -> bool {
        self.text.len() >= self.batch_bytes
            || self.ends.len() + self.rejected.len() >= self.batch_bytes
    }

    /// The rows so far.
    pub fn take(&mut self) -> Rows {
        Rows::Fields {
            text: std::mem::take(&mut self.text),
            ends: std::mem::take(&mut self.ends),
            rejected: std::mem::take(&mut self.rejected),
        }
    }

    /// Takes the fields of a row, or the reason why there are none.
    ///
    /// # Errors
    ///
    /// [`OtherHeading`] where the row is another heading: the rows below it have other columns.
    pub fn push(&mut self, row: &Row) -> Result<(), OtherHeading> {
        let nik = row.field(self.table.nik.index);
        let fits = row.width() == self.table.width;
        // Nearly every row of nearly every list.
        let is_plain = fits && nik.len() == DIGITS && nik.iter().all(u8::is_ascii_digit);
        if !is_plain && let Some(rejection) = self.odd(row, nik, fits)? {
            self.rejected.push((rejection, row.line));
            return Ok(());
        }
        if let Some(rejection) = self.second_number(row) {
            self.rejected.push((rejection, row.line));
            return Ok(());
        }
        if self.table.usual.has_moved(row, nik) {
            self.rejected
                .push((RejectReason::MovedFields.into(), row.line));
            return Ok(());
        }
        let name = match &self.table.name {
            Some(name) => row.field(name.index),
            None => &[],
        };
        if name_field::is_nan(name) && !self.table.spelling.takes_nan(name) {
            self.rejected
                .push((RejectReason::NamePlaceholder.into(), row.line));
            return Ok(());
        }
        self.text.extend_from_slice(nik);
        let nik = self.text.len();
        self.text.extend_from_slice(name);
        let name = self.text.len();
        let line = row.line;
        self.ends.push(Ends { nik, name, line });
        Ok(())
    }

    /// Why a row cannot be used that has no plain NIK in its place; `None` where its field must be
    /// read to know.
    fn odd(&self, row: &Row, nik: &[u8], fits: bool) -> Result<Option<Rejection>, OtherHeading> {
        if row.is_blank() {
            return Ok(Some(RejectReason::EmptyRow.into()));
        }
        let digits = nik.iter().filter(|byte| byte.is_ascii_digit()).count();
        if (!fits || digits < DIGITS_OF_DATA) && self.is_heading(row) {
            let heading = self.table.heading.as_ref();
            let is_same = heading.is_some_and(|heading| is_same_heading(row, &heading.names));
            if is_same {
                return Ok(Some(RejectReason::RepeatedHeading.into()));
            }
            return Err(OtherHeading {
                first: heading.map(|heading| heading.line),
                second: row.line,
            });
        }
        if self.is_title(row) {
            return Ok(Some(RejectReason::Title.into()));
        }
        if !fits {
            let reason = RejectReason::FieldCount;
            let people = self.people(row);
            return Ok(Some(Rejection { reason, people }));
        }
        Ok(None)
    }

    /// Whether a row names columns: a word that means NIK, or two names of the heading, and no
    /// data.
    fn is_heading(&self, row: &Row) -> bool {
        let names = self.table.heading.iter().flat_map(|heading| &heading.names);
        let mut of_nik = 0;
        let mut of_heading = 0;
        for field in row.fields() {
            let digits = field.iter().filter(|byte| byte.is_ascii_digit()).count();
            let text = String::from_utf8_lossy(field);
            if digits >= DIGITS_OF_DATA {
                return false;
            }
            if is_blank(field) || field.len() > 200 {
                continue;
            }
            of_nik += usize::from(Role::of(&text).is_nik());
            of_heading += usize::from(names.clone().any(|name| heading::same(name, &text)));
        }
        of_nik > 0 || of_heading > 1
    }

    /// Whether a row is a title between the rows, such as the name of a village: letters in its
    /// first field, and nothing else. In a column of names, it is a person without a NIK.
    fn is_title(&self, row: &Row) -> bool {
        let is_titled = |field: &[u8]| {
            String::from_utf8_lossy(field).contains(char::is_alphabetic)
                && field.iter().filter(|byte| byte.is_ascii_digit()).count() < DIGITS_OF_DATA
        };
        let read = [Some(&self.table.nik), self.table.name.as_ref()];
        let holds_names =
            |column: &ColumnProfile| matches!(column.role, Role::Name | Role::OtherName);
        self.table.width > 2
            && row.width() > 1
            && !self.table.columns.first().is_some_and(holds_names)
            && read.into_iter().flatten().all(|field| field.index != 0)
            && is_titled(row.field(0))
            && row.fields().skip(1).all(is_blank)
    }

    /// How many people a row of the wrong width holds: as many as it has room for, and where no
    /// heading says what the columns are, as many as it has numbers.
    fn people(&self, row: &Row) -> u64 {
        // Of two rows that are joined, two fields may have become one.
        let rows = (row.width() + 1) / self.table.width.max(1);
        let numbers = match self.table.heading {
            Some(_) => 0,
            None => row.fields().map(numbers).sum(),
        };
        rows.max(numbers).max(1) as u64
    }

    /// The numbers of a row beside its NIK, where no heading says that they are something else.
    fn second_number(&self, row: &Row) -> Option<Rejection> {
        if self.table.heading.is_some() || self.table.because == Because::Asked {
            return None;
        }
        let all: usize = row
            .fields()
            .filter(|field| field.len() >= DIGITS)
            .map(numbers)
            .sum();
        (all > 1).then_some(Rejection {
            reason: RejectReason::SeveralNumbers,
            people: all as u64,
        })
    }
}

/// How many numbers of sixteen digits a field holds.
fn numbers(field: &[u8]) -> usize {
    if Nik::from_plain(field).is_some() {
        return 1;
    }
    let text = String::from_utf8_lossy(field);
    match grouping::read(&text) {
        Ok(_) => 1,
        Err(_) => grouping::numbers_within(&text),
    }
}

fn is_same_heading(row: &Row, names: &[String]) -> bool {
    // R leaves out the name of the first column.
    let names = match names {
        [first, rest @ ..] if first.is_empty() && row.width() + 1 == names.len() => rest,
        names => names,
    };
    let fields = row.fields().map(String::from_utf8_lossy);
    row.width() == names.len()
        && fields
            .zip(names)
            .all(|(field, name)| heading::same(&field, name))
}

fn describe(error: RowError, path: &Path) -> InputError {
    match error {
        RowError::Io(source) => InputError::reading(path, source),
        RowError::TooLong { line } => InputError::OpenQuote {
            path: path.to_owned(),
            line,
            limit: super::rows::LONGEST_ROW,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{self, Input};

    /// What a list loses, and what it says about itself.
    fn read_list(text: &str) -> Result<(u64, SourceInfo), InputError> {
        let (rejected, seen) = rejected(text)?;
        let lost = rejected.iter().map(|rejection| rejection.people).sum();
        Ok((lost, seen))
    }

    /// The rows of a list that are rejected before their NIK is read.
    fn rejected(text: &str) -> Result<(Vec<Rejection>, SourceInfo), InputError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let input = Input {
            path: file.path().to_owned(),
            reading: Default::default(),
        };
        let today = "2026-11-23".parse().unwrap();
        let mut all = Vec::new();
        let seen = input::read(&input, today, 1 << 16, |rows, _| {
            if let Rows::Fields { rejected, .. } = rows {
                all.extend(rejected.into_iter().map(|(rejection, _)| rejection));
            }
            Ok::<_, InputError>(())
        })?;
        Ok((all, seen))
    }

    #[test]
    fn a_line_above_plain_numbers_is_shown_only_if_it_means_nik() {
        let title = |first: &str| {
            let list = format!("{first}\n3201014107909001\n3201014107909002\n");
            let (_, seen) = read_list(&list).unwrap();
            seen.profile.nik.and_then(|field| field.title)
        };
        assert_eq!(title("NIK").as_deref(), Some("NIK"));
        assert_eq!(title("BUDI SANTOSO 3201014"), None);
    }

    #[test]
    fn a_name_alone_is_a_person_without_a_nik_and_a_village_is_a_title() {
        let is_title = |heading: &str, row: &str, alone: &str| {
            let list = format!("{heading}\n{row}\n{row}\n{alone}\n{row}\n");
            rejected(&list).unwrap().0 == [RejectReason::Title.into()]
        };
        let of_names = ["NAMA,NIK,ALAMAT", "ANI,3201014107909001,JL"];
        assert!(!is_title(of_names[0], of_names[1], "BUDI SANTOSO,,"));
        let numbered = ["NO,NAMA,NIK", "1,ANI,3201014107909001"];
        assert!(is_title(numbered[0], numbered[1], "DESA CONTOH,,"));
    }

    #[test]
    fn a_row_that_swallows_a_nik_is_refused_however_it_is_written() {
        let groupings = [
            ("3201014107909001", "3201014107909002"),
            ("320101-410790-9001", "320101-410790-9002"),
            ("3201.0141.0790.9001", "3201.0141.0790.9002"),
            ("320101 410790 9001", "320101 410790 9002"),
            ("32.01.01.410790.9001", "32.01.01.410790.9002"),
            ("'3201014107909001", "'3201014107909002"),
            (
                "３２０１０１４１０７９０９００１",
                "３２０１０１４１０７９０９００２",
            ),
        ];
        for (first, swallowed) in groupings {
            for end in ["\n", "\r\n", "\r"] {
                for delimiter in [",", ";", "\t", "|"] {
                    let rows = [
                        ["NIK", "NAMA"],
                        [first, "\"BUDI"],
                        [swallowed, "SITI\""],
                        [first, "ANI"],
                    ];
                    let list = rows.map(|row| row.join(delimiter)).join(end);
                    let read = read_list(&list);
                    assert!(
                        matches!(read, Err(InputError::SwallowedRow { line: 2, .. })),
                        "{list:?}: {read:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_row_over_several_lines_without_a_nik_is_read() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = [
                "NIK,ALAMAT",
                "320101-410790-9001,\"Jl. Contoh 1",
                "0812-3456-7890\"",
                "\"3201014107909002",
                "\",x",
                "",
            ];
            let (lost, seen) = read_list(&rows.join(end)).unwrap();
            assert_eq!((lost, seen.long_rows), (0, 2), "{end:?}");
            assert_eq!(seen.long_row_lines, [2, 4]);
        }
    }

    #[test]
    fn the_mothers_number_is_not_taken_from_a_row_of_the_right_width() {
        let row = "BUDI,3202014101509501,3201014107909001,JL. A\n".repeat(5);
        let moved = "BUDI, SE,3202014101509501,3201014107909002\n";
        let list = format!("NAMA,NIK_IBU,NIK,ALAMAT\n{row}{moved}");
        assert_eq!(read_list(&list).unwrap().0, 1);
    }
}

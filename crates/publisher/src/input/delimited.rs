//! Delimited text: CSV, TSV and their relatives, by the `csv` crate.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use super::columns::Delimited;
use super::reject_reason::{self, RejectReason};
use super::{Ends, InputError, Rows, SourceInfo};
use cek_nik::nik::DIGITS;

/// A row longer than this has a quotation mark that is not closed.
const LONGEST_ROW: usize = 1 << 20;
/// How many rows that run over several lines are named.
const LONG_ROWS_NAMED: usize = 5;

pub(super) fn read<E: From<InputError>>(
    text: impl Read,
    path: &Path,
    layout: &Delimited,
    batch_bytes: usize,
    hand_on: &mut dyn FnMut(Rows, u64) -> Result<(), E>,
) -> Result<SourceInfo, E> {
    let since_last_row = Rc::new(Cell::new(0));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(layout.has_header)
        .flexible(true)
        .delimiter(layout.delimiter)
        .quoting(layout.quoting)
        .from_reader(Watched {
            text,
            since_last_row: since_last_row.clone(),
        });
    let mut seen = SourceInfo {
        column: layout.nik.title.clone(),
        name_column: layout.name.as_ref().and_then(|name| name.title.clone()),
        ..SourceInfo::default()
    };
    let mut row = csv::ByteRecord::new();
    if layout.has_header {
        // Now, so that the first row of data is known to begin behind it.
        reader
            .byte_headers()
            .map_err(|error| describe(error, path, 1))?;
    }
    let mut text = Vec::with_capacity(batch_bytes);
    let mut ends = Vec::new();
    let mut handed_on = 0;
    loop {
        since_last_row.set(0);
        let start = reader.position().line();
        let more = reader
            .read_byte_record(&mut row)
            .map_err(|error| describe(error, path, start))?;
        if !more {
            break;
        }
        let inner = line_ends(&row);
        // The parser passes over blank lines in front of a row without a word.
        let passed = reader.position().line() - start;
        let line = start + passed.saturating_sub(inner + 1);
        for blank in start..line {
            let refusal = RejectReason::Empty;
            hand_on(
                Rows::Refused {
                    refusal,
                    line: blank,
                },
                0,
            )?;
        }
        let swallows = |field| swallows_a_number(field, layout.delimiter);
        if row.iter().any(swallows) {
            let path = path.to_owned();
            return Err(InputError::SwallowedRow { path, line }.into());
        }
        if inner > 0 {
            seen.long_rows += 1;
            if seen.long_row_lines.len() < LONG_ROWS_NAMED {
                seen.long_row_lines.push(line);
            }
        }
        match fields(&row, layout) {
            Ok((nik, name)) => {
                text.extend_from_slice(nik);
                let nik = text.len();
                text.extend_from_slice(name);
                let name = text.len();
                ends.push(Ends { nik, name, line });
            }
            Err(refusal) => hand_on(Rows::Refused { refusal, line }, 0)?,
        }
        if text.len() >= batch_bytes || ends.len() >= batch_bytes {
            let position = reader.position().byte();
            let text = std::mem::take(&mut text);
            let ends = std::mem::take(&mut ends);
            hand_on(Rows::Fields { text, ends }, position - handed_on)?;
            handed_on = position;
        }
    }
    if !ends.is_empty() {
        let bytes = reader.position().byte() - handed_on;
        hand_on(Rows::Fields { text, ends }, bytes)?;
    }
    Ok(seen)
}

/// The NIK and the name, which is empty where none is read.
fn fields<'a>(
    row: &'a csv::ByteRecord,
    layout: &Delimited,
) -> Result<(&'a [u8], &'a [u8]), RejectReason> {
    let nik = row
        .get(layout.nik.index)
        .ok_or(RejectReason::NoSuchColumn)?;
    let name = match &layout.name {
        Some(name) => row.get(name.index).ok_or(RejectReason::NoNameColumn)?,
        None => &[],
    };
    Ok((nik, name))
}

fn line_ends(row: &csv::ByteRecord) -> u64 {
    row.iter()
        .map(|field| memchr::memchr_iter(b'\n', field).count() as u64)
        .sum()
}

/// Whether a field over several lines holds what could be the NIK of another row: sixteen digits somewhere, or what a row of its own
/// would have been read as, such as digits in groups.
fn swallows_a_number(field: &[u8], delimiter: u8) -> bool {
    // Files of old computers end their lines with this one alone.
    let ends_line = |byte: &u8| matches!(byte, b'\n' | b'\r');
    if !field.trim_ascii_end().iter().any(ends_line) {
        return false;
    }
    let ends_field = |byte: &u8| ends_line(byte) || matches!(byte, b'"') || *byte == delimiter;
    let has_digits = |text: &[u8]| {
        text.split(|byte| !byte.is_ascii_digit())
            .any(|digits| digits.len() == DIGITS)
    };
    field
        .split(ends_field)
        .any(|part| has_digits(part) || reject_reason::nik(part).is_ok())
}

fn describe(error: csv::Error, path: &Path, line: u64) -> InputError {
    let source = match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => io::Error::other(format!("{other:?}")),
    };
    if source
        .get_ref()
        .is_some_and(|inner| inner.is::<RowTooLong>())
    {
        return InputError::OpenQuote {
            path: path.to_owned(),
            line,
            limit: LONGEST_ROW,
        };
    }
    InputError::reading(path, source)
}

/// Stops the parser before it has read the rest of a large file into one field.
struct Watched<R> {
    text: R,
    since_last_row: Rc<Cell<usize>>,
}

#[derive(Debug, thiserror::Error)]
#[error("a row is too long")]
struct RowTooLong;

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_last_row.get() > LONGEST_ROW {
            return Err(io::Error::other(RowTooLong));
        }
        let read = self.text.read(buffer)?;
        self.since_last_row.set(self.since_last_row.get() + read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;

    fn read_list(text: &str) -> Result<SourceInfo, InputError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        let input = Input {
            path: file.path().to_owned(),
            reading: Default::default(),
        };
        crate::input::read(&input, 1 << 16, |_, _| Ok(()))
    }

    #[test]
    fn a_row_that_swallows_a_nik_is_refused_however_it_is_written() {
        for (first, swallowed) in [
            ("3201014107909001", "3201014107909002"),
            ("320101-410790-9001", "320101-410790-9002"),
            ("3201.0141.0790.9001", "3201.0141.0790.9002"),
            ("320101 410790 9001", "320101 410790 9002"),
            (
                "３２０１０１４１０７９０９００１",
                "３２０１０１４１０７９０９００２",
            ),
        ] {
            for end in ["\n", "\r\n", "\r"] {
                for delimiter in [",", ";", "\t", "|"] {
                    let rows = [
                        ["NIK", "NAMA"],
                        [first, "\"BUDI"],
                        [swallowed, "SITI\""],
                        [first, "ANI"],
                    ]
                    .map(|row| row.join(delimiter));
                    let list = rows.join(end);
                    assert!(
                        matches!(
                            read_list(&list),
                            Err(InputError::SwallowedRow { line: 2, .. })
                                | Err(InputError::SwallowedRow { line: 1, .. })
                        ),
                        "{list:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_row_over_several_lines_without_a_nik_is_read() {
        let list = "NIK,ALAMAT\n320101-410790-9001,\"Jl. Contoh 1\n0812-3456-7890\"\n\"3201014107909002\n\",x\n";
        assert_eq!(read_list(list).unwrap().long_rows, 2);
    }
}

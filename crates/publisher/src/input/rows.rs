//! Rows of delimited text: CSV, TSV and their relatives.
//!
//! Quotation marks count where a field begins with one, blanks in front of it included. Nearly all
//! lines of nearly all lists have none, or only around whole fields: these are searched once, and
//! nothing is copied.

use std::io::{self, Read};
use std::ops::Range;

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What separates fields.
    pub delimiter: u8,
    /// Whether a field may stand between quotation marks.
    pub quoting: bool,
    /// Whether `\"` is a quotation mark inside a field; `""` always is.
    pub escapes: bool,
}

/// A row longer than this, in bytes, has a quotation mark that is not closed.
pub const LONGEST_ROW: usize = 1 << 20;

/// Bytes that are read at once.
const READ_AT_ONCE: usize = 256 << 10;

const QUOTE: u8 = b'"';

/// Why the next row cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The error of the file system, or of what decompresses the list.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A row of more than [`LONGEST_ROW`] bytes.
    #[error("the row that begins in line {line} has more than {LONGEST_ROW} bytes")]
    TooLong {
        /// The line on which the row begins, counted from 1.
        line: u64,
    },
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// How many lines it has.
    pub lines: u64,
    text: &'a [u8],
    fields: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    /// How many fields there are; an empty line has one.
    pub fn width(&self) -> usize {
        self.fields.len()
    }

    /// Whether all fields are empty.
    pub fn is_blank(&self) -> bool {
        self.fields().all(is_blank)
    }

    /// A field, counted from 0; empty where the row has fewer.
    pub fn field(&self, index: usize) -> &'a [u8] {
        let field = self.fields.get(index).cloned();
        field.map_or(&[], |field| self.slice(field))
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let row = *self;
        self.fields
            .iter()
            .map(move |field| row.slice(field.clone()))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the ranges are those of the fields of the text"
    )]
    fn slice(&self, field: Range<usize>) -> &'a [u8] {
        &self.text[field]
    }
}

/// Whether a field has nothing but blanks, which Latin-1 and UTF-8 write differently.
pub fn is_blank(field: &[u8]) -> bool {
    if field.iter().all(u8::is_ascii_whitespace) {
        return true;
    }
    if field.first().is_some_and(u8::is_ascii_graphic) {
        return false;
    }
    match std::str::from_utf8(field) {
        Ok(text) => text
            .chars()
            .all(|c| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}' | '\u{feff}')),
        Err(_) => field
            .iter()
            .all(|&byte| byte == 0xa0 || byte.is_ascii_whitespace()),
    }
}

/// Reads rows one after the other.
pub struct RowReader<R> {
    text: R,
    dialect: Dialect,
    buffer: Vec<u8>,
    /// Where the next row begins in the buffer.
    start: usize,
    at_end: bool,
    /// The number of the next line.
    line: u64,
    /// Bytes that have left the buffer.
    left: u64,
    /// Where the last row began, and on which line.
    last: (usize, u64),
    /// The text of a row whose fields are not as they stand in the buffer.
    unquoted: Vec<u8>,
    /// The fields of the last row, in the buffer behind its start, or in `unquoted`.
    fields: Vec<Range<usize>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "offsets lie in the buffer: only `compact` shortens it, between two rows"
)]
impl<R: Read> RowReader<R> {
    /// A reader of rows, which begins with line 1.
    pub fn new(text: R, dialect: Dialect) -> Self {
        Self {
            text,
            dialect,
            buffer: Vec::new(),
            start: 0,
            at_end: false,
            line: 1,
            left: 0,
            last: (0, 1),
            unquoted: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// How many bytes the rows so far have.
    pub fn position(&self) -> u64 {
        self.left + self.start as u64
    }

    /// Passes over lines, whatever they hold.
    ///
    /// # Errors
    ///
    /// [`RowError`].
    pub fn skip_lines(&mut self, lines: u64) -> Result<(), RowError> {
        for _ in 0..lines {
            self.compact();
            let Some(end) = self.line_end(self.start)? else {
                return Ok(());
            };
            self.start = end;
            self.line += 1;
        }
        Ok(())
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`RowError`].
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, RowError> {
        self.row(true)
    }

    /// The last row once more, of its first line alone: a quotation mark that is not closed there
    /// has no meaning.
    ///
    /// # Errors
    ///
    /// [`RowError`].
    pub fn first_line_again(&mut self) -> Result<Option<Row<'_>>, RowError> {
        (self.start, self.line) = self.last;
        self.row(false)
    }

    fn row(&mut self, over_lines: bool) -> Result<Option<Row<'_>>, RowError> {
        if over_lines {
            self.compact();
        }
        self.last = (self.start, self.line);
        let Some(end) = self.line_end(self.start)? else {
            return Ok(None);
        };
        let content = self.content_end(self.start, end);
        let first = self.line;
        self.fields.clear();
        let line = &self.buffer[self.start..content];
        if !in_place(line, self.dialect, &mut self.fields) {
            self.fields.clear();
            let (end, lines) = self.quoted(end, over_lines)?;
            self.start = end;
            self.line += lines;
            return Ok(Some(Row {
                line: first,
                lines,
                text: &self.unquoted,
                fields: &self.fields,
            }));
        }
        let start = std::mem::replace(&mut self.start, end);
        self.line += 1;
        Ok(Some(Row {
            line: first,
            lines: 1,
            text: &self.buffer[start..content],
            fields: &self.fields,
        }))
    }

    /// Takes a row apart that has quotation marks: where it ends in the buffer, and how many lines
    /// it has.
    fn quoted(&mut self, mut end: usize, over_lines: bool) -> Result<(usize, u64), RowError> {
        self.unquoted.clear();
        let mut lines = 1;
        let mut at = self.start;
        loop {
            let field = self.unquoted.len();
            let content = self.content_end(at, end);
            let rest = &self.buffer[at..content];
            let blanks = rest
                .iter()
                .take_while(|&&byte| {
                    byte == b' ' || byte == b'\t' && self.dialect.delimiter != byte
                })
                .count();
            if rest.get(blanks) == Some(&QUOTE) {
                at += blanks + 1;
                at = self.inside_quotes(at, &mut end, &mut lines, over_lines)?;
            }
            let content = self.content_end(at, end);
            let rest = &self.buffer[at..content];
            match memchr::memchr(self.dialect.delimiter, rest) {
                Some(length) => {
                    self.take(at, at + length);
                    self.fields.push(field..self.unquoted.len());
                    at += length + 1;
                }
                None => {
                    self.take(at, content);
                    self.fields.push(field..self.unquoted.len());
                    return Ok((end, lines));
                }
            }
        }
    }

    /// Takes what stands between quotation marks, and returns where it ends.
    fn inside_quotes(
        &mut self,
        mut at: usize,
        end: &mut usize,
        lines: &mut u64,
        over_lines: bool,
    ) -> Result<usize, RowError> {
        loop {
            let stop = if over_lines {
                *end
            } else {
                self.content_end(at, *end)
            };
            let rest = &self.buffer[at..stop];
            let found = if self.dialect.escapes {
                memchr::memchr2(QUOTE, b'\\', rest)
            } else {
                memchr::memchr(QUOTE, rest)
            };
            let Some(found) = found else {
                self.take(at, stop);
                at = stop;
                if !over_lines {
                    return Ok(at);
                }
                match self.line_end(*end)? {
                    Some(next) => {
                        *end = next;
                        *lines += 1;
                        continue;
                    }
                    None => return Ok(at),
                }
            };
            let next = rest.get(found + 1).copied();
            let is_escape = rest[found] == b'\\';
            self.take(at, at + found);
            at += found + 1;
            match (is_escape, next) {
                (true, Some(byte @ (QUOTE | b'\\'))) => {
                    self.unquoted.push(byte);
                    at += 1;
                }
                (true, _) => self.unquoted.push(b'\\'),
                (false, Some(QUOTE)) => {
                    self.unquoted.push(QUOTE);
                    at += 1;
                }
                (false, _) => return Ok(at),
            }
        }
    }

    fn take(&mut self, start: usize, end: usize) {
        self.unquoted.extend_from_slice(&self.buffer[start..end]);
    }

    /// Drops the rows before from the buffer, where that is much.
    fn compact(&mut self) {
        if self.start >= READ_AT_ONCE {
            self.buffer.drain(..self.start);
            self.left += self.start as u64;
            self.start = 0;
        }
    }

    /// Where the line that begins at an index ends, behind its line feed; `None` behind the last
    /// line.
    fn line_end(&mut self, from: usize) -> Result<Option<usize>, RowError> {
        let mut searched = from;
        loop {
            if let Some(found) = memchr::memchr(b'\n', &self.buffer[searched..]) {
                return Ok(Some(searched + found + 1));
            }
            searched = self.buffer.len();
            if self.at_end {
                return Ok((searched > from).then_some(searched));
            }
            if searched - self.start > LONGEST_ROW {
                return Err(RowError::TooLong { line: self.last.1 });
            }
            let read = self
                .text
                .by_ref()
                .take(READ_AT_ONCE as u64)
                .read_to_end(&mut self.buffer)?;
            self.at_end = read == 0;
        }
    }

    /// Where the content of a line ends, in front of `\n` or `\r\n`.
    fn content_end(&self, start: usize, end: usize) -> usize {
        let line = &self.buffer[start..end];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        start + line.len()
    }
}

/// Finds the fields of a line where all can be used as they stand in it: without quotation marks,
/// or between two that enclose the whole field and hold no other. `false` where one cannot.
fn in_place(line: &[u8], dialect: Dialect, fields: &mut Vec<Range<usize>>) -> bool {
    let mut start = 0;
    if !dialect.quoting || memchr::memchr(QUOTE, line).is_none() {
        for end in memchr::memchr_iter(dialect.delimiter, line) {
            fields.push(start..end);
            start = end + 1;
        }
        fields.push(start..line.len());
        return true;
    }
    while let Some(rest) = line.get(start..) {
        let field = match rest {
            [QUOTE, rest @ ..] => match memchr::memchr(QUOTE, rest) {
                Some(length) if !dialect.escapes => start + 1..start + 1 + length,
                _ => return false,
            },
            // A quotation mark may follow.
            [b' ' | b'\t', ..] => return false,
            _ => {
                let length = memchr::memchr(dialect.delimiter, rest).unwrap_or(rest.len());
                start..start + length
            }
        };
        let end = field.end + field.start - start;
        if line.get(end).is_some_and(|&byte| byte != dialect.delimiter) {
            return false;
        }
        fields.push(field);
        start = end + 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Dialect = Dialect {
        delimiter: b',',
        quoting: true,
        escapes: false,
    };

    fn rows(text: &str, dialect: Dialect) -> Vec<(u64, u64, Vec<String>)> {
        let mut reader = RowReader::new(text.as_bytes(), dialect);
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            let fields = row
                .fields()
                .map(|field| String::from_utf8_lossy(field).into_owned());
            rows.push((row.line, row.lines, fields.collect()));
        }
        assert_eq!(reader.position(), text.len() as u64);
        rows
    }

    fn fields(text: &str, dialect: Dialect) -> Vec<String> {
        let mut rows = rows(text, dialect);
        assert_eq!(rows.len(), 1, "{text:?}");
        rows.remove(0).2
    }

    #[test]
    fn takes_fields_apart() {
        for (text, expected) in [
            ("a,b", &["a", "b"][..]),
            ("a,b,\r\n", &["a", "b", ""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\"\"b\",c", &["a\"b", "c"]),
            ("a, \"b\",c", &["a", "b", "c"]),
            ("a b\"c,d", &["a b\"c", "d"]),
            ("\"a\"b,c", &["ab", "c"]),
            ("=\"1\",c", &["=\"1\"", "c"]),
            ("\"\",\"\"", &["", ""]),
            ("\"a\nb\",c\n", &["a\nb", "c"]),
            ("\"a\r\n\r\nb\",c", &["a\r\n\r\nb", "c"]),
            ("\"a,b\n", &["a,b\n"]),
            ("\"C:\\\",c", &["C:\\", "c"]),
        ] {
            assert_eq!(fields(text, CSV), expected, "{text:?}");
        }
        let escapes = Dialect {
            escapes: true,
            ..CSV
        };
        assert_eq!(fields("\"a \\\"b\\\", c\",d", escapes), ["a \"b\", c", "d"]);
        let plain = Dialect {
            quoting: false,
            ..CSV
        };
        assert_eq!(fields("\"a,b", plain), ["\"a", "b"]);
    }

    /// Every line of up to seven characters that matter.
    #[test]
    fn fields_in_place_are_those_that_are_taken_apart() {
        let mut lines = vec![String::new()];
        for end in 0.. {
            let Some(line) = lines.get(end).filter(|line| line.len() < 7).cloned() else {
                break;
            };
            lines.extend(['"', ',', 'a', ' '].map(|next| format!("{line}{next}")));
        }
        let mut found = 0;
        for line in &lines {
            let mut fields = Vec::new();
            if in_place(line.as_bytes(), CSV, &mut fields) && line.contains('"') {
                found += 1;
                let mut reader = RowReader::new(line.as_bytes(), CSV);
                let end = reader.line_end(0).unwrap().unwrap();
                reader.quoted(end, true).unwrap();
                let text = String::from_utf8(reader.unquoted).unwrap();
                let apart: Vec<_> = reader.fields.iter().map(|f| &text[f.clone()]).collect();
                let in_place: Vec<_> = fields.iter().map(|f| &line[f.clone()]).collect();
                assert_eq!(in_place, apart, "{line:?}");
            }
        }
        assert_eq!((lines.len(), found), (21_845, 4_340));
    }

    #[test]
    fn numbers_lines_alike_whatever_ends_them() {
        for end in ["\n", "\r\n"] {
            let text = ["NIK,NAMA", "1,\"a", "b\"", "", "2,c", "\"3\",d", ""].join(end);
            let lines: Vec<_> = rows(&text, CSV)
                .into_iter()
                .map(|(line, n, _)| (line, n))
                .collect();
            assert_eq!(lines, [(1, 1), (2, 2), (4, 1), (5, 1), (6, 1)], "{end:?}");
        }
    }

    #[test]
    fn a_mark_that_is_not_closed_can_be_taken_back() {
        let text = "NIK,\"NAMA\n1,\"a\"\n2,b\n";
        let mut reader = RowReader::new(text.as_bytes(), CSV);
        assert_eq!(reader.next_row().unwrap().unwrap().lines, 2);
        let row = reader.first_line_again().unwrap().unwrap();
        assert_eq!((row.lines, row.field(1)), (1, &b"NAMA"[..]));
        let row = reader.next_row().unwrap().unwrap();
        assert_eq!((row.line, row.field(1)), (2, &b"a"[..]));
    }

    #[test]
    fn long_lists_and_long_rows() {
        let text = "1,b\n".repeat(300_000);
        let read = rows(&text, CSV);
        assert_eq!((read.len(), read.last().unwrap().0), (300_000, 300_000));
        let open = format!("1,b\n2,\"{}", "x\n".repeat(LONGEST_ROW));
        let mut reader = RowReader::new(open.as_bytes(), CSV);
        reader.next_row().unwrap();
        assert!(matches!(
            reader.next_row(),
            Err(RowError::TooLong { line: 2 })
        ));
    }

    #[test]
    fn blanks_of_every_kind() {
        for field in ["", " \t", "\u{a0}", "\u{feff}\u{200b}", "\r"] {
            assert!(is_blank(field.as_bytes()), "{field:?}");
        }
        assert!(is_blank(b"\xa0"));
        assert!(!is_blank(b" x") && !is_blank(b"-"));
    }
}

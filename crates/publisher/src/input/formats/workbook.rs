//! Workbooks of spreadsheet programs: XLSX, XLSB, XLS and ODS.

use std::io::{self, Cursor, Read};

use calamine::{Data, Ods, Range, Reader, SheetType, Xls, Xlsb, Xlsx};
use cek_nik::nik::Nik;
use memchr::memmem;

use super::compound_file;
use super::decode_error::{DecodeError, guarded};
use super::foreign::Foreign;
use super::records::{self, Record, RecordSource};

/// Bytes of a workbook that are read into memory at most.
const LARGEST: u64 = 1 << 30;
/// Rows of a sheet in which a NIK is looked for.
const SAMPLE_ROWS: usize = 200;

/// Whether a list begins as a workbook does. Other documents may begin so as well.
pub(super) fn may_be_workbook(head: &[u8]) -> bool {
    const PARTS: [&[u8]; 6] = [
        b"[Content_Types]",
        b"_rels/",
        b"docProps/",
        b"xl/",
        b"customXml/",
        b"mimetype",
    ];
    /// Where the name of a file is in the header of a ZIP archive's entry.
    const NAME: usize = 30;
    if head.starts_with(compound_file::MAGIC) {
        return true;
    }
    let name = head.get(NAME..).unwrap_or_default();
    head.starts_with(b"PK\x03\x04") && PARTS.iter().any(|part| name.starts_with(part))
}

/// The rows of the sheet that holds the list.
pub(super) struct Sheet {
    name: String,
    range: Range<Data>,
    /// The next row, counted from 0.
    row: usize,
    /// Bytes of the workbook.
    size: u64,
}

impl Sheet {
    /// Reads a workbook into memory and finds the only sheet with NIKs.
    ///
    /// # Errors
    ///
    /// The outer error is that of the disk or a [`DecodeError`]; the inner one names a document
    /// that is not a workbook.
    pub(super) fn read(bytes: impl Read) -> io::Result<Result<Self, Foreign>> {
        let mut workbook = Vec::new();
        bytes.take(LARGEST + 1).read_to_end(&mut workbook)?;
        let size = workbook.len() as u64;
        if size > LARGEST {
            return Err(DecodeError::LargeWorkbook { limit: LARGEST }.into());
        }
        let range = match Kind::of(&workbook) {
            Kind::Xlsx => find_guarded::<Xlsx<_>>(workbook),
            Kind::Xlsb => find_guarded::<Xlsb<_>>(workbook),
            Kind::Xls if compound_file::has_circle(&workbook) => {
                return Err(DecodeError::Workbook.into());
            }
            Kind::Xls => find_guarded::<Xls<_>>(workbook),
            Kind::Ods => find_guarded::<Ods<_>>(workbook),
            Kind::Encrypted => return Ok(Err(Foreign::ENCRYPTED_WORKBOOK)),
            Kind::Document => return Ok(Err(Foreign::DOCUMENT)),
        };
        let (name, range) = range?;
        Ok(Ok(Self {
            name,
            range,
            row: 0,
            size,
        }))
    }

    /// The number and the name of the sheet, without the name where it may be somebody's number.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// A format of documents.
enum Kind {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
    Encrypted,
    Document,
}

impl Kind {
    fn of(document: &[u8]) -> Self {
        let has = |name: &[u8]| memmem::find(document, name).is_some();
        let has_stream = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            has(&name)
        };
        match document.starts_with(compound_file::MAGIC) {
            true if has_stream("EncryptedPackage") => Self::Encrypted,
            true if has_stream("Workbook") || has_stream("Book") => Self::Xls,
            false if has(b"xl/workbook.bin") => Self::Xlsb,
            false if has(b"xl/workbook.xml") => Self::Xlsx,
            false if has(b"application/vnd.oasis.opendocument.spreadsheet") => Self::Ods,
            _ => Self::Document,
        }
    }
}

fn find_guarded<B: Reader<Cursor<Vec<u8>>>>(
    workbook: Vec<u8>,
) -> io::Result<(String, Range<Data>)> {
    guarded(DecodeError::Workbook, || find::<B>(workbook))
}

/// Finds the only sheet with NIKs, or the first with anything where none has.
fn find<B: Reader<Cursor<Vec<u8>>>>(workbook: Vec<u8>) -> io::Result<(String, Range<Data>)> {
    let damaged = |_| io::Error::from(DecodeError::Workbook);
    let mut workbook = B::new(Cursor::new(workbook)).map_err(damaged)?;
    let sheets = workbook.sheets_metadata().to_vec();
    let (mut first, mut found) = (None, None);
    let mut names = Vec::new();
    for (sheet, number) in sheets.iter().zip(1..) {
        if !matches!(sheet.typ, SheetType::WorkSheet) {
            continue;
        }
        let range = workbook.worksheet_range(&sheet.name).map_err(damaged)?;
        let name = display(number, &sheet.name);
        if holds_niks(&range) {
            names.push(name.clone());
            found = Some((name, range));
        } else if first.is_none() && !range.is_empty() {
            first = Some((name, range));
        }
    }
    match names.len() {
        0 | 1 => found
            .or(first)
            .ok_or_else(|| DecodeError::EmptyWorkbook.into()),
        _ => Err(DecodeError::SeveralSheets {
            sheets: names.join(", "),
        }
        .into()),
    }
}

/// The name of a sheet for a message, unless it may be somebody's number.
fn display(number: usize, name: &str) -> String {
    match name.chars().filter(|c| c.is_numeric()).count() {
        0..8 => format!("{number} {name:?}"),
        _ => number.to_string(),
    }
}

fn holds_niks(range: &Range<Data>) -> bool {
    let is_nik = |cell: &Data| match cell {
        Data::String(text) => Nik::parse(text).is_ok() || text.trim().eq_ignore_ascii_case("NIK"),
        Data::Float(number) => (1e15..1e16).contains(number),
        Data::Int(number) => (1_000_000_000_000_000..10_000_000_000_000_000).contains(number),
        _ => false,
    };
    range.rows().take(SAMPLE_ROWS).flatten().any(is_nik)
}

impl RecordSource for Sheet {
    fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        // An empty sheet has no start.
        let (top, left) = self.range.start().unwrap_or_default();
        let row = self.row;
        self.row += 1;
        // Empty rows above and empty columns beside the cells count: they have numbers, too.
        let Some(row) = row.checked_sub(top as usize) else {
            return Ok(true);
        };
        if row >= self.range.height() {
            return Ok(false);
        }
        #[expect(clippy::indexing_slicing, reason = "`row` is less than the height")]
        let cells = &self.range[row];
        if cells.iter().all(is_empty) {
            return Ok(true);
        }
        (0..left).for_each(|_| record.push(""));
        cells.iter().for_each(|cell| record.push(&text(cell)));
        Ok(true)
    }

    fn on_disk(&self) -> Option<u64> {
        let (top, _) = self.range.start().unwrap_or_default();
        let rows = top as usize + self.range.height();
        Some((self.size as f64 * self.row.min(rows) as f64 / rows.max(1) as f64) as u64)
    }
}

fn is_empty(cell: &Data) -> bool {
    match cell {
        Data::Empty => true,
        Data::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// A cell as text. A number of 16 digits that ends in 0 was most likely rounded to the 15 digits
/// that spreadsheet programs keep, and is written so that it is rejected.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number_text(*number as f64),
        Data::Float(number) => number_text(*number),
        Data::Bool(is) => is.to_string(),
        Data::DateTime(date) => number_text(date.as_f64()),
        Data::Error(error) => error.to_string(),
    }
}

fn number_text(number: f64) -> String {
    match number.abs() >= 1e15 && number % 10.0 == 0.0 {
        true => records::lost_digits(number),
        false => records::double(number),
    }
}

//! Records of a format other than delimited text, as delimited text: one record is one line.
//!
//! Columns are then chosen, rows rejected and NIKs counted as in any other list.

use std::io::{self, Read};
use std::sync::Arc;

use super::meter::Meter;

/// What separates the fields of a record.
pub(in crate::input) const DELIMITER: u8 = b',';
/// Text that is made at a time.
const BLOCK: usize = 32 << 10;
/// A longer field is neither a NIK nor a name.
const LONGEST_FIELD: usize = 64 << 10;

/// Records in the order of the list, a heading first if there is one.
pub(super) trait RecordSource {
    /// Appends the fields of the next record; `false` at the end.
    ///
    /// # Errors
    ///
    /// Those of the list, with a [`DecodeError`](super::decode_error::DecodeError) in them.
    fn next(&mut self, record: &mut Record) -> io::Result<bool>;

    /// Bytes on disk that the records so far correspond to; `None` where they are read in step.
    fn on_disk(&self) -> Option<u64> {
        None
    }
}

/// One record, as a line of delimited text.
#[derive(Default)]
pub(super) struct Record {
    text: Vec<u8>,
    fields: usize,
}

impl Record {
    /// Appends a field. A line end in it becomes a blank, so that a record stays one line.
    pub(super) fn push(&mut self, field: &str) {
        if self.fields > 0 {
            self.text.push(DELIMITER);
        }
        self.fields += 1;
        let field = field.get(..LONGEST_FIELD).unwrap_or(field).as_bytes();
        if !field.is_empty() && field.iter().all(u8::is_ascii_alphanumeric) {
            self.text.extend_from_slice(field);
            return;
        }
        self.text.push(b'"');
        let mut bytes = field.iter().peekable();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'\n' | b'\r' => self.text.push(b' '),
                b'"' => self.text.extend_from_slice(b"\"\""),
                // It would look like an escaped quotation mark.
                b'\\' if matches!(bytes.peek(), None | Some(b'"')) => self.text.push(b'/'),
                byte => self.text.push(byte),
            }
        }
        self.text.push(b'"');
    }
}

/// A reader of the delimited text.
pub(super) struct RecordReader<S> {
    source: S,
    meter: Arc<Meter>,
    text: Vec<u8>,
    /// Bytes of `text` that the caller has.
    taken: usize,
}

impl<S: RecordSource> RecordReader<S> {
    pub(super) fn new(source: S, meter: &Arc<Meter>) -> Self {
        Self {
            source,
            meter: meter.clone(),
            text: Vec::with_capacity(2 * BLOCK),
            taken: 0,
        }
    }

    fn make_block(&mut self) -> io::Result<()> {
        self.text.clear();
        self.taken = 0;
        while self.text.len() < BLOCK {
            let mut record = Record {
                text: std::mem::take(&mut self.text),
                fields: 0,
            };
            let more = self.source.next(&mut record);
            self.text = record.text;
            if !more? {
                break;
            }
            self.text.push(b'\n');
        }
        if let Some(bytes) = self.source.on_disk() {
            self.meter.set_raw(bytes);
        }
        Ok(())
    }
}

impl<S: RecordSource> Read for RecordReader<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() {
            self.make_block()?;
        }
        let (_, mut left) = self.text.split_at(self.taken);
        let read = left.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// A number as digits, or as a spreadsheet shows a number whose digits are lost.
///
/// Double precision holds every whole number below 2^53.
pub(super) fn double(number: f64) -> String {
    const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return format!("{}", number as i64);
    }
    if number.abs() < 1e15 {
        return number.to_string();
    }
    lost_digits(number)
}

/// A number as a spreadsheet shows one of more digits than it keeps, by which it is rejected.
pub(super) fn lost_digits(number: f64) -> String {
    format!("{number:.14E}").replace('E', "E+")
}

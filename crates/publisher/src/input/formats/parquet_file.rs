//! Parquet files, read by row group.

use std::fs::File;
use std::io;

use parquet::basic::Repetition;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::Type;

use super::decode_error::{DecodeError, guarded};
use super::records::{self, Record, RecordSource};

/// The rows of a Parquet file, under a heading of its columns. Columns with columns of their own
/// are left out.
pub(super) struct ParquetFile {
    titles: Option<Vec<String>>,
    rows: RowIter<'static>,
    row: u64,
    row_count: u64,
    size: u64,
}

impl ParquetFile {
    /// Reads the description of the columns.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Parquet`] for a file that is damaged, is encrypted, or has another codec.
    pub(super) fn open(file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        let reader = guarded(DecodeError::Parquet, || {
            SerializedFileReader::new(file).map_err(damaged)
        })?;
        let metadata = reader.metadata().file_metadata();
        let row_count = metadata.num_rows().max(0) as u64;
        let root = metadata.schema_descr().root_schema();
        let mut fields: Vec<_> = root.get_fields().to_vec();
        fields.retain(|field| {
            let info = field.get_basic_info();
            let is_single = info.has_repetition() && info.repetition() != Repetition::REPEATED;
            field.is_primitive() && is_single
        });
        let titles = fields.iter().map(|field| field.name().to_owned()).collect();
        let columns = Type::group_type_builder(root.name())
            .with_fields(fields)
            .build()
            .map_err(damaged)?;
        let rows = guarded(DecodeError::Parquet, || {
            let rows = RowIter::from_file_into(Box::new(reader));
            rows.project(Some(columns)).map_err(damaged)
        })?;
        Ok(Self {
            titles: Some(titles),
            rows,
            row: 0,
            row_count,
            size,
        })
    }
}

impl RecordSource for ParquetFile {
    fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        if let Some(titles) = self.titles.take() {
            titles.iter().for_each(|title| record.push(title));
            return Ok(true);
        }
        let next = || self.rows.next().transpose().map_err(damaged);
        let Some(row) = guarded(DecodeError::Parquet, next)? else {
            return match self.row < self.row_count {
                true => Err(DecodeError::Parquet.into()),
                false => Ok(false),
            };
        };
        self.row += 1;
        for (_, field) in row.into_columns() {
            record.push(&text(field));
        }
        Ok(true)
    }

    fn on_disk(&self) -> Option<u64> {
        Some((self.size as f64 * self.row as f64 / self.row_count.max(1) as f64) as u64)
    }
}

/// A value as text. Bytes that are not UTF-8 are kept recognisable as such.
fn text(field: Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text,
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Float(number) if number.abs() >= 1e15 => records::lost_digits(number.into()),
        Field::Double(number) => records::double(number),
        other => other.to_string(),
    }
}

fn damaged(_: ParquetError) -> io::Error {
    DecodeError::Parquet.into()
}

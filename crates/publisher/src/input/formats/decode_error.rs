//! Errors of decoding a list: compression, encoding, or rows of a format other than delimited text.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why the bytes of a list cannot be decoded. It travels inside an [`io::Error`], because decoders
/// are readers.
///
/// Offsets count bytes of the decompressed list from 0, lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// UTF-16 next to UTF-8 or to UTF-16 of the other byte order.
    #[error(
        "the encoding changes at byte {offset} (line {line}), as when files of different encodings \
         are joined: save each part as UTF-8, then join them"
    )]
    MixedEncodings {
        /// The first byte of the other encoding, or a byte near it.
        offset: u64,
        /// The line it is on.
        line: u64,
    },
    /// A run of NUL bytes.
    #[error(
        "there are only zero bytes from byte {offset} (line {line}) on, as after a power cut or an \
         unfinished copy: rows may be missing, so get the list again"
    )]
    ZeroBytes {
        /// The first zero byte.
        offset: u64,
        /// The line it is on.
        line: u64,
    },
    /// UTF-16 that ends within a character.
    #[error(
        "the UTF-16 text ends in the middle of a character at byte {offset}: get the list again"
    )]
    HalfCharacter {
        /// The last byte.
        offset: u64,
    },
    /// Compressed data that is damaged or cut off.
    #[error("the {format} data is damaged or cut off: get the list again")]
    Compressed {
        /// The compression.
        format: &'static str,
        /// The decompressor's error.
        source: io::Error,
    },
    /// A zstd window that would take more memory than zstd grants without being asked.
    #[error(
        "the zstd data needs a window of {} MiB: decompress it first, with \
         zstd -d --long={window_log} FILE",
        1_u64 << (window_log - 20)
    )]
    LongWindow {
        /// Base-2 logarithm of the window in bytes.
        window_log: u32,
    },
    /// A line of JSON Lines that is not one object.
    #[error("line {line} is not one JSON object: mend it or delete it")]
    Json {
        /// The line.
        line: u64,
    },
    /// JSON Lines with more keys than a list has columns.
    #[error(
        "the objects have more than {most} different keys up to line {line}: each line needs the \
         same keys, one of them for the NIK"
    )]
    JsonKeys {
        /// The line with the first key too many.
        line: u64,
        /// How many keys there may be.
        most: usize,
    },
    /// A workbook that cannot be read.
    #[error(
        "the workbook is damaged or protected by a password: open it in a spreadsheet program, and \
         save the sheet as CSV with the NIK column as text"
    )]
    Workbook,
    /// A workbook that would fill the memory.
    #[error(
        "the workbook is larger than {} MiB: save the sheet as CSV, with the NIK column as text",
        limit >> 20
    )]
    LargeWorkbook {
        /// The largest that is read, in bytes.
        limit: u64,
    },
    /// A workbook without cells.
    #[error("the workbook has no sheet with cells in it: is this the right file?")]
    EmptyWorkbook,
    /// More than one sheet with NIKs.
    #[error(
        "more than one sheet holds NIKs ({sheets}): save each sheet that belongs to the list as a \
         file of its own"
    )]
    SeveralSheets {
        /// Their numbers and names.
        sheets: String,
    },
    /// A Parquet file that cannot be read.
    #[error(
        "the Parquet file is damaged or encrypted, or its pages are compressed with something \
         other than Snappy, gzip or zstd: write it again, or as CSV"
    )]
    Parquet,
}

impl DecodeError {
    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MixedEncodings { .. } => "mixed_encodings",
            Self::ZeroBytes { .. } => "zero_bytes",
            Self::HalfCharacter { .. } => "half_character",
            Self::Compressed { .. } => "damaged_compression",
            Self::LongWindow { .. } => "long_window",
            Self::Json { .. } => "json_line",
            Self::JsonKeys { .. } => "json_keys",
            Self::Workbook => "damaged_workbook",
            Self::LargeWorkbook { .. } => "large_workbook",
            Self::EmptyWorkbook => "empty_workbook",
            Self::SeveralSheets { .. } => "several_sheets",
            Self::Parquet => "damaged_parquet",
        }
    }
}

impl From<DecodeError> for io::Error {
    fn from(error: DecodeError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// Runs a step of a crate that panics on some damaged files, and turns the panic into an error.
/// What the step was reading must not be read further.
///
/// # Errors
///
/// `damaged` after a panic, and the errors of the step.
pub(super) fn guarded<T>(
    damaged: DecodeError,
    step: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(damaged.into()))
}

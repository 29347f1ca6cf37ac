//! Lists as people have them: text, JSON Lines, workbooks and Parquet, compressed or not, from
//! files or standard input.

pub mod columns;
pub mod delimited;
pub mod formats;
pub mod grouping;
pub mod heading;
pub mod lines;
pub mod list_profile;
pub mod moved;
pub mod name_field;
pub mod reject_reason;
pub mod rows;
pub mod spoilt;
pub mod stats;

use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::Date;
use columns::{Layout, LayoutError};
use formats::decode_error::DecodeError;
use formats::foreign::Foreign;
use formats::{Lines, Meter, Opened, open};
use list_profile::{ListProfile, Source};
use reject_reason::Rejection;

/// One list.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Where it is; `-` is standard input.
    pub path: PathBuf,
    /// How to read it.
    pub reading: Reading,
}

/// What the publisher says about how a list is written; the rest is found out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Which column holds the NIK.
    pub column: Option<Column>,
    /// What separates columns.
    pub delimiter: Option<u8>,
    /// That quotation marks have no meaning.
    pub no_quotes: bool,
    /// What is wanted of each row.
    pub identifier: IdentifierKind,
    /// Which column holds the name.
    pub name_column: Option<Column>,
}

/// A column, by the name in the first row or by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Upper and lower case are the same.
    Name(String),
    /// Counted from 1.
    Number(usize),
}

impl Column {
    /// A number where it is one, otherwise a name.
    ///
    /// # Errors
    ///
    /// [`LayoutError::NoColumnZero`].
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        match text.parse() {
            Ok(number) => Self::number(number),
            Err(_) => Ok(Self::Name(text.to_owned())),
        }
    }

    /// The column of that number, counted from 1.
    ///
    /// # Errors
    ///
    /// [`LayoutError::NoColumnZero`].
    pub fn number(number: usize) -> Result<Self, LayoutError> {
        match number {
            0 => Err(LayoutError::NoColumnZero),
            number => Ok(Self::Number(number)),
        }
    }
}

/// Rows of one list, on their way to the threads that make keys of them.
pub struct Batch {
    /// Which list, counted from 0.
    pub list: usize,
    /// Which batch of all lists, counted from 0. Reading again in batches of the same size gives
    /// the same rows the same number.
    pub number: u32,
    /// The rows.
    pub rows: Rows,
    /// How much of the list on disk they are, in bytes: what a progress bar counts.
    pub bytes: u64,
}

/// Rows, each with the number of its line.
pub enum Rows {
    /// Whole lines.
    Lines {
        /// The number of the first line, counted from 1.
        first: u64,
        /// The lines, each with its line end but perhaps the last.
        text: Vec<u8>,
    },
    /// The wanted fields of each row.
    Fields {
        /// All fields, one behind the other: the NIK of each row, then the name, which is empty if
        /// no names are read.
        text: Vec<u8>,
        /// Where the fields of each row end.
        ends: Vec<Ends>,
        /// Rows that were rejected before a NIK was looked for in them, each with its line.
        rejected: Vec<(Rejection, u64)>,
    },
}

impl Rows {
    /// The rows under a heading that is not a line of the list.
    fn without_heading(mut self) -> Self {
        let above = |line: &mut u64| *line = line.saturating_sub(1);
        match &mut self {
            Self::Lines { first, .. } => above(first),
            Self::Fields { ends, rejected, .. } => {
                ends.iter_mut().for_each(|ends| above(&mut ends.line));
                rejected.iter_mut().for_each(|(_, line)| above(line));
            }
        }
        self
    }
}

/// The fields of one row of [`Rows::Fields`].
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    /// The NIK.
    pub nik: &'a [u8],
    /// The name; empty if no names are read.
    pub name: &'a [u8],
    /// The number of the line on which the row begins, counted from 1.
    pub line: u64,
}

/// Takes the text of [`Rows::Fields`] apart, row by row.
#[expect(
    clippy::indexing_slicing,
    reason = "the ends are those of the fields of the text"
)]
pub fn fields<'a>(text: &'a [u8], ends: &'a [Ends]) -> impl Iterator<Item = Fields<'a>> {
    let mut start = 0;
    ends.iter().map(move |&Ends { nik, name, line }| {
        let row = Fields {
            nik: &text[start..nik],
            name: &text[nik..name],
            line,
        };
        start = name;
        row
    })
}

/// Where the fields of a row end.
#[derive(Clone, Copy)]
pub struct Ends {
    /// The NIK.
    pub nik: usize,
    /// The name.
    pub name: usize,
    /// The number of the line on which the row begins.
    pub line: u64,
}

/// Why a list cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file system's own words.
    #[error("cannot read the list {path}", path = path.display())]
    Io {
        /// The list.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A format that is not read.
    #[error("{path}: this is {}: {}", .format.name, .format.way_out, path = path.display())]
    Foreign {
        /// The list.
        path: PathBuf,
        /// The format, and the way out.
        format: Foreign,
    },
    /// Bytes that cannot be decoded.
    #[error("{path}", path = path.display())]
    Decode {
        /// The list.
        path: PathBuf,
        /// What is wrong with them.
        source: DecodeError,
    },
    /// The column with the NIKs cannot be told.
    #[error("{path}", path = path.display())]
    Layout {
        /// The list.
        path: PathBuf,
        /// What is unclear.
        source: LayoutError,
    },
    /// A row that runs over several lines and swallows a number.
    #[error(
        "{path}: line {line}: a quotation mark opens here and closes on a later line, with a \
         number of 16 digits in between, so a row would be lost: mend the row",
        path = path.display()
    )]
    SwallowedRow {
        /// The list.
        path: PathBuf,
        /// The line on which the row begins.
        line: u64,
    },
    /// A second heading that names other columns than the first, or the same in another order.
    #[error(
        "{path}: line {second}: this row names columns, and {}: the rows below it would be read \
         from the wrong columns. Give the two parts as two lists",
        other_heading(*.first),
        path = path.display()
    )]
    OtherHeading {
        /// The list.
        path: PathBuf,
        /// The line of the first heading; `None` where the list begins without one.
        first: Option<u64>,
        /// The line of the second.
        second: u64,
    },
    /// A row that does not end, mostly for a quotation mark that is never closed.
    #[error(
        "{path}: line {line}: the row that begins here does not end within {limit} bytes: a \
         quotation mark is opened and not closed",
        path = path.display()
    )]
    OpenQuote {
        /// The list.
        path: PathBuf,
        /// The line on which the row begins.
        line: u64,
        /// How far it was followed.
        limit: usize,
    },
}

impl InputError {
    /// An error of a reader of the list, with the [`DecodeError`] in it, if there is one.
    fn reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.downcast() {
            Ok(source) => Self::Decode { path, source },
            Err(source) => Self::Io { path, source },
        }
    }

    fn foreign(path: &Path, format: Foreign) -> Self {
        Self::Foreign {
            path: path.to_owned(),
            format,
        }
    }

    /// The stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "list_unreadable",
            Self::Foreign { format, .. } => format.code,
            Self::Decode { source, .. } => source.code(),
            Self::Layout { source, .. } => source.code(),
            Self::SwallowedRow { .. } => "swallowed_row",
            Self::OtherHeading { .. } => "other_heading",
            Self::OpenQuote { .. } => "open_quote",
        }
    }
}

fn other_heading(first: Option<u64>) -> String {
    match first {
        Some(first) => format!("they are not those of the heading in line {first}"),
        None => "the rows above it stand without a heading".to_owned(),
    }
}

/// The list has changed since the build began. The plan may not fit it any more.
#[derive(Debug, thiserror::Error)]
#[error(
    "{list}: the list has changed since the build began: nothing was published; build again when \
     nothing writes to it any more",
    list = .0.display()
)]
pub struct Changed(pub PathBuf);

/// What one list looked like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceInfo {
    /// How it was read.
    pub profile: ListProfile,
    /// Rows that run over several lines: how many, and the lines of the first.
    pub long_rows: u64,
    /// Where the first of them begin.
    pub long_row_lines: Vec<u64>,
    /// Stray NUL bytes. A row that has one outside of the NIK is read.
    pub nul_bytes: u64,
    /// The CRC-32 of its bytes on disk, by which a changed list is noticed.
    pub checksum: u32,
}

/// Bytes that are looked at to find out how a list is written.
const SAMPLE_BYTES: u64 = 64 << 10;

/// Reads one list and hands its rows on in batches of about `batch_bytes`, each with its share of
/// the bytes on disk. `today` decides which numbers look like family cards.
///
/// # Errors
///
/// [`InputError`], or whatever `hand_on` returns.
pub fn read<E: From<InputError>>(
    input: &Input,
    today: Date,
    batch_bytes: usize,
    mut hand_on: impl FnMut(Rows, u64) -> Result<(), E>,
) -> Result<SourceInfo, E> {
    let meter = Arc::new(Meter::default());
    let Begun {
        layout,
        mut text,
        lines,
        source,
        unread,
    } = begin(input, today, &meter)?;
    let io_error = |source| InputError::reading(&input.path, source);
    let mut hand_on = |rows: Rows, consumed| {
        let rows = match lines {
            Lines::Text | Lines::Records => rows,
            Lines::TitledRecords => rows.without_heading(),
        };
        hand_on(rows, meter.on_disk(consumed))
    };
    let profile = ListProfile::of(&layout, source);
    let seen = match layout {
        Layout::Lines { above, .. } => {
            lines::read(&mut text, above, batch_bytes, io_error, &mut hand_on)?
        }
        Layout::Delimited { dialect, table } => {
            let path = &input.path;
            delimited::read(text, path, dialect, &table, batch_bytes, &mut hand_on)?
        }
    };
    if let Some(mut unread) = unread {
        io::copy(&mut unread, &mut io::sink()).map_err(io_error)?;
    }
    Ok(SourceInfo {
        nul_bytes: meter.nuls(),
        profile,
        checksum: meter.checksum(),
        ..seen
    })
}

/// Finds out how a list is written, from its first bytes. An error in the last list should not come
/// out after days of making keys for the first. Standard input and pipes can be read only once, so
/// they are not inspected.
///
/// # Errors
///
/// [`InputError`].
pub fn inspect(input: &Input, today: Date) -> Result<(), InputError> {
    if input.path == Path::new("-") {
        return Ok(());
    }
    let metadata = std::fs::metadata(&input.path).map_err(|source| InputError::Io {
        path: input.path.clone(),
        source,
    })?;
    if metadata.is_file() {
        begin(input, today, &Arc::default())?;
    }
    Ok(())
}

/// A list whose layout is known, and nothing of which is read.
struct Begun {
    layout: Layout,
    text: io::Chain<Cursor<Vec<u8>>, Box<dyn Read>>,
    lines: Lines,
    source: Source,
    unread: Option<Box<dyn Read>>,
}

fn begin(input: &Input, today: Date, meter: &Arc<Meter>) -> Result<Begun, InputError> {
    let Opened {
        mut text,
        lines,
        source,
        unread,
    } = open(&input.path, meter)?;
    let mut sample = Vec::new();
    text.by_ref()
        .take(SAMPLE_BYTES)
        .read_to_end(&mut sample)
        .map_err(|source| InputError::reading(&input.path, source))?;
    let mut reading = input.reading.clone();
    if lines != Lines::Text {
        reading.delimiter = Some(formats::DELIMITER);
        reading.no_quotes = false;
    }
    let whole = (sample.len() as u64) < SAMPLE_BYTES;
    let layout = Layout::of(&sample, whole, &reading, today);
    let layout = layout.map_err(|source| InputError::Layout {
        path: input.path.clone(),
        source,
    })?;
    Ok(Begun {
        layout,
        text: Cursor::new(sample).chain(text),
        lines,
        source,
        unread,
    })
}

/// The size of a list on disk, in bytes; `None` for standard input and pipes.
pub fn size(input: &Input) -> Option<u64> {
    if input.path == Path::new("-") {
        return None;
    }
    let metadata = std::fs::metadata(&input.path).ok()?;
    metadata.is_file().then_some(metadata.len())
}

//! Opening a list: whatever it is written in becomes UTF-8 text whose lines end in `\n`.
//!
//! Compression and encoding are undone. Rows of a format other than text become delimited text, so
//! that columns are chosen and rows rejected in one place.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
#[cfg(feature = "parquet")]
use std::io::{Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::decode_error::DecodeError;
use super::encoding::{Encoding, LineEnds, Utf16, leading_marks};
use super::foreign::Foreign;
use super::json_lines::{JsonLines, is_json_lines};
use super::meter::{Meter, Metered};
#[cfg(feature = "parquet")]
use super::parquet_file::ParquetFile;
use super::records::{RecordReader, RecordSource};
use super::workbook::{Sheet, may_be_workbook};
use crate::input::InputError;
use crate::input::list_profile::{Compression, Format, Source};

/// Bytes that are read at a time.
const BUFFER: usize = 256 << 10;
/// Bytes by which compression, format and encoding are detected.
const HEAD: u64 = 64 << 10;

/// An open list.
pub(in crate::input) struct Opened {
    /// The text. Its errors may hold a [`DecodeError`].
    pub(in crate::input) text: Box<dyn Read>,
    /// How the lines of the text relate to the list.
    pub(in crate::input) lines: Lines,
    /// What the text was made from.
    pub(in crate::input) source: Source,
    /// Bytes that were not read in order: reading them completes the checksum.
    pub(in crate::input) unread: Option<Box<dyn Read>>,
}

/// How the lines of a text relate to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input) enum Lines {
    /// They are the lines of the list.
    Text,
    /// They are its records, as delimited text.
    Records,
    /// They are its records, under a heading that is not a line of the list.
    TitledRecords,
}

/// Opens a list and detects its format by its first bytes, never by its name.
///
/// # Errors
///
/// [`InputError`] when the list cannot be read or is in a format that is not read.
pub(in crate::input) fn open(path: &Path, meter: &Arc<Meter>) -> Result<Opened, InputError> {
    let reading = |source| InputError::reading(path, source);
    if path == Path::new("-") {
        return opened(io::stdin(), path, meter);
    }
    let file = File::open(path).map_err(reading)?;
    #[cfg(feature = "parquet")]
    if let Some(opened) = parquet(&file, meter).map_err(reading)? {
        return Ok(opened);
    }
    opened(file, path, meter)
}

/// Opens a Parquet file; `None` for another file, which is then read from its beginning.
#[cfg(feature = "parquet")]
fn parquet(mut file: &File, meter: &Arc<Meter>) -> io::Result<Option<Opened>> {
    // A pipe has no beginning to go back to.
    if !file.metadata()?.is_file() {
        return Ok(None);
    }
    let mut head = Vec::new();
    file.take(4).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    if head != b"PAR1" {
        return Ok(None);
    }
    let rows = ParquetFile::open(file.try_clone()?)?;
    let start = FromStart {
        file: file.try_clone()?,
        is_at_start: false,
    };
    Ok(Some(Opened {
        text: records(rows, meter),
        lines: Lines::TitledRecords,
        source: Format::Parquet.into(),
        unread: Some(Box::new(Metered::new(start, meter, Meter::arrived))),
    }))
}

/// A file from its first byte, wherever it was read before.
#[cfg(feature = "parquet")]
struct FromStart {
    file: File,
    is_at_start: bool,
}

#[cfg(feature = "parquet")]
impl Read for FromStart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.is_at_start {
            self.file.seek(SeekFrom::Start(0))?;
            self.is_at_start = true;
        }
        self.file.read(buffer)
    }
}

/// Detects the format of what is read in order.
fn opened(raw: impl Read + 'static, path: &Path, meter: &Arc<Meter>) -> Result<Opened, InputError> {
    let reading = |source| InputError::reading(path, source);
    let raw = Metered::new(raw, meter, Meter::arrived);
    let mut raw = BufReader::with_capacity(BUFFER, raw);
    let head = peek(&mut raw).map_err(reading)?;
    let raw = Cursor::new(head).chain(raw);
    let (mut bytes, compression) = decompress(raw).map_err(reading)?;
    let head = peek(&mut bytes).map_err(reading)?;
    if may_be_workbook(&head) {
        let sheet = Sheet::read(Cursor::new(head).chain(bytes)).map_err(reading)?;
        let sheet = sheet.map_err(|format| InputError::foreign(path, format))?;
        let format = Format::Workbook {
            sheet: sheet.name().to_owned(),
        };
        return Ok(Opened {
            text: records(sheet, meter),
            lines: Lines::Records,
            source: Source {
                compression,
                ..format.into()
            },
            unread: None,
        });
    }
    let (mut lines, encoding) = decode(head, bytes, path, meter)?;
    let source = |format| Source {
        format,
        encoding: Some(encoding),
        compression,
    };
    let mut head = peek(&mut lines).map_err(reading)?;
    head.drain(..leading_marks(&head));
    if is_json_lines(&head) {
        let objects = JsonLines::new(head, lines).map_err(reading)?;
        return Ok(Opened {
            text: records(objects, meter),
            lines: Lines::TitledRecords,
            source: source(Format::JsonLines),
            unread: None,
        });
    }
    if let Some(format) = Foreign::of_text(&head) {
        return Err(InputError::foreign(path, format));
    }
    let text = Cursor::new(head).chain(lines);
    Ok(Opened {
        text: Box::new(Metered::new(text, meter, Meter::delivered)),
        lines: Lines::Text,
        source: source(Format::Text),
        unread: None,
    })
}

fn records(source: impl RecordSource + 'static, meter: &Arc<Meter>) -> Box<dyn Read> {
    let text = RecordReader::new(source, meter);
    Box::new(Metered::new(text, meter, Meter::delivered))
}

/// Undoes the encoding, after binary formats were ruled out.
fn decode(
    head: Vec<u8>,
    rest: Box<dyn Read>,
    path: &Path,
    meter: &Arc<Meter>,
) -> Result<(LineEnds<Box<dyn Read>>, Encoding), InputError> {
    let encoding = Encoding::of(&head);
    let binary = match encoding {
        Encoding::Utf8 | Encoding::Other => Foreign::of_controls(&head),
        Encoding::Utf16Le | Encoding::Utf16Be => None,
        Encoding::Utf32 => Some(Foreign::UTF_32),
    };
    if let Some(format) = Foreign::of_bytes(&head).or(binary) {
        return Err(InputError::foreign(path, format));
    }
    let bytes = Cursor::new(head).chain(rest);
    let decoded: Box<dyn Read> = match encoding {
        Encoding::Utf16Le => Box::new(Utf16::new(bytes, false)),
        Encoding::Utf16Be => Box::new(Utf16::new(bytes, true)),
        Encoding::Utf8 | Encoding::Other | Encoding::Utf32 => Box::new(bytes),
    };
    Ok((LineEnds::new(decoded, meter), encoding))
}

/// Reads the first bytes, up to [`HEAD`].
fn peek(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// Undoes gzip and zstd.
fn decompress(mut raw: impl BufRead + 'static) -> io::Result<(Box<dyn Read>, Option<Compression>)> {
    let head = raw.fill_buf()?;
    Ok(match head {
        [0x1f, 0x8b, ..] => Decompressed::boxed(Compression::Gzip, Gzip::new(raw)),
        // A frame, or a frame to skip, with which pzstd begins.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            if let Some(window_log) = window_log(head).filter(|&log| log > LONGEST_WINDOW) {
                return Err(DecodeError::LongWindow { window_log }.into());
            }
            Decompressed::boxed(Compression::Zstd, zstd::Decoder::with_buffer(raw)?)
        }
        _ => (Box::new(raw), None),
    })
}

/// Base-2 logarithm of the longest window that zstd decompresses unless told otherwise.
const LONGEST_WINDOW: u32 = 27;

/// Base-2 logarithm of the window of a zstd frame, rounded up; `None` where the frame has none.
fn window_log(frame: &[u8]) -> Option<u32> {
    const SINGLE_SEGMENT: u8 = 1 << 5;
    match frame {
        [0x28, 0xb5, 0x2f, 0xfd, header, window, ..] if header & SINGLE_SEGMENT == 0 => {
            let log = u32::from(window >> 3) + 10;
            Some(log + u32::from(window & 7 > 0))
        }
        _ => None,
    }
}

/// Gzip members, one behind the other, and zero bytes behind any of them, as tapes leave them.
struct Gzip<R> {
    member: Option<flate2::bufread::GzDecoder<R>>,
}

impl<R: BufRead> Gzip<R> {
    fn new(raw: R) -> Self {
        Self {
            member: Some(flate2::bufread::GzDecoder::new(raw)),
        }
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            let Some(member) = self.member.take() else {
                break;
            };
            let mut raw = member.into_inner();
            if skip_zeros(&mut raw)? {
                self.member = Some(flate2::bufread::GzDecoder::new(raw));
            }
        }
        Ok(0)
    }
}

/// Skips zero bytes; whether something else comes behind them.
fn skip_zeros(raw: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = raw.fill_buf()?;
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        if zeros < bytes.len() || bytes.is_empty() {
            let more = !bytes.is_empty();
            raw.consume(zeros);
            return Ok(more);
        }
        raw.consume(zeros);
    }
}

/// A decompressor whose errors name the compression, unless the disk is at fault.
struct Decompressed<R> {
    compression: Compression,
    inner: R,
}

impl<R: Read + 'static> Decompressed<R> {
    fn boxed(compression: Compression, inner: R) -> (Box<dyn Read>, Option<Compression>) {
        (Box::new(Self { compression, inner }), Some(compression))
    }
}

impl<R: Read> Read for Decompressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let format = self.compression.name();
        self.inner
            .read(buffer)
            .map_err(|source| match source.raw_os_error() {
                Some(_) => source,
                None => DecodeError::Compressed { format, source }.into(),
            })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    const LIST: &str = "NIK,NAMA\n3201014107909001,BUDI\n3201014107909002,SITI\n";

    fn read(bytes: &[u8]) -> Result<String, InputError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let meter = Arc::new(Meter::default());
        let mut opened = open(file.path(), &meter)?;
        let mut text = Vec::new();
        opened
            .text
            .read_to_end(&mut text)
            .map_err(|source| InputError::reading(file.path(), source))?;
        if !text.is_empty() {
            assert_eq!(meter.checksum(), crc32fast::hash(bytes));
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn code(bytes: &[u8]) -> &'static str {
        read(bytes).unwrap_err().code()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).unwrap();
        gzip.finish().unwrap()
    }

    fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    }

    #[test]
    fn compressed_lists_are_read() {
        let (first, second) = LIST.as_bytes().split_at(30);
        let zstd = |text| zstd::encode_all(text, 3).unwrap();
        let zeros = vec![0; 70_000];
        let skippable = [&b"\x50\x2a\x4d\x18\x04\0\0\0\x10\0\0\0"[..], &zstd(first)].concat();
        for bytes in [
            gzip(LIST.as_bytes()),
            [gzip(first), gzip(second)].concat(),
            [gzip(LIST.as_bytes()), zeros.clone()].concat(),
            [gzip(first), zeros, gzip(second)].concat(),
            zstd(LIST.as_bytes()),
            [skippable, zstd(second)].concat(),
            gzip(&utf16(LIST, u16::to_be_bytes)),
        ] {
            assert_eq!(read(&bytes).unwrap(), LIST);
        }
    }

    #[test]
    fn compressed_lists_that_are_cut_off_are_refused() {
        let list = LIST.repeat(20_000);
        for whole in [
            gzip(list.as_bytes()),
            zstd::encode_all(list.as_bytes(), 3).unwrap(),
        ] {
            for end in [whole.len() / 2, whole.len() - 1] {
                assert_eq!(code(&whole[..end]), "damaged_compression");
            }
            assert_eq!(code(&[&whole, &b"x"[..]].concat()), "damaged_compression");
        }
    }

    #[test]
    fn a_long_window_is_named() {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(28).unwrap();
        encoder.write_all(LIST.as_bytes()).unwrap();
        let error = read(&encoder.finish().unwrap()).unwrap_err();
        assert!(
            matches!(
                error,
                InputError::Decode {
                    source: DecodeError::LongWindow { window_log: 28 },
                    ..
                }
            ),
            "{error:?}"
        );
    }

    #[test]
    fn encodings_are_detected() {
        let mark = "\u{feff}";
        for bytes in [
            utf16(LIST, u16::to_le_bytes),
            utf16(LIST, u16::to_be_bytes),
            utf16(&format!("{mark}{LIST}"), u16::to_le_bytes),
            utf16(&format!("{mark}{mark}{LIST}"), u16::to_be_bytes),
            format!("{mark}{mark}{LIST}").into_bytes(),
            format!("\u{ef}\u{bb}\u{bf}{LIST}").into_bytes(),
            format!("{mark}\u{200b}{LIST}").into_bytes(),
        ] {
            assert_eq!(read(&bytes).unwrap(), LIST);
        }
        let utf32: Vec<u8> = LIST.bytes().flat_map(|b| [b, 0, 0, 0]).collect();
        assert_eq!(code(&utf32), "foreign_text");
    }

    #[test]
    fn mixed_encodings_are_refused_with_their_position() {
        let rows = LIST.repeat(3_000);
        let little = utf16(&rows, u16::to_le_bytes);
        let big = utf16(&rows, u16::to_be_bytes);
        let utf8 = rows.as_bytes();
        for (first, second) in [
            (&little[..], utf8),
            (&big, utf8),
            (utf8, &little),
            (utf8, &big),
            (&little, &big),
            (&big, &little),
            (&little, &[b"x", utf8].concat()),
        ] {
            let error = read(&[first, second].concat()).unwrap_err();
            let InputError::Decode {
                source: DecodeError::MixedEncodings { offset, line },
                ..
            } = error
            else {
                panic!("{error:?}");
            };
            // The first 16 digits of the other encoding are within its first 60 bytes.
            assert!(
                (0..60).contains(&(offset as i64 - first.len() as i64)),
                "{offset}"
            );
            assert!((9_001..=9_003).contains(&line), "{line}");
        }
    }

    #[test]
    fn utf16_behind_a_heading_in_ascii_is_refused() {
        for heading in ["NIK,NAMA\n", "NIK,NAMA\r\n"] {
            for of in [u16::to_le_bytes, u16::to_be_bytes] {
                let bytes = [heading.as_bytes(), &utf16(&LIST.repeat(50), of)].concat();
                assert_eq!(code(&bytes), "mixed_encodings", "{heading:?}");
            }
        }
    }

    #[test]
    fn zero_bytes_are_refused_and_a_stray_one_is_not() {
        let zeros = [LIST.as_bytes(), &[0; 20]].concat();
        let error = read(&zeros).unwrap_err();
        assert!(
            matches!(
                error,
                InputError::Decode {
                    source: DecodeError::ZeroBytes {
                        offset: 53,
                        line: 4
                    },
                    ..
                }
            ),
            "{error:?}"
        );
        let stray = LIST.replace("BUDI", "BU\0DI");
        assert_eq!(read(stray.as_bytes()).unwrap(), stray);
    }

    #[test]
    fn half_a_character_is_refused_and_a_line_end_added_to_utf16_is_not() {
        let mut bytes = utf16(LIST, u16::to_le_bytes);
        bytes.push(b'\n');
        assert_eq!(read(&bytes).unwrap(), LIST);
        *bytes.last_mut().unwrap() = b'3';
        assert_eq!(code(&bytes), "half_character");
    }

    #[test]
    fn line_ends_are_those_that_an_editor_counts() {
        for (text, normal) in [
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\nb\rc\r\n\r\nd", "a\nb\nc\n\nd"),
            ("a\n\rb", "a\n\nb"),
            ("a\n\u{1a}", "a\n"),
            ("a\u{1a}b\u{1a}\u{1a}", "a\u{1a}b\u{1a}"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), normal);
        }
        let latin1 = b"3201014107909001\xa0,BUDI\n\xc3\xa0 \xe2\x80\xa0 \xf0\xa0\xa0\xa0\xa0\n";
        assert_eq!(
            read(latin1).unwrap(),
            "3201014107909001 ,BUDI\n\u{e0} \u{2020} \u{20820} \n"
        );
    }

    /// A reader that gives a few bytes at a time.
    struct Drops<'a> {
        bytes: &'a [u8],
        sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
    }

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let size = *self.sizes.next().unwrap();
            let size = size.min(buffer.len());
            self.bytes.read(&mut buffer[..size])
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn blocks_do_not_change_the_text(
            text in "[ab\r\n\u{a0}\u{e0}\u{1a}]{0,40}",
            sizes in prop::collection::vec(1_usize..5, 1..6),
            room in 2_usize..6,
        ) {
            let expected = text.replace("\r\n", "\n").replace('\r', "\n");
            let expected = expected.strip_suffix('\u{1a}').unwrap_or(&expected);
            let drops = Drops { bytes: text.as_bytes(), sizes: sizes.iter().cycle() };
            let mut lines = LineEnds::new(drops, &Arc::default());
            let (mut found, mut buffer) = (Vec::new(), vec![0; room]);
            loop {
                let read = lines.read(&mut buffer).unwrap();
                if read == 0 {
                    break;
                }
                found.extend_from_slice(&buffer[..read]);
            }
            prop_assert_eq!(String::from_utf8(found).unwrap(), expected);
        }

        #[test]
        fn any_bytes_are_opened_or_refused(
            prefix in prop::sample::select(PREFIXES),
            bytes in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            let bytes = [prefix, &bytes].concat();
            let _ = read(&bytes);
            let _ = read(&gzip(&bytes));
        }
    }

    const PREFIXES: &[&[u8]] = &[
        b"",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
        b"\x28\xb5\x2f\xfd",
        b"\x28\xb5\x2f\xfd\x04\x58",
        b"\x50\x2a\x4d\x18\x04\0\0\0",
        b"\xff\xfe",
        b"\xfe\xff\x003\x002",
        b"\xef\xbb\xbf",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PAR1",
        b"{\"nik\": \"3201014107909001\"}\n",
        b"NIK,NAMA\r3201014107909001,",
    ];
}

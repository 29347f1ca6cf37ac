//! Encodings and line ends: any text becomes UTF-8 whose lines end in `\n`.
//!
//! Bytes that are not valid UTF-8 pass through. The row in which they matter is rejected later.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use serde::Serialize;

use super::decode_error::DecodeError;
use super::meter::Meter;

/// Encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8, of which ASCII is a part.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Another extension of ASCII. It agrees with UTF-8 on digits and on the letters A to Z.
    #[serde(rename = "other")]
    Other,
    /// UTF-16, least significant byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, most significant byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// UTF-32 in either byte order, which is refused.
    #[serde(rename = "utf-32")]
    Utf32,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Other => "an encoding other than UTF-8, such as Windows-1252",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32 => "UTF-32",
        })
    }
}

impl Encoding {
    /// Detects the encoding by a byte-order mark, or else by where the NUL bytes are.
    pub(super) fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Self::Utf32,
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            _ => {}
        }
        let (mut even, mut odd) = (0, 0);
        let (pairs, _) = head.as_chunks();
        for &[first, second] in pairs {
            even += usize::from(first == 0);
            odd += usize::from(second == 0);
        }
        let pairs = pairs.len();
        let most = |zeros: usize| zeros * 2 > pairs;
        let few = |zeros: usize| zeros * 20 < pairs;
        match () {
            () if pairs == 0 => Self::Utf8,
            // A heading in ASCII, to which UTF-16 was appended, does not begin with a NUL.
            () if few(even) && most(odd) && matches!(head, [_, 0, ..]) => Self::Utf16Le,
            () if few(odd) && most(even) && matches!(head, [0, ..]) => Self::Utf16Be,
            () if is_utf32(head) => Self::Utf32,
            () if is_utf8(head) => Self::Utf8,
            () => Self::Other,
        }
    }
}

/// Whether bytes are UTF-8. The last character may be cut off.
fn is_utf8(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Whether most groups of four bytes are an ASCII character.
fn is_utf32(head: &[u8]) -> bool {
    let is_ascii =
        |unit: &[u8]| matches!(unit, [1..=0x7f, 0, 0, 0]) || matches!(unit, [0, 0, 0, 1..=0x7f]);
    let units = head.len() / 4;
    let ascii = head.chunks_exact(4).filter(|unit| is_ascii(unit)).count();
    units > 0 && ascii * 2 > units
}

/// Length of what stands before the first row without being part of it: byte-order marks, also
/// those that were read as Latin-1 and saved as UTF-8, and zero-width spaces.
pub(super) fn leading_marks(mut text: &[u8]) -> usize {
    const MARKS: [&[u8]; 3] = [
        "\u{feff}".as_bytes(),
        "\u{ef}\u{bb}\u{bf}".as_bytes(),
        "\u{200b}".as_bytes(),
    ];
    let length = text.len();
    while let Some(rest) = MARKS.iter().find_map(|mark| text.strip_prefix(*mark)) {
        text = rest;
    }
    length - text.len()
}

/// Digit pairs or swapped digits in a row that UTF-16 text never has. Sixteen digits of another
/// encoding contain at least seven.
const FOREIGN_UNITS: u32 = 5;
/// Bytes that are decoded at a time.
const BLOCK: usize = 32 << 10;

/// A reader of UTF-16 as UTF-8.
pub(super) struct Utf16<R> {
    inner: R,
    big_endian: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    /// Bytes of `text` that the caller has.
    taken: usize,
    /// Bytes decoded.
    offset: u64,
    /// Line ends in the blocks before this one.
    lines: u64,
    /// A high surrogate whose partner is in the next block.
    surrogate: Option<u16>,
    foreign_units: u32,
}

impl<R: Read> Utf16<R> {
    pub(super) fn new(inner: R, big_endian: bool) -> Self {
        Self {
            inner,
            big_endian,
            raw: Vec::new(),
            text: Vec::new(),
            taken: 0,
            offset: 0,
            lines: 0,
            surrogate: None,
            foreign_units: 0,
        }
    }

    /// Decodes the next block; `false` at the end.
    fn decode_block(&mut self) -> io::Result<bool> {
        let read = (&mut self.inner)
            .take(BLOCK as u64)
            .read_to_end(&mut self.raw)?;
        self.text.clear();
        self.taken = 0;
        if read == 0 {
            return self.finish();
        }
        let raw = std::mem::take(&mut self.raw);
        let (units, half) = raw.as_chunks::<2>();
        for &unit in units {
            let unit = match self.big_endian {
                true => u16::from_be_bytes(unit),
                false => u16::from_le_bytes(unit),
            };
            if unit < 0x80 && self.surrogate.is_none() {
                self.foreign_units = 0;
                self.text.push(unit as u8);
            } else {
                self.check(unit)?;
                self.push(unit);
            }
            self.offset += 2;
        }
        self.lines += count_lines(&self.text);
        self.raw = half.to_vec();
        Ok(true)
    }

    /// Handles half a character at the end; whether that made text.
    fn finish(&mut self) -> io::Result<bool> {
        if self.surrogate.take().is_some() {
            self.push_char(char::REPLACEMENT_CHARACTER);
        }
        match self.raw.pop() {
            // A line end that an editor or a shell added, or a zero byte.
            None | Some(b'\n' | b'\r' | END_OF_FILE | 0) => Ok(!self.text.is_empty()),
            Some(_) => {
                let offset = self.offset;
                Err(DecodeError::HalfCharacter { offset }.into())
            }
        }
    }

    /// Fails where UTF-8 digits or digits of the other byte order are taken for UTF-16.
    fn check(&mut self, unit: u16) -> io::Result<()> {
        let [high, low] = unit.to_be_bytes();
        let is_foreign = high.is_ascii_digit() && (low.is_ascii_digit() || low == 0);
        if !is_foreign {
            self.foreign_units = 0;
            return Ok(());
        }
        self.foreign_units += 1;
        if self.foreign_units < FOREIGN_UNITS {
            return Ok(());
        }
        Err(DecodeError::MixedEncodings {
            offset: self.offset - 2 * u64::from(FOREIGN_UNITS - 1),
            line: self.lines + count_lines(&self.text) + 1,
        }
        .into())
    }

    fn push(&mut self, unit: u16) {
        let is_high = (0xd800..0xdc00).contains(&unit);
        let units = [self.surrogate.take(), (!is_high).then_some(unit)];
        for decoded in char::decode_utf16(units.into_iter().flatten()) {
            self.push_char(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.surrogate = is_high.then_some(unit);
    }

    fn push_char(&mut self, decoded: char) {
        let mut bytes = [0; 4];
        self.text
            .extend_from_slice(decoded.encode_utf8(&mut bytes).as_bytes());
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.text.len() {
            if !self.decode_block()? {
                return Ok(0);
            }
        }
        let (_, mut left) = self.text.split_at(self.taken);
        let read = left.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

/// NUL bytes so close together that they are not stray.
const CLOSE_NULS: usize = 4;
/// The distance from the first to the last of [`CLOSE_NULS`] in UTF-16 of ASCII.
const NUL_DISTANCE: u64 = 2 * (CLOSE_NULS as u64 - 1);
/// Ctrl-Z, which old systems write behind the text.
const END_OF_FILE: u8 = 0x1a;

/// A reader of text whose lines end in `\n`: `\r\n` and `\r` are replaced, in place, as an editor
/// counts them.
///
/// A Latin-1 no-break space becomes a space, and a Ctrl-Z at the end is dropped. A stray NUL byte
/// is kept and counted. Many NUL bytes are an error.
pub(super) struct LineEnds<R> {
    inner: R,
    meter: Arc<Meter>,
    /// Bytes read from `inner`.
    offset: u64,
    /// Line ends handed on.
    lines: u64,
    after_cr: bool,
    /// The last three bytes of the text, for a character that a block cuts in two.
    tail: [u8; 3],
    /// Offsets of the last NUL bytes, with the lines they are on.
    nuls: [Option<(u64, u64)>; CLOSE_NULS],
    /// A Ctrl-Z that may be the last byte.
    held: bool,
}

impl<R: Read> LineEnds<R> {
    pub(super) fn new(inner: R, meter: &Arc<Meter>) -> Self {
        Self {
            inner,
            meter: meter.clone(),
            offset: 0,
            lines: 0,
            after_cr: false,
            tail: [0; 3],
            nuls: [None; CLOSE_NULS],
            held: false,
        }
    }

    /// Normalises a block in place and returns its new length.
    #[expect(
        clippy::indexing_slicing,
        reason = "`to` never passes `from`, nor `from` the end"
    )]
    fn normalise(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let (mut from, mut to) = (0, 0);
        while from < block.len() {
            if std::mem::take(&mut self.after_cr) && block[from] == b'\n' {
                from += 1;
                continue;
            }
            let rest = &block[from..];
            let run = memchr::memchr3(b'\r', 0, 0xa0, rest).unwrap_or(rest.len());
            if from != to {
                block.copy_within(from..from + run, to);
            }
            from += run;
            to += run;
            let Some(&special) = block.get(from) else {
                break;
            };
            let normalised = &block[..to];
            let normal = match special {
                b'\r' => {
                    self.after_cr = true;
                    b'\n'
                }
                0xa0 if !is_continuation(self.last_bytes(normalised)) => b' ',
                0 => {
                    let line = self.lines + count_lines(normalised) + 1;
                    self.nul(self.offset + from as u64, line)?;
                    0
                }
                other => other,
            };
            block[to] = normal;
            from += 1;
            to += 1;
        }
        let normalised = &block[..to];
        self.tail = self.last_bytes(normalised);
        self.lines += count_lines(normalised);
        self.offset += block.len() as u64;
        Ok(to)
    }

    /// The last three bytes of the text that ends with these.
    fn last_bytes(&self, normalised: &[u8]) -> [u8; 3] {
        let [_, second, third] = self.tail;
        match *normalised {
            [.., a, b, c] => [a, b, c],
            [a, b] => [third, a, b],
            [a] => [second, third, a],
            [] => self.tail,
        }
    }

    /// Counts a NUL byte; an error where others are close to it.
    fn nul(&mut self, offset: u64, line: u64) -> io::Result<()> {
        self.meter.count_nul();
        self.nuls.rotate_left(1);
        let [.., newest] = &mut self.nuls;
        *newest = Some((offset, line));
        let [Some((first, line)), ..] = self.nuls else {
            return Ok(());
        };
        let (distance, offset) = (offset - first, first);
        if distance < CLOSE_NULS as u64 {
            Err(DecodeError::ZeroBytes { offset, line }.into())
        } else if distance <= NUL_DISTANCE {
            Err(DecodeError::MixedEncodings { offset, line }.into())
        } else {
            Ok(())
        }
    }
}

fn count_lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// Whether the byte after these continues a UTF-8 character.
fn is_continuation(before: [u8; 3]) -> bool {
    matches!(
        before,
        [0xf0..=0xf4, 0x80..=0xbf, 0x80..=0xbf]
            | [_, 0xe0..=0xf4, 0x80..=0xbf]
            | [_, _, 0xc2..=0xf4]
    )
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let start = usize::from(self.held);
            let (front, block) = buffer.split_at_mut(start);
            front.fill(END_OF_FILE);
            let read = match block.is_empty() {
                true => 0,
                false => self.inner.read(block)?,
            };
            if read == 0 {
                // A Ctrl-Z that is held was the last byte, unless there was no room to see.
                self.held = false;
                return Ok(if block.is_empty() { start } else { 0 });
            }
            let (block, _) = block.split_at_mut(read);
            let length = start + self.normalise(block)?;
            let (text, _) = buffer.split_at(length);
            self.held = text.last() == Some(&END_OF_FILE);
            let length = length - usize::from(self.held);
            if length > 0 {
                return Ok(length);
            }
        }
    }
}

//! What the files of a site hold that no file of a site should.

use std::io::{self, Read};

use indicatif::HumanCount;

use super::files::SiteFile;
use super::finding::{Finding, Kind};
use super::kinds;
use super::pages::Pages;
use super::traces::binary::Places;
use super::traces::encodings::{Trace, find_all};
use cek_nik::nik::Date;

/// NIKs in a file or in its name.
pub fn findings(file: &SiteFile, pages: &Pages, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |kind: &'static Kind, what: String| {
        findings.push(Finding::new(kind, what).of_file(&file.name))
    };
    let in_name = find_all(file.name.as_bytes(), today);
    if !in_name.is_empty() {
        add(&kinds::NUMBER_FOUND, "its name reads as a NIK".to_owned());
    }
    let content = match file.open().and_then(Content::read) {
        Ok(content) => content,
        Err(_) => {
            add(&kinds::FILE_UNREADABLE, "it cannot be read".to_owned());
            return findings;
        }
    };
    if pages.is_as_built(&file.name, &content.bytes) {
        return findings;
    }
    let texts = content.texts(today);
    if !texts.is_empty() {
        add(&kinds::NUMBER_FOUND, describe(&texts));
    }
    if content.spells_numbers(today) {
        add(
            &kinds::NUMBER_FOUND,
            "its bytes read as NIKs more often than chance gives: integers, floating-point numbers or packed decimals"
                .to_owned(),
        );
    }
    if content.cut {
        let what = format!("only its first {} MiB were read", MOST_READ >> 20);
        add(&kinds::NOT_MEASURED, what);
    }
    findings
}

/// As much of a file is read, and as much of what is unpacked from it: 64 MiB.
pub const MOST_READ: u64 = 64 << 20;

/// The beginning of a file, unpacked if it is packed in a way that `build` reads.
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether there are more that were not read.
    pub cut: bool,
}

impl Content {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Whatever the file system reports.
    pub fn read(source: impl Read) -> io::Result<Self> {
        let packed = Self::up_to_most(source)?;
        let unpacked = match packed.bytes.as_slice() {
            bytes @ [0x1f, 0x8b, ..] => {
                Self::up_to_most(flate2::bufread::MultiGzDecoder::new(bytes))
            }
            // The levels of compression that zlib itself writes.
            bytes @ [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => {
                Self::up_to_most(flate2::bufread::ZlibDecoder::new(bytes))
            }
            bytes @ [0x28, 0xb5, 0x2f, 0xfd, ..] => {
                zstd::Decoder::with_buffer(bytes).and_then(Self::up_to_most)
            }
            _ => return Ok(packed),
        };
        // What only looks packed is read as it is.
        Ok(unpacked.map_or(packed, |unpacked| unpacked))
    }

    fn up_to_most(source: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        source.take(MOST_READ + 1).read_to_end(&mut bytes)?;
        let cut = bytes.len() as u64 > MOST_READ;
        bytes.truncate(MOST_READ as usize);
        Ok(Self { bytes, cut })
    }

    /// What reads as a NIK in it, in text.
    pub fn texts(&self, today: Date) -> Vec<Trace> {
        find_all(&self.bytes, today)
    }

    /// Whether it holds NIKs as binary numbers. A text holds none.
    pub fn spells_numbers(&self, today: Date) -> bool {
        std::str::from_utf8(&self.bytes).is_err() && Places::of(&self.bytes, today).spell_numbers()
    }
}

/// Says how many places there are and what they look like, without any number.
pub fn describe(traces: &[Trace]) -> String {
    let many = match traces.len() {
        1 => "1 place reads as a NIK".to_owned(),
        count => format!("{} places read as NIKs", HumanCount(count as u64)),
    };
    let mut kinds: Vec<String> = Vec::new();
    for trace in traces {
        let kind = match trace.line {
            Some(line) => format!("line {line}"),
            None => format!("in {}", trace.encodings.join(" in ")),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let more = if kinds.len() > SHOWN { ", ..." } else { "" };
    kinds.truncate(SHOWN);
    format!("{many} ({}{more})", kinds.join(", "))
}

/// How many places or files of one kind are named.
pub const SHOWN: usize = 5;

/// Says something of the first few of many, and how many there are.
pub fn first_few(what: &str, names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => format!("{what} {shown}"),
        more => format!("{what} {shown}, and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LIST: &str = "3201014107909001\n3201014107909002\n";

    fn today() -> Date {
        Date::new(2026, 11, 23).unwrap()
    }

    fn content(bytes: &[u8]) -> Content {
        Content::read(bytes).unwrap()
    }

    #[test]
    fn a_packed_list_is_read() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(LIST.as_bytes()).unwrap();
        let zstd = zstd::encode_all(LIST.as_bytes(), 1).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(LIST.as_bytes()).unwrap();
        let zlib = zlib.finish().unwrap();
        for packed in [gzip.finish().unwrap(), zlib, zstd, LIST.as_bytes().to_vec()] {
            assert_eq!(content(&packed).texts(today()).len(), 2);
        }
        assert!(
            content(b"\x78\x9c, \x1f\x8b but not packed")
                .texts(today())
                .is_empty()
        );
    }

    #[test]
    fn a_list_of_integers_is_noticed() {
        let numbers = (0..100_u64).map(|n| 3_201_014_107_909_001 + n);
        let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
        assert!(content(&bytes).spells_numbers(today()));
        assert!(!content(LIST.as_bytes()).spells_numbers(today()));
    }

    #[test]
    fn places_are_described_without_numbers() {
        let described = describe(&content(LIST.as_bytes()).texts(today()));
        assert_eq!(described, "2 places read as NIKs (line 1, line 2)");
    }
}

//! Contents of files: the search for NIKs in them.

use std::io::{self, Read};

use cek_nik::nik::Date;
use cek_nik_publisher::key_file::header;

use crate::files::{MOST_READ, SiteFile};
use crate::finding::{Finding, SHOWN};
use crate::pages::Pages;
use crate::rules;
use crate::sentence::{Sentence, Value, say};
use crate::traces::encodings::{Trace, find_all};

/// Findings about NIKs in a file or in its name.
pub fn findings(file: &SiteFile, pages: &Pages, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add =
        |rule, what: Sentence| findings.push(Finding::new(rule, what).of_file(&file.name));
    if !find_all(file.name.as_bytes(), today).is_empty() {
        add(&rules::NUMBER_FOUND, say!("its name reads as a NIK"));
    }
    let Ok(content) = file.open().and_then(Content::read) else {
        add(&rules::FILE_UNREADABLE, say!("it cannot be read"));
        return findings;
    };
    if pages.is_as_built(&file.name, &content.bytes) {
        return findings;
    }
    if content.holds_keys() {
        let what = say!("it holds keys of a list, without false alarms");
        add(&rules::KEY_FILE_FOUND, what);
    }
    let traces = content.traces(today);
    if !traces.is_empty() {
        add(&rules::NUMBER_FOUND, describe(&traces));
    }
    if content.cut {
        let size = (MOST_READ >> 20).to_string();
        let what = say!("only its first {size} MiB were read", size = size);
        add(&rules::NOT_MEASURED, what);
    }
    findings
}

/// Beginning of a file.
struct Content {
    bytes: Vec<u8>,
    /// The unpacked bytes of a gzip or Zstandard file; empty for any other.
    unpacked: Vec<u8>,
    /// Whether more bytes were left unread.
    cut: bool,
}

impl Content {
    fn read(source: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        let cut = read_most(source, &mut bytes)?;
        let mut unpacked = Vec::new();
        let unpacking = match bytes.as_slice() {
            packed @ [0x1f, 0x8b, ..] => {
                read_most(flate2::bufread::MultiGzDecoder::new(packed), &mut unpacked)
            }
            packed @ [0x28, 0xb5, 0x2f, 0xfd, ..] => zstd::Decoder::with_buffer(packed)
                .and_then(|decoder| read_most(decoder, &mut unpacked)),
            _ => Ok(false),
        };
        // A damaged stream, or one with other bytes behind it, ends in an error. Everything before
        // the error is unpacked by then.
        let cut = cut || unpacking.unwrap_or(false);
        Ok(Self {
            bytes,
            unpacked,
            cut,
        })
    }

    /// Whether the bytes, packed or not, hold a key file, such as a checkpoint does.
    fn holds_keys(&self) -> bool {
        header::is_in(&self.bytes) || header::is_in(&self.unpacked)
    }

    /// Traces of NIKs in the unpacked bytes, or else in the file as it is: a short list stays
    /// readable in a packed file, which need not be compressed throughout.
    fn traces(&self, today: Date) -> Vec<Trace> {
        let traces = find_all(&self.unpacked, today);
        if traces.is_empty() {
            find_all(&self.bytes, today)
        } else {
            traces
        }
    }
}

/// Reads up to [`MOST_READ`] bytes. Whether there are more.
fn read_most(source: impl Read, bytes: &mut Vec<u8>) -> io::Result<bool> {
    source.take(MOST_READ + 1).read_to_end(bytes)?;
    let is_cut = bytes.len() as u64 > MOST_READ;
    bytes.truncate(MOST_READ as usize);
    Ok(is_cut)
}

/// The number of traces and the first few of their locations, without any number that was found.
fn describe(traces: &[Trace]) -> Sentence {
    let mut locations: Vec<Sentence> = Vec::new();
    for trace in traces {
        let location = match trace {
            Trace::Line(line) => say!("line {line}", line = line.to_string()),
            Trace::Utf16 => say!("in UTF-16"),
            Trace::Base64 => say!("in base64"),
        };
        if !locations.contains(&location) {
            locations.push(location);
        }
    }
    let more = if locations.len() > SHOWN { ", ..." } else { "" };
    locations.truncate(SHOWN);
    let listed = locations
        .into_iter()
        .map(Value::from)
        .reduce(|before, location| {
            say!("{before}, {location}", before = before, location = location).into()
        });
    say!(
        "{places} ({locations}{more})",
        places = places(traces.len()),
        locations = listed.unwrap_or_else(|| Value::from("")),
        more = more,
    )
}

/// How many places read as NIKs, with the verb.
pub(super) fn places(count: usize) -> Sentence {
    match count {
        1 => say!("1 place reads as a NIK"),
        count => say!(
            "{count} places read as NIKs",
            count = Value::Number(count as u64)
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LIST: &[u8] = b"3201014107909001\n3201014107909002\n";

    fn traces(bytes: &[u8]) -> Vec<Trace> {
        let content = Content::read(bytes).unwrap();
        content.traces(Date::new(2026, 11, 23).unwrap())
    }

    fn packed(bytes: &[u8]) -> [Vec<u8>; 2] {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes).unwrap();
        [gzip.finish().unwrap(), zstd::encode_all(bytes, 9).unwrap()]
    }

    /// So many that hardly any is readable in the packed file.
    fn long_list() -> Vec<u8> {
        let numbers = 3_201_014_107_909_001_u64..3_201_014_107_909_901;
        numbers
            .flat_map(|number| format!("{number}\n").into_bytes())
            .collect()
    }

    #[test]
    fn a_packed_list_is_read() {
        for packed in packed(&long_list()) {
            assert_eq!(traces(&packed).len(), 900);
            assert_eq!(traces(&[packed.clone(), packed].concat()).len(), 1_800);
        }
        assert_eq!(traces(LIST).len(), 2);
        assert!(traces(b"\x28\xb5\x2f\xfd, \x1f\x8b but not packed").is_empty());
    }

    #[test]
    fn a_packed_list_is_read_though_other_bytes_stand_behind_it() {
        for packed in packed(&long_list()) {
            assert_eq!(traces(&[&packed, &b"\0\0 more"[..]].concat()).len(), 900);
        }
    }

    #[test]
    fn a_list_behind_a_packed_stream_is_read() {
        for packed in packed(b"nothing") {
            assert_eq!(traces(&[&packed, LIST].concat()).len(), 2);
        }
    }

    #[test]
    fn a_packed_list_that_was_cut_off_is_read_as_far_as_it_goes() {
        for packed in packed(&long_list().repeat(200)) {
            assert!(traces(&packed[..packed.len() - 10]).len() > 10_000);
        }
    }

    #[test]
    fn places_are_described_without_numbers() {
        let described = describe(&traces(LIST)).to_string();
        assert_eq!(described, "2 places read as NIKs (line 1, line 2)");
    }
}

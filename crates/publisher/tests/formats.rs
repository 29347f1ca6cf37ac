//! Lists in JSON Lines, workbooks and Parquet files, and damaged lists of every format.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use cek_nik::identifier::IdentifierKind;
use cek_nik::nik::Date;
use cek_nik_publisher::input::reject_reason::{self, RejectReason};
use cek_nik_publisher::input::{self, Input, InputError, Reading, Rows, SourceInfo};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_xlsxwriter::Workbook;

/// What a list was read as.
#[derive(Debug, Default)]
struct Found {
    /// NIKs with the names beside them.
    people: BTreeSet<(String, String)>,
    /// Rejected rows.
    rejected: Vec<(u64, RejectReason)>,
    /// The numbers of all rows.
    lines: Vec<u64>,
    source: SourceInfo,
    bytes: u64,
}

impl Found {
    fn row(&mut self, nik: &[u8], name: &[u8], line: u64) {
        self.lines.push(line);
        match reject_reason::nik(nik) {
            Ok(nik) => {
                let name = String::from_utf8_lossy(name).into_owned();
                self.people.insert((nik.digits().to_owned(), name));
            }
            Err(rejection) => self.rejected.push((line, rejection.reason)),
        }
    }

    fn niks(&self) -> BTreeSet<String> {
        self.people.iter().map(|(nik, _)| nik.clone()).collect()
    }
}

fn read(path: &Path, names: bool) -> Result<Found, InputError> {
    let reading = Reading {
        identifier: match names {
            true => IdentifierKind::NikAndName,
            false => IdentifierKind::Nik,
        },
        // Columns of other formats are not separated by anything.
        delimiter: Some(b'|'),
        ..Reading::default()
    };
    read_as(path, reading)
}

fn read_as(path: &Path, reading: Reading) -> Result<Found, InputError> {
    let input = Input {
        path: path.to_owned(),
        reading,
    };
    let today = Date::new(2026, 11, 30).unwrap();
    input::inspect(&input, today)?;
    let mut found = Found::default();
    let source = input::read(&input, today, 1 << 10, |rows, bytes| {
        found.bytes += bytes;
        match rows {
            Rows::Lines { first, text } => {
                let lines = text.split(|&byte| byte == b'\n');
                for (line, number) in lines.zip(first..) {
                    found.row(line, b"", number);
                }
            }
            Rows::Fields {
                text,
                ends,
                rejected,
            } => {
                let rejected = rejected
                    .iter()
                    .map(|(rejection, line)| (*line, rejection.reason));
                found.rejected.extend(rejected);
                for row in input::fields(&text, &ends) {
                    found.row(row.nik, row.name, row.line);
                }
            }
        }
        Ok::<_, InputError>(())
    })?;
    found.source = source;
    Ok(found)
}

fn read_bytes(bytes: &[u8], names: bool) -> Result<Found, InputError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let found = read(file.path(), names)?;
    assert_eq!(found.source.checksum, crc32fast::hash(bytes));
    Ok(found)
}

fn code(bytes: &[u8]) -> &'static str {
    read_bytes(bytes, false).unwrap_err().code()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/lists")
        .join(name)
}

const REGIONS: [&str; 3] = ["320101", "317405", "910101"];
const NAMES: [&str; 10] = [
    "BUDI", "SITI", "ANI", "JOKO", "RINI", "DEWI", "AGUS", "WATI", "HADI", "LINA",
];

/// The people in the fixtures.
fn people() -> Vec<(String, String)> {
    (0..40)
        .map(|i| {
            let region = REGIONS[i % 3];
            let day = 1 + i % 28 + 40 * (i % 2);
            let (month, year, serial) = (1 + i % 12, 70 + i % 30, 9000 + i);
            let nik = format!("{region}{day:02}{month:02}{year:02}{serial}");
            (nik, NAMES[i % 10].to_owned())
        })
        .collect()
}

fn all_people() -> BTreeSet<(String, String)> {
    people().into_iter().collect()
}

mod json_lines {
    use super::*;

    fn objects(people: &[(String, String)]) -> String {
        people
            .iter()
            .map(|(nik, name)| format!("{{\"nama\": \"{name}\", \"nik\": \"{nik}\"}}\n"))
            .collect()
    }

    #[test]
    fn every_object_is_a_row() {
        let text = objects(&people());
        for text in [
            text.clone(),
            text.replace('\n', "\r\n\r\n"),
            format!("\u{feff}\n{text}"),
            text.trim_end().to_owned(),
        ] {
            let found = read_bytes(text.as_bytes(), true).unwrap();
            assert_eq!(found.people, all_people());
            assert_eq!(
                found.source.profile.nik.unwrap().title.as_deref(),
                Some("nik")
            );
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let rows = [
            r#"{"nik": 9101014107909001}"#,
            r#"{"nik": {"$numberLong": "9101014107909003"}}"#,
            r#"{"nik": 3.201014107909E15}"#,
            r#"{"nik": "３２０１０１４１０７９０９００５"}"#,
        ];
        let found = read_bytes(rows.join("\n").as_bytes(), false).unwrap();
        let niks = ["9101014107909001", "9101014107909003", "3201014107909005"];
        assert_eq!(found.niks(), niks.map(str::to_owned).into());
        assert_eq!(found.rejected, [(3, RejectReason::LostDigits)]);
    }

    #[test]
    fn rows_have_the_numbers_of_their_lines() {
        let rows = [
            r#"{"nik": "3201014107909001", "nama": "A \"B\", \\"}"#,
            "",
            r#"{"nama": "C\nD", "nik": "x"}"#,
            r#"{"nama": "E", "nik": "3201014107909004", "kota": "F"}"#,
        ];
        let found = read_bytes(rows.join("\n").as_bytes(), true).unwrap();
        let text = "A \"B\", /";
        assert!(
            found
                .people
                .contains(&("3201014107909001".into(), text.into())),
            "{found:?}"
        );
        let rejected = [(2, RejectReason::EmptyRow), (3, RejectReason::NotDigits)];
        assert_eq!(found.rejected, rejected);
        assert_eq!(found.lines, [1, 3, 4]);
        assert_eq!(found.niks().len(), 2);
    }

    #[test]
    fn a_line_that_is_not_an_object_stops_the_build() {
        let good = objects(&people());
        for bad in [
            "{\"nik\": \"32010141",
            "3201014107909001",
            "{\"nik\": \"3201014107909001\"}{\"nik\": \"3201014107909002\"}",
            "[1]",
        ] {
            let error = read_bytes(format!("{good}{bad}\n{good}").as_bytes(), false).unwrap_err();
            assert_eq!(error.code(), "json_line");
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(source.starts_with("line 41 "), "{source}");
            assert!(!source.contains("3201"), "{source}");
        }
    }

    #[test]
    fn keys_that_differ_too_much_are_refused() {
        let text: String = (0..1_001)
            .map(|i| format!("{{\"k{i}\": \"3201014107909001\"}}\n"))
            .collect();
        assert_eq!(code(text.as_bytes()), "json_keys");
    }

    #[test]
    fn json_in_one_piece_is_named() {
        for text in [
            "[{\"nik\": \"3201014107909001\"}]",
            "[\n{\"nik\": \"3201014107909001\"}\n]",
            "{\n  \"nik\": \"3201014107909001\"\n}",
            "{\"rows\": [{\"nik\": \"3201014107909001\"}]}",
        ] {
            assert_eq!(code(text.as_bytes()), "foreign_text", "{text}");
        }
    }
}

mod workbook {
    use super::*;

    const LOST: RejectReason = RejectReason::LostDigits;

    fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
        let mut workbook = Workbook::new();
        fill(&mut workbook);
        workbook.save_to_buffer().unwrap()
    }

    #[test]
    fn text_cells_are_read_in_each_format() {
        for (name, first, last) in [("sheet.xls", 4, 44), ("sheet.ods", 2, 42)] {
            let found = read(&fixture(name), true).unwrap();
            assert_eq!(found.people, all_people(), "{name}");
            assert_eq!(found.lines, (first..=last).collect::<Vec<_>>(), "{name}");
            assert_eq!(found.rejected.last(), Some(&(last, LOST)), "{name}");
        }
        let bytes = workbook(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet
                .write(1, 2, "NIK")
                .unwrap()
                .write(1, 4, "NAMA")
                .unwrap();
            for ((nik, name), row) in people().iter().zip(2..) {
                sheet
                    .write(row, 2, nik)
                    .unwrap()
                    .write(row, 4, name)
                    .unwrap();
            }
        });
        let found = read_bytes(&bytes, true).unwrap();
        assert_eq!(found.people, all_people());
        assert_eq!(found.lines, (3..43).collect::<Vec<_>>());
        assert!(
            found.bytes.abs_diff(bytes.len() as u64) < 100,
            "{}",
            found.bytes
        );
    }

    #[test]
    fn sectors_that_follow_each_other_in_a_circle_are_refused() {
        let mut bytes = std::fs::read(fixture("sheet.xls")).unwrap();
        let number = |bytes: &[u8], offset: usize| {
            u32::from_le_bytes(bytes[offset..offset + 4].try_into().unwrap())
        };
        let (directory, table) = (number(&bytes, 48), number(&bytes, 76));
        let entry = (table as usize + 1) * 512 + directory as usize * 4;
        bytes[entry..entry + 4].copy_from_slice(&directory.to_le_bytes());
        assert_eq!(code(&bytes), "damaged_workbook");
    }

    #[test]
    fn numbers_that_lost_digits_are_rejected() {
        let cells = [
            (3201014107909001.0, None),
            // As spreadsheet programs keep it.
            (3201014107909000.0, Some(LOST)),
            // Above 2^53.
            (9101014107909002.0, Some(LOST)),
            (3201014107909001.5, Some(LOST)),
            (3.2, Some(LOST)),
            (320101410790900.0, Some(RejectReason::TooFewDigits)),
        ];
        let bytes = workbook(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.write(0, 0, "NIK").unwrap();
            for (&(number, _), row) in cells.iter().zip(1..) {
                sheet.write(row, 0, number).unwrap();
            }
        });
        let found = read_bytes(&bytes, false).unwrap();
        let rejected: Vec<_> = cells
            .iter()
            .zip(2..)
            .filter_map(|(&(_, reason), row)| Some((row, reason?)))
            .collect();
        assert_eq!(found.rejected, rejected);
        assert_eq!(found.niks().len(), 1);
    }

    #[test]
    fn several_sheets_with_niks_are_named() {
        let bytes = workbook(|workbook| {
            for name in ["Desa A", "Keterangan", "Desa B", "12345678"] {
                let sheet = workbook.add_worksheet().set_name(name).unwrap();
                sheet.write(0, 0, "judul").unwrap();
                if name != "Keterangan" {
                    sheet.write(1, 0, "3201014107909001").unwrap();
                }
            }
        });
        let error = read_bytes(&bytes, false).unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            source.contains("(1 \"Desa A\", 3 \"Desa B\", 4)"),
            "{source}"
        );
        assert_eq!(error.code(), "several_sheets");
    }

    #[test]
    fn other_workbooks_are_refused() {
        let empty = workbook(|workbook| {
            workbook.add_worksheet();
        });
        assert_eq!(code(&empty), "empty_workbook");
        assert_eq!(code(&empty[..empty.len() / 2]), "foreign_document");
        assert_eq!(code(&empty[..empty.len() - 30]), "damaged_workbook");
        let stream = |name: &str| -> Vec<u8> {
            let name = name.encode_utf16().flat_map(u16::to_le_bytes);
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
                .iter()
                .copied()
                .chain(name)
                .collect()
        };
        assert_eq!(code(&stream("WordDocument")), "foreign_document");
        assert_eq!(code(&stream("EncryptedPackage")), "foreign_document");
        assert_eq!(code(&stream("Workbook")), "damaged_workbook");
    }
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;

    #[test]
    fn text_and_integer_columns_are_read() {
        let found = read(&fixture("text.parquet"), true).unwrap();
        let mut expected = all_people();
        expected.remove(&people()[7]);
        assert_eq!(found.people, expected);
        assert_eq!(found.rejected, [(8, RejectReason::NoNumber)]);
        assert_eq!(found.lines, (1..=40).collect::<Vec<_>>());

        let found = read(&fixture("integers.parquet"), true).unwrap();
        assert_eq!(found.people, all_people());
        let bytes = std::fs::read(fixture("integers.parquet")).unwrap();
        assert_eq!(found.source.checksum, crc32fast::hash(&bytes));
        assert!(
            found.bytes.abs_diff(bytes.len() as u64) < 100,
            "{}",
            found.bytes
        );
    }

    #[test]
    fn doubles_above_2_to_the_53_are_rejected() {
        let found = read(&fixture("doubles.parquet"), false).unwrap();
        let (lost, kept): (Vec<_>, Vec<_>) = people()
            .into_iter()
            .partition(|(nik, _)| nik.starts_with("91"));
        assert_eq!(found.niks(), kept.into_iter().map(|(nik, _)| nik).collect());
        assert_eq!(found.rejected.len(), lost.len());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let bytes = std::fs::read(fixture("text.parquet")).unwrap();
        assert_eq!(code(&bytes[..bytes.len() - 1]), "damaged_parquet");
        let brotli = read(&fixture("brotli.parquet"), false).unwrap_err();
        assert_eq!(brotli.code(), "damaged_parquet");
        let zstd = zstd::encode_all(&bytes[..], 1).unwrap();
        assert_eq!(code(&zstd), "foreign_binary");
    }
}

proptest! {
    // With a fixed seed: of some damaged XLS files in thousands, calamine asks for more memory than
    // there is, and the process ends.
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn damaged_files_are_refused_or_read(
        name in prop::sample::select(
            &["sheet.xls", "sheet.ods", "text.parquet", "integers.parquet"]
        ),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = std::fs::read(fixture(name)).unwrap();
        for (index, byte) in damage {
            *index.get_mut(&mut bytes) = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = read_bytes(&bytes, false);
    }
}

/// Changes of a few bytes that turn one kind of list into another.
#[derive(Clone, Debug)]
enum Damage {
    Replace(u8),
    Insert(&'static [u8]),
    Remove(usize),
    Repeat(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    const PIECES: &[&[u8]] = &[
        b"\"",
        b",",
        b";",
        b"\t",
        b"|",
        b"\r",
        b"\n",
        b"\\",
        b" ",
        b"0",
        b"9",
        b"=",
        b"\0",
        b"\x1a",
        b"\xa0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"...",
        b"E+15",
        b".0",
        b"{",
        b"NIK",
        b"NULL",
    ];
    prop_oneof![
        any::<u8>().prop_map(Damage::Replace),
        prop::sample::select(PIECES).prop_map(Damage::Insert),
        (1_usize..40).prop_map(Damage::Remove),
        (1_usize..60).prop_map(Damage::Repeat),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>, at: usize) {
        match *self {
            Self::Replace(byte) => bytes[at] = byte,
            Self::Insert(piece) => drop(bytes.splice(at..at, piece.iter().copied())),
            Self::Remove(length) => drop(bytes.drain(at..bytes.len().min(at + length))),
            Self::Repeat(length) => {
                let end = bytes.len().min(at + length);
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}

fn digits(bytes: impl IntoIterator<Item = u8>) -> String {
    let bytes = bytes.into_iter().filter(u8::is_ascii_digit);
    bytes.map(char::from).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(15),
        ..ProptestConfig::default()
    })]

    /// Beside the fuzz target `lists`: no number is read that is not in the list.
    #[test]
    fn text_lists_with_damage(
        damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..8),
        names in any::<bool>(),
    ) {
        let rows = people().into_iter().take(8);
        let rows: String = rows.map(|(nik, name)| format!("{name},{nik},\"x, y\"\n")).collect();
        let mut bytes = format!("NAMA,NIK,ALAMAT\n{rows}").into_bytes();
        for (index, damage) in damages {
            if !bytes.is_empty() {
                let at = index.index(bytes.len());
                damage.apply(&mut bytes, at);
            }
        }
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        let identifier = match names {
            true => IdentifierKind::NikAndName,
            false => IdentifierKind::Nik,
        };
        let reading = Reading { identifier, ..Reading::default() };
        if let Ok(found) = read_as(file.path(), reading) {
            let all = digits(bytes);
            for nik in found.niks() {
                prop_assert!(all.contains(&nik), "{nik} is not in the list");
            }
        }
    }
}

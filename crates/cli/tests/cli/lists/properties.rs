//! Lists at random: a known list is shuffled, joined, padded, re-encoded and re-delimited.
//!
//! Everybody is found, or the list is refused, or the rows that cannot be used are counted; and
//! nobody else is published. `PROPTEST_CASES=1000000 cargo test -p cek-nik-cli --test cli --release
//! lists::properties` runs longer.

use std::collections::BTreeSet;
use std::io::Write;

use cek_nik_publisher::input::reject_reason::{self, RejectReason};
use cek_nik_publisher::input::{self, Input, InputError, Reading, Rows};
use proptest::prelude::*;

/// What the reader makes of a list.
struct Read {
    accepted: BTreeSet<String>,
    /// People in rows that are rejected.
    lost: u64,
}

fn read(bytes: &[u8]) -> Result<Read, InputError> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let input = Input {
        path: file.path().to_owned(),
        reading: Reading::default(),
    };
    let today = "2026-11-23".parse().expect("a day");
    let mut read = Read {
        accepted: BTreeSet::new(),
        lost: 0,
    };
    input::read(&input, today, 1 << 12, |rows, _| {
        let mut take = |field: &[u8]| match reject_reason::nik(field) {
            Ok(nik) => _ = read.accepted.insert(nik.digits()),
            Err(rejection) if field.trim_ascii().is_empty() => {
                assert_eq!(rejection.reason, RejectReason::NoNumber);
            }
            Err(rejection) => read.lost += rejection.people,
        };
        match rows {
            Rows::Lines { text, .. } => text.split(|byte| *byte == b'\n').for_each(take),
            Rows::Fields {
                text,
                ends,
                rejected,
            } => {
                input::fields(&text, &ends).for_each(|row| take(row.nik));
                read.lost += rejected
                    .iter()
                    .map(|(rejection, _)| rejection.people)
                    .sum::<u64>();
            }
        }
        Ok::<_, InputError>(())
    })?;
    Ok(read)
}

const COLUMNS: [&str; 6] = ["NIK", "NAMA", "NIK_IBU", "NO_KK", "NO", "ALAMAT"];
const NAMES: [&str; 6] = [
    "BUDI",
    "SITI AISYAH",
    "ANI, SE",
    "JOKO; MT",
    "NUR \"INI\"",
    "DEWI",
];

/// A list, and how it is written.
#[derive(Clone, Debug)]
struct Written {
    people: u64,
    seed: u64,
    /// Indices of [`COLUMNS`].
    columns: Vec<usize>,
    heading: Heading,
    delimiter: char,
    quotes: Quotes,
    grouping: Vec<u8>,
    end: &'static str,
    mark: bool,
    harm: Harm,
    at: prop::sample::Index,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Heading {
    None,
    Names,
    Titles,
    OtherWords,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Quotes {
    WhereNeeded,
    Always,
    /// A name with the delimiter in it stands without quotation marks.
    Never,
}

/// What happens to one place of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Harm {
    None,
    /// Two rows on one line, with a delimiter between them or nothing.
    Joined(bool),
    /// The file is two files, the second with its heading, with its columns in another order or
    /// not.
    TwoFiles(bool),
    /// A column is added from here on.
    NewColumn,
    /// An empty row.
    EmptyRow,
    /// A row of a spreadsheet that has cut its digits.
    Cut,
    /// A stray quotation mark.
    Quote,
    /// A digit is lost, or stands apart.
    Digit(bool),
    /// A field is missing.
    ShortRow,
}

impl Written {
    fn nik(&self, index: u64) -> String {
        let day = 1 + (index * 7 + self.seed) % 28;
        let month = 1 + (index * 5 + self.seed) % 12;
        format!(
            "32010{}{day:02}{month:02}7{}9{:03}",
            1 + index % 9,
            index % 10,
            1 + index % 998
        )
    }

    fn mother(&self, index: u64) -> String {
        format!("32020{}410150{}", 1 + index % 9, 9500 + index % 499)
    }

    fn field(&self, column: usize, index: u64) -> String {
        match COLUMNS[column] {
            "NIK" => self.grouped(&self.nik(index), index),
            "NAMA" => NAMES[((index + self.seed) % 6) as usize].to_owned(),
            "NIK_IBU" => self.mother(index),
            "NO_KK" => format!("320103010112{:04}", 9000 + index % 1000),
            "NO" => (index + 1).to_string(),
            _ => format!("JL. CONTOH {index}"),
        }
    }

    fn grouped(&self, nik: &str, index: u64) -> String {
        let style = self.grouping[index as usize % self.grouping.len()];
        match style {
            1 => format!("{} {} {}", &nik[..6], &nik[6..12], &nik[12..]),
            2 => format!(" {nik} "),
            3 => format!("'{nik}"),
            4 => {
                let parts = [&nik[..2], &nik[2..4], &nik[4..6], &nik[6..12], &nik[12..]];
                parts.join(".")
            }
            5 => format!("{nik}.0"),
            6 => format!("\u{feff}{nik}\u{a0}"),
            _ => nik.to_owned(),
        }
    }

    fn quoted(&self, field: &str) -> String {
        let needs = field.contains([self.delimiter, '"']);
        match self.quotes {
            Quotes::Always => format!("\"{}\"", field.replace('"', "\"\"")),
            Quotes::WhereNeeded if needs => format!("\"{}\"", field.replace('"', "\"\"")),
            _ => field.to_owned(),
        }
    }

    fn join(&self, fields: impl Iterator<Item = String>) -> String {
        fields.collect::<Vec<_>>().join(&self.delimiter.to_string())
    }

    fn row(&self, columns: &[usize], index: u64) -> String {
        self.join(
            columns
                .iter()
                .map(|&column| self.quoted(&self.field(column, index))),
        )
    }

    fn names(&self, columns: &[usize]) -> String {
        self.join(
            columns
                .iter()
                .map(|&column| match (self.heading, COLUMNS[column]) {
                    (Heading::OtherWords, "NIK") => "No. KTP (16 digit)".to_owned(),
                    (_, name) => name.to_owned(),
                }),
        )
    }

    fn text(&self) -> String {
        let mut rows = Vec::new();
        if self.heading == Heading::Titles {
            rows.push(format!("DAFTAR 31/12/2026{}", self.delimiter));
            rows.push(String::new());
        }
        if self.heading != Heading::None {
            rows.push(self.names(&self.columns));
        }
        let at = self.at.index(self.people as usize) as u64;
        let mut columns = self.columns.clone();
        let mut index = 0;
        while index < self.people {
            let row = self.row(&columns, index);
            let delimiter = self.delimiter;
            if index != at {
                rows.push(row);
                index += 1;
                continue;
            }
            match self.harm {
                Harm::Joined(apart) if index + 1 < self.people => {
                    let next = self.row(&columns, index + 1);
                    let between = if apart {
                        delimiter.to_string()
                    } else {
                        String::new()
                    };
                    rows.push(format!("{row}{between}{next}"));
                    index += 1;
                }
                Harm::TwoFiles(other) => {
                    if other {
                        columns.reverse();
                    }
                    if self.heading != Heading::None {
                        rows.push(self.names(&columns));
                    }
                    rows.push(self.row(&columns, index));
                }
                Harm::NewColumn => {
                    columns.insert(0, 3);
                    rows.push(self.row(&columns, index));
                }
                Harm::EmptyRow => {
                    rows.push(delimiter.to_string().repeat(columns.len() - 1));
                    rows.push(row);
                }
                Harm::Cut => rows.push(row.replace(&self.field(0, index), "3.20101E+15")),
                Harm::Quote => rows.push(row.replacen(delimiter, &format!("{delimiter}\""), 1)),
                Harm::Digit(apart) => {
                    let nik = self.nik(index);
                    let spoilt = match apart {
                        true => format!("{} {}", &nik[..15], &nik[15..]),
                        false => nik[..15].to_owned(),
                    };
                    rows.push(row.replace(&self.field(0, index), &spoilt));
                }
                Harm::ShortRow => {
                    let cut = row.rfind(delimiter).unwrap_or(row.len());
                    rows.push(row[..cut].to_owned());
                }
                _ => rows.push(row),
            }
            index += 1;
        }
        let mark = if self.mark { "\u{feff}" } else { "" };
        format!("{mark}{}{}", rows.join(self.end), self.end)
    }
}

fn written() -> impl Strategy<Value = Written> {
    let columns = prop::sample::subsequence(vec![1, 2, 3, 4, 5], 0..=5)
        .prop_map(|mut others| {
            others.insert(0, 0);
            others
        })
        .prop_shuffle();
    let heading = prop::sample::select(vec![
        Heading::None,
        Heading::Names,
        Heading::Names,
        Heading::Titles,
        Heading::OtherWords,
    ]);
    let harm = prop::sample::select(vec![
        Harm::None,
        Harm::Joined(true),
        Harm::Joined(false),
        Harm::TwoFiles(true),
        Harm::TwoFiles(false),
        Harm::NewColumn,
        Harm::EmptyRow,
        Harm::Cut,
        Harm::Quote,
        Harm::Digit(true),
        Harm::Digit(false),
        Harm::ShortRow,
    ]);
    let quotes = prop::sample::select(vec![Quotes::WhereNeeded, Quotes::Always, Quotes::Never]);
    let look = (
        prop::sample::select(vec![',', ';', '\t', '|']),
        quotes,
        prop::collection::vec(0..7u8, 1..4),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
    );
    (
        prop_oneof![9 => 3..9u64, 1 => 9..40u64],
        0..28u64,
        columns,
        heading,
        look,
        harm,
        any::<prop::sample::Index>(),
    )
        .prop_map(|(people, seed, columns, heading, look, harm, at)| {
            let (delimiter, quotes, grouping, end, mark) = look;
            Written {
                people,
                seed,
                columns,
                heading,
                delimiter,
                quotes,
                grouping,
                end,
                mark,
                harm,
                at,
            }
        })
}

/// At least so many cases; more if PROPTEST_CASES says so.
fn cases(least: u32) -> ProptestConfig {
    ProptestConfig {
        cases: ProptestConfig::default().cases.max(least),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn nobody_is_lost_and_nobody_else_published_without_a_word(list in written()) {
        let text = list.text();
        let people: BTreeSet<String> = (0..list.people).map(|index| list.nik(index)).collect();
        match read(text.as_bytes()) {
            Err(_) => {}
            Ok(read) => {
                let strangers = read.accepted.difference(&people).count();
                prop_assert_eq!(strangers, 0, "strangers: {}", text);
                let missing = people.difference(&read.accepted).count() as u64;
                // The digits of two people that have run together count as one row.
                prop_assert!(missing <= 2 * read.lost, "{} missing, {} lost: {}", missing, read.lost, text);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// A list that nothing has harmed, and that says which column it is, is read whole.
    #[test]
    fn a_whole_list_is_read_whole(list in written()) {
        let list = Written { harm: Harm::None, quotes: Quotes::WhereNeeded, ..list };
        let names = if list.columns.len() == 1 { list.heading } else { Heading::Names };
        let list = Written { heading: if list.heading == Heading::None { names } else { list.heading }, ..list };
        let text = list.text();
        let people: BTreeSet<String> = (0..list.people).map(|index| list.nik(index)).collect();
        match read(text.as_bytes()) {
            Err(error) => prop_assert!(false, "{error:?}: {text}"),
            Ok(read) => prop_assert_eq!(read.accepted, people, "{}", text),
        }
    }
}

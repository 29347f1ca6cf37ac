//! Moved fields: rows with as many fields as the others, in other columns.
//!
//! A comma too many in a name and a field too few behind it make up for each other. The number of
//! the mother then stands under NIK. What the columns hold in the first rows tells such a row from
//! the others. Only columns of 16-digit numbers, and the two columns beside the NIK, are looked at;
//! a list without other numbers has nothing that could take the place of a NIK.

use cek_nik::nik::{DIGITS, Date, Nik, Warning};

use super::columns::profile::{ColumnProfile, SampleRow, is_number};
use super::grouping;
use super::heading::Role;
use super::name_field;
use super::rows::{Row, is_blank};

/// From this many rows on, a column must hold one kind of fields nearly always to count as such.
const MANY_ROWS: usize = 20;

/// What columns hold in most rows.
#[derive(Clone, Debug, PartialEq)]
pub struct UsualFields {
    /// Columns of 16-digit numbers other than the NIK.
    numbers: Vec<usize>,
    /// Columns beside the NIK that hold no such numbers.
    texts: Vec<usize>,
    /// Columns of family cards, where few of the NIKs look like these.
    cards: Vec<usize>,
    today: Date,
}

impl UsualFields {
    /// Learns from the first rows, which all have the same number of fields.
    pub fn of(rows: &[SampleRow], columns: &[ColumnProfile], nik: usize, today: Date) -> Self {
        let mut usual = Self {
            numbers: Vec::new(),
            texts: Vec::new(),
            cards: Vec::new(),
            today,
        };
        let most_are_cards = |column: &ColumnProfile| 2 * column.family_cards > column.numbers;
        let nik_is_card = columns.get(nik).is_some_and(most_are_cards);
        for column in columns {
            let index = column.field.index;
            if index == nik {
                continue;
            }
            let fields = || rows.iter().filter_map(|row| row.fields.get(index));
            let numbers = fields().filter(|field| is_number(field)).count();
            let texts = fields().filter(|field| is_text(field.as_bytes())).count();
            let (clearly, least) = if rows.len() < MANY_ROWS {
                (1, 1)
            } else {
                (4, 3)
            };
            if numbers >= least && numbers >= clearly * texts {
                usual.numbers.push(index);
                let cards = 10 * column.family_cards >= 9 * column.numbers;
                if column.numbers > 0 && cards && !nik_is_card {
                    usual.cards.push(index);
                }
            } else if index.abs_diff(nik) == 1
                && !column.role.is_nik()
                && column.role != Role::FamilyCard
                && texts >= least
                && texts > clearly * numbers
            {
                usual.texts.push(index);
            }
        }
        if usual.numbers.is_empty() {
            usual.texts.clear();
        }
        usual
    }

    /// Whether the fields of a row stand in other columns than those of most rows.
    pub fn has_moved(&self, row: &Row, nik: &[u8]) -> bool {
        let field = |index: &usize| row.field(*index);
        self.numbers.iter().map(field).any(is_text)
            || self.texts.iter().map(field).any(is_nik)
            || self
                .cards
                .iter()
                .map(field)
                .any(|other| self.are_swapped(nik, other))
    }

    /// Whether the card stands where the NIK should, and the other way round.
    fn are_swapped(&self, nik: &[u8], card: &[u8]) -> bool {
        // A card has a day up to 31 and a year of this century: most NIKs need no second look.
        let may_be_card =
            matches!(nik.get(6), Some(b'0'..=b'3')) && matches!(nik.get(10), Some(b'0'..=b'2'));
        let is_card = |field: &[u8]| {
            let nik = Nik::from_plain(field)?;
            Some(nik.warnings(self.today).contains(Warning::FamilyCard))
        };
        may_be_card && is_card(nik) == Some(true) && is_card(card) == Some(false)
    }
}

/// Whether a field holds something else than a number of about sixteen digits: neither nothing, nor
/// a word or sign for nothing.
fn is_text(field: &[u8]) -> bool {
    // Nearly every field, without a closer look: digits of about the length of a NIK.
    let is_number_of_digits = (14..=18).contains(&field.len());
    if is_number_of_digits && field.iter().all(u8::is_ascii_digit) || is_blank(field) {
        return false;
    }
    let text = String::from_utf8_lossy(field);
    let says_something = |c: char| c.is_alphabetic() || c.is_numeric() && c != '0';
    text.contains(says_something) && !is_number(&text) && !name_field::is_placeholder(&text)
}

fn is_nik(field: &[u8]) -> bool {
    field.len() >= DIGITS && grouping::read(&String::from_utf8_lossy(field)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Reading;
    use crate::input::columns::Layout;
    use crate::input::rows::RowReader;

    /// The lines whose fields have moved.
    fn moved(list: &str) -> Vec<u64> {
        let today = Date::new(2026, 11, 23).unwrap();
        let layout = Layout::of(list.as_bytes(), true, &Reading::default(), today).unwrap();
        let Layout::Delimited { dialect, table } = layout else {
            panic!("plain lines: {list}")
        };
        let mut reader = RowReader::new(list.as_bytes(), dialect);
        reader.skip_lines(table.above).unwrap();
        let mut lines = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            let nik = row.field(table.nik.index);
            if table.usual.has_moved(&row, nik) {
                lines.push(row.line);
            }
        }
        lines
    }

    fn list(heading: &str, usual: impl Fn(u32) -> String, rows: u32, odd: &str) -> String {
        let rows: String = (1..=rows).map(|index| usual(index) + "\n").collect();
        format!("{heading}\n{rows}{odd}\n")
    }

    fn nik(index: u32) -> String {
        format!("3201014107909{:03}", index % 1000)
    }

    #[test]
    fn a_delimiter_too_many_and_a_field_too_few() {
        let mother = "3202014101509501";
        for rows in [2, 30] {
            let behind = |index| format!("BUDI,{mother},{},JL. A", nik(index));
            let odd = format!("BUDI, SE,{mother},{}", nik(1));
            let text = list("NAMA,NIK_IBU,NIK,ALAMAT", behind, rows, &odd);
            assert_eq!(moved(&text), [u64::from(rows) + 2], "{text}");
            // The field in front of the number is empty: the NIK under ALAMAT tells.
            let behind = |index| format!("BUDI,,{mother},{},JL. A", nik(index));
            let odd = format!("BUDI, SE,,{mother},{}", nik(1));
            let text = list("NAMA,EMAIL,NIK_IBU,NIK,ALAMAT", behind, rows, &odd);
            assert_eq!(moved(&text), [u64::from(rows) + 2], "{text}");
            let before = |index| format!("{index},{},{mother},BUDI,JL. A", nik(index));
            let odd = format!("{},{mother},BUDI, SE,JL. A", nik(1));
            let text = list("NO,NIK,NIK_IBU,NAMA,ALAMAT", before, rows, &odd);
            assert_eq!(moved(&text), [u64::from(rows) + 2], "{text}");
        }
    }

    #[test]
    fn a_card_and_a_nik_that_change_places() {
        let card = "3201030101129101";
        let usual = |index| format!("{card},{}", nik(index));
        let odd = format!("{},{card}", nik(1));
        assert_eq!(moved(&list("NO_KK,NIK", usual, 30, &odd)), [32]);
        // A child has a NIK that reads like a card, and so does the card beside it.
        let child = format!("{card},3201010101129001");
        assert!(moved(&list("NO_KK,NIK", usual, 30, &child)).is_empty());
    }

    #[test]
    fn honest_rows_are_kept() {
        let usual = |index| format!("BUDI,3202014101509501,{},JL. A", nik(index));
        for other in [
            "",
            " ",
            "-",
            "0",
            "NULL",
            "TIDAK ADA",
            "3.2E+15",
            "320201410150950",
        ] {
            let odd = format!("BUDI,{other},3201014107909001,JL. A");
            let text = list("NAMA,NIK_IBU,NIK,ALAMAT", usual, 30, &odd);
            assert!(moved(&text).is_empty(), "{text}");
        }
        // A column that holds remarks, and numbers among them, is no column of numbers.
        let usual = |index| match index % 3 {
            0 => format!("3202014101509501,{}", nik(index)),
            1 => format!("PINDAH,{}", nik(index)),
            _ => format!(",{}", nik(index)),
        };
        assert!(moved(&list("KETERANGAN,NIK", usual, 60, &nik(1))).is_empty());
        // A number that few people have is an honest one.
        let usual = |index| format!(",{}", nik(index));
        let odd = format!("3202014101509501,{}", nik(1));
        assert!(moved(&list("NIK_SUAMI,NIK", usual, 60, &odd)).is_empty());
    }
}

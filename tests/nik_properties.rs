//! Properties of all texts and of all numbers.

use cek_nik::nik::{Date, Decoded, Nik, NikError, Sex, Warning};
use proptest::collection::vec;
use proptest::prelude::*;

/// Zeros of some scripts, and separators.
const ZEROS: [char; 6] = ['0', '０', '٠', '۰', '०', '𝟎'];
const SEPARATORS: [&str; 8] = ["", " ", ".", "-", "/", "'", "\u{a0}", "\u{feff}"];

/// Texts that resemble numbers, which random text hardly does.
fn near_numbers() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![
            8 => any::<u8>().prop_map(|n| char::from(b'0' + n % 10)),
            2 => any::<char>(),
            1 => prop::sample::select(" .-/'\u{a0}\u{feff}+eE,٣３²①".chars().collect::<Vec<_>>()),
        ],
        0..24,
    )
    .prop_map(String::from_iter)
}

fn dates() -> impl Strategy<Value = Date> {
    (1u16..=9999, 1u8..=12, 1u8..=31).prop_filter_map("no such day", |(year, month, day)| {
        Date::new(year, month, day)
    })
}

fn numbers() -> impl Strategy<Value = [u8; 16]> {
    any::<[u8; 16]>().prop_map(|digits| digits.map(|digit| digit % 10))
}

/// Numbers with a date in digits 7 to 12, mostly.
fn plausible_numbers() -> impl Strategy<Value = [u8; 16]> {
    (numbers(), 0u8..=72, 0u8..=13).prop_map(|(mut digits, day, month)| {
        digits[6..10].copy_from_slice(&[day / 10, day % 10, month / 10, month % 10]);
        digits
    })
}

fn nik(digits: &[u8; 16]) -> Nik {
    Nik::from_plain(&digits.map(|digit| b'0' + digit)).expect("sixteen digits")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_text_is_too_much(text in prop_oneof![any::<String>(), near_numbers()], today in dates()) {
        let json = serde_json::to_value(Decoded::of_text(&text, today)).expect("JSON");
        match Nik::parse(&text) {
            Ok(nik) => {
                prop_assert_eq!(Nik::parse(&nik.digits()), Ok(nik));
                prop_assert!(json["reading"].is_object());
            }
            Err(error) => {
                prop_assert_eq!(&json["error"]["code"], error.code());
                if let NikError::NotADigit { position } = error {
                    prop_assert!((1..=text.chars().count()).contains(&position));
                }
            }
        }
    }

    #[test]
    fn a_number_is_read_however_it_is_written(
        digits in numbers(),
        zero in prop::sample::select(&ZEROS[..]),
        separators in vec(prop::sample::select(&SEPARATORS[..]), 17),
    ) {
        let written: String = separators
            .iter()
            .enumerate()
            .map(|(index, separator)| {
                let digit = digits.get(index).map(|&digit| zero as u32 + u32::from(digit));
                let digit = digit.and_then(char::from_u32).map_or(String::new(), String::from);
                format!("{separator}{digit}")
            })
            .collect();
        prop_assert_eq!(Nik::parse(&written), Ok(nik(&digits)));
    }

    #[test]
    fn a_date_written_again_gives_the_digits(digits in plausible_numbers(), today in dates()) {
        let reading = nik(&digits).decode(today);
        for date in reading.birth.dates() {
            prop_assert!(date <= today);
            let day = date.day() + if reading.sex == Some(Sex::Female) { 40 } else { 0 };
            let again = format!("{day:02}{:02}{:02}", date.month(), date.year() % 100);
            let typed = digits[6..12].iter().map(|&digit| char::from(b'0' + digit));
            prop_assert_eq!(again, typed.collect::<String>());
        }
        let dates = reading.birth.dates().count();
        let faults = [
            Warning::DayImpossible,
            Warning::MonthImpossible,
            Warning::DateImpossible,
            Warning::LeapDayImpossible,
            Warning::DateInFuture,
        ];
        prop_assert_eq!(dates == 0, faults.iter().any(|&fault| reading.warnings.contains(fault)));
    }

    #[test]
    fn warnings_alone_are_those_of_the_reading(
        digits in plausible_numbers(),
        today in dates(),
    ) {
        let nik = nik(&digits);
        prop_assert_eq!(nik.warnings(today), nik.decode(today).warnings);
    }
}

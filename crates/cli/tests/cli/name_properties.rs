//! What holds for every name.

use cek_nik::name::{MOST_LETTERS, NameError, NameWord};
use cek_nik_publisher::input::name_field;
use proptest::collection::vec;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Texts near to names: more than random text would ever find.
fn near_names() -> impl Strategy<Value = String> {
    let pieces = vec![
        "SITI",
        "budi",
        "HJ",
        "Dr",
        "M",
        "A",
        "Nur",
        " ",
        ".",
        ",",
        "-",
        "(",
        "'",
        "\u{2019}",
        "\u{b4}",
        "\u{301}",
        "\u{e9}",
        "\u{a0}",
        "\u{ad}",
        "\u{ff28}",
        "\u{fb01}",
        "\u{feff}",
        "?",
        "1",
        "\u{5c71}",
        "QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ",
    ];
    let piece = prop_oneof![
        12 => prop::sample::select(pieces).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// Words that are no titles.
fn words() -> impl Strategy<Value = String> {
    "[A-Z]{5,60}"
}

fn titles() -> impl Strategy<Value = String> {
    let title = prop::sample::select(vec![
        "H.", "Hj. ", "Prof.Dr.", "K.H. ", "rr ", "(Alm.) ", "M. ", "Drs ",
    ]);
    vec(title, 0..4).prop_map(|titles| titles.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_too_much(bytes in vec(any::<u8>(), 0..200)) {
        let _ = name_field::read(&bytes);
    }

    #[test]
    fn a_word_is_two_to_sixty_capitals_and_stays_as_it_is(text in prop_oneof![any::<String>(), near_names()]) {
        if let Ok(word) = NameWord::parse(&text) {
            let letters = word.letters();
            prop_assert!((2..=MOST_LETTERS).contains(&letters.len()), "{:?}", text);
            prop_assert!(letters.bytes().all(|letter| letter.is_ascii_uppercase()), "{:?}", text);
            let again = NameWord::parse(letters);
            prop_assert_eq!(again.as_ref(), Ok(&word), "{:?}", text);
        }
    }

    #[test]
    fn every_way_of_writing_the_same_characters_gives_the_same(text in prop_oneof![any::<String>(), near_names()]) {
        let read = NameWord::parse(&text);
        for other in [text.nfc().collect(), text.nfd().collect(), text.nfkc().collect::<String>()] {
            prop_assert_eq!(&NameWord::parse(&other), &read, "{:?}", text);
        }
        prop_assert_eq!(&NameWord::parse(&text.to_ascii_lowercase()), &read, "{:?}", text);
    }

    #[test]
    fn text_that_is_not_decomposed_gives_the_same_word_or_an_error(text in near_names()) {
        if let Ok(word) = NameWord::of_decomposed(text.chars()) {
            prop_assert_eq!(NameWord::parse(&text), Ok(word), "{:?}", text);
        }
    }

    #[test]
    fn titles_in_front_and_whatever_behind_do_not_count(titles in titles(), word in words(), behind in any::<String>()) {
        // A mark would belong to the word, and so would what is not printed or stands for an
        // apostrophe.
        let name = format!("{titles}{word}, B{behind}");
        let read = NameWord::parse(&name);
        prop_assert_eq!(read.as_ref().map(NameWord::letters), Ok(word.as_str()), "{:?}", name);
    }

    #[test]
    fn a_character_of_no_name_ends_the_search(titles in titles(), word in words(), place in any::<prop::sample::Index>(), other in "[0-9?*&#_@:]") {
        let mut name = word.clone();
        name.insert_str(place.index(word.len() + 1), &other);
        let read = NameWord::parse(&(titles + &name));
        prop_assert!(matches!(read, Err(NameError::NotALetter)), "{:?}", name);
    }
}

#[test]
fn debug_output_hides_the_name() {
    let word = NameWord::parse("SITI").expect("a word");
    assert_eq!(format!("{word:?}"), "NameWord(hidden)");
}

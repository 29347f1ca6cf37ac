//! Name fields: what stands where a name is wanted, and is none.

use cek_nik::name::{NameError, NameWord};

use super::reject_reason::RejectReason;

/// Words that databases and people write for "no name", without punctuation, in capitals.
const PLACEHOLDERS: [&str; 31] = [
    "NULL",
    "NONE",
    "NA",
    "NIL",
    "UNDEFINED",
    "UNKNOWN",
    "UNNAMED",
    "NONAME",
    "NOTAVAILABLE",
    "NODATA",
    "EMPTY",
    "BLANK",
    "MISSING",
    "REDACTED",
    "TIDAKADA",
    "TIDAKADANAMA",
    "TIDAKDIKETAHUI",
    "TIDAKTERSEDIA",
    "TDKADA",
    "BELUMADA",
    "BELUMADANAMA",
    "BELUMDIISI",
    "TIDAKDIISI",
    "KOSONG",
    "TANPANAMA",
    "NAMATIDAKADA",
    "ANONIM",
    "ANONYMOUS",
    "NIHIL",
    "DIRAHASIAKAN",
    "NAN",
];

/// A placeholder that is a name as well: people are called Nan.
const ALSO_A_NAME: &str = "NAN";

/// Longer fields are no placeholders.
const LONGEST_PLACEHOLDER: usize = 24;

/// Forms of address as lists have them in front of a name. Those that NAME.md counts as titles are
/// skipped anyway.
const ADDRESSES: [&str; 16] = [
    "IBU", "BAPAK", "PAK", "BU", "AN", "SAUDARA", "SAUDARI", "TUAN", "NYONYA", "NONA", "KEL",
    "KELUARGA", "BIN", "BINTI", "MR", "MRS",
];

/// Letters behind a comma that are a degree, not a given name.
const DEGREES: [&str; 40] = [
    "AMD", "AMAK", "AMKEB", "AMKEP", "AMG", "APT", "BSC", "CPA", "DRS", "LC", "MAG", "MAK", "MBA",
    "MSC", "MSI", "MPD", "MKOM", "MKES", "MHUM", "NERS", "PHD", "SAG", "SAK", "SAP", "SEI",
    "SFARM", "SHI", "SIKOM", "SIP", "SKED", "SKEP", "SKM", "SKOM", "SPD", "SPDI", "SPSI", "SPT",
    "SSI", "SSOS", "STR",
];

/// Finds the word in a field with a name.
///
/// NAN is taken for a name: whether it is one depends on the list, see [`Spelling`].
///
/// # Errors
///
/// [`RejectReason`].
pub fn read(field: &[u8]) -> Result<NameWord, RejectReason> {
    let text = std::str::from_utf8(field).map_err(|_| RejectReason::NameNotText)?;
    if placeholder(text).is_some_and(|word| word != ALSO_A_NAME) {
        return Err(RejectReason::NamePlaceholder);
    }
    let word = NameWord::parse(text).map_err(|error| match error {
        NameError::NoWord if text.trim().is_empty() => RejectReason::NoName,
        NameError::NoWord if !text.contains(char::is_alphanumeric) => RejectReason::NamePlaceholder,
        NameError::NoWord => RejectReason::NoWord,
        NameError::NotALetter => RejectReason::NotLetters,
        NameError::TooLong => RejectReason::LongWord,
    })?;
    if is_cut_off(text, &word) {
        return Err(RejectReason::NameCutOff);
    }
    Ok(word)
}

/// The placeholder that a whole field is.
fn placeholder(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.len() > LONGEST_PLACEHOLDER {
        return None;
    }
    let letters = |word: &str| -> String {
        word.chars()
            .filter(|character| character.is_alphabetic())
            .flat_map(char::to_uppercase)
            .collect()
    };
    let word = letters(text);
    if word.len() > 1 && word.bytes().all(|byte| byte == b'X') {
        return Some("XXX");
    }
    PLACEHOLDERS
        .into_iter()
        .find(|placeholder| *placeholder == word)
}

/// Whether a whole field is a word that stands for nothing, such as NULL.
pub fn is_placeholder(field: &str) -> bool {
    placeholder(field).is_some()
}

/// Whether a field is NAN, in whatever spelling.
pub fn is_nan(field: &[u8]) -> bool {
    let field = field.trim_ascii();
    field.eq_ignore_ascii_case(ALSO_A_NAME.as_bytes())
}

/// How a list spells its names, by which a person called Nan is told from the NaN of pandas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    upper: usize,
    lower: usize,
    title: usize,
    nan: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Upper,
    Lower,
    Title,
    Mixed,
}

impl Case {
    fn of(text: &str) -> Self {
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        let first = text.split_whitespace().next().unwrap_or_default();
        let behind = first.chars().filter(|c| c.is_alphabetic()).skip(1);
        let is_title = first.starts_with(char::is_uppercase);
        if letters == letters.to_uppercase() {
            Self::Upper
        } else if letters == letters.to_lowercase() {
            Self::Lower
        } else if is_title && behind.into_iter().all(char::is_lowercase) {
            Self::Title
        } else {
            Self::Mixed
        }
    }
}

impl Spelling {
    /// Counts the name of a row in a sample.
    pub fn count(&mut self, name: &str) {
        if is_nan(name.as_bytes()) {
            self.nan += 1;
            return;
        }
        if placeholder(name).is_some() || !name.contains(char::is_alphabetic) {
            return;
        }
        match Case::of(name) {
            Case::Upper => self.upper += 1,
            Case::Lower => self.lower += 1,
            Case::Title => self.title += 1,
            Case::Mixed => {}
        }
    }

    /// Whether a field that reads NAN is a name: rare in the sample, and spelt like the other
    /// names.
    pub fn takes_nan(&self, field: &[u8]) -> bool {
        let names = self.upper + self.lower + self.title;
        let alike = match std::str::from_utf8(field).map(|text| Case::of(text.trim())) {
            Ok(Case::Upper) => self.upper,
            Ok(Case::Lower) => self.lower,
            Ok(Case::Title) => self.title,
            _ => 0,
        };
        self.nan <= (names / 100).max(1) && 2 * alike > names
    }
}

/// Whether the word that was found is followed by `...` or `…`: the rest of it is missing.
fn is_cut_off(text: &str, word: &NameWord) -> bool {
    let dots = text
        .find("..")
        .into_iter()
        .chain(text.find('\u{2026}'))
        .min();
    let Some((before, _)) = dots.map(|dots| text.split_at(dots)) else {
        return false;
    };
    before.ends_with(char::is_alphabetic)
        && NameWord::parse(before).is_ok_and(|found| found == *word)
        && {
            let last = before.split(|c: char| !c.is_alphanumeric()).next_back();
            last.and_then(|last| NameWord::parse(last).ok())
                .is_some_and(|last| last == *word)
        }
}

/// Counts of what is odd about the names of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NameCounts {
    /// Names.
    pub names: u64,
    /// Names that begin with a form of address.
    pub addressed: u64,
    /// Names that look like SURNAME, FIRST.
    pub surname_first: u64,
    /// Fields that read NAN and were taken for names.
    pub nan: u64,
}

impl NameCounts {
    /// Counts a name and the word that was found in it.
    pub fn count(&mut self, field: &[u8], word: &NameWord) {
        self.names += 1;
        self.addressed += u64::from(ADDRESSES.contains(&word.letters()));
        self.surname_first += u64::from(is_surname_first(field));
        self.nan += u64::from(word.letters() == ALSO_A_NAME && is_nan(field));
    }

    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.names += other.names;
        self.addressed += other.addressed;
        self.surname_first += other.surname_first;
        self.nan += other.nan;
    }

    /// Whether more than 1 in 50 names begin with a form of address.
    pub fn is_often_addressed(&self) -> bool {
        self.addressed > self.names / 50
    }

    /// Whether more than 1 in 10 names look like SURNAME, FIRST.
    pub fn is_often_surname_first(&self) -> bool {
        self.surname_first > self.names / 10
    }
}

/// One word, a comma, and a word that is no degree.
fn is_surname_first(field: &[u8]) -> bool {
    let Some(comma) = memchr::memchr(b',', field) else {
        return false;
    };
    let (surname, _) = field.split_at(comma);
    let (_, behind) = field.split_at(comma + 1);
    let is_one_word = !surname.trim_ascii().is_empty()
        && surname.trim_ascii().iter().all(u8::is_ascii_alphabetic);
    let given = behind
        .trim_ascii()
        .split(|byte| byte.is_ascii_whitespace() || *byte == b',')
        .next()
        .unwrap_or_default();
    is_one_word
        && given.len() > 2
        && given.iter().all(u8::is_ascii_alphabetic)
        && !DEGREES
            .iter()
            .any(|degree| given.eq_ignore_ascii_case(degree.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_wrong_with_a_name() {
        let long = "A".repeat(61);
        let cases: [(&[u8], RejectReason); 22] = [
            (b" ", RejectReason::NoName),
            (b"-", RejectReason::NamePlaceholder),
            (b"H. M.", RejectReason::NoWord),
            (b"BUD1", RejectReason::NotLetters),
            (b"3201014107909001", RejectReason::NotLetters),
            (long.as_bytes(), RejectReason::LongWord),
            (b"BUDI \xff", RejectReason::NameNotText),
            (b"NULL", RejectReason::NamePlaceholder),
            (b" null ", RejectReason::NamePlaceholder),
            (b"(null)", RejectReason::NamePlaceholder),
            (b"None", RejectReason::NamePlaceholder),
            (b"N/A", RejectReason::NamePlaceholder),
            (b"#N/A", RejectReason::NamePlaceholder),
            (b"undefined", RejectReason::NamePlaceholder),
            (b"TIDAK ADA", RejectReason::NamePlaceholder),
            (b"Tidak ada.", RejectReason::NamePlaceholder),
            (b"XXX", RejectReason::NamePlaceholder),
            (b"xx", RejectReason::NamePlaceholder),
            (b"MUHAM...", RejectReason::NameCutOff),
            (b"H. MUHAM..", RejectReason::NameCutOff),
            ("MUHAM\u{2026}".as_bytes(), RejectReason::NameCutOff),
            (b"Siti Aisyah, NULL...1\xff", RejectReason::NameNotText),
        ];
        for (field, reason) in cases {
            let found = read(field).map(|_| ()).unwrap_err();
            assert_eq!(found, reason, "{}", field.escape_ascii());
            assert!(reason.is_of_name());
        }
        for name in [
            "H. BUDI",
            "BUDI SANT...",
            "NANA",
            "Nan",
            "NULLAH",
            "NA UTAMI",
            "BUDI ...",
        ] {
            assert!(read(name.as_bytes()).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_person_called_nan_is_kept_where_the_list_spells_names_so() {
        let spelling = |names: &[&str]| {
            let mut spelling = Spelling::default();
            names.iter().for_each(|name| spelling.count(name));
            spelling
        };
        let capitals = spelling(&["BUDI", "SITI AISYAH", "NAN", "ANI"]);
        assert!(capitals.takes_nan(b"NAN"));
        assert!(!capitals.takes_nan(b"nan") && !capitals.takes_nan(b"NaN"));
        assert!(!capitals.takes_nan(b"Nan"));
        let title = spelling(&["Budi", "Siti Aisyah", "Nan"]);
        assert!(title.takes_nan(b"Nan") && !title.takes_nan(b"NaN") && !title.takes_nan(b"nan"));
        let many = spelling(&["BUDI", "NAN", "NAN", "ANI"]);
        assert!(!many.takes_nan(b"NAN"));
        assert!(!Spelling::default().takes_nan(b"NAN"));
    }

    #[test]
    fn counts_what_is_odd_about_names() {
        let mut counts = NameCounts::default();
        for name in [
            "IBU BUDI",
            "SANTOSO, BUDI",
            "BUDI, SE",
            "BUDI, S.Pd",
            "BUDI, SKOM",
            "SITI, AMD",
            "BUDI SANTOSO, AGUS",
            "KEL. BUDI",
        ] {
            counts.count(name.as_bytes(), &read(name.as_bytes()).unwrap());
        }
        assert_eq!(
            (counts.names, counts.addressed, counts.surname_first),
            (8, 2, 1)
        );
    }
}

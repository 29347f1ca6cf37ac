//! Sentences with values, which a program can say in its own language.

use std::fmt;

use cek_nik::nik::masked;
use cek_nik_publisher::plan::cost::Rent;
use cek_nik_publisher::plan::number_format;
use serde::{Serialize, Serializer};

/// A sentence: English words with names in braces, and a value for each name.
///
/// `Display` and JSON are English. A program that speaks another language looks its words up by
/// [`Sentence::english`].
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    english: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// English words without values, in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase(pub &'static str);

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A count, with separators for thousands.
    Number(u64),
    /// A size in bytes.
    Bytes(u64),
    /// A number as English writes it.
    Decimal(String),
    /// Hours of a rented graphics card.
    Rent(Rent),
    /// A name, a version, a header: the same in every language.
    Text(String),
    /// Words that have a translation of their own.
    Words(Box<Sentence>),
}

/// A language.
pub trait Wording {
    /// The words for an English template. They have the same names in braces.
    fn words(&self, english: &'static str) -> &'static str;
    /// A count.
    fn number(&self, number: u64) -> String;
    /// A size in bytes.
    fn bytes(&self, bytes: u64) -> String;
    /// A number that is written the English way.
    fn decimal(&self, english: &str) -> String;
    /// Hours of a rented graphics card.
    fn rent(&self, rent: Rent) -> String;
}

/// Makes a [`Sentence`] of a template and its values.
macro_rules! say {
    ($english:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::sentence::Sentence::new(
            $english,
            vec![$((stringify!($name), $crate::sentence::Value::from($value))),*],
        )
    };
}
pub(crate) use say;

impl Sentence {
    pub(crate) fn new(english: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self { english, values }
    }

    /// The English words, with names in braces.
    pub fn english(&self) -> &'static str {
        self.english
    }

    /// The whole sentence in a language.
    pub fn say(&self, language: &impl Wording) -> String {
        let mut rest = language.words(self.english);
        let mut said = String::with_capacity(rest.len());
        while let Some((before, from)) = rest.split_once('{') {
            let (name, after) = from.split_once('}').unwrap_or((from, ""));
            said += before;
            let value = self.values.iter().find(|(known, _)| *known == name);
            if let Some((_, value)) = value {
                said += &value.say(language);
            }
            rest = after;
        }
        said + rest
    }

    /// The same sentence without the digits of numbers in it.
    pub(crate) fn masked(self) -> Self {
        let text = masked(&self.to_string());
        say!("{text}", text = text)
    }
}

impl Value {
    fn say(&self, language: &impl Wording) -> String {
        match self {
            Self::Number(number) => language.number(*number),
            Self::Bytes(bytes) => language.bytes(*bytes),
            Self::Decimal(english) => language.decimal(english),
            Self::Rent(rent) => language.rent(*rent),
            Self::Text(text) => text.clone(),
            Self::Words(sentence) => sentence.say(language),
        }
    }
}

struct English;

impl Wording for English {
    fn words(&self, english: &'static str) -> &'static str {
        english
    }

    fn number(&self, number: u64) -> String {
        number_format::number(number)
    }

    fn bytes(&self, bytes: u64) -> String {
        number_format::bytes(bytes)
    }

    fn decimal(&self, english: &str) -> String {
        english.to_owned()
    }

    fn rent(&self, rent: Rent) -> String {
        rent.time()
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&English))
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Sentence> for Value {
    fn from(sentence: Sentence) -> Self {
        Self::Words(Box::new(sentence))
    }
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Sentence::from(phrase).into()
    }
}

impl From<Phrase> for Sentence {
    fn from(Phrase(english): Phrase) -> Self {
        Self::new(english, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_braces_stays_as_it_is() {
        let sentence = say!("{a} of {b}", a = Value::Number(1_234), b = "{a}");
        assert_eq!(sentence.to_string(), "1,234 of {a}");
    }
}

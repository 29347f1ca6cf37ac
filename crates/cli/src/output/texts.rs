//! Texts for people, in the language that `--lang` or the environment names.
//!
//! `check` and `decode` share the files `texts/en.json` and `texts/id.json` with the widget. The
//! other commands have `texts/commands.en.json` and `texts/commands.id.json`, which no page holds.
//! English errors come from the libraries; `texts/failures.id.json` has the Indonesian ones.

use std::sync::LazyLock;

use cek_nik::check::Reason;
use cek_nik::name::NameError;
use cek_nik::nik::NikError;
use serde_json::{Map, Value};

/// The language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Bahasa Indonesia
    Id,
    /// English
    En,
}

impl Language {
    /// The language of the environment if it is Indonesian, otherwise English.
    pub fn of_environment() -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        match locale {
            Some(locale) if locale.starts_with("id") => Self::Id,
            _ => Self::En,
        }
    }
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct Texts {
    language: Language,
    texts: &'static Value,
}

static INDONESIAN: LazyLock<Value> = LazyLock::new(|| {
    joined([
        include_str!("../../texts/id.json"),
        include_str!("../../texts/commands.id.json"),
        include_str!("../../texts/failures.id.json"),
    ])
});

static ENGLISH: LazyLock<Value> = LazyLock::new(|| {
    joined([
        include_str!("../../texts/en.json"),
        include_str!("../../texts/commands.en.json"),
    ])
});

/// The members of all files. No two files have a member of the same name.
fn joined<const N: usize>(files: [&str; N]) -> Value {
    let members = files.into_iter().flat_map(|file| {
        let members: Map<String, Value> = serde_json::from_str(file).expect("a JSON object");
        members
    });
    Value::Object(members.collect())
}

impl Texts {
    pub fn new(language: Language) -> Self {
        let texts = match language {
            Language::Id => &*INDONESIAN,
            Language::En => &*ENGLISH,
        };
        Self { language, texts }
    }

    pub fn language(self) -> Language {
        self.language
    }

    /// The text at a path, or the path itself if there is none.
    pub fn text<'a>(&self, path: &'a str) -> &'a str {
        self.find(path).unwrap_or(path)
    }

    /// The text at a path, if there is one.
    pub fn find(&self, path: &str) -> Option<&'static str> {
        self.texts.pointer(path).and_then(Value::as_str)
    }

    /// What happened, why, and what to do.
    pub fn reason(&self, reason: Reason) -> String {
        let code = reason.code();
        let what = format!("/reason/{code}/what");
        let next = format!("/reason/{code}/next");
        format!("{} {}", self.text(&what), self.text(&next))
    }

    /// A text with values for its names in braces. Braces in a value stay as they are.
    pub fn fill(&self, path: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.text(path);
        let mut filled = String::with_capacity(rest.len());
        while let Some((before, from)) = rest.split_once('{') {
            filled += before;
            let found = from.split_once('}').and_then(|(name, after)| {
                let value = values.iter().find(|(known, _)| *known == name);
                value.map(|(_, value)| (*value, after))
            });
            match found {
                Some((value, after)) => {
                    filled += value;
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = from;
                }
            }
        }
        filled + rest
    }

    /// A number of things, by their name under `/unit`: `1,234 rows`.
    pub fn count(&self, unit: &str, count: u64) -> String {
        let form = if count == 1 { "one" } else { "many" };
        let path = format!("/unit/{unit}/{form}");
        self.fill(&path, &[("n", &self.number(count))])
    }

    /// The word that begins the line of a warning.
    pub fn warning(&self) -> &'static str {
        self.find("/frame/warning").unwrap_or("warning")
    }

    /// The word that begins the line of an error.
    pub fn error(&self) -> &'static str {
        self.find("/frame/error").unwrap_or("error")
    }

    /// Why a line is not a NIK.
    pub fn nik_error(&self, error: NikError) -> String {
        let path = format!("/nik_error/{}", error.code());
        match error {
            // The text of the page speaks of its input box.
            NikError::Empty => self.text("/cli/empty").to_owned(),
            NikError::Length { digits } => self.fill(&path, &[("digits", &digits.to_string())]),
            NikError::NotADigit { position } => {
                self.fill(&path, &[("position", &position.to_string())])
            }
        }
    }

    /// Why a name has no word to compare.
    pub fn name_error(&self, error: NameError) -> String {
        self.text(&format!("/name_error/{}", error.code()))
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_a_value_are_no_name() {
        let texts = Texts::new(Language::En);
        let path = "{n}.csv {";
        assert_eq!(
            texts.fill("{path} and {n} and {other}", &[("path", path), ("n", "5")]),
            "{n}.csv { and 5 and {other}"
        );
    }

    #[test]
    fn the_files_of_a_language_share_no_member() {
        let english = [
            include_str!("../../texts/en.json"),
            include_str!("../../texts/commands.en.json"),
        ];
        let indonesian = [
            include_str!("../../texts/id.json"),
            include_str!("../../texts/commands.id.json"),
            include_str!("../../texts/failures.id.json"),
        ];
        for (texts, files) in [(&*ENGLISH, &english[..]), (&*INDONESIAN, &indonesian[..])] {
            let members = |file: &&str| -> usize {
                let members: Map<String, Value> = serde_json::from_str(file).unwrap();
                members.len()
            };
            let all: usize = files.iter().map(members).sum();
            assert_eq!(texts.as_object().unwrap().len(), all);
        }
    }
}

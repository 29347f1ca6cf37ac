//! Texts for people, from the files that the widget uses too.

use cek_nik::check::Reason;
use cek_nik::name::NameError;
use cek_nik::nik::NikError;
use serde_json::Value;

/// The language of the output.
#[derive(Clone, Copy, clap::ValueEnum)]
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

/// The text file of one language.
pub struct Texts(Value);

impl Texts {
    pub fn new(language: Language) -> Self {
        let file = match language {
            Language::Id => include_str!("../../texts/id.json"),
            Language::En => include_str!("../../texts/en.json"),
        };
        Self(serde_json::from_str(file).expect("a JSON document"))
    }

    /// The text at a path, or the path itself if there is none.
    pub fn text<'a>(&'a self, path: &'a str) -> &'a str {
        self.0.pointer(path).and_then(Value::as_str).unwrap_or(path)
    }

    /// What happened, why, and what to do.
    pub fn reason(&self, reason: Reason) -> String {
        let code = reason.code();
        let what = format!("/reason/{code}/what");
        let next = format!("/reason/{code}/next");
        format!("{} {}", self.text(&what), self.text(&next))
    }

    /// A text with values for its names in braces.
    pub fn fill(&self, path: &str, values: &[(&str, &str)]) -> String {
        let text = self.text(path).to_owned();
        values.iter().fold(text, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
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

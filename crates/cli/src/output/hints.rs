//! Hints: the command-line options that help after an error, by the code of the error.
//!
//! The libraries know no options. The hints are in `texts/hints.en.json` and `texts/hints.id.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::texts::{Language, Texts};

static ENGLISH: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| parsed(include_str!("../../texts/hints.en.json")));

static INDONESIAN: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| parsed(include_str!("../../texts/hints.id.json")));

fn parsed(file: &str) -> BTreeMap<String, String> {
    serde_json::from_str(file).expect("an object of strings")
}

fn hint(texts: Texts, code: &str) -> Option<&'static str> {
    let hints = match texts.language() {
        Language::En => &*ENGLISH,
        Language::Id => &*INDONESIAN,
    };
    hints.get(code).map(String::as_str)
}

/// A message, followed by the hint for its code, if there is one.
pub fn with_hint(texts: Texts, code: &str, message: &str) -> String {
    match hint(texts, code) {
        Some(hint) => format!("{}. {hint}", message.trim_end_matches('.')),
        None => message.to_owned(),
    }
}

/// An English error with all its causes and the hint for its code, if there is one.
pub fn hinted(texts: Texts, code: &str, error: impl Into<anyhow::Error>) -> anyhow::Error {
    let error = error.into();
    if hint(texts, code).is_some() {
        anyhow::anyhow!(with_hint(texts, code, &format!("{error:#}")))
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_follows_the_message() {
        let texts = Texts::new(Language::En);
        assert_eq!(
            with_hint(texts, "no_columns", "no columns."),
            "no columns. Leave out --column."
        );
        assert_eq!(with_hint(texts, "unknown", "a message"), "a message");
    }

    #[test]
    fn every_hint_is_there_in_both_languages_with_the_same_options() {
        assert!(ENGLISH.keys().eq(INDONESIAN.keys()));
        for (code, hint) in &*ENGLISH {
            let options = |hint: &str| -> Vec<String> {
                let words = hint.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
                let options = words.filter(|word| word.starts_with("--"));
                options.map(str::to_owned).collect()
            };
            let indonesian = INDONESIAN.get(code).map(|hint| options(hint));
            assert_eq!(indonesian, Some(options(hint)), "{code}");
        }
    }
}
